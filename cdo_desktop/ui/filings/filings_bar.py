"""Above the list of filings: search, the working lists with their counts, and the empty posts."""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtGui import Qt
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from cdo_desktop.services.filing_sql import FilingView
from cdo_desktop.ui.common.chips import Chips
from cdo_desktop.ui.common.icons import icon
from cdo_desktop.ui.common.search_line import search_line
from cdo_desktop.ui.common.search_typing import SearchTyping
from cdo_desktop.ui.common.style import SMALL
from cdo_desktop.ui.common.table_model import TableQuery
from cdo_desktop.ui.filings.filings_table import view_of

_SEARCH_WIDTHS = (180, 340)


class FilingsBar(QWidget):
    """Says what is wanted by its signals, and shows what the table was asked for."""

    view_chosen = Signal(str)
    vacant_wanted = Signal()
    """The empty posts are to be seen: they have no filing, and stand in the register."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.search = search_line("查找：单位、姓名、备案编号，或拼音、首字母", "查找备案")
        self.search.setMinimumWidth(_SEARCH_WIDTHS[0])
        self.search.setMaximumWidth(_SEARCH_WIDTHS[1])
        self.typing = SearchTyping(self.search)
        self.views = Chips("清单(&Z)", tuple(FilingView), with_all=False)
        self.views.chosen.connect(self.view_chosen)
        self.vacant = QToolButton()
        self.vacant.setAutoRaise(True)
        self.vacant.setIcon(icon("user-minus"))
        self.vacant.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.vacant.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.vacant.setToolTip("到名册里看空缺的岗位")
        self.vacant.clicked.connect(lambda _checked=False: self.vacant_wanted.emit())
        self.vacant.hide()
        first = QHBoxLayout()
        first.setSpacing(SMALL)
        first.addWidget(self.search, 1)
        first.addStretch(0)
        first.addWidget(self.vacant)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SMALL)
        layout.addLayout(first)
        layout.addWidget(self.views, 0, Qt.AlignmentFlag.AlignLeft)

    def show_counts(self, counts: Mapping[FilingView, int]) -> None:
        """Write how many filings each list has."""
        self.views.show_counts({str(view): count for view, count in counts.items()})

    def show_vacant(self, count: int) -> None:
        """Say how many posts are empty; with none nothing."""
        self.vacant.setText(f"空缺岗位 {count} 个")
        self.vacant.setAccessibleName(f"空缺岗位 {count} 个，到名册里看")
        self.vacant.setVisible(count > 0)

    def show_query(self, query: TableQuery) -> None:
        """Follow the table, as when its filters were cleared."""
        self.typing.show_text(query.text)
        self.views.choose(view_of(query))
