"""A PDF is looked at, zoomed, printed and saved without stopping the window."""

import io
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6 import QtPrintSupport
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QDesktopServices, QImage, QWheelEvent
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot
from reportlab.pdfgen.canvas import Canvas

from cdo_desktop.errors import CancelledError, StorageError, UnreadableFileError
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.pdf_pages import PdfPages
from cdo_desktop.ui.common.pdf_preview import PdfPreview, PreviewDialog
from cdo_desktop.ui.common.pdf_view import Fit, PdfView
from cdo_desktop.ui.common.printing import Printed, choose_printer, chosen_pages, print_pages
from cdo_desktop.ui.common.progress import Progress
from tests.ui.fakes import FakeFiles, FakeNotices, make_ui

A4 = (595.28, 841.89)


def make_pdf(pages: int = 3, size: tuple[float, float] = A4) -> bytes:
    """Return pages that are black in their left half."""
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=size)
    for _ in range(pages):
        canvas.rect(0, 0, size[0] / 2, size[1], fill=1, stroke=0)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


@pytest.fixture
def files() -> FakeFiles:
    return FakeFiles()


@pytest.fixture
def ui(qtbot: QtBot, notices: FakeNotices, files: FakeFiles) -> Iterator[UiContext]:
    context = make_ui(notices, files)
    yield context
    context.tasks.wait_all()


@pytest.fixture
def preview(qtbot: QtBot, ui: UiContext) -> Iterator[PdfPreview]:
    made = PdfPreview(ui)
    qtbot.addWidget(made)
    made.resize(700, 500)
    made.show()
    with qtbot.waitSignal(made.loaded):
        made.load(make_pdf())
    yield made
    made.close_document()
    ui.tasks.wait_all()


@pytest.fixture
def dialog(qtbot: QtBot, ui: UiContext) -> Iterator[PreviewDialog]:
    made = PreviewDialog("备案表", make_pdf(), ui)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(made.print_button.isEnabled)
    yield made
    made.close()
    ui.tasks.wait_all()


def test_picture_shows_the_page() -> None:
    with PdfPages(make_pdf()) as pages:
        assert len(pages) == 3
        assert pages.sizes[0] == pytest.approx(A4, abs=0.01)
        picture = pages.render(0, 1.0)
    assert (picture.width(), picture.height()) == (596, 842)
    assert picture.pixelColor(100, 400).name() == "#000000"
    assert picture.pixelColor(500, 400).name() == "#ffffff"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"%PDF-1.4\n%%EOF"])
def test_what_is_no_pdf_is_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(UnreadableFileError, match="不是能打开的 PDF"):
        PdfPages(content)


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"表\.pdf"):
        PdfPages.read(tmp_path / "表.pdf")


def test_file_is_not_held_open(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(make_pdf(1))
    with PdfPages.read(path) as pages:
        path.unlink()
        assert pages.render(0, 1.0).width() == 596


def test_closed_document_gives_no_picture() -> None:
    pages = PdfPages(make_pdf(1))
    pages.close()
    pages.close()
    with pytest.raises(CancelledError):
        pages.render(0, 1.0)


def test_many_threads_get_their_pictures() -> None:
    """PDFium itself would crash when entered by two threads."""
    pictures: list[QImage] = []
    with PdfPages(make_pdf(4)) as pages:
        threads = [
            threading.Thread(target=lambda page=page: pictures.append(pages.render(page % 4, 0.5)))
            for page in range(16)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert [picture.isNull() for picture in pictures] == [False] * 16


def test_first_page_is_drawn(qtbot: QtBot, preview: PdfPreview) -> None:
    qtbot.waitUntil(lambda: preview.view.has_picture(0))
    shown = preview.view.viewport().grab().toImage()
    ratio = shown.devicePixelRatio()
    middle = int(shown.height() / 2)
    assert shown.pixelColor(int(150 * ratio), middle).lightness() < 20
    assert shown.pixelColor(int(550 * ratio), middle).lightness() > 235
    assert preview.total.text() == "/ 3"


def test_only_pages_near_the_sight_are_drawn(qtbot: QtBot, ui: UiContext) -> None:
    preview = PdfPreview(ui)
    qtbot.addWidget(preview)
    preview.resize(700, 500)
    preview.show()
    with qtbot.waitSignal(preview.loaded):
        preview.load(make_pdf(40))
    qtbot.waitUntil(lambda: preview.view.has_picture(0) and not ui.tasks.busy)
    assert not preview.view.has_picture(20)
    preview.view.go_to(20)
    qtbot.waitUntil(lambda: preview.view.has_picture(20))
    assert preview.page_box.value() == 21
    preview.close_document()


@pytest.mark.parametrize("zoom", [1.0, 1.5, 1.6, 1.75, 1.83, 3.0])
def test_pages_at_rest_are_not_drawn_again(
    qtbot: QtBot, ui: UiContext, monkeypatch: pytest.MonkeyPatch, zoom: float
) -> None:
    drawn: list[int] = []
    render = PdfPages.render

    def noted(pages: PdfPages, page: int, scale: float) -> QImage:
        drawn.append(page)
        return render(pages, page, scale)

    monkeypatch.setattr(PdfPages, "render", noted)
    view = PdfView(ui.tasks)
    qtbot.addWidget(view)
    view.resize(1000, 700)
    with qtbot.waitExposed(view):
        view.show()
    view.set_pages(PdfPages(make_pdf(8)))
    view.set_zoom(zoom)
    for page in (0, 1, 2, 3, 4, 3, 2):
        view.go_to(page)
        view.verticalScrollBar().setValue(view.verticalScrollBar().value() + 200)
        rounds = []
        for _ in range(6):
            drawn.clear()
            view.viewport().repaint()
            qtbot.waitUntil(lambda: not ui.tasks.busy, timeout=10_000)
            rounds.append(list(drawn))
        assert view.has_picture(page)
        assert rounds[-2:] == [[], []]
    view.set_pages(None)


def test_zoom_follows_the_width_until_a_scale_is_chosen(qtbot: QtBot, preview: PdfPreview) -> None:
    view = preview.view
    before = view.zoom
    preview.resize(900, 500)
    qtbot.waitUntil(lambda: view.zoom > before)
    view.set_zoom(1.0)
    preview.resize(700, 500)
    assert view.zoom == 1.0
    assert view.fit is None
    assert preview.zoom_box.currentText() == "100%"
    view.set_fit(Fit.PAGE)
    assert view.verticalScrollBar().pageStep() > 0
    assert preview.zoom_box.currentText() == "整页"
    assert view.zoom < 0.5


def test_zoom_stays_between_50_and_300_percent(preview: PdfPreview) -> None:
    for _ in range(20):
        preview.view.zoom_in()
    assert preview.view.zoom == 3.0
    for _ in range(20):
        preview.view.zoom_out()
    assert preview.view.zoom == 0.5


def test_zoomed_page_is_drawn_anew_in_its_size(qtbot: QtBot, preview: PdfPreview) -> None:
    qtbot.waitUntil(lambda: preview.view.has_picture(0))
    preview.view.set_zoom(2.0)
    assert not preview.view.has_picture(0)
    qtbot.waitUntil(lambda: preview.view.has_picture(0))


def test_control_and_wheel_zoom_about_the_pointer(preview: PdfPreview) -> None:
    view = preview.view
    view.set_zoom(1.0)
    view.verticalScrollBar().setValue(300)
    place = QPointF(200, 100)
    event = QWheelEvent(
        place,
        view.viewport().mapToGlobal(place),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.ControlModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view.viewport(), event)
    assert view.zoom == pytest.approx(1.25)
    assert view.verticalScrollBar().value() == 400  # what was 400 down is 500 down, still 100 below the top


def test_keys_move_and_zoom(qtbot: QtBot, preview: PdfPreview) -> None:
    view = preview.view
    preview.activateWindow()
    qtbot.waitUntil(preview.isActiveWindow)
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_End)
    assert view.page == 2
    QTest.keyClick(view, Qt.Key.Key_Home)
    assert view.page == 0
    QTest.keyClick(view, Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    assert view.page == 1
    assert "第 2 页，共 3 页" in view.accessibleName()
    before = view.zoom
    QTest.keyClick(view, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert view.zoom > before
    QTest.keyClick(view, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert view.fit is Fit.WIDTH


def test_zoom_box_sets_the_zoom(preview: PdfPreview) -> None:
    preview.zoom_box.activated.emit(preview.zoom_box.findText("150%"))
    assert preview.view.zoom == 1.5
    preview.view.set_zoom(1.1)
    assert preview.zoom_box.currentIndex() == -1
    assert preview.zoom_box.placeholderText() == "110%"


def test_damaged_file_says_so_in_the_window(qtbot: QtBot, ui: UiContext) -> None:
    preview = PdfPreview(ui)
    qtbot.addWidget(preview)
    preview.load(b"no pdf")
    qtbot.waitUntil(lambda: preview.banner.text != "")
    assert "不是能打开的 PDF" in preview.banner.text


def test_closing_while_pages_are_drawn_harms_nothing(qtbot: QtBot, ui: UiContext) -> None:
    dialogs = [PreviewDialog("备案表", make_pdf(3), ui) for _ in range(5)]
    for dialog in dialogs:
        dialog.show()
        qtbot.waitUntil(dialog.print_button.isEnabled)
        dialog.close()
        dialog.deleteLater()
    qtbot.waitUntil(lambda: not any(shiboken6.isValid(dialog) for dialog in dialogs))
    ui.tasks.wait_all()


class Paper(QPrinter):
    """Draws into a file, which stands for the sheets that come out of a printer."""

    def outputFileName(self) -> str:  # noqa: N802
        return ""


def pdf_printer(target: Path, kind: type[QPrinter] = Paper) -> QPrinter:
    printer = kind(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(target))
    return printer


def test_printed_page_equals_the_page_in_place_and_size(qtbot: QtBot, tmp_path: Path) -> None:
    target = tmp_path / "printed.pdf"
    assert print_pages(make_pdf(2), pdf_printer(target), Progress()) == Printed((0, 1))
    with PdfPages.read(target) as pages:
        assert len(pages) == 2
        assert pages.sizes[0] == pytest.approx(A4, abs=1)
        picture = pages.render(1, 1.0)
    assert (
        picture.pixelColor(295, 10).lightness() < 20
    )  # the black half ends at 297.6 points, at the very top too
    assert picture.pixelColor(300, 835).lightness() > 235


def test_printing_into_a_file_keeps_the_pages_as_they_are(qtbot: QtBot, tmp_path: Path) -> None:
    target = tmp_path / "打印.pdf"
    printer = pdf_printer(target, QPrinter)
    printer.setPrintRange(QPrinter.PrintRange.PageRange)
    printer.setFromTo(2, 3)
    printed = print_pages(make_pdf(3), printer, Progress())
    assert printed == Printed((1, 2), target)
    assert printed.told() == "已存为 打印.pdf：2 页"
    with PdfPages(make_pdf(3)) as source, PdfPages.read(target) as pages:
        assert len(pages) == 2
        assert pages.render(1, 2.0) == source.render(2, 2.0)


def test_a_file_printed_into_is_kept_when_it_is_stopped(qtbot: QtBot, tmp_path: Path) -> None:
    target = tmp_path / "打印.pdf"
    target.write_bytes(b"before")
    progress = Progress()
    progress.cancel()
    with pytest.raises(CancelledError):
        print_pages(make_pdf(3), pdf_printer(target, QPrinter), progress)
    assert target.read_bytes() == b"before"


def test_wide_page_is_printed_on_turned_paper(qtbot: QtBot, tmp_path: Path) -> None:
    target = tmp_path / "printed.pdf"
    print_pages(make_pdf(1, (A4[1], A4[0])), pdf_printer(target), Progress())
    with PdfPages.read(target) as pages:
        assert pages.sizes[0] == pytest.approx((A4[1], A4[0]), abs=1)


def test_cancelled_print_stops(qtbot: QtBot, tmp_path: Path) -> None:
    progress = Progress()
    progress.cancel()
    with pytest.raises(CancelledError):
        print_pages(make_pdf(2), pdf_printer(tmp_path / "printed.pdf"), progress)


class DeadPrinter(Paper):
    """Takes every page and loses the job in the end."""

    def printerState(self) -> QPrinter.PrinterState:  # noqa: N802
        return QPrinter.PrinterState.Error


def test_job_that_fails_at_its_end_is_told(qtbot: QtBot, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="没有收下"):
        print_pages(make_pdf(2), pdf_printer(tmp_path / "printed.pdf", DeadPrinter), Progress())


@pytest.mark.parametrize("duplex", [True, False])
def test_both_sides_are_set_before_the_printer_is_asked_for(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, duplex: bool
) -> None:
    if sys.platform == "win32" and not QPrinterInfo.availablePrinterNames():
        pytest.skip("the dialog of Windows takes none but a printer that is installed")
    modes: list[QPrinter.DuplexMode] = []

    class Printer(QPrinter):
        def setDuplex(self, mode: QPrinter.DuplexMode) -> None:  # noqa: N802
            modes.append(mode)

    def accept(_dialog: QPrintDialog) -> int:
        modes.append(QPrinter.DuplexMode.DuplexNone)  # the question
        return QDialog.DialogCode.Accepted

    monkeypatch.setattr(QtPrintSupport, "QPrinter", Printer)
    monkeypatch.setattr(QPrintDialog, "exec", accept)
    parent = QWidget()
    qtbot.addWidget(parent)
    assert choose_printer(parent, "备案表", 2, duplex=duplex) is not None
    asked = [QPrinter.DuplexMode.DuplexNone]
    assert modes == ([QPrinter.DuplexMode.DuplexLongSide] if duplex else []) + asked


def test_only_the_chosen_pages_are_printed(qtbot: QtBot, tmp_path: Path) -> None:
    printer = pdf_printer(tmp_path / "printed.pdf")
    printer.setPrintRange(QPrinter.PrintRange.PageRange)
    printer.setFromTo(2, 3)
    assert chosen_pages(printer, 5) == [1, 2]
    printer.setPageOrder(QPrinter.PageOrder.LastPageFirst)
    assert chosen_pages(printer, 5) == [2, 1]
    with pytest.raises(StorageError, match="没有打印"):
        print_pages(make_pdf(1), printer, Progress())


def test_printing_from_the_dialog_tells_the_number_of_pages(
    qtbot: QtBot, dialog: PreviewDialog, ui: UiContext, notices: FakeNotices, tmp_path: Path
) -> None:
    dialog.print_on(pdf_printer(tmp_path / "printed.pdf"))
    ui.tasks.wait_all()
    assert notices.infos == ["已送往打印机：3 页"]
    assert dialog.result_line.label.text() == "已送往打印机：3 页"
    assert dialog.result_line.open_button.isHidden()


def test_saved_copy_has_the_same_bytes(
    dialog: PreviewDialog, ui: UiContext, notices: FakeNotices, files: FakeFiles, tmp_path: Path
) -> None:
    files.path = tmp_path / "存.pdf"
    dialog.save_button.click()
    ui.tasks.wait_all()
    assert dialog.preview.pages is not None
    assert files.path.read_bytes() == dialog.preview.pages.content
    assert files.names == ["备案表.pdf"]
    assert notices.infos == ["已存为 存.pdf"]
    assert dialog.result_line.isVisible()
    assert not dialog.result_line.folder_button.isHidden()


def test_failed_save_is_told_in_the_dialog(
    dialog: PreviewDialog, ui: UiContext, files: FakeFiles, tmp_path: Path
) -> None:
    files.path = tmp_path / "没有这个文件夹" / "存.pdf"
    dialog.save_button.click()
    ui.tasks.wait_all()
    assert "存.pdf" in dialog.preview.banner.text


def test_copy_for_the_default_program_goes_away_with_the_dialog(
    qtbot: QtBot, dialog: PreviewDialog, ui: UiContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Path] = []

    def open_url(url: object) -> bool:
        opened.append(Path(url.toLocalFile()))  # type: ignore[attr-defined]
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    dialog.open_button.click()
    ui.tasks.wait_all()
    assert opened[0].name == "备案表.pdf"
    assert opened[0].read_bytes().startswith(b"%PDF")
    dialog.close()
    assert not opened[0].exists()


def test_missing_pdf_program_is_told(
    dialog: PreviewDialog, ui: UiContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _url: False)
    dialog.open_button.click()
    ui.tasks.wait_all()
    assert "没有能打开 PDF 的程序" in dialog.preview.banner.text
