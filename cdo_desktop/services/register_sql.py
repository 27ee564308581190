"""The SQL of the register: every post with its holder on a day.

Plain SQL, because importing SQLAlchemy takes longer than everything else before the register shows. What
somebody typed is always bound, never written into a statement.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar, Final, TypeAlias

from cdo_desktop.rules.filing import FINAL_STATES, RECEIVED_STATES, RegisterState
from cdo_desktop.rules.text import clean_text
from cdo_desktop.rules.vocabulary import FILED_POSTS, FilingKind, FilingState

Bound: TypeAlias = str | int

LONGEST_SEARCH: Final = 200  # characters; SQLite refuses patterns that are very long

POSTS_OF_A_DAY = f"""
FROM posts
JOIN units ON units.id = posts.unit_id
LEFT JOIN tenures ON tenures.post_id = posts.id
    AND tenures.since <= :day AND (tenures.until IS NULL OR tenures.until > :day)
LEFT JOIN persons ON persons.id = tenures.person_id
LEFT JOIN filings ON filings.id = (
    SELECT max(newest.id) FROM filings AS newest
    WHERE newest.tenure_id = tenures.id
        AND newest.state <> '{FilingState.VOID}' AND newest.kind <> '{FilingKind.LEAVE}')
WHERE (units.valid_from IS NULL OR units.valid_from <= :day)
    AND (units.valid_to IS NULL OR units.valid_to > :day)
"""

# SQLite looks up what a CROSS JOIN names first first: in the order of the units nothing has to be sorted.
POSTS_BY_UNIT = POSTS_OF_A_DAY.replace(
    "FROM posts\nJOIN units ON units.id = posts.unit_id",
    "FROM units CROSS JOIN posts ON posts.unit_id = units.id",
)


def _words(words: Iterable[str]) -> str:
    return ", ".join(f"'{word}'" for word in sorted(words))


STATE = f"""CASE
    WHEN tenures.id IS NULL THEN '{RegisterState.VACANT}'
    WHEN posts.kind NOT IN ({_words(FILED_POSTS)}) THEN '{RegisterState.EXEMPT}'
    WHEN filings.state IN ({_words(FINAL_STATES)}) THEN '{RegisterState.FILED}'
    WHEN filings.received_on IS NOT NULL OR (filings.state IN ({_words(RECEIVED_STATES)})
        AND filings.scan_on IS NULL AND filings.original_on IS NULL)
        THEN '{RegisterState.RECEIVED}'
    WHEN filings.due_date < :day THEN '{RegisterState.OVERDUE}'
    ELSE '{RegisterState.RUNNING}' END"""
"""A `RegisterState`."""

COLUMNS = {
    "post_id": "posts.id",
    "tenure_id": "tenures.id",
    "unit_id": "units.id",
    "person_id": "persons.id",
    "unit_name_confirmed": "units.full_name_confirmed",
    "category": "units.category",
    "group": "units.unit_group",
    "post": "posts.kind",
    "name": "persons.name",
    "sex": "persons.sex",
    "title": "tenures.title",
    "section": "tenures.section",
    "head_status": "tenures.head_status",
    "since": "tenures.since",
    "basis": "tenures.basis",
    "office_phone": "persons.office_phone",
    "mobile": "persons.mobile",
    "email": "persons.email",
    "note": "tenures.note",
    "state": STATE,
    "filing_kind": "filings.kind",
    "filing_state": "filings.state",
    "change_date": "filings.change_date",
    "due_date": "filings.due_date",
    "due_provisional": "filings.due_provisional",
    "empty_since": "coalesce((SELECT max(past.until) FROM tenures AS past"
    " WHERE past.post_id = posts.id AND past.until <= :day), posts.empty_since)",
    "until": "tenures.until",
    "next_since": "(SELECT min(coming.since) FROM tenures AS coming"
    " WHERE coming.post_id = posts.id AND coming.since > :day)",
}
"""What a row is made of, beside the two names of its unit."""

NAMES = {"unit": "short_name", "unit_full_name": "full_name"}

SORTS = {
    "unit": "units.pinyin",
    "name": "persons.sort_key",
    "unit_full_name": "units.pinyin",
    "post": "posts.rank",
} | {
    key: COLUMNS[key]
    for key in (
        "category",
        "group",
        "title",
        "section",
        "sex",
        "head_status",
        "since",
        "basis",
        "office_phone",
        "mobile",
        "email",
        "note",
        "due_date",
    )
}
"""What a column is sorted by; names by their pinyin, posts by their rank."""

_URGENCY = (
    RegisterState.OVERDUE,
    RegisterState.RUNNING,
    RegisterState.VACANT,
    RegisterState.RECEIVED,
    RegisterState.FILED,
    RegisterState.EXEMPT,
)
_BY_URGENCY = f"CASE {STATE} " + " ".join(f"WHEN '{s}' THEN {n}" for n, s in enumerate(_URGENCY)) + " END"
_UNIT_KEYS = ("units.pinyin", "units.initials")
_NAME_KEYS = ("persons.pinyin", "persons.initials")
_NATURAL = ("units.sort_order", "units.id", "posts.rank", "tenures.since", "tenures.id")


def unit_name_on(key: str, day: date, today: date) -> str:
    """Return the expression of a unit's ``unit`` or ``unit_full_name`` as it was on a day."""
    column = NAMES[key]
    if day >= today:
        return f"units.{column}"  # no rename lies in the future
    return (
        f"coalesce((SELECT former.{column} FROM unit_names AS former WHERE former.unit_id = units.id"
        f" AND former.until > :day ORDER BY former.until, former.id LIMIT 1), units.{column})"
    )


def searched_text(text: str) -> str:
    """Return what somebody typed as it is looked for: in its stored form, and no longer than SQLite takes."""
    return clean_text(text)[:LONGEST_SEARCH]


def in_order(sort: str, *, descending: bool) -> str:
    """Return the ORDER BY of a column, or of the register itself for ""."""
    chosen = () if not sort else (_BY_URGENCY, SORTS["due_date"]) if sort == "state" else (SORTS[sort],)
    # Empty cells come last either way: nobody sorts to see blanks first.
    blank = [f"({column} IS NULL OR {column} = '')" for column in chosen]
    directed = [f"{column} {'DESC' if descending else 'ASC'}" for column in chosen]
    return "ORDER BY " + ", ".join((*blank, *directed, *_NATURAL))


@dataclass
class Conditions:
    """The rows wanted of those that a day has; collects what is bound as well.

    A list of other rows says in ``columns`` what each column shows, and in ``searched`` where a word is
    looked for beside the names of units and persons.
    """

    columns: ClassVar[Mapping[str, str]] = COLUMNS
    searched: ClassVar[Sequence[str]] = (
        *("tenures.title", "tenures.section", "persons.mobile", "persons.office_phone", "posts.kind"),
    )

    day: date
    today: date
    _texts: list[str] = field(default_factory=list)
    values: dict[str, Bound] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.values["day"] = self.day.isoformat()

    def equal(self, expression: str, wanted: Bound) -> None:
        """Want an expression to be just this."""
        self._texts.append(f"{expression} = {self._bind(wanted)}")

    def typed(self, text: str, filters: Mapping[str, str]) -> None:
        """Want what somebody typed: every word of a text anywhere in a row, and each filter in its column."""
        for word in searched_text(text).split():
            self._anywhere(word)
        for key, sought in filters.items():
            if word := searched_text(sought):
                self._in_column(key, word)

    def _anywhere(self, word: str) -> None:
        # 区教育局 is looked for as jyj: the keys of a unit match anywhere, those of a person from the start.
        units = (*map(self._unit_name, NAMES), *_UNIT_KEYS)
        self._any_like(word, (*units, "persons.name", *self.searched), _NAME_KEYS)

    def _in_column(self, key: str, word: str) -> None:
        if key == "name":
            self._any_like(word, ("persons.name",), _NAME_KEYS)
        elif key in NAMES:
            self._any_like(word, (self._unit_name(key), *_UNIT_KEYS))
        else:
            self._any_like(word, (self.columns[key],))

    def _unit_name(self, key: str) -> str:
        return unit_name_on(key, self.day, self.today)

    def _any_like(self, word: str, anywhere: Iterable[str], from_start: Iterable[str] = ()) -> None:
        pattern = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        inside, start = self._bind(f"%{pattern}%"), self._bind(f"{pattern}%")
        likes = [f"{column} LIKE {inside} ESCAPE '\\'" for column in anywhere]
        likes += [f"{column} LIKE {start} ESCAPE '\\'" for column in from_start]
        self._texts.append(f"({' OR '.join(likes)})")

    def _bind(self, value: Bound) -> str:
        name = f"value_{len(self.values)}"
        self.values[name] = value
        return f":{name}"

    def __str__(self) -> str:
        """Return the conditions, to be put after `POSTS_OF_A_DAY`."""
        return "".join(f" AND {text}" for text in self._texts)
