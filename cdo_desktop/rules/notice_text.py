"""The yearly 放假通知 of 国务院办公厅 in words: reading what was pasted or typed, and writing it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from unicodedata import normalize

from cdo_desktop.rules.working_days import SpecialDay

WEEKDAYS = "一二三四五六日"
_ONE_DAY = timedelta(days=1)
_SATURDAY = 5
_LONGEST = 20_000  # characters; the notice itself has about 700
_LONGEST_HOLIDAY = 15  # days; beyond it a month was misread
_EARLY = 12  # month: the days before New Year belong to the notice of the next year

_HOLIDAYS = (
    ("元旦", "元旦节?|新年"),
    ("春节", "春节"),
    ("清明节", "清明节?"),
    ("劳动节", "(?:五一)?(?:国际)?劳动节|五一"),
    ("端午节", "端午节?"),
    ("中秋节", "中秋节?"),
    ("国庆节", "(?:十一)?国庆节?"),
)
_NAME = "|".join(pattern for _, pattern in _HOLIDAYS)
# A holiday of one year only (抗战胜利纪念日, 2015) is known by its number.
_NUMBER = r"\(?(?:[一二三四五六七八九十]{1,2}|\d{1,2})\)?[、.]"
_HEAD = re.compile(
    rf"(?:{_NUMBER})?((?:{_NAME})(?:[、和及与](?:{_NAME}))*):|{_NUMBER}([\u4e00-\u9fff、]{{2,20}}):"
)
_YEAR = re.compile(r"(\d{4})年(?:部分节假日|元旦)")
# What follows the last holiday: the closing paragraph, or the signature and its date.
_END = re.compile(r"节假日期间,|国务院办公厅(?=\d{4}年)")
_DATE = r"(?:\d{4}年)?(?:\d{1,2}月)?\d{1,2}日(?:\([^()]*\))?"
_RANGE = rf"{_DATE}(?:(?:至|到|[-—–~]+){_DATE})?"
_CLAUSE = re.compile(
    rf"(?P<days>{_RANGE}(?:[、,和及与]{_RANGE})*)(?:均|都|正常|照常|统一)*"
    r"(?P<verb>放假调休|放假|补休|休息|调休|正常上班|上班|补班)(?P<length>\d{1,2}天)?"
)
_ONE_RANGE = re.compile(_RANGE)
_ONE_DATE = re.compile(
    r"(?:(?P<year>\d{4})年)?(?:(?P<month>\d{1,2})月)?(?P<day>\d{1,2})日(?:\((?P<note>[^()]*)\))?"
)
_WEEKDAY = re.compile("(?:周|星期|礼拜)([一二三四五六日天])")
_TOTAL = re.compile(r"共(?:计)?(\d{1,2}|[一二三四五六七八九十])天")
_HARMLESS = re.compile(r"与周末连休|不调休|放假调休|[,、]")
_WORK_VERBS = ("正常上班", "上班", "补班")
_ADVICE = ("鼓励", "提倡", "建议", "倡导")
_CHINESE_DIGITS = {digit: place for place, digit in enumerate("一二三四五六七八九十", 1)}


@dataclass(frozen=True)
class NoticeReading:
    """What a text says of one year.

    ``problems`` name each part that could not be understood or contradicts itself: with any, nothing may be
    stored. ``left_out`` are sentences with a date that order nothing, such as 鼓励…在除夕休息.
    """

    year: int
    days: tuple[SpecialDay, ...]
    problems: tuple[str, ...]
    left_out: tuple[str, ...] = ()


def notice_title(year: int) -> str:
    """Return the title of a year's notice, as it stands at every day that the notice names."""
    return f"国务院办公厅关于{year}年部分节假日安排的通知"


def notice_year(text: str) -> int | None:
    """Return the year that a notice is about, or None when it does not say."""
    found = _YEAR.search(_plain(text))
    return int(found.group(1)) if found else None


def read_notice(text: str, year: int) -> NoticeReading:
    """Understand the text of a notice for ``year``; what is doubtful becomes a problem, never a guess."""
    plain = _plain(text)
    if len(plain) > _LONGEST:
        return NoticeReading(year, (), (f"文字太长（{len(plain)} 字），请只粘贴放假通知的正文。",))
    said = notice_year(text)
    if said is not None and said != year:
        return NoticeReading(year, (), (f"这是 {said} 年的通知，而选择的是 {year} 年，请改正其中一个。",))
    heads = list(_HEAD.finditer(plain))
    if not heads:
        return NoticeReading(year, (), ("没有找到“元旦：”“春节：”这样的条目，请粘贴放假通知的正文。",))
    reader = _Reader(year)
    for place, head in enumerate(heads):
        end = heads[place + 1].start() if place + 1 < len(heads) else len(plain)
        body = plain[head.end() : end]
        if place + 1 == len(heads):
            body = _END.split(body)[0]
        reader.item(_holiday_name(head.group(1)) if head.group(1) else head.group(2), body)
    return reader.result()


class _Reader:
    """Collects the days of one text."""

    def __init__(self, year: int) -> None:
        self._year = year
        self._days: dict[date, SpecialDay] = {}
        self._problems: list[str] = []
        self._left_out: list[str] = []

    def result(self) -> NoticeReading:
        days = tuple(self._days[day] for day in sorted(self._days))
        return NoticeReading(self._year, days, tuple(self._problems), tuple(self._left_out))

    def item(self, name: str, body: str) -> None:
        """Read what stands behind one holiday."""
        off: list[date] = []
        understood = True
        total = ""
        for sentence in filter(None, re.split("[。;]", body)):
            if not re.search(r"\d日", sentence):
                total = total or sentence
                continue
            if sentence.startswith(_ADVICE):
                self._left_out.append(f"{name}：{_shown(sentence)}")
                continue
            understood = self._sentence(name, sentence, off) and understood
        if understood and not off:
            self._problems.append(f"“{name}”一条没有读到放假的日期。")
        if understood and _TOTAL.fullmatch(total):
            self._check_total(name, total, off)

    def _sentence(self, name: str, sentence: str, off: list[date]) -> bool:
        """Take over one sentence; False when it is refused."""
        clauses = list(_CLAUSE.finditer(sentence))
        rest = _CLAUSE.sub("", sentence)
        if not clauses or _HARMLESS.sub("", _TOTAL.sub("", rest)):
            self._refuse(name, sentence, "没有看懂这一句")
            return False
        found: list[tuple[date, bool]] = []
        for clause in clauses:
            is_off = clause["verb"] not in _WORK_VERBS
            try:
                days = list(self._clause_days(clause["days"]))
                _check_days(days, is_off)
                if clause["length"] and is_off:
                    _check_length(clause["length"], days)
            except ValueError as error:
                self._refuse(name, sentence, str(error))
                return False
            found += ((day, is_off) for day in days)
        new_off = [day for day, is_off in found if is_off]
        off += new_off
        self._check_total(name, sentence, new_off)
        return self._add(name, sentence, found)

    def _clause_days(self, text: str) -> Iterator[date]:
        """Yield the days of ``1月28日(周六)、29日(周日)`` or ``9月29日至10月6日``."""
        month = None
        for part in _ONE_RANGE.finditer(text):
            dates: list[date] = []
            for match in _ONE_DATE.finditer(part.group()):
                month = int(match["month"]) if match["month"] else month
                dates.append(self._date(match, month))
            yield from _span(dates[0], dates[-1], part.group())

    def _date(self, match: re.Match[str], month: int | None) -> date:
        if month is None:
            raise ValueError(f"“{match.group()}”没有写月份")
        year = int(match["year"] or self._year)
        try:
            day = date(year, month, int(match["day"]))
        except ValueError:
            raise ValueError(f"没有“{_shown(match.group())}”这一天") from None
        if day.year != self._year and (day.year, day.month) != (self._year - 1, _EARLY):
            raise ValueError(f"“{_shown(match.group())}”不在 {self._year} 年")
        weekday = _WEEKDAY.search(match["note"] or "")
        if weekday and weekday[1].replace("天", "日") != WEEKDAYS[day.weekday()]:
            raise ValueError(f"“{_shown(match.group())}”实际是周{WEEKDAYS[day.weekday()]}")
        return day

    def _check_total(self, name: str, sentence: str, off: Sequence[date]) -> None:
        """Hold 共7天 against the days counted; 与周末连休 counts the weekend beside them."""
        total = _TOTAL.search(sentence)
        if total is None or not off:
            return
        count = int(_CHINESE_DIGITS.get(total[1], 0) or total[1])
        counted = {*off}
        if "与周末连休" in sentence:
            counted = _with_weekends(counted)
        if count != len(counted):
            self._refuse(name, sentence, f"写的是共 {count} 天，按日期数是 {len(counted)} 天")

    def _add(self, name: str, sentence: str, found: Iterable[tuple[date, bool]]) -> bool:
        for day, is_off in found:
            known = self._days.get(day)
            if known is not None and known.is_off != is_off:
                self._refuse(name, sentence, f"{_day_text(day)}既写了放假，又写了上班")
                return False
            if known is None:
                self._days[day] = SpecialDay(day, is_off, name, notice_title(self._year))
        return True

    def _refuse(self, name: str, sentence: str, reason: str) -> None:
        self._problems.append(f"“{name}：{_shown(sentence)}”：{reason}，请对照通知原文改正。")


def _check_days(days: Sequence[date], is_off: bool) -> None:
    if is_off and len(days) > _LONGEST_HOLIDAY:
        raise ValueError(f"一次放假 {len(days)} 天，太长了")
    if not is_off:
        for day in days:
            if day.weekday() < _SATURDAY:
                raise ValueError(f"{_day_text(day)}是周{WEEKDAYS[day.weekday()]}，本来就上班")


def _check_length(length: str, days: Sequence[date]) -> None:
    if int(length.removesuffix("天")) != len(days):
        raise ValueError(f"写的是放假 {length}，按日期数是 {len(days)} 天")


def _span(first: date, last: date, text: str) -> Iterator[date]:
    if last < first:
        raise ValueError(f"“{_shown(text)}”的后一天早于前一天")
    while first <= last:
        yield first
        first += _ONE_DAY


def _with_weekends(days: set[date]) -> set[date]:
    """Return the days with the Saturdays and Sundays that touch them."""
    joined = set(days)
    for step in (_ONE_DAY, -_ONE_DAY):
        for day in days:
            beside = day + step
            while beside.weekday() >= _SATURDAY:
                joined.add(beside)
                beside += step
    return joined


def _holiday_name(head: str) -> str:
    """Return 中秋节、国庆节 for whatever way the head writes them, in its order."""
    names = re.split("[、和及与]", head)
    return "、".join(
        next(name for name, pattern in _HOLIDAYS if re.fullmatch(pattern, written)) for written in names
    )


def _plain(text: str) -> str:
    """Return the text with half-width signs and without any blanks: a page's line ends mean nothing."""
    narrow = normalize("NFKC", text).replace("\u200b", "").replace("\ufeff", "")
    return re.sub(r"\s+", "", narrow.replace("〈", "(").replace("〉", ")"))


def _shown(plain: str) -> str:
    """Return a piece of plain text with the signs that people write."""
    return plain.translate(str.maketrans("(),:;", "（），：；"))


def _day_text(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def write_notice(year: int, days: Iterable[SpecialDay]) -> str:
    """Write days as the notice would: one line a holiday. ``read_notice`` of it gives the same days."""
    lines = []
    groups: dict[str, list[SpecialDay]] = {}
    for special in sorted(days, key=lambda special: (special.day, special.name)):
        groups.setdefault(special.name, []).append(special)
    ordered = sorted(groups.items(), key=lambda group: min((not day.is_off, day.day) for day in group[1]))
    for place, (name, group) in enumerate(ordered, 1):
        off = [special.day for special in group if special.is_off]
        work = [special.day for special in group if not special.is_off]
        parts = []
        if off:
            verb = "放假调休" if work else "放假"
            parts.append(f"{_days_words(off, year)}{verb}，共{len(off)}天。")
        if work:
            parts.append(f"{_days_words(work, year)}上班。")
        lines.append(f"{_numeral(place)}、{name}：{''.join(parts)}")
    return "\n".join(lines)


def _days_words(days: Sequence[date], year: int) -> str:
    runs: list[list[date]] = []
    for day in days:
        if runs and day - runs[-1][-1] == _ONE_DAY:
            runs[-1].append(day)
        else:
            runs.append([day])
    return "、".join(_run_words(run, year) for run in runs)


def _run_words(run: Sequence[date], year: int) -> str:
    first, last = run[0], run[-1]
    words = _date_words(first, year, with_month=True, with_year=first.year != year)
    if last == first:
        return words
    other_year = first.year != last.year
    other_month = other_year or first.month != last.month
    return f"{words}至{_date_words(last, year, with_month=other_month, with_year=other_year)}"


def _date_words(day: date, year: int, *, with_month: bool, with_year: bool) -> str:
    shown_year = f"{day.year}年" if with_year else ""
    shown_month = f"{day.month}月" if with_month else ""
    return f"{shown_year}{shown_month}{day.day}日（周{WEEKDAYS[day.weekday()]}）"


def _numeral(number: int) -> str:
    digits = "一二三四五六七八九十"
    return digits[number - 1] if number <= len(digits) else f"十{_numeral(number - len(digits))}"


def renamed_notice(days: Iterable[SpecialDay], year: int) -> tuple[SpecialDay, ...]:
    """Return the days as belonging to the year's notice, whatever paper they came from."""
    return tuple(replace(special, notice=notice_title(year)) for special in days)
