"""The problem copy of an imported workbook: the same workbook with coloured cells, notes and a list."""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from cdo_desktop.documents.atomic import atomic_target
from cdo_desktop.documents.readers.child import ChildCrashedError, run_in_child
from cdo_desktop.documents.readers.workbook import check_source
from cdo_desktop.errors import InvalidInputError, StorageError, system_reason

PROBLEM_SHEET = "问题清单"
"""The last sheet of a marked copy; an import of a corrected copy passes over it."""
MARKS_NAME = "marks.json"

_SECONDS = 120.0


@dataclass(frozen=True)
class CellMark:
    """One problem, with a complete sentence; rows and columns from 1, ``column`` None for the whole row.

    What is not ``blocking`` is a mere hint, pale yellow instead of red.
    A mark on a sheet that the workbook does not have is only listed.
    """

    sheet: str
    row: int
    column: int | None
    message: str
    blocking: bool = True


def write_marked_copy(source: Path, marks: Sequence[CellMark], target: Path) -> None:
    """Write ``target``, an .xlsx: the workbook ``source`` with every mark shown in its place,
    problems before hints.

    An .xlsx keeps its formats, formulas and their results; its pictures and drawings are left out. An .xls or
    .et becomes a new workbook of its values, and so does an .xlsx that is very large or that only Excel
    understands; the list then says so. Raises what ``read_workbook`` and ``atomic_target`` raise, and
    InvalidInputError for a target that is the source or no .xlsx; ``source`` is never written.
    """
    if target.suffix.lower() != ".xlsx":
        raise InvalidInputError(f"问题副本要存成 .xlsx，“{target.name}” 不是。请把文件名的结尾改为 .xlsx。")
    check_source(source)
    if _is_same(target, source):
        raise InvalidInputError(f"问题副本不能覆盖原文件 “{source.name}”。请换一个文件名，原文件没有改动。")
    try:
        with tempfile.TemporaryDirectory(prefix="cdo-", ignore_cleanup_errors=True) as folder:
            ordered = sorted(marks, key=lambda mark: not mark.blocking)
            listed = json.dumps([asdict(mark) for mark in ordered], ensure_ascii=False)
            (Path(folder) / MARKS_NAME).write_text(listed, encoding="utf-8")
            with atomic_target(target) as fresh:
                _mark(source, Path(folder), fresh)
    except OSError as error:
        raise StorageError(
            f"临时文件夹无法使用（{system_reason(error)}），“{target.name}” 没有写成。请清理系统盘后再试。"
        ) from error


def _is_same(target: Path, source: Path) -> bool:
    try:
        return target.samefile(source)
    except OSError:
        return False  # it is not there, or cannot be looked at


def _mark(source: Path, folder: Path, fresh: Path) -> None:
    args = [str(source.absolute()), str(fresh)]
    try:
        run_in_child("_mark", folder, [*args, "styles"], subject=source.name, timeout=_SECONDS)
    except ChildCrashedError:
        run_in_child("_mark", folder, [*args, "values"], subject=source.name, timeout=_SECONDS)
