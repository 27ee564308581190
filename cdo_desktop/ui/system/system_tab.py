"""系统: a list of pages at the left, each built when it is first looked at."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListWidget, QListWidgetItem, QStackedWidget, QWidget

from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.help import set_topic
from cdo_desktop.ui.common.icons import icon
from cdo_desktop.ui.common.input_guard import commit_input_method
from cdo_desktop.ui.common.overriding import override
from cdo_desktop.ui.common.style import TOOLBAR_ICON_SIZE
from cdo_desktop.ui.system.about_section import AboutSection
from cdo_desktop.ui.system.backups_section import BackupsSection
from cdo_desktop.ui.system.holidays_section import HolidaysSection
from cdo_desktop.ui.system.operators_section import OperatorsSection
from cdo_desktop.ui.system.services import SystemServices
from cdo_desktop.ui.system.settings_section import SettingsSection
from cdo_desktop.ui.system.trail_section import TrailSection
from cdo_desktop.ui.system.units_section import UnitsSection

UNITS, HOLIDAYS, SETTINGS, BACKUPS, ABOUT = "单位", "节假日", "设置", "备份", "关于"
OPERATORS = "经办人"
TRAIL = "操作记录"
_ICONS = {
    UNITS: "building-community",
    HOLIDAYS: "calendar-event",
    OPERATORS: "users",
    SETTINGS: "adjustments",
    TRAIL: "history",
    BACKUPS: "database",
    ABOUT: "info-circle",
}

_SECTIONS = (
    UnitsSection,
    HolidaysSection,
    OperatorsSection,
    SettingsSection,
    BackupsSection,
    TrailSection,
    AboutSection,
)


class SystemTab(QWidget):
    """Units, holidays, settings and what the program is."""

    units_changed = Signal()
    """Units, posts or holders are others than before: the register has to be read again."""
    calendar_changed = Signal()
    """Days off are others than before, and with them due dates and the marks of date fields."""
    operators_changed = Signal()
    """Somebody may have another name, whoever works now included."""
    settings_changed = Signal()
    texts_changed = Signal()
    restore_wanted = Signal(Path)
    """A backup shall take the place of the present data, which has to be closed for it."""
    backed_up = Signal()

    def __init__(self, services: SystemServices, ui: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._ui = ui
        self._pages: dict[str, QWidget] = {}
        self.list = QListWidget()
        self.list.setAccessibleName("系统页面")
        self.list.setIconSize(QSize(TOOLBAR_ICON_SIZE, TOOLBAR_ICON_SIZE))
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        for name, icon_name in _ICONS.items():
            item = QListWidgetItem(icon(icon_name), name)
            item.setSizeHint(QSize(0, self.fontMetrics().height() + 16))
            self.list.addItem(item)
        self.list.setFixedWidth(self.fontMetrics().horizontalAdvance("操作记录") + TOOLBAR_ICON_SIZE + 44)
        self.stack = QStackedWidget()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.list)
        layout.addWidget(self.stack, 1)
        self.setFocusProxy(self.list)
        self.list.currentTextChanged.connect(self._show_page)

    def page(self, name: str) -> QWidget:
        """Return a page, built and filled on first use."""
        page = self._pages.get(name)
        if page is None:
            page = self._builders()[name]()
            set_topic(page, name)
            self._pages[name] = page
            self.stack.addWidget(page)
        return page

    def go_to(self, name: str) -> None:
        """Show a page by its name."""
        for row in range(self.list.count()):
            if self.list.item(row).text() == name:
                self.list.setCurrentRow(row)

    def reload(self) -> None:
        """Read the page that shows anew, as when another tab changed something."""
        page = self.stack.currentWidget()
        if isinstance(page, _SECTIONS):
            page.reload()

    @property
    def has_unsaved_settings(self) -> bool:
        """Whether something was changed on the page of the settings and is not stored."""
        page = self._pages.get(SETTINGS)
        return isinstance(page, SettingsSection) and page.is_dirty

    def _builders(self) -> dict[str, Callable[[], QWidget]]:
        return {
            UNITS: self._units,
            HOLIDAYS: self._holidays,
            OPERATORS: self._operators,
            SETTINGS: self._settings,
            TRAIL: self._trail,
            BACKUPS: self._backups,
            ABOUT: lambda: AboutSection(self._services, self._ui),
        }

    def _units(self) -> QWidget:
        page = UnitsSection(self._services, self._ui)
        page.units_changed.connect(self.units_changed)
        return page

    def _holidays(self) -> QWidget:
        page = HolidaysSection(self._services.holidays, self._ui)
        page.calendar_changed.connect(self.calendar_changed)
        return page

    def _operators(self) -> QWidget:
        page = OperatorsSection(self._services.operators(), self._ui)
        page.operators_changed.connect(self.operators_changed)
        return page

    def _settings(self) -> QWidget:
        page = SettingsSection(self._services, self._ui)
        page.settings_changed.connect(self.settings_changed)
        page.texts_changed.connect(self.texts_changed)
        return page

    def _backups(self) -> QWidget:
        page = BackupsSection(self._services.backups(), self._ui)
        page.restore_wanted.connect(self.restore_wanted)
        page.backed_up.connect(self.backed_up)
        return page

    def _trail(self) -> QWidget:
        return TrailSection(self._services.trail(), self._services.backups(), self._ui)

    def _show_page(self, name: str) -> None:
        commit_input_method()
        set_topic(self, name)
        self.stack.setCurrentWidget(self.page(name))
        self.reload()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        """Begin with the first page once the tab is looked at; later times read it anew."""
        super().showEvent(event)
        if self.list.currentRow() < 0:
            self.list.setCurrentRow(0)
        else:
            self.reload()
