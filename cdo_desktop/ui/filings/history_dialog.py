"""办理记录: what happened to one filing, its papers, calls and files."""

from PySide6.QtWidgets import QWidget

from cdo_desktop.services.filing_history import FilingHistoryService
from cdo_desktop.services.filing_list import FilingRow
from cdo_desktop.services.holders import HistoryRow
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.help import set_topic
from cdo_desktop.ui.common.reading_dialog import ReadingDialog, changes_tree, nothing_label


class FilingHistoryDialog(ReadingDialog):
    """Loads off the GUI thread."""

    def __init__(
        self, service: FilingHistoryService, row: FilingRow, ui: UiContext, parent: QWidget | None = None
    ) -> None:
        number = f" {row.number}" if row.number else ""
        super().__init__(f"办理记录：{row.unit} {row.post} {row.name} {row.kind}{number}", ui, parent)
        set_topic(self, "办理记录")
        ui.tasks.run(
            lambda: service.of_filing(row.filing_id), owner=self, done=self._show, failed=self.failed
        )

    def _show(self, rows: tuple[HistoryRow, ...]) -> None:
        if not rows:
            self.body.addWidget(nothing_label("这份备案是登记时带进来的，还没有办理记录。"))
            return
        tree = changes_tree(rows)
        tree.setAccessibleName("办理记录")
        self.body.addWidget(tree)
        tree.setFocus()
