"""A portrait paper of facts and a list, with places to sign below the last row."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdo_desktop.documents.pdf.cell_text import fit_line
from cdo_desktop.documents.pdf.fact_table import Facts, draw_facts, facts_height
from cdo_desktop.documents.pdf.flowing_table import FlowingTable, FlowRow
from cdo_desktop.documents.pdf.fonts import FontRole, draw_text
from cdo_desktop.documents.pdf.form_layout import MM
from cdo_desktop.documents.pdf.form_texts import FormTexts
from cdo_desktop.documents.pdf.official_page import (
    PORTRAIT,
    SIGNERS_HEIGHT,
    SIGNERS_SIZE,
    draw_page_number,
    draw_signers,
    draw_title,
    title_height,
)

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

_TITLE_SIZE = 22.0
_FOOT_SIZE = 10.5
_ABOVE_FACTS = 6 * MM
_BELOW_FACTS = 4 * MM
_MOST_FACTS = 100 * MM
_STATEMENT = 9 * MM  # from the table to the baseline of the statement
_TO_SIGN = 12 * MM  # from there to the signatures: a hand needs room above the line
_FOOT = 9 * MM

TAIL = _STATEMENT + _TO_SIGN + SIGNERS_HEIGHT + _FOOT
"""The height of everything below the last row."""

ROOM = PORTRAIT.top - PORTRAIT.bottom
"""The height of a page that has only the table."""


@dataclass(frozen=True)
class SignedTable:
    """One paper; ``rows`` are made by its ``table``, ``file`` has the words below them."""

    title: str
    facts: Facts
    table: FlowingTable
    rows: Sequence[FlowRow]
    words: FormTexts
    file: str


def draw_signed_table(canvas: "Canvas", paper: SignedTable) -> int:
    """Draw a paper on as many pages as it takes and return their number; each begins with the head."""
    facts_top, table_top = _tops(paper)
    pages = shared_rows(paper)
    for number, rows in enumerate(pages, 1):
        top = PORTRAIT.top
        if number == 1:
            draw_title(canvas, PORTRAIT, paper.title, _TITLE_SIZE)
            draw_facts(canvas, PORTRAIT, facts_top, paper.facts, _MOST_FACTS)
            top = table_top
        y = paper.table.draw(canvas, top, rows)
        if number == len(pages):
            _draw_tail(canvas, paper, y)
        counted = paper.words.paper(paper.file, "page", page=str(number), pages=str(len(pages)))
        draw_page_number(canvas, PORTRAIT, counted)
        canvas.showPage()
    return len(pages)


def shared_rows(paper: SignedTable) -> list[list[FlowRow]]:
    """Return the rows of every page; below the last one is room to sign."""
    head = paper.table.head.height
    first = _tops(paper)[1] - PORTRAIT.bottom - head
    return paper.table.pages(paper.rows, first, ROOM - head, tail=TAIL)


def _tops(paper: SignedTable) -> tuple[float, float]:
    """Return where facts and table begin on the first page."""
    facts_top = PORTRAIT.top - title_height(PORTRAIT, paper.title, _TITLE_SIZE) - _ABOVE_FACTS
    return facts_top, facts_top - min(facts_height(paper.facts, PORTRAIT), _MOST_FACTS) - _BELOW_FACTS


def _draw_tail(canvas: "Canvas", paper: SignedTable, y: float) -> None:
    words, file = paper.words, paper.file
    y -= _STATEMENT
    _draw_line(canvas, y, words.paper(file, "statement"), SIGNERS_SIZE)
    y -= _TO_SIGN
    draw_signers(canvas, PORTRAIT, y, words.paper_items(file, "signers"), words.text("signing_date_place"))
    _draw_line(canvas, y - SIGNERS_HEIGHT - _FOOT + 2, words.paper(file, "foot"), _FOOT_SIZE)


def _draw_line(canvas: "Canvas", y: float, text: str, size: float) -> None:
    """Draw one line of the text files, smaller if it is long."""
    fitted = fit_line(text, FontRole.SONG, PORTRAIT.inner, size)
    draw_text(canvas, PORTRAIT.left, y, fitted.lines[0], FontRole.SONG, fitted.size)
