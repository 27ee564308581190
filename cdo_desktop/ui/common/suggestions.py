"""Suggestions from words that are in use already, found by Chinese, pinyin and initials."""

from collections.abc import Callable, Sequence

from cdo_desktop.errors import AppError
from cdo_desktop.rules.search_keys import find_in, search_words
from cdo_desktop.ui.common.finder_commands import command_keys
from cdo_desktop.ui.common.suggestion_list import Suggest

MOST = 8


def suggest_from(values: Callable[[], Sequence[str]]) -> Suggest:
    """Return what a COMPLETER asks; ``values`` is called once, when the first letter is typed.

    Values that are as well found keep their order. Without suggestions a field works as before, so that
    values which cannot be read are none.
    """
    known: list[Sequence[str]] = []

    def suggest(text: str) -> Sequence[str]:
        if not known:
            known.append(_readable(values))
        words = search_words(text)
        ranks = [(find_in(words, (command_keys(value),)), value) for value in known[0]]
        found = [(rank, value) for rank, value in ranks if rank is not None]
        best = [value for _rank, value in sorted(found, key=lambda pair: pair[0])[:MOST]]
        return [] if best == [text.strip()] else best

    return suggest


def _readable(values: Callable[[], Sequence[str]]) -> Sequence[str]:
    try:
        return values()
    except AppError:
        return ()
