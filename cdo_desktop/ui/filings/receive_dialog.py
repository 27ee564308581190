"""收件: what came of one filing with its scan, or one paper of each of several."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from cdo_desktop.errors import InvalidFormError
from cdo_desktop.rules.vocabulary import FilingState, PaperForm, PaperWay
from cdo_desktop.services.attachments import read_source
from cdo_desktop.services.filing_receipts import LONGEST_NOTE, LONGEST_NUMBER
from cdo_desktop.services.filings import FilingService, StepPlan
from cdo_desktop.ui.common import shortcuts
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.fields import Field, FieldKind
from cdo_desktop.ui.common.help import set_topic
from cdo_desktop.ui.common.overriding import override
from cdo_desktop.ui.filings.receipt_fields import RECEIPT_FIELDS, receipt_from
from cdo_desktop.ui.filings.scan_pick import ScanPick, one_file
from cdo_desktop.ui.filings.step_dialog import Replan, StepDialog, Values

_COPIES = Field("copies", "份数", FieldKind.NUMBER, required=True, unit="份", access_key="N")
_ENTRY_NO = Field(
    "entry_no", "收文号", max_length=LONGEST_NUMBER, placeholder="不填则按年编流水号", access_key="E"
)
_NOTE = Field("note", "备注", max_length=LONGEST_NOTE, access_key="R")
_MANY_NUMBERS = "每份各编一个流水号；来文自己的收文号，一份一份收件时填"


class ReceiveDialog(StepDialog):
    """A single filing may have a 收文号 and a scan: chosen, dropped anywhere in the window, or pasted."""

    def __init__(
        self, service: FilingService, plan: StepPlan, replan: Replan, ui: UiContext, parent: QWidget
    ) -> None:
        self._service = service
        self.scan = ScanPick(ui)
        super().__init__(plan, self._receive, replan, ui, day_key="received_on", parent=parent)
        set_topic(self, "收件")
        self._is_single = len(plan.lines) == 1
        self.form.add(*RECEIPT_FIELDS, _COPIES, *((_ENTRY_NO,) if self._is_single else ()), _NOTE)
        self.form.set_values(
            {"form": _likely_form(plan), "received_on": plan.day, "way": PaperWay.OA, "copies": "1"}
        )
        self.setAcceptDrops(self._is_single)
        self.scan.setVisible(self._is_single)
        self.below.insertWidget(0, self.scan)
        self.remark.setText("" if self._is_single else _MANY_NUMBERS)
        if self._is_single:
            QShortcut(QKeySequence(shortcuts.PASTE), self).activated.connect(self._paste)
        self.fit()

    def _receive(self, plan: StepPlan, values: Values) -> StepPlan:
        draft = replace(
            receipt_from(values),
            copies=_count(str(values["copies"])),
            entry_no=str(values.get("entry_no", "")),
            note=str(values["note"]),
        )
        return self._service.receive(plan, draft, _read(self.scan.path))

    def _paste(self) -> None:
        path = one_file(QGuiApplication.clipboard().mimeData())
        if path is not None:
            self.scan.set_path(path)

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if one_file(event.mimeData()) is not None:
            event.acceptProposedAction()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        path = one_file(event.mimeData())
        if path is not None:
            event.acceptProposedAction()
            self.scan.set_path(path)


def _read(path: Path | None) -> list[tuple[str, bytes]]:
    return [(path.name, read_source(path, path.name))] if path is not None else []


def _count(text: str) -> int:
    if not text.isdecimal():
        raise InvalidFormError({"copies": "份数要写整数，例如 1。"})
    return int(text)


def _likely_form(plan: StepPlan) -> PaperForm:
    """Return what comes next: after the scan of each of them the original."""
    has_scan = (FilingState.SCANNED, FilingState.FILED, FilingState.STORED)
    return PaperForm.ORIGINAL if all(line.state in has_scan for line in plan.lines) else PaperForm.SCAN
