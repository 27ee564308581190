"""放假安排 year by year: entering, importing and removing a notice, with every due date that follows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from cdo_desktop.errors import ConflictError, InvalidInputError, NotFoundError
from cdo_desktop.models import CalendarDay, CalendarYear, Filing
from cdo_desktop.rules.notice_check import working_days_in
from cdo_desktop.rules.notice_text import notice_title, renamed_notice
from cdo_desktop.rules.statutory import FIRST_YEAR, LAST_YEAR
from cdo_desktop.rules.working_days import SpecialDay, WorkingCalendar, load_shipped
from cdo_desktop.services.calendar import stored_calendar
from cdo_desktop.services.calendar_changes import SHIPPED, DueDatesMoved, recompute_due_dates
from cdo_desktop.services.holiday_files import HolidayFile, read_holiday_file
from cdo_desktop.services.journal import Journal
from cdo_desktop.store import Database


class YearState(StrEnum):
    """Where a year's days off come from."""

    SHIPPED = "随程序提供"
    ENTERED = "已录入"
    MISSING = "未发布"


@dataclass(frozen=True)
class YearRow:
    """One year of the calendar. While its notice is missing, only the statutory days are known."""

    year: int
    state: YearState
    source: str
    off_days: int
    work_days: int
    working_days: int


@dataclass(frozen=True)
class YearPlan:
    """The days of one year's notice, with the calendar they are part of."""

    row: YearRow
    days: tuple[SpecialDay, ...]
    calendar: WorkingCalendar


@dataclass(frozen=True)
class NoticeDraft:
    """A year's notice as entered. ``opened`` are the stored days that were seen before."""

    year: int
    days: tuple[SpecialDay, ...]
    source: str
    opened: tuple[SpecialDay, ...] = ()


class HolidayService:
    """The office's calendar of days off and make-up work days."""

    def __init__(self, database: Database, journal: Journal, shipped: Path) -> None:
        """``shipped`` is the file of the notices that came with the program."""
        self._database = database
        self._journal = journal
        self._shipped = shipped

    def years(self) -> tuple[YearRow, ...]:
        """Return every year from the first that is known to the one after the newest, in order."""
        with self._database.read() as session:
            calendar = stored_calendar(session)
            sources = _sources(session)
            known = [*sources, self._journal.today.year]
            first, last = min(known), max(*known, self._last_due_year(session)) + 1
            days = _days_by_title(session)
        return tuple(_row(year, sources, days, calendar) for year in range(first, min(last, LAST_YEAR) + 1))

    def plan(self, year: int) -> YearPlan:
        """Return the days of one year; those of a year without a notice are the statutory ones.

        Raises InvalidInputError outside 1949–2100.
        """
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise InvalidInputError(f"年份要在 {FIRST_YEAR} 到 {LAST_YEAR} 之间。", field="year")
        with self._database.read() as session:
            calendar = stored_calendar(session)
            stored = _days_by_title(session)
            row = _row(year, _sources(session), stored, calendar)
        return YearPlan(row, stored.get(notice_title(year), ()), calendar)

    def read_file(self, path: Path) -> HolidayFile:
        """Read a file of days off without storing anything; see `read_holiday_file` for its errors."""
        return read_holiday_file(path)

    def save(self, drafts: Sequence[NoticeDraft]) -> DueDatesMoved:
        """Store the notices of one year or several and count every open limit anew, all or nothing.

        Raises InvalidInputError for a notice without days or a day that another notice marks otherwise, and
        ConflictError when a year changed since it was opened.
        """
        with self._database.write() as session:
            for draft in drafts:
                self._save_year(session, draft)
            return recompute_due_dates(session, self._journal)

    def remove(self, year: int) -> DueDatesMoved:
        """Take back what was entered for a year: the shipped notice returns, or the year is 未发布 again.

        Raises NotFoundError when nothing was entered for it.
        """
        with self._database.write() as session:
            stored = session.get(CalendarYear, year)
            if stored is None or stored.source == SHIPPED:
                raise NotFoundError(f"{year} 年没有录入过放假安排，没有可以删除的内容。")
            before = _days_by_title(session).get(notice_title(year), ())
            source = stored.source
            session.delete(stored)
            _delete_days(session, year)
            after = self._shipped_days(year)
            if after:
                session.add(CalendarYear(year=year, source=SHIPPED))
                _add_days(session, year, after)
            self._record(session, "删除放假安排", year, (before, source), (after, SHIPPED if after else ""))
            return recompute_due_dates(session, self._journal)

    def _save_year(self, session: Session, draft: NoticeDraft) -> None:
        year = draft.year
        WorkingCalendar.build(draft.days, {year})  # refuses a day given both ways
        by_day = {special.day: special for special in renamed_notice(draft.days, year)}
        days = tuple(by_day[day] for day in sorted(by_day))
        if not any(special.is_off for special in days):
            raise InvalidInputError(f"{year} 年的放假安排里没有一天放假。没有保存，请核对。")
        before = _days_by_title(session).get(notice_title(year), ())
        if before != draft.opened:
            raise ConflictError(
                f"{year} 年的放假安排在您打开之后已被别人改过。没有保存，您填写的内容仍在窗口中；"
                "请关闭后重新打开对照。"
            )
        stored = session.get(CalendarYear, year)
        old_source = stored.source if stored is not None else ""
        if stored is None:
            session.add(CalendarYear(year=year, source=draft.source))
        else:
            stored.source = draft.source
        _delete_days(session, year)
        _add_days(session, year, days)
        self._record(session, "录入放假安排", year, (before, old_source), (days, draft.source))

    def _record(
        self,
        session: Session,
        action: str,
        year: int,
        before: tuple[Iterable[SpecialDay], str],
        after: tuple[Iterable[SpecialDay], str],
    ) -> None:
        self._journal.record(
            session,
            action,
            "calendar_years",
            year,
            before={"source": before[1], **_told(before[0])},
            after={"source": after[1], **_told(after[0])},
        )

    def _shipped_days(self, year: int) -> tuple[SpecialDay, ...]:
        days, years = load_shipped(self._shipped)
        if year not in years:
            return ()
        return tuple(special for special in days if special.notice == notice_title(year))

    def _last_due_year(self, session: Session) -> int:
        due = session.scalar(select(Filing.due_date).order_by(Filing.due_date.desc()).limit(1))
        return due.year if due else self._journal.today.year


def _row(
    year: int,
    sources: dict[int, str],
    stored: dict[str, tuple[SpecialDay, ...]],
    calendar: WorkingCalendar,
) -> YearRow:
    source = sources.get(year, "")
    days = stored.get(notice_title(year), ())
    if year not in sources:
        state = YearState.MISSING
    else:
        state = YearState.SHIPPED if source == SHIPPED else YearState.ENTERED
    off = sum(special.is_off for special in days)
    return YearRow(year, state, source, off, len(days) - off, working_days_in(year, calendar))


def _sources(session: Session) -> dict[int, str]:
    return {row.year: row.source for row in session.execute(select(CalendarYear.year, CalendarYear.source))}


def _days_by_title(session: Session) -> dict[str, tuple[SpecialDay, ...]]:
    columns = (CalendarDay.day, CalendarDay.is_off, CalendarDay.name, CalendarDay.notice)
    found: dict[str, list[SpecialDay]] = {}
    for row in session.execute(select(*columns).order_by(CalendarDay.day)):
        found.setdefault(row.notice, []).append(SpecialDay(*row))
    return {title: tuple(days) for title, days in found.items()}


def _delete_days(session: Session, year: int) -> None:
    session.execute(delete(CalendarDay).where(CalendarDay.notice == notice_title(year)))
    session.flush()


def _add_days(session: Session, year: int, days: Iterable[SpecialDay]) -> None:
    for special in days:
        # 2026-12-31 off may stand in the notice of 2027 while that of 2026 says nothing of it, or the same.
        known = session.get(CalendarDay, special.day)
        if known is None:
            session.add(
                CalendarDay(day=special.day, is_off=special.is_off, name=special.name, notice=special.notice)
            )
        elif known.is_off != special.is_off:
            raise InvalidInputError(
                f"{special.day.isoformat()}在“{known.notice}”里是{'放假' if known.is_off else '上班'}，"
                f"在 {year} 年的安排里相反。没有保存，请核对两份通知。"
            )
    session.flush()


def _told(days: Iterable[SpecialDay]) -> dict[str, str]:
    """Return the days as two short texts for the history."""

    def words(is_off: bool) -> str:
        return "、".join(special.day.isoformat() for special in listed if special.is_off is is_off)

    listed = tuple(days)
    return {"off": words(True), "work": words(False)}
