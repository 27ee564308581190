"""The exported roster: a clean sheet that gives back exactly what went in."""

import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from cdo_desktop.documents.excel.roster import RosterExportRow, write_roster
from cdo_desktop.documents.excel.styles import row_height, safe_text
from cdo_desktop.documents.readers.roster_sheet import RosterSheet, read_roster
from cdo_desktop.documents.readers.workbook import CellValue, SheetGrid, WorkbookGrid, read_workbook
from cdo_desktop.errors import CancelledError, InvalidInputError
from cdo_desktop.rules.filing import RECORDED_STATES
from cdo_desktop.rules.roster_columns import ALL_FIELDS, BASIC_FIELDS, DATE_FIELDS, RosterField
from cdo_desktop.rules.text import (
    check_email,
    check_mobile,
    check_phone,
    clean_name,
    clean_text,
    is_none_word,
)
from cdo_desktop.rules.titles import clean_title
from cdo_desktop.rules.vocabulary import (
    AppointmentBasis,
    ChangeReason,
    FilingKind,
    HeadStatus,
    PostKind,
    Sex,
    UnitCategory,
    UnitGroup,
)

F = RosterField
Values = Mapping[RosterField, str | date | int]

HOLDER: Values = {
    F.UNIT_FULL_NAME: "宝山区民政局",
    F.UNIT_SHORT_NAME: "区民政局",
    F.UNIT_CATEGORY: "区政府部门",
    F.POST: "首席数据官",
    F.NAME: "张三",
    F.SINCE: date(2026, 3, 5),
    F.OFFICE_PHONE: "021-56691234",
    F.MOBILE: "13812345678",
    F.POSTCODE: "012345",
    F.UNIT_ORDER: 170,
}
VACANT: Values = {F.UNIT_FULL_NAME: "宝山区水务局", F.POST: "数据专员", F.NAME: ""}


def export(folder: Path, rows: Sequence[Values], fields: Sequence[RosterField] = ALL_FIELDS) -> Path:
    target = folder / "名册.xlsx"
    write_roster(
        [RosterExportRow(row) for row in rows], fields, target, title="名册", note="截至 2026年3月5日。"
    )
    return target


def opened(path: Path) -> Worksheet:
    sheet = load_workbook(path).worksheets[0]
    assert isinstance(sheet, Worksheet)
    return sheet


def value_of(cell: object) -> CellValue:
    assert isinstance(cell, str | int | float | date)
    return None if cell == "" else cell


def grid_of(path: Path) -> WorkbookGrid:
    """Read the values in this process; the foreign reader has its own tests and needs a child process."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(path)
    rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    blank_free = tuple(tuple(value_of(cell) for cell in row) for row in rows)
    return WorkbookGrid((SheetGrid("名册", False, blank_free),), "xlsx")


def assert_same(rows: Sequence[Values], fields: Sequence[RosterField], found: RosterSheet) -> None:
    assert found.problems == ()
    assert [problem for line in found.lines for problem in line.problems if problem.blocking] == []
    expected = [
        {f: str(row.get(f, "")) if isinstance(row.get(f), int) else row.get(f, "") for f in fields}
        for row in rows
    ]
    assert [dict(line.values) for line in found.lines] == expected


def test_an_export_is_imported_with_the_same_values(tmp_path: Path) -> None:
    for fields in (BASIC_FIELDS, ALL_FIELDS):
        path = export(tmp_path, (HOLDER, VACANT), fields)
        assert_same((HOLDER, VACANT), fields, read_roster(read_workbook(path)))


ODD_TEXTS = [
    *(
        "=1+1",
        "=cmd|' /C calc'!A0",
        "+1",
        "-1",
        "@SUM(A1)",
        "'x",
        "{=1}",
        "#N/A",
        "#REF!",
        "TRUE",
        "1e5",
        "00123",
    ),
    *(
        "2026-03-05",
        "1/2",
        "%d",
        "无",
        "/",
        "_x0041_",
        "_x005F_",
        "<b>&amp;\"'",
        "𬀩𠅤𫍲𨭆",
        "䶮",
        "a" * 1000,
    ),
]


@pytest.mark.parametrize("text", ODD_TEXTS)
def test_text_stays_the_text_it_is(tmp_path: Path, text: str) -> None:
    row = {**HOLDER, F.WORK_SCOPE: text, F.TITLE: text, F.BASIS: text}
    path = export(tmp_path, (row,))
    assert_same((row,), ALL_FIELDS, read_roster(grid_of(path)))
    column = ALL_FIELDS.index(F.WORK_SCOPE) + 1
    assert opened(path).cell(4, column).data_type == "s"


def test_no_formula_is_ever_written(tmp_path: Path) -> None:
    path = export(tmp_path, ({field: "=1+1" for field in ALL_FIELDS if field not in DATE_FIELDS},))
    with zipfile.ZipFile(path) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")


def test_what_no_workbook_can_hold_is_left_out(tmp_path: Path) -> None:
    path = export(tmp_path, ({**HOLDER, F.NOTE: "甲\x00\x07\x1b乙\ud800丙\ufffe丁\uffff"},))
    (line,) = read_roster(grid_of(path)).lines
    assert line.values[F.NOTE] == "甲乙丙丁"


def test_what_looks_like_an_escape_is_escaped() -> None:
    assert safe_text("_x0041_ _x41_ _X0041_") == "_x005F_x0041_ _x41_ _X0041_"


def words() -> st.SearchStrategy[str]:
    alphabet = st.one_of(
        st.sampled_from("张三李四〔〕（）·、。=+-@#'\"<>&_x0041 \u3000𬀩𠅤𫍲𨭆䶮镕\u0301é１２"),
        st.characters(exclude_categories=["Cs"]),
    )
    return st.text(alphabet, max_size=40).map(clean_text).filter(says_something)


def says_something(text: str) -> bool:
    """Leave out what only points at another cell: it is refused."""
    return text not in ("同上", "同前", "〃", "″", "同左")


def names() -> st.SearchStrategy[str]:
    han = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5) | st.sampled_from("𬀩𠅤𫍲𨭆䶮㛃")
    return st.text(han, min_size=2, max_size=4).filter(
        lambda name: (
            name
            not in (
                "没有",
                "空缺",
                "暂缺",
                "待定",
                "未定",
                "待补",
                "暂无",
                "暂空",
                "缺位",
                "同上",
                "同前",
                "同左",
            )
        )
    )


DIGITS = st.text("0123456789", min_size=8, max_size=8)
SPECIAL: dict[RosterField, st.SearchStrategy[str | date | int]] = {
    F.UNIT_FULL_NAME: names().map(lambda name: f"宝山区{name}局"),
    F.UNIT_CATEGORY: st.sampled_from(["", *UnitCategory]),
    F.POST: st.sampled_from(list(PostKind)),
    F.NAME: names(),
    F.SEX: st.sampled_from(["", *Sex]),
    F.HEAD: st.sampled_from(["", *HeadStatus]),
    F.OFFICE_PHONE: words().map(lambda text: phone(text))
    | DIGITS.map(lambda d: phone(f"021-5{d[:7]}转{d[7]}")),
    F.BACKUP_PHONE: st.sampled_from(["", "138****5678", "56****34"]) | DIGITS.map(lambda d: phone(d)),
    F.FILLER_PHONE: DIGITS.map(lambda d: phone(d)),
    F.MOBILE: st.sampled_from(["", "138****5678"])
    | DIGITS.map(lambda d: check_mobile(f"138{d}、139{d}").value),
    F.EMAIL: st.sampled_from(["", "a.b@bs.gov.cn", "张三@政务.cn"]).map(lambda text: check_email(text).value),
    F.POSTCODE: st.sampled_from(["", "201999", "012345", "ABC"]),
    F.BIRTH_MONTH: st.sampled_from(["", "1972.05", "1980.10"]),
    F.DIGITAL_YEARS: st.sampled_from(["", "5", "5年", "3-4", "10年以上"]),
    F.BACKUP_NAME: names(),
    F.TITLE: words().map(clean_title),
    F.NOTE: words().filter(lambda text: not is_none_word(text)),
    F.PREDECESSOR: words().map(clean_name).filter(says_something),
    F.PREDECESSOR_TITLE: words().map(clean_title),
    F.FILLER: words().map(clean_name).filter(says_something),
    F.FILING_KIND: st.sampled_from(["", *FilingKind]),
    F.CHANGE_REASON: st.sampled_from(["", *ChangeReason]),
    F.HANDOVER: st.sampled_from(["", "已完成", "未完成"]),
    F.UNIT_GROUP: st.sampled_from(["", *UnitGroup]),
    F.UNIT_ORDER: st.integers(0, 10_000),
    F.UNIT_NAME_CONFIRMED: st.sampled_from(["是", "否"]),
    F.UNIT_CODE: st.sampled_from(["", "310113", "310113101"]),
    F.BASIS_KIND: st.sampled_from(["", *AppointmentBasis]),
    F.FILING_STATE: st.sampled_from(["", *RECORDED_STATES]),
    F.FILING_NUMBER: st.sampled_from(["", "2026-012", "〔2026〕12号", "宝数官备〔2026〕012号"]),
}


def phone(text: str) -> str:
    """Return a phone as it is stored, or none where the rules refuse it."""
    try:
        return check_phone(text).value if text[:1].isdigit() and "*" not in text else ""
    except InvalidInputError:
        return ""


def rows() -> st.SearchStrategy[dict[RosterField, str | date | int]]:
    dates = st.dates(date(1990, 1, 1), date(2099, 12, 31)) | st.just("")
    return st.fixed_dictionaries(
        {field: dates if field in DATE_FIELDS else SPECIAL.get(field, words()) for field in ALL_FIELDS}
    )


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(rows(), min_size=1, max_size=3))
def test_any_register_survives_export_and_import(
    tmp_path: Path, register: list[dict[RosterField, str | date | int]]
) -> None:
    assert_same(register, ALL_FIELDS, read_roster(grid_of(export(tmp_path, register))))


def test_the_sheet_is_ready_for_reading_and_printing(tmp_path: Path) -> None:
    sheet = opened(export(tmp_path, (HOLDER, VACANT), BASIC_FIELDS))
    assert [cell.value for cell in sheet[3]] == [str(field) for field in BASIC_FIELDS]
    assert sheet["A1"].value == "名册"
    assert sheet["A2"].value == "截至 2026年3月5日。"
    assert sheet.page_setup.orientation == "landscape"
    assert str(sheet.page_setup.paperSize) == "9"
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$3:$3"
    assert sheet.freeze_panes == "F4"
    assert sheet.auto_filter.ref == "A3:N5"
    assert sheet.oddFooter.center.text == "第 &P 页，共 &N 页"
    assert sheet.oddFooter.left.text == "含个人信息，请妥善保管"


def test_dates_are_dates_and_numbers_that_are_names_are_text(tmp_path: Path) -> None:
    sheet = opened(export(tmp_path, (HOLDER,)))
    since = sheet.cell(4, ALL_FIELDS.index(F.SINCE) + 1)
    assert since.is_date
    assert since.number_format == "yyyy-mm-dd"
    for field in (F.MOBILE, F.OFFICE_PHONE, F.POSTCODE):
        cell = sheet.cell(4, ALL_FIELDS.index(field) + 1)
        assert (cell.data_type, cell.number_format, cell.value) == ("s", "@", HOLDER[field])
    assert sheet.cell(4, ALL_FIELDS.index(F.UNIT_ORDER) + 1).value == 170


def test_the_lossless_export_repeats_the_names_on_every_page_across(tmp_path: Path) -> None:
    sheet = opened(export(tmp_path, (HOLDER,)))
    assert sheet.page_setup.fitToWidth > 1
    assert sheet.print_title_cols == "$A:$E"


def test_columns_are_as_wide_as_their_content_and_rows_as_high(tmp_path: Path) -> None:
    long = {**HOLDER, F.NOTE: "很长的备注" * 20}
    sheet = opened(export(tmp_path, (HOLDER, long), BASIC_FIELDS))
    assert sheet.column_dimensions["B"].width == len("区民政局") * 2 + 2
    assert sheet.column_dimensions["N"].width < 40
    assert sheet.row_dimensions[5].height > 5 * sheet.row_dimensions[4].height / 2
    assert row_height(["一" * 10], [10]) == 34


def test_an_empty_register_gives_a_sheet_that_can_be_imported(tmp_path: Path) -> None:
    assert read_roster(grid_of(export(tmp_path, ()))).lines == ()


def test_stopping_leaves_the_previous_file(tmp_path: Path) -> None:
    path = export(tmp_path, (HOLDER,))
    before = path.read_bytes()
    steps: list[int] = []

    def stop(done: int, total: int, text: str) -> None:
        steps.append(total)
        if done:
            raise CancelledError("已取消。")

    with pytest.raises(CancelledError):
        write_roster([RosterExportRow(HOLDER)] * 200, BASIC_FIELDS, path, title="", note="", progress=stop)
    assert path.read_bytes() == before
    assert steps == [200, 200]
    assert [file.name for file in tmp_path.iterdir()] == ["名册.xlsx"]
