"""工作交接单: what goes from the one who held a post to the one who follows, with lines to add by hand."""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import BinaryIO

from cdo_desktop.documents.pdf.fact_table import Facts
from cdo_desktop.documents.pdf.filing_data import written_date
from cdo_desktop.documents.pdf.flowing_table import FlowingTable, FlowRow, NamedColumns, named_table
from cdo_desktop.documents.pdf.form_texts import FormTexts, form_texts
from cdo_desktop.documents.pdf.official_page import PORTRAIT
from cdo_desktop.documents.pdf.pdf_target import whole_pdf
from cdo_desktop.documents.pdf.signed_table import (
    ROOM,
    TAIL,
    SignedTable,
    draw_signed_table,
    shared_rows,
)
from cdo_desktop.errors import InvalidInputError

_FILE = "handover_sheet"
_COLUMNS: NamedColumns = (
    ("count", 12.0, False),
    ("content", 76.0, True),
    ("state", 46.0, True),
    ("note", 34.0, True),
)


@dataclass(frozen=True)
class HandoverItem:
    """One thing to hand over; a ``category`` that the text file does not have comes last."""

    category: str
    content: str
    state: str = ""
    note: str = ""


@dataclass(frozen=True)
class HandoverSheet:
    """One 工作交接单; what is empty is written in by hand.

    ``blank_lines`` stand below each category, fewer where that saves a page: an empty category keeps one.
    """

    unit: str
    post: str
    predecessor: str
    predecessor_title: str
    successor: str = ""
    successor_title: str = ""
    handed_over_on: date | None = None
    reason: str = ""
    items: tuple[HandoverItem, ...] = ()
    blank_lines: int = 2


def handover_categories(texts: FormTexts | None = None) -> tuple[str, ...]:
    """Return the categories in their order: 账号, 台账, 议定事项, 备案, 其他 in the office's words."""
    return (texts or form_texts()).paper_items(_FILE, "categories")


def write_handovers(
    sheets: Iterable[HandoverSheet], target: Path | BinaryIO, *, texts: FormTexts | None = None
) -> int:
    """Write sheets into one PDF, each on pages of its own, and return the number of pages.

    Characters that no font has are left blank; ``official_page.paper_problems`` names them. Raises
    InvalidInputError when there are none, StorageError or FileInUseError when the file cannot be written.
    """
    words = texts or form_texts()
    chosen = tuple(sheets)
    if not chosen:
        raise InvalidInputError("没有选中任何岗位，没有生成工作交接单。请先选择要交接的岗位。")
    with whole_pdf(target, _title(chosen[0], words), pagesize=PORTRAIT.size) as canvas:
        pages = sum(draw_signed_table(canvas, _shortest(sheet, words)) for sheet in chosen)
    return pages


def _title(sheet: HandoverSheet, words: FormTexts) -> str:
    return words.paper(_FILE, "title", post=sheet.post)


def _shortest(sheet: HandoverSheet, words: FormTexts) -> SignedTable:
    """Return the paper with as many blank lines as there may be without another page for them alone."""
    table = named_table(PORTRAIT, _COLUMNS, words, _FILE)
    groups = _groups(sheet, table, words)
    title, facts = _title(sheet, words), _facts(sheet, words)
    least = min(sheet.blank_lines, 1)
    papers = [
        SignedTable(title, facts, table, _rows(groups, table, lines, least), words, _FILE)
        for lines in range(sheet.blank_lines, -1, -1)
    ]
    return min(papers, key=lambda paper: len(shared_rows(paper)))


def _groups(sheet: HandoverSheet, table: FlowingTable, words: FormTexts) -> dict[str, list[FlowRow]]:
    """Return the rows of every category, numbered throughout."""
    room = ROOM - TAIL - table.head.height - table.least
    groups: dict[str, list[HandoverItem]] = {name: [] for name in handover_categories(words)}
    for item in sheet.items:
        groups.setdefault(item.category, []).append(item)
    numbers = itertools.count(1)
    return {
        category: [
            table.row((str(next(numbers)), item.content, item.state, item.note), room) for item in items
        ]
        for category, items in groups.items()
    }


def _rows(
    groups: dict[str, list[FlowRow]], table: FlowingTable, blank_lines: int, least: int
) -> list[FlowRow]:
    """Return the rows below their headings and above blank lines, ``least`` of them in an empty category."""
    rows: list[FlowRow] = []
    for category, items in groups.items():
        blanks = blank_lines if items else max(blank_lines, least)
        rows += [table.band(category), *items, *[table.blank()] * blanks]
    return rows


def _facts(sheet: HandoverSheet, words: FormTexts) -> Facts:
    def fact(key: str, value: str) -> tuple[str, str]:
        return words.paper(_FILE, f"labels.{key}"), value

    handed_over = written_date(sheet.handed_over_on, words) or words.text("date_place")
    facts = [
        [fact("unit", sheet.unit)],
        [fact("post", sheet.post), fact("handed_over_on", handed_over)],
        [
            fact("predecessor", sheet.predecessor),
            fact("predecessor_title", sheet.predecessor_title),
        ],
        [fact("successor", sheet.successor), fact("successor_title", sheet.successor_title)],
    ]
    if sheet.reason:
        facts.append([fact("reason", sheet.reason)])
    return facts
