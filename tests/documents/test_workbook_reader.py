"""What is read out of workbooks from outside."""

import re
import shutil
from datetime import date, datetime, time
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from cdo_desktop.documents.readers.workbook import CellArea, CellError, CellValue, SheetGrid, read_workbook
from tests.documents.workbook_files import DATA, SHEET_PART, edited, read, with_rows, xlsx

HALF_PAST_NINE = datetime.fromisoformat("2026-03-05T09:30")

_ROSTER: tuple[tuple[CellValue, ...], ...] = (
    (None,) * 12,
    (None, "首席数据官名册", *(None,) * 10),
    (
        None,
        "单位全称",
        "姓名",
        "任职日期",
        "手机",
        "比例",
        "在岗",
        "合计",
        "除零",
        "找不到",
        "时刻",
        "空文本",
    ),
    (
        None,
        "区信息委",
        "张三",
        date(2026, 3, 5),
        13800001234,
        0.5,
        True,
        2,
        CellError("#DIV/0!"),
        CellError("#N/A"),
        time(9, 30),
        None,
    ),
    (None, "区数据局", "𬀩𠅤", HALF_PAST_NINE, "13900001234", 0.125, False, "ab", None, None, None, None),
)


@pytest.mark.parametrize(
    ("fixture", "name", "kind"),
    [
        ("roster.xlsx", "名册.xlsx", "xlsx"),
        ("roster.xls", "名册.xls", "xls"),
        ("roster.xls", "名册.et", "xls"),
        ("roster.xls", "改了名.xlsx", "xls"),
        ("roster.xlsx", "改了名.xls", "xlsx"),
        ("roster.xlsx", "新版.et", "xlsx"),
        ("roster.xlsx", "没有扩展名", "xlsx"),
    ],
)
def test_one_roster_reads_alike_from_every_format_and_under_every_name(
    tmp_path: Path, fixture: str, name: str, kind: str
) -> None:
    path = tmp_path / name
    shutil.copy(DATA / fixture, path)
    grid = read_workbook(path)
    assert grid.format == kind
    roster, words = grid.sheets
    assert roster == SheetGrid(
        name="名册",
        hidden=False,
        rows=_ROSTER,
        merged=(CellArea(2, 2, 2, 12),),
        errors=((4, 9), (4, 10)),
    )
    assert words == SheetGrid(name="字典", hidden=True, rows=(("是",),))


def test_types_are_as_documented(tmp_path: Path) -> None:
    _, _, _, first, second = read_workbook(DATA / "roster.xls").sheets[0].rows
    assert type(first[3]) is date
    assert type(first[4]) is int
    assert type(first[6]) is bool
    assert type(second[3]) is datetime


def test_values_keep_their_row_and_column(tmp_path: Path) -> None:
    book = Workbook()
    book.active["C5"] = 3
    book.active["E7"] = "x"
    rows = read(tmp_path, xlsx(book)).rows
    assert len(rows) == 7
    assert {len(row) for row in rows} == {5}
    assert rows[4][2] == 3
    assert rows[6][4] == "x"


def test_a_formula_that_was_never_calculated_is_an_error_not_a_blank(tmp_path: Path) -> None:
    book = Workbook()
    book.active["A1"] = "=1+1"
    book.active["C3"] = "=1+1"
    sheet = read(tmp_path, xlsx(book))
    assert sheet.rows[0][0] == CellError("公式没有结果")
    assert sheet.rows[2][2] == CellError("公式没有结果")
    assert sheet.errors == ((1, 1), (3, 3))


def test_formulas_give_their_stored_results(tmp_path: Path) -> None:
    rows = (
        '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="str"><f>""</f><v></v></c>'
        '<c r="C1" t="str"><f>"a"</f><v>a&amp;b</v></c><c r="D1" t="e"><f>1/0</f><v>#DIV/0!</v></c>'
        '<c r="E1"><f t="shared" si="0"/><v>3</v></c><c r="F1" t="b"><f>TRUE</f><v>1</v></c>'
        '<c r="G1"><f>1+1</f><v/></c><c r="H1"><v>9</v></c></row>'
    )
    assert read(tmp_path, with_rows(rows)).rows == (
        (2, None, "a&b", CellError("#DIV/0!"), 3, True, CellError("公式没有结果"), 9),
    )


def test_numbers_dates_and_texts_arrive_as_their_type(tmp_path: Path) -> None:
    book = Workbook()
    cells: list[tuple[CellValue, str, CellValue]] = [
        (13800001234, "General", 13800001234),
        (1.5, "General", 1.5),
        (0.5, "0%", 0.5),
        (370202199001011234, "General", 3.70202199001011e17),  # Excel lost the last digits: stays float
        (46328, "yyyy-mm-dd", date(2026, 11, 2)),
        (46328, 'yyyy"年"m"月"d"日";@', date(2026, 11, 2)),
        (46328, "[$-804]yyyy/m/d", date(2026, 11, 2)),
        (46328, "yyyy.m.d", date(2026, 11, 2)),
        (46328, '#,##0"元"', 46328),
        (46328.5, "yyyy-mm-dd", datetime.fromisoformat("2026-11-02T12:00")),
        (0.25, "h:mm", time(6)),
        (0.25, "[h]:mm", time(6)),
        (1.5, "[h]:mm", 1.5),
        (9999999, "yyyy-mm-dd", 9999999),
        ("００１２３", "General", "００１２３"),
        ("  甲\u00a0乙\n", "General", "  甲\u00a0乙\n"),
        ("00123", "@", "00123"),
        (True, "General", True),
    ]
    for number, (value, shown, _) in enumerate(cells, start=1):
        book.active.cell(number, 1, value).number_format = shown
    values = [row[0] for row in read(tmp_path, xlsx(book)).rows]
    assert values[3] == pytest.approx(cells[3][2])
    del values[3], cells[3]
    assert values == [expected for _, _, expected in cells]
    assert [type(value) for value in values] == [type(expected) for _, _, expected in cells]


@pytest.mark.parametrize("number", [14, 22, 27, 30, 31, 36, 50, 57, 58])
def test_dates_in_the_formats_that_chinese_excel_writes_by_number_alone_are_dates(
    tmp_path: Path, number: int
) -> None:
    def edit(name: str, text: bytes) -> bytes:
        if name != "xl/styles.xml":
            return text
        xf = (
            b'<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="%d" applyNumberFormat="1"/></cellXfs>'
            % number
        )
        return re.sub(rb"<cellXfs.*</cellXfs>", xf, text)

    content = edited(with_rows('<row r="1"><c r="A1" s="1"><v>46328</v></c></row>'), edit)
    assert read(tmp_path, content).rows == ((date(2026, 11, 2),),)


def test_dates_that_count_from_1904_are_right_in_both_formats(tmp_path: Path) -> None:
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.active["A1"] = date(2026, 3, 5)
    assert read(tmp_path, xlsx(book)).rows == ((date(2026, 3, 5),),)
    assert read_workbook(DATA / "dates1904.xls").sheets[0].rows == ((date(2026, 3, 5),),)


def test_a_number_too_large_to_be_one_is_an_error(tmp_path: Path) -> None:
    sheet = read(tmp_path, with_rows('<row r="1"><c r="A1"><v>1e999</v></c></row>'))
    assert sheet.rows == ((CellError("#NUM!"),),)
    assert sheet.errors == ((1, 1),)


def test_a_text_that_reads_like_an_error_stays_a_text(tmp_path: Path) -> None:
    book = Workbook()
    book.active["A1"] = "#N/A"
    book.active["A1"].data_type = "s"
    sheet = read(tmp_path, xlsx(book))
    assert sheet.rows == (("#N/A",),)
    assert sheet.errors == ()


def test_rich_text_is_joined_and_phonetic_readings_are_left_out(tmp_path: Path) -> None:
    rows = (
        '<row r="1"><c r="A1" t="inlineStr"><is><r><t>张</t></r><r><t xml:space="preserve"> 三</t></r>'
        '<rPh sb="0" eb="1"><t>zhang</t></rPh></is></c></row>'
    )
    assert read(tmp_path, with_rows(rows)).rows == (("张 三",),)


def test_a_workbook_as_wps_writes_it_is_read(tmp_path: Path) -> None:
    """Inline strings, absolute targets, no dimension, no styles of its own, a byte order mark."""

    def edit(name: str, text: bytes) -> bytes:
        if name == "xl/_rels/workbook.xml.rels":
            return re.sub(rb'Target="/?(?:xl/)?', b'Target="/xl/', text)
        if name == SHEET_PART:
            return b"\xef\xbb\xbf" + re.sub(rb"<dimension[^>]*>", b"", text)
        return text

    rows = (
        '<row r="1" spans="1:2"><c r="A1" t="inlineStr"><is><t>单位</t></is></c><c r="B1"><v>7</v></c></row>'
    )
    assert read(tmp_path, edited(with_rows(rows), edit)).rows == (("单位", 7),)


def test_cells_without_references_and_prefixed_names_are_read(tmp_path: Path) -> None:
    def prefixed(name: str, text: bytes) -> bytes:
        if name != SHEET_PART:
            return text
        return re.sub(rb"<(/?)(\w)", rb"<\1x:\2", text).replace(b"xmlns=", b"xmlns:x=")

    rows = (
        '<row><c t="inlineStr"><is><t>a</t></is></c><c t="e"><v>#REF!</v></c></row>'
        '<row r="4"><c/><c><v>3</v></c></row>'
    )
    expected = (("a", CellError("#REF!")), (None, None), (None, None), (None, 3))
    assert read(tmp_path, with_rows(rows)).rows == expected
    assert read(tmp_path, edited(with_rows(rows), prefixed)).rows == expected


def test_formulas_of_validations_after_the_cells_are_not_taken_for_cells(tmp_path: Path) -> None:
    def edit(name: str, text: bytes) -> bytes:
        extension = b'<extLst><ext uri="{x}" xmlns:xm="urn:m"><xm:f>A1:A9</xm:f></ext></extLst></worksheet>'
        return text.replace(b"</worksheet>", extension) if name == SHEET_PART else text

    sheet = read(tmp_path, edited(with_rows('<row r="1"><c r="A1"><v>1</v></c></row>'), edit))
    assert sheet.rows == ((1,),)


def test_links_to_other_workbooks_give_their_stored_values(tmp_path: Path) -> None:
    part = b'<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    content = with_rows('<row r="1"><c r="A1"><f>[1]Sheet1!A1</f><v>5</v></c></row>')
    content = edited(content, lambda name, text: text, {"xl/externalLinks/externalLink1.xml": part})
    assert read(tmp_path, content).rows == ((5,),)


def test_styled_but_empty_far_cells_do_not_count(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="0"/></row>'
    assert read(tmp_path, with_rows(rows)).rows == ((1,),)


def test_hidden_and_filtered_rows_and_columns_are_read_like_all_others(tmp_path: Path) -> None:
    """A filter that somebody left on must not lose a person."""
    book = Workbook()
    for row in (("单位", "姓名"), ("甲", "张三"), ("乙", "李四"), ("丙", "王五")):
        book.active.append(row)
    book.active.auto_filter.ref = "A1:B4"
    book.active.auto_filter.add_filter_column(0, ["丙"])
    book.active.row_dimensions[2].hidden = book.active.row_dimensions[3].hidden = True
    book.active.column_dimensions["B"].hidden = True
    assert read(tmp_path, xlsx(book)).rows == (
        ("单位", "姓名"),
        ("甲", "张三"),
        ("乙", "李四"),
        ("丙", "王五"),
    )


def test_chart_sheets_are_passed_over_and_all_others_keep_their_order(tmp_path: Path) -> None:
    book = Workbook()
    book.active.title = "一"
    book.create_chartsheet("图")
    book.create_sheet("二").sheet_state = "veryHidden"
    path = tmp_path / "图.xlsx"
    book.save(path)
    assert [(sheet.name, sheet.hidden) for sheet in read_workbook(path).sheets] == [
        ("一", False),
        ("二", True),
    ]
