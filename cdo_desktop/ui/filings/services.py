"""The services that the tab 备案办理 acts on."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdo_desktop.services.filing_list import FilingListService

if TYPE_CHECKING:
    from cdo_desktop.services.contacts import ContactService
    from cdo_desktop.services.filing_edits import FilingEditService
    from cdo_desktop.services.filing_history import FilingHistoryService
    from cdo_desktop.services.filing_papers import FilingPaperService
    from cdo_desktop.services.filings import FilingService
    from cdo_desktop.services.forms import FormService
    from cdo_desktop.services.paper_list import PaperListService
    from cdo_desktop.services.scan_intake import ScanIntake


@dataclass(frozen=True)
class FilingsServices:
    """The list is there at once; the callables build what imports more, on first use."""

    filing_list: FilingListService
    filings: Callable[[], "FilingService"]
    contacts: Callable[[], "ContactService"]
    papers: Callable[[], "FilingPaperService"]
    history: Callable[[], "FilingHistoryService"]
    scans: Callable[[], "ScanIntake"]
    paper_list: Callable[[], "PaperListService"]
    forms: Callable[[], "FormService"]
    edits: Callable[[], "FilingEditService"]
    count_vacant: Callable[[], int]
