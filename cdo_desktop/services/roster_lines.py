"""What a preview of an import consists of, and what the user can decide about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from cdo_desktop.documents.readers.roster_sheet import RosterLine, RosterProblem
from cdo_desktop.rules.roster_columns import RosterField
from cdo_desktop.services.appointments import FilingDraft
from cdo_desktop.services.holder_draft import HolderDraft
from cdo_desktop.services.roster_merge import FieldChange
from cdo_desktop.services.roster_snapshot import StoredHolder
from cdo_desktop.services.roster_units import PlannedUnit

LineKey: TypeAlias = tuple[str, int, str]  # sheet, row, post


class LineKind(StrEnum):
    """What the preview counts."""

    NEW = "新增"
    CHANGED = "变更"
    SAME = "相同"
    PROBLEM = "问题"


class LineAction(StrEnum):
    """What would be written for the holder of a line."""

    NOTHING = "不变"
    APPOINT = "任命"
    UPDATE = "信息更新"
    REPLACE = "更换"
    CORRECT = "登记更正"
    PAST = "补录历任"


@dataclass(frozen=True)
class ImportChoices:
    """What the user decided about lines that must not be guessed."""

    replacements: frozenset[LineKey] = frozenset()
    corrections: frozenset[LineKey] = frozenset()
    all_replacements: bool = False
    same_units: Mapping[str, int] = field(default_factory=dict)  # name in the sheet → registered unit
    new_units: frozenset[str] = frozenset()


@dataclass(frozen=True)
class PlannedLine:
    """One post of the sheet with what would happen to it."""

    line: RosterLine
    kind: LineKind
    action: LineAction
    unit_name: str
    post: str
    name: str
    unit: PlannedUnit | None
    draft: HolderDraft | None
    stored: StoredHolder | None
    filing: FilingDraft
    changes: tuple[FieldChange, ...]
    problems: tuple[RosterProblem, ...]
    replaces: str = ""  # the present holder, when the sheet names another person

    @property
    def key(self) -> LineKey:
        """Identify the line while the choices change."""
        return line_key(self.line)


@dataclass(frozen=True)
class RosterPlan:
    """The whole preview."""

    lines: tuple[PlannedLine, ...]
    sheet_problems: tuple[RosterProblem, ...]

    def count(self, kind: LineKind) -> int:
        """Return how many lines are of a kind."""
        return sum(line.kind is kind for line in self.lines)

    @property
    def problems(self) -> tuple[RosterProblem, ...]:
        """Return every problem and notice, sheet first, then in sheet order."""
        return (*self.sheet_problems, *(problem for line in self.lines for problem in line.problems))

    @property
    def is_clean(self) -> bool:
        """True when everything would go in."""
        blocked = any(problem.blocking for problem in self.sheet_problems)
        return not blocked and self.count(LineKind.PROBLEM) == 0


def line_key(line: RosterLine) -> LineKey:
    """Return sheet, row and post: side by side, a row holds two posts."""
    return line.sheet, line.row, str(line.values.get(RosterField.POST, ""))
