"""What an import would do, line by line: compared with the register, decided, written by nobody yet."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from cdo_desktop.documents.readers.roster_sheet import CellRef, RosterLine, RosterProblem, RosterSheet
from cdo_desktop.errors import InvalidFormError
from cdo_desktop.rules.filing import overlaps
from cdo_desktop.rules.roster_columns import RosterField
from cdo_desktop.rules.text import is_masked
from cdo_desktop.rules.vocabulary import FILED_POSTS, FilingKind, FilingState, PostKind
from cdo_desktop.services.appointments import FilingDraft, PostInfo
from cdo_desktop.services.holder_draft import HOLDER_COLUMNS, HOLDER_LABELS, HolderDraft, checked_holder
from cdo_desktop.services.journal import Value
from cdo_desktop.services.roster_snapshot import Snapshot, StoredHolder
from cdo_desktop.services.roster_units import PlannedUnit, UnitPlanner

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


@dataclass(frozen=True)
class FieldChange:
    """One field of a line, as stored and as the sheet has it."""

    label: str
    before: str
    after: str


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


def make_plan(snapshot: Snapshot, sheet: RosterSheet, choices: ImportChoices) -> RosterPlan:
    """Compare a sheet with the register."""
    planner = _Planner(snapshot, choices)
    return RosterPlan(tuple(planner.plan(line) for line in sheet.lines), sheet.problems)


@dataclass
class _Work:
    """A line while it is being looked at."""

    line: RosterLine
    problems: list[RosterProblem]
    changes: list[FieldChange] = field(default_factory=list)

    def report(self, column: RosterField | None, message: str, *, blocking: bool = True) -> None:
        ref = self.line.cells.get(column) if column else None
        if ref is None:
            ref = next(iter(self.line.cells.values()), CellRef(self.line.sheet, self.line.row, 1))
        self.problems.append(RosterProblem(ref, column, message, blocking))

    @property
    def blocked(self) -> bool:
        return any(problem.blocking for problem in self.problems)

    def text(self, column: RosterField) -> str:
        value = self.line.values.get(column, "")
        return value if isinstance(value, str) else value.isoformat()


class _Planner:
    """Plans line after line; remembers what earlier lines of the same sheet already claim."""

    def __init__(self, snapshot: Snapshot, choices: ImportChoices) -> None:
        self._snapshot = snapshot
        self._choices = choices
        self._units = UnitPlanner(snapshot, choices.same_units, choices.new_units)
        self._claimed: dict[tuple[object, ...], RosterLine] = {}

    def plan(self, line: RosterLine) -> PlannedLine:
        work = _Work(line, list(line.problems))
        kind = _post_kind(work)
        unit = self._units.plan(work, kind) if kind else None
        if kind is None or unit is None or work.blocked:
            return self._problem(work, unit)
        duplicate = self._claim(line, unit, kind)
        if duplicate is not None:
            work.report(RosterField.NAME, f"与第 {duplicate.row} 行是同一单位的同一岗位，请只保留一行。")
            return self._problem(work, unit)
        work.changes += [FieldChange(*change) for change in unit.changes]
        if not work.text(RosterField.NAME):
            return self._vacant(work, unit, kind)
        return self._holder(work, unit, kind)

    def _claim(self, line: RosterLine, unit: PlannedUnit, kind: PostKind) -> RosterLine | None:
        """Take the post for this line; return the earlier line that took it already."""
        name = line.values.get(RosterField.NAME, "") if kind.many_holders else ""
        owner = self._claimed.setdefault((unit.key, kind, name), line)
        return None if owner is line else owner

    def _vacant(self, work: _Work, unit: PlannedUnit, kind: PostKind) -> PlannedLine:
        holder = self._incumbent(unit, kind, "")
        if holder is not None and not kind.many_holders:
            work.report(
                RosterField.NAME,
                f"表中没有姓名，名册中的现任“{holder.draft.name}”保持不变；离任请在名册中办理。",
                blocking=False,
            )
        line_kind = _kind_of(unit, work.changes, LineAction.NOTHING)
        return self._planned(work, line_kind, LineAction.NOTHING, unit, kind)

    def _holder(self, work: _Work, unit: PlannedUnit, kind: PostKind) -> PlannedLine:
        post = self._post(unit, kind)
        name = work.text(RosterField.NAME)
        stored = self._incumbent(unit, kind, name)
        base = stored.draft if stored and stored.draft.name == name else _new_draft(post, kind)
        draft = _checked(work, _merged(base, work.line.values))
        if draft is None:
            return self._problem(work, unit)
        if stored is None:
            return self._appointment(work, unit, kind, draft, post)
        if stored.draft.name == draft.name:
            return self._update(work, unit, kind, draft, stored)
        return self._other_person(work, unit, kind, draft, stored)

    def _appointment(
        self, work: _Work, unit: PlannedUnit, kind: PostKind, draft: HolderDraft, post: PostInfo | None
    ) -> PlannedLine:
        past = self._snapshot.holders.get(post.post_id, []) if post and not kind.many_holders else []
        if draft.since and overlaps(draft.since, None, ((s.draft.since or date.min, s.until) for s in past)):
            last = past[0]
            work.report(
                RosterField.SINCE,
                f"任职日期与前任“{last.draft.name}”的任期（至 {last.until}）重叠，请核对。",
            )
            return self._problem(work, unit)
        filing = _filing(work, FilingDraft())
        _notice_missing(work, kind, draft)
        return self._planned(work, LineKind.NEW, LineAction.APPOINT, unit, kind, draft, None, filing)

    def _update(
        self, work: _Work, unit: PlannedUnit, kind: PostKind, draft: HolderDraft, stored: StoredHolder
    ) -> PlannedLine:
        if draft.since != stored.draft.since and self._meets_predecessor(draft, stored, kind):
            work.report(RosterField.SINCE, "改后的任职日期与前任的任期重叠，请核对。")
            return self._problem(work, unit)
        holder_changes = _differences(stored.draft, draft)
        filing, filing_changes = self._filing_update(work, stored, kind)
        work.changes += holder_changes + filing_changes
        action = LineAction.UPDATE if holder_changes or filing_changes else LineAction.NOTHING
        line_kind = _kind_of(unit, work.changes, action)
        return self._planned(work, line_kind, action, unit, kind, draft, stored, filing)

    def _meets_predecessor(self, draft: HolderDraft, stored: StoredHolder, kind: PostKind) -> bool:
        if kind.many_holders or draft.since is None:
            return False
        past = self._snapshot.holders[stored.draft.post_id]
        others = [(s.draft.since or date.min, s.until) for s in past if s is not stored]
        return overlaps(draft.since, stored.until, others)

    def _filing_update(
        self, work: _Work, stored: StoredHolder, kind: PostKind
    ) -> tuple[FilingDraft, list[FieldChange]]:
        filing = _filing(work, stored.filing)
        changes = [
            FieldChange(column.value, _shown(getattr(stored.filing, name)), _shown(getattr(filing, name)))
            for column, name in FILING_COLUMNS.items()
            if getattr(stored.filing, name) != getattr(filing, name)
        ]
        if not changes or kind not in FILED_POSTS:
            return stored.filing, []
        if stored.filing_state not in (FilingState.DRAFT, FilingState.ISSUED):
            work.report(
                None, f"这次备案{stored.filing_state or '不存在'}，表中的变更情况没有采用。", blocking=False
            )
            return stored.filing, []
        return filing, changes

    def _other_person(
        self, work: _Work, unit: PlannedUnit, kind: PostKind, draft: HolderDraft, stored: StoredHolder
    ) -> PlannedLine:
        present = stored.draft.name
        key = line_key(work.line)
        work.changes.append(FieldChange(RosterField.NAME.value, present, draft.name))
        if key in self._choices.corrections:
            merged = replace(_merged(stored.draft, work.line.values), name=draft.name)
            work.changes += _differences(stored.draft, merged, skip=("name",))
            return self._planned(
                work, LineKind.CHANGED, LineAction.CORRECT, unit, kind, merged, stored, stored.filing, present
            )
        since, present_since = draft.since or date.max, stored.draft.since or date.min
        if since <= present_since:
            work.report(
                RosterField.NAME,
                f"名册中现任是“{present}”（{present_since} 起），表中是“{draft.name}”，"
                f"任职日期 {since} 不晚于现任：如是登记有误，请选择“登记更正”；如是更换，请改正任职日期。",
            )
        elif not (self._choices.all_replacements or key in self._choices.replacements):
            work.report(RosterField.NAME, f"名册中现任是“{present}”，表中是“{draft.name}”：请确认是否更换。")
        filing = _filing(work, FilingDraft())
        kind_of_line = LineKind.PROBLEM if work.blocked else LineKind.CHANGED
        return self._planned(
            work, kind_of_line, LineAction.REPLACE, unit, kind, draft, stored, filing, present
        )

    def _post(self, unit: PlannedUnit, kind: PostKind) -> PostInfo | None:
        return self._snapshot.posts.get((unit.unit_id, kind)) if unit.unit_id else None

    def _incumbent(self, unit: PlannedUnit, kind: PostKind, name: str) -> StoredHolder | None:
        """Return the open tenure of a post; in a team, that of the named member."""
        post = self._post(unit, kind)
        held = self._snapshot.holders.get(post.post_id, []) if post else []
        open_ones = [holder for holder in held if holder.until is None]
        if kind.many_holders:
            open_ones = [holder for holder in open_ones if holder.draft.name == name]
        return open_ones[0] if open_ones else None

    def _problem(self, work: _Work, unit: PlannedUnit | None) -> PlannedLine:
        return self._planned(work, LineKind.PROBLEM, LineAction.NOTHING, unit, None)

    def _planned(
        self,
        work: _Work,
        line_kind: LineKind,
        action: LineAction,
        unit: PlannedUnit | None,
        kind: PostKind | None,
        draft: HolderDraft | None = None,
        stored: StoredHolder | None = None,
        filing: FilingDraft | None = None,
        replaces: str = "",
    ) -> PlannedLine:
        return PlannedLine(
            line=work.line,
            kind=line_kind,
            action=action,
            unit_name=unit.draft.short_name if unit else work.text(RosterField.UNIT_FULL_NAME),
            post=kind or work.text(RosterField.POST),
            name=work.text(RosterField.NAME),
            unit=unit,
            draft=draft,
            stored=stored,
            filing=filing or FilingDraft(),
            changes=tuple(work.changes),
            problems=tuple(work.problems),
            replaces=replaces,
        )


# The one place that ties a roster column to the paper of the change.
FILING_COLUMNS: dict[RosterField, str] = {
    RosterField.FILING_KIND: "kind",
    RosterField.FILLED_ON: "filled_on",
    RosterField.CHANGE_REASON: "change_reason",
    RosterField.CHANGE_DATE: "change_date",
    RosterField.PREDECESSOR: "predecessor_name",
    RosterField.PREDECESSOR_TITLE: "predecessor_title",
    RosterField.HANDOVER: "handover",
    RosterField.FILLER: "filler",
    RosterField.FILLER_PHONE: "filler_phone",
}


def _post_kind(work: _Work) -> PostKind | None:
    text = work.text(RosterField.POST)
    if text in tuple(PostKind):
        return PostKind(text)
    if not work.blocked:
        work.report(RosterField.POST, "岗位未填，请填“首席数据官”或“数据专员”。")
    return None


def _new_draft(post: PostInfo | None, kind: PostKind) -> HolderDraft:
    return HolderDraft(post_id=post.post_id if post else 0, post=kind)


def _merged(base: HolderDraft, values: Mapping[RosterField, str | date]) -> HolderDraft:
    """Lay the sheet's values over a draft; masked and absent ones leave what is there."""
    said = {
        name: values[column]
        for column, name in HOLDER_COLUMNS.items()
        if values.get(column) and not _is_kept(column, values[column])
    }
    return replace(base, **said)  # type: ignore[arg-type]


_PHONES = (RosterField.MOBILE, RosterField.OFFICE_PHONE, RosterField.BACKUP_PHONE)


def _is_kept(column: RosterField, value: str | date) -> bool:
    return column in _PHONES and isinstance(value, str) and is_masked(value)


def _checked(work: _Work, draft: HolderDraft) -> HolderDraft | None:
    try:
        return checked_holder(draft)
    except InvalidFormError as error:
        columns = {name: column for column, name in HOLDER_COLUMNS.items()}
        for name, message in error.messages.items():
            column = columns.get(name)
            if not any(problem.field is column and problem.blocking for problem in work.problems):
                work.report(column, message)
        return None


def _filing(work: _Work, base: FilingDraft) -> FilingDraft:
    said: dict[str, object] = {}
    for column, name in FILING_COLUMNS.items():
        value = work.line.values.get(column)
        if value and not (isinstance(value, str) and is_masked(value)):
            said[name] = FilingKind(value) if column is RosterField.FILING_KIND else value
    return replace(base, **said)  # type: ignore[arg-type]


def _differences(before: HolderDraft, after: HolderDraft, skip: Iterable[str] = ()) -> list[FieldChange]:
    return [
        FieldChange(
            HOLDER_LABELS[item.name], _shown(getattr(before, item.name)), _shown(getattr(after, item.name))
        )
        for item in fields(HolderDraft)
        if item.name in HOLDER_LABELS
        and item.name not in skip
        and getattr(before, item.name) != getattr(after, item.name)
    ]


def _kind_of(unit: PlannedUnit, changes: list[FieldChange], action: LineAction) -> LineKind:
    if unit.unit_id is None:
        return LineKind.NEW
    return LineKind.CHANGED if changes or action is LineAction.UPDATE else LineKind.SAME


def _notice_missing(work: _Work, kind: PostKind, draft: HolderDraft) -> None:
    """Name what the form will lack; the paper can still be completed later."""
    wanted: list[tuple[RosterField, str]] = [
        (RosterField.TITLE, draft.title or draft.section),
        (RosterField.BASIS, draft.basis),
        (RosterField.MOBILE, draft.mobile or draft.office_phone),
    ]
    if kind is PostKind.CDO:
        wanted.append((RosterField.HEAD, draft.head_status))
    missing = [column.value for column, value in wanted if not value]
    if missing and kind in FILED_POSTS:
        work.report(None, f"备案表需要的{'、'.join(missing)}没有填，可以以后补。", blocking=False)


def _shown(value: Value) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)
