"""Which unit a line of a roster means, and what the line says about that unit."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Protocol

from cdo_desktop import paths
from cdo_desktop.errors import InvalidFormError
from cdo_desktop.rules.roster_columns import RosterField
from cdo_desktop.rules.unit_matching import NewNames, core_of
from cdo_desktop.rules.vocabulary import DISTRICT_POSTS, PostKind, UnitCategory
from cdo_desktop.services.roster_snapshot import Snapshot
from cdo_desktop.services.unit_draft import UNIT_COLUMNS, UnitDraft, checked_unit
from cdo_desktop.services.units import district_draft, read_shipped_units

_TEXT_COLUMNS = tuple(
    column
    for column in UNIT_COLUMNS
    if column not in (RosterField.UNIT_ORDER, RosterField.UNIT_NAME_CONFIRMED)
)
_YES = "是"
_LONGEST_ORDER = 6  # digits
# Endings that name the category beyond doubt; any other new unit is asked about.
_SURE_ENDINGS = (
    ("街道办事处", UnitCategory.SUBDISTRICT),
    ("街道", UnitCategory.SUBDISTRICT),
    ("镇人民政府", UnitCategory.TOWN),
    ("镇", UnitCategory.TOWN),
    ("园区管理委员会", UnitCategory.PARK),
    ("园区", UnitCategory.PARK),
)


class Line(Protocol):
    """What the unit planner asks of a line: its texts, and a place to report to."""

    def text(self, column: RosterField) -> str:
        """Return the text of a column, or nothing."""

    def report(self, column: RosterField | None, message: str, *, blocking: bool = True) -> None:
        """Add a problem or a notice at a cell."""


@dataclass(frozen=True)
class PlannedUnit:
    """A registered unit (``unit_id``) or one that the import would create (``key`` alone)."""

    key: object
    unit_id: int | None
    draft: UnitDraft  # as it will be
    opened: UnitDraft | None
    changes: tuple[tuple[str, str, str], ...]


class UnitPlanner:
    """Resolves the units of one sheet."""

    def __init__(self, snapshot: Snapshot, same_units: Mapping[str, int], new_units: frozenset[str]) -> None:
        self._snapshot = snapshot
        self._same_units = same_units
        self._new_units = new_units
        self._planned: dict[object, UnitDraft] = {}  # as the lines so far leave each unit
        self._earlier: dict[tuple[str, ...], PlannedUnit] = {}  # by all that a line says of a unit
        self._said: dict[tuple[object, str], object] = {}
        self._new_names: dict[str, object] = {}
        self._new_cores = NewNames()

    def plan(self, line: Line, kind: PostKind) -> PlannedUnit | None:
        """Return the unit of a line, or None after reporting why there is none."""
        if kind in DISTRICT_POSTS:
            return self._district(line)
        said = tuple([line.text(column) for column in UNIT_COLUMNS])
        earlier = self._earlier.get(said)
        if earlier is not None and self._planned.get(earlier.key) is earlier.draft:
            return earlier  # the second post of a unit: its first line went in, and this one says the same
        planned = self._plan(line, kind)
        if planned is not None:
            self._earlier[said] = replace(planned, changes=())
        return planned

    def _plan(self, line: Line, kind: PostKind) -> PlannedUnit | None:
        if line.text(RosterField.UNIT_CATEGORY) == UnitCategory.DISTRICT:
            line.report(RosterField.UNIT_CATEGORY, f"“区级”没有{kind}，请核对单位类别和岗位。")
            return None
        full, short = line.text(RosterField.UNIT_FULL_NAME), line.text(RosterField.UNIT_SHORT_NAME)
        names = [name for name in (full, short) if name]
        if not names:
            line.report(RosterField.UNIT_FULL_NAME, "单位没有填，请填单位全称或简称。")
            return None
        unit_id = self._registered(line, names)
        if unit_id == _UNDECIDED:
            return None
        if unit_id == self._snapshot.district_id and unit_id is not None:
            line.report(RosterField.POST, f"“区级”没有{kind}，请核对单位和岗位。")
            return None
        key = self._new_key(line, names) if unit_id is None else unit_id
        if key is None:
            return None
        opened = self._snapshot.units.get(unit_id) if unit_id is not None else None
        base = self._planned.get(key) or opened or _new_unit(line, full or short, short or full)
        return self._merged(line, key, unit_id, base, opened)

    def accept(self, planned: PlannedUnit) -> None:
        """Let later lines build on a unit whose line goes in."""
        self._planned[planned.key] = planned.draft

    def _district(self, line: Line) -> PlannedUnit | None:
        unit_id = self._snapshot.district_id
        key: object = unit_id if unit_id is not None else UnitCategory.DISTRICT
        opened = self._snapshot.units[unit_id] if unit_id is not None else None
        base = self._planned.get(key) or opened or district_draft()
        if line.text(RosterField.UNIT_CATEGORY) == UnitCategory.DISTRICT:
            return self._merged(line, key, unit_id, base, opened)
        named = line.text(RosterField.UNIT_SHORT_NAME) or line.text(RosterField.UNIT_FULL_NAME)
        if named and named not in (base.short_name, base.full_name):
            line.report(RosterField.UNIT_FULL_NAME, "这个岗位属于区级，已记在“区级”下。", blocking=False)
        return PlannedUnit(key, unit_id, base, opened, ())

    def _registered(self, line: Line, names: list[str]) -> int | None:
        """Return the registered unit, None for a new one, or _UNDECIDED after reporting."""
        found: dict[int, str] = {}
        for name in names:
            if name in self._same_units:
                return self._same_units[name]
            match = self._snapshot.names.find(name)
            if match.ambiguous:
                line.report(
                    RosterField.UNIT_FULL_NAME,
                    f"“{name}”对应多个单位（{self._list(match.near)}），请写全称。",
                )
                return _UNDECIDED
            if match.unit_id is not None:
                found.setdefault(match.unit_id, name)
        if len(found) > 1:
            line.report(
                RosterField.UNIT_SHORT_NAME,
                f"全称和简称是两个不同的单位（{self._list(tuple(found))}），请核对。",
            )
            return _UNDECIDED
        if found:
            return next(iter(found))
        if self._has_ended(line, names):
            return _UNDECIDED
        return self._near_miss(line, names)

    def _has_ended(self, line: Line, names: list[str]) -> bool:
        """Report a unit that is no more (机构改革): it gets no holders."""
        gone = (self._snapshot.ended_names.find(name).unit_id for name in names)
        unit_id = next((found for found in gone if found is not None), None)
        if unit_id is None or any(name in self._new_units for name in names):
            return False
        unit = self._snapshot.ended[unit_id]
        successors = "、".join(f"“{name}”" for name in unit.successors)
        went_on = f"，并入或由{successors}承继" if successors else ""
        line.report(
            _name_column(line),
            f"“{unit.short_name}”已于 {unit.day:%Y-%m-%d} 撤并{went_on}，不能再任命。请改为现在的单位。",
        )
        return True

    def _near_miss(self, line: Line, names: list[str]) -> int | None:
        if any(name in self._new_units for name in names):
            return None
        near = {unit for name in names for unit in self._snapshot.names.find(name).near}
        if not near:
            return None
        line.report(
            _name_column(line),
            f"名册里没有“{names[0]}”，与“{self._list(tuple(sorted(near)))}”相近：请核对名称，"
            "或在预览中确定是同一单位还是新单位。",
        )
        return _UNDECIDED

    def _list(self, unit_ids: tuple[int, ...]) -> str:
        return "、".join(self._snapshot.units[unit_id].short_name for unit_id in unit_ids[:4])

    def _new_key(self, line: Line, names: list[str]) -> object | None:
        """Return one key for all lines of a new unit, by either of its names; None after a near miss."""
        known = next((self._new_names[name] for name in names if name in self._new_names), None)
        if known is None and not any(name in self._new_units for name in names):
            similar = next((found for name in names if (found := self._new_cores.same(name))), None)
            if similar is not None:
                line.report(
                    _name_column(line),
                    f"“{names[0]}”与表中前面的“{similar}”相近：是同一单位请写成一样，"
                    "不是同一单位请在预览中确定。",
                )
                return None
            self._notice_misspelling(line, names)
        key = known or names[0]
        for name in names:
            self._new_names.setdefault(name, key)
            self._new_cores.add(name)
        return key

    def _notice_misspelling(self, line: Line, names: list[str]) -> None:
        """Name two new units one letter apart; both on the shipped list, they are no mistake."""
        for name in names:
            similar = self._new_cores.similar(name)
            if similar is not None and not {core_of(name), core_of(similar)} <= _shipped_cores():
                line.report(
                    _name_column(line),
                    f"“{name}”与表中前面的“{similar}”只差一个字，将作为两个新单位：请核对有没有写错。",
                    blocking=False,
                )
                return

    def _merged(
        self, line: Line, key: object, unit_id: int | None, base: UnitDraft, opened: UnitDraft | None
    ) -> PlannedUnit | None:
        said: dict[str, object] = {
            UNIT_COLUMNS[column]: line.text(column) for column in _TEXT_COLUMNS if line.text(column)
        }
        said |= _switches(line)
        if not self._may_rename(line, base, said, unit_id if opened else None):
            return None
        if not self._agrees(line, key, said):
            return None
        if said.get("category", base.category) != base.category:
            said.setdefault("group", "")  # the new category brings its own group
        try:
            draft = checked_unit(replace(base, **said))  # type: ignore[arg-type]
        except InvalidFormError as error:
            columns = {name: column for column, name in UNIT_COLUMNS.items()}
            for name, message in error.messages.items():
                line.report(columns.get(name), message)
            return None
        return PlannedUnit(key, unit_id, draft, opened, _changes(base, draft) if opened else ())

    def _agrees(self, line: Line, key: object, said: dict[str, object]) -> bool:
        """Two lines of one unit must not say different things of it."""
        columns = {name: column for column, name in UNIT_COLUMNS.items()}
        for name, value in said.items():
            earlier = self._said.setdefault((key, name), value)
            if earlier != value:
                label = columns[name].value
                line.report(columns[name], f"同一单位的{label}前面填的是“{_shown(earlier)}”，请改为一致。")
                return False
        return True

    def _may_rename(self, line: Line, base: UnitDraft, said: dict[str, object], unit_id: int | None) -> bool:
        """Names follow the sheet only while the full name is a draft; a former name never comes back."""
        given = str(said.get("full_name", base.full_name))
        plates = self._snapshot.plates.get(unit_id or 0, frozenset())
        if said.get("short_name") in plates:
            said.pop("short_name", None)
        if given == base.short_name or given in self._same_units or given in plates:
            said.pop("full_name", None)
        elif given != base.full_name and unit_id is not None and base.full_name_confirmed:
            if self._snapshot.names.find(given).unit_id != base.unit_id:
                line.report(
                    RosterField.UNIT_FULL_NAME,
                    f"与已确认的全称“{base.full_name}”不同：单位更名请在单位资料中办理，否则请改正表格。",
                )
                return False
            said.pop("full_name", None)
            said.pop("short_name", None)
        short = str(said.get("short_name", ""))
        former = unit_id is not None and self._snapshot.names.find(short).unit_id == base.unit_id
        if short != base.short_name and (short == base.full_name or short in self._same_units or former):
            said.pop("short_name", None)
        return True


_UNDECIDED = -1


@lru_cache(maxsize=1)
def _shipped_cores() -> frozenset[str]:
    units = read_shipped_units(paths.resource("units", paths.UNITS_NAME))
    return frozenset(core_of(name) for unit in units for name in (unit.full_name, unit.short_name))


def _name_column(line: Line) -> RosterField:
    """Return the column that names the unit in this line."""
    named = line.text(RosterField.UNIT_FULL_NAME)
    return RosterField.UNIT_FULL_NAME if named else RosterField.UNIT_SHORT_NAME


def _new_unit(line: Line, full: str, short: str) -> UnitDraft:
    category = line.text(RosterField.UNIT_CATEGORY)
    if not category:
        category = next((kind for ending, kind in _SURE_ENDINGS if full.endswith(ending)), "")
    if not category:
        category = UnitCategory.OTHER
        line.report(
            RosterField.UNIT_CATEGORY, "新单位没有填单位类别，暂记为“其他”，请以后核对。", blocking=False
        )
    return UnitDraft(full_name=full, short_name=short, category=category)


def _switches(line: Line) -> dict[str, object]:
    said: dict[str, object] = {}
    order = line.text(RosterField.UNIT_ORDER)
    if order.isdecimal() and len(order) <= _LONGEST_ORDER:
        said["sort_order"] = int(order)
    elif order:
        line.report(RosterField.UNIT_ORDER, "单位排序要填整数，最多 6 位。")
    confirmed = line.text(RosterField.UNIT_NAME_CONFIRMED)
    if confirmed:
        said["full_name_confirmed"] = confirmed == _YES
    return said


def _changes(before: UnitDraft, after: UnitDraft) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (column.value, _shown(getattr(before, name)), _shown(getattr(after, name)))
        for column, name in UNIT_COLUMNS.items()
        if getattr(before, name) != getattr(after, name)
    )


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return _YES if value else "否"
    return str(value)
