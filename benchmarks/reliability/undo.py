"""R32: random work on the register, all of it undone and done again; every state on the way must be the same.

A clerk of the sample district appoints, replaces, corrects, renames, merges, imports, and undoes a few steps
now and then, until so many steps can be undone. Then all are undone, done again and undone, and each time all
rows of the register (versions aside) and the search index are compared with what they were at that point.
"""

import argparse
import sqlite3
import sys
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

from benchmarks.reliability.offices import TODAY, Clerk, Clock, copy_office, make_sample, make_sheet
from cdo_desktop import paths
from cdo_desktop.documents.readers.roster_sheet import RosterSheet
from cdo_desktop.office import Office
from cdo_desktop.services.second_names import SecondNameDraft
from cdo_desktop.services.unit_reform import NewUnit, Reform, UnitRef
from cdo_desktop.services.units import NameChange, UnitRow
from cdo_desktop.store.row_changes import WATCHED

SEQUENCES, STEPS = 500, 30
_MOST_ACTIONS = 1000  # a clerk who needs more has come to nothing

Dump: TypeAlias = dict[str, list[tuple[object, ...]]]


class UndoClerk(Clerk):
    """Does everything that changes the register and that the ordinary clerk leaves out, too."""

    def __init__(self, office: Office, seed: int, sheet: RosterSheet | None) -> None:
        super().__init__(office, seed, sheet)
        more = (
            self._move_first_day,
            self._rename_on_a_day,
            self._check_names,
            self._plate,
            self._change_plate,
        )
        reforms = (self._merge, self._split, self._abolish)
        self._actions = (*self._actions, *more, *reforms)

    def _move_first_day(self) -> None:
        opened = self._office.holders.get(self._held_row().tenure_id or 0)
        if opened.since is not None:
            days = timedelta(days=self._chance.randint(-20, 20))
            self._office.holders.update(
                opened, replace(opened, since=opened.since + days, title=self._name())
            )

    def _rename_on_a_day(self) -> None:
        opened = self._office.units.get(self._unit().unit_id)
        name = f"改名{self._chance.randrange(10_000)}"
        self._office.units.save(replace(opened, short_name=name, full_name=f"区{name}"), opened, TODAY)

    def _check_names(self) -> None:
        units = self._chance.sample(self._office.units.rows(), 3)
        self._office.units.save_names(
            [NameChange(unit, f"{unit.full_name}{self._name()}", True) for unit in units]
        )

    def _plate(self) -> None:
        name = f"挂牌{self._chance.randrange(10_000)}"
        draft = SecondNameDraft(self._unit().unit_id, full_name=f"区{name}", short_name=name, since=TODAY)
        self._office.system.second_names.save(draft)

    def _change_plate(self) -> None:
        names = self._office.system.second_names
        rows = register_dump(self._office.data_folder)["unit_second_names"]
        found = [plate for unit_id in {int(str(row[1])) for row in rows} for plate in names.names_of(unit_id)]
        if found:
            plate = self._chance.choice(found)
            if self._chance.random() < 0.5:
                names.remove(plate)
            else:
                names.save(replace(plate, paper=self._name()), plate)

    def _merge(self) -> None:
        ended, into = self._chance.sample(self._office.units.rows(), 2)
        self._office.system.unit_changes.merge([_ref(ended)], _ref(into), self._reform(), keep_names=True)

    def _split(self) -> None:
        unit = self._unit()
        draft = replace(
            self._office.units.get(unit.unit_id),
            unit_id=None,
            full_name=f"区{self._name()}中心",
            short_name=f"{self._name()}中心",
            sort_order=0,
        )
        self._office.system.unit_changes.split(_ref(unit), [NewUnit(draft)], self._reform(), goes_on=True)

    def _abolish(self) -> None:
        self._office.system.unit_changes.abolish(_ref(self._unit()), self._reform())

    def _unit(self) -> UnitRow:
        return self._chance.choice(self._office.units.rows())

    def _reform(self) -> Reform:
        return Reform(TODAY, f"宝编〔2026〕{self._chance.randrange(99)}号")


def _ref(unit: UnitRow) -> UnitRef:
    return UnitRef(unit.unit_id, unit.version)


@dataclass
class Outcome:
    """What came of sequences; ``differing`` must stay 0."""

    sequences: int = 0
    steps: int = 0
    undone: int = 0
    redone: int = 0
    differing: int = 0
    ended: int = 0  # actions that cannot be undone, and say so: a paper that is out was part of them
    actions: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        kinds = " ".join(f"{name}={count}" for name, count in sorted(self.actions.items()))
        return (
            f"R32 sequences={self.sequences} steps={self.steps} undone={self.undone} redone={self.redone} "
            f"ended={self.ended} differing={self.differing}\nundone steps by kind: {kinds}"
        )


def register_dump(folder: Path) -> Dump:
    """Return every row of the register but for versions, and what the search index holds."""
    found: Dump = {}
    with closing(sqlite3.connect(folder / paths.DATABASE_NAME)) as connection:
        for table in WATCHED:
            names = [
                row[1] for row in connection.execute(f"PRAGMA table_info({table})") if row[1] != "version"
            ]
            found[table] = connection.execute(
                f"SELECT {', '.join(names)} FROM {table} ORDER BY id"
            ).fetchall()
        query = "SELECT rowid, whole, inner, characters FROM search ORDER BY rowid"
        found["search"] = connection.execute(query).fetchall()
        found["pending"] = connection.execute("SELECT id FROM search_pending").fetchall()
    return found


class Sequence:
    """One clerk's work, with what the register held after each step that can be undone."""

    def __init__(self, office: Office, clerk: UndoClerk, outcome: Outcome) -> None:
        self._folder = office.data_folder
        self._undo = office.undo
        self._clerk = clerk
        self._outcome = outcome
        self._dumps = [register_dump(self._folder)]
        self._labels: list[str] = []

    def work(self, steps: int, chance: int) -> None:
        """Let the clerk work until ``steps`` can be undone, undoing a few now and then."""
        for number in range(_MOST_ACTIONS):
            if len(self._labels) >= steps:
                return
            before = self._undo.state.undo.number
            self._clerk.step()
            now = self._undo.state.undo
            if now.number > before:
                self._dumps.append(register_dump(self._folder))
                self._labels.append(now.label)
            elif before and not now.possible:
                self._outcome.ended += 1
                self._dumps, self._labels = [register_dump(self._folder)], []
            elif (
                not before
            ):  # there was nothing to undo, and is nothing still: perhaps it could not be undone
                self._dumps = [register_dump(self._folder)]
            if (number + chance) % 7 == 0:
                self._go_back(min(3, len(self._labels)), back_again=number % 2)
        raise SystemExit(f"only {len(self._labels)} steps after {_MOST_ACTIONS} actions")

    def _go_back(self, count: int, *, back_again: int) -> None:
        place = len(self._labels)
        for earlier in range(place - 1, place - 1 - count, -1):
            self._turn(earlier, back=True)
        for later in range(place - count + 1, place + 1) if back_again else ():
            self._turn(later, back=False)
        if not back_again:
            del self._dumps[place - count + 1 :]
            del self._labels[place - count :]

    def undo_and_redo_all(self) -> None:
        """Undo every step and do it again, comparing each time."""
        steps = len(self._labels)
        self._outcome.steps += steps
        self._outcome.actions.update(label.split()[0] for label in self._labels)
        for place in range(steps - 1, -1, -1):
            self._turn(place, back=True)
        for place in range(1, steps + 1):
            self._turn(place, back=False)
        for place in range(steps - 1, -1, -1):
            self._turn(place, back=True)

    def _turn(self, place: int, *, back: bool) -> None:
        """Undo or redo one step, after which the register must be as it was at this place."""
        state = self._undo.state
        told = self._undo.undo(state.undo.number) if back else self._undo.redo(state.redo.number)
        self._outcome.undone += back
        self._outcome.redone += not back
        wrong = told.label != self._labels[place if back else place - 1]
        self._outcome.differing += wrong or register_dump(self._folder) != self._dumps[place]


def run_sequence(
    sample: Path, folder: Path, seed: int, steps: int, sheet: RosterSheet | None, outcome: Outcome
) -> None:
    """Work on a copy of the sample and undo it all; counts go into ``outcome``."""
    copy_office(sample, folder)
    with Office(folder, Clock()) as office:
        sequence = Sequence(office, UndoClerk(office, seed, sheet), outcome)
        sequence.work(steps, seed)
        sequence.undo_and_redo_all()
    outcome.sequences += 1


def main() -> int:
    """Run the sequences, print the counts, and return 1 if any state differed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sequences", type=int, default=SEQUENCES)
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    outcome, begun = Outcome(), time.monotonic()
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        sample = make_sample(folder / "sample")
        sheet = make_sheet(sample, folder / "sheet")
        for seed in range(options.seed, options.seed + options.sequences):
            run_sequence(sample, folder / "work", seed, options.steps, sheet, outcome)
            if outcome.sequences % 50 == 0:
                print(f"{outcome.sequences} sequences, {outcome.differing} differing", flush=True)
    print(outcome)
    print(f"{time.monotonic() - begun:.0f} s")
    return 1 if outcome.differing else 0


if __name__ == "__main__":
    sys.exit(main())
