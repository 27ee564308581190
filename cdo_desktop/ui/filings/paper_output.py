"""A paper before it leaves: written off the GUI thread and looked at, then printed or saved."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from cdo_desktop.errors import AppError, CancelledError
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.help import set_topic
from cdo_desktop.ui.common.open_dialog import open_dialog

if TYPE_CHECKING:
    from cdo_desktop.services.filing_papers import Written

Write = Callable[[Path], "Written"]
TOPIC: Final = "出件"
_MOST_PROBLEMS: Final = 3


class PaperOutput(QObject):
    """Belongs to one page; one paper at a time."""

    def __init__(self, ui: UiContext, page: QWidget) -> None:
        super().__init__(page)
        self._ui = ui
        self._page = page
        self._drawing = False

    def preview(self, what: str, write: Write, *, name: str = "", duplex: bool = False) -> None:
        """Show a paper as it would be printed; ``name`` is what its file would be called."""
        if self._drawing:
            return
        self._drawing = True
        name = name or f"{what}{self._ui.today():%Y%m%d}.pdf"
        self._ui.tasks.run(
            lambda: _drawn(name, write),
            owner=self,
            done=lambda drawn: self._show(what, name, *drawn, duplex=duplex),
            failed=self._not_drawn,
            title=f"正在准备{what}",
            cancellable=True,
        )

    def _show(self, what: str, name: str, content: bytes, written: "Written", *, duplex: bool) -> None:
        from cdo_desktop.ui.common.notice_bar import NoticeKind
        from cdo_desktop.ui.common.pdf_preview import PreviewDialog

        self._drawing = False
        dialog = PreviewDialog(what, content, self._ui, file_name=name, duplex=duplex, parent=self._page)
        set_topic(dialog, TOPIC)
        if written.problems:
            dialog.preview.banner.show_text(NoticeKind.WARNING, problem_text(written.problems))
        open_dialog(dialog)

    def _not_drawn(self, error: AppError) -> None:
        self._drawing = False
        if isinstance(error, CancelledError):
            self._ui.notices.info(str(error))
        else:
            self._ui.notices.error(error)


def _drawn(name: str, write: Write) -> "tuple[bytes, Written]":
    with tempfile.TemporaryDirectory(prefix="cdo-", ignore_cleanup_errors=True) as folder:
        target = Path(folder) / name
        written = write(target)
        return target.read_bytes(), written


def problem_text(problems: tuple[str, ...]) -> str:
    """Say what cannot be read on a paper, the first ones in full."""
    left = len(problems) - _MOST_PROBLEMS
    more = f"；另有 {left} 处" if left > 0 else ""
    return f"打印前请看一下：{'；'.join(text.rstrip('。') for text in problems[:_MOST_PROBLEMS])}{more}。"
