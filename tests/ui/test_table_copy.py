"""What goes to the clipboard, byte for byte."""

import csv
import io
from html.parser import HTMLParser

import pytest

from cdo_desktop.ui.common.table_copy import CopiedTable, as_html, as_tsv

HARD = "<b>&\"'\n第二行\t制表 𬀩"
TABLE = CopiedTable(
    ("姓名", "手机", "得分"),
    [("张三", "02156660001", "98.50"), (HARD, "=1+1", "—"), ("", "0012", "12345678901234567890")],
    (False, False, True),
)


class Cells(HTMLParser):
    """Reads the cells of a table back: text and whether Excel is told to take it as text."""

    def __init__(self) -> None:
        super().__init__()
        self.cells: list[list[str]] = []
        self.as_text: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("td", "th"):
            self.cells.append([])
            named = dict(attrs)
            marks = (
                named.get("style") == "mso-number-format:'\\@'",
                named.get("sdnum") == "2052;0;@",
                "x:str" in named,
            )
            assert len(set(marks)) == 1, "each office program by a mark of its own, or none"
            self.as_text.append(marks[0])
        elif tag == "br":
            self.cells[-1].append("\n")

    def handle_data(self, data: str) -> None:
        if self.cells and self.lasttag in ("td", "th", "br") and data != "\n":
            self.cells[-1].append(data)


def read_html(html: str) -> tuple[list[str], list[bool]]:
    parser = Cells()
    parser.feed(html)
    return ["".join(cell) for cell in parser.cells], parser.as_text


def test_tsv_reads_back_equal_as_excel_reads_it() -> None:
    read = list(csv.reader(io.StringIO(as_tsv(TABLE, True), newline=""), dialect="excel-tab"))
    assert read == [list(TABLE.heads), *map(list, TABLE.rows)]


def test_html_reads_back_equal() -> None:
    texts, _ = read_html(as_html(TABLE, True))
    assert texts == [text for row in (TABLE.heads, *TABLE.rows) for text in row]


def test_only_true_figures_are_left_to_excel() -> None:
    _, as_text = read_html(as_html(TABLE, False))
    assert as_text == [True, True, False, True, True, True, True, True, True]


@pytest.mark.parametrize(
    "text",
    ["00123", "13800001111", "=1+1", "+86", "-1+2", "@sum", "1E5", "3-5", "1/2", "12%", "310112199001011234"],
)
def test_what_looks_like_a_number_a_day_or_a_formula_stays_the_text_it_is(text: str) -> None:
    """Seen in LibreOffice 7.4 with these very texts; the suite holds the marks that it went by."""
    copied = CopiedTable(("编号",), [(text,)], (False,))
    assert read_html(as_html(copied, True)) == (["编号", text], [True, True])
    assert as_tsv(copied, False) == f"{text}\r\n"


def test_heads_come_only_when_asked_for() -> None:
    assert as_tsv(TABLE, False).splitlines()[0] == "张三\t02156660001\t98.50"
    assert "姓名" not in as_html(TABLE, False)
