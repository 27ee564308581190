"""The forms of one unit: a new name, and the names that hang beside its own."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from PySide6.QtWidgets import QWidget

from cdo_desktop.services.second_names import SecondNameDraft, SecondNameService
from cdo_desktop.services.unit_draft import UnitDraft
from cdo_desktop.services.units import UnitService
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.fields import Field, FieldKind, FieldValue
from cdo_desktop.ui.common.form_dialog import FormDialog


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


def _names(draft: UnitDraft) -> dict[str, FieldValue]:
    return {"full_name": draft.full_name, "short_name": draft.short_name}
