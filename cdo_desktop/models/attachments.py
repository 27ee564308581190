"""Files that belong to a record; their content lies outside the database, named by its digest."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from cdo_desktop.models.base import LASTING_IDS, Base


class Attachment(Base):
    """One file of one record, such as the 任免文件 of a tenure; equal files share their content."""

    __tablename__ = "attachments"
    __table_args__ = (Index("ix_attachments_entity_entity_id", "entity", "entity_id"), LASTING_IDS)

    id: Mapped[int] = mapped_column(primary_key=True)
    entity: Mapped[str]  # table name
    entity_id: Mapped[int]
    name: Mapped[str]  # as the user knows it; never used as a path
    media_type: Mapped[str]
    size: Mapped[int]  # bytes
    sha256: Mapped[str] = mapped_column(index=True)
    note: Mapped[str] = mapped_column(default="")
    added_at: Mapped[datetime]
    added_by: Mapped[str]
