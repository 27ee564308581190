"""Databases of every earlier version, with data, open in this program and keep every row (quality.md R13)."""

import json
import shutil
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from benchmarks.reliability import kill_upgrade
from benchmarks.reliability.offices import Clock, copy_office
from cdo_desktop.documents.pdf.filing_form import content_digest
from cdo_desktop.office import Office
from cdo_desktop.store import open_database, schema

FOLDER = Path(__file__).parents[1] / "data" / "databases"
STORED = sorted(FOLDER.glob("v*.sqlite3"))
LARGEST = 450 * 1024
PRINTED_ON = date(2026, 11, 25)


def tables_of(connection: sqlite3.Connection) -> list[str]:
    query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'alembic_version' ORDER BY name"
    return [name for (name,) in connection.execute(query)]


def content_of(path: Path, tables: list[str] | None = None) -> dict[str, list[dict[str, Any]]]:
    """Return every row of every table by column name."""
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        return {
            table: [dict(row) for row in connection.execute(f'SELECT * FROM "{table}" ORDER BY 1')]
            for table in tables or tables_of(connection)
        }


def _columns_of(old: dict[str, Any], rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows with the columns alone that an old row had: a new version may add some."""
    return [{name: row[name] for name in old} for row in rows]


def test_every_earlier_version_has_a_stored_database() -> None:
    earlier = {f"v{number:04d}" for number in range(1, int(schema.HEAD))}
    assert {path.stem for path in STORED} >= earlier
    assert all(path.stat().st_size < LARGEST for path in STORED)


@pytest.mark.parametrize("stored", STORED, ids=lambda path: path.stem)
def test_stored_database_stands_at_its_version_and_every_table_has_rows(stored: Path) -> None:
    assert schema.schema_version(stored) == stored.stem.removeprefix("v")
    assert [table for table, rows in content_of(stored).items() if not rows] == []


@pytest.mark.parametrize("stored", STORED, ids=lambda path: path.stem)
def test_upgrade_keeps_every_row_and_every_reference(stored: Path, tmp_path: Path) -> None:
    path = tmp_path / "cdo.sqlite3"
    shutil.copy(stored, path)
    before = content_of(path)
    open_database(path).close()
    assert schema.schema_version(path) == schema.HEAD
    after = content_of(path, list(before))
    assert {table: _columns_of(before[table][0], rows) for table, rows in after.items()} == before
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.parametrize("stored", STORED, ids=lambda path: path.stem)
def test_forms_of_an_upgraded_database_hold_what_its_own_program_printed(
    stored: Path, tmp_path: Path
) -> None:
    printed = json.loads(FOLDER.joinpath("forms.json").read_text(encoding="utf-8"))[stored.stem]
    copy_office(stored, tmp_path)
    with Office(tmp_path, Clock(PRINTED_ON)) as office:
        sheets = office.forms.compose().sheets
    assert len(printed) > 100
    assert {sheet.title: content_digest(sheet.data) for sheet in sheets} == printed


@pytest.mark.parametrize("stored", STORED, ids=lambda path: path.stem)
def test_upgraded_database_has_the_same_tables_and_triggers_as_a_new_one(
    stored: Path, migrated_file: Path, tmp_path: Path
) -> None:
    path = tmp_path / "cdo.sqlite3"
    shutil.copy(stored, path)
    open_database(path).close()

    def definitions(file: Path) -> list[tuple[str, str]]:
        with closing(sqlite3.connect(file)) as connection:
            return connection.execute(
                "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name"
            ).fetchall()

    assert definitions(path) == definitions(migrated_file)


def test_upgrade_killed_between_two_statements_leaves_the_old_or_the_new_database(tmp_path: Path) -> None:
    results = kill_upgrade.run(tmp_path, every=240, versions=("none", STORED[0].stem))
    assert [losses.lost for losses in results] == [[], []]
    assert sum(losses.trials for losses in results) >= 6
