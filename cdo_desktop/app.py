"""Starts the window: paints the frame first, then opens the office and shows its register."""

import shutil
import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from cdo_desktop import paths, settings
from cdo_desktop.errors import AppError, StorageError
from cdo_desktop.ui.common.crash import install_crash_hook, start_log
from cdo_desktop.ui.common.input_guard import install_input_guard
from cdo_desktop.ui.common.style import apply_style
from cdo_desktop.ui.main_window import MainWindow

if TYPE_CHECKING:
    from cdo_desktop.office import Office
    from cdo_desktop.rules.working_days import WorkingCalendar
    from cdo_desktop.ui.registry.registry_tab import RegistryTab

_MEMORY_NAME = "window.ini"


def run_window(data_folder: Path) -> int:
    """Open the window on a data folder and return the exit status when it is closed."""
    application = QApplication(sys.argv[:1])
    application.setApplicationName(settings.PROGRAM_NAME)
    paths.make_folder(data_folder)
    start_log(data_folder)
    install_crash_hook(application)
    install_input_guard(application)
    apply_style(application)
    program = Program(data_folder)
    program.start()
    return application.exec()


class Program(QObject):
    """Holds the window and the one open office; everything is closed in reverse order."""

    def __init__(self, data_folder: Path) -> None:
        super().__init__()
        self._data_folder = data_folder
        memory = QSettings(str(data_folder / _MEMORY_NAME), QSettings.Format.IniFormat)
        self.window = MainWindow(memory, datetime.now)
        self.window.sample_removal_wanted.connect(self.remove_sample)
        self.window.closing.connect(self.close)
        self.office: Office | None = None
        self._tab: RegistryTab | None = None

    def start(self) -> None:
        """Show the frame; the database follows once it is painted."""
        self.window.show()
        # SQLAlchemy takes longer to import than the window to paint.
        QTimer.singleShot(0, self.open_last)

    @property
    def _sample_folder(self) -> Path:
        return self._data_folder / settings.SAMPLE_FOLDER

    def open_last(self) -> None:
        """Open the sample if one is there, else the real register."""
        sample = self._sample_folder / paths.DATABASE_NAME
        self._open(self._sample_folder if sample.exists() else self._data_folder)

    def _open(self, folder: Path) -> None:
        from cdo_desktop.office import Office

        self.close()
        try:
            self.office = Office(folder)
            is_new = self.office.units.count() == 0
        except AppError as error:
            self.window.notices.error(error)
            return
        if is_new:
            self._show_guide()
        else:
            self._show_register()

    def _show_guide(self) -> None:
        from cdo_desktop.ui.start_guide import StartGuide

        guide = StartGuide()
        guide.units_wanted.connect(self.create_units)
        guide.sample_wanted.connect(self.open_sample)
        self._show(guide)

    def _show_register(self) -> None:
        from cdo_desktop.ui.common.context import UiContext
        from cdo_desktop.ui.registry.registry_tab import RegistryTab
        from cdo_desktop.ui.registry.services import RegistryServices

        office = self.office
        if office is None:
            return
        calendar = office.calendar.calendar()
        ui = UiContext(
            tasks=self.window.tasks,
            notices=self.window.notices,
            today=date.today,
            day_mark=lambda day: day_mark(calendar, day),
        )
        services = RegistryServices(
            register=office.register,
            holders=office.holders,
            units=office.units,
            forms=lambda: office.forms,
            roster_import=lambda: office.roster_import,
            roster_export=lambda: office.roster_export,
        )
        tab = RegistryTab(services, ui)
        layout = self.window.remembered_layout()
        if layout:
            tab.restore_layout(layout)
        self._tab = tab
        self._show(tab)
        tab.reload()

    def _show(self, page: QWidget) -> None:
        office = self.office
        if office is not None:
            sample = office.data_folder == self._sample_folder
            self.window.show_page(page, place=f"数据：{office.data_folder}", sample=sample)

    def create_units(self) -> None:
        """Begin the real register with the units of the district."""
        office = self.office
        if office is None:
            return
        source = paths.resource("units", paths.UNITS_NAME)
        self.window.tasks.run(
            lambda: office.units.add_shipped_units(source),
            owner=self,
            done=self._units_created,
            title="正在载入单位",
        )

    def _units_created(self, count: int) -> None:
        self._show_register()
        self.window.notices.info(f"已载入 {count} 个单位")
        if self._tab is not None:
            self._tab.check_names()

    def open_sample(self) -> None:
        """Make the sample district in a folder of its own and show it."""
        from cdo_desktop.office import Office

        folder = self._sample_folder

        def make() -> int:
            with Office(folder) as office:
                return office.sample.create()

        self.window.tasks.run(
            make, owner=self, done=lambda _posts: self._open(folder), title="正在准备示例区"
        )

    def remove_sample(self) -> None:
        """Delete the sample's folder and show the real register; one click, it holds nothing real."""
        self.close()
        try:
            shutil.rmtree(self._sample_folder)
        except OSError as error:
            self.window.notices.error(
                StorageError(
                    f"示例区没有删干净：{error.strerror}。请关闭占用它的程序后再试，正式名册没有影响。"
                )
            )
        self._open(self._data_folder)

    def close(self) -> None:
        """Remember the columns and close the office."""
        if self._tab is not None:
            self.window.remember_layout(self._tab.save_layout())
            self._tab = None
        if self.office is not None:
            self.office.close()
            self.office = None


def day_mark(calendar: "WorkingCalendar", day: date) -> str:
    """Return 休 on a day off of a notice, 班 on a make-up work day, else nothing."""
    special = calendar.special(day)
    if special is None:
        return ""
    return "休" if special.is_off else "班"
