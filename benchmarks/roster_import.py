"""A roster of 20,000 rows brought in, against reading it with calamine and one executemany.

Ours does what the window does, with undo on and the backup before the commit: it reads the workbook in its
child process, checks every cell, previews and commits persons, tenures, papers and history; the floor reads
the same cells and inserts them into one table of a database with the same pragmas. First what came in is
compared with the sheet, cell by cell. Python's garbage collector rests while either works, as it does in the
program (ui/common/collector.py).
"""

import argparse
import gc
import shutil
import sqlite3
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from openpyxl import Workbook
from python_calamine import CalamineWorkbook

from benchmarks.large_register import CATEGORIES, NOW, person_name, unit_names
from cdo_desktop import paths
from cdo_desktop.documents.readers.ooxml import scan_xlsx
from cdo_desktop.documents.readers.roster_sheet import read_roster
from cdo_desktop.documents.readers.workbook import read_workbook
from cdo_desktop.office import Office
from cdo_desktop.rules.roster_columns import RosterField as F
from cdo_desktop.rules.vocabulary import UNIT_POSTS
from cdo_desktop.services.register import RegisterQuery
from cdo_desktop.services.roster_import import RosterImportService
from cdo_desktop.services.undo_stack import NOTHING_DONE
from cdo_desktop.store.connection import PRAGMAS
from cdo_desktop.store.manifest import BackupKind

GOAL = 4.0
COLUMNS = (
    *(F.UNIT_FULL_NAME, F.UNIT_SHORT_NAME, F.UNIT_CATEGORY, F.POST, F.NAME, F.SEX, F.TITLE, F.HEAD, F.SINCE),
    *(F.BASIS, F.OFFICE_PHONE, F.MOBILE, F.EMAIL, F.SECTION, F.DUTIES, F.NOTE),
)
_CHECKED = ("unit_full_name", "unit", "category", "post", "name", "sex", "title", "head_status", "since")
_CHECKED_ALSO = ("basis", "office_phone", "mobile", "email", "section", "note")


def roster_rows(count: int) -> list[tuple[str | date, ...]]:
    """Return the cells of a roster: two posts a unit, all of them held; the same ones every time."""
    return [_row(number) for number in range(count)]


def _row(number: int) -> tuple[str | date, ...]:
    unit = number // 2
    full_name, short_name = unit_names(unit)
    since = date(2022, 1, 4) + timedelta(days=number * 13 % 1500)
    head = ("是", "否", "主持工作")[number % 3] if number % 2 == 0 else ""
    return (
        *(full_name, short_name, CATEGORIES[unit // 5 % len(CATEGORIES)].value, UNIT_POSTS[number % 2].value),
        *(person_name(number), "男" if number % 5 else "女"),
        f"{short_name}{('主任', '科员', '副局长', '办公室主任')[number % 4]}",
        *(head, since, f"宝府任〔{since.year}〕{number % 400 + 1}号"),
        *(f"021-{56000000 + number * 7 % 999983}", f"139{number * 7919 % 100000000:08d}"),
        f"user{number}@shbsq.gov.cn",
        ("办公室", "数据资源管理科", "综合科", "信息中心")[number % 4],
        "公共数据目录编制、归集和共享需求对接",
        "" if number % 4 else "兼任",
    )


def write_workbook(target: Path, rows: Sequence[Sequence[str | date]]) -> None:
    """Write the roster as an office would have it."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("名册")
    sheet.append([column.value for column in COLUMNS])
    for row in rows:
        sheet.append(list(row))
    book.save(target)


class Offices:
    """Fresh offices to import into, copied from one that is made once."""

    def __init__(self, folder: Path, rows: int, *, with_units: bool) -> None:
        self._folder = folder
        self._count = 0
        self._source = folder / "source"
        with Office(self._source, lambda: NOW) as office:
            if with_units:
                units_only = [(*row[:4], *([""] * (len(COLUMNS) - 4))) for row in roster_rows(rows)]
                write_workbook(folder / "units.xlsx", units_only)
                office.roster_import.apply(office.roster_import.read(folder / "units.xlsx"))

    def fresh(self) -> Path:
        """Return the folder of another fresh office."""
        self._count += 1
        return Path(shutil.copytree(self._source, self._folder / str(self._count)))


class Watch:
    """Times the steps of one import after another."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.perf_counter()

    def tell(self, step: str) -> None:
        """End a step here; the next one begins."""
        now = time.perf_counter()
        self.seconds[step] = now - self._last
        self._last = now


def bring_in(folder: Path, workbook: Path) -> dict[str, float]:
    """Do what the window does, from reading to the commit, with undo on; return the seconds of each step."""
    watch = Watch()
    with Office(folder, lambda: NOW) as office:
        undo = office.undo

        def back_up() -> None:
            office.backups.back_up(BackupKind.IMPORT)
            watch.tell("backup")

        service = RosterImportService(office._database, office.journal, back_up)
        watch.tell("open")
        grid = read_workbook(workbook)
        watch.tell("read")
        sheet = read_roster(grid)
        watch.tell("check")
        plan = service.preview(sheet)
        if not plan.is_clean:
            raise SystemExit(f"the plan is not clean: {plan.problems[:3]}")
        watch.tell("preview")
        service.apply(sheet)
        watch.tell("commit")
        if undo.state.undo.reason == NOTHING_DONE:
            raise SystemExit("undo has not seen the import")
    return watch.seconds


def scan(workbook: Path) -> None:
    """Do the part of the reading that keeps hostile files out (R20–R22), in this process."""
    scan_xlsx(BytesIO(workbook.read_bytes()), workbook.name)


def floor(folder: Path, workbook: Path) -> None:
    """Read with calamine and insert every row with one executemany."""
    rows = CalamineWorkbook.from_path(str(workbook)).get_sheet_by_index(0).to_python()
    with closing(sqlite3.connect(folder / "floor.sqlite3", isolation_level=None)) as connection:
        for pragma in PRAGMAS:
            connection.execute(pragma)
        connection.execute("DROP TABLE IF EXISTS roster")
        connection.execute(f"CREATE TABLE roster ({', '.join(f'c{n}' for n in range(len(COLUMNS)))})")
        connection.execute("BEGIN IMMEDIATE")
        marks = ", ".join("?" * len(COLUMNS))
        connection.executemany(f"INSERT INTO roster VALUES ({marks})", map(_plain, rows[1:]))
        connection.execute("COMMIT")


def _plain(row: Sequence[object]) -> list[object]:
    return [value.isoformat() if isinstance(value, date) else value for value in row]


def check_equal(folder: Path, rows: Sequence[Sequence[str | date]]) -> None:
    """Stop unless the register holds every cell of the sheet, and a history row every record."""
    with Office(folder, lambda: NOW) as office:
        stored = {(row.unit, row.post): row for row in office.register.all_rows(RegisterQuery())}
    if len(stored) < len(rows):
        raise SystemExit(f"{len(stored)} posts are registered, the sheet has {len(rows)}")
    names = (*_CHECKED, *_CHECKED_ALSO)
    places = [place for place, column in enumerate(COLUMNS) if column is not F.DUTIES]
    for row in rows:
        found = stored[str(row[1]), str(row[3])]
        ours, theirs = [getattr(found, name) for name in names], [row[place] for place in places]
        if ours != theirs:
            raise SystemExit(f"differs:\n{ours}\n{theirs}")
    with closing(sqlite3.connect(folder / paths.DATABASE_NAME)) as connection:
        counts = [
            connection.execute(f"SELECT count(*) FROM {source}").fetchone()[0]
            for source in (
                "tenures",
                "filings",
                "history WHERE entity = 'tenures'",
                "history WHERE entity = 'filings'",
            )
        ]
    if counts != [len(rows)] * 4:
        raise SystemExit(f"tenures, filings and their history rows: {counts}, wanted {len(rows)} each")


def _seconds(action: Callable[[], object]) -> float:
    gc.collect()
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def compare(
    name: str, folder: Path, rows: Sequence[Sequence[str | date]], rounds: int, *, with_units: bool
) -> bool:
    """Time both in turn, print the ratio of the medians and return whether it reaches the goal."""
    folder.mkdir()
    workbook = folder / "roster.xlsx"
    write_workbook(workbook, rows)
    offices = Offices(folder, len(rows), with_units=with_units)
    checked = offices.fresh()
    bring_in(checked, workbook)
    check_equal(checked, rows)
    print(f"{name}-rows equal rows={len(rows)} columns={len(COLUMNS)}", flush=True)
    ours: list[float] = []
    floors: list[float] = []
    scans: list[float] = []
    steps: list[dict[str, float]] = []
    for _ in range(rounds):
        office = offices.fresh()
        floors.append(_seconds(lambda: floor(folder, workbook)))
        ours.append(_seconds(lambda office=office: steps.append(bring_in(office, workbook))))  # type: ignore[misc]
        scans.append(_seconds(lambda: scan(workbook)))
        shutil.rmtree(office)
    ratio = median(ours) / median(floors)
    spent = " ".join(f"{step}={median(told[step] for told in steps):.2f}s" for step in steps[0])
    print(f"{name}-steps {spent} (scan={median(scans):.2f}s of read)", flush=True)
    print(
        f"{name} ratio={ratio:.2f} goal={GOAL:.2f} floor={median(floors):.3f}s ours={median(ours):.3f}s",
        flush=True,
    )
    return ratio <= GOAL


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the comparison; 0 when the goal is reached."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000, help="number of rows")
    parser.add_argument("--rounds", type=int, default=3, help="number of rounds, taken in turn")
    options = parser.parse_args(arguments)
    rows = roster_rows(options.rows)
    gc.disable()
    with TemporaryDirectory() as folder:
        reached = [
            compare("roster-import", Path(folder) / "known", rows, options.rounds, with_units=True),
            compare("roster-import-new-units", Path(folder) / "new", rows, options.rounds, with_units=False),
        ]
    return 0 if all(reached) else 1


if __name__ == "__main__":
    raise SystemExit(main())
