"""操作记录: the whole history as a table, searched and sorted in SQL, and as a workbook."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final, TypeAlias

from cdo_desktop.documents.excel.listing import MOST_LINES, ListColumn, ListSheet, write_listing
from cdo_desktop.errors import InvalidInputError
from cdo_desktop.services.history import ENTITY_WORDS, change_details, entity_word, keys_labelled
from cdo_desktop.services.journal import EXPORTED, EXPORTS, Journal, Value, note
from cdo_desktop.services.register_sql import searched_text
from cdo_desktop.store import Database

Progress: TypeAlias = Callable[[int, int], None]  # done, of how many; raises CancelledError to stop

_PAGE: Final = 2_000  # rows read at a time for an export
_LONGEST_SUMMARY: Final = 300  # characters of a line's content in the table
_FROM: Final = (
    "FROM history LEFT JOIN units ON units.id = history.unit_id"
    " LEFT JOIN persons ON persons.id = history.person_id"
)
_ROWS: Final = (
    "SELECT history.id, history.at, history.actor, history.action, history.entity, units.short_name,"
    f" persons.name, history.before_values, history.after_values {_FROM}"
    " WHERE history.id IN (SELECT value FROM json_each(?))"
)
# Looked up once in their own table, not once a line.
_UNIT: Final = "history.unit_id IN (SELECT id FROM units WHERE {})"
_PERSON: Final = "history.person_id IN (SELECT id FROM persons WHERE {})"
_VALUES: Final = ("history.before_values", "history.after_values")
_WORD_OF_ENTITY: Final = (
    "CASE history.entity "
    + " ".join(f"WHEN '{entity}' THEN '{word}'" for entity, word in ENTITY_WORDS.items())
    + " ELSE history.entity END"
)
_COLUMNS: Final[Mapping[str, str]] = {
    "number": "history.id",
    "at": "history.at",
    "actor": "history.actor",
    "action": "history.action",
    "entity": _WORD_OF_ENTITY,
}
_RECORDS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "unit": (_UNIT, ("short_name", "full_name", "pinyin", "initials")),
    "person": (_PERSON, ("name", "pinyin", "initials")),
}
_LIKE_JSON: Final = re.compile('[a-z_{}":,]+')  # may be found in the names of fields, which nobody sees
_IN_VALUES: Final = (
    "(instr({column}, {word}) AND EXISTS"
    " (SELECT 1 FROM json_each({column}) WHERE type = 'text' AND instr(value, {word})))"
)
CONTENT: Final = "content"
_SORTS: Final[Mapping[str, str]] = {**_COLUMNS, "unit": "units.pinyin", "person": "persons.sort_key"}


@dataclass(frozen=True)
class TrailQuery:
    """What the table asks for; the days are both included."""

    text: str = ""
    filters: Mapping[str, str] = field(default_factory=dict)
    sort: str = ""
    descending: bool = False
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class TrailRow:
    """One line of the history in words."""

    number: int
    at: datetime
    actor: str
    action: str
    entity: str
    unit: str
    person: str
    details: tuple[tuple[str, str, str], ...]  # label, before, after

    @property
    def content(self) -> str:
        """What was changed, in one line."""
        return "；".join(_change(*detail) for detail in self.details)

    @property
    def summary(self) -> str:
        """The beginning of the content, as much as a cell can show."""
        return self.content[:_LONGEST_SUMMARY]


class TrailService:
    """Lists the trail; ``keys`` is the whole order, ``rows`` only what is looked at."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    def keys(self, query: TrailQuery) -> list[int]:
        """Return the numbers of all matching lines in the asked order, by itself the newest first."""
        return self._keys(query)

    def first_keys(self, query: TrailQuery, count: int) -> list[int]:
        """Return the first ``count`` keys of ``query``."""
        return self._keys(query, f"LIMIT {count}")

    def _keys(self, query: TrailQuery, limit: str = "") -> list[int]:
        wanted = _wanted(query)
        order = _order(query)
        source = _FROM if query.sort in _RECORDS else "FROM history"
        statement = f"SELECT history.id {source} {wanted} {order} {limit}"
        with self._database.snapshot() as connection:
            return [number for (number,) in connection.execute(statement, wanted.values)]

    def rows(self, numbers: Sequence[int]) -> dict[int, TrailRow]:
        """Return some lines by their numbers; one that is not there is left out."""
        with self._database.snapshot() as connection:
            found = connection.execute(_ROWS, (json.dumps(list(numbers)),)).fetchall()
        return {row[0]: _row(row) for row in found}

    def export(self, query: TrailQuery, target: Path, progress: Progress | None = None) -> int:
        """Write all matching lines into a workbook in their order and return how many.

        Raises InvalidInputError when a sheet cannot hold them. The export is a line of its own afterwards.
        """
        numbers = self.keys(query)
        if len(numbers) > MOST_LINES:
            raise InvalidInputError(
                f"有 {len(numbers)} 条记录，一张工作表最多 {MOST_LINES} 条，没有导出。请用日期缩小范围。"
            )
        rows = self._sheet_rows(numbers, progress)
        sheet = ListSheet("操作记录", "操作记录", _note(query, len(numbers)), SHEET_COLUMNS, rows)
        write_listing((sheet,), target)
        told: dict[str, Value] = {"what": "操作记录", "file": target.name, "count": len(numbers)}
        note(self._database, self._journal, EXPORTED, EXPORTS, told)
        return len(numbers)

    def _sheet_rows(self, numbers: Sequence[int], progress: Progress | None) -> Iterator[tuple[str, ...]]:
        for start in range(0, len(numbers), _PAGE):
            page = numbers[start : start + _PAGE]
            rows = self.rows(page)
            for number in page:
                if number in rows:
                    yield sheet_line(rows[number])
            if progress is not None:
                progress(min(start + _PAGE, len(numbers)), len(numbers))


def _row(stored: Sequence[Any]) -> TrailRow:
    number, at, actor, action, entity, unit, person, before, after = stored
    return TrailRow(
        number=number,
        at=datetime.fromisoformat(at),
        actor=actor,
        action=action,
        entity=entity_word(entity),
        unit=unit or "",
        person=person or "",
        details=change_details(entity, before, after),
    )


SHEET_COLUMNS: Final = (
    ListColumn("序号", 8, centred=True),
    ListColumn("时间", 20, centred=True),
    ListColumn("经办人", 12, centred=True),
    ListColumn("操作", 14, centred=True),
    ListColumn("对象", 12, centred=True),
    ListColumn("单位", 18),
    ListColumn("人员", 12, centred=True),
    ListColumn("内容", 90),
)


def sheet_line(row: TrailRow) -> tuple[str, ...]:
    """Return the cells of a line for `SHEET_COLUMNS`, every change in a line of its own."""
    changes = "\n".join(_change(*detail) for detail in row.details)
    at = row.at.isoformat(sep=" ", timespec="seconds")
    return (str(row.number), at, row.actor, row.action, row.entity, row.unit, row.person, changes)


def _change(label: str, before: str, after: str) -> str:
    if before and after:
        return f"{label}：{before} → {after}"
    if before:
        return f"{label}：{before} → （空）"
    return f"{label}：{after}"


def _note(query: TrailQuery, count: int) -> str:
    days = ""
    if query.since or query.until:
        days = f"{query.since or '最早'} 至 {query.until or '现在'}，"
    filtered = "按条件筛选，" if query.filters or query.text.strip() else ""
    return f"{days}{filtered}共 {count} 条。"


def _order(query: TrailQuery) -> str:
    if not query.sort:
        return "ORDER BY history.id DESC"
    column, way = _SORTS[query.sort], "DESC" if query.descending else "ASC"
    # Empty cells come last either way: nobody sorts to see blanks first.
    return f"ORDER BY ({column} IS NULL OR {column} = ''), {column} {way}, history.id DESC"


def _wanted(query: TrailQuery) -> "_Conditions":
    wanted = _Conditions()
    if query.since is not None:
        wanted.add("history.at >= {}", query.since.isoformat())
    if query.until is not None:
        wanted.add("history.at < {}", (query.until + timedelta(days=1)).isoformat())
    for key, text in query.filters.items():
        for word in _words(text):
            wanted.contains(word, (key,))
    for word in _words(query.text):
        wanted.contains(word, (*_COLUMNS, *_RECORDS, CONTENT))
    return wanted


def _words(text: str) -> Iterable[str]:
    return searched_text(text).split()


class _Conditions:
    """The lines wanted; collects what is bound as well."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self.values: dict[str, str] = {}

    def add(self, text: str, *values: str) -> None:
        """Want what a text says, with its values bound."""
        self._texts.append(text.format(*(self._bind(value) for value in values)))

    def contains(self, word: str, keys: Iterable[str]) -> None:
        """Want a word in one of these columns of the table."""
        pattern = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        bound = self._bind(f"%{pattern}%")
        likes: list[str] = []
        for key in keys:
            if key in _COLUMNS:
                likes.append(_like(_COLUMNS[key], bound))
            elif key in _RECORDS:
                subquery, columns = _RECORDS[key]
                likes.append(subquery.format(" OR ".join(_like(column, bound) for column in columns)))
            else:
                likes += self._in_content(word)
        self._texts.append(f"({' OR '.join(likes)})")

    def _in_content(self, word: str) -> list[str]:
        """Return where a word is in what was changed: in a value, or in the name of a field.

        instr is many times faster on the stored JSON than LIKE.
        """
        if _LIKE_JSON.fullmatch(word):
            bound = self._bind(word)
            return [_IN_VALUES.format(column=column, word=bound) for column in _VALUES]
        in_json = json.dumps(word, ensure_ascii=False)[1:-1]
        sought = (in_json, *(f'"{key}":' for key in sorted(keys_labelled(word))))
        return [f"instr({column}, {self._bind(text)})" for text in sought for column in _VALUES]

    def _bind(self, value: str) -> str:
        name = f"value_{len(self.values)}"
        self.values[name] = value
        return f":{name}"

    def __str__(self) -> str:
        """Return the WHERE clause, or nothing."""
        return f"WHERE {' AND '.join(self._texts)}" if self._texts else ""


def _like(column: str, bound: str) -> str:
    return f"{column} LIKE {bound} ESCAPE '\\'"
