"""The forms of one unit: its data, a new name, and the names that hang beside its own."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from PySide6.QtWidgets import QWidget

from cdo_desktop.rules.vocabulary import UnitCategory, UnitGroup
from cdo_desktop.services.second_names import SecondNameDraft, SecondNameService
from cdo_desktop.services.unit_draft import UNIT_FIELDS, UnitDraft
from cdo_desktop.services.units import UnitService
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.fields import Field, FieldKind, FieldValue
from cdo_desktop.ui.common.form_dialog import FormDialog

CATEGORIES = tuple(category for category in UnitCategory if category is not UnitCategory.DISTRICT)
_GROUPS = tuple(group for group in UnitGroup if group is not UnitGroup.DISTRICT)
_NAME_HELP = "名称变更请用“更名”，旧名会留在曾用名里。"


class UnitDialog(FormDialog):
    """The data of one unit; a name that stands on a seal is changed by `RenameDialog` only."""

    def __init__(
        self, service: UnitService, opened: UnitDraft | None, ui: UiContext, parent: QWidget
    ) -> None:
        self._service = service
        self._opened = opened
        super().__init__(
            f"单位资料：{opened.short_name}" if opened else "新建单位",
            ui,
            self._save,
            reload=self._reload_unit if opened else None,
            draft_key=f"system-unit-{opened.unit_id}" if opened else "system-unit-new",
            draft_version=lambda: self._opened.version if self._opened else 0,
            parent=parent,
        )
        named = opened is not None and opened.full_name_confirmed
        self.form.add(
            Field(
                "full_name",
                "单位全称",
                required=True,
                max_length=100,
                wide=True,
                help=_NAME_HELP if named else "与公章一致",
            ),
            Field("full_name_confirmed", "全称已与公章核对", FieldKind.CHECK),
            Field("short_name", "单位简称", required=True, max_length=100, help=_NAME_HELP if named else ""),
            Field("category", "单位类别", FieldKind.CHOICE, required=True, choices=CATEGORIES),
            Field("group", "考核分组", FieldKind.CHOICE, choices=_GROUPS, help="不选则按单位类别归组。"),
            Field("address", "单位地址", max_length=100, wide=True),
            Field("postcode", "邮编", max_length=6),
            Field("code", "行政区划代码", max_length=20),
            Field("sort_order", "排序", FieldKind.NUMBER, help="小的在前；新单位不填则排在最后。"),
            Field("note", "备注", FieldKind.MULTILINE, max_length=200, lines=2),
        )
        if opened is not None:
            self.form.set_values(_values(opened))
            self.form.set_read_only(named, ("full_name", "short_name"))
        self.fit()

    def _save(self, values: dict[str, FieldValue]) -> object:
        return self._service.save(_draft(values, self._opened), self._opened)

    def _reload_unit(self) -> Mapping[str, FieldValue]:
        self._opened = self._service.get((self._opened or UnitDraft()).unit_id or 0)
        return _values(self._opened)


class RenameDialog(FormDialog):
    """A new name from a day on; the old one stays in the unit's history."""

    def __init__(self, service: UnitService, opened: UnitDraft, ui: UiContext, parent: QWidget) -> None:
        self._service = service
        self._opened = opened
        super().__init__(
            f"更名：{opened.short_name}",
            ui,
            self._save,
            reload=self._reload_unit,
            save_label="更名",
            draft_key=f"system-rename-{opened.unit_id}",
            draft_version=lambda: self._opened.version,
            parent=parent,
        )
        self.form.add(
            Field("full_name", "新的全称", required=True, max_length=100, wide=True, help="与新公章一致"),
            Field("short_name", "新的简称", required=True, max_length=100),
            Field(
                "renamed_on",
                "启用日期",
                FieldKind.DATE,
                required=True,
                help="这一天起用新名称；查看更早的日子仍显示旧名。",
            ),
            Field("full_name_confirmed", "全称已与公章核对", FieldKind.CHECK),
        )
        self.form.set_values({**_names(opened), "renamed_on": ui.today(), "full_name_confirmed": False})
        self.fit()

    def _save(self, values: dict[str, FieldValue]) -> object:
        renamed_on = values["renamed_on"]
        draft = replace(
            self._opened,
            full_name=str(values["full_name"]),
            short_name=str(values["short_name"]),
            full_name_confirmed=bool(values["full_name_confirmed"]),
        )
        return self._service.save(draft, self._opened, renamed_on if isinstance(renamed_on, date) else None)

    def _reload_unit(self) -> Mapping[str, FieldValue]:
        self._opened = self._service.get(self._opened.unit_id or 0)
        return _names(self._opened)


class SecondNameDialog(FormDialog):
    """One further name on a unit's door."""

    def __init__(
        self,
        service: SecondNameService,
        draft: SecondNameDraft,
        opened: SecondNameDraft | None,
        ui: UiContext,
        parent: QWidget,
    ) -> None:
        self._service = service
        self._draft = draft
        self._opened = opened
        super().__init__(
            "加挂的牌子" if opened else "加挂牌子",
            ui,
            self._save,
            draft_key=f"system-second-name-{draft.unit_id}-{draft.name_id or 'new'}",
            draft_version=lambda: draft.version,
            parent=parent,
        )
        self.form.add(
            Field("full_name", "加挂名称", required=True, max_length=100, wide=True, help="与牌子、公章一致"),
            Field("short_name", "简称", max_length=100, help="不填与加挂名称相同。"),
            Field("paper", "依据文号", max_length=60),
            Field("since", "加挂日期", FieldKind.DATE),
            Field("until", "摘牌日期", FieldKind.DATE, help="还挂着的不填。"),
        )
        if opened is not None:
            self.form.set_values(
                {
                    name: getattr(opened, name)
                    for name in ("full_name", "short_name", "paper", "since", "until")
                }
            )
        self.fit()

    def _save(self, values: dict[str, FieldValue]) -> object:
        draft = replace(self._draft, **values)  # type: ignore[arg-type]
        return self._service.save(draft, self._opened)


def _values(draft: UnitDraft) -> dict[str, FieldValue]:
    values: dict[str, FieldValue] = {name: getattr(draft, name) for name in UNIT_FIELDS}
    values["sort_order"] = str(draft.sort_order)
    return values


def _draft(values: Mapping[str, FieldValue], opened: UnitDraft | None) -> UnitDraft:
    order = int(float(str(values["sort_order"] or "0")))
    fields = {name: values[name] for name in UNIT_FIELDS} | {"sort_order": order}
    return replace(opened or UnitDraft(), **fields)  # type: ignore[arg-type]


def _names(draft: UnitDraft) -> dict[str, FieldValue]:
    return {"full_name": draft.full_name, "short_name": draft.short_name}
