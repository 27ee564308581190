"""收文登记: every paper that was received, and the lists of a year."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from cdo_desktop.services.paper_list import PaperListService, PaperRow
from cdo_desktop.ui.common import shortcuts
from cdo_desktop.ui.common.actions import make_action, set_available
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.empty_state import EmptyState
from cdo_desktop.ui.common.help import set_topic
from cdo_desktop.ui.common.result_line import ResultLine
from cdo_desktop.ui.common.search_line import search_line
from cdo_desktop.ui.common.search_typing import SearchTyping, TableSearch
from cdo_desktop.ui.common.style import MEDIUM, SMALL
from cdo_desktop.ui.common.table_view import DataTable, count_text
from cdo_desktop.ui.common.toolbar import add_table_commands, command_bar
from cdo_desktop.ui.filings.ledgers import Ledgers
from cdo_desktop.ui.filings.page import Page
from cdo_desktop.ui.filings.papers_table import COLUMNS, YEAR, PaperSource

if TYPE_CHECKING:
    from cdo_desktop.services.filing_papers import FilingPaperService

_EVERY = "全部年份"
_SEARCH_WIDTHS = (180, 340)


class PapersPage(Page):
    """Read-only: a receipt is entered and undone with its filing."""

    filing_wanted = Signal(int)
    """The id of the filing that a paper belongs to."""

    def __init__(
        self,
        service: PaperListService,
        papers: Callable[[], "FilingPaperService"],
        ui: UiContext,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        set_topic(self, "收文和登记册")
        self._papers = papers
        self._ui = ui
        self.table = DataTable[int, PaperRow](
            COLUMNS, PaperSource(service), frozen=1, name="收文", tasks=ui.tasks
        )
        self.result_line = ResultLine(ui.notices.error)
        self.ledgers = Ledgers(papers, ui, self.result_line, self)
        self.search = search_line("查找：收文号、单位、姓名，或拼音、首字母", "查找收文")
        self.search.setMinimumWidth(_SEARCH_WIDTHS[0])
        self.search.setMaximumWidth(_SEARCH_WIDTHS[1])
        self.years = QComboBox()
        self.years.setAccessibleName("收文年份")
        self.years.addItem(_EVERY)
        self.counts = QLabel()
        self.counts.setProperty("role", "muted")
        self.open_filing = make_action(
            "看这份备案(&K)", parent=self, triggered=self._open, icon="list-check", tip="到备案的清单里看"
        )
        self.find_action = make_action(
            "查找收文", parent=self, triggered=self._go_to_search, icon="search", shortcut=shortcuts.FIND
        )
        self.refresh = make_action(
            "刷新收文", parent=self, triggered=self.refresh_all, icon="refresh", shortcut=shortcuts.REFRESH
        )
        self._build()
        self._connect()

    def _build(self) -> None:
        bar = command_bar("收文命令")
        bar.addAction(self.open_filing)
        bar.addSeparator()
        bar.addActions(self.ledgers.actions)
        add_table_commands(bar, self.table, self)
        first = QHBoxLayout()
        first.setSpacing(SMALL)
        first.addWidget(self.search, 1)
        first.addWidget(self.years)
        first.addStretch(0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MEDIUM, SMALL, MEDIUM, SMALL)
        layout.setSpacing(SMALL)
        layout.addWidget(bar)
        layout.addLayout(first)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.result_line)
        layout.addWidget(self.counts)
        self.table.set_empty_state(
            EmptyState("inbox", "还没有收文", "在“备案”里登记收件，或归入扫描件以后，每一件都记在这里。")
        )

    def _connect(self) -> None:
        table = self.table
        self.typing = SearchTyping(self.search)
        searching = TableSearch(table, self.search.text)
        self.typing.text_changed.connect(searching.search)
        self.typing.left.connect(searching.leave)
        self.years.currentIndexChanged.connect(lambda _place: self._year_chosen())
        table.set_actions((self.open_filing,))
        table.activated.connect(lambda _key: self._open())
        table.query_changed.connect(lambda query: self.typing.show_text(query.text))
        table.counts_changed.connect(lambda shown, total: self.counts.setText(count_text(shown, total)))
        table.failed.connect(self._ui.notices.error)
        table.selection_changed.connect(self._show_available)
        self._show_available()
        self.addActions([self.open_filing, self.find_action, self.refresh, *self.ledgers.actions])

    def reload(self) -> None:
        """Read the papers anew, and which years there are."""
        self.table.reload()
        self._ui.when_ready(self, self._load_years)

    def _load_years(self) -> None:
        self._ui.tasks.run(
            lambda: self._papers().years(),
            owner=self,
            done=self._show_years,
            failed=self._ui.notices.error,
        )

    def _show_years(self, years: tuple[int, ...]) -> None:
        words = [_EVERY, *map(str, years)]
        if words == [self.years.itemText(place) for place in range(self.years.count())]:
            return
        chosen = self.years.currentText()
        self.years.blockSignals(True)  # the year shown stays
        self.years.clear()
        self.years.addItems(words)
        self.years.setCurrentText(chosen)
        self.years.blockSignals(False)

    def _year_chosen(self) -> None:
        text = self.years.currentText()
        self.table.set_extra(YEAR, int(text) if text.isdecimal() else None)

    def enter(self) -> None:
        """Put the keyboard into the rows."""
        self.table.grid.enter()

    def _show_available(self) -> None:
        count = len(self.table.selected_keys())
        set_available(self.open_filing, "" if count == 1 else "先选中一件" if not count else "一次只看一件")

    def _open(self) -> None:
        keys = self.table.selected_keys()
        row = self.table.model.row_at(self.table.model.index_of(keys[0])) if len(keys) == 1 else None
        if row is not None:
            self.filing_wanted.emit(row.filing_id)

    def _go_to_search(self) -> None:
        self.typing.focus()
