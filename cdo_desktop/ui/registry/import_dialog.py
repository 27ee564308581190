"""导入名册: choose a workbook, see what it would change, decide what must not be guessed, bring it in."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent, Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from cdo_desktop.errors import AppError, CancelledError
from cdo_desktop.services.roster_plan import LineKind
from cdo_desktop.ui.common import shortcuts
from cdo_desktop.ui.common.action_button import button_for
from cdo_desktop.ui.common.actions import make_action, set_available
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.drops import accept_copy
from cdo_desktop.ui.common.empty_state import EmptyState
from cdo_desktop.ui.common.help import HelpButton, set_topic
from cdo_desktop.ui.common.notice_bar import NoticeBar, NoticeKind
from cdo_desktop.ui.common.overriding import override
from cdo_desktop.ui.common.remembered import remember_splitters
from cdo_desktop.ui.common.result_line import ResultLine
from cdo_desktop.ui.common.saving import Saving
from cdo_desktop.ui.common.style import LARGE, MEDIUM, SMALL
from cdo_desktop.ui.registry import import_session
from cdo_desktop.ui.registry.import_flow import ImportFlow
from cdo_desktop.ui.registry.import_session import Preview
from cdo_desktop.ui.registry.import_view import ImportView
from cdo_desktop.ui.registry.services import RegistryServices

if TYPE_CHECKING:
    from cdo_desktop.services.roster_import import ImportResult

TEMPLATE_NAME = "名册导入模板.xlsx"
_WIDTH, _HEIGHT = 1180, 720


class ImportDialog(QDialog):
    """Stays open until everything is in or the user closes it; no error loses the preview or a decision."""

    imported = Signal(object)
    """The `ImportResult` of what has just been written."""

    def __init__(self, services: RegistryServices, ui: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("导入名册")
        set_topic(self, "导入名册")
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self.setAcceptDrops(True)
        self._services = services
        self._ui = ui
        self.banner = NoticeBar()
        self.result_line = ResultLine(self.banner.show_error)
        self._saving = Saving(self, ui, self.result_line, self._show_error)
        self.flow = ImportFlow(services, ui, self)
        self.view = ImportView(self.flow.decisions)
        self._make_actions()
        self._lay_out()
        remember_splitters(self, ui)
        self._connect()
        self._show_state()
        self.start.buttons[0].setFocus()

    # Building

    def _make_actions(self) -> None:
        def action(
            text: str, triggered: Callable[[], object], icon: str, key: str = "", tip: str = ""
        ) -> QAction:
            made = make_action(text, parent=self, triggered=triggered, icon=icon, shortcut=key, tip=tip)
            self.addAction(made)
            return made

        self.open_action = action("选择文件(&O)…", self.choose_file, "folder-open", "Ctrl+O")
        self.read_again_action = action(
            "重新读取(&L)", self.read_again, "refresh", shortcuts.REFRESH, "改正并保存表格后，再读一遍"
        )
        self.template_action = action("保存导入模板(&T)…", self.save_template, "file-spreadsheet")
        self.marked_action = action(
            "保存标注副本(&M)…", self.save_marked_copy, "file-export", tip="同一张表，问题处标红并加批注"
        )
        self.skip_action = action("跳过问题行导入(&K)…", self.import_skipping, "", tip="只导入没有问题的行")
        self.import_action = action("导入(&I)", self.import_all, "", "Ctrl+Return", "全部导入名册")
        self.close_action = action("关闭", self.reject, "")

    def _lay_out(self) -> None:
        self.start = EmptyState(
            "file-import",
            "选择单位报来的名册，或把文件拖到这里",
            "支持 .xlsx、.xls 和 .et；先预览，确认后才写入名册。",
            (self.open_action, self.template_action),
        )
        self.pages = QStackedWidget()
        self.pages.addWidget(self.start)
        self.pages.addWidget(self.view)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(LARGE, MEDIUM, LARGE, MEDIUM)
        layout.setSpacing(SMALL)
        layout.addWidget(self._make_file_row())
        layout.addWidget(self.banner)
        layout.addWidget(self.pages, 1)
        layout.addWidget(self.result_line)
        layout.addLayout(self._make_bottom())
        room = self.screen().availableGeometry()
        self.resize(min(_WIDTH, int(room.width() * 0.95)), min(_HEIGHT, int(room.height() * 0.92)))

    def _make_file_row(self) -> QWidget:
        self.file_name, self.file_folder = QLabel(), QLabel()
        for label, role in ((self.file_name, "heading"), (self.file_folder, "muted")):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setProperty("role", role)
        self.file_folder.setMinimumWidth(1)  # a long path is cut rather than widening the window
        self.file_row = QWidget()
        row = QHBoxLayout(self.file_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SMALL)
        row.addWidget(self.file_name)
        row.addWidget(self.file_folder, 1)
        for action in (self.open_action, self.read_again_action, self.template_action):
            row.addWidget(button_for(action))
        return self.file_row

    def _make_bottom(self) -> QHBoxLayout:
        self.summary = QLabel()
        self.summary.setProperty("role", "muted")
        self.marked_button = button_for(self.marked_action)
        self.skip_button = button_for(self.skip_action)
        self.import_button = button_for(self.import_action, primary=True)
        self.close_button = button_for(self.close_action)
        bottom = QHBoxLayout()
        bottom.setSpacing(SMALL)
        bottom.addWidget(HelpButton(self._ui))
        bottom.addWidget(self.marked_button)
        bottom.addStretch(1)
        bottom.addWidget(self.summary)
        bottom.addSpacing(SMALL)
        for button in (self.skip_button, self.import_button, self.close_button):
            bottom.addWidget(button)
        return bottom

    def _connect(self) -> None:
        self.view.decided.connect(self.flow.compare)
        self.flow.changed.connect(self._show_state)
        self.flow.previewed.connect(self._show_preview)
        self.flow.failed.connect(self._show_error)
        self.flow.imported.connect(self._imported)
        self.flow.decisions_dropped.connect(self._tell_dropped)

    # Doing

    def choose_file(self) -> None:
        """Ask for a workbook and read it."""
        source = self._ui.files.open_file(self, "选择名册", import_session.OPEN_PATTERN)
        if source is not None:
            self.load(source)

    def read_again(self) -> None:
        """Read the same workbook anew, as when it has been corrected."""
        if self.flow.source is not None:
            self.load(self.flow.source)

    def load(self, source: Path) -> None:
        """Read a workbook and show its preview."""
        self.banner.clear()
        self.flow.read(source)

    def import_all(self) -> None:
        """Bring all lines in."""
        self.banner.clear()
        self.flow.write(skip_problems=False)

    def import_skipping(self) -> None:
        """Bring in the lines without problems, after asking."""
        if self.flow.preview is None:
            return
        question = import_session.skipping_question(self.flow.preview)
        if self._ui.notices.ask(question, "跳过并导入", "返回"):
            self.banner.clear()
            self.flow.write(skip_problems=True)

    def save_template(self) -> None:
        """Write the empty workbook that units fill in."""
        self._saving.save(
            "保存导入模板",
            lambda: self._ui.files.save_as(self, "保存导入模板", TEMPLATE_NAME, import_session.SAVE_PATTERN),
            lambda target, _progress: import_session.write_template(target),
        )

    def save_marked_copy(self) -> None:
        """Write the same workbook with the problems marked."""
        preview, services = self.flow.preview, self._services
        if preview is None:
            return
        name = f"{preview.source.stem}_问题标注_{self._ui.today():%Y%m%d}.xlsx"
        self._saving.save(
            "保存标注副本",
            lambda: self._ui.files.save_as(self, "保存标注副本", name, import_session.SAVE_PATTERN),
            lambda target, _progress: import_session.write_marked_copy(services, preview, target),
        )

    # Showing

    def _imported(self, result: "ImportResult") -> None:
        """Close when all is in; lines left out keep the window, because they still want an answer."""
        said = import_session.result_text(result)
        self._ui.notices.info(said)
        self.imported.emit(result)
        if not result.skipped:
            self.accept()
            return
        self.banner.show_text(
            NoticeKind.INFO, f"{said}。没有导入的行仍列在下面，可以保存标注副本发还改正后再导入。"
        )
        self.view.show_kind(LineKind.PROBLEM)
        self.flow.compare()

    def _show_error(self, error: AppError) -> None:
        if isinstance(error, CancelledError):
            self._ui.notices.info(str(error))
        else:
            self.banner.show_error(error)

    def _tell_dropped(self, count: int) -> None:
        self.banner.show_text(NoticeKind.WARNING, f"表格有改动，其中 {count} 行原来的决定请重新确认。")

    def _show_preview(self, preview: Preview) -> None:
        first = self.pages.currentIndex() == 0
        self.view.show_preview(preview)
        self._show_state()
        if first:
            self.view.table.setFocus()

    def _show_state(self) -> None:
        preview = self.flow.preview
        known = preview is not None
        self.file_row.setVisible(known)
        self.pages.setCurrentIndex(1 if known else 0)
        busy = "正在处理，请稍候" if self.flow.is_busy else ""
        has_marks = preview is not None and bool(preview.plan.problems)
        set_available(self.open_action, busy)
        set_available(self.read_again_action, busy or ("" if known else "还没有选择文件"))
        set_available(self.marked_action, busy or ("" if has_marks else "没有问题和提示，不需要标注"))
        set_available(self.import_action, busy or import_session.reason_against_import(preview))
        set_available(self.skip_action, busy or import_session.reason_against_skipping(preview))
        for action in (self.marked_action, self.skip_action, self.import_action):
            action.setVisible(known)
        self.import_button.setDefault(self.import_action.isEnabled())
        if preview is not None:
            self.file_name.setText(preview.source.name)
            self.file_folder.setText(str(preview.source.parent))
            self.file_folder.setToolTip(str(preview.source))
        self.summary.setText(import_session.summary_text(preview))

    @override
    def reject(self) -> None:
        """Close; while lines are being written, stop and undo that first."""
        if self.flow.stop():
            super().reject()

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_workbook(event) is not None and not self.flow.is_busy:
            accept_copy(event)

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        source = dropped_workbook(event)
        if source is not None:
            accept_copy(event)
            self.load(source)


def dropped_workbook(event: QDropEvent) -> Path | None:
    """Return the workbook that is dragged, if it is one alone."""
    urls = event.mimeData().urls()
    if len(urls) != 1 or not urls[0].isLocalFile():
        return None
    path = Path(urls[0].toLocalFile())
    return path if path.suffix.lower() in import_session.SUFFIXES else None
