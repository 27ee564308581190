"""The dialog around a form: saves once, keeps what was typed when saving fails, asks before it is lost."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QEvent, QObject, QSize, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut, QShowEvent, Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from cdo_desktop.errors import AppError, CancelledError, ConflictError, InvalidFormError, InvalidInputError
from cdo_desktop.ui.common import shortcuts
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.fields import FieldValue
from cdo_desktop.ui.common.form import Form
from cdo_desktop.ui.common.help import HelpButton
from cdo_desktop.ui.common.input_guard import commit_input_method, is_composing
from cdo_desktop.ui.common.notice_bar import NoticeBar
from cdo_desktop.ui.common.notices import ConflictChoice
from cdo_desktop.ui.common.overriding import override
from cdo_desktop.ui.common.style import LARGE, MEDIUM, SMALL

if TYPE_CHECKING:
    from cdo_desktop.ui.common.drafts import DraftKeeper

Save = Callable[[dict[str, FieldValue]], object]
Reload = Callable[[], Mapping[str, FieldValue]]
_GREY_AFTER_MS = 300
_DEAF_MS = 600
_PRESSING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
SCREEN_SHARE = 0.95


class FormDialog(QDialog):
    """A `Form` with 保存 and 取消.

    ``save`` gets the values and runs as a task, off the GUI thread: it touches no widget. If it raises an
    AppError, the dialog stays open with all input. ``reload`` runs as a task too: it reads the record
    again after a conflict, so that the next ``save`` carries the new version, and returns its values.

    With a ``draft_key``, stable for the action and the record it edits, what is typed outlives a crash;
    ``draft_version`` tells the version of the record as it was read last. What is ``final`` cannot be undone:
    nobody has read the window in its first moment, and a key or click that comes then was meant for another.
    """

    saved = Signal(object)  # what ``save`` returned

    def __init__(
        self,
        title: str,
        ui: UiContext,
        save: Save,
        *,
        reload: Reload | None = None,
        save_label: str = "保存",
        draft_key: str = "",
        draft_version: Callable[[], int] = lambda: 0,
        final: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"{title}[*]")
        self._ui = ui
        self._save_values = save
        self._reload = reload
        self._draft_key = draft_key
        self._draft_version = draft_version
        self._draft_keeper: DraftKeeper | None = None
        self._saving = False
        self._focus_before: QWidget | None = None
        self.result_value: object = None
        self.banner = NoticeBar()
        self.form = Form(ui)
        self.form.changed.connect(lambda _key: self._show_dirty())
        self.save_button = QPushButton(save_label)
        self.save_button.setProperty("role", "primary")
        self.save_button.setDefault(True)
        self.save_button.setToolTip(f"{save_label}（Ctrl+S）")
        self.cancel_button = QPushButton("取消")
        self.cancel_button.setAutoDefault(False)
        for button, slot in ((self.save_button, self._save_pressed), (self.cancel_button, self.reject)):
            button.setAccessibleName(button.text())
            button.clicked.connect(lambda _checked=False, slot=slot: slot())
        self.save_button.installEventFilter(self)
        QShortcut(QKeySequence(shortcuts.SAVE), self).activated.connect(self._save_pressed)
        self.button_row = QHBoxLayout()
        self.button_row.setSpacing(SMALL)
        self.button_row.addWidget(HelpButton(ui))
        self.button_row.addStretch(1)
        self.button_row.addWidget(self.save_button)
        self.button_row.addWidget(self.cancel_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(LARGE, LARGE, LARGE, MEDIUM)
        layout.setSpacing(MEDIUM)
        layout.addWidget(self.banner)
        self.above = QVBoxLayout()  # what is read before the fields
        layout.addLayout(self.above)
        layout.addWidget(self.form, 1)
        self.below = QVBoxLayout()  # what else belongs between the fields and the buttons
        layout.addLayout(self.below)
        layout.addLayout(self.button_row)
        self._deaf_timer = QTimer(self, interval=_DEAF_MS, singleShot=True)
        self._final = final
        self._grey_timer = QTimer(self, interval=_GREY_AFTER_MS, singleShot=True)
        self._grey_timer.timeout.connect(lambda: self.form.setUpdatesEnabled(True))

    def add_remark(self, text: str) -> QLabel:
        """Say something quietly beside the buttons."""
        remark = QLabel(text)
        remark.setProperty("role", "muted")
        self.button_row.insertWidget(1, remark)
        return remark

    @property
    def saving(self) -> bool:
        """Whether a save is under way."""
        return self._saving

    @property
    def listens(self) -> bool:
        """Whether Enter, Ctrl+S and the button do it yet."""
        return not self._deaf_timer.isActive()

    def _save_pressed(self) -> None:
        if self.listens:
            self.save()

    def save(self) -> None:
        """Check the fields and save once; another press before the outcome does nothing."""
        if self._saving:
            return
        commit_input_method()
        messages = self.form.check()
        self.form.set_messages(messages)
        if messages:
            return
        self.banner.clear()
        values = self.form.values()
        self._lock(True)
        self._ui.tasks.run(
            lambda: self._save_values(values), owner=self, done=self._saved, failed=self._not_saved
        )

    def _saved(self, result: object) -> None:
        self._lock(False)
        self.result_value = result
        self.form.mark_clean()
        self._show_dirty()
        self.accept()
        self.saved.emit(result)

    def _not_saved(self, error: AppError) -> None:
        self._lock(False)
        if isinstance(error, CancelledError):
            return
        if isinstance(error, ConflictError):
            self._resolve(error)
        elif isinstance(error, InvalidFormError):
            self._show_wrong_fields(error.messages)
        elif isinstance(error, InvalidInputError) and error.field and self.form.has_field(error.field):
            self._show_wrong_fields({error.field: str(error)})
        else:
            self.banner.show_error(error)
        if self._draft_keeper is not None:
            self._draft_keeper.keep()  # a full or locked database is when it is needed

    def _show_wrong_fields(self, messages: dict[str, str]) -> None:
        """Show messages at their fields, and those of fields that the form does not have in the banner."""
        elsewhere = [text for key, text in messages.items() if not self.form.has_field(key)]
        for text in elsewhere:
            self.banner.show_error(InvalidInputError(text))
        self.form.set_messages(messages)

    def _resolve(self, conflict: ConflictError) -> None:
        choice = self._ui.notices.show_conflict(conflict)
        if self._reload is None:
            self.banner.show_error(conflict)
            return
        if choice is ConflictChoice.BACK:
            return
        self._lock(True)
        keep_mine = choice is ConflictChoice.KEEP_MINE
        self._ui.tasks.run(
            self._reload,
            owner=self,
            done=lambda values: self._reloaded(values, keep_mine=keep_mine),
            failed=self._not_saved,
        )

    def _reloaded(self, values: Mapping[str, FieldValue], *, keep_mine: bool) -> None:
        self._lock(False)
        if keep_mine:
            self.form.merge_theirs(values)
        else:
            self.form.set_values(values)
        self._show_dirty()

    def _drop_waiting_save(self) -> None:
        """Forget a press that is done only once something else is known; what knows all keeps none."""

    @override
    def reject(self) -> None:
        """Close; with unsaved input ask first."""
        if self._saving:
            return
        self._drop_waiting_save()
        if not self.form.is_dirty():
            super().reject()
            return
        save = self.save_button.text()
        answer = self._ui.notices.choose("填写的内容还没有保存。", (save, f"不{save}", "取消"))
        if not shiboken6.isValid(self) or self._saving:
            return
        if answer == 0:
            self.save()
        elif answer == 1:
            if self._draft_keeper is not None:
                self._draft_keeper.give_up()
            super().reject()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if event.isAutoRepeat():
                return  # the key that opened the form is still held down
            if is_composing():
                commit_input_method()  # this Enter ends the composition and saves nothing
                return
        super().keyPressEvent(event)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep a key that is held down from pressing the button."""
        return isinstance(event, QKeyEvent) and event.isAutoRepeat() and event.key() in _PRESSING

    def _show_dirty(self) -> None:
        self.setWindowModified(bool(self.form.changed_keys()))

    def _lock(self, locked: bool) -> None:
        """Keep the input as it is during a save; a quick save is not seen to grey the form."""
        self._saving = locked
        if locked:
            self._focus_before = self.focusWidget()
            self.form.setUpdatesEnabled(False)
            self._grey_timer.start()
        else:
            self._grey_timer.stop()
        for widget in (self.form, self.save_button, self.cancel_button):
            widget.setEnabled(not locked)
        if not locked:
            self.form.setUpdatesEnabled(True)
            if self._focus_before is not None:
                self._focus_before.setFocus()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._final and not event.spontaneous():
            self._deaf_timer.start()
        if self.form.focusWidget() is None:
            self.form.focus_first()
        self._keep_drafts()

    def _keep_drafts(self) -> None:
        """Begin once the form is filled: look for a draft, and write one of what is typed."""
        files = self._ui.drafts
        if files is None or not self._draft_key or self._draft_keeper is not None:
            return
        from cdo_desktop.ui.common.drafts import DraftKeeper, DraftOf

        title = self.windowTitle().removesuffix("[*]")
        of = DraftOf(self._draft_key, title, self._draft_version)
        self._draft_keeper = DraftKeeper(of, self._ui, files, self.form, self.banner, self)

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and self.isVisible():
            QTimer.singleShot(0, self, self._grow)

    def _grow(self) -> None:
        self._take(self.sizeHint().expandedTo(self.size()))

    def fit(self) -> None:
        """Take the size of the form, within the screen; call after the last field was added."""
        self._take(self.sizeHint())

    def fit_to_fields(self, width: int) -> None:
        """Take a width and the height of the fields: few of them leave no gap above the buttons."""
        self.form.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.form.least_lines = 1
        self.form.arrange_for(width - 2 * LARGE)
        self._take(QSize(width, self.sizeHint().height()))

    def _take(self, wanted: QSize) -> None:
        room = self.screen().availableGeometry()
        width, height = int(room.width() * SCREEN_SHARE), int(room.height() * SCREEN_SHARE)
        self.resize(min(wanted.width(), width), min(wanted.height(), height))
