"""A form keeps what was typed, says beside the field what is wrong, and saves once."""

import threading
from collections.abc import Iterator
from datetime import date

import pytest
import shiboken6
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from cdo_desktop.errors import ConflictError, FieldConflict, InvalidFormError, InvalidInputError, StorageError
from cdo_desktop.ui.common.actions import is_command
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.fields import Field, FieldKind, FieldValue
from cdo_desktop.ui.common.form import Form
from cdo_desktop.ui.common.form_dialog import FormDialog
from cdo_desktop.ui.common.input_guard import install_input_guard
from cdo_desktop.ui.common.notices import ConflictChoice
from tests.ui.fakes import FakeNotices, make_ui

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
CONFLICT = ConflictError("王芳刚保存了同一条记录。", (FieldConflict("姓名", "张三", "张四", "张五"),))


@pytest.fixture(autouse=True)
def guard(qapp: QApplication) -> None:
    install_input_guard(qapp)


@pytest.fixture
def notices() -> FakeNotices:
    return FakeNotices()


@pytest.fixture
def ui(qtbot: QtBot, notices: FakeNotices) -> Iterator[UiContext]:
    context = make_ui(notices)
    yield context
    context.tasks.wait_all()


@pytest.fixture
def form(qtbot: QtBot, ui: UiContext) -> Form:
    made = Form(ui)
    qtbot.addWidget(made)
    made.add_section("基本情况")
    made.add(*FIELDS)
    made.show()
    return made


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


def test_values_come_back_as_they_were_set(form: Form) -> None:
    form.set_values(FILLED)
    assert form.values() == FILLED
    assert not form.is_dirty()
    assert form.check() == {}


def test_empty_form_returns_empty_values(form: Form) -> None:
    assert form.values() == {
        "name": "",
        "sex": "",
        "from": None,
        "month": "",
        "score": "",
        "unit": "",
        "note": "",
        "head": False,
    }


def test_only_real_changes_make_a_form_dirty(form: Form) -> None:
    form.set_values(FILLED)
    line(form, "name").setText("张四")
    assert form.changed_keys() == ("name",)
    line(form, "name").setText("张三 ")
    line(form, "from").setText("2026.3.5")
    assert not form.is_dirty()
    line(form, "from").setText("2026.3.5x")
    assert form.changed_keys() == ("from",)


def test_check_names_every_wrong_field(form: Form) -> None:
    form.set_values({"name": "一二三四五六", "from": None, "note": "一二三四五六七八九十十一"})
    line(form, "from").setText("20260230")
    line(form, "month").setText("13月")
    line(form, "score").setText("八十")
    assert set(form.check()) == {"name", "from", "month", "score", "note"}
    assert form.check()["name"] == "最多 5 个字，现在是 6 个，请缩短。"
    form.set_values({"name": " "})
    assert form.check()["name"] == "请填写姓名。"


def test_long_text_is_not_cut_but_counted(form: Form) -> None:
    form.set_values({"name": "一二三四五六"})
    assert form.values()["name"] == "一二三四五六"
    assert form.cell("name").counter == "6 / 5"
    assert form.cell("note").counter == "0 / 10"


def test_messages_stand_at_their_fields_and_the_first_gets_the_focus(qtbot: QtBot, form: Form) -> None:
    form.set_messages({"score": "分数不能超过 100。", "name": "姓名已存在。"})
    assert form.messages() == {"score": "分数不能超过 100。", "name": "姓名已存在。"}
    assert form.focusWidget() is line(form, "name")
    assert line(form, "name").accessibleDescription() == "姓名已存在。"
    line(form, "name").setText("李")
    assert form.messages() == {"score": "分数不能超过 100。"}


def test_digits_of_any_width_are_read(form: Form) -> None:
    line(form, "score").setText("１，２００．５")
    assert form.values()["score"] == "1200.5"
    assert "score" not in form.check()


def test_word_that_is_no_longer_offered_is_kept(form: Form) -> None:
    form.set_values({"sex": "未说明"})
    assert form.values()["sex"] == "未说明"


def test_every_field_has_a_name_and_an_access_key_of_its_own(form: Form) -> None:
    keys = []
    for field in FIELDS:
        cell = form.cell(field.key)
        assert field.label in cell.editor.focus.accessibleName()
        assert cell.label.buddy() is cell.editor.focus
        keys.append(cell.access_key)
    assert len(set(keys)) == len(FIELDS)
    assert "" not in keys
    assert "必填" in line(form, "name").accessibleName()


def test_a_required_field_is_marked_and_says_so(form: Form) -> None:
    mark = form.cell("name").required_mark
    assert (mark.text(), mark.toolTip()) == ("*", "必填")
    assert form.cell("note").required_mark.text() == ""
    assert "必填" not in form.editor("note").focus.accessibleName()


def test_tab_goes_through_the_fields_in_reading_order(qtbot: QtBot, form: Form) -> None:
    form.focus_first()
    order = []
    for _ in FIELDS:
        focused = QApplication.focusWidget() or form.focusWidget()
        order.append(next(key for key in FILLED if form.editor(key).focus is focused))
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    assert order == [field.key for field in FIELDS]


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


def test_two_columns_become_one_when_narrow(qtbot: QtBot, form: Form) -> None:
    form.resize(form.sizeHint().width(), 600)
    qtbot.waitUntil(lambda: form.cell("sex").editor_box.y() == form.cell("name").editor_box.y())
    form.resize(form.minimumSizeHint().width(), 600)
    qtbot.waitUntil(lambda: form.cell("sex").editor_box.y() > form.cell("name").editor_box.y())
    assert form.horizontalScrollBar().maximum() == 0


def test_hidden_field_is_not_checked_and_keeps_its_value(form: Form) -> None:
    form.set_values({"name": ""})
    form.set_field_visible("name", False)
    assert form.check() == {}
    form.set_field_visible("name", True)
    assert "name" in form.check()


def test_read_only_form_cannot_be_typed_into(form: Form) -> None:
    form.set_values(FILLED)
    form.set_read_only(True)
    for key in ("name", "from", "month", "score", "unit"):
        QTest.keyClicks(line(form, key), "9")
    assert form.values() == FILLED
    form.set_read_only(False, ["name"])
    QTest.keyClicks(line(form, "name"), "9")
    assert form.values()["name"] != "张三"


def test_same_key_twice_is_refused(form: Form) -> None:
    with pytest.raises(ValueError, match="name"):
        form.add(Field("name", "姓名"))


def test_suggestions_are_looked_up_for_what_is_typed(qtbot: QtBot, ui: UiContext) -> None:
    form = Form(ui)
    qtbot.addWidget(form)
    asked: list[str] = []

    def suggest(text: str) -> list[str]:
        asked.append(text)
        return ["区教育局"]

    form.add(Field("unit", "单位", FieldKind.COMPLETER, suggest=suggest))
    form.show()
    QTest.keyClicks(line(form, "unit"), "jy")
    assert asked == ["j", "jy"]
    completer = line(form, "unit").completer()
    assert completer.completionModel().data(completer.completionModel().index(0, 0)) == "区教育局"
    completer.popup().hide()


def test_fixed_suggestions_can_be_listed_whatever_stands_in_the_field(qtbot: QtBot, ui: UiContext) -> None:
    form = Form(ui)
    qtbot.addWidget(form)
    form.add(Field("reason", "变更原因", FieldKind.COMPLETER, choices=("退休", "调离", "其他")))
    form.show()
    reason = line(form, "reason")
    reason.setText("退休")
    (show_all,) = [action for action in reason.actions() if is_command(action)]
    assert show_all.toolTip().startswith("选择变更原因")
    show_all.trigger()
    popup = reason.completer().popup()
    qtbot.waitUntil(popup.isVisible)
    words = popup.model()
    assert [words.index(row, 0).data() for row in range(words.rowCount())] == ["退休", "调离", "其他"]
    popup.hide()
    form.editor("reason").set_read_only(True)
    assert not show_all.isVisible()


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


def test_labels_do_not_read_markup(form: Form) -> None:
    form.add(Field("odd", "甲<b>&乙"))
    assert isinstance(form.cell("odd").label, QLabel)
    assert "&&乙" in form.cell("odd").label.text()
    assert not isinstance(form.editor("odd").focus, QComboBox)


def test_a_pin_is_shown_as_dots_and_left_out_of_what_a_draft_keeps(qtbot: QtBot, ui: UiContext) -> None:
    form = Form(ui)
    qtbot.addWidget(form)
    form.add(Field("name", "姓名"), Field("pin", "PIN", FieldKind.PIN))
    line(form, "name").setText("王芳")
    line(form, "pin").setText("274190")
    assert line(form, "pin").displayText() == line(form, "pin").displayText()[0] * 6
    assert form.changed_keys() == ("name", "pin")
    assert list(form.changes()) == ["name"]
