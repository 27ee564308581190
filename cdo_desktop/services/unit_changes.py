"""机构改革: units merged, split, succeeded or abolished on a day, with posts and holders (decision 006)."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cdo_desktop.errors import ConflictError, InvalidFormError, InvalidInputError
from cdo_desktop.models import Post, SecondName, Unit, UnitChange, UnitChangePart
from cdo_desktop.rules.pinyin import unit_pinyin
from cdo_desktop.rules.text import clean_text
from cdo_desktop.rules.vocabulary import ChangeReason, FilingState, UnitCategory
from cdo_desktop.services.appointments import FilingDraft, PostInfo, add_appointment, find_post, find_tenure
from cdo_desktop.services.calendar import stored_calendar
from cdo_desktop.services.journal import Journal
from cdo_desktop.services.tenures import as_draft as holder_as_draft
from cdo_desktop.services.tenures import end_tenure
from cdo_desktop.services.unit_draft import UnitDraft, checked_unit
from cdo_desktop.services.unit_reform import (
    AffectedFiling,
    ChangeKind,
    ChangeRow,
    Effects,
    NewUnit,
    Part,
    Reform,
    UnitRef,
    check_carried,
    check_ended,
    holders_of,
    open_filings,
    present_unit,
    refuse_taken_name,
    target_unit,
)
from cdo_desktop.services.units import create_unit, find_unit
from cdo_desktop.store import Database


class UnitChangeService:
    """Actions on units as a whole. A rename is no reform: see `UnitService.save`."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    def effects(self, units: Iterable[UnitRef]) -> Effects:
        """Return whose tenures end and which papers become 作废 if these units end."""
        unit_ids = [ref.unit_id for ref in units]
        with self._database.read() as session:
            holders = tuple(holders_of(session, unit_ids, self._journal.today))
            filings = tuple(
                AffectedFiling(unit_id, f"{unit} {kind} {name}（{filing.kind}，{filing.state}）")
                for filing, unit, kind, name, unit_id, _person_id in open_filings(session, unit_ids)
            )
        return Effects(holders, filings)

    def merge(
        self, units: Sequence[UnitRef], into: UnitRef | NewUnit, reform: Reform, *, keep_names: bool = False
    ) -> int:
        """End ``units`` and let an existing or a new unit go on for them; return that unit's id.

        ``keep_names`` hangs their plates beside that of the unit that goes on (一个机构多块牌子).
        Raises InvalidFormError, InvalidInputError, NotFoundError, or ConflictError for a stale list.
        """
        with self._database.write() as session:
            day = self._checked_day(reform)
            ended = [present_unit(session, ref) for ref in units]
            if not ended:
                raise InvalidInputError("请选择要并入的单位。", field="units")
            check_ended(session, ended, day)
            if isinstance(into, UnitRef):
                target, part = target_unit(session, into, ended, day), Part.KEPT
            else:
                check_carried(session, into, ended)
                target, part = self._found(session, into.draft, ended[0], day), Part.NEW
            kind = ChangeKind.SUCCEED if len(ended) == 1 and part is Part.NEW else ChangeKind.MERGE
            parts = [(target, part), *((unit, Part.ENDED) for unit in ended)]
            self._write(session, kind, reform, parts)
            why = f"自{day:%Y-%m-%d}起由“{target.short_name}”承继"
            self._end(session, ended, day, kind, why)
            if isinstance(into, NewUnit):
                self._carry(session, into.carried, target, reform, day)
            if keep_names:
                _keep_names(session, ended, target, reform, day)
            return target.id

    def split(self, unit: UnitRef, parts: Sequence[NewUnit], reform: Reform, *, goes_on: bool) -> list[int]:
        """Found new units out of one, which goes on beside them or ends; return the ids of the new ones.

        Raises as ``merge`` does.
        """
        with self._database.write() as session:
            day = self._checked_day(reform)
            source = present_unit(session, unit)
            check_ended(session, [source], day, ends=not goes_on)
            if len(parts) < (1 if goes_on else 2):
                raise InvalidInputError(
                    "原单位保留时至少分出一个新单位，原单位撤销时至少分为两个。没有保存，请补充。"
                )
            for part in parts:
                check_carried(session, part, [source], others_stay=goes_on)
            founded = [self._found(session, part.draft, source, day) for part in parts]
            rows = [(source, Part.KEPT if goes_on else Part.ENDED), *((new, Part.NEW) for new in founded)]
            self._write(session, ChangeKind.SPLIT, reform, rows)
            if not goes_on:
                names = "、".join(f"“{new.short_name}”" for new in founded)
                self._end(session, [source], day, ChangeKind.SPLIT, f"自{day:%Y-%m-%d}起分为{names}")
            for part, new in zip(parts, founded, strict=True):
                self._carry(session, part.carried, new, reform, day)
            return [new.id for new in founded]

    def abolish(self, unit: UnitRef, reform: Reform) -> None:
        """End a unit that nobody succeeds. Raises as ``merge`` does."""
        with self._database.write() as session:
            day = self._checked_day(reform)
            ended = present_unit(session, unit)
            check_ended(session, [ended], day)
            self._write(session, ChangeKind.ABOLISH, reform, [(ended, Part.ENDED)])
            self._end(session, [ended], day, ChangeKind.ABOLISH, f"自{day:%Y-%m-%d}起撤销")

    def changes_of(self, unit_id: int) -> tuple[ChangeRow, ...]:
        """Return the reforms a unit went through, newest first."""
        mine = select(UnitChangePart.change_id).where(UnitChangePart.unit_id == unit_id)
        query = (
            select(UnitChange, UnitChangePart.part, Unit.short_name)
            .join(UnitChangePart, UnitChangePart.change_id == UnitChange.id)
            .join(Unit, Unit.id == UnitChangePart.unit_id)
            .where(UnitChange.id.in_(mine))
            .order_by(UnitChange.day.desc(), UnitChange.id.desc(), UnitChangePart.id)
        )
        found: dict[int, ChangeRow] = {}
        with self._database.read() as session:
            for change, part, name in session.execute(query):
                row = found.get(change.id) or ChangeRow(
                    change.day, ChangeKind(change.kind), change.paper, change.note, (), (), ()
                )
                found[change.id] = _with_unit(row, Part(part), name)
        return tuple(found.values())

    # Inside one transaction

    def _checked_day(self, reform: Reform) -> date:
        if reform.day is None:
            raise InvalidFormError({"day": "请填写新机构开始运行的日期。"})
        if reform.day > self._journal.today:
            raise InvalidFormError(
                {"day": "这一天还没有到。撤并会结束任职、作废未报的备案，请到当天再办理。"}
            )
        return reform.day

    def _found(self, session: Session, draft: UnitDraft, before: Unit, day: date) -> Unit:
        """Create a unit that exists from ``day`` on, by default in its predecessor's place of the order."""
        draft = checked_unit(draft)
        if draft.category == UnitCategory.DISTRICT:
            raise InvalidFormError({"category": "“区级”只有一个，请选择其他单位类别。"})
        refuse_taken_name(session, draft)
        ordered = replace(draft, sort_order=draft.sort_order or before.sort_order)
        unit = find_unit(session, create_unit(session, self._journal, ordered))
        unit.valid_from = day
        session.execute(update(Post).where(Post.unit_id == unit.id).values(empty_since=day))
        session.flush()
        return unit

    def _write(
        self, session: Session, kind: ChangeKind, reform: Reform, parts: Sequence[tuple[Unit, Part]]
    ) -> None:
        paper, note = clean_text(reform.paper), clean_text(reform.note)
        change = UnitChange(kind=kind, day=reform.day, paper=paper, note=note)
        session.add(change)
        session.flush()
        session.add_all(
            UnitChangePart(change_id=change.id, unit_id=unit.id, part=part) for unit, part in parts
        )
        for unit, part in parts:
            key = "valid_to" if part is Part.ENDED else "valid_from"
            day = {} if part is Part.KEPT else {key: reform.day}
            others = "、".join(f"{other.short_name}（{how}）" for other, how in parts if other is not unit)
            self._journal.record(
                session,
                f"单位{kind}",
                "units",
                unit.id,
                after={**day, "reform_paper": paper, "reform_with": others, "reform_note": note},
                unit_id=unit.id,
            )
        session.flush()

    def _end(self, session: Session, units: Sequence[Unit], day: date, kind: ChangeKind, why: str) -> None:
        for unit in units:
            changed = session.execute(
                update(Unit)
                .where(Unit.id == unit.id, Unit.version == unit.version)
                .values(valid_to=day, version=unit.version + 1)
            )
            if changed.rowcount != 1:  # type: ignore[attr-defined]
                raise ConflictError(f"单位“{unit.short_name}”刚被别人修改。没有保存，请刷新后再试。")
        unit_ids = [unit.id for unit in units]
        for holder in list(holders_of(session, unit_ids, day)):
            tenure, _person = find_tenure(session, holder.tenure_id)
            post = PostInfo(tenure.post_id, holder.post, holder.unit_id, holder.unit)
            end_tenure(session, self._journal, tenure, post, day, f"单位{kind}", ChangeReason.REFORM)
        for filing, _unit, _kind, _name, unit_id, person_id in list(open_filings(session, unit_ids)):
            before = {"state": filing.state, "void_reason": filing.void_reason}
            filing.state = FilingState.VOID
            filing.void_reason = f"{ChangeReason.REFORM}：单位{why}，不再报送"
            filing.voided_on = self._journal.today
            filing.version += 1
            after = {"state": filing.state, "void_reason": filing.void_reason}
            self._journal.record(
                session,
                "作废",
                "filings",
                filing.id,
                before=before,
                after=after,
                unit_id=unit_id,
                person_id=person_id,
            )
        session.flush()

    def _carry(
        self, session: Session, tenure_ids: Iterable[int], target: Unit, reform: Reform, day: date
    ) -> None:
        """Appoint holders of the old unit to the same post of the new one, whose post is free."""
        calendar = stored_calendar(session)
        for tenure_id in tenure_ids:
            tenure, person = find_tenure(session, tenure_id)
            kind = find_post(session, tenure.post_id).kind
            post_id = session.scalars(
                select(Post.id).where(Post.unit_id == target.id, Post.kind == kind)
            ).one()
            new = replace(
                holder_as_draft(tenure, person, kind),
                post_id=post_id,
                tenure_id=None,
                since=day,
                basis=clean_text(reform.paper),
                basis_kind="",
            )
            info = PostInfo(post_id, kind, target.id, target.short_name)
            filing = FilingDraft(change_reason=ChangeReason.REFORM)
            add_appointment(session, self._journal, calendar, new, filing, info, "任命")


def _keep_names(session: Session, ended: Sequence[Unit], target: Unit, reform: Reform, day: date) -> None:
    for unit in ended:
        keys = unit_pinyin(unit.short_name)
        session.add(
            SecondName(
                unit_id=target.id,
                full_name=unit.full_name,
                short_name=unit.short_name,
                pinyin=keys.full,
                initials=keys.initials,
                since=day,
                paper=clean_text(reform.paper),
            )
        )
    session.flush()


def _with_unit(row: ChangeRow, part: Part, name: str) -> ChangeRow:
    if part is Part.ENDED:
        return replace(row, ended=(*row.ended, name))
    if part is Part.NEW:
        return replace(row, founded=(*row.founded, name))
    return replace(row, kept=(*row.kept, name))
