"""设置: what the office decides for itself, on one page."""

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from cdo_desktop.services.form_text_files import FormTextFile
from cdo_desktop.services.office_settings import OfficeSettings, ReceivingBodyDraft
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.style import MEDIUM
from cdo_desktop.ui.system.filing_choices import FilingChoices
from cdo_desktop.ui.system.form_texts_box import FormTextsBox
from cdo_desktop.ui.system.number_start import NumberStart
from cdo_desktop.ui.system.receiving_bodies import ReceivingBodies
from cdo_desktop.ui.system.services import SystemServices
from cdo_desktop.ui.system.widgets import add_refresh


@dataclass(frozen=True)
class _Stored:
    settings: OfficeSettings
    bodies: tuple[ReceivingBodyDraft, ...]
    files: tuple[FormTextFile, ...]
    first_number: int
    next_number: str


class SettingsSection(QWidget):
    """Four boxes; each stores its own."""

    settings_changed = Signal()
    texts_changed = Signal()

    def __init__(self, services: SystemServices, ui: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._ui = ui
        self.bodies = ReceivingBodies(services.settings, ui)
        self.choices = FilingChoices(services.settings, ui)
        self.numbers = NumberStart(services.numbers(), ui)
        self.texts = FormTextsBox(services, ui)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(MEDIUM, MEDIUM, MEDIUM, MEDIUM)
        column.setSpacing(MEDIUM)
        for box in (self.bodies, self.choices, self.numbers, self.texts):
            column.addWidget(box)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setProperty("role", "plain")
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll)
        add_refresh(self, self.reload)
        self.bodies.changed.connect(self._bodies_changed)
        self.choices.saved.connect(self._choices_saved)
        self.numbers.saved.connect(self.reload)
        self.texts.texts_changed.connect(self.texts_changed)
        self.setFocusProxy(self.bodies.list)

    @property
    def is_dirty(self) -> bool:
        """Whether something is not stored yet."""
        return self.choices.is_dirty or self.numbers.is_dirty

    def reload(self) -> None:
        """Read everything anew; what is typed and not saved stays."""
        services = self._services

        def read() -> _Stored:
            numbers, year = services.numbers(), self._ui.today().year
            return _Stored(
                services.settings.get(),
                services.settings.receiving_bodies(),
                services.form_texts().files(),
                numbers.first_of(year),
                numbers.next_number(year),
            )

        self._ui.tasks.run(read, owner=self, done=self._show, failed=self._ui.notices.error)

    def _show(self, stored: _Stored) -> None:
        self.bodies.show_bodies(stored.bodies)
        if not self.choices.is_dirty:
            self.choices.show_settings(stored.settings)
        if not self.numbers.is_dirty:
            self.numbers.show_numbers(stored.first_number, stored.next_number)
        self.texts.show_files(stored.files)

    def _bodies_changed(self) -> None:
        self.reload()
        self.settings_changed.emit()

    def _choices_saved(self) -> None:
        self.reload()
        self.settings_changed.emit()
