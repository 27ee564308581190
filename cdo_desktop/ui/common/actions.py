"""One way to make a command, for toolbar, menu and context menu alike."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence, Qt

from cdo_desktop.ui.common.icons import icon as load_icon

_TIP = "cdo_tip"  # dynamic property: the tip without shortcut and without the reason for being disabled


def make_action(
    text: str,
    *,
    parent: QObject,
    triggered: Callable[[], object],
    icon: str = "",
    shortcut: str = "",
    tip: str = "",
) -> QAction:
    """Return a command; ``text`` may hold an access key, ``icon`` is a file name of resources/icons.

    The shortcut holds in the widget that the action is added to and in its children.
    """
    action = QAction(text, parent)
    action.setIconText(plain_text(text))  # on a toolbar the letter of the access key would mean nothing
    if icon:
        action.setIcon(load_icon(icon))
    if shortcut:
        action.setShortcut(QKeySequence(shortcut))
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    action.setProperty(_TIP, tip or plain_text(text))
    _show_tip(action, "")
    action.triggered.connect(lambda _checked=False: triggered())
    return action


def is_command(action: QAction) -> bool:
    """Tell whether an action was made here, and not by Qt for a field of its own."""
    return action.property(_TIP) is not None


def set_title(action: QAction, text: str) -> None:
    """Let a command be called by what it would do now; its tip with it, but on a toolbar it stays short."""
    action.setText(text.replace("&", "＆"))  # a name in it makes no access key
    action.setProperty(_TIP, text)
    _show_tip(action, "")


def set_available(action: QAction, reason: str = "") -> None:
    """Enable the command, or disable it and tell the ``reason`` in its tooltip (例：本月已锁定)."""
    action.setEnabled(not reason)
    _show_tip(action, reason)


def plain_text(text: str) -> str:
    """Return a label without its access key: ``更换(&R)…`` is 更换."""
    without_key = text
    start = text.find("(&")
    if start >= 0 and text[start + 3 : start + 4] == ")":
        without_key = text[:start] + text[start + 4 :]
    return without_key.replace("&", "").rstrip("…")


def _show_tip(action: QAction, reason: str) -> None:
    tip = str(action.property(_TIP))
    keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    shown = f"{tip}（{keys}）" if keys else tip
    action.setToolTip(f"{shown}\n现在不能用：{reason}" if reason else shown)
    action.setStatusTip(reason or tip)
