"""What happened to one filing: its own lines of the history and those of its papers, calls and files."""

from sqlalchemy import ColumnElement, case, func, or_, select

from cdo_desktop.models import Contact, HistoryEntry, ReceivedPaper
from cdo_desktop.services.history import change_details, entity_word
from cdo_desktop.services.holders import HistoryRow
from cdo_desktop.store import Database


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
    papers = select(ReceivedPaper.id).where(ReceivedPaper.filing_id == filing_id)
    contacts = select(Contact.id).where(Contact.filing_id == filing_id)
    # The row of a file that was removed is gone: its line says whose it was.
    values = case((told.after != "", told.after), (told.before != "", told.before), else_="{}")
    owner = func.json_extract(values, "$.owner"), func.json_extract(values, "$.owner_id")
    return or_(
        (told.entity == "filings") & (told.entity_id == filing_id),
        (told.entity == ReceivedPaper.__tablename__) & told.entity_id.in_(papers),
        (told.entity == Contact.__tablename__) & told.entity_id.in_(contacts),
        (told.entity == "attachments") & (owner[0] == "filings") & (owner[1] == filing_id),
    )
