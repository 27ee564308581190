"""Finding a unit by the name a paper gives: full, short or former name, else a near miss to decide.

A near miss is never taken for the unit (design.md §7 「Unit matching」).
"""

from collections.abc import Iterable
from dataclasses import dataclass

_PREFIXES = ("上海市宝山区", "上海市", "宝山区人民政府", "宝山区", "中共宝山区委", "区委", "区")
_SUFFIXES = (("人民政府", ""), ("街道办事处", "街道"), ("委员会", "委"), ("办公室", "办"))
_NEAR_LENGTH = 4  # 水务局 and 税务局 differ in one character and are two units
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
    for prefix in _PREFIXES:
        if core.startswith(prefix) and len(core) > len(prefix) + 1:
            core = core[len(prefix) :]
            break
    for long, short in _SUFFIXES:
        if core.endswith(long) and len(core) > len(long):
            core = core[: -len(long)] + short
            break
    return core


def is_near(one: str, other: str) -> bool:
    """Tell whether two cores may be the same unit written differently."""
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    if len(short) >= 2 and short in long:
        return len(short) / len(long) >= _NEAR_SHARE
    return len(short) >= _NEAR_LENGTH and _one_edit_apart(short, long)


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
