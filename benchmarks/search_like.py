"""The same search by LIKE over the same rows: one entry a person and a unit, posts by a join."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cdo_desktop.rules.search_keys import NameKeys, Rank, find_in, is_found
from cdo_desktop.rules.vocabulary import PostKind
from cdo_desktop.services.search import MOST_COUNTED, POST_NAMES


@dataclass(frozen=True)
class Entry:
    """A person or a unit with its names; ``order`` is its place among hits of the same rank."""

    record_id: int
    names: tuple[NameKeys, ...]
    order: tuple[object, ...]


class LikeSearch:
    """Ranked LIKE with a count, for persons, units and posts."""

    def __init__(
        self, persons: Iterable[Entry], units: Iterable[Entry], posts: Iterable[tuple[int, int, str]]
    ) -> None:
        """``posts`` are id, unit id and kind."""
        self._connection = sqlite3.connect(":memory:")
        for table, entries in (("persons", persons), ("units", units)):
            self._connection.execute(
                f"CREATE TABLE {table} (id INTEGER PRIMARY KEY, text, whole, spelt, first, second)"
            )
            self._connection.executemany(
                f"INSERT INTO {table} VALUES (?, ?, ?, ?, ?, ?)", (_columns(entry) for entry in entries)
            )
        self._connection.execute("CREATE TABLE posts (id INTEGER PRIMARY KEY, unit_id INTEGER, kind TEXT)")
        self._connection.executemany("INSERT INTO posts VALUES (?, ?, ?)", posts)
        self._connection.execute("CREATE INDEX posts_of_unit ON posts (unit_id, kind)")

    def find(self, words: Sequence[str], limit: int) -> list[tuple[list[int], int]]:
        """Return ids, best first, and the count of persons, units and posts."""
        return [
            self._entries("persons", words, limit),
            self._entries("units", words, limit),
            self._posts(words, limit),
        ]

    def _entries(self, table: str, words: Sequence[str], limit: int) -> tuple[list[int], int]:
        order = f"ORDER BY {_rank(words)}, first, second, id LIMIT {limit}"
        found = f"SELECT id, count(*) OVER () FROM {table} WHERE {_where(words)} {order}"
        rows = self._connection.execute(found).fetchall()
        return [row[0] for row in rows], min(rows[0][1], MOST_COUNTED) if rows else 0

    def _posts(self, words: Sequence[str], limit: int) -> tuple[list[int], int]:
        """One scan of the units for all kinds of posts that leave the same words for the unit's name."""
        groups: dict[tuple[tuple[str, ...], bool], list[PostKind]] = {}
        for kind, name in POST_NAMES.items():
            rest = tuple(word for word in words if not is_found(word, (name,)))
            begins = find_in(words[:1], (name,)) in (Rank.EXACT, Rank.START)
            groups.setdefault((rest, begins), []).append(kind)
        found: list[tuple[int, ...]] = []
        total = 0
        for (rest, begins), kinds in groups.items():
            rank = "1" if begins else f"max(1, {_rank(rest)})" if rest[:1] == words[:1] else "2"
            places = " ".join(f"WHEN '{kind}' THEN {tuple(PostKind).index(kind)}" for kind in kinds)
            rows = self._connection.execute(f"""
                WITH found AS MATERIALIZED (SELECT id, first, {rank} AS rank FROM units WHERE {_where(rest)})
                SELECT rank, first, found.id, CASE kind {places} END AS place, posts.id, count(*) OVER ()
                FROM found CROSS JOIN posts ON posts.unit_id = found.id
                WHERE place IS NOT NULL ORDER BY 1, 2, 3, 4 LIMIT {limit}
            """).fetchall()
            found += rows
            total += rows[0][5] if rows else 0
        return [row[4] for row in sorted(found)[:limit]], min(total, MOST_COUNTED)


def _columns(entry: Entry) -> tuple[object, ...]:
    names = entry.names
    whole = " ".join(key for name in names for key in name.wholes)
    spelt = " ".join(key for name in names for key in (*name.wholes, *name.inner))
    text = " ".join(name.text for name in names)
    return entry.record_id, text, f" {whole} ", f" {spelt} ", *entry.order


def _where(words: Sequence[str]) -> str:
    found = (f"spelt LIKE '% {word}%'" if word[0] < "\u0250" else f"text LIKE '%{word}%'" for word in words)
    return " AND ".join(found) or "1"


def _rank(words: Sequence[str]) -> str:
    exact = f"WHEN whole LIKE '% {words[0]} %' THEN 0" if len(words) == 1 else ""
    return f"CASE {exact} WHEN whole LIKE '% {words[0]}%' THEN 1 ELSE 2 END"
