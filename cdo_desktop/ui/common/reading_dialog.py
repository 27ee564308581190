"""A window to read in, with the ? and 关闭; and the lines of a history as it shows them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtGui import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from cdo_desktop.errors import AppError
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.help import HelpButton
from cdo_desktop.ui.common.style import LARGE, MEDIUM

if TYPE_CHECKING:
    from cdo_desktop.services.holders import HistoryRow

_SIZE = (960, 540)


class ReadingDialog(QDialog):
    """Changes nothing; subclasses put what is read into ``body``."""

    def __init__(self, title: str, ui: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ui = ui
        self.setWindowTitle(title)
        self.body = QVBoxLayout()
        close = QPushButton("关闭")
        close.setAccessibleName("关闭")
        close.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.addWidget(HelpButton(ui))
        row.addStretch(1)
        row.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(LARGE, LARGE, LARGE, MEDIUM)
        layout.setSpacing(MEDIUM)
        layout.addLayout(self.body, 1)
        layout.addLayout(row)
        self.resize(*_SIZE)

    def failed(self, error: AppError) -> None:
        """Close: the window says why there is nothing to show."""
        self.reject()
        self._ui.notices.error(error)


# A cell adds 3 px of its own before its text: heads stand over what they name.
_AIR = "QTreeView::item { padding: 4px 8px; } QHeaderView::section { padding: 4px 11px; }"


def record_tree(heads: Sequence[str], stretch: int) -> QTreeWidget:
    """Return an empty list of records; the column ``stretch`` takes what room is left."""
    tree = QTreeWidget()
    tree.setHeaderLabels(list(heads))
    tree.setRootIsDecorated(False)
    tree.setAlternatingRowColors(True)
    tree.setUniformRowHeights(True)
    tree.setAllColumnsShowFocus(True)
    tree.setStyleSheet(_AIR)
    tree.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
    header = tree.header()
    header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    header.setSectionResizeMode(stretch, QHeaderView.ResizeMode.Stretch)
    header.setStretchLastSection(False)
    return tree


def changes_tree(rows: "Sequence[HistoryRow]") -> QTreeWidget:
    """Return lines of the history: who changed what when, from what to what."""
    tree = record_tree(("时间", "经办人", "操作", "对象", "内容", "原来", "改为"), 6)
    for row in rows:
        when = f"{row.at:%Y-%m-%d %H:%M}"
        for place, (label, before, after) in enumerate(row.details or (("", "", ""),)):
            lead = [when, row.actor, row.action, row.about] if place == 0 else [""] * 4
            tree.addTopLevelItem(QTreeWidgetItem([*lead, label, before, after]))
    return tree


def nothing_label(text: str) -> QLabel:
    """Return what stands in the place of an empty list."""
    label = QLabel(text)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setProperty("role", "muted")
    return label


def height_of_rows(tree: QTreeWidget, rows: int) -> int:
    """Return how high a list of records is that shows so many of its rows below its heads."""
    tree.ensurePolished()
    return tree.header().sizeHint().height() + rows * tree.sizeHintForRow(0) + 2 * tree.frameWidth()
