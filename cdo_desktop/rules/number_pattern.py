"""How the receiving body writes its 备案编号: 2026-012 or 〔2026〕12号 (office.md §1)."""

import re
from dataclasses import dataclass
from typing import Self, TypeAlias
from unicodedata import normalize

from cdo_desktop.errors import InvalidInputError

DASHED = "{年}-{号3}"
BRACKETED = "〔{年}〕{号}号"
COMMON_PATTERNS = (DASHED, BRACKETED)
LONGEST = 40  # characters of a pattern
_YEAR = "{年}"
_MARK = re.compile(r"\{[^{}]*\}|[{}]")
_COUNT = re.compile(r"\{号([2-6]?)\}")
_FIELD = "number_pattern"
_DASHES = r"\-‐‒―−"  # as they stand in `_bare` text
_BLANK = re.compile(r"(?<![\d}]) | (?![\d{])")  # not between figures, nor what stands for them in a pattern
_YEARS = range(1990, 2100)  # of numbers that were given before this program


NumberKey: TypeAlias = tuple[int | None, tuple[int, ...], str]


@dataclass(frozen=True)
class NumberPattern:
    """A checked pattern: ``{年}`` is the year, ``{号}`` the running number, ``{号3}`` the same as 012."""

    text: str

    @classmethod
    def of(cls, text: str) -> Self:
        """Return the pattern of a typed text; raises InvalidInputError that says what is missing."""
        pattern = " ".join(text.split())
        marks = _MARK.findall(pattern)
        counts = [mark for mark in marks if _COUNT.fullmatch(mark)]
        if len(pattern) > LONGEST:
            raise InvalidInputError(f"编号格式最多 {LONGEST} 个字，请缩短。", field=_FIELD)
        if marks.count(_YEAR) != 1 or len(counts) != 1 or len(marks) != 2:
            raise InvalidInputError(
                "编号格式里要有一个“{年}”和一个“{号}”（要补零写“{号3}”），例如“{年}-{号3}”。", field=_FIELD
            )
        if re.search(r"\}\d|\d\{|\}\{", pattern):
            raise InvalidInputError(
                "年份、序号和别的数字之间要用文字或符号隔开，例如“{年}-{号3}”，否则编号读不回来。",
                field=_FIELD,
            )
        return cls(pattern)

    def number(self, year: int, count: int) -> str:
        """Return the ``count``-th number of a year, as it is written on the paper."""
        filled = self.text.replace(_YEAR, f"{year:04d}")
        return _COUNT.sub(lambda mark: f"{count:0{mark[1] or 1}d}", filled)

    def read(self, number: str) -> tuple[int, int] | None:
        """Return year and count of a number written this way, or None.

        Widths do not matter, nor do blanks, unless they part figures.
        """
        pattern = re.escape(_bare(self.text))
        pattern = pattern.replace(re.escape(_YEAR), r"(?P<year>\d{4})")
        pattern = re.sub(r"\\\{号[2-6]?\\\}", r"(?P<count>\\d{1,6})", pattern)
        found = re.fullmatch(pattern, _bare(number))
        return (int(found["year"]), int(found["count"])) if found else None

    @property
    def preview(self) -> str:
        """Two numbers as they would be written, to choose by."""
        return f"{self.number(2026, 12)}、{self.number(2026, 123)}"

    @property
    def advice(self) -> str:
        """Say what is unusual about the pattern, or nothing (GB/T 9704: 发文字号 不编虚位)."""
        if "〔" not in self.text:
            return ""
        if _COUNT.findall(self.text)[0]:
            return "带六角括号的编号不补零，建议写“〔{年}〕{号}号”。"
        if not self.text.startswith("〔"):
            return "“〔”前面的代字会被看成发文字号，备案编号建议写“〔{年}〕{号}号”。"
        return ""


def year_and_place(number: str) -> tuple[int | None, int | None]:
    """Read the year and the place in it out of any number, however it is written; None where it says none."""
    groups = [int(group) for group in re.findall(r"(?<!\d)\d{1,6}(?!\d)", _bare(number))]
    years = [group for group in groups if group in _YEARS]
    year = years[0] if years else None
    places = [group for group in groups if group != year]
    return year, places[-1] if places else None


def number_key(number: str) -> NumberKey:
    """Return what tells a number from others however it is written: year, other figures, words.

    年, 第 and 号 say nothing: 2026-012 is 〔2026〕12号. A table turns 12 into 12.0.
    """
    bare = re.sub(r"^(\d+)\.0+$", r"\1", _bare(number))
    groups = [int(group) for group in re.findall(r"\d{1,18}", bare)]
    year = next((group for group in groups if group in _YEARS), None)
    if year is not None:
        groups.remove(year)
    words = "".join(letter for letter in bare.casefold() if letter.isalpha() and letter not in "年第号")
    return year, tuple(groups), words or ("" if groups else bare)


def is_named(number: str, name: str) -> bool:
    """Tell whether a file's name has this number whole, with its year, and not as a part of a date."""
    bare = _bare(number)
    if None in year_and_place(number):
        return False
    before = r"(?<!\d)(?<!\d[._~])" if bare[0].isdecimal() else ""
    after = r"(?!\d|[._~]\d| \d{1,2}(?!\d)|月)" if bare[-1].isdecimal() else ""
    whole = rf"(?<![{_DASHES}]){before}{re.escape(bare)}{after}(?![{_DASHES}])"
    return re.search(whole, _bare(name)) is not None


def natural_key(number: str) -> tuple[tuple[int, int, str], ...]:
    """Return a key by which 旧-9 stands before 旧-10."""
    parts = re.findall(r"\d+|\D+", _bare(number))
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts)


def _bare(text: str) -> str:
    """Return the text with half-width signs and one kind of bracket; blanks only where they part figures."""
    narrow = _BLANK.sub("", " ".join(normalize("NFKC", text).split()))
    return narrow.translate(str.maketrans("[【]】—–", "〔〔〕〕--"))
