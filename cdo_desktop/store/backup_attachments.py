"""The attachments of a backup: packed into it, or kept once beside all backups of the data folder (014)."""

import logging
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from sqlite3 import Connection
from typing import Final

from cdo_desktop.errors import AppError
from cdo_desktop.store.attachments import AttachmentFolder, StoredFile, references_of
from cdo_desktop.store.integrity import Finding, NamedCheck
from cdo_desktop.store.sealed_file import Tick

logger = logging.getLogger(__name__)

BACKUPS_FOLDER: Final = "backups"  # in the data folder
_MOST_NAMED = 3


@dataclass(frozen=True)
class Trees:
    """The two places of contents in one data folder: that of its rows, and that beside its backups."""

    own: AttachmentFolder
    beside: AttachmentFolder


def trees_of(data_folder: Path) -> Trees:
    """Return both trees; neither has to be there."""
    return Trees(AttachmentFolder(data_folder), AttachmentFolder(data_folder / BACKUPS_FOLDER))


@dataclass(frozen=True)
class Gathered:
    """Where the contents are that a backup refers to, and the names of attachments whose content is lost."""

    packed: Mapping[StoredFile, Path]
    shared: tuple[StoredFile, ...]
    missing: tuple[str, ...]


def gather(named: Mapping[StoredFile, str], trees: Trees, *, share: bool, tick: Tick) -> Gathered:
    """Find every content in one of the trees.

    To ``share`` them, those that are not beside the backups yet are copied there. What lies there was read
    back when it was copied, so only its name and size are looked at; what is packed has been read in full.
    """
    if share:
        shared = tuple(stored for stored in named if _is_beside(stored, trees, tick))
        return Gathered({}, shared, _left(named, shared))
    packed: dict[StoredFile, Path] = {}
    for stored in named:
        source = first_whole(stored, (trees.own, trees.beside))
        if source is not None:
            packed[stored] = source.path_of(stored)
    return Gathered(packed, (), _left(named, packed))


def _is_beside(stored: StoredFile, trees: Trees, tick: Tick) -> bool:
    # Written and read back: two steps of the progress.
    return trees.beside.has(stored) or trees.beside.copy_from(
        trees.own, stored, lambda count: tick(2 * count)
    )


def _left(named: Mapping[StoredFile, str], found: Container[StoredFile]) -> tuple[str, ...]:
    return tuple(name for stored, name in named.items() if stored not in found)


def first_whole(stored: StoredFile, folders: Sequence[AttachmentFolder]) -> AttachmentFolder | None:
    """Return the first tree where a content is what its name says."""
    return next((folder for folder in folders if folder.is_whole(stored)), None)


def attachment_check(data_folder: Path, *, thorough: bool) -> NamedCheck:
    """Return the check that every row has its content; ``thorough`` reads them all.

    A content that is lost in one tree and whole in the other is copied back on the way.
    """
    trees = trees_of(data_folder)
    is_good = AttachmentFolder.is_whole if thorough else AttachmentFolder.has

    def run(connection: Connection) -> list[Finding]:
        references = references_of(connection)
        mended: list[str] = []
        lost: list[str] = []
        details = list(references.odd)
        for stored, name in references.files.items():
            if not is_good(trees.own, stored):
                (mended if _mend(trees.own, trees.beside, stored) else lost).append(name)
                details.append(f"attachments/{stored.name}")
            elif trees.beside.path_of(stored).exists() and not is_good(trees.beside, stored):
                (mended if _mend(trees.beside, trees.own, stored) else lost).append(name)
                details.append(f"{BACKUPS_FOLDER}/attachments/{stored.name}")
        return _findings(mended, lost, references.odd, tuple(details))

    return NamedCheck("附件", run)


def _mend(broken: AttachmentFolder, good: AttachmentFolder, stored: StoredFile) -> bool:
    try:
        return broken.copy_from(good, stored)
    except AppError:
        logger.warning("an attachment could not be copied back: %s", stored.name, exc_info=True)
        return False


def _findings(
    mended: Sequence[str], lost: Sequence[str], odd: Sequence[str], details: tuple[str, ...]
) -> list[Finding]:
    found = []
    if mended:
        sentence = f"有 {len(mended)} 个附件的文件缺失或被改动（{_named(mended)}），已用另一份完好的补回。"
        found.append(Finding(sentence, warning=True))
    if lost:
        sentence = (
            f"有 {len(lost)} 个附件的文件缺失或被改动（{_named(lost)}），没有完好的副本。"
            "名册等其他数据不受影响；请重新添加这些文件，再移除打不开的。"
        )
        found.append(Finding(sentence, stops_work=False))
    if odd:
        sentence = f"有 {len(odd)} 个附件的登记内容不对，打不开，可能被别的程序改动过。"
        found.append(Finding(sentence, stops_work=False))
    return [*found[:-1], *(replace(last, details=details) for last in found[-1:])]


def _named(names: Sequence[str]) -> str:
    more = f" 等 {len(names)} 个" if len(names) > _MOST_NAMED else ""
    return "、".join(names[:_MOST_NAMED]) + more
