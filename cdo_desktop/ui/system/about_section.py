"""关于: versions, places and licences, to be copied into a message to whoever maintains the program."""

from pathlib import Path

from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication, Qt
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QPlainTextEdit,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from cdo_desktop.errors import AppError, UnreadableFileError, system_reason
from cdo_desktop.services.program_facts import ProgramFacts
from cdo_desktop.settings import PROGRAM_NAME
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.open_dialog import open_dialog
from cdo_desktop.ui.common.style import LARGE, MEDIUM, SMALL
from cdo_desktop.ui.system.services import SystemServices
from cdo_desktop.ui.system.widgets import (
    add_refresh,
    label,
    line_key,
    list_line,
    list_of,
    open_in_system,
    push_button,
    set_usable,
)

_QT = "Qt"


class AboutSection(QWidget):
    """Read-only."""

    def __init__(self, services: SystemServices, ui: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._ui = ui
        self._facts: ProgramFacts | None = None
        self.grid = QGridLayout()
        self.grid.setHorizontalSpacing(LARGE)
        self.grid.setVerticalSpacing(SMALL)
        self.grid.setColumnStretch(1, 1)
        self.list = list_of("使用的字体、图标和程序库", ("名称", "用途", "版本", "许可"), 1)
        self.copy_button = push_button("复制(&C)", self.copy, "copy", "复制以上信息，供维护人员查看")
        self.folder_button = push_button("打开数据文件夹(&O)", self.open_folder, "folder-open")
        self.licence_button = push_button("查看许可全文(&L)…", self.show_licence, "file-text")
        buttons = QHBoxLayout()
        buttons.setSpacing(SMALL)
        for button in (self.copy_button, self.folder_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        foot = QHBoxLayout()
        foot.addWidget(self.licence_button)
        foot.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MEDIUM, MEDIUM, MEDIUM, MEDIUM)
        layout.setSpacing(MEDIUM)
        layout.addWidget(label(PROGRAM_NAME, "title"))
        layout.addLayout(self.grid)
        layout.addLayout(buttons)
        layout.addWidget(label("使用了以下字体、图标和程序库：", "section"))
        layout.addWidget(self.list, 1)
        layout.addLayout(foot)
        self.list.currentItemChanged.connect(lambda item, _old: self._show_available(item))
        self.list.itemActivated.connect(lambda _item: self.show_licence())
        self.setFocusProxy(self.copy_button)
        add_refresh(self, self.reload)
        self._show_available(None)

    def reload(self) -> None:
        """Ask anew what runs here."""
        self._ui.tasks.run(
            self._services.about().facts, owner=self, done=self._show, failed=self._ui.notices.error
        )

    def _show(self, facts: ProgramFacts) -> None:
        self._facts = facts
        while (item := self.grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        for row, (name, value) in enumerate((*facts.facts, (_QT, qVersion()))):
            caption, text = label(name, "muted"), label(value)
            text.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
            text.setAccessibleName(f"{name}：{value}")
            self.grid.addWidget(caption, row, 0)
            self.grid.addWidget(text, row, 1)
        self.list.clear()
        for licence in facts.licences:
            texts = (licence.name, licence.purpose, licence.version, licence.licence)
            list_line(self.list, texts, str(licence.text) if licence.text else None)
        first = self.list.topLevelItem(0)
        if first is not None:
            self.list.setCurrentItem(first)

    def _show_available(self, item: QTreeWidgetItem | None) -> None:
        shipped = line_key(item) is not None
        set_usable(self.licence_button, "" if shipped else "许可全文随该程序库提供，见安装文件夹")

    def copy(self) -> None:
        """Put the facts on the clipboard."""
        if self._facts is not None:
            QGuiApplication.clipboard().setText(f"{self._facts.as_text()}\n{_QT}：{qVersion()}")
            self._ui.notices.info("已复制程序信息")

    def open_folder(self) -> None:
        """Show the data folder in the system's file manager."""
        if self._facts is None:
            return
        folder = dict(self._facts.facts)["数据文件夹"]
        try:
            open_in_system(folder)
        except AppError as error:
            self._ui.notices.error(error)

    def show_licence(self) -> None:
        """Show the text of the chosen licence."""
        path = line_key(self.list.currentItem())
        if not isinstance(path, str):
            return
        try:
            text = Path(path).read_text(encoding="utf-8", errors="replace")
        except OSError as error:
            self._ui.notices.error(
                UnreadableFileError(f"打不开许可全文：{system_reason(error)}。请重新安装程序。")
            )
            return
        open_dialog(LicenceDialog(self.list.currentItem().text(0), text, self))


class LicenceDialog(QDialog):
    """The text of one licence."""

    def __init__(self, title: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"许可：{title}")
        self.text = QPlainTextEdit(text)
        self.text.setReadOnly(True)
        self.text.setAccessibleName("许可全文")
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(push_button("关闭", self.accept))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(LARGE, LARGE, LARGE, MEDIUM)
        layout.addWidget(self.text, 1)
        layout.addLayout(row)
        self.resize(720, 520)
