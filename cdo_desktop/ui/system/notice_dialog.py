"""Entering a year's notice: pasted or typed in its own words, with what was understood beside it."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut, Qt
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QScrollArea,
    QSpinBox,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from cdo_desktop.errors import AppError
from cdo_desktop.rules.notice_check import notice_warnings, working_days_in
from cdo_desktop.rules.notice_text import NoticeReading, notice_title, notice_year, read_notice, write_notice
from cdo_desktop.rules.statutory import FIRST_YEAR, LAST_YEAR, statutory_days
from cdo_desktop.rules.working_days import SpecialDay, WorkingCalendar
from cdo_desktop.services.calendar_changes import DueDatesMoved
from cdo_desktop.services.holidays import HolidayService, NoticeDraft, YearPlan
from cdo_desktop.ui.common import shortcuts
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.help import HelpButton
from cdo_desktop.ui.common.input_guard import commit_input_method
from cdo_desktop.ui.common.notice_bar import NoticeBar
from cdo_desktop.ui.common.overriding import override
from cdo_desktop.ui.common.remembered import remember_splitters
from cdo_desktop.ui.common.style import LARGE, MEDIUM, SMALL
from cdo_desktop.ui.system.widgets import label, push_button, set_usable
from cdo_desktop.ui.system.year_calendar import YearCalendar

_PAUSE_MS = 150
_EXAMPLE = (
    "把国务院办公厅放假通知的正文粘贴到这里，或照它的写法逐条填写，例如：\n"
    "一、元旦：1月1日（周五）至3日（周日）放假，共3天。\n"
    "二、春节：2月5日（周五）至11日（周四）放假调休，共7天。1月30日（周六）上班。"
)


class NoticeDialog(QDialog):
    """What is typed is read at once; only what was understood without doubt can be saved."""

    saved = Signal(object)  # DueDatesMoved

    def __init__(
        self, service: HolidayService, plan: YearPlan, ui: UiContext, parent: QWidget | None = None
    ) -> None:
        """``plan`` is the year as it is stored; its days, if any, are written out to be changed."""
        super().__init__(parent)
        self.setWindowTitle("录入放假安排")
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self._service = service
        self._ui = ui
        self._plan = plan
        self._source = "录入"
        self._saving = False
        self.reading = NoticeReading(plan.row.year, (), ())
        self.warnings: tuple[str, ...] = ()
        self.banner = NoticeBar()
        self.year_box = QSpinBox()
        self.year_box.setRange(FIRST_YEAR, LAST_YEAR)
        self.year_box.setValue(plan.row.year)
        self.year_box.setAccessibleName("年份")
        self.text = QPlainTextEdit()
        self.text.setAccessibleName("放假通知正文")
        self.text.setPlaceholderText(_EXAMPLE)
        self.text.setTabChangesFocus(True)
        self.findings = label("")
        self.findings.setAccessibleName("读到的内容")
        self.findings.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.calendar = YearCalendar(ui.today)
        self.draft_button = push_button("按法定假日起草(&D)", self.draft_by_law, "file-text")
        self.save_button = push_button("保存", self.save)
        self.save_button.setProperty("role", "primary")
        self.save_button.setToolTip("保存（Ctrl+S）")
        self.cancel_button = push_button("取消", self.reject)
        QShortcut(QKeySequence(shortcuts.SAVE), self).activated.connect(self.save)
        self._timer = QTimer(self, interval=_PAUSE_MS, singleShot=True)
        self._timer.timeout.connect(self.read)
        self._build()
        self._opened_text = write_notice(plan.row.year, plan.days)
        self.text.setPlainText(self._opened_text)
        self.text.textChanged.connect(self._timer.start)
        self.year_box.valueChanged.connect(self._year_chosen)
        self.read()

    def _build(self) -> None:
        year_label = QLabel("年份(&Y)")
        year_label.setBuddy(self.year_box)
        head = QHBoxLayout()
        head.setSpacing(SMALL)
        head.addWidget(year_label)
        head.addWidget(self.year_box)
        head.addStretch(1)
        head.addWidget(self.draft_button)
        found = QScrollArea()
        found.setProperty("role", "plain")
        found.setWidgetResizable(True)
        found.setFrameShape(QScrollArea.Shape.NoFrame)
        found.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.findings.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        found.setWidget(self.findings)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, SMALL, 0)
        column.setSpacing(SMALL)
        column.addLayout(head)
        column.addWidget(self.text, 3)
        column.addWidget(found, 2)
        sheet = QScrollArea()
        sheet.setProperty("role", "plain")
        sheet.setWidgetResizable(True)
        sheet.setFrameShape(QScrollArea.Shape.NoFrame)
        sheet.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        sheet.setWidget(self.calendar)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setObjectName("notice")
        split.addWidget(left)
        split.addWidget(sheet)
        split.setStretchFactor(0, 1)
        split.setStretchFactor(1, 1)
        split.setChildrenCollapsible(False)
        buttons = QHBoxLayout()
        buttons.setSpacing(SMALL)
        buttons.addWidget(HelpButton(self._ui))
        buttons.addStretch(1)
        buttons.addWidget(self.save_button)
        buttons.addWidget(self.cancel_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(LARGE, MEDIUM, LARGE, MEDIUM)
        layout.setSpacing(SMALL)
        layout.addWidget(self.banner)
        layout.addWidget(split, 1)
        layout.addLayout(buttons)
        room = self.screen().availableGeometry()
        self.resize(min(1280, int(room.width() * 0.94)), min(720, int(room.height() * 0.9)))
        split.setSizes([self.width() * 4 // 10, self.width() * 6 // 10])
        remember_splitters(self, self._ui)
        self.text.setFocus()

    # Reading

    @property
    def year(self) -> int:
        """The year that is being entered."""
        return self.year_box.value()

    def read(self) -> None:
        """Understand what stands in the field, and show it."""
        self._timer.stop()
        text = self.text.toPlainText()
        said = notice_year(text)
        if said is not None and said != self.year and FIRST_YEAR <= said <= LAST_YEAR:
            self.year_box.setValue(said)  # comes back here through _year_chosen
            return
        empty = not text.strip()
        self.reading = NoticeReading(self.year, (), ()) if empty else read_notice(text, self.year)
        days = self.reading.days
        self.warnings = () if empty or self.reading.problems else notice_warnings(self.year, days)
        shown = WorkingCalendar.build(days, {self.year} if days else ())
        self.calendar.show_year(self.year, shown)
        self._show_findings(shown, empty=empty)

    def _show_findings(self, shown: WorkingCalendar, *, empty: bool) -> None:
        reading = self.reading
        if empty:
            lines = ["还没有内容。没有通知的年份按法定假日推算，截止日标“暂定”。"]
        else:
            off = sum(special.is_off for special in reading.days)
            lines = [
                f"读到放假 {off} 天、调休上班 {len(reading.days) - off} 天，"
                f"全年 {working_days_in(self.year, shown)} 个工作日。"
            ]
        lines += [f"✗ {problem}" for problem in reading.problems]
        lines += [f"！ {warning}" for warning in self.warnings]
        lines += [f"（只是提倡，未采用）{sentence}" for sentence in reading.left_out]
        self.findings.setText("\n".join(lines))
        role = "message" if reading.problems else ""
        self.findings.setProperty("role", role)
        self.findings.style().unpolish(self.findings)
        self.findings.style().polish(self.findings)
        ready = not empty and not reading.problems
        reason = "" if ready else "先粘贴或写入通知" if empty else "先改正没有看懂的地方"
        set_usable(self.save_button, reason or ("正在保存" if self._saving else ""))

    def _year_chosen(self, year: int) -> None:
        """Look at what is stored for the other year, so that nothing of it is overwritten unseen."""
        self._ui.tasks.run(
            lambda: self._service.plan(year),
            owner=self,
            done=self._other_year,
            failed=self.banner.show_error,
        )

    def _other_year(self, plan: YearPlan) -> None:
        if plan.row.year != self.year:
            return
        self._plan = plan
        self.read()

    def draft_by_law(self) -> None:
        """Write the statutory days as a first draft, to be completed by the notice."""
        if self.is_dirty() and not self._ui.notices.ask(
            "现有的文字会换成法定假日的草稿。", "换成草稿", "保留文字", danger=True
        ):
            return
        days = (
            SpecialDay(day, True, name, notice_title(self.year))
            for day, name in statutory_days(self.year).items()
        )
        self.text.setPlainText(write_notice(self.year, days))
        self.read()

    # Saving

    def is_dirty(self) -> bool:
        """Whether closing would lose something."""
        commit_input_method()
        return self.text.toPlainText().strip() != self._opened_text.strip()

    def save(self) -> None:
        """Store what was understood; warnings are asked about first."""
        commit_input_method()
        self.read()
        if self._saving or not self.save_button.isEnabled() or self._plan.row.year != self.year:
            return
        if self.warnings and not self._ui.notices.ask(
            "\n".join((*self.warnings, "仍按这份安排保存吗？")), "仍然保存", "回去核对", danger=True
        ):
            return
        self.banner.clear()
        draft = NoticeDraft(self.year, self.reading.days, self._source, self._plan.days)
        self._lock(True)
        self._ui.tasks.run(
            lambda: self._service.save([draft]), owner=self, done=self._saved, failed=self._not_saved
        )

    def _saved(self, moved: DueDatesMoved) -> None:
        self._lock(False)
        self._opened_text = self.text.toPlainText()
        self.accept()
        self.saved.emit(moved)

    def _not_saved(self, error: AppError) -> None:
        self._lock(False)
        self.banner.show_error(error)

    def _lock(self, locked: bool) -> None:
        self._saving = locked
        for widget in (self.text, self.year_box, self.draft_button, self.cancel_button, self.save_button):
            widget.setEnabled(not locked)

    @override
    def reject(self) -> None:
        """Close; with unsaved text ask first."""
        if self._saving:
            return
        if self.is_dirty() and not self._ui.notices.ask(
            "录入的放假安排还没有保存。", "不保存", "继续填写", danger=True
        ):
            return
        super().reject()


def moved_text(moved: DueDatesMoved) -> str:
    """Say what a change of the calendar did to the open limits."""
    if not moved.changed and not moved.firm:
        return "在办备案的截止日没有变化"
    parts = [f"{moved.changed} 件在办备案的截止日已重算"] if moved.changed else []
    parts += [f"{moved.firm} 件由暂定改为确定"] if moved.firm else []
    return "，".join(parts)
