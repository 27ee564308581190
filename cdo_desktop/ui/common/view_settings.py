"""How the program looks to one person: light or dark, and how large; kept, and changed while it runs."""

from enum import StrEnum
from functools import partial

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeySequence, Qt, QWindow
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QWidget

from cdo_desktop.ui.common import shortcuts
from cdo_desktop.ui.common.actions import make_action, set_available
from cdo_desktop.ui.common.style import ZOOM_RANGE, apply_style

ZOOM_STEP = 10
USUAL_ZOOM = 100
_SMALLEST, _LARGEST = ZOOM_RANGE[0], ZOOM_RANGE[-1]
_ZOOM, _SCHEME = "view/zoom", "view/scheme"


class Scheme(StrEnum):
    """Light or dark; the value is what is kept."""

    LIGHT = "light"
    DARK = "dark"
    SYSTEM = "system"


_TEXTS = {Scheme.LIGHT: "浅色(&L)", Scheme.DARK: "深色(&D)", Scheme.SYSTEM: "跟随系统(&S)"}
_QT_SCHEMES = {Scheme.LIGHT: Qt.ColorScheme.Light, Scheme.DARK: Qt.ColorScheme.Dark}


class ViewSettings(QObject):
    """Zoom and colours of all windows, with their commands; nothing is drawn before the first `apply`.

    ``memory`` is where the window keeps its own things. Dialogs get the zoom keys when they become active,
    save those that have a zoom of their own; a preview inside the main window must use other keys for it.
    """

    zoomed = Signal(int)
    """The new size of everything, in percent."""

    def __init__(self, app: QApplication, memory: QSettings, parent: QObject | None = None) -> None:
        super().__init__(parent or app)
        self._app = app
        self._memory = memory
        self._zoom = _understood_zoom(memory.value(_ZOOM))
        self._scheme = _understood_scheme(memory.value(_SCHEME))
        self._make_actions()
        self._show_state()
        app.styleHints().colorSchemeChanged.connect(self._system_changed)
        app.focusWindowChanged.connect(self._equip)

    def _make_actions(self) -> None:
        self.larger = make_action("放大(&I)", parent=self, triggered=self.zoom_in, icon="zoom-in")
        self.smaller = make_action("缩小(&O)", parent=self, triggered=self.zoom_out, icon="zoom-out")
        self.usual = make_action("恢复 100 %(&R)", parent=self, triggered=self.zoom_reset)
        for action, keys in (
            # Ctrl+= is what most keyboards give for Ctrl and the + key without Shift.
            (self.larger, (shortcuts.ZOOM_IN, "Ctrl+=")),
            (self.smaller, (shortcuts.ZOOM_OUT,)),
            (self.usual, (shortcuts.ZOOM_RESET,)),
        ):
            action.setShortcuts([QKeySequence(key) for key in keys])
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.zoom_actions = (self.larger, self.smaller, self.usual)
        self.scheme_actions: dict[Scheme, QAction] = {}
        group = QActionGroup(self)
        for scheme, text in _TEXTS.items():
            choice = make_action(text, parent=self, triggered=partial(self.set_scheme, scheme))
            choice.setCheckable(True)
            group.addAction(choice)
            self.scheme_actions[scheme] = choice

    @property
    def zoom(self) -> int:
        """The size of everything, in percent."""
        return self._zoom

    @property
    def scheme(self) -> Scheme:
        """Light, dark, or whatever the system shows."""
        return self._scheme

    def add_to(self, window: QWidget) -> None:
        """Let a window have the keys for zoom."""
        window.addActions(self.zoom_actions)

    def menu(self, parent: QWidget) -> QMenu:
        """Return a menu with all commands."""
        menu = QMenu("显示", parent)
        menu.addActions(self.zoom_actions)
        menu.addSeparator()
        menu.addActions(list(self.scheme_actions.values()))
        return menu

    def zoom_in(self) -> None:
        """One step larger, up to 150 %."""
        self.set_zoom(self._zoom + ZOOM_STEP)

    def zoom_out(self) -> None:
        """One step smaller, down to 80 %."""
        self.set_zoom(self._zoom - ZOOM_STEP)

    def zoom_reset(self) -> None:
        """Back to 100 %."""
        self.set_zoom(USUAL_ZOOM)

    def set_zoom(self, percent: int) -> None:
        """Show everything in this size, as near as the limits allow, and keep it."""
        percent = max(_SMALLEST, min(_LARGEST, percent))
        if percent == self._zoom:
            return
        self._zoom = percent
        self._memory.setValue(_ZOOM, percent)
        self._show_state()
        self.apply()
        self.zoomed.emit(percent)

    def set_scheme(self, scheme: Scheme) -> None:
        """Show everything light, dark or as the system does, and keep it."""
        if scheme is self._scheme:
            return
        self._scheme = scheme
        self._memory.setValue(_SCHEME, scheme.value)
        self._show_state()
        self.apply()

    def apply(self) -> None:
        """Draw the program as set; title bars and the system's own dialogs follow where the system can."""
        hints = self._app.styleHints()
        wanted = _QT_SCHEMES.get(self._scheme)
        if wanted is None:
            hints.unsetColorScheme()
            self._draw(hints.colorScheme())
        else:
            hints.setColorScheme(wanted)
            self._draw(wanted)

    def _draw(self, scheme: Qt.ColorScheme) -> None:
        apply_style(self._app, dark=scheme == Qt.ColorScheme.Dark, zoom_percent=self._zoom)

    def _system_changed(self, scheme: Qt.ColorScheme) -> None:
        if self._scheme is Scheme.SYSTEM:
            self._draw(scheme)

    def _show_state(self) -> None:
        self.scheme_actions[self._scheme].setChecked(True)
        set_available(self.larger, "" if self._zoom < _LARGEST else f"已经最大（{_LARGEST} %）")
        set_available(self.smaller, "" if self._zoom > _SMALLEST else f"已经最小（{_SMALLEST} %）")
        set_available(self.usual, "" if self._zoom != USUAL_ZOOM else f"现在就是 {USUAL_ZOOM} %")

    def _equip(self, window: QWindow | None) -> None:
        """Give a dialog the zoom keys, which a modal one would keep from the main window."""
        dialog = QWidget.find(window.winId()) if window is not None else None
        if isinstance(dialog, QDialog) and self.larger not in dialog.actions():
            taken = {key for action in dialog.findChildren(QAction) for key in action.shortcuts()}
            if taken.isdisjoint(self.larger.shortcuts()):
                self.add_to(dialog)


def _understood_zoom(kept: object) -> int:
    """Return a kept zoom as a whole step within the limits; what is none is 100."""
    text = str(kept)
    if not text.isascii() or not text.isdigit():
        return USUAL_ZOOM
    steps = round(int(text[:4]) / ZOOM_STEP) * ZOOM_STEP
    return max(_SMALLEST, min(_LARGEST, steps))


def _understood_scheme(kept: object) -> Scheme:
    return next((scheme for scheme in Scheme if scheme.value == kept), Scheme.SYSTEM)
