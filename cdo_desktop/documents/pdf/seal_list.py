"""用印清单: what is to be sealed in one go, for whom to apply, to approve and to seal."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import BinaryIO

from cdo_desktop.documents.pdf.filing_data import written_date
from cdo_desktop.documents.pdf.flowing_table import NamedColumns, named_table
from cdo_desktop.documents.pdf.form_texts import FormTexts, form_texts
from cdo_desktop.documents.pdf.official_page import PORTRAIT
from cdo_desktop.documents.pdf.pdf_target import whole_pdf
from cdo_desktop.documents.pdf.signed_table import ROOM, TAIL, SignedTable, draw_signed_table

_FILE = "seal_list"
_COLUMNS: NamedColumns = (
    ("count", 12.0, False),
    ("document", 70.0, True),
    ("copies", 14.0, False),
    ("purpose", 40.0, True),
    ("note", 32.0, True),
)


@dataclass(frozen=True)
class SealItem:
    """One paper to be sealed."""

    document: str
    copies: int
    purpose: str
    note: str = ""


@dataclass(frozen=True)
class SealList:
    """用印清单: ``office`` applies, ``seal`` is the 牵头部门's; ``applied_on`` None is written in by hand."""

    office: str
    seal: str
    applied_on: date | None
    items: tuple[SealItem, ...]
    reason: str = ""


def write_seal_list(paper: SealList, target: Path | BinaryIO, *, texts: FormTexts | None = None) -> int:
    """Write the list as PDF and return the number of pages.

    Characters that no font has are left blank; ``official_page.paper_problems`` names them. Raises
    StorageError or FileInUseError when the file cannot be written.
    """
    words = texts or form_texts()
    with whole_pdf(target, words.paper(_FILE, "title"), pagesize=PORTRAIT.size) as canvas:
        pages = draw_signed_table(canvas, _composed(paper, words))
    return pages


def _composed(paper: SealList, words: FormTexts) -> SignedTable:
    table = named_table(PORTRAIT, _COLUMNS, words, _FILE)
    room = ROOM - TAIL - table.head.height
    rows = [
        table.row((str(count), item.document, str(item.copies), item.purpose, item.note), room)
        for count, item in enumerate(paper.items, 1)
    ]
    copies = str(sum(item.copies for item in paper.items))
    total = words.paper(_FILE, "total", count=str(len(rows)), copies=copies)
    rows.append(table.band(total if rows else words.paper(_FILE, "nothing")))
    applied = written_date(paper.applied_on, words) or words.text("date_place")
    facts = [
        [
            (words.paper(_FILE, "labels.office"), paper.office),
            (words.paper(_FILE, "labels.applied_on"), applied),
        ],
        [(words.paper(_FILE, "labels.seal"), paper.seal)],
    ]
    if paper.reason:
        facts.append([(words.paper(_FILE, "labels.reason"), paper.reason)])
    return SignedTable(
        title=words.paper(_FILE, "title"), facts=facts, table=table, rows=rows, words=words, file=_FILE
    )
