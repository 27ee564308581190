"""Who works, on the command line: a lone operator without a PIN is asked nothing; else clear words."""

import getpass
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from cdo_desktop import paths, settings
from cdo_desktop.office import Office
from cdo_desktop.services.operators import MAINTENANCE_ACTOR
from tests.test_command_line import Said, run, run_process

PIN, WRONG = "274190", "961842"


@pytest.fixture(scope="module")
def two_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the sample district with 本机经办人, who has no PIN, and 王芳, who has one."""
    folder = tmp_path_factory.mktemp("operators")
    with Office(folder) as office:
        office.sample.create()
        office.operators.add("王芳", PIN)
    return folder / paths.DATABASE_NAME


@pytest.fixture
def data(two_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("CDO_PIN", raising=False)
    folder = tmp_path / "数据"
    folder.mkdir()
    (folder / paths.DATABASE_NAME).write_bytes(two_file.read_bytes())
    return folder


@pytest.fixture
def lone(data: Path) -> Path:
    """Return a data folder whose only operator in use is 王芳."""
    with Office(data) as office:
        office.operators.sign_in(2, PIN)
        office.operators.disable(office.operators.get(1))
    return data


def export(data: Path, *options: str) -> Said:
    return run("--data", data, *options, "roster", "export", data / "名册.xlsx")


def last_line(data: Path, entity: str = "operators") -> tuple[str, str]:
    with closing(sqlite3.connect(data / paths.DATABASE_NAME)) as connection:
        query = "SELECT actor, action FROM history WHERE entity = ? ORDER BY id DESC LIMIT 1"
        actor, action = connection.execute(query, (entity,)).fetchone()
        return actor, action


def test_with_several_operators_one_has_to_be_named(data: Path) -> None:
    said = export(data)
    assert (said.status, said.out) == (1, [])
    assert said.err == f"请用 --operator 写明由谁经办（{settings.DEFAULT_ACTOR}、王芳）。没有执行任何操作。\n"
    assert not (data / "名册.xlsx").exists()


def test_one_without_a_pin_is_only_named(data: Path) -> None:
    said = export(data, "--operator", settings.DEFAULT_ACTOR)
    assert (said.status, said.err) == (0, "")
    assert last_line(data) == (settings.DEFAULT_ACTOR, "登录")


def test_an_unknown_name_is_told_with_those_there_are(data: Path) -> None:
    said = export(data, "--operator", "赵六")
    assert said.status == 1
    assert "没有名叫“赵六”的在用经办人" in said.err
    assert f"{settings.DEFAULT_ACTOR}、王芳" in said.err


def test_the_pin_comes_from_the_environment_and_goes_to_no_child(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CDO_PIN", PIN)
    said = export(data, "--operator", " 王 芳 ")
    assert (said.status, said.err) == (0, "")
    assert last_line(data) == ("王芳", "登录")
    assert "CDO_PIN" not in os.environ


def test_without_a_terminal_the_pin_is_not_waited_for(data: Path, repo_root: Path) -> None:
    said = run_process(
        *("--data", data, "--operator", "王芳", "forms", data / "表", "--unit", "罗店镇"), cwd=repo_root
    )
    assert (said.status, said.out) == (1, [])
    assert "“王芳”需要 PIN" in said.err
    assert "CDO_PIN" in said.err


def test_the_pin_is_asked_for_unseen(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def answer(prompt: str) -> str:
        asked.append(prompt)
        return PIN

    monkeypatch.setattr("cdo_desktop.commands.office.has_terminal", lambda: True)
    monkeypatch.setattr(getpass, "getpass", answer)
    assert export(data, "--operator", "王芳").status == 0
    assert asked == ["“王芳”的 PIN（输入时不显示）："]


def test_an_ended_input_is_no_pin(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def end(_prompt: str) -> str:
        raise EOFError

    monkeypatch.setattr("cdo_desktop.commands.office.has_terminal", lambda: True)
    monkeypatch.setattr(getpass, "getpass", end)
    said = export(data, "--operator", "王芳")
    assert (said.status, said.err) == (1, "没有输入 PIN，没有执行任何操作。\n")


def test_wrong_pins_count_and_lock_here_too(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = []
    for pin in (WRONG, WRONG, PIN, WRONG, WRONG, WRONG, WRONG, WRONG, PIN):
        monkeypatch.setenv("CDO_PIN", pin)
        said = export(data, "--operator", "王芳")
        told.append((said.status, said.err))
    assert "还可以再试 4 次" in told[0][1]
    assert told[2] == (0, "提示：“王芳”上次登录以后，PIN 输错过 2 次。\n")
    assert [status for status, _err in told] == [1, 1, 0, 1, 1, 1, 1, 1, 1]
    assert "已锁定" in told[-1][1]


def test_a_lone_operator_with_a_pin_need_not_be_named(lone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "“王芳”需要 PIN" in export(lone).err
    monkeypatch.setenv("CDO_PIN", PIN)
    assert export(lone).status == 0


def test_what_reads_no_person_asks_nobody(data: Path) -> None:
    for command in (
        ["check"],
        ["backup", data / "备份"],
        ["due", "2026-02-13"],
        ["roster", "template", data / "模板.xlsx"],
    ):
        assert run("--data", data, *command).status == 0


def test_a_restore_needs_an_operator_of_what_is_there_and_names_them(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup = data / "备份.cdobak"
    assert run("--data", data, "backup", backup).status == 0
    assert "--operator" in run("--data", data, "restore", backup).err
    monkeypatch.setenv("CDO_PIN", PIN)
    assert run("--data", data, "--operator", "王芳", "restore", backup).status == 0
    assert last_line(data, "backups") == ("王芳", "从备份恢复")


def test_data_that_cannot_be_opened_is_restored_without_asking(data: Path) -> None:
    backup = data / "备份.cdobak"
    assert run("--data", data, "backup", backup).status == 0
    (data / paths.DATABASE_NAME).write_bytes(b"no database" * 1000)
    assert run("--data", data, "restore", backup).status == 0
    assert last_line(data, "backups") == (settings.DEFAULT_ACTOR, "从备份恢复")


def test_a_forgotten_pin_is_cleared_and_that_is_told(lone: Path) -> None:
    said = run("--data", lone, "operator", "reset", "王芳")
    assert said.status == 0
    assert "已清除“王芳”的 PIN" in said.out[0]
    assert last_line(lone) == (MAINTENANCE_ACTOR, "命令行重设 PIN")
    assert export(lone).status == 0
    said = run("--data", lone, "operator", "reset", "王芳")
    assert (said.status, said.err) == (1, "“王芳”没有设置 PIN，不需要重设。\n")


def test_a_reset_makes_no_database(tmp_path: Path) -> None:
    said = run("--data", tmp_path, "operator", "reset", "王芳")
    assert said.status == 1
    assert "里没有数据" in said.err
    assert not (tmp_path / paths.DATABASE_NAME).exists()
