"""A first start, the next ones, and two at once."""

import shutil
import sqlite3
import threading
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from cdo_desktop import paths
from cdo_desktop.errors import StorageError
from cdo_desktop.office import Office, office_calendar
from cdo_desktop.services.appointments import FilingDraft

from .conftest import Clock, Desk


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


def test_first_start_gives_an_id_and_the_shipped_notices(empty_file: Path) -> None:
    ((identity,),) = rows(empty_file, "SELECT value FROM settings WHERE key = 'database_id'")
    assert len(str(identity)) == 36
    years = rows(empty_file, "SELECT year FROM calendar_years ORDER BY year")
    assert years == [(2023,), (2024,), (2025,), (2026,)]
    assert rows(empty_file, "SELECT is_off FROM calendar_days WHERE day = '2022-12-31'") == [(1,)]
    assert rows(empty_file, "SELECT is_off FROM calendar_days WHERE day = '2026-02-14'") == [(0,)]


def test_next_start_changes_not_one_byte(units_file: Path, tmp_path: Path) -> None:
    path = tmp_path / paths.DATABASE_NAME
    shutil.copy(units_file, path)
    before = path.read_bytes()
    with Office(tmp_path, Clock()) as office:
        assert office.units.count() == 56
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == [paths.DATABASE_NAME]


def test_two_first_starts_at_once_make_one_database(tmp_path: Path) -> None:
    errors: list[BaseException] = []

    def start() -> None:
        try:
            Office(tmp_path, Clock()).close()
        except BaseException as error:
            errors.append(error)
            raise

    threads = [threading.Thread(target=start) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    path = tmp_path / paths.DATABASE_NAME
    assert rows(path, "SELECT count(*) FROM settings WHERE key = 'database_id'") == [(1,)]
    assert rows(path, "SELECT count(*) FROM calendar_years") == [(4,)]


def test_what_the_office_entered_is_not_replaced_by_the_shipped_days(
    empty_file: Path, tmp_path: Path
) -> None:
    path = tmp_path / paths.DATABASE_NAME
    shutil.copy(empty_file, path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DELETE FROM calendar_years WHERE year = 2026")
        connection.execute("UPDATE calendar_days SET name = '本区', is_off = 1 WHERE day = '2026-02-14'")
        connection.execute("DELETE FROM calendar_days WHERE day > '2026-03-01'")
    Office(tmp_path, Clock()).close()
    assert rows(path, "SELECT name, is_off FROM calendar_days WHERE day = '2026-02-14'") == [("本区", 1)]
    assert rows(path, "SELECT is_off FROM calendar_days WHERE day = '2026-10-01'") == [(1,)]


def test_notice_that_comes_with_a_new_version_firms_the_open_due_dates(desk: Desk) -> None:
    path = desk.office.data_folder / paths.DATABASE_NAME
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DELETE FROM calendar_years WHERE year = 2026")
        connection.execute("DELETE FROM calendar_days WHERE day BETWEEN '2026-01-01' AND '2026-12-31'")
    opened = desk.appoint("罗店镇", since=date(2025, 1, 6))
    coming = desk.successor(opened, since=date(2026, 9, 30))
    desk.office.holders.replace(opened, coming, FilingDraft())
    assert desk.row("罗店镇").due_provisional
    desk.office.close()
    with Office(desk.office.data_folder, desk.clock) as office:
        row = Desk(office, desk.clock).row("罗店镇")
    assert (row.due_date, row.due_provisional) == (date(2026, 10, 10), False)


def test_calendar_of_a_folder_without_a_database_is_the_shipped_one(tmp_path: Path) -> None:
    assert str(office_calendar(tmp_path / "无").due_date(date(2026, 2, 13))) == "2026-02-25"
    assert not (tmp_path / "无").exists()


def test_office_on_a_damaged_file_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / paths.DATABASE_NAME).write_bytes(b"x" * 5000)
    with pytest.raises(StorageError, match="文件没有改动"):
        Office(tmp_path, Clock())
