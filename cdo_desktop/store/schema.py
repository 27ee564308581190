"""Opening a database file: create it, bring an older one up to date, refuse a newer one."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from cdo_desktop.errors import StorageError, system_reason
from cdo_desktop.paths import make_folder
from cdo_desktop.store.connection import connect, not_a_database, storage_errors
from cdo_desktop.store.database import Database
from cdo_desktop.store.location import refuse_shared_place

HEAD = "0008"  # newest migration; a test holds it equal to the scripts
MIGRATIONS = Path(__file__).parent / "migrations"
APPLICATION_ID = 0x43444F31  # "CDO1" in the file's header, written by the first migration
SMALLEST_PAGE = 512  # bytes; no database is smaller


def open_database(path: Path, before_change: Callable[[str | None], object] | None = None) -> Database:
    """Return the database at ``path``, created or upgraded as needed.

    ``before_change`` is told the version found (None: there is no database) before it is created or
    upgraded, to back it up or to refuse. Raises StorageError when the file is not ours, is damaged, was
    written by a newer program, or lies where it could be lost; the file is untouched then.
    """
    refuse_shared_place(path.parent)
    make_folder(path.parent)
    found = schema_version(path)
    if found is not None and not _is_known(found):
        raise StorageError(
            f"数据库“{path}”由更新版本的程序写成（数据版本 {found}），本程序只认识到 {HEAD}。"
            "文件没有改动，请安装新版本的程序后再打开。"
        )
    if found != HEAD:
        if before_change is not None:
            before_change(found)
        _upgrade(path)
    return Database(path)


def schema_version(path: Path) -> str | None:
    """Return the migration a file stands at, or None for a new or empty file."""
    try:
        size = path.stat().st_size
        if size == 0:
            return None
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StorageError(
            f"打不开数据库文件“{path}”：{system_reason(error)}。文件没有改动，请检查文件夹的权限。"
        ) from error
    if size < SMALLEST_PAGE and not path.with_name(f"{path.name}-journal").exists():
        raise not_a_database(path)  # SQLite would take it for empty and write over it
    try:
        return _read_version(path)
    except sqlite3.DatabaseError as error:  # what `storage_errors` knows no sentence for
        raise not_a_database(path) from error


def _read_version(path: Path) -> str | None:
    with storage_errors(path), closing(connect(path)) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")}
        if not tables:
            return None  # its first migration was cut short and has been rolled back
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        if application != APPLICATION_ID or "alembic_version" not in tables:
            raise StorageError(f"“{path}”不是本程序的数据库。文件没有改动，请另选数据文件夹。")
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return str(row[0]) if row else None


def _is_known(version: str) -> bool:
    return any(script.name.startswith(f"v{version}_") for script in (MIGRATIONS / "versions").glob("v*.py"))


def _upgrade(path: Path) -> None:
    from alembic import command  # 0.4 s: only when a migration is due
    from alembic.config import Config

    from cdo_desktop.store.engine import create_sqlite_engine, session_errors

    config = Config()
    config.set_main_option("script_location", MIGRATIONS.as_posix().replace("%", "%%"))
    engine = create_sqlite_engine(path).execution_options(begin_statements=("BEGIN IMMEDIATE",))
    try:
        with session_errors(path), engine.connect() as connection:
            # A table rebuilt by a migration would trip its own references (design.md §7).
            connection.connection.driver_connection.execute("PRAGMA foreign_keys = OFF")  # type: ignore[union-attr]
            with connection.begin():
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
                if broken:
                    raise StorageError(
                        f"升级数据库后发现 {len(broken)} 处关联错误，已全部退回，原有数据没有改动。"
                        "请联系维护人员。"
                    )
    finally:
        engine.dispose()
