"""任命, 更换, 离任, 修改备案内容, 信息更新 and imports refuse the same days of a change."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from cdo_desktop.documents.readers.extract import extract
from cdo_desktop.documents.readers.roster_sheet import RosterSheet, read_roster
from cdo_desktop.documents.readers.workbook import decode
from cdo_desktop.errors import InvalidFormError
from cdo_desktop.rules.roster_columns import RosterField as F
from cdo_desktop.services.appointments import FilingDraft
from cdo_desktop.services.departures import LeaveDraft
from cdo_desktop.services.roster_lines import ImportChoices, LineKind, PlannedLine, line_key

from .conftest import TODAY, Desk, Line, a_line, write_roster

TOWN, OTHER = "罗店镇", "大场镇"
FAR, OLD = date(2062, 3, 1), date(1962, 3, 1)
TOO_FAR = "2062-03-01 在一年以后，请核对年份。"
TOO_OLD = "1962-03-01 早于 2000 年，请核对年份。"
UNKNOWN_YET = "知悉日期 2062-03-01 晚于今天 2026-11-24，请核对。"


def test_appointments_and_replacements(desk: Desk) -> None:
    holders = desk.office.holders
    with pytest.raises(InvalidFormError) as told:
        desk.appoint(TOWN, since=FAR)
    assert told.value.messages == {"since": f"任职日期 {TOO_FAR}"}
    with pytest.raises(InvalidFormError) as told:
        desk.appoint(TOWN, since=OLD)
    assert told.value.messages == {"since": f"任职日期 {TOO_OLD}"}
    opened = desk.appoint(TOWN, since=date(2025, 1, 6))
    with pytest.raises(InvalidFormError) as told:
        paper = FilingDraft(change_reason="退休", change_date=OLD, known_on=FAR)
        holders.replace(opened, desk.successor(opened, since=FAR), paper)
    assert told.value.messages == {
        "since": f"任职日期 {TOO_FAR}",
        "change_date": f"变更日期 {TOO_OLD}",
        "known_on": UNKNOWN_YET,
    }
    assert [one.name for one in holders.holders_of(opened.post_id)] == ["张三"]


def test_departures(desk: Desk) -> None:
    opened = desk.appoint(TOWN, since=date(2025, 1, 6))
    with pytest.raises(InvalidFormError) as told:
        desk.office.holders.leave(opened, LeaveDraft(FAR, "退休", FAR))
    assert told.value.messages == {"left_on": f"离任日期 {TOO_FAR}", "known_on": UNKNOWN_YET}


def test_another_first_day_but_not_one_that_stays(desk: Desk) -> None:
    holders = desk.office.holders
    opened = desk.appoint(TOWN, since=date(2025, 1, 6))
    with pytest.raises(InvalidFormError) as told:
        holders.update(opened, replace(opened, since=FAR), correction=True)
    assert told.value.messages == {"since": f"任职日期 {TOO_FAR}"}
    desk.clock.set_day(date(1999, 1, 4))  # the day of the register before anybody looked at the year
    holders.update(opened, replace(opened, title="科长"))


def test_what_a_filing_says(desk: Desk) -> None:
    opened = desk.appoint(TOWN, since=date(2025, 1, 6))
    new = desk.successor(opened, since=date(2026, 11, 23))
    desk.office.holders.replace(opened, new, FilingDraft(change_reason="退休"))
    edits = desk.office.filing_edits
    (paper,) = [row.filing_id for row in desk.office.filing_list.rows() if row.name == "李四"]
    content = edits.get(paper)
    for day, message in ((FAR, TOO_FAR), (OLD, TOO_OLD)):
        with pytest.raises(InvalidFormError) as told:
            edits.save(content, replace(content, change_date=day))
        assert told.value.messages == {"change_date": f"变更日期 {message}"}
    with pytest.raises(InvalidFormError) as told:
        edits.save(content, replace(content, known_on=FAR, change_reason=""))
    assert told.value.messages == {"known_on": UNKNOWN_YET, "change_reason": "请填写变更原因。"}
    edits.save(content, replace(content, known_on=TODAY))


def sheet_of(folder: Path, line: Line) -> RosterSheet:
    """Write a line into a workbook and read it; without a child process, which saves its start."""
    result = folder / "名册.json"
    extract(write_roster(folder / "名册.xlsx", [line]), result)
    with result.open(encoding="utf-8") as rows:
        return read_roster(decode(rows))


def planned(desk: Desk, folder: Path, line: Line) -> PlannedLine:
    (found,) = desk.office.roster_import.preview(sheet_of(folder, line), None).lines
    return found


@pytest.mark.parametrize(
    ("column", "day", "message", "stops"),
    [
        (F.SINCE, FAR, f"任职日期 {TOO_FAR}", True),
        (F.SINCE, OLD, f"任职日期 {TOO_OLD}", False),
        (F.CHANGE_DATE, FAR, f"变更日期 {TOO_FAR}", True),
        (F.CHANGE_DATE, OLD, f"变更日期 {TOO_OLD}", False),
        (F.KNOWN_ON, FAR, UNKNOWN_YET, True),
    ],
)
def test_an_import_stops_what_cannot_be_and_points_out_what_is_old(
    column: F, day: date, message: str, stops: bool, desk: Desk, tmp_path: Path
) -> None:
    line: Line = {**a_line(TOWN, FILING_KIND="变更备案"), column: day}
    problems = [p for p in planned(desk, tmp_path, line).problems if p.field is column]
    assert (message, stops) in [(problem.message, problem.blocking) for problem in problems]


def test_an_old_day_that_the_register_has_is_not_told_of_again(desk: Desk, tmp_path: Path) -> None:
    line: Line = {**a_line(TOWN), F.SINCE: date(1998, 3, 2)}
    desk.office.roster_import.apply(sheet_of(tmp_path, line), None)
    again = planned(desk, tmp_path, line)
    assert not [p for p in again.problems if p.field is F.SINCE]


def test_a_corrected_name_does_not_bring_an_impossible_day_along(desk: Desk, tmp_path: Path) -> None:
    desk.appoint(TOWN, since=date(2026, 3, 2), name="张山")
    line: Line = {**a_line(TOWN), F.SINCE: FAR}
    sheet = sheet_of(tmp_path, line)
    (asked,) = desk.office.roster_import.preview(sheet, None).lines
    choices = ImportChoices(corrections=frozenset([line_key(asked.line)]))
    (corrected,) = desk.office.roster_import.preview(sheet, choices).lines
    assert corrected.kind is LineKind.PROBLEM
