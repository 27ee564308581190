"""Drop-downs and input checks of the template."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from cdo_desktop.documents.excel.template_fields import FIELD_HELP, Check, FieldHelp
from cdo_desktop.rules.dates import FIRST_YEAR, LAST_YEAR

if TYPE_CHECKING:
    from cdo_desktop.documents.excel.template_book import TemplateColumn

LISTS_NAME = "选项"
_LONGEST_INLINE = 255  # characters of a list that Excel accepts in the rule itself


def add_checks(book: Workbook, sheet: Worksheet, columns: Sequence["TemplateColumn"], rows: range) -> None:
    """Give every column of a sheet its drop-down or check, and the hint that shows when a cell is chosen."""
    lists = _Lists(book)
    for column in columns:
        about = FIELD_HELP[column.field]
        check = _check(about, f"{column.letter}{rows[0]}", lists)
        check.promptTitle = str(column.field)[:32]
        check.prompt = about.hint
        check.showInputMessage = True
        check.errorTitle = str(column.field)[:32]
        check.showErrorMessage = True
        check.add(f"{column.letter}{rows[0]}:{column.letter}{rows[-1]}")
        sheet.add_data_validation(check)


def _check(about: FieldHelp, cell: str, lists: "_Lists") -> DataValidation:
    if about.choices:
        return _choice(about, lists)
    match about.check:
        case Check.DATE:
            return DataValidation(
                type="date",
                operator="between",
                formula1=f"DATE({FIRST_YEAR},1,1)",
                formula2=f"DATE({LAST_YEAR},12,31)",
                error="请输入日期，例如 2026-03-05。",
                allow_blank=True,
            )
        case Check.MOBILE:
            return _formula(
                f'AND(LEN({cell})=11,LEFT({cell},1)="1",ISNUMBER(VALUE({cell})))',
                "手机号应为 11 位数字，以 1 开头。固定电话请填在“办公电话”。",
            )
        case Check.EMAIL:
            return _formula(f'ISNUMBER(FIND("@",{cell}))', "邮箱地址里应有 @。", style="warning")
        case Check.POSTCODE:
            return _formula(f"AND(LEN({cell})=6,ISNUMBER(VALUE({cell})))", "邮编应为 6 位数字。")
        case Check.ORDER:
            return DataValidation(
                type="whole",
                operator="between",
                formula1="0",
                formula2="99999",
                error="请输入整数。",
                allow_blank=True,
            )
        case _:
            return DataValidation(
                type="textLength",
                operator="lessThanOrEqual",
                formula1=str(about.longest),
                error=f"最多 {about.longest} 个字，请缩短。",
                allow_blank=True,
            )


def _formula(formula: str, error: str, style: str = "stop") -> DataValidation:
    return DataValidation(type="custom", formula1=formula, error=error, errorStyle=style, allow_blank=True)


def _choice(about: FieldHelp, lists: "_Lists") -> DataValidation:
    joined = ",".join(about.choices)
    inline = about.strict and len(joined) <= _LONGEST_INLINE
    return DataValidation(
        type="list",
        formula1=f'"{joined}"' if inline else lists.place(about.choices),
        error="请从下拉列表中选择。",
        errorStyle="stop" if about.strict else "warning",
        allow_blank=True,
    )


class _Lists:
    """The hidden sheet for lists that are long or open to other words, one column each."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._columns = 0

    def place(self, choices: Sequence[str]) -> str:
        """Write a list and return the reference to it."""
        if LISTS_NAME not in self._book.sheetnames:
            self._book.create_sheet(LISTS_NAME).sheet_state = "hidden"
        sheet = self._book[LISTS_NAME]
        self._columns += 1
        for row, choice in enumerate(choices, start=1):
            sheet.cell(row, self._columns, choice)
        letter = get_column_letter(self._columns)
        return f"'{LISTS_NAME}'!${letter}$1:${letter}${len(choices)}"
