"""Files are replaced whole or not at all."""

import errno
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cdo_desktop.documents import atomic
from cdo_desktop.documents.atomic import atomic_target
from cdo_desktop.errors import FileInUseError, StorageError


def _old_file(folder: Path) -> Path:
    path = folder / "名册 2026.xlsx"
    path.write_bytes(b"old")
    return path


def _assert_untouched(path: Path) -> None:
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_the_new_content_takes_the_old_ones_place(tmp_path: Path) -> None:
    path = _old_file(tmp_path)
    with atomic_target(path) as fresh:
        assert fresh.parent == tmp_path
        assert fresh.suffix == ".xlsx"
        fresh.write_bytes(b"new")
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_a_failing_block_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = _old_file(tmp_path)
    with pytest.raises(ZeroDivisionError), atomic_target(path) as fresh:
        fresh.write_bytes(b"half")
        raise ZeroDivisionError
    _assert_untouched(path)


def test_an_interrupted_block_leaves_no_temporary_file(tmp_path: Path) -> None:
    path = _old_file(tmp_path)
    with pytest.raises(KeyboardInterrupt), atomic_target(path) as fresh:
        fresh.write_bytes(b"half")
        raise KeyboardInterrupt
    _assert_untouched(path)


def test_a_file_open_in_excel_is_reported_as_in_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _old_file(tmp_path)

    def refuse(source: object, target: object) -> None:
        raise PermissionError(errno.EACCES, "Access is denied", str(source), 5, str(target))

    monkeypatch.setattr(os, "replace", refuse)
    with (
        pytest.raises(FileInUseError, match="名册 2026.xlsx.*Excel 或 WPS.*原文件没有改动"),
        atomic_target(path) as fresh,
    ):
        fresh.write_bytes(b"new")
    _assert_untouched(path)


def test_a_file_locked_for_writing_is_refused_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _old_file(tmp_path)

    def refuse(self: Path, mode: str = "r") -> None:
        raise PermissionError(errno.EACCES, "sharing violation", str(self))

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(FileInUseError), atomic_target(path):
        pytest.fail("the block must not start")
    monkeypatch.undo()
    _assert_untouched(path)


def test_a_full_disk_names_the_place_and_keeps_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _old_file(tmp_path)

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with (
        pytest.raises(StorageError, match="空间不够.*原文件没有改动") as caught,
        atomic_target(path) as fresh,
    ):
        fresh.write_bytes(b"new")
    assert (path.drive or str(tmp_path)) in str(caught.value)
    monkeypatch.undo()
    _assert_untouched(path)


def test_a_folder_that_cannot_be_synced_is_no_failure_for_the_file_is_in_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _old_file(tmp_path)

    def refuse(_folder: Path) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(atomic, "sync_folder", refuse)
    with atomic_target(path) as fresh:
        fresh.write_bytes(b"new")
    assert path.read_bytes() == b"new"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the device that is always full")
def test_a_write_that_meets_a_full_disk_inside_the_block_is_a_storage_error(tmp_path: Path) -> None:
    path = _old_file(tmp_path)
    with pytest.raises(StorageError, match="空间不够"), atomic_target(path) as fresh:
        fresh.write_bytes(b"half")
        with Path("/dev/full").open("wb", buffering=0) as device:
            device.write(b"x")
    _assert_untouched(path)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="不存在") as caught, atomic_target(tmp_path / "没有" / "a.pdf"):
        pytest.fail("the block must not start")
    assert str(tmp_path / "没有") in str(caught.value)


def test_a_folder_as_target_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="文件夹"), atomic_target(tmp_path):
        pytest.fail("the block must not start")


def test_a_folder_without_permission_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: object, flags: int, mode: int) -> int:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(StorageError, match="不允许写入"), atomic_target(tmp_path / "a.pdf"):
        pytest.fail("the block must not start")
    assert list(tmp_path.iterdir()) == []


def test_a_read_only_target_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _old_file(tmp_path)
    monkeypatch.setattr(os, "access", lambda target, mode: False)  # root may write everything
    with pytest.raises(StorageError, match="只读"), atomic_target(path):
        pytest.fail("the block must not start")
    _assert_untouched(path)


def test_an_error_about_another_file_keeps_its_own_type(tmp_path: Path) -> None:
    path = _old_file(tmp_path)
    with pytest.raises(FileNotFoundError), atomic_target(path):
        (tmp_path / "elsewhere" / "source.csv").read_bytes()
    _assert_untouched(path)


@pytest.mark.skipif(sys.platform == "win32", reason="permission bits")
def test_the_old_files_permissions_are_kept_and_new_files_follow_the_umask(tmp_path: Path) -> None:
    path = _old_file(tmp_path)
    path.chmod(0o640)
    with atomic_target(path) as fresh:
        fresh.write_bytes(b"new")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    ordinary = tmp_path / "ordinary"
    ordinary.write_bytes(b"")
    with atomic_target(tmp_path / "new.pdf") as fresh:
        fresh.write_bytes(b"new")
    assert (tmp_path / "new.pdf").stat().st_mode == ordinary.stat().st_mode


_WRITER = """
import sys
from pathlib import Path
from cdo_desktop.documents.atomic import atomic_target
print("ready", flush=True)
while True:
    with atomic_target(Path(sys.argv[1])) as fresh, fresh.open("wb") as file:
        for _ in range(64):
            file.write(b"n" * 65536)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="uses SIGKILL")
@pytest.mark.parametrize("trial", range(5))
def test_killing_the_writer_never_damages_the_target(tmp_path: Path, trial: int) -> None:
    path = _old_file(tmp_path)
    writer = subprocess.Popen([sys.executable, "-c", _WRITER, str(path)], stdout=subprocess.PIPE)
    assert writer.stdout is not None
    assert writer.stdout.readline() == b"ready\n"
    time.sleep(0.013 * (trial + 1))  # where the kill falls, not a wait for a result
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    writer.stdout.close()
    assert path.read_bytes() in (b"old", b"n" * 65536 * 64)
