"""The check of a database: each kind of damage is told of, and the gate that holds writers back meanwhile."""

import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from benchmarks.reliability import damage
from cdo_desktop.errors import StorageError
from cdo_desktop.store import Database
from cdo_desktop.store.integrity import TRIGGERS, CheckReport, Finding, NamedCheck, check_database
from cdo_desktop.store.write_gate import CHECKING, DAMAGED, WriteGate


def change(path: Path, *statements: str) -> None:
    """Write behind the program's back, with no rule switched on."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        for statement in statements:
            connection.execute(statement)


def test_new_database_has_no_problem(database: Database) -> None:
    report = check_database(database.path, now=datetime(2026, 11, 24), thorough=True)
    assert report.ok
    assert not report.damaged
    assert report.findings == ()
    assert all(line.startswith("正常：") for line in report.lines)
    assert len(report.lines) == 7


def test_expected_rules_are_those_of_the_migrations(database: Database) -> None:
    with closing(sqlite3.connect(database.path)) as connection:
        names = {
            name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type='trigger'")
        }
    assert names == TRIGGERS, "a migration made or dropped a trigger: name it in store/integrity.py"


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("INSERT INTO posts VALUES (1, 77, 'x', 1, '2026-01-01')", "1 条记录指向不存在的记录"),
        ("DROP TRIGGER history_is_append_only_delete", "缺少 1 条保护规则"),
        ("INSERT INTO calendar_days VALUES ('2026-02-30', 1, '', '')", "1 栏的内容格式不对"),
        ("INSERT INTO calendar_days VALUES ('2026-02-03', 7, '', '')", "1 栏的内容格式不对"),
        ("INSERT INTO settings VALUES ('a', x'00')", "1 栏的内容格式不对"),
        ("UPDATE alembic_version SET version_num = '9999'", "数据版本是 9999"),
        ("DROP TABLE alembic_version", "不是本程序的数据库"),
    ],
)
def test_each_fault_is_told_in_a_sentence(statement: str, sentence: str, database: Database) -> None:
    change(database.path, statement)
    report = check_database(database.path)
    assert not report.ok
    assert not report.damaged
    assert any(sentence in problem for problem in report.problems)
    assert report.lines[0].startswith("问题：")


def test_text_that_cannot_be_read_is_found_by_the_thorough_check(database: Database) -> None:
    change(database.path, "INSERT INTO settings VALUES ('a', CAST(x'ff61' AS TEXT))")
    assert check_database(database.path).ok
    assert check_database(database.path, thorough=True).problems == ("有 1 处文字无法读出。",)


def test_older_version_is_worth_a_note_but_no_problem(database: Database) -> None:
    change(database.path, "UPDATE alembic_version SET version_num = '0000'")
    report = check_database(database.path)
    assert report.ok
    assert report.lines[0].startswith("注意：数据版本是 0000")


def test_clock_behind_the_records_is_worth_a_note(database: Database) -> None:
    values = "'2026-11-24 10:00:00.000000', 'x', 'x', 'x', 1, NULL, NULL, '', ''"
    columns = "at, actor, action, entity, entity_id, unit_id, person_id, before_values, after_values"
    change(database.path, f"INSERT INTO history ({columns}) VALUES ({values})")
    assert check_database(database.path, now=datetime(2026, 11, 24, 9, 30)).findings == ()
    report = check_database(database.path, now=datetime(2026, 11, 23, 10))
    assert report.ok
    assert "电脑的时间早于最近一条记录（2026-11-24）" in report.lines[0]


def test_further_checks_are_asked_too(database: Database) -> None:
    def count(connection: sqlite3.Connection) -> list[Finding]:
        found = connection.execute("SELECT count(*) FROM units").fetchone()[0]
        return [Finding("没有单位。")] if not found else []

    report = check_database(database.path, extra=(NamedCheck("单位", count),))
    assert report.problems == ("没有单位。",)


def test_damaged_page_is_a_report_and_not_an_error(database: Database) -> None:
    content = bytearray(database.path.read_bytes())
    content[4096 * 3 : 4096 * 4] = b"\x55" * 4096
    database.path.write_bytes(content)
    report = check_database(database.path)
    assert report.damaged
    assert report.details
    assert database.path.read_bytes() == content


def test_file_that_lacks_its_last_bytes_is_found(database: Database) -> None:
    database.path.write_bytes(database.path.read_bytes()[:-38])
    report = check_database(database.path)
    assert report.damaged
    assert report.problems[0] == "数据文件的末尾被截断。"


@pytest.mark.parametrize("content", [b"\x01" * 5000, "这不是数据库".encode() * 100])
def test_file_that_is_no_database_is_a_report_too(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "cdo.sqlite3"
    path.write_bytes(content)
    assert check_database(path).damaged


def test_missing_database_is_refused_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="没有找到数据库"):
        check_database(tmp_path / "cdo.sqlite3")
    assert list(tmp_path.iterdir()) == []


def test_locked_database_is_a_sentence(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cdo_desktop.store.connection.BUSY_SECONDS", 0.1)
    with closing(sqlite3.connect(database.path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StorageError, match="正被另一个程序使用"):
            check_database(database.path)


def test_check_changes_nothing(database: Database) -> None:
    before = database.path.read_bytes()
    check_database(database.path, thorough=True)
    assert database.path.read_bytes() == before


def test_transaction_that_was_killed_is_rolled_back_first(database: Database) -> None:
    script = """
import os, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA cache_size = 1")
connection.execute("BEGIN")
connection.executemany("INSERT INTO settings VALUES (?, ?)", [(str(n), "x" * 500) for n in range(500)])
os._exit(9)
"""
    subprocess.run([sys.executable, "-c", script, str(database.path)], check=False)
    assert database.path.with_name("cdo.sqlite3-journal").exists()
    assert check_database(database.path).ok
    with closing(sqlite3.connect(database.path)) as connection:
        assert connection.execute("SELECT count(*) FROM settings").fetchone() == (0,)


def test_report_without_findings_is_good() -> None:
    assert CheckReport((), ("结构",), damaged=False).ok
    assert CheckReport((Finding("x", warning=True),), (), damaged=False).ok
    assert not CheckReport((Finding("x"),), (), damaged=False).ok


def test_gate_refuses_with_its_reason_until_it_is_opened() -> None:
    gate = WriteGate(patience=0.01)
    gate.enter()
    for reason, told in ((CHECKING, "正在检查数据.*仍在窗口中"), (DAMAGED, "只能查看.*仍在窗口中")):
        gate.shut(reason)
        assert gate.is_shut
        with pytest.raises(StorageError, match=told):
            gate.enter()
    gate.open()
    gate.enter()


def test_gate_lets_a_writer_wait_for_a_check_but_not_for_a_repair() -> None:
    gate = WriteGate(patience=30)
    gate.shut(CHECKING)
    written = threading.Event()

    def write() -> None:
        gate.enter()
        written.set()

    writer = threading.Thread(target=write)
    writer.start()
    assert not written.wait(0.05)
    gate.open()
    assert written.wait(5)
    writer.join()
    gate.shut(DAMAGED)
    with pytest.raises(StorageError, match="只能查看"):
        gate.enter()


def test_damages_end_in_a_sentence_and_a_restore(tmp_path: Path) -> None:
    losses = damage.run(12, 4, tmp_path)
    assert losses.trials == 22
    assert (losses.silent, losses.crashed, losses.altered, losses.not_restored) == ([], [], [], [])
