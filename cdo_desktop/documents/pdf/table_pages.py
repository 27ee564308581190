"""A list on A4 pages, with its title and head on every page."""

from pathlib import Path
from typing import BinaryIO

from cdo_desktop.documents.pdf.flowing_table import FlowColumn, table_across
from cdo_desktop.documents.pdf.form_texts import filled
from cdo_desktop.documents.pdf.official_page import (
    LANDSCAPE,
    PORTRAIT,
    draw_note,
    draw_page_number,
    draw_title,
    title_height,
)
from cdo_desktop.documents.pdf.pdf_target import whole_pdf
from cdo_desktop.documents.table_paper import Cell, TablePaper

_TITLE_SIZE = 18.0
_NOTE_ROOM = 22.0  # between the title and the table, for the line above it


def write_table_pdf(paper: TablePaper, target: Path | BinaryIO) -> int:
    """Write a list and return how many pages it has; one without rows says so on one page."""
    sheet = LANDSCAPE if paper.landscape else PORTRAIT
    columns = (FlowColumn(one.title, one.millimetres, one.left) for one in paper.columns)
    table = table_across(sheet, columns, paper.size)
    top = sheet.top - title_height(sheet, paper.title, _TITLE_SIZE) - _NOTE_ROOM
    room = top - table.head.height - sheet.bottom
    rows = [table.row([_shown(cell) for cell in row], room) for row in paper.rows]
    pages = table.pages(rows or [table.band(paper.nothing)], room, room)
    with whole_pdf(target, paper.title, pagesize=sheet.size) as canvas:
        for number, page in enumerate(pages, 1):
            draw_title(canvas, sheet, paper.title, _TITLE_SIZE)
            draw_note(canvas, sheet, top + 4, paper.note, paper.dated)
            table.draw(canvas, top, page)
            counted = filled(paper.page, {"page": str(number), "pages": str(len(pages))})
            draw_page_number(canvas, sheet, counted)
            canvas.showPage()
    return len(pages)


def _shown(cell: Cell) -> str:
    return "" if cell is None else str(cell)
