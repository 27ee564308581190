"""A block of cells as Excel, WPS, Word or a text editor put it on the clipboard."""

import re
from collections.abc import Sequence
from html.parser import HTMLParser
from typing import TypeAlias

from cdo_desktop.errors import InvalidInputError
from cdo_desktop.ui.common.overriding import override

Block: TypeAlias = tuple[tuple[str, ...], ...]
"""Rows of equal length, without empty rows at the end."""

MOST_CHARACTERS = 16_000_000  # a whole sheet copied by mistake
MOST_ROWS = 5_000
MOST_COLUMNS = 100
TOO_NARROW = re.compile(r"#{2,}")
"""What Excel shows, and copies, of a number for which its column is too narrow."""

_LOSSY = re.compile(r"#{2,}|[+-]?\d(\.\d+)?E\+?\d+", re.IGNORECASE)
_BLANKS = re.compile("[ \t\r\n\f]+")
_EXACT_VALUES = ("x:num", "sdval")  # WPS and old Excel, LibreOffice: the number behind what is shown
_QUOTED = re.compile(r'"([^"]*(?:""[^"]*)*)"(?=[\t\r\n]|\Z)')
_NEEDS_QUOTES = re.compile(r'[\t\r\n"]')
_PLAIN = re.compile(r"[^\t\r\n]*")
_QUIET = ("style", "script")
_MOST_LEFT_OVER = (
    2_000  # characters; the parser's time for an end that it cannot understand grows with the square
)


def read_block(html: str, text: str) -> Block:
    """Return the cells of a clipboard's HTML table or, without one, of its tab separated text.

    The HTML comes first: there a line break inside a cell cannot be taken for a row of its own. Raises
    InvalidInputError when there is nothing, or far too much.
    """
    if max(len(html), len(text)) > MOST_CHARACTERS:
        raise InvalidInputError(_too_much())
    rows = _html_rows(html) if "<td" in html.lower() else []
    block = _even(rows or _tsv_rows(text))
    if not block:
        raise InvalidInputError("剪贴板里没有可以粘贴的文字。请先在 Excel 或 WPS 里复制要粘贴的一块。")
    if len(block) > MOST_ROWS or len(block[0]) > MOST_COLUMNS:
        raise InvalidInputError(_too_much())
    return block


def _too_much() -> str:
    most = f"一次最多粘贴 {MOST_ROWS} 行、{MOST_COLUMNS} 列"
    return f"复制的内容太多，{most}。没有改动任何内容，请少选一些再复制。"


def _even(rows: Sequence[Sequence[str]]) -> Block:
    kept = list(rows)
    while kept and not any(cell.strip() for cell in kept[-1]):
        kept.pop()
    width = max(map(len, kept), default=0)
    return tuple((*row, *[""] * (width - len(row))) for row in kept)


def _tsv_rows(text: str) -> list[list[str]]:
    """Part text as Excel writes it: a cell that holds a tab or a line break stands in quotes.

    Not by the csv module, for which every quote at a cell's start begins such a cell, however it ends.
    """
    rows: list[list[str]] = [[]]
    place = 0
    while place <= len(text):
        cell, place = _tsv_cell(text, place)
        rows[-1].append(cell)
        if place >= len(text):
            break
        end = "\r\n" if text.startswith("\r\n", place) else text[place]
        place += len(end)
        if end != "\t":
            rows.append([])
    return rows


def _tsv_cell(text: str, place: int) -> tuple[str, int]:
    quoted = _QUOTED.match(text, place)
    if quoted and _NEEDS_QUOTES.search(quoted.group(1)):
        return quoted.group(1).replace('""', '"'), quoted.end()
    plain = _PLAIN.match(text, place)
    return (plain.group(), plain.end()) if plain else ("", place)


def _html_rows(html: str) -> list[list[str]]:
    """Return the rows of the table, or none where the HTML is too broken to be understood."""
    reader = _TableReader()
    try:
        reader.feed(html)
        if len(reader.rawdata) > _MOST_LEFT_OVER:
            return []
        reader.close()
    except AssertionError:  # so html.parser answers a "<![" that is none
        return []
    return reader.rows


class _TableReader(HTMLParser):
    """Reads the cells of a table, the text of tables inside them included.

    A cell merged over several rows says the same in each of them; over several columns, only in the first.
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[str]] = []
        self._depth = 0
        self._quiet = 0
        self._cell: list[str] | None = None
        self._has_text = False  # whether the cell holds more than blanks so far
        self._exact = ""
        self._span = (1, 1)  # columns, rows
        self._hanging: dict[int, tuple[str, int]] = {}  # column → text of a cell above, rows it still covers

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _QUIET:
            self._quiet += 1
        elif tag == "table":
            self._depth += 1
        elif self._depth != 1:
            self._break(tag)
        elif tag == "tr":
            self._end_cell()
            self.rows.append([])
            self._fill_from_above()
        elif tag in ("td", "th"):
            self._end_cell()
            self._begin_cell(dict(attrs))
        else:
            self._break(tag)

    def _break(self, tag: str) -> None:
        if self._cell is not None and (tag == "br" or (tag in ("p", "div", "li") and self._has_text)):
            self._cell.append("\n")

    def _begin_cell(self, attrs: dict[str, str | None]) -> None:
        if not self.rows:
            self.rows.append([])
        self._cell, self._has_text = [], False
        self._span = _span(attrs.get("colspan"), MOST_COLUMNS), _span(attrs.get("rowspan"), MOST_ROWS)
        self._exact = next((value for name in _EXACT_VALUES if (value := attrs.get(name))), "")

    def _end_cell(self) -> None:
        if self._cell is None:
            return
        lines = "".join(self._cell).split("\n")
        text = "\n".join(line.replace("\xa0", " ").strip() for line in lines).strip()
        self._cell = None
        if self._exact and _LOSSY.fullmatch(text):
            text = self._exact
        row = self.rows[-1]
        columns, rows = self._span
        for place in range(columns):
            if len(row) > MOST_COLUMNS:
                break  # too many in any case
            shown = "" if place else text
            if rows > 1:
                self._hanging[len(row)] = shown, rows - 1
            row.append(shown)
        self._fill_from_above()

    def _fill_from_above(self) -> None:
        """Fill the places that a cell above reaches down to."""
        if len(self.rows) > MOST_ROWS:
            return  # too many in any case
        row = self.rows[-1]
        while len(row) in self._hanging:
            text, left = self._hanging.pop(len(row))
            if left > 1:
                self._hanging[len(row)] = text, left - 1
            row.append(text)

    @override
    def handle_endtag(self, tag: str) -> None:
        if tag in _QUIET:
            self._quiet = max(self._quiet - 1, 0)
        elif tag == "table":
            if self._depth == 1:
                self._end_cell()
            self._depth = max(self._depth - 1, 0)
        elif tag in ("td", "th", "tr") and self._depth == 1:
            self._end_cell()

    @override
    def handle_data(self, data: str) -> None:
        if self._cell is not None and not self._quiet:
            self._cell.append(_BLANKS.sub(" ", data))
            self._has_text = self._has_text or not data.isspace()


def _span(text: str | None, most: int) -> int:
    number = int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else 1
    return max(1, min(number, most))
