"""Opening a database file: created, upgraded, or refused untouched."""

import re
import shutil
import sqlite3
import sys
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from cdo_desktop.errors import StorageError
from cdo_desktop.models import Base
from cdo_desktop.store import open_database, schema

NEXT = f"{int(schema.HEAD) + 1:04d}"


def objects_of(path: Path) -> dict[str, list[str]]:
    """Return the definition of every table and index as its sorted parts."""
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type <> 'trigger' AND sql IS NOT NULL"
            " AND name <> 'alembic_version'"
        ).fetchall()
    # A column that was added later follows its comma on the same line.
    parts = re.compile(r",\s*\n\s*|, (?=\w+ [A-Z])|\(\s*\n\s*|\s*\n\)")
    return {name: sorted(part.strip() for part in parts.split(sql.strip())) for name, sql in rows}


def digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


def set_version(path: Path, version: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (version,))


def test_migrated_schema_equals_the_declared_one(migrated_file: Path, tmp_path: Path) -> None:
    declared = tmp_path / "declared.sqlite3"
    engine = create_engine(f"sqlite:///{declared}")
    Base.metadata.create_all(engine)
    engine.dispose()
    assert len(objects_of(declared)) > 20
    assert objects_of(migrated_file) == objects_of(declared)


def test_head_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", schema.MIGRATIONS.as_posix())
    scripts = ScriptDirectory.from_config(config)
    assert scripts.get_heads() == [schema.HEAD]


def test_every_migration_is_found_by_the_name_of_its_file() -> None:
    for script in (schema.MIGRATIONS / "versions").glob("v*.py"):
        revision = re.search(r'^revision = "(.+)"$', script.read_text(encoding="utf-8"), re.MULTILINE)
        assert revision is not None
        assert script.name.startswith(f"v{revision[1]}_")


def test_new_database_stands_at_head(migrated_file: Path) -> None:
    assert schema.schema_version(migrated_file) == schema.HEAD


def test_database_opens_in_a_folder_with_an_awkward_name(tmp_path: Path) -> None:
    question_mark = "" if sys.platform == "win32" else "?"  # which Windows allows in no name
    folder = tmp_path / f"宝山 区{question_mark}名册=1#2 50%（新）"
    open_database(folder / "cdo.sqlite3").close()
    assert [entry.name for entry in folder.iterdir()] == ["cdo.sqlite3"]


def test_empty_file_becomes_a_database(tmp_path: Path) -> None:
    path = tmp_path / "cdo.sqlite3"
    path.touch()
    open_database(path).close()
    assert schema.schema_version(path) == schema.HEAD


def test_file_left_by_a_killed_first_start_becomes_a_database(tmp_path: Path) -> None:
    path = tmp_path / "cdo.sqlite3"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE units (id INTEGER)")
        connection.execute("DROP TABLE units")
    assert path.stat().st_size > 0
    open_database(path).close()
    assert schema.schema_version(path) == schema.HEAD


@pytest.mark.parametrize("version", [NEXT, "0099", f"{schema.HEAD}a"])
def test_newer_database_is_refused_and_left_as_it_is(
    version: str, migrated_file: Path, tmp_path: Path
) -> None:
    path = tmp_path / "cdo.sqlite3"
    shutil.copy(migrated_file, path)
    set_version(path, version)
    before = digest(path)
    with pytest.raises(StorageError, match=f"更新版本的程序写成（数据版本 {version}）.*文件没有改动"):
        open_database(path)
    assert digest(path) == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["cdo.sqlite3"]


@pytest.mark.parametrize(
    "statement",
    ["CREATE TABLE units (id INTEGER)", "CREATE TABLE alembic_version (version_num VARCHAR(32))"],
)
def test_database_of_another_program_is_refused(statement: str, tmp_path: Path) -> None:
    path = tmp_path / "cdo.sqlite3"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement)
    before = digest(path)
    with pytest.raises(StorageError, match="不是本程序的数据库。文件没有改动"):
        open_database(path)
    assert digest(path) == before


@pytest.mark.parametrize("content", [b"x", b"PK\x03\x04" * 300, "单位,姓名\n".encode() * 999, b"\0" * 4096])
def test_file_that_is_no_database_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "cdo.sqlite3"
    path.write_bytes(content)
    with pytest.raises(StorageError, match="已损坏或不是本程序的数据库。文件没有改动"):
        open_database(path)
    assert path.read_bytes() == content


@pytest.mark.parametrize("damage", ["header", "cut", "page"])
def test_damaged_database_is_refused_and_kept(damage: str, migrated_file: Path, tmp_path: Path) -> None:
    path = tmp_path / "cdo.sqlite3"
    content = bytearray(migrated_file.read_bytes())
    if damage == "header":
        content[:16] = b"SQLite format 4\0"
    elif damage == "cut":
        del content[len(content) // 3 :]
    else:
        content[100:4096] = bytes(byte ^ 0xA5 for byte in content[100:4096])
    path.write_bytes(content)
    with pytest.raises(StorageError, match="文件没有改动"):
        open_database(path)
    assert path.read_bytes() == bytes(content)


def test_folder_in_place_of_the_file_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "cdo.sqlite3").mkdir()
    with pytest.raises(StorageError, match="打不开数据库文件"):
        open_database(tmp_path / "cdo.sqlite3")


def test_file_in_place_of_the_folder_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "数据").write_text("x", encoding="utf-8")
    with pytest.raises(StorageError, match="不能建立文件夹"):
        open_database(tmp_path / "数据" / "cdo.sqlite3")


def test_migration_that_fails_half_way_leaves_the_old_file(
    migrated_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "cdo.sqlite3"
    shutil.copy(migrated_file, path)
    before = digest(path)
    add_migration(tmp_path / "scripts", "op.execute('INSERT INTO no_such_table VALUES (1)')", monkeypatch)
    with pytest.raises(Exception, match="no such table: no_such_table"):
        open_database(path)
    assert digest(path) == before


def test_migration_that_breaks_a_reference_is_taken_back(
    migrated_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "cdo.sqlite3"
    shutil.copy(migrated_file, path)
    before = digest(path)
    orphan = "op.execute(\"INSERT INTO posts VALUES (1, 77, '数据专员', 6, '2026-01-01')\")"
    add_migration(tmp_path / "scripts", orphan, monkeypatch)
    with pytest.raises(StorageError, match="发现 1 处关联错误，已全部退回"):
        open_database(path)
    assert digest(path) == before


def test_migration_that_succeeds_is_written(
    migrated_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "cdo.sqlite3"
    shutil.copy(migrated_file, path)
    add_migration(tmp_path / "scripts", "pass", monkeypatch)
    open_database(path).close()
    assert schema.schema_version(path) == NEXT
    assert "grown" in objects_of(path)


def add_migration(folder: Path, second_step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the program know one migration more: a table first, then ``second_step``."""
    shutil.copytree(schema.MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / f"v{NEXT}_more.py").write_text(
        "import sqlalchemy as sa\n"
        "from alembic import op\n"
        f'revision = "{NEXT}"\n'
        f'down_revision = "{schema.HEAD}"\n'
        "def upgrade():\n"
        '    op.create_table("grown", sa.Column("id", sa.Integer(), primary_key=True))\n'
        f"    {second_step}\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(schema, "MIGRATIONS", folder)
    monkeypatch.setattr(schema, "HEAD", NEXT)
