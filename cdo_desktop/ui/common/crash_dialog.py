"""The window that an unexpected error opens."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from cdo_desktop.ui.common.style import LARGE, MEDIUM, SMALL


class CrashDialog(QDialog):
    """Says what happened; 复制详情 copies the report that was logged."""

    def __init__(self, text: str, report: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("程序遇到问题")
        self.message = QLabel(text)
        self.message.setTextFormat(Qt.TextFormat.PlainText)
        self.message.setWordWrap(True)
        self.details = QPlainTextEdit(report)
        self.details.setReadOnly(True)
        self.details.setAccessibleName("详情")
        self.details.setTabChangesFocus(True)
        self.copy_button = self._button("复制详情", self._copy)
        self.close_button = self._button("继续使用", self.accept)
        self.close_button.setDefault(True)
        row = QHBoxLayout()
        row.setSpacing(SMALL)
        row.addWidget(self.copy_button)
        row.addStretch(1)
        row.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(LARGE, LARGE, LARGE, MEDIUM)
        layout.setSpacing(MEDIUM)
        layout.addWidget(self.message)
        layout.addWidget(self.details, 1)
        layout.addLayout(row)
        self.resize(self.fontMetrics().averageCharWidth() * 90, self.fontMetrics().lineSpacing() * 18)
        self.close_button.setFocus()

    def _button(self, text: str, pressed: Callable[[], object]) -> QPushButton:
        button = QPushButton(text)
        button.setAccessibleName(text)
        button.setAutoDefault(False)
        button.clicked.connect(lambda _checked=False: pressed())
        return button

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(f"{self.message.text()}\n{self.details.toPlainText()}")
