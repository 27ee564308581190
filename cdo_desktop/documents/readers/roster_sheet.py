"""A roster as units send it, read into one line a post; whatever is doubtful is listed, never guessed."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from cdo_desktop.documents.readers.roster_head import Head, find_heads, nearest_head
from cdo_desktop.documents.readers.roster_headings import plain_word
from cdo_desktop.documents.readers.roster_layout import Column
from cdo_desktop.documents.readers.roster_line import (
    CellRef,
    PlainRows,
    RosterLine,
    RosterProblem,
    column_letters,
)
from cdo_desktop.documents.readers.roster_rows import RowKind, SheetRows, UnitLine
from cdo_desktop.documents.readers.roster_values import Contact, Reading, is_vacant, read_contact, read_value
from cdo_desktop.documents.readers.workbook import CellValue, SheetGrid, WorkbookGrid
from cdo_desktop.errors import UnreadableFileError
from cdo_desktop.rules.roster_columns import RosterField
from cdo_desktop.rules.vocabulary import PostKind

__all__ = ["CellRef", "RosterLine", "RosterProblem", "RosterSheet", "column_letters", "read_roster"]

F = RosterField

_PERSON_FACTS = (F.MOBILE, F.SINCE, F.SEX, F.EMAIL, F.BIRTH_MONTH)
_HELP_SHEETS = ("填写说明", "填表说明", "说明", "填报说明")
_POST_SHEETS = {str(post): post for post in (PostKind.CDO, PostKind.SPECIALIST)}
_SECTION_AND_TITLE = re.compile(r"(\S+[科室]) (副?(?:科长|主任)|科员|\S{2}主任科员|\S{2}科员)")
_TEMPLATE = "可以先在“名册备案”中保存一份导入模板，照模板的表头填写后再导入。"


@dataclass(frozen=True)
class RosterSheet:
    """All posts of a workbook, and what concerns whole columns or sheets."""

    lines: tuple[RosterLine, ...]
    problems: tuple[RosterProblem, ...]


def read_roster(grid: WorkbookGrid) -> RosterSheet:
    """Read every visible sheet that has a roster's head.

    Raises UnreadableFileError when there is none; the sentence says what the head lacks.
    """
    visible = [sheet for sheet in grid.sheets if not sheet.hidden and any(any(row) for row in sheet.rows)]
    readers = [_SheetReader(sheet) for sheet in visible]
    reading = [reader for reader in readers if reader.heads]
    if not reading:
        raise UnreadableFileError(_why_no_head(visible))
    problems: list[RosterProblem] = []
    lines: list[RosterLine] = []
    for reader in readers:
        reader.named = len(reading) > 1
        problems += reader.sheet_problems() if reader.heads else _skipped(reader.sheet)
        lines += reader.lines()
        problems += reader.row_problems
    return RosterSheet(tuple(lines), tuple(problems))


def _why_no_head(sheets: list[SheetGrid]) -> str:
    if not sheets:
        return f"工作簿里没有内容，没有导入。{_TEMPLATE}"
    heads = [head for head in map(nearest_head, sheets) if head is not None]
    if not heads:
        return (
            "没有找到花名册的表头，没有导入。表头要有“单位全称”“岗位”“姓名”，"
            f"或者“单位全称”和左右并列的“首席数据官”“数据专员”。{_TEMPLATE}"
        )
    best = max(heads, key=lambda head: len(head.columns))
    return f"第 {best.last_row + 1} 行的表头{_what_lacks(best)}，没有导入。请补上后再试；{_TEMPLATE}"


def _what_lacks(head: Head) -> str:
    lacking = []
    if not head.has_unit:
        lacking.append("“单位全称”")
    if not head.has_post:
        lacking.append("“岗位”")
    if not head.has(F.NAME):
        lacking.append("“姓名”")
    unknown = "、".join(f"“{column.heading}”" for column in head.ignored[:5])
    return f"缺少{'、'.join(lacking)}" + (f"（不认识的栏目：{unknown}）" if unknown else "")


def _skipped(sheet: SheetGrid) -> list[RosterProblem]:
    if plain_word(sheet.name) in _HELP_SHEETS:
        return []
    ref = CellRef(sheet.name, 1, 1, named=True)
    head = nearest_head(sheet)
    if head is not None and head.has(F.NAME) and len(head.columns) > 2:
        ref = CellRef(sheet.name, head.last_row + 1, 1, named=True)
        return [
            RosterProblem(ref, None, f"工作表“{sheet.name}”的表头{_what_lacks(head)}，这一页没有读取。", True)
        ]
    return [RosterProblem(ref, None, f"工作表“{sheet.name}”里没有花名册的表头，这一页没有读取。", False)]


class _SheetReader:
    """Reads one sheet line by line."""

    def __init__(self, sheet: SheetGrid) -> None:
        self.sheet = sheet
        self.named = False
        self.row_problems: list[RosterProblem] = []
        self._rows = SheetRows(sheet)
        self._post = _POST_SHEETS.get(plain_word(sheet.name))
        self._units: tuple[UnitLine, ...] = ()  # where no column names the unit
        self.heads = find_heads(sheet, unit_known=False, post_known=self._post is not None)
        if not self.heads:
            heads = find_heads(sheet, unit_known=True, post_known=self._post is not None)
            lines = self._rows.unit_lines() if heads else ()
            if sum(line.row < heads[0].first_row for line in lines) == 1:
                self.heads, self._units = heads, lines

    def sheet_problems(self) -> list[RosterProblem]:
        head = self.heads[0]
        problems = [
            self._hint(
                head.last_row,
                column.index,
                f"第 {column_letters(column.index + 1)} 列“{column.heading}”没有导入：{column.reason}。",
            )
            for column in head.ignored
        ]
        if self._post is not None and not head.has_post:
            problems.append(
                self._hint(head.last_row, 0, f"没有“岗位”一栏，按工作表名称都作为“{self._post}”。")
            )
        for line in self._units:
            message = f"没有“单位全称”一栏，下面各行的单位都是“{line.name}”。"
            problems.append(self._hint(line.row, line.column, message))
        return problems

    def lines(self) -> Iterator[RosterLine]:
        for position, head in enumerate(self.heads):
            last = position + 1 == len(self.heads)
            end = len(self.sheet.rows) if last else self.heads[position + 1].first_row
            columns_of = cache(head.columns_of)
            plain = PlainRows(self._rows, head, named=self.named, unit_above=bool(self._units))
            unit: str | date = ""
            above = ""
            for row, kind, first in self._rows.kinds(head, end):
                if kind is RowKind.STRAY:
                    message = f"第 {row + 1} 行“{first[:20]}”不是一个岗位，没有导入。"
                    self.row_problems.append(self._hint(row, 0, message))
                if kind is not RowKind.DATA:
                    continue
                whole = plain.line(row)
                for line in (whole,) if whole else self._lines_of_row(row, head, columns_of, above):
                    unit = line.values.get(F.UNIT_FULL_NAME) or line.values.get(F.UNIT_SHORT_NAME) or unit
                    yield line
                above = str(unit)

    def _lines_of_row(
        self, row: int, head: Head, columns_of: Callable[[str], Iterable[Column]], unit_above: str
    ) -> Iterator[RosterLine]:
        for post in head.posts or (self._post_of_row(row, head),):
            yield self._line(row, head, post, columns_of(post), unit_above)

    def _post_of_row(self, row: int, head: Head) -> str:
        """Return the post that the row names, or that of the whole sheet; "" when it cannot be told."""
        column = next((column for column in head.columns if column.field is F.POST), None)
        if column is None:
            return str(self._post or "")
        return str(read_value(F.POST, self._rows.cell(row, column.index)[1]).value or "")

    def _line(
        self, row: int, head: Head, post: str, columns: Iterable[Column], unit_above: str
    ) -> RosterLine:
        line = _LineBuilder(self._ref(row, 0))
        if named := [unit for unit in self._units if unit.row < row]:
            line.put(F.UNIT_FULL_NAME, self._ref(named[-1].row, named[-1].column), Reading(named[-1].name))
        holds_section = False
        for column in columns:
            origin, cell = self._rows.cell(row, column.index)
            line.take(column.field, self._ref(origin, column.index), cell)
            holds_section = holds_section or (column.field is F.TITLE and "科室" in column.heading)
        if holds_section and post == PostKind.SPECIALIST:
            line.split_section()
        if not head.has(F.POST):
            line.put(F.POST, line.cells.get(F.NAME, self._ref(row, 0)), Reading(post))
        line.check(unit_above)
        return RosterLine(self.sheet.name, row + 1, line.values, line.cells, tuple(line.problems))

    def _ref(self, row: int, column: int) -> CellRef:
        return CellRef(self.sheet.name, row + 1, column + 1, self.named)

    def _hint(self, row: int, column: int, message: str) -> RosterProblem:
        return RosterProblem(self._ref(row, column), None, message, False)


class _LineBuilder:
    """Gathers the cells of one post."""

    def __init__(self, row: CellRef) -> None:
        self.values: dict[RosterField, str | date] = {}
        self.cells: dict[RosterField, CellRef] = {}
        self.problems: list[RosterProblem] = []
        self._row = row
        self._said_vacant = False
        self._refused: set[RosterField] = set()

    def take(self, field: RosterField | None, ref: CellRef, cell: CellValue) -> None:
        """Read one cell; ``field`` is None for a column 联系电话."""
        if field is None:
            self._take_contact(ref, cell)
        elif field is F.NAME and is_vacant(cell):
            self._take_vacancy(ref, said=cell is not None and bool(plain_word(str(cell))))
        else:
            self.put(field, ref, read_value(field, cell))

    def put(self, field: RosterField, ref: CellRef, reading: Reading) -> None:
        """Keep what a cell says, unless another cell for the same field says something else."""
        earlier = self.cells.setdefault(field, ref)
        if reading.value is None:
            self._refuse(field, ref, reading.message)
            return
        if earlier is not ref and field not in self._refused:
            present = self.values.get(field, "")
            vacant = field is F.NAME and self._said_vacant
            if not reading.value:
                return  # an empty column gives way to the other
            if present != reading.value and (present or vacant):
                self._refuse_second(field, ref, present or "空缺", reading.value)
                return
            self.cells[field] = ref
        if field not in self._refused:
            self.values[field] = reading.value
        if reading.message:
            self.problems.append(RosterProblem(ref, field, reading.message, False))

    def split_section(self) -> None:
        """Read 信息科 科长 under 科室及职务 as section and title, where it can be nothing else."""
        match = _SECTION_AND_TITLE.fullmatch(str(self.values.get(F.TITLE, "")))
        if match is not None and F.SECTION not in self.cells:
            self.values[F.SECTION], self.values[F.TITLE] = match[1], match[2]
            self.cells[F.SECTION] = self.cells[F.TITLE]

    def _take_vacancy(self, ref: CellRef, *, said: bool) -> None:
        name = self.values.get(F.NAME, "")
        if said and name:
            self._refuse_second(F.NAME, ref, name, "空缺")
            return
        self._said_vacant = self._said_vacant or said
        self.put(F.NAME, ref, Reading(""))

    def _refuse_second(self, field: RosterField, ref: CellRef, one: str | date, other: str | date) -> None:
        message = (
            f"有两列都是“{field}”，{self.cells[field].label} 是“{one}”，"
            f"{ref.label} 是“{other}”。请只留一列，或改成相同的内容。"
        )
        self._refuse(field, ref, message)

    def _take_contact(self, ref: CellRef, cell: CellValue) -> None:
        contact = read_contact(cell)
        if contact.message:
            field = F.MOBILE if contact.office is None else F.OFFICE_PHONE
            self.problems.append(RosterProblem(ref, field, contact.message, contact.blocking))
        for field, number in ((F.MOBILE, contact.mobile), (F.OFFICE_PHONE, contact.office)):
            if number is not None:
                self.put(field, ref, Reading(number))
        if contact == Contact():
            self.cells.setdefault(F.MOBILE, ref)  # where the missing number belongs

    def _refuse(self, field: RosterField, ref: CellRef, message: str) -> None:
        self._refused.add(field)
        self.values.pop(field, None)
        self.problems.append(RosterProblem(ref, field, message, True))

    @property
    def _nameless(self) -> bool:
        return F.NAME in self.cells and not self._said(F.NAME)

    def check(self, unit_above: str) -> None:
        """Say what a whole line lacks."""
        unit = self._said(F.UNIT_FULL_NAME) or self._said(F.UNIT_SHORT_NAME)
        if not unit and not self._said(F.POST) and self._nameless:
            self._block(F.UNIT_FULL_NAME, "这一行有内容，但没有单位、岗位和姓名。请补全，或删去这一行。")
            return
        if not unit:
            above = f"（上面一行是“{unit_above}”）" if unit_above else ""
            self._block(
                F.UNIT_FULL_NAME,
                f"单位是空的{above}。如果与上面是同一单位，请把单位名称也填上；程序不代为推定。",
            )
        if not self._said(F.POST):
            self._block(F.POST, "岗位是空的。请填“首席数据官”或“数据专员”。")
        if self._nameless and not self._said_vacant:
            self._check_nameless()

    def _check_nameless(self) -> None:
        facts = [str(field) for field in _PERSON_FACTS if self.values.get(field)]
        if facts:
            self._block(
                F.NAME,
                f"姓名是空的，却填了{'、'.join(facts)}。请补上姓名；如果岗位空缺，请在姓名处写“空缺”。",
            )

    def _said(self, field: RosterField) -> bool:
        return field in self._refused or bool(self.values.get(field))

    def _block(self, field: RosterField, message: str) -> None:
        fallback = self.cells.get(F.UNIT_SHORT_NAME, self._row) if field is F.UNIT_FULL_NAME else self._row
        self.problems.append(RosterProblem(self.cells.get(field, fallback), field, message, True))
