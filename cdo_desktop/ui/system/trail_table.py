"""What the table of the audit trail shows, and how it asks the service."""

from collections.abc import Mapping, Sequence
from datetime import date

from cdo_desktop.services.trail import CONTENT, TrailQuery, TrailRow, TrailService
from cdo_desktop.ui.common.table_columns import Column
from cdo_desktop.ui.common.table_query import TableQuery

SINCE, UNTIL = "since", "until"  # the days that the table is about, both included

COLUMNS: tuple[Column[TrailRow], ...] = (
    Column("number", "序号", lambda row: str(row.number), width=70, align_right=True),
    Column("at", "时间", lambda row: f"{row.at:%Y-%m-%d %H:%M}", width=128),
    Column("actor", "经办人", lambda row: row.actor, width=88),
    Column("action", "操作", lambda row: row.action, width=104),
    Column("entity", "对象", lambda row: row.entity, width=88),
    Column("unit", "单位", lambda row: row.unit, width=116),
    Column("person", "人员", lambda row: row.person, width=88),
    Column(CONTENT, "内容", lambda row: row.summary, width=420, sortable=False),
)


def trail_query(query: TableQuery) -> TrailQuery:
    """Return what the service is asked for a table."""
    since, until = query.extra.get(SINCE), query.extra.get(UNTIL)
    return TrailQuery(
        text=query.text,
        filters=query.filters,
        sort=query.sort,
        descending=query.descending,
        since=since if isinstance(since, date) else None,
        until=until if isinstance(until, date) else None,
    )


class TrailSource:
    """Answers the table from the trail."""

    def __init__(self, service: TrailService) -> None:
        self._service = service

    def keys(self, query: TableQuery) -> Sequence[int]:
        """Return the numbers of all lines wanted."""
        return self._service.keys(trail_query(query))

    def head(self, query: TableQuery, count: int) -> Sequence[int]:
        """Return the first of these numbers."""
        return self._service.first_keys(trail_query(query), count)

    def rows(self, keys: Sequence[int]) -> Mapping[int, TrailRow]:
        """Return these lines."""
        return self._service.rows(keys)
