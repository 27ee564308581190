"""单位: create, rename, confirm the name on the seal; the list shipped for Baoshan."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from cdo_desktop.errors import AppError, InvalidFormError, InvalidInputError, NotFoundError
from cdo_desktop.models import Post, Unit, UnitName
from cdo_desktop.rules.pinyin import unit_pinyin
from cdo_desktop.rules.vocabulary import DISTRICT_POSTS, UNIT_POSTS, PostKind, UnitCategory, UnitGroup
from cdo_desktop.services.journal import Journal
from cdo_desktop.services.unit_draft import UNIT_FIELDS, UNIT_LABELS, UnitDraft, checked_unit, unit_values
from cdo_desktop.services.versions import refuse_stale
from cdo_desktop.store import Database

ORDER_STEP = 10
_RANKS = {kind: rank for rank, kind in enumerate(PostKind)}
NEW_UNIT = "新建单位"  # the history's word for it
DISTRICT_NAME = "宝山区"


@dataclass(frozen=True)
class UnitRow:
    """A line of the list of units."""

    unit_id: int
    version: int
    full_name: str
    full_name_confirmed: bool
    short_name: str
    category: str
    group: str


@dataclass(frozen=True)
class NameChange:
    """A full name as somebody typed it over the one that was loaded."""

    loaded: UnitRow
    full_name: str
    confirmed: bool  # against the seal


class NameRefusedError(AppError):
    """One of several names cannot be saved, so none was; ``reason`` is the error of that one."""

    def __init__(self, change: NameChange, reason: AppError) -> None:
        told = reason.messages.values() if isinstance(reason, InvalidFormError) else (str(reason),)
        super().__init__(f"{change.loaded.short_name}：{''.join(told)}这次一个全称也没有保存。")
        self.change = change
        self.reason = reason


@dataclass(frozen=True)
class FormerName:
    """A name a unit carried until a day (exclusive)."""

    full_name: str
    short_name: str
    until: date


class UnitService:
    """The units that file with the office."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    def rows(self) -> tuple[UnitRow, ...]:
        """Return every unit that exists today, in register order."""
        columns = (Unit.id, Unit.version, Unit.full_name, Unit.full_name_confirmed, Unit.short_name)
        query = (
            select(*columns, Unit.category, Unit.group)
            .where(Unit.valid_to.is_(None) | (Unit.valid_to > self._journal.today))
            .order_by(Unit.sort_order, Unit.id)
        )
        with self._database.read() as session:
            return tuple(UnitRow(*row) for row in session.execute(query))

    def count(self) -> int:
        """Return how many units are registered; 0 means a first start."""
        with self._database.read() as session:
            return session.scalar(select(func.count()).select_from(Unit)) or 0

    def get(self, unit_id: int) -> UnitDraft:
        """Return a unit for editing; raises NotFoundError."""
        with self._database.read() as session:
            return as_draft(find_unit(session, unit_id))

    def former_names(self, unit_id: int) -> tuple[FormerName, ...]:
        """Return the names it carried before, newest first."""
        query = (
            select(UnitName.full_name, UnitName.short_name, UnitName.until)
            .where(UnitName.unit_id == unit_id)
            .order_by(UnitName.until.desc())
        )
        with self._database.read() as session:
            return tuple(FormerName(*row) for row in session.execute(query))

    def save(self, draft: UnitDraft, opened: UnitDraft | None = None, renamed_on: date | None = None) -> int:
        """Create or change a unit and return its id; a changed name is kept in its history.

        ``renamed_on`` is the first day of the new name (default today); ``None`` for ``opened`` creates.
        Raises InvalidFormError, NotFoundError, or ConflictError for a stale form.
        """
        with self._database.write() as session:
            return self._save(session, draft, opened, renamed_on)

    def save_names(self, changes: Sequence[NameChange]) -> None:
        """Save the full names of several units and whether they are checked, all or none.

        Raises NameRefusedError for the first that cannot be saved.
        """
        with self._database.write() as session:
            for change in changes:
                loaded = change.loaded
                try:
                    opened = replace(
                        as_draft(find_unit(session, loaded.unit_id)),
                        version=loaded.version,
                        full_name=loaded.full_name,
                        full_name_confirmed=loaded.full_name_confirmed,
                    )
                    draft = replace(opened, full_name=change.full_name, full_name_confirmed=change.confirmed)
                    self._save(session, draft, opened, None)
                except AppError as error:
                    raise NameRefusedError(change, error) from error

    def _save(
        self, session: Session, draft: UnitDraft, opened: UnitDraft | None, renamed_on: date | None
    ) -> int:
        draft = checked_unit(draft)
        _refuse_taken_name(session, draft, opened.unit_id if opened else None, self._journal.today)
        if opened is None:
            _refuse_second_district(draft)
            return create_unit(session, self._journal, draft)
        unit = find_unit(session, opened.unit_id or 0)
        stored = as_draft(unit)
        if unit.version != opened.version:
            raise refuse_stale(
                f"单位“{unit.short_name}”",
                unit_values(opened),
                unit_values(draft),
                unit_values(stored),
                UNIT_LABELS,
            )
        _refuse_other_kind(stored, draft)
        if renamed_on is not None:
            self._check_rename(session, unit.id, renamed_on)
        change_unit(session, self._journal, unit, draft, renamed_on)
        return unit.id

    def _check_rename(self, session: Session, unit_id: int, renamed_on: date) -> None:
        """A name holds from a day that has come, and renames follow one another."""
        if renamed_on > self._journal.today:
            raise InvalidFormError({"renamed_on": "更名日期还没有到，请在新名称启用后再改。"})
        last = session.scalar(select(func.max(UnitName.until)).where(UnitName.unit_id == unit_id))
        if last is not None and renamed_on < last:
            raise InvalidFormError({"renamed_on": f"更名日期不能早于上一次更名的 {last:%Y-%m-%d}，请核对。"})

    def confirm_names(self, unit_ids: Sequence[int]) -> int:
        """Mark full names as checked against the seal (office.md 「unit names」); return how many changed."""
        with self._database.write() as session:
            query = select(Unit).where(Unit.id.in_(unit_ids), Unit.full_name_confirmed.is_(False))
            units = session.scalars(query).all()
            for unit in units:
                change_unit(
                    session,
                    self._journal,
                    unit,
                    replace(as_draft(unit), full_name_confirmed=True),
                    action="确认全称",
                )
            return len(units)

    def add_shipped_units(self, source: Path) -> int:
        """Create the district level and the units of the shipped list; return how many units it has.

        Raises InvalidInputError when the database holds units already.
        """
        drafts = tuple(checked_unit(draft) for draft in read_shipped_units(source))
        with self._database.write() as session:
            if session.scalar(select(func.count()).select_from(Unit)):
                raise InvalidInputError("这个数据文件夹里已有单位，没有再导入随程序提供的单位清单。")
            create_unit(session, self._journal, district_draft())
            for draft in drafts:
                create_unit(session, self._journal, draft)
        return len(drafts)


def read_shipped_units(source: Path) -> Iterable[UnitDraft]:
    """Yield the drafts of the shipped list; their full names are still to be confirmed."""
    with source.open(encoding="utf-8-sig", newline="") as file:
        for line in csv.DictReader(file):
            yield UnitDraft(
                full_name=line["单位全称（草稿，待按公章确认）"],
                short_name=line["单位简称"],
                category=line["单位类别"],
                group=line["考核分组"],
                sort_order=int(line["排序"]),
                code=line["行政区划代码"],
            )


def district_draft() -> UnitDraft:
    """Return the unassessed unit that holds the district's own posts (design.md §3)."""
    return UnitDraft(
        full_name=DISTRICT_NAME,
        full_name_confirmed=True,
        short_name=UnitCategory.DISTRICT,
        category=UnitCategory.DISTRICT,
        group=UnitGroup.DISTRICT,
        sort_order=0,
    )


def create_unit(session: Session, journal: Journal, draft: UnitDraft) -> int:
    """Insert a checked unit with its empty posts and return its id."""
    last = 0 if draft.sort_order else session.scalar(select(func.max(Unit.sort_order))) or 0
    values = new_unit_values(draft, last)
    unit = Unit(**values)
    session.add(unit)
    session.flush()
    session.add_all(Post(**post) for post in new_post_values(unit.id, draft, journal.today))
    told = {name: values[name] for name in UNIT_FIELDS}
    journal.record(session, NEW_UNIT, "units", unit.id, after=told, unit_id=unit.id)
    session.flush()
    return unit.id


def new_unit_values(draft: UnitDraft, last_order: int) -> dict[str, Any]:
    """Return what is stored of a new unit; without an order of its own it comes after ``last_order``."""
    values: dict[str, Any] = dict(unit_values(draft))
    if not draft.sort_order and draft.category != UnitCategory.DISTRICT:
        values["sort_order"] = last_order + ORDER_STEP
    keys = unit_pinyin(draft.short_name)
    return {**values, "pinyin": keys.full, "initials": keys.initials}


def new_post_values(unit_id: int, draft: UnitDraft, today: date) -> list[dict[str, Any]]:
    """Return what is stored of the empty posts of a new unit."""
    kinds = DISTRICT_POSTS if draft.category == UnitCategory.DISTRICT else UNIT_POSTS
    return [
        {"unit_id": unit_id, "kind": kind, "rank": post_rank(kind), "empty_since": today} for kind in kinds
    ]


def change_unit(
    session: Session,
    journal: Journal,
    unit: Unit,
    draft: UnitDraft,
    renamed_on: date | None = None,
    action: str = "修改单位",
) -> None:
    """Write a checked draft over a unit; a new name leaves the old one in the history.

    ``renamed_on`` is the first day of the new name. Without it a draft of a full name, which never stood on
    a seal, is simply put right.
    """
    before, after = unit_values(as_draft(unit)), unit_values(draft)
    if before == after:
        return
    renamed = (unit.full_name, unit.short_name) != (draft.full_name, draft.short_name)
    if renamed and (unit.full_name_confirmed or renamed_on is not None):
        session.add(
            UnitName(
                unit_id=unit.id,
                full_name=unit.full_name,
                short_name=unit.short_name,
                until=renamed_on or journal.today,
            )
        )
        action = "单位更名" if action == "修改单位" else action
    keys = unit_pinyin(draft.short_name)
    changed = session.execute(
        update(Unit)
        .where(Unit.id == unit.id, Unit.version == unit.version)
        .values({getattr(Unit, name): after[name] for name in UNIT_FIELDS})
        .values(pinyin=keys.full, initials=keys.initials, version=unit.version + 1)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise NotFoundError(f"单位“{unit.short_name}”已不存在，没有保存。请刷新后再试。")
    journal.record(session, action, "units", unit.id, before=before, after=after, unit_id=unit.id)


def find_unit(session: Session, unit_id: int) -> Unit:
    """Return a unit; raises NotFoundError."""
    unit = session.get(Unit, unit_id)
    if unit is None:
        raise NotFoundError("这个单位已不存在，请刷新后再试。")
    return unit


def as_draft(unit: Unit) -> UnitDraft:
    """Return what the form edits of a stored unit."""
    values = {name: getattr(unit, name) for name in UNIT_FIELDS}
    return UnitDraft(unit_id=unit.id, version=unit.version, **values)


def post_rank(kind: PostKind) -> int:
    """Return the order of a post within its unit."""
    return _RANKS[kind]


def _refuse_taken_name(session: Session, draft: UnitDraft, own_id: int | None, today: date) -> None:
    messages: dict[str, str] = {}
    for field in ("full_name", "short_name"):
        name = getattr(draft, field)
        query = select(Unit.short_name).where(
            (Unit.full_name == name) | (Unit.short_name == name),
            Unit.id != (own_id or 0),
            Unit.valid_to.is_(None) | (Unit.valid_to > today),  # a unit may have the name of one that is gone
        )
        taken = session.scalar(query.limit(1))
        if taken is not None:
            messages[field] = f"已有单位“{taken}”使用“{name}”，请核对。"
    if messages:
        raise InvalidFormError(messages)


def _refuse_second_district(draft: UnitDraft) -> None:
    if draft.category == UnitCategory.DISTRICT:
        raise InvalidFormError({"category": "“区级”只有一个，由程序建立。请选择其他单位类别。"})


def _refuse_other_kind(stored: UnitDraft, draft: UnitDraft) -> None:
    """The district level and a unit have different posts: one cannot become the other."""
    if (stored.category == UnitCategory.DISTRICT) != (draft.category == UnitCategory.DISTRICT):
        raise InvalidFormError({"category": "“区级”不能改为其他类别，其他单位也不能改为“区级”。"})
