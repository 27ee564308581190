"""A form with a field of every kind, and the window around it."""

import threading
from datetime import date

from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.fields import Field, FieldKind, FieldValue
from cdo_desktop.ui.common.form import Form
from cdo_desktop.ui.common.form_dialog import FormDialog

Values = dict[str, FieldValue]

FIELDS = (
    Field("name", "姓名", required=True, max_length=5),
    Field("sex", "性别", FieldKind.CHOICE, choices=("男", "女")),
    Field("from", "任职日期", FieldKind.DATE),
    Field("month", "月份", FieldKind.MONTH),
    Field("score", "得分", FieldKind.NUMBER, unit="分"),
    Field("unit", "单位", FieldKind.COMPLETER, choices=("区教育局", "区民政局")),
    Field("note", "备注", FieldKind.MULTILINE, max_length=10),
    Field("head", "主要负责人", FieldKind.CHECK),
)
FILLED: Values = {
    "name": "张三",
    "sex": "男",
    "from": date(2026, 3, 5),
    "month": "2026-03",
    "score": "80.5",
    "unit": "区教育局",
    "note": "甲\n乙",
    "head": True,
}


class Recorder:
    """Stands in for a service method and notes what it is given."""

    def __init__(self, error: Exception | None = None) -> None:
        self.saved: list[Values] = []
        self.error = error
        self.go_on: threading.Event | None = None

    def __call__(self, values: Values) -> int:
        self.saved.append(values)
        if self.go_on is not None:
            self.go_on.wait(5)
        if self.error is not None:
            raise self.error
        return 7


def forget_input(dialog: FormDialog) -> None:
    """Let a test end with an open dialog that has unsaved input."""
    dialog.form.mark_clean()


def open_dialog(
    qtbot: QtBot, ui: UiContext, save: Recorder, values: Values | None = None, *, final: bool = False
) -> FormDialog:
    dialog = FormDialog("编辑人员", ui, save, final=final)
    qtbot.addWidget(dialog, before_close_func=forget_input)
    dialog.form.add(*FIELDS)
    dialog.form.set_values(FILLED if values is None else values)
    dialog.fit()
    dialog.open()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    return dialog


def line(form: Form, key: str) -> QLineEdit:
    widget = form.editor(key).focus
    assert isinstance(widget, QLineEdit)
    return widget
