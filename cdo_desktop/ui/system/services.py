"""The services that the system tab acts on."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdo_desktop.services.holidays import HolidayService
from cdo_desktop.services.office_settings import OfficeSettingsService
from cdo_desktop.services.second_names import SecondNameService
from cdo_desktop.services.unit_changes import UnitChangeService
from cdo_desktop.services.unit_list import UnitListService
from cdo_desktop.services.units import UnitService

if TYPE_CHECKING:
    from cdo_desktop.services.filing_numbers import FilingNumberService
    from cdo_desktop.services.form_text_files import FormTextService
    from cdo_desktop.services.forms import FormService
    from cdo_desktop.services.operators import OperatorService
    from cdo_desktop.services.program_facts import AboutService
    from cdo_desktop.services.safety import BackupService
    from cdo_desktop.services.trail import TrailService


@dataclass(frozen=True)
class SystemServices:
    """The callables build what is needed on some pages only, on first use."""

    units: UnitService
    unit_list: UnitListService
    unit_changes: UnitChangeService
    second_names: SecondNameService
    holidays: HolidayService
    settings: OfficeSettingsService
    forms: Callable[[], "FormService"]
    form_texts: Callable[[], "FormTextService"]
    backups: Callable[[], "BackupService"]
    about: Callable[[], "AboutService"]
    operators: Callable[[], "OperatorService"]
    trail: Callable[[], "TrailService"]
    numbers: Callable[[], "FilingNumberService"]
