"""The camera of docs/images: starts the program, waits for it, and keeps what is seen."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

NOW = datetime(2026, 11, 24, 9, 30)
_COLOURS, _EXACT_COLOURS = 128, 64


class _GivenFiles:
    """Stands in for the dialogs of the system."""

    def __init__(self) -> None:
        self.path: Path | None = None

    def save_as(self, _parent: object, _title: str, _name: str, _pattern: str) -> Path | None:
        return self.path

    def open_file(self, _parent: object, _title: str, _pattern: str) -> Path | None:
        return self.path

    def open_files(self, _parent: object, _title: str, _pattern: str) -> list[Path]:
        return [self.path] if self.path else []

    def folder(self, _parent: object, _title: str) -> Path | None:
        return self.path


def _few_colours(picture: "Picture") -> "Picture":
    """Return a picture of at most 128 colours, the most frequent ones nearly as they are.

    An octree alone would make the white of a field and the grey of its window one colour; it is there for
    the few pixels of an icon's own colour.
    """
    from PIL import Image

    counted = sorted(picture.getcolors(picture.width * picture.height) or [], reverse=True)
    exact = [part for _count, colour in counted[:_EXACT_COLOURS] for part in colour]
    none = Image.Dither.NONE
    rest = picture.quantize(
        _COLOURS - _EXACT_COLOURS, method=Image.Quantize.FASTOCTREE, dither=none
    ).getpalette()
    palette = Image.new("P", (1, 1))
    palette.putpalette([*exact, *(rest or [])])
    return picture.quantize(palette=palette, dither=none)


class Camera:
    """Shows the program to whoever takes pictures of it."""

    def __init__(self, folder: Path, names: tuple[str, ...]) -> None:
        self._folder = folder
        self._names = names
        self._files = _GivenFiles()
        folder.mkdir(parents=True, exist_ok=True)

    def wait(self, milliseconds: int = 60) -> None:
        """Let Qt work until nothing runs; QTest's wait would keep the workers from running."""
        from PySide6.QtCore import QEventLoop, QTimer

        while True:
            loop = QEventLoop()
            QTimer.singleShot(milliseconds, loop.quit)
            loop.exec()
            if not self.program.window.tasks.busy:
                return

    def save(self, name: str, widget: object) -> None:
        """Keep a picture of a widget, with few colours: a third of the size, and no eye sees it."""
        from PIL import Image
        from PySide6.QtWidgets import QWidget

        if not isinstance(widget, QWidget) or (self._names and not name.startswith(self._names)):
            return
        target = self._folder / f"{name}.png"
        widget.grab().save(str(target))
        with Image.open(target) as picture:
            few = _few_colours(picture.convert("RGB"))
        few.save(target, optimize=True)

    def start(self, folder: str) -> None:
        """Start the program on a folder, in a window as large as the screen."""
        from PySide6.QtWidgets import QApplication

        from cdo_desktop.app import Program

        self.program = Program(Path("data") / folder, clock=lambda: NOW, files=self._files)
        room = QApplication.primaryScreen().availableGeometry()
        self.program.window.resize(room.width(), room.height() - 30)  # the title bar of the system
        self.program.start()
        self.wait(300)

    def dialog(self) -> object:
        """Return the dialog on top, filled."""
        from PySide6.QtWidgets import QApplication

        self.wait(150)
        return QApplication.activeModalWidget()

    def close_dialog(self) -> None:
        """Close the dialog on top without saving."""
        from PySide6.QtWidgets import QApplication, QDialog

        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, QDialog):
            dialog.done(0)
        self.wait()

    def during(self, action: Callable[[], object], name: str) -> None:
        """Take the picture of a dialog that does not return before it is closed."""
        from PySide6.QtCore import QTimer
        from PySide6.QtWidgets import QApplication, QDialog

        before = QApplication.activeModalWidget()

        def take() -> None:
            dialog = QApplication.activeModalWidget()
            if dialog is before or not isinstance(dialog, QDialog):
                QTimer.singleShot(100, take)
                return
            self.save(name, dialog)
            dialog.reject()

        QTimer.singleShot(200, take)
        action()
        self.wait(400)

    def select(self, unit: str, post: str) -> None:
        """Select one row of the register."""
        tab = self.program.tab
        if tab is None:
            raise RuntimeError("the register is not shown")
        model = tab.table.model
        for place in range(model.key_count):
            row = model.row_at(place)
            if row is not None and (row.unit, row.post) == (unit, post):
                tab.table.select_key(model.key_at(place))
                return
        raise LookupError(f"{unit} {post}")
