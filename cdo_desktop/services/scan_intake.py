"""Scans come home: every page goes to the filing that its code names, or waits until somebody knows it.

A page whose code cannot be read is never guessed to belong to the page before it: it waits, with its picture.
"""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Final, TypeAlias

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from cdo_desktop.documents.readers.scans import Scan, read_scan, split_scan
from cdo_desktop.errors import AppError, CancelledError, NotFoundError, StorageError
from cdo_desktop.models import Attachment, WaitingScan
from cdo_desktop.rules.attachments import kind_of
from cdo_desktop.rules.filing_steps import FilingStep, refusal
from cdo_desktop.rules.vocabulary import PaperForm, PaperShows, PaperWay
from cdo_desktop.services.attachment_rows import content_of, of_filing, of_waiting_scan
from cdo_desktop.services.attachments import AttachmentService, TakenFile
from cdo_desktop.services.filing_receipts import SCAN_NOTE, ReceiptDraft, check_receipt, receive_paper
from cdo_desktop.services.filing_records import FilingRecord, find_filing
from cdo_desktop.services.forms import FormService, database_id_of
from cdo_desktop.services.journal import Journal
from cdo_desktop.services.scan_check import ScanChecks
from cdo_desktop.services.scan_parts import (
    KNOWN,
    OLDER,
    OLDER_THAN_FILED,
    ScanPart,
    WaitingRow,
    has_content,
    has_files,
    is_print,
    known_already,
    named_filing,
    page_words,
    parts_of,
    past_filing,
    unsigned,
)
from cdo_desktop.store import Database

_IN_TRAY: Final = and_(WaitingScan.paper_id.is_(None), WaitingScan.dropped.is_(False))
_ITS_FILE: Final = and_(
    Attachment.entity == WaitingScan.__tablename__, Attachment.entity_id == WaitingScan.id
)

IntakeProgress: TypeAlias = Callable[[int, int, str], None]
"""Told how many files of how many are done, and the name of the next; raises CancelledError to stop."""


class ScanFate(StrEnum):
    """What became of some pages."""

    FILED = "已归入"
    KNOWN = "已有"
    WAITING = "待认"
    REFUSED = "未收"


@dataclass(frozen=True)
class ScanLine:
    """What was done with some pages of one file. ``pages`` is empty for a file that could not be read."""

    file: str
    pages: tuple[int, ...]
    fate: ScanFate
    title: str = ""  # unit, post, person of the filing
    shows: str = ""
    said: str = ""  # why it waits, or what to look at

    @property
    def page_words(self) -> str:
        """The pages as they are written: 3, or 3-4."""
        return page_words(self.pages)


@dataclass(frozen=True)
class _Coming:
    """A file that comes in, and what was in the tray before it: content and reason of each."""

    file: str
    draft: ReceiptDraft
    waiting: frozenset[tuple[str, str]]


class ScanIntake:
    """Reads scans and files them; a file is booked in whole or not at all. Takes seconds: for a task."""

    def __init__(
        self,
        database: Database,
        journal: Journal,
        forms: FormService,
        attachments: AttachmentService,
    ) -> None:
        self._database = database
        self._journal = journal
        self._forms = forms
        self._attachments = attachments
        self.checks = ScanChecks(database, forms, attachments)

    def take_in(
        self, files: Sequence[Path], draft: ReceiptDraft, progress: IntakeProgress | None = None
    ) -> tuple[ScanLine, ...]:
        """File every page of every file, as it was received by ``draft``, and tell what became of each.

        A file that cannot be read is told of and keeps no other out. Stopped, what was done with the files
        before stays. Raises InvalidFormError for the draft, StorageError when disk or database refuse.
        """
        draft = check_receipt(draft, self._journal.today)
        lines: list[ScanLine] = []
        for done, file in enumerate(files):
            if progress is not None:
                progress(done, len(files), file.name)
            try:
                lines += self._take_file(file, draft)
            except (StorageError, CancelledError):
                raise
            except AppError as error:
                lines.append(ScanLine(file.name, (), ScanFate.REFUSED, said=str(error)))
        if progress is not None:
            progress(len(files), len(files), "")
        return tuple(lines)

    def _take_file(self, file: Path, draft: ReceiptDraft) -> list[ScanLine]:
        scan = read_scan(file)
        with self._database.read() as session:
            parts = parts_of(scan.pages, database_id_of(session))
        past = self._keep_past(file, scan)
        if past is not None:
            return [past]
        with tempfile.TemporaryDirectory(prefix="cdo-", ignore_cleanup_errors=True) as folder:
            written = split_scan(file, scan.sha256, [part.pages for part in parts], Path(folder))
            taken = [
                self._attachments.take(_part_name(file, piece, part, len(parts)), piece.read_bytes())
                for part, piece in zip(parts, written, strict=True)
            ]
        with self._database.write() as session:
            came = _Coming(file.name, draft, _in_the_tray(session))
            return [
                self._settle(session, came, part, content) for part, content in zip(parts, taken, strict=True)
            ]

    def _keep_past(self, file: Path, scan: Scan) -> ScanLine | None:
        """Keep the scan that names a past filing with it; when it was received is known (office.md §1).

        It cannot be taken away from there again: what has a code, was drawn or is the second scan waits.
        """
        if any(page.marks or page.foreign or page.drawn for page in scan.pages):
            return None
        with self._database.read() as session:
            if past_filing(session, file.stem) is None:
                return None
        taken = self._attachments.take(file.name, file.read_bytes())
        line = ScanLine(file.name, tuple(page.number for page in scan.pages), ScanFate.FILED)
        with self._database.write() as session:
            record = past_filing(session, file.stem)
            if record is None:
                return None
            line = replace(line, title=record.title)
            if has_content(session, record, taken):
                return replace(line, fate=ScanFate.KNOWN, said=KNOWN)
            if has_files(session, record):
                return None
            self._attachments.attach(session, of_filing(record.filing.id), taken, SCAN_NOTE)
            return replace(line, said="按文件名里的备案编号归入，请核对")

    def _settle(self, session: Session, came: _Coming, part: ScanPart, content: TakenFile) -> ScanLine:
        line = ScanLine(came.file, part.pages, ScanFate.WAITING, said=part.reason)
        record, reason = named_filing(session, part.mark) if part.mark is not None else (None, part.reason)
        if record is None or part.mark is None:
            return self._wait(session, line, reason, content, came)
        line = replace(line, title=record.title)
        if is_print(session, record, content.stored.sha256):
            return replace(line, fate=ScanFate.REFUSED, said=_UNSIGNED)
        known = known_already(session, record, content)
        if known:
            return replace(line, fate=ScanFate.KNOWN, said=known)
        doubts = unsigned(session, record, [part])
        if doubts:
            return self._wait(session, line, "；".join(doubts), content, came)
        shows = self._forms.shows(session, record, part.mark.digest)
        receipt = replace(came.draft, shows=shows, digest=part.mark.digest)
        receive_paper(session, self._journal, self._attachments, record, receipt, [content])
        older = OLDER_THAN_FILED if record.signed_digest else OLDER
        said = older if shows is PaperShows.OLDER else ""
        return replace(line, fate=ScanFate.FILED, shows=str(shows), said=said)

    # The tray

    def _wait(
        self, session: Session, line: ScanLine, reason: str, content: TakenFile, came: _Coming
    ) -> ScanLine:
        if (content.stored.sha256, reason) in came.waiting:
            return replace(line, fate=ScanFate.KNOWN, said=_WAITS)
        waiting = WaitingScan(
            name=line.file,
            pages=line.page_words,
            reason=reason,
            received_on=came.draft.received_on or self._journal.today,
            dropped=False,
        )
        session.add(waiting)
        session.flush()
        note = f"{came.draft.form}{_BETWEEN}{came.draft.way}"
        self._attachments.attach(session, of_waiting_scan(waiting.id), content, note)
        self._journal.record(
            session,
            "扫描件待认",
            WaitingScan.__tablename__,
            waiting.id,
            after={"name": line.file, "pages": line.page_words, "reason": reason},
        )
        return replace(line, said=reason)

    def waiting(self) -> tuple[WaitingRow, ...]:
        """Return what waits in the tray, the oldest first."""
        query = (
            select(WaitingScan, Attachment.id, Attachment.note)
            .join(Attachment, _ITS_FILE)
            .where(_IN_TRAY)
            .order_by(WaitingScan.id)
        )
        with self._database.read() as session:
            return tuple(
                WaitingRow(
                    scan.id,
                    scan.version,
                    scan.name,
                    scan.pages,
                    scan.reason,
                    scan.received_on,
                    attachment_id,
                    *_how_it_came(note),
                )
                for scan, attachment_id, note in session.execute(query)
            )

    def count_waiting(self) -> int:
        """Return how many scans wait in the tray."""
        query = select(func.count()).select_from(WaitingScan).where(_IN_TRAY)
        with self._database.read() as session:
            return session.scalar(query) or 0

    def pictures(self, scan: WaitingRow) -> tuple[bytes, ...]:
        """Return every page of a waiting scan as a JPEG; read in the child, for nobody knows the file.

        Raises StorageError when its content is lost, UnreadableFileError.
        """
        return tuple(page.preview for page in self.checks.pages_of(scan))

    def assign(self, scans: Sequence[WaitingRow], filing_id: int, draft: ReceiptDraft) -> str:
        """File waiting scans as one paper of a filing that somebody chose, and return the filing's title.

        Raises InvalidFormError, and NotFoundError when the filing cannot take it or a scan is settled.
        """
        draft = check_receipt(draft, self._journal.today)
        with self._database.write() as session:
            waiting = [_find_waiting(session, scan) for scan in scans]
            record = find_filing(session, filing_id)
            problem = refusal(FilingStep.RECEIVE, record.state)
            if problem:
                raise NotFoundError(f"“{record.title}”的备案{problem}，不能归入。没有改动任何内容。")
            contents = [_content(session, scan) for scan in waiting]
            receipt = replace(draft, shows=self._forms.shows(session, record, draft.digest))
            paper = receive_paper(session, self._journal, self._attachments, record, receipt, contents)
            for scan in waiting:
                self._claim(session, scan, record, paper.id)
            return record.title

    def _claim(self, session: Session, waiting: WaitingScan, record: FilingRecord, paper_id: int) -> None:
        waiting.paper_id = paper_id
        waiting.version += 1
        self._journal.record(
            session,
            "认领扫描件",
            WaitingScan.__tablename__,
            waiting.id,
            after={"name": waiting.name, "pages": waiting.pages},
            unit_id=record.unit.id,
            person_id=record.person.id,
        )

    def drop(self, scans: Sequence[WaitingRow]) -> None:
        """Take scans out of the tray that belong to no filing; it can be undone in one step.

        Raises NotFoundError when one of them is settled: all stay then.
        """
        with self._database.write() as session:
            for waiting in [_find_waiting(session, scan) for scan in scans]:
                waiting.dropped = True
                waiting.version += 1
                self._journal.record(
                    session,
                    "移出待认",
                    WaitingScan.__tablename__,
                    waiting.id,
                    before={"dropped": False},
                    after={"dropped": True},
                )


_BETWEEN: Final = "，"  # form and way, in the note of a file that waits
_WAITS: Final = "已经在“待认扫描件”里，没有重复放入"
_UNSIGNED: Final = "这是打印出来的备案表本身，不是签字盖章后的扫描件，没有登记"


def _how_it_came(note: str) -> tuple[PaperForm, PaperWay]:
    """Read the note of a file that waits; one from before there was such a note is taken for a usual scan."""
    form, _, way = note.partition(_BETWEEN)
    if form in tuple(PaperForm) and way in tuple(PaperWay):
        return PaperForm(form), PaperWay(way)
    return PaperForm.SCAN, PaperWay.OA


def _in_the_tray(session: Session) -> frozenset[tuple[str, str]]:
    query = select(Attachment.sha256, WaitingScan.reason).join(WaitingScan, _ITS_FILE).where(_IN_TRAY)
    return frozenset((sha256, reason) for sha256, reason in session.execute(query))


def _find_waiting(session: Session, scan: WaitingRow) -> WaitingScan:
    waiting = session.get(WaitingScan, scan.scan_id)
    if waiting is None or waiting.version != scan.version or waiting.dropped or waiting.paper_id is not None:
        raise NotFoundError("这份扫描件刚被别人处理，没有改动任何内容。请刷新后再看。")
    return waiting


def _content(session: Session, waiting: WaitingScan) -> TakenFile:
    owner = of_waiting_scan(waiting.id)
    row = session.scalars(
        select(Attachment).where(Attachment.entity == owner.entity, Attachment.entity_id == owner.entity_id)
    ).first()
    stored = content_of(row) if row is not None else None
    kind = kind_of(row.media_type) if row is not None else None
    if row is None or stored is None or kind is None:
        raise NotFoundError("这份扫描件的文件缺失，没有归入。请重新扫描。")
    return TakenFile(row.name, kind, stored)


def _part_name(file: Path, piece: Path, part: ScanPart, count: int) -> str:
    """Name a part by its file and its pages; a part of all pages keeps the name, its kind may be another."""
    pages = f"_第{page_words(part.pages)}页" if count > 1 else ""
    return f"{file.stem}{pages}{piece.suffix}"
