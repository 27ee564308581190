"""归入扫描件: how they came, and afterwards what became of every page."""

from collections.abc import Sequence

from PySide6.QtWidgets import QTreeWidgetItem, QWidget

from cdo_desktop.rules.vocabulary import PaperForm, PaperWay
from cdo_desktop.services.filing_receipts import check_receipt
from cdo_desktop.services.scan_intake import ScanFate, ScanLine
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.form_dialog import FormDialog
from cdo_desktop.ui.common.help import set_topic
from cdo_desktop.ui.common.icons import icon
from cdo_desktop.ui.common.reading_dialog import ReadingDialog, nothing_label, record_tree
from cdo_desktop.ui.common.tones import Tone
from cdo_desktop.ui.filings.receipt_fields import RECEIPT_FIELDS, receipt_from

TOPIC = "扫描件"
_MARKS = {
    ScanFate.FILED: ("circle-check", Tone.SUCCESS),
    ScanFate.KNOWN: ("check", Tone.MUTED),
    ScanFate.WAITING: ("clock", Tone.WARNING),
    ScanFate.REFUSED: ("alert-circle", Tone.DANGER),
}


class IntakeDialog(FormDialog):
    """Asks once for all files; its result is the checked `ReceiptDraft`."""

    def __init__(self, count: int, ui: UiContext, parent: QWidget) -> None:
        super().__init__(
            f"归入扫描件：{count} 个文件",
            ui,
            lambda values: check_receipt(receipt_from(values), ui.today()),
            save_label="归入",
            parent=parent,
        )
        set_topic(self, TOPIC)
        self.form.add(*RECEIPT_FIELDS)
        self.form.set_values({"form": PaperForm.SCAN, "received_on": ui.today(), "way": PaperWay.OA})
        self.fit()


class IntakeResult(ReadingDialog):
    """Lists what was done, what needs a look first."""

    def __init__(self, lines: Sequence[ScanLine], ui: UiContext, parent: QWidget) -> None:
        super().__init__(f"归入扫描件：{summary(lines)}", ui, parent)
        set_topic(self, TOPIC)
        if not lines:
            self.body.addWidget(nothing_label("没有可以归入的页。"))
            return
        self.tree = record_tree(("结果", "文件", "页", "备案", "内容", "说明"), 5)
        self.tree.setAccessibleName("归入的结果")
        order = (ScanFate.REFUSED, ScanFate.WAITING, ScanFate.FILED, ScanFate.KNOWN)
        for line in sorted(lines, key=lambda line: order.index(line.fate)):
            texts = [str(line.fate), line.file, line.page_words, line.title, line.shows, line.said]
            item = QTreeWidgetItem(texts)
            item.setIcon(0, icon(*_MARKS[line.fate]))
            item.setToolTip(5, line.said)
            item.setToolTip(1, line.file)
            self.tree.addTopLevelItem(item)
        self.body.addWidget(self.tree)
        self.tree.setFocus()


def summary(lines: Sequence[ScanLine]) -> str:
    """Say how many papers went where."""
    counts = {fate: sum(line.fate is fate for line in lines) for fate in ScanFate}
    return "，".join(f"{fate} {count} 份" for fate, count in counts.items() if count) or "没有内容"
