"""沿革: what a unit was called, what hung beside its name, and the reforms it went through."""

from dataclasses import dataclass

from PySide6.QtGui import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QTabWidget, QTreeWidget, QVBoxLayout, QWidget

from cdo_desktop.services.second_names import SecondNameDraft
from cdo_desktop.services.unit_list import UnitLine
from cdo_desktop.services.unit_reform import ChangeRow
from cdo_desktop.services.units import FormerName
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.help import HelpButton
from cdo_desktop.ui.common.style import LARGE, MEDIUM
from cdo_desktop.ui.system.services import SystemServices
from cdo_desktop.ui.system.widgets import list_line, list_of, push_button


@dataclass(frozen=True)
class _Past:
    changes: tuple[ChangeRow, ...]
    names: tuple[FormerName, ...]
    plates: tuple[SecondNameDraft, ...]


class UnitPastDialog(QDialog):
    """Read-only; loads off the GUI thread."""

    def __init__(
        self, services: SystemServices, line: UnitLine, ui: UiContext, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"沿革：{line.short_name}")
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName("沿革")
        row = QHBoxLayout()
        row.addWidget(HelpButton(ui))
        row.addStretch(1)
        row.addWidget(push_button("关闭", self.accept))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(LARGE, LARGE, LARGE, MEDIUM)
        layout.setSpacing(MEDIUM)
        layout.addWidget(self.tabs, 1)
        layout.addLayout(row)
        self.resize(760, 420)

        def find() -> _Past:
            return _Past(
                services.unit_changes.changes_of(line.unit_id),
                services.units.former_names(line.unit_id),
                services.second_names.names_of(line.unit_id),
            )

        ui.tasks.run(find, owner=self, done=self._show, failed=ui.notices.error)

    def _show(self, past: _Past) -> None:
        reforms = list_of("机构改革", ("生效日期", "事项", "撤销", "新设", "保留", "依据", "说明"), 6)
        for change in past.changes:
            units = ("、".join(names) for names in (change.ended, change.founded, change.kept))
            list_line(reforms, (change.day.isoformat(), change.kind, *units, change.paper, change.note))
        names = list_of("曾用名", ("全称", "简称", "用到（不含）"), 0)
        for name in past.names:
            list_line(names, (name.full_name, name.short_name, name.until.isoformat()))
        plates = list_of("加挂牌子", ("加挂名称", "简称", "加挂日期", "摘牌日期", "依据"), 0)
        for plate in past.plates:
            since, until = (day.isoformat() if day else "" for day in (plate.since, plate.until))
            list_line(plates, (plate.full_name, plate.short_name, since, until, plate.paper))
        self._add("机构改革", reforms, "没有经过合并、拆分或撤销。")
        self._add("曾用名", names, "没有用过别的名称。")
        self._add("加挂牌子", plates, "没有加挂的牌子。")

    def _add(self, title: str, tree: QTreeWidget, nothing: str) -> None:
        if tree.topLevelItemCount():
            self.tabs.addTab(tree, title)
            return
        empty = QLabel(nothing)
        empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        empty.setProperty("role", "muted")
        self.tabs.addTab(empty, title)
