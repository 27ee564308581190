"""What docs/habits.md says of the program's habits is held by tests and pictures that exist."""

import ast
import re
from pathlib import Path

import pytest

STATES = ("held", "partly", "not yet")
_ROW = re.compile(r"^\| U(\d+) \| (.+?) \| (.+?) \| (.+) \|$", re.MULTILINE)


@pytest.fixture(scope="module")
def rows(repo_root: Path) -> list[tuple[int, str, str, str]]:
    """Return the lines of the table: number, habit, state, where it is held."""
    text = (repo_root / "docs" / "habits.md").read_text(encoding="utf-8")
    return [(int(number), *rest) for number, *rest in _ROW.findall(text)]


def test_every_habit_stands_there_once_in_its_order(rows: list[tuple[int, str, str, str]]) -> None:
    assert [row[0] for row in rows] == list(range(1, 59))
    assert all(row[2] in STATES for row in rows)


def test_what_is_held_names_a_test_or_a_picture(rows: list[tuple[int, str, str, str]]) -> None:
    unproved = [row[0] for row in rows if row[2] != "not yet" and "`" not in row[3]]
    assert not unproved


def test_what_is_missing_says_when_it_comes_or_why_not(rows: list[tuple[int, str, str, str]]) -> None:
    silent = [row[0] for row in rows if row[2] == "not yet" and not re.search(r"issue \d|without", row[3])]
    assert not silent


def test_every_named_test_exists(repo_root: Path, rows: list[tuple[int, str, str, str]]) -> None:
    known: dict[str, set[str]] = {}
    missing = []
    for number, _habit, _state, where in rows:
        for file, name in re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", where):
            if file not in known:
                tree = ast.parse((repo_root / file).read_text(encoding="utf-8"))
                known[file] = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
            if name not in known[file]:
                missing.append(f"U{number} {file}::{name}")
    assert sum(map(len, known.values())) > 0
    assert not missing


def test_every_named_picture_and_program_exists(
    repo_root: Path, rows: list[tuple[int, str, str, str]]
) -> None:
    named = [
        path
        for *_row, where in rows
        for path in re.findall(r"`((?:docs|benchmarks|resources)/[^`]+)`", where)
    ]
    assert named
    assert [path for path in named if not (repo_root / path).exists()] == []
