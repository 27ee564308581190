"""The chain over the history: what it covers, what breaks it, and what it says then (quality.md R39)."""

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.reliability import audit_chain as trial
from cdo_desktop.store import Database
from cdo_desktop.store.audit_chain import (
    BreakKind,
    ChainHead,
    head_of,
    knows,
    redact,
    row_digest,
    seal,
    verify,
)

AT = "2026-11-24 09:00:00.000000"


@pytest.fixture
def connection(database: Database) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(database.path, isolation_level=None)) as opened:
        yield opened


def tell(connection: sqlite3.Connection, *actions: str) -> None:
    """Write history rows and seal them, as one transaction does."""
    connection.execute("BEGIN IMMEDIATE")
    for action in actions:
        write(connection, action)
    seal(connection, AT)
    connection.execute("COMMIT")


def write(connection: sqlite3.Connection, action: str) -> None:
    connection.execute(
        "INSERT INTO history (at, actor, action, entity, entity_id, before_values, after_values)"
        " VALUES (?, '张三', ?, 'tenures', 1, '', '{\"mobile\":\"13900001111\"}')",
        (AT, action),
    )


def forge(connection: sqlite3.Connection, statement: str) -> None:
    """Do what the triggers forbid."""
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f'DROP TRIGGER "{name}"')
    connection.execute(statement)


def kinds(connection: sqlite3.Connection) -> list[BreakKind]:
    return [broken.kind for broken in verify(connection).breaks]


VALUES = st.lists(
    st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1), st.text(), st.binary(), st.floats(allow_nan=False))
)


@given(VALUES)
def test_digest_of_a_row_is_that_of_its_canonical_json(values: list[object]) -> None:
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"), default=bytes.hex)
    assert row_digest(values) == hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def test_new_database_begins_its_chain(connection: sqlite3.Connection) -> None:
    state = verify(connection)
    assert (state.links, state.rows, state.breaks) == (1, 0, ())


def test_each_transaction_adds_one_link_and_one_that_tells_nothing_none(
    connection: sqlite3.Connection,
) -> None:
    tell(connection, "任命", "新建备案")
    tell(connection)
    tell(connection, "信息更新")
    state = verify(connection)
    assert (state.links, state.rows, state.breaks) == (3, 3, ())


def test_what_no_link_covers_is_told_with_its_day_and_action(connection: sqlite3.Connection) -> None:
    tell(connection, "任命")
    write(connection, "更换")
    (broken,) = verify(connection).breaks
    assert (broken.kind, broken.first_id, broken.day, broken.action) == (
        BreakKind.UNSEALED,
        2,
        "2026-11-24",
        "更换",
    )


def test_changed_row_is_told_with_the_rows_of_its_link(connection: sqlite3.Connection) -> None:
    tell(connection, "任命")
    tell(connection, "导入", "导入", "导入")
    tell(connection, "离任")
    forge(connection, "UPDATE history SET actor = '李四' WHERE id = 3")
    (broken,) = verify(connection).breaks
    assert (broken.kind, broken.first_id, broken.last_id, broken.action) == (BreakKind.CHANGED, 2, 4, "导入")


def test_rows_that_are_gone_are_told(connection: sqlite3.Connection) -> None:
    tell(connection, "任命")
    tell(connection, "离任")
    forge(connection, "DELETE FROM history WHERE id = 1")
    (broken,) = verify(connection).breaks
    assert (broken.kind, broken.first_id, broken.day) == (BreakKind.MISSING, 1, "2026-11-24")


def test_row_before_the_first_one_is_told(connection: sqlite3.Connection) -> None:
    tell(connection, "任命")
    forge(
        connection,
        "INSERT INTO history SELECT -3, at, actor, action, entity, entity_id, unit_id, person_id,"
        " before_values, after_values FROM history",
    )
    assert kinds(connection) == [BreakKind.CHANGED]


def test_chain_that_is_gone_is_told(connection: sqlite3.Connection) -> None:
    tell(connection, "任命")
    forge(connection, "DELETE FROM audit_links")
    assert kinds(connection) == [BreakKind.NO_CHAIN]


def test_head_is_known_until_its_link_is_gone(connection: sqlite3.Connection) -> None:
    tell(connection, "任命")
    tell(connection, "离任")
    head = head_of(connection)
    assert head is not None
    assert knows(connection, head)
    assert not knows(connection, ChainHead(head.link_id, "0" * 64))
    forge(connection, "DELETE FROM audit_links WHERE id = 3")
    connection.execute("DELETE FROM history WHERE id = 2")
    assert kinds(connection) == []  # what is left holds
    assert not knows(connection, head)


def test_redacted_row_holds_and_a_change_after_that_is_told(connection: sqlite3.Connection) -> None:
    tell(connection, "任命")
    tell(connection, "离任")
    for text in ("", '{"note":"（已匿名）"}'):
        connection.execute("BEGIN IMMEDIATE")
        redact(connection, 1, "", text)
        seal(connection, AT)
        connection.execute("COMMIT")
    assert kinds(connection) == []
    forge(connection, "UPDATE history SET after_values = '' WHERE id = 1")
    (broken,) = verify(connection).breaks
    assert (broken.kind, broken.first_id) == (BreakKind.CHANGED, 1)


def test_row_that_is_redacted_in_the_transaction_that_wrote_it_holds(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN IMMEDIATE")
    write(connection, "任命")
    redact(connection, 1, "", "")
    seal(connection, AT)
    connection.execute("COMMIT")
    assert kinds(connection) == []


def test_redaction_by_hand_is_told(connection: sqlite3.Connection) -> None:
    tell(connection, "任命")
    redact(connection, 1, "", "")
    assert kinds(connection) == [BreakKind.UNSEALED]


def test_chain_longer_than_one_batch_holds(
    connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cdo_desktop.store.audit_chain._BATCH", 3)
    for number in range(10):
        tell(connection, *["导入"] * (number % 3 + 1))
    connection.execute("BEGIN IMMEDIATE")
    for history_id in (2, 9, 15):
        redact(connection, history_id, "", "")
    seal(connection, AT)
    connection.execute("COMMIT")
    state = verify(connection)
    assert (state.links, state.rows, state.breaks) == (12, 19, ())
    forge(connection, "UPDATE history SET action = '更换' WHERE id = 11")
    assert len(verify(connection).breaks) == 1


def test_forgeries_are_all_told_of(tmp_path: Path) -> None:
    losses = trial.run(24, tmp_path, steps=8)
    assert losses.trials == 24
    assert losses.total == 0, losses


@pytest.mark.parametrize(
    "damage",
    [
        *(
            f"audit_links SET {column} = {value} WHERE id = 2"
            for column in ("last_history_id", "at", "digest")
            for value in ("x'00'", "'12'", "'x'")
        ),
        "audit_links SET last_redaction_id = 'x' WHERE id = 2",
        "history_redactions SET history_id = 'x'",
        "history_redactions SET digest_before = x'00'",
        "history_redactions SET digest_before = 5",
    ],
)
def test_what_a_damaged_page_has_in_the_place_of_a_value_is_told(
    connection: sqlite3.Connection, damage: str
) -> None:
    tell(connection, "任命")
    connection.execute("BEGIN IMMEDIATE")
    redact(connection, 1, "", "")
    write(connection, "离任")
    seal(connection, AT)
    connection.execute("COMMIT")
    tell(connection, "更换")
    assert kinds(connection) == []
    forge(connection, f"UPDATE {damage}")
    assert kinds(connection)
