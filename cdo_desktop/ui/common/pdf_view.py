"""Pages of a PDF one below the other, rendered off the GUI thread as they come into sight."""

from collections.abc import Iterator
from enum import Enum

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Signal
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QPaintEvent, QPalette, QResizeEvent, Qt, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from cdo_desktop.errors import AppError, CancelledError
from cdo_desktop.ui.common.overriding import override
from cdo_desktop.ui.common.pdf_pages import POINTS_PER_INCH, PdfPages
from cdo_desktop.ui.common.tasks import Tasks
from cdo_desktop.ui.common.tones import Tone, tone_colour

SMALLEST_ZOOM = 0.5
LARGEST_ZOOM = 3.0
_ZOOM_STEP = 1.25
_SCREEN_DPI = 96  # 100 % shows a page in its size on paper on an unscaled screen
_GAP = 12
_LARGEST_PICTURE = 9_000_000  # pixels, A4 at 300 %; beyond it a page is drawn enlarged
_KEPT_PIXELS = 6_000_000  # of four bytes; only what is in sight may take more


class Fit(Enum):
    """Zoom that follows the size of the window."""

    WIDTH = "适合宽度"
    PAGE = "整页"


class PdfView(QAbstractScrollArea):
    """Scrolls and zooms pages; asks for one picture at a time, what is in sight first."""

    page_changed = Signal(int)  # counted from 0
    zoom_changed = Signal(float)
    render_failed = Signal(object)  # AppError

    def __init__(self, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._pages: PdfPages | None = None
        self._zoom = 1.0
        self._fit: Fit | None = Fit.WIDTH
        self._pictures: dict[int, tuple[float, QImage]] = {}
        self._rendering = False
        self._failed: set[int] = set()
        self._page = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.viewport().setBackgroundRole(QPalette.ColorRole.Mid)
        self.viewport().setAutoFillBackground(True)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.horizontalScrollBar().valueChanged.connect(lambda _value: self.viewport().update())
        self._describe()

    @property
    def page_count(self) -> int:
        """How many pages there are."""
        return len(self._pages) if self._pages is not None else 0

    @property
    def page(self) -> int:
        """The page in sight, counted from 0."""
        return self._page

    @property
    def zoom(self) -> float:
        """The scale; 1.0 is the size on paper."""
        return self._zoom

    @property
    def fit(self) -> Fit | None:
        """What the zoom follows, or None."""
        return self._fit

    def set_pages(self, pages: PdfPages | None) -> None:
        """Show other pages from the first one."""
        self._pages = pages
        self._pictures.clear()
        self._failed.clear()
        self.verticalScrollBar().setValue(0)
        self._page = 0
        self._refit()
        self.page_changed.emit(0)
        self._describe()

    def has_picture(self, page: int) -> bool:
        """Whether the page is drawn at the present zoom."""
        picture = self._pictures.get(page)
        return picture is not None and picture[0] == self._scale(page)

    def set_fit(self, fit: Fit) -> None:
        """Let the zoom follow the window."""
        self._fit = fit
        self._refit()

    def set_zoom(self, zoom: float, anchor: QPoint | None = None) -> None:
        """Zoom to 0.5–3.0; what is at ``anchor`` in the viewport stays there."""
        self._fit = None
        self._apply_zoom(max(SMALLEST_ZOOM, min(LARGEST_ZOOM, zoom)), anchor)

    def zoom_in(self) -> None:
        """Enlarge by a quarter."""
        self.set_zoom(self._zoom * _ZOOM_STEP)

    def zoom_out(self) -> None:
        """Make smaller by a quarter."""
        self.set_zoom(self._zoom / _ZOOM_STEP)

    def go_to(self, page: int) -> None:
        """Scroll to the top of a page."""
        if 0 <= page < self.page_count:
            self.verticalScrollBar().setValue(round(self._page_rect(page).top()) - _GAP)
            self._set_page(page)  # near the end the page cannot reach the top

    def _apply_zoom(self, zoom: float, anchor: QPoint | None = None) -> None:
        held = anchor or QPoint(self.viewport().width() // 2, 0)
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        ratio = zoom / self._zoom
        left = (across.value() + held.x()) * ratio - held.x()
        top = (down.value() + held.y()) * ratio - held.y()
        self._zoom = zoom
        self._set_ranges()
        across.setValue(round(left))
        down.setValue(round(top))
        self.viewport().update()
        self.zoom_changed.emit(zoom)

    def _refit(self) -> None:
        if self._pages is None or not self.page_count or self._fit is None:
            self._set_ranges()
            self.viewport().update()
            return
        widest = max(width for width, _height in self._pages.sizes) * _SCREEN_DPI / POINTS_PER_INCH
        room = self.viewport().size()
        zoom = (room.width() - 2 * _GAP) / widest
        if self._fit is Fit.PAGE:
            tallest = max(height for _width, height in self._pages.sizes) * _SCREEN_DPI / POINTS_PER_INCH
            zoom = min(zoom, (room.height() - 2 * _GAP) / tallest)
        self._apply_zoom(max(0.1, min(LARGEST_ZOOM, zoom)))

    def _page_size(self, page: int) -> tuple[float, float]:
        if self._pages is None:
            return 0.0, 0.0
        width, height = self._pages.sizes[page]
        factor = self._zoom * _SCREEN_DPI / POINTS_PER_INCH
        return width * factor, height * factor

    def _page_rect(self, page: int) -> QRectF:
        """Return where a page lies in the whole content, centred in the width."""
        top = float(_GAP)
        for number in range(page):
            top += self._page_size(number)[1] + _GAP
        width, height = self._page_size(page)
        return QRectF(max(float(_GAP), (self.viewport().width() - width) / 2), top, width, height)

    def _rects(self) -> Iterator[tuple[int, QRectF]]:
        top = float(_GAP)
        room = self.viewport().width()
        for page in range(self.page_count):
            width, height = self._page_size(page)
            yield page, QRectF(max(float(_GAP), (room - width) / 2), top, width, height)
            top += height + _GAP

    def _content_size(self) -> QSize:
        sizes = [self._page_size(page) for page in range(self.page_count)]
        width = max((size[0] for size in sizes), default=0) + 2 * _GAP
        height = sum(size[1] + _GAP for size in sizes) + _GAP
        return QSize(round(width), round(height))

    def _set_ranges(self) -> None:
        content, room = self._content_size(), self.viewport().size()
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        across.setRange(0, max(0, content.width() - room.width()))
        across.setPageStep(room.width())
        across.setSingleStep(20)
        down.setRange(0, max(0, content.height() - room.height()))
        down.setPageStep(room.height())
        down.setSingleStep(40)

    def _visible(self) -> list[tuple[int, QRectF]]:
        """Return the pages in sight and where they are in the viewport."""
        offset = QPointF(-self.horizontalScrollBar().value(), -self.verticalScrollBar().value())
        room = QRectF(self.viewport().rect())
        moved = ((page, rect.translated(offset)) for page, rect in self._rects())
        return [(page, rect) for page, rect in moved if rect.intersects(room)]

    def _scrolled(self, _value: int) -> None:
        middle = self.viewport().height() / 3
        for page, rect in self._visible():
            if rect.bottom() >= middle:
                self._set_page(page)
                break
        self.viewport().update()

    def _set_page(self, page: int) -> None:
        if page != self._page:
            self._page = page
            self._describe()
            self.page_changed.emit(page)

    def _describe(self) -> None:
        self.setAccessibleName(f"PDF 预览，第 {self._page + 1} 页，共 {self.page_count} 页")

    def _scale(self, page: int) -> float:
        """Return the pixels a point that the page is to be rendered in."""
        if self._pages is None:
            return 1.0
        width, height = self._pages.sizes[page]
        wanted = self._zoom * _SCREEN_DPI / POINTS_PER_INCH * self.devicePixelRatioF()
        limit = float((_LARGEST_PICTURE / (width * height)) ** 0.5)
        return min(wanted, limit)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for page, rect in self._visible():
            painter.setPen(tone_colour(Tone.BORDER, self.palette()))
            painter.fillRect(rect, Qt.GlobalColor.white)
            picture = self._pictures.get(page)
            if picture is not None:
                painter.drawImage(rect, picture[1])
            else:
                painter.setPen(Qt.GlobalColor.gray)
                text = "这一页显示不出来" if page in self._failed else f"正在显示第 {page + 1} 页…"
                painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)
        painter.end()
        self._render_next()

    def _render_next(self) -> None:
        """Ask for the first missing picture in sight, then for the page after if there is room for it."""
        if self._rendering or self._pages is None:
            return
        wanted = [
            page for page in self._worth_keeping() if page not in self._failed and not self.has_picture(page)
        ]
        if not wanted:
            return
        page, pages = wanted[0], self._pages
        scale = self._scale(page)
        self._rendering = True
        self._tasks.run(
            lambda: pages.render(page, scale),
            owner=self,
            done=lambda picture: self._rendered(pages, page, scale, picture),
            failed=lambda error: self._not_rendered(pages, page, error),
        )

    def _rendered(self, pages: PdfPages, page: int, scale: float, picture: QImage) -> None:
        self._rendering = False
        if pages is self._pages:
            self._pictures[page] = (scale, picture)
            self._forget_far_pages()
        self.viewport().update()

    def _not_rendered(self, pages: PdfPages, page: int, error: AppError) -> None:
        self._rendering = False
        if pages is self._pages and not isinstance(error, CancelledError):
            self._failed.add(page)
            self.render_failed.emit(error)
        self.viewport().update()

    def _worth_keeping(self) -> list[int]:
        """Return the pages in sight, and the page after them if there is room for it."""
        near = [page for page, _rect in self._visible()]
        after = near[-1] + 1 if near else self.page_count
        has_room = after < self.page_count and sum(map(self._pixels, [*near, after])) <= _KEPT_PIXELS
        return [*near, after] if has_room else near

    def _pixels(self, page: int) -> float:
        width, height = self._pages.sizes[page] if self._pages is not None else (0.0, 0.0)
        return width * height * self._scale(page) ** 2

    def _forget_far_pages(self) -> None:
        """Forget what is farthest from sight until the rest is small enough; what is near stays."""
        near = self._worth_keeping()
        far = sorted(
            self._pictures.keys() - near,
            key=lambda page: min((abs(page - seen) for seen in near), default=0),
        )
        while far and self._kept_pixels() > _KEPT_PIXELS:
            del self._pictures[far.pop()]

    def _kept_pixels(self) -> int:
        return sum(picture.width() * picture.height() for _scale, picture in self._pictures.values())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._refit()

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            steps = event.angleDelta().y() / 120
            self.set_zoom(self._zoom * _ZOOM_STEP**steps, event.position().toPoint())
            event.accept()
        else:
            super().wheelEvent(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        down = self.verticalScrollBar()
        match event.key():
            case Qt.Key.Key_Home:
                down.setValue(0)
                self._set_page(0)
            case Qt.Key.Key_End:
                down.setValue(down.maximum())
                self._set_page(max(0, self.page_count - 1))
            case Qt.Key.Key_Space:
                down.setValue(down.value() + down.pageStep())
            case _:
                super().keyPressEvent(event)

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.viewport().update()
