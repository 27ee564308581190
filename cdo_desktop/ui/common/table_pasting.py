"""Ctrl+V in a table: reads the clipboard, compares with what is stored, and opens the preview."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QMimeData, QObject, Signal
from PySide6.QtGui import QGuiApplication

from cdo_desktop.errors import AppError
from cdo_desktop.ui.common import shortcuts
from cdo_desktop.ui.common.actions import make_action, set_available
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.open_dialog import open_dialog
from cdo_desktop.ui.common.table_view import DataTable

if TYPE_CHECKING:
    from cdo_desktop.ui.common.paste_plan import PasteInto, PastePlan, PasteStart


class TablePasting(QObject):
    """Gives a table the command 粘贴, for the columns that have a `PasteRule`.

    The block goes in from the current cell on, one row after the other; if its first row holds heads they
    tell the columns, and if it names its rows (``Column.names``) those names tell the rows.
    """

    pasted = Signal(str)
    """Written: what the service said of it."""

    def __init__(self, table: DataTable[Any, Any], into: Callable[[], "PasteInto"], ui: UiContext) -> None:
        """``into`` is asked for when something is pasted."""
        super().__init__(table)
        self._table = table
        self._into = into
        self._ui = ui
        self._busy = False
        self.action = make_action(
            "粘贴(&V)…",
            parent=self,
            triggered=self.paste,
            icon="clipboard",
            shortcut=shortcuts.PASTE,
            tip="粘贴从 Excel 或 WPS 复制的一块，先预览",
        )
        table.add_command(self.action)
        table.grid.mark_current_cell()

    def set_available(self, reason: str = "") -> None:
        """Offer the command, or say why not."""
        set_available(self.action, reason)

    def paste(self) -> None:
        """Compare what is on the clipboard with what is stored, and show it."""
        if self._busy:
            return
        from cdo_desktop.ui.common.paste_plan import make_plan
        from cdo_desktop.ui.common.pasted_block import MOST_ROWS, read_block

        data: QMimeData | None = QGuiApplication.clipboard().mimeData()  # type stubs forget an empty one
        html, text = (data.html(), data.text()) if data is not None else ("", "")
        columns, start, into = self._table.columns, self.start(MOST_ROWS), self._into()

        def plan() -> "PastePlan":
            return make_plan(columns, read_block(html, text), start, into)

        self._busy = True
        self._ui.tasks.run(
            plan,
            owner=self._table,
            done=lambda made: self._show(made, plan, into),
            failed=self._failed,
            title="核对要粘贴的内容",
            cancellable=True,
        )

    def start(self, most: int) -> "PasteStart":
        """Return where a block goes: from the current cell on, ``most`` rows at most."""
        from cdo_desktop.ui.common.paste_plan import PasteStart

        table, grid = self._table, self._table.grid
        keys, selected = table.model.keys, table.selected_keys()
        first = table.model.index_of(selected[0]) if len(selected) > 1 else grid.currentIndex().row()
        return PasteStart(
            columns=table.shown_columns(),
            column=table.columns[grid.usual_column()].key,
            keys=tuple(keys[max(first, 0) : max(first, 0) + most]),
            selected=tuple(selected[:most]),
            shown=keys,
        )

    def _show(self, plan: "PastePlan", again: Callable[[], "PastePlan"], into: "PasteInto") -> None:
        from cdo_desktop.ui.common.paste_dialog import PasteDialog

        self._busy = False
        dialog = PasteDialog(self._table.columns, plan, again, into, self._ui, self._table)
        dialog.pasted.connect(self.pasted)
        open_dialog(dialog)

    def _failed(self, error: AppError) -> None:
        self._busy = False
        self._ui.notices.error(error)
