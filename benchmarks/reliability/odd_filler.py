"""Papers with odd texts: what fills them, and what must be read on each."""

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar

from benchmarks.reliability.odd_words import OddTexts

DAY = date(2026, 11, 24)

# Characters that the services take; what has none of its own gets the 5,000 of R26.
NAME, UNIT, BODY, OPERATOR, TITLE, NUMBER, ANY = 50, 100, 50, 20, 200, 60, 5000

Made = TypeVar("Made")


@dataclass(frozen=True)
class Area:
    """Where a paper's text stands; page numbers are below ``above``."""

    left: float
    right: float
    bottom: float
    top: float
    above: float


@dataclass(frozen=True)
class OddPaper:
    """One paper as it was drawn; ``cut`` are the words that end a text which found no place."""

    content: bytes
    texts: Mapping[str, str]
    problems: tuple[str, ...]
    area: Area
    cut: str = "…（过长）"
    cut_is_named: bool = False  # among the problems as well
    after_others: frozenset[str] = frozenset()  # texts in one place with others: nothing may be left of them


class Filler:
    """Fills dataclasses with odd texts and keeps what must be read."""

    def __init__(self, odd: OddTexts) -> None:
        self.odd = odd
        self.texts: dict[str, str] = {}

    def fill(
        self,
        make: Callable[..., Made],
        lengths: Mapping[str, int],
        /,
        unseen: Sequence[str] = (),
        **fixed: Any,
    ) -> Made:
        """Return one with a text in every field named; ``unseen`` fields are not on the paper."""
        made = {name: self.odd.text(longest) for name, longest in lengths.items()}
        count = len(self.texts)
        self.texts |= {f"{name} {count}": text for name, text in made.items() if name not in unseen}
        return make(**made, **fixed)

    def day(self) -> date | None:
        """Return a day, or none."""
        return DAY - timedelta(days=self.odd.number(400)) if self.odd.happens(0.8) else None


def drawn(write: Callable[[io.BytesIO], object]) -> bytes:
    """Return the PDF that a writer makes."""
    target = io.BytesIO()
    write(target)
    return target.getvalue()
