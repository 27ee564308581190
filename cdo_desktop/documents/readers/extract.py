"""The reading itself, inside the child process: one workbook in, one line of JSON a row out."""

import json
import math
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from typing import TextIO, TypeAlias
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ExpatError

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from cdo_desktop.documents.readers import limits
from cdo_desktop.documents.readers.biff import scan_xls
from cdo_desktop.documents.readers.content import XLSX, damaged, encrypted, identify
from cdo_desktop.documents.readers.facts import SheetFacts
from cdo_desktop.documents.readers.ole import OleFile
from cdo_desktop.documents.readers.ooxml import scan_xlsx, too_large
from cdo_desktop.errors import StorageError, UnreadableFileError, system_reason

_Encoded: TypeAlias = str | int | float | bool | dict[str, str] | None

_ERROR = "error"
_as_json = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode  # `json.dumps` makes one a row

BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    struct.error,
    ParseError,
    ExpatError,
    CalamineError,
    LookupError,
    ValueError,
    StopIteration,
    NotImplementedError,
)
"""What the parsers raise on a damaged file."""


def extract(path: Path, result: Path) -> None:
    """Read the workbook at ``path`` and write its values to ``result``; refuse it with a sentence."""
    name = path.name
    content = read_content(path)
    try:
        with result.open("w", encoding="utf-8") as out:
            _write_grid(content, name, out)
    except PasswordError as error:
        raise encrypted(name) from error
    except BROKEN as error:
        raise damaged(name) from error
    except OSError as error:
        raise StorageError(
            f"临时文件夹写不下（{system_reason(error)}），“{name}” 没有读取。请清理系统盘后再试。"
        ) from error


def read_content(path: Path) -> bytes:
    """Return the whole file, so that all checks and parsers see the same bytes."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise UnreadableFileError(
            f"“{path.name}” 读到一半出错（{system_reason(error)}）。请检查移动盘或共享文件夹是否还连着。"
        ) from error


def _write_grid(content: bytes, name: str, out: TextIO) -> None:
    kind = identify(content, name)
    out.write(json.dumps({"format": kind}) + "\n")
    by_name = scan_xlsx(BytesIO(content), name).sheets if kind == XLSX else {}
    in_order = () if kind == XLSX else _scan_xls(content, name)
    with CalamineWorkbook.from_filelike(BytesIO(content)) as workbook:
        if len(workbook.sheets_metadata) > limits.MAX_SHEETS:
            raise UnreadableFileError(
                f"“{name}” 的工作表超过 {limits.MAX_SHEETS} 个，没有读取。请删除多余的工作表后再试。"
            )
        for i, metadata in enumerate(workbook.sheets_metadata):
            if metadata.typ != SheetTypeEnum.WorkSheet:
                continue
            facts = by_name[metadata.name] if kind == XLSX else in_order[i]
            sheet = workbook.get_sheet_by_name(metadata.name)
            _write_sheet(sheet, facts, hidden=metadata.visible != SheetVisibleEnum.Visible, out=out)


def _scan_xls(content: bytes, name: str) -> tuple[SheetFacts, ...]:
    container = OleFile(content)
    found = scan_xls(container.stream("Workbook" if "Workbook" in container.names else "Book"))
    if found.encrypted:
        raise encrypted(name)
    if sum(sheet.area for sheet in found.sheets) > limits.MAX_CELLS:
        raise too_large(name)
    return found.sheets


def _write_sheet(sheet: CalamineSheet, facts: SheetFacts, *, hidden: bool, out: TextIO) -> None:
    """Write the rows, each without the blanks at its end, and then the line that describes the sheet."""
    errors: list[tuple[int, int]] = []
    blank_rows = 0
    for number, cells in enumerate(_rows(sheet, facts), start=1):
        while cells and cells[-1] is None:
            cells.pop()
        if not cells:
            blank_rows += 1
            continue
        errors.extend(
            (number, column)
            for column, value in enumerate(cells, start=1)
            if type(value) is dict and _ERROR in value
        )
        out.write("[]\n" * blank_rows)
        blank_rows = 0
        out.write(_as_json(cells) + "\n")
    merged = [
        (first[0] + 1, first[1] + 1, last[0] + 1, last[1] + 1)
        for first, last in sheet.merged_cell_ranges or ()
    ]
    described = {"name": sheet.name, "hidden": hidden, "merged": merged, "errors": errors}
    out.write(json.dumps(described, ensure_ascii=False) + "\n")


def _rows(sheet: CalamineSheet, facts: SheetFacts) -> Iterator[list[_Encoded]]:
    """Yield the rows from row 1 on, with the errors that calamine leaves blank, or leaves out at the end."""
    by_row: dict[int, list[tuple[int, str]]] = {}
    for (row, column), text in facts.errors.items():
        by_row.setdefault(row, []).append((column, text))
    count = 0
    left = (
        [None] * sheet.start[1] if sheet.start else []
    )  # calamine pads above the values, but not beside them
    for values in sheet.iter_rows():
        count += 1
        yield _with_errors([*left, *map(_encode, values)], by_row.get(count, []))
    for number in range(count + 1, max(by_row, default=0) + 1):
        yield _with_errors([], by_row.get(number, []))


def _with_errors(cells: list[_Encoded], errors: list[tuple[int, str]]) -> list[_Encoded]:
    for column, text in errors:
        cells.extend([None] * (column - len(cells)))
        cells[column - 1] = {_ERROR: text}
    return cells


def _encode(value: object) -> _Encoded:
    """Return the value as JSON knows it; what JSON does not know becomes an object with one key."""
    return _ENCODERS[type(value)](value)


def _encode_number(value: float) -> _Encoded:
    if not math.isfinite(value):
        return {_ERROR: "#NUM!"}
    return int(value) if value.is_integer() and abs(value) < 1e15 else value


def _encode_datetime(value: datetime) -> _Encoded:
    if value.time() == time():
        return {"date": value.date().isoformat()}
    return {"datetime": value.isoformat()}


def _encode_duration(value: timedelta) -> _Encoded:
    days = value / timedelta(days=1)
    if 0 <= days < 1:
        minutes, seconds = divmod(round(value.total_seconds()) % 86400, 60)
        return {"time": time(minutes // 60, minutes % 60, seconds).isoformat()}
    return _encode_number(days)


_ENCODERS: dict[type, Callable[..., _Encoded]] = {
    str: lambda value: value or None,
    float: _encode_number,
    int: lambda value: value,
    bool: lambda value: value,
    datetime: _encode_datetime,
    date: lambda value: {"date": value.isoformat()},
    time: lambda value: {"time": value.isoformat()},
    timedelta: _encode_duration,
}
