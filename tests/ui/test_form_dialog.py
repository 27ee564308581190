"""The window around a form saves once, asks before input is lost, and says why it was not saved."""

import threading

import pytest
import shiboken6
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from cdo_desktop.errors import ConflictError, FieldConflict, InvalidFormError, InvalidInputError, StorageError
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.fields import Field
from cdo_desktop.ui.common.form_dialog import FormDialog
from cdo_desktop.ui.common.input_guard import install_input_guard
from cdo_desktop.ui.common.notices import ConflictChoice
from tests.ui.fakes import FakeNotices
from tests.ui.form_window import FIELDS, FILLED, Recorder, Values, forget_input, line, open_dialog

CONFLICT = ConflictError("王芳刚保存了同一条记录。", (FieldConflict("姓名", "张三", "张四", "张五"),))


@pytest.fixture(autouse=True)
def guard(qapp: QApplication) -> None:
    install_input_guard(qapp)


def test_few_fields_leave_no_gap_above_the_buttons(qtbot: QtBot, ui: UiContext) -> None:
    dialog = FormDialog("说明", ui, Recorder())
    qtbot.addWidget(dialog)
    dialog.form.add(Field("why", "原因", wide=True))
    dialog.fit_to_fields(680)
    dialog.show()
    field, button = dialog.form.cell("why").label, dialog.save_button
    gap = (
        button.mapTo(dialog, button.rect().topLeft()).y() - field.mapTo(dialog, field.rect().bottomLeft()).y()
    )
    assert dialog.width() == 680
    assert gap < 2 * button.height()


def test_enter_in_the_suggestions_picks_and_does_not_save(qtbot: QtBot, ui: UiContext) -> None:
    save = Recorder()
    dialog = open_dialog(qtbot, ui, save)
    unit = line(dialog.form, "unit")
    unit.setFocus()
    unit.selectAll()
    typed = QInputMethodEvent()
    typed.setCommitString("区民")
    QApplication.sendEvent(unit, typed)
    popup = unit.completer().popup()
    qtbot.waitUntil(popup.isVisible)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Return):
        QApplication.sendEvent(popup, QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier))
    ui.tasks.wait_all()
    assert unit.text() == "区民政局"
    assert save.saved == []


def test_enter_over_suggestions_that_nobody_chose_saves(qtbot: QtBot, ui: UiContext) -> None:
    save = Recorder()
    dialog = open_dialog(qtbot, ui, save)
    unit = line(dialog.form, "unit")
    unit.setFocus()
    unit.selectAll()
    typed = QInputMethodEvent()
    typed.setCommitString("区民政局")
    QApplication.sendEvent(unit, typed)
    popup = unit.completer().popup()
    qtbot.waitUntil(popup.isVisible)
    pressed = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier)
    with qtbot.waitSignal(dialog.saved):
        QApplication.sendEvent(popup, pressed)
    assert not popup.isVisible()
    assert save.saved == [{**FILLED, "unit": "区民政局"}]


def test_dialog_opens_over_its_window(qtbot: QtBot, ui: UiContext) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.setGeometry(300, 200, 300, 300)
    window.show()
    dialog = FormDialog("编辑", ui, Recorder(), parent=window)
    dialog.form.add(Field("name", "姓名"))
    dialog.open()
    assert abs(dialog.geometry().center().x() - window.geometry().center().x()) < 60


def test_saving_hands_over_the_values_and_closes(qtbot: QtBot, ui: UiContext) -> None:
    save = Recorder()
    dialog = open_dialog(qtbot, ui, save)
    line(dialog.form, "name").setText("李四")
    assert dialog.isWindowModified()
    with qtbot.waitSignal(dialog.saved) as signal:
        dialog.save_button.click()
    assert save.saved == [{**FILLED, "name": "李四"}]
    assert signal.args == [7]
    assert dialog.result_value == 7
    assert not dialog.isVisible()


def test_pressing_enter_or_the_button_twice_saves_once(qtbot: QtBot, ui: UiContext) -> None:
    save = Recorder()
    save.go_on = threading.Event()
    dialog = open_dialog(qtbot, ui, save)
    QTest.keyClick(line(dialog.form, "name"), Qt.Key.Key_Return)
    QTest.keyClick(line(dialog.form, "name"), Qt.Key.Key_Return)
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    QTest.mouseDClick(dialog.save_button, Qt.MouseButton.LeftButton)
    dialog.save()
    dialog.reject()  # Esc during a save does not tear the dialog away
    assert dialog.isVisible()
    save.go_on.set()
    ui.tasks.wait_all()
    assert len(save.saved) == 1
    assert not dialog.isVisible()


def test_enter_held_down_since_before_the_form_opened_does_not_save(qtbot: QtBot, ui: UiContext) -> None:
    save = Recorder()
    dialog = open_dialog(qtbot, ui, save)
    none = Qt.KeyboardModifier.NoModifier
    for _time in range(3):
        again = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, none, "\r", True)
        QApplication.sendEvent(line(dialog.form, "name"), again)
    ui.tasks.wait_all()
    assert dialog.isVisible()
    assert save.saved == []


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Space])
def test_a_key_held_down_on_the_button_does_not_save(qtbot: QtBot, ui: UiContext, key: Qt.Key) -> None:
    save = Recorder()
    dialog = open_dialog(qtbot, ui, save)
    dialog.save_button.setFocus()
    none = Qt.KeyboardModifier.NoModifier
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease) * 2:
        QApplication.sendEvent(dialog.save_button, QKeyEvent(kind, key, none, "\r", True))
    ui.tasks.wait_all()
    assert dialog.isVisible()
    assert save.saved == []


@pytest.mark.parametrize("answer", [0, 1, 2])
def test_form_that_went_below_the_question_is_left_alone(
    qtbot: QtBot, ui: UiContext, answer: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = Recorder()
    dialog = FormDialog("人员", ui, save)
    dialog.form.add(Field("name", "姓名"))
    dialog.form.editor("name").set_value("王芳")

    def choose(_question: str, _answers: tuple[str, ...]) -> int:
        shiboken6.delete(dialog)  # as when the window is closed
        return answer

    monkeypatch.setattr(ui.notices, "choose", choose)
    dialog.reject()
    ui.tasks.wait_all()
    assert save.saved == []


def test_what_is_final_is_not_done_by_a_key_that_was_meant_for_the_window_before(
    qtbot: QtBot, ui: UiContext
) -> None:
    save = Recorder()
    dialog = open_dialog(qtbot, ui, save, final=True)
    QTest.keyClick(line(dialog.form, "name"), Qt.Key.Key_Return)
    QTest.keyClick(dialog, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    dialog.save_button.setFocus()
    QTest.keyClick(dialog.save_button, Qt.Key.Key_Space)
    QTest.keyClick(dialog.save_button, Qt.Key.Key_Return)
    ui.tasks.wait_all()
    assert dialog.isVisible()
    assert save.saved == []
    qtbot.waitUntil(lambda: dialog.listens)
    QTest.keyClick(dialog.save_button, Qt.Key.Key_Return)
    ui.tasks.wait_all()
    assert len(save.saved) == 1


def test_control_s_saves_text_that_is_still_being_composed(qtbot: QtBot, ui: UiContext) -> None:
    save = Recorder()
    dialog = open_dialog(qtbot, ui, save, {"name": ""})
    name = line(dialog.form, "name")
    name.setFocus()
    QApplication.sendEvent(name, QInputMethodEvent("张三", []))
    assert name.text() == ""
    QTest.keyClick(name, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    ui.tasks.wait_all()
    assert [values["name"] for values in save.saved] == ["张三"]


def test_enter_during_composition_does_not_save(qtbot: QtBot, ui: UiContext) -> None:
    save = Recorder()
    dialog = open_dialog(qtbot, ui, save, {"name": "王"})
    name = line(dialog.form, "name")
    name.setCursorPosition(1)
    QApplication.sendEvent(name, QInputMethodEvent("芳", []))
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    ui.tasks.wait_all()
    assert save.saved == []
    assert name.text() == "王芳"


def test_wrong_input_is_not_sent_to_the_service(qtbot: QtBot, ui: UiContext) -> None:
    save = Recorder()
    dialog = open_dialog(qtbot, ui, save, {"name": ""})
    dialog.save_button.click()
    assert dialog.form.messages() == {"name": "请填写姓名。"}
    assert save.saved == []
    assert not dialog.saving


@pytest.mark.parametrize(
    ("error", "messages", "banner"),
    [
        (InvalidInputError("姓名已存在。", field="name"), {"name": "姓名已存在。"}, ""),
        (InvalidInputError("两个日期矛盾。"), {}, "两个日期矛盾。"),
        (InvalidInputError("版本不对。", field="version"), {}, "版本不对。"),
        (
            InvalidFormError({"name": "不对。", "score": "太大。", "other": "别处不对。"}),
            {"name": "不对。", "score": "太大。"},
            "别处不对。",
        ),
        (StorageError("磁盘已满，没有保存。"), {}, "磁盘已满，没有保存。"),
    ],
)
def test_failed_save_keeps_the_dialog_and_the_input(
    qtbot: QtBot, ui: UiContext, error: Exception, messages: dict[str, str], banner: str
) -> None:
    dialog = open_dialog(qtbot, ui, Recorder(error))
    line(dialog.form, "unit").setText("区民政局")
    dialog.save_button.click()
    ui.tasks.wait_all()
    assert dialog.isVisible()
    assert dialog.form.values() == {**FILLED, "unit": "区民政局"}
    assert dialog.form.is_dirty()
    assert dialog.form.messages() == messages
    assert dialog.banner.text == banner
    assert dialog.save_button.isEnabled()
    assert dialog.form.isEnabled()


def test_next_attempt_clears_the_banner(qtbot: QtBot, ui: UiContext) -> None:
    save = Recorder(StorageError("磁盘已满，没有保存。"))
    dialog = open_dialog(qtbot, ui, save)
    dialog.save()
    ui.tasks.wait_all()
    save.error = None
    dialog.save()
    assert dialog.banner.text == ""
    ui.tasks.wait_all()
    assert not dialog.isVisible()


def conflicting_dialog(qtbot: QtBot, ui: UiContext, theirs: Values) -> tuple[FormDialog, Recorder]:
    save = Recorder(CONFLICT)
    dialog = FormDialog("编辑人员", ui, save, reload=lambda: theirs)
    qtbot.addWidget(dialog, before_close_func=forget_input)
    dialog.form.add(*FIELDS)
    dialog.form.set_values(FILLED)
    dialog.open()
    line(dialog.form, "name").setText("张四")
    dialog.save()
    ui.tasks.wait_all()
    return dialog, save


def test_my_text_is_kept_and_the_rest_is_theirs(qtbot: QtBot, ui: UiContext, notices: FakeNotices) -> None:
    notices.conflict_choice = ConflictChoice.KEEP_MINE
    dialog, save = conflicting_dialog(qtbot, ui, {**FILLED, "name": "张五", "unit": "区民政局"})
    assert notices.conflicts == [CONFLICT]
    assert dialog.isVisible()
    assert dialog.form.values() == {**FILLED, "name": "张四", "unit": "区民政局"}
    assert dialog.form.changed_keys() == ("name",)
    save.error = None
    dialog.save()
    ui.tasks.wait_all()
    assert not dialog.isVisible()


def test_their_text_is_taken(qtbot: QtBot, ui: UiContext, notices: FakeNotices) -> None:
    notices.conflict_choice = ConflictChoice.TAKE_THEIRS
    theirs: Values = {**FILLED, "name": "张五"}
    dialog, _save = conflicting_dialog(qtbot, ui, theirs)
    assert dialog.form.values() == theirs
    assert not dialog.form.is_dirty()


def test_going_back_changes_nothing(qtbot: QtBot, ui: UiContext, notices: FakeNotices) -> None:
    notices.conflict_choice = ConflictChoice.BACK
    dialog, _save = conflicting_dialog(qtbot, ui, {**FILLED, "name": "张五"})
    assert dialog.form.values() == {**FILLED, "name": "张四"}


@pytest.mark.parametrize(("choice", "saved", "visible"), [(0, 1, False), (1, 0, False), (2, 0, True)])
def test_closing_with_unsaved_input_asks(
    qtbot: QtBot, ui: UiContext, notices: FakeNotices, choice: int, saved: int, visible: bool
) -> None:
    save = Recorder()
    dialog = open_dialog(qtbot, ui, save)
    line(dialog.form, "name").setText("李四")
    notices.choice = choice
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    ui.tasks.wait_all()
    assert notices.labels == [("保存", "不保存", "取消")]
    assert len(save.saved) == saved
    assert dialog.isVisible() is visible


def test_closing_the_window_asks_too(qtbot: QtBot, ui: UiContext, notices: FakeNotices) -> None:
    dialog = open_dialog(qtbot, ui, Recorder())
    line(dialog.form, "name").setText("李四")
    notices.choice = 2
    assert not dialog.close()
    assert dialog.isVisible()


def test_closing_with_text_that_is_only_composed_asks(
    qtbot: QtBot, ui: UiContext, notices: FakeNotices
) -> None:
    save = Recorder()
    dialog = open_dialog(qtbot, ui, save, {"name": ""})
    name = line(dialog.form, "name")
    name.setFocus()
    QApplication.sendEvent(name, QInputMethodEvent("张三", []))
    notices.choice = 0
    dialog.close()
    ui.tasks.wait_all()
    assert [values["name"] for values in save.saved] == ["张三"]


def test_closing_without_changes_does_not_ask(qtbot: QtBot, ui: UiContext, notices: FakeNotices) -> None:
    dialog = open_dialog(qtbot, ui, Recorder())
    dialog.reject()
    assert notices.questions == []
    assert not dialog.isVisible()


def test_buttons_have_no_access_keys_and_enter_saves(qtbot: QtBot, ui: UiContext) -> None:
    dialog = open_dialog(qtbot, ui, Recorder())
    assert "&" not in dialog.save_button.text() + dialog.cancel_button.text()
    assert dialog.save_button.isDefault()
    assert not dialog.cancel_button.autoDefault()


def test_dialog_begins_in_its_first_field(qtbot: QtBot, ui: UiContext) -> None:
    dialog = open_dialog(qtbot, ui, Recorder())
    assert dialog.focusWidget() is line(dialog.form, "name")
