"""Which 备案编号 are taken, by the register and by the earlier lines of a sheet, however they are written."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property

from cdo_desktop.rules.number_pattern import number_key


@dataclass(frozen=True)
class NumberClash:
    """What to say of a number that stands elsewhere too; of another series it may be another number."""

    message: str
    is_same: bool


@dataclass(frozen=True)
class _Owner:
    number: str
    filing_id: int | None
    row: int | None  # None: in the register

    def is_of(self, filing_id: int | None) -> bool:
        return filing_id is not None and self.filing_id == filing_id


class TakenNumbers:
    """Remembers whose number is whose, line after line."""

    def __init__(self, stored: Mapping[str, int]) -> None:
        self._given = stored
        self._sheet: dict[Hashable, _Owner] = {}

    @cached_property
    def _stored(self) -> dict[Hashable, _Owner]:
        owners: dict[Hashable, _Owner] = {}
        for number, filing_id in self._given.items():
            _add(owners, _Owner(number, filing_id, None))
        return owners

    def take(self, number: str, filing_id: int | None, row: int) -> NumberClash | None:
        """Claim a number for the filing of a line; return what it meets."""
        owners = (owners.get(key) for key in _keys(number) for owners in (self._sheet, self._stored))
        met = next((one for one in owners if one is not None and not one.is_of(filing_id)), None)
        _add(self._sheet, _Owner(number, filing_id, row))
        return None if met is None else _clash(number, met)


def _keys(number: str) -> list[Hashable]:
    """Return the number itself, then its place in the year, which another series may have as well."""
    year, places, words = number_key(number)
    return [(year, places, words), *([(year, places)] if year is not None and places else [])]


def _add(owners: dict[Hashable, _Owner], owner: _Owner) -> None:
    for key in _keys(owner.number):
        owners.setdefault(key, owner)


def _clash(number: str, owner: _Owner) -> NumberClash:
    start = f"备案编号“{number}”"
    place = "名册中" if owner.row is None else f"第 {owner.row} 行"
    if number_key(number) != number_key(owner.number):
        told = f"{start}与{place}的“{owner.number}”年份、序号相同，请核对是不是同一个编号。"
        return NumberClash(told, is_same=False)
    if owner.row is None:
        written = "" if owner.number == number else f"（写作“{owner.number}”）"
        return NumberClash(f"{start}名册中已经用过{written}，编号不能重复，请核对。", is_same=True)
    if owner.number == number:
        return NumberClash(f"{start}与{place}相同，编号不能重复，请核对。", is_same=True)
    return NumberClash(f"{start}与{place}的“{owner.number}”是同一个编号，不能重复，请核对。", is_same=True)
