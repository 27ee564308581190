"""R28: data folders and files to write to with names that programs trip over.

In each place an office is opened, worked in, backed up, restored and opened again; workbook, PDF and backup
are written under each name. All of it must work, or be refused with a sentence. What a name means is up to
the system: Windows refuses some of these, Linux takes all that are not too long.
"""

import argparse
import logging
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from benchmarks.reliability.losses import Losses
from benchmarks.reliability.offices import TODAY, Clerk, Clock, backups_of, copy_office, digests
from benchmarks.reliability.works import Stock, content_of, told_well
from cdo_desktop.errors import AppError
from cdo_desktop.office import Office
from cdo_desktop.store.integrity import check_database

NAMES = (
    *(
        "数据",
        "张三 的 数据",
        " 前后有空格 ",
        "a b",
        "#1",
        "50%",
        "R&D",
        "a&b#c%20d",
        "%APPDATA%",
        "$HOME",
        "~",
    ),
    *("a+b=c;d,e", "'单引号'", "（括号）[x]{y}", "!@^`", "file%3Aa", "𠮷野家", "é́", "-rf", ".隐藏", "a..b"),
    *("数据.", "数据...", "数据 .", "CON", "AUX", "NUL", "COM1", "con.数据", "LPT9.x"),
)
LENGTHS = (200, 240, 259, 260, 300, 900)  # characters of the whole path; Windows by itself ends at 259
_PART = 60  # characters of one folder's name; a file system allows 255 bytes
_FILES: tuple[tuple[str, Callable[[Office, Path], object]], ...] = (
    (".xlsx", lambda office, target: office.roster_export.write(target, as_of=TODAY, full=True)),
    (".pdf", lambda office, target: office.roster_export.write_contact_list(target, as_of=TODAY)),
    (".cdobak", lambda office, target: office.backups.back_up(target=target)),
)


@dataclass
class PathLosses(Losses):
    """The trials, and those that were not as they must be."""

    trials: int = 0
    refused: list[str] = field(default_factory=list)
    longest: int = 0  # of what the program puts below a data folder, in characters

    def __str__(self) -> str:
        return (
            f"R28 trials={self.trials} refused={len(self.refused)} lost={len(self.lost)} "
            f"(longest name below a data folder: {self.longest} characters)"
        )


def long_path(base: Path, length: int, ending: str = "") -> Path:
    """Return a path below ``base`` of so many characters in all, in folders whose names are not."""
    path = base
    while (left := length - len(str(path)) - 1 - len(ending)) > _PART + 1:
        path /= ("数据夹" * _PART)[: min(_PART, left - 2)]
    return path / f"{'长' * max(left, 1)}{ending}"


def places(base: Path, names: Sequence[str], lengths: Sequence[int]) -> Iterator[Path]:
    """Yield the folders to try."""
    yield from (base / "names" / name for name in names)
    yield from (long_path(base / "long", length) for length in lengths)


def run(
    stock: Stock, base: Path, names: Sequence[str] = NAMES, lengths: Sequence[int] = LENGTHS
) -> PathLosses:
    """Try every place as data folder, and every name as that of a file."""
    losses = PathLosses()
    for place in places(base, names, lengths):
        _judge(losses, f"data folder {_named(place)}", partial(_live, stock, place))
        below = [len(str(path.relative_to(place))) for path in place.rglob("*")]
        losses.longest = max(losses.longest, *below, 0)
    data = copy_office(stock.sample, base / "data").parent
    with Office(data, Clock()) as office:
        for ending, write in _FILES:
            targets = [base / "out" / f"{name}{ending}" for name in names]
            for target in [*targets, *(long_path(base / "out", length, ending) for length in lengths)]:
                target.parent.mkdir(parents=True, exist_ok=True)
                _judge(losses, f"file {_named(target)}", partial(_write, office, target, write))
    return losses


def _named(path: Path) -> str:
    return f"{path.name[:20]!r} ({len(str(path))} characters)"


def _judge(losses: PathLosses, what: str, trial: Callable[[], list[str]]) -> None:
    losses.trials += 1
    try:
        lost = trial()
    except AppError as error:
        losses.refused.append(f"{what}: {error}")
        lost = [] if told_well(error) else [f"said: {error}"]
    except Exception:  # noqa: BLE001  what must never be raised is what is looked for
        lost = [traceback.format_exc(limit=-6)]
    losses.lost += [f"{what}: {each}" for each in lost]


def _live(stock: Stock, place: Path) -> list[str]:
    """Work in a data folder, back it up, change it, restore it and open it again."""
    try:
        database = copy_office(stock.sample, place)
    except OSError:
        Office(place, Clock()).close()  # the system takes no such folder: the program has to say so
        return ["the system refused the folder, and the program did not"]
    with Office(place, Clock()) as office:
        clerk = Clerk(office, seed=28)
        clerk.step()
        office.forms.write_folder(office.forms.compose(unit="区信息委"), place / "备案表 #1")
        backup = office.backups.back_up().path
        office.system.form_texts.copy_shipped("filing_form")
    saved = digests(database)
    with Office(place, Clock()) as office:
        Clerk(office, seed=29).step()
    backups_of(place).restore(backup)
    with Office(place, Clock()) as office:
        whole = office.backups.check(thorough=True)
    restored = digests(database)
    lost = list(whole.problems)
    if restored[0] != saved[0]:
        lost.append("what was restored is not what was saved")
    return lost + ([] if check_database(database).ok else ["damaged"])


def _write(office: Office, target: Path, write: Callable[[Office, Path], object]) -> list[str]:
    write(office, target)
    wrong = content_of(target).startswith(("bad", "'broken", "empty"))
    return ["what was written is no good file"] if wrong else []


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the trials and print the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.parse_args(arguments)
    logging.disable(logging.CRITICAL)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        losses = run(Stock(Path(name) / "stock"), Path(name))
    status = losses.tell(begun)
    print(*losses.refused, sep="\n", end="\n" if losses.refused else "")
    return status


if __name__ == "__main__":
    sys.exit(main())
