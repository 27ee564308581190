"""Which column of a roster holds what, and whose: told from the meanings of all headings together."""

from collections.abc import Sequence
from dataclasses import dataclass

from cdo_desktop.documents.readers.roster_headings import Heading, HeadingKind
from cdo_desktop.rules.roster_columns import UNIT_FIELDS, RosterField
from cdo_desktop.rules.vocabulary import PostKind

F = RosterField

_SHARED_FIELDS = (F.NOTE, F.FILLED_ON, F.FILLER, F.FILLER_PHONE, F.FILING_KIND)
_OWN_PHONE = {F.FILLER: F.FILLER_PHONE, F.BACKUP_NAME: F.BACKUP_PHONE}
_PHONES = (None, F.MOBILE, F.OFFICE_PHONE)
_OTHER_PERSONS_FIELDS = (*_PHONES, F.TITLE, F.EMAIL, F.SEX, F.SECTION)


@dataclass(frozen=True)
class HeadCell:
    """One column's heading: 0-based index, words, meaning, and whether a group head stands above it."""

    index: int
    text: str
    meaning: Heading
    grouped: bool


@dataclass(frozen=True)
class Column:
    """One column that is read: its field (None for 联系电话) and, side by side, the post it belongs to."""

    index: int
    heading: str
    field: RosterField | None
    post: PostKind | None


@dataclass(frozen=True)
class IgnoredColumn:
    """A column that is not read, with the reason for the user."""

    index: int
    heading: str
    reason: str


@dataclass(frozen=True)
class Layout:
    """All columns of one table."""

    columns: tuple[Column, ...]
    ignored: tuple[IgnoredColumn, ...]


def lay_out(cells: Sequence[HeadCell]) -> Layout:
    """Tell for every heading what its column holds; what may be somebody else's is left out."""
    meanings = [cell.meaning for cell in cells]
    row_per_post = _any_field(meanings, F.POST) and any(_is_plain_name(meaning) for meaning in meanings)
    side_by_side = not row_per_post and any(
        meaning.post is not None and (meaning.kind is HeadingKind.POST or meaning.field is F.NAME)
        for meaning in meanings
    )
    strong_unit = any(m.field is F.UNIT_FULL_NAME and not m.weak for m in meanings)
    layout = _Assignment(cells, row_per_post, side_by_side, strong_unit)
    for position in range(len(cells)):
        layout.take(position)
    return Layout(tuple(layout.columns), tuple(layout.ignored))


class _Assignment:
    """Walks over the headings from left to right and remembers whose the next column is."""

    def __init__(
        self, cells: Sequence[HeadCell], row_per_post: bool, side_by_side: bool, strong_unit: bool
    ) -> None:
        self.columns: list[Column] = []
        self.ignored: list[IgnoredColumn] = []
        self._cells = cells
        self._row_per_post = row_per_post
        self._side_by_side = side_by_side
        self._strong_unit = strong_unit
        self._owner: PostKind | None = (
            None  # side by side without group heads: whose the following columns are
        )
        self._after_other = False  # just right of 联系人, 分管领导 or 告知人

    def take(self, position: int) -> None:
        cell = self._cells[position]
        kind = cell.meaning.kind
        if kind is HeadingKind.IGNORED:
            return
        if kind is HeadingKind.OTHER_PERSON:
            self._after_other = True
            self._ignore(cell, "不是花名册的栏目")
        elif kind is HeadingKind.POST:
            self._take_post(cell)
        elif kind in (HeadingKind.FIELD, HeadingKind.CONTACT):
            self._take_field(cell, position)
        else:
            self._after_other = False
            self._ignore(cell, "不是花名册的栏目")

    def _take_post(self, cell: HeadCell) -> None:
        self._after_other = False
        if self._row_per_post:
            self._ignore(cell, "表中已有“岗位”和“姓名”两栏")
            return
        if not cell.grouped:
            self._owner = cell.meaning.post
        self._keep(cell, F.NAME, cell.meaning.post)

    def _take_field(self, cell: HeadCell, position: int) -> None:
        meaning = cell.meaning
        field = self._with_its_person(position)
        if field in UNIT_FIELDS:
            if meaning.weak and self._strong_unit:
                self._ignore(cell, "表中已另有单位全称一栏")
            else:
                self._keep(cell, field, None)
            return
        if self._after_other and meaning.post is None and not cell.grouped and field in _OTHER_PERSONS_FIELDS:
            self._ignore(cell, "分不清是谁的")
            return
        self._after_other = field is F.TOLD_BY  # a phone beside it is that person's
        if self._row_per_post or not self._side_by_side:
            self._keep(cell, field, self._post_of_row_column(meaning))
        else:
            self._take_side_by_side(cell, field)

    def _with_its_person(self, position: int) -> RosterField | None:
        """Read 联系电话 just right of 填表人 or B角 as that person's, when the holder's own came before."""
        meaning = self._cells[position].meaning
        if meaning.kind is not HeadingKind.CONTACT or position == 0:
            return meaning.field
        before = self._cells[position - 1].meaning.field
        own = _OWN_PHONE.get(before) if before is not None else None
        return own if own is not None and any(c.field in _PHONES for c in self.columns) else None

    def _post_of_row_column(self, meaning: Heading) -> PostKind | None:
        """任首席数据官日期 as the only date serves every row; beside 任数据专员日期 it does not."""
        if meaning.post is None:
            return None
        others = [cell.meaning for cell in self._cells if cell.meaning.field is meaning.field]
        return (
            None
            if len(others) == 1 and meaning.field in (F.SINCE, F.PREDECESSOR, F.PREDECESSOR_TITLE)
            else meaning.post
        )

    def _take_side_by_side(self, cell: HeadCell, field: RosterField | None) -> None:
        post = cell.meaning.post
        if field is F.POST:
            self._ignore(cell, "两个岗位已经左右并列")
        elif post is not None:
            if field is F.NAME and not cell.grouped:
                self._owner = post
            self._keep(cell, field, post)
        elif field in _SHARED_FIELDS and self._is_single(cell):
            self._keep(cell, field, None)
        elif self._owner is not None:
            self._keep(cell, field, self._owner)
        elif field is F.OFFICE_PHONE and not any(column.field is F.NAME for column in self.columns):
            self._keep(cell, field, None)  # the unit's own number, left of both persons
        else:
            self._ignore(cell, "分不清是首席数据官的还是数据专员的")

    def _is_single(self, cell: HeadCell) -> bool:
        return sum(other.meaning == cell.meaning for other in self._cells) == 1

    def _keep(self, cell: HeadCell, field: RosterField | None, post: PostKind | None) -> None:
        self.columns.append(Column(cell.index, cell.text, field, post))

    def _ignore(self, cell: HeadCell, reason: str) -> None:
        self.ignored.append(IgnoredColumn(cell.index, cell.text, reason))


def _any_field(meanings: Sequence[Heading], field: RosterField) -> bool:
    return any(meaning.field is field for meaning in meanings)


def _is_plain_name(meaning: Heading) -> bool:
    return meaning.field is F.NAME and meaning.post is None
