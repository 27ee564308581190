"""Starts the window: paints the frame first, then opens the office and shows its register."""

import gc
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings, QTimer, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

from cdo_desktop import paths, settings
from cdo_desktop.errors import AppError, StorageError, system_reason
from cdo_desktop.ui.common.collector import Collector
from cdo_desktop.ui.common.files import DialogFiles, FileChooser
from cdo_desktop.ui.common.single_instance import NO_ANSWER_TEXT, Claim, SingleInstance, bring_forward
from cdo_desktop.ui.common.style import apply_style
from cdo_desktop.ui.main_window import MainWindow

if TYPE_CHECKING:
    from cdo_desktop.office import Office
    from cdo_desktop.rules.working_days import WorkingCalendar
    from cdo_desktop.services.search import SearchHit
    from cdo_desktop.store.integrity import CheckReport
    from cdo_desktop.ui.common.context import UiContext
    from cdo_desktop.ui.common.finder import FinderProvider
    from cdo_desktop.ui.registry.registry_tab import RegistryTab
    from cdo_desktop.ui.start_guide import StartGuide

_MEMORY_NAME = "window.ini"
SYSTEM_TAB = "系统"
_CHECK_AGAIN_MS = 30_000
_ORGANISATION = "cdo_desktop"  # where the system keeps the last folder of files


@dataclass(frozen=True)
class _Opened:
    """An open office with what the first page needs to know of it."""

    office: "Office"
    units: int
    calendar: "WorkingCalendar"


def run_window(data_folder: Path, picture: Path | None = None) -> int:
    """Open the window on a data folder and return the exit status when it is closed.

    With ``picture`` it saves an image of itself there as soon as it shows something, and closes.
    """
    gc.disable()  # importing hundreds of modules leaves nothing to collect; then the `Collector` begins
    application = QApplication(sys.argv[:1])
    application.setOrganizationName(_ORGANISATION)
    application.setApplicationName(settings.PROGRAM_NAME)
    apply_style(application)
    instance = SingleInstance(data_folder, application)
    if not _is_first(instance, data_folder):
        return 0
    program = Program(data_folder)
    program.window.painted.connect(instance.listen)
    instance.show_wanted.connect(lambda: bring_forward(program.window))
    program.window.painted.connect(lambda: _watch_over(application, data_folder))
    program.page_shown.connect(Collector(application).start)
    if picture is not None:
        program.page_shown.connect(lambda: _take_picture(program.window, picture))
    program.start()
    return application.exec()


def _is_first(instance: SingleInstance, data_folder: Path) -> bool:
    """Take the folder, or leave it to the window that has it."""
    try:
        paths.make_folder(data_folder)
    except AppError:
        return True  # opening the office fails for the same reason, and the window says so
    claim = instance.claim()
    if claim is Claim.NO_ANSWER:
        QMessageBox.warning(None, settings.PROGRAM_NAME, NO_ANSWER_TEXT)
    return claim is Claim.FIRST


def _watch_over(application: QApplication, data_folder: Path) -> None:
    """Begin the log, the crash hook and the input guard: once the frame is seen, before any data is."""
    from cdo_desktop.ui.common.crash import install_crash_hook, start_log
    from cdo_desktop.ui.common.input_guard import install_input_guard

    try:
        paths.make_folder(data_folder)
        start_log(data_folder)
    except AppError:
        pass  # opening the office fails for the same reason, and the window says so
    install_crash_hook(application)
    install_input_guard(application)
    application.setWindowIcon(QIcon(str(paths.resource("program.svg"))))


def _take_picture(window: MainWindow, file: Path) -> None:
    from cdo_desktop.ui.common.window_picture import WindowPicture  # only to check an installation

    WindowPicture(window, window.tasks, file)


class Program(QObject):
    """Holds the window and the one open office; everything is closed in reverse order."""

    page_shown = Signal()
    """The register, the guide or the reason why neither can be shown is in the window."""

    def __init__(
        self,
        data_folder: Path,
        clock: Callable[[], datetime] = datetime.now,
        files: FileChooser | None = None,
    ) -> None:
        super().__init__()
        self._data_folder = data_folder
        self._clock = clock
        self._files = files or DialogFiles()
        memory = QSettings(str(data_folder / _MEMORY_NAME), QSettings.Format.IniFormat)
        self.window = MainWindow(memory, clock)
        self.window.sample_removal_wanted.connect(self.remove_sample)
        self.window.closing.connect(self.close)
        self.office: Office | None = None
        self.tab: RegistryTab | None = None
        self.guide: StartGuide | None = None
        self._calendar: WorkingCalendar

    def start(self) -> None:
        """Show the frame; the database follows once it is painted, for importing SQLAlchemy takes longer."""
        self.window.painted.connect(self.open_last)
        self.window.show()

    @property
    def _sample_folder(self) -> Path:
        return self._data_folder / settings.SAMPLE_FOLDER

    def open_last(self) -> None:
        """Open the sample if one is there, else the real register."""
        sample = self._sample_folder / paths.DATABASE_NAME
        self._open(self._sample_folder if sample.exists() else self._data_folder)

    def _open(self, folder: Path) -> None:
        """Open a folder in the background: a locked database lets it wait for seconds."""
        self.close()
        clock = self._clock
        self.window.tasks.run(
            lambda: _open_office(folder, clock),
            owner=self.window,
            done=self._opened,
            failed=lambda error: self._not_opened(folder, error),
            title="正在打开数据",
        )

    def _opened(self, opened: _Opened) -> None:
        self.office = opened.office
        self._guard(opened.office)
        if opened.units:
            self._show_register(opened.office, opened.calendar)
        elif opened.office.data_folder == self._sample_folder:
            self._open(self._data_folder)  # the sample was cut short while it was made
        else:
            self._show_guide(opened.office)

    def _guard(self, office: "Office") -> None:
        """Check the real data and back it up, read-only until then; the sample holds nothing to lose."""
        from cdo_desktop.store.write_gate import CHECKING, DAMAGED  # SQLAlchemy is imported by now

        if office.data_folder == self._sample_folder or office is not self.office:
            return

        def guarded(report: "CheckReport") -> None:
            if not report.ok:
                self.window.notices.error(StorageError("".join((*report.problems, DAMAGED))))

        def failed(error: AppError) -> None:
            self.window.notices.error(error)
            if office.gate.is_shut:  # another program had the database: it may be free by then
                QTimer.singleShot(_CHECK_AGAIN_MS, self, lambda: self._guard(office))

        office.gate.shut(CHECKING)
        self.window.tasks.run(
            lambda: office.backups.guard_start(office.gate), owner=self.window, done=guarded, failed=failed
        )

    def _not_opened(self, folder: Path, error: AppError) -> None:
        from cdo_desktop.ui.start_guide import cannot_open_page

        page = cannot_open_page(
            error, retry=lambda: self._open(folder), choose=self.choose_folder, leave=self.window.close
        )
        self._show(page, page.buttons[0], folder)

    def choose_folder(self) -> None:
        """Work in another data folder until the program ends."""
        folder = self._files.folder(self.window, "选择数据文件夹")
        if folder is not None:
            self._data_folder = folder
            self.open_last()

    def _show_guide(self, office: "Office") -> None:
        from cdo_desktop.ui.start_guide import StartGuide

        self.guide = StartGuide()
        self.guide.units_wanted.connect(self.create_units)
        self.guide.sample_wanted.connect(self.open_sample)
        self._show(self.guide, self.guide.units_button, office.data_folder)

    def _show_register(self, office: "Office", calendar: "WorkingCalendar") -> None:
        self._calendar = calendar
        from cdo_desktop.ui.common.context import UiContext
        from cdo_desktop.ui.registry.registry_tab import RegistryTab
        from cdo_desktop.ui.registry.services import RegistryServices

        ui = UiContext(
            tasks=self.window.tasks,
            notices=self.window.notices,
            today=lambda: self._clock().date(),
            day_mark=lambda day: day_mark(self._calendar, day),
            files=self._files,
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
        self.tab = tab
        tab.reload()
        self.window.set_finder(lambda: self._finder_providers(office, tab))
        self._show(tab, tab.bar.search, office.data_folder)
        self.window.set_further_tabs([(SYSTEM_TAB, lambda: self._system_tab(office, tab, ui))])

    def _system_tab(self, office: "Office", register: "RegistryTab", ui: "UiContext") -> QWidget:
        from cdo_desktop.ui.system.services import SystemServices
        from cdo_desktop.ui.system.system_tab import SystemTab

        system = office.system
        services = SystemServices(
            units=office.units,
            unit_list=system.unit_list,
            unit_changes=system.unit_changes,
            second_names=system.second_names,
            holidays=system.holidays,
            settings=system.settings,
            forms=lambda: office.forms,
            form_texts=lambda: system.form_texts,
            about=lambda: system.about,
        )
        tab = SystemTab(services, ui)
        tab.units_changed.connect(register.reload)
        tab.calendar_changed.connect(lambda: self._calendar_changed(office, register))
        register.register_changed.connect(tab.reload)
        return tab

    def _calendar_changed(self, office: "Office", register: "RegistryTab") -> None:
        """Marks of date fields and due dates follow a notice that was entered."""
        self._calendar = office.calendar.calendar()
        register.reload()

    def _finder_providers(self, office: "Office", tab: "RegistryTab") -> tuple["FinderProvider", ...]:
        from cdo_desktop.ui.common.finder_commands import CommandProvider, commands_of
        from cdo_desktop.ui.common.finder_records import RecordProvider

        def show(hit: "SearchHit") -> None:
            self.window.tabs.setCurrentWidget(tab)
            if hit.post_id is None or not tab.show_post(hit.post_id):
                self.window.notices.info(f"“{hit.title}”不在今天的名册里")

        return RecordProvider(office.search, show), CommandProvider(lambda: commands_of(tab))

    def _show(self, page: QWidget, first: QWidget, folder: Path) -> None:
        self.window.show_page(page, first, place=f"数据：{folder}", sample=folder == self._sample_folder)
        self.page_shown.emit()

    def create_units(self) -> None:
        """Begin the real register with the units of the district."""
        office = self.office
        if office is None:
            return
        source = paths.resource("units", paths.UNITS_NAME)

        def create() -> _Opened:
            office.units.add_shipped_units(source)
            return _look_at(office)

        self._begin(create, self._units_created, "正在载入单位")

    def _units_created(self, opened: _Opened) -> None:
        self._show_register(opened.office, opened.calendar)
        self.window.notices.info("已载入单位，请核对全称")
        if self.tab is not None:
            self.tab.check_names()

    def open_sample(self) -> None:
        """Make the sample district in a folder of its own and show it."""
        folder, clock = self._sample_folder, self._clock

        def make() -> None:
            from cdo_desktop.office import Office

            with Office(folder, clock) as office:
                if not office.units.count():
                    office.sample.create()

        self._begin(make, lambda _none: self._open(folder), "正在准备示例区")

    def _begin(self, work: Callable[[], object], done: Callable[..., None], title: str) -> None:
        """Do what the guide offers once; it can be tried again when it fails."""
        guide = self.guide
        if guide is not None:
            guide.setEnabled(False)

        def failed(error: AppError) -> None:
            self.window.notices.error(error)
            if guide is not None:
                guide.setEnabled(True)

        self.window.tasks.run(work, owner=self.window, done=done, failed=failed, title=title)

    def remove_sample(self) -> None:
        """Delete the sample's folder and show the real register; one click, it holds nothing real."""
        import shutil

        self.window.tasks.wait_all()
        self.close()
        try:
            shutil.rmtree(self._sample_folder)
        except OSError as error:
            self.window.notices.error(
                StorageError(
                    f"示例区没有删干净：{system_reason(error)}。请关闭占用它的程序后再试，正式名册没有影响。"
                )
            )
        self._open(self._data_folder)

    def close(self) -> None:
        """Remember the columns and close the office."""
        if self.tab is not None:
            self.window.remember_layout(self.tab.save_layout())
            self.tab = None
        self.guide = None
        self.window.set_finder(tuple)
        if self.office is not None:
            if self.office.data_folder != self._sample_folder and not self.office.gate.is_shut:
                self.window.tasks.run(
                    self.office.backups.back_up_if_changed,
                    owner=self.window,
                    done=lambda _row: None,
                    failed=self.window.notices.error,
                )
                self.window.tasks.wait_all()
            self.office.close()
            self.office = None


def _open_office(folder: Path, clock: Callable[[], datetime]) -> _Opened:
    from cdo_desktop.office import Office

    office = Office(folder, clock)
    try:
        return _look_at(office)
    except AppError:
        office.close()
        raise


def _look_at(office: "Office") -> _Opened:
    return _Opened(office, office.units.count(), office.calendar.calendar())


def day_mark(calendar: "WorkingCalendar", day: date) -> str:
    """Return 休 on a day off of a notice, 班 on a make-up work day, else nothing."""
    special = calendar.special(day)
    if special is None:
        return ""
    return "休" if special.is_off else "班"
