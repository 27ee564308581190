"""R39: a hand at the audit trail past the program. Every forgery must be told of in a sentence.

An attacker opens the database with SQL, drops the triggers, changes, deletes, inserts or moves rows of the
history, of the chain or of the redactions, or cuts both off at the end, and puts the triggers back. What is
cut off at the end leaves a chain that holds: only the newest backup knows better.
"""

import argparse
import random
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.reliability.offices import Clerk, Clock, backups_of, copy_office, make_sample
from cdo_desktop.office import Office
from cdo_desktop.store.audit_chain import redact, row_digest, seal
from cdo_desktop.store.manifest import BackupKind

FORGERIES, STEPS = 1_000, 40
_HISTORY = "id, at, actor, action, entity, entity_id, unit_id, person_id, before_values, after_values"
_TABLES = ("history", "audit_links", "history_redactions")


@dataclass
class Losses:
    """Counts of what must stay 0."""

    trials: int = 0
    kinds: dict[str, int] = field(default_factory=dict)
    unseen: list[str] = field(default_factory=list)
    false_alarms: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        """Everything that must not happen."""
        return len(self.unseen) + len(self.false_alarms)

    def __str__(self) -> str:
        kinds = " ".join(f"{name}={count}" for name, count in sorted(self.kinds.items()))
        return (
            f"R39 forgeries={self.trials} unseen={len(self.unseen)} "
            f"false_alarms={len(self.false_alarms)} ({kinds})"
        )


Forgery = Callable[[sqlite3.Connection, random.Random], str]


def _ids(connection: sqlite3.Connection, table: str) -> list[int]:
    return [int(row_id) for (row_id,) in connection.execute(f"SELECT id FROM {table} ORDER BY id")]


def _edit(connection: sqlite3.Connection, chance: random.Random) -> str:
    """Change one value of one row of any of the three tables."""
    table = chance.choices(_TABLES, (8, 4, 2))[0]
    columns = connection.execute(f"PRAGMA table_info({table})").fetchall()
    name, kind, needed = chance.choice([column[1:4] for column in columns if not column[5]])
    row_id = chance.choice(_ids(connection, table))
    (old,) = connection.execute(f"SELECT {name} FROM {table} WHERE id = ?", (row_id,)).fetchone()
    is_number = kind == "INTEGER"
    new = _other_number(old, chance, needed) if is_number else _other_text(str(old or ""), chance)
    connection.execute(f"UPDATE {table} SET {name} = ? WHERE id = ?", (new, row_id))
    return f"{table} {row_id}: {name} {old!r} -> {new!r}"


def _other_number(old: int | None, chance: random.Random, needed: int) -> int | None:
    numbers: tuple[int | None, ...] = (*(() if needed else (None,)), 1, 2, 3, (old or 0) + 1)
    return chance.choice([number for number in numbers if number != old])


def _other_text(old: str, chance: random.Random) -> str:
    if not old:
        return "改"
    place = chance.randrange(len(old))
    letter = chance.choice([letter for letter in "19张 " if letter != old[place]])
    return f"{old[:place]}{letter}{old[place + 1 :]}"


def _delete(connection: sqlite3.Connection, chance: random.Random) -> str:
    """Take one row out."""
    table = chance.choices(_TABLES, (8, 4, 2))[0]
    row_id = chance.choice(_ids(connection, table))
    connection.execute(f"DELETE FROM {table} WHERE id = ?", (row_id,))
    return f"{table} {row_id} deleted"


def _delete_all_links(connection: sqlite3.Connection, _chance: random.Random) -> str:
    connection.execute("DELETE FROM audit_links")
    return "all links deleted"


def _insert(connection: sqlite3.Connection, chance: random.Random) -> str:
    """Put a row in: before all, after all, or in between, where the others make room."""
    ids = _ids(connection, "history")
    place = chance.choice([0, -5, ids[-1] + 1, ids[-1] + 7, *chance.sample(ids, 3)])
    if place in ids:
        for row_id in reversed([row_id for row_id in ids if row_id >= place]):
            connection.execute("UPDATE history SET id = id + 1 WHERE id = ?", (row_id,))
    connection.execute(
        f"INSERT INTO history ({_HISTORY}) VALUES (?, ?, '张三', '更换', 'tenures', 1, 1, 1, '', '{{}}')",
        (place, "2026-03-05 09:00:00.000000"),
    )
    return f"history {place} inserted"


def _swap(connection: sqlite3.Connection, chance: random.Random) -> str:
    """Let two rows change places."""
    table = chance.choices(_TABLES, (8, 4, 2))[0]
    one, other = chance.sample(_ids(connection, table), 2)
    for old, new in ((one, -99), (other, one), (-99, other)):
        connection.execute(f"UPDATE {table} SET id = ? WHERE id = ?", (new, old))
    return f"{table}: {one} and {other} swapped"


def _cut(connection: sqlite3.Connection, chance: random.Random) -> str:
    """Cut off the newest rows with their links: what is left holds."""
    links = _ids(connection, "audit_links")
    kept = chance.choice(links[:-1])
    query = "SELECT last_history_id, last_redaction_id FROM audit_links WHERE id = ?"
    history, redactions = connection.execute(query, (kept,)).fetchone()
    connection.execute("DELETE FROM audit_links WHERE id > ?", (kept,))
    connection.execute("DELETE FROM history_redactions WHERE id > ?", (redactions,))
    connection.execute("DELETE FROM history WHERE id > ?", (history,))
    return f"cut after link {kept}"


def _false_redaction(connection: sqlite3.Connection, chance: random.Random) -> str:
    """Change a row and pretend that it was redacted."""
    row_id = chance.choice(_ids(connection, "history"))
    query = f"SELECT {_HISTORY} FROM history WHERE id = ?"
    before = row_digest(connection.execute(query, (row_id,)).fetchone())
    connection.execute('UPDATE history SET after_values = \'{"note":"改"}\' WHERE id = ?', (row_id,))
    after = row_digest(connection.execute(query, (row_id,)).fetchone())
    connection.execute(
        "INSERT INTO history_redactions (history_id, digest_before, digest_after) VALUES (?, ?, ?)",
        (row_id, before, after),
    )
    return f"history {row_id} redacted by hand"


def _forged_link(connection: sqlite3.Connection, chance: random.Random) -> str:
    """Change a row and write the link over it anew, as far as one link goes."""
    link_id, last = chance.choice(
        connection.execute("SELECT id, last_history_id FROM audit_links WHERE id > 1 ORDER BY id").fetchall()
    )
    connection.execute("UPDATE history SET actor = '李四' WHERE id = ?", (last,))
    digest = "".join(chance.choices("0123456789abcdef", k=64))
    connection.execute("UPDATE audit_links SET digest = ? WHERE id = ?", (digest, link_id))
    return f"history {last} and link {link_id} forged"


KINDS: tuple[Forgery, ...] = (
    *(_edit, _edit, _edit, _delete, _delete, _insert, _swap, _cut, _cut),
    *(_false_redaction, _forged_link, _delete_all_links),
)


def make_office(folder: Path, steps: int) -> Path:
    """Return the database of a folder after a clerk's work, with redactions and a backup of its end."""
    sample = make_sample(folder / "sample")
    database = copy_office(sample, folder / "data")
    with Office(database.parent, Clock()) as office:
        clerk = Clerk(office, seed=39)
        for _ in range(steps):
            clerk.step()
    for place in range(2):
        redact_some(database, place)
    backups_of(database.parent).back_up(BackupKind.MANUAL)
    return database


def redact_some(database: Path, place: int) -> None:
    """Take out what three rows say, as an erasure does; some of them twice."""
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        query = "SELECT id FROM history WHERE after_values <> '' ORDER BY id LIMIT 3 OFFSET ?"
        for (history_id,) in connection.execute(query, (place,)).fetchall():
            redact(connection, history_id, "", '{"note":"（已匿名）"}')
        seal(connection, "2026-11-24 18:00:00.000000")
        connection.execute("COMMIT")


def run(forgeries: int, folder: Path, steps: int = STEPS, seed: int = 39) -> Losses:
    """Forge that often, each time in a fresh copy, and look whether the check tells of it."""
    losses = Losses()
    database = make_office(folder, steps)
    good = database.read_bytes()
    service = backups_of(database.parent)
    problems = service.check().problems
    if problems:
        losses.false_alarms.append("".join(problems))
    for number in range(forgeries):
        chance = random.Random(f"{seed}-{number}")
        kind = KINDS[number % len(KINDS)]
        database.write_bytes(good)
        done = _forge(database, kind, chance)
        losses.trials += 1
        losses.kinds[kind.__name__.strip("_")] = losses.kinds.get(kind.__name__.strip("_"), 0) + 1
        if not service.check_trail().problems:
            losses.unseen.append(done)
    return losses


def _forge(database: Path, kind: Forgery, chance: random.Random) -> str:
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        triggers = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN (?, ?, ?)", _TABLES
        ).fetchall()
        for name, _sql in triggers:
            connection.execute(f'DROP TRIGGER "{name}"')
        done = kind(connection, chance)
        for _name, sql in triggers:
            connection.execute(sql)
    return done


def main() -> int:
    """Run the trials and print the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--forgeries", type=int, default=FORGERIES)
    options = parser.parse_args()
    begun = time.monotonic()
    folder = Path(tempfile.mkdtemp())
    try:
        losses = run(options.forgeries, folder)
    finally:
        shutil.rmtree(folder)
    print(f"{losses} in {time.monotonic() - begun:.0f} s")
    for word in (*losses.unseen, *losses.false_alarms):
        print(f"  {word}")
    return 1 if losses.total else 0


if __name__ == "__main__":
    sys.exit(main())
