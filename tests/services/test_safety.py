"""Backups when they are due, on their ladder; the check; and a restore that says so in the history."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from cdo_desktop import paths
from cdo_desktop.errors import CancelledError, StorageError, UnreadableFileError
from cdo_desktop.office import Office
from cdo_desktop.services.attachment_rows import of_unit
from cdo_desktop.services.journal import Journal
from cdo_desktop.services.safety import BackupService, CountRow, refuse_lost_database
from cdo_desktop.store import schema
from cdo_desktop.store.backup import verify_backup
from cdo_desktop.store.integrity import Finding, NamedCheck
from cdo_desktop.store.manifest import BackupKind
from cdo_desktop.store.write_gate import WriteGate

NOW = datetime(2026, 11, 24, 9)


class SetClock:
    """Tells the time that a test sets."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


class Keeper:
    """A data folder with its backup service and clock."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = folder / paths.DATABASE_NAME
        self.clock = SetClock()
        self.service = self.new_service()

    def new_service(self, *checks: NamedCheck) -> BackupService:
        return BackupService(self.folder, Journal(self.clock, "张三"), checks)

    def office(self) -> Office:
        return Office(self.folder, self.clock)

    def change(self) -> None:
        """Change a phone, as a clerk does."""
        with self.office() as office:
            unit = office.units.get(2)
            office.units.save(replace(unit, note=f"{unit.note}改"), unit)

    def names(self) -> list[str]:
        return [row.path.name for row in self.service.backups()]

    def damage(self) -> None:
        content = bytearray(self.database.read_bytes())
        content[4096 * 5 : 4096 * 6] = b"\x55" * 4096
        self.database.write_bytes(content)


@pytest.fixture
def keeper(units_file: Path, tmp_path: Path) -> Keeper:
    folder = tmp_path / "数据 #1"
    folder.mkdir()
    shutil.copy(units_file, folder / paths.DATABASE_NAME)
    return Keeper(folder)


def test_backup_at_start_is_due_after_twenty_hours(keeper: Keeper) -> None:
    assert keeper.service.back_up_if_due() is not None
    keeper.clock.now += timedelta(hours=19, minutes=59)
    assert keeper.service.back_up_if_due() is None
    keeper.clock.now += timedelta(minutes=1)
    made = keeper.service.back_up_if_due()
    assert made is not None
    assert made.kind is BackupKind.START
    assert keeper.names() == ["20261125-050000-启动.cdobak", "20261124-090000-启动.cdobak"]
    assert keeper.service.last_backup() == made.made_at


def test_backup_from_the_future_does_not_keep_the_next_from_being_made(keeper: Keeper) -> None:
    keeper.clock.now = NOW + timedelta(days=365)
    keeper.service.back_up()
    keeper.clock.now = NOW
    assert keeper.service.last_backup() is None
    assert keeper.service.back_up_if_due() is not None
    assert keeper.service.last_backup() == NOW
    assert len(keeper.names()) == 2


def test_backup_on_close_only_when_something_changed(keeper: Keeper) -> None:
    assert keeper.service.back_up_if_changed() is not None
    assert keeper.service.back_up_if_changed() is None
    with keeper.office() as office:
        office.units.rows()
    assert keeper.new_service().back_up_if_changed() is None
    keeper.change()
    made = keeper.service.back_up_if_changed()
    assert made is not None
    assert made.kind is BackupKind.CLOSE


def test_backup_on_close_after_a_restore_is_never_left_out(keeper: Keeper) -> None:
    first = keeper.service.back_up_if_changed()
    assert first is not None
    keeper.change()
    keeper.service.back_up_if_changed()
    keeper.service.restore(first.path)
    assert keeper.service.back_up_if_changed() is not None


def test_nothing_is_backed_up_where_there_is_nothing(tmp_path: Path) -> None:
    keeper = Keeper(tmp_path)
    assert keeper.service.back_up_if_due() is None
    assert keeper.service.back_up_if_changed() is None
    assert keeper.service.backups() == ()
    with pytest.raises(StorageError, match="没有找到数据库"):
        keeper.service.back_up()
    assert not keeper.names()


def test_a_damaged_backup_in_the_folder_does_not_stop_the_next(keeper: Keeper) -> None:
    made = keeper.service.back_up()
    made.path.write_bytes(b"x")
    assert keeper.service.back_up_if_changed() is not None


def test_backup_elsewhere_takes_a_file_or_a_folder(keeper: Keeper, tmp_path: Path) -> None:
    file = keeper.service.back_up(target=tmp_path / "交接.cdobak").path
    folder = keeper.service.back_up(target=tmp_path).path
    assert file == tmp_path / "交接.cdobak"
    assert folder == tmp_path / "20261124-090000-手工.cdobak"
    assert verify_backup(file).counts == verify_backup(folder).counts
    assert keeper.names() == []


def test_backup_into_a_folder_that_is_not_there_is_a_sentence(keeper: Keeper, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="不存在"):
        keeper.service.back_up(target=tmp_path / "没有" / "x.cdobak")


def test_two_months_of_use_leave_the_ladder_and_every_backup_made_by_hand(keeper: Keeper) -> None:
    by_hand = keeper.service.back_up().path.name
    for _ in range(60):
        keeper.clock.now += timedelta(hours=21)
        keeper.service.back_up_if_due()
    names = keeper.names()
    assert by_hand in names
    assert len(names) == 1 + 3 + 12 + 6  # three of two days, twelve days, the weeks before them
    assert not list((keeper.folder / "backups").glob(".cdo-*"))


def test_while_the_check_fails_no_backup_is_deleted(keeper: Keeper) -> None:
    with closing(sqlite3.connect(keeper.database)) as connection:
        connection.execute("DROP TRIGGER filings_filed_is_kept")
    assert not keeper.service.check().ok
    for _ in range(40):
        keeper.clock.now += timedelta(hours=12)
        keeper.service.back_up(BackupKind.CLOSE)
    assert len(keeper.names()) == 40


def test_failed_further_check_keeps_the_backups_too(keeper: Keeper) -> None:
    seal = NamedCheck("封存结果", lambda _connection: [Finding("封存结果被改动。")])
    keeper.service = keeper.new_service(seal)
    assert keeper.service.check().problems == ("封存结果被改动。",)
    for _ in range(30):
        keeper.clock.now += timedelta(hours=12)
        keeper.service.back_up(BackupKind.CLOSE)
    assert len(keeper.names()) == 30


def test_damaged_database_leaves_all_backups_as_they_are(keeper: Keeper) -> None:
    good = keeper.service.back_up(BackupKind.START)
    before = {path: path.read_bytes() for path in good.path.parent.iterdir()}
    keeper.damage()
    assert keeper.service.check().damaged
    keeper.clock.now += timedelta(days=100)
    with pytest.raises(StorageError, match="已损坏"):
        keeper.service.back_up_if_due()
    assert {path: path.read_bytes() for path in good.path.parent.iterdir()} == before


def test_check_passes_and_tells_of_a_wrong_clock(keeper: Keeper) -> None:
    assert keeper.service.check(thorough=True).findings == ()
    keeper.clock.now = datetime(2020, 1, 1)
    report = keeper.service.check()
    assert report.ok
    assert "电脑的时间" in report.lines[0]


def test_guarded_start_opens_the_gate_and_backs_up(keeper: Keeper) -> None:
    gate = WriteGate()
    assert keeper.service.guard_start(gate).ok
    assert not gate.is_shut
    assert [row.kind for row in keeper.service.backups()] == [BackupKind.START]
    keeper.service.guard_start(gate)
    assert len(keeper.names()) == 1


def test_guarded_start_of_a_damaged_database_leaves_it_to_readers(keeper: Keeper) -> None:
    keeper.service.back_up()
    keeper.damage()
    gate = WriteGate()
    assert keeper.service.guard_start(gate).damaged
    with pytest.raises(StorageError, match="只能查看.*请从备份恢复"):
        gate.enter()
    assert len(keeper.names()) == 1


def test_guarded_start_beside_a_long_writer_keeps_the_gate_shut(
    keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cdo_desktop.store.connection.BUSY_SECONDS", 0.1)
    gate = WriteGate(patience=0.1)
    with closing(sqlite3.connect(keeper.database, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StorageError, match="正被另一个程序使用"):
            keeper.service.guard_start(gate)
    with pytest.raises(StorageError, match="正在检查数据"):
        gate.enter()
    assert keeper.service.guard_start(gate).ok
    gate.enter()


def test_sample_district_passes_the_thorough_check(sample_file: Path, tmp_path: Path) -> None:
    shutil.copy(sample_file, tmp_path / paths.DATABASE_NAME)
    assert Keeper(tmp_path).service.check(thorough=True).findings == ()


def test_restore_says_in_the_history_when_and_from_what(keeper: Keeper) -> None:
    with keeper.office() as office:
        note = office.units.get(2).note
    backup = keeper.service.back_up()
    keeper.change()
    keeper.clock.now += timedelta(hours=1)
    restored = keeper.service.restore(backup.path)
    with keeper.office() as office:
        assert office.units.get(2).note == note
        assert office.units.count() == 56
    with closing(sqlite3.connect(keeper.database)) as connection:
        newest = connection.execute(
            "SELECT at, actor, action, after_values FROM history ORDER BY id DESC LIMIT 1"
        ).fetchone()
    assert newest[:3] == ("2026-11-24 10:00:00.000000", "张三", "从备份恢复")
    assert "2026-11-24 09:00:00" in newest[3]
    assert restored.kept is not None
    with closing(sqlite3.connect(restored.kept)) as connection:
        assert connection.execute("SELECT note FROM units WHERE id = 2").fetchone() == (f"{note}改",)


def test_backup_of_an_older_version_is_upgraded_before_it_takes_the_place(
    keeper: Keeper, repo_root: Path
) -> None:
    stored = sorted((repo_root / "tests" / "data").rglob("*.sqlite3"))
    if not stored:
        pytest.skip("there is only one version of the database so far")
    older = keeper.folder / "older"
    older.mkdir()
    shutil.copy(stored[0], older / paths.DATABASE_NAME)
    backup = Keeper(older).service.back_up()
    keeper.service.restore(backup.path)
    assert schema.schema_version(keeper.database) == schema.HEAD
    assert keeper.service.check().ok


def test_damaged_database_gives_way_to_a_backup(keeper: Keeper) -> None:
    backup = keeper.service.back_up()
    keeper.damage()
    damaged = keeper.database.read_bytes()
    restored = keeper.service.restore(backup.path)
    assert keeper.service.check().ok
    assert restored.kept is not None
    assert restored.kept.read_bytes() == damaged


def test_examining_shows_what_would_come_back_and_changes_nothing(keeper: Keeper) -> None:
    backup = keeper.service.back_up()
    with keeper.office() as office:
        unit = office.units.get(2)
        office.units.save(
            replace(unit, unit_id=None, full_name="上海市宝山区新局", short_name="新局", sort_order=0)
        )
    before = keeper.database.read_bytes()
    facts = keeper.service.examine(backup.path)
    assert facts.manifest.made_at == NOW
    assert facts.counts[0] == CountRow("单位", 56, 57)
    assert facts.problems == ()
    assert not facts.other_database
    assert keeper.database.read_bytes() == before
    assert sorted(path.name for path in keeper.folder.iterdir()) == ["backups", "cdo.sqlite3"]


def test_examining_tells_of_another_office_and_of_a_damaged_present(
    keeper: Keeper, sample_file: Path, tmp_path: Path
) -> None:
    shutil.copy(sample_file, tmp_path / paths.DATABASE_NAME)
    with closing(sqlite3.connect(tmp_path / paths.DATABASE_NAME)) as connection, connection:
        connection.execute("UPDATE settings SET value = 'another' WHERE key = 'database_id'")
    backup = Keeper(tmp_path).service.back_up()
    assert keeper.service.examine(backup.path).other_database
    keeper.database.write_bytes(b"\x01" * 5000)
    facts = keeper.service.examine(backup.path)
    assert {row.now for row in facts.counts} == {None}
    assert not facts.other_database


def test_wrong_file_is_refused_and_nothing_changed(keeper: Keeper, tmp_path: Path) -> None:
    wrong = tmp_path / "合影.cdobak"
    wrong.write_bytes(b"\xff\xd8\xff\xe0" * 1000)
    before = keeper.database.read_bytes()
    for action in (keeper.service.restore, keeper.service.examine):
        with pytest.raises(UnreadableFileError, match="不是本程序的备份"):
            action(wrong)
    assert keeper.database.read_bytes() == before
    assert [path.name for path in keeper.folder.iterdir()] == ["cdo.sqlite3"]


@pytest.mark.parametrize("action", ["back_up", "restore", "examine"])
def test_progress_ends_at_the_whole_and_can_stop_the_work(action: str, keeper: Keeper) -> None:
    backup = keeper.service.back_up().path
    file = keeper.folder / "1.pdf"
    file.write_bytes(b"%PDF-" + bytes(3_000_000))
    with keeper.office() as office:
        office.attachments.add(of_unit(2), [file])
    steps: list[tuple[int, int]] = []
    work: Callable[..., object] = getattr(keeper.service, action)
    arguments = {} if action == "back_up" else {"backup": backup}
    work(**arguments, progress=lambda done, total: steps.append((done, total)))
    assert steps == sorted(steps)
    assert steps[-1][0] <= steps[-1][1] <= steps[-1][0] * 1.1
    before = keeper.database.read_bytes(), keeper.names()

    def stop(_done: int, _total: int) -> None:
        raise CancelledError("已取消。")

    with pytest.raises(CancelledError):
        work(**arguments, progress=stop)
    assert (keeper.database.read_bytes(), keeper.names()) == before


@pytest.mark.parametrize("left", [None, b""])
def test_lost_database_is_not_replaced_by_an_empty_one(left: bytes | None, keeper: Keeper) -> None:
    refuse_lost_database(keeper.folder)
    keeper.service.back_up()
    refuse_lost_database(keeper.folder)
    keeper.database.unlink()
    if left is not None:
        keeper.database.write_bytes(left)
    with pytest.raises(StorageError, match=r"不见了或是空的，但有 1 份备份，最近在 2026-11-24.*请从备份恢复"):
        refuse_lost_database(keeper.folder)
    keeper.service.restore(keeper.service.backups()[0].path)
    refuse_lost_database(keeper.folder)
    assert keeper.service.check().ok


def test_first_start_has_nothing_to_lose(tmp_path: Path) -> None:
    refuse_lost_database(tmp_path / "还没有")
    assert not (tmp_path / "还没有").exists()


def lose_an_attachment(keeper: Keeper) -> None:
    """Attach a file and delete its content behind the program's back."""
    file = keeper.folder / "任免文件.pdf"
    file.write_bytes(b"%PDF-1.4")
    with keeper.office() as office:
        office.attachments.add(of_unit(2), [file])
    for content in (keeper.folder / "attachments").rglob("*.pdf"):
        content.unlink()


def test_lost_attachment_is_told_and_stops_neither_work_nor_backups(keeper: Keeper) -> None:
    lose_an_attachment(keeper)
    gate = WriteGate()
    report = keeper.service.guard_start(gate)
    assert not report.ok
    assert not gate.is_shut
    assert any("任免文件.pdf" in problem for problem in report.problems)
    made = keeper.service.back_up()
    assert made.missing == 1
    facts = keeper.service.examine(made.path)
    assert (facts.missing, facts.problems) == (1, ())
    assert keeper.service.restore(made.path).missing == 1


def test_lost_attachment_comes_back_from_beside_the_backups_at_the_start(keeper: Keeper) -> None:
    file = keeper.folder / "任免文件.pdf"
    file.write_bytes(b"%PDF-1.4")
    with keeper.office() as office:
        office.attachments.add(of_unit(2), [file])
    keeper.service.back_up()
    shutil.rmtree(keeper.folder / "attachments")
    report = keeper.service.guard_start(WriteGate())
    assert report.ok
    assert [line for line in report.warnings if "已用另一份完好的补回" in line]
    assert keeper.service.check(thorough=True).findings == ()
