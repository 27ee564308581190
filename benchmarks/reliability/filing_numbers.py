"""Two programs that give numbers to filings of one database at the same moment: no gap, and none given twice.

Each is a process of its own with its half of the filings, which it numbers one by one; a program that has to
wait for the other asks again, as a clerk would.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from benchmarks.reliability.losses import Losses
from benchmarks.reliability.offices import TODAY, Clock, copy_office, make_sample
from cdo_desktop.documents.readers.child import child_environment
from cdo_desktop.errors import BusyError
from cdo_desktop.office import Office
from cdo_desktop.rules.filing_steps import FilingStep
from cdo_desktop.rules.vocabulary import FilingKind, FilingState

EACH = 500
_PAUSE = 0.002  # seconds before the next try


@dataclass
class NumberLosses(Losses):
    """How many numbers were given, and what is wrong with them."""

    given: int = 0
    waits: int = 0

    def __str__(self) -> str:
        return f"numbers given={self.given} waits={self.waits} lost={len(self.lost)}"


def run(sample: Path, folder: Path, each: int) -> NumberLosses:
    """Let two programs number ``each`` filings and return what is wrong afterwards."""
    data = folder / "data"
    copy_office(sample, data)
    ids = _add_filings(data, 2 * each)
    with Office(data, Clock()) as office:
        before = _last_count(office)
    halves = (ids[::2], ids[1::2])
    children = [
        subprocess.Popen(
            [
                *(sys.executable, "-P", "-m", "benchmarks.reliability.filing_numbers", "--child", str(data)),
                *("--ids", ",".join(map(str, half))),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=child_environment(),
        )
        for half in halves
    ]
    _start_together(children)
    losses = NumberLosses()
    for child in children:
        told, _nothing = child.communicate()
        if child.returncode:
            losses.lost.append(f"a program ended with status {child.returncode}")
        else:
            losses.waits += int(told)
    _compare(data, ids, before, losses)
    return losses


def _start_together(children: list[subprocess.Popen[str]]) -> None:
    """Let the programs begin when all of them are open: one that ended says so with its status."""
    for child in children:
        if child.stdout is not None:
            child.stdout.readline()
    for child in children:
        if child.stdin is not None:
            with suppress(BrokenPipeError):
                child.stdin.write("\n")
                child.stdin.flush()


def _add_filings(data: Path, count: int) -> list[int]:
    """Add filings whose original has been received, all of one tenure."""
    with Office(data, Clock()) as office, office._database.write() as session:
        connection = session.connection()
        tenure_id = connection.exec_driver_sql("SELECT min(id) FROM tenures").scalar_one()
        insert = (
            "INSERT INTO filings (uuid, tenure_id, kind, state, received_on, original_on, change_reason,"
            " predecessor_name, predecessor_title, handover, filler, filler_phone, due_provisional,"
            " late_reason, void_reason, content, digest, version)"
            " VALUES (?, ?, ?, ?, ?, ?, '', '', '', '', '', '', 0, '', '', '{}', '', 1) RETURNING id"
        )
        day = TODAY.isoformat()
        fixed = (tenure_id, FilingKind.CHANGE, FilingState.RECEIVED, day, day)
        return [connection.exec_driver_sql(insert, (str(uuid4()), *fixed)).scalar_one() for _ in range(count)]


def _last_count(office: Office) -> int:
    """Return the count that the next number of the year has, less one."""
    return int(office.numbers.next_number(TODAY.year).rpartition("-")[2]) - 1


def _compare(data: Path, ids: list[int], before: int, losses: NumberLosses) -> None:
    with Office(data, Clock()) as office, office._database.snapshot() as connection:
        rows = connection.execute(
            "SELECT number, number_count FROM filings WHERE id >= ? ORDER BY number_count", (min(ids),)
        ).fetchall()
    losses.given = sum(number is not None for number, _count in rows)
    wanted = list(range(before + 1, before + 1 + len(ids)))
    counts = [count for _number, count in rows]
    if counts != wanted:
        losses.lost.append(f"counts are not {wanted[0]} to {wanted[-1]}: {counts[:5]} … {counts[-5:]}")
    if [number for number, _count in rows] != [f"{TODAY.year}-{count:03d}" for count in wanted]:
        losses.lost.append("a number is not that of its count")


def _child(data: Path, ids: list[int]) -> None:
    waits = 0
    with Office(data, Clock()) as office:
        print("open", flush=True)
        sys.stdin.readline()
        for filing_id in ids:
            while True:
                try:
                    office.filings.file(office.filings.plan(FilingStep.FILE, [filing_id]))
                except BusyError:
                    waits += 1
                    time.sleep(_PAUSE)
                else:
                    break
    print(waits)


def main() -> int:
    """Print the counts; status 1 when a number is missing or double."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=EACH)
    parser.add_argument("--child", type=Path)
    parser.add_argument("--ids", default="")
    options = parser.parse_args()
    if options.child:
        _child(options.child, [int(number) for number in options.ids.split(",")])
        return 0
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        losses = run(make_sample(Path(folder) / "sample"), Path(folder), options.each)
    return losses.tell(begun)


if __name__ == "__main__":
    sys.exit(main())
