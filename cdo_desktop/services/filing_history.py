"""What happened to one filing: its own lines of the history and those of its papers, calls and files."""

from typing import Final

from sqlalchemy import ColumnElement, case, func, or_, select

from cdo_desktop.models import Contact, HistoryEntry, ReceivedPaper
from cdo_desktop.services.history import change_details, entity_word
from cdo_desktop.services.holders import HistoryRow
from cdo_desktop.store import Database

_OF_A_FILING: Final = (ReceivedPaper.__tablename__, Contact.__tablename__)


class FilingHistoryService:
    """Reads only."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_filing(self, filing_id: int) -> tuple[HistoryRow, ...]:
        """Return who changed what of a filing, when and from what to what, newest first."""
        told = HistoryEntry
        query = (
            select(told.at, told.actor, told.action, told.entity, told.before, told.after)
            .where(_is_about(filing_id))
            .order_by(told.id.desc())
        )
        with self._database.read() as session:
            return tuple(
                HistoryRow(at, actor, action, entity_word(entity), change_details(entity, before, after))
                for at, actor, action, entity, before, after in session.execute(query)
            )


def _is_about(filing_id: int) -> ColumnElement[bool]:
    told = HistoryEntry
    # A file that was removed, or a receipt that was undone, is gone: its line says whose it was.
    values = case((told.after != "", told.after), (told.before != "", told.before), else_="{}")
    owner = func.json_extract(values, "$.owner"), func.json_extract(values, "$.owner_id")
    return or_(
        (told.entity == "filings") & (told.entity_id == filing_id),
        told.entity.in_(_OF_A_FILING) & (func.json_extract(values, "$.filing_id") == filing_id),
        (told.entity == "attachments") & (owner[0] == "filings") & (owner[1] == filing_id),
    )
