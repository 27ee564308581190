"""The office's fixed words. Every value is the Chinese word that is shown, stored and exchanged."""

from enum import StrEnum


class PostKind(StrEnum):
    """The seven offices that can be held (policy 二（一）1–4 and （二）1)."""

    DISTRICT_CDO = "区首席数据官"
    DISTRICT_SPECIALIST = "区首席数据专员"
    OFFICE_DIRECTOR = "办公室主任"
    OFFICE_DEPUTY = "办公室副主任"
    OFFICE_MEMBER = "办公室成员"
    CDO = "首席数据官"
    SPECIALIST = "数据专员"

    @property
    def many_holders(self) -> bool:
        """Only 办公室成员 is a team; every other post has one holder on any day."""
        return self is PostKind.OFFICE_MEMBER


DISTRICT_POSTS = (
    PostKind.DISTRICT_CDO,
    PostKind.DISTRICT_SPECIALIST,
    PostKind.OFFICE_DIRECTOR,
    PostKind.OFFICE_DEPUTY,
    PostKind.OFFICE_MEMBER,
)
UNIT_POSTS = (PostKind.CDO, PostKind.SPECIALIST)
FILED_POSTS = UNIT_POSTS  # the two posts with a 备案表 (policy 二（三）)


class UnitCategory(StrEnum):
    """单位类别."""

    PARTY = "区委部门"
    GOVERNMENT = "区政府部门"
    SUBDISTRICT = "街道"
    TOWN = "镇"
    PARK = "园区"
    OTHER = "其他"
    DISTRICT = "区级"


class UnitGroup(StrEnum):
    """考核分组: units are ranked in two lists; the district level is not ranked."""

    DEPARTMENT = "部门"
    TOWN = "街镇（园区）"
    DISTRICT = "区级"


def group_of(category: UnitCategory) -> UnitGroup:
    """Return the ranking list a category belongs to (domain: 部门 / 街镇（园区）)."""
    if category in (UnitCategory.SUBDISTRICT, UnitCategory.TOWN, UnitCategory.PARK):
        return UnitGroup.TOWN
    return UnitGroup.DISTRICT if category is UnitCategory.DISTRICT else UnitGroup.DEPARTMENT


class Sex(StrEnum):
    """性别."""

    MALE = "男"
    FEMALE = "女"


class HeadStatus(StrEnum):
    """是否行政主要负责人 (policy 二（一）3 wants 是)."""

    YES = "是"
    NO = "否"
    ACTING = "主持工作"


class FilingKind(StrEnum):
    """备案类型."""

    FIRST = "首次备案"
    CHANGE = "变更备案"
    LEAVE = "离任备案"


class FilingState(StrEnum):
    """The paper's way through the office (office.md §1)."""

    DRAFT = "草稿"
    ISSUED = "已发表"
    SCANNED = "已收扫描件"
    RECEIVED = "已收原件"
    RETURNED = "退回"
    FILED = "已备案"
    STORED = "已入库"
    VOID = "作废"


class PaperForm(StrEnum):
    """What arrives: a scan or photo first, the sealed original days later (office.md §1)."""

    SCAN = "扫描件"
    ORIGINAL = "原件"


class PaperWay(StrEnum):
    """How a paper came (office.md §1, 收文登记)."""

    OA = "OA"
    MESSAGE = "政务微信"
    IN_PERSON = "现场"
    POST = "邮寄"
    OTHER = "其他"


class ContactWay(StrEnum):
    """How a unit was chased: by phone first (office.md §1)."""

    PHONE = "电话"
    MESSAGE = "政务微信"
    IN_PERSON = "当面"
    LETTER = "提醒函"
    OTHER = "其他"


class PaperShows(StrEnum):
    """What the code on a paper says of its content."""

    PRESENT = "现内容"
    OLDER = "旧内容"
    UNKNOWN = "未核"  # no code: somebody has to compare


class ChangeReason(StrEnum):
    """变更原因."""

    TRANSFER = "职务调整"
    RETIREMENT = "退休"
    LEFT = "调离"
    REFORM = "机构改革"
    OTHER = "其他"


class AppointmentBasis(StrEnum):
    """How a change came about: the kinds of 变更日 (office.md §1)."""

    PAPER = "任免文件"
    CONGRESS = "人大任命"
    UNIT = "单位委任"
    ANNOUNCED = "宣布"
    EX_OFFICIO = "因职务兼任"


class Retention(StrEnum):
    """保管期限 of what is put on the shelf (DA/T 22)."""

    TEN_YEARS = "10年"
    THIRTY_YEARS = "30年"
    FOREVER = "永久"


class Handover(StrEnum):
    """工作交接 (accounts, ledgers, open decisions)."""

    DONE = "已完成"
    OPEN = "未完成"
