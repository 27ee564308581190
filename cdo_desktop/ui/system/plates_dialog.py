"""加挂牌子: the names on a unit's door beside its own, to be hung, changed and taken down."""

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from cdo_desktop.errors import AppError
from cdo_desktop.services.second_names import SecondNameDraft, SecondNameService
from cdo_desktop.services.unit_list import UnitLine
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.help import HelpButton
from cdo_desktop.ui.common.notice_bar import NoticeBar
from cdo_desktop.ui.common.open_dialog import open_dialog
from cdo_desktop.ui.common.style import LARGE, MEDIUM, SMALL
from cdo_desktop.ui.system.unit_forms import SecondNameDialog
from cdo_desktop.ui.system.widgets import (
    label,
    line_key,
    list_line,
    list_of,
    on_delete,
    push_button,
    set_usable,
)

_INTRO = "一个机构有两块牌子的，另一块登记在这里。备案表仍用本名，与公章一致；查找时两个名称都能找到。"


class PlatesDialog(QDialog):
    """Lists the further names of one unit; each change is stored by its own form."""

    changed = Signal()

    def __init__(
        self, service: SecondNameService, line: UnitLine, ui: UiContext, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"加挂牌子：{line.short_name}")
        self._service = service
        self._line = line
        self._ui = ui
        self._names: tuple[SecondNameDraft, ...] = ()
        self.banner = NoticeBar()
        self.list = list_of("加挂的牌子", ("加挂名称", "简称", "加挂日期", "摘牌日期", "依据"), 0)
        self.add_button = push_button("加挂(&A)…", self.add, "plus")
        self.edit_button = push_button("修改(&E)…", self.edit, "pencil", "修改或登记摘牌")
        self.remove_button = push_button(
            "删除(&D)", self.remove, "trash", "登记错了的才删除；已摘牌的填摘牌日期"
        )
        on_delete(self.list, self.remove_button)
        self.close_button = push_button("关闭", self.accept)
        buttons = QHBoxLayout()
        buttons.setSpacing(SMALL)
        buttons.addWidget(HelpButton(ui))
        for button in (self.add_button, self.edit_button, self.remove_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(LARGE, LARGE, LARGE, MEDIUM)
        layout.setSpacing(MEDIUM)
        layout.addWidget(self.banner)
        layout.addWidget(label(_INTRO))
        layout.addWidget(self.list, 1)
        layout.addLayout(buttons)
        self.resize(760, 380)
        self.list.itemSelectionChanged.connect(self._show_available)
        self.list.itemActivated.connect(lambda _item: self.edit())
        self._show_available()
        self._load()

    def _load(self) -> None:
        unit_id = self._line.unit_id
        self._ui.tasks.run(
            lambda: self._service.names_of(unit_id),
            owner=self,
            done=self._show,
            failed=self.banner.show_error,
        )

    def _show(self, names: tuple[SecondNameDraft, ...]) -> None:
        self._names = names
        self.list.clear()
        for place, name in enumerate(names):
            since, until = (day.isoformat() if day else "" for day in (name.since, name.until))
            list_line(self.list, (name.full_name, name.short_name, since, until, name.paper), place)
        first = self.list.topLevelItem(0)
        if first is not None:
            self.list.setCurrentItem(first)
        self._show_available()

    def _show_available(self) -> None:
        reason = "" if self._chosen() is not None else "先选中一块牌子"
        for button in (self.edit_button, self.remove_button):
            set_usable(button, reason)

    def _chosen(self) -> SecondNameDraft | None:
        place = line_key(self.list.currentItem())
        return self._names[place] if isinstance(place, int) and place < len(self._names) else None

    def add(self) -> None:
        """Hang another name."""
        self._open(SecondNameDraft(self._line.unit_id), None)

    def edit(self) -> None:
        """Change the chosen name, or take it down."""
        chosen = self._chosen()
        if chosen is not None:
            self._open(replace(chosen), chosen)

    def _open(self, draft: SecondNameDraft, opened: SecondNameDraft | None) -> None:
        dialog = SecondNameDialog(self._service, draft, opened, self._ui, self)
        dialog.saved.connect(lambda _id: self._saved())
        open_dialog(dialog)

    def remove(self) -> None:
        """Remove the chosen name, which was entered by mistake."""
        chosen = self._chosen()
        if chosen is None or not self._ui.notices.ask(
            f"删除登记的“{chosen.full_name}”？", "删除", "保留", danger=True
        ):
            return
        self._ui.tasks.run(
            lambda: self._service.remove(chosen),
            owner=self,
            done=lambda _none: self._saved(),
            failed=self._failed,
        )

    def _failed(self, error: AppError) -> None:
        self.banner.show_error(error)
        self._load()

    def _saved(self) -> None:
        self._load()
        self.changed.emit()
