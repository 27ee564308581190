"""The template for units: what is checked while typing, and that it comes back readable."""

from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from cdo_desktop.documents.excel.template import write_template
from cdo_desktop.documents.excel.template_fields import FIELD_HELP, Need
from cdo_desktop.documents.readers.roster_sheet import read_roster
from cdo_desktop.documents.readers.workbook import read_workbook
from cdo_desktop.rules.roster_columns import (
    BASIC_FIELDS,
    DATE_FIELDS,
    PAST_FIELDS,
    TEMPLATE_FIELDS,
    RosterField,
)
from cdo_desktop.rules.vocabulary import HeadStatus, PostKind, Sex, UnitCategory

F = RosterField
SHAPES = [(True, False), (False, False), (True, True), (False, True)]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[bool, bool], Path]:
    """Return the templates: full or not, with both posts side by side or not."""
    folder = tmp_path_factory.mktemp("templates")
    files = {shape: folder / f"模板 {number}.xlsx" for number, shape in enumerate(SHAPES)}
    for (full, side_by_side), file in files.items():
        write_template(file, full=full, side_by_side=side_by_side)
    return files


@pytest.fixture(scope="module")
def book(written: dict[tuple[bool, bool], Path]) -> Workbook:
    """Return the template, to be looked at."""
    return load_workbook(written[True, False])


def sheet_of(book: Workbook) -> Worksheet:
    sheet = book.worksheets[0]
    assert isinstance(sheet, Worksheet)
    return sheet


def column_of(sheet: Worksheet, field: RosterField, head_row: int = 3) -> int:
    headings = [str(cell.value or "").rstrip("*") for cell in sheet[head_row]]
    return headings.index(field) + 1


def check_of(sheet: Worksheet, row: int, column: int) -> DataValidation:
    coordinate = sheet.cell(row, column).coordinate
    (found,) = (check for check in sheet.data_validations.dataValidation if coordinate in check.cells)
    return found


def test_every_field_is_explained() -> None:
    assert set(FIELD_HELP) == set(TEMPLATE_FIELDS)
    assert F.FILING_NUMBER not in FIELD_HELP  # the office's own columns are not asked of units
    assert all(about.hint and len(about.hint) <= 255 for about in FIELD_HELP.values())


@pytest.mark.parametrize(("full", "side_by_side"), SHAPES)
def test_a_filled_template_is_read_without_a_complaint(
    written: dict[tuple[bool, bool], Path], tmp_path: Path, full: bool, side_by_side: bool
) -> None:
    """The example itself, copied one row down as a unit would overwrite it, has no problem."""
    target = tmp_path / "模板.xlsx"
    book = load_workbook(written[full, side_by_side])
    sheet = sheet_of(book)
    example = 5 if side_by_side else 4
    for cell in sheet[example][1:]:
        sheet.cell(example + 1, cell.column).value = cell.value
    book.save(target)
    found = read_roster(read_workbook(target))
    posts = ["首席数据官", "数据专员"] if side_by_side else ["首席数据官"]
    assert [line.values[F.POST] for line in found.lines] == posts
    assert [line.values[F.NAME] for line in found.lines] == ["张三", "李四"][: len(posts)]
    assert {line.values[F.SINCE] for line in found.lines} == {date(2026, 3, 5)}
    assert found.problems == ()
    assert [problem for line in found.lines for problem in line.problems] == []


@pytest.mark.parametrize("shape", SHAPES)
def test_an_empty_template_holds_no_post(
    written: dict[tuple[bool, bool], Path], shape: tuple[bool, bool]
) -> None:
    found = read_roster(read_workbook(written[shape]))
    assert found.lines == ()
    assert found.problems == ()


def test_the_full_template_has_every_field_and_the_basic_one_the_basic_ones(
    written: dict[tuple[bool, bool], Path],
) -> None:
    for full, fields in ((True, TEMPLATE_FIELDS), (False, BASIC_FIELDS)):
        sheet = sheet_of(load_workbook(written[full, False]))
        assert [str(cell.value).rstrip("*") for cell in sheet[3]] == ["序号", *fields]


def test_side_by_side_together_with_the_unit_has_every_field(
    written: dict[tuple[bool, bool], Path],
) -> None:
    sheet = sheet_of(load_workbook(written[True, True]))
    headings = {str(cell.value).rstrip("*") for row in sheet["3:4"] for cell in row if cell.value}
    assert set(TEMPLATE_FIELDS) - headings == {F.POST}


def test_required_headings_are_marked(book: Workbook) -> None:
    sheet = sheet_of(book)
    marked = {str(cell.value).rstrip("*") for cell in sheet[3] if str(cell.value).endswith("*")}
    assert marked == {"单位全称", "岗位", "姓名", "任职日期"}
    assert marked == {str(field) for field, about in FIELD_HELP.items() if about.need is Need.MUST}


def test_fixed_words_are_chosen_from_lists(book: Workbook) -> None:
    sheet = sheet_of(book)
    for field, words in (
        (F.POST, PostKind),
        (F.SEX, Sex),
        (F.HEAD, HeadStatus),
        (F.UNIT_CATEGORY, UnitCategory),
    ):
        check = check_of(sheet, 5, column_of(sheet, field))
        assert check.type == "list"
        assert check.errorStyle in (None, "stop")
        assert set(check.formula1.strip('"').split(",")) == set(words)
        assert len(check.formula1) <= 257


def test_an_open_list_stands_on_a_hidden_sheet_and_only_warns(book: Workbook) -> None:
    sheet = sheet_of(book)
    check = check_of(sheet, 5, column_of(sheet, F.POLITICAL_STATUS))
    assert check.errorStyle == "warning"
    assert check.formula1 == "'选项'!$A$1:$A$6"
    assert book["选项"].sheet_state == "hidden"
    assert book["选项"]["A1"].value == "中共党员"


def test_dates_mobiles_and_lengths_are_checked_while_typing(book: Workbook) -> None:
    sheet = sheet_of(book)
    for field in set(DATE_FIELDS) & set(TEMPLATE_FIELDS):
        assert check_of(sheet, 5, column_of(sheet, field)).type == "date"
    mobile = check_of(sheet, 5, column_of(sheet, F.MOBILE))
    assert mobile.type == "custom"
    assert "=11" in mobile.formula1
    assert "办公电话" in mobile.error
    phone = check_of(sheet, 5, column_of(sheet, F.OFFICE_PHONE))
    assert phone.type == "textLength"  # landlines have every shape
    assert check_of(sheet, 5, column_of(sheet, F.NAME)).formula1 == "50"


def test_every_column_has_a_hint_and_a_message(book: Workbook) -> None:
    sheet = sheet_of(book)
    for field in TEMPLATE_FIELDS:
        check = check_of(sheet, 304, column_of(sheet, field))
        assert check.prompt
        assert check.error
        assert check.showInputMessage
        assert check.showErrorMessage
        assert len(check.promptTitle) <= 32
        assert len(check.error) <= 225


def test_phones_and_codes_keep_their_digits_in_three_hundred_rows(book: Workbook) -> None:
    sheet = sheet_of(book)
    for field in (F.OFFICE_PHONE, F.MOBILE, F.BACKUP_PHONE, F.FILLER_PHONE, F.POSTCODE, F.BIRTH_MONTH):
        column = column_of(sheet, field)
        assert {sheet.cell(row, column).number_format for row in range(5, 305)} == {"@"}
    assert sheet.cell(304, column_of(sheet, F.SINCE)).number_format == "yyyy-mm-dd"


def test_the_example_row_is_marked(book: Workbook) -> None:
    sheet = sheet_of(book)
    assert sheet["A4"].value == "示例"
    assert sheet.cell(4, column_of(sheet, F.NAME)).value == "张三"


def test_the_notes_name_every_column(book: Workbook) -> None:
    notes = book["填写说明"]
    named = {row[0].value for row in notes.iter_rows()}
    assert set(TEMPLATE_FIELDS) <= named


def test_the_notes_say_how_past_filings_are_brought_in(book: Workbook, tmp_path: Path) -> None:
    told = "".join(str(cell.value or "") for row in book["填写说明"].iter_rows() for cell in row)
    for field in PAST_FIELDS:
        assert f"“{field}”" in told
    write_template(tmp_path / "并列.xlsx", side_by_side=True)
    beside = load_workbook(tmp_path / "并列.xlsx")["填写说明"]
    assert "离任日期" not in "".join(str(cell.value) for row in beside.iter_rows() for cell in row)


def test_a_template_with_the_columns_of_past_filings_is_read(tmp_path: Path) -> None:
    write_template(tmp_path / "模板.xlsx")
    book = load_workbook(tmp_path / "模板.xlsx")
    sheet = sheet_of(book)
    known = {
        F.UNIT_FULL_NAME: "上海市宝山区教育局",
        F.UNIT_SHORT_NAME: "区教育局",
        F.POST: "数据专员",
        F.NAME: "张三",
    }
    known |= {F.FILING_NUMBER: "2025-007", F.RECEIVED_ON: "2025-05-06", F.UNTIL: "2025-12-01"}
    for number, field in enumerate(PAST_FIELDS, start=sheet.max_column + 1):
        sheet.cell(3, number).value = str(field)
    heads = {str(cell.value).rstrip("*"): cell.column for cell in sheet[3]}
    for field, value in known.items():
        sheet.cell(5, heads[str(field)]).value = value
    book.save(tmp_path / "名册.xlsx")
    (line,) = read_roster(read_workbook(tmp_path / "名册.xlsx")).lines
    assert line.values[F.FILING_NUMBER] == "2025-007"
    assert line.values[F.UNTIL] == date(2025, 12, 1)


def test_the_sheet_is_set_up_for_screen_and_paper(book: Workbook) -> None:
    sheet = sheet_of(book)
    assert sheet.freeze_panes == "G4"
    assert sheet.page_setup.orientation == "landscape"
    assert str(sheet.page_setup.paperSize) == "9"
    assert sheet.page_setup.fitToHeight == 0
    assert sheet.print_title_rows == "$3:$3"
    frozen = sum(sheet.column_dimensions[letter].width for letter in "ABCDEF")
    assert frozen * 7 + 6 * 5 < 1366 / 2  # pixels: half of a small screen stays for scrolling
