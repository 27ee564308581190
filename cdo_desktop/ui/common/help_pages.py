"""The manual of resources/help: its pages, their parts, and what a search finds in them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from cdo_desktop.paths import resource
from cdo_desktop.rules.search_keys import find_in, search_words
from cdo_desktop.ui.common.finder_commands import command_keys

_HEADING = re.compile(r"^(##|###) +(.+?)\s*$", re.MULTILINE)


@dataclass(frozen=True)
class HelpPart:
    """A page, or a part of one with a heading of its own."""

    title: str
    page: int
    is_page: bool
    text: str  # as it is shown, in lower case, to search in

    def is_found_by(self, text: str) -> bool:
        """Whether every word is in the part, or its title is spelt so in pinyin or initials."""
        words = text.lower().split()
        if all(word in self.text for word in words):
            return True
        return find_in(search_words(text), (command_keys(self.title),)) is not None


@dataclass(frozen=True)
class Manual:
    """All pages as Markdown, with a table of contents."""

    pages: tuple[str, ...]
    parts: tuple[HelpPart, ...]

    def part(self, title: str) -> HelpPart:
        """Return the part with a title; without one the first page."""
        return next((part for part in self.parts if part.title == title), self.parts[0])

    def found(self, text: str) -> Sequence[HelpPart]:
        """Return the parts that a search finds; all of them for an empty text."""
        return [part for part in self.parts if not text.strip() or part.is_found_by(text)]


@lru_cache(maxsize=1)
def manual() -> Manual:
    """Read the manual that is shipped with the program."""
    return parse(resource("help", "manual.md").read_text(encoding="utf-8"))


def parse(text: str) -> Manual:
    """Cut a manual into pages at its headings of level two, and pages into parts at those of level three."""
    pages: list[str] = []
    parts: list[HelpPart] = []
    for level, title, body in _sections(text):
        if level == 2:
            pages.append("")
        pages[-1] += f"{'#' * level} {title}\n{body}"
        parts.append(HelpPart(title, len(pages) - 1, level == 2, f"{title}\n{_plain(body)}".lower()))
    return Manual(tuple(pages), tuple(parts))


def _sections(text: str) -> Iterator[tuple[int, str, str]]:
    headings = list(_HEADING.finditer(text))
    ends = [heading.start() for heading in headings[1:]] + [len(text)]
    for heading, end in zip(headings, ends, strict=True):
        yield len(heading[1]), heading[2], text[heading.end() : end]


def _plain(markdown: str) -> str:
    """Leave out pictures, the targets of links, and the signs of emphasis and tables."""
    without_pictures = re.sub(r"!\[[^\]]*\]\([^)]*\)", "", markdown)
    without_links = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", without_pictures)
    return re.sub(r"[*`|#]|^-+$", "", without_links)
