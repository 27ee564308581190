"""Finding a unit by the name a paper gives: full, short or former name, else a near miss to decide.

A near miss is never taken for the unit (design.md §7 「Unit matching」).
"""

from collections.abc import Iterable
from dataclasses import dataclass

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
_NEAR_LENGTH = 4  # 水务局 and 税务局 differ in one character and are two units
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
        self._exact: dict[str, set[int]] = {}
        self._cores: dict[str, set[int]] = {}
        for known in names:
            self._exact.setdefault(_key(known.name), set()).add(known.unit_id)
            self._cores.setdefault(core_of(known.name), set()).add(known.unit_id)

    def find(self, name: str) -> UnitMatch:
        """Look one name up; blanks and the width of brackets do not matter."""
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
    return len(short) >= _NEAR_LENGTH and _one_edit_apart(short, long)


def _abbreviates(short: str, long: str) -> bool:
    """Tell whether a name takes some characters of another in their order: 发改委 of 发展改革委."""
    if len(short) < _ABBREVIATION_LENGTH or len(short) == len(long):
        return False
    if long.startswith(short) or long.rstrip("）").endswith(short):
        return True
    rest = iter(long)
    return (short[0], short[-1]) == (long[0], long[-1]) and all(character in rest for character in short)


def _one_edit_apart(short: str, long: str) -> bool:
    if len(long) - len(short) > 1:
        return False
    start = 0
    while start < len(short) and short[start] == long[start]:
        start += 1
    skip = 1 if len(short) == len(long) else 0
    return short[start + skip :] == long[start + 1 :]


def _key(name: str) -> str:
    return "".join(name.split()).replace("(", "（").replace(")", "）")
