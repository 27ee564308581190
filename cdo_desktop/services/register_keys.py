"""The keys of a whole register in little room: two whole numbers a row, side by side."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import TypeAlias, overload

RowKey: TypeAlias = tuple[int, int]  # post id, tenure id (0: empty)
_SMALL, _ANY = "I", "q"  # an array's numbers of 4 bytes, and of the 8 that SQLite may give
_ROWS_AT_ONCE = 64


class RowKeys(Sequence[RowKey]):
    """The keys of rows in their order; 100,000 tuples would take ten times the memory."""

    __slots__ = ("_numbers",)

    def __init__(self, rows: Iterable[Sequence[int]] = ()) -> None:
        self._numbers = array(_SMALL)
        rest = iter(rows)
        while some := list(islice(rest, _ROWS_AT_ONCE)):
            try:
                more = array(self._numbers.typecode, chain.from_iterable(some))
            except OverflowError:
                self._numbers = array(_ANY, self._numbers)
                more = array(_ANY, chain.from_iterable(some))
            self._numbers.extend(more)

    def __len__(self) -> int:
        return len(self._numbers) // 2

    @overload
    def __getitem__(self, place: int) -> RowKey: ...
    @overload
    def __getitem__(self, place: slice) -> list[RowKey]: ...
    def __getitem__(self, place: int | slice) -> RowKey | list[RowKey]:
        if isinstance(place, slice):
            return [self._key(number) for number in range(*place.indices(len(self)))]
        return self._key(range(len(self))[place])

    def __iter__(self) -> Iterator[RowKey]:
        return zip(self._numbers[::2], self._numbers[1::2], strict=True)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    def index(self, key: object, start: int = 0, stop: int | None = None) -> int:
        """Return the place of a key; raises ValueError."""
        return list(self).index(key, start, len(self) if stop is None else stop)  # type: ignore[arg-type]

    def _key(self, number: int) -> RowKey:
        return self._numbers[2 * number], self._numbers[2 * number + 1]
