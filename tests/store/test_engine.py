"""read() and write(): what they promise, and what the user is told when the disk refuses."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from cdo_desktop.errors import BusyError, StorageError
from cdo_desktop.models import Setting
from cdo_desktop.store import Database, connection, open_database
from cdo_desktop.store.engine import session_errors


class Stop(BaseException):
    """Something that no handler expects."""


def settings_of(database: Database) -> dict[str, str]:
    with database.read() as session:
        return {row.key: row.value for row in session.scalars(select(Setting))}


def units_in(database: Database) -> list[tuple[str]]:
    with database.snapshot() as plain:
        return plain.execute("SELECT short_name FROM units").fetchall()


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "delete"),
        ("synchronous", 3),
        ("foreign_keys", 1),
        ("trusted_schema", 0),
        ("mmap_size", 0),
        ("secure_delete", 1),
        ("busy_timeout", 5000),
        ("locking_mode", "normal"),
    ],
)
def test_pragma_is_set_in_every_session(pragma: str, value: str | int, database: Database) -> None:
    statement = text(f"PRAGMA {pragma}")
    with database.read() as session:
        assert session.scalar(statement) == value
    with database.write() as session:
        assert session.scalar(statement) == value
    with database.read() as one, database.read() as other:
        assert (one.scalar(statement), other.scalar(statement)) == (value, value)


def test_write_commits_at_the_end(database: Database) -> None:
    with database.write() as session:
        session.add(Setting(key="单位", value="𬀩"))
    assert settings_of(database) == {"单位": "𬀩"}


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, Stop])
def test_write_takes_everything_back_on_any_error(error: type[BaseException], database: Database) -> None:
    with pytest.raises(error), database.write() as session:
        session.add(Setting(key="a", value="1"))
        session.flush()
        session.execute(text("CREATE TABLE half (id INTEGER)"))
        raise error
    assert settings_of(database) == {}
    with database.read() as session:
        assert session.scalar(text("SELECT count(*) FROM sqlite_master WHERE name = 'half'")) == 0


def test_write_takes_everything_back_when_the_database_refuses(database: Database) -> None:
    with pytest.raises(IntegrityError), database.write() as session:
        session.add(Setting(key="a", value="1"))
        session.flush()
        session.execute(text("INSERT INTO posts VALUES (1, 77, 'x', 1, '2026-01-01')"))
    assert settings_of(database) == {}


def test_read_cannot_write_and_says_so_as_a_bug(database: Database) -> None:
    with pytest.raises(OperationalError, match="readonly"), database.read() as session:
        session.execute(text("INSERT INTO settings VALUES ('a', 'b')"))
    with pytest.raises(OperationalError, match="readonly"), database.read() as session:
        session.commit()
        session.execute(text("INSERT INTO settings VALUES ('a', 'b')"))
        session.commit()
    assert settings_of(database) == {}


def test_read_sees_one_state_while_somebody_writes(database: Database) -> None:
    done = threading.Event()

    def write() -> None:
        with database.write() as session:
            session.add(Setting(key="later", value=""))
        done.set()

    writer = threading.Thread(target=write)
    count = select(func.count()).select_from(Setting)
    with database.read() as session:
        before = session.scalar(count)
        writer.start()
        assert not done.wait(0.3)
        assert session.scalar(count) == before
    writer.join()
    assert set(settings_of(database)) == {"later"}


def test_two_writers_wait_for_each_other(database: Database) -> None:
    def count_up() -> None:
        for _ in range(5):
            with database.write() as session:
                row = session.get(Setting, "n") or Setting(key="n", value="0")
                row.value = str(int(row.value) + 1)
                session.add(row)

    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert settings_of(database) == {"n": "20"}


@pytest.fixture
def locked(database: Database) -> Iterator[Database]:
    with closing(sqlite3.connect(database.path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield database


def test_locked_database_ends_in_a_sentence_within_six_seconds(locked: Database) -> None:
    begun = time.monotonic()
    with pytest.raises(StorageError, match="正被另一个程序使用.*没有保存.*请稍后再试"), locked.write():
        pytest.fail("the lock was not seen")
    assert time.monotonic() - begun < 6


def test_thread_that_never_waits_long_is_told_at_once(locked: Database) -> None:
    waited: list[float] = []

    def look() -> None:
        connection.never_wait_long()
        for ask in (units_in, settings_of, units_in):
            begun = time.monotonic()
            with pytest.raises(BusyError, match="正被另一个程序使用，暂时读不出来"):
                ask(locked)
            waited.append(time.monotonic() - begun)

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert len(waited) == 3
    assert waited[0] < 2  # 0.15 s, and then not again
    assert connection.patience() == connection.BUSY_SECONDS


def test_locked_database_cannot_be_opened_and_says_so(
    locked: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "BUSY_SECONDS", 0.2)
    with pytest.raises(StorageError, match="正被另一个程序使用"):
        open_database(locked.path)


def as_nobody(script: str, *arguments: Path) -> subprocess.CompletedProcess[str]:
    """Run a script without root's rights, which would walk through every permission."""
    code = textwrap.dedent(
        """
        import os, sys
        from pathlib import Path
        import sqlalchemy.dialects.sqlite, sqlalchemy.orm
        import alembic.command, alembic.config, alembic.script  # while the libraries can still be read
        from cdo_desktop.errors import AppError
        from cdo_desktop.models import Setting
        from cdo_desktop.store import open_database
        if os.geteuid() == 0:
            os.setgid(65534)
            os.setuid(65534)
        path = Path(sys.argv[1])
        try:
        {body}
        except AppError as error:
            print(type(error).__name__, error)
        """
    ).replace("{body}", textwrap.indent(textwrap.dedent(script).strip(), "    "))
    return subprocess.run(
        [sys.executable, "-X", "utf8", "-c", code, *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )


@pytest.fixture
def read_only_file(migrated_file: Path) -> Iterator[Path]:
    """Return a database in a folder that nobody may write to; not under pytest's own, closed to others."""
    if os.name == "nt":
        pytest.skip("chmod does not take rights away on Windows")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "cdo.sqlite3"
        shutil.copy(migrated_file, path)
        path.chmod(0o444)
        folder.chmod(0o555)
        yield path
        folder.chmod(0o755)


def test_read_only_folder_can_be_read_and_refuses_to_write_with_a_sentence(read_only_file: Path) -> None:
    done = as_nobody(
        """
        database = open_database(path)
        with database.read() as session:
            print("read", session.get(Setting, "a"))
        with database.write() as session:
            session.add(Setting(key="a", value="b"))
        """,
        read_only_file,
    )
    assert done.stderr == ""
    assert done.stdout.splitlines()[0] == "read None"
    assert f"StorageError 数据文件夹“{read_only_file.parent}”不可写" in done.stdout


@pytest.mark.parametrize("name", ["other.sqlite3", "新/cdo.sqlite3"])
def test_new_database_in_a_read_only_folder_is_refused_with_a_sentence(
    name: str, read_only_file: Path
) -> None:
    done = as_nobody("open_database(path)", read_only_file.parent / name)
    assert (done.stderr, done.stdout[:12]) == ("", "StorageError")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = (
        os.name == "posix"
        and not subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)], capture_output=True, check=False
        ).returncode
    )
    if not mounted:
        pytest.skip("no small disk can be mounted here; the injected test stands for it")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_full_disk_ends_in_a_sentence_and_changes_nothing(database: Database, small_disk: Path) -> None:
    path = small_disk / "cdo.sqlite3"
    path.write_bytes(database.path.read_bytes())
    full = open_database(path)
    with pytest.raises(StorageError, match="磁盘已满.*没有保存，原有数据没有改动"), full.write() as session:
        session.add_all(Setting(key=str(number), value="满" * 1000) for number in range(1000))
    assert settings_of(full) == {}
    with full.write() as session:
        session.add(Setting(key="next", value="works"))
    with full.read() as session:
        assert session.scalar(text("PRAGMA integrity_check")) == "ok"
    full.close()


def test_full_disk_at_the_moment_of_saving_is_a_sentence(database: Database) -> None:
    with pytest.raises(StorageError, match="磁盘已满.*请腾出空间后再试"), database.write() as session:
        session.execute(text("PRAGMA max_page_count = 1"))  # SQLite answers as on a full disk
        session.add_all(Setting(key=str(number), value="满" * 1000) for number in range(100))
    assert settings_of(database) == {}


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (sqlite3.SQLITE_IOERR_WRITE, "读写磁盘时出错"),
        (sqlite3.SQLITE_IOERR_FSYNC, "读写磁盘时出错"),
        (sqlite3.SQLITE_READONLY_ROLLBACK, "不可写"),
        (sqlite3.SQLITE_CANTOPEN_ISDIR, "打不开数据库文件"),
        (sqlite3.SQLITE_CORRUPT_VTAB, "已损坏"),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, "正被另一个程序使用"),
    ],
)
def test_every_refusal_of_the_disk_is_a_sentence(code: int, sentence: str, tmp_path: Path) -> None:
    error = sqlite3.OperationalError("refused")
    error.sqlite_errorcode = code
    with pytest.raises(StorageError, match=sentence), session_errors(tmp_path / "cdo.sqlite3"):
        raise error


def test_query_that_an_error_holds_on_to_does_not_keep_the_file_locked(database: Database) -> None:
    with database.write() as session:
        session.add_all(Setting(key=str(number), value="x" * 1000) for number in range(100))
    with database.snapshot() as plain:
        unfinished = plain.execute("SELECT key, value FROM settings")
        next(unfinished)
    with closing(sqlite3.connect(database.path, timeout=0, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")


def test_mistake_in_a_statement_stays_a_bug(database: Database) -> None:
    with pytest.raises(OperationalError, match="no such table"), database.write() as session:
        session.execute(text("SELECT * FROM nowhere"))


def test_nothing_holds_the_file_after_a_session(database: Database, tmp_path: Path) -> None:
    with database.write() as session:
        session.add(Setting(key="a", value="1"))
    held = [
        link for link in Path("/proc/self/fd").glob("*") if link.exists() and link.readlink() == database.path
    ]
    assert held == []
    database.path.replace(tmp_path / "moved.sqlite3")  # what Windows refuses for an open file


def test_session_closes_its_unfinished_queries_with_itself(database: Database) -> None:
    with database.read() as session:
        plain = session.connection().connection.cursor()
        plain.execute("SELECT 1 UNION SELECT 2")
        plain.fetchone()
    with pytest.raises(sqlite3.ProgrammingError, match="closed cursor"):
        plain.fetchone()


def test_folder_that_cannot_be_synced_after_a_commit_is_no_reason_to_say_not_saved(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    really = Session.commit

    def commit(session: Session) -> None:
        really(session)
        refused = sqlite3.OperationalError("disk I/O error")
        refused.sqlite_errorcode = sqlite3.SQLITE_IOERR_DIR_FSYNC
        raise OperationalError("COMMIT", {}, refused)

    monkeypatch.setattr(Session, "commit", commit)
    with database.write() as session:
        session.add(Setting(key="a", value="saved"))
    assert settings_of(database)["a"] == "saved"
    assert "could not be synced" in caplog.text
