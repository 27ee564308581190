"""The services that the register tab acts on."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdo_desktop.services.holders import HolderService
from cdo_desktop.services.register import RegisterService
from cdo_desktop.services.units import UnitService

if TYPE_CHECKING:
    from cdo_desktop.services.forms import FormService
    from cdo_desktop.services.roster_export import RosterExportService
    from cdo_desktop.services.roster_import import RosterImportService


@dataclass(frozen=True)
class RegistryServices:
    """The three callables build what imports document libraries, on first use."""

    register: RegisterService
    holders: HolderService
    units: UnitService
    forms: Callable[[], "FormService"]
    roster_import: Callable[[], "RosterImportService"]
    roster_export: Callable[[], "RosterExportService"]
