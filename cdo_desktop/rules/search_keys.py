"""What a search finds: names by a part of their characters, or by pinyin and initials from any syllable on.

The meaning, stated once. A text is cut into words: at blanks, at punctuation, between Chinese and Latin. A
record is found when every word is found in one of its names. A word of Chinese characters is found where a
name has them in a row. A word of letters and digits is found where a name is spelt so from the beginning of
some syllable on, in full (zhangsan, san) or by initials (zs, s); in a Latin word every letter counts as a
syllable. Case, and dots and blanks inside a name, do not matter.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property, lru_cache

from cdo_desktop.rules.pinyin import PinyinKeys

LONGEST_TEXT = 60  # characters of a search text that count
_LETTERS = "a-z0-9\u00df-\u024f"
# Characters that this Python's tables do not know yet are Chinese ones of a newer standard.
_WORDS = re.compile(f"[{_LETTERS}]+|(?:[^\\W_{_LETTERS}]|[\U00020000-\U0003ffff])+")
_SPOKEN = re.compile(r"(.+)\d.", re.DOTALL)  # zhang1张
_GAP = "\u00a6"  # a token between two names of one record; no word holds it


class Rank(IntEnum):
    """How well a record is found; smaller is better."""

    EXACT = 0  # the text is the whole name, its pinyin or its initials
    START = 1  # a name, its pinyin or its initials begin with the first word
    PART = 2


@dataclass(frozen=True)
class NameKeys:
    """One name of a record as it is searched: letters, digits and characters alone, in lower case."""

    text: str
    syllables: tuple[str, ...]
    initials: str

    @cached_property
    def wholes(self) -> tuple[str, ...]:
        """The name as it is written, spelt in full and by its initials."""
        return self.text, "".join(self.syllables), self.initials

    @cached_property
    def inner(self) -> tuple[str, ...]:
        """Its spellings from the second syllable on, then from the third, and so on."""
        full = ("".join(self.syllables[start:]) for start in range(1, len(self.syllables)))
        return (*full, *(self.initials[start:] for start in range(1, len(self.initials))))


def name_keys(name: str, keys: PinyinKeys) -> NameKeys:
    """Return what a name is searched by; ``keys`` are the pinyin of that name."""
    return NameKeys(
        "".join(_words(name)), tuple(map(_syllable, keys.sort_key.split())), _folded(keys.initials)
    )


@lru_cache(maxsize=1 << 14)
def _syllable(token: str) -> str:
    """Return how one token of a sort key is spelt: the same few thousand characters make all names."""
    spoken = _SPOKEN.fullmatch(token)
    return _folded(spoken[1] if spoken else token)


def spoken_name(name: str, syllables: str) -> NameKeys:
    """Return the keys of a fixed word of the program; its syllables are given, divided by blanks."""
    spoken = tuple(syllables.split())
    return NameKeys("".join(_words(name)), spoken, "".join(syllable[0] for syllable in spoken))


def search_words(text: str) -> tuple[str, ...]:
    """Cut a typed text into its words."""
    return tuple(_words(text[:LONGEST_TEXT]))


def find_in(words: Sequence[str], names: Sequence[NameKeys]) -> Rank | None:
    """Return how well the words are found in the names of one record, or None."""
    if not words or not all(is_found(word, names) for word in words):
        return None
    wholes = [whole for name in names for whole in name.wholes]
    if len(words) == 1 and words[0] in wholes:
        return Rank.EXACT
    return Rank.START if any(whole.startswith(words[0]) for whole in wholes) else Rank.PART


def is_found(word: str, names: Iterable[NameKeys]) -> bool:
    """Tell whether one word is found in one of the names."""
    if _is_spelling(word):
        return any(key.startswith(word) for name in names for key in (*name.wholes, *name.inner))
    return any(word in name.text for name in names)


# The same meaning for FTS5: three columns of tokens divided by blanks.


def index_columns(names: Iterable[NameKeys]) -> tuple[str, str, str]:
    """Return the columns ``whole``, ``inner`` and ``characters`` of a record in the full-text index."""
    names = tuple(names)
    whole = " ".join(key for name in names for key in name.wholes if key)
    inner = " ".join(key for name in names for key in name.inner)
    characters = f" {_GAP} ".join(" ".join(_characters(name.text)) for name in names)
    return whole, inner, characters


def match_expression(words: Sequence[str], rank: Rank) -> str:
    """Return the FTS5 expression for records that are found this well or better."""
    first = {
        Rank.EXACT: lambda word: f'whole : "{word}"',
        Rank.START: lambda word: f'whole : "{word}" *',
        Rank.PART: _anywhere,
    }[rank](words[0])
    return " AND ".join((first, *map(_anywhere, words[1:])))


def _anywhere(word: str) -> str:
    return f'"{word}" *' if _is_spelling(word) else f'"{" ".join(word)}"'


def _characters(text: str) -> Iterable[str]:
    """Cut a name into single characters and the letters between them."""
    for word in _WORDS.findall(text):
        yield from (word,) if _is_spelling(word) else word


def _is_spelling(word: str) -> bool:
    return word[0] < "\u0250"


def _words(text: str) -> list[str]:
    return _WORDS.findall(_folded(text))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower().replace("ü", "v")
