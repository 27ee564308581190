"""The sample district and the sample roster: complete, invented, and alike on any day."""

import importlib.util
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from cdo_desktop import paths
from cdo_desktop.errors import InvalidInputError
from cdo_desktop.rules.filing import RegisterState
from cdo_desktop.rules.vocabulary import FilingKind, PostKind
from cdo_desktop.services.register import RegisterQuery
from cdo_desktop.services.roster_import import ImportResult

from .conftest import TODAY, Desk

# Ordinary days, a weekend, and the days in and after the longest holidays.
START_DAYS = (
    TODAY,
    date(2026, 11, 29),
    date(2026, 2, 18),
    date(2026, 2, 24),
    date(2026, 3, 8),
    date(2026, 10, 8),
    date(2025, 2, 5),
    date(2027, 2, 12),
    date(2026, 1, 1),
    date(2026, 5, 6),
    date(2028, 10, 9),
)
ROSTER = ("sample", "roster.xlsx")


@pytest.mark.parametrize("day", START_DAYS)
def test_sample_is_the_same_district_on_any_day(day: date, empty_desk: Desk) -> None:
    empty_desk.clock.set_day(day)
    assert empty_desk.office.sample.create() == 115
    rows = empty_desk.office.register.all_rows(RegisterQuery())
    states = Counter(row.state for row in rows)
    assert states[RegisterState.OVERDUE] == 1
    assert states[RegisterState.VACANT] == 2
    assert states[RegisterState.RUNNING] == 1
    (overdue,) = [row for row in rows if row.state is RegisterState.OVERDUE]
    assert overdue.filing_kind == FilingKind.CHANGE
    assert overdue.late.days > 0
    empty = sorted(row.empty_days or 0 for row in rows if row.state is RegisterState.VACANT)
    assert empty == [17, 41]


def test_dates_count_back_from_the_day_that_is_given(empty_desk: Desk) -> None:
    empty_desk.office.sample.create(date(2024, 6, 30))
    assert empty_desk.row("区教育局", PostKind.CDO, as_of=date(2024, 6, 30)).since == date(2024, 6, 10)


def test_every_present_holder_has_what_the_form_needs(sample: Desk) -> None:
    batch = sample.office.forms.compose()
    assert len(batch.sheets) == 108
    assert batch.warnings == ()
    for sheet in batch.sheets:
        data = sheet.data
        assert all((data.name, data.sex, data.title, data.basis, data.mobile or data.office_phone)), data.name


def test_who_left_has_the_reason_and_no_foreign_reason_stands_on_a_form(sample: Desk) -> None:
    post_id = sample.row("区民防办", PostKind.CDO).post_id
    (past,) = sample.office.holders.holders_of(post_id)
    assert past.until == date(2026, 11, 7)
    firsts = [s.data for s in sample.office.forms.compose().sheets if s.data.kind is FilingKind.FIRST]
    assert {data.change_reason for data in firsts} == {""}


def test_rare_names_are_among_the_people(sample: Desk) -> None:
    names = "".join(row.name for row in sample.office.register.all_rows(RegisterQuery()))
    assert set("𬀩𠅤𫍲𨭆") <= set(names)


def test_sample_is_refused_where_units_are(desk: Desk) -> None:
    with pytest.raises(InvalidInputError, match="示例区只能建在空的数据文件夹里。没有改动"):
        desk.office.sample.create()
    assert desk.office.units.count() == 56


@pytest.mark.parametrize("registered", [False, True])
def test_sample_roster_comes_in_without_a_problem(
    registered: bool, open_desk: Callable[[Path], Desk], empty_file: Path, units_file: Path
) -> None:
    office = open_desk(units_file if registered else empty_file).office
    sheet = office.roster_import.read(paths.resource(*ROSTER))
    plan = office.roster_import.preview(sheet)
    assert [problem.message for problem in plan.problems if problem.blocking] == []
    result = office.roster_import.apply(sheet)
    assert result == (ImportResult(115, 0, 2, 0) if registered else ImportResult(117, 0, 0, 0))
    assert office.roster_import.apply(sheet) == ImportResult(0, 0, 117, 0)
    batch = office.forms.compose()
    assert (len(batch.sheets), len(batch.empty_posts)) == (108, 2)


def test_sample_roster_holds_the_people_of_the_sample_district(
    sample: Desk, open_desk: Callable[[Path], Desk], empty_file: Path
) -> None:
    office = open_desk(empty_file).office
    office.roster_import.apply(office.roster_import.read(paths.resource(*ROSTER)))

    def people(desk_office: object) -> list[tuple[str, str, str, str, str]]:
        rows = desk_office.register.all_rows(RegisterQuery())  # type: ignore[attr-defined]
        return sorted((row.unit, row.post, row.name, row.mobile, row.title) for row in rows)

    assert people(office) == people(sample.office)


def test_sample_roster_is_what_its_script_writes(repo_root: Path, tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location(
        "make_sample_roster", repo_root / "packaging" / "make_sample_roster.py"
    )
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    script.main(tmp_path / "roster.xlsx")

    def cells(path: Path) -> list[tuple[object, ...]]:
        return list(load_workbook(path).active.iter_rows(values_only=True))

    assert cells(tmp_path / "roster.xlsx") == cells(paths.resource(*ROSTER))
