"""备案办理: its pages, the filings first; each further one is built when it is first looked at."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QTabBar, QVBoxLayout, QWidget

from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.help import set_topic
from cdo_desktop.ui.common.overriding import override
from cdo_desktop.ui.filings.filings_page import FilingsPage
from cdo_desktop.ui.filings.page import Page
from cdo_desktop.ui.filings.services import FilingsServices

FILINGS = "备案"


class FilingsTab(QWidget):
    """Shows one page at a time; with one page alone there is nothing to switch."""

    filings_changed = Signal()
    vacant_wanted = Signal()
    forms_wanted = Signal(object)
    attachments_wanted = Signal(object)

    def __init__(self, services: FilingsServices, ui: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_topic(self, "备案办理")
        self.switch = QTabBar()
        self.switch.setAccessibleName("备案办理的页面")
        self.switch.setAutoHide(True)
        self.switch.setDrawBase(False)
        self.switch.setExpanding(False)
        self.stack = QStackedWidget()
        self._pages: dict[int, Page] = {}
        self._builders: list[Callable[[], Page]] = []
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.switch)
        layout.addWidget(self.stack, 1)
        self.switch.currentChanged.connect(self._show_page)
        self.filings = FilingsPage(services, ui)
        self.add_page(FILINGS, lambda: self.filings)
        page = self.filings
        page.filings_changed.connect(self.filings_changed)
        page.vacant_wanted.connect(self.vacant_wanted)
        page.forms_wanted.connect(self.forms_wanted)
        page.attachments_wanted.connect(self.attachments_wanted)

    def add_page(self, title: str, build: Callable[[], Page]) -> None:
        """Offer a page behind the others."""
        self._builders.append(build)
        self.switch.addTab(title)

    def reload(self) -> None:
        """Read the page that shows anew; one that does not is read when it is shown."""
        if self.isVisible():
            self._current().reload()

    def enter(self) -> None:
        """Put the keyboard into the page."""
        self._current().enter()

    def _current(self) -> Page:
        return self._page(max(self.switch.currentIndex(), 0))

    def _page(self, place: int) -> Page:
        page = self._pages.get(place)
        if page is None:
            page = self._pages[place] = self._builders[place]()
            self.stack.addWidget(page)
        return page

    def _show_page(self, place: int) -> None:
        self.stack.setCurrentWidget(self._page(place))
        self.reload()

    def save_layout(self) -> str:
        """Return the columns of the filings for the next start."""
        return self.filings.table.save_layout()

    def restore_layout(self, text: str) -> None:
        """Arrange the filings as they were left."""
        self.filings.table.restore_layout(text)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        """What changed elsewhere meanwhile is read now."""
        super().showEvent(event)
        self._current().reload()

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        """Hand the keyboard on; a focus proxy would keep Tab from reaching anything else inside."""
        super().focusInEvent(event)
        self.enter()
