"""Workbooks for tests, good and bad, and what it costs to read them."""

import io
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from openpyxl import Workbook

from cdo_desktop.documents.readers.child import child_command, child_environment
from cdo_desktop.documents.readers.workbook import SheetGrid, read_workbook
from cdo_desktop.errors import UnreadableFileError

DATA = Path(__file__).resolve().parents[1] / "data" / "workbooks"
SHEET_PART = "xl/worksheets/sheet1.xml"

_MEASURE = """
import resource, subprocess, sys, time
started = time.monotonic()
subprocess.run(sys.argv[1:])
print(time.monotonic() - started, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def xlsx(book: Workbook | None = None) -> bytes:
    if book is None:
        book = Workbook()
        book.active["A1"] = "姓名"
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def edited(
    content: bytes, edit: Callable[[str, bytes], bytes], more: Mapping[str, bytes] | None = None
) -> bytes:
    """Return the zip with every entry passed through ``edit`` and ``more`` entries at the end."""
    new = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED) as out:
        for name in old.namelist():
            out.writestr(name, edit(name, old.read(name)))
        for name, text in (more or {}).items():
            out.writestr(name, text)
    return new.getvalue()


def with_rows(rows: str, content: bytes | None = None) -> bytes:
    """Return a workbook whose first sheet holds these rows, written as XML."""

    def edit(name: str, text: bytes) -> bytes:
        if name != SHEET_PART:
            return text
        return re.sub(rb"<sheetData ?/>|<sheetData>.*</sheetData>", _sheet_data(rows), text, flags=re.DOTALL)

    return edited(content or xlsx(), edit)


def _sheet_data(rows: str) -> bytes:
    return f"<sheetData>{rows}</sheetData>".encode()


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


def child_cost(folder: Path, path: Path) -> tuple[float, int]:
    """Return seconds and peak memory (bytes) of one child that reads the workbook, its answer in ``folder``.

    A small process in between measures: a process that is forked counts the memory of the one it comes from.
    """
    folder.mkdir()
    command = [sys.executable, "-c", _MEASURE, *child_command("_read", str(folder), str(path))]
    ended = subprocess.run(
        command, env=child_environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True
    )
    seconds, kilobytes = ended.stdout.split()
    return float(seconds), int(kilobytes) * 1024
