"""个人信息: a copy of all that is stored of one person, and making them anonymous (个人信息保护法 45—47)."""

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from cdo_desktop.documents.excel.listing import ListColumn, ListSheet, write_listing
from cdo_desktop.errors import InvalidInputError, NotFoundError
from cdo_desktop.models import Contact, Filing, HistoryEntry, Person, PersonErasure, Post, Tenure, Unit
from cdo_desktop.rules.mentions import Traces
from cdo_desktop.rules.pinyin import pinyin_of
from cdo_desktop.rules.text import clean_text, length_problem
from cdo_desktop.rules.vocabulary import FilingState
from cdo_desktop.services.attachment_rows import AttachmentRow
from cdo_desktop.services.history import FILING_LABELS, REDACTED
from cdo_desktop.services.holder_draft import HOLDER_LABELS, PERSON_FIELDS, TENURE_FIELDS
from cdo_desktop.services.journal import ERASED, EXPORTED, EXPORTS, Journal, Value, as_json, note
from cdo_desktop.services.search_index import rebuild_index
from cdo_desktop.services.trail import SHEET_COLUMNS, TrailService, sheet_line
from cdo_desktop.store import Database
from cdo_desktop.store.audit_chain import redact

LONGEST_REASON: Final = 200
_GONE: Final = "内容已按本人要求删除"
_ENDED: Final = (FilingState.FILED, FilingState.STORED, FilingState.VOID)
_UNDERWAY: Final = tuple(state for state in FilingState if state not in (*_ENDED, FilingState.DRAFT))
# What a line keeps of an anonymous person: when what happened, and how a paper went.
_KEPT: Final = frozenset(
    (
        *("since", "until", "kind", "state", "filled_on", "change_date", "known_on", "due_date"),
        *("due_provisional", "received_on", "number", "in_place_of"),
    )
)
_TOLD_BY: Final = ("told_by", "answered_by")  # notes in free words of who it was; they stand on no paper
_FIELD_COLUMNS: Final = (ListColumn("栏目", 20, centred=True), ListColumn("内容", 80))
_RECORD_COLUMNS: Final = (
    ListColumn("单位", 20),
    ListColumn("岗位", 14, centred=True),
    ListColumn("栏目", 18, centred=True),
    ListColumn("内容", 70),
)
_FILE_COLUMNS: Final = (
    ListColumn("文件", 50),
    ListColumn("说明", 30),
    ListColumn("加入时间", 20, centred=True),
    ListColumn("加入人", 14, centred=True),
)


@dataclass(frozen=True)
class PersonFacts:
    """What is stored of a person, and why they cannot be made anonymous now, if they cannot."""

    person_id: int
    name: str
    fields: tuple[tuple[str, str], ...]  # label, value
    posts: tuple[str, ...]
    history_lines: int
    archived: int  # papers that stay as they were signed
    attachments: int
    obstacles: tuple[str, ...]


class PersonalDataService:
    """Answers the requests of one person about their own data."""

    def __init__(
        self,
        database: Database,
        journal: Journal,
        trail: TrailService,
        files_of: Callable[[int], Sequence[AttachmentRow]],
    ) -> None:
        """``files_of`` returns the attachments of a person by their id."""
        self._database = database
        self._journal = journal
        self._trail = trail
        self._files_of = files_of

    def facts(self, person_id: int) -> PersonFacts:
        """Return what is stored of a person; raises NotFoundError."""
        files = self._files_of(person_id)
        with self._database.read() as session:
            person = _find(session, person_id)
            tenures, filings = _tenures(session, person_id), _filings(session, person_id)
            return PersonFacts(
                person_id=person_id,
                name=person.name,
                fields=_texts(person, PERSON_FIELDS, HOLDER_LABELS),
                posts=tuple(_post_words(*row) for row in tenures),
                history_lines=len(_own_lines(session, person_id)),
                archived=sum(filing.state in _ENDED for filing, _unit, _post in filings),
                attachments=len(files),
                obstacles=tuple(self._obstacles(session, person, tenures, filings)),
            )

    # 第45条: a copy

    def write_copy(self, person_id: int, target: Path) -> None:
        """Write all that is stored of a person into a workbook they can read; raises NotFoundError."""
        with self._database.read() as session:
            person = _find(session, person_id)
            name = person.name
            own = [*_texts(person, PERSON_FIELDS, HOLDER_LABELS)]
            tenures = [line for row in _tenures(session, person_id) for line in _tenure_lines(*row)]
            filings = [line for row in _filings(session, person_id) for line in _filing_lines(*row)]
            numbers = _own_lines(session, person_id)
        files = [
            (file.name, file.note, f"{file.added_at:%Y-%m-%d %H:%M}", file.added_by)
            for file in self._files_of(person_id)
        ]
        rows = self._trail.rows(numbers)
        lines = [sheet_line(rows[number]) for number in numbers if number in rows]
        day = self._journal.today.isoformat()
        said = f"{name}，截至 {day} 本系统存有的全部个人信息（个人信息保护法第四十五条）。"
        sheets = (
            ListSheet("个人信息", "个人信息副本", said, _FIELD_COLUMNS, own),
            ListSheet("任职", "任职情况", said, _RECORD_COLUMNS, tenures),
            ListSheet("备案", "备案材料", said, _RECORD_COLUMNS, filings),
            ListSheet("附件", "附件", said, _FILE_COLUMNS, files),
            ListSheet("操作记录", "涉及本人的操作记录", said, SHEET_COLUMNS, lines),
        )
        write_listing(sheets, target)
        told = {"what": "个人信息副本", "file": target.name}
        note(self._database, self._journal, EXPORTED, EXPORTS, told, person_id=person_id)

    # 第47条: made anonymous

    def erase(self, person_id: int, reason: str) -> None:
        """Take out for good who a person was, from the register and from the history; not to be undone.

        Papers that were filed stay as archives. Raises InvalidInputError while something stands against it,
        or when the reason is missing or names the person.
        """
        with self._database.write() as session:
            person = _find(session, person_id)
            tenures, filings = _tenures(session, person_id), _filings(session, person_id)
            for obstacle in self._obstacles(session, person, tenures, filings):
                raise InvalidInputError(f"{obstacle}没有改动任何内容。")
            erasure = PersonErasure(
                person_id=person_id, at=self._journal.clock(), reason=_checked(reason, person.name)
            )
            traces, new_name = _traces(session, person), f"已匿名人员{person_id}"
            session.add(erasure)
            units = sorted({unit.id for _tenure, _post, unit in tenures})
            self._journal.record(
                session, ERASED, "persons", person_id, after={REDACTED: _GONE}, person_id=person_id
            )
            session.flush()
            _redact_history(session, person, units, traces, new_name)
            _clear(person, new_name)
            for tenure, _post, _unit in tenures:
                _clear_tenure(tenure)
            _forget_elsewhere(session, units, traces.name, new_name)
            _forget_who_told(session, units, traces)
            session.flush()
            rebuild_index(session)

    def _obstacles(
        self,
        session: Session,
        person: Person,
        tenures: "Sequence[_TenureRow]",
        filings: "Sequence[_FilingRow]",
    ) -> Iterable[str]:
        """Yield why a person cannot be made anonymous, as sentences."""
        if session.get(PersonErasure, person.id) is not None:
            yield "这个人已经匿名。"
            return
        today = self._journal.today
        for tenure, post, unit in tenures:
            if tenure.until is None or tenure.until > today:
                yield f"“{person.name}”仍任（或将任）{unit.short_name} {post}，离任以后才能匿名。"
        for filing, unit_name, post in filings:
            if filing.state not in _ENDED:
                paper = f"“{person.name}”在{unit_name}的{post}备案（{filing.state}）"
                yield f"{paper}还没有办完，备案或作废以后才能匿名。"
        units = [unit.id for _tenure, _post, unit in tenures]
        for field, word in ((Filing.predecessor_name, "原任"), (Filing.filler, "填表人")):
            naming = _filings_of(units, _UNDERWAY).where(field == person.name)
            for unit_name in session.scalars(naming.with_only_columns(Unit.short_name)):
                yield f"{unit_name}有一份已发出的备案表写着{word}“{person.name}”，备案或作废以后才能匿名。"


_TenureRow = tuple[Tenure, str, Unit]
_FilingRow = tuple[Filing, str, str]


def _find(session: Session, person_id: int) -> Person:
    person = session.get(Person, person_id)
    if person is None:
        raise NotFoundError("这个人已不在名册里。没有改动任何内容，请刷新后再试。")
    return person


def _tenures(session: Session, person_id: int) -> list[_TenureRow]:
    query = (
        select(Tenure, Post.kind, Unit)
        .join(Post, Post.id == Tenure.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .where(Tenure.person_id == person_id)
        .order_by(Tenure.since, Tenure.id)
    )
    return [(tenure, kind, unit) for tenure, kind, unit in session.execute(query)]


def _filings(session: Session, person_id: int) -> list[_FilingRow]:
    query = (
        select(Filing, Unit.short_name, Post.kind)
        .join(Tenure, Tenure.id == Filing.tenure_id)
        .join(Post, Post.id == Tenure.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .where(Tenure.person_id == person_id)
        .order_by(Filing.id)
    )
    return [(filing, unit, kind) for filing, unit, kind in session.execute(query)]


def _own_lines(session: Session, person_id: int) -> Sequence[int]:
    query = select(HistoryEntry.id).where(HistoryEntry.person_id == person_id)
    return session.scalars(query.order_by(HistoryEntry.id)).all()


def _texts(record: object, names: Iterable[str], labels: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return label and value of every field that holds something."""
    found = ((labels[name], getattr(record, name)) for name in names)
    return tuple((label, _shown(value)) for label, value in found if value not in (None, ""))


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value)


def _post_words(tenure: Tenure, post: str, unit: Unit) -> str:
    return f"{unit.short_name} {post}，{tenure.since} 至 {tenure.until or '今'}"


def _tenure_lines(tenure: Tenure, post: str, unit: Unit) -> Iterable[tuple[str, str, str, str]]:
    labels = {**HOLDER_LABELS, "until": "离任日期", "leave_reason": "离任原因"}
    for label, text in _texts(tenure, (*TENURE_FIELDS, "until", "leave_reason"), labels):
        yield unit.short_name, post, label, text


def _filing_lines(filing: Filing, unit: str, post: str) -> Iterable[tuple[str, str, str, str]]:
    for label, text in _texts(filing, FILING_LABELS, FILING_LABELS):
        yield unit, post, label, text


def _checked(reason: str, name: str) -> str:
    text = clean_text(reason)
    if not text:
        raise InvalidInputError("请写明匿名的原因，例如“本人申请，2026年11月24日”。", field="reason")
    if problem := length_problem(text, LONGEST_REASON):
        raise InvalidInputError(f"原因{problem}", field="reason")
    if name in text:
        raise InvalidInputError("原因会长期保存，请不要写姓名。", field="reason")
    return text


def _clear(person: Person, new_name: str) -> None:
    for field in PERSON_FIELDS:
        setattr(person, field, "")
    keys = pinyin_of(new_name)
    person.name = new_name
    person.pinyin, person.initials, person.sort_key = keys.full, keys.initials, keys.sort_key
    person.version += 1


def _clear_tenure(tenure: Tenure) -> None:
    for field in TENURE_FIELDS:
        if field != "since":
            setattr(tenure, field, "")
    tenure.leave_reason = ""
    tenure.version += 1


def _filings_of(unit_ids: Iterable[int], states: Iterable[FilingState]) -> Select[Filing]:
    """Select the papers of these units in some states."""
    return (
        select(Filing)
        .join(Tenure, Tenure.id == Filing.tenure_id)
        .join(Post, Post.id == Tenure.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .where(Unit.id.in_(list(unit_ids)), Filing.state.in_(list(states)))
    )


def _forget_elsewhere(session: Session, unit_ids: Sequence[int], old_name: str, new_name: str) -> None:
    """Take the name out of the fields of others' records in the same units: drafts, and B角."""
    for field, instead, beside in (
        (Filing.predecessor_name, new_name, "predecessor_title"),
        (Filing.filler, "", "filler_phone"),
    ):
        naming = _filings_of(unit_ids, (FilingState.DRAFT,)).where(field == old_name)
        for filing in session.scalars(naming):
            setattr(filing, field.key, instead)
            setattr(filing, beside, "")
            filing.version += 1
    query = (
        select(Tenure)
        .join(Post, Post.id == Tenure.post_id)
        .where(Post.unit_id.in_(unit_ids), Tenure.backup_name == old_name)
    )
    for tenure in session.scalars(query):
        tenure.backup_name = tenure.backup_phone = ""
        tenure.version += 1


def _forget_who_told(session: Session, unit_ids: Sequence[int], traces: Traces) -> None:
    """Empty what others' records in the same units note of who told of a change, and who answered a call."""
    for filing in session.scalars(_filings_of(unit_ids, (FilingState.DRAFT, *_UNDERWAY))):
        if traces.found_in(filing.told_by):
            filing.told_by = ""
            filing.version += 1
    for call in session.scalars(select(Contact).where(Contact.unit_id.in_(unit_ids))):
        if traces.found_in(call.answered_by):
            call.answered_by = ""
            call.version += 1


def _traces(session: Session, person: Person) -> Traces:
    """Return by what a person is known; a number of the office that another has too is not theirs."""
    own = []
    for number in filter(None, person.office_phone.split("、")):
        others = select(Person.id).where(Person.id != person.id, Person.office_phone.contains(number))
        if session.scalars(others.limit(1)).first() is None:
            own.append(number)
    return Traces(person.name, (*filter(None, person.mobile.split("、")), *own))


def _redact_history(
    session: Session, person: Person, unit_ids: Sequence[int], traces: Traces, new_name: str
) -> None:
    """Take out what lines of the history say of a person; that they acted, and when, stays."""
    person_id = person.id
    instead = {person.name: new_name, **({person.mobile: ""} if person.mobile else {})}
    wanted = (*(json.dumps(text, ensure_ascii=False) for text in instead), *(f'"{key}"' for key in _TOLD_BY))
    about: ColumnElement[bool] = HistoryEntry.person_id == person_id
    elsewhere = HistoryEntry.unit_id.in_(unit_ids) & or_(
        *(
            column.contains(text, autoescape=True)
            for column in (HistoryEntry.before, HistoryEntry.after)
            for text in wanted
        )
    )
    columns = (HistoryEntry.id, HistoryEntry.person_id, HistoryEntry.before, HistoryEntry.after)
    query = select(*columns).where(or_(about, elsewhere), HistoryEntry.action != ERASED)
    driver = cast("sqlite3.Connection", session.connection().connection.driver_connection)
    for row in session.execute(query.order_by(HistoryEntry.id)).all():
        if row.person_id == person_id:
            change: Callable[[str], str] = _only_kept
        else:
            change = _replacer(instead, traces)
        before, after = change(row.before), change(row.after)
        if (before, after) != (row.before, row.after):
            redact(driver, row.id, before, after)


def _only_kept(values: str) -> str:
    """Return of a line's values those that say nothing of a person."""
    if not values:
        return ""
    kept = {key: value for key, value in json.loads(values).items() if key in _KEPT}
    return as_json({**kept, REDACTED: _GONE})


def _replacer(instead: Mapping[str, str], traces: Traces) -> Callable[[str], str]:
    def replaced(key: str, value: Value) -> Value:
        if key in _TOLD_BY and traces.found_in(str(value)):
            return ""
        return instead.get(str(value), value)

    def change(values: str) -> str:
        if not values:
            return ""
        told: dict[str, Value] = json.loads(values)
        return as_json({key: replaced(key, value) for key, value in told.items()})

    return change
