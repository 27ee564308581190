"""What the template says about every column: its example, what to type, and what is checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cdo_desktop.rules.roster_columns import FIELD_WORDS, RosterField
from cdo_desktop.rules.vocabulary import ChangeReason, FilingKind, HeadStatus, PostKind, Sex, UnitCategory

F = RosterField


class Need(StrEnum):
    """How much a column is needed; the value is the word in the notes."""

    MUST = "必填"
    FORM = "备案表需要"
    OPTIONAL = "选填"
    OFFICE = "由首席数据官办公室填写"


class Check(StrEnum):
    """What Excel checks when a cell is typed."""

    TEXT = "text"
    DATE = "date"
    MOBILE = "mobile"
    PHONE = "phone"
    EMAIL = "email"
    POSTCODE = "postcode"
    ORDER = "order"


@dataclass(frozen=True)
class FieldHelp:
    """One column of the template; ``longest`` is in characters, ``width`` in half-width ones."""

    need: Need
    width: int
    hint: str
    examples: tuple[str | date, str | date]  # of 首席数据官 and of 数据专员
    choices: tuple[str, ...] = ()
    strict: bool = True  # whether only the choices are accepted
    check: Check = Check.TEXT
    longest: int = 200


_POLITICAL = ("中共党员", "中共预备党员", "共青团员", "民主党派", "无党派人士", "群众")


def _help(
    need: Need,
    width: int,
    hint: str,
    *examples: str | date,
    choices: tuple[str, ...] = (),
    strict: bool = True,
    check: Check = Check.TEXT,
    longest: int = 200,
) -> FieldHelp:
    first = examples[0] if examples else ""
    last = examples[-1] if examples else ""
    return FieldHelp(need, width, hint, (first, last), tuple(map(str, choices)), strict, check, longest)


_A_DATE = "日期，例如 2026-03-05。"

FIELD_HELP: Mapping[RosterField, FieldHelp] = {
    F.UNIT_FULL_NAME: _help(
        Need.MUST, 26, "与公章一致的全称。每一行都要填，不要只填第一行。", "宝山区示例局"
    ),
    F.UNIT_SHORT_NAME: _help(Need.OPTIONAL, 14, "日常使用的简称，例如 区民政局。", "区示例局"),
    F.UNIT_CATEGORY: _help(
        Need.FORM, 11, "从下拉列表中选择。", UnitCategory.GOVERNMENT, choices=FIELD_WORDS[F.UNIT_CATEGORY]
    ),
    F.POST: _help(
        Need.MUST,
        13,
        "从下拉列表中选择。每个单位一名首席数据官、一名数据专员，各占一行。",
        PostKind.CDO,
        PostKind.SPECIALIST,
        choices=(
            PostKind.CDO,
            PostKind.SPECIALIST,
            PostKind.DISTRICT_CDO,
            PostKind.DISTRICT_SPECIALIST,
            PostKind.OFFICE_DIRECTOR,
            PostKind.OFFICE_DEPUTY,
            PostKind.OFFICE_MEMBER,
        ),
    ),
    F.NAME: _help(
        Need.MUST,
        10,
        "两字姓名中间不加空格，少数民族姓名用“·”分隔。岗位空缺时写“空缺”。",
        "张三",
        "李四",
        longest=50,
    ),
    F.SEX: _help(Need.FORM, 6, "从下拉列表中选择。", Sex.MALE, Sex.FEMALE, choices=FIELD_WORDS[F.SEX]),
    F.TITLE: _help(Need.FORM, 20, "现任职务全称，例如 党组书记、局长。", "党组书记、局长", "信息化科科长"),
    F.HEAD: _help(
        Need.FORM,
        11,
        "首席数据官由本单位行政主要负责人兼任。数据专员不填。",
        HeadStatus.YES,
        "",
        choices=FIELD_WORDS[F.HEAD],
    ),
    F.SINCE: _help(Need.MUST, 12, "担任本岗位的日期，例如 2026-03-05。", date(2026, 3, 5), check=Check.DATE),
    F.BASIS: _help(
        Need.FORM, 20, "文号，或者会议名称及日期。", "宝示例任〔2026〕3号", "2026年3月5日局长办公会"
    ),
    F.OFFICE_PHONE: _help(
        Need.FORM,
        16,
        "固定电话，例如 021-56691234，分机写“转8012”。",
        "021-56690000",
        check=Check.PHONE,
        longest=60,
    ),
    F.MOBILE: _help(
        Need.FORM,
        13,
        "11 位手机号。固定电话请填在“办公电话”。",
        "13800000001",
        "13800000002",
        check=Check.MOBILE,
    ),
    F.EMAIL: _help(
        Need.OPTIONAL,
        22,
        "政务邮箱地址。",
        "zhangsan@example.gov.cn",
        "lisi@example.gov.cn",
        check=Check.EMAIL,
    ),
    F.NOTE: _help(Need.OPTIONAL, 18, "需要说明的其他情况。", longest=1000),
    F.ADDRESS: _help(Need.OPTIONAL, 22, "单位的办公地址。", "宝山区示例路1号"),
    F.POSTCODE: _help(Need.OPTIONAL, 9, "6 位数字。", "201999", check=Check.POSTCODE),
    F.BIRTH_MONTH: _help(Need.OPTIONAL, 12, "年.月，例如 1972.05。没有要求时不填。", longest=20),
    F.POLITICAL_STATUS: _help(
        Need.OPTIONAL, 13, "没有要求时不填。", choices=_POLITICAL, strict=False, longest=50
    ),
    F.HEAD_NOTE: _help(Need.OPTIONAL, 22, "首席数据官不是行政主要负责人时，说明原因。"),
    F.WORK_SCOPE: _help(
        Need.OPTIONAL, 28, "首席数据官填写，100 字以内。", "全面负责本单位数据工作", "", longest=100
    ),
    F.SECTION: _help(Need.FORM, 16, "数据专员填写。", "", "信息化科"),
    F.RANK: _help(Need.OPTIONAL, 14, "数据专员填写，例如 四级主任科员。"),
    F.DUTIES: _help(
        Need.OPTIONAL, 28, "数据专员填写。", "", "数据目录编制、归集和共享的具体工作", longest=1000
    ),
    F.DIGITAL_YEARS: _help(Need.OPTIONAL, 12, "数据专员填写，例如 5年。", "", "5年", longest=20),
    F.EDUCATION: _help(Need.OPTIONAL, 20, "数据专员填写，例如 本科，计算机科学与技术。"),
    F.TRAINING: _help(Need.OPTIONAL, 24, "数据专员填写，最近一次培训的名称和日期。"),
    F.PLATFORM_ACCOUNT: _help(Need.OPTIONAL, 18, "数据专员填写。不要填密码。"),
    F.BACKUP_NAME: _help(Need.OPTIONAL, 12, "数据专员不在岗时的备份人员。", longest=50),
    F.BACKUP_PHONE: _help(Need.OPTIONAL, 16, "备份人员的电话。", check=Check.PHONE, longest=60),
    F.FILING_KIND: _help(
        Need.OPTIONAL, 12, "从下拉列表中选择。", FilingKind.FIRST, choices=FIELD_WORDS[F.FILING_KIND]
    ),
    F.FILLED_ON: _help(Need.OPTIONAL, 13, _A_DATE, date(2026, 3, 6), check=Check.DATE),
    F.CHANGE_REASON: _help(
        Need.OPTIONAL, 12, "变更备案时填写，从下拉列表中选择。", choices=tuple(ChangeReason), strict=False
    ),
    F.CHANGE_DATE: _help(
        Need.OPTIONAL, 13, "变更备案时填写，三个工作日从这一天起算（当日不计入）。", check=Check.DATE
    ),
    F.PREDECESSOR: _help(Need.OPTIONAL, 12, "变更备案时填写。", longest=50),
    F.PREDECESSOR_TITLE: _help(Need.OPTIONAL, 22, "变更备案时填写。"),
    F.HANDOVER: _help(
        Need.OPTIONAL, 12, "账号、台账、在办议定事项是否已经交接。", choices=FIELD_WORDS[F.HANDOVER]
    ),
    F.FILLER: _help(Need.OPTIONAL, 12, "填写本表的人。", "李四", longest=50),
    F.FILLER_PHONE: _help(Need.OPTIONAL, 16, "填表人的电话。", "021-56690000", check=Check.PHONE, longest=60),
    F.UNIT_GROUP: _help(Need.OFFICE, 14, "单位不填。", choices=FIELD_WORDS[F.UNIT_GROUP]),
    F.UNIT_ORDER: _help(Need.OFFICE, 10, "单位不填。", check=Check.ORDER),
    F.UNIT_NAME_CONFIRMED: _help(Need.OFFICE, 12, "单位不填。", choices=FIELD_WORDS[F.UNIT_NAME_CONFIRMED]),
}
