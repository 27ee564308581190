"""Days off from a file: the program's own JSON, that of holiday-cn, or a table of 日期, 类型 and 名称."""

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import Any

from cdo_desktop.errors import AppError, UnreadableFileError, system_reason
from cdo_desktop.rules.dates import parse_cell_date
from cdo_desktop.rules.notice_text import notice_title
from cdo_desktop.rules.text import clean_text
from cdo_desktop.rules.working_days import SpecialDay

LARGEST = 1024 * 1024  # bytes of a text file; ten years take 40 KB
MOST_ROWS = 5000
_OFF_WORDS = frozenset({"休", "放假", "休息", "放假日", "节假日", "假", "off", "是"})
_WORK_WORDS = frozenset({"班", "上班", "调休上班", "补班", "工作", "工作日", "调休", "work", "否"})
_DAY_HEADS = frozenset({"日期", "放假日期", "date", "day"})
_KIND_HEADS = frozenset({"类型", "休/班", "休班", "是否放假", "安排", "type", "isoffday"})
_NAME_HEADS = frozenset({"名称", "节日", "节日名称", "假日", "name"})
_HEAD_ROWS = 10  # a title may stand above the head


@dataclass(frozen=True)
class HolidayFile:
    """What a file holds, by year of the notice. With problems, nothing of it may be stored."""

    name: str
    years: dict[int, tuple[SpecialDay, ...]]
    problems: tuple[str, ...]


def read_holiday_file(path: Path) -> HolidayFile:
    """Read .json, .csv, .xlsx, .xls or .et; what is doubtful in a table becomes a problem with its row.

    A day in December that is named 元旦 belongs to the notice of the next year. Raises UnreadableFileError
    for what is none of these, FileInUseError when another program keeps the file locked.
    """
    suffix = path.suffix.lower()
    if suffix == ".json":
        return _from_json(path)
    rows = _csv_rows(path) if suffix in (".csv", ".txt") else _workbook_rows(path)
    return _from_table(path.name, rows)


def _from_json(path: Path) -> HolidayFile:
    try:
        content = json.loads(_text_of(path))
        found = list(_json_days(content))
    except (ArithmeticError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise UnreadableFileError(
            f"“{path.name}”不是放假安排的数据文件，没有导入任何内容。"
            "请选择本程序或 holiday-cn 的 JSON 文件，或写着日期、类型、名称的表格。"
        ) from error
    return _by_year(path.name, found)


def _json_days(content: Any) -> Iterator[tuple[int, date, bool, str]]:
    """Yield year of the notice, day, whether it is off, name."""
    if "notices" in content:
        for notice in content["notices"]:
            for kind in ("off", "work"):
                for day, name in notice[kind].items():
                    yield int(notice["year"]), date.fromisoformat(day), kind == "off", _name(name)
    else:
        for entry in content["days"]:
            is_off = entry["isOffDay"]
            if not isinstance(is_off, bool):
                raise TypeError("isOffDay")
            yield int(content["year"]), date.fromisoformat(entry["date"]), is_off, _name(entry["name"])


def _name(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise TypeError("name")
    return clean_text(value)


def _text_of(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST:
            raise UnreadableFileError(f"“{path.name}”超过 1 MB，不是放假安排。没有导入任何内容。")
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableFileError(
            f"打不开“{path.name}”（{system_reason(error)}）。请检查它是否还在、是否被别的程序占用。"
        ) from error
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFileError(
        f"“{path.name}”不是文本，没有导入任何内容。请在 Excel 或 WPS 中另存为 .xlsx 后再试。"
    )


def _csv_rows(path: Path) -> list[Sequence[object]]:
    text = _text_of(path)
    if "\0" in text:
        raise UnreadableFileError(f"“{path.name}”不是表格，没有导入任何内容。请选择 CSV 或 Excel 文件。")
    try:
        separator = "\t" if "\t" in text.split("\n", 1)[0] else ","
        return list(islice(csv.reader(StringIO(text), delimiter=separator), MOST_ROWS))
    except csv.Error as error:
        raise UnreadableFileError(f"“{path.name}”不是完整的 CSV 文件，没有导入任何内容。") from error


def _workbook_rows(path: Path) -> list[Sequence[object]]:
    from cdo_desktop.documents.readers.workbook import read_workbook  # starts a process: only for a workbook

    sheets = [sheet for sheet in read_workbook(path).sheets if not sheet.hidden and sheet.rows]
    if not sheets:
        raise UnreadableFileError(f"“{path.name}”里没有内容，没有导入任何内容。")
    return list(sheets[0].rows[:MOST_ROWS])


def _from_table(name: str, rows: Sequence[Sequence[object]]) -> HolidayFile:
    heads = ((place, _columns(row)) for place, row in enumerate(rows[:_HEAD_ROWS]))
    head, columns = next(((place, found) for place, found in heads if found is not None), (0, None))
    if columns is None:
        return HolidayFile(name, {}, ("没有找到表头。第一行要有“日期”“类型”“名称”三列，类型写“休”或“班”。",))
    if len(rows) >= MOST_ROWS:
        return HolidayFile(name, {}, (f"表格超过 {MOST_ROWS} 行，不像是放假安排，没有读取。",))
    found: list[tuple[int, date, bool, str]] = []
    problems: list[str] = []
    for place, row in enumerate(rows[head + 1 :], head + 2):
        cells = [row[column] if column < len(row) else None for column in columns]
        if not any(clean_text(cell) for cell in cells):
            continue
        try:
            found.append(_table_day(cells))
        except AppError as error:
            problems.append(f"第 {place} 行：{error}")
    read = _by_year(name, found)
    return HolidayFile(name, read.years, (*problems, *read.problems))


def _columns(row: Sequence[object]) -> tuple[int, int, int] | None:
    """Return the places of day, kind and name in a head row, or None when it is none."""
    heads = [clean_text(cell).replace(" ", "").lower() for cell in row]
    places = [
        next((place for place, head in enumerate(heads) if head in wanted), None)
        for wanted in (_DAY_HEADS, _KIND_HEADS, _NAME_HEADS)
    ]
    if None in places:
        return None
    day, kind, name = (place for place in places if place is not None)
    return day, kind, name


def _table_day(cells: Sequence[object]) -> tuple[int, date, bool, str]:
    day = parse_cell_date(cells[0])
    kind, name = clean_text(cells[1]).lower(), clean_text(cells[2])
    if day is None:
        raise UnreadableFileError("没有写日期。")
    if kind in _OFF_WORDS or cells[1] is True:
        is_off = True
    elif kind in _WORK_WORDS or cells[1] is False:
        is_off = False
    else:
        raise UnreadableFileError(f"类型“{kind}”看不懂，请写“休”或“班”。")
    if not name:
        raise UnreadableFileError("没有写节日名称。")
    early = day.month == 12 and "元旦" in name  # the days before New Year
    return day.year + early, day, is_off, name


def _by_year(name: str, found: Sequence[tuple[int, date, bool, str]]) -> HolidayFile:
    years: dict[int, dict[date, SpecialDay]] = {}
    problems: list[str] = []
    for year, day, is_off, holiday in found:
        special = SpecialDay(day, is_off, holiday, notice_title(year))
        known = years.setdefault(year, {}).setdefault(day, special)
        if known.is_off != is_off:
            problems.append(f"{day.isoformat()}既写了休，又写了班。")
        if day.year not in (year, year - 1):
            problems.append(f"{day.isoformat()}不属于 {year} 年的安排。")
        if not is_off and day.weekday() < 5:  # Saturday
            problems.append(f"{day.isoformat()}是周一至周五，本来就上班，不用写“班”。")
    if not found and not problems:
        problems.append("文件里没有放假的日期（当年的通知可能还没有发布）。")
    ordered = {year: tuple(days[day] for day in sorted(days)) for year, days in sorted(years.items())}
    return HolidayFile(name, ordered, tuple(problems))
