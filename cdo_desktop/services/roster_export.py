"""The register as a workbook that can be imported again, and the contact list."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdo_desktop.documents.excel.roster import RosterExportRow, write_roster
from cdo_desktop.documents.excel.template import write_template
from cdo_desktop.documents.pdf.contact_list import ContactRow, contact_problems, write_contact_list
from cdo_desktop.documents.pdf.form_texts import FormTexts
from cdo_desktop.models import Filing, Person, Post, Tenure, Unit
from cdo_desktop.rules.roster_columns import ALL_FIELDS, BASIC_FIELDS, RosterField
from cdo_desktop.rules.text import mask_mobile
from cdo_desktop.rules.vocabulary import FilingKind, FilingState, PostKind
from cdo_desktop.services.holder_draft import HOLDER_COLUMNS, PERSON_FIELDS
from cdo_desktop.services.journal import EXPORTED, EXPORTS, Journal, Value, note
from cdo_desktop.services.roster_merge import FILING_COLUMNS
from cdo_desktop.services.unit_draft import UNIT_COLUMNS
from cdo_desktop.services.unit_names import full_name_on, short_name_on
from cdo_desktop.store import Database

MASKED_FIELDS = (RosterField.MOBILE, RosterField.BACKUP_PHONE)
_MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")  # some have no other office phone


@dataclass(frozen=True)
class ExportResult:
    """How many posts were written, and how many of them are empty."""

    posts: int
    empty: int


@dataclass(frozen=True)
class ContactExport:
    """How many units were written, and what of them no font can show."""

    units: int
    problems: tuple[str, ...]


class RosterExportService:
    """Writes the roster workbook."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    def write(self, target: Path, *, as_of: date | None = None, full: bool = False) -> ExportResult:
        """Write every post as held on a day, in register order.

        ``full`` writes a column for every field of the forms, phones in clear: importing it again loses
        nothing. Otherwise mobiles are masked, and a masked value leaves the stored one alone on import.
        """
        day = as_of or self._journal.today
        with self._database.read() as session:
            rows = [_export_row(record, full) for record in _records(session, day, self._journal.today)]
        note = "含全部字段，手机号未隐去，请妥善保管。" if full else "手机号已部分隐去。"
        write_roster(
            rows,
            ALL_FIELDS if full else BASIC_FIELDS,
            target,
            title="首席数据官、数据专员名册",
            note=f"截至 {day.year}年{day.month}月{day.day}日。{note}",
        )
        empty = sum(not row.values[RosterField.NAME] for row in rows)
        self._tell(
            "名册（全部字段，手机号未隐去）" if full else "名册（手机号部分隐去）", target, day, len(rows)
        )
        return ExportResult(len(rows), empty)

    def write_contact_list(
        self, target: Path, *, as_of: date | None = None, texts: FormTexts | None = None
    ) -> ContactExport:
        """Write the A4 contact list of 首席数据官 and 数据专员 for the desk."""
        day = as_of or self._journal.today
        with self._database.read() as session:
            rows = _contact_rows(_records(session, day, self._journal.today))
        write_contact_list(rows, day, target, texts=texts)
        self._tell("通讯录", target, day, len(rows))
        return ContactExport(len(rows), contact_problems(rows))

    def _tell(self, what: str, target: Path, day: date, count: int) -> None:
        values: dict[str, Value] = {"what": what, "file": target.name, "as_of": day, "count": count}
        note(self._database, self._journal, EXPORTED, EXPORTS, values)

    def write_template(self, target: Path) -> None:
        """Write the empty workbook that units fill in."""
        write_template(target)


def _contact_rows(records: Iterable["_Record"]) -> list[ContactRow]:
    rows = []
    for _unit_id, group in groupby(records, key=lambda record: record.unit.id):
        held = {record.post.kind: record for record in group}
        cdo, specialist = held.get(PostKind.CDO), held.get(PostKind.SPECIALIST)
        if cdo is not None and specialist is not None:
            unit = cdo.unit
            rows.append(ContactRow(unit.group, cdo.names[1], *_contact(cdo), *_contact(specialist)))
    return rows


def _contact(record: "_Record") -> tuple[str, str, str]:
    """Return name, title and phones of a post; an empty post is empty."""
    if record.person is None or record.tenure is None:
        return "", "", ""
    phones = " ".join(filter(None, (record.person.office_phone, record.person.mobile)))
    title = " ".join(filter(None, (record.tenure.section, record.tenure.title)))
    return record.person.name, title, phones


@dataclass(frozen=True)
class _Record:
    unit: Unit
    names: tuple[str, str]  # full and short on the day
    post: Post
    tenure: Tenure | None
    person: Person | None
    filing: Filing | None


def _records(session: Session, day: date, today: date) -> list[_Record]:
    held = (
        (Tenure.post_id == Post.id) & (Tenure.since <= day) & (Tenure.until.is_(None) | (Tenure.until > day))
    )
    query = (
        select(Unit, Post, Tenure, Person, full_name_on(day, today), short_name_on(day, today))
        .select_from(Post)
        .join(Unit, Unit.id == Post.unit_id)
        .outerjoin(Tenure, held)
        .outerjoin(Person, Person.id == Tenure.person_id)
        .where(Unit.valid_from.is_(None) | (Unit.valid_from <= day))
        .where(Unit.valid_to.is_(None) | (Unit.valid_to > day))
        .order_by(Unit.sort_order, Unit.id, Post.rank, Tenure.since, Tenure.id)
    )
    filings = {
        filing.tenure_id: filing
        for filing in session.scalars(
            select(Filing)
            .where(Filing.kind != FilingKind.LEAVE, Filing.state != FilingState.VOID)
            .order_by(Filing.id)
        )
    }
    return [
        _Record(
            unit, (full_name, short_name), post, tenure, person, filings.get(tenure.id) if tenure else None
        )
        for unit, post, tenure, person, full_name, short_name in session.execute(query)
    ]


def _export_row(record: _Record, full: bool) -> RosterExportRow:
    values: dict[RosterField, str | date | int] = {}
    for column in ALL_FIELDS:
        value = _value(record, column)
        if not full and isinstance(value, str) and _is_private(column, value):
            value = mask_mobile(value)
        values[column] = value
    return RosterExportRow(values)


def _is_private(column: RosterField, value: str) -> bool:
    in_office = column is RosterField.OFFICE_PHONE and _MOBILE.search(value) is not None
    return column in MASKED_FIELDS or in_office


def _value(record: _Record, column: RosterField) -> str | date | int:
    if column is RosterField.POST:
        return record.post.kind
    if column is RosterField.UNIT_FULL_NAME:
        return record.names[0]
    if column is RosterField.UNIT_SHORT_NAME:
        return record.names[1]
    if column in UNIT_COLUMNS:
        return _cell(getattr(record.unit, UNIT_COLUMNS[column]))
    if column in HOLDER_COLUMNS:
        name = HOLDER_COLUMNS[column]
        return _cell(getattr(record.person if name in PERSON_FIELDS else record.tenure, name, None))
    return _cell(getattr(record.filing, FILING_COLUMNS[column], None))


def _cell(value: object) -> str | date | int:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date | int):
        return value
    return "" if value is None else str(value)
