"""The fields for what a 备案表 says of a change, wherever they are asked for."""

from cdo_desktop.rules.vocabulary import ChangeReason, Handover
from cdo_desktop.services.holder_draft import MAX_LENGTH
from cdo_desktop.ui.common.fields import Field, FieldKind

NAME_LENGTH = 50


def change_fields(*, day_required: bool = False) -> tuple[Field, ...]:
    """Return why and on what day a post changed hands."""
    told = "三个工作日从次日起算" + ("。" if day_required else "；不填即任职日期。")
    return (
        reason_field(),
        Field("change_date", "变更日期", FieldKind.DATE, required=day_required, help=told),
    )


def reason_field(key: str = "change_reason", label: str = "变更原因") -> Field:
    """Return why somebody comes or goes."""
    return Field(key, label, FieldKind.COMPLETER, choices=tuple(ChangeReason), required=True)


def known_fields() -> tuple[Field, ...]:
    """Return when the office learnt of a change and from whom (office.md §1)."""
    return (
        Field("known_on", "知悉日期", FieldKind.DATE),
        Field("told_by", "告知人", max_length=MAX_LENGTH, placeholder="例如 组织科 李四，电话"),
    )


def filling_fields(*, handover: bool = True) -> tuple[Field, ...]:
    """Return what was handed over, and who filled the paper in; nobody hands over to the first holder."""
    own = (
        Field("filler", "填表人", max_length=NAME_LENGTH),
        Field("filler_phone", "填表人电话", max_length=MAX_LENGTH),
    )
    if not handover:
        return own
    return (Field("handover", "工作交接", FieldKind.CHOICE, choices=tuple(Handover)), *own)
