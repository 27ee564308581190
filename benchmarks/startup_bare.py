"""The bare PySide6 window that start-up is measured against: four tabs and a table of 200 rows.

Prints the monotonic time of its first paint, its resident memory and the text of its last cell.
"""

import json
import sys

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QApplication, QMainWindow, QTableView, QTabWidget, QWidget

from benchmarks.startup_watch import FirstPaint, resident_megabytes

ROWS, COLUMNS = 200, 12
_NO_PARENT = QModelIndex()


class _Cells(QAbstractTableModel):
    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NO_PARENT) -> int:  # noqa: N802
        return ROWS

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = _NO_PARENT) -> int:  # noqa: N802
        return COLUMNS

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> str | None:
        return f"单位 {index.row()}.{index.column()}" if role == Qt.ItemDataRole.DisplayRole else None


def _run() -> None:
    application = QApplication(sys.argv[:1])
    window = QMainWindow()
    window.resize(1240, 720)
    tabs = QTabWidget()
    table = QTableView()
    cells = _Cells()
    table.setModel(cells)
    tabs.addTab(table, "名册备案")
    for title in ("联席会议", "督办事项", "系统"):
        tabs.addTab(QWidget(), title)
    window.setCentralWidget(tabs)
    paint = FirstPaint()

    def report() -> None:
        last = cells.data(cells.index(ROWS - 1, COLUMNS - 1))
        print(json.dumps({"painted": paint.at, "rss": resident_megabytes(), "rows": ROWS, "last": last}))
        application.quit()

    paint.painted.connect(report)
    paint.watch(window)
    application.exec()


_run()
