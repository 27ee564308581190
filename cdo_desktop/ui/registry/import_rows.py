"""The lines of an import preview as rows of a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cdo_desktop.documents.readers.roster_sheet import RosterProblem
from cdo_desktop.services.roster_past import last_day_of
from cdo_desktop.services.roster_plan import FieldChange, LineAction, LineKind, PlannedLine, RosterPlan
from cdo_desktop.ui.common.table_columns import CellMark, Column
from cdo_desktop.ui.common.table_model import TableQuery
from cdo_desktop.ui.common.tones import Tone
from cdo_desktop.ui.registry.import_decisions import unit_names

KIND, HINT = "kind_is", "has_hint"  # filters set by the chips
EMPTY = "（空）"

_PENDING = CellMark("help", Tone.WARNING, "待确认")
_MARKS = {
    LineKind.NEW: CellMark("user-plus", Tone.SUCCESS, "新增"),
    LineKind.CHANGED: CellMark("pencil", Tone.ACCENT, "变更"),
    LineKind.SAME: CellMark("check", Tone.MUTED, "相同"),
    LineKind.PROBLEM: CellMark("alert-circle", Tone.DANGER, "问题"),
}
_REPLACED = CellMark("replace", Tone.ACCENT, "更换")
_NOTICE = CellMark("info-circle", Tone.WARNING, "提示")


@dataclass(frozen=True)
class ImportRow:
    """One line of the sheet, or (``line`` None) something about a whole column, row or sheet."""

    place: str
    line: PlannedLine | None
    problems: tuple[RosterProblem, ...]

    @property
    def kind(self) -> LineKind | None:
        """What the row is counted as; None for a mere notice about the sheet."""
        if self.line is not None:
            return self.line.kind
        return LineKind.PROBLEM if self.is_blocked else None

    @property
    def is_blocked(self) -> bool:
        """Whether the row keeps the import from being complete."""
        return any(problem.blocking for problem in self.problems)

    @property
    def has_hint(self) -> bool:
        """Whether there is something to know that does not keep the row out."""
        return any(not problem.blocking for problem in self.problems)

    @property
    def is_pending(self) -> bool:
        """Whether a decision about the person is all that is missing."""
        line = self.line
        return line is not None and line.kind is LineKind.PROBLEM and bool(line.replaces)


def import_rows(plan: RosterPlan) -> tuple[ImportRow, ...]:
    """Return the rows of a plan: what concerns the whole sheet first, then line by line.

    Their places stay the same however often the same sheet is compared, so they serve as keys.
    """
    whole = [ImportRow(problem.ref.label, None, (problem,)) for problem in plan.sheet_problems]
    sheets = {line.line.sheet for line in plan.lines}
    for line in plan.lines:
        place = f"{line.line.sheet}!{line.line.row}" if len(sheets) > 1 else str(line.line.row)
        whole.append(ImportRow(place, line, line.problems))
    return tuple(whole)


def count_kinds(rows: Sequence[ImportRow]) -> dict[str, int]:
    """Return how many rows each choice of the chips would leave."""
    return {str(kind): sum(row.kind is kind for row in rows) for kind in LineKind}


def kind_text(row: ImportRow) -> str:
    """Say what would happen to a row."""
    if row.line is None:
        return "问题" if row.is_blocked else "提示"
    if row.is_pending:
        return "待确认"
    if row.line.kind is LineKind.CHANGED and row.line.action in (LineAction.REPLACE, LineAction.CORRECT):
        return str(row.line.action)
    return str(row.line.kind)


def change_text(change: FieldChange) -> str:
    """Return one change as 手机：13800000000 → 13900000000."""
    return f"{change.label}：{change.before or EMPTY} → {change.after or EMPTY}"


def changes_text(row: ImportRow) -> str:
    """Return all that would change, in one line."""
    line = row.line
    if line is None or (line.kind is LineKind.PROBLEM and not row.is_pending):
        return ""
    said = ["新单位"] if line.unit is not None and line.unit.unit_id is None else []
    said += [change_text(change) for change in line.changes]
    begins = line.action in (LineAction.APPOINT, LineAction.REPLACE)
    if begins and line.draft is not None and line.draft.since is not None:
        said.append(f"{line.draft.since} 起任职")
    if line.action is LineAction.PAST and line.draft is not None:
        number = f"，备案编号 {line.filing.number}" if line.filing.number else ""
        said.append(f"历任，{line.draft.since} 至 {last_day_of(line)}{number}")
    return "；".join(said)


def problem_text(problem: RosterProblem) -> str:
    """Return a problem with the label of its cell."""
    return f"{problem.ref.label}：{problem.message}"


def _problems_text(row: ImportRow) -> str:
    ordered = sorted(row.problems, key=lambda problem: not problem.blocking)
    return "；".join(problem_text(problem).rstrip("。") for problem in ordered)


def _kind_mark(row: ImportRow) -> CellMark | None:
    if row.kind is None:
        return _NOTICE
    if row.is_pending:
        return _PENDING
    if row.line is not None and row.line.action is LineAction.REPLACE and row.kind is LineKind.CHANGED:
        return _REPLACED
    return _MARKS[row.kind]


def _problem_mark(row: ImportRow) -> CellMark | None:
    if not row.problems:
        return None
    return _MARKS[LineKind.PROBLEM] if row.is_blocked and not row.is_pending else _NOTICE


def unit_text(row: ImportRow) -> str:
    """Return the unit as the register calls it, else as the sheet does."""
    if row.line is None:
        return "（整张表）"
    return row.line.unit_name or next(iter(unit_names(row.line.line)), "")


# The order of the sheet is what the clerk compares with, so nothing is sorted.
COLUMNS: tuple[Column[ImportRow], ...] = (
    Column("place", "行", lambda row: row.place, width=52, sortable=False),
    Column("kind", "类型", kind_text, width=92, mark=_kind_mark, sortable=False),
    Column("unit", "单位", unit_text, width=124, sortable=False),
    Column("post", "岗位", lambda row: row.line.post if row.line else "", width=96, sortable=False),
    Column("name", "姓名", lambda row: row.line.name if row.line else "", width=84, sortable=False),
    Column("changes", "变化", changes_text, width=230, sortable=False),
    Column("problems", "问题和提示", _problems_text, width=350, mark=_problem_mark, sortable=False),
)


class ImportSource:
    """Answers the table from the rows of the newest preview."""

    def __init__(self) -> None:
        self.all: tuple[ImportRow, ...] = ()

    def keys(self, query: TableQuery) -> Sequence[int]:
        """Return the places of the rows wanted, in the order of the sheet."""
        return [place for place, row in enumerate(self.all) if _wanted(row, query)]

    def rows(self, keys: Sequence[int]) -> Mapping[int, ImportRow]:
        """Return rows by their places."""
        return {key: self.all[key] for key in keys if key < len(self.all)}


_TEXTS = {column.key: column.text for column in COLUMNS}


def _wanted(row: ImportRow, query: TableQuery) -> bool:
    filters = dict(query.filters)
    kind, hint = filters.pop(KIND, ""), filters.pop(HINT, "")
    if kind and row.kind != kind:
        return False
    if hint and not row.has_hint:
        return False
    return all(text.strip() in _TEXTS[key](row) for key, text in filters.items())
