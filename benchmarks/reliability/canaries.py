"""R38: names and telephone numbers of a database, looked for where they must not be: in the logs."""

import re
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

_COLUMNS = {"persons": ("name", "mobile", "email", "office_phone"), "tenures": ("office_phone",)}
_SHORTEST = 2  # characters


def personal_words(database: Path) -> set[str]:
    """Return every name, mobile, telephone number and address of the people in a database."""
    words: set[str] = set()
    with closing(sqlite3.connect(database)) as connection:
        for table, columns in _COLUMNS.items():
            present = {str(row[1]) for row in connection.execute(f'PRAGMA table_info("{table}")')}
            for column in present.intersection(columns):
                rows = connection.execute(f'SELECT "{column}" FROM "{table}"')
                words.update(str(value) for (value,) in rows)
    return {word for word in words if len(word) >= _SHORTEST and word != "None"}


def words_in_files(words: set[str], files: Iterable[Path]) -> list[str]:
    """Return which of the words stand in the files, plain or as Python would escape them."""
    texts = [file.read_bytes().decode("utf-8", "replace") for file in files]
    found = []
    for word in sorted(words):
        escaped = word.encode("unicode_escape").decode("ascii")
        shape = re.compile("|".join(re.escape(form) for form in dict.fromkeys((word, escaped))))
        if any(shape.search(text) for text in texts):
            found.append(word)
    return found
