"""收文登记: what arrives of a filing, and what is sent back. Functions take the open session."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cdo_desktop.errors import InvalidFormError, InvalidInputError
from cdo_desktop.models import Filing, ReceivedPaper
from cdo_desktop.rules.filing import (
    FINAL_STATES,
    RECEIVED_STATES,
    counted_receipt,
    days_by_form,
    state_after_receipt,
)
from cdo_desktop.rules.filing_steps import check_received_day
from cdo_desktop.rules.text import clean_text, too_long
from cdo_desktop.rules.vocabulary import FilingState, PaperForm, PaperShows, PaperWay
from cdo_desktop.services.attachment_rows import of_filing
from cdo_desktop.services.attachments import AttachmentService, TakenFile
from cdo_desktop.services.filing_records import FilingRecord, write_filing
from cdo_desktop.services.journal import Journal, Values
from cdo_desktop.services.office_settings import stored_settings

LONGEST_NUMBER: Final = 60
LONGEST_NOTE: Final = 200
MOST_COPIES: Final = 99
SCAN_NOTE: Final = "收到的扫描件"
_DAY_OF: Final = {PaperForm.SCAN: "scan_on", PaperForm.ORIGINAL: "original_on"}


@dataclass(frozen=True)
class ReceiptDraft:
    """How one paper, or one of each of several filings, came."""

    form: PaperForm
    received_on: date | None
    way: PaperWay = PaperWay.OA
    copies: int = 1
    entry_no: str = ""  # the office's 收文号; empty: the running number of the year
    note: str = ""
    shows: PaperShows = PaperShows.UNKNOWN
    digest: str = ""  # of the code on it, if it was read


def check_receipt(draft: ReceiptDraft, today: date) -> ReceiptDraft:
    """Return the draft in its stored form; raises InvalidFormError with one sentence a field."""
    messages: dict[str, str] = {}
    try:
        check_received_day(draft.received_on, today)
    except InvalidInputError as error:
        messages["received_on"] = str(error)
    entry_no, note = clean_text(draft.entry_no), clean_text(draft.note)
    messages |= too_long(LONGEST_NUMBER, entry_no=entry_no) | too_long(LONGEST_NOTE, note=note)
    if not 1 <= draft.copies <= MOST_COPIES:
        messages["copies"] = f"份数要在 1 到 {MOST_COPIES} 之间。"
    if messages:
        raise InvalidFormError(messages)
    return replace(draft, entry_no=entry_no, note=note)


def receive_paper(
    session: Session,
    journal: Journal,
    attachments: AttachmentService,
    record: FilingRecord,
    draft: ReceiptDraft,
    scans: Sequence[TakenFile] = (),
) -> ReceivedPaper:
    """Book in one paper of a filing: its line of the 收文登记, its files, and the filing's state."""
    day = draft.received_on or journal.today
    shas = [attachments.attach(session, of_filing(record.filing.id), scan, SCAN_NOTE) for scan in scans]
    paper = ReceivedPaper(
        filing_id=record.filing.id,
        year=day.year,
        count=_next_count(session, day.year),
        entry_no=draft.entry_no,
        form=draft.form,
        way=draft.way,
        copies=draft.copies,
        received_on=day,
        received_by=journal.actor,
        shows=draft.shows,
        digest=draft.digest,
        sha256=shas[0] if shas else "",
        note=draft.note,
    )
    session.add(paper)
    session.flush()
    _record_paper(session, journal, record, paper)
    values = _received_values(session, record.filing, draft.form, day)
    if values:
        write_filing(session, journal, record, "收件", values)
    return paper


def _received_values(session: Session, filing: Filing, form: PaperForm, day: date) -> Values:
    """Return what a receipt changes of its filing; the first day of each form stays."""
    own = _DAY_OF[form]
    days: dict[str, date | None] = {"scan_on": filing.scan_on, "original_on": filing.original_on}
    state = FilingState(filing.state)
    if not any(days.values()) and state in RECEIVED_STATES:  # imported before the days of the forms were
        days = days_by_form(state, filing.received_on)
    if state in FINAL_STATES:  # the original follows its scan, and what was signed stays
        return {} if days[own] is not None else {own: day}
    days[own] = min(day, days[own] or day)
    counted = counted_receipt(stored_settings(session).counted_receipt, days["scan_on"], days["original_on"])
    if filing.received_on is not None:  # what counted once is not late because more came
        counted = min(counted or filing.received_on, filing.received_on)
    values: Values = {**days, "state": state_after_receipt(state, form), "received_on": counted}
    return {name: value for name, value in values.items() if value != getattr(filing, name)}


def return_papers(session: Session, journal: Journal, record: FilingRecord, day: date, reason: str) -> None:
    """Send back what came of a filing: its papers are marked, and none of them counts any more."""
    query = select(ReceivedPaper).where(
        ReceivedPaper.filing_id == record.filing.id, ReceivedPaper.returned_on.is_(None)
    )
    for paper in session.scalars(query):
        paper.returned_on = day
        paper.version += 1
    values: Values = {
        "state": FilingState.RETURNED,
        "returned_on": day,
        "return_reason": reason,
        "scan_on": None,
        "original_on": None,
        "received_on": None,
    }
    write_filing(session, journal, record, "退回", values)


def papers_here(session: Session, filing_id: int) -> list[ReceivedPaper]:
    """Return the papers of a filing that count: an original before a scan, then what came last first."""
    query = select(ReceivedPaper).where(
        ReceivedPaper.filing_id == filing_id, ReceivedPaper.returned_on.is_(None)
    )
    is_scan = ReceivedPaper.form == PaperForm.SCAN
    return list(session.scalars(query.order_by(is_scan, ReceivedPaper.id.desc())))


def _next_count(session: Session, year: int) -> int:
    largest = session.scalar(select(func.max(ReceivedPaper.count)).where(ReceivedPaper.year == year))
    return (largest or 0) + 1


def entry_number(year: int, count: int, entry_no: str) -> str:
    """Return the 收文号 as it is shown: the office's own, else the running number of the year."""
    return entry_no or f"收{year}-{count:04d}"


def _record_paper(session: Session, journal: Journal, record: FilingRecord, paper: ReceivedPaper) -> None:
    journal.record(
        session,
        "收文登记",
        ReceivedPaper.__tablename__,
        paper.id,
        after={
            "filing_id": paper.filing_id,
            "entry_no": entry_number(paper.year, paper.count, paper.entry_no),
            "form": paper.form,
            "way": paper.way,
            "copies": paper.copies,
            "received_on": paper.received_on,
            "shows": paper.shows,
            "note": paper.note,
        },
        unit_id=record.unit.id,
        person_id=record.person.id,
    )
