"""What the user decides about lines of an import that must not be guessed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from cdo_desktop.documents.readers.roster_sheet import RosterLine, RosterSheet
from cdo_desktop.rules.roster_columns import RosterField
from cdo_desktop.rules.unit_matching import KnownName, UnitNames
from cdo_desktop.services.roster_plan import ImportChoices, LineKey, PlannedLine, line_key
from cdo_desktop.services.units import UnitRow

_UNIT_NAMES = (RosterField.UNIT_FULL_NAME, RosterField.UNIT_SHORT_NAME)


@dataclass(frozen=True)
class UnitQuestion:
    """Which registered unit a line may mean; ``may_be_new`` when none carries the very name."""

    name: str
    candidates: tuple[UnitRow, ...]
    may_be_new: bool


class Decisions:
    """The decisions so far, by line for persons and by name for units."""

    def __init__(self) -> None:
        self._replaced: set[LineKey] = set()
        self._corrected: set[LineKey] = set()
        self._same: dict[str, UnitRow] = {}
        self._new: set[str] = set()

    def choices(self) -> ImportChoices:
        """Return the decisions as the import understands them."""
        return ImportChoices(
            replacements=frozenset(self._replaced),
            corrections=frozenset(self._corrected),
            same_units={name: unit.unit_id for name, unit in self._same.items()},
            new_units=frozenset(self._new),
        )

    def replace(self, lines: Iterable[PlannedLine]) -> int:
        """Confirm that the lines name successors; return how many of them may be ones."""
        keys = {line.key for line in lines if may_replace(line)}
        self._replaced |= keys
        self._corrected -= keys
        return len(keys)

    def correct(self, lines: Iterable[PlannedLine]) -> int:
        """Take the lines for corrections of a wrongly registered person; return how many may be ones."""
        keys = {line.key for line in lines if line.replaces}
        self._corrected |= keys
        self._replaced -= keys
        return len(keys)

    def same_unit(self, name: str, unit: UnitRow) -> None:
        """Take a name of the sheet for a registered unit."""
        self._new.discard(name)
        self._same[name] = unit

    def new_unit(self, name: str) -> None:
        """Take a name of the sheet for a unit that is not registered yet."""
        self._same.pop(name, None)
        self._new.add(name)

    def undo(self, lines: Iterable[PlannedLine]) -> None:
        """Take back whatever was decided about the lines and their units."""
        for line in lines:
            self._replaced.discard(line.key)
            self._corrected.discard(line.key)
            for name in unit_names(line.line):
                self._same.pop(name, None)
                self._new.discard(name)

    def about(self, line: PlannedLine) -> tuple[str, ...]:
        """Say what has been decided about a line."""
        said = []
        if line.key in self._corrected:
            said.append("已定为登记更正")
        elif line.key in self._replaced and line.replaces:
            said.append("已确认更换")
        for name in unit_names(line.line):
            if name in self._same:
                said.append(f"已定“{name}”就是{self._same[name].short_name}")
            elif name in self._new:
                said.append(f"已定“{name}”是新单位")
        return tuple(said)

    def clear(self) -> None:
        """Forget everything, because another workbook is read."""
        self._replaced.clear()
        self._corrected.clear()
        self._same.clear()
        self._new.clear()

    def keep_for(self, before: RosterSheet, now: RosterSheet) -> int:
        """Drop what was decided about lines that read differently now; return how many decisions fell.

        Rows move when somebody corrects the workbook, so a row number alone says nothing. Decisions about
        unit names hold for every line with the name and stay.
        """
        old = {line_key(line): line.values for line in before.lines}
        kept = {line_key(line) for line in now.lines if old.get(line_key(line)) == line.values}
        dropped = len((self._replaced | self._corrected) - kept)
        self._replaced &= kept
        self._corrected &= kept
        return dropped


def may_replace(line: PlannedLine) -> bool:
    """Whether a line names another person who took office after the present holder did."""
    if not line.replaces or line.draft is None or line.stored is None:
        return False
    return (line.draft.since or date.max) > (line.stored.draft.since or date.min)


def unit_names(line: RosterLine) -> tuple[str, ...]:
    """Return the names that a line gives its unit, the one that counts first."""
    return tuple(str(line.values[column]) for column in _UNIT_NAMES if line.values.get(column))


class UnitQuestions:
    """Finds the units that a line without one may mean."""

    def __init__(self, units: Iterable[UnitRow]) -> None:
        self._units: Mapping[int, UnitRow] = {unit.unit_id: unit for unit in units}
        known = [
            KnownName(unit.unit_id, name)
            for unit in self._units.values()
            for name in (unit.full_name, unit.short_name)
        ]
        self._names = UnitNames(known)

    def about(self, line: PlannedLine) -> UnitQuestion | None:
        """Return the question to put, or None when the unit of the line is in no doubt."""
        names = unit_names(line.line)
        in_doubt = any(problem.blocking and problem.field in _UNIT_NAMES for problem in line.problems)
        if line.unit is not None or not names or not in_doubt:
            return None
        found: dict[int, None] = {}
        exact = False
        for name in names:
            match = self._names.find(name)
            exact = exact or match.ambiguous or match.unit_id is not None
            found.update(dict.fromkeys(match.near if match.unit_id is None else (match.unit_id,)))
        candidates = tuple(self._units[unit_id] for unit_id in found)
        return UnitQuestion(names[0], candidates, may_be_new=not exact)
