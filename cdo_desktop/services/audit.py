"""操作记录的完整性: seals every transaction, and tells in words where the trail has been tampered with."""

import sqlite3
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final, cast

from cdo_desktop.services.journal import Journal
from cdo_desktop.store.audit_chain import BreakKind, ChainBreak, seal, stored_time, verify
from cdo_desktop.store.integrity import Finding, NamedCheck, stored_version

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

TRAIL_CHECK: Final = "操作记录的完整性"
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
    seal(cast("sqlite3.Connection", connection), stored_time(journal.clock()))


def trail_check() -> NamedCheck:
    """Return the check of the whole chain, for every look at a database."""
    return NamedCheck(TRAIL_CHECK, _check_chain)


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
