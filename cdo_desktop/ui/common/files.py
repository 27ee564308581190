"""Choosing files: one place that remembers the last folder, and that tests can replace."""

from pathlib import Path
from typing import Protocol

from PySide6.QtWidgets import QWidget

_LAST_FOLDER = "files/last_folder"


class FileChooser(Protocol):
    """Asks for a file to write or to read; None means that the user gave up."""

    def save_as(self, parent: QWidget, title: str, name: str, pattern: str) -> Path | None:
        """Ask where to write ``name``; ``pattern`` is like ``PDF 文件 (*.pdf)``."""

    def open_file(self, parent: QWidget, title: str, pattern: str) -> Path | None:
        """Ask for a file to read."""

    def open_files(self, parent: QWidget, title: str, pattern: str) -> list[Path]:
        """Ask for several files to read."""

    def folder(self, parent: QWidget, title: str) -> Path | None:
        """Ask for a folder to write into."""


class DialogFiles:
    """The dialogs of the system, beginning where the last file was; nothing of them is loaded before."""

    def save_as(self, parent: QWidget, title: str, name: str, pattern: str) -> Path | None:
        """Ask where to write; the suffix of the pattern is added when it is missing."""
        from PySide6.QtWidgets import QFileDialog

        suggested = str(_last_folder() / name)
        chosen, _filter = QFileDialog.getSaveFileName(parent, title, suggested, pattern)
        if not chosen:
            return None
        path = with_ending(Path(chosen), Path(name).suffix)
        _remember(path.parent)
        return path

    def open_file(self, parent: QWidget, title: str, pattern: str) -> Path | None:
        """Ask for one file."""
        from PySide6.QtWidgets import QFileDialog

        chosen, _filter = QFileDialog.getOpenFileName(parent, title, str(_last_folder()), pattern)
        if not chosen:
            return None
        _remember(Path(chosen).parent)
        return Path(chosen)

    def open_files(self, parent: QWidget, title: str, pattern: str) -> list[Path]:
        """Ask for files of one folder."""
        from PySide6.QtWidgets import QFileDialog

        chosen, _filter = QFileDialog.getOpenFileNames(parent, title, str(_last_folder()), pattern)
        if chosen:
            _remember(Path(chosen[0]).parent)
        return [Path(name) for name in chosen]

    def folder(self, parent: QWidget, title: str) -> Path | None:
        """Ask for a folder."""
        from PySide6.QtWidgets import QFileDialog

        chosen = QFileDialog.getExistingDirectory(parent, title, str(_last_folder()))
        if not chosen:
            return None
        _remember(Path(chosen))
        return Path(chosen)


def with_ending(path: Path, ending: str) -> Path:
    """Return a path that ends in ``.xlsx`` or the like; 名册2026.3.5 has no ending of its own."""
    return path if path.suffix.lower() == ending.lower() else path.with_name(path.name + ending)


def _last_folder() -> Path:
    from PySide6.QtCore import QSettings, QStandardPaths

    stored = QSettings().value(_LAST_FOLDER, "")
    folder = Path(str(stored)) if stored else None
    if folder is not None and folder.is_dir():
        return folder
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))


def _remember(folder: Path) -> None:
    from PySide6.QtCore import QSettings

    QSettings().setValue(_LAST_FOLDER, str(folder))
