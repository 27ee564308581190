"""R25: 2,000 damaged files, texts and settings for everything that reads what others wrote.

Workbooks (bytes, and parts inside the zip with every checksum right), holiday notices and files, backups and
their manifests, attachments, drafts, remembered layouts, and blocks on the clipboard. Each must be read or be
refused with a sentence; none may take ten seconds or more memory than the real child has. A worker reads one
case after the other; where it dies or hangs, the next one begins behind that case. Workbooks that killed it,
and some more, are read once again as the program does it, in a child of their own.
"""

import argparse
import logging
import multiprocessing
import os
import random
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TypeAlias

from benchmarks.reliability.attachment_names import PDF
from benchmarks.reliability.mutations import (
    damage,
    damaged_json,
    damaged_manifest,
    damaged_parts,
    damaged_text,
)
from benchmarks.reliability.offices import TODAY, Clock, backups_of, make_sample
from cdo_desktop.documents.readers import limits
from cdo_desktop.documents.readers.attachment import check_content
from cdo_desktop.documents.readers.extract import extract
from cdo_desktop.documents.readers.roster_sheet import read_roster
from cdo_desktop.documents.readers.workbook import decode, read_workbook
from cdo_desktop.errors import AppError
from cdo_desktop.rules.attachments import SUFFIXES
from cdo_desktop.rules.notice_text import notice_year, read_notice
from cdo_desktop.services.holiday_files import read_holiday_file
from cdo_desktop.store.backup import read_manifest, verify_backup
from cdo_desktop.store.manifest import MANIFEST_NAME, BackupKind
from cdo_desktop.ui.common.draft_files import Draft, DraftField, DraftFiles
from cdo_desktop.ui.common.pasted_block import read_block
from cdo_desktop.ui.common.table_columns import Column
from cdo_desktop.ui.common.table_copy import CopiedTable, as_html, as_tsv
from cdo_desktop.ui.common.table_layout import default_layout, layout_from_json

EXAMPLES = 2_000
CHILDREN = 100  # of the workbooks, once more through the child
HANG = 10.0  # seconds
_DATA = Path(__file__).resolve().parents[2] / "tests" / "data"
_WORKBOOKS = ("roster.xlsx", "roster.xls", "dates1904.xls", "encrypted.xls", "far.xls")
_COLUMNS = tuple(Column[str](key, key, str, hidden=key == "c") for key in "abcd")


@dataclass(frozen=True)
class Stock:
    """Whole files to damage; made once."""

    workbooks: tuple[bytes, ...]
    zips: tuple[bytes, ...]
    notices: tuple[str, ...]
    backup: bytes
    draft: bytes
    draft_name: str


Case: TypeAlias = Callable[[Stock, random.Random, Path], None]


def make_stock(folder: Path) -> Stock:
    """Make the files that are damaged: those of the tests, and what this program writes."""
    from cdo_desktop.office import Office

    database = make_sample(folder / "office")
    with Office(database.parent, Clock()) as office:
        office.roster_export.write(folder / "名册.xlsx", as_of=TODAY, full=True)
    backup = backups_of(database.parent).back_up(BackupKind.MANUAL)
    drafts = DraftFiles(folder, Clock())
    slot = drafts.look_up("person:1").free
    slot.keep(Draft("person:1", 3, "张三", Clock()(), {"name": DraftField("张三", "李四")}))
    slot.carry_out()
    (draft,) = drafts.folder.iterdir()
    own = (folder / "名册.xlsx").read_bytes()
    return Stock(
        workbooks=(own, *((_DATA / "workbooks" / name).read_bytes() for name in _WORKBOOKS)),
        zips=(own, (_DATA / "workbooks" / "roster.xlsx").read_bytes()),
        notices=tuple(path.read_text(encoding="utf-8") for path in (_DATA / "notices").glob("*.txt")),
        backup=backup.path.read_bytes(),
        draft=draft.read_bytes(),
        draft_name=draft.name,
    )


def _workbook(stock: Stock, chance: random.Random, folder: Path) -> None:
    _read_here(_damaged_workbook(stock, chance, folder))


def _parts(stock: Stock, chance: random.Random, folder: Path) -> None:
    _read_here(_workbook_of_damaged_parts(stock, chance, folder))


def _damaged_workbook(stock: Stock, chance: random.Random, folder: Path) -> Path:
    path = folder / f"名册.{chance.choice(('xlsx', 'xls', 'et'))}"
    path.write_bytes(damage(chance.choice(stock.workbooks), chance))
    return path


def _workbook_of_damaged_parts(stock: Stock, chance: random.Random, folder: Path) -> Path:
    path = folder / "名册.xlsx"
    path.write_bytes(damaged_parts(chance.choice(stock.zips), chance))
    return path


_MAKERS = {"workbook": _damaged_workbook, "parts": _workbook_of_damaged_parts}


def _read_here(path: Path) -> None:
    """Do what the child does, and what is done with its answer."""
    extract(path, path.with_suffix(".jsonl"))
    with path.with_suffix(".jsonl").open(encoding="utf-8") as lines:
        read_roster(decode(lines))


def _notice(stock: Stock, chance: random.Random, _folder: Path) -> None:
    text = damaged_text(chance.choice(stock.notices), chance)
    read_notice(text, chance.choice((notice_year(text) or 2026, 2026, 1, 9999)))


def _holiday_file(_stock: Stock, chance: random.Random, folder: Path) -> None:
    table = "日期,类型,名称\r\n2027-01-01,休,元旦\r\n2027-01-03,班,元旦\r\n46388,休,春节\r\n"
    days = '{"date": "2027-01-01", "isOffDay": true, "name": "元旦"}'
    notice = '{"year": 2027, "off": {"2027-01-01": "元旦"}, "work": {"2027-01-03": "元旦"}}'
    name, content = chance.choice(
        (
            ("放假.csv", damage(table.encode(chance.choice(("utf-8-sig", "gb18030"))), chance)),
            ("放假.csv", damaged_text(table, chance).encode(errors="replace")),
            ("放假.json", damaged_json(f'{{"year": 2027, "days": [{days}, {days}]}}'.encode(), chance)),
            ("放假.json", damaged_json(f'{{"notices": [{notice}]}}'.encode(), chance)),
        )
    )
    (folder / name).write_bytes(content)
    read_holiday_file(folder / name)


def _backup(stock: Stock, chance: random.Random, folder: Path) -> None:
    path = folder / "备份.cdobak"
    tail = -min(len(stock.backup), 6_000)  # the zip and the seal; what is before is the database
    path.write_bytes(stock.backup[:tail] + damage(stock.backup[tail:], chance))
    try:
        read_manifest(path)
    finally:
        verify_backup(path)


def _manifest(stock: Stock, chance: random.Random, folder: Path) -> None:
    path = folder / "备份.cdobak"
    path.write_bytes(damaged_manifest(stock.backup, MANIFEST_NAME, lambda raw: damaged_json(raw, chance)))
    verify_backup(path)


def _attachment(stock: Stock, chance: random.Random, _folder: Path) -> None:
    content, suffix = chance.choice(
        ((PDF, "pdf"), *((book, "xlsx") for book in stock.zips), (stock.workbooks[2], "xls"))
    )
    content = damaged_parts(content, chance) if content in stock.zips else damage(content, chance)
    kind = SUFFIXES[suffix] if chance.random() < 0.7 else chance.choice(list(SUFFIXES.values()))
    check_content(content, kind, "任免文件")


def _draft(stock: Stock, chance: random.Random, folder: Path) -> None:
    files = DraftFiles(folder, Clock())
    files.folder.mkdir(exist_ok=True)
    (files.folder / stock.draft_name).write_bytes(damaged_json(stock.draft, chance))
    files.look_up("person:1")


def _layout(_stock: Stock, chance: random.Random, _folder: Path) -> None:
    kept = damaged_json(default_layout(_COLUMNS).to_json().encode(), chance).decode(errors="replace")
    layout = layout_from_json(kept, _COLUMNS, 1)
    if {column.key for column in layout.columns} != set("abcd") or layout.columns[0].hidden:
        raise ValueError("a layout without all columns")


def _clipboard(_stock: Stock, chance: random.Random, _folder: Path) -> None:
    rows = [(f"单位{number}", "1\n2", "a<b&c") for number in range(5)]
    table = CopiedTable(("单位", "职务", "备注"), rows, (False, False, False))
    html = as_html(table, True).replace("<td", chance.choice(("<td", "<td rowspan=2", "<td colspan=3")), 4)
    read_block(damaged_text(html, chance), damaged_text(as_tsv(table, True), chance))


CASES: dict[str, tuple[Case, int]] = {
    "workbook": (_workbook, 5),
    "parts": (_parts, 5),
    "notice": (_notice, 2),
    "holiday_file": (_holiday_file, 2),
    "backup": (_backup, 1),
    "manifest": (_manifest, 2),
    "attachment": (_attachment, 1),
    "draft": (_draft, 1),
    "layout": (_layout, 1),
    "clipboard": (_clipboard, 2),
}
"""Every kind of case, and how many of 22."""

_ORDER = [name for name, (_, share) in CASES.items() for _ in range(share)]


@dataclass
class Losses:
    """How the cases ended, and what must not have happened."""

    ended: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    crashed: list[str] = field(default_factory=list)
    hung: list[str] = field(default_factory=list)
    died: list[int] = field(default_factory=list)  # the worker; a workbook must be a sentence in the child

    @property
    def total(self) -> int:
        """Everything that must not happen."""
        return len(self.crashed) + len(self.hung)


def name_of(number: int) -> str:
    """Return the kind of the n-th case."""
    return _ORDER[number % len(_ORDER)]


def _chance(seed: int, number: int) -> random.Random:
    return random.Random(seed * 1_000_003 + number)


def try_case(stock: Stock, number: int, seed: int, folder: Path) -> str:
    """Run one case and return how it ended: read, refused, or a traceback."""
    case, _ = CASES[name_of(number)]
    try:
        case(stock, _chance(seed, number), folder)
    except AppError as error:
        return "refused" if str(error).endswith("。") else f"no sentence: {error}"
    except BaseException:  # noqa: BLE001  whatever else comes out, a panic of calamine too, is what is looked for
        return traceback.format_exc(limit=-5)
    return "read"


def _work(stock: Stock, numbers: range, seed: int, folder: Path, sending: Connection) -> None:
    logging.disable(logging.CRITICAL)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # calamine tells of a panic there
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (2 * limits.READ_MEMORY_BYTES,) * 2)
    for number in numbers:
        sending.send(try_case(stock, number, seed, folder))


def run(examples: int, children: int, seed: int, folder: Path) -> Losses:
    """Try that many cases, and so many workbooks through the real child."""
    losses = Losses()
    stock = make_stock(folder)
    place = folder / "place"
    place.mkdir()
    begin = 0
    while begin < examples:
        begin = _run_worker(losses, stock, range(begin, examples), seed, place)
    books = [number for number in range(examples) if name_of(number) in _MAKERS]
    for number in (*losses.died, *books[: max(0, children)]):
        _run_child(losses, stock, number, seed, place)
    return losses


def _run_worker(losses: Losses, stock: Stock, numbers: range, seed: int, place: Path) -> int:
    """Let one worker go as far as it comes; return the case that is next."""
    receiving, sending = multiprocessing.Pipe(duplex=False)
    worker = multiprocessing.Process(target=_work, args=(stock, numbers, seed, place, sending))
    worker.start()
    sending.close()
    try:
        for number in numbers:
            begun = time.monotonic()
            what = f"{name_of(number)} {number}"
            if not receiving.poll(HANG):
                losses.hung.append(what)
                return number + 1
            try:
                ended = receiving.recv()
            except EOFError:
                losses.died.append(number)
                return number + 1
            losses.slowest = max(losses.slowest, time.monotonic() - begun)
            _count(losses, what, ended)
    finally:
        worker.kill()
        worker.join()
        receiving.close()
    return numbers.stop


def _count(losses: Losses, what: str, ended: str) -> None:
    if ended in ("read", "refused"):
        losses.ended[f"{what.split()[0]} {ended}"] += 1
    elif "PanicException" in ended or "MemoryError" in ended:
        losses.died.append(int(what.split()[1]))
    else:
        losses.crashed.append(f"{what}\n{ended}")


def _run_child(losses: Losses, stock: Stock, number: int, seed: int, place: Path) -> None:
    """Read a damaged workbook as the program does; its child may die, this process may not."""
    name = name_of(number)
    what = f"{name} {number} in a child"
    if name not in _MAKERS:
        losses.crashed.append(f"{name} {number} killed its process")
        return
    path = _MAKERS[name](stock, _chance(seed, number), place)
    begun = time.monotonic()
    try:
        read_roster(read_workbook(path))
        ended = "read"
    except AppError as error:
        ended = "refused" if str(error).endswith("。") else f"no sentence: {error}"
    if time.monotonic() - begun > HANG:
        losses.hung.append(what)
    if ended in ("read", "refused"):
        losses.ended[f"child {ended}"] += 1
    else:
        losses.crashed.append(f"{what}\n{ended}")


def main() -> int:
    """Run the trials and print the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=EXAMPLES)
    parser.add_argument("--children", type=int, default=CHILDREN)
    parser.add_argument("--seed", type=int, default=25)
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        losses = run(options.examples, options.children, options.seed, Path(name))
    for name, count in sorted(losses.ended.items()):
        print(f"  {name}: {count}")
    print(
        f"R25 examples={options.examples} uncaught={len(losses.crashed)} hung={len(losses.hung)} "
        f"(slowest {losses.slowest:.1f} s; the worker died or panicked at {len(losses.died)} workbooks, "
        f"in the child each a sentence) in {time.monotonic() - begun:.0f} s"
    )
    print(*losses.crashed[:20], *losses.hung, sep="\n", end="\n" if losses.total else "")
    return 1 if losses.total else 0


if __name__ == "__main__":
    sys.exit(main())
