"""What a transaction did to the register: noted whoever writes, turned back and forth, or refused."""

import json
import sqlite3
from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import Connection, String, delete, insert, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.types import Boolean, Date, DateTime, Integer

from cdo_desktop.models import Base, Person, Post, Tenure, Unit
from cdo_desktop.models.base import LASTING_IDS
from cdo_desktop.store import Database
from cdo_desktop.store.row_changes import (
    WATCHED,
    RowChange,
    RowsChangedError,
    changes_of,
    count_touched,
    stop_watching,
    turn,
    watch,
)

NOT_WATCHED = {
    "audit_links",  # only grow, as what they seal
    "calendar_days",  # a notice moves due dates of papers that are out
    "calendar_years",
    "history",  # only grows
    "history_redactions",
    "number_years",  # a setting
    "operators",  # nobody gets a PIN back by undoing
    "person_erasures",  # on a person's request: for good
    "receiving_bodies",  # settings of the office, each edited in its place
    "search_pending",  # follows the names
    "settings",
}
UNIT = {
    "full_name": "上海市宝山区“测绘”局\x00\n",
    "short_name": "区测绘局",
    "category": "区政府部门",
    "unit_group": "部门",
    "sort_order": 10,
    "full_name_confirmed": 1,
}
Write = Callable[[Connection], object]


def new_unit(**values: object) -> Unit:
    known = {("group" if name == "unit_group" else name): value for name, value in UNIT.items()}
    return Unit(**(known | values))


def recorded(database: Database, write: Write) -> tuple[RowChange, ...]:
    """Do something in one transaction and return what it changed."""
    with database.write() as session:
        connection = session.connection()
        watch(connection)
        write(connection)
        return changes_of(connection)


def turned(database: Database, changes: tuple[RowChange, ...], *, back: bool) -> tuple[RowChange, ...]:
    with database.write() as session:
        return turn(session.connection(), changes, back=back)


def dump(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of the register, but for versions."""
    with database.snapshot() as connection:
        return {table: connection.execute(plain_rows(table)).fetchall() for table in WATCHED}


def plain_rows(table: str) -> str:
    names = [name for name in Base.metadata.tables[table].columns.keys() if name != "version"]  # noqa: SIM118
    return f"SELECT {', '.join(names)} FROM {table} ORDER BY id"


def version_of(database: Database, table: str, row_id: int) -> int:
    with database.snapshot() as connection:
        return int(connection.execute(f"SELECT version FROM {table} WHERE id = ?", (row_id,)).fetchone()[0])


@pytest.fixture
def held(database: Database) -> Database:
    """Return a database with a unit, a post that two people held one after the other, and a spare person."""
    with database.write() as session:
        session.add(new_unit(id=1))
        session.flush()
        session.add(Post(id=1, unit_id=1, kind="数据专员", rank=6, empty_since=date(2026, 1, 1)))
        session.add_all(
            Person(id=number, name=name) for number, name in ((1, "张三"), (2, "李四"), (3, "王五"))
        )
        session.flush()
        first, second = date(2026, 1, 1), date(2026, 5, 1)
        session.add(Tenure(id=1, post_id=1, person_id=1, since=first, until=second))
        session.add(Tenure(id=2, post_id=1, person_id=2, since=second))
    return database


def test_every_table_is_watched_or_named_here_with_the_reason() -> None:
    assert set(Base.metadata.tables) == set(WATCHED) | NOT_WATCHED


def test_what_is_referred_to_is_watched_before_who_refers_to_it() -> None:
    for place, table in enumerate(WATCHED):
        parents = {key.column.table.name for key in Base.metadata.tables[table].foreign_keys}
        assert parents <= set(WATCHED[:place])


def test_images_hold_every_kind_of_column_and_ids_are_never_given_twice() -> None:
    for table in WATCHED:
        columns = Base.metadata.tables[table].columns
        assert all(
            isinstance(column.type, String | Integer | Boolean | Date | DateTime) for column in columns
        )
        assert Base.metadata.tables[table].dialect_options["sqlite"]["autoincrement"] is True
    assert LASTING_IDS


def test_an_id_that_was_taken_back_is_not_given_to_another_row(held: Database) -> None:
    changes = recorded(held, lambda db: db.execute(insert(Person).values(name="赵六", version=1)))
    turned(held, changes, back=True)
    with held.write() as session:
        person = Person(name="钱七")
        session.add(person)
        session.flush()
        assert person.id == changes[0].row_id + 1


@pytest.mark.parametrize(
    "write",
    [
        lambda db: db.execute(update(Person).values(mobile="13900000001", version=Person.version + 1)),
        lambda db: db.execute(text("UPDATE persons SET mobile = '13900000001' WHERE id = 1")),
        lambda db: db.execute(delete(Person).where(Person.id == 3)),
        lambda db: db.execute(
            insert(Person), [{"name": "赵六", "version": 7}, {"name": "钱\x00七", "version": 1}]
        ),
        lambda db: db.exec_driver_sql("INSERT OR REPLACE INTO persons SELECT * FROM persons WHERE id = 3"),
    ],
)
def test_whoever_writes_is_noted_and_turned_back_and_forth(write: Write, held: Database) -> None:
    start = dump(held)
    changes = recorded(held, write)
    end = dump(held)
    for _ in range(3):
        changes = turned(held, changes, back=True)
        assert dump(held) == start
        changes = turned(held, changes, back=False)
        assert dump(held) == end


def test_a_row_that_came_and_went_or_was_changed_back_is_no_change(held: Database) -> None:
    def write(connection: Connection) -> None:
        connection.exec_driver_sql(
            "INSERT INTO persons SELECT 9, '来去', '', '', '', '', '', '', '', '', '', 1"
        )
        connection.exec_driver_sql("DELETE FROM persons WHERE id = 9")
        connection.exec_driver_sql("UPDATE persons SET name = '张三三', version = 2 WHERE id = 1")
        connection.exec_driver_sql("UPDATE persons SET name = '张三', version = 3 WHERE id = 1")
        assert count_touched(connection) == 2

    assert recorded(held, write) == ()


def test_nothing_is_noted_after_the_end_of_the_watch(held: Database) -> None:
    def write(connection: Connection) -> None:
        connection.exec_driver_sql("UPDATE persons SET mobile = '1' WHERE id = 1")
        stop_watching(connection)
        assert not connection.exec_driver_sql(
            "SELECT name FROM temp.sqlite_master WHERE type = 'trigger'"
        ).all()
        connection.exec_driver_sql(
            "INSERT INTO persons SELECT 9, '新', '', '', '', '', '', '', '', '', '', 1"
        )
        connection.exec_driver_sql("DELETE FROM persons WHERE id = 9")
        assert count_touched(connection) == 1

    (change,) = recorded(held, write)
    assert change.row_id == 1


def test_first_and_last_image_of_a_row_touched_often(held: Database) -> None:
    def write(connection: Connection) -> None:
        for mobile in ("1", "2", "3"):
            connection.exec_driver_sql("UPDATE persons SET mobile = ? WHERE id = 1", (mobile,))

    (change,) = recorded(held, write)
    assert (change.values(after=False)["mobile"], change.values(after=True)["mobile"]) == ("", "3")
    assert json.loads(change.after or "")[0] == "张三"


def test_forms_that_are_open_become_stale_both_ways(held: Database) -> None:
    changes = recorded(
        held, lambda db: db.execute(text("UPDATE persons SET sex = '男', version = 2 WHERE id = 1"))
    )
    changes = turned(held, changes, back=True)
    assert version_of(held, "persons", 1) == 3
    turned(held, changes, back=False)
    assert version_of(held, "persons", 1) == 4


def test_a_row_that_comes_back_has_a_version_it_never_had(held: Database) -> None:
    changes = recorded(held, lambda db: db.execute(text("DELETE FROM persons WHERE id = 3")))
    changes = turned(held, changes, back=True)
    assert version_of(held, "persons", 3) == 2
    changes = turned(held, changes, back=False)
    turned(held, changes, back=True)
    assert version_of(held, "persons", 3) > 2


@pytest.mark.parametrize(
    "meanwhile",
    [
        "UPDATE persons SET email = 'a@b.cn' WHERE id = 1",
        "DELETE FROM tenures WHERE person_id = 1",
        "UPDATE tenures SET title = '科长' WHERE id = 2",
    ],
)
def test_nothing_is_turned_when_one_row_has_changed_since(meanwhile: str, held: Database) -> None:
    def write(connection: Connection) -> None:
        connection.exec_driver_sql("UPDATE persons SET mobile = '1' WHERE id = 1")
        connection.exec_driver_sql("UPDATE tenures SET note = '一'")

    changes = recorded(held, write)
    recorded(held, lambda db: db.exec_driver_sql(meanwhile))
    before = dump(held)
    with pytest.raises(RowsChangedError, match="之后又被改过。没有改动任何内容"):
        turned(held, changes, back=True)
    assert dump(held) == before


def test_a_row_that_others_refer_to_meanwhile_does_not_go(held: Database) -> None:
    changes = recorded(held, lambda db: db.execute(insert(Person).values(id=8, name="赵六", version=1)))
    recorded(held, lambda db: db.exec_driver_sql("UPDATE tenures SET person_id = 8 WHERE id = 2"))
    before = dump(held)
    with pytest.raises(IntegrityError, match="FOREIGN KEY"):
        turned(held, changes, back=True)
    assert dump(held) == before


def test_an_end_and_a_beginning_that_moved_together_move_back_in_either_direction(held: Database) -> None:
    start = dump(held)

    def later(connection: Connection) -> None:
        connection.exec_driver_sql("UPDATE tenures SET since = '2026-07-01' WHERE id = 2")
        connection.exec_driver_sql("UPDATE tenures SET until = '2026-07-01' WHERE id = 1")

    changes = recorded(held, later)
    changes = turned(held, changes, back=True)
    assert dump(held) == start
    turned(held, changes, back=False)
    with held.snapshot() as connection:
        days = connection.execute("SELECT since, until FROM tenures ORDER BY id").fetchall()
    assert days == [("2026-01-01", "2026-07-01"), ("2026-07-01", None)]


def test_images_are_written_to_no_file(held: Database) -> None:
    with held.write() as session:
        watch(session.connection())
        session.execute(text("UPDATE persons SET mobile = '1'"))
        assert session.execute(text("PRAGMA temp_store")).scalar() == 2


def test_watching_ends_with_the_transaction(held: Database) -> None:
    recorded(held, lambda db: db.execute(text("UPDATE persons SET mobile = '1'")))
    with held.write() as session, pytest.raises(Exception, match="no such table: touched"):
        count_touched(session.connection())
    with held.snapshot() as connection, pytest.raises(sqlite3.OperationalError):
        connection.execute("SELECT * FROM touched")
