"""信息更新 of many holders at once, as when a block is pasted: all in one transaction, or nothing."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from cdo_desktop.errors import ConflictError, InvalidFormError, InvalidInputError
from cdo_desktop.models import Person, Post, Tenure, Unit
from cdo_desktop.rules.text import clean_name
from cdo_desktop.rules.vocabulary import PostKind
from cdo_desktop.services.appointments import PostInfo
from cdo_desktop.services.holder_draft import HOLDER_LABELS, PERSON_FIELDS, HolderDraft, checked_holder
from cdo_desktop.services.journal import Journal
from cdo_desktop.services.register_keys import RowKey
from cdo_desktop.services.tenures import as_draft, file_update, write_update
from cdo_desktop.services.unit_names import present_names
from cdo_desktop.store import Database

UNIT, POST, NAME = "unit", "post", "name"
"""What can say whom a line is about, by the keys of the register's columns."""
BLOCK_FIELDS: Final = (
    "title",
    "section",
    "office_phone",
    "mobile",
    "email",
    "head_status",
    "basis",
    "sex",
    "note",
)
"""What the register shows and 信息更新 changes; another name or first day is done in the form alone."""
_ONLY_OF = {"section": PostKind.SPECIALIST, "head_status": PostKind.CDO}
_MOST_NAMED = 5
_MOST_LOOKED_AT = 200  # texts of a column, to see what they are
_MOST_BOUND = 500  # values in one query

Step = Callable[[int, int], None]  # done, of how many; raises CancelledError to stop


@dataclass(frozen=True)
class Asked:
    """Whom a line is about: a row of the register, or what the line says of unit, post and name."""

    key: RowKey | None = None
    unit: str = ""
    post: str = ""
    name: str = ""


@dataclass(frozen=True)
class FoundHolder:
    """The holder of today, or the ``problem`` why there is none."""

    opened: HolderDraft | None = None
    unit: str = ""
    problem: str = ""


@dataclass(frozen=True)
class HolderChange:
    """New values of some fields, typed over what was ``opened``."""

    opened: HolderDraft
    values: Mapping[str, str]


def reason_against(field: str, post: PostKind) -> str:
    """Say why a field cannot be changed for a post, because its form does not have it; "" if it can."""
    owner = _ONLY_OF.get(field, post)
    return "" if owner is post else f"{post}没有“{HOLDER_LABELS[field]}”这一栏。"


class BlockUpdateService:
    """Finds the holders that the lines of a block are about, and changes them together."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    def naming(self, columns: Sequence[Sequence[str]]) -> tuple[str, ...]:
        """Tell for each column of texts whether most of them are units, posts or names of holders."""
        with self._database.read() as session:
            book = _Book(session, self._journal)
        return tuple(map(book.kind_of, columns))

    def find(
        self, asked: Sequence[Asked], fields: Iterable[str], preferred: Collection[RowKey] = ()
    ) -> tuple[FoundHolder, ...]:
        """Return the present holder of every line; ``fields`` are to be changed.

        Where a unit or a name has several posts, the only one among the ``preferred`` rows is meant.
        """
        fields, preferred = frozenset(fields), frozenset(preferred)
        with self._database.read() as session:
            book = _Book(session, self._journal)
            found = [book.find(line, fields, preferred) for line in asked]
            stored = _holders(session, [line.tenure_id for line in found if isinstance(line, _Seat)])
            drafts = {tenure_id: holder.draft() for tenure_id, holder in stored.items()}
        return tuple(
            FoundHolder(problem=line)
            if isinstance(line, str)
            else FoundHolder(drafts[line.tenure_id], line.unit)
            for line in found
        )

    def save(self, changes: Sequence[HolderChange], step: Step | None = None) -> int:
        """Write every change and return how many persons they are about.

        Raises ConflictError when one of the records was changed or left meanwhile, InvalidInputError for a
        value that cannot be accepted; nothing at all is written then.
        """
        with self._database.write() as session:
            holders = _holders(session, [change.opened.tenure_id or 0 for change in changes])
            _refuse_changed(holders, changes)
            written: set[int] = set()
            for done, change in enumerate(changes, start=1):
                holder = holders[change.opened.tenure_id or 0]
                if holder.person.id in written:  # a line before was about him, perhaps in another post
                    session.refresh(holder.tenure)
                    session.refresh(holder.person)
                self._write(session, holder.draft(), holder.post, change)
                written.add(holder.person.id)
                if step is not None:
                    step(done, len(changes))
        return len(written)

    def _write(self, session: Session, stored: HolderDraft, post: PostInfo, change: HolderChange) -> None:
        refused = next(filter(None, (reason_against(field, post.kind) for field in change.values)), "")
        if refused:
            raise InvalidInputError(f"“{stored.name}”：{refused}没有保存任何内容。")
        try:
            draft = checked_holder(replace(stored, **change.values))  # type: ignore[arg-type]
        except InvalidFormError as error:
            message = next(iter(error.messages.values()))
            raise InvalidInputError(f"“{stored.name}”：{message}没有保存任何内容。") from error
        write_update(session, self._journal, stored, draft, post)
        file_update(session, self._journal, stored, draft, post)


@dataclass(frozen=True)
class _Holder:
    """A stored holder."""

    tenure: Tenure
    person: Person
    post: PostInfo

    def draft(self) -> HolderDraft:
        return as_draft(self.tenure, self.person, self.post.kind)


def _holders(session: Session, tenure_ids: Sequence[int]) -> dict[int, _Holder]:
    found: dict[int, _Holder] = {}
    for start in range(0, len(tenure_ids), _MOST_BOUND):
        query = (
            select(Tenure, Person, Post.kind, Post.unit_id, Unit.short_name, Unit.valid_to)
            .join(Person, Person.id == Tenure.person_id)
            .join(Post, Post.id == Tenure.post_id)
            .join(Unit, Unit.id == Post.unit_id)
            .where(Tenure.id.in_(tenure_ids[start : start + _MOST_BOUND]))
        )
        for tenure, person, kind, unit_id, unit, ends in session.execute(query):
            post = PostInfo(tenure.post_id, PostKind(kind), unit_id, unit, ends)
            found[tenure.id] = _Holder(tenure, person, post)
    return found


def _refuse_changed(stored: Mapping[int, _Holder], changes: Sequence[HolderChange]) -> None:
    names = {change.opened.name: None for change in changes if not _is_as_opened(stored, change.opened)}
    if names:
        first = "、".join(f"“{name}”" for name in list(names)[:_MOST_NAMED])
        more = f"等 {len(names)} 人" if len(names) > _MOST_NAMED else ""
        raise ConflictError(
            f"{first}{more}的资料在预览之后已被别人修改。没有保存任何内容，请重新比对后再粘贴。"
        )


def _is_as_opened(stored: Mapping[int, _Holder], opened: HolderDraft) -> bool:
    now = stored.get(opened.tenure_id or 0)
    return now is not None and (now.tenure.version, now.person.version, now.person.id) == (
        opened.tenure_version,
        opened.person_version,
        opened.person_id,
    )


class _Seat(NamedTuple):
    """A post of today with its holder; ``tenure_id`` is 0 where it is empty."""

    post_id: int
    unit_id: int
    unit: str
    kind: str
    tenure_id: int
    person_id: int
    name: str

    def __str__(self) -> str:
        return " ".join(filter(None, (self.unit, self.kind, self.name)))


class _Book:
    """The register of today by everything that may name a line of it."""

    def __init__(self, session: Session, journal: Journal) -> None:
        today = journal.today
        query = (
            select(Post.id, Unit.id, Unit.short_name, Post.kind, Tenure.id, Tenure.person_id, Person.name)
            .join(Unit, Unit.id == Post.unit_id)
            .outerjoin(
                Tenure,
                (Tenure.post_id == Post.id)
                & (Tenure.since <= today)
                & or_(Tenure.until.is_(None), Tenure.until > today),
            )
            .outerjoin(Person, Person.id == Tenure.person_id)
            .where(or_(Unit.valid_to.is_(None), Unit.valid_to > today))
            .order_by(Unit.sort_order, Unit.id, Post.rank, Tenure.id)
        )
        self._units = present_names(session, today)
        self._by_unit: dict[int, list[_Seat]] = {}
        self._by_name: dict[str, list[_Seat]] = {}
        self._by_key: dict[RowKey, _Seat] = {}
        for post_id, unit_id, unit, kind, tenure_id, person_id, name in session.execute(query):
            seat = _Seat(post_id, unit_id, unit, kind, tenure_id or 0, person_id or 0, name or "")
            self._by_unit.setdefault(unit_id, []).append(seat)
            self._by_key[post_id, seat.tenure_id] = seat
            if name:
                self._by_name.setdefault(name, []).append(seat)

    def kind_of(self, texts: Sequence[str]) -> str:
        """Return what at least half of some texts are, or ""."""
        said = [text for text in texts if text.strip()][:_MOST_LOOKED_AT]
        if not said:
            return ""
        counts = {
            UNIT: sum(self._units.sure(text) is not None for text in said),
            POST: sum(text.strip() in tuple(PostKind) for text in said),
            NAME: sum(clean_name(text) in self._by_name for text in said),
        }
        best = max(counts, key=lambda key: counts[key])
        return best if 2 * counts[best] >= len(said) else ""

    def find(self, asked: Asked, fields: frozenset[str], preferred: frozenset[RowKey]) -> "_Seat | str":
        """Return the seat that a line is about, or the reason why it is none."""
        if asked.key is not None:
            seat = self._by_key.get(asked.key)
            if seat is None:
                return "这个岗位刚换了人或已不在名册里，请刷新后再粘贴。"
            return seat if seat.tenure_id else _empty(seat)
        seats = self._named(asked)
        return seats if isinstance(seats, str) else _the_one(seats, fields, preferred)

    def _named(self, asked: Asked) -> "Sequence[_Seat] | str":
        if not (asked.unit or asked.name):
            return "没有单位和姓名，看不出是谁。"
        seats: Sequence[_Seat] = self._by_name.get(clean_name(asked.name), ()) if asked.name else ()
        if asked.name and not seats:
            return f"名册里现在没有“{asked.name}”；换了人请用“更换”。"
        if asked.unit:
            match = self._units.find(asked.unit)
            if match.unit_id is None:
                return self._unknown_unit(asked.unit, match.near)
            of_unit = self._by_unit.get(match.unit_id, [])
            seats = [seat for seat in seats if seat in of_unit] if asked.name else of_unit
            if asked.name and not seats:
                return f"“{asked.name}”现在不在“{asked.unit}”任职，请核对。"
        if asked.post:
            seats = [seat for seat in seats if seat.kind == asked.post]
        return seats or f"“{asked.name or asked.unit}”没有“{asked.post}”这个岗位，请核对。"

    def _unknown_unit(self, name: str, near: Sequence[int]) -> str:
        units = [self._by_unit[unit][0].unit for unit in near if unit in self._by_unit][:_MOST_NAMED]
        if not units:
            return f"名册里没有单位“{name}”，请核对。"
        return f"名册里没有单位“{name}”，相近的有“{'”“'.join(units)}”；请改成一样的名称。"


def _the_one(seats: Sequence[_Seat], fields: frozenset[str], preferred: frozenset[RowKey]) -> _Seat | str:
    """Return the only holder among some posts; one person in several posts is one, as far as phones go.

    Empty posts count as well: else the phone of a 数据专员 still to come would go to the 首席数据官.
    """
    seen = [seat for seat in seats if (seat.post_id, seat.tenure_id) in preferred]
    seats = seen if len(seen) == 1 else seats
    same_person = len({seat.person_id for seat in seats}) == 1 and fields <= frozenset(PERSON_FIELDS)
    if len(seats) == 1 or same_person:
        return seats[0] if seats[0].tenure_id else _empty(seats[0])
    shown = "、".join(f"“{seat}”" for seat in seats[:_MOST_NAMED])
    return f"对应 {len(seats)} 个岗位（{shown}），请在复制的内容里加上岗位或姓名一列。"


def _empty(seat: _Seat) -> str:
    return f"“{seat}”空缺，没有人可以更新；请先任命。"
