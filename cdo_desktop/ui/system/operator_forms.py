"""The forms of one operator: a new one, another name, a PIN. None of them keeps a draft of a PIN."""

from collections.abc import Mapping

from PySide6.QtWidgets import QWidget

from cdo_desktop.errors import InvalidInputError
from cdo_desktop.rules.pins import RULE
from cdo_desktop.services.operators import NAME_LENGTH, OperatorRow, OperatorService
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.fields import Field, FieldKind, FieldValue
from cdo_desktop.ui.common.form_dialog import FormDialog

_PROOF = "proof"


class NewOperatorDialog(FormDialog):
    """A name, and a PIN if it shall be asked for."""

    def __init__(self, service: OperatorService, ui: UiContext, parent: QWidget) -> None:
        self._service = service
        super().__init__("新增经办人", ui, self._save, save_label="新增", parent=parent)
        self.form.add(
            Field("name", "姓名", required=True, max_length=NAME_LENGTH, wide=True),
            *_new_pin(required=False),
        )
        self.fit()

    def _save(self, values: dict[str, FieldValue]) -> object:
        return self._service.add(str(values["name"]), _twice(values))


class RenameOperatorDialog(FormDialog):
    """Another name; earlier rows of the history keep the old one."""

    def __init__(self, service: OperatorService, opened: OperatorRow, ui: UiContext, parent: QWidget) -> None:
        self._service = service
        self._opened = opened
        super().__init__(
            f"经办人改名：{opened.name}",
            ui,
            self._save,
            reload=self._reload_operator,
            draft_key=f"system-operator-{opened.operator_id}",
            draft_version=lambda: self._opened.version,
            parent=parent,
        )
        name = Field(
            "name",
            "姓名",
            required=True,
            max_length=NAME_LENGTH,
            wide=True,
            help="以前的历史记录仍写原来的姓名。换了人请新增一位，并停用原来的。",
        )
        self.form.add(name)
        self.form.set_values({"name": opened.name})
        self.fit()

    def _save(self, values: dict[str, FieldValue]) -> object:
        self._service.rename(self._opened, str(values["name"]))
        return self._opened.operator_id

    def _reload_operator(self) -> Mapping[str, FieldValue]:
        self._opened = self._service.get(self._opened.operator_id)
        return {"name": self._opened.name}


class PinDialog(FormDialog):
    """A new PIN for an operator; whoever works now shows with their own that it is they."""

    def __init__(
        self, service: OperatorService, opened: OperatorRow, me: OperatorRow, ui: UiContext, parent: QWidget
    ) -> None:
        self._service = service
        self._opened = opened
        word = "修改" if opened.has_pin else "设置"
        super().__init__(f"{word} PIN：{opened.name}", ui, self._save, parent=parent)
        if me.has_pin:
            self.form.add(_proof(me))
        self.form.add(*_new_pin(required=True))
        self.fit()

    def _save(self, values: dict[str, FieldValue]) -> object:
        self._service.set_pin(self._opened, _twice(values), str(values.get(_PROOF, "")))
        return self._opened.operator_id


class ClearPinDialog(FormDialog):
    """No PIN any more for an operator."""

    def __init__(
        self, service: OperatorService, opened: OperatorRow, me: OperatorRow, ui: UiContext, parent: QWidget
    ) -> None:
        self._service = service
        self._opened = opened
        title = f"清除 PIN：{opened.name}"
        super().__init__(title, ui, self._save, save_label="清除 PIN", parent=parent)
        self.form.add(_proof(me, f"清除以后，任何人都可以用“{opened.name}”进入。"))
        self.fit()

    def _save(self, values: dict[str, FieldValue]) -> object:
        self._service.clear_pin(self._opened, str(values[_PROOF]))
        return self._opened.operator_id


def _proof(me: OperatorRow, said: str = "") -> Field:
    return Field(
        _PROOF,
        "您现在的 PIN",
        FieldKind.PIN,
        required=True,
        wide=True,
        help=said or f"您以“{me.name}”登录，先确认是您本人。",
    )


def _new_pin(*, required: bool) -> tuple[Field, Field]:
    said = RULE if required else f"可以不设，以后再设。{RULE}"
    return (
        Field("pin", "新 PIN" if required else "PIN", FieldKind.PIN, required=required, wide=True, help=said),
        Field("again", "再输入一次", FieldKind.PIN, required=required, wide=True),
    )


def _twice(values: dict[str, FieldValue]) -> str:
    if values["pin"] != values["again"]:
        raise InvalidInputError("两次输入的 PIN 不一样，请重新输入。", "again")
    return str(values["pin"])
