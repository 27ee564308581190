"""Rosters as units send them: every case gives exactly what is specified, or a listed doubt."""

from collections.abc import Sequence
from datetime import date, datetime, time

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from cdo_desktop.documents.readers.roster_sheet import (
    CellRef,
    RosterLine,
    RosterSheet,
    column_letters,
    read_roster,
)
from cdo_desktop.documents.readers.roster_values import is_vacant, read_value
from cdo_desktop.documents.readers.workbook import CellArea, CellError, CellValue, SheetGrid, WorkbookGrid
from cdo_desktop.errors import UnreadableFileError
from cdo_desktop.rules.roster_columns import ALL_FIELDS, RosterField
from cdo_desktop.rules.text import check_email, check_mobile, check_name
from cdo_desktop.rules.vocabulary import PostKind

F = RosterField
Row = Sequence[CellValue]


def sheet(*rows: Row, name: str = "Sheet1", hidden: bool = False, merged: Sequence[str] = ()) -> SheetGrid:
    width = max((len(row) for row in rows), default=0)
    padded = tuple((*row, *(None,) * (width - len(row))) for row in rows)
    return SheetGrid(name, hidden, padded, tuple(area(text) for text in merged))


def area(text: str) -> CellArea:
    """Return the area of an A1:C2 reference with one-letter columns."""
    first, last = text.split(":")
    return CellArea(int(first[1:]), ord(first[0]) - 64, int(last[1:]), ord(last[0]) - 64)


def read(*rows: Row, merged: Sequence[str] = ()) -> RosterSheet:
    return read_sheets(sheet(*rows, merged=merged))


def read_sheets(*sheets: SheetGrid) -> RosterSheet:
    return read_roster(WorkbookGrid(sheets, "xlsx"))


def blocking(found: RosterSheet) -> list[str]:
    return [problem.message for line in found.lines for problem in line.problems if problem.blocking]


def hints(found: RosterSheet) -> list[str]:
    own = [problem.message for problem in found.problems if not problem.blocking]
    return own + [
        problem.message for line in found.lines for problem in line.problems if not problem.blocking
    ]


def one(found: RosterSheet) -> RosterLine:
    assert len(found.lines) == 1, found
    return found.lines[0]


HEAD = ("单位全称", "岗位", "姓名")
UNIT = "宝山区民政局"

# heading, cell → field, value
READ: list[tuple[str, CellValue, RosterField, str | date]] = [
    # wordings of headings
    ("单位简称", "区民政局", F.UNIT_SHORT_NAME, "区民政局"),
    ("简称", "区民政局", F.UNIT_SHORT_NAME, "区民政局"),
    ("单位名称（简称）", "区民政局", F.UNIT_SHORT_NAME, "区民政局"),
    ("类别", "街道", F.UNIT_CATEGORY, "街道"),
    ("单位性质", "街道办事处", F.UNIT_CATEGORY, "街道"),
    ("职务", "局长", F.TITLE, "局长"),
    ("职务名称", "局长", F.TITLE, "局长"),
    ("单位及职务", "宝山区民政局局长", F.TITLE, "宝山区民政局局长"),
    ("行政职务", "局长", F.TITLE, "局长"),
    ("职 务\n（与任免文件一致）", "局长", F.TITLE, "局长"),
    ("＊现任职务：", "局长", F.TITLE, "局长"),
    ("4、现任职务（必填）", "局长", F.TITLE, "局长"),
    ("任命日期", "2026-03-05", F.SINCE, date(2026, 3, 5)),
    ("委任日期", "2026-03-05", F.SINCE, date(2026, 3, 5)),
    ("任职时间", "2026-03-05", F.SINCE, date(2026, 3, 5)),
    ("起始日期", "2026-03-05", F.SINCE, date(2026, 3, 5)),
    ("任首席数据官日期", "2026-03-05", F.SINCE, date(2026, 3, 5)),
    ("任数据专员日期", "2026-03-05", F.SINCE, date(2026, 3, 5)),
    ("任职日期（格式：2026-01-01）", "2026-03-05", F.SINCE, date(2026, 3, 5)),
    ("任命文号", "宝府任〔2026〕3号", F.BASIS, "宝府任〔2026〕3号"),
    ("委任文号", "宝府任〔2026〕3号", F.BASIS, "宝府任〔2026〕3号"),
    ("文件依据", "宝府任〔2026〕3号", F.BASIS, "宝府任〔2026〕3号"),
    ("座机", "56691234", F.OFFICE_PHONE, "56691234"),
    ("固定电话", "021-56691234", F.OFFICE_PHONE, "021-56691234"),
    ("联系电话（办公）", "56691234", F.OFFICE_PHONE, "56691234"),
    ("手机号", "13812345678", F.MOBILE, "13812345678"),
    ("手机号码（11位）", "13812345678", F.MOBILE, "13812345678"),
    ("移动电话", "13812345678", F.MOBILE, "13812345678"),
    ("联系方式（手机）", "13812345678", F.MOBILE, "13812345678"),
    ("邮箱", "a@bs.gov.cn", F.EMAIL, "a@bs.gov.cn"),
    ("电子邮箱", "a@bs.gov.cn", F.EMAIL, "a@bs.gov.cn"),
    ("E-mail", "a@bs.gov.cn", F.EMAIL, "a@bs.gov.cn"),
    ("Ｅ－ｍａｉｌ", "a@bs.gov.cn", F.EMAIL, "a@bs.gov.cn"),
    ("处室", "信息科", F.SECTION, "信息科"),
    ("科（处）室", "信息科", F.SECTION, "信息科"),
    ("分管（负责）数据工作范围", "全局数据", F.WORK_SCOPE, "全局数据"),
    ("学历及专业", "本科 计算机", F.EDUCATION, "本科 计算机"),
    ("B角姓名", "王 五", F.BACKUP_NAME, "王五"),
    ("Ｂ角联系电话", "56691234", F.BACKUP_PHONE, "56691234"),
    ("备案类型", "变更", F.FILING_KIND, "变更备案"),
    ("变更日期（起算日）", "2026.3.5", F.CHANGE_DATE, date(2026, 3, 5)),
    ("原任姓名", "赵六", F.PREDECESSOR, "赵六"),
    ("填表人联系电话", "56691234", F.FILLER_PHONE, "56691234"),
    ("告知人", "组织科　王五", F.TOLD_BY, "组织科 王五"),
    ("出生年月", "1972.05", F.BIRTH_MONTH, "1972.05"),
    ("备  注", "无", F.NOTE, ""),
    ("备注", "/", F.NOTE, ""),
    ("备注", "无党派", F.NOTE, "无党派"),
    ("职务", "主　任", F.TITLE, "主任"),
    ("职务", "副 主 任", F.TITLE, "副主任"),
    ("职务", "党组书记 局长", F.TITLE, "党组书记 局长"),
    ("原任职务", "局　长", F.PREDECESSOR_TITLE, "局长"),
    # dates as people type them
    ("任职日期", date(2026, 3, 5), F.SINCE, date(2026, 3, 5)),
    ("任职日期", datetime.fromisoformat("2026-03-05T00:00"), F.SINCE, date(2026, 3, 5)),
    ("任职日期", "2026.3.5", F.SINCE, date(2026, 3, 5)),
    ("任职日期", "2026年3月5日", F.SINCE, date(2026, 3, 5)),
    ("任职日期", "２０２６／３／５", F.SINCE, date(2026, 3, 5)),
    ("任职日期", 20260305, F.SINCE, date(2026, 3, 5)),
    ("任职日期", "20260305", F.SINCE, date(2026, 3, 5)),
    ("任职日期", 46086, F.SINCE, date(2026, 3, 5)),
    ("任职日期", "/", F.SINCE, ""),
    ("任职日期", None, F.SINCE, ""),
    # fixed words
    ("性别", "M", F.SEX, "男"),
    ("性别", "1.男", F.SEX, "男"),
    ("性别", " 女 ", F.SEX, "女"),
    ("性别", "Ｆ", F.SEX, "女"),
    ("是否行政主要负责人", "√", F.HEAD, "是"),
    ("是否行政主要负责人", "✔", F.HEAD, "是"),
    ("是否行政主要负责人", "Y", F.HEAD, "是"),
    ("是否行政主要负责人", True, F.HEAD, "是"),
    ("是否行政主要负责人", "×", F.HEAD, "否"),
    ("是否主要负责人", "N", F.HEAD, "否"),
    ("是否主要负责人", "□是 ☑否", F.HEAD, "否"),
    ("是否主要负责人", "☑是　☐否", F.HEAD, "是"),
    ("是否主要负责人", "主持", F.HEAD, "主持工作"),
    ("是否主要负责人", "是（主持工作）", F.HEAD, "主持工作"),
    ("是否主要负责人", "—", F.HEAD, ""),
    ("考核分组", "街镇", F.UNIT_GROUP, "街镇（园区）"),
    ("工作交接", "已交接", F.HANDOVER, "已完成"),
    # numbers
    ("手机", 13812345678, F.MOBILE, "13812345678"),
    ("手机", 13812345678.0, F.MOBILE, "13812345678"),
    ("手机", "１３８１２３４５６７８", F.MOBILE, "13812345678"),
    ("手机", "138 1234 5678", F.MOBILE, "13812345678"),
    ("手机", "138-1234-5678", F.MOBILE, "13812345678"),
    ("手机", "'13812345678", F.MOBILE, "13812345678"),
    ("手机", "\u200b13812345678\u00a0", F.MOBILE, "13812345678"),
    ("手机", 1.3812345678e10, F.MOBILE, "13812345678"),
    ("手机", "138\u200b1234\ufeff5678\n", F.MOBILE, "13812345678"),
    ("邮编", "001999", F.POSTCODE, "001999"),
    ("邮编", "'001999", F.POSTCODE, "001999"),
    ("备注", "'00123", F.NOTE, "'00123"),
    ("职务", "局\u200b长\ufeff", F.TITLE, "局长"),
    ("任职日期", "\u00a02026.03.05\n", F.SINCE, date(2026, 3, 5)),
    ("任职日期", "2026-03-05 00:00:00", F.SINCE, date(2026, 3, 5)),
    ("手机", "138****5678", F.MOBILE, "138****5678"),
    ("手机", "无", F.MOBILE, ""),
    ("办公电话", 56691234.0, F.OFFICE_PHONE, "56691234"),
    ("办公电话", "（021）５６６９ １２３４", F.OFFICE_PHONE, "021-56691234"),
    ("联系电话", "13812345678", F.MOBILE, "13812345678"),
    ("联系电话", 13812345678, F.MOBILE, "13812345678"),
    ("联系方式", "56691234", F.OFFICE_PHONE, "56691234"),
    ("电话", "138****5678", F.MOBILE, "138****5678"),
    ("邮编", 201999.0, F.POSTCODE, "201999"),
    ("从事数字化工作年限（年）", 5, F.DIGITAL_YEARS, "5"),
    ("单位排序", 10.0, F.UNIT_ORDER, "10"),
    # text
    ("备注", "  第一行\n第二行\u00a0", F.NOTE, "第一行 第二行"),
    ("备注", 3.5, F.NOTE, "3.5"),
    ("备注", "=1+1", F.NOTE, "=1+1"),
    ("备注", date(2026, 3, 5), F.NOTE, "2026-03-05"),
]


@pytest.mark.parametrize(("heading", "cell", "field", "value"), READ)
def test_a_cell_is_read_as_specified(
    heading: str, cell: CellValue, field: RosterField, value: str | date
) -> None:
    found = read((*HEAD, heading), (UNIT, "首席数据官", "张三", cell))
    assert one(found).values[field] == value
    assert type(one(found).values[field]) in (str, date)
    assert found.problems == ()
    assert one(found).problems == ()


# heading, cell, field, words in the message
REFUSED: list[tuple[str, CellValue, RosterField, str]] = [
    ("手机", "1.38E+10", F.MOBILE, "1.38E+10"),
    ("联系电话", "1.38E+10", F.MOBILE, "1.38E+10"),
    ("联系电话", "13812345678/13912345678", F.MOBILE, "几个号码"),
    ("联系电话", "56691234、56691235", F.MOBILE, "几个号码"),
    ("联系电话", "138123456789", F.MOBILE, "核对"),
    ("联系电话", "找张三", F.MOBILE, "核对"),
    ("联系电话", CellError("#N/A"), F.MOBILE, "#N/A"),
    ("手机", CellError("#REF!"), F.MOBILE, "#REF!"),
    ("手机", date(2026, 3, 5), F.MOBILE, "日期"),
    ("任职日期", "2026年3月", F.SINCE, "2026"),
    ("任职日期", "26.3.5", F.SINCE, "26.3.5"),
    ("任职日期", "5/3/2026", F.SINCE, "5/3/2026"),
    ("任职日期", "2026-02-30", F.SINCE, "没有30日"),
    ("任职日期", CellError("公式没有结果"), F.SINCE, "公式没有结果"),
    ("任职日期", 2026.35, F.SINCE, "2026.35"),
    ("任职日期", "见文件", F.SINCE, "见文件"),
    ("出生年月", 1972.1, F.BIRTH_MONTH, "1972.1"),
    ("性别", "1", F.SEX, "男、女"),
    ("性别", "未知", F.SEX, "未知"),
    ("是否行政主要负责人", "副职", F.HEAD, "主持工作"),
    ("是否行政主要负责人", "x", F.HEAD, "是、否"),
    ("是否行政主要负责人", "□是□否", F.HEAD, "□是□否"),
    ("单位类别", "区级部门", F.UNIT_CATEGORY, "区委部门"),
    ("单位类别", "街镇", F.UNIT_CATEGORY, "街道、镇"),
    ("备案类型", "重新备案", F.FILING_KIND, "首次备案、变更备案、离任备案"),
    ("备注", CellError("#DIV/0!"), F.NOTE, "#DIV/0!"),
    ("办公电话", 5.669123456789e17, F.OFFICE_PHONE, "15 位"),
]


@pytest.mark.parametrize(("heading", "cell", "field", "words"), REFUSED)
def test_a_doubtful_cell_is_listed_and_not_read(
    heading: str, cell: CellValue, field: RosterField, words: str
) -> None:
    found = read((*HEAD, heading), (UNIT, "首席数据官", "张三", cell))
    (problem,) = one(found).problems
    assert problem.blocking
    assert problem.ref.label == "D2"
    assert problem.field is field
    assert words in problem.message
    assert field not in one(found).values


@pytest.mark.parametrize(
    ("cell", "read_as"),
    [("已退休", "退休"), ("调离本单位", "调离"), ("其它", "其他"), ("无", ""), ("不适用", "")],
)
def test_a_change_reason_is_told_in_the_words_of_the_form(cell: str, read_as: str) -> None:
    found = read((*HEAD, "变更原因"), (UNIT, "首席数据官", "张三", cell))
    assert one(found).values[F.CHANGE_REASON] == read_as
    assert not one(found).problems


def test_another_change_reason_is_kept_with_a_hint() -> None:
    found = read((*HEAD, "变更原因"), (UNIT, "首席数据官", "张三", "借调期满"))
    assert one(found).values[F.CHANGE_REASON] == "借调期满"
    (hint,) = one(found).problems
    assert not hint.blocking
    assert "按原文记下" in hint.message


@pytest.mark.parametrize(
    ("typed", "post"),
    [
        ("CDO", PostKind.CDO),
        ("首席数据官（CDO）", PostKind.CDO),
        (" 首席\n数据官", PostKind.CDO),
        ("部门、街镇（园区）首席数据官", PostKind.CDO),
        ("数据专员", PostKind.SPECIALIST),
        ("专员", PostKind.SPECIALIST),
        ("区首席数据官", PostKind.DISTRICT_CDO),
        ("区首席数据专员", PostKind.DISTRICT_SPECIALIST),
        ("区首席数据官办公室主任", PostKind.OFFICE_DIRECTOR),
        ("办公室副主任", PostKind.OFFICE_DEPUTY),
        ("办公室成员", PostKind.OFFICE_MEMBER),
    ],
)
def test_a_post_is_recognised(typed: str, post: PostKind) -> None:
    line = one(read(HEAD, (UNIT, typed, "张三")))
    assert line.values[F.POST] == post
    assert line.problems == ()


@pytest.mark.parametrize(
    "typed", ["数据联络员", "数据联络专员", "首席数据专员", "副首席数据官", "局长", "办公室", 1]
)
def test_a_post_that_could_be_another_is_refused(typed: CellValue) -> None:
    (problem,) = one(read(HEAD, (UNIT, typed, "张三"))).problems
    assert problem.blocking
    assert problem.field is F.POST
    assert "数据专员" in problem.message


@pytest.mark.parametrize(
    "heading",
    [
        "单位",
        "单位名称",
        "工作单位",
        "所在单位",
        "部门",
        "填报单位",
        "单位全称（与公章一致）",
        "单 位\n全 称*",
    ],
)
def test_the_unit_column_has_many_names(heading: str) -> None:
    assert one(read((heading, "岗位", "姓名"), (UNIT, "数据专员", "张三"))).values[F.UNIT_FULL_NAME] == UNIT


@pytest.mark.parametrize("heading", ["岗位", "备案岗位", "角色", "人员类别", "岗位（首席数据官/数据专员）"])
def test_the_post_column_has_many_names(heading: str) -> None:
    assert one(read(("单位", heading, "姓名"), (UNIT, "数据专员", "张三"))).values[F.POST] == "数据专员"


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("张　三", "张三"),
        (" 张 三 ", "张三"),
        ("张\u00a0三", "张三"),
        ("买买提・艾力", "买买提·艾力"),
        ("𬀩𠅤", "𬀩𠅤"),
        ("欧阳 修文", "欧阳修文"),
    ],
)
def test_a_name_is_cleaned(typed: str, name: str) -> None:
    line = one(read(HEAD, (UNIT, "数据专员", typed)))
    assert line.values[F.NAME] == name
    assert line.problems == ()


@pytest.mark.parametrize("typed", ["张三 李四四四", "张三、李四", "张*", "张?", "张三2", date(2026, 3, 5)])
def test_a_doubtful_name_is_listed(typed: CellValue) -> None:
    (problem,) = one(read(HEAD, (UNIT, "数据专员", typed))).problems
    assert problem.blocking
    assert problem.field is F.NAME
    assert problem.ref.label == "C2"


@pytest.mark.parametrize("typed", [None, "", " ", "空缺", "暂缺", "无", "待定", "（空缺）", "/", "—"])
def test_a_post_without_a_name_is_vacant(typed: CellValue) -> None:
    line = one(read(HEAD, (UNIT, "数据专员", typed)))
    assert line.values[F.NAME] == ""
    assert line.problems == ()


def test_a_missing_name_beside_a_phone_is_a_problem_but_a_stated_vacancy_is_not() -> None:
    head = (*HEAD, "手机")
    (problem,) = one(read(head, (UNIT, "数据专员", None, "13812345678"))).problems
    assert problem.blocking
    assert problem.field is F.NAME
    assert "手机" in problem.message
    assert one(read(head, (UNIT, "数据专员", "空缺", "13812345678"))).problems == ()


@pytest.mark.parametrize(
    "typed",
    [
        "56691234/13812345678",
        "13812345678、021-56691234",
        "56691234 13812345678",
        "手机：13812345678；办公：56691234",
        "56691234\n138 1234 5678",
        "021-56691234（办）13812345678",
    ],
)
def test_two_numbers_in_one_cell_are_told_apart(typed: str) -> None:
    line = one(read((*HEAD, "联系电话"), (UNIT, "数据专员", "张三", typed)))
    assert line.values[F.MOBILE] == "13812345678"
    assert str(line.values[F.OFFICE_PHONE]).endswith("56691234")
    assert line.problems == ()


def test_a_contact_column_does_not_speak_for_the_number_it_lacks() -> None:
    line = one(read((*HEAD, "联系电话"), (UNIT, "数据专员", "张三", "13812345678")))
    assert F.OFFICE_PHONE not in line.values
    empty = one(read((*HEAD, "联系电话"), (UNIT, "数据专员", "张三", None)))
    assert F.MOBILE not in empty.values
    assert F.OFFICE_PHONE not in empty.values


def test_an_odd_number_goes_in_with_a_hint() -> None:
    line = one(read((*HEAD, "手机"), (UNIT, "数据专员", "张三", "1381234567")))
    (problem,) = line.problems
    assert line.values[F.MOBILE] == "1381234567"
    assert not problem.blocking
    assert problem.ref.label == "D2"


def test_absent_columns_are_absent_and_empty_cells_are_empty() -> None:
    line = one(read((*HEAD, "备注"), (UNIT, "数据专员", "张三", None)))
    assert dict(line.values) == {F.UNIT_FULL_NAME: UNIT, F.POST: "数据专员", F.NAME: "张三", F.NOTE: ""}
    assert line.cells[F.NOTE] == CellRef("Sheet1", 2, 4)


def test_every_column_is_found_in_any_order() -> None:
    for fields in (ALL_FIELDS, ALL_FIELDS[::-1], ALL_FIELDS[7:] + ALL_FIELDS[:7]):
        found = read(
            [str(field) for field in fields], [UNIT if f is F.UNIT_FULL_NAME else None for f in fields]
        )
        assert set(one(found).cells) == set(ALL_FIELDS)
        assert found.problems == ()


def test_title_rows_and_filing_lines_stand_above_the_head() -> None:
    found = read(
        ("附件1",),
        ("宝山区首席数据官、数据专员名册",),
        ("填报单位：宝山区民政局", None, "填表人：李四", None, "日期：2026年3月5日"),
        (None,),
        ("序号", "单位全称", "岗位", "姓名", "手机"),
        (1, UNIT, "首席数据官", "张三", 13812345678),
        (2, UNIT, "数据专员", "李四", 13912345678),
        merged=("A2:E2",),
    )
    assert [line.values[F.NAME] for line in found.lines] == ["张三", "李四"]
    assert [line.row for line in found.lines] == [6, 7]
    assert hints(found) == blocking(found) == []


def test_the_head_may_stand_in_row_twenty() -> None:
    found = read(*[("说明文字",)] * 19, HEAD, (UNIT, "数据专员", "张三"))
    assert one(found).row == 21


def test_two_row_heads_with_merged_groups_are_read() -> None:
    found = read(
        ("宝山区首席数据官名册",),
        ("序号", "单位名称", "首席数据官", None, None, "数据专员", None, None, "备注"),
        (None, None, "姓名", "职务", "手机", "姓名", "职务", "手机", None),
        (1, UNIT, "张三", "局长", "13812345678", "李四", "科长", "13912345678", "新备案"),
        merged=("A1:I1", "A2:A3", "B2:B3", "C2:E2", "F2:H2", "I2:I3"),
    )
    first, second = found.lines
    assert first.values == {
        F.UNIT_FULL_NAME: UNIT,
        F.POST: "首席数据官",
        F.NAME: "张三",
        F.TITLE: "局长",
        F.MOBILE: "13812345678",
        F.NOTE: "新备案",
    }
    assert second.values == {
        F.UNIT_FULL_NAME: UNIT,
        F.POST: "数据专员",
        F.NAME: "李四",
        F.TITLE: "科长",
        F.MOBILE: "13912345678",
        F.NOTE: "新备案",
    }
    assert second.cells[F.NAME].label == "F4"
    assert second.row == 4
    assert hints(found) == blocking(found) == []


def test_two_row_heads_need_no_merging() -> None:
    found = read(
        ("单位名称", "首席数据官", None, None, "数据专员", None, None, "备注"),
        (None, "姓名", "职务", "联系电话", "姓名", "职务", "联系电话", None),
        (UNIT, "张三", "局长", "13812345678", "李四", "科长", "56691234", None),
    )
    first, second = found.lines
    assert first.values[F.MOBILE] == "13812345678"
    assert second.values[F.OFFICE_PHONE] == "56691234"
    assert (second.values[F.NAME], second.values[F.TITLE]) == ("李四", "科长")
    assert hints(found) == blocking(found) == []


def test_three_row_heads_are_read() -> None:
    found = read(
        ("单位", "首席数据官", None, None, "数据专员", None),
        (None, "姓名", "联系方式", None, "姓名", "联系方式"),
        (None, None, "办公", "手机", None, "手机"),
        (UNIT, "张三", "56691234", "13812345678", "李四", "13912345678"),
        merged=("A1:A3", "B1:D1", "E1:F1", "B2:B3", "C2:D2", "E2:E3"),
    )
    first, second = found.lines
    assert (first.values[F.OFFICE_PHONE], first.values[F.MOBILE]) == ("56691234", "13812345678")
    assert second.values[F.MOBILE] == "13912345678"
    assert F.OFFICE_PHONE not in second.values
    assert hints(found) == []


def test_groups_that_are_no_posts_are_understood() -> None:
    found = read(
        ("单位信息", None, "人员信息", None, None, "联系方式", None),
        ("单位全称", "单位类别", "岗位", "姓名", "职务", "座机", "手机"),
        (UNIT, "区政府部门", "数据专员", "张三", "科长", "56691234", "13812345678"),
        merged=("A1:B1", "C1:E1", "F1:G1"),
    )
    assert len(one(found).values) == 7
    assert hints(found) == blocking(found) == []


def test_a_persons_columns_under_a_foreign_group_are_not_the_holders() -> None:
    found = read(
        ("单位", "岗位", "姓名", "手机", "分管领导", None),
        (None, None, None, None, "姓名", "手机"),
        (UNIT, "数据专员", "张三", "13812345678", "王五", "13700000000"),
        merged=("A1:A2", "B1:B2", "C1:C2", "D1:D2", "E1:F1"),
    )
    assert one(found).values[F.NAME] == "张三"
    assert one(found).values[F.MOBILE] == "13812345678"
    assert len(hints(found)) == 2


@pytest.mark.parametrize(
    "head",
    [
        (
            "单位名称",
            "首席数据官姓名",
            "首席数据官职务",
            "首席数据官手机",
            "数据专员姓名",
            "数据专员职务",
            "数据专员手机",
        ),
        (
            "单位名称",
            "首席数据官（姓名）",
            "首席数据官（职务）",
            "首席数据官（手机）",
            "数据专员（姓名）",
            "数据专员（职务）",
            "数据专员（手机）",
        ),
        (
            "单位名称",
            "姓名（首席数据官）",
            "职务（首席数据官）",
            "手机（首席数据官）",
            "姓名（数据专员）",
            "职务（数据专员）",
            "手机（数据专员）",
        ),
        ("单位名称", "首席数据官", "职务", "联系电话", "数据专员", "职务", "联系电话"),
        ("单位名称", "首席数据官姓名", "职务", "联系电话", "数据专员姓名", "职务", "联系电话"),
        ("单位名称", "首席数据官\n（CDO）", "职务", "手机", "数据专员", "职务", "手机"),
        ("单位名称", "CDO姓名", "CDO职务", "CDO手机号", "数据专员", "职务", "手机"),
    ],
)
def test_side_by_side_heads_in_one_row_are_read(head: Sequence[str]) -> None:
    found = read(head, (UNIT, "张三", "局长", "13812345678", "李四", "科长", "13912345678"))
    first, second = found.lines
    common = {F.UNIT_FULL_NAME: UNIT}
    assert first.values == common | {
        F.POST: "首席数据官",
        F.NAME: "张三",
        F.TITLE: "局长",
        F.MOBILE: "13812345678",
    }
    assert second.values == common | {
        F.POST: "数据专员",
        F.NAME: "李四",
        F.TITLE: "科长",
        F.MOBILE: "13912345678",
    }
    assert hints(found) == blocking(found) == []


def test_an_unclear_phone_beside_two_persons_is_not_given_to_either() -> None:
    found = read(("单位", "手机", "首席数据官", "数据专员"), (UNIT, "13812345678", "张三", "李四"))
    assert [line.values.get(F.MOBILE) for line in found.lines] == [None, None]
    assert any("手机" in hint and "B 列" in hint for hint in hints(found))


def test_the_units_own_office_phone_serves_both_persons() -> None:
    found = read(("单位", "办公电话", "首席数据官", "数据专员"), (UNIT, "56691234", "张三", "李四"))
    assert [line.values.get(F.OFFICE_PHONE) for line in found.lines] == ["56691234", "56691234"]


def test_what_follows_a_contact_person_is_not_the_holders() -> None:
    found = read(
        ("单位", "首席数据官", "职务", "联系人", "联系电话"), (UNIT, "张三", "局长", "王五", "13812345678")
    )
    line = one(found)
    assert F.MOBILE not in line.values
    assert line.values[F.TITLE] == "局长"
    assert len(hints(found)) == 2


def test_a_filler_keeps_the_phone_to_his_right() -> None:
    found = read(
        (*HEAD, "手机", "填表人", "联系电话"), (UNIT, "数据专员", "张三", "13812345678", "王五", "56691234")
    )
    assert one(found).values[F.FILLER_PHONE] == "56691234"
    assert F.OFFICE_PHONE not in one(found).values


def test_dates_for_both_posts_go_to_the_row_of_each() -> None:
    head = (*HEAD, "任首席数据官日期", "任数据专员日期")
    found = read(
        head,
        (UNIT, "首席数据官", "张三", "2026-01-02", None),
        (UNIT, "数据专员", "李四", None, "2026-02-03"),
    )
    assert [line.values[F.SINCE] for line in found.lines] == [date(2026, 1, 2), date(2026, 2, 3)]


def test_merged_units_fill_the_rows_they_stand_for() -> None:
    found = read(
        ("单位", "简称", "岗位", "姓名"),
        (UNIT, "区民政局", "首席数据官", "张三"),
        (None, None, "数据专员", "李四"),
        ("宝山区水务局", "区水务局", "首席数据官", "王五"),
        (None, None, "数据专员", "赵六"),
        merged=("A2:A3", "B2:B3", "A4:A5", "B4:B5"),
    )
    assert [line.values[F.UNIT_FULL_NAME] for line in found.lines] == [
        UNIT,
        UNIT,
        "宝山区水务局",
        "宝山区水务局",
    ]
    assert found.lines[1].values[F.UNIT_SHORT_NAME] == "区民政局"
    assert found.lines[1].cells[F.UNIT_FULL_NAME].label == "A2"
    assert blocking(found) == []


def test_a_blank_unit_is_asked_for_and_never_taken_from_above() -> None:
    found = read(HEAD, (UNIT, "首席数据官", "张三"), (None, "数据专员", "李四"))
    (message,) = blocking(found)
    assert UNIT in message
    assert found.lines[1].values[F.UNIT_FULL_NAME] == ""
    assert found.lines[1].problems[0].ref.label == "A3"


def test_a_short_name_alone_is_a_unit() -> None:
    found = read(("单位全称", "单位简称", "岗位", "姓名"), (None, "区民政局", "数据专员", "张三"))
    assert blocking(found) == []


def test_a_row_without_a_post_is_a_problem() -> None:
    (problem,) = one(read(HEAD, (UNIT, None, "张三"))).problems
    assert problem.blocking
    assert problem.field is F.POST
    assert problem.ref.label == "B2"


def test_a_row_with_neither_unit_nor_post_nor_name_is_one_problem() -> None:
    (message,) = blocking(read((*HEAD, "手机"), (None, None, None, "13812345678")))
    assert "删去这一行" in message


def test_page_heads_blank_rows_totals_and_notes_are_skipped() -> None:
    found = read(
        ("宝山区首席数据官名册",),
        ("序号", "单位全称", "岗位", "姓名"),
        (1, UNIT, "首席数据官", "张三"),
        (None, "  ", None, None),
        ("小计", None, None, 1),
        ("宝山区首席数据官名册",),
        ("序号", "单位全称", "岗位", "姓名"),
        ("一、街镇",),
        (2, "宝山区罗店镇人民政府", "首席数据官", "李四"),
        (3, None, None, None),
        ("合计", None, "2人"),
        ("注：1. 单位填全称。",),
        ("2. 手机填 11 位。",),
        ("填表人：王五", None, "联系电话：56691234"),
        merged=("A1:D1", "A6:D6", "A8:D8", "A12:D12"),
    )
    assert [line.values[F.NAME] for line in found.lines] == ["张三", "李四"]
    assert hints(found) == blocking(found) == []


def test_page_heads_of_flat_side_by_side_sheets_are_skipped() -> None:
    head = ("单位", "首席数据官", "职务", "数据专员", "职务")
    found = read(
        head, (UNIT, "张三", "局长", "李四", "科长"), head, ("宝山区水务局", "王五", "局长", "赵六", "科长")
    )
    assert [line.values[F.NAME] for line in found.lines] == ["张三", "李四", "王五", "赵六"]


def test_page_heads_in_two_rows_are_skipped() -> None:
    top = ("单位", "首席数据官", None, "数据专员", None)
    low = (None, "姓名", "职务", "姓名", "职务")
    found = read(
        top,
        low,
        (UNIT, "张三", "局长", "李四", "科长"),
        top,
        low,
        ("宝山区水务局", "王五", "局长", "赵六", "科长"),
        merged=("A1:A2", "B1:C1", "D1:E1", "A4:A5", "B4:C4", "D4:E4"),
    )
    assert [line.values[F.NAME] for line in found.lines] == ["张三", "李四", "王五", "赵六"]
    assert blocking(found) == []


def test_a_second_table_with_other_columns_is_read_by_its_own_head() -> None:
    found = read(
        HEAD,
        (UNIT, "首席数据官", "张三"),
        (None,),
        ("岗位", "姓名", "手机", "单位全称"),
        ("数据专员", "李四", "13812345678", UNIT),
    )
    assert [line.values[F.NAME] for line in found.lines] == ["张三", "李四"]
    assert found.lines[1].values[F.MOBILE] == "13812345678"


def test_rows_that_explain_the_head_are_skipped() -> None:
    found = read(HEAD, ("（必填）", "（必填）", "（必填）"), (1, 2, 3), (UNIT, "数据专员", "张三"))
    assert one(found).row == 4


def test_the_example_row_is_skipped() -> None:
    found = read(
        ("序号", *HEAD), ("示例", UNIT, "首席数据官", "张三"), ("", "宝山区水务局", "数据专员", "李四")
    )
    assert one(found).values[F.NAME] == "李四"


def test_a_wide_line_that_is_no_post_is_skipped_and_named() -> None:
    found = read(HEAD, ("以上人员请于月底前确认",), (UNIT, "数据专员", "张三"), merged=("A2:C2",))
    assert one(found).values[F.NAME] == "张三"
    assert any("以上人员" in hint for hint in hints(found))


def test_hidden_sheets_are_ignored_and_all_others_read() -> None:
    found = read_sheets(
        sheet(HEAD, (UNIT, "首席数据官", "张三"), name="街镇"),
        sheet(HEAD, (UNIT, "首席数据官", "王五"), name="旧表", hidden=True),
        sheet(HEAD, (UNIT, "数据专员", "李四"), name="部门"),
        sheet(("说明",), ("请如实填写",), name="填写说明"),
        sheet((), name="Sheet3"),
    )
    assert [(line.sheet, line.values[F.NAME]) for line in found.lines] == [("街镇", "张三"), ("部门", "李四")]
    assert found.lines[1].cells[F.NAME].label == "部门!C2"
    assert found.problems == ()


def test_a_sheet_without_a_head_is_named() -> None:
    found = read_sheets(
        sheet(HEAD, (UNIT, "首席数据官", "张三")), sheet(("乱七八糟", "的内容"), name="其他表")
    )
    (hint,) = hints(found)
    assert "其他表" in hint


def test_a_sheet_whose_head_lacks_a_column_is_a_problem_beside_a_good_one() -> None:
    found = read_sheets(
        sheet(HEAD, (UNIT, "首席数据官", "张三")),
        sheet(("单位", "姓名", "手机"), (UNIT, "李四", "13812345678"), name="补充"),
    )
    (problem,) = found.problems
    assert problem.blocking
    assert "岗位" in problem.message
    assert "补充" in problem.message


def test_sheets_named_after_the_posts_need_no_post_column() -> None:
    found = read_sheets(
        sheet(("单位", "姓名"), (UNIT, "张三"), name="首席数据官"),
        sheet(("单位", "姓名"), (UNIT, "李四"), name="数据专员"),
    )
    assert [(line.values[F.POST], line.values[F.NAME]) for line in found.lines] == [
        ("首席数据官", "张三"),
        ("数据专员", "李四"),
    ]
    assert len(hints(found)) == 2


def test_one_units_sheet_may_name_it_above_the_head() -> None:
    found = read(
        ("首席数据官、数据专员信息表",),
        ("填报单位（盖章）：宝山区民政局", None, "日期：2026.3.5"),
        ("岗位", "姓名", "手机"),
        ("首席数据官", "张三", "13812345678"),
        ("数据专员", "李四", "13912345678"),
    )
    assert [line.values[F.UNIT_FULL_NAME] for line in found.lines] == [UNIT, UNIT]
    assert found.lines[0].cells[F.UNIT_FULL_NAME].label == "A2"
    assert any(UNIT in hint for hint in hints(found))


def test_duplicate_columns_must_agree() -> None:
    head = (*HEAD, "手机", "手机号码")
    assert blocking(read(head, (UNIT, "数据专员", "张三", "13812345678", 13812345678))) == []
    found = read(head, (UNIT, "数据专员", "张三", "13812345678", "13912345678"))
    (message,) = blocking(found)
    assert "D2" in message
    assert "E2" in message
    assert F.MOBILE not in one(found).values


@pytest.mark.parametrize(
    ("heading", "cell", "field"),
    [("备注", "挂职", F.NOTE), ("任职日期", "2026-03-05", F.SINCE), ("手机", "13800000001", F.MOBILE)],
)
@pytest.mark.parametrize("empty_first", [True, False])
def test_an_empty_column_gives_way_to_another_for_the_same_field(
    heading: str, cell: str, field: RosterField, empty_first: bool
) -> None:
    both = (None, cell) if empty_first else (cell, None)
    found = read((*HEAD, heading, heading), (UNIT, "首席数据官", "张三", *both))
    line = one(found)
    assert blocking(found) == []
    assert str(line.values[field]) == cell
    assert line.cells[field] == CellRef("Sheet1", 2, 5 if empty_first else 4)


@pytest.mark.parametrize("names", [("张三", None), (None, "张三"), ("", "张三")])
def test_an_empty_name_column_gives_way_to_the_other(names: tuple[str | None, str | None]) -> None:
    head = ("单位全称", "岗位", "姓名", "人员姓名", "手机")
    found = read(head, (UNIT, "首席数据官", *names, "13800000001"))
    assert blocking(found) == []
    assert one(found).values[F.NAME] == "张三"


@pytest.mark.parametrize("names", [("张三", "空缺"), ("空缺", "张三"), ("张三", "李四")])
def test_two_name_columns_that_disagree_are_a_problem(names: tuple[str, str]) -> None:
    found = read(("单位全称", "岗位", "姓名", "人员姓名"), (UNIT, "首席数据官", *names))
    assert len(blocking(found)) == 1
    assert blocking(found)[0].startswith("有两列都是“姓名”，C2 是“")


@pytest.mark.parametrize(
    ("heading", "post", "cell", "section", "title"),
    [
        ("科室及职务", "数据专员", "信息科 科长", "信息科", "科长"),
        ("科室及职务", "数据专员", "办公室　副主任", "办公室", "副主任"),
        ("科室职务", "数据专员", "信息科 四级主任科员", "信息科", "四级主任科员"),
        ("科室及职务", "数据专员", "信息科科长", None, "信息科科长"),
        ("科室及职务", "数据专员", "信息科 办公室 主任", None, "信息科 办公室 主任"),
        ("科室及职务", "数据专员", "信息科 区管干部", None, "信息科 区管干部"),
        ("科室及职务", "首席数据官", "信息科 科长", None, "信息科 科长"),
        ("职务", "数据专员", "信息科 科长", None, "信息科 科长"),
    ],
)
def test_section_and_title_in_one_cell_are_told_apart_only_beyond_doubt(
    heading: str, post: str, cell: str, section: str | None, title: str
) -> None:
    line = one(read((*HEAD, heading), (UNIT, post, "张三", cell)))
    assert (line.values.get(F.SECTION), line.values[F.TITLE]) == (section, title)


def test_section_in_its_own_column_counts() -> None:
    for head in (("科室及职务", "科室"), ("科室", "科室及职务")):
        cells = {"科室及职务": "信息科 科长", "科室": "办公室"}
        line = one(read((*HEAD, *head), (UNIT, "数据专员", "张三", *(cells[name] for name in head))))
        assert line.values[F.SECTION] == "办公室"


def test_an_empty_contact_column_is_where_the_number_belongs() -> None:
    line = one(read((*HEAD, "联系电话"), (UNIT, "首席数据官", "张三", None)))
    assert line.cells[F.MOBILE] == CellRef("Sheet1", 2, 4)
    assert F.MOBILE not in line.values


def test_a_contact_column_adds_to_the_others_and_may_not_contradict() -> None:
    head = (*HEAD, "手机", "办公电话", "联系电话")
    row = (UNIT, "数据专员", "张三", "13812345678", None)
    assert one(read(head, (*row, "56691234"))).values[F.OFFICE_PHONE] == "56691234"
    assert blocking(read(head, (*row, "13812345678"))) == []
    (message,) = blocking(read(head, (*row, "13912345678")))
    assert "F2" in message


def test_an_unknown_heading_is_named_with_its_column() -> None:
    found = read((*HEAD, "身份证号", "手机"), (UNIT, "数据专员", "张三", "310113", "13812345678"))
    (hint,) = hints(found)
    assert "D 列" in hint
    assert "身份证号" in hint
    assert found.problems[0].ref.label == "D1"
    assert one(found).values[F.MOBILE] == "13812345678"


@pytest.mark.parametrize(
    ("head", "lacking"),
    [
        (("单位全称", "岗位", "手机"), "“姓名”"),
        (("单位全称", "姓名", "手机"), "“岗位”"),
        (("岗位", "姓名", "手机"), "“单位全称”"),
    ],
)
def test_a_head_that_lacks_a_column_is_refused_with_its_name(head: Row, lacking: str) -> None:
    with pytest.raises(UnreadableFileError, match=lacking) as refusal:
        read(head, ("甲", "乙", "丙"))
    assert "模板" in str(refusal.value)
    assert "第 1 行" in str(refusal.value)


@pytest.mark.parametrize(
    "sheets",
    [
        (),
        (sheet(),),
        (sheet(("甲", "乙"), (1, 2)),),
        (sheet(HEAD, (UNIT, "首席数据官", "张三"), hidden=True),),
    ],
)
def test_a_workbook_without_a_head_is_refused(sheets: Sequence[SheetGrid]) -> None:
    with pytest.raises(UnreadableFileError, match="模板"):
        read_sheets(*sheets)


def test_times_and_truth_values_are_no_phones() -> None:
    for cell in (time(9, 30), True):
        assert blocking(read((*HEAD, "联系电话"), (UNIT, "数据专员", "张三", cell)))


def test_letters_of_columns_are_those_of_excel() -> None:
    assert [column_letters(number) for number in (1, 26, 27, 52, 703)] == ["A", "Z", "AA", "AZ", "AAA"]


def test_a_reference_names_its_sheet_only_where_it_must() -> None:
    assert CellRef("名册", 5, 3).label == "C5"
    assert CellRef("名册", 5, 3, named=True).label == "名册!C5"


PLAIN = {
    F.NAME: st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=2, max_size=4),
    F.MOBILE: st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    F.EMAIL: st.from_regex(r"[a-z0-9._-]{1,9}@[a-z0-9-]{1,9}\.[a-z]{2,3}", fullmatch=True),
}


def stored(field: RosterField, text: str) -> str:
    if field is F.NAME:
        return check_name(text)
    return (check_mobile(text) if field is F.MOBILE else check_email(text)).value


@pytest.mark.parametrize("field", list(PLAIN))
def test_what_needs_no_cleaning_is_what_cleaning_gives(field: RosterField) -> None:
    @settings(max_examples=200, deadline=None)
    @given(PLAIN[field])
    def agrees(text: str) -> None:
        assume(field is not F.NAME or not is_vacant(text))
        assert read_value(field, text).value == stored(field, text)

    agrees()


CELLS: st.SearchStrategy[CellValue] = st.one_of(
    st.none(),
    st.sampled_from(
        [*ALL_FIELDS, "首席数据官", "数据专员", "联系电话", "合计", "注：", "填报单位：甲局", "示例", "空缺"]
    ),
    st.sampled_from([*ALL_FIELDS[:14], "首席数据官", "数据专员", "联系电话"]),
    st.text(max_size=8),
    st.integers(-(10**18), 10**18),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.just(CellError("#N/A")),
)


@st.composite
def any_sheet(draw: st.DrawFn) -> SheetGrid:
    width, height = draw(st.integers(1, 7)), draw(st.integers(0, 8))
    rows = [draw(st.lists(CELLS, min_size=width, max_size=width)) for _ in range(height)]
    if height and draw(st.booleans()):
        rows[0] = [*HEAD, *draw(st.lists(CELLS, min_size=4, max_size=4))][:width]
    merged = []
    for _ in range(draw(st.integers(0, 3)) if height else 0):
        top, left = draw(st.integers(1, height)), draw(st.integers(1, width))
        merged.append(CellArea(top, left, draw(st.integers(top, height + 1)), draw(st.integers(left, width))))
    return SheetGrid(
        draw(st.sampled_from(["甲", "首席数据官"])), False, tuple(map(tuple, rows)), tuple(merged)
    )


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(any_sheet(), max_size=2))
def test_whatever_stands_in_a_workbook_is_read_or_refused_with_a_sentence(sheets: list[SheetGrid]) -> None:
    said = ""
    found = RosterSheet((), ())
    try:
        found = read_roster(WorkbookGrid(tuple(sheets), "xlsx"))
    except UnreadableFileError as refusal:
        said = str(refusal)
    assert not said or said.endswith("。")
    for line in found.lines:
        assert set(line.values) <= set(line.cells)
        for problem in line.problems:
            assert problem.message.endswith("。")
            if problem.blocking and problem.field is not None:
                assert line.values.get(problem.field, "") == ""


def test_twenty_thousand_rows_are_all_read() -> None:
    rows = [
        (f"单位{number // 2}", ("首席数据官", "数据专员")[number % 2], "张三") for number in range(20_000)
    ]
    assert len(read(HEAD, *rows).lines) == 20_000


@pytest.mark.parametrize("typed", ["空缺（待任命）", "暂未明确", "待定，拟由李四担任", "尚未任命"])
def test_a_vacancy_with_words_behind_it_is_no_name(typed: str) -> None:
    line = one(read(HEAD, (UNIT, "数据专员", typed)))
    assert line.values[F.NAME] == ""
    assert line.problems == ()


def test_ditto_marks_are_asked_for() -> None:
    found = read((*HEAD, "职务"), (UNIT, "首席数据官", "张三", "局长"), ("同上", "数据专员", "李四", "〃"))
    assert {problem.ref.label for problem in found.lines[1].problems if problem.blocking} == {"A3", "D3"}


def test_brackets_in_a_name_are_a_hint() -> None:
    (problem,) = one(read(HEAD, (UNIT, "数据专员", "张三（女）"))).problems
    assert not problem.blocking
    assert problem.ref.label == "C2"


def test_each_line_naming_a_unit_serves_the_rows_below_it() -> None:
    found = read(
        ("填报单位：", "宝山区民政局", "填表日期："),
        ("岗位", "姓名", "手机"),
        ("首席数据官", "张三", None),
        ("填报单位：", "宝山区水务局"),
        ("岗位", "姓名", "手机"),
        ("首席数据官", "李四", None),
    )
    assert [line.values[F.UNIT_FULL_NAME] for line in found.lines] == ["宝山区民政局", "宝山区水务局"]
    assert blocking(found) == []


def test_two_lines_that_could_name_the_unit_are_no_answer() -> None:
    with pytest.raises(UnreadableFileError, match="单位全称"):
        read(("填报单位：甲局",), ("所在单位：乙局",), ("岗位", "姓名"), ("首席数据官", "张三"))


def test_a_and_b_of_the_specialist_are_told_apart() -> None:
    found = read(("单位", "首席数据官", "数据专员（A角）", "数据专员（B角）"), (UNIT, "张三", "李四", "王五"))
    assert found.lines[1].values[F.NAME] == "李四"
    assert found.lines[1].values[F.BACKUP_NAME] == "王五"
    assert F.BACKUP_NAME not in found.lines[0].values


@pytest.mark.parametrize("phone", ["联系电话", "手机", "办公电话"])
def test_phone_beside_who_told_is_not_the_holders(phone: str) -> None:
    found = read((*HEAD, "告知人", phone), (UNIT, "数据专员", "张三", "组织科王五", "13812345678"))
    assert one(found).values[F.TOLD_BY] == "组织科王五"
    assert {F.MOBILE, F.OFFICE_PHONE}.isdisjoint(one(found).values)


def test_line_whose_words_are_those_of_headings_is_no_head() -> None:
    # What the full roster says in every line: 考核分组 部门, 任职方式 任免文件; and a remark on a name.
    head = (*HEAD, "任职日期", "备注", "考核分组", "任职方式")
    lines = [
        (f"区{name}局", "首席数据官", name, date(2026, 3, 5), remark, "部门", how)
        for name, remark, how in (
            ("张三", "", ""),
            ("李四", "姓名写错，已改", "任免文件"),
            ("王五", "", "任免文件"),
        )
    ]
    found = read(head, *lines)
    assert [line.values[F.NAME] for line in found.lines] == ["张三", "李四", "王五"]


def test_signatures_below_the_table_are_skipped() -> None:
    found = read(
        HEAD,
        (UNIT, "数据专员", "张三"),
        ("单位主要负责人（签字）：", None, "填表人："),
        ("分管领导：王五", None, "（公章）"),
        (None, "2026年3月5日", None),
    )
    assert one(found).values[F.NAME] == "张三"
    assert blocking(found) == []


def test_a_remark_in_the_first_column_does_not_hide_the_post() -> None:
    found = read(("备注", *HEAD), ("说明：兼任", UNIT, "数据专员", "张三"), ("注：其他", None, None, None))
    assert one(found).values[F.NOTE] == "说明：兼任"
