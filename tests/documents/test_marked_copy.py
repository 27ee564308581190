"""The problem copy: the unit gets its own workbook back, with every problem in its place."""

import errno
import os
import shutil
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from cdo_desktop.documents.excel.marked import PROBLEM_SHEET, CellMark, write_marked_copy
from cdo_desktop.documents.excel.problem_list import AUTHOR, HEADINGS, PALE, RED
from cdo_desktop.documents.readers.workbook import CellError, read_workbook
from cdo_desktop.errors import FileInUseError, InvalidInputError, StorageError, UnreadableFileError
from tests.documents.workbook_files import DATA, SHEET_PART, edited, with_rows, xlsx

_ATTACK = "=cmd|' /C calc'!A0"


def _roster(folder: Path) -> Path:
    """Return a workbook of a unit: title, head, two rows, a drop-down, styles, a note and a formula."""
    book = Workbook()
    sheet = book.active
    sheet.title = "名 册"
    sheet["A1"] = "首席数据官名册"
    sheet.merge_cells("A1:D1")
    for row in (
        ("单位", "姓名", "任职日期", "合计"),
        ("区信息委", "张三", date(2026, 3, 5), "=1+1"),
        ("甲", None, "不详", '="a"&"b"'),
    ):
        sheet.append(row)
    sheet["A2"].font = Font(name="黑体", bold=True)
    sheet["B3"].fill = PatternFill("solid", fgColor="FFFFFF00")
    sheet["B3"].comment = Comment("请核对姓名", "李四")
    sheet["C3"].number_format = 'yyyy"年"m"月"d"日"'
    sheet.column_dimensions["C"].width = 33
    sheet.freeze_panes = "A3"
    sheet.row_dimensions[4].hidden = True
    choice = DataValidation(type="list", formula1='"是,否"')
    choice.add("E3:E9")
    sheet.add_data_validation(choice)
    book.create_sheet("字典").sheet_state = "hidden"

    def calculated(name: str, text: bytes) -> bytes:
        if name != SHEET_PART:
            return text
        text = text.replace(b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>").replace(
            b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>"
        )
        for blank in (b"<v />", b"<v></v>"):
            text = text.replace(
                b'<c r="D4"><f>"a"&amp;"b"</f>' + blank, b'<c r="D4" t="str"><f>"a"&amp;"b"</f><v>ab</v>'
            )
        return text

    path = folder / "宝山区 名册.xlsx"
    path.write_bytes(edited(xlsx(book), calculated))
    assert read_workbook(path).sheets[0].rows[2][3] == 2
    return path


def _marked(source: Path, *marks: CellMark) -> Workbook:
    target = source.parent / "问题.xlsx"
    before = source.read_bytes()
    write_marked_copy(source, marks, target)
    assert source.read_bytes() == before
    return load_workbook(target)


def _is_red(sheet: Worksheet, cell: str) -> bool:
    return bool(sheet[cell].fill.fill_type == "solid" and sheet[cell].fill.fgColor.rgb == RED)


def _listed(book: Workbook) -> Sequence[tuple[object, ...]]:
    assert book.sheetnames[-1] == PROBLEM_SHEET
    head, *lines = book[PROBLEM_SHEET].iter_rows(values_only=True)
    assert head == HEADINGS
    assert [line[0] for line in lines if line[0]] == ["问题"] * sum(line[0] is not None for line in lines)
    return [line[1:] for line in lines]


def test_a_marked_cell_is_red_has_a_note_and_a_line_that_leads_to_it(tmp_path: Path) -> None:
    book = _marked(_roster(tmp_path), CellMark("名 册", 4, 3, "任职日期“不详”不是日期。"))
    sheet = book["名 册"]
    assert _is_red(sheet, "C4")
    assert not _is_red(sheet, "B4")
    assert sheet["C4"].value == "不详"
    assert sheet["C4"].comment.text == "任职日期“不详”不是日期。"
    assert sheet["C4"].comment.author == AUTHOR
    assert _listed(book) == [("名 册", 4, "C", "不详", "任职日期“不详”不是日期。")]
    links = [book[PROBLEM_SHEET][cell].hyperlink.location for cell in ("C2", "D2")]
    assert links == ["'名 册'!C4", "'名 册'!C4"]
    assert book[PROBLEM_SHEET]["C2"].hyperlink.ref == "C2"


def test_the_units_own_formats_stay(tmp_path: Path) -> None:
    book = _marked(_roster(tmp_path), CellMark("名 册", 3, 1, "单位不在册。"))
    sheet = book["名 册"]
    assert sheet["A2"].font.name == "黑体"
    assert sheet["A2"].font.bold
    assert sheet["B3"].fill.fgColor.rgb == "FFFFFF00"
    assert sheet["B3"].comment.text == "请核对姓名"
    assert sheet["C3"].number_format == 'yyyy"年"m"月"d"日"'
    assert sheet["C3"].value == datetime.fromisoformat("2026-03-05")
    assert sheet.column_dimensions["C"].width == 33
    assert sheet.freeze_panes == "A3"
    assert [str(area) for area in sheet.merged_cells.ranges] == ["A1:D1"]
    assert [str(one.sqref) for one in sheet.data_validations.dataValidation] == ["E3:E9"]
    assert book["字典"].sheet_state == "hidden"
    assert sheet["D3"].value == "=1+1"


def test_formulas_keep_their_results_for_previews_and_for_the_next_import(tmp_path: Path) -> None:
    source = _roster(tmp_path)
    _marked(source, CellMark("名 册", 3, 4, "合计不对。"))
    original, copy = read_workbook(source), read_workbook(tmp_path / "问题.xlsx")
    assert copy.sheets[0].rows == original.sheets[0].rows
    assert copy.sheets[0].rows[2][3] == 2
    assert copy.sheets[0].rows[3][3] == "ab"
    assert copy.sheets[-1].rows[1][1:] == ("名 册", 3, "D", "2", "合计不对。")


def test_several_marks_on_one_cell_share_a_note_that_keeps_what_was_there(tmp_path: Path) -> None:
    marks = [CellMark("名 册", 3, 2, text) for text in ("姓名重复。", "姓名太短。", "姓名重复。")]
    book = _marked(_roster(tmp_path), *marks)
    assert book["名 册"]["B3"].comment.text == "姓名重复。\n姓名太短。\n（原有批注）请核对姓名"
    assert [line[4] for line in _listed(book)] == ["姓名重复。", "姓名太短。"]


@pytest.mark.parametrize("name", ["名 册", "名册"])
def test_a_hint_is_pale_stands_after_the_problems_and_hides_none(tmp_path: Path, name: str) -> None:
    source = _roster(tmp_path)
    if name == "名册":
        source = tmp_path / "名册.xls"
        shutil.copy(DATA / "roster.xls", source)
    book = _marked(
        source,
        CellMark(name, 4, 3, "可以以后补。", blocking=False),
        CellMark(name, 4, 1, "两列不同。", blocking=False),
        CellMark(name, 4, 3, "不是日期。"),
    )
    sheet = book[name]
    assert _is_red(sheet, "C4")
    assert sheet["A4"].fill.fgColor.rgb == PALE
    assert sheet["C4"].comment.text == "不是日期。\n可以以后补。"
    kinds = [(row[0], row[5]) for row in book[PROBLEM_SHEET].iter_rows(values_only=True)][1:4]
    assert kinds == [("问题", "不是日期。"), ("提示", "可以以后补。"), ("提示", "两列不同。")]
    again = tmp_path / "改过.xlsx"
    shutil.move(tmp_path / "问题.xlsx", again)
    sheet = _marked(again)[name]
    assert sheet["A4"].fill.fill_type is None
    assert sheet["A4"].comment is None


def test_what_two_rows_say_of_one_merged_cell_is_said_once(tmp_path: Path) -> None:
    marks = [CellMark("名 册", 1, column, "单位未核对。", blocking=False) for column in (2, 3)]
    book = _marked(_roster(tmp_path), *marks)
    assert book["名 册"]["A1"].comment.text == "单位未核对。"
    assert book[PROBLEM_SHEET].max_row == 2


def test_a_mark_inside_a_merged_area_goes_to_its_first_cell(tmp_path: Path) -> None:
    book = _marked(_roster(tmp_path), CellMark("名 册", 1, 3, "标题不对。"))
    assert book["名 册"]["A1"].comment.text == "标题不对。"
    assert _is_red(book["名 册"], "A1")
    assert _listed(book) == [("名 册", 1, "C", "首席数据官名册", "标题不对。")]
    assert book[PROBLEM_SHEET]["C2"].hyperlink.location == "'名 册'!A1"


def test_a_mark_on_a_row_colours_what_it_holds_and_shows_a_hidden_row(tmp_path: Path) -> None:
    book = _marked(_roster(tmp_path), CellMark("名 册", 4, None, "整行重复。"))
    sheet = book["名 册"]
    assert [_is_red(sheet, cell) for cell in ("A4", "B4", "C4", "D4", "E4")] == [
        True,
        False,
        True,
        True,
        False,
    ]
    assert sheet["A4"].comment.text == "整行重复。"
    assert not sheet.row_dimensions[4].hidden
    assert _listed(book) == [("名 册", 4, "整行", "甲", "整行重复。")]


def test_marks_beyond_the_values_and_on_unknown_sheets_are_not_lost(tmp_path: Path) -> None:
    book = _marked(
        _roster(tmp_path), CellMark("名 册", 40, 20, "缺少一列。"), CellMark("没有这张", 3, 1, "缺少工作表。")
    )
    assert book["名 册"]["T40"].comment.text == "缺少一列。"
    assert _listed(book) == [
        ("名 册", 40, "T", None, "缺少一列。"),
        ("没有这张", 3, "A", None, "缺少工作表。"),
    ]
    assert book[PROBLEM_SHEET]["C3"].hyperlink is None


def test_a_corrected_copy_that_comes_back_loses_its_old_marks(tmp_path: Path) -> None:
    source = _roster(tmp_path)
    _marked(source, CellMark("名 册", 3, 2, "姓名重复。"), CellMark("名 册", 4, 3, "不是日期。"))
    again = tmp_path / "改过.xlsx"
    shutil.move(tmp_path / "问题.xlsx", again)
    book = _marked(again, CellMark("名 册", 4, 3, "仍不是日期。"))
    sheet = book["名 册"]
    assert not _is_red(sheet, "B3")
    assert sheet["B3"].comment.text == "请核对姓名"
    assert sheet["C4"].comment.text == "仍不是日期。"
    assert _listed(book) == [("名 册", 4, "C", "不详", "仍不是日期。")]
    assert book.sheetnames.count(PROBLEM_SHEET) == 1


def test_a_sheet_of_the_unit_that_has_the_lists_name_is_kept(tmp_path: Path) -> None:
    book = Workbook()
    book.active.title = PROBLEM_SHEET
    book.active["A1"] = "去年的问题"
    path = tmp_path / "a.xlsx"
    book.save(path)
    marked = _marked(path, CellMark(PROBLEM_SHEET, 1, 1, "不对。"))
    assert marked.sheetnames == [PROBLEM_SHEET, f"{PROBLEM_SHEET}2"]
    assert marked[PROBLEM_SHEET]["A1"].comment.text == "不对。"


@pytest.mark.parametrize("name", ["名册.xls", "名册.et"])
def test_of_an_xls_or_et_a_new_workbook_with_its_values_is_marked(tmp_path: Path, name: str) -> None:
    source = tmp_path / name
    shutil.copy(DATA / "roster.xls", source)
    book = _marked(
        source,
        CellMark("名册", 4, 5, "手机不对。"),
        CellMark("名册", 2, 4, "标题不对。"),
        CellMark("名册", 5, None, "整行重复。"),
        CellMark("没有", 1, 1, "缺少工作表。"),
    )
    sheet = book["名册"]
    assert sheet["E4"].comment.text == "手机不对。"
    assert _is_red(sheet, "E4")
    assert sheet["B2"].comment.text == "标题不对。"
    assert sheet["B5"].comment.text == "整行重复。"
    assert _is_red(sheet, "H5")
    assert not _is_red(sheet, "I5")
    assert [str(area) for area in sheet.merged_cells.ranges] == ["B2:L2"]
    assert book["字典"].sheet_state == "hidden"
    assert book[PROBLEM_SHEET]["D3"].hyperlink.location == "'名册'!B2"
    assert len(_listed(book)) == 4  # and no remark: for these files the copy was never to look the same
    copy, original = read_workbook(tmp_path / "问题.xlsx"), read_workbook(source)
    assert copy.sheets[:2] == original.sheets[:2]
    assert copy.sheets[0].rows[3][8] == CellError("#DIV/0!")


def test_a_title_over_the_table_does_not_widen_its_first_column(tmp_path: Path) -> None:
    target = tmp_path / "copy.xlsx"
    write_marked_copy(DATA / "roster.xls", [CellMark("名册", 4, 3, "请核对")], target)
    book = load_workbook(target)
    title = book["名册"]["B2"]
    assert title.coordinate in book["名册"].merged_cells
    assert book["名册"].column_dimensions["B"].width == len("区信息委") * 2 + 2


def test_what_only_looks_like_a_formula_stays_a_text(tmp_path: Path) -> None:
    book = Workbook()
    book.active["A1"] = _ATTACK
    book.active["A1"].data_type = "s"
    path = tmp_path / "a.xlsx"
    book.save(path)
    _assert_attack_is_text(_marked(path, CellMark("Sheet", 1, 1, _ATTACK)))


def test_what_only_looks_like_a_formula_stays_a_text_in_a_copy_of_values(tmp_path: Path) -> None:
    cell = f'<c r="A1" t="inlineStr"><is><t>{_ATTACK}</t></is></c>'
    path = tmp_path / "a.xlsx"
    path.write_bytes(_with_impossible_date(cell))
    _assert_attack_is_text(_marked(path, CellMark("Sheet", 1, 1, _ATTACK)))


def _assert_attack_is_text(book: Workbook) -> None:
    for cell in (book["Sheet"]["A1"], book[PROBLEM_SHEET]["E2"], book[PROBLEM_SHEET]["F2"]):
        assert (cell.value, cell.data_type) == (_ATTACK, "s")


def _with_impossible_date(cells: str) -> bytes:
    """Return a workbook with a number in B1 that is shown as a date and can be none."""
    book = Workbook()
    book.active["A1"].number_format = "yyyy-mm-dd"
    return with_rows(f'<row r="1">{cells}<c r="B1" s="1"><v>9999999</v></c></row>', xlsx(book))


def test_a_value_that_openpyxl_would_replace_leads_to_a_copy_of_values_that_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(_with_impossible_date(""))
    book = _marked(path, CellMark("Sheet", 1, 2, "不是日期。"))
    assert book["Sheet"]["B1"].value == 9999999
    assert book["Sheet"]["B1"].comment.text == "不是日期。"
    *lines, remark = _listed(book)
    assert len(lines) == 1
    assert "格式无法照搬" in str(remark[-1])


def test_a_workbook_that_openpyxl_cannot_open_is_marked_all_the_same(tmp_path: Path) -> None:
    def edit(name: str, text: bytes) -> bytes:
        return text.replace(b"fills", b"nofills") if name == "xl/styles.xml" else text

    path = tmp_path / "a.xlsx"
    path.write_bytes(edited(xlsx(), edit))
    book = _marked(path, CellMark("Sheet", 1, 1, "不对。"))
    assert book["Sheet"]["A1"].comment.text == "不对。"
    assert "格式无法照搬" in str(_listed(book)[-1][-1])


def test_control_characters_in_a_message_do_not_spoil_the_workbook(tmp_path: Path) -> None:
    book = _marked(_roster(tmp_path), CellMark("名 册", 3, 1, "不\x00对\x0b。<b>&"))
    assert book["名 册"]["A3"].comment.text == "不对。<b>&"
    assert _listed(book)[0][4] == "不对。<b>&"


def test_a_copy_without_marks_has_an_empty_list(tmp_path: Path) -> None:
    assert _listed(_marked(_roster(tmp_path))) == []


def test_a_refused_source_leaves_no_target(tmp_path: Path) -> None:
    source = tmp_path / "a.xlsx"
    source.write_bytes(b"PK\x03\x04 no workbook")
    with pytest.raises(UnreadableFileError, match="已损坏"):
        write_marked_copy(source, [], tmp_path / "b.xlsx")
    assert [path.name for path in tmp_path.iterdir()] == ["a.xlsx"]


def test_the_source_is_never_the_target(tmp_path: Path) -> None:
    source = _roster(tmp_path)
    before = source.read_bytes()
    with pytest.raises(InvalidInputError, match="不能覆盖原文件"):
        write_marked_copy(source, [], source.parent / "." / source.name)
    assert source.read_bytes() == before


def test_a_target_of_another_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match=".xlsx"):
        write_marked_copy(_roster(tmp_path), [], tmp_path / "b.xls")


def test_an_earlier_copy_that_is_open_in_excel_stays_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = _roster(tmp_path), tmp_path / "问题.xlsx"
    target.write_bytes(b"earlier")

    def refuse(source: object, target: object) -> None:
        raise PermissionError(errno.EACCES, "Access is denied", str(target))

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(FileInUseError, match="问题.xlsx.*Excel 或 WPS"):
        write_marked_copy(source, [], target)
    assert target.read_bytes() == b"earlier"
    assert len(list(tmp_path.iterdir())) == 2


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="不存在"):
        write_marked_copy(_roster(tmp_path), [], tmp_path / "没有" / "b.xlsx")
