"""Selected rows as they go to the clipboard: TSV for every program, HTML for Excel and WPS."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from PySide6.QtCore import QMimeData

_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,10})?%?")
_NEEDS_QUOTES = re.compile(r'[\t\n\r"]')
# Text stays text in Excel, in LibreOffice (measured with 7.4: else 00123 is 123 and =1+1 a formula), in WPS.
_TEXT_CELL = """style="mso-number-format:'\\@'" sdnum="2052;0;@" x:str"""
_BEGIN = (
    '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta charset="utf-8"></head>'
    '<body><table border="1">'
)


@dataclass(frozen=True)
class CopiedTable:
    """What was selected: the heads, the rows in the order seen, and which columns hold figures."""

    heads: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    figures: tuple[bool, ...]


def clipboard_data(table: CopiedTable, with_heads: bool) -> QMimeData:
    """Return the clipboard content of the rows, with the column heads as first row if wanted."""
    data = QMimeData()
    data.setText(as_tsv(table, with_heads))
    data.setHtml(as_html(table, with_heads))
    return data


def as_tsv(table: CopiedTable, with_heads: bool) -> str:
    """Return one line a row, cells between tabs; a cell with a line break stands in quotes, as Excel does."""
    rows = [table.heads, *table.rows] if with_heads else table.rows
    return "".join("\t".join(map(_tsv_cell, row)) + "\r\n" for row in rows)


def as_html(table: CopiedTable, with_heads: bool) -> str:
    """Return an HTML table in which all but figures is marked as text, so that every digit is kept."""
    parts = [_BEGIN]
    if with_heads:
        heads = "".join(f"<th {_TEXT_CELL}>{escape(head)}</th>" for head in table.heads)
        parts.append(f"<tr>{heads}</tr>")
    for row in table.rows:
        cells = "".join(map(_html_cell, row, table.figures))
        parts.append(f"<tr>{cells}</tr>")
    parts.append("</table></body></html>")
    return "\n".join(parts)


def _tsv_cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if _NEEDS_QUOTES.search(text) else text


def _html_cell(text: str, figure: bool) -> str:
    if figure and _NUMBER.fullmatch(text):
        return f'<td align="right">{text}</td>'
    inner = escape(text).replace("\r\n", "\n").replace("\n", '<br style="mso-data-placement:same-cell">')
    return f"<td {_TEXT_CELL}>{inner}</td>"
