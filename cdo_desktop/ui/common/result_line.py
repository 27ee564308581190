"""A line that tells where a file went, with buttons to open it."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, QUrl
from PySide6.QtGui import QDesktopServices, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from cdo_desktop.errors import AppError, StorageError
from cdo_desktop.ui.common.icons import icon
from cdo_desktop.ui.common.style import ICON_SIZE, MEDIUM, SMALL, TIGHT
from cdo_desktop.ui.common.tones import Tone


class ResultLine(QFrame):
    """Hidden until a file or a folder has been written; offers 打开文件 and 打开文件夹."""

    def __init__(self, failed: Callable[[AppError], None], parent: QWidget | None = None) -> None:
        """``failed`` tells when no program can open the file."""
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._failed = failed
        self._path = Path()
        self._picture = QLabel()
        self.label = QLabel()
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setWordWrap(True)
        self.label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.open_button = QPushButton("打开文件")
        self.folder_button = QPushButton("打开文件夹")
        self.close_button = QToolButton()
        self.close_button.setIcon(icon("x"))
        self.close_button.setAutoRaise(True)
        self.close_button.setToolTip("收起这一行")
        self.close_button.setAccessibleName("收起这一行")
        self.close_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        for button in (self.open_button, self.folder_button):
            button.setAutoDefault(False)
            button.setAccessibleName(button.text())
        self.open_button.clicked.connect(lambda _checked=False: self._open(self._path))
        self.folder_button.clicked.connect(lambda _checked=False: self._open(self.folder))
        self.close_button.clicked.connect(self.hide)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(MEDIUM, TIGHT, SMALL, TIGHT)
        layout.setSpacing(SMALL)
        for widget in (self._picture, self.label, self.open_button, self.folder_button, self.close_button):
            layout.addWidget(widget)
        self.hide()

    @property
    def folder(self) -> Path:
        """The folder that holds what was written, or the written folder itself."""
        return self._path if self._path.is_dir() else self._path.parent

    def show_path(self, text: str, path: Path | None) -> None:
        """Tell that ``path``, a file or a folder, has been written; without one there is nothing to open."""
        self._path = path or Path()
        self.label.setText(text)
        self.label.setToolTip("" if path is None else str(path))
        self.setAccessibleName(text)
        self.open_button.setVisible(path is not None and not path.is_dir())
        self.folder_button.setVisible(path is not None)
        picture = icon("circle-check", Tone.SUCCESS)
        self._picture.setPixmap(picture.pixmap(QSize(ICON_SIZE, ICON_SIZE), self.devicePixelRatioF()))
        self.show()

    def _open(self, path: Path) -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            self._failed(StorageError(f"系统打不开“{path.name}”。文件已经写好，请在文件夹里打开它。"))
