"""What the list of filings shows, and how it asks the service."""

from collections.abc import Mapping, Sequence
from datetime import date

from cdo_desktop.rules.filing import Lamp
from cdo_desktop.rules.vocabulary import FilingState
from cdo_desktop.services.filing_list import FilingListService, FilingQuery, FilingRow
from cdo_desktop.services.filing_sql import FilingView
from cdo_desktop.ui.common.table_columns import CellMark, Column
from cdo_desktop.ui.common.table_model import TableQuery
from cdo_desktop.ui.common.tones import Tone

VIEW = "view"  # what the table is about: kept when filters are cleared

_STATE_MARKS = {
    FilingState.DRAFT: ("pencil", Tone.MUTED),
    FilingState.ISSUED: ("printer", Tone.ACCENT),
    FilingState.SCANNED: ("scan", Tone.ACCENT),
    FilingState.RECEIVED: ("inbox", Tone.ACCENT),
    FilingState.RETURNED: ("arrow-back-up", Tone.WARNING),
    FilingState.FILED: ("circle-check", Tone.SUCCESS),
    FilingState.STORED: ("archive", Tone.SUCCESS),
    FilingState.VOID: ("x", Tone.MUTED),
}


def lamp_text(row: FilingRow) -> str:
    """Say how a filing stands in its limit, or why it is void; a paper that came late says so too."""
    if row.state == FilingState.VOID:
        return row.void_reason
    if row.lamp is Lamp.OVERDUE:
        return f"逾期{row.late.words}"
    if row.lamp is Lamp.LAST_DAY:
        return "今天到期"
    if row.lamp is Lamp.RUNNING and row.working_days_left is not None:
        return f"剩 {row.working_days_left} 个工作日"
    if row.late.is_late and not row.late_reason:
        return f"晚到{row.late.words}，待说明"
    return f"晚到{row.late.words}" if row.late.is_late else ""


def _lamp_mark(row: FilingRow) -> CellMark | None:
    text = lamp_text(row)
    if row.lamp is Lamp.OVERDUE:
        return CellMark("alert-circle", Tone.DANGER, text, Tone.DANGER_BACK)
    if row.lamp is Lamp.LAST_DAY:
        return CellMark("alert-triangle", Tone.WARNING, text, Tone.WARNING_BACK)
    if row.lamp is Lamp.RUNNING:
        return CellMark("clock", Tone.ACCENT, text)
    name = "info-circle" if row.state == FilingState.VOID else "clock"
    return CellMark(name, Tone.MUTED, text) if text else None


def _state_mark(row: FilingRow) -> CellMark:
    icon, tone = _STATE_MARKS[FilingState(row.state)]
    return CellMark(icon, tone, row.state)


def due_text(row: FilingRow) -> str:
    """Return the due date; 暂定 where the year's notice is missing."""
    return f"{_day(row.due_date)}{' 暂定' if row.due_provisional else ''}" if row.due_date else ""


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


COLUMNS: tuple[Column[FilingRow], ...] = (
    Column("unit", "单位", lambda row: row.unit, width=124, names=True),
    Column("post", "岗位", lambda row: row.post, width=92, names=True),
    Column("name", "姓名", lambda row: row.name, width=84, names=True),
    Column("kind", "类型", lambda row: row.kind, width=76),
    Column("state", "状态", lambda row: row.state, width=104, mark=_state_mark),
    Column("due_date", "截止日", due_text, width=116),
    Column("lamp", "提示", lamp_text, width=202, mark=_lamp_mark, filterable=False, sortable=False),
    Column("received_on", "收到日期", lambda row: _day(row.received_on), width=92),
    Column("number", "备案编号", lambda row: row.number, width=104),
    Column("filed_on", "备案日期", lambda row: _day(row.filed_on), width=92),
    Column(
        "last_contact",
        "最近催办",
        lambda row: f"{row.last_contact:%Y-%m-%d %H:%M}" if row.last_contact else "",
        width=124,
    ),
    Column("title", "职务", lambda row: row.title, width=150, hidden=True),
    Column("change_date", "变更日期", lambda row: _day(row.change_date), width=92, hidden=True),
    Column("known_on", "知悉日期", lambda row: _day(row.known_on), width=92, hidden=True),
    Column("told_by", "告知人", lambda row: row.told_by, width=120, hidden=True),
    Column("scan_on", "扫描件日期", lambda row: _day(row.scan_on), width=92, hidden=True),
    Column("original_on", "原件日期", lambda row: _day(row.original_on), width=92, hidden=True),
    Column("late_reason", "逾期说明", lambda row: row.late_reason, width=180, hidden=True),
    Column("return_reason", "退回原因", lambda row: row.return_reason, width=180, hidden=True),
    Column("filed_by", "经办人", lambda row: row.filed_by, width=84, hidden=True),
    Column("stored_on", "入库日期", lambda row: _day(row.stored_on), width=92, hidden=True),
    Column("stored_place", "存放位置", lambda row: row.stored_place, width=140, hidden=True),
    Column("void_reason", "作废原因", lambda row: row.void_reason, width=180, hidden=True),
)


class FilingSource:
    """Answers the table from the service."""

    def __init__(self, service: FilingListService) -> None:
        self._service = service

    def keys(self, query: TableQuery) -> Sequence[int]:
        """Return the ids of all filings wanted."""
        return self._service.keys(as_filing_query(query))

    def rows(self, keys: Sequence[int]) -> Mapping[int, FilingRow]:
        """Return the filings of these ids as they stand today."""
        return self._service.rows_of(keys)

    def counts(self, query: TableQuery) -> dict[FilingView, int]:
        """Return what the chips say."""
        return self._service.counts(as_filing_query(query))


def view_of(query: TableQuery) -> FilingView:
    """Return the list that a table shows."""
    return FilingView(str(query.extra.get(VIEW, FilingView.WAITING)))


def as_filing_query(query: TableQuery) -> FilingQuery:
    """Translate what the table wants."""
    return FilingQuery(
        view=view_of(query),
        text=query.text,
        filters=query.filters,
        sort=query.sort,
        descending=query.descending,
    )
