"""The services behind the 系统 tab, made together when it is first looked at."""

from functools import cached_property
from pathlib import Path

from cdo_desktop.services.form_text_files import FormTextService
from cdo_desktop.services.holidays import HolidayService
from cdo_desktop.services.journal import Journal, note
from cdo_desktop.services.office_settings import OfficeSettingsService
from cdo_desktop.services.program_facts import AboutService
from cdo_desktop.services.second_names import SecondNameService
from cdo_desktop.services.unit_changes import UnitChangeService
from cdo_desktop.services.unit_list import UnitListService
from cdo_desktop.store import Database


class SystemOffice:
    """Units and their reforms, holidays, settings, form texts, and what the program is."""

    def __init__(
        self, database: Database, journal: Journal, data_folder: Path, texts_folder: Path, holidays: Path
    ) -> None:
        self._database = database
        self._journal = journal
        self._data_folder = data_folder
        self._texts_folder = texts_folder
        self.unit_list = UnitListService(database, journal)
        self.unit_changes = UnitChangeService(database, journal)
        self.second_names = SecondNameService(database, journal)
        self.holidays = HolidayService(database, journal, holidays)
        self.settings = OfficeSettingsService(database, journal)

    @cached_property
    def form_texts(self) -> FormTextService:
        """The office's own words on the forms."""
        return FormTextService(self._texts_folder, self._tell_form_text)

    def _tell_form_text(self, copied: Path) -> None:
        note(self._database, self._journal, "复制表格文字", "form_texts", {"file": copied.name})

    @cached_property
    def about(self) -> AboutService:
        """Versions, licences, places."""
        return AboutService(self._database, self._data_folder)
