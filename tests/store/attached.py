"""Attachments as the store sees them: a content in its folder and a row that names it."""

from datetime import datetime

from cdo_desktop.models import Attachment
from cdo_desktop.store import Database
from cdo_desktop.store.attachments import AttachmentFolder, StoredFile


def attach(database: Database, content: bytes, name: str = "扫描件.pdf") -> StoredFile:
    """Keep a content and name it by a row."""
    stored = AttachmentFolder(database.path.parent).put(content, "pdf")
    add_row(database, stored, name)
    return stored


def add_row(database: Database, stored: StoredFile, name: str = "扫描件.pdf") -> None:
    with database.write() as session:
        session.add(
            Attachment(
                entity="units",
                entity_id=2,
                name=name,
                media_type="application/pdf",
                size=stored.size,
                sha256=stored.sha256,
                added_at=datetime(2026, 11, 24, 9),
                added_by="张三",
            )
        )
