"""附件: files that belong to a tenure, a filing or a unit (decision 014)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from sqlalchemy import and_, func, or_, select

from cdo_desktop.documents.atomic import atomic_target
from cdo_desktop.documents.readers.attachment import check_content
from cdo_desktop.errors import (
    InvalidInputError,
    NotFoundError,
    StorageError,
    UnreadableFileError,
    system_reason,
)
from cdo_desktop.models import Attachment, Filing, Post, Tenure, Unit, WaitingScan
from cdo_desktop.rules.attachments import (
    MAX_BYTES,
    FileKind,
    check_name,
    check_size,
    copy_name,
    kind_of,
    numbered,
    shown_name,
)
from cdo_desktop.rules.filing import UNDERWAY_STATES
from cdo_desktop.services.attachment_rows import (
    Added,
    AttachmentRow,
    AttachmentValues,
    Owner,
    RefusedFile,
    as_row,
    content_of,
    values_of,
)
from cdo_desktop.services.journal import Journal, Values
from cdo_desktop.store import Database
from cdo_desktop.store.attachments import StoredFile
from cdo_desktop.store.backup_attachments import trees_of
from cdo_desktop.store.opened_copies import OpenedCopies, mark_as_from_outside

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

Progress: TypeAlias = Callable[[int, int, str], None]  # done, of how many, the next one

ADD, REMOVE, PUT_BACK = "添加附件", "移除附件", "放回附件"


@dataclass(frozen=True)
class TakenFile:
    """A file whose content is stored already."""

    name: str
    kind: FileKind
    stored: StoredFile


@dataclass(frozen=True)
class _About:
    """Whose history a file belongs to."""

    unit_id: int | None
    person_id: int | None


class AttachmentService:
    """Adds, lists, opens and removes files. Everything but lists may take seconds: not for the GUI thread."""

    def __init__(self, database: Database, journal: Journal, data_folder: Path) -> None:
        self._database = database
        self._journal = journal
        self._trees = trees_of(data_folder)
        self._copies = OpenedCopies(data_folder)

    # Lists

    def list_of(self, owner: Owner) -> tuple[AttachmentRow, ...]:
        """Return the files of one record, the oldest first."""
        with self._database.read() as session:
            rows = session.scalars(select(Attachment).where(_belongs_to(owner)).order_by(Attachment.id))
            return tuple(as_row(row) for row in rows)

    def count_of(self, owner: Owner) -> int:
        """Return how many files a record has."""
        query = select(func.count()).select_from(Attachment).where(_belongs_to(owner))
        with self._database.read() as session:
            return session.scalar(query) or 0

    def list_of_person(self, person_id: int) -> tuple[AttachmentRow, ...]:
        """Return the files of every tenure and filing of a person."""
        tenures = select(Tenure.id).where(Tenure.person_id == person_id)
        filings = select(Filing.id).where(Filing.tenure_id.in_(tenures))
        theirs = or_(
            (Attachment.entity == "tenures") & Attachment.entity_id.in_(tenures),
            (Attachment.entity == "filings") & Attachment.entity_id.in_(filings),
        )
        with self._database.read() as session:
            rows = session.scalars(select(Attachment).where(theirs).order_by(Attachment.id))
            return tuple(as_row(row) for row in rows)

    # Adding and removing

    def add(
        self, owner: Owner, files: Sequence[Path], progress: Progress | None = None, note: str = ""
    ) -> Added:
        """Add files to a record; those that are refused do not keep the others out.

        Raises NotFoundError when the record is gone, StorageError or FileInUseError when the disk refuses:
        none is added then.
        """
        taken: list[TakenFile] = []
        refused: list[RefusedFile] = []
        for number, path in enumerate(files):
            if progress is not None:
                progress(number, len(files), path.name)
            try:
                taken.append(self._take(path))
            except (InvalidInputError, UnreadableFileError) as error:
                refused.append(RefusedFile(path.name, str(error)))
        if progress is not None:
            progress(len(files), len(files), "")
        if not taken:
            return Added((), tuple(refused))
        with self._database.write() as session:
            about = _about(session, owner)
            fresh = _without_doubles(session, owner, taken, refused)
            ids = [self._add_row(session, owner, about, one, note) for one in fresh]
        return Added(tuple(ids), tuple(refused))

    def _take(self, path: Path) -> TakenFile:
        check_name(path.name)  # before a large file is read in vain
        return self.take(path.name, read_source(path, shown_name(path.name)))

    def take(self, name: str, content: bytes) -> TakenFile:
        """Check a content and store it; `attach` gives it to a record. Errors as of ``add``."""
        checked = check_name(name)
        check_content(content, checked.kind, shown_name(name))
        return TakenFile(checked.display, checked.kind, self._trees.own.put(content, checked.kind.suffix))

    def attach(self, session: "Session", owner: Owner, taken: TakenFile, note: str = "") -> str:
        """Give a stored content to a record within an open transaction and return its digest.

        What the record has already is not added again.
        """
        fresh = _without_doubles(session, owner, [taken], [])
        for one in fresh:
            self._add_row(session, owner, _about(session, owner), one, note)
        return taken.stored.sha256

    def _add_row(self, session: "Session", owner: Owner, about: _About, taken: TakenFile, note: str) -> int:
        if not self._trees.own.has(taken.stored):  # collected by another program just now
            raise StorageError(
                f"“{taken.name}”没有添加：刚写好的文件不见了。原有数据没有改动，请再添加一次。"
            )
        values = AttachmentValues(
            owner=owner,
            name=taken.name,
            media_type=taken.kind.media_type,
            size=taken.stored.size,
            sha256=taken.stored.sha256,
            note=note,
            added_at=self._journal.clock(),
            added_by=self._journal.actor,
        )
        return self._insert(session, about, values, ADD)

    def remove(self, attachment_ids: Sequence[int]) -> tuple[AttachmentValues, ...]:
        """Take files away from their records; `put_back` can undo it.

        The content stays for a day, and as long as a backup refers to it. Raises InvalidInputError for a file
        of a filing that has its number.
        """
        removed = []
        with self._database.write() as session:
            for attachment_id in attachment_ids:
                row = _find(session, attachment_id)
                _refuse_filed(session, row)
                gone = values_of(row)
                about = _about_if_there(session, gone.owner) or _About(None, None)
                self._record(session, REMOVE, row.id, about, gone)
                session.delete(row)
                removed.append(gone)
        for gone in removed:
            stored = content_of(gone)
            if stored is not None:
                self._trees.own.renew(stored)
        return tuple(removed)

    def put_back(self, removed: Sequence[AttachmentValues]) -> tuple[int, ...]:
        """Give files back to their records; raises NotFoundError when a record or a content is gone."""
        with self._database.write() as session:
            ids = []
            for one in removed:
                stored = content_of(one)
                if stored is None or not self._trees.own.has(stored):
                    raise NotFoundError(
                        f"“{shown_name(one.name)}”的内容已经清理，没有放回。请用原来的文件重新添加。"
                    )
                ids.append(self._insert(session, _about(session, one.owner), one, PUT_BACK))
        return tuple(ids)

    def _insert(self, session: "Session", about: _About, values: AttachmentValues, action: str) -> int:
        row = Attachment(
            entity=values.owner.entity,
            entity_id=values.owner.entity_id,
            name=values.name,
            media_type=values.media_type,
            size=values.size,
            sha256=values.sha256,
            note=values.note,
            added_at=values.added_at,
            added_by=values.added_by,
        )
        session.add(row)
        session.flush()
        self._record(session, action, row.id, about, values)
        return row.id

    def _record(
        self, session: "Session", action: str, row_id: int, about: _About, told: AttachmentValues
    ) -> None:
        values: Values = {
            "name": told.name,
            "owner": told.owner.entity,
            "owner_id": told.owner.entity_id,
            "size": told.size,
            "sha256": told.sha256,
        }
        self._journal.record(
            session,
            action,
            Attachment.__tablename__,
            row_id,
            before=values if action == REMOVE else None,
            after={} if action == REMOVE else values,
            unit_id=about.unit_id,
            person_id=about.person_id,
        )

    # Looking at what is there

    def open_copy(self, attachment_id: int) -> Path:
        """Return a fresh read-only copy to be opened with the program of the system.

        Raises StorageError when the content is lost or is not of the allow-list: nothing is opened then.
        """
        name, kind, content = self._checked_content(attachment_id)
        return self._copies.make(copy_name(name, kind), content)

    def save_as(self, attachment_id: int, target: Path) -> None:
        """Write a copy to where the user wants it; raises AppError as `atomic_target` does."""
        _name, _kind, content = self._checked_content(attachment_id)
        _write(target, content)

    def save_all(
        self, attachment_ids: Sequence[int], folder: Path, progress: Progress | None = None
    ) -> tuple[Path, ...]:
        """Write copies into a folder, under names that are not taken there yet; return where they are."""
        written = []
        for number, attachment_id in enumerate(attachment_ids):
            name, _kind, content = self._checked_content(attachment_id)
            if progress is not None:
                progress(number, len(attachment_ids), name)
            target = folder / numbered(name, lambda other: (folder / other).exists())
            _write(target, content)
            written.append(target)
        return tuple(written)

    def _checked_content(self, attachment_id: int) -> tuple[str, FileKind, bytes]:
        """Return name, kind and content of a file, checked anew: the database may have been tampered with."""
        with self._database.read() as session:
            row = _find(session, attachment_id)
            name, kind, stored = row.name, kind_of(row.media_type), content_of(row)
        shown = shown_name(name)
        try:
            if stored is None or kind is None or check_name(name).kind != kind:
                raise InvalidInputError("The row is none that was written here.")
            content = self._content(stored, shown)
            check_content(content, kind, shown)
        except (InvalidInputError, UnreadableFileError) as error:
            raise StorageError(
                f"“{shown}”不是允许打开的文件，可能被别的程序改动过，没有打开。请在“系统”里检查数据。"
            ) from error
        return name, kind, content

    def _content(self, stored: StoredFile, shown: str) -> bytes:
        content = self._trees.own.read(stored)
        if content is None and self._trees.own.copy_from(self._trees.beside, stored):
            content = self._trees.own.read(stored)
        if content is None:
            raise StorageError(
                f"“{shown}”的文件缺失或被改动，没有打开，备份里也没有完好的一份。"
                "其他数据不受影响；请用原来的文件重新添加。"
            )
        return content

    def close(self) -> None:
        """Delete the copies that were opened; what another program still holds goes at the next start."""
        self._copies.clear()


def read_source(path: Path, shown: str) -> bytes:
    """Return the whole file, up to the size allowed; raises UnreadableFileError or InvalidInputError."""
    if path.is_dir():
        raise InvalidInputError(f"“{shown}”是文件夹，没有添加。请选择里面的文件。")
    try:
        check_size(path.stat().st_size, shown)
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UnreadableFileError(
            f"“{shown}”读不出（{system_reason(error)}），没有添加。请关闭打开它的程序，"
            "或检查移动盘、共享文件夹是否还连着。"
        ) from error
    check_size(len(content), shown)
    return content


def _without_doubles(
    session: "Session", owner: Owner, taken: Iterable[TakenFile], refused: list[RefusedFile]
) -> list[TakenFile]:
    """Leave out what the record has, telling so in ``refused``; give every other one a name of its own."""
    query = select(Attachment.sha256, Attachment.media_type, Attachment.name).where(_belongs_to(owner))
    contents = {(sha256, media_type): name for sha256, media_type, name in session.execute(query)}
    names = {name.casefold() for name in contents.values()}
    fresh = []
    for one in taken:
        key = (one.stored.sha256, one.kind.media_type)
        if key in contents:
            reason = (
                f"“{shown_name(one.name)}”的内容与已有的“{shown_name(contents[key])}”相同，没有重复添加。"
            )
            refused.append(RefusedFile(one.name, reason))
            continue
        name = numbered(one.name, lambda other: other.casefold() in names)
        contents[key] = name
        names.add(name.casefold())
        fresh.append(replace(one, name=name))
    return fresh


def _write(target: Path, content: bytes) -> None:
    with atomic_target(target) as fresh:
        fresh.write_bytes(content)
    mark_as_from_outside(target)


def _belongs_to(owner: Owner) -> "ColumnElement[bool]":
    return and_(Attachment.entity == owner.entity, Attachment.entity_id == owner.entity_id)


def _find(session: "Session", attachment_id: int) -> Attachment:
    row = session.get(Attachment, attachment_id)
    if row is None:
        raise NotFoundError("这个附件已经被移除，没有改动任何内容。请刷新后再看。")
    return row


def _refuse_filed(session: "Session", row: Attachment) -> None:
    """Raise InvalidInputError for a file of a filing that has its number: the database keeps it as well."""
    filing = session.get(Filing, row.entity_id) if row.entity == Filing.__tablename__ else None
    if filing is not None and filing.number and filing.state not in UNDERWAY_STATES:
        raise InvalidInputError(
            f"“{shown_name(row.name)}”属于已经编号的备案（{filing.number}），随备案留存，不能移除。没有改动任何内容。"
        )


def _about(session: "Session", owner: Owner) -> _About:
    """Return whose history a record belongs to; raises NotFoundError when it is gone."""
    about = _about_if_there(session, owner)
    if about is None:
        raise NotFoundError("这条记录已经不在了，没有添加附件。请刷新后再看。")
    return about


def _about_if_there(session: "Session", owner: Owner) -> _About | None:
    if owner.entity == "units":
        return _About(owner.entity_id, None) if session.get(Unit, owner.entity_id) else None
    if owner.entity == "waiting_scans":  # of nobody yet
        return _About(None, None) if session.get(WaitingScan, owner.entity_id) else None
    query = select(Post.unit_id, Tenure.person_id).join(Post, Post.id == Tenure.post_id)
    if owner.entity == "tenures":
        query = query.where(Tenure.id == owner.entity_id)
    else:
        query = query.join(Filing, Filing.tenure_id == Tenure.id).where(Filing.id == owner.entity_id)
    row = session.execute(query).one_or_none()
    return _About(*row) if row is not None else None
