"""重新办理: another filing of the same change in the place of a void one. Functions take the open session."""

import json
from collections.abc import Collection, Iterator
from datetime import date
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from cdo_desktop.models import Filing, HistoryEntry, Tenure
from cdo_desktop.rules.filing import FINAL_STATES, UNDERWAY_STATES
from cdo_desktop.rules.filing_steps import FilingStep
from cdo_desktop.rules.vocabulary import FilingKind, FilingState
from cdo_desktop.services.appointments import CHANGE_COLUMNS, is_of_update, set_due_date
from cdo_desktop.services.calendar import stored_calendar
from cdo_desktop.services.filing_records import FilingRecord
from cdo_desktop.services.journal import Journal

AGAIN: Final = FilingStep.ANEW.value  # the history's word for it
AGAIN_WORDS: Final = (AGAIN, "重新备案")
"""All words that lines of the history have for it: the second is that of the first program with schema 6."""
_IN_PLACE_OF: Final = "in_place_of"
_OF_THE_CHANGE: Final = ("tenure_id", "kind", *CHANGE_COLUMNS, "due_date", "due_provisional")


def add_again(session: Session, journal: Journal, record: FilingRecord) -> None:
    """Add a draft of the same change in the place of a void one, with the limit that the change has now."""
    values = {name: getattr(record.filing, name) for name in _OF_THE_CHANGE}
    filing = Filing(uuid=str(uuid4()), state=FilingState.DRAFT, **values)
    if filing.due_date is not None:
        filing.change_date = _change_date_now(session, record.filing)
        set_due_date(filing, stored_calendar(session))
    session.add(filing)
    session.flush()
    journal.record(
        session,
        AGAIN,
        Filing.__tablename__,
        filing.id,
        after={
            **{name: getattr(filing, name) for name in ("kind", "change_date", "due_date")},
            _IN_PLACE_OF: record.filing.id,
        },
        unit_id=record.unit.id,
        person_id=record.person.id,
    )


def anew_problem(record: FilingRecord, today: date) -> str:
    """Say why the change of a void filing is not to be filed any more; "" when it is."""
    ends, day = record.unit.valid_to, record.filing.change_date
    if ends is not None and ends <= today:
        return f"单位自 {ends} 起已撤并，不能重新办理"
    if record.filing.kind == FilingKind.LEAVE and day is not None and record.tenure.until != day:
        return f"离任日期已经不是 {day}，不用重新办理"
    return ""


def is_same_change(session: Session, filing: Filing, other: Filing) -> bool:
    """Tell whether ``other`` stands for the change that a filing is about, whatever day each of them says.

    A tenure begins and ends once. An 信息更新 may come again and again, but what is underway is printed with
    all that is new, so that one of them is enough.
    """
    if (filing.tenure_id, filing.kind) != (other.tenure_id, other.kind):
        return False
    if is_of_update(filing) != is_of_update(other):
        return False
    if not is_of_update(filing) or other.state not in FINAL_STATES:
        return True
    return _first_of(session, filing) is _first_of(session, other)


def is_beside_another(session: Session, filing_ids: Collection[int]) -> bool:
    """Tell whether one of these filings stands beside another one of its change, and neither is void."""
    other = aliased(Filing)
    query = (
        select(Filing, other)
        .join(other, (other.tenure_id == Filing.tenure_id) & (other.id != Filing.id))
        .where(Filing.id.in_(filing_ids))
        .where(Filing.state != FilingState.VOID, other.state != FilingState.VOID)
    )
    return any(is_same_change(session, one, another) for one, another in session.execute(query))


def _first_of(session: Session, filing: Filing) -> Filing:
    query = select(HistoryEntry.after).where(
        HistoryEntry.entity == Filing.__tablename__, HistoryEntry.action.in_(AGAIN_WORDS)
    )
    while told := session.scalars(query.where(HistoryEntry.entity_id == filing.id).limit(1)).first():
        before = session.get(Filing, json.loads(told).get(_IN_PLACE_OF, 0))
        if before is None:  # an older program did not tell
            break
        filing = before
    return filing


def _change_date_now(session: Session, filing: Filing) -> date | None:
    """Return the day of a change as later corrections of the first day have it; a day of its own stays."""
    day = filing.change_date
    if filing.due_date is None or filing.state in UNDERWAY_STATES:
        return day  # only a change with a limit is that of the first day; what is underway follows by itself
    for _line, before, after in _told_of(session, Tenure, filing.tenure_id, _last_underway(session, filing)):
        first, moved = before.get("since"), after.get("since")
        if day is not None and first == day.isoformat() and moved:
            day = date.fromisoformat(moved)
    return day


def _last_underway(session: Session, filing: Filing) -> int:
    """Return the line of the history that recorded a filing, or set it aside: its day stands since."""
    last = 0
    for line, before, after in _told_of(session, Filing, filing.id):
        was, became = (said.get("state", FilingState.DRAFT) for said in (before, after))
        if was in UNDERWAY_STATES and became not in UNDERWAY_STATES:
            last = line
    return last


def _told_of(
    session: Session, table: type[Filing | Tenure], row_id: int, later_than: int = 0
) -> Iterator[tuple[int, dict[str, Any], dict[str, Any]]]:
    """Yield the lines of the history of a record, the oldest first, with what they say before and after."""
    query = (
        select(HistoryEntry.id, HistoryEntry.before, HistoryEntry.after)
        .where(HistoryEntry.entity == table.__tablename__, HistoryEntry.entity_id == row_id)
        .where(HistoryEntry.id > later_than)
        .order_by(HistoryEntry.id)
    )
    for line, before, after in session.execute(query):
        yield line, json.loads(before or "{}"), json.loads(after or "{}")
