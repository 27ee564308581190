"""The system tab on a small district with a real database, and how its tests reach what is in it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import shiboken6
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from cdo_desktop import paths
from cdo_desktop.office import Office
from cdo_desktop.services.form_text_files import FormTextService
from cdo_desktop.services.holidays import HolidayService
from cdo_desktop.services.office_settings import OfficeSettingsService
from cdo_desktop.services.program_facts import AboutService
from cdo_desktop.services.second_names import SecondNameService
from cdo_desktop.services.unit_changes import UnitChangeService
from cdo_desktop.services.unit_list import UnitListService
from cdo_desktop.store import Database, open_database
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.system.about_section import AboutSection
from cdo_desktop.ui.system.holidays_section import HolidaysSection
from cdo_desktop.ui.system.services import SystemServices
from cdo_desktop.ui.system.settings_section import SettingsSection
from cdo_desktop.ui.system.system_tab import ABOUT, HOLIDAYS, SETTINGS, UNITS, SystemTab
from cdo_desktop.ui.system.units_section import UnitsSection
from tests.ui.fakes import FakeFiles, FakeNotices, make_ui
from tests.ui.small_district import NOW

WidgetT = TypeVar("WidgetT", bound=QWidget)


def system_services(office: Office, database: Database) -> SystemServices:
    """Return the services of the tab, as the program would build them."""
    journal, folder = office.journal, office.data_folder
    return SystemServices(
        units=office.units,
        unit_list=UnitListService(database, journal),
        unit_changes=UnitChangeService(database, journal),
        second_names=SecondNameService(database, journal),
        holidays=HolidayService(database, journal, paths.resource("calendar", paths.HOLIDAYS_NAME)),
        settings=OfficeSettingsService(database, journal),
        forms=lambda: office.forms,
        form_texts=lambda: FormTextService(folder / "forms"),
        backups=lambda: office.backups,
        about=lambda: AboutService(database, folder),
        operators=lambda: office.operators,
        trail=lambda: office.trail,
        numbers=lambda: office.numbers,
    )


@dataclass
class SystemDesk:
    """The tab, what it tells and what it is answered."""

    office: Office
    services: SystemServices
    ui: UiContext
    notices: FakeNotices
    files: FakeFiles
    tab: SystemTab
    qtbot: QtBot
    signals: list[str] = field(default_factory=list)

    def settle(self) -> None:
        """Wait until nothing runs."""
        self.qtbot.waitUntil(lambda: not self.ui.tasks.busy, timeout=20_000)

    def page(self, name: str) -> QWidget:
        self.tab.go_to(name)
        self.settle()
        return self.tab.page(name)

    @property
    def units(self) -> UnitsSection:
        page = self.page(UNITS)
        assert isinstance(page, UnitsSection)
        return page

    @property
    def holidays(self) -> HolidaysSection:
        page = self.page(HOLIDAYS)
        assert isinstance(page, HolidaysSection)
        return page

    @property
    def settings(self) -> SettingsSection:
        page = self.page(SETTINGS)
        assert isinstance(page, SettingsSection)
        return page

    @property
    def about(self) -> AboutSection:
        page = self.page(ABOUT)
        assert isinstance(page, AboutSection)
        return page

    def opened(self, kind: type[WidgetT], act: Callable[[], object]) -> WidgetT:
        """Do something that opens a dialog and return it."""
        act()
        self.settle()
        return self.dialog(kind)

    def dialog(self, kind: type[WidgetT]) -> WidgetT:
        """Return the newest open dialog of a kind."""
        found = [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, kind)]
        visible = [widget for widget in found if widget.isVisible()]
        assert visible, f"no open {kind.__name__}"
        return visible[-1]

    def select(self, *names: str) -> None:
        """Select units by their short names."""
        section = self.units
        keys = section.table.model
        rows = self.services.unit_list.rows([keys.key_at(place) for place in range(keys.key_count)])
        wanted = [key for key, line in rows.items() if line.short_name in names]
        assert section.table.select_keys(wanted) == len(names)

    def names(self) -> list[str]:
        """Return the short names the table shows, in its order."""
        model = self.units.table.model
        keys = [model.key_at(place) for place in range(model.key_count)]
        rows = self.services.unit_list.rows(keys)
        return [rows[key].short_name for key in keys]


def is_open(dialog: QWidget) -> bool:
    """Tell whether a dialog is still there to be seen; a closed one is deleted as soon as events are."""
    return shiboken6.isValid(dialog) and dialog.isVisible()


@contextmanager
def system_desk(folder: Path, qtbot: QtBot) -> Iterator[SystemDesk]:
    """Open the tab on the district of a data folder."""
    with Office(folder, clock=lambda: NOW) as office:
        database = open_database(office.data_folder / paths.DATABASE_NAME)
        services = system_services(office, database)
        notices, files = FakeNotices(), FakeFiles()
        ui = make_ui(notices, files, day_mark=lambda _day: "")
        tab = SystemTab(services, ui)
        qtbot.addWidget(tab)
        tab.resize(1366, 700)
        desk = SystemDesk(office, services, ui, notices, files, tab, qtbot)
        for name in ("units_changed", "calendar_changed", "settings_changed", "texts_changed"):
            getattr(tab, name).connect(lambda name=name: desk.signals.append(name))
        tab.show()
        desk.settle()
        yield desk
        for widget in QApplication.topLevelWidgets():
            if widget is not tab and widget.isVisible():
                widget.hide()
        desk.settle()
        database.close()
