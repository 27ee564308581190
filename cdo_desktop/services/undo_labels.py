"""What an action is called when it is offered for undoing: 修改 张三 手机."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdo_desktop.services.filing_again import AGAIN_WORDS
from cdo_desktop.services.history import change_details

if TYPE_CHECKING:
    from sqlalchemy import Connection

_WITH_OTHERS = (
    "新建单位",
    "新建备案",
    "作废",
    *AGAIN_WORDS,
    "收文登记",
    "添加附件",
)  # done by the way of others
_PRINTED = ("出表", "再次出表")  # one action, told of each form as it was
_IMPORT = "导入"
_EDITS = {"信息更新": "修改", "登记更正": "更正", "修改单位": "修改单位", "修改备案内容": "修改备案"}
_MOST_FIELDS = 2
OF_THE_REGISTER = frozenset(("units", "tenures", "persons", "filings", "papers", "waiting_scans", "contacts"))
"""Whose lines of the history tell of an edit of the register or of a filing."""
OF_THE_OFFICE = frozenset(("calendar_years", "settings"))
"""What is no step itself, with all that follows from it: a notice moves due dates."""


@dataclass(frozen=True)
class HistoryLine:
    """One line of the history, as it is stored."""

    line_id: int
    action: str
    entity: str
    entity_id: int
    unit_id: int | None
    person_id: int | None
    before: str
    after: str


_COLUMNS = "id, action, entity, entity_id, unit_id, person_id, before_values, after_values"


def lines_between(connection: "Connection", first: int, last: int | None = None) -> list[HistoryLine]:
    """Return lines of the history in their order; without ``last`` all from the first on."""
    query = f"SELECT {_COLUMNS} FROM history WHERE id >= ? AND id <= coalesce(?, id) ORDER BY id"
    return [HistoryLine(*row) for row in connection.exec_driver_sql(query, (first, last))]


def label_of(connection: "Connection", lines: Sequence[HistoryLine]) -> str:
    """Return the name of the action that wrote these lines; there is at least one."""
    told = [line for line in lines if line.action not in _WITH_OTHERS]
    told = told or [line for line in lines if line.action != "添加附件"] or list(lines)
    if any(line.action == _IMPORT for line in told):
        return f"{_IMPORT} {_subject(connection, told, several='')}"
    action = told[0].action
    if action in _PRINTED and any(line.action == _PRINTED[0] for line in told):
        action = _PRINTED[0]
        told = [line for line in told if line.action in _PRINTED]
    else:
        told = [line for line in told if line.action == action]
    # A reform is one of units, whose holders it ends by the way.
    told = [line for line in told if line.entity == "units"] or told
    holders = [line for line in told if line.entity == "tenures"]
    if action in _EDITS:
        # Another first day moves the end of who was there before as well.
        edited = [line for line in holders if _edits_holder(line)] or told[-1:]
        if holders or len({line.unit_id for line in told}) == 1:
            return " ".join((_EDITS[action], _subject(connection, edited), *_fields(edited)))
    if action == "更换":
        names = _persons(connection, holders)
        if len(names) == 2:  # who goes and who comes
            return f"更换 {names[0]}为{names[1]}"
    return f"{_EDITS.get(action, action)} {_subject(connection, told)}".rstrip()


def _subject(connection: "Connection", lines: Sequence[HistoryLine], several: str = "{first}等 ") -> str:
    """Name whom the lines are about: one by name, several by the first of them and their number."""
    people = dict.fromkeys(line.person_id for line in lines if line.person_id is not None)
    if people:
        first = _name(connection, "SELECT name FROM persons WHERE id = ?", next(iter(people)))
        papers = {line.entity_id for line in lines if line.entity == "filings"}
        if len(papers) > 1 and len(papers) == len(lines):
            return f"{several.format(first=first)}{len(papers)} 份"
        return first if len(people) == 1 else f"{several.format(first=first)}{len(people)} 人"
    units = dict.fromkeys(line.unit_id for line in lines if line.unit_id is not None)
    if not units:
        return ""
    first = _name(connection, "SELECT short_name FROM units WHERE id = ?", next(iter(units)))
    return first if len(units) == 1 else f"{several.format(first=first)}{len(units)} 个单位"


def _persons(connection: "Connection", lines: Sequence[HistoryLine]) -> list[str]:
    people = dict.fromkeys(line.person_id for line in lines)
    query = "SELECT name FROM persons WHERE id = ?"
    return [_name(connection, query, person) for person in list(people)[:3] if person is not None]


def _name(connection: "Connection", query: str, row_id: int) -> str:
    return str(connection.exec_driver_sql(query, (row_id,)).scalar() or "")


def _edits_holder(line: HistoryLine) -> bool:
    return not line.after or json.loads(line.after).keys() != {"until"}


def _fields(lines: Sequence[HistoryLine]) -> tuple[str, ...]:
    """Return the changed fields of an edit in the words of its form."""
    changed = {
        label: None
        for line in lines
        for label, _old, _new in change_details(line.entity, line.before, line.after)
    }
    labels = list(changed)
    if not labels:
        return ()
    more = f"等 {len(labels)} 项" if len(labels) > _MOST_FIELDS else ""
    return ("、".join(labels[:_MOST_FIELDS]) + more,)
