"""What an import would do, line by line: compared with the register, decided, written by nobody yet."""

from datetime import date

from cdo_desktop.documents.readers.roster_sheet import RosterLine, RosterSheet
from cdo_desktop.errors import InvalidFormError
from cdo_desktop.rules.filing import overlaps
from cdo_desktop.rules.roster_columns import RosterField
from cdo_desktop.rules.vocabulary import FILED_POSTS, PostKind
from cdo_desktop.services.appointments import FilingDraft, PostInfo
from cdo_desktop.services.holder_draft import HOLDER_COLUMNS, HolderDraft, checked_holder
from cdo_desktop.services.roster_filings import FilingPlanner
from cdo_desktop.services.roster_lines import (
    ImportChoices,
    LineAction,
    LineKey,
    LineKind,
    PlannedLine,
    RosterPlan,
    line_key,
)
from cdo_desktop.services.roster_merge import (
    PERSON_COLUMNS,
    FieldChange,
    filing_changes,
    holder_changes,
    merged_holder,
    new_holder,
    said,
    shown,
)
from cdo_desktop.services.roster_notices import (
    LineWork,
    check_day,
    notice_coming,
    notice_masked,
    notice_missing,
    with_several_posts,
)
from cdo_desktop.services.roster_past import PastTenures
from cdo_desktop.services.roster_snapshot import Snapshot, StoredHolder
from cdo_desktop.services.roster_units import PlannedUnit, UnitPlanner

__all__ = [
    "FieldChange",
    "ImportChoices",
    "LineAction",
    "LineKey",
    "LineKind",
    "PlannedLine",
    "RosterPlan",
    "line_key",
    "make_plan",
]


def make_plan(snapshot: Snapshot, sheet: RosterSheet, choices: ImportChoices) -> RosterPlan:
    """Compare a sheet with the register."""
    planner = _Planner(snapshot, choices)
    lines = (planner.plan(line) for line in sheet.lines)
    return RosterPlan(with_several_posts(snapshot, lines), sheet.problems)


class _Planner:
    """Plans line after line; remembers what earlier lines of the same sheet already claim."""

    def __init__(self, snapshot: Snapshot, choices: ImportChoices) -> None:
        self._snapshot = snapshot
        self._choices = choices
        self._units = UnitPlanner(snapshot, choices.same_units, choices.new_units)
        self._claimed: dict[tuple[object, ...], RosterLine] = {}
        self._filings = FilingPlanner(snapshot)
        self._pasts = PastTenures(snapshot)
        self._persons: dict[object, dict[str, tuple[str | date, RosterLine]]] = {}

    def plan(self, line: RosterLine) -> PlannedLine:
        planned = self._plan(LineWork(line, list(line.problems)))
        if planned.unit is not None and planned.kind is not LineKind.PROBLEM:
            self._units.accept(planned.unit)
        return planned

    def _plan(self, work: LineWork) -> PlannedLine:
        kind = _post_kind(work)
        unit = self._units.plan(work, kind) if kind else None
        if kind is None or unit is None or work.blocked:
            return self._problem(work, unit)
        duplicate = self._claim(work.line, unit, kind)
        if duplicate is not None:
            work.report(RosterField.NAME, f"与第 {duplicate.row} 行是同一单位的同一岗位，请只保留一行。")
            return self._problem(work, unit)
        work.changes += [FieldChange(*change) for change in unit.changes]
        if self._pasts.is_past(work):
            return self._past(work, unit, kind)
        if not work.text(RosterField.NAME):
            return self._vacant(work, unit, kind)
        return self._holder(work, unit, kind)

    def _claim(self, line: RosterLine, unit: PlannedUnit, kind: PostKind) -> RosterLine | None:
        """Take the post for this line; return the earlier line that took it already."""
        name = line.values.get(RosterField.NAME, "") if kind.many_holders else ""
        past = line.values.get(RosterField.SINCE, "") if line.values.get(RosterField.UNTIL) else ""
        owner = self._claimed.setdefault((unit.key, kind, name, past), line)
        return None if owner is line else owner

    def _vacant(self, work: LineWork, unit: PlannedUnit, kind: PostKind) -> PlannedLine:
        holder = self._incumbent(unit, kind, "")
        if holder is not None and not kind.many_holders:
            work.report(
                RosterField.NAME,
                f"表中没有姓名，名册中的现任“{holder.draft.name}”保持不变；离任请在名册中办理。",
                blocking=False,
            )
        line_kind = _kind_of(unit, work.changes, LineAction.NOTHING)
        return self._planned(work, line_kind, LineAction.NOTHING, unit, kind)

    def _past(self, work: LineWork, unit: PlannedUnit, kind: PostKind) -> PlannedLine:
        """Somebody who held the post before, with the paper of that time."""
        post = self._post(unit, kind)
        draft = _checked(work, new_holder(post.post_id if post else 0, kind, work.line))
        if draft is None or not self._agrees(work, draft, None):
            return self._problem(work, unit)
        known = self._pasts.known(work, draft, post)
        if known is not None:
            return self._known_past(work, unit, kind, known)
        check_day(work, RosterField.SINCE, "since", draft.since, self._snapshot.today)
        self._pasts.take(work, draft, post, (unit.key, kind))
        filing = self._filings.past(work, kind)
        if work.blocked:
            return self._problem(work, unit)
        return self._planned(work, LineKind.NEW, LineAction.PAST, unit, kind, draft, None, filing)

    def _known_past(
        self, work: LineWork, unit: PlannedUnit, kind: PostKind, stored: StoredHolder
    ) -> PlannedLine:
        """Of somebody who is gone and registered only an open paper may still be completed."""
        filing, about_filing = self._filings.complete(work, stored, kind)
        if work.blocked:
            return self._problem(work, unit)
        work.changes += about_filing
        action = LineAction.UPDATE if about_filing else LineAction.NOTHING
        line_kind = _kind_of(unit, about_filing, action)
        return self._planned(work, line_kind, action, unit, kind, stored.draft, stored, filing)

    def _holder(self, work: LineWork, unit: PlannedUnit, kind: PostKind) -> PlannedLine:
        post = self._post(unit, kind)
        name = work.text(RosterField.NAME)
        stored = self._incumbent(unit, kind, name)
        corrected = stored is not None and line_key(work.line) in self._choices.corrections
        keep = stored if stored and (corrected or stored.draft.name == name) else None
        if keep is not None:
            draft = _checked(work, merged_holder(keep.draft, work.line))
        else:
            draft = _checked(work, new_holder(post.post_id if post else 0, kind, work.line))
        if draft is None or not self._agrees(work, draft, keep):
            return self._problem(work, unit)
        if keep is None or draft.since != keep.draft.since:
            check_day(work, RosterField.SINCE, "since", draft.since, self._snapshot.today)
        if keep is None:
            notice_coming(work, draft, self._snapshot.today)
            self._pasts.take(work, draft, None, (unit.key, kind))
        if work.blocked:
            return self._problem(work, unit)
        if stored is None:
            return self._appointment(work, unit, kind, draft, post)
        if stored.draft.name == draft.name:
            return self._update(work, unit, kind, draft, stored)
        if corrected:
            return self._correction(work, unit, kind, draft, stored)
        return self._replacement(work, unit, kind, draft, stored)

    def _agrees(self, work: LineWork, draft: HolderDraft, keep: StoredHolder | None) -> bool:
        """Two lines about one person must not say different things of the person."""
        person = keep.draft.person_id if keep else self._snapshot.people.get((draft.name, draft.mobile))
        if person is None and not draft.mobile:
            return True
        key: object = person or (draft.name, draft.mobile)
        told = said(work.line, PERSON_COLUMNS)
        earlier_told = self._persons.setdefault(key, {})
        for column, name in PERSON_COLUMNS.items():
            value = told.get(name)
            if value is None:
                continue
            earlier, line = earlier_told.setdefault(name, (value, work.line))
            if earlier != value:
                work.report(
                    column,
                    f"与第 {line.row} 行是同一人，那一行的{column.value}是“{shown(earlier)}”，请改为一致。",
                )
                return False
        return True

    def _appointment(
        self, work: LineWork, unit: PlannedUnit, kind: PostKind, draft: HolderDraft, post: PostInfo | None
    ) -> PlannedLine:
        past = self._snapshot.holders.get(post.post_id, []) if post and not kind.many_holders else []
        if draft.since and overlaps(draft.since, None, ((s.draft.since or date.min, s.until) for s in past)):
            last = past[0]
            work.report(
                RosterField.SINCE,
                f"任职日期与前任“{last.draft.name}”的任期（至 {last.until}）重叠，请核对。",
            )
            return self._problem(work, unit)
        filing = self._filings.new(work, kind)
        if work.blocked:
            return self._problem(work, unit)
        notice_missing(work, kind, draft)
        notice_masked(work, draft, filing)
        return self._planned(work, LineKind.NEW, LineAction.APPOINT, unit, kind, draft, None, filing)

    def _update(
        self, work: LineWork, unit: PlannedUnit, kind: PostKind, draft: HolderDraft, stored: StoredHolder
    ) -> PlannedLine:
        if draft.since != stored.draft.since and not self._fits(work, draft, stored, kind):
            return self._problem(work, unit)
        changes = holder_changes(stored.draft, draft)
        filing, about_filing = self._filings.update(work, stored, kind)
        if work.blocked:
            return self._problem(work, unit)
        work.changes += changes + about_filing
        notice_masked(work, draft, filing)
        action = LineAction.UPDATE if changes or about_filing else LineAction.NOTHING
        line_kind = _kind_of(unit, work.changes, action)
        return self._planned(work, line_kind, action, unit, kind, draft, stored, filing)

    def _fits(self, work: LineWork, draft: HolderDraft, stored: StoredHolder, kind: PostKind) -> bool:
        """Report a new first day that meets another holder or the holder's own last day."""
        since = draft.since or date.min
        if stored.until is not None and since >= stored.until:
            work.report(RosterField.SINCE, f"任职日期要早于已登记的离任日期 {stored.until}，请核对。")
            return False
        others = [
            (other.draft.since or date.min, other.until)
            for other in self._snapshot.holders[stored.draft.post_id]
            if other is not stored
        ]
        if not kind.many_holders and overlaps(since, stored.until, others):
            work.report(RosterField.SINCE, "改后的任职日期与前任的任期重叠，请核对。")
            return False
        return True

    def _correction(
        self, work: LineWork, unit: PlannedUnit, kind: PostKind, draft: HolderDraft, stored: StoredHolder
    ) -> PlannedLine:
        """The register had the wrong name from the start: the tenure stays, its person is put right."""
        if draft.since != stored.draft.since and not self._fits(work, draft, stored, kind):
            return self._problem(work, unit)
        work.changes += holder_changes(stored.draft, draft)
        return self._planned(
            work,
            LineKind.CHANGED,
            LineAction.CORRECT,
            unit,
            kind,
            draft,
            stored,
            stored.filing,
            stored.draft.name,
        )

    def _replacement(
        self, work: LineWork, unit: PlannedUnit, kind: PostKind, draft: HolderDraft, stored: StoredHolder
    ) -> PlannedLine:
        present = stored.draft.name
        key = line_key(work.line)
        work.changes.append(FieldChange(RosterField.NAME.value, present, draft.name))
        since, present_since = draft.since or date.max, stored.draft.since or date.min
        if since <= present_since:
            work.report(
                RosterField.NAME,
                f"名册中现任是“{present}”（{present_since} 起），表中是“{draft.name}”，"
                f"任职日期 {since} 不晚于现任：如是登记有误，请选择“登记更正”；如是更换，请改正任职日期。",
            )
        elif not (self._choices.all_replacements or key in self._choices.replacements):
            work.report(RosterField.NAME, f"名册中现任是“{present}”，表中是“{draft.name}”：请确认是否更换。")
        filing = self._filings.new(work, kind)
        if kind in FILED_POSTS:
            work.changes += filing_changes(FilingDraft(), filing)
        notice_missing(work, kind, draft)
        notice_masked(work, draft, filing)
        kind_of_line = LineKind.PROBLEM if work.blocked else LineKind.CHANGED
        return self._planned(
            work, kind_of_line, LineAction.REPLACE, unit, kind, draft, stored, filing, present
        )

    def _post(self, unit: PlannedUnit, kind: PostKind) -> PostInfo | None:
        return self._snapshot.posts.get((unit.unit_id, kind)) if unit.unit_id else None

    def _incumbent(self, unit: PlannedUnit, kind: PostKind, name: str) -> StoredHolder | None:
        """Return who holds a post or is to hold it: the named one, else the newest (not in a team)."""
        post = self._post(unit, kind)
        held = self._snapshot.holders.get(post.post_id, []) if post else []
        present = [holder for holder in held if holder.until is None or holder.until > self._snapshot.today]
        named = [holder for holder in present if holder.draft.name == name]
        if kind.many_holders or named:
            return named[0] if named else None
        return present[0] if present else None

    def _problem(self, work: LineWork, unit: PlannedUnit | None) -> PlannedLine:
        return self._planned(work, LineKind.PROBLEM, LineAction.NOTHING, unit, None)

    def _planned(
        self,
        work: LineWork,
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


_POST_KINDS = frozenset(PostKind)


def _post_kind(work: LineWork) -> PostKind | None:
    text = work.text(RosterField.POST)
    if text in _POST_KINDS:
        return PostKind(text)
    if not work.blocked:
        work.report(RosterField.POST, "岗位未填，请填“首席数据官”或“数据专员”。")
    return None


def _checked(work: LineWork, draft: HolderDraft) -> HolderDraft | None:
    try:
        return checked_holder(draft)
    except InvalidFormError as error:
        columns = {name: column for column, name in HOLDER_COLUMNS.items()}
        for name, message in error.messages.items():
            column = columns.get(name)
            if not any(problem.field is column and problem.blocking for problem in work.problems):
                work.report(column, message)
        return None


def _kind_of(unit: PlannedUnit, changes: list[FieldChange], action: LineAction) -> LineKind:
    if unit.unit_id is None:
        return LineKind.NEW
    return LineKind.CHANGED if changes or action is LineAction.UPDATE else LineKind.SAME
