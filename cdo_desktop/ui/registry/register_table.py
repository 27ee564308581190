"""What the register's table shows, and how it asks the service."""

from collections.abc import Mapping, Sequence
from datetime import date

from cdo_desktop.rules.filing import RegisterState
from cdo_desktop.rules.text import Checked, mask_mobile
from cdo_desktop.rules.vocabulary import UnitGroup
from cdo_desktop.services.holder_draft import checked_field
from cdo_desktop.services.register import RegisterCounts, RegisterQuery, RegisterRow, RegisterService, RowKey
from cdo_desktop.ui.common.table_columns import CellMark, Column, PasteRule
from cdo_desktop.ui.common.table_model import TableQuery
from cdo_desktop.ui.common.tones import Tone

AS_OF = "as_of"  # what the table is about
GROUP, STATE = "group_is", "state_is"  # the chips beside the filter row

_MARKS = {
    RegisterState.OVERDUE: ("alert-circle", Tone.DANGER),
    RegisterState.RUNNING: ("clock", Tone.WARNING),
    RegisterState.VACANT: ("user-minus", Tone.WARNING),
    RegisterState.RECEIVED: ("inbox", Tone.ACCENT),
    RegisterState.FILED: ("circle-check", Tone.SUCCESS),
}


def state_text(row: RegisterRow) -> str:
    """Say the state with its number, and what is registered for a coming day."""
    coming = ""
    if row.until is not None:
        coming = f"，{row.until:%m-%d} 离任"
    elif row.tenure_id is None and row.next_since is not None:
        coming = f"，{row.next_since:%m-%d} 到任"
    return _state_words(row) + coming


def _state_words(row: RegisterRow) -> str:
    if row.state is RegisterState.VACANT:
        return f"空缺 {row.empty_days} 天" if row.empty_days else "空缺"
    if row.state is RegisterState.OVERDUE:
        return f"逾期{row.late.words}"
    if row.state is RegisterState.RUNNING and row.working_days_left is not None:
        left = row.working_days_left
        return f"待备案，剩 {left} 个工作日" if left else "待备案，当日截止"
    return str(row.state)


def due_text(row: RegisterRow) -> str:
    """Return the due date of a 变更备案; 暂定 where the year's notice is missing."""
    if row.due_date is None:
        return ""
    return f"{row.due_date.isoformat()}{' 暂定' if row.due_provisional else ''}"


def _state_mark(row: RegisterRow) -> CellMark | None:
    mark = _MARKS.get(row.state)
    return CellMark(mark[0], mark[1], str(row.state)) if mark else None


def _unit_tip(row: RegisterRow) -> str:
    return row.unit_full_name if row.unit_name_confirmed else f"{row.unit_full_name}（全称待与公章核对）"


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _paste(field: str, *heads: str) -> PasteRule:
    """Return how a text is pasted into a field of the holder, by what its form would say to it."""

    def parse(text: str) -> Checked:
        return checked_field(field, text)

    return PasteRule(parse, heads)


COLUMNS: tuple[Column[RegisterRow], ...] = (
    Column("unit", "单位", lambda row: row.unit, width=132, tooltip=_unit_tip, names=True),
    Column("post", "岗位", lambda row: row.post, width=108, names=True),
    Column("name", "姓名", lambda row: row.name, width=104, names=True),
    Column("state", "状态", state_text, width=176, mark=_state_mark),
    Column("title", "现任职务", lambda row: row.title, width=168, paste=_paste("title", "职务")),
    Column("section", "科室", lambda row: row.section, width=104, paste=_paste("section", "所在科室")),
    Column(
        "office_phone",
        "办公电话",
        lambda row: row.office_phone,
        width=112,
        paste=_paste("office_phone", "办公室电话", "座机"),
    ),
    Column(
        "mobile",
        "手机",
        lambda row: mask_mobile(row.mobile),
        width=104,
        paste=_paste("mobile", "手机号", "手机号码", "移动电话"),
    ),
    Column("since", "任职日期", lambda row: _day(row.since), width=92),
    Column("due_date", "应备案截止日", due_text, width=126),
    Column(
        "head_status",
        "主要负责人",
        lambda row: row.head_status,
        width=84,
        paste=_paste("head_status", "是否行政主要负责人"),
    ),
    Column("basis", "委任依据", lambda row: row.basis, width=180, paste=_paste("basis")),
    Column(
        "email",
        "政务邮箱",
        lambda row: row.email,
        width=170,
        hidden=True,
        paste=_paste("email", "邮箱", "电子邮箱"),
    ),
    Column("sex", "性别", lambda row: row.sex, width=52, hidden=True, paste=_paste("sex")),
    Column("category", "单位类别", lambda row: row.category, width=92, hidden=True),
    Column("group", "考核分组", lambda row: row.group, width=104, hidden=True),
    Column("unit_full_name", "单位全称", lambda row: row.unit_full_name, width=240, hidden=True),
    Column("note", "备注", lambda row: row.note, width=160, hidden=True, paste=_paste("note")),
)


class RegisterSource:
    """Answers the table from the register service."""

    def __init__(self, service: RegisterService) -> None:
        self._service = service
        self._as_of: date | None = None

    def keys(self, query: TableQuery) -> Sequence[RowKey]:
        """Return the keys of all rows wanted, and remember the day for their rows."""
        register_query = as_register_query(query)
        self._as_of = register_query.as_of
        return self._service.keys(register_query)

    def head(self, query: TableQuery, count: int) -> Sequence[RowKey]:
        """Return the keys of the first rows wanted, and remember the day for their rows."""
        register_query = as_register_query(query)
        self._as_of = register_query.as_of
        return self._service.first_keys(register_query, count)

    def rows(self, keys: Sequence[RowKey]) -> Mapping[RowKey, RegisterRow]:
        """Return the rows of these keys on the day asked for last."""
        return self._service.rows(keys, self._as_of)

    def counts(self, query: TableQuery) -> RegisterCounts:
        """Return what the chips say."""
        return self._service.counts(as_register_query(query))


def as_register_query(query: TableQuery) -> RegisterQuery:
    """Translate what the table wants."""
    filters = dict(query.filters)
    group, state = filters.pop(GROUP, ""), filters.pop(STATE, "")
    as_of = query.extra.get(AS_OF)
    return RegisterQuery(
        as_of=as_of if isinstance(as_of, date) else None,
        text=query.text,
        filters=filters,
        sort=query.sort,
        descending=query.descending,
        group=UnitGroup(group) if group else None,
        state=RegisterState(state) if state else None,
    )
