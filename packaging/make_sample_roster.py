"""Make ``resources/sample/roster.xlsx``: the sample district as a roster that units might send.

The same invented people as in ``resources/sample/holders.csv``, with fixed dates (counted back from START),
two empty posts, phones in clear and no column that only the office fills in. It imports without a problem,
into an empty data folder as well as into one with the 55 units.

The workbook is committed, so nobody needs this to build or run the program. After a change of holders.csv:
``.venv/bin/python packaging/make_sample_roster.py [OUT.xlsx]``. A test holds the workbook equal to what this
writes, cell by cell.
"""

import csv
import sys
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from cdo_desktop import paths  # noqa: E402 - a checkout need not be installed
from cdo_desktop.documents.excel.roster import RosterExportRow, write_roster  # noqa: E402
from cdo_desktop.rules.roster_columns import BASIC_FIELDS, RosterField  # noqa: E402
from cdo_desktop.rules.vocabulary import DISTRICT_POSTS, UNIT_POSTS, UnitCategory  # noqa: E402

START = date(2026, 11, 2)
TARGET = ROOT / "resources" / "sample" / "roster.xlsx"
SINCE, LEFT = "任职距今天数", "离任距今天数"

Cells = dict[RosterField, str | date | int]


def lines() -> list[Cells]:
    """Return every post with its present holder, in register order."""
    with paths.resource("sample", paths.SAMPLE_HOLDERS_NAME).open(encoding="utf-8", newline="") as file:
        holders = [line for line in csv.DictReader(file) if not line[LEFT]]
    found: list[Cells] = []
    for unit in units():
        district = unit[RosterField.UNIT_CATEGORY] == UnitCategory.DISTRICT
        for post in DISTRICT_POSTS if district else UNIT_POSTS:
            present = [
                line
                for line in holders
                if (line["单位简称"], line["岗位"]) == (unit[RosterField.UNIT_SHORT_NAME], post)
            ]
            posts: Cells = {**unit, RosterField.POST: post}
            found += [posts | _person(line) for line in present] or [posts]
    return found


def units() -> list[Cells]:
    """Return the district level and the shipped units."""
    with paths.resource("units", paths.UNITS_NAME).open(encoding="utf-8-sig", newline="") as file:
        shipped = list(csv.DictReader(file))
    names = [("宝山区", str(UnitCategory.DISTRICT), str(UnitCategory.DISTRICT))]
    heads = ("单位全称（草稿，待按公章确认）", "单位简称", "单位类别")
    names += [(line[heads[0]], line[heads[1]], line[heads[2]]) for line in shipped]
    return [
        {
            RosterField.UNIT_FULL_NAME: full,
            RosterField.UNIT_SHORT_NAME: short,
            RosterField.UNIT_CATEGORY: category,
        }
        for full, short, category in names
    ]


def _person(line: dict[str, str]) -> Cells:
    cells: Cells = {field: line[field] for field in columns() if line.get(field)}
    cells[RosterField.SINCE] = START - timedelta(days=int(line[SINCE]))
    return cells


def columns() -> tuple[RosterField, ...]:
    """Return the basic columns, and what else the sample knows of its people."""
    with paths.resource("sample", paths.SAMPLE_HOLDERS_NAME).open(encoding="utf-8", newline="") as file:
        known = next(csv.reader(file))
    more = [field for field in RosterField if field in known and field not in BASIC_FIELDS]
    return (*BASIC_FIELDS, *(field for field in more if field is not RosterField.CHANGE_REASON))


def main(target: Path = TARGET) -> None:
    """Write the workbook."""
    rows = [RosterExportRow(cells) for cells in lines()]
    note = "人员均为虚构。空缺岗位的姓名一栏不填。"
    write_roster(rows, columns(), target, title="首席数据官、数据专员名册（示例）", note=note)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
