"""What a 机构改革 is made of, and what speaks against it. Functions take the open session."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from cdo_desktop.errors import ConflictError, InvalidFormError, InvalidInputError
from cdo_desktop.models import Filing, Person, Post, Tenure, Unit, UnitName
from cdo_desktop.rules.filing import OPEN_STATES
from cdo_desktop.rules.vocabulary import PostKind, UnitCategory
from cdo_desktop.services.appointments import find_post, find_tenure
from cdo_desktop.services.unit_draft import UnitDraft
from cdo_desktop.services.units import find_unit


class ChangeKind(StrEnum):
    """What a reform did."""

    MERGE = "合并"
    SUCCEED = "承继"  # one unit ends, one new unit takes its place
    SPLIT = "拆分"
    ABOLISH = "撤销"


class Part(StrEnum):
    """How a unit came out of a reform."""

    ENDED = "撤销"
    NEW = "新设"
    KEPT = "保留"


@dataclass(frozen=True)
class UnitRef:
    """A unit as it was seen: a later version is refused."""

    unit_id: int
    version: int


@dataclass(frozen=True)
class NewUnit:
    """A unit that a reform founds, and the tenures whose holders go on in it from its first day."""

    draft: UnitDraft
    carried: tuple[int, ...] = ()


@dataclass(frozen=True)
class Reform:
    """When a reform takes effect and by which paper. ``day`` is the first day of the new order."""

    day: date | None
    paper: str = ""
    note: str = ""


@dataclass(frozen=True)
class AffectedHolder:
    """Somebody whose tenure a reform ends."""

    tenure_id: int
    unit_id: int
    unit: str
    post: PostKind
    name: str
    since: date


@dataclass(frozen=True)
class AffectedFiling:
    """A paper that a reform sets aside; ``title`` names unit, post, person, kind and state."""

    unit_id: int
    title: str


@dataclass(frozen=True)
class Effects:
    """What a reform will do, to be looked at before it is stored."""

    holders: tuple[AffectedHolder, ...]
    void_filings: tuple[AffectedFiling, ...]


@dataclass(frozen=True)
class ChangeRow:
    """One reform that a unit went through; units by their short names."""

    day: date
    kind: ChangeKind
    paper: str
    note: str
    ended: tuple[str, ...]
    founded: tuple[str, ...]
    kept: tuple[str, ...]


def present_unit(session: Session, ref: UnitRef) -> Unit:
    """Return a unit that exists and is as it was seen."""
    unit = find_unit(session, ref.unit_id)
    if unit.version != ref.version:
        raise ConflictError(f"单位“{unit.short_name}”在您打开之后已被别人修改。没有保存，请刷新后再试。")
    if unit.category == UnitCategory.DISTRICT:
        raise InvalidInputError("“区级”不是单位，不能撤并。")
    if unit.valid_to is not None:
        raise InvalidInputError(f"单位“{unit.short_name}”已于 {unit.valid_to:%Y-%m-%d} 撤并，不能再办一次。")
    return unit


def check_ended(session: Session, units: Sequence[Unit], day: date, *, ends: bool = True) -> None:
    """Refuse a day that does not fit what is known of the units that end on it."""
    for unit in units:
        if unit.valid_from is not None and unit.valid_from >= day:
            raise InvalidFormError(
                {"day": f"“{unit.short_name}”从 {unit.valid_from:%Y-%m-%d} 才设立，日期要更晚。"}
            )
        renamed = session.scalar(select(func.max(UnitName.until)).where(UnitName.unit_id == unit.id))
        if renamed is not None and renamed > day:
            raise InvalidFormError(
                {"day": f"“{unit.short_name}”在 {renamed:%Y-%m-%d} 更过名，日期不能更早。"}
            )
    if not ends:
        return
    query = (
        select(Person.name, Tenure.since, Unit.short_name)
        .join(Tenure, Tenure.person_id == Person.id)
        .join(Post, Post.id == Tenure.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .where(Unit.id.in_([unit.id for unit in units]), Tenure.since >= day)
        .order_by(Tenure.since)
    )
    late = session.execute(query.limit(1)).one_or_none()
    if late is not None:
        raise InvalidFormError(
            {
                "day": f"“{late.short_name}”的{late.name}从 {late.since:%Y-%m-%d} 起任职，不早于这一天。"
                "请先改正该任职的日期，或核对撤并日期。"
            }
        )


def target_unit(session: Session, ref: UnitRef, ended: Sequence[Unit], day: date) -> Unit:
    """Return the existing unit that others are merged into."""
    target = present_unit(session, ref)
    if target.id in {unit.id for unit in ended}:
        raise InvalidInputError(f"“{target.short_name}”不能并入它自己，请改选。", field="into")
    if target.valid_from is not None and target.valid_from > day:
        raise InvalidFormError(
            {"day": f"“{target.short_name}”从 {target.valid_from:%Y-%m-%d} 才设立，日期不能更早。"}
        )
    return target


def check_carried(
    session: Session, new: NewUnit, ended: Sequence[Unit], *, others_stay: bool = False
) -> None:
    """Let only holders of the units that end go on, one a post."""
    if new.carried and others_stay:
        raise InvalidInputError("原单位保留时，它的任职不变；新单位的人员请在保存后任命。没有保存。")
    kinds: set[PostKind] = set()
    for tenure_id in new.carried:
        tenure, person = find_tenure(session, tenure_id)
        post = find_post(session, tenure.post_id)
        if post.unit_id not in {unit.id for unit in ended} or tenure.until is not None:
            raise InvalidInputError(f"{person.name}已不在要撤并的单位任职。没有保存，请刷新后再试。")
        if post.kind in kinds:
            raise InvalidInputError(f"新单位的{post.kind}只能有一人，请只留一个。没有保存。")
        kinds.add(post.kind)


def refuse_taken_name(session: Session, draft: UnitDraft) -> None:
    """Refuse a new unit whose name another one has or had until it ended."""
    messages: dict[str, str] = {}
    for field in ("full_name", "short_name"):
        name = getattr(draft, field)
        query = select(Unit.short_name).where(or_(Unit.full_name == name, Unit.short_name == name))
        if session.scalar(query.limit(1)) is not None:
            messages[field] = f"已有单位使用“{name}”。名称不变的，请选择“并入现有单位”而不是新设。"
    if messages:
        raise InvalidFormError(messages)


def holders_of(session: Session, unit_ids: Sequence[int], day: date) -> Iterable[AffectedHolder]:
    """Yield who holds a post of the units on a day or later."""
    query = (
        select(Tenure.id, Unit.id, Unit.short_name, Post.kind, Person.name, Tenure.since)
        .join(Post, Post.id == Tenure.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .join(Person, Person.id == Tenure.person_id)
        .where(Unit.id.in_(unit_ids), or_(Tenure.until.is_(None), Tenure.until > day))
        .order_by(Unit.sort_order, Unit.id, Post.rank, Tenure.since)
    )
    for row in session.execute(query):
        yield AffectedHolder(row[0], row[1], row[2], PostKind(row[3]), row[4], row[5])


def open_filings(
    session: Session, unit_ids: Sequence[int]
) -> Iterable[tuple[Filing, str, str, str, int, int]]:
    """Yield the papers of the units that have not come back, each with unit, post, name and their ids."""
    query = (
        select(Filing, Unit.short_name, Post.kind, Person.name, Unit.id, Person.id)
        .join(Tenure, Tenure.id == Filing.tenure_id)
        .join(Person, Person.id == Tenure.person_id)
        .join(Post, Post.id == Tenure.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .where(Unit.id.in_(unit_ids), Filing.state.in_(OPEN_STATES))
        .order_by(Unit.sort_order, Unit.id, Post.rank, Filing.id)
    )
    for row in session.execute(query):
        yield row[0], row[1], row[2], row[3], row[4], row[5]
