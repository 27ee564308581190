"""R27: an export onto a file that Excel or WPS holds open; the old file stays and the next try works.

Windows denies such a file from its opening on or, when it is opened meanwhile, at the replacing. Both are
made up here, so it runs on Linux as well. Each must be refused with a sentence that names the file, leave it
byte for byte as it was, leave no other file and nothing in the register; and once it is closed, it works.
"""

import argparse
import errno
import logging
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from benchmarks.reliability.attachments import OWNER
from benchmarks.reliability.losses import Losses
from benchmarks.reliability.offices import TODAY, backups_of
from benchmarks.reliability.works import WORKS, Place, Stock, Work, content_of, do, told_well
from cdo_desktop.documents.pdf.filing_form import write_instructions
from cdo_desktop.errors import FileInUseError
from cdo_desktop.office import Office
from cdo_desktop.rules.vocabulary import FILED_POSTS
from cdo_desktop.services.register import RegisterQuery
from cdo_desktop.services.trail import TrailQuery

HELD = ("open", "replace")
"""What is denied: the first look at the old file, or only the putting in its place."""

_SHARED = {work.name: work.run for work in WORKS}


@dataclass(frozen=True)
class Export:
    """One thing that is written where the user wants it; of a folder, ``target`` is the last file in it."""

    name: str
    target: str
    write: Callable[[Place, Office], object]


@dataclass
class TargetLosses(Losses):
    """The trials, and those that were not as they must be."""

    trials: int = 0

    def __str__(self) -> str:
        return f"R27 trials={self.trials} lost={len(self.lost)}"


def _attachment(place: Place, office: Office) -> None:
    incoming = place.folder / "任免文件.pdf"
    write_instructions(incoming, FILED_POSTS)
    office.attachments.add(OWNER, [incoming])  # the second time it is there already
    (row,) = office.attachments.list_of(OWNER)
    office.attachments.save_as(row.attachment_id, place.out / "附件.pdf")


def _one_form(place: Place, office: Office) -> object:
    rows = office.register.all_rows(RegisterQuery(as_of=TODAY))
    post = next(row.post_id for row in rows if row.tenure_id is not None and row.post in FILED_POSTS)
    return office.forms.write_folder(office.forms.compose(post_ids=[post]), place.out)


def _person(office: Office) -> int:
    rows = office.register.all_rows(RegisterQuery(as_of=TODAY))
    held = next(row.tenure_id for row in rows if row.tenure_id is not None)
    return office.holders.get(held).person_id or 0


EXPORTS = (
    Export("roster", "名册.xlsx", _SHARED["export the roster"]),
    Export("contact list", "通讯录.pdf", _SHARED["export the contact list"]),
    Export("template", "模板.xlsx", _SHARED["write the template"]),
    Export("forms in one file", "备案表.pdf", _SHARED["forms in one file"]),
    Export("forms in a folder", "", _one_form),
    Export("marked copy", "问题.xlsx", _SHARED["read and mark a workbook"]),
    Export(
        "instructions",
        "填表说明.pdf",
        lambda place, _office: write_instructions(place.out / "填表说明.pdf", FILED_POSTS),
    ),
    Export(
        "operations",
        "操作记录.xlsx",
        lambda place, office: office.trail.export(TrailQuery(), place.out / "操作记录.xlsx"),
    ),
    Export(
        "personal data",
        "个人信息.xlsx",
        lambda place, office: office.personal_data.write_copy(_person(office), place.out / "个人信息.xlsx"),
    ),
    Export("attachment", "附件.pdf", _attachment),
    Export(
        "backup",
        "备份.cdobak",
        lambda place, _office: backups_of(place.data, place.clock).back_up(target=place.out / "备份.cdobak"),
    ),
    Export(
        "backup with its line",
        "备份.cdobak",
        lambda place, office: office.backups.back_up(target=place.out / "备份.cdobak"),
    ),
)


@contextmanager
def held_open(target: Path, how: str) -> Iterator[None]:
    """Let a file be denied as Windows does while another program has it open."""
    denied = PermissionError(errno.EACCES, "The process cannot access the file", str(target))
    opened, replaced = Path.open, Path.replace

    def deny_open(path: Path, mode: str = "r", *more: Any, **options: Any) -> Any:
        if how == "open" and path == target and mode != "rb":
            raise denied
        return opened(path, mode, *more, **options)

    def deny_replace(path: Path, to: Path) -> Path:
        if Path(to) == target:
            raise denied
        return replaced(path, to)

    with patch.object(Path, "open", deny_open), patch.object(Path, "replace", deny_replace):
        yield


def run(stock: Stock, folder: Path, exports: Sequence[Export] = EXPORTS) -> TargetLosses:
    """Try every export on a target that is held, in both ways, and again when it is free."""
    losses = TargetLosses()
    place = Place(folder, stock)
    for export in exports:
        for how in HELD:
            losses.trials += 1
            try:
                lost = _try(export, how, place)
            except Exception:  # noqa: BLE001  what must never be raised is what is looked for
                lost = [traceback.format_exc(limit=-6)]
            losses.lost += [f"{export.name}, {how}: {what}" for what in lost]
    return losses


def _try(export: Export, how: str, place: Place) -> list[str]:
    place.lay_out(place.stock.sample)
    work = Work(export.name, export.write)
    target = place.out / (export.target or _first_form(work, place))
    old = f"old {target.name}".encode()
    target.write_bytes(old)
    files = set(place.out.iterdir())
    rows = _exports_told(place)
    with held_open(target, how):
        error = do(work, place)
    lost = [f"said: {error}"] if not isinstance(error, FileInUseError) or not told_well(error) else []
    if error is not None and target.name not in str(error):
        lost.append("the sentence does not name the file")
    if target.read_bytes() != old:
        lost.append("the old file is changed")
    left = {*place.leftovers(), *(set(place.out.iterdir()) - files)}
    lost += [f"left behind: {path.name}" for path in left]
    lost += [f"left open: {name}" for name in place.left_open()]
    if _exports_told(place) != rows:
        lost.append("the history tells of a file that was not written")
    again = do(work, place)
    if again is not None or content_of(target).startswith(("bad", "'broken")) or target.read_bytes() == old:
        lost.append(f"the second try: {again or 'no good file'}")
    return lost


def _first_form(work: Work, place: Place) -> str:
    """Return the name that the form gets by itself, and lay the place out anew."""
    before = set(place.out.iterdir())
    do(work, place)
    (made,) = set(place.out.iterdir()) - before
    place.lay_out(place.stock.sample)
    return made.name


def _exports_told(place: Place) -> int:
    """Return how many lines of the history say that something was handed out."""
    with place.office() as office:
        lines = office.trail.rows(office.trail.keys(TrailQuery())).values()
    return sum(line.action in ("导出", "出表", "再次出表") for line in lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the trials and print the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--export", action="append", choices=[export.name for export in EXPORTS])
    options = parser.parse_args(arguments)
    chosen = [export for export in EXPORTS if options.export is None or export.name in options.export]
    logging.disable(logging.CRITICAL)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        losses = run(Stock(Path(name) / "stock"), Path(name) / "place", chosen)
    return losses.tell(begun)


if __name__ == "__main__":
    sys.exit(main())
