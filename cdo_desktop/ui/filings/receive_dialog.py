"""收件: what came of one filing with its scan, or one paper of each of several."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from cdo_desktop.errors import InvalidFormError, UnreadableFileError
from cdo_desktop.rules.filing import FINAL_STATES
from cdo_desktop.rules.vocabulary import FilingState, PaperForm, PaperShows, PaperWay
from cdo_desktop.services.attachments import read_source
from cdo_desktop.services.filing_plans import StepPlan
from cdo_desktop.services.filing_receipts import LONGEST_NOTE, LONGEST_NUMBER
from cdo_desktop.services.filings import FilingService
from cdo_desktop.services.scan_check import ScanCheck
from cdo_desktop.ui.common import shortcuts
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.drops import accept_copy
from cdo_desktop.ui.common.fields import Field, FieldKind
from cdo_desktop.ui.common.help import set_topic
from cdo_desktop.ui.common.notice_bar import NoticeKind
from cdo_desktop.ui.common.overriding import override
from cdo_desktop.ui.filings.receipt_fields import RECEIPT_FIELDS, receipt_from
from cdo_desktop.ui.filings.scan_pick import ScanPick, one_file
from cdo_desktop.ui.filings.step_dialog import Replan, StepDialog, Values, is_final

if TYPE_CHECKING:
    from cdo_desktop.services.scan_intake import ScanIntake

_COPIES = Field("copies", "份数", FieldKind.NUMBER, required=True, unit="份", access_key="N")
_ENTRY_NO = Field(
    "entry_no", "收文号", max_length=LONGEST_NUMBER, placeholder="不填则按年编流水号", access_key="E"
)
_NOTE = Field("note", "备注", max_length=LONGEST_NOTE, access_key="R")
_FINAL = "已备案的补登原件不能撤销"
_MANY_NUMBERS = "每份各编一个流水号；来文自己的收文号，一份一份收件时填"


class ReceiveDialog(StepDialog):
    """A single filing may have a 收文号 and a scan: chosen, dropped anywhere in the window, or pasted.

    What is on the scan is compared with the filing before; what does not belong to it is asked about once.
    """

    def __init__(
        self,
        service: FilingService,
        scans: "Callable[[], ScanIntake]",
        plan: StepPlan,
        replan: Replan,
        ui: UiContext,
        parent: QWidget,
    ) -> None:
        self._service = service
        filing_id = plan.lines[0].filing_id
        self.scan = ScanPick(lambda path: scans().checks.of_file(path, filing_id), ui)
        self._save_after_check = False
        self._accepted: ScanCheck | None = None
        self._is_single = len(plan.lines) == 1
        super().__init__(plan, self._receive, replan, ui, day_key="received_on", parent=parent)
        set_topic(self, "收件")
        self.scan.changed.connect(self._scan_changed)
        self.scan.checked.connect(self._scan_checked)
        self.form.add(*RECEIPT_FIELDS, _COPIES, *((_ENTRY_NO,) if self._is_single else ()), _NOTE)
        self.form.set_values(
            {"form": _likely_form(plan), "received_on": plan.day, "way": PaperWay.OA, "copies": "1"}
        )
        self.setAcceptDrops(self._is_single)
        self.scan.setVisible(self._is_single)
        self.below.insertWidget(0, self.scan)
        if self._is_single:
            QShortcut(QKeySequence(shortcuts.PASTE), self).activated.connect(self._paste)
        self.fit()

    @override
    def _show_plan(self) -> None:
        super()._show_plan()
        final = ""
        if is_final(self.plan):
            together = any(line.state not in FINAL_STATES for line in self.plan.ready)
            final = f"{_FINAL}，一起收件的也不能" if together else _FINAL
        lines = (final, "" if self._is_single else _MANY_NUMBERS)
        self.remark.setText("\n".join(line for line in lines if line))

    @override
    def save(self) -> None:
        """Book it in once it is known what is on the scan; what does not belong here is asked about."""
        found = self.scan.found
        if self.scan.reading:
            self._save_after_check = True
        elif found is None or found is self._accepted or self.form.check() or self._is_wanted(found):
            super().save()

    @override
    def _drop_waiting_save(self) -> None:
        super()._drop_waiting_save()
        self._save_after_check = False

    def _is_wanted(self, found: ScanCheck) -> bool:
        doubts = "；\n".join(found.doubts)
        if doubts and not self._ui.notices.ask(
            f"{doubts}。\n仍要把这个扫描件收进“{self.plan.lines[0].title}”吗？",
            "仍要收件",
            "返回",
            danger=True,
        ):
            return False
        self._accepted = found
        return True

    def _scan_changed(self) -> None:
        """What was pressed for the file before, and said of it, is not about this one."""
        self._drop_waiting_save()
        self._take_back()

    def _scan_checked(self) -> None:
        wanted, self._save_after_check = self._save_after_check, False
        found = self.scan.found
        if wanted and found is not None and found.shows is PaperShows.OLDER and not found.doubts:
            self._tell_for_now(NoticeKind.WARNING, f"{found.said}；没有问题就再按一次“收件”。")
        elif wanted:
            self.save()

    def _receive(self, plan: StepPlan, values: Values) -> StepPlan:
        found = self.scan.found or ScanCheck()
        draft = replace(
            receipt_from(values),
            copies=_count(str(values["copies"])),
            entry_no=str(values.get("entry_no", "")),
            note=str(values["note"]),
            digest=found.digest,
        )
        return self._service.receive(plan, draft, _read(self.scan.path, found.sha256))

    def _paste(self) -> None:
        path = one_file(QGuiApplication.clipboard().mimeData())
        if path is not None:
            self.scan.set_path(path)

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if one_file(event.mimeData()) is not None:
            accept_copy(event)

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        path = one_file(event.mimeData())
        if path is not None:
            accept_copy(event)
            self.scan.set_path(path)


def _read(path: Path | None, sha256: str) -> list[tuple[str, bytes]]:
    """Return the file, which is still the one whose codes were read."""
    if path is None:
        return []
    content = read_source(path, path.name)
    if sha256 and hashlib.sha256(content).hexdigest() != sha256:
        raise UnreadableFileError(
            f"“{path.name}”刚才被改动过，与核对的内容不同，没有收件。请重新附一次这个文件。"
        )
    return [(path.name, content)]


def _count(text: str) -> int:
    if not text.isdecimal():
        raise InvalidFormError({"copies": "份数要写整数，例如 1。"})
    return int(text)


def _likely_form(plan: StepPlan) -> PaperForm:
    """Return what comes next: after the scan of each of them the original."""
    has_scan = (FilingState.SCANNED, FilingState.FILED, FilingState.STORED)
    return PaperForm.ORIGINAL if all(line.state in has_scan for line in plan.lines) else PaperForm.SCAN
