"""The small window that shows long work and stops it."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from cdo_desktop.ui.common.overriding import override
from cdo_desktop.ui.common.progress import Progress

_POLL_MS = 100


class ProgressDialog(QDialog):
    """Shows a `Progress` beside the window without blocking it; Esc and 取消 ask the work to stop."""

    cancel_pressed = Signal()

    def __init__(
        self, title: str, progress: Progress, *, cancellable: bool = True, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setModal(False)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self._progress = progress
        self._cancellable = cancellable
        heading = QLabel(title)
        heading.setTextFormat(Qt.TextFormat.PlainText)
        heading.setProperty("role", "heading")
        self.bar = QProgressBar()
        self.bar.setAccessibleName(f"{title}的进度")
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.item = QLabel("正在准备…")
        self.item.setTextFormat(Qt.TextFormat.PlainText)
        self.item.setProperty("role", "muted")
        self.count = QLabel()
        self.count.setProperty("role", "muted")
        self.cancel_button = QPushButton("取消")
        self.cancel_button.setAccessibleName(f"取消{title}")
        self.cancel_button.setVisible(cancellable)
        self.cancel_button.setAutoDefault(False)
        self.cancel_button.clicked.connect(self._cancel)
        self._lay_out(heading)
        self._timer = QTimer(self, interval=_POLL_MS)
        self._timer.timeout.connect(self.refresh)

    def _lay_out(self, heading: QLabel) -> None:
        below = QHBoxLayout()
        below.addWidget(self.count)
        below.addStretch(1)
        below.addWidget(self.cancel_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(8)
        layout.addWidget(heading)
        layout.addWidget(self.bar)
        layout.addWidget(self.item)
        layout.addLayout(below)
        self.setFixedWidth(self.fontMetrics().averageCharWidth() * 60)

    def start(self) -> None:
        """Show the window and follow the work until `finish`."""
        self.refresh()
        self._timer.start()
        self.show()

    def finish(self) -> None:
        """Close for good."""
        self._timer.stop()
        super().reject()
        self.deleteLater()

    def refresh(self) -> None:
        """Show the newest state."""
        state = self._progress.state
        self.bar.setRange(0, state.total)
        self.bar.setValue(state.done)
        self.count.setText(f"{state.done} / {state.total}" if state.total else "")
        if self._progress.cancelled:
            self.item.setText("正在停止，已经做的这一部分会撤回…")
        elif state.text:
            room = self.width() - 32
            self.item.setText(
                self.item.fontMetrics().elidedText(state.text, Qt.TextElideMode.ElideMiddle, room)
            )
            self.item.setToolTip(state.text)

    def _cancel(self) -> None:
        if not self._cancellable:
            return
        self.cancel_button.setEnabled(False)
        self.cancel_pressed.emit()
        self.refresh()

    @override
    def reject(self) -> None:
        self._cancel()

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        self._cancel()
        event.ignore()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._cancel()
            return
        super().keyPressEvent(event)
