"""备案 as a list: every paper with its limit, as seen on a day, sorted and filtered in SQL."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from cdo_desktop.rules.filing import Lamp, Lateness, lamp_of, lateness
from cdo_desktop.rules.vocabulary import FilingState
from cdo_desktop.rules.working_days import WorkingCalendar
from cdo_desktop.services.calendar import read_calendar
from cdo_desktop.services.filing_past import WHERE, read_past
from cdo_desktop.services.filing_sql import (
    COLUMNS,
    DATES,
    FILINGS,
    VIEWS,
    FilingConditions,
    FilingView,
    in_order,
)
from cdo_desktop.services.journal import Journal
from cdo_desktop.services.register_sql import unit_name_on
from cdo_desktop.store import Database


@dataclass(frozen=True)
class FilingQuery:
    """What the table asks for."""

    view: FilingView = FilingView.ALL
    text: str = ""
    filters: Mapping[str, str] = field(default_factory=dict)
    sort: str = ""
    descending: bool = False


@dataclass(frozen=True, slots=True)
class FilingRow:
    """One 备案, with its holder and its unit."""

    filing_id: int
    version: int
    tenure_id: int
    person_id: int
    post_id: int
    unit_id: int
    unit: str
    post: str
    name: str
    title: str
    kind: str
    state: str
    number: str
    change_date: date | None
    known_on: date | None
    told_by: str
    due_date: date | None
    due_provisional: bool
    received_on: date | None
    scan_on: date | None
    original_on: date | None
    late_reason: str
    return_reason: str
    void_reason: str
    filed_on: date | None
    filed_by: str
    stored_on: date | None
    stored_place: str
    last_contact: datetime | None
    lamp: Lamp
    working_days_left: int | None  # None without a limit that runs
    late: Lateness  # until the paper came or the day looked from

    @property
    def is_half_here(self) -> bool:
        """Whether the scan came and does not count: the original is missing."""
        return self.received_on is None and self.scan_on is not None and self.original_on is None

    @property
    def is_sent_back(self) -> bool:
        """Whether it was sent back and nothing came since; a form printed anew does not change that."""
        reprinted = self.state == FilingState.ISSUED and bool(self.return_reason)
        return self.state == FilingState.RETURNED or reprinted


class FilingListService:
    """Lists the filings; reads only."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    def keys(self, query: FilingQuery) -> list[int]:
        """Return the id of every filing wanted, in the asked order."""
        wanted = self._wanted(query)
        order = in_order(query.sort, descending=query.descending)
        statement = f"SELECT filings.id {FILINGS} WHERE {VIEWS[query.view]} {wanted} {order}"
        with self._database.snapshot() as connection:
            return [filing_id for (filing_id,) in connection.execute(statement, wanted.values)]

    def rows_of(self, filing_ids: Sequence[int]) -> dict[int, FilingRow]:
        """Return some filings as they stand today; one that is gone is left out."""
        where = "WHERE filings.id IN (SELECT value FROM json_each(:ids))"
        found = self._read(where, self._journal.today, {"ids": json.dumps(list(filing_ids))})
        return {row.filing_id: row for row in found}

    def counts(self, query: FilingQuery) -> dict[FilingView, int]:
        """Return how many filings each list has, within the other filters."""
        wanted = self._wanted(query)
        sums = ", ".join(f"coalesce(sum({condition}), 0)" for condition in VIEWS.values())
        statement = f"SELECT {sums} {FILINGS} WHERE 1 {wanted}"
        with self._database.snapshot() as connection:
            return dict(zip(VIEWS, connection.execute(statement, wanted.values).fetchone(), strict=True))

    def rows(self, on: date | None = None, *, overdue: bool = False) -> list[FilingRow]:
        """Return the filings that are not void as they stood on a day, the earliest due date first.

        With ``overdue`` only those that were late and not received. Of a past day: see `PastDays`.
        """
        day = on or self._journal.today
        where = WHERE if day < self._journal.today else f"WHERE filings.state <> '{FilingState.VOID}'"
        found = self._read(f"{where} {in_order('', descending=False)}", day, {})
        return [row for row in found if not overdue or row.lamp is Lamp.OVERDUE]

    def _read(self, where: str, day: date, values: Mapping[str, str]) -> list[FilingRow]:
        columns = {**COLUMNS, "unit": unit_name_on("unit", day, self._journal.today)}
        statement = f"SELECT {', '.join(columns.values())} {FILINGS} {where}"
        with self._database.snapshot() as connection:
            calendar = read_calendar(connection)
            past = read_past(connection, day) if day < self._journal.today else None
            found = connection.execute(statement, {"day": day.isoformat(), **values})
            rows = (dict(zip(columns, stored, strict=True)) for stored in found)
            return [_row(past.columns(row) if past else row, day, calendar) for row in rows]

    def _wanted(self, query: FilingQuery) -> FilingConditions:
        wanted = FilingConditions(self._journal.today, self._journal.today)
        wanted.typed(query.text, query.filters)
        return wanted


def _row(stored: Mapping[str, Any], day: date, calendar: WorkingCalendar) -> FilingRow:
    dates = {key: date.fromisoformat(stored[key]) if stored[key] else None for key in DATES}
    due, received = dates["due_date"], dates["received_on"]
    provisional = calendar.is_still_provisional(bool(stored["due_provisional"]), dates["change_date"], due)
    fields = {**stored, **dates, "due_provisional": provisional}
    called = stored["last_contact"]
    fields["last_contact"] = datetime.fromisoformat(called) if called else None
    half = dates["scan_on"] is not None or dates["original_on"] is not None
    lamp = lamp_of(FilingState(fields["state"]), due, received, day, half_received=half)
    came = received or (day if lamp is Lamp.OVERDUE else None)
    return FilingRow(
        **fields,
        lamp=lamp,
        working_days_left=calendar.working_days_between(day, due)
        if due and lamp in (Lamp.RUNNING, Lamp.LAST_DAY)
        else None,
        late=lateness(due, came, calendar),
    )
