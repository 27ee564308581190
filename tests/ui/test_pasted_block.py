"""What Excel, WPS, LibreOffice, Word and text editors put on the clipboard is read cell by cell."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdo_desktop.errors import InvalidInputError
from cdo_desktop.ui.common.pasted_block import MOST_CHARACTERS, MOST_COLUMNS, MOST_ROWS, read_block
from cdo_desktop.ui.common.table_copy import CopiedTable, as_html, as_tsv

# As Excel 2016 writes it, the parts without meaning left out.
EXCEL = """<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:x="urn:schemas-microsoft-com:office:excel">
<head><meta http-equiv=Content-Type content="text/html; charset=utf-8">
<style><!--td {mso-number-format:General;} .xl65 {mso-number-format:"\\@";}--></style></head>
<body link="#0563C1"><table border=0 cellpadding=0 cellspacing=0 width=200>
<!--StartFragment-->
 <col width=72 style='width:54pt'><col width=128>
 <tr height=19 style='height:14.4pt'>
  <td height=19 class=xl65 width=72>单位</td>
  <td width=128>手机</td>
 </tr>
 <tr height=38>
  <td class=xl65>罗店镇</td><td align=right>13800000001</td>
 </tr>
 <tr><td>月浦镇&nbsp;<br>
  （本级）</td><td class=xl65>A &amp; B&lt;1&gt;</td></tr>
<!--EndFragment-->
</table></body></html>"""
WPS = """<table><tr><td x:str>罗店镇</td><td x:num="13800000001" align="right">1.38E+10</td></tr>
<tr><td x:str>月浦镇</td><td x:num="3.4e5">######</td></tr>
<tr><td>第三</td><td x:num="0.5">50%</td></tr></table>"""
LIBRE_OFFICE = """<table cellspacing="0" border="0"><colgroup width="85"></colgroup>
<tr><td align="left"><font face="SimSun">罗店镇</font></td><td sdval="13800000001" sdnum="2052;">###</td></tr>
</table>"""
WORD = """<table class=MsoNormalTable><tr><td><p class=MsoNormal>科长<o:p></o:p></p><p>（主持工作）</p></td>
<td><p class=MsoNormal><span lang=EN-US>021</span>-5610</p></td></tr></table>"""


def test_a_block_of_excel() -> None:
    assert read_block(EXCEL, "") == (
        ("单位", "手机"),
        ("罗店镇", "13800000001"),
        ("月浦镇\n（本级）", "A & B<1>"),
    )


def test_the_number_behind_a_cell_that_is_too_narrow_is_taken_where_it_is_given() -> None:
    assert read_block(WPS, "") == (("罗店镇", "13800000001"), ("月浦镇", "3.4e5"), ("第三", "50%"))
    assert read_block(LIBRE_OFFICE, "") == (("罗店镇", "13800000001"),)


def test_a_block_of_word() -> None:
    assert read_block(WORD, "") == (("科长\n（主持工作）", "021-5610"),)


def test_a_cell_merged_over_rows_holds_for_each_and_over_columns_for_the_first() -> None:
    html = """<table><tr><td rowspan=2>罗店镇</td><td>首席数据官</td><td rowspan="3">x</td></tr>
    <tr><td>数据专员</td></tr><tr><td colspan=2>合计</td></tr></table>"""
    assert read_block(html, "") == (
        ("罗店镇", "首席数据官", "x"),
        ("罗店镇", "数据专员", "x"),
        ("合计", "", "x"),
    )


def test_text_without_a_table_is_parted_at_tabs_and_line_ends() -> None:
    text = '甲\t1\r\n"两\n行"\t"说""好"""\r"引号"\t5"6\n\r\n'
    expected = (("甲", "1"), ("两\n行", '说"好"'), ('"引号"', '5"6'))
    assert read_block("", text) == expected
    assert read_block("<html><body><p>没有表格</p></body></html>", text) == expected


def test_short_rows_are_filled_up_and_empty_ones_at_the_end_dropped() -> None:
    assert read_block("", "a\tb\tc\n\nd\n\t\n  \n") == (("a", "b", "c"), ("", "", ""), ("d", "", ""))


@pytest.mark.parametrize("text", ["", "\r\n", " \t \n"])
def test_nothing_to_paste_is_said(text: str) -> None:
    with pytest.raises(InvalidInputError, match="剪贴板里没有可以粘贴的文字"):
        read_block("<img src='x.png'>", text)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", "x\n" * (MOST_ROWS + 1)),
        ("", "x\t" * MOST_COLUMNS + "x"),
        ("", "x" * (MOST_CHARACTERS + 1)),
        ("<table><tr>" + "<td colspan=99999 rowspan=99999>x" * 200 + "</table>", ""),
    ],
)
def test_far_too_much_is_refused(html: str, text: str) -> None:
    with pytest.raises(InvalidInputError, match="复制的内容太多，一次最多粘贴 5000 行、100 列"):
        read_block(html, text)


@pytest.mark.parametrize(
    "html",
    [
        "<table><td>a<td>b",
        "<td>a</td><td>b</td>",
        "<table><tr><td>a</td></table></table></td><td>b",
        f"<table><tr><td colspan={'9' * 5000} rowspan=-1>a</td><td colspan=0 rowspan='1.5'>b</td></table>",
        "<table>" * 500 + "<tr><td>a",
    ],
)
def test_broken_html_breaks_nothing(html: str) -> None:
    assert read_block(html, "a\tb")[0][0] == "a"


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(texts, min_size=2, max_size=3), min_size=1, max_size=4))
def test_what_a_table_copies_is_read_back(rows: list[list[str]]) -> None:
    width = max(map(len, rows))
    even = [[*("".join(t.split()) for t in row), *[""] * (width - len(row))] for row in rows]
    even[0][0] = even[-1][-1] = "字"
    copied = CopiedTable(("x",) * width, [tuple(row) for row in even], (False,) * width)
    expected = tuple(map(tuple, even))
    assert read_block("", as_tsv(copied, False)) == expected
    assert read_block(as_html(copied, False), "") == expected


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("<>/tdrablep =\"'&;#x1\n\t中"), max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    for html, plain in ((f"<table><tr><td>{text}", ""), ("", text)):
        try:
            block = read_block(html, plain)
        except InvalidInputError:
            continue
        assert len({len(row) for row in block}) == 1


@pytest.mark.parametrize("broken", ["<![x[", "<![</td>", "<a " * 20_000, "<![if >" * 20_000])
def test_html_that_cannot_be_understood_gives_way_to_the_text(broken: str) -> None:
    """html.parser fails an assertion on the first two; the others took it minutes (Python 3.11)."""
    assert read_block(f"<table><tr><td>甲</td></tr>{broken}", "甲\t乙") == (("甲", "乙"),)


def test_a_cell_of_very_many_paragraphs_is_read_in_time() -> None:
    """The time once grew with the square: 8 s for this."""
    (row,) = read_block("<table><tr><td>" + "<p>行</p>" * 20_000 + "</td></tr></table>", "")
    assert row[0].split("\n") == ["行"] * 20_000
