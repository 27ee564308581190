"""A line that tells where a file went, with buttons to open it."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QPushButton, QWidget

from cdo_desktop.errors import AppError, StorageError
from cdo_desktop.ui.common.done_line import DoneLine


class ResultLine(DoneLine):
    """Hidden until a file or a folder has been written; offers 打开文件 and 打开文件夹."""

    def __init__(self, failed: Callable[[AppError], None], parent: QWidget | None = None) -> None:
        """``failed`` tells when no program can open the file."""
        self._failed = failed
        self._path = Path()
        self.open_button = QPushButton("打开文件")
        self.folder_button = QPushButton("打开文件夹")
        for button in (self.open_button, self.folder_button):
            button.setAutoDefault(False)
            button.setAccessibleName(button.text())
        self.open_button.clicked.connect(lambda _checked=False: self._open(self._path))
        self.folder_button.clicked.connect(lambda _checked=False: self._open(self.folder))
        super().__init__((self.open_button, self.folder_button), parent=parent)

    @property
    def folder(self) -> Path:
        """The folder that holds what was written, or the written folder itself."""
        return self._path if self._path.is_dir() else self._path.parent

    def show_path(self, text: str, path: Path | None) -> None:
        """Tell that ``path``, a file or a folder, has been written; without one there is nothing to open."""
        self._path = path or Path()
        self.label.setToolTip("" if path is None else str(path))
        self.open_button.setVisible(path is not None and not path.is_dir())
        self.folder_button.setVisible(path is not None)
        self.tell(text)

    def _open(self, path: Path) -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            self._failed(StorageError(f"系统打不开“{path.name}”。文件已经写好，请在文件夹里打开它。"))
