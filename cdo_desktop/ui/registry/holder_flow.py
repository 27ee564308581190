"""The windows of 任命, 信息更新, 更换 and 离任: opened for a row, and what follows once they have saved.

Dialogs are imported when they are first opened: nobody should wait for them when the program starts.
"""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from cdo_desktop.errors import AppError
from cdo_desktop.rules.vocabulary import FILED_POSTS
from cdo_desktop.services.holder_draft import HolderDraft
from cdo_desktop.services.register import RegisterRow
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.open_dialog import open_dialog
from cdo_desktop.ui.registry.services import RegistryServices


class HolderFlow:
    """Belongs to the register, which ``saved`` tells of a change and ``print_forms`` asks for a form."""

    def __init__(
        self,
        services: RegistryServices,
        ui: UiContext,
        tab: QWidget,
        *,
        saved: Callable[[RegisterRow, str], None],
        print_forms: Callable[[list[int]], None],
    ) -> None:
        self._services = services
        self._ui = ui
        self._tab = tab
        self._saved = saved
        self._print_forms = print_forms

    def appoint(self, row: RegisterRow) -> None:
        """Put somebody into an empty post."""
        from cdo_desktop.ui.registry.holder_dialogs import appoint_dialog

        draft = self._services.holders.empty_draft(row.post_id)
        dialog = appoint_dialog(self._services.holders, draft, row.unit, self._ui, self._tab)
        is_change = dialog.form.has_field("change_reason")  # after a vacancy: due in three working days
        dialog.saved.connect(lambda tenure_id: self._appointed(row, tenure_id, is_change=is_change))
        open_dialog(dialog)

    def update(self, row: RegisterRow, at: str) -> None:
        """Open the holder at the field ``at``."""
        from cdo_desktop.ui.registry.holder_dialogs import UpdateDialog

        holders = self._services.holders
        dialog = UpdateDialog(holders, self._opened(row), row.unit, self._ui, self._tab, at=at)
        dialog.saved.connect(lambda _none: self._holder_saved(row, "已保存", row.tenure_id or 0))
        open_dialog(dialog)

    def replace(self, row: RegisterRow) -> None:
        """Let somebody follow the holder."""
        from cdo_desktop.ui.registry.holder_dialogs import replace_dialog

        dialog = replace_dialog(self._services.holders, self._opened(row), row.unit, self._ui, self._tab)
        dialog.saved.connect(lambda tenure_id: self._replaced(row, tenure_id))
        open_dialog(dialog)

    def leave(self, row: RegisterRow) -> None:
        """Let the holder leave without a successor."""
        from cdo_desktop.ui.registry.holder_dialogs import LeaveDialog

        dialog = LeaveDialog(self._services.holders, self._opened(row), row.unit, self._ui, self._tab)
        dialog.saved.connect(lambda _id: self._left(row))
        open_dialog(dialog)

    def _opened(self, row: RegisterRow) -> HolderDraft:
        return self._services.holders.get(row.tenure_id or 0)

    def _holder_saved(self, row: RegisterRow, what: str, tenure_id: int) -> None:
        """Tell what looks mistyped too, whether or not the filter still shows the row."""
        from cdo_desktop.ui.registry.holder_form import doubts

        self._saved(row, what)
        try:
            saved = self._services.holders.get(tenure_id)
        except AppError as error:
            self._ui.notices.error(error)
            return
        for text in doubts(saved):
            self._ui.notices.warn(f"已保存，但{text}")

    def _appointed(self, row: RegisterRow, tenure_id: int, *, is_change: bool) -> None:
        self._holder_saved(row, "已任命", tenure_id)
        if is_change:
            self._offer_form(row)

    def _replaced(self, row: RegisterRow, tenure_id: int) -> None:
        self._holder_saved(row, "已登记更换", tenure_id)
        self._offer_form(row)

    def _left(self, row: RegisterRow) -> None:
        self._saved(row, "已登记离任")
        self._offer_form(row)

    def _offer_form(self, row: RegisterRow) -> None:
        """After a change the next step is the form (office.md §5, task 3)."""
        if row.post in FILED_POSTS:
            self._print_forms([row.post_id])
