"""Start-up against a bare PySide6 window with four tabs and a table of 200 rows.

Each round starts both in turn, as processes of their own with compiled modules. First it is asserted that the
program shows all rows of its database and has imported no library for documents. Then the ratios of the
medians are printed: process start to first painted frame, to the register filled with 200 rows, and memory.
Run it on an idle machine: both sides suffer from a busy one, but not alike.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from cdo_desktop.office import Office
from cdo_desktop.rules.vocabulary import UnitCategory
from cdo_desktop.services.register import RegisterQuery
from cdo_desktop.services.unit_draft import UnitDraft

ROOT = Path(__file__).resolve().parents[1]
MORE_UNITS = 42  # beside the sample district: 200 rows, as the bare table has
PAINT_GOAL, FILLED_GOAL, MEMORY_GOAL = 1.15, 2.7, 1.6
NOT_AT_START = (
    "openpyxl",
    "reportlab",
    "pypinyin",
    "alembic",
    "borax",
    "platformdirs",
    "pypdfium2",
    "python_calamine",
)


def make_register(folder: Path) -> list[str]:
    """Fill a data folder with 200 posts and return the units of its rows in register order."""
    with Office(folder) as office:
        office.sample.create()
        for number in range(MORE_UNITS):
            name = f"第{number + 1}服务中心"
            office.units.save(
                UnitDraft(full_name=f"上海市宝山区{name}", short_name=name, category=UnitCategory.OTHER)
            )
        return [row.unit for row in office.register.all_rows(RegisterQuery())]


def start(module: str, *arguments: str, environment: dict[str, str]) -> dict[str, Any]:
    """Run one side and return what it reports, its times counted from the start of its process."""
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode or not done.stdout:
        sys.exit(f"{module} did not start:\n{done.stderr}")
    told: dict[str, Any] = json.loads(done.stdout)
    return told | {key: told[key] - began for key in ("painted", "filled") if key in told}


def check(bare: dict[str, Any], ours: dict[str, Any], units: list[str]) -> None:
    """Stop unless both show what they claim to."""
    assert bare["rows"] == 200
    assert bare["painted"] > 0
    assert ours["rows"] == len(units) >= bare["rows"]
    assert (ours["first"][0], ours["last"][0]) == (units[0], units[-1])
    assert ours["filled"] > ours["painted"] > 0
    early = [name for name in NOT_AT_START if name in ours["modules"]]
    assert not early, f"imported before they are needed: {early}"


def compiled(folder: Path) -> dict[str, str]:
    """Return an environment in which modules are compiled once, wherever the program lies."""
    environment = dict(os.environ)
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    environment["PYTHONPYCACHEPREFIX"] = str(folder / "compiled")
    environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    return environment


def compare(name: str, goal: float, floor: list[float], ours: list[float], unit: str) -> bool:
    """Print the ratio of the medians with its goal and both sides; return whether the goal is reached."""
    low, high = median(floor), median(ours)
    print(
        f"{name} ratio={high / low:.2f} goal={goal} floor={low:.3f}{unit} ours={high:.3f}{unit}", flush=True
    )
    return high / low <= goal


def measure(rounds: int, folder: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the reports of both sides, started in turn; two first rounds compile and check."""
    environment = compiled(folder)
    units = make_register(folder / "data")
    bare: list[dict[str, Any]] = []
    ours: list[dict[str, Any]] = []
    for _round in range(rounds + 2):
        bare.append(start("benchmarks.startup_bare", environment=environment))
        ours.append(start("benchmarks.startup_ours", str(folder / "data"), environment=environment))
        check(bare[-1], ours[-1], units)
    return bare[2:], ours[2:]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 0 when every goal is reached."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9, help="number of rounds, taken in turn")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        bare, ours = measure(options.rounds, Path(name))
    painted = [report["painted"] for report in bare]
    reached = [
        compare("startup-painted", PAINT_GOAL, painted, [report["painted"] for report in ours], "s"),
        compare("startup-filled", FILLED_GOAL, painted, [report["filled"] for report in ours], "s"),
    ]
    if bare[0]["rss"]:
        memory = [report["rss"] for report in bare]
        reached.append(
            compare("startup-memory", MEMORY_GOAL, memory, [report["rss"] for report in ours], "MB")
        )
    return 0 if all(reached) else 1


if __name__ == "__main__":
    raise SystemExit(main())
