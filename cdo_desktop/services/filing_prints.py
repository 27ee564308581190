"""What was printed stays known: its content, its digest, and the PDF itself (design.md §7)."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cdo_desktop.documents.pdf.filing_form import FilingFormData, FormTexts, content_digest, write_form
from cdo_desktop.models import FilingPrint
from cdo_desktop.services.attachment_rows import of_filing
from cdo_desktop.services.attachments import AttachmentService, TakenFile
from cdo_desktop.services.form_content import canonical_content
from cdo_desktop.services.journal import Journal
from cdo_desktop.store import Database

if TYPE_CHECKING:
    from cdo_desktop.services.forms import FormSheet

NOTE = "出表时留存"


@dataclass(frozen=True)
class DrawnForm:
    """A form whose PDF is stored already."""

    filing_id: int
    data: FilingFormData
    taken: TakenFile


class FilingPrints:
    """Keeps the forms that are handed out, each content once."""

    def __init__(self, database: Database, journal: Journal, attachments: AttachmentService) -> None:
        self._database = database
        self._journal = journal
        self._attachments = attachments

    def draw(self, sheets: Sequence["FormSheet"], texts: FormTexts) -> tuple[DrawnForm, ...]:
        """Draw what was not kept yet, each form as a PDF of its own, and store the files; writes no row.

        Raises StorageError or FileInUseError when the disk refuses.
        """
        with self._database.read() as session:
            kept = _kept(session, (sheet.filing_id for sheet in sheets))
        day = f"{self._journal.today:%Y%m%d}"
        drawn = []
        for sheet in sheets:
            if (sheet.filing_id, canonical_content(sheet.data)) in kept:
                continue
            page = BytesIO()
            write_form(sheet.data, page, texts=texts)
            taken = self._attachments.take(f"备案表_{day}出表.pdf", page.getvalue())
            drawn.append(DrawnForm(sheet.filing_id, sheet.data, taken))
        return tuple(drawn)

    def keep(self, session: Session, drawn: Iterable[DrawnForm]) -> None:
        """Write the rows of what was drawn."""
        for form in drawn:
            sha256 = self._attachments.attach(session, of_filing(form.filing_id), form.taken, NOTE)
            session.add(
                FilingPrint(
                    filing_id=form.filing_id,
                    printed_on=self._journal.today,
                    digest=content_digest(form.data),
                    content=canonical_content(form.data),
                    filled_on=form.data.filled_on,
                    sha256=sha256,
                )
            )
        session.flush()


def find_print(session: Session, filing_id: int, digest: str) -> FilingPrint | None:
    """Return the newest print of a filing with this digest."""
    query = select(FilingPrint).where(FilingPrint.filing_id == filing_id, FilingPrint.digest == digest)
    return session.scalars(query.order_by(FilingPrint.id.desc()).limit(1)).one_or_none()


def _kept(session: Session, filing_ids: Iterable[int]) -> set[tuple[int, str]]:
    wanted = func.json_each(json.dumps(list(filing_ids))).table_valued("value")
    query = select(FilingPrint.filing_id, FilingPrint.content).where(
        FilingPrint.filing_id.in_(select(wanted.c.value))
    )
    return {(row[0], row[1]) for row in session.execute(query)}
