"""The tabs of one open office and all wiring between them; a later tab is added here."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from cdo_desktop.office import Office
from cdo_desktop.rules.filing import RegisterState
from cdo_desktop.rules.working_days import WorkingCalendar
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.draft_files import DraftFiles
from cdo_desktop.ui.common.files import FileChooser
from cdo_desktop.ui.common.readiness import Readiness
from cdo_desktop.ui.main_window import MainWindow
from cdo_desktop.ui.registry.registry_tab import RegistryTab
from cdo_desktop.ui.registry.services import RegistryServices

if TYPE_CHECKING:
    from cdo_desktop.services.filing_list import FilingRow
    from cdo_desktop.services.search import SearchHit
    from cdo_desktop.services.undo import UndoService
    from cdo_desktop.ui.common.finder import FinderProvider
    from cdo_desktop.ui.common.undo_actions import UndoActions
    from cdo_desktop.ui.filings.filings_tab import FilingsTab
    from cdo_desktop.ui.system.system_tab import SystemTab

FILINGS_TAB = "备案办理"
SYSTEM_TAB = "系统"
_REGISTRY, _FILINGS = "registry", "filings"  # what a tab is called where its columns are remembered


class Workspace(QObject):
    """Built when an office has units; the register at once, every other tab when it is first looked at."""

    restore_wanted = Signal(Path)
    backed_up = Signal()

    def __init__(
        self, office: Office, calendar: WorkingCalendar, window: MainWindow, files: FileChooser
    ) -> None:
        super().__init__(window)
        self._office = office
        self._calendar = calendar
        self._window = window
        self.undo: UndoActions | None = None
        warm = Readiness(window.tasks, office.warm_up, lambda: office.is_warm, window.notices.error)
        self.when_ready = warm.when_ready
        clock = office.journal.clock
        self._ui = UiContext(
            tasks=window.tasks,
            notices=window.notices,
            today=lambda: clock().date(),
            day_mark=lambda day: day_mark(self._calendar, day),
            files=files,
            drafts=DraftFiles(office.data_folder, clock, office.journal.operator_id),
            memory=window.memory,
            show_help=window.help.show,
            when_ready=self.when_ready,
        )
        self._system_tab: SystemTab | None = None
        services = RegistryServices(
            register=office.register,
            get_holders=lambda: office.holders,
            get_units=lambda: office.units,
            forms=lambda: office.forms,
            roster_import=lambda: office.roster_import,
            roster_export=lambda: office.roster_export,
            block_update=lambda: office.block_update,
            personal_data=lambda: office.personal_data,
            attachments=lambda: office.attachments,
        )
        self.register = RegistryTab(services, self._ui)
        self.register.anew_wanted.connect(self._make_anew)
        self._filings_tab: FilingsTab | None = None
        layout = window.remembered_layout(_REGISTRY)
        if layout:
            self.register.restore_layout(layout)
        self.register.reload()

    def further_tabs(self) -> list[tuple[str, Callable[[], QWidget]]]:
        """Return the titles of the tabs beside the register, with what builds them."""
        return [(FILINGS_TAB, self._build_filings_tab), (SYSTEM_TAB, self._build_system_tab)]

    def _build_filings_tab(self) -> "FilingsTab":
        from cdo_desktop.ui.filings.filings_tab import FilingsTab
        from cdo_desktop.ui.filings.services import FilingsServices

        office = self._office
        services = FilingsServices(
            filing_list=office.filing_list,
            filings=lambda: office.filings,
            contacts=lambda: office.contacts,
            papers=lambda: office.filing_papers,
            history=lambda: office.filing_history,
            scans=lambda: office.scans,
            paper_list=lambda: office.paper_list,
            forms=lambda: office.forms,
            edits=lambda: office.filing_edits,
            count_vacant=office.register.count_vacant,
        )
        tab = FilingsTab(services, self._ui)
        layout = self._window.remembered_layout(_FILINGS)
        if layout:
            tab.restore_layout(layout)
        tab.filings_changed.connect(self.register.reload)
        tab.vacant_wanted.connect(self._show_vacant)
        tab.forms_wanted.connect(self.register.print_filings)
        tab.attachments_wanted.connect(self._show_attachments)
        self.register.register_changed.connect(tab.reload)
        self._filings_tab = tab
        return tab

    def _make_anew(self, post_id: int) -> None:
        """重新办理 stands in 备案办理, which may not have been looked at yet."""
        tabs = self._window.tabs
        titles = [tabs.tabText(place) for place in range(tabs.count())]
        tabs.setCurrentIndex(titles.index(FILINGS_TAB))

        def ask() -> None:
            if self._filings_tab is not None:
                self._filings_tab.make_anew(post_id)

        self.when_ready(self.register, ask)

    def _show_vacant(self) -> None:
        self._window.tabs.setCurrentWidget(self.register)
        self.register.show_state(RegisterState.VACANT)

    def _show_attachments(self, row: "FilingRow") -> None:
        """The files of a filing come first, then those of its holder and of its unit."""
        from cdo_desktop.services.attachment_rows import of_filing, of_tenure, of_unit
        from cdo_desktop.ui.registry.attachments_dialog import Place

        places = (
            Place(f"备案 {row.number}".rstrip(), of_filing(row.filing_id)),
            Place(f"{row.name}的任职", of_tenure(row.tenure_id)),
            Place(f"单位 {row.unit}", of_unit(row.unit_id)),
        )
        self.register.open_attachments(f"{row.unit} {row.post} {row.name}", places)

    def _build_system_tab(self) -> "SystemTab":
        from cdo_desktop.ui.system.services import SystemServices
        from cdo_desktop.ui.system.system_tab import SystemTab

        office, system = self._office, self._office.system
        services = SystemServices(
            units=office.units,
            unit_list=system.unit_list,
            unit_changes=system.unit_changes,
            second_names=system.second_names,
            holidays=system.holidays,
            settings=system.settings,
            forms=lambda: office.forms,
            form_texts=lambda: system.form_texts,
            backups=lambda: office.backups,
            about=lambda: system.about,
            operators=lambda: office.operators,
            trail=lambda: office.trail,
            numbers=lambda: office.numbers,
        )
        tab = SystemTab(services, self._ui)
        tab.units_changed.connect(self.register.reload)
        tab.settings_changed.connect(self._settings_changed)
        tab.calendar_changed.connect(self._calendar_changed)
        tab.restore_wanted.connect(self.restore_wanted)
        tab.backed_up.connect(self.backed_up)
        tab.operators_changed.connect(lambda: self._window.show_operator(office.journal.actor))
        self.register.register_changed.connect(tab.reload)
        self._system_tab = tab
        return tab

    @property
    def has_unsaved_settings(self) -> bool:
        """Whether something was changed in 系统 → 设置 and is not stored."""
        return self._system_tab is not None and self._system_tab.has_unsaved_settings

    def remove_old_drafts(self) -> None:
        """Delete what nobody has gone on with for a month."""
        drafts = self._ui.drafts
        if drafts is not None:
            self._ui.tasks.run(drafts.remove_old, owner=self, done=lambda _count: None)

    def _calendar_changed(self) -> None:
        """Marks of date fields and due dates follow a notice that was entered."""
        self._calendar = self._office.calendar.calendar()
        self.register.reload()
        self._reload_filings()

    def _settings_changed(self) -> None:
        """Another receipt may count."""
        self.register.reload()
        self._reload_filings()

    def _reload_filings(self) -> None:
        if self._filings_tab is not None:
            self._filings_tab.reload()

    def offer_undo(self, service: "UndoService") -> None:
        """Let what is done from now on be undone; it has to wait until the register shows."""
        from cdo_desktop.ui.common.undo_actions import UndoActions

        self.undo = UndoActions(service, self._ui, self)
        self.undo.register_changed.connect(self._turned)
        self._window.show_undo(self.undo)

    def _turned(self, post_id: int | None) -> None:
        """Show what was undone or done again, wherever it was asked for."""
        self.register.reload()
        self.register.register_changed.emit()
        if post_id is not None:
            self._window.tabs.setCurrentWidget(self.register)
            self.register.show_post(post_id)

    def finder_providers(self) -> "tuple[FinderProvider, ...]":
        """Return what Ctrl+K asks."""
        from cdo_desktop.ui.common.finder_commands import CommandProvider, commands_of
        from cdo_desktop.ui.common.finder_records import RecordProvider

        def show(hit: "SearchHit") -> None:
            from cdo_desktop.services.search import HitKind

            self._window.tabs.setCurrentWidget(self.register)
            if hit.post_id is not None and self.register.show_post(hit.post_id):
                return
            if hit.kind is HitKind.PERSON:
                self.register.open_personal_data(hit.record_id, "这个人现在没有任职，没有可以更正的登记")
            else:
                self._window.notices.info(f"“{hit.title}”不在今天的名册里")

        undo = self.undo.actions if self.undo is not None else ()
        tabs, filings = self._window.tabs, self._filings_tab
        front: QWidget = self.register
        behind: QWidget | None = filings
        if filings is not None and tabs.currentWidget() is filings:
            front, behind = filings, self.register
        commands = CommandProvider(lambda: [*commands_of(front), *undo, *self._window.commands()])
        records = RecordProvider(self._office.search, show)
        if behind is None:
            return records, commands
        other = tabs.tabText(tabs.indexOf(behind))
        return (
            records,
            commands,
            CommandProvider(
                lambda: commands_of(behind), f"{other}的命令", lambda: tabs.setCurrentWidget(behind)
            ),
        )

    def close(self) -> None:
        """Remember how the columns were left; whoever still writes is not listened to."""
        if self.undo is not None:
            self.undo.end()
            self._window.show_undo(None)
        self._window.remember_layout(_REGISTRY, self.register.save_layout())
        if self._filings_tab is not None:
            self._window.remember_layout(_FILINGS, self._filings_tab.save_layout())


def day_mark(calendar: WorkingCalendar, day: date) -> str:
    """Return 休 on a day off of a notice, 班 on a make-up work day, else nothing."""
    special = calendar.special(day)
    if special is None:
        return ""
    return "休" if special.is_off else "班"
