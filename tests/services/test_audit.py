"""The trail is sealed by every action, told of at every check, and remembered by backups (decision 012)."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from cdo_desktop import paths
from cdo_desktop.office import Office
from cdo_desktop.services.audit import ANCHOR_CHECK, TRAIL_CHECK
from cdo_desktop.services.journal import Journal
from cdo_desktop.services.safety import BackupService
from cdo_desktop.services.trail import TrailQuery
from cdo_desktop.store.backup import read_manifest
from cdo_desktop.store.manifest import BackupKind

NOW = datetime(2026, 11, 24, 9, 0, 1)


class Desk:
    """A data folder, a clock that goes on with every change, and its backups."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = folder / paths.DATABASE_NAME
        self.now = NOW
        with self.office() as office:
            office.units.add_shipped_units(paths.resource("units", paths.UNITS_NAME))
        self.backups = BackupService(folder, Journal(lambda: self.now, "张三"))

    def office(self) -> Office:
        return Office(self.folder, lambda: self.now)

    def change(self) -> None:
        self.now += timedelta(hours=1)
        with self.office() as office:
            unit = office.units.get(2)
            office.units.save(replace(unit, note=f"{unit.note}改"), unit)

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.database)) as connection:
            return connection.execute(query).fetchall()

    def forge(self, *statements: str) -> None:
        """Do what the triggers forbid, and put them back."""
        with closing(sqlite3.connect(self.database, isolation_level=None)) as connection:
            found = connection.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
            ).fetchall()
            for name, _sql in found:
                connection.execute(f'DROP TRIGGER "{name}"')
            for statement in statements:
                connection.execute(statement)
            for _name, sql in found:
                connection.execute(sql)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "data")


def test_every_action_seals_what_it_told(desk: Desk) -> None:
    before = desk.rows("SELECT count(*) FROM audit_links")[0][0]
    desk.change()
    (link,) = desk.rows(
        "SELECT id, at, operator_id, last_history_id FROM audit_links ORDER BY id DESC LIMIT 1"
    )
    (newest,) = desk.rows("SELECT max(id) FROM history")
    assert (link[0], link[2], link[3]) == (int(str(before)) + 1, 1, newest[0])
    report = desk.backups.check()
    assert report.ok
    assert {TRAIL_CHECK, ANCHOR_CHECK} <= set(report.passed)


def test_changed_line_is_told_by_number_day_and_action_and_stops_nobody(desk: Desk) -> None:
    desk.change()
    (last,) = desk.rows("SELECT max(id) FROM history")[0]
    desk.forge(f"UPDATE history SET after_values = '' WHERE id = {last}")
    report = desk.backups.check()
    assert not report.ok
    assert not report.stops_work
    (sentence,) = report.problems
    assert sentence.startswith(f"操作记录第 {last} 条（2026-11-24，修改单位）与校验链不一致")


def test_forged_trail_is_noted_at_the_start_and_work_goes_on(desk: Desk) -> None:
    desk.change()
    desk.forge("DELETE FROM audit_links WHERE id = 2")
    with desk.office() as office:
        report = office.backups.guard_start(office.gate)
        assert not report.ok
        assert not office.gate.is_shut
    assert desk.rows("SELECT after_values FROM history WHERE action = '数据检查发现问题'") == [
        ('{"problems":1}',)
    ]


def test_backup_is_told_of_and_holds_its_own_line(desk: Desk) -> None:
    with desk.office() as office:
        made = office.backups.back_up()
        assert office.backups.back_up_if_changed() is None
    told = desk.rows("SELECT actor, action, entity, after_values FROM history ORDER BY id DESC LIMIT 1")
    assert told == [("本机经办人", "备份", "backups", f'{{"file":"{made.path.name}","kind":"手工"}}')]
    manifest = read_manifest(made.path)
    (head,) = desk.rows("SELECT id, digest FROM audit_links ORDER BY id DESC LIMIT 1")
    assert manifest.chain_head is not None
    assert (manifest.chain_head.link_id, manifest.chain_head.digest) == head


def test_backup_that_fails_is_told_of(desk: Desk, tmp_path: Path) -> None:
    from cdo_desktop.errors import AppError

    with desk.office() as office, pytest.raises(AppError):
        office.backups.back_up(target=tmp_path / "没有" / "这个文件夹" / "a.cdobak")
    assert [row[0] for row in desk.rows("SELECT action FROM history ORDER BY id DESC LIMIT 2")] == [
        "备份没有成功",
        "备份",
    ]


def cut(desk: Desk) -> None:
    """Take off the end of the trail, chain and all."""
    desk.forge(
        "DELETE FROM audit_links WHERE id = (SELECT max(id) FROM audit_links)",
        "DELETE FROM history WHERE id > (SELECT max(last_history_id) FROM audit_links)",
    )


@pytest.mark.parametrize("go_on", [False, True], ids=["at once", "after more work"])
def test_trail_that_was_cut_off_is_told_by_the_backup(desk: Desk, go_on: bool) -> None:
    desk.change()
    made = desk.backups.back_up()
    cut(desk)
    if go_on:
        desk.change()
        desk.change()
    (sentence,) = desk.backups.check().problems
    assert sentence.startswith(f"备份“{made.path.name}”")
    assert "末尾可能被删掉" in sentence


def test_database_exchanged_for_an_older_copy_is_told(desk: Desk) -> None:
    old = desk.database.read_bytes()
    desk.change()
    desk.backups.back_up()
    desk.database.write_bytes(old)
    assert len(desk.backups.check().problems) == 1


def test_restore_gives_up_the_trail_knowingly(desk: Desk) -> None:
    first = desk.backups.back_up()
    desk.change()
    second = desk.backups.back_up(BackupKind.CLOSE)
    desk.now += timedelta(hours=1)
    desk.backups.restore(first.path)
    assert desk.backups.check().ok
    desk.change()
    third = desk.backups.back_up(BackupKind.CLOSE)
    assert desk.backups.check().ok
    desk.now += timedelta(hours=1)
    desk.backups.restore(second.path)  # back to what had been given up: nothing was lost of that either
    assert desk.backups.check().ok
    assert third.path.exists()


def test_trail_cut_off_after_a_restore_is_told(desk: Desk) -> None:
    first = desk.backups.back_up()
    desk.now += timedelta(hours=1)
    desk.backups.restore(first.path)
    desk.change()
    desk.backups.back_up()
    cut(desk)
    assert len(desk.backups.check().problems) == 1


def test_old_backups_stay_while_the_trail_is_broken(desk: Desk) -> None:
    for _ in range(3):
        desk.backups.back_up(BackupKind.CLOSE)
        desk.now += timedelta(days=400)
    desk.change()
    desk.forge("DELETE FROM audit_links WHERE id = 2")
    kept = desk.backups.backups()
    desk.backups.check()
    desk.backups.back_up(BackupKind.CLOSE)
    assert set(kept) < set(desk.backups.backups())


def test_backup_before_an_upgrade_is_told_of_after_it(tmp_path: Path, repo_root: Path) -> None:
    folder = paths.make_folder(tmp_path / "data")
    stored = repo_root / "tests" / "data" / "databases" / "v0004.sqlite3"
    (folder / paths.DATABASE_NAME).write_bytes(stored.read_bytes())
    Office(folder, lambda: NOW).close()
    with closing(sqlite3.connect(folder / paths.DATABASE_NAME)) as connection:
        told = connection.execute(
            "SELECT action, after_values FROM history ORDER BY id DESC LIMIT 1"
        ).fetchone()
    assert told[0] == "备份"
    assert '"kind":"升级前"' in told[1]
    assert BackupService(folder, Journal(lambda: NOW, "张三")).check().ok


def test_clock_that_goes_back_changes_no_order_and_is_warned_of(desk: Desk) -> None:
    desk.change()
    desk.now -= timedelta(days=400)
    desk.change()
    with desk.office() as office:
        newest, before = office.trail.first_keys(TrailQuery(), 2)
        rows = office.trail.rows((newest, before))
    assert newest == before + 1
    assert rows[newest].at < rows[before].at
    report = desk.backups.check()
    assert report.ok
    assert any("早于最近一条记录" in line for line in report.lines)
