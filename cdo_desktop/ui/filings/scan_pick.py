"""The scan that goes with one receipt: chosen, dropped or pasted; not more than one."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMimeData, Signal
from PySide6.QtGui import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from cdo_desktop.rules.attachments import SUFFIXES
from cdo_desktop.rules.vocabulary import PaperShows
from cdo_desktop.services.scan_check import ScanCheck
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.style import SMALL, TIGHT, restyle

_PATTERN = f"扫描件 ({' '.join(f'*.{suffix}' for suffix in SUFFIXES)});;所有文件 (*)"
_NONE = "没有附扫描件；可以选择文件，也可以拖进来或粘贴"
_READING = "正在核对二维码…"


class ScanPick(QWidget):
    """Names the file and says below what its codes tell; ``check`` reads them, in a task."""

    changed = Signal()  # another file, or none
    checked = Signal()

    def __init__(
        self, check: Callable[[Path], ScanCheck], ui: UiContext, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._check = check
        self._ui = ui
        self._path: Path | None = None
        self._asked = 0
        self.reading = False
        self.found: ScanCheck | None = None
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
        self.said = QLabel()
        self.said.setWordWrap(True)
        self.said.setTextFormat(Qt.TextFormat.PlainText)
        self._arrange()
        self.set_path(None)

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(SMALL)
        row.addWidget(self.choose_button)
        row.addWidget(self.label, 1)
        row.addWidget(self.remove_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(TIGHT)
        layout.addLayout(row)
        layout.addWidget(self.said)

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
        """Take a file in the place of the one before, and look what it is."""
        self._path, self.found = path, None
        self._asked += 1
        self.label.setText(f"附：{path.name}" if path is not None else _NONE)
        self.label.setToolTip(str(path or ""))
        self.remove_button.setVisible(path is not None)
        self.reading = path is not None
        self._say(_READING if path is not None else "")
        self.changed.emit()
        if path is not None:
            asked = self._asked
            self._ui.tasks.run(
                lambda: self._check(path),
                owner=self,
                done=lambda found: self._found(asked, found),
                failed=lambda error: self._found(asked, ScanCheck(said=f"没有核对二维码：{error}")),
            )

    def _found(self, asked: int, found: ScanCheck) -> None:
        if asked != self._asked:  # another file was chosen meanwhile
            return
        self.reading, self.found = False, found
        strange = bool(found.doubts) or found.shows is PaperShows.OLDER
        self._say("；".join(found.doubts) or found.said, strange=strange)
        self.checked.emit()

    def _say(self, text: str, *, strange: bool = False) -> None:
        self.said.setText(text)
        self.said.setVisible(bool(text))
        self.said.setProperty("role", "message" if strange else "muted")
        restyle(self.said)


def one_file(data: QMimeData | None) -> Path | None:
    """Return the one file that is dragged or on the clipboard; None for anything else."""
    urls = data.urls() if data is not None else []
    if len(urls) != 1 or not urls[0].isLocalFile():
        return None
    return Path(urls[0].toLocalFile())
