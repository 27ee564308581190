"""What the table of units shows, and how it asks the service."""

from collections.abc import Mapping, Sequence
from datetime import date

from cdo_desktop.services.unit_list import UnitLine, UnitListQuery, UnitListService
from cdo_desktop.ui.common.table_columns import CellMark, Column
from cdo_desktop.ui.common.table_model import TableQuery
from cdo_desktop.ui.common.tones import Tone

ENDED = "ended"  # whether the table holds the units that a reform ended


def confirmed_text(line: UnitLine) -> str:
    """Say whether the full name was checked against the seal."""
    return "已核对" if line.full_name_confirmed else "待核对"


def ended_text(line: UnitLine) -> str:
    """Say when a unit ended and who went on for it."""
    if line.valid_to is None:
        return ""
    return f"{line.valid_to.isoformat()} {f'→ {line.successors}' if line.successors else '撤销'}"


def _confirmed_mark(line: UnitLine) -> CellMark:
    if line.full_name_confirmed:
        return CellMark("circle-check", Tone.SUCCESS, "已核对")
    return CellMark("clock", Tone.WARNING, "待核对")


def _ended_mark(line: UnitLine) -> CellMark | None:
    return CellMark("archive", Tone.MUTED, "已撤并") if line.valid_to is not None else None


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


COLUMNS: tuple[Column[UnitLine], ...] = (
    Column("short_name", "单位", lambda line: line.short_name, width=140, mark=_ended_mark),
    Column("full_name", "单位全称（与公章一致）", lambda line: line.full_name, width=260),
    Column("confirmed", "公章", confirmed_text, width=80, mark=_confirmed_mark, filterable=False),
    Column("category", "类别", lambda line: line.category, width=92),
    Column("group", "考核分组", lambda line: line.group, width=104),
    Column("second_names", "加挂名称", lambda line: line.second_names, width=180, sortable=False),
    Column("former_names", "曾用名", lambda line: line.former_names, width=160, sortable=False),
    Column("valid_from", "设立", lambda line: _day(line.valid_from), width=92, filterable=False),
    Column("valid_to", "撤并", ended_text, width=190, filterable=False),
    Column(
        "sort_order",
        "排序",
        lambda line: str(line.sort_order),
        width=60,
        align_right=True,
        filterable=False,
        hidden=True,
    ),
    Column("note", "备注", lambda line: line.note, width=160, hidden=True),
)


class UnitSource:
    """Answers the table from the list of units."""

    def __init__(self, service: UnitListService) -> None:
        self._service = service

    def keys(self, query: TableQuery) -> Sequence[int]:
        """Return the ids of all units wanted."""
        return self._service.keys(
            UnitListQuery(
                text=query.text,
                filters=query.filters,
                sort=query.sort,
                descending=query.descending,
                ended=query.extra.get(ENDED) is True,
            )
        )

    def rows(self, keys: Sequence[int]) -> Mapping[int, UnitLine]:
        """Return the lines of these units."""
        return self._service.rows(keys)
