"""The form of the current line, drawn off the GUI thread: always the newest one wanted, one at a time."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from cdo_desktop.errors import AppError
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.pdf_preview import PdfPreview
from cdo_desktop.ui.registry import forms_batch
from cdo_desktop.ui.registry.services import RegistryServices

if TYPE_CHECKING:
    from cdo_desktop.services.forms import FormBatch

_PAUSE_MS = 80  # while the arrow key is held down, forms that only pass by are not drawn


class FormPreview(QObject):
    """Feeds a `PdfPreview` with one form after the other."""

    def __init__(self, services: RegistryServices, ui: UiContext) -> None:
        super().__init__()
        self.widget = PdfPreview(ui)
        self._services = services
        self._ui = ui
        self._wanted: FormBatch | None = None
        self._duplex = True
        self._drawing = False
        self._timer = QTimer(self, interval=_PAUSE_MS, singleShot=True)
        self._timer.timeout.connect(self._draw)

    def show_form(self, form: "FormBatch", *, duplex: bool) -> None:
        """Show a batch of one form as soon as it is drawn; ``duplex`` with its back."""
        self._wanted = form
        self._duplex = duplex
        self._timer.start()

    def show_nothing(self) -> None:
        """Show an empty preview, as for an empty post."""
        self._wanted = None
        self._timer.stop()
        self.widget.close_document()

    def _draw(self) -> None:
        form, services, duplex = self._wanted, self._services, self._duplex
        if form is None or self._drawing:
            return
        self._drawing = True
        self._ui.tasks.run(
            lambda: forms_batch.draw(services, form, duplex=duplex),
            owner=self.widget,
            done=lambda content: self._drawn(form, duplex, content),
            failed=self._not_drawn,
        )

    def _drawn(self, form: "FormBatch", duplex: bool, content: bytes) -> None:
        self._drawing = False
        if form is self._wanted and duplex == self._duplex:
            self.widget.load(content)
        else:
            self._draw()

    def _not_drawn(self, error: AppError) -> None:
        self._drawing = False
        self.widget.banner.show_error(error)

    def close(self) -> None:
        """Free the document."""
        self.show_nothing()
