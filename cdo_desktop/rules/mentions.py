"""Whether a note in free words means a person: “组织科 李四，电话”."""

import re
from dataclasses import dataclass
from typing import Final

from cdo_desktop.rules.text import clean_name, narrow

_SHORTEST_NAME: Final = 2  # a single character stands in too many words
_SHORTEST_NUMBER: Final = 7  # 12345 and extensions stand in others
_BETWEEN: Final = "[ \u2010-\u2015\u2212\u2500-]*"  # 139-8765 1234
_AREA_CODE: Final = re.compile(r"0\d{2,3}-")


@dataclass(frozen=True)
class Traces:
    """What gives a person away: the name, and the numbers that are nobody else's, in their stored form."""

    name: str
    numbers: tuple[str, ...] = ()

    def found_in(self, words: str) -> bool:
        """Tell whether a note means the person. A longer name that has theirs in it counts as theirs."""
        named = clean_name(words)
        if named == self.name or (len(self.name) >= _SHORTEST_NAME and self.name in named):
            return True
        return any(_has_number(narrow(words), number) for number in self.numbers)


def _has_number(words: str, number: str) -> bool:
    local = _AREA_CODE.sub("", number)
    if len(local) < _SHORTEST_NUMBER:
        return False
    digits = _BETWEEN.join(map(re.escape, local))
    return re.search(rf"(?<!\d)(?:(?:86|0\d{{2,3}}){_BETWEEN})?{digits}(?!\d)", words, re.ASCII) is not None
