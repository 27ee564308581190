"""Dates as people type them and workbooks give them; what is doubtful is refused with the reason."""

import math
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cdo_desktop.errors import InvalidInputError
from cdo_desktop.rules.text import is_none_word, narrow

FIRST_YEAR = 1949
LAST_YEAR = 2100
_FIRST_BIRTH_YEAR = 1900
_SERIAL_YEARS = (1990, LAST_YEAR)  # before 1990 five digits are rather a mistyped date than a serial number
_SERIAL_ZERO = date(1899, 12, 30)  # right for every day after Excel's false 1900-02-29
_SERIAL_ZERO_1904 = date(1904, 1, 1)
_HALF_A_SECOND = 0.5 / 86_400  # of a day: readers lose the last digits of a time

_WEEKDAYS = "一二三四五六日"
_DASHES = re.compile("[\u2010-\u2015\u2212\u2500~]")
_CLOCK = re.compile(
    r"(?:T|\s|(?<=[日号)]))\s*(?:上午|下午|AM|PM)?\s*(?P<hour>\d{1,2})"
    r"(?::(?P<minute>\d{1,2})(?::(?P<second>\d{1,2})(?:\.\d+)?)?|时(?:\d{1,2}分)?)"
    r"\s*(?:AM|PM)?(?P<zone>Z|[+-]\d{2}:?\d{2})?$",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(
    r"\s*[(\[]?\s*(?:星期|礼拜|周)([一二三四五六日天])\s*[)\]]?$|\s*\(([一二三四五六日])\)$"
)
_ZEROS = "〇○◯零oO"
_DIGITS = dict.fromkeys(_ZEROS, 0) | {
    character: value
    for value, characters in enumerate(
        ("一壹", "二贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖"), start=1
    )
    for character in characters
}
_NUMERAL = re.compile(f"[{''.join(_DIGITS)}十拾廿卅]+")

_SEPARATOR = r"\s*[-./\\。、·,年月]\s*"
_FULL = re.compile(
    r"(\d{4})(?:\s*[-./\\。、·,年]\s*|\s+)(\d{1,2})(?:\s*[-./\\。、·,月]\s*|\s+)(\d{1,2})\s*[日号]?"
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_MONTH_DAY = re.compile(r"(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?")
_YEAR_MONTH = re.compile(r"(\d{4})(?:\s*[-./\\。、·,年]\s*|\s+)(\d{1,2})\s*月?")
_COMPACT_MONTH = re.compile(r"((?:19|20)\d{2})(0[1-9]|1[0-2])")
_AGE = re.compile(r"\s*\(?\s*\d{1,3}\s*周?岁\s*\)?$")
_REASONS = (
    (_YEAR_MONTH, "只有年和月，缺少日"),
    (_COMPACT_MONTH, "只有年和月，缺少日"),
    (re.compile(r"(?:19|20)\d{2}\s*年?"), "只有年份，缺少月和日"),
    (re.compile(rf"\d{{1,2}}{_SEPARATOR}\d{{1,2}}{_SEPARATOR}\d{{4}}\s*年?"), "分不清日和月哪个在前"),
    (re.compile(rf"\d{{1,2}}{_SEPARATOR}\d{{1,2}}{_SEPARATOR}\d{{1,2}}\s*[日号]?"), "的年份只有两位"),
    (re.compile(r"\d{6}"), "的年份只有两位"),
    (re.compile(rf"\d{{1,2}}{_SEPARATOR}\d{{1,2}}\s*[日号]?|\d{{4}}"), "缺少年份"),
)
_HINT = "请核对后写成2026-03-05这样的日期。"
_MONTH_HINT = "请核对后写成1972.05这样的年月。"


@dataclass(frozen=True)
class ParsedDate:
    """A date, or the Chinese sentence that says why there is none; ``problem`` is "" when all is well."""

    value: date | None
    problem: str


def read_date(text: str, *, today: date | None = None) -> ParsedDate:
    """Read a typed date without raising, for the hint beside a field; see ``parse_date``."""
    try:
        return ParsedDate(parse_date(text, today=today), "")
    except InvalidInputError as error:
        return ParsedDate(None, str(error))


def parse_date(text: str, *, today: date | None = None) -> date:
    """Return the date that a text names, year first, in any of the ways people write it.

    20260305, 2026.3.5, 2026年3月5日, 二〇二六年三月五日; with blanks, full-width digits, a time or a
    weekday, which must be right; Excel's serial number in five digits; 3月5日 in the year of ``today``.
    Raises ``InvalidInputError`` for what is doubtful: a two-digit year, the year last, a month alone, a day
    that does not exist or lies outside 1949–2100.
    """
    if not narrow(text):
        raise InvalidInputError("日期没有填写。")
    return _accepted(_in_years(_read(text, today), text, FIRST_YEAR, LAST_YEAR), _HINT)


def parse_cell_date(value: object, *, today: date | None = None, date1904: bool = False) -> date | None:
    """Return the date in a workbook's cell; None for an empty one and one that says 无.

    A number is 20260305, or a serial number from 1990 to 2100 that counts from 1904 if the workbook does.
    Text is read by ``parse_date``. Raises ``InvalidInputError`` for what is doubtful.
    """
    match value:
        case datetime() if FIRST_YEAR <= value.year <= LAST_YEAR:
            value = (value + timedelta(seconds=0.5)).date()
            return _accepted(_in_years(ParsedDate(value, ""), value, FIRST_YEAR, LAST_YEAR), _HINT)
        case date():
            return _accepted(_in_years(ParsedDate(value, ""), value, FIRST_YEAR, LAST_YEAR), _HINT)
        case int() | float() if 10_000 <= value < 100_000:
            return _accepted(_from_serial(value, _SERIAL_ZERO_1904 if date1904 else _SERIAL_ZERO), _HINT)
        case _:
            text = narrow(value)
            return None if not text or is_none_word(text) else parse_date(text, today=today)


def parse_month(value: object) -> str:
    """Return a month (出生年月) as 1972.05; "" for an empty cell and one that says 无.

    Understood are 1972.05, 197205, 1972年5月, with an age behind it, and whole dates. Give it the cell's own
    value: the number 1972.1 is refused, because Excel makes it of 1972.10 too.
    Raises ``InvalidInputError`` for what is doubtful.
    """
    if isinstance(value, float) and re.fullmatch(r"\d{4}\.\d", narrow(value)):
        raise InvalidInputError(f"“{narrow(value)}”看不出是1月还是10月，{_MONTH_HINT}")
    if isinstance(value, date):
        parsed = ParsedDate(value, "")
    elif isinstance(value, int | float) and 10_000 <= value < 100_000:
        parsed = _from_serial(value, _SERIAL_ZERO)
    else:
        text = narrow(value)
        if not text or is_none_word(text):
            return ""
        month = _plain(_AGE.sub("", text))
        found = _YEAR_MONTH.fullmatch(month) or _COMPACT_MONTH.fullmatch(month)
        parsed = _day(int(found[1]), int(found[2]), 1) if found else _read(month, None)
    day = _accepted(_in_years(parsed, value, _FIRST_BIRTH_YEAR, LAST_YEAR), _MONTH_HINT)
    return f"{day.year}.{day.month:02}"


def format_date_cn(day: date) -> str:
    """Return 2026年3月5日, without leading zeros (GB/T 9704)."""
    return f"{day.year}年{day.month}月{day.day}日"


def weekday_cn(day: date) -> str:
    """Return 星期四."""
    return f"星期{_WEEKDAYS[day.weekday()]}"


def _accepted(parsed: ParsedDate, hint: str) -> date:
    if parsed.value is None:
        raise InvalidInputError(f"{parsed.problem}，{hint}")
    return parsed.value


def _in_years(parsed: ParsedDate, shown: object, first: int, last: int) -> ParsedDate:
    if parsed.value is None or first <= parsed.value.year <= last:
        return parsed
    return ParsedDate(None, f"{_quoted(shown)}不在{first}年至{last}年之间")


def _read(text: str, today: date | None) -> ParsedDate:
    """Read a text; a problem is a clause without its hint."""
    plain = _DASHES.sub("-", narrow(text)).rstrip(" .。,、;")
    clock = _CLOCK.search(plain)
    if clock:
        problem = _clock_problem(clock)
        if problem:
            return ParsedDate(None, f"{_quoted(text)}{problem}")
        plain = plain[: clock.start()]
    weekday = _WEEKDAY.search(plain)
    if weekday:
        plain = plain[: weekday.start()]
    parsed = _read_plain(_plain(plain), text, today)
    if weekday and parsed.value is not None:
        said = f"星期{weekday[1] or weekday[2]}".replace("天", "日")
        actual = weekday_cn(parsed.value)
        if said != actual:
            return ParsedDate(
                None, f"{_quoted(text)}写的是{said}，但{format_date_cn(parsed.value)}是{actual}"
            )
    return parsed


def _read_plain(plain: str, shown: str, today: date | None) -> ParsedDate:
    found = _FULL.fullmatch(plain) or _COMPACT.fullmatch(plain)
    if found:
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if re.fullmatch(r"\d{5}", plain):
        return _from_serial(int(plain), _SERIAL_ZERO)
    found = _MONTH_DAY.fullmatch(plain)
    if found and today is not None:
        return _day(today.year, int(found[1]), int(found[2]))
    for pattern, reason in _REASONS:
        if pattern.fullmatch(plain):
            return ParsedDate(None, f"{_quoted(shown)}{reason}")
    return ParsedDate(None, f"看不懂日期{_quoted(shown)}")


def _day(year: int, month: int, day: int) -> ParsedDate:
    if not 1 <= month <= 12:
        return ParsedDate(None, f"一年中没有{month}月")
    try:
        return ParsedDate(date(year, month, day), "")
    except ValueError:
        return ParsedDate(None, f"{year}年{month}月没有{day}日")


def _from_serial(number: float, zero: date) -> ParsedDate:
    day = zero + timedelta(days=math.floor(number + _HALF_A_SECOND))
    if _SERIAL_YEARS[0] <= day.year <= _SERIAL_YEARS[1]:
        return ParsedDate(day, "")
    return ParsedDate(None, f"{_quoted(narrow(number))}看不出是哪一天")


def _clock_problem(clock: re.Match[str]) -> str:
    if int(clock["hour"]) > 24 or int(clock["minute"] or 0) > 59 or int(clock["second"] or 0) > 59:
        return "后面的时间不对"
    zone = (clock["zone"] or "").replace(":", "")
    return "" if zone in {"", "+0800"} else "带有其他时区的时间，日期可能差一天"


def _plain(text: str) -> str:
    """Write Chinese numerals as digits."""
    return _NUMERAL.sub(_arabic, _DASHES.sub("-", text)).strip().rstrip(".。,、;")


def _arabic(numeral: re.Match[str]) -> str:
    """二〇二六 is 2026, 三十一 and 卅一 are 31; letters alone and odd sequences stay as they are."""
    text = numeral.group().replace("拾", "十").replace("廿", "二十").replace("卅", "三十")
    if not text.strip("oO"):
        return text
    tens, ten, ones = text.partition("十")
    if not ten:
        return "".join(str(_DIGITS[character]) for character in text)
    if len(tens) > 1 or len(ones) > 1 or any(_DIGITS.get(part, 0) == 0 for part in tens + ones):
        return text
    return str(_DIGITS.get(tens, 1) * 10 + _DIGITS.get(ones, 0))


def _quoted(value: object) -> str:
    text = str(value)
    return f"“{text[:30]}…”" if len(text) > 30 else f"“{text}”"
