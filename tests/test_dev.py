"""dev.py: what it installs, when it does nothing, and what it says where it cannot go on."""

import ast
import importlib.util
import io
import os
import re
import runpy
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

import dev


class Calls:
    """Stands in for the commands that dev.py would start, and for their exit status."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.failing = ""

    def __call__(self, command: Sequence[str | Path], *, quiet: bool = False, **variables: str) -> int:
        line = " ".join(str(part) for part in command)
        self.lines.append(line)
        if "-m venv" in line:
            dev.PYTHON.parent.mkdir(parents=True)
            dev.PYTHON.touch()
        return 1 if self.failing and self.failing in line else 0


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Calls:
    """Replace every command that dev.py would start."""
    calls = Calls()
    monkeypatch.setattr(dev, "call", calls)
    return calls


@pytest.fixture
def checkout(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Point dev.py at an empty checkout on a machine where nothing of the system is missing."""
    venv = tmp_path / ".venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "bin" / "python").touch()
    locks = {"run": tmp_path / "requirements.txt", "dev": tmp_path / "requirements-dev.txt"}
    for lock in locks.values():
        lock.write_text("one==1\n", encoding="utf-8")
    names = {"ROOT": tmp_path, "VENV": venv, "BIN": venv / "bin", "PYTHON": venv / "bin" / "python"}
    for name, value in {**names, "STAMP": venv / "installed.txt", "LOCKS": locks}.items():
        monkeypatch.setattr(dev, name, value)
    monkeypatch.setattr(dev, "loads", lambda library: True)
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.mark.usefixtures("checkout")
def test_the_second_start_starts_no_command(calls: Calls) -> None:
    dev.set_up("run")
    assert any("pip install" in line and "--require-hashes" in line for line in calls.lines)
    calls.lines.clear()

    dev.set_up("run")

    assert calls.lines == []


@pytest.mark.usefixtures("checkout")
def test_the_tools_of_a_developer_are_enough_to_run_but_not_the_other_way_round(calls: Calls) -> None:
    dev.set_up("run")
    calls.lines.clear()
    dev.set_up("dev")
    assert "requirements-dev.txt" in calls.lines[-1]
    calls.lines.clear()

    dev.set_up("run")

    assert calls.lines == []


def test_a_changed_lock_file_is_installed(checkout: Path, calls: Calls) -> None:
    dev.set_up("run")
    calls.lines.clear()
    (checkout / "requirements.txt").write_text("one==2\n", encoding="utf-8")

    dev.set_up("run")

    assert "pip install" in calls.lines[-1]


def test_a_failed_installation_is_tried_again_next_time(
    checkout: Path, calls: Calls, capsys: pytest.CaptureFixture[str]
) -> None:
    dev.set_up("run")
    (checkout / "requirements.txt").write_text("one==2\n", encoding="utf-8")
    calls.failing = "pip install"
    with pytest.raises(SystemExit, match="没能装好依赖"):
        dev.set_up("run")
    calls.failing = ""
    calls.lines.clear()

    dev.set_up("run")

    assert "pip install" in calls.lines[-1]


def test_an_environment_of_another_python_is_made_anew(checkout: Path, calls: Calls) -> None:
    (checkout / ".venv" / "left over").touch()
    calls.failing = "sys.version_info"

    dev.set_up("run")

    assert any("-m venv" in line for line in calls.lines)
    assert not (checkout / ".venv" / "left over").exists()


def miss_a_library(monkeypatch: pytest.MonkeyPatch, user: int) -> None:
    """Pretend to be a user on a Debian whose python3 lacks ensurepip and that has no libEGL and no xcb."""
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(os, "geteuid", lambda: user, raising=False)
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(dev, "loads", lambda library: "EGL" not in library and "xcb" not in library)


@pytest.mark.usefixtures("checkout")
def test_root_on_debian_gets_the_missing_packages(monkeypatch: pytest.MonkeyPatch, calls: Calls) -> None:
    miss_a_library(monkeypatch, user=0)

    dev.set_up("dev")

    assert calls.lines[0] == "/usr/bin/apt-get -qq update"
    venv = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    xcb = "libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0"
    assert calls.lines[1].endswith(f"install -y --no-install-recommends {venv} libegl1 {xcb}")


@pytest.mark.usefixtures("checkout")
def test_others_are_told_what_to_have_installed(monkeypatch: pytest.MonkeyPatch, calls: Calls) -> None:
    miss_a_library(monkeypatch, user=1000)

    with pytest.raises(SystemExit, match=r"sudo apt-get install .*-venv libegl1\n"):
        dev.set_up("dev")

    assert calls.lines == []


@pytest.mark.usefixtures("checkout")
def test_a_window_needs_the_libraries_of_the_screen_too(
    monkeypatch: pytest.MonkeyPatch, calls: Calls
) -> None:
    miss_a_library(monkeypatch, user=1000)
    monkeypatch.setenv("DISPLAY", ":0")

    with pytest.raises(SystemExit, match="libegl1 libxcb-cursor0"):
        dev.set_up("run")


@pytest.mark.usefixtures("checkout")
def test_without_a_display_the_commands_without_a_window_are_offered(
    monkeypatch: pytest.MonkeyPatch, calls: Calls, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")

    assert dev.run(["--data", "X"]) == 0

    said = capsys.readouterr().out
    assert calls.lines == []
    assert "没有可用的显示器" in said
    for command in ("roster template", "roster import", "forms", "roster export", "due"):
        assert f"-m cdo_desktop {command} " in said


@pytest.mark.usefixtures("checkout")
def test_a_command_without_a_window_runs_without_a_display(
    monkeypatch: pytest.MonkeyPatch, calls: Calls
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")

    assert dev.run(["due", "2026-02-13"]) == 0

    assert calls.lines[0].endswith("-m cdo_desktop due 2026-02-13")


@pytest.mark.usefixtures("checkout")
def test_what_follows_the_two_dashes_goes_to_the_program(
    monkeypatch: pytest.MonkeyPatch, calls: Calls
) -> None:
    monkeypatch.setenv("DISPLAY", ":0")

    assert dev.main(["run", "--", "--data", "X"]) == 0

    assert calls.lines[-1].endswith("-m cdo_desktop --data X")


@pytest.mark.usefixtures("checkout")
def test_a_console_that_knows_no_chinese_does_not_stop_it(
    monkeypatch: pytest.MonkeyPatch, calls: Calls
) -> None:
    monkeypatch.setattr(dev, "has_display", lambda: False)
    output = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(output, encoding="ascii", write_through=True))

    assert dev.main(["run"]) == 0

    assert b"roster import" in output.getvalue()


@pytest.mark.usefixtures("checkout")
def test_every_check_runs_although_the_first_fails(
    monkeypatch: pytest.MonkeyPatch, calls: Calls, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    dev.set_up("dev")
    calls.lines.clear()
    calls.failing = "ruff format"

    assert dev.main(["test"]) == 1

    tools = [Path(line.split()[0]).name for line in calls.lines]
    assert tools == ["ruff", "ruff", "mypy", "lint-imports", "pytest", "python"]
    assert calls.lines[-1].endswith("packaging/check_build.py")
    assert re.search(
        r"ruff format --check .* FAILED \(exit status 1\)\nruff check .* passed\n", capsys.readouterr().out
    )


@pytest.mark.usefixtures("checkout")
def test_tests_that_are_chosen_leave_the_build_alone(calls: Calls) -> None:
    dev.set_up("dev")

    assert dev.main(["test", "--", "tests/rules"]) == 0

    assert calls.lines[-1].endswith("pytest tests/rules")


@pytest.mark.usefixtures("checkout")
def test_root_on_debian_gets_what_the_build_needs(monkeypatch: pytest.MonkeyPatch, calls: Calls) -> None:
    dev.set_up("dev")
    calls.lines.clear()
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(os, "geteuid", lambda: 0, raising=False)
    monkeypatch.setattr(shutil, "which", lambda name: None if name == "objcopy" else f"/usr/bin/{name}")
    monkeypatch.setattr(dev, "loads", lambda library: "libpython" not in library)

    dev.main(["test"])

    library = f"libpython{sys.version_info[0]}.{sys.version_info[1]}"
    assert calls.lines[1].endswith(f"install -y --no-install-recommends binutils {library}")


def test_programs_are_found_by_name_and_all_of_them_without(
    checkout: Path, calls: Calls, capsys: pytest.CaptureFixture[str]
) -> None:
    (checkout / "benchmarks").mkdir()
    for name, text in {
        "start_up": "def main() -> int: ...",
        "forms": "def main(): ...",
        "peers": "X = 1",
    }.items():
        (checkout / "benchmarks" / f"{name}.py").write_text(text, encoding="utf-8")

    assert dev.run_programs("benchmarks", ["start-up", "--rounds", "3"]) == 0
    assert calls.lines[-1].endswith("-m benchmarks.start_up --rounds 3")

    calls.lines.clear()
    assert dev.run_programs("benchmarks", []) == 0
    assert [line.split()[-1] for line in calls.lines] == ["benchmarks.forms", "benchmarks.start_up"]

    assert dev.run_programs("benchmarks", ["peers"]) == 2
    assert "forms start_up" in capsys.readouterr().err


def test_an_old_python_gets_a_sentence_instead_of_a_traceback(
    monkeypatch: pytest.MonkeyPatch, repo_root: Path
) -> None:
    source = repo_root / "dev.py"
    ast.parse(source.read_text(encoding="utf-8"), feature_version=(3, 7))
    monkeypatch.setattr(sys, "version_info", (3, 9, 2, "final", 0))

    with pytest.raises(SystemExit, match=r"需要 64 位的 Python 3\.11"):
        runpy.run_path(str(source))


def test_it_needs_nothing_but_the_standard_library(repo_root: Path) -> None:
    tree = ast.parse((repo_root / "dev.py").read_text(encoding="utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}

    assert {name.partition(".")[0] for name in imported} <= sys.stdlib_module_names


def pins(lock: Path) -> dict[str, str]:
    """Return package and version of a lock file's entries, each with at least one hash."""
    entries = re.split(r"\n(?=\S)", lock.read_text(encoding="utf-8").strip())
    for entry in entries:
        assert "--hash=sha256:" in entry, entry
    return dict(entry.split()[0].split("==") for entry in entries)


def test_the_lock_files_agree_and_name_no_address(repo_root: Path) -> None:
    run, developer = (pins(repo_root / name) for name in ("requirements.txt", "requirements-dev.txt"))

    assert run["pyside6-essentials"] == run["shiboken6"] == "6.9.3"
    assert run.items() <= developer.items()
    for name in ("requirements.txt", "requirements-dev.txt"):
        assert not re.search(
            r"://|--(extra-)?index|--find-links", (repo_root / name).read_text(encoding="utf-8")
        )
