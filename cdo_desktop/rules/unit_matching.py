"""Finding a unit by the name a paper gives: full, short or former name, else a near miss to decide.

A near miss is never taken for the unit (design.md §7 「Unit matching」).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

# What only says which district's unit it is; longer ones before the ones they begin with.
_PREFIXES = (
    "中共上海市宝山区委",
    "中共宝山区委",
    "上海市宝山区",
    "上海市",
    "上海",
    "宝山区委",
    "宝山区",
    "宝山",
    "区人民政府",
    "人民政府",
    "区委",
    "区",
)
_SUFFIXES = (("人民政府", ""), ("街道办事处", "街道"), ("委员会", "委"), ("办公室", "办"))
_NEAR_LENGTH = 3  # 水务局 may be a mistyped 税务局: asked about; 科委 and 经委 are too short to tell
_NUMERALS = frozenset("0123456789一二三四五六七八九十")  # 第三中心 is not a mistyped 第二中心
_ABBREVIATION_LENGTH = 3  # 卫健委 for 卫生健康委
_NEAR_SHARE = 0.6  # how much of the longer name the shorter one must fill


@dataclass(frozen=True)
class KnownName:
    """One name a unit has or had."""

    unit_id: int
    name: str


@dataclass(frozen=True)
class UnitMatch:
    """``unit_id`` is set for a sure match; ``near`` holds the units that look alike."""

    unit_id: int | None
    near: tuple[int, ...] = ()
    ambiguous: bool = False  # the very same name belongs to several units


class UnitNames:
    """An index over every name of every unit."""

    def __init__(self, names: Iterable[KnownName]) -> None:
        self._names = tuple(names)
        self._exact: dict[str, set[int]] = {}
        self._found: dict[str, UnitMatch] = {}
        for known in self._names:
            self._exact.setdefault(_key(known.name), set()).add(known.unit_id)

    @cached_property
    def _cores(self) -> dict[str, set[int]]:
        """The units by the cores of their names; made when a name is not known."""
        cores: dict[str, set[int]] = {}
        for known in self._names:
            cores.setdefault(core_of(known.name), set()).add(known.unit_id)
        return cores

    def sure(self, name: str) -> int | None:
        """Return the one unit that has or had exactly this name; quicker than `find` where none has."""
        exact = self._exact.get(_key(name), set())
        return next(iter(exact)) if len(exact) == 1 else None

    def find(self, name: str) -> UnitMatch:
        """Look one name up; blanks and the width of brackets do not matter."""
        found = self._found.get(name)
        if found is None:
            found = self._found[name] = self._find(name)
        return found

    def _find(self, name: str) -> UnitMatch:
        exact = self._exact.get(_key(name), set())
        if len(exact) == 1:
            return UnitMatch(next(iter(exact)))
        if exact:
            return UnitMatch(None, tuple(sorted(exact)), ambiguous=True)
        return UnitMatch(None, tuple(sorted(self._near(core_of(name)))))

    def _near(self, core: str) -> set[int]:
        same = self._cores.get(core)
        if same:
            return set(same)
        return {unit for known, units in self._cores.items() if is_near(core, known) for unit in units}


class NewNames:
    """The names of one sheet that the register does not have, to find two that differ in one letter."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}  # by core
        self._patterns: dict[str, set[str]] = {}  # a core with one letter left open, or left out → cores

    def add(self, name: str) -> None:
        """Remember a name; the first one with its core counts."""
        core = core_of(name)
        if core in self._names:
            return
        self._names[core] = name
        for pattern in _patterns(core):
            self._patterns.setdefault(pattern, set()).add(core)

    def similar(self, name: str) -> str | None:
        """Return an earlier name that is one letter away, without comparing with every one."""
        core = core_of(name)
        met = {other for pattern in _patterns(core) for other in self._patterns.get(pattern, ())}
        found = (
            self._names[other] for other in sorted(met) if other != core and _is_misspelling(core, other)
        )
        return next(found, None)

    def same(self, name: str) -> str | None:
        """Return the earlier name with the same core."""
        return self._names.get(core_of(name))


@lru_cache(maxsize=4096)
def core_of(name: str) -> str:
    """Return a name without the district, and with the usual long endings shortened."""
    core = _key(name)
    for long, short in _SUFFIXES:
        if core.endswith(long) and len(core) > len(long):
            core = core[: -len(long)] + short
            break
    while prefix := next((p for p in _PREFIXES if core.startswith(p) and len(core) > len(p) + 1), ""):
        core = core[len(prefix) :]
    return core


def is_near(one: str, other: str) -> bool:
    """Tell whether two cores may be the same unit written differently."""
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    if len(short) >= 2 and short in long and len(short) / len(long) >= _NEAR_SHARE:
        return True
    if _abbreviates(short, long):
        return True
    return _is_misspelling(one, other)


def _is_misspelling(one: str, other: str) -> bool:
    """Tell whether two cores differ in one letter, which is no numeral."""
    short, long = sorted((one, other), key=len)
    if len(short) < _NEAR_LENGTH or len(long) - len(short) > 1:
        return False
    start = 0
    while start < len(short) and short[start] == long[start]:
        start += 1
    same_length = len(short) == len(long)
    if short[start + same_length :] != long[start + 1 :]:
        return False
    return not (same_length and start < len(short) and {short[start], long[start]} <= _NUMERALS)


@lru_cache(maxsize=64)
def _patterns(core: str) -> tuple[str, ...]:
    """Return what two cores share that are one letter apart: letters left open, left out, or the whole."""
    around = [(core[:place], core[place + 1 :]) for place in range(len(core))]
    return (core, *(f"{left}?{right}" for left, right in around), *(left + right for left, right in around))


def _abbreviates(short: str, long: str) -> bool:
    """Tell whether a name takes some characters of another in their order: 发改委 of 发展改革委."""
    if len(short) < _ABBREVIATION_LENGTH or len(short) == len(long):
        return False
    if long.startswith(short) or long.rstrip("）").endswith(short):
        return True
    rest = iter(long)
    return (short[0], short[-1]) == (long[0], long[-1]) and all(character in rest for character in short)


def _key(name: str) -> str:
    return "".join(name.split()).replace("(", "（").replace(")", "）")
