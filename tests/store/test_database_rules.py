"""What the database itself refuses, whatever the program tries."""

import sqlite3
from contextlib import closing, nullcontext, suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from cdo_desktop.errors import InvalidInputError
from cdo_desktop.models import Attachment, Filing, HistoryEntry, Person, Post, Tenure, Unit
from cdo_desktop.rules.filing import overlaps
from cdo_desktop.rules.vocabulary import FilingState, PostKind
from cdo_desktop.store import Database

DAY = date(2026, 1, 1)
PEOPLE = 3


def add_post(database: Database, kind: PostKind) -> int:
    with database.write() as session:
        unit = Unit(full_name="x", short_name="x", category="其他", group="部门", sort_order=1)
        session.add(unit)
        session.flush()
        post = Post(unit_id=unit.id, kind=kind, rank=1, empty_since=DAY)
        session.add(post)
        session.add_all(Person(name=f"人{number}") for number in range(PEOPLE))
        session.flush()
        return post.id


@dataclass(frozen=True)
class Change:
    """One attempt: to add a tenure, or to move the one that is ``target``-th."""

    person: int
    since: date
    until: date | None
    target: int | None


days = st.integers(0, 12).map(lambda number: DAY + timedelta(number))


@st.composite
def changes(draw: st.DrawFn) -> Change:
    since = draw(days)
    length = draw(st.none() | st.integers(1, 8))
    until = None if length is None else since + timedelta(length)
    return Change(draw(st.integers(1, PEOPLE)), since, until, draw(st.none() | st.integers(0, 5)))


Period = tuple[int, date, date | None]  # person, since, until


def attempt(connection: sqlite3.Connection, post_id: int, change: Change, held: dict[int, Period]) -> bool:
    """Try a change and return whether it went in; the dictionary follows."""
    period = (change.person, change.since, change.until)
    values = (post_id, change.person, change.since.isoformat(), change.until and change.until.isoformat())
    texts = [column.name for column in Tenure.__table__.columns if column.name not in KEYS]
    if change.target is None or change.target >= len(held):
        names = ", ".join([*KEYS[1:], *texts])
        marks = ", ".join(["?"] * 5 + ["''"] * len(texts))
        with suppress(sqlite3.IntegrityError):
            cursor = connection.execute(f"INSERT INTO tenures ({names}) VALUES ({marks})", (*values, 1))
            held[cursor.lastrowid or 0] = period
            return True
        return False
    target = list(held)[change.target]
    with suppress(sqlite3.IntegrityError):
        connection.execute(
            "UPDATE tenures SET post_id = ?, person_id = ?, since = ?, until = ? WHERE id = ?",
            (*values, target),
        )
        held[target] = period
        return True
    return False


KEYS = ("id", "post_id", "person_id", "since", "until", "version")


@pytest.fixture(scope="module")
def posts(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int, int]:
    path = tmp_path_factory.mktemp("overlap") / "cdo.sqlite3"
    path.write_bytes(migrated_file.read_bytes())
    database = Database(path)
    single = add_post(database, PostKind.SPECIALIST)
    team = add_post(database, PostKind.OFFICE_MEMBER)
    database.close()
    return path, single, team


@settings(max_examples=150, deadline=None)
@given(attempts=st.lists(changes(), max_size=14))
def test_only_one_person_holds_a_post_on_any_day(
    attempts: list[Change], posts: tuple[Path, int, int]
) -> None:
    path, single, _ = posts
    check(path, single, attempts, same_person_only=False)


@settings(max_examples=150, deadline=None)
@given(attempts=st.lists(changes(), max_size=14))
def test_team_has_many_members_but_nobody_twice_at_once(
    attempts: list[Change], posts: tuple[Path, int, int]
) -> None:
    path, _, team = posts
    check(path, team, attempts, same_person_only=True)


def check(path: Path, post_id: int, attempts: list[Change], *, same_person_only: bool) -> None:
    """Let the database decide each attempt and compare with the rule in Python."""
    held: dict[int, Period] = {}
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN")
        for change in attempts:
            own = None
            if change.target is not None and change.target < len(held):
                own = list(held)[change.target]
            others = [
                (since, until)
                for key, (person, since, until) in held.items()
                if key != own and (person == change.person or not same_person_only)
            ]
            free = not overlaps(change.since, change.until, others)
            assert attempt(connection, post_id, change, held) == free
        connection.execute("ROLLBACK")


def test_last_possible_day_is_no_hole_in_the_rule(database: Database) -> None:
    post_id = add_post(database, PostKind.CDO)
    with database.write() as session:
        session.add(Tenure(post_id=post_id, person_id=1, since=date.max))
    with pytest.raises(InvalidInputError), database.write() as session:
        session.add(Tenure(post_id=post_id, person_id=2, since=date.max))


def test_second_holder_is_refused_with_a_sentence_for_the_date(database: Database) -> None:
    post_id = add_post(database, PostKind.CDO)
    with database.write() as session:
        session.add(Tenure(post_id=post_id, person_id=1, since=DAY))
    with (
        pytest.raises(InvalidInputError, match="已经有人任职.*没有保存") as refused,
        database.write() as session,
    ):
        session.add(Tenure(post_id=post_id, person_id=2, since=DAY + timedelta(30)))
    assert refused.value.field == "since"


def test_tenure_of_no_day_is_refused(database: Database) -> None:
    post_id = add_post(database, PostKind.CDO)
    with pytest.raises(IntegrityError, match="ck_tenures_period"), database.write() as session:
        session.add(Tenure(post_id=post_id, person_id=1, since=DAY, until=DAY))


FATE = {  # what may still be added to a filed paper
    *("version", "late_reason", "void_reason", "voided_on", "state", "stored_on", "stored_place"),
    *("scan_on", "original_on"),
}
FINAL = (FilingState.FILED, FilingState.STORED, FilingState.VOID)


def add_filing(database: Database, state: FilingState, number: str | None = "2026-001") -> int:
    post_id = add_post(database, PostKind.CDO)
    with database.write() as session:
        tenure = Tenure(post_id=post_id, person_id=1, since=DAY)
        session.add(tenure)
        session.flush()
        filing = Filing(uuid="u", tenure_id=tenure.id, kind="变更备案", state=state, number=number)
        session.add(filing)
        session.flush()
        return filing.id


def set_column(database: Database, column: str, value: object) -> None:
    with database.write() as session:
        filing = session.scalars(select(Filing)).one()
        setattr(filing, column, value)


def other_value(column: str) -> object:
    python_type = Filing.__table__.columns[column].type.python_type
    return {str: "2026-777", int: 99, bool: True, date: date(2020, 2, 2)}[python_type]


@pytest.mark.parametrize("state", FINAL)
@pytest.mark.parametrize("column", sorted(set(Filing.__table__.columns.keys()) - FATE))
def test_filed_paper_is_final(column: str, state: FilingState, database: Database) -> None:
    add_filing(database, state)
    with pytest.raises(IntegrityError, match="a filed paper is final"):
        set_column(database, column, other_value(column))


@pytest.mark.parametrize("state", FINAL)
@pytest.mark.parametrize("column", sorted(FATE - {"state"}))
def test_later_fate_of_a_filed_paper_may_be_noted(
    column: str, state: FilingState, database: Database
) -> None:
    add_filing(database, state)
    set_column(database, column, other_value(column))


@pytest.mark.parametrize("state", FINAL)
@pytest.mark.parametrize("column", ["scan_on", "original_on"])
def test_day_of_a_receipt_is_noted_once_on_a_filed_paper(
    column: str, state: FilingState, database: Database
) -> None:
    add_filing(database, state)
    set_column(database, column, DAY)
    with pytest.raises(IntegrityError, match="final"):
        set_column(database, column, None)


@pytest.mark.parametrize("entity", ["filings", "tenures"])
@pytest.mark.parametrize("change", ["DELETE FROM attachments", "UPDATE attachments SET sha256 = 'other'"])
def test_file_of_a_filed_paper_is_kept(entity: str, change: str, database: Database) -> None:
    filing_id = add_filing(database, FilingState.FILED)
    kept = pytest.raises(IntegrityError, match="is kept") if entity == "filings" else nullcontext()
    with database.write() as session:
        session.add(
            Attachment(
                entity=entity,
                entity_id=filing_id,
                name="a.pdf",
                media_type="application/pdf",
                size=1,
                sha256="0" * 64,
                added_at=datetime(2026, 11, 24),
                added_by="张三",
            )
        )
    with kept, database.write() as session:
        session.execute(text(change))


@pytest.mark.parametrize("state", FINAL)
@pytest.mark.parametrize("target", [FilingState.DRAFT, FilingState.ISSUED, FilingState.RECEIVED])
def test_filed_paper_is_never_a_draft_again(
    state: FilingState, target: FilingState, database: Database
) -> None:
    add_filing(database, state)
    with pytest.raises(IntegrityError, match="final"):
        set_column(database, "state", target)


def test_void_paper_stays_void(database: Database) -> None:
    add_filing(database, FilingState.VOID)
    with pytest.raises(IntegrityError, match="final"):
        set_column(database, "state", FilingState.FILED)


def test_void_paper_without_a_number_comes_back_as_it_was_but_is_never_filed(database: Database) -> None:
    add_filing(database, FilingState.VOID, number=None)
    for final in (FilingState.FILED, FilingState.STORED):
        with pytest.raises(IntegrityError, match="final"):
            set_column(database, "state", final)
    with pytest.raises(IntegrityError, match="final"):
        set_column(database, "change_reason", "退休")
    set_column(database, "state", FilingState.ISSUED)


@pytest.mark.parametrize("state", [*FINAL, FilingState.RECEIVED])
def test_numbered_paper_cannot_be_deleted(state: FilingState, database: Database) -> None:
    filing_id = add_filing(database, state)
    with pytest.raises(IntegrityError, match="is kept"), database.write() as session:
        session.delete(session.get_one(Filing, filing_id))


def test_number_is_never_used_twice(database: Database) -> None:
    add_filing(database, FilingState.VOID)
    with pytest.raises(IntegrityError, match="number"), database.write() as session:
        session.add(Filing(uuid="v", tenure_id=1, kind="变更备案", state="草稿", number="2026-001"))


def test_draft_can_still_be_changed(database: Database) -> None:
    add_filing(database, FilingState.DRAFT)
    set_column(database, "change_reason", "退休")
    set_column(database, "state", FilingState.FILED)


@pytest.mark.parametrize("statement", ["UPDATE history SET actor = 'x'", "DELETE FROM history"])
def test_history_is_append_only(statement: str, database: Database) -> None:
    with database.write() as session:
        session.add(
            HistoryEntry(at=DAY, actor="a", action="任命", entity="units", entity_id=1, before="", after="")
        )
    with (
        closing(sqlite3.connect(database.path)) as connection,
        pytest.raises(sqlite3.IntegrityError, match="append-only"),
    ):
        connection.execute(statement)
