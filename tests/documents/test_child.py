"""Children for foreign files: limited, found, and never taken for good when they die."""

import ctypes
import subprocess
import sys
import time as clock
from pathlib import Path

import pytest

from cdo_desktop.documents.readers import child
from cdo_desktop.documents.readers.child import (
    ChildCrashedError,
    child_command,
    child_environment,
    run_in_child,
)
from cdo_desktop.documents.readers.workbook import read_workbook
from cdo_desktop.errors import UnreadableFileError
from tests.documents.workbook_files import read, xlsx


def _replaced_child(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    """Let the next child run this program after the real one's modules are loaded."""
    head = "import sys\nfrom cdo_desktop.documents.readers import child, extract\n"
    tail = "\nsys.exit(child.run_child(sys.argv[1:]))"

    def command(name: str, *args: str) -> list[str]:
        return [sys.executable, "-c", head + program + tail, name, *args]

    monkeypatch.setattr(child, "child_command", command)


def _is_wine() -> bool:
    return sys.platform == "win32" and hasattr(ctypes.WinDLL("ntdll"), "wine_get_version")


@pytest.mark.skipif(_is_wine(), reason="Wine takes a job's memory limit and does not enforce it")
def test_a_child_that_asks_for_too_much_memory_ends_as_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _replaced_child(monkeypatch, "extract.extract = lambda *_: bytearray(3 << 30)")
    with pytest.raises(ChildCrashedError, match="名册.xlsx.*无法处理"):
        read(tmp_path, xlsx())


def test_a_child_that_aborts_ends_as_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """calamine does so (quality.md, finding 6)."""
    _replaced_child(monkeypatch, "import os; os.abort()")
    with pytest.raises(ChildCrashedError, match="无法处理.*什么都没有改动"):
        read(tmp_path, xlsx())


def test_the_window_of_the_built_program_reads_with_the_console_program_beside_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    for window, console in (("cdo_desktop.exe", "cdo.exe"), ("cdo_desktop", "cdo"), ("cdo.exe", "cdo.exe")):
        monkeypatch.setattr(sys, "executable", str(tmp_path / window))
        assert child_command("_read", "x") == [str(tmp_path / console), "_read", "x"]


def test_a_child_that_never_answers_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _replaced_child(monkeypatch, "import time; time.sleep(600)")
    (tmp_path / "名册.xlsx").write_bytes(xlsx())
    started = clock.monotonic()
    with pytest.raises(UnreadableFileError, match="0.5 秒"):
        read_workbook(tmp_path / "名册.xlsx", timeout=0.5)
    assert clock.monotonic() - started < 10


def test_the_log_of_a_crash_names_places_in_the_program_but_no_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    _replaced_child(monkeypatch, "def fail(*_): raise TypeError('张三 13800001234')\nextract.extract = fail")
    with pytest.raises(ChildCrashedError):
        read(tmp_path, xlsx())
    assert "child.py" in caplog.text
    assert "张三" not in caplog.text
    assert "13800001234" not in caplog.text


def test_the_child_loads_neither_the_window_nor_the_database(tmp_path: Path) -> None:
    (tmp_path / "名册.xlsx").write_bytes(xlsx())
    command = child_command("_read", str(tmp_path), str(tmp_path / "名册.xlsx"))
    command[1:1] = ["-X", "importtime"]
    ended = subprocess.run(command, env=child_environment(), capture_output=True, check=True, text=True)
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in ended.stderr.splitlines()}
    assert "python_calamine" in loaded
    assert loaded.isdisjoint({"PySide6", "sqlalchemy", "alembic", "openpyxl", "reportlab", "pypinyin"})


def test_the_program_starts_itself() -> None:
    assert child_command("_read", "a") == [sys.executable, "-P", "-m", "cdo_desktop", "_read", "a"]


def test_the_child_is_found_from_any_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And a module that lies in that folder is not taken for one of the program."""
    (tmp_path / "json.py").write_text("raise SystemExit(9)", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert read(tmp_path, xlsx()).rows == (("姓名",),)


def test_an_unknown_task_is_not_taken_for_success(tmp_path: Path) -> None:
    with pytest.raises(ChildCrashedError):
        run_in_child("_other", tmp_path, [], subject="x", timeout=20)
