"""What an office decides for itself: who receives, how numbers are written, which receipt counts."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdo_desktop.errors import InvalidFormError, InvalidInputError, NotFoundError
from cdo_desktop.models import ReceivingBody, Setting
from cdo_desktop.rules.filing import CountedReceipt
from cdo_desktop.rules.number_pattern import DASHED, NumberPattern
from cdo_desktop.rules.text import check_phone, clean_text, length_problem, too_long
from cdo_desktop.services.counted_receipts import count_what_waits
from cdo_desktop.services.journal import Journal, Value
from cdo_desktop.services.versions import refuse_stale
from cdo_desktop.store import Database

LONGEST_NAME = 50  # characters; it stands in one line of the form


@dataclass(frozen=True)
class OfficeSettings:
    """The choices of one office."""

    number_pattern: str = DASHED
    counted_receipt: CountedReceipt = CountedReceipt.EARLIER
    refile_updates: bool = False  # whether 信息更新 needs a new filing
    office_phone: str = ""  # for questions, on 回执 and 提醒函
    fonds: str = ""  # 立档单位 of the 归档文件目录


@dataclass(frozen=True)
class SavedSettings:
    """The choices as they are stored, and how many filings count as received by them that did not."""

    settings: OfficeSettings
    counted: int


@dataclass(frozen=True)
class ReceivingBodyDraft:
    """Who receives the filings from a day on."""

    body_id: int | None = None
    version: int = 0
    name: str = ""
    since: date | None = None
    note: str = ""


SETTING_LABELS = {
    "number_pattern": "备案编号格式",
    "counted_receipt": "按时与否以哪一次收到为准",
    "refile_updates": "信息更新也要重新备案",
    "office_phone": "办公室联系电话",
    "fonds": "立档单位",
}
BODY_LABELS = {"name": "备案机关", "since": "起始日期", "note": "备注"}
_FIRST_DAY = date(1949, 10, 1)


class OfficeSettingsService:
    """Reads and writes the settings of one database."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    def get(self) -> OfficeSettings:
        """Return the settings; what was never set has its usual value."""
        with self._database.read() as session:
            return stored_settings(session)

    def number_pattern(self) -> NumberPattern:
        """Return how the receiving body writes its numbers."""
        return NumberPattern(self.get().number_pattern)

    def save(self, settings: OfficeSettings, opened: OfficeSettings) -> SavedSettings:
        """Store the settings and return them as stored; what has come counts by them if nothing did so far.

        Raises InvalidInputError for a pattern, a phone number or a text, ConflictError for a stale form.
        """
        pattern = NumberPattern.of(settings.number_pattern)
        phone, fonds = _checked_texts(settings)
        settings = replace(settings, number_pattern=pattern.text, office_phone=phone, fonds=fonds)
        counted = 0
        with self._database.write() as session:
            stored = stored_settings(session)
            if stored != opened:
                raise refuse_stale(
                    "办公室设置", _values(opened), _values(settings), _values(stored), SETTING_LABELS
                )
            before, after = _values(stored), _values(settings)
            for key in after:
                if before[key] != after[key]:
                    _put(session, key, _as_text(after[key]))
            if before != after:
                self._journal.record(session, "修改设置", "settings", 0, before=before, after=after)
            if settings.counted_receipt is not stored.counted_receipt:
                counted = count_what_waits(session, self._journal, settings.counted_receipt)
        return SavedSettings(settings, counted)

    def receiving_bodies(self) -> tuple[ReceivingBodyDraft, ...]:
        """Return who received from when on, oldest first."""
        with self._database.read() as session:
            query = select(ReceivingBody).order_by(ReceivingBody.since)
            return tuple(_as_draft(body) for body in session.scalars(query))

    def receiving_body_on(self, day: date) -> str:
        """Return who receives filings on a day; "" when nothing is set: the form text counts."""
        with self._database.read() as session:
            return receiving_body_on(session, day)

    def save_receiving_body(self, draft: ReceivingBodyDraft, opened: ReceivingBodyDraft | None = None) -> int:
        """Add or change one line and return its id.

        Raises InvalidFormError, NotFoundError, or ConflictError for a stale form.
        """
        draft = _checked(draft)
        with self._database.write() as session:
            _refuse_taken_day(session, draft, opened)
            if opened is None:
                body = ReceivingBody(name=draft.name, since=draft.since, note=draft.note)
                session.add(body)
                session.flush()
                self._record(session, "登记备案机关", body.id, {}, _body_values(draft))
                return body.id
            body = _find(session, opened.body_id)
            stored = _as_draft(body)
            if stored.version != opened.version:
                raise refuse_stale(
                    f"备案机关“{stored.name}”",
                    _body_values(opened),
                    _body_values(draft),
                    _body_values(stored),
                    BODY_LABELS,
                )
            body.name, body.note = draft.name, draft.note
            body.since = draft.since or stored.since or _FIRST_DAY
            body.version += 1
            self._record(session, "修改备案机关", body.id, _body_values(stored), _body_values(draft))
            return body.id

    def remove_receiving_body(self, opened: ReceivingBodyDraft) -> None:
        """Remove one line: the one before it holds on. Raises NotFoundError or ConflictError."""
        with self._database.write() as session:
            body = _find(session, opened.body_id)
            stored = _as_draft(body)
            if stored.version != opened.version:
                raise refuse_stale(
                    f"备案机关“{stored.name}”", _body_values(opened), {}, _body_values(stored), BODY_LABELS
                )
            self._record(session, "删除备案机关", body.id, _body_values(stored), {})
            session.delete(body)

    def _record(
        self,
        session: Session,
        action: str,
        body_id: int,
        before: Mapping[str, Value],
        after: Mapping[str, Value],
    ) -> None:
        self._journal.record(session, action, "receiving_bodies", body_id, before=before, after=after)


def stored_settings(session: Session) -> OfficeSettings:
    """Return the settings within an open transaction, for services that act by them."""
    stored = {row.key: row.value for row in session.execute(select(Setting.key, Setting.value))}
    usual = OfficeSettings()
    return OfficeSettings(
        number_pattern=stored.get("number_pattern", usual.number_pattern),
        counted_receipt=CountedReceipt(stored.get("counted_receipt", usual.counted_receipt)),
        refile_updates=stored.get("refile_updates", "") == _YES,
        office_phone=stored.get("office_phone", ""),
        fonds=stored.get("fonds", ""),
    )


def receiving_body_on(session: Session, day: date) -> str:
    """Return who receives filings on a day within an open transaction; "" when nothing is set for it."""
    query = select(ReceivingBody.name).where(ReceivingBody.since <= day)
    return session.scalar(query.order_by(ReceivingBody.since.desc()).limit(1)) or ""


_YES = "是"


def _values(settings: OfficeSettings) -> dict[str, Value]:
    return {
        "number_pattern": settings.number_pattern,
        "counted_receipt": str(settings.counted_receipt),
        "refile_updates": settings.refile_updates,
        "office_phone": settings.office_phone,
        "fonds": settings.fonds,
    }


def _checked_texts(settings: OfficeSettings) -> tuple[str, str]:
    """Return phone and 立档单位 in their stored form; raises InvalidInputError."""
    fonds = clean_text(settings.fonds)
    if problem := length_problem(fonds, LONGEST_NAME):
        raise InvalidInputError(f"立档单位{problem}", field="fonds")
    phone = check_phone(settings.office_phone).value if settings.office_phone.strip() else ""
    return phone, fonds


def _as_text(value: Value) -> str:
    if isinstance(value, bool):
        return _YES if value else "否"
    return str(value)


def _put(session: Session, key: str, value: str) -> None:
    setting = session.get(Setting, key)
    if setting is None:
        session.add(Setting(key=key, value=value))
    else:
        setting.value = value


def _find(session: Session, body_id: int | None) -> ReceivingBody:
    body = session.get(ReceivingBody, body_id or 0)
    if body is None:
        raise NotFoundError("这一条备案机关已被别人删除。没有保存，请刷新后再试。")
    return body


def _as_draft(body: ReceivingBody) -> ReceivingBodyDraft:
    return ReceivingBodyDraft(body.id, body.version, body.name, body.since, body.note)


def _body_values(draft: ReceivingBodyDraft) -> dict[str, Value]:
    return {"name": draft.name, "since": draft.since, "note": draft.note}


def _checked(draft: ReceivingBodyDraft) -> ReceivingBodyDraft:
    name = clean_text(draft.name)
    messages = too_long(LONGEST_NAME, name=name)
    if not name:
        messages["name"] = "请填写备案机关的名称，例如“区数据局”。"
    if draft.since is None:
        messages["since"] = "请填写从哪一天起由它备案。"
    if messages:
        raise InvalidFormError(messages)
    return replace(draft, name=name, note=clean_text(draft.note))


def _refuse_taken_day(session: Session, draft: ReceivingBodyDraft, opened: ReceivingBodyDraft | None) -> None:
    query = select(ReceivingBody.name).where(
        ReceivingBody.since == draft.since, ReceivingBody.id != ((opened.body_id or 0) if opened else 0)
    )
    taken = session.scalar(query)
    if taken is not None:
        raise InvalidFormError({"since": f"这一天起已登记为“{taken}”，请改日期，或修改那一条。"})
