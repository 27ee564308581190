"""备案编号: given in turn within a year, without gaps or doubles; a voided number stays used (office.md §1).

All is read and written within one writing transaction. SQLite lets in one writer at a time, so that two
programs take turns; the database refuses the same number, or place in a year, a second time all the same.
"""

from collections.abc import Iterator

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from cdo_desktop.errors import InvalidInputError
from cdo_desktop.models import Filing, NumberYear
from cdo_desktop.rules.number_pattern import NumberPattern, year_and_place
from cdo_desktop.services.journal import Journal
from cdo_desktop.services.office_settings import stored_settings
from cdo_desktop.store import Database

LARGEST = 999_999
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


class FilingNumberService:
    """Where the numbers of a year begin, and which one comes next."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    def next_number(self, year: int) -> str:
        """Return the number that the next filing recorded in a year would get."""
        with self._database.read() as session:
            return next(numbers_of(session, year))[1]

    def first_of(self, year: int) -> int:
        """Return where the numbers of a year begin."""
        with self._database.read() as session:
            stored = session.get(NumberYear, year)
            return stored.first if stored is not None else 1

    def set_first(self, year: int, first: int) -> None:
        """Let the numbers of a year begin here, at go-live (office.md §1).

        Raises InvalidInputError when a larger one was given already, or when a gap would be left behind it.
        Numbers that were imported leave a later start free: not all of them need be brought in.
        """
        if not 1 <= first <= LARGEST:
            raise InvalidInputError(f"起始号要在 1 到 {LARGEST} 之间。", field="first")
        with self._database.write() as session:
            given = last_given(session, year, stored_pattern(session))
            if given >= first:
                raise InvalidInputError(
                    f"{year} 年已经编到第 {given} 号，起始号不能再改为 {first}。没有保存。", field="first"
                )
            if first > given + 1 and _last_own(session, year):
                raise InvalidInputError(
                    f"{year} 年已经编到第 {given} 号，下一个是第 {given + 1} 号；起始号改为 {first} 会缺号，"
                    "只能在编第一个号以前改。没有保存。",
                    field="first",
                )
            stored = session.get(NumberYear, year)
            before = stored.first if stored is not None else 1
            if stored is None:
                session.add(NumberYear(year=year, first=first))
            else:
                stored.first = first
                stored.version += 1
            self._journal.record(
                session,
                "设置起始号",
                NumberYear.__tablename__,
                year,
                before={"first": before},
                after={"first": first},
            )


def stored_pattern(session: Session) -> NumberPattern:
    """Return how numbers are written now."""
    return NumberPattern(stored_settings(session).number_pattern)


def numbers_of(session: Session, year: int) -> Iterator[tuple[int, str]]:
    """Yield count and number of one filing of a year after the other, from the next one on."""
    pattern = stored_pattern(session)
    stored = session.get(NumberYear, year)
    count = max(last_given(session, year, pattern) + 1, stored.first if stored is not None else 1)
    while True:
        number = pattern.number(year, count)
        # A number that came in by import under another pattern may be written just so.
        if session.scalar(select(Filing.id).where(Filing.number == number)) is None:
            yield count, number
        count += 1


def last_given(session: Session, year: int, pattern: NumberPattern) -> int:
    """Return the largest count of a year so far, 0 if there is none.

    Imported numbers count as well, however they are written, as in the yearly lists.
    """
    written = (str(year), str(year).translate(_WIDE))
    imported = session.scalars(
        select(Filing.number).where(
            Filing.number.is_not(None),
            Filing.number_year.is_(None),
            or_(*map(Filing.number.contains, written)),
        )
    )
    read = [pattern.read(number) or year_and_place(number) for number in imported if number]
    places = [place for of_year, place in read if of_year == year and place is not None]
    return max([_last_own(session, year), *places])


def _last_own(session: Session, year: int) -> int:
    """Return the largest count of a year that was given here."""
    return session.scalar(select(func.max(Filing.number_count)).where(Filing.number_year == year)) or 0
