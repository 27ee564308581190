"""Above the table: search, the day looked at, and the choices of group and state with their counts."""

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent, Qt
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from cdo_desktop.rules.filing import RegisterState
from cdo_desktop.rules.vocabulary import UnitGroup
from cdo_desktop.services.register import RegisterCounts
from cdo_desktop.ui.common.chips import Chips
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.date_field import DateField
from cdo_desktop.ui.common.overriding import override
from cdo_desktop.ui.common.search_line import search_line
from cdo_desktop.ui.common.search_typing import SearchTyping
from cdo_desktop.ui.common.style import HUGE, LARGE, SMALL, TIGHT
from cdo_desktop.ui.common.table_model import TableQuery
from cdo_desktop.ui.registry.register_table import AS_OF, GROUP, STATE

_SEARCH_WIDTHS = (180, 340)


class RegisterBar(QWidget):
    """Says what is wanted by its signals, and shows what the table was asked for."""

    text_changed = Signal(str)
    down_pressed = Signal()
    """From the choices below the search into the rows."""
    search_left = Signal(bool)
    """From the search field into the rows; True with Down, which goes on from what the search selected."""
    group_chosen = Signal(str)
    state_chosen = Signal(str)
    day_chosen = Signal(object)  # a date, or None for today

    def __init__(self, ui: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ui = ui
        self.search = search_line("查找：姓名、单位、职务、电话，或拼音、首字母", "查找")
        self.search.setMinimumWidth(_SEARCH_WIDTHS[0])
        self.search.setMaximumWidth(_SEARCH_WIDTHS[1])
        self.typing = SearchTyping(self.search)
        self.typing.text_changed.connect(self.text_changed)
        self.typing.left.connect(self.search_left)
        self.day = DateField(ui.today, ui.day_mark)
        self.day.line.setAccessibleName("截至日期")
        self.day.line.setPlaceholderText("今天")
        self.day.line.setFixedWidth(104)
        self.day.line.editingFinished.connect(self._day_entered)
        self.day.changed.connect(self._day_changed)
        self.today_button = QToolButton()
        self.today_button.setText("回到今天")
        self.today_button.setAccessibleName("回到今天")
        self.today_button.clicked.connect(lambda: self._choose_day(None))
        self.past = QLabel()
        self.past.setProperty("role", "message")
        self._day: date | None = None
        self.groups = Chips("分组(&F)", tuple(UnitGroup))
        self.states = Chips("状态(&Z)", tuple(RegisterState))
        self.groups.chosen.connect(self.group_chosen)
        self.states.chosen.connect(self.state_chosen)
        for chips in (self.groups, self.states):
            chips.down_pressed.connect(self.down_pressed)
        self._build()
        self._show_day(None)

    def _build(self) -> None:
        caption = QLabel("截至(&D)")
        caption.setBuddy(self.day.line)
        first = QHBoxLayout()
        first.setSpacing(SMALL)
        first.addWidget(self.search, 1)
        first.addSpacing(LARGE)
        first.addWidget(caption)
        first.addWidget(self.day)
        first.addWidget(self.today_button)
        first.addWidget(self.past)
        first.addStretch(0)
        self._choices = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._choices.setSpacing(SMALL)
        for chips in (self.states, self.groups):
            self._choices.addWidget(chips, 0, Qt.AlignmentFlag.AlignLeft)
        self._choices.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SMALL)
        layout.addLayout(first)
        layout.addLayout(self._choices)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the groups go below the states, instead of hiding their words."""
        super().resizeEvent(event)
        self._fit_choices()

    def _fit_choices(self) -> None:
        direction = QBoxLayout.Direction
        wanted = self.states.sizeHint().width() + HUGE + self.groups.sizeHint().width()
        fits = wanted <= self.width()
        self._choices.setSpacing(HUGE if fits else TIGHT)
        self._choices.setDirection(direction.LeftToRight if fits else direction.TopToBottom)

    def search_now(self) -> None:
        """Search for what was typed last without waiting for more."""
        self.typing.search_now()

    def show_counts(self, counts: RegisterCounts) -> None:
        """Write how many rows each choice would leave."""
        self.groups.show_counts(counts.by_group)
        self.states.show_counts(counts.by_state)
        self._fit_choices()

    def show_query(self, query: TableQuery) -> None:
        """Follow the table, as when its filters were cleared."""
        self.typing.show_text(query.text)
        self.groups.choose(query.filters.get(GROUP, ""))
        self.states.choose(query.filters.get(STATE, ""))
        as_of = query.extra.get(AS_OF)
        self._show_day(as_of if isinstance(as_of, date) else None)

    def _show_day(self, day: date | None) -> None:
        self._day = day
        self.past.setText(f"这是 {day:%Y-%m-%d} 的任职情况，只能查看和导出" if day else "")
        self.today_button.setVisible(day is not None)

    def _day_changed(self) -> None:
        """A day from the calendar counts at once, a typed one when the line is left or on Enter."""
        if self.day.line.hasFocus():
            self._show_day(self._day)  # whatever was said of the last text
        else:
            self._day_entered()

    def _day_entered(self) -> None:
        problem = self.day.problem()
        if problem:
            self.past.setText(problem)
        else:
            self._choose_day(self.day.day())

    def _choose_day(self, day: date | None) -> None:
        chosen = None if day == self._ui.today() else day
        if chosen is None and self.day.text():
            self.day.set_day(None)
        if chosen != self._day:
            self._show_day(chosen)
            self.day_chosen.emit(chosen)
