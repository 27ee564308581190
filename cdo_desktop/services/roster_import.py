"""Roster import: read, preview, then everything or nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TypeAlias

from sqlalchemy import and_, func, not_, select
from sqlalchemy.orm import Session

from cdo_desktop.documents.excel.marked import CellMark, write_marked_copy
from cdo_desktop.documents.readers.roster_sheet import RosterSheet, read_roster
from cdo_desktop.documents.readers.workbook import read_workbook
from cdo_desktop.errors import InvalidInputError
from cdo_desktop.models import Filing, HistoryEntry, Person, Post, Tenure
from cdo_desktop.rules.filing import days_by_form, is_limited
from cdo_desktop.rules.vocabulary import FilingKind, PostKind
from cdo_desktop.rules.working_days import WorkingCalendar
from cdo_desktop.services.appointments import (
    FilingDraft,
    PostInfo,
    add_appointment,
    find_tenure,
    is_of_update,
    new_person,
    set_due_date,
)
from cdo_desktop.services.audit import BACKUPS
from cdo_desktop.services.calendar import stored_calendar
from cdo_desktop.services.holder_draft import HOLDER_COLUMNS, PERSON_FIELDS, HolderDraft, holder_values
from cdo_desktop.services.journal import EXPORTED, EXPORTS, Journal, Value, note
from cdo_desktop.services.roster_batch import RosterBatch
from cdo_desktop.services.roster_merge import FILING_COLUMNS, said
from cdo_desktop.services.roster_past import in_time, last_day_of
from cdo_desktop.services.roster_plan import (
    ImportChoices,
    LineAction,
    LineKind,
    PlannedLine,
    RosterPlan,
    make_plan,
)
from cdo_desktop.services.roster_snapshot import load_snapshot
from cdo_desktop.services.roster_units import PlannedUnit
from cdo_desktop.services.safety import BACKED_UP, NOT_BACKED_UP
from cdo_desktop.services.tenures import as_draft, known_person, replace_holder, write_update
from cdo_desktop.services.unit_draft import UnitDraft
from cdo_desktop.services.units import change_unit, find_unit
from cdo_desktop.store import Database

Progress: TypeAlias = Callable[[int, int], None]  # done, of how many; raises CancelledError to stop


@dataclass(frozen=True)
class ImportResult:
    """What went in."""

    new: int
    changed: int
    same: int
    skipped: int


@dataclass(frozen=True)
class _Planned:
    """The last plan and what it was made from."""

    sheet: RosterSheet
    choices: ImportChoices
    state: tuple[date, int | None]  # the day, and the last change told by the history
    plan: RosterPlan


class RosterImportService:
    """Brings a roster workbook into the register."""

    def __init__(
        self, database: Database, journal: Journal, before_import: Callable[[], None] = lambda: None
    ) -> None:
        """``before_import`` backs up; when it raises, nothing is imported."""
        self._database = database
        self._journal = journal
        self._last: _Planned | None = None
        self._before_import = before_import

    @staticmethod
    def read(source: Path) -> RosterSheet:
        """Read and understand a workbook; needs no database. Raises UnreadableFileError with the reason."""
        return read_roster(read_workbook(source))

    def preview(self, sheet: RosterSheet, choices: ImportChoices | None = None) -> RosterPlan:
        """Compare with the register; writes nothing."""
        with self._database.read() as session:
            return self._plan(session, sheet, choices or ImportChoices())

    def _plan(self, session: Session, sheet: RosterSheet, choices: ImportChoices) -> RosterPlan:
        """Return the plan for what is stored now: the last one, if nothing has been written since."""
        state = (self._journal.today, _last_change(session))
        last = self._last
        if last is None or last.sheet is not sheet or (last.choices, last.state) != (choices, state):
            plan = make_plan(load_snapshot(session, state[0]), sheet, choices)
            last = self._last = _Planned(sheet, choices, state, plan)
        return last.plan

    def apply(
        self,
        sheet: RosterSheet,
        choices: ImportChoices | None = None,
        *,
        skip_problems: bool = False,
        progress: Progress | None = None,
    ) -> ImportResult:
        """Write all lines in one transaction, or nothing.

        The plan holds for what is stored now: it is made inside the transaction, unless nothing has been
        written since the preview. Raises InvalidInputError when there are problems and ``skip_problems`` is
        off.
        """
        self._before_import()
        with self._database.write() as session:
            plan = self._plan(session, sheet, choices or ImportChoices())
            skipped = plan.count(LineKind.PROBLEM)
            if not plan.is_clean and not skip_problems:
                raise InvalidInputError(f"有 {max(skipped, 1)} 行存在问题，没有导入任何内容。")
            writer = _Writer(session, self._journal, stored_calendar(session))
            with session.no_autoflush:  # what is looked up later is flushed where it is added
                for done, line in enumerate(in_time(plan.lines), start=1):
                    if line.kind is not LineKind.PROBLEM:
                        writer.write(line)
                    if progress is not None:
                        progress(done, len(plan.lines))
                writer.finish()
        return ImportResult(
            plan.count(LineKind.NEW), plan.count(LineKind.CHANGED), plan.count(LineKind.SAME), skipped
        )

    def write_marked_copy(self, source: Path, plan: RosterPlan, target: Path) -> None:
        """Give the problems back as the same workbook with coloured cells and notes."""
        marks = [
            CellMark(
                problem.ref.sheet, problem.ref.row, problem.ref.column, problem.message, problem.blocking
            )
            for problem in plan.problems
        ]
        write_marked_copy(source, marks, target)
        told: dict[str, Value] = {"what": "名册的标注副本", "file": target.name, "count": len(marks)}
        note(self._database, self._journal, EXPORTED, EXPORTS, told)


def _last_change(session: Session) -> int | None:
    """Return the last line of the history that tells of more than a backup.

    Every change of the register leaves one, in the same transaction; the backup made before the import
    leaves one too, and changes nothing.
    """
    of_backup = and_(HistoryEntry.entity == BACKUPS, HistoryEntry.action.in_((BACKED_UP, NOT_BACKED_UP)))
    query = select(HistoryEntry.id).where(not_(of_backup)).order_by(HistoryEntry.id.desc()).limit(1)
    return session.scalar(query)


class _Writer:
    """Writes planned lines into one open transaction."""

    def __init__(self, session: Session, journal: Journal, calendar: WorkingCalendar) -> None:
        self._session = session
        self._journal = journal
        self._calendar = calendar
        self._created: dict[object, tuple[int, UnitDraft]] = {}
        posts = session.execute(select(Post.unit_id, Post.kind, Post.id))
        self._post_ids: dict[tuple[int, str], int] = {(row.unit_id, row.kind): row.id for row in posts}
        self._batch = RosterBatch(session, journal, calendar)

    def finish(self) -> None:
        """Insert what is still collected."""
        self._batch.write()

    def write(self, line: PlannedLine) -> None:
        if line.unit is None:
            return
        unit_id = self._unit(line.unit)
        if line.draft is None or line.action is LineAction.NOTHING:
            return
        post = self._post(unit_id, PostKind(line.post), line.unit)
        match line.action:
            case LineAction.APPOINT if self._batch.takes(line.draft, post):
                self._batch.add_appointment(line.draft, line.filing, post, "导入")
            case _:
                self._batch.write()
                self._batch.note(line.draft, post)
                self._write_singly(line, post)

    def _write_singly(self, line: PlannedLine, post: PostInfo) -> None:
        match line.action:
            case LineAction.APPOINT:
                self._appoint(line, post)
            case LineAction.UPDATE:
                self._update(line, post)
            case LineAction.REPLACE:
                self._replace(line, post)
            case LineAction.CORRECT:
                self._correct(line, post)
            case LineAction.PAST:
                self._appoint(line, post)

    def _unit(self, planned: PlannedUnit) -> int:
        if planned.unit_id is not None:
            if planned.changes:
                self._write_unit(planned.unit_id, planned.draft)
            return planned.unit_id
        if planned.key not in self._created:
            unit_id, posts = self._batch.add_unit(planned.draft)
            self._created[planned.key] = (unit_id, planned.draft)
            self._post_ids |= {(unit_id, kind): post_id for kind, post_id in posts.items()}
        unit_id, written = self._created[planned.key]
        if planned.draft != written:
            self._write_unit(unit_id, planned.draft)
            self._created[planned.key] = (unit_id, planned.draft)
        return unit_id

    def _write_unit(self, unit_id: int, draft: UnitDraft) -> None:
        self._batch.write()
        unit = find_unit(self._session, unit_id)
        draft = replace(draft, sort_order=draft.sort_order or unit.sort_order)
        change_unit(self._session, self._journal, unit, draft, action="导入")
        self._session.expire(unit)

    def _post(self, unit_id: int, kind: PostKind, planned: PlannedUnit) -> PostInfo:
        post_id = self._post_ids[unit_id, kind]
        return PostInfo(post_id, kind, unit_id, planned.draft.short_name)

    def _appoint(self, line: PlannedLine, post: PostInfo) -> None:
        if line.draft is None:
            return
        person_id = known_person(self._session, line.draft)
        draft = replace(line.draft, post_id=post.post_id, tenure_id=None, person_id=person_id)
        until = last_day_of(line) if line.action is LineAction.PAST else None
        add_appointment(self._session, self._journal, self._calendar, draft, line.filing, post, "导入", until)

    def _update(self, line: PlannedLine, post: PostInfo) -> None:
        if line.draft is None or line.stored is None:
            return
        self._write_changes(line.stored.draft, line.draft, post, "导入")
        if line.filing != line.stored.filing and line.stored.filing_id is not None:
            self._write_filing(line.stored.filing_id, line.stored.filing, line.filing, post)

    def _write_changes(self, planned: HolderDraft, wanted: HolderDraft, post: PostInfo, action: str) -> None:
        """Write what the plan changes over what is stored now: an earlier line may hold the same person."""
        tenure, person = find_tenure(self._session, planned.tenure_id or 0)
        self._session.refresh(tenure)
        self._session.refresh(person)
        stored = as_draft(tenure, person, post.kind)
        old, new = holder_values(planned), holder_values(wanted)
        changes = {name: value for name, value in new.items() if value != old[name]}
        draft = replace(stored, **changes)  # type: ignore[arg-type]
        write_update(self._session, self._journal, stored, draft, post, action=action)

    def _write_filing(
        self, filing_id: int, planned: FilingDraft, wanted: FilingDraft, post: PostInfo
    ) -> None:
        filing = self._session.get_one(Filing, filing_id)
        of_update = is_of_update(filing)
        names = [name for name in FILING_COLUMNS.values() if getattr(planned, name) != getattr(wanted, name)]
        before = {name: getattr(filing, name) for name in names}
        after = {name: getattr(wanted, name) for name in names}
        if (wanted.state, wanted.received_on) != (planned.state, planned.received_on):
            came = days_by_form(wanted.state, wanted.received_on)
            before |= {name: getattr(filing, name) for name in came}
            after |= came
        for name, value in after.items():
            setattr(filing, name, value or None if name == "number" else value)
        if is_limited(FilingKind(filing.kind)) and filing.change_date is None:
            filing.change_date = self._session.get_one(Tenure, filing.tenure_id).since
        if not of_update:
            set_due_date(filing, self._calendar)
        filing.version += 1
        self._journal.record(
            self._session,
            "导入",
            "filings",
            filing_id,
            before=before,
            after=after,
            unit_id=post.unit_id,
        )

    def _replace(self, line: PlannedLine, post: PostInfo) -> None:
        if line.draft is None or line.stored is None:
            return
        tenure, _person = find_tenure(self._session, line.stored.draft.tenure_id or 0)
        replace_holder(self._session, self._journal, self._calendar, tenure, line.draft, line.filing, post)

    def _correct(self, line: PlannedLine, post: PostInfo) -> None:
        """The tenure was registered under the wrong person: same tenure, right person."""
        if line.draft is None or line.stored is None:
            return
        tenure, person = find_tenure(self._session, line.stored.draft.tenure_id or 0)
        told = {name: getattr(line.draft, name) for name in said(line.line, HOLDER_COLUMNS)}
        right = self._right_person(line.draft, told, person)
        if right.id != person.id:
            tenure.person_id = right.id
            tenure.version += 1
            self._session.flush()
            self._journal.record(
                self._session,
                "登记更正",
                "tenures",
                tenure.id,
                before={"name": person.name},
                after={"name": right.name},
                unit_id=post.unit_id,
                person_id=right.id,
            )
        stored = as_draft(tenure, right, post.kind)
        write_update(self._session, self._journal, stored, replace(stored, **told), post, action="登记更正")

    def _right_person(self, draft: HolderDraft, told: Mapping[str, object], wrong: Person) -> Person:
        """Return the person to put in place; the same one when only the name was wrong."""
        known = known_person(self._session, draft, wrong.id)
        if known is not None:
            return self._session.get_one(Person, known)
        posts_held = self._session.scalar(
            select(func.count()).select_from(Tenure).where(Tenure.person_id == wrong.id)
        )
        if posts_held == 1:
            return wrong
        # What the sheet does not say belongs to the wrong person, who keeps it.
        unsaid = {name: "" for name in PERSON_FIELDS if name not in told}
        right = new_person(replace(draft, **unsaid))  # type: ignore[arg-type]
        self._session.add(right)
        self._session.flush()
        return right
