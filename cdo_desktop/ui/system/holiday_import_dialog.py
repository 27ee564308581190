"""Holidays from a file: which years it holds, what would change, and what is wrong with it."""

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from cdo_desktop.errors import AppError
from cdo_desktop.rules.notice_check import notice_warnings
from cdo_desktop.services.holiday_files import HolidayFile
from cdo_desktop.services.holidays import HolidayService, NoticeDraft, YearPlan
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.help import HelpButton
from cdo_desktop.ui.common.notice_bar import NoticeBar
from cdo_desktop.ui.common.style import LARGE, MEDIUM, SMALL
from cdo_desktop.ui.system.widgets import label, line_key, list_line, list_of, push_button, set_usable


@dataclass(frozen=True)
class ReadFile:
    """A file with what is stored for each of its years."""

    file: HolidayFile
    plans: dict[int, YearPlan]


def read_with_plans(service: HolidayService, file: HolidayFile) -> ReadFile:
    """Look up what is stored for the years of a file."""
    return ReadFile(file, {year: service.plan(year) for year in file.years})


class HolidayImportDialog(QDialog):
    """Every year that differs is ticked; all that are ticked are stored, or none."""

    saved = Signal(object)  # DueDatesMoved

    def __init__(
        self, service: HolidayService, read: ReadFile, ui: UiContext, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"导入放假安排：{read.file.name}")
        self._service = service
        self._read = read
        self._ui = ui
        self._saving = False
        self.banner = NoticeBar()
        self.list = list_of("文件中的年份", ("年份", "放假", "调休上班", "与现有安排比较"), 3)
        self.findings = label("")
        self.findings.setAccessibleName("需要留意的内容")
        self.findings.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.save_button = push_button("导入", self.save)
        self.save_button.setProperty("role", "primary")
        self.save_button.setDefault(True)
        self.cancel_button = push_button("取消", self.reject)
        self._build()
        self._fill()
        self.list.itemChanged.connect(lambda _item: self._show_available())
        self._show_available()

    def _build(self) -> None:
        found = QScrollArea()
        found.setProperty("role", "plain")
        found.setWidgetResizable(True)
        found.setFrameShape(QScrollArea.Shape.NoFrame)
        self.findings.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        found.setWidget(self.findings)
        buttons = QHBoxLayout()
        buttons.setSpacing(SMALL)
        buttons.addWidget(HelpButton(self._ui))
        buttons.addStretch(1)
        buttons.addWidget(self.save_button)
        buttons.addWidget(self.cancel_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(LARGE, LARGE, LARGE, MEDIUM)
        layout.setSpacing(MEDIUM)
        layout.addWidget(self.banner)
        layout.addWidget(self.list, 2)
        layout.addWidget(found, 1)
        layout.addLayout(buttons)
        self.resize(640, 420)

    def _fill(self) -> None:
        lines = [f"✗ {problem}" for problem in self._read.file.problems]
        for year, days in self._read.file.years.items():
            off = sum(special.is_off for special in days)
            plan = self._read.plans[year]
            same = plan.days == days
            told = "相同，不用导入" if same else f"将替换{plan.row.state}的安排" if plan.days else "新增"
            item = list_line(self.list, (f"{year} 年", f"{off} 天", f"{len(days) - off} 天", told), year)
            wanted = not same and not self._read.file.problems
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(0, Qt.CheckState.Checked if wanted else Qt.CheckState.Unchecked)
            if not same:
                lines += [f"！ {year} 年：{warning}" for warning in notice_warnings(year, days)]
        first = self.list.topLevelItem(0)
        if first is not None:
            self.list.setCurrentItem(first)
        self.findings.setText("\n".join(lines) or "没有发现问题。")
        if self._read.file.problems:
            self.findings.setProperty("role", "message")

    def chosen(self) -> list[int]:
        """Return the years that are ticked."""
        items = [self.list.topLevelItem(place) for place in range(self.list.topLevelItemCount())]
        ticked = [item for item in items if item and item.checkState(0) is Qt.CheckState.Checked]
        return [year for year in map(line_key, ticked) if isinstance(year, int)]

    def _show_available(self) -> None:
        reason = "先改正文件里的问题" if self._read.file.problems else ""
        reason = reason or ("" if self.chosen() else "先勾选要导入的年份")
        set_usable(self.save_button, reason or ("正在保存" if self._saving else ""))

    def save(self) -> None:
        """Store the ticked years together."""
        if self._saving or not self.save_button.isEnabled():
            return
        source = f"导入：{self._read.file.name}"
        drafts = [
            NoticeDraft(year, self._read.file.years[year], source, self._read.plans[year].days)
            for year in self.chosen()
        ]
        self._saving = True
        self._show_available()
        self._ui.tasks.run(
            lambda: self._service.save(drafts), owner=self, done=self._saved, failed=self._failed
        )

    def _saved(self, moved: object) -> None:
        self._saving = False
        self.accept()
        self.saved.emit(moved)

    def _failed(self, error: AppError) -> None:
        self._saving = False
        self._show_available()
        self.banner.show_error(error)
