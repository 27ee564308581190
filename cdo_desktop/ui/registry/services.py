"""The services that the register tab acts on."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdo_desktop.services.register import RegisterService

if TYPE_CHECKING:
    from cdo_desktop.services.attachments import AttachmentService
    from cdo_desktop.services.block_update import BlockUpdateService
    from cdo_desktop.services.forms import FormService
    from cdo_desktop.services.holders import HolderService
    from cdo_desktop.services.personal_data import PersonalDataService
    from cdo_desktop.services.roster_export import RosterExportService
    from cdo_desktop.services.roster_import import RosterImportService
    from cdo_desktop.services.units import UnitService


@dataclass(frozen=True)
class RegistryServices:
    """The register is there at once; the callables build what imports SQLAlchemy or more, on first use."""

    register: RegisterService
    get_holders: Callable[[], "HolderService"]
    get_units: Callable[[], "UnitService"]
    forms: Callable[[], "FormService"]
    roster_import: Callable[[], "RosterImportService"]
    roster_export: Callable[[], "RosterExportService"]
    block_update: Callable[[], "BlockUpdateService"]
    personal_data: Callable[[], "PersonalDataService"]
    attachments: Callable[[], "AttachmentService"]

    @property
    def holders(self) -> "HolderService":
        """Persons and their posts."""
        return self.get_holders()

    @property
    def units(self) -> "UnitService":
        """Units and their names."""
        return self.get_units()
