"""Database tables only."""

from cdo_desktop.models.attachments import Attachment
from cdo_desktop.models.base import Base
from cdo_desktop.models.filings import Contact, Filing, FilingPrint, NumberYear, ReceivedPaper, WaitingScan
from cdo_desktop.models.offices import ReceivingBody, SecondName, UnitChange, UnitChangePart
from cdo_desktop.models.operators import AuditLink, HistoryRedaction, Operator, PersonErasure
from cdo_desktop.models.persons import Person, Tenure
from cdo_desktop.models.records import DATABASE_ID, CalendarDay, CalendarYear, HistoryEntry, Setting
from cdo_desktop.models.search import UNIT_ROWS, SearchPending
from cdo_desktop.models.units import Post, Unit, UnitName

__all__ = [
    "DATABASE_ID",
    "UNIT_ROWS",
    "Attachment",
    "AuditLink",
    "Base",
    "CalendarDay",
    "CalendarYear",
    "Contact",
    "Filing",
    "FilingPrint",
    "HistoryEntry",
    "HistoryRedaction",
    "NumberYear",
    "Operator",
    "Person",
    "PersonErasure",
    "Post",
    "ReceivedPaper",
    "ReceivingBody",
    "SearchPending",
    "SecondName",
    "Setting",
    "Tenure",
    "Unit",
    "UnitChange",
    "UnitChangePart",
    "UnitName",
    "WaitingScan",
]
