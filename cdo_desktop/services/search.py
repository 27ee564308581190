"""Ctrl+K: finds persons, units and posts by a part of a name, by pinyin and by initials.

What a text finds is said in `rules.search_keys`. A post is found by the names of its unit and of its kind
together: 罗店 专员.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection

from cdo_desktop.models import UNIT_ROWS
from cdo_desktop.rules.search_keys import Rank, find_in, is_found, match_expression, search_words, spoken_name
from cdo_desktop.rules.text import clean_text, mask_mobile
from cdo_desktop.rules.vocabulary import PostKind
from cdo_desktop.services.journal import Journal
from cdo_desktop.store import Database

MOST_COUNTED = 1000
"""So many hits of a kind are counted, and so many of a rank put in order: those registered first."""

POST_NAMES = {
    PostKind.DISTRICT_CDO: spoken_name(PostKind.DISTRICT_CDO, "qu shou xi shu ju guan"),
    PostKind.DISTRICT_SPECIALIST: spoken_name(PostKind.DISTRICT_SPECIALIST, "qu shou xi shu ju zhuan yuan"),
    PostKind.OFFICE_DIRECTOR: spoken_name(PostKind.OFFICE_DIRECTOR, "ban gong shi zhu ren"),
    PostKind.OFFICE_DEPUTY: spoken_name(PostKind.OFFICE_DEPUTY, "ban gong shi fu zhu ren"),
    PostKind.OFFICE_MEMBER: spoken_name(PostKind.OFFICE_MEMBER, "ban gong shi cheng yuan"),
    PostKind.CDO: spoken_name(PostKind.CDO, "shou xi shu ju guan"),
    PostKind.SPECIALIST: spoken_name(PostKind.SPECIALIST, "shu ju zhuan yuan"),
}


class HitKind(StrEnum):
    """What was found."""

    PERSON = "人员"
    UNIT = "单位"
    POST = "岗位"


@dataclass(frozen=True)
class SearchHit:
    """One line of the list. ``post_id`` is the post to show for it: the one held, or the unit's first."""

    kind: HitKind
    record_id: int
    title: str
    detail: str
    post_id: int | None


@dataclass(frozen=True)
class SearchResult:
    """The best hits of every kind, best first, and how many there are of each, counted to MOST_COUNTED."""

    hits: tuple[SearchHit, ...]
    totals: Mapping[HitKind, int]

    def of(self, kind: HitKind) -> tuple[SearchHit, ...]:
        """Return the hits of one kind."""
        return tuple(hit for hit in self.hits if hit.kind is kind)


class SearchService:
    """Answers while somebody types."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    def find(self, text: str, limit: int = 20) -> SearchResult:
        """Return at most ``limit`` hits of every kind, best first; nothing for a text without a word."""
        words = search_words(clean_text(text))
        if not words:
            return SearchResult((), dict.fromkeys(HitKind, 0))
        with self._database.read() as session:
            search = _Search(session.connection(), words, limit, self._journal.today)
            return SearchResult((*search.persons(), *search.units(), *search.posts()), search.totals())


_PERSON_ROWS = f"rowid < {UNIT_ROWS}"
_UNIT_ROWS = f"rowid >= {UNIT_ROWS}"
_MATCH = "SELECT rowid AS id FROM search WHERE search MATCH ? AND {rows} LIMIT " + str(MOST_COUNTED)
_FOUND_PERSONS = _MATCH.format(rows=_PERSON_ROWS)
_FOUND_UNITS = f"SELECT id - {UNIT_ROWS} AS id FROM ({_MATCH.format(rows=_UNIT_ROWS)})"
_FIRST_UNITS = f"SELECT id FROM units WHERE ? = '' ORDER BY sort_order, id LIMIT {MOST_COUNTED}"
_COUNT = "SELECT count(*) FROM ({found})"
_PERSONS = f"""
SELECT persons.id FROM ({_FOUND_PERSONS}) AS found JOIN persons ON persons.id = found.id
ORDER BY length(persons.name), persons.sort_key, persons.id LIMIT ?
"""
_UNITS = f"""
SELECT units.id FROM ({_FOUND_UNITS}) AS found JOIN units ON units.id = found.id
ORDER BY units.sort_order, units.id LIMIT ?
"""
_POSTS = """
FROM ({units}) AS found JOIN units ON units.id = found.id JOIN posts ON posts.unit_id = units.id
WHERE posts.kind IN ({kinds})
"""
_BEST_POSTS = "SELECT units.sort_order, units.id, posts.rank, posts.id {posts} ORDER BY 1, 2, 3 LIMIT ?"

# What is shown of the few that are; the lists of ids come as JSON, so that each statement is always the same.
_PERSON_LINES = """
SELECT persons.id, persons.name, units.short_name, posts.kind, posts.id, tenures.title,
       tenures.since <= ?2 AND (tenures.until IS NULL OR tenures.until > ?2)
FROM persons
LEFT JOIN tenures ON tenures.id = (
    SELECT held.id FROM tenures AS held WHERE held.person_id = persons.id
    ORDER BY held.since <= ?2 AND (held.until IS NULL OR held.until > ?2) DESC, held.since DESC LIMIT 1)
LEFT JOIN posts ON posts.id = tenures.post_id
LEFT JOIN units ON units.id = posts.unit_id
WHERE persons.id IN (SELECT value FROM json_each(?1))
"""
_UNIT_LINES = """
SELECT units.id, units.short_name, units.full_name,
       (SELECT posts.id FROM posts WHERE posts.unit_id = units.id ORDER BY posts.rank LIMIT 1)
FROM units WHERE units.id IN (SELECT value FROM json_each(?))
"""
_POST_LINES = """
SELECT posts.id, units.short_name, posts.kind, persons.name, persons.office_phone, persons.mobile
FROM posts JOIN units ON units.id = posts.unit_id
LEFT JOIN tenures ON tenures.post_id = posts.id
    AND tenures.since <= ?2 AND (tenures.until IS NULL OR tenures.until > ?2)
LEFT JOIN persons ON persons.id = tenures.person_id
WHERE posts.id IN (SELECT value FROM json_each(?1)) ORDER BY tenures.since DESC, tenures.id
"""


@dataclass(frozen=True)
class _PostGroup:
    """Posts whose kind leaves the same words for the name of the unit to hold."""

    words: tuple[str, ...]  # what the unit's name must hold
    kinds: tuple[str, ...]
    begins: bool  # the first word begins the name of the kind

    @property
    def posts(self) -> str:
        """The FROM and WHERE of its posts; one value: the expression."""
        units = _FOUND_UNITS if self.words else _FIRST_UNITS
        return _POSTS.format(units=units, kinds=", ".join(f"'{kind}'" for kind in self.kinds))

    def expression(self, words: Sequence[str], rank: Rank) -> str | None:
        """Return what finds its units so well or better; None when none of them is found so well."""
        if not self.words:
            return "" if self.begins or rank is Rank.PART else None
        if rank is Rank.PART or self.begins:
            return match_expression(self.words, Rank.PART)
        return match_expression(self.words, rank) if self.words[0] == words[0] else None


def _post_groups(words: Sequence[str]) -> list[_PostGroup]:
    groups: dict[tuple[tuple[str, ...], bool], list[str]] = {}
    for kind, name in POST_NAMES.items():
        rest = tuple(word for word in words if not is_found(word, (name,)))
        begins = find_in(words[:1], (name,)) in (Rank.EXACT, Rank.START)
        groups.setdefault((rest, begins), []).append(kind)
    return [_PostGroup(rest, tuple(kinds), begins) for (rest, begins), kinds in groups.items()]


class _Search:
    """One text looked up in one state of the database."""

    def __init__(self, connection: Connection, words: Sequence[str], limit: int, day: date) -> None:
        self._connection = connection
        self._words = words
        self._limit = limit
        self._day = day.isoformat()
        self._groups = _post_groups(words)

    def _rows(self, statement: str, *values: object) -> Sequence[Any]:
        return self._connection.exec_driver_sql(statement, values).all()

    def totals(self) -> dict[HitKind, int]:
        """Count the hits of every kind, to MOST_COUNTED."""
        every = match_expression(self._words, Rank.PART)
        posts = 0
        for group in self._groups:
            found = f"SELECT 1 {group.posts} LIMIT {MOST_COUNTED - posts}"
            posts += self._rows(_COUNT.format(found=found), group.expression(self._words, Rank.PART))[0][0]
        return {
            HitKind.PERSON: self._rows(_COUNT.format(found=_FOUND_PERSONS), every)[0][0],
            HitKind.UNIT: self._rows(_COUNT.format(found=_FOUND_UNITS), every)[0][0],
            HitKind.POST: posts,
        }

    def persons(self) -> Iterator[SearchHit]:
        """Yield the best persons, each with the post held now or last."""
        ids = self._best(lambda rank, wanted: self._found(_PERSONS, rank, wanted))
        lines = self._lines(_PERSON_LINES, ids, self._day)
        for person_id, name, unit, kind, post_id, title, present in lines:
            place = f"{unit} {kind}" if kind else "没有任职记录"
            detail = place if present or not kind else f"曾任 {place}"
            yield SearchHit(HitKind.PERSON, person_id, name, _joined(detail, title), post_id)

    def units(self) -> Iterator[SearchHit]:
        """Yield the best units."""
        ids = self._best(lambda rank, wanted: self._found(_UNITS, rank, wanted))
        for unit_id, short_name, full_name, post_id in self._lines(_UNIT_LINES, ids):
            yield SearchHit(HitKind.UNIT, unit_id, short_name, full_name, post_id)

    def posts(self) -> Iterator[SearchHit]:
        """Yield the best posts, each with its holder and how to reach them."""
        ids = self._best(self._found_posts)
        for post_id, unit, kind, name, phone, mobile in self._lines(_POST_LINES, ids, self._day):
            detail = _joined(name, phone or mask_mobile(mobile)) if name else "空缺"
            yield SearchHit(HitKind.POST, post_id, f"{unit} {kind}", detail, post_id)

    def _best(self, found: Callable[[Rank, int], Iterable[int]]) -> list[int]:
        """Return ids best first: exact ones, then beginnings, then parts."""
        ids: dict[int, None] = {}
        for rank in Rank:
            if len(ids) < self._limit:
                ids.update(dict.fromkeys(found(rank, self._limit + len(ids))))
        return list(ids)[: self._limit]

    def _found(self, statement: str, rank: Rank, wanted: int) -> list[int]:
        if rank is Rank.EXACT and len(self._words) > 1:
            return []
        return [row[0] for row in self._rows(statement, match_expression(self._words, rank), wanted)]

    def _found_posts(self, rank: Rank, wanted: int) -> list[int]:
        if rank is Rank.EXACT:
            return []  # no text is the whole name of a unit and of a kind
        found: list[Any] = []
        for group in self._groups:
            expression = group.expression(self._words, rank)
            if expression is not None:
                found += self._rows(_BEST_POSTS.format(posts=group.posts), expression, wanted)
        return [row[3] for row in sorted(map(tuple, found))[:wanted]]

    def _lines(self, statement: str, ids: Sequence[int], *values: object) -> Iterator[Any]:
        """Return what is shown of some ids, in their order; of a team the member who came first."""
        lines = {row[0]: row for row in self._rows(statement, json.dumps(ids), *values)} if ids else {}
        return (lines[row_id] for row_id in ids)


def _joined(*parts: str) -> str:
    return "，".join(part for part in parts if part)
