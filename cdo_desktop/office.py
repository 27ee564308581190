"""Opens a data folder and builds the services on it, in order; closes them in reverse."""

from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

from cdo_desktop import paths, settings
from cdo_desktop.rules.working_days import WorkingCalendar, shipped_calendar
from cdo_desktop.services.calendar import CalendarService
from cdo_desktop.services.journal import Journal, Values, note
from cdo_desktop.services.register import RegisterService
from cdo_desktop.services.setup import prepare_database
from cdo_desktop.services.sign_in import OperatorChoice, only_operator, operators_to_choose
from cdo_desktop.store import open_database

if TYPE_CHECKING:
    from cdo_desktop.services.attachments import AttachmentService
    from cdo_desktop.services.block_update import BlockUpdateService
    from cdo_desktop.services.contacts import ContactService
    from cdo_desktop.services.filing_edits import FilingEditService
    from cdo_desktop.services.filing_history import FilingHistoryService
    from cdo_desktop.services.filing_list import FilingListService
    from cdo_desktop.services.filing_numbers import FilingNumberService
    from cdo_desktop.services.filing_papers import FilingPaperService
    from cdo_desktop.services.filings import FilingService
    from cdo_desktop.services.forms import FormService
    from cdo_desktop.services.holders import HolderService
    from cdo_desktop.services.operators import OperatorService
    from cdo_desktop.services.paper_list import PaperListService
    from cdo_desktop.services.personal_data import PersonalDataService
    from cdo_desktop.services.roster_export import RosterExportService
    from cdo_desktop.services.roster_import import RosterImportService
    from cdo_desktop.services.safety import BackupService
    from cdo_desktop.services.sample import SampleService
    from cdo_desktop.services.scan_intake import ScanIntake
    from cdo_desktop.services.search import SearchService
    from cdo_desktop.services.system_office import SystemOffice
    from cdo_desktop.services.trail import TrailService
    from cdo_desktop.services.undo import UndoService
    from cdo_desktop.services.units import UnitService


class Office:
    """One open data folder with the services on it. Use as a context manager."""

    def __init__(self, data_folder: Path, clock: Callable[[], datetime] = datetime.now) -> None:
        self.data_folder = data_folder
        self.journal = Journal(clock)
        self._untold: list[tuple[str, Values]] = []  # of backups before there was a database to tell it in
        self._database = open_database(data_folder / paths.DATABASE_NAME, self._before_change)
        self.gate = self._database.gate
        prepare_database(self._database, self.journal, paths.resource("calendar", paths.HOLIDAYS_NAME))
        self.register = RegisterService(self._database, self.journal)
        self.calendar = CalendarService(self._database)
        self.choices = operators_to_choose(self._database)
        only = only_operator(self.choices)
        if only is not None:
            self.journal.act_as(only.operator_id, only.name)
        for action, values in self._untold:
            self._note_backup(action, values)

    @cached_property
    def system(self) -> "SystemOffice":
        """What the 系统 tab acts on."""
        from cdo_desktop.services.system_office import SystemOffice

        holidays = paths.resource("calendar", paths.HOLIDAYS_NAME)
        texts = self.data_folder / settings.TEXTS_FOLDER
        return SystemOffice(self._database, self.journal, self.data_folder, texts, holidays)

    # What imports SQLAlchemy or document libraries is built when first used: they would triple the start.

    def present_choices(self) -> tuple[OperatorChoice, ...]:
        """Return who could sign in now; ``choices`` are those there were when the office was opened."""
        return operators_to_choose(self._database)

    def is_empty(self) -> bool:
        """Tell whether there is no unit yet."""
        with self._database.snapshot() as connection:
            return connection.execute("SELECT 1 FROM units LIMIT 1").fetchone() is None

    def warm_up(self) -> None:
        """Import now, off the GUI thread, what the first action would wait for."""
        _ = self.units, self.holders, self.search, self.attachments, self.system

    @property
    def is_warm(self) -> bool:
        """Whether what `warm_up` imports is there."""
        return "system" in vars(self)  # the last of them

    @cached_property
    def units(self) -> "UnitService":
        """Units and their names."""
        from cdo_desktop.services.units import UnitService

        return UnitService(self._database, self.journal)

    @cached_property
    def holders(self) -> "HolderService":
        """Persons and their posts."""
        from cdo_desktop.services.holders import HolderService

        return HolderService(self._database, self.journal)

    @cached_property
    def operators(self) -> "OperatorService":
        """Who may work with this data."""
        from cdo_desktop.services.operators import OperatorService

        return OperatorService(self._database, self.journal)

    @cached_property
    def block_update(self) -> "BlockUpdateService":
        """信息更新 of many holders at once."""
        from cdo_desktop.services.block_update import BlockUpdateService

        return BlockUpdateService(self._database, self.journal)

    @cached_property
    def filing_list(self) -> "FilingListService":
        """备案 with their limits."""
        from cdo_desktop.services.filing_list import FilingListService

        return FilingListService(self._database, self.journal)

    @cached_property
    def backups(self) -> "BackupService":
        """Backups, check and restore."""
        from cdo_desktop.services.safety import BackupService

        return BackupService(self.data_folder, self.journal, note=self._note_backup)

    def _note_backup(self, action: str, values: Values) -> None:
        """Write a line about a backup; before an upgrade there is nowhere to write it yet."""
        if "_database" in vars(self):
            note(self._database, self.journal, action, "backups", values)
        else:
            self._untold.append((action, values))

    def _before_change(self, found: str | None) -> None:
        from cdo_desktop.services.safety import refuse_lost_database
        from cdo_desktop.store.manifest import BackupKind

        if found is None:
            refuse_lost_database(self.data_folder)
        else:
            self.backups.back_up(BackupKind.UPGRADE)

    def _before_import(self) -> None:
        from cdo_desktop.store.manifest import BackupKind

        self.backups.back_up(BackupKind.IMPORT)

    @cached_property
    def forms(self) -> "FormService":
        """备案表."""
        from cdo_desktop.services.filing_prints import FilingPrints
        from cdo_desktop.services.forms import FormService

        prints = FilingPrints(self._database, self.journal, self.attachments)
        return FormService(self._database, self.journal, self.data_folder / settings.TEXTS_FOLDER, prints)

    @cached_property
    def filings(self) -> "FilingService":
        """The way of a filing from its receipt to the shelf."""
        from cdo_desktop.services.filings import FilingService

        return FilingService(self._database, self.journal, self.forms, self.attachments)

    @cached_property
    def filing_edits(self) -> "FilingEditService":
        """修改备案内容."""
        from cdo_desktop.services.filing_edits import FilingEditService

        return FilingEditService(self._database, self.journal)

    @cached_property
    def contacts(self) -> "ContactService":
        """催办."""
        from cdo_desktop.services.contacts import ContactService

        return ContactService(self._database, self.journal, self.filing_list, self.forms)

    @cached_property
    def filing_papers(self) -> "FilingPaperService":
        """回执, 提醒函 and the yearly lists."""
        from cdo_desktop.services.filing_papers import FilingPaperService

        return FilingPaperService(self._database, self.journal, self.filing_list, self.forms)

    @cached_property
    def filing_history(self) -> "FilingHistoryService":
        """What happened to one filing."""
        from cdo_desktop.services.filing_history import FilingHistoryService

        return FilingHistoryService(self._database)

    @cached_property
    def paper_list(self) -> "PaperListService":
        """收文登记."""
        from cdo_desktop.services.paper_list import PaperListService

        return PaperListService(self._database, self.journal)

    @cached_property
    def scans(self) -> "ScanIntake":
        """Scans that come home, and the tray of those that nobody knows."""
        from cdo_desktop.services.scan_intake import ScanIntake

        return ScanIntake(self._database, self.journal, self.forms, self.attachments)

    @cached_property
    def numbers(self) -> "FilingNumberService":
        """备案编号."""
        from cdo_desktop.services.filing_numbers import FilingNumberService

        return FilingNumberService(self._database, self.journal)

    @cached_property
    def roster_import(self) -> "RosterImportService":
        """Roster import."""
        from cdo_desktop.services.roster_import import RosterImportService

        return RosterImportService(self._database, self.journal, self._before_import)

    @cached_property
    def roster_export(self) -> "RosterExportService":
        """Roster workbook and contact list."""
        from cdo_desktop.services.roster_export import RosterExportService

        return RosterExportService(self._database, self.journal)

    @cached_property
    def search(self) -> "SearchService":
        """Ctrl+K."""
        from cdo_desktop.services.search import SearchService

        return SearchService(self._database, self.journal)

    @cached_property
    def undo(self) -> "UndoService":
        """撤销 and 重做 of what is done from the first time on that this is asked for."""
        from cdo_desktop.services.undo import UndoService

        return UndoService(self._database, self.journal)

    @cached_property
    def trail(self) -> "TrailService":
        """The history as a list."""
        from cdo_desktop.services.trail import TrailService

        return TrailService(self._database, self.journal)

    @cached_property
    def personal_data(self) -> "PersonalDataService":
        """What one person may ask for."""
        from cdo_desktop.services.personal_data import PersonalDataService

        files_of = self.attachments.list_of_person
        return PersonalDataService(self._database, self.journal, self.trail, files_of)

    @cached_property
    def sample(self) -> "SampleService":
        """The sample district."""
        from cdo_desktop.services.sample import SampleService

        return SampleService(
            self._database,
            self.journal,
            paths.resource("units", paths.UNITS_NAME),
            paths.resource("sample", paths.SAMPLE_HOLDERS_NAME),
        )

    @cached_property
    def attachments(self) -> "AttachmentService":
        """附件 of tenures, filings and units."""
        from cdo_desktop.services.attachments import AttachmentService

        return AttachmentService(self._database, self.journal, self.data_folder)

    def tidy(self) -> None:
        """Delete files that nobody refers to any more: once after the start, when the data is known whole."""
        from cdo_desktop.services.attachment_care import AttachmentCare

        AttachmentCare(self._database, self.journal, self.data_folder).tidy()

    def close(self) -> None:
        """Release the database, and delete what was only opened to be looked at."""
        if "attachments" in vars(self):
            self.attachments.close()
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


def office_calendar(data_folder: Path) -> WorkingCalendar:
    """Return the calendar of a data folder, or the shipped one where there is no database yet."""
    path = data_folder / paths.DATABASE_NAME
    if not path.exists():
        return shipped_calendar(paths.resource("calendar", paths.HOLIDAYS_NAME))
    with Office(data_folder) as office:
        return office.calendar.calendar()
