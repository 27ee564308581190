"""Workbooks for tests, and how they are read there."""

from pathlib import Path

import pytest

from benchmarks.reliability.hostile_books import DATA, SHEET_PART, edited, with_rows, xlsx
from cdo_desktop.documents.readers.workbook import SheetGrid, read_workbook
from cdo_desktop.errors import UnreadableFileError

__all__ = ["DATA", "SHEET_PART", "edited", "read", "refusal", "with_rows", "xlsx"]


def read(folder: Path, content: bytes, name: str = "名册.xlsx") -> SheetGrid:
    path = folder / name
    path.write_bytes(content)
    return read_workbook(path).sheets[0]


def refusal(folder: Path, content: bytes, name: str = "名册.xlsx") -> str:
    with pytest.raises(UnreadableFileError) as caught:
        read(folder, content, name)
    assert type(caught.value) is UnreadableFileError  # a refusal, not a crash of the child
    assert name in str(caught.value)
    assert str(caught.value).endswith("。")
    return str(caught.value)
