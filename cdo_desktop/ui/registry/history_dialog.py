"""What happened: who held a post, which posts a person held, and every change with its time."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QTabWidget, QTreeWidget, QTreeWidgetItem, QWidget

from cdo_desktop.services.holders import HistoryRow, HolderService, PastTenure
from cdo_desktop.services.units import FormerName, UnitService
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.help import set_topic
from cdo_desktop.ui.common.reading_dialog import (
    ReadingDialog,
    changes_tree,
    nothing_label,
    record_tree,
)


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


class HistoryDialog(ReadingDialog):
    """Read-only; loads off the GUI thread."""

    def __init__(
        self,
        holders: HolderService,
        units: UnitService,
        about: HistoryOf,
        ui: UiContext,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(f"历史：{about.unit} {about.post}", ui, parent)
        self._about = about
        set_topic(self, "历史")
        self.tabs = QTabWidget()
        self.body.addWidget(self.tabs)

        def find() -> _Found:
            person_id = about.person_id
            return _Found(
                holders.holders_of(about.post_id),
                holders.posts_of(person_id) if person_id else (),
                holders.person_history(person_id) if person_id else (),
                holders.unit_history(about.unit_id),
                units.former_names(about.unit_id),
            )

        ui.tasks.run(find, owner=self, done=self._show, failed=self.failed)

    def _show(self, found: _Found) -> None:
        about = self._about
        self._add(f"{about.post}历任", _tenures(found.holders, by_person=True), "这个岗位还没有人任职。")
        if about.person_id is not None:
            self._add(f"{about.name}的任职", _tenures(found.posts, by_person=False), "没有任职记录。")
            self._add(f"{about.name}的修改记录", changes_tree(found.person), "还没有修改记录。")
        self._add(f"{about.unit}的修改记录", changes_tree(found.unit), "还没有修改记录。")
        self._add("单位曾用名", _names(found.names), "这个单位没有用过别的名称。")
        self.tabs.currentWidget().setFocus()

    def _add(self, title: str, tree: QTreeWidget, nothing: str) -> None:
        if tree.topLevelItemCount():
            tree.setAccessibleName(title)
            self.tabs.addTab(tree, title)
            return
        self.tabs.addTab(nothing_label(nothing), title)


def _tenures(rows: Sequence[PastTenure], *, by_person: bool) -> QTreeWidget:
    tree = record_tree(("姓名" if by_person else "单位、岗位", "职务", "任职日期", "离任日期"), 1)
    for row in rows:
        who = row.name if by_person else f"{row.unit} {row.post}"
        until = row.until.isoformat() if row.until else "现任"
        tree.addTopLevelItem(QTreeWidgetItem([who, row.title, row.since.isoformat(), until]))
    return tree


def _names(rows: Sequence[FormerName]) -> QTreeWidget:
    tree = record_tree(("全称", "简称", "用到（不含）"), 0)
    for row in rows:
        tree.addTopLevelItem(QTreeWidgetItem([row.full_name, row.short_name, row.until.isoformat()]))
    return tree
