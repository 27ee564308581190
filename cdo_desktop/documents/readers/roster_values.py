"""What one cell of a roster says: cleaned text, dates and fixed words; whatever is doubtful is refused."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from cdo_desktop.documents.readers.roster_headings import plain_word
from cdo_desktop.documents.readers.roster_synonyms import CELL_WORDS, VACANT_BEGINNINGS, VACANT_WORDS
from cdo_desktop.documents.readers.workbook import CellError, CellValue
from cdo_desktop.errors import InvalidInputError
from cdo_desktop.rules.dates import parse_cell_date, parse_month
from cdo_desktop.rules.filing import change_reason
from cdo_desktop.rules.roster_columns import DATE_FIELDS, FIELD_WORDS, RosterField
from cdo_desktop.rules.text import (
    PLAIN_VALUES,
    check_email,
    check_mobile,
    check_name,
    check_phone,
    clean_name,
    clean_text,
    is_masked,
    is_none_word,
    looks_lossy_number,
    narrow,
    refuse_ditto,
)
from cdo_desktop.rules.titles import clean_title
from cdo_desktop.rules.vocabulary import ChangeReason

F = RosterField

_PROSE = frozenset(
    {
        F.TITLE,
        F.BASIS,
        F.NOTE,
        F.ADDRESS,
        F.HEAD_NOTE,
        F.WORK_SCOPE,
        F.DUTIES,
        F.EDUCATION,
        F.TRAINING,
        F.PREDECESSOR_TITLE,
        F.LATE_REASON,
    }
)
"""Columns where a date is text like any other; elsewhere Excel has made it out of something else."""

_Cell: TypeAlias = str | int | float | bool | date | datetime | time

_PLAIN = {
    F.NAME: PLAIN_VALUES["name"],
    F.MOBILE: PLAIN_VALUES["mobile"],
    F.OFFICE_PHONE: PLAIN_VALUES["office_phone"],
    F.EMAIL: PLAIN_VALUES["email"],
}

_SAYS_VACANT = re.compile(rf"(?:{'|'.join(VACANT_WORDS.split())})$|(?:{'|'.join(VACANT_BEGINNINGS.split())})")

_CONTACT_DASHES = re.compile("[\u2010-\u2015\u2212\u2500\ufe58]")
_CONTACT_LABEL = re.compile(
    r"[（(]?(?:手机号?码?|移动电话|办公电话|办公室?|座机|固话|电话|联系电话)[）)]?[:：]?|\(办\)"
)
_CONTACT_MOBILE = re.compile(r"(?<![\d-])(?:\+?86[ -]?)?1\d{2}[ -]?\d{4}[ -]?\d{4}(?![\d-])")
_BROKEN_MOBILE = re.compile(r"1[3-9]\d{7,}")


def _understood_words() -> dict[RosterField, dict[str, str]]:
    tables = {}
    for field, vocabulary in FIELD_WORDS.items():
        table = {plain_word(word): str(word) for word in vocabulary}
        for value, words in CELL_WORDS[field].items():
            table |= {plain_word(word): str(value) for word in words.split()}
        tables[field] = table
    return tables


_BOXES = str.maketrans({"☐": "□", "◻": "□", "▢": "□", "✅": "☑", "🗹": "☑"})
_UNDERSTOOD = _understood_words()


class Reading(NamedTuple):
    """What a cell says; ``value`` is None when it cannot be told. ``message`` says why, or what to check."""

    value: str | date | None
    message: str = ""


_EMPTY = Reading("")


@dataclass(frozen=True)
class Contact:
    """What a cell under 联系电话 says; None for a number that it does not name."""

    mobile: str | None = None
    office: str | None = None
    message: str = ""
    blocking: bool = False


def is_vacant(cell: CellValue) -> bool:
    """Whether a cell of the name column says that nobody holds the post."""
    if cell is None:
        return True
    if not isinstance(cell, str):
        return False
    if cell.isalpha():
        return _SAYS_VACANT.match(cell) is not None  # nothing to clean
    text = clean_text(cell)
    return not text or is_none_word(text) or _SAYS_VACANT.match(plain_word(text)) is not None


def read_value(field: RosterField, cell: CellValue) -> Reading:
    """Return what a cell in the column of ``field`` says; an empty cell says "" in every column."""
    if cell is None or cell == "":
        return _EMPTY
    if isinstance(cell, str):
        plain = _PLAIN.get(field)
        if plain is not None and plain.fullmatch(cell):
            return Reading(cell)
        return _read_repeated(field, cell)
    if isinstance(cell, CellError):
        return Reading(None, f"这一格没有可用的内容（{cell.text}）。请改成实际内容。")
    return _read_repeated(field, cell) if isinstance(cell, date) else _read_or_refuse(field, cell)


@lru_cache(maxsize=16384, typed=True)
def _read_repeated(field: RosterField, cell: str | date) -> Reading:
    """Read a text or a day, which mostly stands in many rows of its column."""
    return _read_or_refuse(field, cell)


def _read_or_refuse(field: RosterField, cell: _Cell) -> Reading:
    try:
        return _read(field, cell)
    except InvalidInputError as error:
        return Reading(None, str(error))


def _read(field: RosterField, cell: _Cell) -> Reading:
    if isinstance(cell, str) and field not in (F.NOTE, F.UNIT_NOTE):
        refuse_ditto(clean_text(cell))
    if field in DATE_FIELDS:
        return Reading("" if _says_none(cell) else parse_cell_date(cell))
    if field is F.BIRTH_MONTH:
        return Reading("" if _says_none(cell) else parse_month(cell))
    if field in _UNDERSTOOD:
        return _read_word(field, cell)
    if not isinstance(cell, str) and (refusal := _refusal(field, cell)):
        return Reading(None, refusal)
    if field is F.MOBILE:
        return read_mobile(cell)
    if field in (F.OFFICE_PHONE, F.BACKUP_PHONE, F.FILLER_PHONE):
        return read_phone(cell)
    return _read_text(field, cell)


def _refusal(field: RosterField, cell: int | float | bool | date | datetime | time) -> str:
    """Return why something else than a text cannot be what was meant, or nothing."""
    if isinstance(cell, date | time):
        if field in _PROSE:
            return ""
        return f"“{field}”这一格是日期或时间，多半是 Excel 自动改写的。请设成文本格式后重新填写。"
    if looks_lossy_number(cell):
        return f"数字“{clean_text(cell)}”太长，Excel 只保留前 15 位。请设成文本格式后重新填写。"
    return ""


def _read_text(field: RosterField, cell: object) -> Reading:
    if field is F.NAME:
        return _read_name(cell)
    if field in (F.BACKUP_NAME, F.FILLER, F.PREDECESSOR):
        return Reading(clean_name(cell))
    if field is F.CHANGE_REASON:
        return _read_reason(cell)
    if field is F.EMAIL:
        checked = check_email(cell)
        return Reading(checked.value, checked.warning)
    if field is F.POSTCODE:
        return _read_postcode(cell)
    if field in (F.UNIT_FULL_NAME, F.UNIT_SHORT_NAME) and isinstance(cell, str):
        # A name broken over two lines to fit its column.
        return Reading(clean_text(re.sub(r"[ \t]*[\r\n]+[ \t]*", "", cell.strip())))
    if field in (F.TITLE, F.PREDECESSOR_TITLE):
        return Reading(clean_title(cell))
    if field in (F.NOTE, F.FILING_NUMBER):
        text = clean_text(cell)
        return Reading("" if is_none_word(text) else text)
    if field in (F.DIGITAL_YEARS, F.UNIT_ORDER, F.UNIT_CODE):
        return Reading(narrow(cell))
    return Reading(clean_text(cell))


def _read_name(cell: object) -> Reading:
    name = check_name(cell)
    odd = "(" in name or "（" in name
    return Reading(name, f"姓名“{name}”里有括号，请核对括号里的字是不是姓名。" if odd else "")


def read_mobile(cell: object) -> Reading:
    """Return mobile numbers as 11 digits; a masked one stays as typed and leaves the stored one alone."""
    text = _spaced_numbers(narrow(cell))
    if is_masked(text):
        return Reading(text)
    checked = check_mobile(cell if looks_lossy_number(cell) else text)
    return Reading(checked.value, checked.warning)


def read_phone(cell: object) -> Reading:
    """Return office phones in their stored form; a masked one stays as typed."""
    text = _spaced_numbers(narrow(cell))
    if is_masked(text):
        return Reading(text)
    checked = check_phone(cell if looks_lossy_number(cell) else text)
    return Reading(checked.value, checked.warning)


def read_contact(cell: CellValue) -> Contact:
    """Tell the mobile from the office number in a column headed 联系电话.

    11 digits beginning with 1 are a mobile, everything else an office number; two numbers in one
    cell are kept when there is one of each kind.
    """
    if cell is None or _says_none(cell):
        return Contact()
    if isinstance(cell, CellError | date | time | bool):
        reading = read_value(F.OFFICE_PHONE, cell)
        return Contact(message=reading.message or f"“{clean_text(cell)}”不是电话号码。", blocking=True)
    if looks_lossy_number(cell):
        return Contact(message=read_value(F.MOBILE, cell).message, blocking=True)
    text = _CONTACT_LABEL.sub(" ", _CONTACT_DASHES.sub("-", narrow(cell)))
    mobiles = [re.sub(r"\D", "", number)[-11:] for number in _CONTACT_MOBILE.findall(text)]
    masked = [number for number in re.split(r"[/、,，;；\s]+", text) if is_masked(number)]
    rest = [
        part
        for part in re.split(r"[/、,，;；]|(?<=\d{7})\s", _CONTACT_MOBILE.sub("、", text))
        if part.strip()
    ]
    if masked:
        return _masked_contact(text, masked)
    if len(mobiles) > 1 or len(rest) > 1:
        return Contact(message=f"“{text}”有几个号码，分不清。请分成“手机”和“办公电话”两栏。", blocking=True)
    office = read_phone(rest[0]) if rest else None
    if office is not None and (
        not re.search(r"\d{3}", str(office.value)) or _BROKEN_MOBILE.fullmatch(str(office.value))
    ):
        return Contact(message=f"“{text}”不像电话号码，请核对。", blocking=True)
    return Contact(
        mobiles[0] if mobiles else None,
        str(office.value) if office is not None else None,
        office.message if office is not None else "",
    )


def _masked_contact(text: str, masked: list[str]) -> Contact:
    if len(masked) > 1 or masked[0] != text:
        return Contact(message=f"“{text}”有几个号码，分不清。请分成“手机”和“办公电话”两栏。", blocking=True)
    return Contact(mobile=text) if text.startswith("1") else Contact(office=text)


def _spaced_numbers(text: str) -> str:
    """Put 、 between two whole numbers that only a blank divides; 138 1234 5678 is one number."""
    return re.sub(r"(?<=\d{7}) (?=1\d{10}|0\d{2,3}-?\d|\d{7})", "、", text)


def _read_postcode(cell: object) -> Reading:
    text = narrow(cell).replace(" ", "")
    if is_none_word(text):
        return Reading("")
    odd = re.fullmatch(r"\d{6}", text) is None
    return Reading(text, f"邮编“{text}”不是 6 位数字，请核对。" if odd else "")


def _read_reason(cell: object) -> Reading:
    reason = change_reason(cell)
    boxes = tuple(ChangeReason)
    if not reason or reason in boxes:
        return Reading(reason)
    return Reading(reason, f"变更原因“{reason}”不在备案表的选项（{'、'.join(boxes)}）里，按原文记下。")


def _read_word(field: RosterField, cell: object) -> Reading:
    if _says_none(cell):
        return Reading("")
    text = clean_text(cell)
    value = _UNDERSTOOD[field].get(plain_word(text.translate(_BOXES)))
    if value is not None:
        return Reading(value)
    allowed = "、".join(FIELD_WORDS[field])
    return Reading(None, f"{field}“{text}”不认识。请改成下列之一：{allowed}。")


def _says_none(cell: object) -> bool:
    if not isinstance(cell, str):
        return False
    text = narrow(cell)
    return not text or is_none_word(text) or text == "不适用"
