"""备案办理: its pages, the filings first; each further one is built when it is first looked at."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QFocusEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QTabBar, QVBoxLayout, QWidget

from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.drops import accept_copy
from cdo_desktop.ui.common.help import set_topic
from cdo_desktop.ui.common.overriding import override
from cdo_desktop.ui.filings.filings_page import FilingsPage
from cdo_desktop.ui.filings.page import Page
from cdo_desktop.ui.filings.scan_flow import ScanFlow, scan_files
from cdo_desktop.ui.filings.services import FilingsServices

FILINGS, PAPERS, TRAY = "备案", "收文登记", "待认扫描件"


class FilingsTab(QWidget):
    """Shows one page at a time; with one page alone there is nothing to switch."""

    filings_changed = Signal()
    vacant_wanted = Signal()
    forms_wanted = Signal(object)
    attachments_wanted = Signal(object)

    def __init__(self, services: FilingsServices, ui: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._ui = ui
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
        self.scans = ScanFlow(services, ui, self)
        self.scans.taken_in.connect(self._changed)
        self.addAction(self.scans.action)
        self.setAcceptDrops(True)
        self.add_page(FILINGS, lambda: self.filings)
        self.add_page(PAPERS, lambda: self._papers(services, ui))
        self.add_page(TRAY, lambda: self._tray(services, ui))
        page = self.filings
        page.toolbar.insertAction(page.actions_.chase, self.scans.action)
        page.filings_changed.connect(self.filings_changed)
        page.vacant_wanted.connect(self.vacant_wanted)
        page.forms_wanted.connect(self.forms_wanted)
        page.attachments_wanted.connect(self.attachments_wanted)

    def _papers(self, services: FilingsServices, ui: UiContext) -> Page:
        from cdo_desktop.ui.filings.papers_page import PapersPage

        page = PapersPage(services.paper_list(), services.papers, ui)
        page.filing_wanted.connect(self.show_filing)
        return page

    def show_filing(self, filing_id: int) -> None:
        """Go to a filing in the list, whatever was filtered before."""
        self.switch.setCurrentIndex(0)
        self.filings.show_filing(filing_id)

    def make_anew(self, post_id: int) -> None:
        """重新办理 of the void filing of a post."""
        self.switch.setCurrentIndex(0)
        self.filings.make_anew(post_id)

    def _tray(self, services: FilingsServices, ui: UiContext) -> Page:
        from cdo_desktop.ui.filings.tray_page import TrayPage

        page = TrayPage(services, self.scans, ui)
        page.filings_changed.connect(self.filings_changed)
        page.filings_changed.connect(self._look_into_tray)
        return page

    def _count_tray(self, count: int) -> None:
        for place in range(self.switch.count()):
            if self.switch.tabText(place).startswith(TRAY):
                self.switch.setTabText(place, f"{TRAY} {count}" if count else TRAY)

    def _changed(self) -> None:
        self.reload()
        self.filings_changed.emit()

    def add_page(self, title: str, build: Callable[[], Page]) -> None:
        """Offer a page behind the others."""
        self._builders.append(build)
        self.switch.addTab(title)

    def reload(self) -> None:
        """Read the page that shows anew; one that does not is read when it is shown."""
        if self.isVisible():
            self._current().reload()
            self._ui.when_ready(self, self._look_into_tray)

    def _look_into_tray(self) -> None:
        """Say on its tab how much waits there, whichever page shows."""
        self._ui.tasks.run(
            self._services.scans().count_waiting,
            owner=self,
            done=self._count_tray,
            failed=self._ui.notices.error,
        )

    def enter(self) -> None:
        """Put the keyboard into the page."""
        self._current().enter()

    def _current(self) -> Page:
        return self._page(max(self.switch.currentIndex(), 0))

    def _page(self, place: int) -> Page:
        page = self._pages.get(place)
        if page is None:
            page = self._pages[place] = self._builders[place]()
            page.refreshed.connect(self._look_into_tray)
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
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if scan_files(event.mimeData()).scans:
            accept_copy(event)

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        dropped = scan_files(event.mimeData())
        if dropped.scans:
            accept_copy(event)
            self.scans.take(dropped.scans, dropped.others)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        """What changed elsewhere meanwhile is read now."""
        super().showEvent(event)
        self.reload()

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        """Hand the keyboard on; a focus proxy would keep Tab from reaching anything else inside."""
        super().focusInEvent(event)
        self.enter()
