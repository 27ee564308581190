"""备案 as a list: every paper with its limit, as seen on a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from cdo_desktop.rules.filing import Lamp, lamp_of
from cdo_desktop.rules.vocabulary import FilingState
from cdo_desktop.rules.working_days import WorkingCalendar
from cdo_desktop.services.calendar import read_calendar
from cdo_desktop.services.journal import Journal
from cdo_desktop.services.register_sql import unit_name_on
from cdo_desktop.store import Database


@dataclass(frozen=True, slots=True)
class FilingRow:
    """One 备案 that is not 作废."""

    filing_id: int
    unit: str
    post: str
    name: str
    kind: str
    state: str
    number: str
    change_date: date | None
    due_date: date | None
    due_provisional: bool
    received_on: date | None
    lamp: Lamp
    working_days_left: int | None  # None without a limit that runs
    late_days: int  # working days after the due date, until the paper came or the day looked from


class FilingListService:
    """Lists the filings; reads only."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    def rows(self, on: date | None = None, *, overdue: bool = False) -> list[FilingRow]:
        """Return the filings as they stood on a day, those with the earliest due date first.

        A paper received after that day counts as not received, so its filing has no number yet and is
        已发表; of a past day, changes after it are left out. With ``overdue`` only those that were late and
        not received. Other states have no dates of their own: a filing shows the present one.
        """
        today = self._journal.today
        day = on or today
        columns = _COLUMNS | {"unit": unit_name_on("unit", day, today)}
        known = "" if day >= today else "AND coalesce(filings.change_date, tenures.since) <= :day"
        statement = f"SELECT {', '.join(columns.values())} {_FILINGS} {known} {_ORDER}"
        with self._database.snapshot() as connection:
            calendar = read_calendar(connection)
            found = [
                _row(dict(zip(columns, stored, strict=True)), day, calendar)
                for stored in connection.execute(statement, {"day": day.isoformat()})
            ]
        return [row for row in found if not overdue or row.lamp is Lamp.OVERDUE]


_COLUMNS = {
    "filing_id": "filings.id",
    "post": "posts.kind",
    "name": "persons.name",
    "kind": "filings.kind",
    "state": "filings.state",
    "number": "coalesce(filings.number, '')",
    "change_date": "filings.change_date",
    "due_date": "filings.due_date",
    "due_provisional": "filings.due_provisional",
    "received_on": "filings.received_on",
}
_FILINGS = f"""
FROM filings
JOIN tenures ON tenures.id = filings.tenure_id
JOIN persons ON persons.id = tenures.person_id
JOIN posts ON posts.id = tenures.post_id
JOIN units ON units.id = posts.unit_id
WHERE filings.state <> '{FilingState.VOID}'
"""
_ORDER = """
ORDER BY filings.due_date IS NULL, filings.due_date, units.sort_order, units.id, posts.rank, filings.id
"""
_RUNS = (Lamp.RUNNING, Lamp.LAST_DAY)
_DATES = ("change_date", "due_date", "received_on")


def _row(stored: Mapping[str, Any], day: date, calendar: WorkingCalendar) -> FilingRow:
    dates = {key: date.fromisoformat(stored[key]) if stored[key] else None for key in _DATES}
    due, received = dates["due_date"], dates["received_on"]
    fields = {**stored, **dates, "due_provisional": bool(stored["due_provisional"])}
    if received is not None and received > day:
        received = None
        fields |= {"state": FilingState.ISSUED, "number": "", "received_on": None}
    lamp = lamp_of(FilingState(fields["state"]), due, received, day)
    came = received or (day if lamp is Lamp.OVERDUE else None)
    return FilingRow(
        **fields,
        lamp=lamp,
        working_days_left=calendar.working_days_between(day, due) if due and lamp in _RUNS else None,
        late_days=calendar.late_days(due, came) if due and came else 0,
    )
