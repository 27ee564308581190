"""Which rows of a roster sheet hold posts, and what a cell says that is merged with others."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from cdo_desktop.documents.readers.roster_head import Head
from cdo_desktop.documents.readers.roster_headings import is_shown, plain_word, shown_heading
from cdo_desktop.documents.readers.roster_synonyms import SECTION_WORDS
from cdo_desktop.documents.readers.workbook import CellValue, SheetGrid
from cdo_desktop.rules.text import clean_text

_WIDE = 3  # columns: a text merged over more is a line of its own, not a cell of the table

_TOTAL = re.compile(
    r"[（(]?(?:合计|小计|总计|共计|累计|本页小计|本页合计)[)）]?(?:[:：\d].*)?|共计?\d+[个家人名].*"
)
_BELOW = re.compile(
    r"[*＊※]*(?:附?注|说明|填表说明|填写说明|填报说明|注意事项|备注说明)(?:[:：\d].*)?|[*＊※]*(?:附?注|备注|说明)[一二三四五1-9]?[:：、.].*|※.*"
)
_SIGNED = re.compile(
    r"(?:填表人|填报人|制表人?|审核人?|复核人?|审批人?|经办人|联系人|(?:单位)?(?:主要|分管|科室|部门)?(?:负责人|领导)|填写人|核对人?|校对人?|统计人|(?:单位)?公章|首席数据官|数据专员|传真|签字|盖章|"
    r"填表日期|填报日期|填表时间|填报时间|填报单位|报送单位|单位|日期|联系电话|打印日期|制表日期|制表单位)"
    r"(?:签字|签名|盖章|电话|[（(][^（）()]{1,8}[)）])*[:：].*"
)
_PAGE = re.compile(r"第\d+页.*|[（(]?续表?[)）]?\d*|以下空白|[-—]+\d*[-—]*|附件\d*[:：]?")
_SECTION = re.compile(
    r"[（(]?[一二三四五六七八九十]+[)）]?[、.．].+|[（(][一二三四五六七八九十]+[)）].+|第[一二三四五六七八九十]+[组类部].*"
)
_DAY = re.compile(r"\d{4}[年.-]\d{0,2}[月.-]?(?:\d{0,2}日?)?|[年月日]+")
_EXAMPLE = re.compile(r"[（(【]?(?:填写)?(?:示例|样例|范例|例子|例)(?:行|数据)?[)）】]?[:：]?\d?")
_CATEGORIES = frozenset(SECTION_WORDS.split())
_NOTE_CELL = re.compile(r"[（(\[【].*[)）\]】]|必填项?|选填项?|非必填项?|可选")
_UNIT_LINE = re.compile(
    r"(?:填报单位|报送单位|单位名称|单位全称|单位|所在单位|填表单位|制表单位)(?:[（(](?:盖章|公章|签章|全称|章)[)）])?[:：](.*)"
)


_AFTER_UNIT = re.compile(
    r"(?:填报|填表|报送)?(?:日期|时间)[:：]|(?:填表|填报|联系)人[:：]|(?:联系)?电话[:：]"
)


@dataclass(frozen=True)
class UnitLine:
    """A line that names the unit of all rows below it; row and column count from 0."""

    row: int
    column: int
    name: str


class RowKind(Enum):
    """What a row below the head is."""

    DATA = auto()
    SKIPPED = auto()
    NOTES = auto()  # skipped, and short rows after it belong to it
    STRAY = auto()  # skipped, but the user should know


class SheetRows:
    """The rows of one sheet, 0-based, with cells merged downwards filled in."""

    def __init__(self, sheet: SheetGrid) -> None:
        self.sheet = sheet
        self._origin: dict[tuple[int, int], int] = {}  # (row, column) → the row that has the value
        self._wide: dict[tuple[int, int], int] = {}  # (row, column) → number of columns merged
        for area in sheet.merged:
            first, column = area.first_row - 1, area.first_column - 1
            self._wide[first, column] = area.last_column - area.first_column + 1
            for row in range(first + 1, min(area.last_row, len(sheet.rows))):
                self._origin[row, column] = first
        self._merged = {row for row, _column in self._origin}

    def is_merged(self, row: int) -> bool:
        """Tell whether a cell of a row has its value in a row above."""
        return row in self._merged

    def cell(self, row: int, column: int) -> tuple[int, CellValue]:
        """Return the row that has the value of a cell, and the value."""
        origin = self._origin.get((row, column), row)
        return origin, self.sheet.rows[origin][column]

    def kinds(self, head: Head, end: int) -> Iterator[tuple[int, RowKind, str]]:
        """Yield every used row below ``head`` and before ``end``, its kind and the words it starts with."""
        above = {text for row in range(head.first_row) for text in self._texts(row).values()}
        in_notes = False
        for row in range(head.last_row + 1, end):
            used = _used(self.sheet.rows[row])
            if not used:
                continue
            first = shown_heading(_text(self.sheet.rows[row][used[0]]))
            kind = self._kind(row, used, first, head)
            if kind is RowKind.DATA and len(used) == 1:
                kind = self._kind_of_lone_cell(row, used[0], first, above, in_notes)
            in_notes = kind is RowKind.NOTES or (in_notes and len(used) == 1)
            yield row, kind, first

    def _kind(self, row: int, used: list[int], first: str, head: Head) -> RowKind:
        if self._repeats_head(row, used, first, head):
            return RowKind.SKIPPED
        if row <= head.last_row + 2 and self._explains_head(row, used):
            return RowKind.SKIPPED
        if head.indexes.isdisjoint(used):
            return RowKind.SKIPPED
        # 说明：… in the first column of a row with a name is a remark about that person.
        if used[0] in head.remark_indexes and not head.name_indexes.isdisjoint(used):
            return RowKind.DATA
        if _BELOW.fullmatch(first):
            return RowKind.NOTES
        return RowKind.SKIPPED if _is_no_post(first) else RowKind.DATA

    def _kind_of_lone_cell(
        self, row: int, column: int, text: str, above: set[str], in_notes: bool
    ) -> RowKind:
        is_title = text in above or _SECTION.fullmatch(text) or plain_word(text) in _CATEGORIES
        if in_notes or is_title or _DAY.fullmatch(text):
            return RowKind.SKIPPED
        return RowKind.STRAY if self._wide.get((row, column), 1) >= _WIDE else RowKind.DATA

    def _repeats_head(self, row: int, used: list[int], first: str, head: Head) -> bool:
        for texts in head.texts:
            if texts.get(used[0]) == first:
                words = self._texts(row)
                return all(texts.get(column) == text for column, text in words.items())
        return False

    def _explains_head(self, row: int, used: list[int]) -> bool:
        """Tell the rows right below a head that say 必填 or number the columns 1, 2, 3, …"""
        texts = [shown_heading(_text(self.sheet.rows[row][column])) for column in used]
        if all(_NOTE_CELL.fullmatch(text) for text in texts):
            return True
        numbers = [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 3]
        return (
            len(numbers) > 2
            and len(numbers) >= len(texts) - 2
            and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        )

    def _texts(self, row: int) -> dict[int, str]:
        cells = self.sheet.rows[row]
        return {column: shown_heading(_text(cells[column])) for column in _used(cells)}

    def unit_lines(self) -> tuple[UnitLine, ...]:
        """Return every line 填报单位：… of the sheet, top down."""
        found = []
        for row in range(len(self.sheet.rows)):
            texts = self._texts(row)
            for column, text in texts.items():
                match = _UNIT_LINE.fullmatch(text)
                if match is not None:
                    line = _unit_line(row, column, match[1], texts)
                    found += [line] if line.name else []
        return tuple(found)


def _unit_line(row: int, column: int, name: str, texts: dict[int, str]) -> UnitLine:
    """The name stands behind the colon or in the next used cell; what follows on the same line is cut off."""
    if not name:
        column = min((other for other in texts if other > column), default=column)
        name = "" if texts[column].endswith((":", "：")) else texts[column]
    return UnitLine(row, column, clean_text(_AFTER_UNIT.split(name)[0]))


def _is_no_post(first: str) -> bool:
    patterns = (_TOTAL, _SIGNED, _PAGE, _EXAMPLE)
    return any(pattern.fullmatch(first) for pattern in patterns)


def _used(cells: Sequence[CellValue]) -> list[int]:
    """Return the columns of a row that show something."""
    return [
        column
        for column, value in enumerate(cells)
        if value is not None and (type(value) is not str or is_shown(value))
    ]


def _text(value: CellValue) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)
