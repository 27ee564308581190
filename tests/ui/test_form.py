"""A form keeps what was typed and says beside the field what is wrong."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel
from pytestqt.qtbot import QtBot

from cdo_desktop.ui.common.actions import is_command
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.fields import Field, FieldKind
from cdo_desktop.ui.common.form import Form
from cdo_desktop.ui.common.input_guard import install_input_guard
from tests.ui.form_window import FIELDS, FILLED, line


@pytest.fixture(autouse=True)
def guard(qapp: QApplication) -> None:
    install_input_guard(qapp)


@pytest.fixture
def form(qtbot: QtBot, ui: UiContext) -> Form:
    made = Form(ui)
    qtbot.addWidget(made)
    made.add_section("基本情况")
    made.add(*FIELDS)
    made.show()
    return made


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
