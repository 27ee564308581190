"""What is on a scan, compared with the filing that somebody books it in to by hand."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdo_desktop.documents.pdf.qr import FILING, PaperMark
from cdo_desktop.documents.readers.scans import ScanPage, read_scan
from cdo_desktop.errors import FileInUseError, UnreadableFileError
from cdo_desktop.models import Filing
from cdo_desktop.rules.attachments import SCAN_SUFFIXES
from cdo_desktop.rules.vocabulary import PaperShows
from cdo_desktop.services.attachments import AttachmentService, Progress
from cdo_desktop.services.filing_records import FilingRecord, find_filing
from cdo_desktop.services.forms import FormService, database_id_of
from cdo_desktop.services.scan_parts import (
    FOREIGN_DATABASE,
    FOREIGN_KIND,
    GONE,
    NO_CODE,
    OLDER,
    OLDER_THAN_FILED,
    WaitingRow,
    parts_of,
    unsigned,
)
from cdo_desktop.store import Database

_MOST_TITLES: Final = 3
_MOST_KEPT: Final = 50  # scans, a tenth of a MB each page
_NO_SCAN: Final = "不是能读二维码的扫描件，内容没有核对"
_SHOWS: Final = {
    PaperShows.PRESENT: "二维码是这份备案的，内容与现在的登记一致",
    PaperShows.OLDER: OLDER,
    PaperShows.UNKNOWN: f"{NO_CODE}，内容没有核对",
}
_SHOWS_OF_FILED: Final = {
    **_SHOWS,
    PaperShows.PRESENT: "二维码是这份备案的，内容与已备案的一致",
    PaperShows.OLDER: OLDER_THAN_FILED,
}


@dataclass(frozen=True)
class ScanCheck:
    """What the codes on a scan say about one filing. ``doubts`` are reasons not to book it in there.

    ``digest`` is that of the filing's own paper, empty where there is none; ``sha256`` that of the file read.
    """

    shows: PaperShows = PaperShows.UNKNOWN
    digest: str = ""
    doubts: tuple[str, ...] = ()
    said: str = _SHOWS[PaperShows.UNKNOWN]
    sha256: str = ""


class ScanChecks:
    """Reads scans in the child: for a task."""

    def __init__(self, database: Database, forms: FormService, attachments: AttachmentService) -> None:
        self._database = database
        self._forms = forms
        self._read = lru_cache(_MOST_KEPT)(
            lambda attachment_id: read_scan(attachments.open_copy(attachment_id)).pages
        )

    def pages_of(self, scan: WaitingRow) -> tuple[ScanPage, ...]:
        """Return what is on a waiting scan, which never changes; those looked at last are not read again."""
        return self._read(scan.attachment_id)

    def of_file(self, path: Path, filing_id: int) -> ScanCheck:
        """Compare a file with a filing; one that cannot be read for its codes is told of, and stops nothing.

        Raises StorageError when the disk has no room to read it, NotFoundError for a filing that is gone.
        """
        if path.suffix.lower().removeprefix(".") not in SCAN_SUFFIXES:
            return ScanCheck(said=_NO_SCAN)
        try:
            scan = read_scan(path)
        except (UnreadableFileError, FileInUseError) as error:
            return ScanCheck(said=f"没有核对二维码：{error}")
        return replace(self._compared(scan.pages, filing_id, told=False), sha256=scan.sha256)

    def of_waiting(
        self, scans: Sequence[WaitingRow], filing_id: int, progress: Progress | None = None
    ) -> ScanCheck:
        """Compare what waits in the tray, which has told already why, with a filing that somebody chose.

        Raises StorageError when a content is lost, UnreadableFileError, NotFoundError.
        """
        pages: list[ScanPage] = []
        for done, scan in enumerate(scans):
            if progress is not None:
                progress(done, len(scans), scan.name)
            pages += self.pages_of(scan)
        return self._compared(pages, filing_id, told=True)

    def _compared(self, pages: Sequence[ScanPage], filing_id: int, *, told: bool) -> ScanCheck:
        """Compare; ``told`` when it was said already why the pages may not be signed."""
        marks = list(dict.fromkeys(mark for page in pages for mark in page.marks))
        with self._database.read() as session:
            record = find_filing(session, filing_id)
            own = database_id_of(session)
            ours = [mark for mark in marks if _names(mark, own, record)]
            others = [mark for mark in marks if not _names(mark, own, record)]
            doubts = _of_others(session, others, own, alone=not ours)
            if not told:
                parts = [part for part in parts_of(pages, own) if part.mark in ours]
                doubts += unsigned(session, record, parts)
            digests = dict.fromkeys(mark.digest for mark in ours)
            if len(digests) > 1:
                doubts.append("扫描件里有这份备案不同时候打印的表，内容不一样")
            digest = next(iter(digests)) if len(digests) == 1 else ""
            shows = self._forms.shows(session, record, digest)
            words = _SHOWS_OF_FILED if record.signed_digest else _SHOWS
        return ScanCheck(shows, digest, tuple(doubts), words[shows])


def _names(mark: PaperMark, own_database: str, record: FilingRecord) -> bool:
    return (mark.database_id, mark.kind, mark.record_id) == (own_database, FILING, record.filing.uuid)


def _of_others(session: Session, marks: Sequence[PaperMark], own_database: str, *, alone: bool) -> list[str]:
    """Say whose papers these are; ``alone`` when none of the filing itself is among them."""
    said: dict[str, None] = {}
    titles: dict[str, None] = {}
    for mark in marks:
        title = _title(session, mark) if (mark.database_id, mark.kind) == (own_database, FILING) else ""
        if title:
            titles[title] = None
        elif mark.database_id != own_database:
            said[FOREIGN_DATABASE] = None
        else:
            said[GONE if mark.kind == FILING else FOREIGN_KIND] = None
    if titles:
        named = "".join(f"“{title}”" for title in list(titles)[:_MOST_TITLES])
        named += f"等 {len(titles)} 份备案" if len(titles) > _MOST_TITLES else ""
        whose = f"扫描件上的二维码是{named}的备案表，不是这一份的"
        said[whose if alone else f"扫描件里还有{named}的备案表"] = None
    return list(said)


def _title(session: Session, mark: PaperMark) -> str:
    filing_id = session.scalar(select(Filing.id).where(Filing.uuid == mark.record_id))
    return find_filing(session, filing_id).title if filing_id is not None else ""
