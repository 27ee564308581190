"""Persons, units and posts as lines of Ctrl+K."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from cdo_desktop.ui.common.finder import FinderGroup, FinderLine

if TYPE_CHECKING:
    from cdo_desktop.services.search import SearchHit, SearchService


class RecordProvider:
    """Asks the search service and opens what is chosen."""

    def __init__(self, service: "SearchService", open_hit: Callable[["SearchHit"], object]) -> None:
        self._service = service
        self._open_hit = open_hit

    def find(self, text: str, limit: int) -> Sequence[FinderGroup]:
        """Return the persons, units and posts found; nothing for an empty text."""
        from cdo_desktop.services.search import MOST_COUNTED, HitKind  # brings SQLAlchemy

        result = self._service.find(text, limit)
        groups = ((kind, tuple(self._line(hit) for hit in result.of(kind))) for kind in HitKind)
        return tuple(
            FinderGroup(str(kind), lines, result.totals[kind], more=result.totals[kind] >= MOST_COUNTED)
            for kind, lines in groups
            if lines
        )

    def _line(self, hit: "SearchHit") -> FinderLine:
        return FinderLine(hit.title, hit.detail, lambda: self._open_hit(hit))
