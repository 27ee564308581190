"""One event filter for the whole program against two silent losses.

The mouse wheel over a field that has no focus would change its value while the user scrolls the form.
Text that an input method is still composing is not in ``QLineEdit.text()`` and would miss a save.
"""

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent
from PySide6.QtWidgets import QAbstractSlider, QAbstractSpinBox, QApplication, QComboBox, QScrollBar, QWidget

from cdo_desktop.ui.common.overriding import override
from cdo_desktop.ui.common.style import provide_glyphs

_NAME = "input_guard"


class InputGuard(QObject):
    """Watches wheel and input method events; `install_input_guard` makes the one instance."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.setObjectName(_NAME)
        self._composer: QObject | None = None
        self._composed = ""

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.Wheel:
            return self._wheel(watched, event)
        if kind == QEvent.Type.InputMethod and isinstance(event, QInputMethodEvent):
            self._composer, self._composed = watched, event.preeditString()
            provide_glyphs(event.commitString())
        elif kind == QEvent.Type.Polish and isinstance(watched, QWidget):
            _take_wheel_focus(watched)
        return False

    def _wheel(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(watched, QWidget) and _holds_value(watched) and not watched.hasFocus():
            event.ignore()  # goes on to the parent, so that the form scrolls
            return True
        return False

    @property
    def composing(self) -> bool:
        """Whether an input method holds text that is not in its field yet."""
        return bool(self._composed) and self._composer is not None and shiboken6.isValid(self._composer)

    def commit(self) -> None:
        """Put what is being composed into its field, by our own hand where the platform does not."""
        QGuiApplication.inputMethod().commit()
        composer, text = self._composer, self._composed
        if not self.composing or composer is None:
            return
        event = QInputMethodEvent()
        event.setCommitString(text)
        QApplication.sendEvent(composer, event)
        QGuiApplication.inputMethod().reset()


def install_input_guard(app: QApplication) -> InputGuard:
    """Install the guard once and return it."""
    guard = app.findChild(InputGuard, _NAME)
    if guard is None:
        guard = InputGuard(app)
        app.installEventFilter(guard)
    return guard


def commit_input_method() -> None:
    """Finish the composition of Chinese text; call this before reading fields, saving, closing, switching."""
    guard = _installed()
    if guard is not None:
        guard.commit()
    else:
        QGuiApplication.inputMethod().commit()


def is_composing() -> bool:
    """Whether Enter now belongs to the input method."""
    guard = _installed()
    return guard is not None and guard.composing


def _installed() -> InputGuard | None:
    app = QApplication.instance()
    return app.findChild(InputGuard, _NAME) if app is not None else None


def _holds_value(widget: QWidget) -> bool:
    if isinstance(widget, QAbstractSlider):
        return not isinstance(widget, QScrollBar)
    return isinstance(widget, QAbstractSpinBox | QComboBox)


def _take_wheel_focus(widget: QWidget) -> None:
    """Keep the wheel from giving the focus, which would make the next tick change the value."""
    if _holds_value(widget) and widget.focusPolicy() == Qt.FocusPolicy.WheelFocus:
        widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
