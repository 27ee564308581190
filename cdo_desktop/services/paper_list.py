"""收文登记 as a list: every paper that was received, of one year or of all, sorted and filtered in SQL."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from cdo_desktop.services.filing_receipts import entry_number
from cdo_desktop.services.filing_sql import FILINGS
from cdo_desktop.services.journal import Journal
from cdo_desktop.services.register_sql import Conditions
from cdo_desktop.store import Database

_PAPERS: Final = FILINGS.replace("FROM filings", "FROM papers JOIN filings ON filings.id = papers.filing_id")
_ENTRY: Final = (
    "iif(papers.entry_no <> '', papers.entry_no, '收' || papers.year || '-' || printf('%04d', papers.count))"
)
_COLUMNS: Final[Mapping[str, str]] = {
    "paper_id": "papers.id",
    "filing_id": "filings.id",
    "year": "papers.year",
    "count": "papers.count",
    "entry_no": "papers.entry_no",
    "received_on": "papers.received_on",
    "unit": "units.short_name",
    "post": "posts.kind",
    "name": "persons.name",
    "kind": "filings.kind",
    "form": "papers.form",
    "way": "papers.way",
    "copies": "papers.copies",
    "received_by": "papers.received_by",
    "shows": "papers.shows",
    "returned_on": "papers.returned_on",
    "note": "papers.note",
}
_SHOWN: Final[Mapping[str, str]] = {**_COLUMNS, "number": _ENTRY}
_SORTS: Final[Mapping[str, str]] = {
    **_SHOWN,
    "unit": "units.pinyin",
    "name": "persons.sort_key",
    "post": "posts.rank",
    "number": "papers.year * 1000000 + papers.count",
}
_NEWEST_FIRST: Final = "papers.year DESC, papers.count DESC"
_DATES: Final = ("received_on", "returned_on")


@dataclass(frozen=True)
class PaperQuery:
    """What the table asks for; ``year`` None means all years."""

    year: int | None = None
    text: str = ""
    filters: Mapping[str, str] = field(default_factory=dict)
    sort: str = ""
    descending: bool = False


@dataclass(frozen=True, slots=True)
class PaperRow:
    """One paper that was received."""

    paper_id: int
    filing_id: int
    year: int
    count: int
    entry_no: str
    received_on: date
    unit: str
    post: str
    name: str
    kind: str
    form: str
    way: str
    copies: int
    received_by: str
    shows: str
    returned_on: date | None
    note: str

    @property
    def number(self) -> str:
        """收文号: the office's own, else the running number of the year."""
        return entry_number(self.year, self.count, self.entry_no)


class PaperListService:
    """Lists what was received; reads only."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    def keys(self, query: PaperQuery) -> list[int]:
        """Return the id of every paper wanted, by itself the newest first."""
        wanted = _Wanted(self._journal.today, self._journal.today)
        if query.year is not None:
            wanted.equal("papers.year", query.year)
        wanted.typed(query.text, query.filters)
        statement = f"SELECT papers.id {_PAPERS} WHERE 1 {wanted} {_order(query)}"
        with self._database.snapshot() as connection:
            return [paper_id for (paper_id,) in connection.execute(statement, wanted.values)]

    def rows(self, paper_ids: Sequence[int]) -> dict[int, PaperRow]:
        """Return some papers; one that is gone is left out."""
        where = "WHERE papers.id IN (SELECT value FROM json_each(?))"
        statement = f"SELECT {', '.join(_COLUMNS.values())} {_PAPERS} {where}"
        with self._database.snapshot() as connection:
            found = connection.execute(statement, (json.dumps(list(paper_ids)),)).fetchall()
        rows = (_row(dict(zip(_COLUMNS, stored, strict=True))) for stored in found)
        return {row.paper_id: row for row in rows}


def _order(query: PaperQuery) -> str:
    if not query.sort:
        return f"ORDER BY {_NEWEST_FIRST}"
    column, way = _SORTS[query.sort], "DESC" if query.descending else "ASC"
    return f"ORDER BY ({column} IS NULL OR {column} = ''), {column} {way}, {_NEWEST_FIRST}"


class _Wanted(Conditions):
    columns = _SHOWN
    searched = (_ENTRY, "posts.kind", "papers.form", "papers.way", "papers.note")


def _row(stored: Mapping[str, Any]) -> PaperRow:
    dates = {key: date.fromisoformat(stored[key]) if stored[key] else None for key in _DATES}
    return PaperRow(**{**stored, **dates})
