"""The scan that goes with one receipt: chosen, dropped or pasted; not more than one."""

from pathlib import Path

from PySide6.QtCore import QMimeData, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from cdo_desktop.rules.attachments import SUFFIXES
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.style import SMALL

_PATTERN = f"扫描件 ({' '.join(f'*.{suffix}' for suffix in SUFFIXES)});;所有文件 (*)"
_NONE = "没有附扫描件；可以选择文件，也可以拖进来或粘贴"


class ScanPick(QWidget):
    """Names the file; it is read when the receipt is booked in."""

    changed = Signal()

    def __init__(self, ui: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ui = ui
        self._path: Path | None = None
        self.choose_button = QPushButton("附扫描件(&O)…")
        self.choose_button.setAccessibleName("附扫描件")
        self.remove_button = QPushButton("不附(&X)")
        self.remove_button.setAccessibleName("不附扫描件")
        for button in (self.choose_button, self.remove_button):
            button.setAutoDefault(False)
        self.choose_button.clicked.connect(lambda _checked=False: self.choose())
        self.remove_button.clicked.connect(lambda _checked=False: self.set_path(None))
        self.label = QLabel()
        self.label.setProperty("role", "muted")
        self.label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SMALL)
        row.addWidget(self.choose_button)
        row.addWidget(self.label, 1)
        row.addWidget(self.remove_button)
        self.set_path(None)

    @property
    def path(self) -> Path | None:
        """The file chosen, or None."""
        return self._path

    def choose(self) -> None:
        """Ask for the file."""
        path = self._ui.files.open_file(self, "选择扫描件", _PATTERN)
        if path is not None:
            self.set_path(path)

    def set_path(self, path: Path | None) -> None:
        """Take a file in the place of the one before."""
        self._path = path
        self.label.setText(f"附：{path.name}" if path is not None else _NONE)
        self.label.setToolTip(str(path or ""))
        self.remove_button.setVisible(path is not None)
        self.changed.emit()


def one_file(data: QMimeData | None) -> Path | None:
    """Return the one file that is dragged or on the clipboard; None for anything else."""
    urls = data.urls() if data is not None else []
    if len(urls) != 1 or not urls[0].isLocalFile():
        return None
    return Path(urls[0].toLocalFile())
