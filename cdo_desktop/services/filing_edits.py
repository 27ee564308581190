"""修改备案内容: what the paper says of the change itself, mended until it is recorded (decision 005)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdo_desktop.errors import InvalidFormError, InvalidInputError
from cdo_desktop.models import Filing, Tenure
from cdo_desktop.rules.change_days import day_messages
from cdo_desktop.rules.filing import UNDERWAY_STATES
from cdo_desktop.rules.vocabulary import FilingKind, FilingState
from cdo_desktop.services.appointments import CHANGE_COLUMNS, checked_filing_texts, due_values, is_of_update
from cdo_desktop.services.calendar import stored_calendar
from cdo_desktop.services.filing_records import FilingRecord, find_filing, write_filing
from cdo_desktop.services.history import FILING_LABELS
from cdo_desktop.services.journal import Journal, Values
from cdo_desktop.services.tenures import CORRECTION
from cdo_desktop.services.versions import refuse_stale
from cdo_desktop.store import Database

EDIT: Final = "修改备案内容"  # the history's word for it
_FILLING: Final = ("filler", "filler_phone")
_NOT_OF_LEAVING: Final = ("change_date", "predecessor_name", "predecessor_title")
FIELDS_OF: Final[Mapping[FilingKind, tuple[str, ...]]] = {
    FilingKind.FIRST: _FILLING,
    FilingKind.CHANGE: CHANGE_COLUMNS,
    FilingKind.LEAVE: tuple(name for name in CHANGE_COLUMNS if name not in _NOT_OF_LEAVING),
}
"""What may be mended. The day of a departure is that of the tenure: 离任 anew moves both, and a successor who
comes earlier makes the paper void."""
_DATES: Final = ("change_date", "known_on")


@dataclass(frozen=True)
class FilingContent:
    """What can be mended of a filing, and the version that it was read with."""

    filing_id: int
    version: int
    title: str  # unit, post, person
    kind: FilingKind
    state: FilingState
    change_date: date | None = None
    known_on: date | None = None
    told_by: str = ""
    change_reason: str = ""
    predecessor_name: str = ""
    predecessor_title: str = ""
    handover: str = ""
    filler: str = ""
    filler_phone: str = ""

    @property
    def values(self) -> dict[str, str | date | None]:
        """What the paper of this kind says."""
        return {name: getattr(self, name) for name in FIELDS_OF[self.kind]}


class FilingEditService:
    """Edits filings that are underway; what is recorded stays as it was signed."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    def get(self, filing_id: int) -> FilingContent:
        """Return what can be mended; raises NotFoundError."""
        with self._database.read() as session:
            return _content(find_filing(session, filing_id))

    def save(self, opened: FilingContent, draft: FilingContent) -> None:
        """Write what was typed over a filing; another change date counts the limit anew, and says so.

        Raises InvalidFormError, InvalidInputError once it is recorded, ConflictError.
        """
        draft = _checked(opened, draft, self._journal.today)
        with self._database.write() as session:
            record = find_filing(session, opened.filing_id)
            if record.state not in UNDERWAY_STATES:
                raise InvalidInputError(
                    f"{record.title}的备案{record.state}，内容已定，没有保存；确有错误时作废。"
                )
            stored = _content(record)
            if stored.version != opened.version:
                raise refuse_stale(
                    f"{stored.title}的备案", opened.values, draft.values, stored.values, FILING_LABELS
                )
            changed = {name: new for name, new in draft.values.items() if new != stored.values[name]}
            if changed:
                self._write(session, record, stored, changed)

    def _write(
        self,
        session: Session,
        record: FilingRecord,
        stored: FilingContent,
        changed: Values,
    ) -> None:
        values = dict(changed)
        of_update = is_of_update(record.filing)
        if "change_date" in changed and not of_update:
            day = changed["change_date"]
            due = due_values(stored.kind, day if isinstance(day, date) else None, stored_calendar(session))
            values |= {name: value for name, value in due.items() if value != getattr(record.filing, name)}
        write_filing(session, self._journal, record, EDIT, values)
        if "change_reason" in changed and not of_update:  # nobody left by it
            self._follow_reason(session, record, stored.change_reason, str(changed["change_reason"]))

    def _follow_reason(self, session: Session, record: FilingRecord, old: str, new: str) -> None:
        """Let the tenure that ended by the change say the same reason, if it did so before."""
        query = select(Tenure).where(Tenure.post_id == record.post.id, Tenure.leave_reason == old)
        if record.filing.kind == FilingKind.LEAVE:
            query = query.where(Tenure.id == record.tenure.id)
        else:
            query = query.where(Tenure.until == record.tenure.since)
        for tenure in session.scalars(query):
            tenure.leave_reason = new
            tenure.version += 1
            self._journal.record(
                session,
                CORRECTION,
                Tenure.__tablename__,
                tenure.id,
                before={"leave_reason": old},
                after={"leave_reason": new},
                unit_id=record.unit.id,
                person_id=tenure.person_id,
            )


def _content(record: FilingRecord) -> FilingContent:
    filing: Filing = record.filing
    kind = FilingKind(filing.kind)
    values = {name: getattr(filing, name) for name in FIELDS_OF[kind]}
    return FilingContent(filing.id, filing.version, record.title, kind, record.state, **values)


def _checked(opened: FilingContent, draft: FilingContent, today: date) -> FilingContent:
    values = draft.values
    typed = {name: getattr(draft, name) for name in _DATES if name in values}
    days = {name: day for name, day in typed.items() if day != getattr(opened, name)}
    texts, messages = checked_filing_texts(
        {name: str(value or "") for name, value in values.items() if name not in _DATES}
    )
    if "change_date" in values and values["change_date"] is None:
        messages["change_date"] = "请填写变更日期，三个工作日从次日起算。"
    if "change_reason" in texts and not texts["change_reason"]:
        messages["change_reason"] = "请填写变更原因。"
    messages |= day_messages(today, **days)
    if messages:
        raise InvalidFormError(messages)
    return replace(draft, **texts)  # type: ignore[arg-type]
