"""The wheel changes nothing that is not focused, and composed text is not lost."""

import pytest
import shiboken6
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QInputMethodEvent, QWheelEvent
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDateEdit,
    QDoubleSpinBox,
    QLineEdit,
    QPlainTextEdit,
    QScrollBar,
    QSlider,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from cdo_desktop.ui.common.input_guard import commit_input_method, install_input_guard, is_composing


@pytest.fixture(autouse=True)
def guard(qapp: QApplication) -> None:
    install_input_guard(qapp)


def turn_wheel(widget: QWidget) -> bool:
    """Turn the wheel one tick down and return whether the widget took it."""
    middle = QPointF(widget.rect().center())
    event = QWheelEvent(
        middle,
        widget.mapToGlobal(middle),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)
    return event.isAccepted()


def combo() -> QComboBox:
    box = QComboBox()
    box.addItems(["甲", "乙", "丙"])
    return box


def editable_combo() -> QComboBox:
    box = combo()
    box.setEditable(True)
    return box


def value_of(widget: QWidget) -> object:
    if isinstance(widget, QComboBox):
        return widget.currentIndex()
    if isinstance(widget, QDateEdit):
        return widget.date()
    assert isinstance(widget, QSpinBox | QDoubleSpinBox | QSlider)
    return widget.value()


MAKERS = [QSpinBox, QDoubleSpinBox, QDateEdit, QSlider, combo, editable_combo]


@pytest.mark.parametrize("make", MAKERS)
def test_wheel_leaves_an_unfocused_field_alone_and_lets_the_form_scroll(qtbot: QtBot, make: type) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    layout = QVBoxLayout(page)
    other, field = QLineEdit(), make()
    layout.addWidget(other)
    layout.addWidget(field)
    page.show()
    other.setFocus()
    before = value_of(field)
    taken = turn_wheel(field)
    assert value_of(field) == before
    assert not taken  # Qt hands the tick of a real wheel on to the parent
    assert field.focusPolicy() != Qt.FocusPolicy.WheelFocus


def test_wheel_still_works_in_the_focused_field(qtbot: QtBot) -> None:
    box = QSpinBox()
    qtbot.addWidget(box)
    box.setValue(50)
    box.show()
    box.activateWindow()
    box.setFocus()
    qtbot.waitUntil(box.hasFocus)
    assert turn_wheel(box)
    assert box.value() == 49


def test_scroll_bar_is_turned_without_focus(qtbot: QtBot) -> None:
    bar = QScrollBar()
    qtbot.addWidget(bar)
    bar.setRange(0, 1000)
    bar.show()
    turn_wheel(bar)
    assert bar.value() > 0


def test_guard_is_installed_once(qapp: QApplication) -> None:
    assert install_input_guard(qapp) is install_input_guard(qapp)


@pytest.mark.parametrize("kind", [QLineEdit, QPlainTextEdit])
def test_composed_text_is_committed(qtbot: QtBot, kind: type) -> None:
    edit = kind()
    qtbot.addWidget(edit)
    edit.show()
    edit.setFocus()

    def text() -> str:
        return edit.text() if isinstance(edit, QLineEdit) else str(edit.toPlainText())

    QApplication.sendEvent(edit, QInputMethodEvent("张三", []))
    assert text() == ""  # this is why a save during composition would lose it
    assert is_composing()
    commit_input_method()
    assert text() == "张三"
    assert not is_composing()
    commit_input_method()
    assert text() == "张三"


def test_text_that_the_input_method_committed_is_not_doubled(qtbot: QtBot) -> None:
    edit = QLineEdit()
    qtbot.addWidget(edit)
    QApplication.sendEvent(edit, QInputMethodEvent("zhang", []))
    done = QInputMethodEvent()
    done.setCommitString("张")
    QApplication.sendEvent(edit, done)
    commit_input_method()
    assert edit.text() == "张"


def test_field_that_is_gone_does_not_matter(qtbot: QtBot) -> None:
    edit = QLineEdit()
    QApplication.sendEvent(edit, QInputMethodEvent("zhang", []))
    edit.deleteLater()
    qtbot.waitUntil(lambda: not shiboken6.isValid(edit))
    commit_input_method()
    assert not is_composing()
