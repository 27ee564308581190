"""The form of a holder: which fields, for whom, and what goes in and out."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from cdo_desktop.rules.text import check_email, check_mobile, check_phone
from cdo_desktop.rules.vocabulary import (
    FILED_POSTS,
    AppointmentBasis,
    HeadStatus,
    PostKind,
    Sex,
)
from cdo_desktop.services.appointments import CHANGE_COLUMNS, FilingDraft
from cdo_desktop.services.holder_draft import HOLDER_FIELDS, MAX_LENGTH, HolderDraft
from cdo_desktop.ui.common.change_fields import (
    NAME_LENGTH,
    change_fields,
    filling_fields,
    known_fields,
    reason_field,
)
from cdo_desktop.ui.common.fields import Field, FieldKind, FieldValue
from cdo_desktop.ui.common.form import Form
from cdo_desktop.ui.common.suggestion_list import Suggest

LONG_LENGTH = 1000


Suggesting = Callable[[str], Suggest]
"""Returns the suggestions for a field of the tenure, from what other holders have there."""


def add_main_fields(form: Form, post: PostKind, suggesting: Suggesting) -> None:
    """Add what an office fills in first: who, since when, as what."""

    def text(key: str, label: str, *, placeholder: str = "", wide: bool = False) -> Field:
        return Field(
            key,
            label,
            FieldKind.COMPLETER,
            max_length=MAX_LENGTH,
            placeholder=placeholder,
            wide=wide,
            suggest=suggesting(key),
        )

    form.add_section("人员")
    form.add(
        Field("name", "姓名", required=True, max_length=NAME_LENGTH),
        Field("sex", "性别", FieldKind.CHOICE, choices=tuple(Sex)),
        Field("office_phone", "办公电话", max_length=MAX_LENGTH, placeholder="021-56000000转801"),
        Field("mobile", "手机", max_length=MAX_LENGTH, placeholder="11 位号码"),
        Field("email", "政务邮箱", max_length=MAX_LENGTH),
    )
    form.add_section("任职")
    form.add(
        Field("since", "任职日期", FieldKind.DATE, required=True),
        Field("basis_kind", "任职方式", FieldKind.CHOICE, choices=tuple(AppointmentBasis)),
        text("title", "现任职务", placeholder="全称，例如 党组书记、局长", wide=True),
        text("basis", "委任依据", placeholder="文号，或会议名称和日期", wide=True),
    )
    if post is PostKind.CDO:
        head_help = "制度规定由行政主要负责人兼任，选“否”时请说明。"
        form.add(
            Field(
                "head_status",
                "是否行政主要负责人",
                FieldKind.CHOICE,
                choices=tuple(HeadStatus),
                help=head_help,
            ),
            Field("head_note", "情况说明", max_length=MAX_LENGTH),
        )
    elif post is PostKind.SPECIALIST:
        form.add(text("section", "所在科室"), text("rank", "职级"))


def add_other_fields(form: Form, post: PostKind) -> None:
    """Add the rest of the post's form."""
    form.add_section("其他")
    if post is PostKind.CDO:
        form.add(
            Field(
                "work_scope",
                "分管（负责）数据工作范围",
                FieldKind.MULTILINE,
                max_length=LONG_LENGTH,
                lines=2,
            )
        )
    elif post is PostKind.SPECIALIST:
        form.add(
            Field("digital_years", "从事数字化工作年限", max_length=MAX_LENGTH, placeholder="例如 6年"),
            Field("education", "学历及专业", max_length=MAX_LENGTH),
            Field("training", "参加培训情况", max_length=MAX_LENGTH),
            Field("platform_account", "区大数据资源平台账号", max_length=MAX_LENGTH),
            Field("backup_name", "B角姓名", max_length=NAME_LENGTH),
            Field("backup_phone", "B角电话", max_length=MAX_LENGTH),
            Field("duties", "岗位职责", FieldKind.MULTILINE, max_length=LONG_LENGTH, lines=2),
        )
    form.add(Field("note", "备注", FieldKind.MULTILINE, max_length=LONG_LENGTH, lines=2))


def add_change_fields(form: Form) -> None:
    """Add what the paper says of a 更换; the predecessor is known already."""
    form.add_section("变更情况")
    form.add(*change_fields(), *known_fields(), *filling_fields())


def form_values(draft: HolderDraft, form: Form) -> dict[str, FieldValue]:
    """Return the draft's values for the fields that this form has."""
    return {name: getattr(draft, name) for name in HOLDER_FIELDS if form.has_field(name)}


def draft_from(base: HolderDraft, values: Mapping[str, FieldValue]) -> HolderDraft:
    """Lay the form's values over a draft; fields that the form does not have stay."""
    known = {name: value for name, value in values.items() if name in HOLDER_FIELDS}
    return replace(base, **known)  # type: ignore[arg-type]


def doubts(draft: HolderDraft) -> tuple[str, ...]:
    """Return what looks mistyped in a saved holder, though it may be right: phones and mail address."""
    checked = (
        check_phone(draft.office_phone),
        check_mobile(draft.mobile),
        check_email(draft.email),
        check_phone(draft.backup_phone),
    )
    return tuple(found.warning for found in checked if found.value and found.warning)


def filing_from(values: Mapping[str, FieldValue]) -> FilingDraft:
    """Return what the form says of the change."""
    known = {name: values[name] for name in CHANGE_COLUMNS if name in values}
    return FilingDraft(**known)  # type: ignore[arg-type]


def leave_fields(post: PostKind, today: date) -> tuple[Field, ...]:
    """Return the fields of a departure; a post without a 备案表 has nowhere to keep what its paper says."""
    own = (
        Field(
            "left_on",
            "离任日期",
            FieldKind.DATE,
            required=True,
            help=f"从这一天起岗位空缺，例如 {today.isoformat()}。没有三个工作日的限制。",
        ),
        reason_field("reason", "离任原因"),
    )
    return (*own, *known_fields(), *filling_fields()) if post in FILED_POSTS else own
