"""The wordings that units use in a roster's head and cells, blank-separated and without marks or blanks."""

from collections.abc import Mapping

from cdo_desktop.rules.roster_columns import RosterField
from cdo_desktop.rules.vocabulary import (
    AppointmentBasis,
    FilingKind,
    FilingState,
    Handover,
    HeadStatus,
    PostKind,
    Sex,
    UnitCategory,
    UnitGroup,
)

F = RosterField

FIELD_HEADINGS: Mapping[RosterField, str] = {
    F.UNIT_FULL_NAME: (
        "单位全称 单位名称 单位 工作单位 所在单位 所属单位 单位全名 全称 备案单位 单位名称全称 单位名 "
        "机构名称 所在单位名称 工作单位名称 所在单位全称 工作单位全称 单位公章名称"
    ),
    F.UNIT_SHORT_NAME: "单位简称 简称 单位名称简称 单位短名 规范简称 单位规范简称 部门简称",
    F.UNIT_CATEGORY: "单位类别 类别 单位性质 单位类型 单位分类 部门类别 机构类别 机构类型",
    F.POST: (
        "岗位 备案岗位 角色 人员类别 人员类型 岗位名称 岗位类别 岗位类型 任职岗位 人员身份 身份 数据岗位 "
        "首席数据官岗位 备案人员类别 备案人员类型"
    ),
    F.NAME: (
        "姓名 人员姓名 名字 备案人姓名 备案人员姓名 备案人 备案人员 本人姓名 任职人员 任职人员姓名 "
        "任职人姓名 人员"
    ),
    F.SEX: "性别",
    F.TITLE: (
        "现任职务 职务 职务名称 单位及职务 单位职务 行政职务 现职务 职位 党政职务 所任职务 职务职级 "
        "部门及职务 科室及职务 科室职务 现任行政职务 现任党政职务 现任职务名称 担任职务 工作单位及职务 "
        "所在单位及职务 现任单位及职务 单位和职务"
    ),
    F.HEAD: (
        "是否行政主要负责人 是否主要负责人 是否为行政主要负责人 是否为主要负责人 是否行政正职 是否一把手 "
        "是否单位行政主要负责人 是否本单位行政主要负责人 是否为单位行政主要负责人 "
        "是否由行政主要负责人兼任 是否单位主要负责人"
    ),
    F.SINCE: (
        "任职日期 任命日期 委任日期 任职时间 起始日期 任命时间 委任时间 起始时间 任职起始日期 "
        "任职起始时间 起任日期 任职开始日期 任职开始时间 聘任日期 聘任时间 就任日期 就任时间 上任日期 "
        "上任时间 开始任职日期 开始任职时间 任职起始日 担任日期"
    ),
    F.BASIS: (
        "委任依据 任命文号 委任文号 文件依据 任命依据 任职依据 任职文号 任职文件 任命文件 委任文件 文号 "
        "依据文件 任免文件 任免文号 任免依据 聘任文件 任命文件文号 委任文件文号 任职文件文号 "
        "任免文件文号 委任依据文号 依据"
    ),
    F.OFFICE_PHONE: (
        "办公电话 办公室电话 座机 固定电话 单位电话 座机号码 固话 办公电话号码 办公座机 座机电话 座机号 "
        "工作电话 固定电话号码 单位座机 单位办公电话 单位联系电话 办公联系电话 电话单位 办公号码"
    ),
    F.MOBILE: (
        "手机 手机号 手机号码 移动电话 移动电话号码 联系手机 手机电话 本人手机 个人手机 移动号码 "
        "联系手机号 联系手机号码 mobile"
    ),
    F.EMAIL: (
        "政务邮箱 邮箱 电子邮箱 email 邮箱地址 电子邮件 工作邮箱 政务邮箱地址 邮件 电子邮件地址 "
        "电子邮箱地址 mail 电邮 公务邮箱 联系邮箱 政务电子邮箱 邮箱email 电子邮箱email emailaddress "
        "单位邮箱 办公邮箱 邮件地址"
    ),
    F.NOTE: "备注 备注说明 备注信息 备注栏",
    F.ADDRESS: "单位地址 地址 办公地址 通讯地址 联系地址 通信地址 单位办公地址 单位通讯地址 办公地点",
    F.POSTCODE: "邮编 邮政编码 邮政编号 单位邮编",
    F.BIRTH_MONTH: "出生年月 出生日期 出生时间 出生月份",
    F.POLITICAL_STATUS: "政治面貌 政治面目",
    F.HEAD_NOTE: (
        "非主要负责人说明 非行政主要负责人说明 非主要负责人情况说明 非主要负责人原因 "
        "非主要负责人兼任说明 非行政主要负责人原因"
    ),
    F.WORK_SCOPE: (
        "分管负责数据工作范围 分管数据工作范围 负责数据工作范围 数据工作范围 分管工作 分管范围 工作范围 "
        "分管数据工作 分管工作范围 负责工作范围 分管负责工作范围 分管或负责数据工作范围"
    ),
    F.SECTION: (
        "所在科室 科室 处室 所在处室 内设机构 所属科室 科室名称 科处室 所在科处室 所属处室 所在科室名称 "
        "科室处室 所在内设机构 科室部门"
    ),
    F.RANK: "职级 行政级别 级别",
    F.DUTIES: "岗位职责 职责 工作职责 主要职责 职责分工 具体职责 岗位工作职责",
    F.DIGITAL_YEARS: (
        "从事数字化工作年限 数字化工作年限 从事数字化年限 从事信息化工作年限 信息化工作年限 "
        "从事数字化工作年数"
    ),
    F.EDUCATION: "学历及专业 学历专业 学历 最高学历及专业 学历学位及专业 学历和专业",
    F.TRAINING: "参加培训情况 培训情况 参训情况 最近一次培训 最近一次培训情况 参加培训",
    F.PLATFORM_ACCOUNT: (
        "区大数据资源平台账号 大数据资源平台账号 平台账号 资源平台账号 大数据平台账号 区大数据平台账号 "
        "区大数据资源平台账户 大数据资源平台账户"
    ),
    F.BACKUP_NAME: (
        "b角姓名 b角 备份人员 备份人员姓名 备份人 备份人姓名 b岗姓名 b岗 b角人员 b角备份人员姓名 "
        "ab角备份人员姓名"
    ),
    F.BACKUP_PHONE: (
        "b角电话 b角联系电话 b角联系方式 b角手机 备份人员电话 备份人员联系电话 备份人电话 b岗电话 "
        "b岗联系电话 b角电话号码 b角手机号码"
    ),
    F.FILING_KIND: "备案类型 备案种类 备案类别 备案性质",
    F.FILLED_ON: "填报日期 填表日期 填报时间 填表时间 填写日期",
    F.CHANGE_REASON: "变更原因 变更事由 变动原因",
    F.CHANGE_DATE: "变更日期 变更时间 变更日 变更日期起算日 变动日期 变更起算日",
    F.PREDECESSOR: "原任姓名 前任姓名 原任人员 原任 前任 原任人员姓名",
    F.PREDECESSOR_TITLE: "原任职务 前任职务 原任人员职务",
    F.HANDOVER: "工作交接 交接情况 工作交接情况 是否已交接 工作交接是否完成",
    F.FILLER: "填表人 填报人 填表人姓名 填报人姓名",
    F.FILLER_PHONE: (
        "填表人电话 填报人电话 填表人联系电话 填报人联系电话 填表人联系方式 填报人联系方式 填表人手机 "
        "填报人手机"
    ),
    F.UNIT_GROUP: "考核分组 分组 组别 考核组别 评估分组",
    F.UNIT_ORDER: "单位排序 排序 排序号 单位顺序",
    F.UNIT_NAME_CONFIRMED: "全称已确认 全称是否确认 全称是否已确认",
    F.UNIT_NOTE: "单位备注 单位说明",
    F.UNIT_CODE: "行政区划代码 区划代码 行政区划编码 行政区划代码编码 单位行政区划代码",
    F.BASIS_KIND: "任职方式 任命方式 委任方式 任免方式 任职形式",
    F.KNOWN_ON: "知悉日期 知悉时间 知悉日 获知日期 获悉日期",
    F.TOLD_BY: "告知人 告知人姓名 告知人员 由谁告知 何人告知 知悉来源",
    F.FILING_STATE: "备案状态 备案进度 备案情况状态 备案办理状态",
    F.FILING_NUMBER: "备案编号 备案号 备案文号 备案登记号 备案登记编号",
    F.RECEIVED_ON: "收到日期 收到时间 收件日期 收件时间 报送日期 实际报送日期 收到备案表日期 备案收到日期",
    F.LATE_REASON: "逾期说明 逾期原因 逾期情况说明 逾期理由",
    F.UNTIL: "离任日期 离任时间 免职日期 免职时间 卸任日期 卸任时间 任期届满日期 离岗日期",
}
WEAK_UNIT_HEADINGS = (
    "名称 街镇 街镇名称 委办局 委办局名称 部门及街镇 单位街镇 部门街镇名称 部门 填报单位 报送单位 部门名称 "
    "单位部门 部门单位 部门街镇园区 部门街镇 各部门街镇园区 机构"
)
"""They name the unit only where no better column does."""

CONTACT_HEADINGS = "联系电话 联系方式 电话 电话号码 联系号码 通讯方式 联系电话号码 通讯电话 通联方式"
"""A mobile or an office number, told by the cell."""

IGNORED_HEADINGS = "序号 编号 序 no 行号 项次 序列号 no序号"

GENERIC_HEADINGS = (
    "基本信息 个人信息 人员信息 单位信息 基本情况 人员情况 单位情况 单位基本情况 单位基本信息 任职信息 "
    "任职情况 联系信息 人员基本信息 人员基本情况 个人基本情况 个人基本信息 任职资料 备案信息 备案情况 "
    "其他信息 委任情况 任免情况 变更情况 变更信息 通讯信息"
)
"""Group heads without a meaning of their own."""

OTHER_PERSON_HEADINGS = (
    "联系人 分管领导 主要领导 单位负责人 主要负责人 负责人 经办人 联络员 数据联络员 信息联络员 "
    "分管负责人 行政主要负责人 领导姓名 单位主要负责人 科室负责人 部门负责人 审核人 单位联系人 "
    "分管领导姓名 联系人姓名 负责人姓名 联络员姓名 主要领导姓名 分管副职"
)
"""Persons that a roster does not hold; the columns right of them are theirs."""

CELL_WORDS: Mapping[RosterField, Mapping[str, str]] = {
    F.POST: {
        PostKind.CDO: (
            "首席数据官cdo cdo 部门首席数据官 单位首席数据官 本单位首席数据官 街镇首席数据官 "
            "街道首席数据官 镇首席数据官 园区首席数据官 街镇园区首席数据官 部门街镇园区首席数据官"
        ),
        PostKind.SPECIALIST: (
            "专员 部门数据专员 单位数据专员 本单位数据专员 街镇数据专员 街道数据专员 镇数据专员 "
            "园区数据专员 街镇园区数据专员 部门街镇园区数据专员"
        ),
        PostKind.DISTRICT_CDO: "区级首席数据官 宝山区首席数据官 区首席数据官cdo",
        PostKind.DISTRICT_SPECIALIST: "区级首席数据专员 宝山区首席数据专员",
        PostKind.OFFICE_DIRECTOR: "首席数据官办公室主任 区首席数据官办公室主任",
        PostKind.OFFICE_DEPUTY: "首席数据官办公室副主任 区首席数据官办公室副主任",
        PostKind.OFFICE_MEMBER: "首席数据官办公室成员 区首席数据官办公室成员",
    },
    F.SEX: {
        Sex.MALE: "男性 m male 1男 先生",
        Sex.FEMALE: "女性 f female 2女 女士",
    },
    F.HEAD: {
        HeadStatus.YES: (
            "√ ✔ ✓ ☑ y yes true 是的 ☑是 ☑是□否 √是 √是□否 是☑ 是√ 是☑否□ 是√否□ ■是□否 "
            "是■否□ 是行政主要负责人"
        ),
        HeadStatus.NO: (
            "× ✗ ✘ ╳ n no false 不是 非 ☑否 □是☑否 √否 □是√否 否☑ 否√ 是□否☑ 是□否√ □是■否 "
            "是□否■ 非主要负责人 非行政主要负责人"
        ),
        HeadStatus.ACTING: "主持 临时主持工作 主持工作中 是主持工作 否主持工作 主持行政工作 主持全面工作",
    },
    F.UNIT_CATEGORY: {
        UnitCategory.PARTY: "区委 区委工作部门 党委部门 党委工作部门 区委工作机关 区委机关",
        UnitCategory.GOVERNMENT: "区政府 政府部门 区政府工作部门 政府工作部门 政府组成部门 区政府组成部门",
        UnitCategory.SUBDISTRICT: "街道办事处 街道办",
        UnitCategory.TOWN: "镇政府 镇人民政府 乡镇",
        UnitCategory.PARK: "工业园区 产业园区",
        UnitCategory.OTHER: "其它 其他单位 其它单位 其他类",
        UnitCategory.DISTRICT: "区本级",
    },
    F.UNIT_GROUP: {
        UnitGroup.DEPARTMENT: "部门组 区级部门",
        UnitGroup.TOWN: "街镇 街镇组 街镇园区组",
    },
    F.FILING_KIND: {
        FilingKind.FIRST: "首次 新设备案 初次备案 首次备案登记",
        FilingKind.CHANGE: "变更 变更登记",
        FilingKind.LEAVE: "离任 注销 注销备案 离任注销 离任注销备案",
    },
    F.HANDOVER: {
        Handover.DONE: "已交接 完成 已完成交接 已办理 ☑已完成□未完成",
        Handover.OPEN: "未交接 未完成交接 □已完成☑未完成",
    },
    F.UNIT_NAME_CONFIRMED: {
        HeadStatus.YES: "√ ✔ ✓ ☑ y yes true 已确认",
        HeadStatus.NO: "× ✗ ✘ n no false 未确认",
    },
    F.BASIS_KIND: {
        AppointmentBasis.PAPER: "任免文件任职 发文任命",
        AppointmentBasis.CONGRESS: "人大 人大常委会任命",
        AppointmentBasis.UNIT: "单位任命 本单位委任",
        AppointmentBasis.ANNOUNCED: "宣布任职",
        AppointmentBasis.EX_OFFICIO: "兼任 职务兼任",
    },
    F.FILING_STATE: {
        FilingState.ISSUED: "已发表待报送",
        FilingState.SCANNED: "扫描件已收",
        FilingState.RECEIVED: "原件已收",
        FilingState.RETURNED: "已退回 退回补正",
        FilingState.FILED: "备案完成",
        FilingState.STORED: "入库",
    },
}
"""For every column with fixed words: what else is unmistakably meant by each."""

VACANT_WORDS = (
    "空缺 暂缺 缺 无 待定 暂无 未定 待明确 待补 空 暂空 缺位 岗位空缺 职位空缺 人员空缺 待任命 待委任 没有"
)
"""What stands in the name column of a post that nobody holds."""

VACANT_BEGINNINGS = (
    "空缺 暂缺 缺位 暂空 岗位空缺 待定 待明确 待任命 待委任 待补 待配备 未明确 未配备 未任命 暂未 尚未"
)
"""The same with words behind: 空缺（待任命）."""

SECTION_WORDS = (
    "区委部门 区政府部门 政府部门 街道 镇 街镇 街道镇 园区 部门 街镇园区 区级部门 其他 区级 委办局 "
    "各街镇 各部门 党委部门 其他单位"
)
"""What may stand alone in a row as the title of the units below."""
