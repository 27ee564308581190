"""The chain over the history (decision 012): every writing transaction seals what it told with one digest.

A link's digest covers the link before, its own columns, every history row since and every redaction since, so
a row that is changed, taken out, put in or moved breaks it. What is cut off at the end is told by the head of
the chain that every backup carries.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from hashlib import sha256
from json.encoder import encode_basestring
from typing import Final, NamedTuple

from cdo_desktop.store.connection import readable_text

LINKS_TABLE: Final = "audit_links"
_HISTORY: Final = "id, at, actor, action, entity, entity_id, unit_id, person_id, before_values, after_values"
_LINK: Final = "id, at, operator_id, last_history_id, last_redaction_id, digest"
_REDACTION: Final = "id, history_id, digest_before, digest_after"
_LAST_LINK = f"SELECT {_LINK} FROM audit_links ORDER BY id DESC LIMIT 1"
_NEWEST = "SELECT coalesce(max(id), 0), (SELECT coalesce(max(id), 0) FROM history_redactions) FROM history"
_LOWEST: Final = -(1 << 63)  # no row that was slipped in before the first one is missed
_BATCH: Final = 2_000  # links; the lock on the file is let go between two batches
_odd = json.JSONEncoder(
    ensure_ascii=False, default=bytes.hex
).encode  # a number or a blob where none should be


class Link(NamedTuple):
    """One row of ``audit_links``, with its values as they are stored."""

    id: int
    at: str
    operator_id: int | None
    last_history_id: int
    last_redaction_id: int
    digest: str


def _read_link(row: Sequence[object]) -> Link:
    """Return a link that does not hold where a damaged page has no number or no text in the place of one."""
    number, at, operator, last_history, last_redaction, digest = row
    return Link(
        _number(number),
        _text(at),
        operator if operator is None else _number(operator),
        _number(last_history),
        _number(last_redaction),
        _text(digest),
    )


def _number(value: object) -> int:
    return value if isinstance(value, int) else -1  # which no link has


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


_BEFORE_ALL = Link(0, "", None, _LOWEST, _LOWEST, "")


@dataclass(frozen=True)
class ChainHead:
    """The newest link, as backups remember it."""

    link_id: int
    digest: str


class BreakKind(Enum):
    """In what way the history and its chain do not agree."""

    NO_CHAIN = "no links"
    CHANGED = "changed"
    MISSING = "rows are gone"
    UNSEALED = "written past the program"


@dataclass(frozen=True)
class ChainBreak:
    """A link that does not hold, with the first and last history row that it is about.

    ``day`` and ``action`` are of the first row, or the day of the link where all its rows are gone.
    """

    kind: BreakKind
    first_id: int = 0
    last_id: int = 0
    day: str = ""
    action: str = ""


@dataclass(frozen=True)
class ChainState:
    """What a verification has seen."""

    links: int
    rows: int
    breaks: tuple[ChainBreak, ...]


def row_digest(values: Sequence[object]) -> str:
    """Return the digest of one row: SHA-256 over the JSON array of its columns as they are stored."""
    return sha256(_json(values)).hexdigest()


def _json(values: Sequence[object]) -> bytes:
    """Return the JSON array of a row; `json.dumps` would take three times as long for a hundred thousand."""
    parts = [
        encode_basestring(value)
        if type(value) is str
        else "null"
        if value is None
        else str(value)
        if type(value) is int
        else _odd(value)
        for value in values
    ]
    return f"[{','.join(parts)}]".encode("utf-8", "surrogatepass")


def stored_time(at: datetime) -> str:
    """Return a time as the database keeps it."""
    return at.isoformat(sep=" ", timespec="microseconds")


def seal(connection: sqlite3.Connection, at: str, operator_id: int | None = None) -> None:
    """Add one link over what the open transaction has told, if it has told anything."""
    stored = connection.execute(_LAST_LINK).fetchone()
    last = _read_link(stored) if stored else _BEFORE_ALL
    newest, newest_redaction = connection.execute(_NEWEST).fetchone()
    if stored and newest <= last.last_history_id and newest_redaction <= last.last_redaction_id:
        return
    link = Link(last.id + 1, at, operator_id, newest, newest_redaction, "")
    covered = _Covered(connection, last, link)
    with _any_text(connection):
        rows = _sealed_digests(covered.rows(), covered.redacted())
        digest = _link_digest(last.digest, link, rows, covered.redactions())
    connection.execute(f"INSERT INTO audit_links ({_LINK}) VALUES (?, ?, ?, ?, ?, ?)", (*link[:-1], digest))


def redact(connection: sqlite3.Connection, history_id: int, before: str, after: str) -> None:
    """Replace what a history row says of a record; its digests before and after are noted, and sealed."""
    query = f"SELECT {_HISTORY} FROM history WHERE id = ?"
    with _any_text(connection):
        row = connection.execute(query, (history_id,)).fetchone()
    connection.execute(
        "INSERT INTO history_redactions (history_id, digest_before, digest_after) VALUES (?, ?, ?)",
        (history_id, row_digest(row), row_digest((*row[:-2], before, after))),
    )
    connection.execute(
        "UPDATE history SET before_values = ?, after_values = ? WHERE id = ?", (before, after, history_id)
    )


def head_of(connection: sqlite3.Connection) -> ChainHead | None:
    """Return the newest link; None where no chain has begun."""
    row = connection.execute(_LAST_LINK).fetchone()
    return ChainHead(row[0], str(row[-1])) if row else None


def knows(connection: sqlite3.Connection, head: ChainHead) -> bool:
    """Tell whether the chain has gone through this link."""
    query = "SELECT digest FROM audit_links WHERE id = ?"
    row = connection.execute(query, (head.link_id,)).fetchone()
    return row is not None and row[0] == head.digest


def verify(connection: sqlite3.Connection) -> ChainState:
    """Go through the whole chain; while others write, each batch of links sees one state."""
    last, links, rows = _BEFORE_ALL, 0, 0
    breaks: list[ChainBreak] = []
    while True:
        with _one_state(connection):
            batch = [_read_link(row) for row in connection.execute(_NEXT_LINKS, (last.id, _BATCH))]
            if batch:
                rows += _verify_batch(connection, last, batch, breaks)
            else:
                breaks += _after(connection, last)
        if not batch:
            return ChainState(links, rows, tuple(breaks))
        links, last = links + len(batch), batch[-1]


_NEXT_LINKS = f"SELECT {_LINK} FROM audit_links WHERE id > ? ORDER BY id LIMIT ?"


def _verify_batch(
    connection: sqlite3.Connection, last: Link, batch: Sequence[Link], breaks: list[ChainBreak]
) -> int:
    """Recompute the links of a batch, note those that do not hold, and return how many rows they cover."""
    covered = _Covered(connection, last, batch[-1])
    redacted = covered.redacted()
    rows, redactions = _Stepwise(covered.rows()), _Stepwise(covered.redactions())
    seen = 0
    for link in batch:
        told = rows.upto(link.last_history_id)
        digests = list(_sealed_digests(told, redacted))
        digest = _link_digest(last.digest, link, digests, redactions.upto(link.last_redaction_id))
        wrong = [row for row in told if row[0] in redacted and row_digest(row) != redacted[row[0]][1]]
        if wrong:
            breaks.append(_break(BreakKind.CHANGED, wrong))
        if digest != link.digest:
            breaks.append(_broken_link(last, link, told))
        seen += len(told)
        last = link
    return seen


def _broken_link(last: Link, link: Link, told: Sequence[Sequence[object]]) -> ChainBreak:
    first = last.last_history_id + 1 if last.id else 1
    gone = link.last_history_id - first + 1 > len(told)
    if told:
        return _break(BreakKind.MISSING if gone else BreakKind.CHANGED, told)
    kind = BreakKind.MISSING if gone else BreakKind.CHANGED
    return ChainBreak(kind, first, max(first, link.last_history_id), link.at[:10])


def _break(kind: BreakKind, rows: Sequence[Sequence[object]]) -> ChainBreak:
    first, last = rows[0], rows[-1]
    return ChainBreak(kind, int(str(first[0])), int(str(last[0])), str(first[1])[:10], str(first[3]))


def _after(connection: sqlite3.Connection, last: Link) -> Iterator[ChainBreak]:
    """Yield what no link covers: whoever wrote it went past the program."""
    if not last.id:
        yield ChainBreak(BreakKind.NO_CHAIN)
        return
    rows = connection.execute(
        f"SELECT {_HISTORY} FROM history WHERE id > ? ORDER BY id", (last.last_history_id,)
    ).fetchall()
    if rows:
        yield _break(BreakKind.UNSEALED, rows)
    query = "SELECT history_id FROM history_redactions WHERE id > ? ORDER BY id"
    for (history_id,) in connection.execute(query, (last.last_redaction_id,)):
        yield ChainBreak(BreakKind.UNSEALED, _number(history_id), _number(history_id))


class _Covered:
    """What the links after one and up to another cover."""

    def __init__(self, connection: sqlite3.Connection, after: Link, upto: Link) -> None:
        self._connection = connection
        self._history = (after.last_history_id, upto.last_history_id)
        self._redactions = (after.last_redaction_id, upto.last_redaction_id)

    def rows(self) -> Iterator[Sequence[object]]:
        """Yield the history rows in their order."""
        query = f"SELECT {_HISTORY} FROM history WHERE id > ? AND id <= ? ORDER BY id"
        return self._connection.execute(query, self._history)

    def redactions(self) -> Iterator[Sequence[object]]:
        """Yield the redactions in their order."""
        query = f"SELECT {_REDACTION} FROM history_redactions WHERE id > ? AND id <= ? ORDER BY id"
        return self._connection.execute(query, self._redactions)

    def redacted(self) -> dict[int, tuple[str, str]]:
        """Return of every redacted row here its digest before the first and after the last redaction."""
        query = (
            "SELECT history_id, digest_before, digest_after FROM history_redactions"
            " WHERE history_id > ? AND history_id <= ? ORDER BY id"
        )
        found: dict[int, tuple[str, str]] = {}
        for history_id, before, after in self._connection.execute(query, self._history):
            found[history_id] = (found[history_id][0] if history_id in found else before, after)
        return found


class _Stepwise:
    """Rows in the order of their ids, taken up to one id after the other."""

    def __init__(self, rows: Iterator[Sequence[object]]) -> None:
        self._rows = rows
        self._next = next(rows, None)

    def upto(self, last_id: int) -> list[Sequence[object]]:
        """Return the rows that come next, up to this id."""
        taken: list[Sequence[object]] = []
        while self._next is not None and self._next[0] <= last_id:  # type: ignore[operator]
            taken.append(self._next)
            self._next = next(self._rows, None)
        return taken


def _sealed_digests(rows: Iterable[Sequence[object]], redacted: dict[int, tuple[str, str]]) -> Iterator[str]:
    """Yield the digest that each row had when it was sealed."""
    for row in rows:
        known = redacted.get(row[0])  # type: ignore[call-overload]
        yield str(known[0]) if known else row_digest(row)


def _link_digest(
    previous: str, link: Link, rows: Iterable[str], redactions: Iterable[Sequence[object]]
) -> str:
    hasher = sha256(previous.encode())
    hasher.update(_json(link[:-1]))
    for digest in rows:
        hasher.update(digest.encode())
    hasher.update(b"|")
    for redaction in redactions:
        hasher.update(row_digest(redaction).encode())
    return hasher.hexdigest()


@contextmanager
def _any_text(connection: sqlite3.Connection) -> Iterator[None]:
    """Read damaged texts too, as every check does."""
    usual = connection.text_factory
    connection.text_factory = readable_text
    try:
        yield
    finally:
        connection.text_factory = usual


@contextmanager
def _one_state(connection: sqlite3.Connection) -> Iterator[None]:
    """Let all that is read here show one moment; part of a transaction that is open already."""
    if connection.in_transaction:
        yield
        return
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")
