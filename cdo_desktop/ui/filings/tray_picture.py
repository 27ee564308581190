"""The pages of a waiting scan, large enough to read: fitted to the width, turned and enlarged by hand."""

from collections.abc import Sequence

from PySide6.QtGui import QKeySequence, QPixmap, QResizeEvent, Qt, QTransform
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from cdo_desktop.ui.common import shortcuts
from cdo_desktop.ui.common.action_button import button_for
from cdo_desktop.ui.common.actions import make_action
from cdo_desktop.ui.common.overriding import override
from cdo_desktop.ui.common.style import SMALL

_ZOOM = 1.25
_LARGEST, _SMALLEST = 4.0, 0.25


class TrayPicture(QWidget):
    """Shows one page at a time."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pages: Sequence[bytes] = ()
        self._place = 0
        self._turn = 0
        self._zoom = 1.0
        self._picture = QPixmap()
        self.label = QLabel()
        self.label.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.label.setAccessibleName("扫描件的图像")
        self.area = QScrollArea()
        self.area.setWidget(self.label)
        self.area.setWidgetResizable(True)
        self.area.setAccessibleName("扫描件的图像")
        self.turn = make_action(
            "转 90°(&T)", parent=self, triggered=self.turn_right, icon="arrow-forward-up", tip="向右转 90°"
        )
        self.larger = make_action(
            "放大",
            parent=self,
            triggered=lambda: self._scale(_ZOOM),
            icon="zoom-in",
            shortcut=shortcuts.ZOOM_IN,
        )
        # Ctrl+= is what most keyboards give for Ctrl and the + key without Shift.
        self.larger.setShortcuts([QKeySequence(shortcuts.ZOOM_IN), QKeySequence("Ctrl+=")])
        self.smaller = make_action(
            "缩小",
            parent=self,
            triggered=lambda: self._scale(1 / _ZOOM),
            icon="zoom-out",
            shortcut=shortcuts.ZOOM_OUT,
        )
        self.next_page = make_action(
            "下一页",
            parent=self,
            triggered=self.show_next,
            icon="chevron-right",
            shortcut="Ctrl+PgDown",
        )
        self.commands = (self.next_page, self.smaller, self.larger, self.turn)
        self.about = QLabel()
        self.about.setProperty("role", "muted")
        row = QHBoxLayout()
        row.setSpacing(SMALL)
        row.addWidget(self.about, 1)
        for action in self.commands:
            row.addWidget(button_for(action))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SMALL)
        layout.addWidget(self.area, 1)
        layout.addLayout(row)
        self.show_pages(())

    def show_pages(self, pages: Sequence[bytes], said: str = "") -> None:
        """Show the first of these pages, JPEGs; without any, say why."""
        self._pages, self._place, self._turn, self._zoom = pages, 0, 0, 1.0
        self._show(said)

    def show_next(self) -> None:
        """Show the page after this one, after the last one the first."""
        self._place = (self._place + 1) % max(len(self._pages), 1)
        self._show()

    def turn_right(self) -> None:
        """Turn the page by a quarter."""
        self._turn = (self._turn + 90) % 360
        self._draw()

    def _scale(self, factor: float) -> None:
        self._zoom = min(max(self._zoom * factor, _SMALLEST), _LARGEST)
        self._draw()

    def _show(self, said: str = "") -> None:
        self._picture = QPixmap()
        if self._pages:
            self._picture.loadFromData(self._pages[self._place])
        count = len(self._pages)
        self.about.setText(f"第 {self._place + 1} 页，共 {count} 页" if count > 1 else "")
        self.next_page.setVisible(count > 1)
        for action in (self.turn, self.larger, self.smaller):
            action.setEnabled(count > 0)
        if not count:
            self.label.setText(said)
        self._draw()

    def _draw(self) -> None:
        if self._picture.isNull():
            return
        ratio = self.devicePixelRatioF()
        turned = self._picture.transformed(QTransform().rotate(self._turn))
        fitted = self._zoom <= 1
        policy = Qt.ScrollBarPolicy.ScrollBarAlwaysOff if fitted else Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self.area.setHorizontalScrollBarPolicy(policy)
        bar = self.area.verticalScrollBar().sizeHint().width()  # room for it, whether or not it shows now
        width = round(max(self.area.width() - bar - 2 * self.area.frameWidth(), 1) * self._zoom * ratio)
        drawn = turned.scaledToWidth(width, Qt.TransformationMode.SmoothTransformation)
        drawn.setDevicePixelRatio(ratio)
        self.label.setPixmap(drawn)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._draw()
