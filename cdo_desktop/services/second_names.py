"""一个机构两块牌子: the further names on a unit's door, with their dates."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from cdo_desktop.errors import InvalidFormError, InvalidInputError, NotFoundError
from cdo_desktop.models import SecondName, Unit
from cdo_desktop.rules.pinyin import unit_pinyin
from cdo_desktop.rules.text import clean_text, too_long
from cdo_desktop.rules.vocabulary import UnitCategory
from cdo_desktop.services.journal import Journal, Value
from cdo_desktop.services.unit_draft import MAX_LENGTH
from cdo_desktop.services.units import find_unit
from cdo_desktop.services.versions import refuse_stale
from cdo_desktop.store import Database


@dataclass(frozen=True)
class SecondNameDraft:
    """One further name of a unit over [since, until)."""

    unit_id: int
    name_id: int | None = None
    version: int = 0
    full_name: str = ""
    short_name: str = ""
    since: date | None = None
    until: date | None = None  # first day without the plate
    paper: str = ""


SECOND_NAME_LABELS = {
    "full_name": "加挂名称",
    "short_name": "加挂名称的简称",
    "since": "加挂日期",
    "until": "摘牌日期",
    "paper": "依据文号",
}


class SecondNameService:
    """The plates beside a unit's own; its filings bear the first name alone."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    def names_of(self, unit_id: int) -> tuple[SecondNameDraft, ...]:
        """Return every further name a unit has or had, oldest first."""
        query = select(SecondName).where(SecondName.unit_id == unit_id)
        with self._database.read() as session:
            rows = session.scalars(query.order_by(SecondName.since, SecondName.id))
            return tuple(_as_draft(row) for row in rows)

    def save(self, draft: SecondNameDraft, opened: SecondNameDraft | None = None) -> int:
        """Add or change a name and return its id; ``until`` takes the plate down.

        Raises InvalidFormError, NotFoundError, or ConflictError for a stale form.
        """
        draft = _checked(draft)
        with self._database.write() as session:
            unit = find_unit(session, draft.unit_id)
            if unit.category == UnitCategory.DISTRICT:
                raise InvalidInputError("“区级”不是单位，没有加挂的牌子。")
            _refuse_taken_name(session, draft, opened)
            keys = unit_pinyin(draft.short_name)
            values = {**_values(draft), "pinyin": keys.full, "initials": keys.initials}
            if opened is None:
                name = SecondName(unit_id=unit.id, **values)
                session.add(name)
                session.flush()
                self._record(session, "加挂牌子", name, {}, _values(draft))
                return name.id
            name = _find(session, opened)
            stored = _as_draft(name)
            if stored.version != opened.version:
                raise refuse_stale(
                    f"“{stored.full_name}”",
                    _values(opened),
                    _values(draft),
                    _values(stored),
                    SECOND_NAME_LABELS,
                )
            for key, value in values.items():
                setattr(name, key, value)
            name.version += 1
            self._record(session, "修改加挂牌子", name, _values(stored), _values(draft))
            return name.id

    def remove(self, opened: SecondNameDraft) -> None:
        """Remove a name that was entered by mistake. Raises NotFoundError or ConflictError."""
        with self._database.write() as session:
            name = _find(session, opened)
            stored = _as_draft(name)
            if stored.version != opened.version:
                raise refuse_stale(
                    f"“{stored.full_name}”", _values(opened), {}, _values(stored), SECOND_NAME_LABELS
                )
            self._record(session, "删除加挂牌子", name, _values(stored), {})
            session.delete(name)

    def _record(
        self,
        session: Session,
        action: str,
        name: SecondName,
        before: Mapping[str, Value],
        after: Mapping[str, Value],
    ) -> None:
        # Told of the unit, whose history it belongs to; the keys do not clash with the unit's own.
        self._journal.record(
            session,
            action,
            "units",
            name.unit_id,
            before={f"second_{key}": value for key, value in before.items()},
            after={f"second_{key}": value for key, value in after.items()},
            unit_id=name.unit_id,
        )


def _find(session: Session, opened: SecondNameDraft) -> SecondName:
    name = session.get(SecondName, opened.name_id or 0)
    if name is None:
        raise NotFoundError("这块牌子已被别人删除。没有保存，请刷新后再试。")
    return name


def _as_draft(name: SecondName) -> SecondNameDraft:
    return SecondNameDraft(
        unit_id=name.unit_id,
        name_id=name.id,
        version=name.version,
        full_name=name.full_name,
        short_name=name.short_name,
        since=name.since,
        until=name.until,
        paper=name.paper,
    )


def _values(draft: SecondNameDraft) -> dict[str, Value]:
    return {key: getattr(draft, key) for key in SECOND_NAME_LABELS}


def _checked(draft: SecondNameDraft) -> SecondNameDraft:
    full_name = clean_text(draft.full_name)
    short_name = clean_text(draft.short_name) or full_name
    messages: dict[str, str] = {}
    if not full_name:
        messages["full_name"] = "请填写牌子上的名称，与公章一致。"
    messages |= too_long(MAX_LENGTH, full_name=full_name, short_name=short_name)
    if draft.since is not None and draft.until is not None and draft.until <= draft.since:
        messages["until"] = "摘牌日期要晚于加挂日期。"
    if messages:
        raise InvalidFormError(messages)
    return replace(draft, full_name=full_name, short_name=short_name, paper=clean_text(draft.paper))


def _refuse_taken_name(session: Session, draft: SecondNameDraft, opened: SecondNameDraft | None) -> None:
    messages: dict[str, str] = {}
    for field in ("full_name", "short_name"):
        name = getattr(draft, field)
        # The name of a unit that ended may go on as a plate; that of one that exists may not.
        unit = session.scalar(
            select(Unit.short_name).where(
                or_(Unit.full_name == name, Unit.short_name == name), Unit.valid_to.is_(None)
            )
        )
        other = session.scalar(
            select(Unit.short_name)
            .join(SecondName, SecondName.unit_id == Unit.id)
            .where(
                or_(SecondName.full_name == name, SecondName.short_name == name),
                SecondName.until.is_(None),
                SecondName.id != ((opened.name_id or 0) if opened else 0),
            )
        )
        if unit is not None:
            messages[field] = f"“{name}”是单位“{unit}”自己的名称。两个单位合为一个的，请用“合并”。"
        elif other is not None:
            messages[field] = f"“{name}”已是“{other}”加挂的牌子。"
    if messages:
        raise InvalidFormError(messages)
