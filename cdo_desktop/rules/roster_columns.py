"""The columns of a roster, in the order in which the template and the export write them."""

from collections.abc import Mapping
from enum import StrEnum

from cdo_desktop.rules.filing import RECORDED_STATES
from cdo_desktop.rules.vocabulary import (
    AppointmentBasis,
    FilingKind,
    Handover,
    HeadStatus,
    PostKind,
    Sex,
    UnitCategory,
    UnitGroup,
)


class RosterField(StrEnum):
    """One column; the value is its heading. Import understands synonyms as well (documents/readers)."""

    UNIT_FULL_NAME = "单位全称"
    UNIT_SHORT_NAME = "单位简称"
    UNIT_CATEGORY = "单位类别"
    POST = "岗位"
    NAME = "姓名"
    SEX = "性别"
    TITLE = "现任职务"
    HEAD = "是否行政主要负责人"
    SINCE = "任职日期"
    BASIS = "委任依据"
    OFFICE_PHONE = "办公电话"
    MOBILE = "手机"
    EMAIL = "政务邮箱"
    NOTE = "备注"
    # From here on: every other field of the two forms (domain.md §1.4, §1.5).
    ADDRESS = "单位地址"
    POSTCODE = "邮编"
    BIRTH_MONTH = "出生年月"
    POLITICAL_STATUS = "政治面貌"
    HEAD_NOTE = "非主要负责人说明"
    WORK_SCOPE = "分管（负责）数据工作范围"
    SECTION = "所在科室"
    RANK = "职级"
    DUTIES = "岗位职责"
    DIGITAL_YEARS = "从事数字化工作年限"
    EDUCATION = "学历及专业"
    TRAINING = "参加培训情况"
    PLATFORM_ACCOUNT = "区大数据资源平台账号"
    BACKUP_NAME = "B角姓名"
    BACKUP_PHONE = "B角电话"
    FILING_KIND = "备案类型"
    FILLED_ON = "填报日期"
    CHANGE_REASON = "变更原因"
    CHANGE_DATE = "变更日期"
    PREDECESSOR = "原任姓名"
    PREDECESSOR_TITLE = "原任职务"
    HANDOVER = "工作交接"
    FILLER = "填表人"
    FILLER_PHONE = "填表人电话"
    UNIT_GROUP = "考核分组"
    UNIT_ORDER = "单位排序"
    UNIT_NAME_CONFIRMED = "全称已确认"
    # What the office alone knows; the template does not ask units for it.
    UNIT_CODE = "行政区划代码"
    UNIT_NOTE = "单位备注"
    BASIS_KIND = "任职方式"
    KNOWN_ON = "知悉日期"
    TOLD_BY = "告知人"
    FILING_STATE = "备案状态"
    FILING_NUMBER = "备案编号"
    RECEIVED_ON = "收到日期"
    LATE_REASON = "逾期说明"
    # Of somebody who held the post before: read only, for a roster lists who is there.
    UNTIL = "离任日期"


_FIELDS = tuple(RosterField)
BASIC_FIELDS = _FIELDS[: _FIELDS.index(RosterField.NOTE) + 1]
TEMPLATE_FIELDS = _FIELDS[: _FIELDS.index(RosterField.UNIT_NAME_CONFIRMED) + 1]
ALL_FIELDS = _FIELDS[: _FIELDS.index(RosterField.LATE_REASON) + 1]
PAST_FIELDS = (
    RosterField.FILING_STATE,
    RosterField.FILING_NUMBER,
    RosterField.RECEIVED_ON,
    RosterField.LATE_REASON,
    RosterField.UNTIL,
)
"""What somebody adds to a template to bring in filings from before the program."""
UNIT_FIELDS = (
    RosterField.UNIT_FULL_NAME,
    RosterField.UNIT_SHORT_NAME,
    RosterField.UNIT_CATEGORY,
    RosterField.ADDRESS,
    RosterField.POSTCODE,
    RosterField.UNIT_GROUP,
    RosterField.UNIT_ORDER,
    RosterField.UNIT_NAME_CONFIRMED,
    RosterField.UNIT_CODE,
    RosterField.UNIT_NOTE,
)
DATE_FIELDS = (
    RosterField.SINCE,
    RosterField.FILLED_ON,
    RosterField.CHANGE_DATE,
    RosterField.KNOWN_ON,
    RosterField.RECEIVED_ON,
    RosterField.UNTIL,
)
FIELD_WORDS: Mapping[RosterField, tuple[StrEnum, ...]] = {
    RosterField.POST: tuple(PostKind),
    RosterField.SEX: tuple(Sex),
    RosterField.HEAD: tuple(HeadStatus),
    RosterField.UNIT_CATEGORY: tuple(UnitCategory),
    RosterField.UNIT_GROUP: tuple(UnitGroup),
    RosterField.FILING_KIND: tuple(FilingKind),
    RosterField.HANDOVER: tuple(Handover),
    RosterField.UNIT_NAME_CONFIRMED: (HeadStatus.YES, HeadStatus.NO),
    RosterField.BASIS_KIND: tuple(AppointmentBasis),
    RosterField.FILING_STATE: RECORDED_STATES,  # a void paper is no filing of the holder
}
"""The columns that take fixed words alone, and these words."""
