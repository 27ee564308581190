"""What the table of 收文登记 shows, and how it asks the service."""

from collections.abc import Mapping, Sequence
from datetime import date

from cdo_desktop.rules.vocabulary import PaperShows
from cdo_desktop.services.paper_list import PaperListService, PaperQuery, PaperRow
from cdo_desktop.ui.common.table_columns import CellMark, Column
from cdo_desktop.ui.common.table_query import TableQuery
from cdo_desktop.ui.common.tones import Tone

YEAR = "year"  # what the table is about


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _shows_mark(row: PaperRow) -> CellMark | None:
    if row.shows != PaperShows.OLDER:
        return None
    return CellMark("alert-triangle", Tone.WARNING, "打印以后改过，请核对")


COLUMNS: tuple[Column[PaperRow], ...] = (
    Column("number", "收文号", lambda row: row.number, width=120),
    Column("received_on", "收到日期", lambda row: _day(row.received_on), width=92),
    Column("unit", "单位", lambda row: row.unit, width=124),
    Column("post", "岗位", lambda row: row.post, width=92),
    Column("name", "姓名", lambda row: row.name, width=84),
    Column("kind", "类型", lambda row: row.kind, width=76),
    Column("form", "形式", lambda row: row.form, width=64),
    Column("way", "方式", lambda row: row.way, width=76),
    Column("copies", "份数", lambda row: str(row.copies), width=52, align_right=True),
    Column("received_by", "收件人", lambda row: row.received_by, width=88),
    Column("shows", "内容", lambda row: row.shows, width=82, mark=_shows_mark),
    Column("returned_on", "退回日期", lambda row: _day(row.returned_on), width=92),
    Column("note", "备注", lambda row: row.note, width=156),
)


class PaperSource:
    """Answers the table from the service."""

    def __init__(self, service: PaperListService) -> None:
        self._service = service

    def keys(self, query: TableQuery) -> Sequence[int]:
        """Return the ids of all papers wanted."""
        return self._service.keys(as_paper_query(query))

    def rows(self, keys: Sequence[int]) -> Mapping[int, PaperRow]:
        """Return the papers of these ids."""
        return self._service.rows(keys)


def as_paper_query(query: TableQuery) -> PaperQuery:
    """Translate what the table wants."""
    year = query.extra.get(YEAR)
    return PaperQuery(
        year=year if isinstance(year, int) else None,
        text=query.text,
        filters=query.filters,
        sort=query.sort,
        descending=query.descending,
    )
