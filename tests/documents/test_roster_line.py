"""Rows read the quick way say what the general way says of them."""

from collections.abc import Sequence
from datetime import date
from unittest.mock import patch

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cdo_desktop.documents.readers.roster_line import CellRef, PlainRows
from cdo_desktop.documents.readers.roster_sheet import RosterSheet, read_roster
from cdo_desktop.documents.readers.workbook import CellArea, CellError, CellValue, SheetGrid, WorkbookGrid
from cdo_desktop.rules.roster_columns import RosterField as F

COLUMNS: dict[str, tuple[CellValue, ...]] = {
    "单位全称": ("宝山区民政局", " 区教育局\n", "同上", None),
    "单位简称": ("民政局", None, ""),
    "岗位": ("数据专员", "首席数据官", "CDO", "某岗", None),
    "姓名": ("张三", "张 三", "空缺", "（暂缺）", "李四、王五", None, 5),
    "手机": ("13812345678", 13812345678, "138****5678", "1381234", 1.4e10, CellError("#N/A"), None),
    "联系电话": ("13812345678", "021-56691234", "无", None),
    "任职日期": (date(2026, 3, 5), "2026.3.5", "去年", 46086, True, None),
    "性别": ("男", "女性", "未知", None),
    "科室及职务": ("信息科 科长", "科长", None),
    "办公电话": ("021-56691234", "56691", None),
    "职务": ("主任", "", None),
    "备注": ("说明：兼任", date(2026, 3, 5), "无", None),
    "爱好": ("书法", None),
}
ALWAYS = ("单位全称", "岗位", "姓名")


@st.composite
def sheets(draw: st.DrawFn) -> SheetGrid:
    optional = st.sampled_from([name for name in COLUMNS if name not in ALWAYS])
    heads = (*ALWAYS, *draw(st.lists(optional, max_size=3)))
    row = st.tuples(*(st.just(COLUMNS[head][0]) | st.sampled_from(COLUMNS[head]) for head in heads))
    rows = draw(st.lists(row, min_size=1, max_size=6))
    area = CellArea(2, 1, 3, 1) if len(rows) > 1 and draw(st.booleans()) else None
    name = draw(st.sampled_from(("名册", "数据专员")))
    return SheetGrid(name, False, (heads, *rows), (area,) if area else ())


def in_general(sheet: Sequence[SheetGrid]) -> RosterSheet:
    with patch.object(PlainRows, "line", lambda _rows, _row: None):
        return read_roster(WorkbookGrid(tuple(sheet), "xlsx"))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(sheets())
def test_a_row_that_leaves_nothing_to_decide_reads_as_any_other(drawn: SheetGrid) -> None:
    known = SheetGrid("另一页", False, (("单位全称", "岗位", "姓名"), ("区民政局", "数据专员", "张三")))
    pages = (drawn, known)
    found, general = read_roster(WorkbookGrid(pages, "xlsx")), in_general(pages)
    assert found == general
    assert [list(line.cells) for line in found.lines] == [list(line.cells) for line in general.lines]


def test_a_plain_row_knows_where_its_cells_are() -> None:
    rows = (("姓名", "单位全称", "岗位"), ("张三", "区民政局", "数据专员"))
    (line,) = read_roster(WorkbookGrid((SheetGrid("名册", False, rows),), "xlsx")).lines
    assert line.problems == ()
    assert dict(line.cells) == {
        F.NAME: CellRef("名册", 2, 1),
        F.UNIT_FULL_NAME: CellRef("名册", 2, 2),
        F.POST: CellRef("名册", 2, 3),
    }
    assert F.MOBILE not in line.cells
