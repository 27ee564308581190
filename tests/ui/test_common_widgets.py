"""Commands and empty states, and what every common widget owes a keyboard and a screen reader."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QSpinBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from cdo_desktop.errors import ConflictError, FieldConflict
from cdo_desktop.ui.common import shortcuts
from cdo_desktop.ui.common.actions import make_action, plain_text, set_available
from cdo_desktop.ui.common.calendar_popup import CalendarPopup
from cdo_desktop.ui.common.conflict_dialog import ConflictDialog
from cdo_desktop.ui.common.crash_dialog import CrashDialog
from cdo_desktop.ui.common.empty_state import EmptyState
from cdo_desktop.ui.common.fields import Field, FieldKind
from cdo_desktop.ui.common.form_dialog import FormDialog
from cdo_desktop.ui.common.notice_bar import NoticeBar
from cdo_desktop.ui.common.pdf_preview import PdfPreview
from cdo_desktop.ui.common.progress import Progress
from cdo_desktop.ui.common.progress_dialog import ProgressDialog
from cdo_desktop.ui.common.question import Question
from tests.ui.fakes import TODAY, make_ui


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    return widget


def test_action_tells_its_key_and_runs(parent: QWidget) -> None:
    runs: list[int] = []
    action = make_action(
        "更换(&R)…", parent=parent, triggered=lambda: runs.append(1), shortcut="Ctrl+R", tip="登记更换"
    )
    action.trigger()
    assert runs == [1]
    assert (
        action.toolTip()
        == f"登记更换（{QKeySequence('Ctrl+R').toString(QKeySequence.SequenceFormat.NativeText)}）"
    )
    assert action.iconText() == "更换"


def test_disabled_action_tells_why(parent: QWidget) -> None:
    action = make_action("改分", parent=parent, triggered=lambda: None)
    set_available(action, "本月已锁定")
    assert not action.isEnabled()
    assert "本月已锁定" in action.toolTip()
    set_available(action)
    assert action.isEnabled()
    assert action.toolTip() == "改分"


@pytest.mark.parametrize(
    ("text", "plain"), [("更换(&R)…", "更换"), ("&Save", "Save"), ("导出…", "导出"), ("新建", "新建")]
)
def test_access_key_is_no_part_of_the_name(text: str, plain: str) -> None:
    assert plain_text(text) == plain


def test_no_key_has_two_meanings() -> None:
    keys = [value for name, value in vars(shortcuts).items() if name.isupper()]
    keys += [shortcuts.tab_key(number) for number in range(1, 8)]
    normal = [QKeySequence(key).toString() for key in keys]
    assert "" not in normal
    assert len(set(normal)) == len(normal)


def test_empty_state_offers_the_next_step(qtbot: QtBot, parent: QWidget) -> None:
    runs: list[int] = []
    action = make_action("导入名册(&I)…", parent=parent, triggered=lambda: runs.append(1), icon="file-import")
    state = EmptyState("users", "还没有人员", "点这里新建或导入。", (action,))
    qtbot.addWidget(state)
    state.buttons[0].click()
    assert runs == [1]
    set_available(action, "正在导入")
    assert not state.buttons[0].isEnabled()
    assert "正在导入" in state.buttons[0].toolTip()
    state.set_text("没有找到", "换个词试试。")
    assert state.accessibleName() == "没有找到 换个词试试。"


def common_widgets() -> list[QWidget]:
    """Return one of each."""
    ui = make_ui()
    dialog = FormDialog("编辑", ui, lambda values: values)
    dialog.form.add(*(Field(kind.value, f"栏目{kind.value}", kind, choices=("甲",)) for kind in FieldKind))
    bar = NoticeBar()
    bar.show_error(ConflictError("冲突。"))
    return [
        dialog,
        bar,
        PdfPreview(ui),
        ConflictDialog(ConflictError("冲突。", (FieldConflict("姓名", "甲", "乙", "丙"),))),
        Question(None, "删除？", ("删除", "保留"), default=1, danger=True),
        CrashDialog("出错了。", "ValueError"),
        ProgressDialog("导出", Progress()),
        CalendarPopup(lambda: TODAY, lambda _day: ""),
    ]


CONTROLS = (
    QAbstractButton,
    QLineEdit,
    QPlainTextEdit,
    QComboBox,
    QSpinBox,
    QAbstractItemView,
    QProgressBar,
)


def test_every_control_has_a_name_for_screen_readers(qtbot: QtBot) -> None:
    nameless: list[str] = []
    checked = 0
    for widget in common_widgets():
        qtbot.addWidget(widget)
        for control in widget.findChildren(QWidget):
            inner = control.objectName().startswith("qt_") or isinstance(
                control.parentWidget(), QSpinBox | QComboBox | QAbstractItemView
            )
            inner = inner or type(control) is QAbstractButton or control.window() is not widget
            if inner or not isinstance(control, CONTROLS):
                continue  # parts that Qt makes inside a control, and the lists that drop down
            checked += 1
            own_text = control.text() if isinstance(control, QAbstractButton) else ""
            if not (control.accessibleName() or own_text):
                nameless.append(f"{type(widget).__name__}: {type(control).__name__}")
    assert nameless == []
    assert checked > 30


def test_every_button_can_be_reached_by_keyboard(qtbot: QtBot) -> None:
    for widget in common_widgets():
        qtbot.addWidget(widget)
        for button in widget.findChildren(QAbstractButton):
            if button.objectName().startswith("qt_") or type(button) is QAbstractButton:
                continue  # Qt's own: the corner of a table, the hidden bar of a calendar
            if button.accessibleName() == "打开日历" or button.text().startswith("选择栏目"):
                continue  # Alt+Down in the line does the same
            assert button.focusPolicy() & Qt.FocusPolicy.TabFocus, f"{type(widget).__name__}: {button.text()}"
