"""系统 → 经办人: adding, renaming, PINs, disabling, and what the page says of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from cdo_desktop import settings
from cdo_desktop.ui.common.form_dialog import FormDialog
from cdo_desktop.ui.system.operator_forms import (
    ClearPinDialog,
    NewOperatorDialog,
    PinDialog,
    RenameOperatorDialog,
)
from cdo_desktop.ui.system.operators_section import OperatorsSection
from cdo_desktop.ui.system.system_tab import OPERATORS
from tests.ui.register_desk import WAIT
from tests.ui.system_desk import SystemDesk, is_open, system_desk
from tests.ui.test_accessible import access_keys, not_reached, walk

pytestmark = pytest.mark.usefixtures("quick_pins")

PIN, OTHER_PIN, WRONG = "274190", "830516", "961842"


@pytest.fixture
def desk(district: Path, qtbot: QtBot) -> Iterator[SystemDesk]:
    with system_desk(district, qtbot) as opened:
        yield opened


@pytest.fixture
def section(desk: SystemDesk) -> OperatorsSection:
    page = desk.page(OPERATORS)
    assert isinstance(page, OperatorsSection)
    return page


def select(desk: SystemDesk, section: OperatorsSection, name: str) -> None:
    (row,) = [row for row in desk.office.operators.rows() if row.name == name]
    section.reload()
    section.table.select_keys([row.operator_id])


def shown(section: OperatorsSection) -> list[list[str]]:
    model = section.table.model
    return [list(model.line(place).texts) for place in range(model.key_count)]


def fill(desk: SystemDesk, dialog: FormDialog, **values: str) -> None:
    """Type into a form and save it."""
    for key, text in values.items():
        dialog.form.editor(key).set_value(text)
    dialog.save()
    desk.settle()


def activate(desk: SystemDesk, window: QWidget) -> None:
    window.activateWindow()
    desk.qtbot.waitUntil(window.isActiveWindow, timeout=WAIT)


def test_a_first_operator_is_told_what_a_second_would_mean(section: OperatorsSection) -> None:
    assert shown(section) == [[f"{settings.DEFAULT_ACTOR}（您）", "未设置", "在用"]]
    assert "打开程序时不询问" in section.said.text()
    assert "先选中一位经办人" in section.rename.toolTip()


def test_an_operator_is_added_with_a_pin(desk: SystemDesk, section: OperatorsSection) -> None:
    dialog = desk.opened(NewOperatorDialog, section.new.trigger)
    line = dialog.form.editor("pin").focus
    assert isinstance(line, QLineEdit)
    assert line.echoMode() == QLineEdit.EchoMode.Password
    fill(desk, dialog, name="王芳", pin="123456", again="123456")
    assert "太容易猜到" in dialog.form.cell("pin").message
    fill(desk, dialog, pin=PIN, again=WRONG)
    assert "两次输入的 PIN 不一样" in dialog.form.cell("again").message
    fill(desk, dialog, again=PIN)
    assert not is_open(dialog)
    assert shown(section)[1] == ["王芳", "已设置", "在用"]
    assert f"“{settings.DEFAULT_ACTOR}”没有设置 PIN，任何人都可以" in section.said.text()
    assert "先问由谁经办" in desk.notices.infos[-1]


def test_a_taken_name_is_told_at_its_field(desk: SystemDesk, section: OperatorsSection) -> None:
    dialog = desk.opened(NewOperatorDialog, section.new.trigger)
    fill(desk, dialog, name=settings.DEFAULT_ACTOR)
    assert "已有名叫" in dialog.form.cell("name").message
    dialog.form.mark_clean()
    dialog.reject()


def test_ones_own_new_name_is_told_to_the_window(desk: SystemDesk, section: OperatorsSection) -> None:
    told: list[bool] = []
    desk.tab.operators_changed.connect(lambda: told.append(True))
    select(desk, section, settings.DEFAULT_ACTOR)
    fill(desk, desk.opened(RenameOperatorDialog, section.rename.trigger), name="李明")
    assert told
    assert shown(section)[0][0] == "李明（您）"
    assert desk.office.journal.actor == "李明"


def test_a_stale_rename_shows_both_names(desk: SystemDesk, section: OperatorsSection) -> None:
    select(desk, section, settings.DEFAULT_ACTOR)
    dialog = desk.opened(RenameOperatorDialog, section.rename.trigger)
    (row,) = desk.office.operators.rows()
    desk.office.operators.rename(row, "李明")
    fill(desk, dialog, name="李明明")
    (conflict,) = desk.notices.conflicts
    assert [(field.mine, field.theirs) for field in conflict.fields] == [("李明明", "李明")]
    dialog.form.mark_clean()
    dialog.reject()


def test_ones_own_pin_is_set_changed_and_cleared(desk: SystemDesk, section: OperatorsSection) -> None:
    select(desk, section, settings.DEFAULT_ACTOR)
    dialog = desk.opened(PinDialog, section.set_pin.trigger)
    assert not dialog.form.has_field("proof")
    fill(desk, dialog, pin=PIN, again=PIN)
    dialog = desk.opened(PinDialog, section.set_pin.trigger)
    fill(desk, dialog, proof=WRONG, pin=OTHER_PIN, again=OTHER_PIN)
    assert dialog.form.cell("proof").message == "PIN 不对，还可以再试 4 次。"
    fill(desk, dialog, proof=PIN)
    assert not is_open(dialog)
    clear = desk.opened(ClearPinDialog, section.clear_pin.trigger)
    fill(desk, clear, proof=OTHER_PIN)
    assert shown(section)[0][1] == "未设置"
    assert not section.clear_pin.isEnabled()


def test_without_a_pin_of_ones_own_anothers_stays_alone(desk: SystemDesk, section: OperatorsSection) -> None:
    desk.office.operators.add("王芳", PIN)
    select(desk, section, "王芳")
    for action in (section.set_pin, section.clear_pin):
        assert not action.isEnabled()
        assert "您自己还没有 PIN" in action.toolTip()


def test_disabling_asks_and_enabling_does_not(desk: SystemDesk, section: OperatorsSection) -> None:
    desk.office.operators.add("王芳")
    select(desk, section, settings.DEFAULT_ACTOR)
    assert not section.disable.isEnabled()
    assert "不能停用您自己" in section.disable.toolTip()
    select(desk, section, "王芳")
    desk.notices.answer = False
    section.disable.trigger()
    assert "停用“王芳”？" in desk.notices.questions[-1]
    desk.notices.answer = True
    section.disable.trigger()
    desk.settle()
    assert shown(section)[1] == ["王芳", "未设置", "停用"]
    assert "只有一位经办人" in section.said.text()
    section.enable.trigger()
    desk.settle()
    assert shown(section)[1][2] == "在用"


def test_what_another_program_changed_meanwhile_is_not_overwritten(
    desk: SystemDesk, section: OperatorsSection
) -> None:
    operator_id = desk.office.operators.add("王芳")
    select(desk, section, "王芳")
    stale = desk.office.operators.get(operator_id)
    desk.office.operators.rename(stale, "王芳芳")
    section._run(lambda: desk.office.operators.disable(stale), "已停用")
    desk.settle()
    assert "请刷新后再试" in str(desk.notices.errors[-1])


def test_a_lock_is_seen_in_the_list(desk: SystemDesk, section: OperatorsSection) -> None:
    select(desk, section, settings.DEFAULT_ACTOR)
    fill(desk, desk.opened(PinDialog, section.set_pin.trigger), pin=PIN, again=PIN)
    dialog = desk.opened(ClearPinDialog, section.clear_pin.trigger)
    for _ in range(5):
        fill(desk, dialog, proof=WRONG)
    assert "已锁定" in dialog.form.cell("proof").message
    dialog.form.mark_clean()
    dialog.reject()
    desk.settle()
    assert shown(section)[0][2] == "锁定至 09:40"


def test_a_pin_is_typed_and_kept_by_keyboard_alone(desk: SystemDesk, section: OperatorsSection) -> None:
    activate(desk, desk.tab)
    section.table.setFocus()
    QTest.keyClick(section, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    dialog = desk.dialog(NewOperatorDialog)
    activate(desk, dialog)
    for text in ("Amina", PIN, PIN):
        QTest.keyClicks(dialog.focusWidget(), text)
        QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
    QTest.keyClick(dialog, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    desk.settle()
    assert shown(section)[1] == ["Amina", "已设置", "在用"]
    assert desk.office.operators.sign_in(2, PIN).name == "Amina"


def test_the_page_and_its_forms_are_named_and_walked(desk: SystemDesk, section: OperatorsSection) -> None:
    activate(desk, desk.tab)
    section.table.setFocus()
    assert not not_reached(section, walk(desk.tab))
    select(desk, section, settings.DEFAULT_ACTOR)
    fill(desk, desk.opened(PinDialog, section.set_pin.trigger), pin=PIN, again=PIN)
    dialog = desk.opened(PinDialog, section.set_pin.trigger)
    activate(desk, dialog)
    assert not not_reached(dialog, walk(dialog))
    keys = [key for key, _text in access_keys(dialog)]
    assert len(keys) == len(set(keys))
    assert QApplication.focusWidget() is not None
    dialog.reject()
