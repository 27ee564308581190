"""Make the binary workbooks of this folder anew: python tests/data/workbooks/make.py (needs LibreOffice).

They stand for files that openpyxl cannot write: .xls (WPS .et files have the same content), also encrypted
with the password ``cdo``, and an .xlsx as another program writes it. All names are invented.
"""

import subprocess
import tempfile
from datetime import date, datetime, time
from pathlib import Path

from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

HERE = Path(__file__).resolve().parent

_HEADINGS = (
    "单位全称",
    "姓名",
    "任职日期",
    "手机",
    "比例",
    "在岗",
    "合计",
    "除零",
    "找不到",
    "时刻",
    "空文本",
)
_MACRO = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script"
 script:name="Module1" script:language="StarBasic">
Sub Encrypt(source, target, filter)
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden": hidden(0).Value = True
  book = StarDesktop.loadComponentFromURL(source, "_blank", 0, hidden())
  Dim how(1) As New com.sun.star.beans.PropertyValue
  how(0).Name = "FilterName": how(0).Value = filter
  how(1).Name = "Password": how(1).Value = "cdo"
  book.storeToURL(target, how())
  book.close(True)
End Sub
</script:module>
"""
_LIBRARY = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard"
 library:readonly="false" library:passwordprotected="false">
 <library:element library:name="Module1"/>
</library:library>
"""


def main() -> None:
    """Write all fixtures."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        _roster().save(folder / "roster.xlsx")
        _dates_of_1904().save(folder / "dates1904.xlsx")
        _far_cell().save(folder / "far.xlsx")
        for name, kind in (("roster", "xls"), ("dates1904", "xls"), ("far", "xls"), ("roster", "xlsx")):
            _office(folder, "--convert-to", kind, "--outdir", str(HERE), str(folder / f"{name}.xlsx"))
        library = folder / "profile" / "user" / "basic" / "Standard"
        (library / "Module1.xba").write_text(_MACRO, encoding="utf-8")
        (library / "script.xlb").write_text(_LIBRARY, encoding="utf-8")
        source = (folder / "roster.xlsx").as_uri()
        target = (HERE / "encrypted.xls").as_uri()
        _office(folder, f'macro:///Standard.Module1.Encrypt("{source}","{target}","MS Excel 97")')


def _office(folder: Path, *arguments: str) -> None:
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    subprocess.run(["soffice", profile, "--headless", *arguments], check=True)


def _roster() -> Workbook:
    book = Workbook()
    sheet = book.active
    sheet.title = "名册"
    sheet["B2"] = "首席数据官名册"
    sheet.merge_cells("B2:L2")
    for row in (
        _HEADINGS,
        (
            "区信息委",
            "张三",
            date(2026, 3, 5),
            13800001234,
            0.5,
            True,
            "=1+1",
            "=1/0",
            "=NA()",
            time(9, 30),
            '=""',
        ),
        (
            "区数据局",
            "𬀩𠅤",
            datetime.fromisoformat("2026-03-05T09:30"),
            "13900001234",
            0.125,
            False,
            '="a"&"b"',
            None,
            None,
        ),
    ):
        for i, value in enumerate(row, start=2):
            sheet.cell(sheet.max_row + (i == 2), i, value)
    sheet["D4"].number_format = 'yyyy"年"m"月"d"日"'
    sheet["F4"].number_format = "0%"
    book.create_sheet("字典").sheet_state = "hidden"
    book["字典"]["A1"] = "是"
    return book


def _dates_of_1904() -> Workbook:
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.active["A1"] = date(2026, 3, 5)
    return book


def _far_cell() -> Workbook:
    book = Workbook()
    book.active["A1"] = 1
    book.active["IV65536"] = 1
    return book


if __name__ == "__main__":
    main()
