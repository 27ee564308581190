"""节假日: the years, the one that is chosen as a calendar, and how a notice comes in."""

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QTreeWidgetItem, QVBoxLayout, QWidget

from cdo_desktop.errors import AppError
from cdo_desktop.services.calendar_changes import DueDatesMoved
from cdo_desktop.services.holidays import HolidayService, YearPlan, YearRow, YearState
from cdo_desktop.ui.common import shortcuts
from cdo_desktop.ui.common.actions import make_action, set_available
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.open_dialog import open_dialog
from cdo_desktop.ui.common.style import HUGE, MEDIUM, SMALL
from cdo_desktop.ui.system.holiday_import_dialog import HolidayImportDialog, ReadFile, read_with_plans
from cdo_desktop.ui.system.notice_dialog import NoticeDialog, moved_text
from cdo_desktop.ui.system.widgets import action_button, label, line_key, list_line, list_of, toolbar
from cdo_desktop.ui.system.year_calendar import YearCalendar

_WIDEST_LINE = "2027 未发布（暂定） 放假 调班 工作日 2027"
_PATTERN = "放假安排 (*.json *.csv *.xlsx *.xls *.et)"


class HolidaysSection(QWidget):
    """Shows the working calendar year by year; a year without a notice says so plainly."""

    calendar_changed = Signal()
    """Days off and open limits are others than before."""

    def __init__(self, service: HolidayService, ui: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._service = service
        self._ui = ui
        self._rows: tuple[YearRow, ...] = ()
        self._plan: YearPlan | None = None
        self._wanted = ui.today().year
        self.list = list_of("年份", ("年份", "状态", "放假", "调班", "工作日"), 1)
        self.calendar = YearCalendar(ui.today)
        self.sheet = QScrollArea()
        self.day_label = label("", "muted")
        self.day_label.setAccessibleName("选中的一天")
        self.source_label = label("", "muted")
        self.missing = _MissingYear()
        self._make_actions()
        self.missing.add(action_button(self.enter_action, primary=True))
        self._build()
        self.list.currentItemChanged.connect(self._year_chosen)
        self.calendar.day_changed.connect(self._show_day)
        self.calendar.year_wanted.connect(self.show_year)
        self.setFocusProxy(self.list)

    def _make_actions(self) -> None:
        def action(text: str, slot: Callable[[], object], name: str, shortcut: str, tip: str) -> QAction:
            return make_action(text, parent=self, triggered=slot, icon=name, shortcut=shortcut, tip=tip)

        self.enter_action = action(
            "录入或粘贴通知(&N)…",
            self.enter,
            "pencil",
            shortcuts.NEW,
            "按国务院办公厅通知的文字录入一年的安排",
        )
        self.import_action = action(
            "导入文件(&I)…", self.import_file, "file-import", "Ctrl+I", "JSON，或写着日期、类型、名称的表格"
        )
        self.remove_action = action(
            "删除录入的安排(&D)…", self.remove, "trash", "", "删除后恢复随程序提供的安排，没有的恢复为未发布"
        )
        self.refresh_action = action("刷新", self.reload, "refresh", shortcuts.REFRESH, "重新读取")
        self.addActions([self.enter_action, self.import_action, self.remove_action, self.refresh_action])

    def _build(self) -> None:
        self.sheet.setProperty("role", "plain")
        self.sheet.setWidgetResizable(True)
        self.sheet.setFrameShape(QFrame.Shape.NoFrame)
        self.sheet.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.sheet.setWidget(self.calendar)
        right = QVBoxLayout()
        right.setSpacing(SMALL)
        right.addWidget(self.missing)
        right.addWidget(self.sheet, 1)
        right.addWidget(self.day_label)
        self.list.setFixedWidth(self.fontMetrics().horizontalAdvance(_WIDEST_LINE) + 2 * HUGE)
        left = QVBoxLayout()
        left.setSpacing(SMALL)
        left.addWidget(self.list, 1)
        left.addWidget(self.source_label)
        body = QHBoxLayout()
        body.setSpacing(MEDIUM)
        body.addLayout(left)
        body.addLayout(right, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MEDIUM, SMALL, MEDIUM, SMALL)
        layout.setSpacing(SMALL)
        actions = (self.enter_action, self.import_action, self.remove_action, None, self.refresh_action)
        layout.addWidget(toolbar("节假日命令", actions))
        layout.addLayout(body, 1)

    # Years

    def reload(self) -> None:
        """Read all years anew, keeping the one that is chosen."""
        self._ui.tasks.run(
            self._service.years, owner=self, done=self._show_years, failed=self._ui.notices.error
        )

    def show_year(self, year: int) -> None:
        """Choose a year; one that is not in the list is left alone."""
        for place in range(self.list.topLevelItemCount()):
            item = self.list.topLevelItem(place)
            if item is not None and line_key(item) == year:
                self._wanted = year
                self.list.setCurrentItem(item)

    def _show_years(self, rows: tuple[YearRow, ...]) -> None:
        self._rows = rows
        self.list.blockSignals(True)
        self.list.clear()
        for row in rows:
            missing = row.state is YearState.MISSING
            state = f"{row.state}（暂定）" if missing else str(row.state)
            figures = ("—", "—") if missing else (str(row.off_days), str(row.work_days))
            list_line(self.list, (str(row.year), state, *figures, str(row.working_days)), row.year)
        self.list.blockSignals(False)
        known = {row.year for row in rows}
        self.show_year(self._wanted if self._wanted in known else self._ui.today().year)
        if self.list.currentItem() is not None:
            self._load(self._wanted)

    def _year_chosen(self, item: QTreeWidgetItem | None) -> None:
        year = line_key(item)
        if isinstance(year, int):
            self._wanted = year
            self._load(year)

    def _load(self, year: int) -> None:
        self._ui.tasks.run(
            lambda: self._service.plan(year), owner=self, done=self._show_plan, failed=self._ui.notices.error
        )

    def _show_plan(self, plan: YearPlan) -> None:
        if plan.row.year != self._wanted:
            return
        self._plan = plan
        missing = plan.row.state is YearState.MISSING
        self.missing.say(
            f"{plan.row.year} 年的放假通知还没有录入。现按法定假日推算，调休未知，"
            "经过这一年的截止日都标“暂定”。"
        )
        self.missing.setVisible(missing)
        self.source_label.setText("" if missing else f"{plan.row.year} 年：{plan.row.source}")
        self.calendar.show_year(plan.row.year, plan.calendar)
        entered = plan.row.state is YearState.ENTERED
        set_available(self.remove_action, "" if entered else "这一年没有录入过，没有可删除的")

    def _show_day(self, day: date) -> None:
        place = self.calendar.rect_of(day).center()
        self.sheet.ensureVisible(place.x(), place.y(), HUGE, 2 * HUGE)
        source = self.calendar.source_of(day)
        self.day_label.setText(f"{self.calendar.describe(day)}{f'　依据：{source}' if source else ''}")

    # Actions

    def enter(self) -> None:
        """Enter or correct the notice of the chosen year."""
        if self._plan is None:
            return
        dialog = NoticeDialog(self._service, self._plan, self._ui, self)
        dialog.saved.connect(lambda moved: self._saved(moved, dialog.year))
        open_dialog(dialog)

    def import_file(self) -> None:
        """Read a file and show what it holds before anything is stored."""
        path = self._ui.files.open_file(self, "导入放假安排", _PATTERN)
        if path is None:
            return
        service = self._service
        self._ui.tasks.run(
            lambda: read_with_plans(service, service.read_file(path)),
            owner=self,
            done=self._show_file,
            failed=self._ui.notices.error,
            title="正在读取放假安排",
        )

    def _show_file(self, read: ReadFile) -> None:
        dialog = HolidayImportDialog(self._service, read, self._ui, self)
        dialog.saved.connect(lambda moved: self._saved(moved, max(read.file.years)))
        open_dialog(dialog)

    def remove(self) -> None:
        """Take back what was entered for the chosen year."""
        plan = self._plan
        if plan is None or plan.row.state is not YearState.ENTERED:
            return
        year = plan.row.year
        question = f"删除录入的 {year} 年放假安排？经过这一年的截止日会重算。"
        if not self._ui.notices.ask(question, "删除", "保留", danger=True):
            return
        self._ui.tasks.run(
            lambda: self._service.remove(year),
            owner=self,
            done=lambda moved: self._saved(moved, year, f"已删除 {year} 年的安排"),
            failed=self._failed,
        )

    def _failed(self, error: AppError) -> None:
        self._ui.notices.error(error)
        self.reload()

    def _saved(self, moved: DueDatesMoved, year: int, what: str = "") -> None:
        self._wanted = year
        self.reload()
        self._ui.notices.info(f"{what or f'已保存 {year} 年的放假安排'}，{moved_text(moved)}")
        self.calendar_changed.emit()


class _MissingYear(QFrame):
    """Says that a year is 暂定, with the way to change that."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "notice")
        self.setProperty("kind", "warning")
        self._text = label("")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(MEDIUM, SMALL, MEDIUM, SMALL)
        self._row.addWidget(self._text, 1)
        self.setVisible(False)

    def add(self, button: QWidget) -> None:
        """Put the next step at the right."""
        self._row.addWidget(button)

    def say(self, text: str) -> None:
        """Change the sentence."""
        self._text.setText(text)
        self.setAccessibleName(text)
