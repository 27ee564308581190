"""What tests of undo do to a register, and how they look at it."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta

from benchmarks.reliability.undo import register_dump
from cdo_desktop import paths
from cdo_desktop.rules.working_days import SpecialDay
from cdo_desktop.services.appointments import FilingDraft
from cdo_desktop.services.holidays import NoticeDraft
from cdo_desktop.services.undo import UndoService
from cdo_desktop.services.unit_draft import UnitDraft
from cdo_desktop.services.unit_reform import UnitRef

from .conftest import TODAY, TOWN, Desk, a_line, write_roster

EARLIER = date(2026, 3, 2)
OTHER = "月浦镇"


def dump(desk: Desk) -> dict[str, list[tuple[object, ...]]]:
    return register_dump(desk.office.data_folder)


def undone(undo: UndoService) -> str:
    return undo.undo(undo.state.undo.number).label


def redone(undo: UndoService) -> str:
    return undo.redo(undo.state.redo.number).label


def holder(desk: Desk, unit: str = TOWN) -> str:
    return desk.row(unit).name


def update(desk: Desk, **values: str | date) -> None:
    opened = desk.office.holders.get(desk.row(TOWN).tenure_id or 0)
    desk.office.holders.update(opened, replace(opened, **values))  # type: ignore[arg-type]


def replace_holder(desk: Desk) -> None:
    opened = desk.office.holders.get(desk.row(TOWN).tenure_id or 0)
    desk.office.holders.replace(opened, desk.successor(opened), FilingDraft(change_reason="工作调动"))


def make_tomorrow_a_day_off(desk: Desk) -> None:
    """Move the limit of everybody who came today."""
    holidays = desk.office.system.holidays
    tomorrow = SpecialDay(TODAY + timedelta(days=1), True, "放假", "")
    before = holidays.plan(TODAY.year).days
    holidays.save([NoticeDraft(TODAY.year, (*before, tomorrow), "补充通知", before)])


def print_form(desk: Desk) -> None:
    desk.office.forms.mark_issued(desk.office.forms.compose(post_ids=[desk.row(TOWN).post_id]))


def write_elsewhere(desk: Desk, statement: str) -> None:
    """Write as another program would, of which nothing is recorded here."""
    with closing(sqlite3.connect(desk.office.data_folder / paths.DATABASE_NAME)) as connection, connection:
        connection.execute(statement)


def unit_of(desk: Desk, name: str) -> UnitDraft:
    return desk.office.units.get(desk.row(name).unit_id)


def edit_unit(desk: Desk, name: str = TOWN, renamed_on: date | None = None, **values: str) -> None:
    opened = unit_of(desk, name)
    desk.office.units.save(replace(opened, **values), opened, renamed_on)  # type: ignore[arg-type]


def ref(desk: Desk, name: str) -> UnitRef:
    unit = unit_of(desk, name)
    return UnitRef(unit.unit_id or 0, unit.version)


def bring_in(desk: Desk, *names: str) -> None:
    units = (OTHER, "大场镇", "杨行镇", "顾村镇")
    lines = [a_line(unit, NAME=name) for unit, name in zip(units, names, strict=False)]
    path = write_roster(desk.office.data_folder / "名册.xlsx", lines)
    desk.office.roster_import.apply(desk.office.roster_import.read(path))
