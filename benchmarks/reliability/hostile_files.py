"""R20-R22: bombs, far cells and what only looks like a workbook, each read as the program reads it.

The child that reads must refuse with a sentence, or read, within the seconds and the memory of the case; it
must open no network connection and no file that the workbook names. The time that counts is that of the
clock; what the child computed is printed beside it, to tell a busy machine.
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from openpyxl.utils import get_column_letter

from benchmarks.reliability.hostile_books import (
    DATA,
    HOSTILE,
    MEGABYTE,
    REFUSED,
    SHEET_PART,
    edited,
    with_rows,
    xlsx,
)
from benchmarks.reliability.losses import Losses
from benchmarks.reliability.reading_cost import Cost, reading_cost
from cdo_desktop.documents.readers import limits
from cdo_desktop.documents.readers.child import child_command, child_environment

CUTS = 60  # places at which each kind of workbook is cut off
BOMBS = ("ratio", "size", "entries", "sheet of a false size", "list of sheets of a false size")
_ADDRESS = "http://127.0.0.1:9/canary"
_REACHES_OUT = re.compile(r"connect\(|AF_INET|[\w/]canary")


@dataclass(frozen=True)
class Case:
    """One workbook: its trial, and what it may cost; ``sentence`` is "" where it may be read as well."""

    trial: str
    name: str
    content: bytes
    sentence: str = ""
    seconds: float = 10
    memory: int = 500 * MEGABYTE


@dataclass
class HostileLosses(Losses):
    """The cases, and those that were not as they must be."""

    trials: dict[str, int] = field(default_factory=dict)
    worst: dict[str, tuple[float, float, int]] = field(default_factory=dict)  # computing, clock, memory
    traced: int = 0

    def judge(self, case: Case, cost: Cost) -> None:
        """Count one case and note what is wrong with its end."""
        self.trials[case.trial] = self.trials.get(case.trial, 0) + 1
        worst = self.worst.get(case.trial, (0.0, 0.0, 0))
        measured = (cost.computing, cost.seconds, cost.memory)
        self.worst[case.trial] = (
            max(worst[0], measured[0]),
            max(worst[1], measured[1]),
            max(worst[2], measured[2]),
        )
        what = f"{case.trial} {case.name}"
        if not cost.is_refused and (case.sentence or not cost.is_read):
            self.lost.append(f"{what}: ended with {cost.status}")
        elif not re.search(case.sentence, cost.sentence):
            self.lost.append(f"{what}: said {cost.sentence}")
        if cost.seconds > case.seconds or cost.memory > case.memory:
            self.lost.append(f"{what}: {cost.seconds:.1f} s, {cost.memory // MEGABYTE} MB")


def cases(cuts: int, base: int) -> Iterator[Case]:
    """Yield all cases; ``base`` is the memory of a child that reads one cell."""
    for name, (make, sentence) in HOSTILE.items():
        if name in BOMBS:
            yield Case("R20", name, make(), sentence, 1, base + 100 * MEGABYTE)
        else:
            yield Case("R21", name, make(), sentence)
    # The largest that is read: two corners just inside the limits make calamine hold every cell between them.
    row, column = limits.MAX_CELLS // 900, get_column_letter(900)
    corners = f'<row r="1"><c r="{column}1"><v>1</v></c><c r="A{row}"><v>1</v></c></row>'
    yield Case("R21", "two corners inside the limits", with_rows(corners))
    for name, (content, sentence) in REFUSED.items():
        yield Case("R22", name, content, sentence)
    for name, content in reaching_out():
        yield Case("R22", name, content)
    for source in ("roster.xlsx", "roster.xls", "dates1904.xls"):
        whole = (DATA / source).read_bytes()
        for cut in range(cuts):
            length = len(whole) * cut // cuts
            yield Case("R22", f"{source} cut to {length} bytes", whole[:length], "已损坏|空文件|不是工作簿")


def reaching_out() -> Iterator[tuple[str, bytes]]:
    """Yield workbooks that name something outside, by address and by path."""
    for address in (_ADDRESS, "file:///etc/canary"):
        yield f"entity {address}", _with_doctype(f'<!DOCTYPE x [<!ENTITY e SYSTEM "{address}">]>')
        yield f"document type {address}", _with_doctype(f'<!DOCTYPE x SYSTEM "{address}">')
        yield f"parameter {address}", _with_doctype(f'<!DOCTYPE x [<!ENTITY % e SYSTEM "{address}"> %e;]>')
        for kind in (
            "externalLinkPath",
            "hyperlink",
            "image",
            "attachedTemplate",
            "worksheet",
            "connections",
        ):
            yield f"{kind} {address}", _with_relation(kind, address)
        formula = f'<row r="1"><c r="A1"><f>[{address}]Sheet1!A1</f><v>5</v></c></row>'
        yield f"formula {address}", with_rows(formula)
    yield "DDE", with_rows('<row r="1"><c r="A1"><f>cmd|\'/C calc\'!A0</f><v>5</v></c></row>')


def _with_doctype(text: str) -> bytes:
    def edit(name: str, part: bytes) -> bytes:
        return part.replace(b"<worksheet", text.encode() + b"<worksheet", 1) if name == SHEET_PART else part

    return edited(xlsx(), edit)


def _with_relation(kind: str, address: str) -> bytes:
    """Return a workbook whose book and sheet have a relation that leads outside."""
    base = "http://schemas.openxmlformats.org"
    relation = (
        f'<Relationship Id="rX" Type="{base}/officeDocument/2006/relationships/{kind}" '
        f'Target="{address}" TargetMode="External"/></Relationships>'
    ).encode()
    head = f'<Relationships xmlns="{base}/package/2006/relationships">'.encode()

    def edit(name: str, part: bytes) -> bytes:
        if name == "xl/_rels/workbook.xml.rels":
            return part.replace(b"</Relationships>", relation)
        return part

    return edited(xlsx(), edit, {"xl/worksheets/_rels/sheet1.xml.rels": head + relation})


def run(cuts: int, folder: Path) -> HostileLosses:
    """Read every case in a child of its own."""
    losses = HostileLosses()
    path = folder / "名册.xlsx"
    path.write_bytes(xlsx())
    base = reading_cost(folder / "base", path).memory
    for case in cases(cuts, base):
        path.write_bytes(case.content)
        answer = folder / "answer"
        cost = reading_cost(answer, path)
        shutil.rmtree(answer)
        losses.judge(case, cost)
        if not case.name.startswith("roster") and "cut to" not in case.name:
            print(
                f"  {case.trial} {case.name}: {cost.computing:.2f} s ({cost.seconds:.2f} s by the clock), "
                f"{cost.memory // MEGABYTE} MB, {'read' if cost.is_read else cost.sentence or 'died'}",
                flush=True,
            )
    _trace(losses, folder)
    return losses


def _trace(losses: HostileLosses, folder: Path) -> None:
    """Watch the calls of the children whose workbooks name something outside."""
    if shutil.which("strace") is None:
        return
    path, log = folder / "名册.xlsx", folder / "calls"
    watched = ["strace", "-f", "-qq", "-o", str(log), "-e", "trace=%network,open,openat,stat,execve"]
    for name, content in reaching_out():
        path.write_bytes(content)
        answer = folder / "answer"
        answer.mkdir()
        command = child_command("_read", str(answer), str(path))
        subprocess.run([*watched, *command], env=child_environment(), stderr=subprocess.DEVNULL, check=False)
        calls = log.read_text(encoding="utf-8", errors="replace")
        losses.traced += path.name in calls or "openat(" in calls
        losses.lost += [f"R22 {name}: {line}" for line in calls.splitlines() if _REACHES_OUT.search(line)]
        shutil.rmtree(answer)


def main() -> int:
    """Run the trials and print the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cuts", type=int, default=CUTS)
    options = parser.parse_args()
    if sys.platform == "win32":
        print("R20-R22 not run: the memory of a child is measured on Linux")
        return 0
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        losses = run(options.cuts, Path(name))
    for trial, count in losses.trials.items():
        computing, seconds, memory = losses.worst[trial]
        lost = sum(line.startswith(trial) for line in losses.lost)
        print(
            f"{trial} workbooks={count} lost={lost} worst: {computing:.2f} s of computing, "
            f"{seconds:.2f} s by the clock, {memory // MEGABYTE} MB"
        )
    print(f"R22 watched by strace: {losses.traced}; all in {time.monotonic() - begun:.0f} s")
    print(*losses.lost, sep="\n", end="\n" if losses.lost else "")
    return 1 if losses.total else 0


if __name__ == "__main__":
    sys.exit(main())
