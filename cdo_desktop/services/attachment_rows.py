"""The values that go into and come out of `AttachmentService`."""

from dataclasses import dataclass
from datetime import datetime

from cdo_desktop.models import Attachment
from cdo_desktop.rules.attachments import kind_of
from cdo_desktop.store.attachments import StoredFile


@dataclass(frozen=True)
class Owner:
    """The record that files belong to: its table and its id."""

    entity: str
    entity_id: int


def of_tenure(tenure_id: int) -> Owner:
    """Return a tenure as the owner of files: its 任免文件."""
    return Owner("tenures", tenure_id)


def of_filing(filing_id: int) -> Owner:
    """Return a filing as the owner of files: its scans."""
    return Owner("filings", filing_id)


def of_unit(unit_id: int) -> Owner:
    """Return a unit as the owner of files."""
    return Owner("units", unit_id)


def of_waiting_scan(scan_id: int) -> Owner:
    """Return a scan that waits for its filing as the owner of its file."""
    return Owner("waiting_scans", scan_id)


@dataclass(frozen=True)
class AttachmentRow:
    """One file for a list."""

    attachment_id: int
    name: str
    kind: str  # as the office says it: PDF 文件
    size: int  # bytes
    note: str
    added_at: datetime
    added_by: str


@dataclass(frozen=True)
class RefusedFile:
    """A file that was not taken, with the sentence that says why."""

    name: str
    reason: str


@dataclass(frozen=True)
class Added:
    """What became of files that were to be added: those taken, and those refused."""

    ids: tuple[int, ...]
    refused: tuple[RefusedFile, ...]


@dataclass(frozen=True)
class AttachmentValues:
    """All that a row says of its file: enough to put it back where it was taken away."""

    owner: Owner
    name: str
    media_type: str
    size: int
    sha256: str
    note: str
    added_at: datetime
    added_by: str


def content_of(row: Attachment | AttachmentValues) -> StoredFile | None:
    """Return the content that a row refers to, or None for a row that can refer to none."""
    kind = kind_of(row.media_type)
    stored = StoredFile(row.sha256, kind.suffix, row.size) if kind is not None else None
    return stored if stored is not None and stored.is_named_right else None


def as_row(row: Attachment) -> AttachmentRow:
    """Return what a list shows of a stored row."""
    kind = kind_of(row.media_type)
    return AttachmentRow(
        row.id,
        row.name,
        kind.label if kind is not None else "未知",
        row.size,
        row.note,
        row.added_at,
        row.added_by,
    )


def values_of(row: Attachment) -> AttachmentValues:
    """Return all that a stored row says."""
    return AttachmentValues(
        owner=Owner(row.entity, row.entity_id),
        name=row.name,
        media_type=row.media_type,
        size=row.size,
        sha256=row.sha256,
        note=row.note,
        added_at=row.added_at,
        added_by=row.added_by,
    )
