"""Drafts: what was typed into a form and not saved yet, in small files outside the database.

A draft must outlive a crash and a database that is full or locked, so it lies in a file of its own.
"""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock

from cdo_desktop.errors import AppError, ConflictError, StorageError
from cdo_desktop.paths import file_time

logger = logging.getLogger(__name__)

DRAFTS_FOLDER = "drafts"
DAYS_KEPT = 30
_FORMAT = 1
_FIRST_OPERATOR = 1  # whom every database begins with; drafts from before there were others are theirs
_LARGEST = 1_000_000  # bytes; a form of this program fills some thousand
_SECONDS_A_DAY = 86_400
_TEMPORARY_SECONDS = 600  # a file still being written after that was left by a program that was killed
_REFUSED = (
    "没保存的内容暂时不能在磁盘上另存草稿（磁盘已满，或不允许写入）。不影响填写和保存；"
    "万一程序中断，没保存的部分会丢失，请及时保存。"
)
_TOO_LARGE = "填写的内容太长，没有另存草稿。不影响填写和保存，请及时保存。"


class DraftConflictError(ConflictError):
    """A draft and its record have gone different ways since; nothing was filled in yet."""


@dataclass(frozen=True)
class DraftField:
    """One changed field: as the form was filled, and as it was typed; both as `Editor.state` says them."""

    original: str
    typed: str


@dataclass(frozen=True)
class Draft:
    """What was typed into one form; ``version`` is that of the record when the form was filled, else 0."""

    key: str
    version: int
    title: str
    written: datetime
    fields: Mapping[str, DraftField]


class DraftSlot:
    """The file of one draft. Wishes are noted at once; the newest one is carried out, off the GUI thread."""

    def __init__(self, path: Path, lock: Lock, draft: Draft | None = None) -> None:
        self._path = path
        self._lock = lock
        self._wish = self._done = draft

    def keep(self, draft: Draft) -> None:
        """Note that the file shall hold this draft."""
        self._wish = draft

    def remove(self) -> None:
        """Note that there shall be no file."""
        self._wish = None

    @property
    def pending(self) -> bool:
        """Whether the file is not yet what was wished."""
        return self._wish is not self._done

    def carry_out(self) -> None:
        """Write or remove the file; raises StorageError. Late work cannot bring back an older wish."""
        with self._lock:
            wish = self._wish
            if wish is self._done:
                return
            if wish is None:
                _remove(self._path)
            else:
                _write(self._path, wish)
            self._done = wish


@dataclass(frozen=True)
class FoundDrafts:
    """The drafts of one form, newest first, each with its file, and a free file for what is typed now."""

    drafts: tuple[tuple[Draft, DraftSlot], ...]
    free: DraftSlot


class DraftFiles:
    """The drafts that one operator has in a data folder. The clock gives local time."""

    def __init__(self, data_folder: Path, clock: Callable[[], datetime], owner: int | None = None) -> None:
        """``owner`` is the id of the operator; what the first one typed lies in the folder itself."""
        self._all = data_folder / DRAFTS_FOLDER
        self.folder = self._all if owner in (None, _FIRST_OPERATOR) else self._all / str(owner)
        self.now = clock
        self.refusal_told = False
        """Whether the user knows that the disk takes no drafts; it is said once."""
        self._lock = Lock()

    def look_up(self, key: str) -> FoundDrafts:
        """Return the drafts of a form; a file that cannot be read is left alone and logged."""
        from hashlib import sha256

        name = sha256(key.encode()).hexdigest()[:20]
        with self._lock:
            taken = {path.name: path for path in _files(self.folder) if path.name.startswith(name)}
            read = [(_read(path), path) for path in taken.values()]
        found = [(draft, DraftSlot(path, self._lock, draft)) for draft, path in read if draft is not None]
        found = [pair for pair in found if pair[0].key == key]
        found.sort(key=lambda pair: pair[0].written, reverse=True)
        number = 1
        while _file_name(name, number) in taken:
            number += 1
        return FoundDrafts(tuple(found), DraftSlot(self.folder / _file_name(name, number), self._lock))

    def remove_old(self) -> int:
        """Delete everybody's drafts of more than 30 days and what killed programs left half written.

        Drafts hold personal data and do not stay for ever (个人信息保护法 第19条). Returns how many.
        """
        removed = 0
        now = file_time(self.now())
        with self._lock:
            for path in [file for folder in _folders(self._all) for file in _files(folder)]:
                try:
                    age = now - path.stat().st_mtime
                    limit = _TEMPORARY_SECONDS if path.name.startswith(".") else DAYS_KEPT * _SECONDS_A_DAY
                    if age > limit:
                        path.unlink(missing_ok=True)
                        removed += 1
                except OSError:
                    logger.warning("an old draft could not be removed", exc_info=True)
        return removed


def _file_name(name: str, number: int) -> str:
    return f"{name}.json" if number == 1 else f"{name}-{number}.json"


def _folders(root: Path) -> list[Path]:
    """Return the folder of the first operator and those of the others."""
    try:
        return [root, *(path for path in root.iterdir() if path.is_dir())]
    except OSError:
        return [root]


def _files(folder: Path) -> list[Path]:
    """Return the files of the folder; a folder that cannot be listed holds none that could be offered."""
    try:
        return [path for path in folder.iterdir() if path.suffix == ".json"]
    except FileNotFoundError:
        return []
    except OSError:
        logger.warning("the drafts cannot be listed", exc_info=True)
        return []


def _write(path: Path, draft: Draft) -> None:
    from cdo_desktop.documents.atomic import atomic_target

    kept = {
        "format": _FORMAT,
        "key": draft.key,
        "version": draft.version,
        "title": draft.title,
        "written": draft.written.isoformat(),
        "fields": {key: [field.original, field.typed] for key, field in draft.fields.items()},
    }
    content = json.dumps(kept).encode()  # ASCII: half a surrogate pair must not stop the writing
    if len(content) > _LARGEST:
        raise StorageError(_TOO_LARGE)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with atomic_target(path) as fresh:
            fresh.write_bytes(content)
    except (AppError, OSError) as error:
        logger.warning("a draft could not be written", exc_info=True)
        raise StorageError(_REFUSED) from error


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        logger.warning("a draft could not be removed", exc_info=True)
        raise StorageError(_REFUSED) from error


def _read(path: Path) -> Draft | None:
    """Return the draft in a file, or None if it is damaged, of a newer program, or no draft."""
    try:
        if path.name.startswith(".") or path.stat().st_size > _LARGEST:
            return None
        return _understood(json.loads(path.read_bytes()))
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        logger.warning("a draft cannot be read", exc_info=True)
        return None


def _understood(kept: dict[str, object]) -> Draft:
    """Return the draft that was written by `_write`; raises ValueError, LookupError or TypeError."""
    fields, version = kept["fields"], kept["version"]
    if kept["format"] != _FORMAT or not isinstance(fields, dict) or not isinstance(version, int):
        raise ValueError("no draft of this format")
    return Draft(
        str(kept["key"]),
        version,
        str(kept["title"]),
        datetime.fromisoformat(str(kept["written"])).replace(tzinfo=None),
        {str(key): DraftField(str(pair[0]), str(pair[1])) for key, pair in fields.items()},
    )
