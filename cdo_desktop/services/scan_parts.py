"""Which pages of a scanned file go together, by their codes, and what a code says of its filing.

A page whose code cannot be read is never guessed to belong to the page before it: it stands alone. Paper that
carries nothing at all is the back of the page before it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdo_desktop.documents.pdf.qr import FILING, PaperMark
from cdo_desktop.documents.readers.scans import ScanPage
from cdo_desktop.models import Attachment, Filing, FilingPrint, ReceivedPaper
from cdo_desktop.rules.filing import FINAL_STATES, OPEN_STATES
from cdo_desktop.rules.filing_steps import FilingStep, refusal
from cdo_desktop.rules.number_pattern import is_named
from cdo_desktop.rules.vocabulary import PaperForm, PaperWay
from cdo_desktop.services.attachment_rows import of_filing
from cdo_desktop.services.attachments import TakenFile
from cdo_desktop.services.filing_records import FilingRecord, find_filing

NO_CODE: Final = "没有读到二维码"
FOREIGN_DATABASE: Final = "二维码是别的数据文件夹出的表"
FOREIGN_KIND: Final = "二维码不是备案表的"
GONE: Final = "二维码指向的备案已不存在"
DRAWN: Final = "像是程序生成的表，没有扫描图像，请确认有签章"
BACK_ONLY: Final = "只有背面，正面没有收到"
BACK: Final = "只有背面；正面已经在另一个文件里收到"
OLDER: Final = "表上的内容与现在的登记不同（打印以后改过），请核对"
KNOWN: Final = "这份扫描件已经归入，没有重复登记"
WENT_BACK: Final = "这份扫描件退回过，后来收到的才算，没有再登记；确要收下的，在“备案”里收件"
OLDER_THAN_FILED: Final = "表上的内容与已备案的那份不同，请核对"
_MOST_NUMBERS: Final = 6  # named one by one


@dataclass(frozen=True)
class ScanPart:
    """Pages that go together, and the one code on them, or why there is none to go by.

    ``drawn`` are pages that a program wrote: nobody can have signed what was never on paper. ``has_front`` is
    False where there are but backs, which say nothing of who signed.
    """

    pages: tuple[int, ...]
    mark: PaperMark | None
    reason: str
    drawn: bool = False
    has_front: bool = True


@dataclass(frozen=True)
class WaitingRow:
    """A scan in the tray, and how it came."""

    scan_id: int
    version: int
    name: str
    pages: str
    reason: str
    received_on: date
    attachment_id: int
    form: PaperForm
    way: PaperWay


def parts_of(pages: Iterable[ScanPage], own_database: str) -> list[ScanPart]:
    """Split a file by its codes: the pages of a paper, or one that has to wait, with what is blank after."""
    parts: dict[object, ScanPart] = {}
    key: object = None
    for page in pages:
        if page.blank and key is not None:
            parts[key] = replace(parts[key], pages=(*parts[key].pages, page.number))
            continue
        mark, reason = understood(page, own_database)
        key = (mark.record_id, mark.digest, page.drawn) if mark is not None else page.number
        part = ScanPart((page.number,), mark, reason, page.drawn, mark is None or mark.page == 1)
        before = parts.get(key)
        if before is not None:
            has_front = before.has_front or part.has_front
            part = replace(before, pages=before.pages + part.pages, has_front=has_front)
        parts[key] = part
    return list(parts.values())


def understood(page: ScanPage, own_database: str) -> tuple[PaperMark | None, str]:
    """Return the code that a page goes by, or why it has to wait."""
    records = {(mark.database_id, mark.kind, mark.record_id) for mark in page.marks}
    if len(records) > 1:
        return None, "一页上有几份备案的二维码，请分开扫描或手工认领"
    if not page.marks:
        return None, f"{NO_CODE}，有别的二维码或条码" if page.foreign else NO_CODE
    mark = page.marks[0]
    if mark.database_id != own_database:
        return None, FOREIGN_DATABASE
    if mark.kind != FILING:
        return None, FOREIGN_KIND
    return mark, ""


def page_words(pages: Sequence[int]) -> str:
    """Return page numbers as they are written: 3, 3-4 or 1、3; many are counted."""
    if len(pages) > 1 and list(pages) == list(range(pages[0], pages[-1] + 1)):
        return f"{pages[0]}-{pages[-1]}"
    if len(pages) > _MOST_NUMBERS:
        return f"{pages[0]} 等 {len(pages)}"
    return "、".join(map(str, pages))


def named_filing(session: Session, mark: PaperMark) -> tuple[FilingRecord | None, str]:
    """Return the filing that a code names, or why the paper cannot go there."""
    filing_id = session.scalar(select(Filing.id).where(Filing.uuid == mark.record_id))
    if filing_id is None:
        return None, GONE
    record = find_filing(session, filing_id)
    problem = refusal(FilingStep.RECEIVE, record.state)
    return (None, f"“{record.title}”的备案{problem}") if problem else (record, "")


def past_filing(session: Session, name: str) -> FilingRecord | None:
    """Return the filing that came in by import and whose number a file is named by, if it is just one."""
    query = select(Filing.id, Filing.number).where(
        Filing.number.is_not(None), Filing.filed_on.is_(None), Filing.state.in_(FINAL_STATES)
    )
    found = [row.id for row in session.execute(query) if is_named(row.number or "", name)]
    return find_filing(session, found[0]) if len(found) == 1 else None


def has_files(session: Session, record: FilingRecord) -> bool:
    """Tell whether anything is kept with a filing."""
    owner = of_filing(record.filing.id)
    query = select(Attachment.id).where(
        Attachment.entity == owner.entity, Attachment.entity_id == owner.entity_id
    )
    return session.scalar(query.limit(1)) is not None


def has_content(session: Session, record: FilingRecord, content: TakenFile) -> bool:
    """Tell whether a file is kept with a filing already."""
    owner = of_filing(record.filing.id)
    query = select(Attachment.id).where(
        Attachment.entity == owner.entity,
        Attachment.entity_id == owner.entity_id,
        Attachment.sha256 == content.stored.sha256,
    )
    return session.scalar(query.limit(1)) is not None


def known_already(session: Session, record: FilingRecord, content: TakenFile) -> str:
    """Say that a file need not be received again, or nothing; what came and went back must be."""
    if record.state in OPEN_STATES or not has_content(session, record, content):
        return ""
    query = select(ReceivedPaper.returned_on).where(
        ReceivedPaper.filing_id == record.filing.id, ReceivedPaper.sha256 == content.stored.sha256
    )
    days = session.scalars(query).all()
    return WENT_BACK if days and None not in days else KNOWN


def has_paper(session: Session, record: FilingRecord, mark: PaperMark) -> bool:
    """Tell whether the paper that a code is on came already, and was not sent back."""
    query = select(ReceivedPaper.id).where(
        ReceivedPaper.filing_id == record.filing.id,
        ReceivedPaper.digest == mark.digest,
        ReceivedPaper.returned_on.is_(None),
    )
    return session.scalar(query.limit(1)) is not None


def unsigned(session: Session, record: FilingRecord, parts: Sequence[ScanPart]) -> list[str]:
    """Say why the parts of a file that name a filing may show nobody's signature."""
    said = [DRAWN] if any(part.drawn for part in parts) else []
    if parts and not any(part.has_front for part in parts):
        came = any(part.mark is not None and has_paper(session, record, part.mark) for part in parts)
        said.append(BACK if came else BACK_ONLY)
    return said


def is_print(session: Session, record: FilingRecord, sha256: str) -> bool:
    """Tell whether a content is the form as the program wrote it, signed by nobody."""
    query = select(FilingPrint.id).where(
        FilingPrint.filing_id == record.filing.id, FilingPrint.sha256 == sha256
    )
    return session.scalar(query.limit(1)) is not None
