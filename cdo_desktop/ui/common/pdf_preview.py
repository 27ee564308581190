"""Looking at a PDF before it is printed, saved or opened elsewhere."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, QTemporaryDir, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QIcon, QKeySequence, QShortcut, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from cdo_desktop.documents.atomic import atomic_target
from cdo_desktop.errors import AppError, CancelledError, StorageError
from cdo_desktop.ui.common import shortcuts
from cdo_desktop.ui.common.actions import make_action
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.help import HelpButton
from cdo_desktop.ui.common.icons import icon
from cdo_desktop.ui.common.notice_bar import NoticeBar
from cdo_desktop.ui.common.overriding import override
from cdo_desktop.ui.common.pdf_pages import PdfPages
from cdo_desktop.ui.common.pdf_view import Fit, PdfView
from cdo_desktop.ui.common.printing import Printed, choose_printer, print_pages
from cdo_desktop.ui.common.progress import Progress
from cdo_desktop.ui.common.result_line import ResultLine
from cdo_desktop.ui.common.saving import Saving
from cdo_desktop.ui.common.style import MEDIUM, SMALL, TOOLBAR_ICON_SIZE

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

_PERCENTS = (50, 75, 100, 125, 150, 200, 300)


class PdfPreview(QWidget):
    """Pages with a bar for page number and zoom; the file is opened and drawn off the GUI thread."""

    loaded = Signal()

    def __init__(self, ui: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ui = ui
        self.pages: PdfPages | None = None
        self.banner = NoticeBar()
        self.view = PdfView(ui.tasks)
        self.page_box = QSpinBox()
        self.page_box.setAccessibleName("页码")
        self.page_box.setKeyboardTracking(False)
        self.page_box.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self.total = QLabel()
        self.zoom_box = QComboBox()
        self.zoom_box.setAccessibleName("缩放")
        self.zoom_box.setEditable(False)
        self.zoom_box.addItems([fit.value for fit in Fit] + [f"{percent}%" for percent in _PERCENTS])
        self.bar = self._make_bar()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SMALL)
        layout.addLayout(self.bar)
        layout.addWidget(self.banner)
        layout.addWidget(self.view, 1)
        self.view.page_changed.connect(self._show_page)
        self.view.zoom_changed.connect(self._show_zoom)
        self.view.render_failed.connect(self.banner.show_error)
        self.page_box.valueChanged.connect(lambda number: self.view.go_to(number - 1))
        self.zoom_box.activated.connect(self._zoom_chosen)
        self._show_page(0)
        self._show_zoom(1.0)

    def _make_bar(self) -> QHBoxLayout:
        view = self.view
        previous = self._button("上一页", "chevron-left", "Ctrl+PgUp", lambda: view.go_to(view.page - 1))
        following = self._button("下一页", "chevron-right", "Ctrl+PgDown", lambda: view.go_to(view.page + 1))
        smaller = self._button("缩小", "zoom-out", shortcuts.ZOOM_OUT, view.zoom_out)
        larger = self._button("放大", "zoom-in", shortcuts.ZOOM_IN, view.zoom_in)
        # Ctrl+= is what most keyboards give for Ctrl and the + key without Shift.
        larger.defaultAction().setShortcuts([QKeySequence(shortcuts.ZOOM_IN), QKeySequence("Ctrl+=")])
        fit_width, fit_page = (lambda: view.set_fit(Fit.WIDTH)), (lambda: view.set_fit(Fit.PAGE))
        wide = self._button("适合宽度", "arrow-autofit-width", shortcuts.ZOOM_RESET, fit_width)
        whole = self._button("整页", "arrows-maximize", "Ctrl+Shift+0", fit_page)
        bar = QHBoxLayout()
        bar.setSpacing(4)
        pages: tuple[QWidget, ...] = (previous, self.page_box, self.total, following)
        zooms: tuple[QWidget, ...] = (smaller, self.zoom_box, larger, wide, whole)
        for widget in pages:
            bar.addWidget(widget)
        bar.addSpacing(MEDIUM)
        for widget in zooms:
            bar.addWidget(widget)
        bar.addStretch(1)
        return bar

    def _button(self, text: str, icon: str, shortcut: str, triggered: Callable[[], object]) -> QToolButton:
        action = make_action(text, parent=self, triggered=triggered, icon=icon, shortcut=shortcut)
        self.addAction(action)
        button = QToolButton()
        button.setDefaultAction(action)
        button.setAutoRaise(True)
        button.setIconSize(QSize(TOOLBAR_ICON_SIZE, TOOLBAR_ICON_SIZE))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAccessibleName(text)
        return button

    def load(self, source: Path | bytes) -> None:
        """Show another PDF, given as a file or as its content."""
        self._ui.tasks.run(
            lambda: PdfPages.read(source) if isinstance(source, Path) else PdfPages(source),
            owner=self,
            done=self._loaded,
            failed=self.banner.show_error,
        )

    def _loaded(self, pages: PdfPages) -> None:
        self.close_document()
        self.pages = pages
        self.destroyed.connect(pages.close)
        self.page_box.setRange(1, max(1, len(pages)))
        self.total.setText(f"/ {len(pages)}")
        self.view.set_pages(pages)
        self.loaded.emit()

    def close_document(self) -> None:
        """Free the PDF; pictures still being drawn are dropped."""
        if self.pages is not None:
            self.view.set_pages(None)
            self.pages.close()
            self.pages = None

    def _show_page(self, page: int) -> None:
        self.page_box.blockSignals(True)
        self.page_box.setValue(page + 1)
        self.page_box.blockSignals(False)

    def _show_zoom(self, zoom: float) -> None:
        fit = self.view.fit
        text = fit.value if fit is not None else f"{zoom:.0%}"
        place = self.zoom_box.findText(text)
        self.zoom_box.setCurrentIndex(place)
        self.zoom_box.setPlaceholderText(text)  # shows where the zoom is none of the list

    def _zoom_chosen(self, place: int) -> None:
        fits = list(Fit)
        if place < len(fits):
            self.view.set_fit(fits[place])
        else:
            self.view.set_zoom(_PERCENTS[place - len(fits)] / 100)


class PreviewDialog(QDialog):
    """A `PdfPreview` with 打印, 另存为 and 用默认程序打开."""

    def __init__(
        self,
        title: str,
        source: Path | bytes,
        ui: UiContext,
        *,
        file_name: str = "",
        duplex: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """``file_name`` is what 另存为 suggests; without one the name of the file or the title.

        ``duplex`` is set for pages that belong on both sides of a sheet.
        """
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self._title = title
        self._ui = ui
        self._source = source
        own_name = source.name if isinstance(source, Path) else f"{title}.pdf"
        self._file_name = file_name or own_name
        self._duplex = duplex
        self._folder: QTemporaryDir | None = None
        self.preview = PdfPreview(ui)
        self.result_line = ResultLine(self._failed)
        self._saving = Saving(self, ui, self.result_line, self._failed)
        self.print_button = self._button("打印…", "printer", shortcuts.PRINT, self.print_pdf)
        self.save_button = self._button("另存为…", "device-floppy", shortcuts.SAVE, self.save_as)
        self.open_button = self._button("用默认程序打开", "external-link", "Ctrl+O", self.open_outside)
        self.print_button.setProperty("role", "primary")
        self.print_button.setIcon(QIcon())  # the icon's colour would not show on the accent
        for button in (self.print_button, self.save_button, self.open_button):
            button.setEnabled(False)
            self.preview.bar.addWidget(button)
        self.preview.bar.addWidget(HelpButton(ui))
        self.preview.loaded.connect(self._loaded)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MEDIUM, MEDIUM, MEDIUM, MEDIUM)
        layout.addWidget(self.preview, 1)
        layout.addWidget(self.result_line)
        room = self.screen().availableGeometry()
        self.resize(min(1000, int(room.width() * 0.9)), int(room.height() * 0.92))
        self.preview.load(source)
        self.preview.view.setFocus()

    def _button(self, text: str, icon_name: str, shortcut: str, pressed: Callable[[], None]) -> QPushButton:
        button = QPushButton(icon(icon_name), text)
        button.setAutoDefault(False)
        button.setAccessibleName(text.rstrip("…"))
        button.setToolTip(f"{text.rstrip('…')}（{shortcut}）")
        button.clicked.connect(lambda _checked=False: pressed())
        keys = QShortcut(QKeySequence(shortcut), self)
        keys.activated.connect(button.click)
        return button

    def _loaded(self) -> None:
        for button in (self.print_button, self.save_button, self.open_button):
            button.setEnabled(True)

    def print_pdf(self) -> None:
        """Ask for the printer and print, with progress and 取消."""
        pages = self.preview.pages
        if pages is None:
            return
        printer = choose_printer(self, self._title, len(pages), duplex=self._duplex)
        if printer is not None:
            self.print_on(printer)

    def print_on(self, printer: "QPrinter") -> None:
        """Print on a printer that has been chosen."""
        pages = self.preview.pages
        if pages is None:
            return
        content = pages.content
        self._ui.tasks.run_with_progress(
            lambda progress: print_pages(content, printer, progress),
            owner=self,
            title=f"打印{self._title}",
            done=self._printed,
            failed=self._failed,
        )

    def _printed(self, printed: Printed) -> None:
        self._ui.notices.info(printed.told())
        self.result_line.show_path(printed.told(), printed.file)

    def save_as(self) -> None:
        """Write the PDF where the user wants it; an older file is replaced whole or not at all."""
        pages = self.preview.pages
        if pages is None:
            return
        content = pages.content

        def write(target: Path, _progress: Progress) -> str:
            _write(content, target)
            return f"已存为 {target.name}"

        self._saving.save(
            f"保存{self._title}",
            lambda: self._ui.files.save_as(self, "另存为", self._file_name, "PDF 文件 (*.pdf)"),
            write,
        )

    def open_outside(self) -> None:
        """Open the file, or a copy that goes away with this window, in the program for PDFs."""
        pages = self.preview.pages
        if pages is None:
            return
        if isinstance(self._source, Path):
            self._open_file(self._source)
            return
        if self._folder is None:
            self._folder = QTemporaryDir()
        copy = Path(self._folder.filePath(self._file_name))
        content = pages.content
        self._ui.tasks.run(
            lambda: _write(content, copy),
            owner=self,
            done=lambda _none: self._open_file(copy),
            failed=self._failed,
        )

    def _open_file(self, path: Path) -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            self._failed(
                StorageError("系统里没有能打开 PDF 的程序。可以在这里打印，或另存为后到别的电脑打开。")
            )

    def _failed(self, error: AppError) -> None:
        if isinstance(error, CancelledError):
            self._ui.notices.info(str(error))
        else:
            self.preview.banner.show_error(error)

    @override
    def done(self, result: int) -> None:
        self.preview.close_document()
        if self._folder is not None:
            self._folder.remove()
        super().done(result)


def _write(content: bytes, target: Path) -> None:
    with atomic_target(target) as fresh:
        fresh.write_bytes(content)
