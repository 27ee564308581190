"""Sending the pages of a PDF to a printer in their size on paper."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QPageLayout, QPageSize, QPainter
from PySide6.QtWidgets import QDialog, QWidget

from cdo_desktop.documents.atomic import atomic_target
from cdo_desktop.errors import CancelledError, StorageError
from cdo_desktop.ui.common.pdf_pages import POINTS_PER_INCH, PdfPages
from cdo_desktop.ui.common.progress import Progress

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

PRINT_DPI = 300


@dataclass(frozen=True)
class Printed:
    """What became of a print job.

    ``pages`` are those that were printed, counted from 0; one that came out several times is in it as often.
    ``file`` is set where the system's dialog was told to print into one.
    """

    pages: tuple[int, ...]
    file: Path | None = None

    def told(self, what: str = "") -> str:
        """Return the sentence for the user; ``what`` names the papers."""
        number = len(self.pages)
        count = f"{what}，共 {number} 页" if what else f"{number} 页"
        return f"已存为 {self.file.name}：{count}" if self.file is not None else f"已送往打印机：{count}"


def choose_printer(
    parent: QWidget, title: str, page_count: int, *, duplex: bool = False
) -> "QPrinter | None":
    """Ask for printer, pages, copies and duplex in the system's dialog; None means that the user gave up.

    ``duplex`` is set beforehand for pages that belong on both sides of a sheet.
    """
    from PySide6.QtPrintSupport import QAbstractPrintDialog, QPrintDialog, QPrinter

    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(title)
    printer.setFullPage(True)
    if duplex:
        printer.setDuplex(QPrinter.DuplexMode.DuplexLongSide)
    dialog = QPrintDialog(printer, parent)
    dialog.setMinMax(1, page_count)
    dialog.setOption(QAbstractPrintDialog.PrintDialogOption.PrintPageRange, page_count > 1)
    accepted = dialog.exec() == QDialog.DialogCode.Accepted
    dialog.deleteLater()
    return printer if accepted else None


def chosen_pages(printer: "QPrinter", page_count: int) -> list[int]:
    """Return the pages to print, counted from 0, in the order and number of copies that the program makes."""
    from PySide6.QtPrintSupport import QPrinter

    pages = list(range(page_count))
    if printer.printRange() == QPrinter.PrintRange.PageRange and printer.fromPage() > 0:
        last = printer.toPage() or printer.fromPage()
        pages = [page for page in pages if printer.fromPage() <= page + 1 <= last]
    if printer.pageOrder() == QPrinter.PageOrder.LastPageFirst:
        pages.reverse()
    copies = 1 if printer.supportsMultipleCopies() else max(1, printer.copyCount())
    return pages * copies


def print_pages(content: bytes, printer: "QPrinter", progress: Progress) -> Printed:
    """Print the chosen pages; runs in a task.

    A QPainter may draw on a printer in any thread. When cancelled, the job is aborted where the printer's
    queue still holds it. Into a file go the pages themselves, with their text.
    """
    with PdfPages(content) as pages:
        chosen = chosen_pages(printer, len(pages))
        if not chosen:
            raise StorageError("选定的页码里没有可打印的页，没有打印。请重新选择页码。")
        target = _file_of(printer)
        if target is not None:
            progress.step(0, len(chosen), target.name)
            with atomic_target(target) as fresh:
                fresh.write_bytes(pages.copy(chosen))
            return Printed(tuple(chosen), target)
        _draw_pages(pages, chosen, printer, progress)
    return Printed(tuple(chosen))


def _file_of(printer: "QPrinter") -> Path | None:
    """Return the PDF that the system's dialog was told to print into, if any."""
    from PySide6.QtPrintSupport import QPrinter

    is_pdf = printer.outputFormat() == QPrinter.OutputFormat.PdfFormat
    return Path(printer.outputFileName()) if is_pdf and printer.outputFileName() else None


def _draw_pages(pages: PdfPages, chosen: Sequence[int], printer: "QPrinter", progress: Progress) -> None:
    from PySide6.QtPrintSupport import QPrinter

    printer.setFullPage(True)
    _take_paper(printer, pages.sizes[chosen[0]])
    painter = QPainter()
    if not painter.begin(printer):
        raise StorageError("打印机没有响应，没有打印。请检查打印机是否联机，或另存为 PDF 后再打印。")
    try:
        for done, page in enumerate(chosen):
            progress.step(done, len(chosen), f"第 {page + 1} 页")
            if done:
                _take_paper(printer, pages.sizes[page])
                if not printer.newPage():
                    raise StorageError(
                        f"打印机在第 {page + 1} 页停下了，后面的页没有打印。请检查打印机后重试。"
                    )
            _draw_page(painter, printer, pages, page)
    except CancelledError:
        printer.abort()
        raise
    finally:
        taken = painter.end()
    if not taken or printer.printerState() == QPrinter.PrinterState.Error:
        raise StorageError(
            "打印机没有收下这次打印。请看打印机上是否已有出纸，检查后重新打印，或另存为 PDF 后再打印。"
        )


def _take_paper(printer: "QPrinter", size: tuple[float, float]) -> None:
    """Ask for the paper of a page; a wide page is the same paper turned."""
    width, height = size
    paper = QPageSize(
        QSizeF(min(size), max(size)), QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.FuzzyMatch
    )
    wide = width > height
    printer.setPageSize(paper)
    printer.setPageOrientation(
        QPageLayout.Orientation.Landscape if wide else QPageLayout.Orientation.Portrait
    )


def _draw_page(painter: QPainter, printer: "QPrinter", pages: PdfPages, page: int) -> None:
    picture = pages.render(page, PRINT_DPI / POINTS_PER_INCH)
    width, height = pages.sizes[page]
    dots = printer.resolution() / POINTS_PER_INCH
    painter.drawImage(QRectF(0, 0, width * dots, height * dots), picture)
