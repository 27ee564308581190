"""Who works here: asked before the register shows, and again when another operator takes over."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDialog

from cdo_desktop.office import Office
from cdo_desktop.services.sign_in import only_operator
from cdo_desktop.ui.common.actions import make_action
from cdo_desktop.ui.main_window import MainWindow
from cdo_desktop.ui.sign_in_page import SignInPage

if TYPE_CHECKING:
    from collections.abc import Callable

    from cdo_desktop.services.operators import SignedIn

_ALONE = (
    "现在只有一位经办人，也没有设置 PIN，不需要切换。"
    "在“系统 → 经办人”里新增经办人或设置 PIN 以后，就可以切换。"
)
_COMMAND = "switch_operator"


class SigningIn(QObject):
    """Belongs to the page that it makes for one open office, and tells when somebody has come in."""

    done = Signal()

    def __init__(self, office: Office, window: MainWindow, *, is_sample: bool) -> None:
        last = None if is_sample else window.remembered_operator()
        self.page = SignInPage(
            office.choices,
            last,
            lambda operator_id, pin: office.operators.sign_in(operator_id, pin),
            window.tasks,
        )
        super().__init__(self.page)
        self._window = window
        self._is_sample = is_sample
        self.page.signed_in.connect(self._signed_in)

    def _signed_in(self, who: "SignedIn") -> None:
        if not self._is_sample:
            self._window.remember_operator(who.operator_id)
        self.done.emit()
        if who.unrecorded:
            self._window.notices.warn(f"已登录，但没有写进历史记录：{who.unrecorded}")
        elif who.failures:
            self._window.notices.warn(
                f"您上次登录以后，有人用您的姓名输错过 {who.failures} 次 PIN。"
                "如果不是您本人，请在“系统 → 经办人”里修改 PIN。"
            )


def offer_switching(window: MainWindow, triggered: "Callable[[], object]") -> None:
    """Put 切换经办人 into the window's menu, once."""
    if window.findChild(QAction, _COMMAND) is None:
        tip = "退出当前经办人，由另一位经办人登录"
        action = make_action("切换经办人(&W)…", parent=window, triggered=triggered, icon="users", tip=tip)
        action.setObjectName(_COMMAND)
        window.add_command(action)


def may_leave(office: Office, window: MainWindow, *, unsaved_settings: bool) -> bool:
    """Ask for what is open and not saved, and tell why nobody else could take over; True: go on."""
    if only_operator(office.present_choices()) is not None:
        window.notices.info(_ALONE)
        return False
    if window.tasks.titles:
        window.notices.info(f"{'、'.join(window.tasks.titles)}还没有完成，请等它完成以后再切换经办人。")
        return False
    if not _dialogs_are_closed(window):
        return False
    if unsaved_settings:
        question = "“系统 → 设置”里有修改还没有保存。"
        return window.notices.ask(question, "不保存，切换经办人", "回去保存", danger=True)
    return True


def _dialogs_are_closed(window: MainWindow) -> bool:
    """Close every open dialog as its user would: a form with unsaved input asks and may stay."""
    while (dialog := _top_dialog(window)) is not None:
        dialog.reject()
        if dialog.isVisible():
            return False
    return True


def _top_dialog(window: MainWindow) -> QDialog | None:
    """Return a dialog of the window on which no other one stands."""
    dialogs = [dialog for dialog in window.findChildren(QDialog) if dialog.isVisible()]
    return next((dialog for dialog in dialogs if not set(dialog.findChildren(QDialog)) & set(dialogs)), None)
