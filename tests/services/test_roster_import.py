"""Roster import with real workbooks: what changes, what is asked, what stays."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from cdo_desktop.documents.readers.extract import extract
from cdo_desktop.documents.readers.roster_sheet import RosterSheet, read_roster
from cdo_desktop.documents.readers.workbook import decode
from cdo_desktop.errors import CancelledError, InvalidInputError, UnreadableFileError
from cdo_desktop.rules.filing import RegisterState
from cdo_desktop.rules.roster_columns import RosterField
from cdo_desktop.rules.vocabulary import FilingKind, FilingState, PostKind, UnitCategory
from cdo_desktop.services.appointments import FilingDraft
from cdo_desktop.services.departures import LeaveDraft
from cdo_desktop.services.register import RegisterQuery
from cdo_desktop.services.roster_import import ImportResult
from cdo_desktop.services.roster_plan import (
    ImportChoices,
    LineAction,
    LineKind,
    PlannedLine,
    RosterPlan,
    line_key,
    make_plan,
)
from cdo_desktop.services.second_names import SecondNameDraft
from cdo_desktop.services.unit_draft import UnitDraft
from cdo_desktop.services.unit_reform import Reform, UnitRef

from .conftest import TODAY, Desk, Line, a_line, write_roster

F = RosterField
CDO, SPECIALIST, MEMBER = PostKind.CDO, PostKind.SPECIALIST, PostKind.OFFICE_MEMBER
TOWN, OTHER_TOWN = "罗店镇", "大场镇"


class Importer:
    """Writes lines into a workbook and brings it in; reads without a child process, which saves its start."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        self.desk = desk
        self.path = folder / "名册 罗店.xlsx"

    def read(self, *lines: Line) -> RosterSheet:
        write_roster(self.path, lines)
        return self.read_again()

    def read_again(self) -> RosterSheet:
        result = self.path.with_suffix(".json")
        extract(self.path, result)
        with result.open(encoding="utf-8") as rows:
            return read_roster(decode(rows))

    def plan(self, *lines: Line, choices: ImportChoices | None = None) -> RosterPlan:
        return self.desk.office.roster_import.preview(self.read(*lines), choices)

    def bring_in(
        self, *lines: Line, choices: ImportChoices | None = None, skip: bool = False
    ) -> ImportResult:
        return self.desk.office.roster_import.apply(self.read(*lines), choices, skip_problems=skip)

    def only(self, line: Line, choices: ImportChoices | None = None) -> PlannedLine:
        (planned,) = self.plan(line, choices=choices).lines
        return planned


@pytest.fixture
def importer(desk: Desk, tmp_path: Path) -> Importer:
    return Importer(desk, tmp_path)


@pytest.fixture
def fresh(empty_desk: Desk, tmp_path: Path) -> Importer:
    return Importer(empty_desk, tmp_path)


def blocking(line: PlannedLine) -> list[str]:
    return [problem.message for problem in line.problems if problem.blocking]


def labels(line: PlannedLine) -> dict[str, tuple[str, str]]:
    return {change.label: (change.before, change.after) for change in line.changes}


def register(desk: Desk) -> list[object]:
    """Return everything a clerk can see, versions and history included."""
    units = [desk.office.units.get(row.unit_id) for row in desk.office.units.rows()]
    rows = desk.office.register.all_rows(RegisterQuery())
    holders = [desk.office.holders.get(row.tenure_id) for row in rows if row.tenure_id]
    history = [desk.office.holders.unit_history(unit.unit_id or 0) for unit in units]
    return [units, rows, holders, history]


# New lines


def test_line_fills_an_empty_post_and_owes_a_first_filing(importer: Importer) -> None:
    assert importer.bring_in(a_line(TOWN)) == ImportResult(1, 0, 0, 0)
    row = importer.desk.row(TOWN)
    assert (row.name, row.since, row.mobile, row.filing_kind) == (
        "张三",
        date(2026, 3, 2),
        "13800000001",
        FilingKind.FIRST,
    )


def test_unit_is_found_by_its_full_short_and_former_name(importer: Importer) -> None:
    units = importer.desk.office.units
    unit_id = importer.desk.row(TOWN).unit_id
    units.confirm_names([unit_id])
    opened = units.get(unit_id)
    units.save(replace(opened, full_name="宝山区罗店新镇人民政府", short_name="罗店新镇"), opened)
    before = units.get(unit_id)
    for name in ("罗店镇", "宝山区罗店镇人民政府", "罗店新镇", "宝山区罗店新镇人民政府"):
        for column in (F.UNIT_FULL_NAME, F.UNIT_SHORT_NAME):
            line = a_line(TOWN) | {F.UNIT_SHORT_NAME: None, column: name}
            planned = importer.only(line)
            assert planned.unit is not None
            assert (planned.unit.unit_id, planned.unit.changes) == (unit_id, ())
            assert planned.unit_name == "罗店新镇"
    importer.bring_in(a_line("罗店镇"))
    assert units.get(unit_id) == before


def test_empty_database_gets_units_and_the_district_as_the_sheet_names_them(fresh: Importer) -> None:
    result = fresh.bring_in(
        a_line("罗店镇", UNIT_FULL_NAME="宝山区罗店镇人民政府", ADDRESS="沪太路6655号"),
        a_line("罗店镇", CDO, NAME="李四", MOBILE="13800000002"),
        a_line("区测绘局", NAME="王五", MOBILE="13800000003"),
        a_line("区级", PostKind.DISTRICT_CDO, NAME="程明哲", MOBILE="13800000004"),
    )
    assert result == ImportResult(4, 0, 0, 0)
    units = {row.short_name: row for row in fresh.desk.office.units.rows()}
    assert units["罗店镇"].full_name == "宝山区罗店镇人民政府"
    assert units["罗店镇"].category == UnitCategory.TOWN
    assert units["区测绘局"].category == UnitCategory.OTHER
    assert units["区级"].category == UnitCategory.DISTRICT
    assert fresh.desk.row("罗店镇", CDO).name == "李四"
    assert fresh.desk.row("区级", PostKind.DISTRICT_CDO).name == "程明哲"
    assert len(fresh.desk.office.register.keys(RegisterQuery())) == 5 + 2 * 2


def test_new_unit_is_one_unit_however_its_lines_name_it(fresh: Importer) -> None:
    fresh.bring_in(
        a_line("区测绘局", CDO, NAME="李四", MOBILE="13800000002"),
        a_line("区测绘局", UNIT_FULL_NAME="宝山区测绘地理局"),
        {**a_line("", PostKind.SPECIALIST), F.UNIT_SHORT_NAME: None, F.UNIT_FULL_NAME: "宝山区园林局"},
        {**a_line("", CDO, NAME="赵六", MOBILE="1380000009"), F.UNIT_SHORT_NAME: "宝山区园林局"},
    )
    rows = {row.short_name: row.full_name for row in fresh.desk.office.units.rows()}
    assert rows == {"区测绘局": "宝山区测绘地理局", "宝山区园林局": "宝山区园林局"}


def test_empty_line_of_a_new_unit_creates_the_unit(fresh: Importer) -> None:
    fresh.bring_in(a_line("罗店镇", NAME="空缺", SEX=None, MOBILE=None, SINCE=None, EMAIL=None))
    assert fresh.desk.row("罗店镇").state is RegisterState.VACANT


def test_several_members_of_the_office_team_come_in(importer: Importer) -> None:
    lines = [
        a_line("区级", MEMBER, NAME=name, MOBILE=f"1380000000{number}")
        for number, name in enumerate(("甲甲", "乙乙", "丙丙"))
    ]
    assert importer.bring_in(*lines).new == 3
    assert importer.bring_in(*lines) == ImportResult(0, 0, 3, 0)
    planned = importer.plan(*lines, lines[0]).lines[-1]
    assert blocking(planned) == ["与第 2 行是同一单位的同一岗位，请只保留一行。"]


def test_district_post_named_under_a_department_belongs_to_the_district(importer: Importer) -> None:
    planned = importer.only(a_line("区信息委", PostKind.OFFICE_DIRECTOR))
    assert planned.kind is LineKind.NEW
    assert planned.unit_name == "区级"
    assert any("已记在“区级”下" in problem.message for problem in planned.problems)


@pytest.mark.parametrize("column", [F.UNIT_CATEGORY, F.UNIT_SHORT_NAME])
def test_district_has_no_post_of_a_unit(column: RosterField, importer: Importer) -> None:
    planned = importer.only({**a_line("区测绘局"), column: "区级"})
    assert planned.kind is LineKind.PROBLEM
    assert blocking(planned)[0].startswith("“区级”没有数据专员")


def test_missing_date_is_a_problem_and_missing_papers_are_hints(importer: Importer) -> None:
    planned = importer.only(a_line(TOWN, SINCE=None))
    assert blocking(planned) == ["请填写任职日期，例如 2026-03-05。"]
    planned = importer.only(
        a_line(TOWN, CDO, SEX=None, HEAD=None, BASIS=None, MOBILE=None, OFFICE_PHONE=None)
    )
    assert planned.kind is LineKind.NEW
    told = {problem.field: problem for problem in planned.problems}
    assert list(told) == [F.SEX, F.BASIS, F.MOBILE, F.HEAD]
    assert told[F.BASIS].message == "备案表需要的委任依据没有填，可以以后补。"
    assert all(problem.ref == planned.line.cells[column] for column, problem in told.items() if column)


def test_what_has_no_column_is_told_once_at_the_name(importer: Importer) -> None:
    line: Line = {F.UNIT_SHORT_NAME: TOWN, F.POST: SPECIALIST, F.NAME: "张三", F.SINCE: TODAY}
    (problem,) = importer.only(line).problems
    assert problem.message == "备案表需要的性别、现任职务、委任依据、办公电话没有填，可以以后补。"
    assert problem.ref.label == "C2"
    unknown = importer.only({**line, F.UNIT_SHORT_NAME: "区测绘局"}).problems[0]
    assert (unknown.field, unknown.ref.label) == (F.UNIT_CATEGORY, "A2")


def test_side_by_side_a_hint_names_the_post(importer: Importer) -> None:
    book = Workbook()
    book.active.append(["单位简称", "首席数据官", "任职日期", "数据专员", "任职日期"])
    book.active.append([TOWN, "甲甲", TODAY, "乙乙", TODAY])
    book.save(importer.path)
    service = importer.desk.office.roster_import
    hints = [
        (problem.ref.label, problem.message)
        for problem in service.preview(service.read(importer.path)).problems
    ]
    assert [place for place, _ in hints] == ["B2", "D2"]
    assert hints[0][1].startswith("备案表需要的首席数据官的性别、")
    assert hints[1][1].startswith("备案表需要的数据专员的性别、")


# The same again


def test_second_import_of_the_same_file_changes_nothing(importer: Importer) -> None:
    lines = [
        a_line(TOWN, UNIT_FULL_NAME="上海市宝山区罗店镇人民政府", UNIT_CATEGORY="镇", POSTCODE="201908"),
        a_line(TOWN, CDO, NAME="买买提·艾力", MOBILE="138 0000 0002", UNIT_ORDER="47"),
        a_line(OTHER_TOWN, NAME="𬀩𠅤", MOBILE="＋86-13800000003", NOTE="第一行\n第二行", SINCE="2026.3.5"),
        a_line("区测绘局", NAME="李　四", MOBILE=None, OFFICE_PHONE="56691234转12"),
        a_line("月浦镇", NAME="空缺", SEX=None, MOBILE=None, SINCE=None, EMAIL=None),
        a_line("区级", PostKind.DISTRICT_CDO, NAME="程明哲", MOBILE="13800000004"),
    ]
    assert importer.bring_in(*lines) == ImportResult(5, 0, 1, 0)
    before = register(importer.desk)
    again = importer.plan(*lines)
    assert [line.kind for line in again.lines] == [LineKind.SAME] * 6
    assert importer.bring_in(*lines) == ImportResult(0, 0, 6, 0)
    assert register(importer.desk) == before


def test_one_person_in_two_units_is_the_same_after_a_second_import(importer: Importer) -> None:
    lines = [a_line(TOWN, CDO), a_line(OTHER_TOWN, CDO)]
    importer.bring_in(*lines)
    one, two = (importer.desk.row(unit, CDO).person_id for unit in (TOWN, OTHER_TOWN))
    assert one == two
    assert importer.bring_in(*lines) == ImportResult(0, 0, 2, 0)


@pytest.mark.parametrize("stored", [False, True])
def test_one_person_must_not_have_two_phones_in_one_sheet(stored: bool, importer: Importer) -> None:
    lines = [a_line(TOWN, CDO), a_line(OTHER_TOWN, CDO, OFFICE_PHONE="021-56990000")]
    if stored:
        importer.bring_in(a_line(TOWN, CDO), a_line(OTHER_TOWN, CDO))
    planned = importer.plan(*lines).lines[1]
    assert planned.kind is LineKind.PROBLEM
    assert blocking(planned) == ["与第 2 行是同一人，那一行的办公电话是“021-56691234”，请改为一致。"]


def test_new_phone_of_a_person_with_two_posts_is_written_once(importer: Importer) -> None:
    importer.bring_in(a_line(TOWN, CDO), a_line(OTHER_TOWN, CDO))
    lines = [
        a_line(TOWN, CDO, OFFICE_PHONE="021-56990000", TITLE="镇长"),
        a_line(OTHER_TOWN, CDO, OFFICE_PHONE="021-56990000", EMAIL=None),
    ]
    assert importer.bring_in(*lines) == ImportResult(0, 2, 0, 0)
    assert importer.desk.row(TOWN, CDO).office_phone == "021-56990000"
    assert importer.desk.row(OTHER_TOWN, CDO).email == "zhangsan@example.gov.cn"
    assert importer.bring_in(*lines) == ImportResult(0, 0, 2, 0)


def test_line_that_does_not_say_a_phone_does_not_bring_the_old_one_back(importer: Importer) -> None:
    importer.bring_in(a_line(TOWN, CDO), a_line(OTHER_TOWN, CDO))
    importer.bring_in(
        a_line(TOWN, CDO, OFFICE_PHONE="021-56990000"),
        a_line(OTHER_TOWN, CDO, OFFICE_PHONE=None, TITLE="镇长"),
    )
    row = importer.desk.row(OTHER_TOWN, CDO)
    assert (row.title, row.office_phone) == ("镇长", "021-56990000")


# Changes


def test_changed_fields_are_named_and_written(importer: Importer) -> None:
    importer.bring_in(a_line(TOWN))
    line = a_line(TOWN, TITLE="副主任", MOBILE="13900000009")
    planned = importer.only(line)
    assert (planned.kind, planned.action) == (LineKind.CHANGED, LineAction.UPDATE)
    assert labels(planned) == {
        "现任职务": ("科长", "副主任"),
        "手机": ("13800000001", "13900000009"),
    }
    assert importer.bring_in(line) == ImportResult(0, 1, 0, 0)
    row = importer.desk.row(TOWN)
    assert (row.title, row.mobile, row.filing_kind) == ("副主任", "13900000009", FilingKind.FIRST)


@pytest.mark.parametrize("mobile", ["138****0001", "138＊＊＊＊0001", None, ""])
def test_masked_and_empty_values_leave_the_stored_ones(mobile: str | None, importer: Importer) -> None:
    importer.bring_in(a_line(TOWN, BACKUP_NAME="李四", BACKUP_PHONE="13800000008"))
    line = a_line(TOWN, MOBILE=mobile, TITLE="", BASIS=None, BACKUP_PHONE="138****0008")
    assert importer.only(line).kind is LineKind.SAME
    importer.bring_in(line)
    row = importer.desk.row(TOWN)
    assert (row.mobile, row.title, row.basis) == ("13800000001", "科长", "宝委〔2026〕1号")
    assert importer.desk.office.holders.get(row.tenure_id or 0).backup_phone == "13800000008"


def test_absent_columns_leave_the_stored_values(importer: Importer) -> None:
    importer.bring_in(a_line(TOWN))
    line: Line = {F.UNIT_SHORT_NAME: TOWN, F.POST: SPECIALIST, F.NAME: "张三"}
    assert importer.only(line).kind is LineKind.SAME


def test_masked_number_of_a_new_holder_is_left_out(importer: Importer) -> None:
    importer.bring_in(a_line(TOWN, MOBILE="138****0001"))
    assert importer.desk.row(TOWN).mobile == ""


@pytest.mark.parametrize(
    ("column", "number"),
    [(F.MOBILE, "139****0006"), (F.BACKUP_PHONE, "139****0006"), (F.FILLER_PHONE, "021****0006")],
)
def test_masked_number_that_nobody_knows_is_told_at_its_cell(
    column: RosterField, number: str, importer: Importer
) -> None:
    line = {**a_line(TOWN), column: number}
    for _ in range(2):
        (problem,) = importer.only(line).problems
        assert (problem.field, problem.ref.row, problem.blocking) == (column, 2, False)
        assert problem.message == f"{column}“{number}”有遮盖，没有记下；请补上完整的号码。"
        importer.bring_in(line)


@pytest.mark.parametrize("mobile", ["13800000001", None])
def test_one_person_in_both_posts_of_a_unit_is_told(mobile: str | None, importer: Importer) -> None:
    lines = [a_line(TOWN, CDO), a_line(TOWN, MOBILE=mobile)]
    plan = importer.plan(*lines)
    assert plan.is_clean
    (problem,) = plan.problems
    assert (problem.field, problem.ref.row) == (F.NAME, 3)
    assert problem.message == ("“张三”也是罗店镇的首席数据官（第 2 行）：一个单位的两个岗位同名，请核对。")
    importer.bring_in(lines[0])
    assert "罗店镇的首席数据官（名册中）" in importer.only(lines[1]).problems[0].message


def test_one_person_in_two_units_is_told_and_a_namesake_is_not(importer: Importer) -> None:
    lines = [a_line(TOWN, CDO), a_line(OTHER_TOWN, CDO), a_line("顾村镇", CDO, MOBILE="13800000009")]
    (problem,) = importer.plan(*lines).problems
    assert problem.message == "“张三”也是罗店镇的首席数据官（第 2 行）：按一人兼任登记，请核对。"
    importer.bring_in(lines[0])
    assert "罗店镇的首席数据官（名册中）" in importer.only(lines[1]).problems[0].message
    namesakes = [a_line(TOWN, CDO), a_line(TOWN, MOBILE="13800000009")]
    assert importer.plan(*namesakes).problems == ()


def test_person_who_moves_to_another_unit_does_not_hold_both_posts(importer: Importer) -> None:
    importer.bring_in(a_line(TOWN, CDO))
    lines = [
        a_line(OTHER_TOWN, CDO, SINCE=TODAY),
        a_line(TOWN, CDO, NAME="李四", MOBILE="13800000002", SINCE=TODAY),
    ]
    choices = ImportChoices(all_replacements=True)
    assert importer.plan(*lines, choices=choices).problems == ()


def test_plan_is_made_anew_for_another_change_and_not_for_the_backup(
    importer: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[RosterPlan] = []

    def noted(*arguments: Any) -> RosterPlan:
        made.append(make_plan(*arguments))
        return made[-1]

    monkeypatch.setattr("cdo_desktop.services.roster_import.make_plan", noted)
    service = importer.desk.office.roster_import
    sheet = importer.read(a_line(TOWN, SPECIALIST))
    assert service.preview(sheet).is_clean
    importer.desk.office.backups.back_up()
    assert service.apply(sheet).new == 1
    assert len(made) == 1
    assert service.apply(sheet).same == 1
    assert len(made) == 2


def test_first_day_that_is_still_to_come_is_pointed_out_once(importer: Importer) -> None:
    line = a_line(TOWN, SINCE=TODAY + timedelta(days=1))
    hints = [one.message for one in importer.only(line).problems if one.field is F.SINCE]
    assert hints == ["任职日期 2026-11-25 还没有到，到那天起才是现任；请核对年份。"]
    assert importer.plan(line).is_clean
    importer.bring_in(line)
    assert [one.message for one in importer.only(line).problems if one.field is F.SINCE] == []
    today = a_line("大场镇", SINCE=TODAY)
    assert [one.message for one in importer.only(today).problems if one.field is F.SINCE] == []


def test_missing_name_leaves_the_holder_and_says_so(importer: Importer) -> None:
    importer.bring_in(a_line(TOWN))
    planned = importer.only(a_line(TOWN, NAME="空缺", SEX=None, MOBILE=None, SINCE=None, EMAIL=None))
    assert planned.kind is LineKind.SAME
    assert "现任“张三”保持不变" in planned.problems[0].message
    assert not planned.problems[0].blocking


# Another name


def test_another_name_is_a_problem_until_it_is_confirmed(importer: Importer) -> None:
    importer.bring_in(a_line(TOWN))
    line = a_line(TOWN, NAME="李四", MOBILE="13800000002", SINCE=date(2026, 11, 23), CHANGE_REASON="调离")
    sheet = importer.read(line)
    service = importer.desk.office.roster_import
    planned = service.preview(sheet).lines[0]
    assert (planned.kind, planned.action, planned.replaces) == (
        LineKind.PROBLEM,
        LineAction.REPLACE,
        "张三",
    )
    assert blocking(planned) == ["名册中现任是“张三”，表中是“李四”：请确认是否更换。"]
    with pytest.raises(InvalidInputError, match="有 1 行存在问题，没有导入任何内容"):
        service.apply(sheet)
    choices = ImportChoices(replacements=frozenset({line_key(sheet.lines[0])}))
    assert service.preview(sheet, choices).lines[0].kind is LineKind.CHANGED
    assert service.apply(sheet, choices) == ImportResult(0, 1, 0, 0)
    row = importer.desk.row(TOWN)
    assert (row.name, row.filing_kind, row.due_date) == ("李四", FilingKind.CHANGE, date(2026, 11, 26))
    past = importer.desk.office.holders.holders_of(row.post_id)
    assert [(h.name, h.until) for h in past] == [("李四", None), ("张三", date(2026, 11, 23))]
    assert service.preview(sheet).lines[0].kind is LineKind.SAME


def test_successor_of_a_sheet_has_the_days_that_the_window_would_have_written(importer: Importer) -> None:
    importer.bring_in(a_line(TOWN), a_line(OTHER_TOWN, NAME="王五", MOBILE="13800000005"))
    changed, known = date(2026, 11, 20), date(2026, 11, 23)
    line = a_line(TOWN, NAME="李四", MOBILE="13800000002", SINCE=changed, CHANGE_REASON="调离")
    line |= {F.CHANGE_DATE: changed, F.KNOWN_ON: known, F.TOLD_BY: "王五"}
    choices = ImportChoices(all_replacements=True)
    assert labels(importer.only(line, choices)) == {
        "姓名": ("张三", "李四"),
        "变更原因": ("", "调离"),
        "变更日期": ("", "2026-11-20"),
        "知悉日期": ("", "2026-11-23"),
        "告知人": ("", "王五"),
    }
    importer.bring_in(line, choices=choices)
    desk = importer.desk
    opened = desk.office.holders.get(desk.row(OTHER_TOWN).tenure_id or 0)
    paper = FilingDraft(change_reason="调离", change_date=changed, known_on=known, told_by="王五")
    desk.office.holders.replace(opened, desk.successor(opened, since=changed), paper)
    by_sheet, by_hand = (
        desk.office.holders.unit_history(desk.row(unit).unit_id)[0].details for unit in (TOWN, OTHER_TOWN)
    )
    assert {("知悉日期", "", "2026-11-23"), ("告知人", "", "王五")} <= set(by_sheet)
    assert by_sheet == by_hand


def test_day_of_knowing_that_a_sheet_adds_is_told_by_the_history(importer: Importer) -> None:
    importer.bring_in(a_line(TOWN, FILING_KIND="变更备案"))
    importer.bring_in(a_line(TOWN, KNOWN_ON=date(2026, 3, 3), LATE_REASON="经办人休假"))
    newest = importer.desk.office.holders.unit_history(importer.desk.row(TOWN).unit_id)[0]
    assert newest.details == (("知悉日期", "", "2026-03-03"), ("逾期说明", "", "经办人休假"))


def test_all_replacements_can_be_confirmed_together(importer: Importer) -> None:
    importer.bring_in(a_line(TOWN), a_line(OTHER_TOWN, NAME="王五", MOBILE="13800000005"))
    lines = [
        a_line(TOWN, NAME="李四", MOBILE="13800000002", SINCE=TODAY),
        a_line(OTHER_TOWN, NAME="赵六", MOBILE="13800000006", SINCE=TODAY),
    ]
    assert importer.bring_in(*lines, choices=ImportChoices(all_replacements=True)).changed == 2
    assert [importer.desk.row(unit).name for unit in (TOWN, OTHER_TOWN)] == ["李四", "赵六"]


@pytest.mark.parametrize("since", [date(2026, 3, 2), date(2026, 3, 1)])
def test_successor_who_does_not_begin_later_is_never_a_replacement(since: date, importer: Importer) -> None:
    importer.bring_in(a_line(TOWN))
    line = a_line(TOWN, NAME="李四", MOBILE="13800000002", SINCE=since)
    planned = importer.only(line, choices=ImportChoices(all_replacements=True))
    assert planned.kind is LineKind.PROBLEM
    assert "不晚于现任：如是登记有误，请选择“登记更正”" in blocking(planned)[0]


def test_correction_puts_the_name_right_and_keeps_the_tenure(importer: Importer) -> None:
    importer.bring_in(a_line(TOWN, NAME="章三"))
    before = importer.desk.row(TOWN)
    sheet = importer.read(a_line(TOWN, NAME="张三", TITLE="主任", MOBILE=None))
    choices = ImportChoices(corrections=frozenset({line_key(sheet.lines[0])}))
    service = importer.desk.office.roster_import
    planned = service.preview(sheet, choices).lines[0]
    assert (planned.kind, planned.action) == (LineKind.CHANGED, LineAction.CORRECT)
    assert labels(planned) == {"姓名": ("章三", "张三"), "现任职务": ("科长", "主任")}
    service.apply(sheet, choices)
    row = importer.desk.row(TOWN)
    assert (row.tenure_id, row.person_id, row.name, row.title, row.mobile) == (
        before.tenure_id,
        before.person_id,
        "张三",
        "主任",
        "13800000001",
    )
    assert len(importer.desk.office.holders.holders_of(row.post_id)) == 1
    assert importer.desk.office.register.all_rows(RegisterQuery(filters={"name": "zhangs"}))
    assert service.preview(sheet).lines[0].kind is LineKind.SAME


def test_correction_leaves_a_person_with_another_post_alone(importer: Importer) -> None:
    importer.bring_in(a_line(TOWN, CDO), a_line(OTHER_TOWN, CDO))
    sheet = importer.read(a_line(TOWN, CDO, NAME="李四", MOBILE="13800000002", TITLE="镇长", EMAIL=None))
    choices = ImportChoices(corrections=frozenset({line_key(sheet.lines[0])}))
    importer.desk.office.roster_import.apply(sheet, choices)
    row, other = importer.desk.row(TOWN, CDO), importer.desk.row(OTHER_TOWN, CDO)
    assert (row.name, row.title, row.mobile, row.email) == ("李四", "镇长", "13800000002", "")
    assert (other.name, other.mobile, other.title) == ("张三", "13800000001", "科长")
    assert importer.desk.office.roster_import.preview(sheet).lines[0].kind is LineKind.SAME


def test_correction_to_a_known_person_names_that_person(importer: Importer) -> None:
    importer.bring_in(a_line(TOWN, CDO), a_line(OTHER_TOWN, CDO, NAME="李四", MOBILE="13800000002"))
    sheet = importer.read(a_line(TOWN, CDO, NAME="李四", MOBILE="13800000002"))
    choices = ImportChoices(corrections=frozenset({line_key(sheet.lines[0])}))
    importer.desk.office.roster_import.apply(sheet, choices)
    assert importer.desk.row(TOWN, CDO).person_id == importer.desk.row(OTHER_TOWN, CDO).person_id


def test_holder_who_will_leave_is_still_the_holder(importer: Importer) -> None:
    importer.bring_in(a_line(TOWN))
    holders = importer.desk.office.holders
    opened = holders.get(importer.desk.row(TOWN).tenure_id or 0)
    holders.leave(opened, LeaveDraft(TODAY + timedelta(7)))
    assert importer.only(a_line(TOWN)).kind is LineKind.SAME
    planned = importer.only(a_line(TOWN, SINCE=TODAY + timedelta(7)))
    assert blocking(planned) == ["任职日期要早于已登记的离任日期 2026-12-01，请核对。"]
    line = a_line(TOWN, NAME="李四", MOBILE="13800000002", SINCE=TODAY + timedelta(14))
    importer.bring_in(line, choices=ImportChoices(all_replacements=True))
    past = holders.holders_of(opened.post_id)
    assert [(h.name, h.until) for h in past] == [("李四", None), ("张三", date(2026, 12, 1))]


def test_sheet_that_names_the_coming_holder_is_the_same(importer: Importer) -> None:
    importer.bring_in(a_line(TOWN))
    opened = importer.desk.office.holders.get(importer.desk.row(TOWN).tenure_id or 0)
    coming = importer.desk.successor(opened, since=TODAY + timedelta(7))
    importer.desk.office.holders.replace(opened, coming, FilingDraft())
    line: Line = {F.UNIT_SHORT_NAME: TOWN, F.POST: SPECIALIST, F.NAME: "李四"}
    assert importer.only(line).kind is LineKind.SAME
    assert importer.only(line | {F.NAME: "张三"}).kind is LineKind.SAME


def test_new_holder_must_not_begin_within_a_past_tenure(importer: Importer) -> None:
    importer.bring_in(a_line(TOWN))
    opened = importer.desk.office.holders.get(importer.desk.row(TOWN).tenure_id or 0)
    importer.desk.office.holders.leave(opened, LeaveDraft(date(2026, 10, 1)))
    line = a_line(TOWN, NAME="李四", MOBILE="13800000002", SINCE=date(2026, 9, 30))
    assert "与前任“张三”的任期（至 2026-10-01）重叠" in blocking(importer.only(line))[0]
    assert importer.bring_in(line | {F.SINCE: date(2026, 10, 8)}).new == 1
    assert importer.desk.row(TOWN).due_date == date(2026, 10, 12)


# Names of units


@pytest.mark.parametrize(
    "name", ["罗店", "罗店镇政府", "区卫健委", "教育局", "宝山区月浦真人民政府", "宝山区教育居"]
)
def test_near_miss_of_a_unit_is_asked_and_never_guessed(name: str, importer: Importer) -> None:
    planned = importer.only(a_line(name))
    assert planned.kind is LineKind.PROBLEM
    assert f"名册里没有“{name}”" in blocking(planned)[0]
    with pytest.raises(InvalidInputError):
        importer.bring_in(a_line(name))
    assert importer.desk.office.units.count() == 56


def test_near_miss_can_be_decided_both_ways(importer: Importer) -> None:
    unit_id = importer.desk.row(TOWN).unit_id
    same = ImportChoices(same_units={"罗店": unit_id})
    planned = importer.only(a_line("罗店"), choices=same)
    assert planned.unit is not None
    assert (planned.kind, planned.unit_name, planned.unit.changes) == (LineKind.NEW, TOWN, ())
    assert importer.bring_in(a_line("罗店"), choices=same).new == 1
    assert importer.desk.office.units.get(unit_id).short_name == TOWN
    new = ImportChoices(new_units=frozenset({"教育局"}))
    assert importer.bring_in(a_line("教育局", MOBILE="13800000002"), choices=new).new == 1
    assert importer.desk.office.units.count() == 57


def test_two_names_of_one_new_unit_are_asked_about(fresh: Importer) -> None:
    lines = [a_line("区测绘局"), a_line("测绘局", CDO, NAME="李四", MOBILE="13800000002")]
    planned = fresh.plan(*lines).lines[1]
    assert "“测绘局”与表中前面的“区测绘局”相近" in blocking(planned)[0]
    choices = ImportChoices(new_units=frozenset({"测绘局"}))
    assert [line.kind for line in fresh.plan(*lines, choices=choices).lines] == [LineKind.NEW] * 2


def test_shipped_units_in_an_empty_database_are_in_no_doubt(fresh: Importer, desk: Desk) -> None:
    lines: list[Line] = [
        {
            F.UNIT_FULL_NAME: row.full_name,
            F.UNIT_SHORT_NAME: row.short_name,
            F.UNIT_CATEGORY: row.category,
            F.POST: SPECIALIST,
            F.NAME: "空缺",
        }
        for row in desk.office.units.rows()[1:]
    ]
    plan = fresh.plan(*lines)
    assert [line.kind for line in plan.lines] == [LineKind.NEW] * 55


def test_one_wrong_letter_can_be_decided_both_ways(importer: Importer) -> None:
    unit_id = importer.desk.row("区教育局").unit_id
    line = a_line("宝山区教育居")
    assert "与“区教育局”相近" in blocking(importer.only(line))[0]
    same = importer.only(line, choices=ImportChoices(same_units={"宝山区教育居": unit_id}))
    assert (same.kind, same.unit_name) == (LineKind.NEW, "区教育局")
    new = importer.only(line, choices=ImportChoices(new_units=frozenset({"宝山区教育居"})))
    assert (new.kind, new.unit_name) == (LineKind.NEW, "宝山区教育居")


def test_units_that_are_registered_are_not_asked_about_though_one_letter_apart(importer: Importer) -> None:
    lines = [a_line(name, NAME="空缺") for name in ("区水务局", "区税务局", "区民政局", "区财政局", "罗泾镇")]
    assert [line.kind for line in importer.plan(*lines).lines] == [LineKind.SAME] * 5


def test_first_import_asks_nothing_and_names_two_units_one_letter_apart(fresh: Importer) -> None:
    names = ("区教育局", "区教育居", "区教育居", "区水务局", "区税务局", "第1中心", "第2中心")
    posts = (CDO, CDO, SPECIALIST, CDO, CDO, CDO, CDO)
    lines = [
        a_line(name, post, NAME="空缺", UNIT_CATEGORY="其他", SEX=None, MOBILE=None, SINCE=None, EMAIL=None)
        for name, post in zip(names, posts, strict=True)
    ]
    plan = fresh.plan(*lines)
    assert plan.is_clean
    (hint,) = plan.problems
    assert (hint.field, hint.ref.row) == (F.UNIT_SHORT_NAME, 3)
    assert "“区教育居”与表中前面的“区教育局”只差一个字" in hint.message


def test_full_and_short_name_of_different_units_are_a_problem(importer: Importer) -> None:
    planned = importer.only(a_line(TOWN, UNIT_FULL_NAME="宝山区大场镇人民政府"))
    assert blocking(planned) == ["全称和简称是两个不同的单位（大场镇、罗店镇），请核对。"]


def test_full_name_follows_the_sheet_while_it_is_a_draft(importer: Importer) -> None:
    line = a_line(TOWN, UNIT_FULL_NAME="上海市宝山区罗店镇人民政府")
    assert labels(importer.only(line))["单位全称"] == (
        "宝山区罗店镇人民政府",
        "上海市宝山区罗店镇人民政府",
    )
    importer.bring_in(line)
    unit_id = importer.desk.row(TOWN).unit_id
    assert importer.desk.office.units.get(unit_id).full_name == "上海市宝山区罗店镇人民政府"
    assert importer.desk.office.units.former_names(unit_id) == ()


def test_confirmed_full_name_is_not_changed_by_a_sheet(importer: Importer) -> None:
    importer.desk.office.units.confirm_names([importer.desk.row(TOWN).unit_id])
    planned = importer.only(a_line(TOWN, UNIT_FULL_NAME="上海市宝山区罗店镇人民政府"))
    assert "与已确认的全称“宝山区罗店镇人民政府”不同" in blocking(planned)[0]


@pytest.mark.parametrize(
    ("column", "one", "other"),
    [
        (F.ADDRESS, "沪太路1号", "沪太路2号"),
        (F.UNIT_CATEGORY, "镇", "街道"),
        (F.UNIT_FULL_NAME, "上海市宝山区罗店镇人民政府", "上海宝山罗店镇人民政府"),
        (F.UNIT_ORDER, "1", "2"),
    ],
)
def test_two_lines_must_not_say_different_things_of_one_unit(
    column: RosterField, one: str, other: str, importer: Importer
) -> None:
    lines = [
        {**a_line(TOWN), column: one},
        {**a_line(TOWN, CDO, NAME="李四", MOBILE="13800000002"), column: other},
    ]
    planned = importer.plan(*lines).lines[1]
    assert blocking(planned) == [f"同一单位的{column.value}前面填的是“{one}”，请改为一致。"]


def test_unit_of_a_skipped_line_is_written_by_the_next_line(importer: Importer) -> None:
    lines = [
        a_line(TOWN, ADDRESS="沪太路1号", SINCE="三月"),
        a_line(TOWN, CDO, NAME="李四", MOBILE="13800000002", ADDRESS="沪太路1号"),
    ]
    assert importer.bring_in(*lines, skip=True) == ImportResult(1, 0, 0, 1)
    assert importer.desk.office.units.get(importer.desk.row(TOWN).unit_id).address == "沪太路1号"


def test_nothing_of_a_skipped_line_is_written(importer: Importer, fresh: Importer) -> None:
    lines = [a_line(TOWN, ADDRESS="沪太路1号", SINCE="三月"), a_line(OTHER_TOWN)]
    assert importer.bring_in(*lines, skip=True) == ImportResult(1, 0, 0, 1)
    assert importer.desk.office.units.get(importer.desk.row(TOWN).unit_id).address == ""
    assert fresh.bring_in(*lines, skip=True) == ImportResult(1, 0, 0, 1)
    assert [row.short_name for row in fresh.desk.office.units.rows()] == [OTHER_TOWN]


@pytest.mark.parametrize("order", ["第一", "1.5", "9999999", "-1"])
def test_order_of_units_is_a_small_whole_number(order: str, importer: Importer) -> None:
    assert "单位排序要填整数" in " ".join(blocking(importer.only(a_line(TOWN, UNIT_ORDER=order))))


def test_duplicate_line_names_the_earlier_one(importer: Importer) -> None:
    plan = importer.plan(a_line(TOWN), a_line(OTHER_TOWN, NAME="李四", MOBILE="13800000002"), a_line(TOWN))
    assert [line.kind for line in plan.lines] == [LineKind.NEW, LineKind.NEW, LineKind.PROBLEM]
    assert blocking(plan.lines[2]) == ["与第 2 行是同一单位的同一岗位，请只保留一行。"]


# The paper of a change


def test_papers_of_a_change_come_in_with_their_dates(importer: Importer) -> None:
    line = a_line(
        TOWN,
        FILING_KIND="变更备案",
        CHANGE_DATE=date(2026, 11, 20),
        CHANGE_REASON="退休",
        PREDECESSOR="老王",
        PREDECESSOR_TITLE="科长",
        HANDOVER="已完成",
        FILLER="小李",
        FILLER_PHONE="021-56000000",
        FILLED_ON=date(2026, 11, 23),
    )
    importer.bring_in(line)
    row = importer.desk.row(TOWN)
    assert (row.filing_kind, row.due_date) == (FilingKind.CHANGE, date(2026, 11, 25))
    assert importer.only(line).kind is LineKind.SAME
    planned = importer.only(line | {F.CHANGE_DATE: date(2026, 11, 23), F.FILLER_PHONE: "021****0000"})
    assert labels(planned) == {"变更日期": ("2026-11-20", "2026-11-23")}
    importer.bring_in(line | {F.CHANGE_DATE: date(2026, 11, 23)})
    assert importer.desk.row(TOWN).due_date == date(2026, 11, 26)


def test_first_filing_that_turns_out_to_be_a_change_gets_its_limit(importer: Importer) -> None:
    importer.bring_in(a_line(TOWN))
    importer.bring_in(a_line(TOWN, FILING_KIND="变更备案"))
    assert importer.desk.row(TOWN).due_date == date(2026, 3, 5)


def test_corrected_first_day_and_reason_move_the_limit_together(importer: Importer) -> None:
    importer.bring_in(a_line(TOWN, FILING_KIND="变更备案"))
    importer.bring_in(a_line(TOWN, SINCE=date(2026, 3, 9), CHANGE_REASON="退休"))
    row = importer.desk.row(TOWN)
    assert (row.since, row.due_date) == (date(2026, 3, 9), date(2026, 3, 12))


def test_filed_paper_is_left_alone_and_said_so(sample: Desk, tmp_path: Path) -> None:
    importer = Importer(sample, tmp_path)
    row = next(row for row in sample.office.register.all_rows(RegisterQuery(state=RegisterState.FILED)))
    planned = importer.only(
        {F.UNIT_SHORT_NAME: row.unit, F.POST: row.post, F.NAME: row.name, F.CHANGE_REASON: "其他"}
    )
    assert planned.kind is LineKind.SAME
    assert "这次备案已入库，表中的变更情况没有采用" in planned.problems[0].message


def past_filing(unit: str, number: str, **more: str | date | None) -> Line:
    line = a_line(unit, FILING_KIND="变更备案", CHANGE_DATE=date(2026, 3, 2), FILING_STATE="已备案")
    line |= {F.FILING_NUMBER: number, F.RECEIVED_ON: date(2026, 3, 20)}
    return line | {getattr(F, name): value for name, value in more.items()}


def test_past_filing_comes_in_with_its_number_and_lights_no_lamp(fresh: Importer) -> None:
    line = past_filing(TOWN, "2025-007", LATE_REASON="经办人休假", KNOWN_ON=date(2026, 3, 3))
    assert fresh.bring_in(line) == ImportResult(1, 0, 0, 0)
    row = fresh.desk.row(TOWN)
    assert (row.state, row.late.days, row.due_date) == (RegisterState.FILED, 0, date(2026, 3, 5))
    assert fresh.only(line).kind is LineKind.SAME


def test_office_columns_change_an_open_filing_and_leave_a_filed_one_alone(importer: Importer) -> None:
    importer.bring_in(a_line(TOWN, FILING_KIND="变更备案"))
    assert importer.desk.row(TOWN).state is RegisterState.OVERDUE
    planned = importer.only(past_filing(TOWN, "2026-012"))
    assert planned.kind is LineKind.CHANGED
    assert labels(planned) == {
        "备案状态": ("草稿", "已备案"),
        "备案编号": ("", "2026-012"),
        "收到日期": ("", "2026-03-20"),
    }
    importer.bring_in(past_filing(TOWN, "2026-012"))
    assert importer.desk.row(TOWN).state is RegisterState.FILED
    again = importer.only(past_filing(TOWN, "2026-013"))
    assert again.kind is LineKind.SAME
    assert "这次备案已备案" in again.problems[0].message


def test_number_that_is_given_twice_is_a_problem_on_its_cell(importer: Importer) -> None:
    lines = [
        past_filing(unit, "2026-012", NAME=name) for unit, name in ((TOWN, "甲甲"), (OTHER_TOWN, "乙乙"))
    ]
    plan = importer.plan(*lines)
    (problem,) = plan.problems
    assert (problem.field, problem.ref.row, problem.blocking) == (F.FILING_NUMBER, 3, True)
    assert problem.message == "备案编号“2026-012”与第 2 行相同，编号不能重复，请核对。"
    importer.bring_in(lines[0])
    planned = importer.only(lines[1])
    assert blocking(planned) == ["备案编号“2026-012”名册中已经用过，编号不能重复，请核对。"]


def test_paper_is_not_received_on_a_day_to_come(importer: Importer) -> None:
    planned = importer.only(past_filing(TOWN, "2026-012", RECEIVED_ON=TODAY + timedelta(1)))
    assert blocking(planned) == ["收到日期 2026-11-25 在今天以后，请核对。"]


def test_number_without_a_state_comes_in_as_filed_and_is_pointed_out(fresh: Importer) -> None:
    line = past_filing(TOWN, "2026-012", FILING_STATE=None)
    planned = fresh.only(line)
    assert planned.kind is LineKind.NEW
    (told,) = [problem for problem in planned.problems if "备案编号" in problem.message]
    assert (told.message, told.blocking) == (
        "填了备案编号“2026-012”，没有填备案状态：按“已备案”导入，请核对。",
        False,
    )
    fresh.bring_in(line)
    (row,) = [row for row in fresh.desk.office.filing_list.rows() if row.unit == TOWN]
    assert (row.state, row.number) == (FilingState.FILED, "2026-012")
    assert fresh.only(line).kind is LineKind.SAME


def test_number_for_a_draft_that_is_there_files_it(importer: Importer) -> None:
    importer.bring_in(a_line(TOWN, FILING_KIND="变更备案"))
    planned = importer.only(past_filing(TOWN, "2026-012", FILING_STATE=None))
    assert labels(planned)["备案状态"] == ("草稿", "已备案")


def test_number_of_what_is_said_to_be_a_draft_is_pointed_out(importer: Importer) -> None:
    planned = importer.only(past_filing(TOWN, "2026-012", FILING_STATE="草稿", RECEIVED_ON=None))
    assert planned.kind is LineKind.NEW
    assert any("填了备案编号，备案状态却是“草稿”" in problem.message for problem in planned.problems)


@pytest.mark.parametrize(("column", "text"), [(F.FILING_STATE, "作废"), (F.BASIS_KIND, "口头")])
def test_office_columns_take_their_own_words_alone(
    column: RosterField, text: str, importer: Importer
) -> None:
    planned = importer.only({**a_line(TOWN), column: text})
    assert f"“{text}”不认识" in blocking(planned)[0]


# All or nothing


def many(count: int) -> list[Line]:
    return [
        a_line(f"第{number}中心", NAME="张三", MOBILE=f"138{number:08d}", UNIT_CATEGORY="其他")
        for number in range(count)
    ]


def test_one_bad_line_of_five_hundred_stops_everything(importer: Importer) -> None:
    lines = many(500)
    lines[321][F.SINCE] = "二月三十日"
    before = register(importer.desk)
    with pytest.raises(InvalidInputError, match="有 1 行存在问题，没有导入任何内容"):
        importer.bring_in(*lines)
    assert register(importer.desk) == before
    assert importer.bring_in(*lines, skip=True) == ImportResult(499, 0, 0, 1)


def test_cancelled_import_leaves_nothing(importer: Importer) -> None:
    sheet = importer.read(*many(60))
    before = register(importer.desk)
    seen: list[tuple[int, int]] = []

    def stop_half_way(done: int, total: int) -> None:
        seen.append((done, total))
        if done == 30:
            raise CancelledError("已取消，没有导入任何内容。")

    with pytest.raises(CancelledError):
        importer.desk.office.roster_import.apply(sheet, progress=stop_half_way)
    assert seen == [(done, 60) for done in range(1, 31)]
    assert register(importer.desk) == before


def test_plan_is_made_anew_when_it_is_written(importer: Importer) -> None:
    sheet = importer.read(a_line(TOWN))
    assert importer.desk.office.roster_import.preview(sheet).is_clean
    importer.desk.appoint(TOWN, name="李四", since=date(2026, 5, 1))
    with pytest.raises(InvalidInputError, match="没有导入任何内容"):
        importer.desk.office.roster_import.apply(sheet)
    assert importer.desk.row(TOWN).name == "李四"


@pytest.mark.parametrize("content", [b"", b"not a workbook", "单位,姓名".encode("gbk"), b"PK\x03\x04rest"])
def test_broken_workbook_is_a_sentence(content: bytes, desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "坏的 名册.xlsx"
    path.write_bytes(content)
    with pytest.raises(UnreadableFileError, match="名册.xlsx"):
        desk.office.roster_import.read(path)


def test_marked_copy_has_the_problem_in_its_cell(importer: Importer, tmp_path: Path) -> None:
    importer.read(a_line(TOWN), a_line(OTHER_TOWN, SINCE="二月三十日", NAME="李四", MOBILE=None))
    sheet = importer.desk.office.roster_import.read(importer.path)
    plan = importer.desk.office.roster_import.preview(sheet)
    target = tmp_path / "标注.xlsx"
    importer.desk.office.roster_import.write_marked_copy(importer.path, plan, target)
    sheet_out = load_workbook(target).worksheets[0]
    column = [cell.value for cell in sheet_out[1]].index("任职日期") + 1
    cell = sheet_out.cell(3, column)
    assert cell.comment is not None
    assert plan.lines[1].problems[0].message in cell.comment.text
    assert sheet_out.cell(2, column).comment is None


# Units that ended, and second plates


def end_unit(desk: Desk, into: str | None = None) -> None:
    """Merge 大场镇 into another unit as of today, or abolish it."""
    units = desk.office.units

    def ref(name: str) -> UnitRef:
        draft = units.get(desk.row(name).unit_id)
        return UnitRef(draft.unit_id or 0, draft.version)

    changes, reform = desk.office.system.unit_changes, Reform(TODAY, "宝编〔2026〕9号", "")
    if into:
        changes.merge([ref(OTHER_TOWN)], ref(into), reform)
    else:
        changes.abolish(ref(OTHER_TOWN), reform)


@pytest.mark.parametrize(("into", "told"), [(TOWN, "并入或由“罗店镇”承继"), (None, "请改为现在的单位")])
def test_a_unit_that_has_ended_gets_no_holders(
    desk: Desk, importer: Importer, into: str | None, told: str
) -> None:
    end_unit(desk, into)
    line = importer.only(a_line(OTHER_TOWN, NAME="李四"))
    assert line.kind is LineKind.PROBLEM
    (problem,) = blocking(line)
    assert "已于 2026-11-24 撤并" in problem
    assert told in problem


def test_a_unit_with_the_name_of_one_that_has_ended_is_meant(desk: Desk, importer: Importer) -> None:
    end_unit(desk)
    new = desk.office.units.save(
        UnitDraft(full_name="上海市宝山区大场镇人民政府", short_name=OTHER_TOWN, category=UnitCategory.TOWN)
    )
    importer.bring_in(a_line(OTHER_TOWN, NAME="李四"))
    assert (desk.row(OTHER_TOWN).unit_id, desk.row(OTHER_TOWN).name) == (new, "李四")


def test_a_unit_is_known_by_the_name_on_its_second_plate(desk: Desk, importer: Importer) -> None:
    unit_id = desk.row(TOWN).unit_id
    plate = SecondNameDraft(
        unit_id=unit_id, full_name="宝山区罗店古镇管理委员会", short_name="罗店古镇管委会"
    )
    desk.office.system.second_names.save(plate)
    importer.bring_in(a_line("罗店古镇管委会", UNIT_FULL_NAME="宝山区罗店古镇管理委员会", NAME="李四"))
    row = desk.row(TOWN)
    assert (row.unit_id, row.name) == (unit_id, "李四")
    assert row.unit_full_name == "宝山区罗店镇人民政府"


# Who held a post before, at go-live


def predecessor(name: str, since: date, until: date, number: str = "") -> Line:
    line = a_line(TOWN, NAME=name, SINCE=since, UNTIL=until, MOBILE="")
    if number:
        line |= {F.FILING_STATE: "已备案", F.FILING_NUMBER: number, F.RECEIVED_ON: since}
    return line


def test_past_holders_come_in_with_their_filings_in_any_order(importer: Importer) -> None:
    lines = (
        a_line(TOWN, NAME="丙丙", SINCE=date(2026, 3, 2)),
        predecessor("乙乙", date(2025, 1, 6), date(2026, 3, 2), "2025-002"),
        predecessor("甲甲", date(2023, 2, 1), date(2025, 1, 6), "2023-001"),
    )
    assert importer.bring_in(*lines) == ImportResult(3, 0, 0, 0)
    holders = importer.desk.office.holders.holders_of(importer.desk.row(TOWN).post_id)
    assert [(one.name, one.since, one.until) for one in holders] == [
        ("丙丙", date(2026, 3, 2), None),
        ("乙乙", date(2025, 1, 6), date(2026, 3, 2)),
        ("甲甲", date(2023, 2, 1), date(2025, 1, 6)),
    ]
    filings = {row.name: row for row in importer.desk.office.filing_list.rows()}
    assert {name: (row.kind, row.number) for name, row in filings.items()} == {
        "甲甲": ("首次备案", "2023-001"),
        "乙乙": ("变更备案", "2025-002"),
        "丙丙": ("变更备案", ""),
    }
    papers = importer.desk.office.filing_papers
    assert [row.number for row in papers.filing_ledger(2025).rows] == ["2025-002"]
    again = importer.plan(*lines)
    assert [line.kind for line in again.lines] == [LineKind.SAME] * 3


def test_past_holder_joins_a_post_that_is_held(importer: Importer) -> None:
    importer.bring_in(a_line(TOWN, NAME="丙丙", SINCE=date(2026, 3, 2)))
    importer.bring_in(predecessor("乙乙", date(2025, 1, 6), date(2026, 3, 2), "2025-002"))
    assert importer.desk.row(TOWN).name == "丙丙"
    overdue = importer.desk.office.filing_list.rows(overdue=True)
    assert [row.name for row in overdue] == []


@pytest.mark.parametrize(
    ("since", "until", "message"),
    [
        (date(2025, 1, 6), date(2026, 3, 3), "任期与“丙丙”的（2026-03-02 至 今）重叠，请核对。"),
        (date(2025, 1, 6), date(2025, 1, 6), "离任日期 2025-01-06 不晚于任职日期 2025-01-06，请核对。"),
    ],
)
def test_past_tenure_that_cannot_have_been_is_a_problem(
    importer: Importer, since: date, until: date, message: str
) -> None:
    importer.bring_in(a_line(TOWN, NAME="丙丙", SINCE=date(2026, 3, 2)))
    planned = importer.only(predecessor("乙乙", since, until))
    assert blocking(planned) == [message]


def test_two_past_tenures_of_one_sheet_may_not_meet(importer: Importer) -> None:
    plan = importer.plan(
        predecessor("甲甲", date(2023, 2, 1), date(2025, 1, 7)),
        predecessor("乙乙", date(2025, 1, 6), date(2026, 3, 2)),
    )
    assert [len(blocking(line)) for line in plan.lines] == [0, 1]


def test_departure_to_come_is_registered_elsewhere(importer: Importer) -> None:
    planned = importer.only(a_line(TOWN, UNTIL=date(2027, 1, 1)))
    assert planned.action is LineAction.APPOINT
    assert "请在名册中办理离任" in planned.problems[0].message
