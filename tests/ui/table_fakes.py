"""A small register in SQLite, as a service would offer it to a table."""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from cdo_desktop.errors import BusyError, StorageError
from cdo_desktop.ui.common.table_columns import CellMark, Column
from cdo_desktop.ui.common.table_model import TableQuery
from cdo_desktop.ui.common.tones import Tone

SURNAMES = "张王李赵陈刘杨黄周吴"


@dataclass(frozen=True)
class PostRow:
    """One line of the register."""

    id: int
    unit: str
    name: str
    state: str
    days: int
    phone: str
    note: str


class PostSource:
    """Sorts and filters in SQL; remembers what it was asked, and fails on demand."""

    def __init__(self, count: int) -> None:
        self.db = sqlite3.connect(":memory:")
        self.db.execute(
            "CREATE TABLE post"
            " (id INTEGER PRIMARY KEY, unit TEXT, name TEXT, state TEXT, days INT, phone TEXT, note TEXT)"
        )
        self.db.executemany("INSERT INTO post VALUES (?,?,?,?,?,?,?)", map(_made_up, range(count)))
        self.asked_rows: list[int] = []
        self.asked_queries: list[TableQuery] = []
        self.broken = False
        self.busy = False

    def keys(self, query: TableQuery) -> Sequence[int]:
        self._check()
        self.asked_queries.append(query)
        tests = ["1"] + [f"instr({key}, ?)" for key in query.filters]
        values: list[object] = list(query.filters.values())
        if query.text:
            tests.append("instr(unit || name, ?)")
            values.append(query.text)
        if "below" in query.extra:
            tests.append("id < ?")
            values.append(query.extra["below"])
        way = "DESC" if query.descending else "ASC"
        order = f"{query.sort} {way}, id" if query.sort else "id"
        found = self.db.execute(f"SELECT id FROM post WHERE {' AND '.join(tests)} ORDER BY {order}", values)
        return [key for (key,) in found]

    def rows(self, keys: Sequence[int]) -> Mapping[int, PostRow]:
        self._check()
        self.asked_rows += keys
        places = ",".join("?" * len(keys))
        found = self.db.execute(f"SELECT * FROM post WHERE id IN ({places})", list(keys))
        return {values[0]: PostRow(*values) for values in found}

    def delete(self, *keys: int) -> None:
        self.db.executemany("DELETE FROM post WHERE id = ?", [(key,) for key in keys])

    def _check(self) -> None:
        if self.busy:
            raise BusyError("数据正被另一个程序使用，请稍后再试。")
        if self.broken:
            raise StorageError("数据库被另一个程序锁住，数据没有改动，请稍后再试。")


def _made_up(number: int) -> tuple[object, ...]:
    surname = SURNAMES[number * 7 % len(SURNAMES)]
    name = "" if number % 11 == 5 else f"{surname}{number:04d}"
    state = "空缺" if not name else "超期" if number % 5 == 0 else "正常"
    return (
        number,
        f"单位{number // 2:04d}",
        name,
        state,
        number % 100,
        f"1390000{number:04d}",
        f"备注{number}",
    )


def focused() -> QWidget:
    """Return the widget with the keyboard focus; there must be one."""
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def send_wheel(target: QWidget) -> None:
    """Turn the mouse wheel one notch down over a widget."""
    place = QPoint(5, 5)
    event = QWheelEvent(
        QPointF(place),
        QPointF(target.mapToGlobal(place)),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(target, event)


MARKS = {
    "正常": CellMark("circle-check", Tone.SUCCESS, "正常"),
    "超期": CellMark("alert-circle", Tone.DANGER, "逾期"),
}

COLUMNS: tuple[Column[PostRow], ...] = (
    Column("unit", "单位", lambda row: row.unit, 160),
    Column("name", "姓名", lambda row: row.name, 80),
    Column("state", "状态", lambda row: row.state, 80, mark=lambda row: MARKS.get(row.state)),
    Column("days", "天数", lambda row: str(row.days), 60, align_right=True),
    Column("phone", "手机", lambda row: row.phone, 120, tooltip=lambda row: f"手机：{row.phone}"),
    Column("note", "备注", lambda row: row.note, 300, filterable=False, sortable=False),
    Column("id", "编号", lambda row: str(row.id), 80, hidden=True),
)
