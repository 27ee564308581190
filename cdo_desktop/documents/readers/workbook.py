"""Reading a workbook from outside, in a child process: a hostile file costs a sentence, not the program."""

import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import TypeAlias

from cdo_desktop.documents.readers import limits
from cdo_desktop.documents.readers.child import RESULT_NAME, run_in_child
from cdo_desktop.errors import FileInUseError, StorageError, UnreadableFileError, system_reason


@dataclass(frozen=True)
class CellError:
    """A cell without a usable value: ``text`` is #N/A, #REF!, … or 公式没有结果 (never calculated)."""

    text: str

    def __str__(self) -> str:
        return self.text


CellValue: TypeAlias = str | int | float | bool | date | datetime | time | CellError | None
"""A blank cell is None. A whole number of at most 15 digits is an int (what Excel keeps exactly), longer ones
stay float: their last digits are lost already. A date without a time of day is a date, never a datetime. A
duration under a day is a time; a longer one is its number of days. Percentages are fractions."""


@dataclass(frozen=True)
class CellArea:
    """Cells of one sheet, counted from 1, both ends included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(frozen=True)
class SheetGrid:
    """The values of one worksheet; ``rows[0][0]`` is A1 and all rows are equally long.

    Hidden rows and filtered rows are there like all others. ``errors`` lists (row, column), from 1, of the
    cells whose value is a CellError. In a merged area only the first cell has the value.
    """

    name: str
    hidden: bool
    rows: tuple[tuple[CellValue, ...], ...]
    merged: tuple[CellArea, ...] = ()
    errors: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class WorkbookGrid:
    """The worksheets in order, without chart and macro sheets; ``format`` is "xlsx" or "xls" (.et too)."""

    sheets: tuple[SheetGrid, ...]
    format: str


def read_workbook(path: Path, *, timeout: float = 30.0) -> WorkbookGrid:
    """Return the values of an .xlsx, .xls or .et, judged by its content and not by its name.

    Nothing in the file is run or fetched: no macro, formula or link. ``timeout`` is in seconds. Raises
    UnreadableFileError for what is no workbook, damaged, encrypted or beyond ``limits``, FileInUseError when
    another program keeps it locked, StorageError when there is no room for temporary files.
    """
    check_source(path)
    try:
        with tempfile.TemporaryDirectory(prefix="cdo-", ignore_cleanup_errors=True) as folder:
            run_in_child("_read", Path(folder), [str(path.absolute())], subject=path.name, timeout=timeout)
            with (Path(folder) / RESULT_NAME).open(encoding="utf-8") as lines:
                return decode(lines)
    except OSError as error:
        raise StorageError(
            f"临时文件夹无法使用（{system_reason(error)}），“{path.name}” 没有读取。请清理系统盘后再试。"
        ) from error


def check_source(path: Path) -> None:
    """Refuse a file that is missing, locked or larger than ``limits.MAX_FILE_BYTES``."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
    except FileNotFoundError as error:
        raise UnreadableFileError(f"找不到文件 “{path}”。它可能已被移走或改名，请重新选择。") from error
    except IsADirectoryError as error:
        raise UnreadableFileError(f"“{path}” 是文件夹，不是工作簿。请选择里面的表格文件。") from error
    except PermissionError as error:
        if path.is_dir():
            raise UnreadableFileError(f"“{path}” 是文件夹，不是工作簿。请选择里面的表格文件。") from error
        raise FileInUseError(
            f"“{path.name}” 打不开：它正被其他程序占用，或者没有读取权限。请在 Excel 或 WPS 中关闭它后再试。"
        ) from error
    except OSError as error:
        raise UnreadableFileError(
            f"“{path.name}” 打不开（{system_reason(error)}）。请检查移动盘或共享文件夹是否还连着。"
        ) from error
    if size > limits.MAX_FILE_BYTES:
        raise UnreadableFileError(
            f"“{path.name}” 超过 {limits.MAX_FILE_BYTES // 1024 // 1024} MB，没有读取。"
            "请删除其中的图片和多余的工作表后再试。"
        )


def decode(lines: Iterator[str]) -> WorkbookGrid:
    """Return what ``extract`` wrote, one line of JSON a row and one a sheet after its rows."""
    decoder = json.JSONDecoder(object_hook=_restore)
    kind = str(json.loads(next(lines))["format"])
    sheets: list[SheetGrid] = []
    rows: list[list[CellValue]] = []
    for line in lines:
        if line.startswith("["):
            rows.append(decoder.decode(line))
            continue
        facts = json.loads(line)
        width = max(map(len, rows), default=0)
        sheets.append(
            SheetGrid(
                name=facts["name"],
                hidden=facts["hidden"],
                rows=tuple((*row, *(None,) * (width - len(row))) for row in rows),
                merged=tuple(CellArea(*area) for area in facts["merged"]),
                errors=tuple((row, column) for row, column in facts["errors"]),
            )
        )
        rows = []
    return WorkbookGrid(sheets=tuple(sheets), format=kind)


def _restore(tagged: dict[str, str]) -> CellValue:
    ((tag, text),) = tagged.items()
    if tag == "date":
        return date.fromisoformat(text)
    if tag == "datetime":
        return datetime.fromisoformat(text)
    if tag == "time":
        return time.fromisoformat(text)
    return CellError(text)
