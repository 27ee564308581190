"""Storing notices of working days, and every due date that follows from them."""

from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdo_desktop.models import CalendarDay, CalendarYear, Filing
from cdo_desktop.rules.filing import UNDERWAY_STATES
from cdo_desktop.rules.working_days import SpecialDay, load_shipped
from cdo_desktop.services.calendar import stored_calendar

SHIPPED = "随程序提供"


def add_shipped_years(session: Session, shipped: Path) -> list[int]:
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
    recompute_due_dates(session)
    return sorted(new_years)


def _belongs_to(special: SpecialDay, new_years: set[int], announced: Iterable[int]) -> bool:
    year = special.day.year
    return (year if year in set(announced) else year + 1) in new_years


def recompute_due_dates(session: Session) -> None:
    """Count the limit of every open 变更备案 anew, after the calendar changed."""
    calendar = stored_calendar(session)
    query = select(Filing).where(Filing.due_date.is_not(None), Filing.state.in_(UNDERWAY_STATES))
    for filing in session.scalars(query):
        if filing.change_date is not None:
            due = calendar.due_date(filing.change_date)
            filing.due_date, filing.due_provisional = due.day, due.provisional
