"""What is refused instead of read, with which sentence, and what a hostile workbook costs."""

import contextlib
import re
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from benchmarks.reliability.hostile_books import HOSTILE, REFUSED
from benchmarks.reliability.reading_cost import reading_cost
from cdo_desktop.documents.readers import limits
from cdo_desktop.documents.readers.workbook import read_workbook
from cdo_desktop.errors import FileInUseError, StorageError, UnreadableFileError
from tests.documents.workbook_files import DATA, SHEET_PART, edited, read, refusal, with_rows, xlsx


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_readable_workbook_is_refused_with_what_it_is_and_what_to_do(
    tmp_path: Path, case: str
) -> None:
    content, sentence = REFUSED[case]
    for name in ("名册.xlsx", "名册.xls"):
        assert re.search(sentence, refusal(tmp_path, content, name))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_zip_with_two_entries_of_one_name_is_damaged(tmp_path: Path) -> None:
    """Two readers might see two different workbooks."""
    content = edited(xlsx(), lambda _, text: text, {SHEET_PART: b"<worksheet/>"})
    assert "已损坏" in refusal(tmp_path, content)


def test_a_zip_with_a_password_is_refused(tmp_path: Path) -> None:
    content = bytearray(xlsx())
    for match in re.finditer(rb"PK\x01\x02", bytes(content)):
        content[match.start() + 8] |= 1
    assert "加密" in refusal(tmp_path, bytes(content))


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="找不到文件.*没有.xlsx"):
        read_workbook(tmp_path / "没有.xlsx")
    with pytest.raises(UnreadableFileError, match="是文件夹"):
        read_workbook(tmp_path)


def test_a_file_that_another_program_locks_is_in_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "名册.xlsx"
    path.write_bytes(xlsx())

    def refuse(self: Path, mode: str = "r") -> None:
        raise PermissionError(13, "sharing violation", str(self))

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(FileInUseError, match="名册.xlsx.*关闭"):
        read_workbook(path)


def test_a_file_above_the_limit_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "大.xlsx"
    with path.open("wb") as file:
        file.truncate(limits.MAX_FILE_BYTES + 1)
    with pytest.raises(UnreadableFileError, match="超过 50 MB"):
        read_workbook(path)


def test_a_full_or_missing_temporary_folder_is_a_storage_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "名册.xlsx"
    path.write_bytes(xlsx())
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    with pytest.raises(StorageError, match="临时文件夹"):
        read_workbook(path)


def test_nothing_is_left_in_the_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    read(tmp_path, xlsx())
    refusal(tmp_path, b"")
    assert list(temporary.iterdir()) == []


# What a hostile workbook costs

on_unix = pytest.mark.skipif(sys.platform == "win32", reason="memory is measured with the resource module")
MEGABYTE = 1024 * 1024


@on_unix
@pytest.mark.parametrize("case", HOSTILE)
def test_a_bomb_is_refused_fast_and_in_little_memory(tmp_path: Path, case: str) -> None:
    make, sentence = HOSTILE[case]
    content = make()
    assert re.search(sentence, refusal(tmp_path, content))
    cost = reading_cost(tmp_path / "answer", tmp_path / "名册.xlsx")
    assert cost.memory < 100 * MEGABYTE
    assert cost.seconds < 5  # 0.1 to 0.6 on an idle machine


@on_unix
def test_the_largest_allowed_sheet_stays_within_the_memory_of_an_office_pc(tmp_path: Path) -> None:
    """Two corners just inside the limits make calamine hold every cell between them."""
    path = tmp_path / "大.xlsx"
    row, column = limits.MAX_CELLS // 900, get_column_letter(900)
    path.write_bytes(with_rows(f'<row r="1"><c r="{column}1"><v>1</v></c><c r="A{row}"><v>1</v></c></row>'))
    cost = reading_cost(tmp_path / "answer", path)
    assert cost.is_read
    assert cost.memory < 500 * MEGABYTE
    assert cost.seconds < 10


def test_too_many_sheets_are_refused(tmp_path: Path) -> None:
    book = Workbook()
    for i in range(limits.MAX_SHEETS):
        book.create_sheet(f"s{i}")
    assert "工作表超过 255 个" in refusal(tmp_path, xlsx(book))


# Damage at random

_XLSX, _XLS = (DATA / "roster.xlsx").read_bytes(), (DATA / "roster.xls").read_bytes()
_PARTS = ("[Content_Types].xml", "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml", SHEET_PART)


@st.composite
def _damaged(draw: st.DrawFn) -> bytes:
    """Return an .xls, the zip of an .xlsx or one part inside it, with some bytes changed or cut out."""
    part = draw(st.sampled_from((None, None, *_PARTS)))
    whole = draw(st.sampled_from((_XLS, _XLSX)))

    def damage(content: bytes) -> bytes:
        changed = bytearray(content)
        for _ in range(draw(st.integers(1, 6))):
            place = draw(st.integers(0, len(changed) - 1))
            if draw(st.booleans()):
                changed[place] = draw(st.integers(0, 255))
            else:
                del changed[place : place + draw(st.integers(1, 40))]
        return bytes(changed)

    if part is None:
        return damage(whole)
    return edited(_XLSX, lambda name, content: damage(content) if name == part else content)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=_damaged())
def test_a_damaged_workbook_gives_a_grid_or_a_refusal(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "坏.xlsx"
    path.write_bytes(content)
    with contextlib.suppress(UnreadableFileError):
        assert read_workbook(path).sheets
