"""The sheets of the template."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from openpyxl.cell import Cell
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from cdo_desktop.documents.excel.styles import (
    CENTRED,
    DATE,
    DATE_FORMAT,
    EXAMPLE,
    HEAD,
    HEAD_MUST,
    HEAD_OPTIONAL,
    LONG_TEXT,
    NOTE,
    TEXT,
    TEXT_FORMAT,
    TITLE,
    add_styles,
    columns_in_sight,
    pages_across,
    put_text,
    row_height,
    set_up_pages,
)
from cdo_desktop.documents.excel.template_checks import add_checks
from cdo_desktop.documents.excel.template_fields import FIELD_HELP, Check, Need
from cdo_desktop.rules.roster_columns import BASIC_FIELDS, PAST_FIELDS, TEMPLATE_FIELDS, RosterField
from cdo_desktop.rules.vocabulary import PostKind

F = RosterField

SHEET_NAME = "名册"
NOTES_NAME = "填写说明"
READY_ROWS = 500
"""Rows that are formatted and checked; more than any office has posts."""

_BORDERED_ROWS = 20
_TITLE = "首席数据官、数据专员信息采集表"
_LEGEND = (
    "带 * 的橙色栏必填，蓝色栏是备案表需要的内容，灰色栏选填。不要改动表头；"
    "灰字的“示例”行导入时自动跳过，可以不删。详见“填写说明”。"
)
_UNIT_BLOCK = (F.UNIT_FULL_NAME, F.UNIT_SHORT_NAME, F.UNIT_CATEGORY)
_MORE_UNIT = (F.ADDRESS, F.POSTCODE, F.UNIT_GROUP, F.UNIT_ORDER, F.UNIT_NAME_CONFIRMED)
_CONTACT = (F.SINCE, F.BASIS, F.OFFICE_PHONE, F.MOBILE, F.EMAIL)
_CDO_BLOCK = (F.NAME, F.SEX, F.TITLE, F.HEAD, *_CONTACT)
_SPECIALIST_BLOCK = (F.NAME, F.SEX, F.SECTION, F.TITLE, *_CONTACT)
_PRIVATE = (F.BIRTH_MONTH, F.POLITICAL_STATUS)
_MORE_CDO = (F.HEAD_NOTE, F.WORK_SCOPE)
_MORE_SPECIALIST = (
    F.RANK,
    F.DUTIES,
    F.DIGITAL_YEARS,
    F.EDUCATION,
    F.TRAINING,
    F.PLATFORM_ACCOUNT,
    F.BACKUP_NAME,
    F.BACKUP_PHONE,
)
_CHANGE = (F.FILING_KIND, F.CHANGE_REASON, F.CHANGE_DATE, F.PREDECESSOR, F.PREDECESSOR_TITLE, F.HANDOVER)
_FILLING = (F.FILLED_ON, F.FILLER, F.FILLER_PHONE, F.NOTE)
_CENTRED_WIDTH = 13


@dataclass(frozen=True)
class TemplateColumn:
    """One column: its number, its field, and the post of its group when both stand side by side."""

    number: int
    field: RosterField
    post: PostKind | None = None

    @property
    def letter(self) -> str:
        """The column's letters."""
        return str(get_column_letter(self.number))


def make_template(*, full: bool, side_by_side: bool) -> Workbook:
    """Return the template; see ``write_template``."""
    book = Workbook()
    add_styles(book)
    sheet = book.active
    sheet.title = SHEET_NAME
    columns = _columns(full, side_by_side)
    first_row = _write_head(sheet, columns, side_by_side)
    _write_example(sheet, columns, first_row)
    _prepare_rows(sheet, columns, first_row + 1)
    add_checks(book, sheet, columns, range(first_row + 1, first_row + 1 + READY_ROWS))
    _mark_what_is_missing(sheet, columns, first_row + 1)
    _set_up(sheet, columns, first_row)
    _write_notes(book.create_sheet(NOTES_NAME, 1), columns, side_by_side)
    return book


def _columns(full: bool, side_by_side: bool) -> list[TemplateColumn]:
    if not side_by_side:
        fields = TEMPLATE_FIELDS if full else BASIC_FIELDS
        return [TemplateColumn(number, field) for number, field in enumerate(fields, start=2)]
    cdo = _CDO_BLOCK + ((*_PRIVATE, *_MORE_CDO, *_CHANGE) if full else ())
    specialist = _SPECIALIST_BLOCK + ((*_PRIVATE, *_MORE_SPECIALIST, *_CHANGE) if full else ())
    planned: list[tuple[RosterField, PostKind | None]] = [
        *((field, None) for field in _UNIT_BLOCK + (_MORE_UNIT if full else ())),
        *((field, PostKind.CDO) for field in cdo),
        *((field, PostKind.SPECIALIST) for field in specialist),
        *((field, None) for field in (_FILLING if full else (F.NOTE,))),
    ]
    return [TemplateColumn(number, field, post) for number, (field, post) in enumerate(planned, start=2)]


def _write_head(sheet: Worksheet, columns: Sequence[TemplateColumn], side_by_side: bool) -> int:
    """Write title, legend and head; return the row below."""
    for number in range(1, columns_in_sight([FIELD_HELP[column.field].width for column in columns]) + 2):
        sheet.cell(1, number).style = TITLE
    _put(sheet.cell(1, 1), _TITLE, TITLE)
    _put(sheet.cell(2, 1), _LEGEND, NOTE)
    sheet.row_dimensions[1].height = 34
    sheet.row_dimensions[2].height = 20
    head_row = 4 if side_by_side else 3
    for column in columns:
        _put(sheet.cell(head_row, column.number), _heading(column.field), _head_style(column.field))
    _put(sheet.cell(head_row, 1), "序号", HEAD_OPTIONAL)
    sheet.row_dimensions[head_row].height = 34
    if side_by_side:
        _write_group_heads(sheet, columns)
    return head_row + 1


def _write_group_heads(sheet: Worksheet, columns: Sequence[TemplateColumn]) -> None:
    """Write the posts over their columns; what has no group stands over both head rows."""
    for post, group in groupby(columns, key=lambda column: column.post):
        numbers = [column.number for column in group]
        if post is not None:
            for number in numbers:
                sheet.cell(3, number).style = HEAD
            _put(sheet.cell(3, numbers[0]), str(post), HEAD)
            sheet.merge_cells(start_row=3, end_row=3, start_column=numbers[0], end_column=numbers[-1])
    for number in [1, *(column.number for column in columns if column.post is None)]:
        below = sheet.cell(4, number)
        text, style = str(below.value), below.style
        below.value = None
        _put(sheet.cell(3, number), text, style)
        sheet.merge_cells(start_row=3, end_row=4, start_column=number, end_column=number)
    sheet.row_dimensions[3].height = 22


def _heading(field: RosterField) -> str:
    return f"{field}*" if FIELD_HELP[field].need is Need.MUST else str(field)


def _head_style(field: RosterField) -> str:
    return {Need.MUST: HEAD_MUST, Need.FORM: HEAD}.get(FIELD_HELP[field].need, HEAD_OPTIONAL)


def _write_example(sheet: Worksheet, columns: Sequence[TemplateColumn], row: int) -> None:
    _put(sheet.cell(row, 1), "示例", EXAMPLE)
    for column in columns:
        value = FIELD_HELP[column.field].examples[column.post is PostKind.SPECIALIST]
        cell = sheet.cell(row, column.number)
        if isinstance(value, date):
            cell.style = EXAMPLE
            cell.value = value
            cell.number_format = DATE_FORMAT
        else:
            _put(cell, str(value), EXAMPLE)
    sheet.row_dimensions[row].height = 32


def _prepare_rows(sheet: Worksheet, columns: Sequence[TemplateColumn], first: int) -> None:
    """Format the cells before anything is typed: a phone typed into a text cell keeps all its digits."""
    for row in range(first, first + READY_ROWS):
        bordered = row < first + _BORDERED_ROWS
        if bordered:
            sheet.cell(row, 1).style = CENTRED
            sheet.cell(row, 1).number_format = "General"
        for column in columns:
            about = FIELD_HELP[column.field]
            cell = sheet.cell(row, column.number)
            if bordered:
                is_short = about.width <= _CENTRED_WIDTH
                cell.style = DATE if about.check is Check.DATE else CENTRED if is_short else TEXT
            cell.number_format = {Check.DATE: DATE_FORMAT, Check.ORDER: "0"}.get(about.check, TEXT_FORMAT)
        sheet.row_dimensions[row].height = 22


def _mark_what_is_missing(sheet: Worksheet, columns: Sequence[TemplateColumn], first: int) -> None:
    """Colour a required cell that is still empty in a row that has been begun."""
    last = columns[-1].letter
    fill = PatternFill("solid", start_color="FFF2CC", end_color="FFF2CC")
    for column in columns:
        if FIELD_HELP[column.field].need is Need.MUST:
            begun = f"COUNTA($B{first}:${last}{first})>0"
            vacant = (
                "" if column.field is not F.SINCE else f',${_name_letter(columns, column)}{first}<>"空缺"'
            )
            rule = FormulaRule([f'AND({begun},{column.letter}{first}=""{vacant})'], fill=fill)
            sheet.conditional_formatting.add(
                f"{column.letter}{first}:{column.letter}{first + READY_ROWS - 1}", rule
            )


def _name_letter(columns: Sequence[TemplateColumn], beside: TemplateColumn) -> str:
    return next(c.letter for c in columns if c.field is F.NAME and c.post is beside.post)


def _set_up(sheet: Worksheet, columns: Sequence[TemplateColumn], first_row: int) -> None:
    sheet.column_dimensions["A"].width = 6
    for column in columns:
        sheet.column_dimensions[column.letter].width = FIELD_HELP[column.field].width
    kept = 6 if columns[3].field is F.POST else 3
    sheet.freeze_panes = f"{get_column_letter(kept + 1)}{first_row}"
    pages = pages_across([FIELD_HELP[column.field].width for column in columns])
    set_up_pages(sheet, pages=pages)
    sheet.print_title_rows = f"3:{first_row - 1}"
    if pages > 1:
        sheet.print_title_cols = f"A:{get_column_letter(kept)}"
    sheet.print_area = f"A1:{columns[-1].letter}{first_row + _BORDERED_ROWS}"


def _put(cell: Cell, text: str, style: str) -> None:
    cell.style = style
    put_text(cell, text)


def _write_notes(sheet: Worksheet, columns: Sequence[TemplateColumn], side_by_side: bool) -> None:
    """Write what a unit needs to know, and a line for every column."""
    widths = (22, 20, 62, 26)
    for number, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
        sheet.cell(1, number).style = TITLE
    _put(sheet.cell(1, 1), NOTES_NAME, TITLE)
    sheet.row_dimensions[1].height = 34
    row = 3
    for line in _notes(side_by_side):
        _put(sheet.cell(row, 1), line, NOTE)
        sheet.row_dimensions[row].height = 20
        row += 1
    row += 1
    for number, heading in enumerate(("栏目", "要求", "怎样填", "示例"), start=1):
        _put(sheet.cell(row, number), heading, HEAD)
    sheet.row_dimensions[row].height = 24
    for field in dict.fromkeys(column.field for column in columns):
        row += 1
        about = FIELD_HELP[field]
        hint = about.hint + (f"可选：{'、'.join(about.choices)}。" if about.choices else "")
        example = next((str(value) for value in about.examples if value), "")
        texts = (str(field), str(about.need), hint, example)
        for number, text in enumerate(texts, start=1):
            _put(sheet.cell(row, number), text, LONG_TEXT)
        sheet.row_dimensions[row].height = row_height(texts, widths)
    set_up_pages(sheet)
    sheet.page_setup.orientation = "portrait"
    sheet.oddFooter.left.text = ""


def _notes(side_by_side: bool) -> tuple[str, ...]:
    shape = (
        "每个单位一行，首席数据官和数据专员左右并列。"
        if side_by_side
        else "每个岗位一行：一个单位的首席数据官和数据专员各占一行，单位全称两行都要填。"
    )
    return (
        f"1. {shape}",
        "2. 单位全称与公章一致。岗位空缺的，在姓名处写“空缺”，其余不填。",
        "3. 日期写成 2026-03-05。手机、电话、邮编按文本填写，本表已经设好格式，直接输入即可。",
        "4. 带下拉列表的栏目请从列表中选择；输入不合要求时，Excel 或 WPS 会提示。黄色的格子是漏填的必填项。",
        "5. 可以从别的表格复制，粘贴时请选“只粘贴值”，以免带入别的格式、覆盖下拉列表。",
        "6. 不要合并单元格，不要改动表头。可以增加行；不需要的选填栏可以空着，也可以整列删去。",
        "7. 本表内容仅用于首席数据官、数据专员备案登记管理。请勿填写身份证号、家庭住址等其他个人信息。",
        *(() if side_by_side else _past_notes()),
    )


def _past_notes() -> tuple[str, ...]:
    """Say how filings from before the program are brought in: with columns that no unit is asked for."""
    *about_paper, until = (f"“{field}”" for field in PAST_FIELDS)
    columns = "".join(about_paper)
    return (
        f"8. 首席数据官办公室补录以前的备案，在右边加{columns}几列，单位不用加。",
        f"9. 只填编号、不填状态的，按“已备案”导入。已经离任的人另占一行，再加{until}一列，填离任的日子。",
    )
