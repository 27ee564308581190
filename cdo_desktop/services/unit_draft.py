"""What the editor of a unit works on, and the check of what was typed."""

from dataclasses import dataclass, replace

from cdo_desktop.errors import InvalidFormError
from cdo_desktop.rules.roster_columns import RosterField
from cdo_desktop.rules.text import clean_text, narrow, too_long
from cdo_desktop.rules.vocabulary import UnitCategory, UnitGroup, group_of

MAX_LENGTH = 100
_CATEGORIES, _GROUPS = frozenset(UnitCategory), frozenset(UnitGroup)


@dataclass(frozen=True)
class UnitDraft:
    """A unit as the form edits it."""

    unit_id: int | None = None
    version: int = 0
    full_name: str = ""
    full_name_confirmed: bool = False
    short_name: str = ""
    category: str = ""
    group: str = ""
    sort_order: int = 0
    code: str = ""
    address: str = ""
    postcode: str = ""
    note: str = ""


UNIT_FIELDS = (
    "full_name",
    "full_name_confirmed",
    "short_name",
    "category",
    "group",
    "sort_order",
    "code",
    "address",
    "postcode",
    "note",
)
UNIT_COLUMNS: dict[RosterField, str] = {
    RosterField.UNIT_FULL_NAME: "full_name",
    RosterField.UNIT_NAME_CONFIRMED: "full_name_confirmed",
    RosterField.UNIT_SHORT_NAME: "short_name",
    RosterField.UNIT_CATEGORY: "category",
    RosterField.UNIT_GROUP: "group",
    RosterField.UNIT_ORDER: "sort_order",
    RosterField.ADDRESS: "address",
    RosterField.POSTCODE: "postcode",
    RosterField.UNIT_CODE: "code",
    RosterField.UNIT_NOTE: "note",
}
UNIT_LABELS: dict[str, str] = {attribute: column.value for column, attribute in UNIT_COLUMNS.items()} | {
    "note": "备注",
}


def checked_unit(draft: UnitDraft) -> UnitDraft:
    """Return the draft in its stored form; raises InvalidFormError with one sentence a field."""
    messages: dict[str, str] = {}
    full_name, short_name = clean_text(draft.full_name), clean_text(draft.short_name)
    if not full_name:
        messages["full_name"] = "请填写与公章一致的单位全称。"
    if not short_name:
        messages["short_name"] = "请填写单位简称，例如“区教育局”。"
    messages |= too_long(MAX_LENGTH, full_name=full_name, short_name=short_name)
    if draft.category not in _CATEGORIES:
        messages["category"] = "请选择单位类别。"
    if draft.group and draft.group not in _GROUPS:
        messages["group"] = "请选择考核分组。"
    postcode = narrow(clean_text(draft.postcode))
    if postcode and not (len(postcode) == 6 and postcode.isascii() and postcode.isdigit()):
        messages["postcode"] = "邮编是 6 位数字。"
    if messages:
        raise InvalidFormError(messages)
    return replace(
        draft,
        full_name=full_name,
        short_name=short_name,
        group=draft.group or group_of(UnitCategory(draft.category)),
        code=narrow(clean_text(draft.code)),
        address=clean_text(draft.address),
        postcode=postcode,
        note=clean_text(draft.note),
    )


def unit_values(draft: UnitDraft) -> dict[str, str | int | bool]:
    """Return the editable fields alone, for storing and for the history."""
    return {name: getattr(draft, name) for name in UNIT_FIELDS}
