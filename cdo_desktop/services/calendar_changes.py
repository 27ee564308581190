"""Storing notices of working days, and every due date that follows from them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdo_desktop.models import CalendarDay, CalendarYear, Filing, Post, Tenure, Unit
from cdo_desktop.rules.filing import UNDERWAY_STATES
from cdo_desktop.rules.working_days import SpecialDay, load_shipped
from cdo_desktop.services.appointments import set_due_date
from cdo_desktop.services.calendar import stored_calendar
from cdo_desktop.services.journal import Journal

SHIPPED = "随程序提供"
RECOUNTED = "重算截止日"  # the history's word for it


@dataclass(frozen=True)
class DueDatesMoved:
    """What a change of the calendar did to open filings."""

    changed: int  # another due date
    firm: int  # 暂定 before, not any more


def add_shipped_years(session: Session, shipped: Path, journal: Journal) -> list[int]:
    """Store the shipped notices of years that are new here, mend the due dates, and return those years."""
    days, announced = load_shipped(shipped)
    known = set(session.scalars(select(CalendarYear.year)))
    new_years = set(announced) - known
    if not new_years:
        return []
    session.add_all(CalendarYear(year=year, source=SHIPPED) for year in sorted(new_years))
    stored = set(session.scalars(select(CalendarDay.day)))
    for special in days:
        # 2022-12-31 belongs to the notice of 2023: a day follows its notice, not its own year.
        if special.day not in stored and _belongs_to(special, new_years, announced):
            session.add(
                CalendarDay(day=special.day, is_off=special.is_off, name=special.name, notice=special.notice)
            )
    session.flush()
    recompute_due_dates(session, journal)
    return sorted(new_years)


def _belongs_to(special: SpecialDay, new_years: set[int], announced: Iterable[int]) -> bool:
    year = special.day.year
    return (year if year in set(announced) else year + 1) in new_years


def recompute_due_dates(session: Session, journal: Journal) -> DueDatesMoved:
    """Count the limit of every open 变更备案 anew; write one history line for each that moved."""
    session.flush()
    calendar = stored_calendar(session)
    query = (
        select(Filing, Unit.id, Tenure.person_id)
        .join(Tenure, Tenure.id == Filing.tenure_id)
        .join(Post, Post.id == Tenure.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .where(Filing.due_date.is_not(None), Filing.state.in_(UNDERWAY_STATES))
    )
    changed = firm = 0
    for filing, unit_id, person_id in session.execute(query).all():
        before = _limit(filing)
        set_due_date(filing, calendar)
        after = _limit(filing)
        if after == before:
            continue
        filing.version += 1
        changed += after["due_date"] != before["due_date"]
        firm += before["due_provisional"] is True and after["due_provisional"] is False
        journal.record(
            session,
            RECOUNTED,
            Filing.__tablename__,
            filing.id,
            before=before,
            after=after,
            unit_id=unit_id,
            person_id=person_id,
        )
    session.flush()
    return DueDatesMoved(changed, firm)


def _limit(filing: Filing) -> dict[str, date | bool | None]:
    return {"due_date": filing.due_date, "due_provisional": filing.due_provisional}
