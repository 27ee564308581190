"""A migrated database of its own for every test, copied from one that is built once."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from cdo_desktop.store import Database, open_database


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "cdo.sqlite3"
    open_database(path).close()
    return path


@pytest.fixture
def database(migrated_file: Path, tmp_path: Path) -> Iterator[Database]:
    path = tmp_path / "cdo.sqlite3"
    shutil.copy(migrated_file, path)
    opened = open_database(path)
    yield opened
    opened.close()
