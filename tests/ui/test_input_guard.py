"""The wheel changes nothing that is not focused, and composed text is not lost."""

import pytest
import shiboken6
from PySide6.QtCore import QDate, QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QInputMethodEvent, QKeySequence, QShortcut, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDateEdit,
    QDoubleSpinBox,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QSlider,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from cdo_desktop.ui.common import shortcuts
from cdo_desktop.ui.common.input_guard import commit_input_method, install_input_guard, is_composing


@pytest.fixture(autouse=True)
def guard(qapp: QApplication) -> None:
    install_input_guard(qapp)


def turn_wheel(widget: QWidget) -> None:
    """Turn the wheel one tick down over a widget, as the system tells it: to the window."""
    window = widget.window().windowHandle()
    edge = QPoint(widget.width() - 8, widget.height() // 2)  # not over the line edit inside a spin box,
    middle = widget.mapTo(widget.window(), edge)  # for Qt hands on only the ticks of a real wheel
    event = QWheelEvent(
        QPointF(middle),
        QPointF(widget.window().mapToGlobal(middle)),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(window, event)


class _X11Line(QLineEdit):
    """Claims neither key for its text: on X11 Ctrl+Y is none that Qt knows."""

    def event(self, event: QEvent) -> bool:
        return event.type() != QEvent.Type.ShortcutOverride and super().event(event)


class _X11Text(QPlainTextEdit):
    """The same in several lines."""

    def event(self, event: QEvent) -> bool:
        return event.type() != QEvent.Type.ShortcutOverride and super().event(event)


@pytest.mark.parametrize("key", [shortcuts.REDO, shortcuts.REDO_TOO])
@pytest.mark.parametrize("kind", [_X11Line, _X11Text])
def test_both_keys_redo_text_and_not_what_the_window_has_for_them(
    kind: type[_X11Line] | type[_X11Text], key: str, qtbot: QtBot
) -> None:
    window = QWidget()
    field = kind(window)
    layout = QVBoxLayout(window)
    layout.addWidget(field)
    taken: list[str] = []
    QShortcut(QKeySequence(key), window).activated.connect(lambda: taken.append(key))
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    field.setFocus()
    QTest.keyClicks(field, "abc")
    field.undo()
    QTest.keySequence(field, QKeySequence(key))
    assert (field.text() if isinstance(field, _X11Line) else field.toPlainText()) == "abc"
    assert taken == []
    field.setReadOnly(True)
    QTest.keySequence(field, QKeySequence(key))
    assert taken == [key]


def combo() -> QComboBox:
    box = QComboBox()
    box.addItems(["甲", "乙", "丙"])
    return box


def editable_combo() -> QComboBox:
    box = combo()
    box.setEditable(True)
    return box


def spin_box() -> QSpinBox:
    box = QSpinBox()
    box.setValue(80)
    return box


def decimal_box() -> QDoubleSpinBox:
    box = QDoubleSpinBox()
    box.setValue(80)
    return box


def date_edit() -> QDateEdit:
    return QDateEdit(QDate(2026, 5, 15))


def slider() -> QSlider:
    made = QSlider(Qt.Orientation.Horizontal)
    made.setValue(50)
    return made


def value_of(widget: QWidget) -> object:
    if isinstance(widget, QComboBox):
        return widget.currentIndex()
    if isinstance(widget, QDateEdit):
        return widget.date()
    assert isinstance(widget, QSpinBox | QDoubleSpinBox | QSlider)
    return widget.value()


class ScrolledForm(QScrollArea):
    """A form that is higher than its window."""

    def __init__(self, field: QWidget) -> None:
        super().__init__()
        page = QWidget()
        layout = QVBoxLayout(page)
        self.other = QLineEdit()
        layout.addWidget(self.other)
        layout.addWidget(field)
        layout.addSpacing(2000)
        self.setWidget(page)
        self.resize(400, 300)


MAKERS = [spin_box, decimal_box, date_edit, slider, combo, editable_combo]


def show_active(qtbot: QtBot, widget: QWidget) -> None:
    qtbot.addWidget(widget)
    widget.show()
    widget.activateWindow()
    qtbot.waitUntil(widget.isActiveWindow)


@pytest.mark.parametrize("make", MAKERS)
def test_wheel_scrolls_the_form_and_leaves_an_unfocused_field_alone(qtbot: QtBot, make: type) -> None:
    field = make()
    form = ScrolledForm(field)
    show_active(qtbot, form)
    form.other.setFocus()
    before = value_of(field)
    turn_wheel(field)
    assert value_of(field) == before
    assert not field.hasFocus()
    assert form.verticalScrollBar().value() > 0


@pytest.mark.parametrize("make", MAKERS)
def test_wheel_still_works_in_the_focused_field(qtbot: QtBot, make: type) -> None:
    field = make()
    form = ScrolledForm(field)
    show_active(qtbot, form)
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    before = value_of(field)
    turn_wheel(field)
    assert value_of(field) != before
    assert form.verticalScrollBar().value() == 0


def test_wheel_over_anything_else_scrolls(qtbot: QtBot) -> None:
    form = ScrolledForm(spin_box())
    show_active(qtbot, form)
    turn_wheel(form.verticalScrollBar())
    assert form.verticalScrollBar().value() > 0


def test_windows_opened_later_are_guarded_too(qtbot: QtBot) -> None:
    first, second = spin_box(), spin_box()
    for field in (first, second):
        form = ScrolledForm(field)
        show_active(qtbot, form)
        form.other.setFocus()
        turn_wheel(field)
        assert field.value() == 80


def test_guard_is_installed_once(qapp: QApplication) -> None:
    assert install_input_guard(qapp) is install_input_guard(qapp)


@pytest.mark.parametrize("kind", [QLineEdit, QPlainTextEdit])
def test_composed_text_is_committed(qtbot: QtBot, kind: type) -> None:
    edit = kind()
    show_active(qtbot, edit)
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
    show_active(qtbot, edit)
    QApplication.sendEvent(edit, QInputMethodEvent("zhang", []))
    done = QInputMethodEvent()
    done.setCommitString("张")
    QApplication.sendEvent(edit, done)
    commit_input_method()
    assert edit.text() == "张"


def test_editable_choice_keeps_its_composed_text(qtbot: QtBot) -> None:
    box = editable_combo()
    box.setEditText("")
    show_active(qtbot, box)
    box.setFocus()
    QApplication.sendEvent(QApplication.focusObject(), QInputMethodEvent("丁", []))
    commit_input_method()
    assert box.currentText() == "丁"


def test_field_that_is_gone_does_not_matter(qtbot: QtBot) -> None:
    window = QWidget()
    edit = QLineEdit(window)
    show_active(qtbot, window)
    edit.setFocus()
    QApplication.sendEvent(edit, QInputMethodEvent("zhang", []))
    assert is_composing()
    edit.deleteLater()
    qtbot.waitUntil(lambda: not shiboken6.isValid(edit))
    commit_input_method()
    assert not is_composing()
