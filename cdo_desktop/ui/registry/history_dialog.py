"""What happened: who held a post, which posts a person held, and every change with its time."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtGui import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTabWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from cdo_desktop.errors import AppError
from cdo_desktop.services.holders import HistoryRow, HolderService, PastTenure
from cdo_desktop.services.units import FormerName, UnitService
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.help import HelpButton, set_topic
from cdo_desktop.ui.common.style import LARGE, MEDIUM


@dataclass(frozen=True)
class HistoryOf:
    """Whose history is asked for: a post of a unit, and its holder if it has one."""

    post_id: int
    unit_id: int
    unit: str
    post: str
    person_id: int | None
    name: str


@dataclass(frozen=True)
class _Found:
    holders: tuple[PastTenure, ...]
    posts: tuple[PastTenure, ...]
    person: tuple[HistoryRow, ...]
    unit: tuple[HistoryRow, ...]
    names: tuple[FormerName, ...]


class HistoryDialog(QDialog):
    """Read-only; loads off the GUI thread."""

    def __init__(
        self,
        holders: HolderService,
        units: UnitService,
        about: HistoryOf,
        ui: UiContext,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._about = about
        self.setWindowTitle(f"历史：{about.unit} {about.post}")
        set_topic(self, "历史")
        self.tabs = QTabWidget()
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
        layout.addWidget(self.tabs, 1)
        layout.addLayout(row)
        self.resize(960, 540)

        def find() -> _Found:
            person_id = about.person_id
            return _Found(
                holders.holders_of(about.post_id),
                holders.posts_of(person_id) if person_id else (),
                holders.person_history(person_id) if person_id else (),
                holders.unit_history(about.unit_id),
                units.former_names(about.unit_id),
            )

        self._ui = ui
        ui.tasks.run(find, owner=self, done=self._show, failed=self._failed)

    def _failed(self, error: AppError) -> None:
        """Close: the window says why there is nothing to show."""
        self.reject()
        self._ui.notices.error(error)

    def _show(self, found: _Found) -> None:
        about = self._about
        self._add(f"{about.post}历任", _tenures(found.holders, by_person=True), "这个岗位还没有人任职。")
        if about.person_id is not None:
            self._add(f"{about.name}的任职", _tenures(found.posts, by_person=False), "没有任职记录。")
            self._add(f"{about.name}的修改记录", _changes(found.person), "还没有修改记录。")
        self._add(f"{about.unit}的修改记录", _changes(found.unit), "还没有修改记录。")
        self._add("单位曾用名", _names(found.names), "这个单位没有用过别的名称。")
        self.tabs.currentWidget().setFocus()

    def _add(self, title: str, tree: QTreeWidget, nothing: str) -> None:
        if tree.topLevelItemCount():
            tree.setAccessibleName(title)
            self.tabs.addTab(tree, title)
            return
        label = QLabel(nothing)
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        label.setProperty("role", "muted")
        self.tabs.addTab(label, title)


def _tree(heads: Sequence[str], stretch: int) -> QTreeWidget:
    tree = QTreeWidget()
    tree.setHeaderLabels(list(heads))
    tree.setRootIsDecorated(False)
    tree.setAlternatingRowColors(True)
    tree.setUniformRowHeights(True)
    tree.setAllColumnsShowFocus(True)
    tree.setStyleSheet("QTreeView::item { padding: 4px 8px; }")
    tree.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
    header = tree.header()
    header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    header.setSectionResizeMode(stretch, QHeaderView.ResizeMode.Stretch)
    header.setStretchLastSection(False)
    return tree


def _tenures(rows: Sequence[PastTenure], *, by_person: bool) -> QTreeWidget:
    tree = _tree(("姓名" if by_person else "单位、岗位", "职务", "任职日期", "离任日期"), 1)
    for row in rows:
        who = row.name if by_person else f"{row.unit} {row.post}"
        until = row.until.isoformat() if row.until else "现任"
        tree.addTopLevelItem(QTreeWidgetItem([who, row.title, row.since.isoformat(), until]))
    return tree


def _changes(rows: Sequence[HistoryRow]) -> QTreeWidget:
    tree = _tree(("时间", "经办人", "操作", "对象", "内容", "原来", "改为"), 6)
    for row in rows:
        when = f"{row.at:%Y-%m-%d %H:%M}"
        for place, (label, before, after) in enumerate(row.details or (("", "", ""),)):
            lead = [when, row.actor, row.action, row.about] if place == 0 else [""] * 4
            tree.addTopLevelItem(QTreeWidgetItem([*lead, label, before, after]))
    return tree


def _names(rows: Sequence[FormerName]) -> QTreeWidget:
    tree = _tree(("全称", "简称", "用到（不含）"), 0)
    for row in rows:
        tree.addTopLevelItem(QTreeWidgetItem([row.full_name, row.short_name, row.until.isoformat()]))
    return tree
