"""操作记录的完整性: seals every transaction, and tells in words where the trail has been tampered with."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from cdo_desktop.errors import UnreadableFileError
from cdo_desktop.services.journal import Journal
from cdo_desktop.store.audit_chain import BreakKind, ChainBreak, knows, seal, stored_time, verify
from cdo_desktop.store.backup import BackupFile, database_id_of, list_backups, read_manifest
from cdo_desktop.store.integrity import Finding, NamedCheck, stored_version
from cdo_desktop.store.manifest import Manifest

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

TRAIL_CHECK: Final = "操作记录的完整性"
ANCHOR_CHECK: Final = "操作记录与备份的对照"
BACKUPS: Final = "backups"  # what a line of the history calls them
RESTORED: Final = "从备份恢复"
_SINCE_VERSION: Final = "0005"  # earlier databases have no chain
_MOST_NAMED = 20
_ADVICE = "名册等数据可以照常使用；请不要删除备份，并联系维护人员查明原因。"
_WORDS = {
    BreakKind.CHANGED: "{rows}与校验链不一致，内容被本程序以外的办法改动过",
    BreakKind.MISSING: "{rows}不完整，有记录被本程序以外的办法删除",
    BreakKind.UNSEALED: "{rows}不在校验链里，是本程序以外的办法写入的",
}


def seal_history(session: "Session", journal: Journal) -> None:
    """Add the link over what the open transaction has told."""
    connection = session.connection().connection.driver_connection
    seal(cast("sqlite3.Connection", connection), stored_time(journal.clock()), journal.operator_id)


def trail_check() -> NamedCheck:
    """Return the check of the whole chain, for every look at a database."""
    return NamedCheck(TRAIL_CHECK, _check_chain)


def anchor_check(backups_folder: Path) -> NamedCheck:
    """Return the check that no backup knows of a link that is gone: the end of the trail was not cut off."""
    return NamedCheck(ANCHOR_CHECK, lambda connection: _check_anchors(connection, backups_folder))


def _check_anchors(connection: sqlite3.Connection, folder: Path) -> list[Finding]:
    if stored_version(connection) < _SINCE_VERSION:
        return []
    database_id, gone_back = database_id_of(connection), tuple(_restores(connection))
    lost = [
        (backup, manifest)
        for backup, manifest in _manifests(folder)
        if manifest.database_id == database_id
        and manifest.chain_head is not None
        and not knows(connection, manifest.chain_head)
        and not any(made <= manifest.made_at <= restored for made, restored in gone_back)
    ]
    if not lost:
        return []
    backup, newest = lost[-1]
    sentence = (
        f"备份“{backup.path.name}”（{newest.made_at:%Y-%m-%d %H:%M}）里的最后一条操作记录，"
        f"在现在的记录里找不到：记录的末尾可能被删掉，或数据被换成了旧的。{_ADVICE}"
    )
    details = tuple(f"{backup.path.name}: link {manifest.chain_head}" for backup, manifest in lost)
    return [Finding(sentence, details[-_MOST_NAMED:], stops_work=False)]


def _restores(connection: sqlite3.Connection) -> Iterator[tuple[datetime, datetime]]:
    """Yield from when to when the trail was given up knowingly: a backup was restored."""
    query = "SELECT after_values, at FROM history WHERE entity = ? AND action = ? ORDER BY id"
    for values, at in connection.execute(query, (BACKUPS, RESTORED)):
        try:
            yield datetime.fromisoformat(json.loads(values)["made_at"]), datetime.fromisoformat(at)
        except (ValueError, KeyError, TypeError):
            continue  # not ours: the chain tells of it


def _manifests(folder: Path) -> Iterator[tuple[BackupFile, Manifest]]:
    for backup in list_backups(folder):
        try:
            yield backup, read_manifest(backup.path)
        except (UnreadableFileError, OSError):
            continue  # a damaged backup says nothing


def _check_chain(connection: sqlite3.Connection) -> list[Finding]:
    if stored_version(connection) < _SINCE_VERSION:
        return []
    state = verify(connection)
    if not state.breaks:
        return []
    return [Finding(_sentence(state.breaks), tuple(_details(state.breaks)), stops_work=False)]


def _sentence(breaks: tuple[ChainBreak, ...]) -> str:
    first = breaks[0]
    if first.kind is BreakKind.NO_CHAIN:
        return f"操作记录的校验链不见了，不能确认记录没有被改动。{_ADVICE}"
    more = f"（共 {len(breaks)} 处不一致）" if len(breaks) > 1 else ""
    return f"操作记录{_WORDS[first.kind].format(rows=_rows(first))}{more}。{_ADVICE}"


def _rows(broken: ChainBreak) -> str:
    several = f"—{broken.last_id}" if broken.last_id > broken.first_id else ""
    when = "，".join(filter(None, (broken.day, broken.action)))
    return f"第 {broken.first_id}{several} 条" + (f"（{when}）" if when else "")


def _details(breaks: Iterable[ChainBreak]) -> Iterable[str]:
    for broken in list(breaks)[:_MOST_NAMED]:
        yield f"history {broken.first_id}-{broken.last_id} {broken.day}: {broken.kind.value}"
