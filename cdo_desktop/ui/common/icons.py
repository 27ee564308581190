"""Icons drawn from the SVGs of resources/icons in the colour of the text, sharp at every scale."""

from functools import lru_cache

from PySide6.QtCore import QByteArray, QEvent, QRect, QRectF, QSize
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QIcon,
    QIconEngine,
    QPainter,
    QPalette,
    QPixmap,
    QPixmapCache,
    Qt,
)
from PySide6.QtWidgets import QLabel, QWidget

from cdo_desktop.paths import resource
from cdo_desktop.ui.common.overriding import override
from cdo_desktop.ui.common.tones import Tone, tone_colour

_clones: list[QIconEngine] = []  # Qt owns a clone, but PySide deletes it with its last Python reference


@lru_cache(maxsize=256)
def icon(name: str, tone: Tone = Tone.TEXT) -> QIcon:
    """Return the icon ``name`` (a file of resources/icons without ``.svg``); it follows light and dark.

    The file is read when the icon is first painted.
    """
    return QIcon(_SvgEngine(name, tone))


class Picture(QLabel):
    """An icon that stands by itself; unlike a pixmap it follows light and dark, and the screen it is on."""

    def __init__(self, size: int, parent: QWidget | None = None) -> None:
        """``size`` is the side in device independent pixels."""
        super().__init__(parent)
        self._size = QSize(size, size)
        self._icon = QIcon()

    def show_icon(self, name: str, tone: Tone = Tone.TEXT) -> None:
        """Show an icon of resources/icons."""
        self._icon = icon(name, tone)
        self._draw()

    def _draw(self) -> None:
        if not self._icon.isNull():
            self.setPixmap(self._icon.pixmap(self._size, self.devicePixelRatioF()))

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.DevicePixelRatioChange):
            self._draw()
        return super().event(event)


def icon_names() -> frozenset[str]:
    """Return the names of all icons that are shipped."""
    return frozenset(path.stem for path in resource("icons").glob("*.svg"))


@lru_cache(maxsize=256)
def _svg_text(name: str) -> str:
    return resource("icons", f"{name}.svg").read_text(encoding="utf-8")


class _SvgEngine(QIconEngine):
    def __init__(self, name: str, tone: Tone) -> None:
        super().__init__()
        self._name = name
        self._tone = tone

    @override
    def clone(self) -> QIconEngine:
        copy = _SvgEngine(self._name, self._tone)
        _clones.append(copy)
        return copy

    @override
    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self._draw(size, 1.0, self._colour(mode))

    @override
    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:
        return self._draw(size, scale, self._colour(mode))

    @override
    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        scale = painter.device().devicePixelRatioF()
        painter.drawPixmap(rect.topLeft(), self._draw(rect.size(), scale, self._colour(mode)))

    def _colour(self, mode: QIcon.Mode) -> QColor:
        palette = QGuiApplication.palette()
        if mode == QIcon.Mode.Disabled:
            return palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.ButtonText)
        if mode == QIcon.Mode.Selected:
            return palette.color(QPalette.ColorRole.HighlightedText)
        return tone_colour(self._tone, palette)

    def _draw(self, size: QSize, scale: float, colour: QColor) -> QPixmap:
        pixels = QSize(round(size.width() * scale), round(size.height() * scale))
        key = f"cdo/{self._name}/{pixels.width()}x{pixels.height()}/{scale}/{colour.name()}"
        pixmap = QPixmap()
        if QPixmapCache.find(key, pixmap):
            return pixmap
        from PySide6.QtSvg import QSvgRenderer  # a library of its own: only once an icon is seen

        renderer = QSvgRenderer(
            QByteArray(_svg_text(self._name).replace("currentColor", colour.name()).encode())
        )
        pixmap = QPixmap(pixels)
        pixmap.fill(Qt.GlobalColor.transparent)
        side = min(pixels.width(), pixels.height())
        painter = QPainter(pixmap)
        left, top = (pixels.width() - side) / 2, (pixels.height() - side) / 2
        renderer.render(painter, QRectF(left, top, side, side))
        painter.end()
        pixmap.setDevicePixelRatio(scale)
        QPixmapCache.insert(key, pixmap)
        return pixmap
