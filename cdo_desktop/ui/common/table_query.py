"""What a table asks of a service, and what the service offers it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Protocol, TypeVar, runtime_checkable

KeyT = TypeVar("KeyT")
_KeyT_co = TypeVar("_KeyT_co", covariant=True)
_RowT_co = TypeVar("_RowT_co", covariant=True)


@dataclass(frozen=True)
class TableQuery:
    """What the user asked a table for: the source answers it in its database.

    ``sort`` is a column key, or "" for the source's own order. ``filters`` maps a column key (or any name
    the tab and its source agree on, such as a group button) to the text wanted; blank ones are dropped.
    ``text`` searches all columns. ``extra`` sets what the table is about (an as-of date): it is kept when
    the filters are cleared, and the total is counted within it; its values must be hashable.
    """

    sort: str = ""
    descending: bool = False
    filters: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    extra: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        wanted = {key: text for key, text in sorted(self.filters.items()) if text.strip()}
        object.__setattr__(self, "filters", MappingProxyType(wanted))
        object.__setattr__(self, "extra", MappingProxyType(dict(self.extra)))
        if not self.sort:
            object.__setattr__(self, "descending", False)

    def __hash__(self) -> int:
        parts = (frozenset(self.filters.items()), frozenset(self.extra.items()))
        return hash((self.sort, self.descending, self.text, parts))

    @property
    def is_filtered(self) -> bool:
        """Whether rows may be left out: a filter or a search text is set."""
        return bool(self.filters or self.text.strip())

    def without_filters(self) -> "TableQuery":
        """Return the same query for all rows."""
        return replace(self, filters={}, text="")

    def with_filter(self, key: str, text: str) -> "TableQuery":
        """Return the query with one filter set, or removed by a blank text."""
        return replace(self, filters={**self.filters, key: text})

    def sorted_by(self, sort: str, descending: bool = False) -> "TableQuery":
        """Return the query with another order."""
        return replace(self, sort=sort, descending=descending)


class RowSource(Protocol[KeyT, _RowT_co]):
    """What a service offers a table: sorting and filtering happen in SQL, rows come as they are shown."""

    def keys(self, query: TableQuery) -> Sequence[KeyT]:
        """Return the keys of all rows that the query wants, in its order; equal rows in the natural order."""

    def rows(self, keys: Sequence[KeyT]) -> Mapping[KeyT, _RowT_co]:
        """Return the rows of these keys; a row that is gone is left out."""


@runtime_checkable
class HeadSource(Protocol[_KeyT_co]):
    """A source that knows its first rows at once, however many it has in all."""

    def head(self, query: TableQuery, count: int) -> Sequence[_KeyT_co]:
        """Return the keys that `keys` would begin with, ``count`` of them at the most."""
