"""The SQL of the list of filings: every paper with its limit. What somebody typed is always bound."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final

from cdo_desktop.rules.filing import FINAL_STATES, OPEN_STATES, RECEIVED_STATES
from cdo_desktop.rules.vocabulary import FilingState
from cdo_desktop.services.register_sql import Conditions


class FilingView(StrEnum):
    """The lists in which an office works through its filings."""

    WAITING = "待收件"
    OVERDUE = "逾期未收"
    TO_NUMBER = "待编号"
    TO_EXPLAIN = "待逾期说明"
    TO_ORIGINAL = "待补原件"
    TO_STORE = "待入库"
    DONE = "已办结"
    VOID = "作废"
    ALL = "全部"


def _in(states: Iterable[FilingState]) -> str:
    words = ", ".join(f"'{state}'" for state in states)
    return f"filings.state IN ({words})"


_NOT_HERE: Final = (
    f"filings.received_on IS NULL AND ({_in(OPEN_STATES)} OR ({_in(RECEIVED_STATES)}"
    " AND (filings.scan_on IS NOT NULL OR filings.original_on IS NOT NULL)))"
)
_UNDERWAY: Final = _in((*OPEN_STATES, *RECEIVED_STATES))
# What came in by import was filed before: old lateness is no business of today (office.md §1, go-live).
_HERE_FILED: Final = f"({_UNDERWAY} OR filings.filed_on IS NOT NULL)"
VIEWS: Final[Mapping[FilingView, str]] = {
    FilingView.WAITING: _NOT_HERE,
    FilingView.OVERDUE: f"{_NOT_HERE} AND filings.due_date < :day",
    # What came in by import may say that it was received and not when.
    FilingView.TO_NUMBER: f"{_in(RECEIVED_STATES)} AND (filings.received_on IS NOT NULL"
    " OR (filings.scan_on IS NULL AND filings.original_on IS NULL))",
    FilingView.TO_EXPLAIN: "filings.received_on > filings.due_date AND filings.late_reason = ''"
    f" AND filings.state <> '{FilingState.VOID}' AND {_HERE_FILED}",
    FilingView.TO_ORIGINAL: "filings.scan_on IS NOT NULL AND filings.original_on IS NULL"
    f" AND filings.state <> '{FilingState.VOID}' AND {_HERE_FILED}",
    FilingView.TO_STORE: f"filings.state = '{FilingState.FILED}' AND filings.filed_on IS NOT NULL",
    FilingView.DONE: _in(FINAL_STATES),
    FilingView.VOID: f"filings.state = '{FilingState.VOID}'",
    FilingView.ALL: "1",
}
"""Which filings belong to a list on ``:day``."""

FILINGS: Final = """
FROM filings
JOIN tenures ON tenures.id = filings.tenure_id
JOIN persons ON persons.id = tenures.person_id
JOIN posts ON posts.id = tenures.post_id
JOIN units ON units.id = posts.unit_id
"""
COLUMNS: Final[Mapping[str, str]] = {
    "filing_id": "filings.id",
    "version": "filings.version",
    "tenure_id": "tenures.id",
    "person_id": "persons.id",
    "post_id": "posts.id",
    "unit_id": "units.id",
    "unit": "units.short_name",
    "post": "posts.kind",
    "name": "persons.name",
    "title": "tenures.title",
    "kind": "filings.kind",
    "state": "filings.state",
    "number": "coalesce(filings.number, '')",
    "change_date": "filings.change_date",
    "known_on": "filings.known_on",
    "told_by": "filings.told_by",
    "due_date": "filings.due_date",
    "due_provisional": "filings.due_provisional",
    "received_on": "filings.received_on",
    "scan_on": "filings.scan_on",
    "original_on": "filings.original_on",
    "late_reason": "filings.late_reason",
    "return_reason": "filings.return_reason",
    "void_reason": "filings.void_reason",
    "filed_on": "filings.filed_on",
    "filed_by": "filings.filed_by",
    "stored_on": "filings.stored_on",
    "stored_place": "filings.stored_place",
    "last_contact": "(SELECT max(at) FROM contacts WHERE contacts.filing_id = filings.id)",
}
DATES: Final = (
    *("change_date", "known_on", "due_date", "received_on", "scan_on", "original_on", "filed_on"),
    "stored_on",
)
SORTS: Final[Mapping[str, str]] = {
    **COLUMNS,
    "unit": "units.pinyin",
    "name": "persons.sort_key",
    "post": "posts.rank",
    "number": "filings.number_year, filings.number_count, filings.number",
}
_NATURAL: Final = (
    "filings.due_date IS NULL, filings.due_date, units.sort_order, units.id, posts.rank, filings.id"
)


def in_order(sort: str, *, descending: bool) -> str:
    """Return the ORDER BY of a column, or of the list itself for ""; empty cells come last either way."""
    if not sort:
        return f"ORDER BY {_NATURAL}"
    way = "DESC" if descending else "ASC"
    columns = SORTS[sort].split(", ") if sort == "number" else [SORTS[sort]]
    blank = f"({columns[-1]} IS NULL OR {columns[-1]} = '')"
    return f"ORDER BY {blank}, {', '.join(f'{column} {way}' for column in columns)}, {_NATURAL}"


class FilingConditions(Conditions):
    """The filings wanted of all."""

    columns = COLUMNS
    searched = ("filings.number", "tenures.title", "posts.kind", "filings.state", "filings.kind")
