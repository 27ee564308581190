"""The line after 备案编号: what got which number, with the papers that follow."""

from collections.abc import Callable

from PySide6.QtCore import QSize
from PySide6.QtGui import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from cdo_desktop.ui.common.icons import icon
from cdo_desktop.ui.common.style import ICON_SIZE, MEDIUM, SMALL, TIGHT
from cdo_desktop.ui.common.tones import Tone


class NumberedLine(QFrame):
    """Stays until it is closed or the next numbers are given; nothing has to be selected for its buttons."""

    def __init__(
        self,
        receipts: Callable[[list[int]], object],
        seal_list: Callable[[list[int]], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._ids: list[int] = []
        self._picture = QLabel()
        self.label = QLabel()
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setWordWrap(True)
        self.label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.receipts_button = QPushButton("备案回执…")
        self.seal_button = QPushButton("用印清单…")
        for button, write in ((self.receipts_button, receipts), (self.seal_button, seal_list)):
            button.setAutoDefault(False)
            button.setAccessibleName(f"刚编号的{button.text().rstrip('…')}")
            button.clicked.connect(lambda _checked=False, write=write: write(list(self._ids)))
        self.close_button = QToolButton()
        self.close_button.setIcon(icon("x"))
        self.close_button.setAutoRaise(True)
        self.close_button.setToolTip("收起这一行")
        self.close_button.setAccessibleName("收起编号这一行")
        self.close_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.close_button.clicked.connect(self.hide)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(MEDIUM, TIGHT, SMALL, TIGHT)
        layout.setSpacing(SMALL)
        for widget in (
            self._picture,
            self.label,
            self.receipts_button,
            self.seal_button,
            self.close_button,
        ):
            layout.addWidget(widget)
        self.hide()

    def show_numbered(self, text: str, filing_ids: list[int]) -> None:
        """Tell what got its number."""
        self._ids = filing_ids
        self.label.setText(text)
        self.setAccessibleName(text)
        picture = icon("circle-check", Tone.SUCCESS)
        self._picture.setPixmap(picture.pixmap(QSize(ICON_SIZE, ICON_SIZE), self.devicePixelRatioF()))
        self.show()
