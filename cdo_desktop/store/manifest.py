"""What a backup says about itself: when and why it was made, of what, and the digest of every file of it."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Final

from cdo_desktop.paths import DATABASE_NAME
from cdo_desktop.store.attachments import StoredFile
from cdo_desktop.store.audit_chain import ChainHead
from cdo_desktop.store.sealed_file import PackedFile

MANIFEST_NAME: Final = "manifest.json"
FORMAT: Final = 2
_FORMATS = (1, 2)  # the first one always held the attachments itself
_PROGRAM: Final = "cdo_desktop"
_FORBIDDEN = frozenset('\\:*?"<>|')


class BackupKind(StrEnum):
    """Why a backup was made; the value is part of its name."""

    START = "启动"
    CLOSE = "关闭"
    IMPORT = "导入前"
    UPGRADE = "升级前"
    MANUAL = "手工"


@dataclass(frozen=True)
class Manifest:
    """The account of one backup."""

    kind: BackupKind
    made_at: datetime
    program_version: str
    schema: str
    database_id: str
    state: str  # of the database file when it was copied; equal states are equal content
    counts: Mapping[str, int]  # rows by table
    problems: tuple[str, ...]  # what the check found wrong, as sentences
    files: tuple[PackedFile, ...]  # the database first
    chain_head: ChainHead | None = None  # of the audit trail; earlier backups do not tell
    shared: tuple[StoredFile, ...] = ()  # attachments that lie beside the backups of the data folder
    missing: tuple[str, ...] = ()  # names of attachments whose content was lost or changed already

    @property
    def size(self) -> int:
        """Bytes of all files when unpacked."""
        return sum(packed.size for packed in self.files)


def as_json(manifest: Manifest) -> bytes:
    """Return the manifest as the text that is packed."""
    content = {
        "format": FORMAT,
        "program": _PROGRAM,
        **asdict(manifest),
        "made_at": manifest.made_at.isoformat(timespec="seconds"),
    }
    return json.dumps(content, ensure_ascii=False, indent=1).encode("utf-8")


def parse_manifest(raw: bytes) -> Manifest:
    """Read a manifest from outside; raises ValueError or KeyError when it is not one."""
    try:
        content = json.loads(raw)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if (
        not isinstance(content, dict)
        or content.get("program") != _PROGRAM
        or content.get("format") not in _FORMATS
    ):
        raise ValueError("not a manifest of this format")
    files = tuple(_packed_file(item) for item in _list(content["files"]))
    if len({packed.name.casefold() for packed in files}) != len(files):
        raise ValueError("two files have one name")
    if not files or files[0].name != DATABASE_NAME:
        raise ValueError("no database in it")
    counts = content["counts"]
    if not isinstance(counts, dict):
        raise ValueError("no counts")
    return Manifest(
        kind=BackupKind(_text(content["kind"])),
        made_at=datetime.fromisoformat(_text(content["made_at"])),
        program_version=_text(content["program_version"]),
        schema=_text(content["schema"]),
        database_id=_text(content["database_id"]),
        state=_text(content["state"]),
        counts={_text(name): _count(count) for name, count in counts.items()},
        problems=tuple(_text(problem) for problem in _list(content["problems"])),
        files=files,
        chain_head=_chain_head(content.get("chain_head")),
        shared=tuple(_shared_file(item) for item in _list(content.get("shared", []))),
        missing=tuple(_text(name) for name in _list(content.get("missing", []))),
    )


def _chain_head(item: object) -> ChainHead | None:
    if item is None:
        return None
    if not isinstance(item, dict):
        raise ValueError("not the head of a chain")
    return ChainHead(_count(item["link_id"]), _text(item["digest"]))


def _packed_file(item: object) -> PackedFile:
    if not isinstance(item, dict):
        raise ValueError("not a file")
    return PackedFile(_safe_name(_text(item["name"])), _count(item["size"]), _text(item["sha256"]))


def _shared_file(item: object) -> StoredFile:
    if not isinstance(item, dict):
        raise ValueError("not a file")
    stored = StoredFile(_text(item["sha256"]), _text(item["suffix"]), _count(item["size"]))
    if not stored.is_named_right:
        raise ValueError("not the name of a content")
    return stored


def _safe_name(name: str) -> str:
    """Return a path that stays inside the folder it is unpacked to, on Windows too."""
    path = PurePosixPath(name)
    odd = any(part in ("", ".", "..") or part[-1] in ". " for part in name.split("/"))
    if path.is_absolute() or odd or _FORBIDDEN & set(name) or not name.isprintable():
        raise ValueError("a path that leads elsewhere")
    return name


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("not a text")
    return value


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError("not a count")
    return value


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise ValueError("not a list")
    return value
