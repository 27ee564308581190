"""What an import tells about lines that go in all the same: 提示, each at the cell it speaks of."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from cdo_desktop.documents.readers.roster_sheet import CellRef, RosterLine, RosterProblem
from cdo_desktop.rules.change_days import ancient_day, impossible_day
from cdo_desktop.rules.roster_columns import UNIT_FIELDS, RosterField
from cdo_desktop.rules.vocabulary import FILED_POSTS, PostKind
from cdo_desktop.services.appointments import FilingDraft
from cdo_desktop.services.holder_draft import HOLDER_COLUMNS, HolderDraft
from cdo_desktop.services.roster_lines import LineAction, LineKind, PlannedLine
from cdo_desktop.services.roster_merge import FILING_COLUMNS, PHONE_COLUMNS, FieldChange, is_masked_phone
from cdo_desktop.services.roster_snapshot import Snapshot

F = RosterField


@dataclass
class LineWork:
    """A line while it is being looked at."""

    line: RosterLine
    problems: list[RosterProblem]
    changes: list[FieldChange] = field(default_factory=list)

    def report(self, column: RosterField | None, message: str, *, blocking: bool = True) -> None:
        """Add a problem or a notice at a cell, or at the name where the sheet has no such column."""
        self.problems.append(RosterProblem(place_of(self.line, column), column, message, blocking))

    @property
    def blocked(self) -> bool:
        """Whether something keeps the line out."""
        return any(problem.blocking for problem in self.problems)

    def text(self, column: RosterField) -> str:
        """Return the text of a column, or nothing."""
        value = self.line.values.get(column, "")
        return value if isinstance(value, str) else value.isoformat()


def place_of(line: RosterLine, column: RosterField | None) -> CellRef:
    """Return the cell of a column, else that of the unit's or person's name, else the first of the line."""
    cells = line.cells
    names = (F.UNIT_FULL_NAME, F.UNIT_SHORT_NAME) if column in UNIT_FIELDS else (F.NAME,)
    found = (cells[wanted] for wanted in (column, *names) if wanted is not None and wanted in cells)
    return next(found, next(iter(cells.values()), CellRef(line.sheet, line.row, 1)))


def notice_missing(work: LineWork, kind: PostKind, draft: HolderDraft) -> None:
    """Name what the form will lack; the paper can still be completed later."""
    if kind not in FILED_POSTS:
        return
    has_phone = draft.mobile or draft.office_phone
    wanted: list[tuple[RosterField, str]] = [
        (F.SEX, draft.sex),
        (F.TITLE, draft.title or draft.section),
        (F.BASIS, draft.basis),
        (F.OFFICE_PHONE if F.MOBILE not in work.line.cells else F.MOBILE, has_phone),
    ]
    if kind is PostKind.CDO:
        wanted.append((F.HEAD, draft.head_status))
    if all(value for _column, value in wanted):
        return
    masked = any(is_masked_phone(column, work.text(column)) for column in (F.MOBILE, F.OFFICE_PHONE))
    missing = [column for column, value in wanted if not value and not (masked and column in PHONE_COLUMNS)]
    whose = f"{kind}的" if _is_side_by_side(work.line) else ""
    for column in missing:
        if column in work.line.cells:
            work.report(column, f"备案表需要的{whose}{column}没有填，可以以后补。", blocking=False)
    absent = [column.value for column in missing if column not in work.line.cells]
    if absent:
        work.report(None, f"备案表需要的{whose}{'、'.join(absent)}没有填，可以以后补。", blocking=False)


def check_day(work: LineWork, column: RosterField, field: str, day: date | None, today: date) -> None:
    """Report a day of a change that cannot be, and point out one of long ago (`rules.change_days`)."""
    message = impossible_day(field, day, today)
    if message:
        work.report(column, message)
    elif message := ancient_day(field, day):
        work.report(column, message, blocking=False)


def notice_coming(work: LineWork, draft: HolderDraft, today: date) -> None:
    """Point out a first day that is still to come: it may be meant, and the year may be mistyped."""
    if draft.since is not None and draft.since > today:
        message = f"任职日期 {draft.since} 还没有到，到那天起才是现任；请核对年份。"
        work.report(F.SINCE, message, blocking=False)


def _is_side_by_side(line: RosterLine) -> bool:
    """Whether the column of the name tells the post, so that one row holds two posts."""
    return F.POST in line.cells and line.cells[F.POST] == line.cells.get(F.NAME)


def notice_masked(work: LineWork, draft: HolderDraft, filing: FilingDraft) -> None:
    """Name every number that is masked in the sheet and not known to the register."""
    for column in PHONE_COLUMNS:
        number = work.line.values.get(column, "")
        if not is_masked_phone(column, number):
            continue
        owner, name = (
            (draft, HOLDER_COLUMNS[column]) if column in HOLDER_COLUMNS else (filing, FILING_COLUMNS[column])
        )
        if not getattr(owner, name):
            work.report(column, f"{column}“{number}”有遮盖，没有记下；请补上完整的号码。", blocking=False)


@dataclass(frozen=True)
class _Held:
    """A post of a unit that somebody holds, in the sheet (``row``) or in the register alone."""

    unit: object
    post: PostKind
    unit_name: str
    name: str
    mobile: str
    row: int | None

    @property
    def shown(self) -> str:
        where = f"（第 {self.row} 行）" if self.row is not None else "（名册中）"
        return f"{self.unit_name}的{self.post}{where}"


def with_several_posts(snapshot: Snapshot, lines: Iterable[PlannedLine]) -> tuple[PlannedLine, ...]:
    """Add a notice to the lines of persons who hold another post too: allowed, but told (domain.md §1.6).

    A person is known by name and mobile, within one unit by the name alone unless the mobiles differ. Of two
    lines the later one is told; of a line and the register, the line that would appoint.
    """
    planned = [(line, _held(line)) for line in lines]
    named = {(held.unit, held.post) for _line, held in planned if held is not None}
    by_unit: dict[tuple[object, str], list[_Held]] = {}
    by_phone: dict[tuple[str, str], list[_Held]] = {}

    def remember(held: _Held) -> None:
        by_unit.setdefault((held.unit, held.name), []).append(held)
        if held.mobile:
            by_phone.setdefault((held.name, held.mobile), []).append(held)

    for stored in _registered(snapshot):
        if (stored.unit, stored.post) not in named:
            remember(stored)
    told = []
    for line, held in planned:
        if held is not None:
            near = by_unit.get((held.unit, held.name), [])
            found = [
                other for other in near if not (other.mobile and held.mobile and other.mobile != held.mobile)
            ]
            found += [other for other in by_phone.get((held.name, held.mobile), []) if other not in found]
            appoints = line.action in (LineAction.APPOINT, LineAction.REPLACE, LineAction.CORRECT)
            found = [other for other in found if other.row is not None or appoints]
            remember(held)
            if found:
                line = _with_notice(line, held, found)
        told.append(line)
    return tuple(told)


def _with_notice(line: PlannedLine, held: _Held, others: list[_Held]) -> PlannedLine:
    posts = "、".join(other.shown for other in others)
    same_unit = all(other.unit == held.unit for other in others)
    about = "一个单位的两个岗位同名" if same_unit else "按一人兼任登记"
    message = f"“{held.name}”也是{posts}：{about}，请核对。"
    notice = RosterProblem(place_of(line.line, F.NAME), F.NAME, message, False)
    return replace(line, problems=(*line.problems, notice))


def _held(line: PlannedLine) -> _Held | None:
    """Return what a line says; None for a line that stays out, an empty post and the district's posts."""
    if line.kind is LineKind.PROBLEM or line.draft is None or line.unit is None or not line.name:
        return None
    kind = PostKind(line.post)
    if kind not in FILED_POSTS:
        return None  # who leads the office mostly leads a department as well
    draft = line.draft
    return _Held(line.unit.key, kind, line.unit_name, draft.name, draft.mobile, line.line.row)


def _registered(snapshot: Snapshot) -> Iterator[_Held]:
    posts: Mapping[tuple[int, PostKind], int] = {
        place: post.post_id for place, post in snapshot.posts.items() if place[1] in FILED_POSTS
    }
    for (unit_id, kind), post_id in posts.items():
        for holder in snapshot.holders.get(post_id, ()):
            if holder.until is None or holder.until > snapshot.today:
                name = snapshot.units[unit_id].short_name
                yield _Held(unit_id, kind, name, holder.draft.name, holder.draft.mobile, None)
