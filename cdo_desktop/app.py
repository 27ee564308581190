"""Starts the window: paints the frame first, then opens the office and shows its register."""

import gc
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings, QTimer, Signal
from PySide6.QtWidgets import QWidget

from cdo_desktop import paths, settings
from cdo_desktop.errors import AppError, StorageError, system_reason
from cdo_desktop.ui.common.collector import Collector
from cdo_desktop.ui.common.files import DialogFiles, FileChooser
from cdo_desktop.ui.common.process import is_first, watch_over
from cdo_desktop.ui.common.single_instance import SingleInstance, bring_forward
from cdo_desktop.ui.common.style import new_application
from cdo_desktop.ui.common.view_settings import ViewSettings
from cdo_desktop.ui.main_window import MainWindow

if TYPE_CHECKING:
    from cdo_desktop.office import Office
    from cdo_desktop.rules.working_days import WorkingCalendar
    from cdo_desktop.store.restore import Restored
    from cdo_desktop.ui.data_guard import DataGuard
    from cdo_desktop.ui.registry.registry_tab import RegistryTab
    from cdo_desktop.ui.sign_in_page import SignInPage
    from cdo_desktop.ui.start_guide import StartGuide
    from cdo_desktop.ui.workspace import Workspace

_MEMORY_NAME = "window.ini"
_ORGANISATION = "cdo_desktop"  # where the system keeps the last folder of files


@dataclass(frozen=True)
class _Opened:
    """An open office with what the first page needs to know of it."""

    office: "Office"
    is_empty: bool
    calendar: "WorkingCalendar"


def run_window(data_folder: Path, picture: Path | None = None) -> int:
    """Open the window on a data folder and return the exit status when it is closed.

    With ``picture`` it saves an image of itself there as soon as it shows something, and closes.
    """
    gc.disable()  # importing hundreds of modules leaves nothing to collect; then the `Collector` begins
    application = new_application()
    application.setOrganizationName(_ORGANISATION)
    application.setApplicationName(settings.PROGRAM_NAME)
    memory = _memory_of(data_folder)
    view = ViewSettings(application, memory)
    view.apply()
    instance = SingleInstance(data_folder, application)
    if not is_first(instance, data_folder):
        return 0
    program = Program(data_folder)
    view.add_to(program.window)
    program.window.add_menu(view.menu(program.window))
    program.page_shown.connect(instance.listen)
    instance.show_wanted.connect(lambda: bring_forward(program.window))
    program.window.painted.connect(lambda: watch_over(application, data_folder))
    program.page_shown.connect(Collector(application).start)
    program.page_shown.connect(_never_wait_long)
    if picture is not None:
        from cdo_desktop.ui.common.window_picture import WindowPicture  # only to check an installation

        program.page_shown.connect(lambda: WindowPicture(program.window, program.window.tasks, picture))
    program.start()
    return application.exec()


def _never_wait_long() -> None:
    from cdo_desktop.store.connection import never_wait_long

    never_wait_long()


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
        self.window = MainWindow(_memory_of(data_folder), clock)
        self.window.sample_removal_wanted.connect(self.remove_sample)
        self.window.closing.connect(lambda: self.close())
        self.office: Office | None = None
        self.workspace: Workspace | None = None
        self.guide: StartGuide | None = None
        self.sign_in_page: SignInPage | None = None
        self._guard: DataGuard | None = None

    @property
    def tab(self) -> "RegistryTab | None":
        """The register, when it is shown."""
        return self.workspace.register if self.workspace is not None else None

    def start(self) -> None:
        """Show the frame; the database follows once it is painted, for importing SQLAlchemy takes longer."""
        self.window.painted.connect(self.open_last)
        self.window.show()

    @property
    def _sample_folder(self) -> Path:
        return self._data_folder / settings.SAMPLE_FOLDER

    def open_last(self) -> None:
        """Open the sample if one is there, else the real register."""
        try:
            has_sample = (self._sample_folder / paths.DATABASE_NAME).exists()
        except OSError:
            has_sample = False  # a folder that may not be looked into: opening it says so
        self._open(self._sample_folder if has_sample else self._data_folder)

    def _open(self, folder: Path, *, backing_up: bool = True) -> None:
        """Open a folder in the background: a locked database lets it wait for seconds."""
        self.close(backing_up=backing_up)
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
        if opened.office.journal.actor:
            self._show_opened(opened)
        else:
            self._ask_who(opened)

    def _ask_who(self, opened: _Opened) -> None:
        """Show nothing of the data before an operator has signed in; it is checked meanwhile."""
        from cdo_desktop.ui.signing_in import SigningIn

        office = opened.office
        signing_in = SigningIn(office, self.window, is_sample=office.data_folder == self._sample_folder)
        signing_in.done.connect(lambda: self._show_opened(opened))
        page = self.sign_in_page = signing_in.page
        self._show(page, page.first, office.data_folder)
        QTimer.singleShot(0, page, lambda: self._watch(office, page))

    def switch_operator(self) -> None:
        """Close the office and let another operator sign in to it; what is not saved is asked for first."""
        from cdo_desktop.ui.signing_in import may_leave

        office = self.office
        if office is None or not office.journal.actor:
            return
        unsaved = self.workspace is not None and self.workspace.has_unsaved_settings
        if may_leave(office, self.window, unsaved_settings=unsaved):
            self.window.tasks.wait_all()
            self._open(office.data_folder, backing_up=False)

    def _show_opened(self, opened: _Opened) -> None:
        self.sign_in_page = None
        if not opened.is_empty:
            self._show_register(opened.office, opened.calendar)
        elif opened.office.data_folder == self._sample_folder:
            self._open(self._data_folder)  # the sample was cut short while it was made
        else:
            self._show_guide(opened.office)

    def _not_opened(self, folder: Path, error: AppError) -> None:
        from cdo_desktop.ui.start_guide import cannot_open_page

        page = cannot_open_page(
            error,
            retry=lambda: self._open(folder),
            restore=lambda: self._choose_backup(folder),
            choose=self.choose_folder,
            leave=self.window.close,
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
        from cdo_desktop.ui.workspace import Workspace

        workspace = Workspace(office, calendar, self.window, self._files)
        workspace.restore_wanted.connect(lambda backup: self.restore(backup, office.data_folder))
        self.workspace = workspace
        self.window.set_finder(workspace.finder_providers)
        self._show(workspace.register, workspace.register.bar.search, office.data_folder)
        self.window.set_further_tabs(workspace.further_tabs(), workspace.when_ready)
        QTimer.singleShot(0, workspace, lambda: self._after_the_register(office, workspace))

    def _after_the_register(self, office: "Office", workspace: "Workspace") -> None:
        """Do what can wait until the rows are seen."""
        if self.workspace is not workspace:
            return
        from cdo_desktop.ui.signing_in import offer_switching

        self.window.tasks.run(lambda: office.undo, owner=workspace, done=workspace.offer_undo)
        offer_switching(self.window, self.switch_operator)
        workspace.remove_old_drafts()
        self._watch(office, workspace)
        if self._guard is not None:
            workspace.backed_up.connect(self._guard.tell_age)

    def _watch(self, office: "Office", owner: QObject) -> None:
        """Import the rest, check the data and back it up, once for an open office."""
        if self.office is not office or self._guard is not None:
            return
        self.window.tasks.run(office.warm_up, owner=owner, done=lambda _none: None)
        if office.data_folder == self._sample_folder:
            return  # it holds nothing to lose
        from cdo_desktop.ui.data_guard import DataGuard

        guard = DataGuard(office, self.window)
        self._guard = guard
        guard.start()

    def _choose_backup(self, folder: Path) -> None:
        from cdo_desktop.ui.restoring import choose_backup

        choose_backup(
            folder, self._clock, self.window, self._files, lambda backup: self.restore(backup, folder)
        )

    def restore(self, backup: Path, folder: Path) -> None:
        """Close the office, put a backup in the place of its data, and open it again, whatever came of it."""
        from cdo_desktop.ui.restoring import backups_of

        actor = self.office.journal.actor if self.office is not None else settings.DEFAULT_ACTOR
        self.close(backing_up=False)

        def restored(outcome: "Restored") -> None:
            self._open(folder)
            kept = f"，原有数据保存为“{outcome.kept.name}”" if outcome.kept else ""
            lost = f"有 {outcome.missing} 个附件的内容找不到。" if outcome.missing else ""
            at = f"{outcome.manifest.made_at:%Y-%m-%d %H:%M}"
            self.window.notices.warn(f"已恢复到 {at} 的备份{kept}。{lost}")

        def failed(error: AppError) -> None:
            self._open(folder)
            self.window.notices.error(error)

        service = backups_of(folder, self._clock, actor)
        self.window.tasks.run(
            lambda: service.restore(backup),
            owner=self.window,
            done=restored,
            failed=failed,
            title="正在恢复",
        )

    def _show(self, page: QWidget, first: QWidget, folder: Path) -> None:
        self.window.show_page(page, first, place=f"数据：{folder}", sample=folder == self._sample_folder)
        self.window.show_operator(self.office.journal.actor if self.office is not None else "")
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
        self.close(backing_up=False)
        try:
            shutil.rmtree(self._sample_folder)
        except OSError as error:
            self.window.notices.error(
                StorageError(
                    f"示例区没有删干净：{system_reason(error)}。请关闭占用它的程序后再试，正式名册没有影响。"
                )
            )
        else:
            self.window.notices.info("已删除示例区")
        self._open(self._data_folder)

    def close(self, *, backing_up: bool = True) -> None:
        """Remember the columns, back up what has changed, and close the office."""
        if self.workspace is not None:
            self.workspace.close()
            self.workspace.deleteLater()
            self.workspace = None
        self.guide = self.sign_in_page = None
        self.window.set_finder(tuple)
        guard, self._guard = self._guard, None
        if guard is not None:
            if backing_up:
                guard.end()
            guard.deleteLater()
            self.window.show_backup_age("", warning=False)
        if self.office is not None:
            self.office.close()
            self.office = None


def _memory_of(data_folder: Path) -> QSettings:
    return QSettings(str(data_folder / _MEMORY_NAME), QSettings.Format.IniFormat)


def _open_office(folder: Path, clock: Callable[[], datetime]) -> _Opened:
    from cdo_desktop.office import Office

    office = Office(folder, clock)
    try:
        return _look_at(office)
    except AppError:
        office.close()
        raise


def _look_at(office: "Office") -> _Opened:
    return _Opened(office, office.is_empty(), office.calendar.calendar())
