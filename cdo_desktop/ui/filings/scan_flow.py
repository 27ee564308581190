"""Taking in scans, chosen or dropped: the question how they came, the work, and what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, Signal
from PySide6.QtWidgets import QWidget

from cdo_desktop.errors import AppError, CancelledError
from cdo_desktop.rules.attachments import SCAN_SUFFIXES
from cdo_desktop.services.filing_receipts import ReceiptDraft
from cdo_desktop.services.scan_intake import ScanFate, ScanLine
from cdo_desktop.ui.common.actions import make_action
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.open_dialog import open_dialog
from cdo_desktop.ui.common.progress import Progress
from cdo_desktop.ui.filings.services import FilingsServices

_PATTERN = f"扫描件 ({' '.join(f'*.{suffix}' for suffix in SCAN_SUFFIXES)})"

_NO_SCAN = "不是扫描的 PDF 或图片（jpg、png、tif、bmp），没有读取"


class ScanFlow(QObject):
    """Belongs to the tab, whose pages are read anew afterwards."""

    taken_in = Signal()

    def __init__(self, services: FilingsServices, ui: UiContext, tab: QWidget) -> None:
        super().__init__(tab)
        self._services = services
        self._ui = ui
        self._tab = tab
        self._is_open = False
        self.action = make_action(
            "归入扫描件(&G)…",
            parent=tab,
            triggered=self.choose,
            icon="scan",
            tip="选择扫描的 PDF 或图片，按二维码归到各份备案；也可以拖进来",
        )

    def choose(self) -> None:
        """Ask for the files."""
        self.take(self._ui.files.open_files(self._tab, "选择扫描件", _PATTERN))

    def take(self, files: Sequence[Path], others: Sequence[str] = ()) -> None:
        """Ask how these files came, and take them in; ``others`` came with them and are told of."""
        if files and not self._is_open:
            self._ui.when_ready(self._tab, lambda: self._ask(files, others))

    def _ask(self, files: Sequence[Path], others: Sequence[str]) -> None:
        from cdo_desktop.ui.filings.intake_dialogs import IntakeDialog

        self._is_open = True
        dialog = IntakeDialog(len(files), self._ui, self._tab)
        dialog.finished.connect(self._closed)
        dialog.saved.connect(lambda draft: self._work(files, others, draft))
        open_dialog(dialog)

    def _closed(self) -> None:
        self._is_open = False

    def _work(self, files: Sequence[Path], others: Sequence[str], draft: ReceiptDraft) -> None:
        scans = self._services.scans()
        left_out = tuple(ScanLine(name, (), ScanFate.REFUSED, said=_NO_SCAN) for name in others)

        def work(progress: Progress) -> tuple[ScanLine, ...]:
            return (*scans.take_in(files, draft, progress.step), *left_out)

        self._ui.tasks.run_with_progress(
            work, owner=self, title="正在归入扫描件", done=self._done, failed=self._not_done
        )

    def _done(self, lines: tuple[ScanLine, ...]) -> None:
        from cdo_desktop.ui.filings.intake_dialogs import IntakeResult

        self.taken_in.emit()
        if len(lines) == 1 and lines[0].fate is ScanFate.FILED and not lines[0].said:
            self._ui.notices.info(f"已归入：{lines[0].title}")
            return
        open_dialog(IntakeResult(lines, self._ui, self._tab))

    def _not_done(self, error: AppError) -> None:
        self.taken_in.emit()  # the files before the stop are in
        if isinstance(error, CancelledError):
            self._ui.notices.info("已停止；停止以前归入的文件保留，没有归入的可以再归入一次")
        else:
            self._ui.notices.error(error)


@dataclass(frozen=True)
class DroppedFiles:
    """What a drop brings: files that may be scans, and the names of all else."""

    scans: list[Path]
    others: list[str]


def scan_files(data: QMimeData | None) -> DroppedFiles:
    """Tell the scans of a drop from the rest."""
    dropped = DroppedFiles([], [])
    for url in data.urls() if data is not None else []:
        path = Path(url.toLocalFile())
        if url.isLocalFile() and path.suffix.lower().removeprefix(".") in SCAN_SUFFIXES:
            dropped.scans.append(path)
        else:
            dropped.others.append(path.name or url.fileName() or url.toString())
    return dropped
