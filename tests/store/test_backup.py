"""Backups and restores of a data folder: whole or refused, and killed in the midst without a loss."""

import errno
import hashlib
import io
import os
import shutil
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from benchmarks.reliability import kill_files, kill_writes, restore, stale_journal
from cdo_desktop.errors import CancelledError, FileInUseError, StorageError, UnreadableFileError
from cdo_desktop.models import Setting
from cdo_desktop.store import Database, open_database
from cdo_desktop.store.backup import (
    SUFFIX,
    BackupFile,
    backup_name,
    clear_leftovers,
    delete_backups,
    free_name,
    list_backups,
    read_manifest,
    state_of,
    verify_backup,
    write_backup,
)
from cdo_desktop.store.manifest import MANIFEST_NAME, BackupKind
from cdo_desktop.store.restore import restore_backup, unpacked
from cdo_desktop.store.sealed_file import PackedFile, add_file, add_zip
from tests.store.attached import attach

AT = datetime(2026, 11, 24, 9, 0, 1)
SCAN = b"%PDF old"
_DIGEST = hashlib.sha256(SCAN).hexdigest()
SCAN_NAME = f"attachments/{_DIGEST[:2]}/{_DIGEST}.pdf"
TRIALS = 5  # before every second file operation or so, and as many at random: ten kills each


def no_tick(_done: int) -> None: ...


def set_value(database: Database, value: str) -> None:
    with database.write() as session:
        session.merge(Setting(key="词", value=value))


def value_in(path: Path) -> str | None:
    with closing(sqlite3.connect(path)) as connection:
        row = connection.execute("SELECT value FROM settings WHERE key = '词'").fetchone()
        return str(row[0]) if row else None


def files_in(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


@pytest.fixture
def data(database: Database) -> Path:
    """Return a data folder with a database, an attachment and a form text."""
    folder = database.path.parent
    set_value(database, "先前")
    attach(database, SCAN)
    (folder / "forms").mkdir()
    (folder / "forms" / "备案表.txt").write_text("受理单位", encoding="utf-8")
    return folder


@pytest.fixture
def backup(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("backup") / "名册.cdobak"
    write_backup(data / "cdo.sqlite3", path, BackupKind.MANUAL, AT)
    return path


def test_manifest_tells_what_is_in_the_backup(data: Path, backup: Path) -> None:
    manifest = verify_backup(backup)
    assert manifest == read_manifest(backup)
    assert (manifest.kind, manifest.made_at) == (BackupKind.MANUAL, AT)
    assert manifest.counts["settings"] == 1
    assert manifest.problems == ()
    assert manifest.state == state_of(data / "cdo.sqlite3")
    names = [packed.name for packed in manifest.files]
    assert names == ["cdo.sqlite3", SCAN_NAME, "forms/备案表.txt"]
    assert (manifest.shared, manifest.missing) == ((), ())


def test_database_and_files_can_be_reached_without_the_program(backup: Path, tmp_path: Path) -> None:
    assert value_in(backup) == "先前"
    with zipfile.ZipFile(backup) as archive:
        assert archive.testzip() is None
        assert archive.read("forms/备案表.txt").decode() == "受理单位"
        assert MANIFEST_NAME in archive.namelist()


def test_backup_holds_one_moment_while_others_write(database: Database, tmp_path: Path) -> None:
    set_value(database, "已保存")
    with closing(sqlite3.connect(database.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("UPDATE settings SET value = '还没有保存'")
        write_backup(database.path, tmp_path / "x.cdobak", BackupKind.START, AT)
        other.execute("COMMIT")
    assert value_in(tmp_path / "x.cdobak") == "已保存"


def test_damaged_database_is_not_backed_up(data: Path, tmp_path: Path) -> None:
    path = data / "cdo.sqlite3"
    content = bytearray(path.read_bytes())
    content[4096 * 3 : 4096 * 4] = b"\x55" * 4096
    path.write_bytes(content)
    with pytest.raises(StorageError, match="已损坏"):
        write_backup(path, tmp_path / "x.cdobak", BackupKind.START, AT)


def test_database_with_a_missing_rule_is_backed_up_and_says_so(data: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(data / "cdo.sqlite3")) as connection:
        connection.execute("DROP TRIGGER history_is_append_only_delete")
    manifest = write_backup(data / "cdo.sqlite3", tmp_path / "x.cdobak", BackupKind.START, AT)
    assert manifest.problems == ("数据库缺少 1 条保护规则，可能被别的程序改动过。",)


def test_missing_database_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="没有找到数据库"):
        write_backup(tmp_path / "没有.sqlite3", tmp_path / "x.cdobak", BackupKind.START, AT)
    assert not (tmp_path / "没有.sqlite3").exists()


def test_attachment_that_cannot_be_read_is_named(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_archive: object, _name: str, source: Path, _tick: object) -> None:
        raise PermissionError(13, "forbidden", str(source))

    monkeypatch.setattr("cdo_desktop.store.backup.add_file", refuse)
    with pytest.raises(StorageError, match=r"\.pdf”读不出"):
        write_backup(data / "cdo.sqlite3", tmp_path / "x.cdobak", BackupKind.START, AT)


def test_backup_that_cannot_be_opened_for_a_moment_is_whole_or_refused(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a virus scanner has it: zipfile would take a file that it cannot open for one to begin anew."""
    real = io.open
    opened, held = 0, 0

    def open_but_once(file: object, *arguments: object, **named: object) -> object:
        nonlocal opened
        opened += str(file).endswith(SUFFIX)
        if opened == held:
            opened += 1
            raise PermissionError(errno.EACCES, "held", str(file))
        return real(file, *arguments, **named)  # type: ignore[call-overload]

    refused = 0
    while opened >= held:
        opened, held = 0, held + 1
        target = tmp_path / f"{held}{SUFFIX}"
        with monkeypatch.context() as patched:
            patched.setattr(io, "open", open_but_once)
            try:
                write_backup(data / "cdo.sqlite3", target, BackupKind.MANUAL, AT)
            except (StorageError, OSError):
                refused += 1
                continue
        assert verify_backup(target).kind is BackupKind.MANUAL
    assert refused > 1


def test_restore_brings_back_everything_and_keeps_what_was_there(
    database: Database, data: Path, backup: Path
) -> None:
    set_value(database, "后来")
    (data / SCAN_NAME).unlink()
    later = attach(database, b"%PDF later")
    (data / "forms" / "备案表.txt").write_text("后来的文字", encoding="utf-8")
    restored = restore_backup(backup, database.path, AT)
    assert value_in(database.path) == "先前"
    assert restored.kept == data / "cdo.sqlite3.before-restore-20261124-090001"
    assert value_in(restored.kept) == "后来"
    assert (restored.files_added, restored.files_replaced) == (1, 1)
    found = files_in(data)
    assert found[SCAN_NAME] == SCAN
    assert found[later.packed.name] == b"%PDF later"
    assert found["forms/备案表.txt"].decode() == "受理单位"
    assert found["forms/备案表.txt.before-restore-20261124-090001"].decode() == "后来的文字"
    assert not list(data.glob(".cdo-*"))


def test_what_a_restore_put_aside_is_not_backed_up_again(data: Path, backup: Path, tmp_path: Path) -> None:
    (data / "forms" / "备案表.txt").write_text("后来的文字", encoding="utf-8")
    restore_backup(backup, data / "cdo.sqlite3", AT)
    manifest = write_backup(data / "cdo.sqlite3", tmp_path / "y.cdobak", BackupKind.START, AT)
    assert len(manifest.files) == 3


def test_second_restore_in_one_second_keeps_both(data: Path, backup: Path) -> None:
    kept = {restore_backup(backup, data / "cdo.sqlite3", AT).kept for _ in range(3)}
    assert len(kept) == 3
    assert all(path is not None and path.exists() for path in kept)


def test_restore_into_an_empty_folder(backup: Path, tmp_path: Path) -> None:
    folder = tmp_path / "新电脑"
    folder.mkdir()
    restored = restore_backup(backup, folder / "cdo.sqlite3", AT)
    assert restored.kept is None
    assert sorted(files_in(folder)) == [SCAN_NAME, "cdo.sqlite3", "forms/备案表.txt"]


@pytest.mark.parametrize("renames_open_files", [True, False])
def test_damaged_database_is_kept_with_its_journal(
    data: Path, backup: Path, monkeypatch: pytest.MonkeyPatch, renames_open_files: bool
) -> None:
    if renames_open_files and os.name == "nt":
        pytest.skip("Windows renames no open file")
    monkeypatch.setattr("cdo_desktop.store.restore._RENAMES_OPEN_FILES", renames_open_files)
    database = data / "cdo.sqlite3"
    database.write_bytes(b"\x01" * 8192)
    database.with_name("cdo.sqlite3-wal").write_bytes(b"left")
    restored = restore_backup(backup, database, AT)
    assert value_in(database) == "先前"
    assert restored.kept is not None
    assert restored.kept.read_bytes() == b"\x01" * 8192
    assert restored.kept.with_name(f"{restored.kept.name}-wal").read_bytes() == b"left"
    assert not database.with_name("cdo.sqlite3-wal").exists()


def test_database_in_use_is_not_replaced(data: Path, backup: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cdo_desktop.store.connection.BUSY_SECONDS", 0.1)
    before = files_in(data)
    with closing(sqlite3.connect(data / "cdo.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageError, match="正被另一个程序使用"):
            restore_backup(backup, data / "cdo.sqlite3", AT)
        other.execute("ROLLBACK")
    assert files_in(data) == before


def test_error_while_it_is_prepared_changes_nothing(data: Path, backup: Path) -> None:
    before = files_in(data)

    def refuse(_content: object) -> None:
        raise StorageError("不行。")

    with pytest.raises(StorageError, match="不行"):
        restore_backup(backup, data / "cdo.sqlite3", AT, refuse)
    assert files_in(data) == before


def test_swap_that_the_system_refuses_is_undone(
    data: Path, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = files_in(data)
    rename = Path.replace

    def refuse(self: Path, target: Path) -> Path:
        if target.name == "cdo.sqlite3":
            raise PermissionError(13, "held open", str(target))
        return rename(self, target)

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(FileInUseError, match="正被别的程序使用.*现有数据没有改动"):
        restore_backup(backup, data / "cdo.sqlite3", AT)
    assert files_in(data) == before


def test_restore_whose_folder_cannot_be_synced_says_that_it_is_done(
    data: Path, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_folder: Path) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("cdo_desktop.paths.sync_folder", refuse)
    assert restore_backup(backup, data / "cdo.sqlite3", AT).kept is not None
    assert value_in(data / "cdo.sqlite3") == "先前"


def test_filesystem_without_hard_links_is_served_by_renaming(
    data: Path, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_self: Path, _target: Path) -> None:
        raise OSError(1, "no links here")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    restored = restore_backup(backup, data / "cdo.sqlite3", AT)
    assert restored.kept is not None
    assert restored.kept.exists()
    assert value_in(data / "cdo.sqlite3") == "先前"


def test_full_disk_is_seen_before_anything_is_unpacked(
    data: Path, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(data)._replace(free=1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage)
    with pytest.raises(StorageError, match="空间不够.*现有数据没有改动"):
        restore_backup(backup, data / "cdo.sqlite3", AT)


def test_cancelled_restore_changes_nothing(data: Path, backup: Path) -> None:
    before = files_in(data)

    def stop(_done: int) -> None:
        raise CancelledError("已取消。")

    with pytest.raises(CancelledError):
        restore_backup(backup, data / "cdo.sqlite3", AT, tick=stop)
    assert files_in(data) == before


def rewritten(backup: Path, change: Callable[[bytes], bytes]) -> Path:
    """Return a backup with another manifest and a good seal, as a stranger could make it."""
    database = backup.with_name("database.sqlite3")
    manifest = verify_backup(backup)
    database.write_bytes(backup.read_bytes()[: manifest.files[0].size])
    with zipfile.ZipFile(backup) as archive:
        content = archive.read(MANIFEST_NAME)
        others = {name: archive.read(name) for name in archive.namelist() if name != MANIFEST_NAME}
    with add_zip(database, "cdo.sqlite3", no_tick) as (target, _packed):
        for name, file in others.items():
            target.writestr(name, file)
        target.writestr(MANIFEST_NAME, change(content))
    return database


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (SCAN_NAME, "../outside.pdf"),
        (SCAN_NAME, "/etc/outside.pdf"),
        (SCAN_NAME, "C:/outside.pdf"),
        (SCAN_NAME, "a\\\\..\\\\outside.pdf"),
        (SCAN_NAME, "cdo.sqlite3"),
        ('"name": "cdo.sqlite3"', '"name": "other.sqlite3"'),
        ('"format": 2', '"format": 3'),
        ('"size": 8', '"size": 9'),
        ('"size": 8', '"size": -8'),
        ('"settings": 1', '"settings": 2'),
        ('"made_at": "2026', '"made_at": "x'),
        ('"kind": "手工"', '"kind": "别的"'),
        ('{\n "format"', '[\n "format"'),
    ],
)
def test_manifest_that_lies_is_refused(old: str, new: str, data: Path, backup: Path) -> None:
    def change(content: bytes) -> bytes:
        assert old in content.decode()
        return content.decode().replace(old, new).encode()

    before = files_in(data)
    with pytest.raises(UnreadableFileError, match="不是本程序的备份.*没有恢复.*请另选一份"):
        restore_backup(rewritten(backup, change), data / "cdo.sqlite3", AT)
    assert files_in(data) == before
    assert not (data.parent / "outside.pdf").exists()


def test_deeply_nested_manifest_is_refused(data: Path, backup: Path) -> None:
    with pytest.raises(UnreadableFileError):
        restore_backup(rewritten(backup, lambda _content: b"[" * 100_000), data / "cdo.sqlite3", AT)


def test_backup_of_a_newer_program_is_refused_with_its_version(data: Path, backup: Path) -> None:
    newer = rewritten(backup, lambda content: content.replace(b'"schema": "0', b'"schema": "9'))
    before = files_in(data)
    with pytest.raises(StorageError, match="由更新版本的程序.*没有恢复"):
        restore_backup(newer, data / "cdo.sqlite3", AT)
    assert files_in(data) == before


@pytest.mark.parametrize("content", [b"", b"x" * 10, b"x" * 100_000, b"PK\x05\x06" + b"\0" * 18])
def test_other_file_is_refused(content: bytes, data: Path, tmp_path: Path) -> None:
    other = tmp_path / "别的.cdobak"
    other.write_bytes(content)
    before = files_in(data)
    with pytest.raises(UnreadableFileError, match=r"“别的\.cdobak”不是本程序的备份"), unpacked(other, data):
        pytest.fail("it was taken")
    assert files_in(data) == before


def test_file_that_is_not_there_is_a_sentence(data: Path, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="读不出"):
        restore_backup(tmp_path / "没有.cdobak", data / "cdo.sqlite3", AT)


def test_file_that_grows_while_it_is_packed_is_sealed_as_it_was_read(tmp_path: Path) -> None:
    head = tmp_path / "head"
    head.write_bytes(b"database")
    source = tmp_path / "source"
    source.write_bytes(b"12345")
    with add_zip(head, "cdo.sqlite3", no_tick) as (archive, packed):
        added = add_file(archive, "名.pdf", source, no_tick)
    assert (packed.size, added) == (8, PackedFile("名.pdf", 5, added.sha256))


@pytest.mark.parametrize("kind", list(BackupKind))
@pytest.mark.parametrize("serial", [0, 7])
def test_name_of_a_backup_is_read_back(kind: BackupKind, serial: int, tmp_path: Path) -> None:
    (tmp_path / backup_name(kind, AT, serial)).touch()
    assert list_backups(tmp_path) == [BackupFile(tmp_path / backup_name(kind, AT, serial), kind, AT, serial)]


def test_files_with_other_names_are_no_backups(tmp_path: Path) -> None:
    for name in (
        "名册.cdobak",
        "20261324-090001-启动.cdobak",
        "20261124-090001-别的.cdobak",
        ".cdo-1.cdobak",
    ):
        (tmp_path / name).touch()
    assert list_backups(tmp_path) == []
    assert list_backups(tmp_path / "没有") == []


def test_backups_of_one_second_get_names_in_their_order(tmp_path: Path) -> None:
    for kind in (BackupKind.START, BackupKind.MANUAL, BackupKind.START):
        free_name(tmp_path, kind, AT).touch()
    assert [(backup.kind, backup.serial) for backup in list_backups(tmp_path)] == [
        (BackupKind.START, 0),
        (BackupKind.MANUAL, 1),
        (BackupKind.START, 2),
    ]


def test_only_what_is_not_kept_is_deleted(tmp_path: Path) -> None:
    for serial in range(3):
        (tmp_path / backup_name(BackupKind.START, AT, serial)).touch()
    assert delete_backups(list_backups(tmp_path), lambda backup: backup.serial == 1) == 2
    assert [backup.serial for backup in list_backups(tmp_path)] == [1]


def test_old_leftovers_are_cleared_and_fresh_ones_left_alone(tmp_path: Path) -> None:
    now = datetime.now()  # noqa: DTZ005
    (tmp_path / ".cdo-old.cdobak").touch()
    (tmp_path / ".cdo-restore-old").mkdir()
    (tmp_path / ".cdo-restore-old" / "cdo.sqlite3").touch()
    for name in (".cdo-old.cdobak", ".cdo-restore-old"):
        os.utime(tmp_path / name, (0, 0))
    (tmp_path / ".cdo-fresh.cdobak").touch()
    (tmp_path / "cdo.sqlite3").touch()
    os.utime(tmp_path / "cdo.sqlite3", (0, 0))
    clear_leftovers((tmp_path, tmp_path / "没有"), now, seconds=60)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".cdo-fresh.cdobak", "cdo.sqlite3"]


def test_state_changes_with_every_write_and_not_with_reading(database: Database) -> None:
    before = state_of(database.path)
    with database.read() as session:
        session.scalar(text("SELECT count(*) FROM units"))
    open_database(database.path).close()
    assert state_of(database.path) == before
    set_value(database, "x")
    assert state_of(database.path) != before


def test_random_folders_come_back_and_damaged_backups_are_refused(tmp_path: Path) -> None:
    losses = restore.run(2, 10, 10, tmp_path)
    assert (losses.folders, losses.damaged) == (2, 20)
    assert losses.total == 0


def test_stale_journals_never_reach_restored_data(tmp_path: Path) -> None:
    losses = stale_journal.run(6, tmp_path)
    assert losses.control_ruined >= 2
    assert losses.total == 0


def test_killed_backups_and_restores_lose_nothing(tmp_path: Path) -> None:
    for losses in kill_files.run(TRIALS, tmp_path, exports=False):
        assert losses.trials >= 2 * TRIALS
        assert losses.unfinished
        assert losses.lost == []


def test_killed_writes_lose_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    losses = kill_writes.run(10, tmp_path)
    assert losses.trials == 10
    assert losses.total == 0


def test_database_marked_as_read_only_by_damage_gives_way_to_a_backup(data: Path, backup: Path) -> None:
    database = data / "cdo.sqlite3"
    content = bytearray(database.read_bytes())
    content[18] = 9  # the version that may write: SQLite only reads such a file
    database.write_bytes(content)
    restored = restore_backup(backup, database, AT)
    assert restored.kept is not None
    assert restored.kept.read_bytes() == content
    assert database.read_bytes()[18] == 1
