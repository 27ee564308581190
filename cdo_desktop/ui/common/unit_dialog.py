"""The form of one unit."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from cdo_desktop.errors import InvalidInputError
from cdo_desktop.rules.vocabulary import UnitCategory, UnitGroup
from cdo_desktop.services.unit_draft import UNIT_FIELDS, UnitDraft
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.fields import Field, FieldKind, FieldValue
from cdo_desktop.ui.common.form_dialog import FormDialog

if TYPE_CHECKING:
    from cdo_desktop.services.units import UnitService

CATEGORIES = tuple(category for category in UnitCategory if category is not UnitCategory.DISTRICT)
_GROUPS = tuple(group for group in UnitGroup if group is not UnitGroup.DISTRICT)
_ORDER_DIGITS = 6
_FIXED = "名称变更请用“更名”，旧名会留在曾用名里。"
_RENAMED = (
    "改了全称或简称时，填新名称启用的日期；不填为今天。"
    "只是改错字的，先去掉“全称已与公章核对”保存一次，就不记为更名。"
)


class UnitDialog(FormDialog):
    """One unit; a changed name keeps the old one in the unit's history.

    Where ``renaming`` is an action of its own, a name that stands on a seal cannot be changed here.
    """

    def __init__(
        self,
        service: "UnitService",
        opened: UnitDraft | None,
        ui: UiContext,
        parent: QWidget,
        *,
        renaming: bool = True,
    ) -> None:
        self._service = service
        self._opened = opened
        super().__init__(
            f"单位资料：{opened.short_name}" if opened else "新建单位",
            ui,
            self._save,
            reload=self._reload_unit if opened else None,
            draft_key=f"unit-{opened.unit_id}" if opened else "unit-new",
            draft_version=lambda: self._opened.version if self._opened else 0,
            parent=parent,
        )
        fixed = not renaming and opened is not None and opened.full_name_confirmed
        self._add_fields(renaming=renaming, name_help=_FIXED if fixed else "与公章一致")
        if opened is not None:
            self.form.set_values(self._values(opened))
            self.form.set_read_only(fixed, ("full_name", "short_name"))
        self.fit()

    def _add_fields(self, *, renaming: bool, name_help: str) -> None:
        self.form.add(
            Field("full_name", "单位全称", required=True, max_length=100, wide=True, help=name_help),
            Field("short_name", "单位简称", required=True, max_length=100),
            Field("full_name_confirmed", "全称已与公章核对", FieldKind.CHECK),
        )
        if self._opened is not None and renaming:
            self.form.add(Field("renamed_on", "更名日期", FieldKind.DATE, wide=True, help=_RENAMED))
        self.form.add(
            Field("category", "单位类别", FieldKind.CHOICE, required=True, choices=CATEGORIES),
            Field("group", "考核分组", FieldKind.CHOICE, choices=_GROUPS, help="不选则按单位类别归组。"),
            Field("address", "单位地址", max_length=100, wide=True),
            Field("postcode", "邮编", max_length=6),
            Field("code", "行政区划代码", max_length=20),
            Field("sort_order", "排序", FieldKind.NUMBER, help="小的在前；新单位不填则排在最后。"),
            Field("note", "备注", FieldKind.MULTILINE, max_length=200, lines=2),
        )

    @staticmethod
    def _values(draft: UnitDraft) -> dict[str, FieldValue]:
        values: dict[str, FieldValue] = {name: getattr(draft, name) for name in UNIT_FIELDS}
        values["sort_order"] = str(draft.sort_order)
        return values

    def _save(self, values: dict[str, FieldValue]) -> object:
        renamed_on = values.get("renamed_on")
        fields: dict[str, object] = {name: values[name] for name in UNIT_FIELDS}
        fields["sort_order"] = _order(str(values["sort_order"]))
        draft = replace(self._opened or UnitDraft(), **fields)  # type: ignore[arg-type]
        return self._service.save(draft, self._opened, renamed_on if isinstance(renamed_on, date) else None)

    def _reload_unit(self) -> Mapping[str, FieldValue]:
        self._opened = self._service.get((self._opened or UnitDraft()).unit_id or 0)
        return self._values(self._opened)


def _order(text: str) -> int:
    if not text:
        return 0
    if not (text.isascii() and text.isdigit() and len(text) <= _ORDER_DIGITS):
        raise InvalidInputError(
            f"请填写不超过 {_ORDER_DIGITS} 位的整数，例如 120；小的排在前面。", field="sort_order"
        )
    return int(text)
