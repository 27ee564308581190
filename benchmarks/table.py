"""The register as a table of 100,000 posts, against a bare Qt table and against SQLite alone.

First the rows shown are compared with the rows of the plain query. Then a process each, from the end of its
imports to the first paint: a bare empty table, a table that fetches plain rows by page, and the register,
whose other rows are looked up in another thread as in the program; how long its scroll bar takes to be full
is printed too. At last every column is sorted by the register and by the same ORDER BY in sqlite3.
"""

import argparse
import importlib
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["QT_QPA_FONTDIR"] = str(Path(__file__).resolve().parents[1] / "resources" / "fonts")

from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, QTimer
from PySide6.QtWidgets import QTableView, QWidget

from benchmarks.large_register import NOW, TODAY, make_register
from cdo_desktop import paths
from cdo_desktop.office import Office
from cdo_desktop.services.register import RegisterQuery, RegisterRow, RegisterService, RowKey
from cdo_desktop.ui.common.overriding import override
from cdo_desktop.ui.common.style import apply_style, new_application
from cdo_desktop.ui.common.table_view import DataTable
from cdo_desktop.ui.common.tasks import Tasks
from cdo_desktop.ui.registry.register_table import COLUMNS, RegisterSource

PAINT_GOAL = 1.9
MEMORY_GOAL = 10.0  # megabytes more than the empty table
SORT_GOAL = 2.0
SIZE = (1280, 720)
PAGE = 128
_LATE_IMPORTS = (
    "PySide6.QtSvg",
    "borax.calendars.lunardate",
)  # of the program, at its first icon and first row
Index = QModelIndex | QPersistentModelIndex
_NO_ROOT = QModelIndex()

# The natural order of the register and the rows it holds, written by hand.
_FROM = """
FROM posts JOIN units ON units.id = posts.unit_id
LEFT JOIN tenures ON tenures.post_id = posts.id AND tenures.since <= :day
    AND (tenures.until IS NULL OR tenures.until > :day)
LEFT JOIN persons ON persons.id = tenures.person_id
LEFT JOIN filings ON filings.id = (
    SELECT max(paper.id) FROM filings AS paper
    WHERE paper.tenure_id = tenures.id AND paper.state <> '作废' AND paper.kind <> '离任备案')
WHERE (units.valid_from IS NULL OR units.valid_from <= :day)
    AND (units.valid_to IS NULL OR units.valid_to > :day)
"""
_NATURAL = "units.sort_order, units.id, posts.rank, tenures.since, tenures.id"
_COLUMNS = {
    "unit": "units.pinyin",
    "post": "posts.rank",
    "name": "persons.sort_key",
    "title": "tenures.title",
    "section": "tenures.section",
    "office_phone": "persons.office_phone",
    "mobile": "persons.mobile",
    "since": "tenures.since",
    "due_date": "filings.due_date",
    "head_status": "tenures.head_status",
    "basis": "tenures.basis",
    "email": "persons.email",
    "sex": "persons.sex",
    "category": "units.category",
    "group": "units.unit_group",
    "unit_full_name": "units.pinyin",
    "note": "tenures.note",
}


class PagedModel(QAbstractTableModel):
    """Plain rows, fetched when the view comes to them: the least that shows something."""

    def __init__(self, connection: sqlite3.Connection, total: int) -> None:
        super().__init__()
        self._connection = connection
        self._total = total
        self._rows: list[tuple[Any, ...]] = []

    @override
    def rowCount(self, parent: Index = _NO_ROOT) -> int:
        return len(self._rows)

    @override
    def columnCount(self, parent: Index = _NO_ROOT) -> int:
        return 12

    @override
    def canFetchMore(self, parent: Index) -> bool:
        return len(self._rows) < self._total

    @override
    def fetchMore(self, parent: Index) -> None:
        statement = "SELECT * FROM tenures WHERE id > ? ORDER BY id LIMIT ?"
        last = self._rows[-1][0] if self._rows else 0
        rows = self._connection.execute(statement, (last, PAGE)).fetchall()
        self.beginInsertRows(QModelIndex(), len(self._rows), len(self._rows) + len(rows) - 1)
        self._rows += rows
        self.endInsertRows()

    @override
    def data(self, index: Index, role: int = 0) -> Any:
        return str(self._rows[index.row()][index.column()]) if role == 0 else None


def paint(kind: str, data: Path) -> tuple[float, float, float]:
    """Make and paint one table in this process; return seconds, megabytes, and seconds till all are there."""
    with Office(data, lambda: NOW) as office, closing(sqlite3.connect(data / paths.DATABASE_NAME)) as plain:
        total = plain.execute("SELECT count(*) FROM tenures").fetchone()[0]
        for name in _LATE_IMPORTS:
            importlib.import_module(name)
        before = _megabytes()
        start = time.perf_counter()
        app = new_application()
        apply_style(app, dark=False)
        tasks = Tasks(app)
        widget: QWidget
        if kind == "empty":
            widget = make_paged(plain, 0)
        elif kind == "paged":
            widget = make_paged(plain, total)
        else:
            widget = make_ours(office.register, tasks)
        widget.resize(*SIZE)
        watch = _PaintWatch(widget)
        widget.show()
        while not watch.painted:
            app.processEvents()
        first = time.perf_counter() - start
        while isinstance(widget, DataTable) and not widget.model.is_whole:
            app.processEvents()
        return first, _megabytes() - before, time.perf_counter() - start


def _megabytes() -> float:
    pages = Path("/proc/self/statm")
    return int(pages.read_text("ascii").split()[1]) * 4096 / 1e6 if pages.exists() else 0.0


class _PaintWatch(QObject):
    """Knows when the rows' place of a table has been painted for the first time."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.painted = False
        view = widget if isinstance(widget, QTableView) else widget.findChild(QTableView)
        if view is None:
            raise SystemExit("no table to look at")
        view.viewport().installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and not self.painted:
            QTimer.singleShot(0, self, self._seen)  # once the paint event has been worked off
        return super().eventFilter(watched, event)

    def _seen(self) -> None:
        self.painted = True


def measured(kind: str, data: Path) -> tuple[float, float, float]:
    """Paint a table in a fresh process; return seconds, megabytes and seconds until all rows are there."""
    command = [sys.executable, __file__, "--folder", str(data), "--paint", kind]
    told = subprocess.run(command, capture_output=True, check=True, text=True, encoding="utf-8")
    seconds, megabytes, whole = map(float, told.stdout.split())
    return seconds, megabytes, whole


def make_paged(connection: sqlite3.Connection, total: int) -> QWidget:
    """Return a bare table that fetches by page."""
    view = QTableView()
    model = PagedModel(connection, total)
    model.setParent(view)
    view.setModel(model)
    return view


def make_ours(service: RegisterService, tasks: Tasks) -> DataTable[RowKey, RegisterRow]:
    """Return the register's table over all its rows."""
    table = DataTable[RowKey, RegisterRow](
        COLUMNS, RegisterSource(service), frozen=1, name="名册", tasks=tasks
    )
    table.reload()
    return table


def sorted_by_hand(
    connection: sqlite3.Connection, column: str = "", *, descending: bool = False
) -> list[RowKey]:
    """Return the register's keys in the order of a column, as SQLite alone gives them."""
    order = _NATURAL
    if column:
        chosen = _COLUMNS[column]
        order = f"{chosen} IS NULL OR {chosen} = '', {chosen} {'DESC' if descending else 'ASC'}, {_NATURAL}"
    statement = f"SELECT posts.id, coalesce(tenures.id, 0) {_FROM} ORDER BY {order}"
    return connection.execute(statement, {"day": TODAY.isoformat()}).fetchall()


def check_equal(connection: sqlite3.Connection, service: RegisterService) -> None:
    """Stop unless the register gives the rows of the plain query, in its order, by every column."""
    for column in ("", *_COLUMNS):
        for descending in (False, True) if column else (False,):
            ours = service.keys(RegisterQuery(sort=column, descending=descending))
            if list(ours) != sorted_by_hand(connection, column, descending=descending):
                raise SystemExit(f"sorted by {column or 'nothing'}: other rows than SQLite gives")


def _seconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def compare_paint(data: Path, rounds: int) -> bool:
    """Paint each in turn and print the ratios; return whether the goals are reached."""
    found: dict[str, list[tuple[float, float, float]]] = {"empty": [], "paged": [], "register": []}
    for _ in range(rounds):
        for kind, values in found.items():
            values.append(measured(kind, data))
    seconds = {kind: median(value[0] for value in values) for kind, values in found.items()}
    memory = {kind: median(value[1] for value in values) for kind, values in found.items()}
    own = seconds["register"]
    for kind, goal in (("empty", ""), ("paged", f" goal={PAINT_GOAL:.2f}")):
        print(
            f"table-first-paint-{kind} ratio={own / seconds[kind]:.2f}{goal}"
            f" floor={seconds[kind]:.3f}s ours={own:.3f}s",
            flush=True,
        )
    whole = median(value[2] for value in found["register"])
    print(f"table-all-rows seconds={whole:.3f} after-first-paint={whole - own:.3f}", flush=True)
    more = memory["register"] - memory["empty"]
    print(
        f"table-memory ratio={memory['register'] / memory['empty']:.2f} goal=+{MEMORY_GOAL:.0f}MB"
        f" floor={memory['empty']:.1f}MB ours={memory['register']:.1f}MB",
        flush=True,
    )
    return own / seconds["paged"] <= PAINT_GOAL and more <= MEMORY_GOAL


def compare_sorting(connection: sqlite3.Connection, service: RegisterService, rounds: int) -> bool:
    """Sort by every column in turn and print the worst ratio; return whether it reaches the goal."""
    ratios: dict[str, tuple[float, float, float]] = {}
    for column in _COLUMNS:
        ours: list[float] = []
        floors: list[float] = []
        for _ in range(rounds):
            floors.append(_seconds(lambda column=column: sorted_by_hand(connection, column)))  # type: ignore[misc]
            ours.append(_seconds(lambda column=column: service.keys(RegisterQuery(sort=column))))  # type: ignore[misc]
        ratios[column] = (median(ours) / median(floors), median(floors), median(ours))
    worst = max(ratios, key=lambda column: ratios[column][0])
    ratio, floor, own = ratios[worst]
    print(
        f"table-sort ratio={ratio:.2f} goal={SORT_GOAL:.2f} floor={floor:.3f}s ours={own:.3f}s"
        f" worst={worst} median={median(value[0] for value in ratios.values()):.2f}",
        flush=True,
    )
    return ratio <= SORT_GOAL


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the comparison; 0 when both goals are reached."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=100_000, help="number of posts")
    parser.add_argument("--rounds", type=int, default=7, help="number of rounds, taken in turn")
    parser.add_argument("--folder", type=Path, help="a register that is there already")
    parser.add_argument("--paint", choices=("empty", "paged", "register"), help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.paint:
        print(*paint(options.paint, options.folder))
        return 0
    with TemporaryDirectory() as folder:
        data = options.folder or Path(folder)
        if options.folder is None:
            make_register(data, options.posts)
        with (
            Office(data, lambda: NOW) as office,
            closing(sqlite3.connect(data / paths.DATABASE_NAME)) as plain,
        ):
            check_equal(plain, office.register)
            print(f"table-rows equal rows={len(office.register.keys(RegisterQuery()))}", flush=True)
            reached = [
                compare_paint(data, options.rounds),
                compare_sorting(plain, office.register, max(3, options.rounds // 2)),
            ]
    return 0 if all(reached) else 1


if __name__ == "__main__":
    raise SystemExit(main())
