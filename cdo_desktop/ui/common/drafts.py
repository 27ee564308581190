"""Keeps what is typed into a form as a draft, and offers it again after a crash."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication, QDialog

from cdo_desktop.errors import AppError, FieldConflict
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.draft_files import (
    Draft,
    DraftConflictError,
    DraftField,
    DraftFiles,
    DraftSlot,
    FoundDrafts,
)
from cdo_desktop.ui.common.fields import FieldKind
from cdo_desktop.ui.common.form import Form
from cdo_desktop.ui.common.notice_bar import NoticeAction, NoticeBar, NoticeKind
from cdo_desktop.ui.common.notices import ConflictChoice

SOON_MS = 2_000
"""After the last change."""
LATEST_MS = 10_000
"""While somebody types without a pause."""
_LABELS_SHOWN = 4


@dataclass(frozen=True)
class DraftOf:
    """What a form edits: a stable key of action and record, its title, and the record's version now."""

    key: str
    title: str
    version: Callable[[], int]


class DraftKeeper(QObject):
    """Belongs to one open dialog with a form; writes off the GUI thread and never disturbs the typing."""

    def __init__(
        self, of: DraftOf, ui: UiContext, files: DraftFiles, form: Form, banner: NoticeBar, dialog: QDialog
    ) -> None:
        super().__init__(dialog)
        self._of = of
        self._ui = ui
        self._files = files
        self._form = form
        self._banner = banner
        self._own: DraftSlot | None = None  # not before it is known which files there are
        self._last: dict[str, DraftField] = {}
        self._dropped: list[DraftSlot] = []
        self._over = False
        self._soon = QTimer(self, singleShot=True, interval=SOON_MS)
        self._latest = QTimer(self, singleShot=True, interval=LATEST_MS)
        for timer in (self._soon, self._latest):
            timer.timeout.connect(self.keep)
        form.changed.connect(self._changed)
        dialog.finished.connect(self._closed)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._focus_moved)
        ui.tasks.run(lambda: files.look_up(of.key), owner=self, done=self._found)

    # While it is typed

    @Slot(str)
    def _changed(self, _key: str) -> None:
        if self._over:
            return
        self._soon.start()
        if not self._latest.isActive():
            self._latest.start()

    @Slot()
    def _focus_moved(self) -> None:
        if self._soon.isActive():
            self.keep()

    @Slot()
    def keep(self) -> None:
        """Write what differs from the record now; nothing differs: have no draft."""
        self._soon.stop()
        self._latest.stop()
        own = self._own
        if own is None or self._over:
            return
        fields = {key: DraftField(*change) for key, change in self._form.changes().items()}
        if fields == self._last:
            return
        self._last = fields
        if fields:
            of = self._of
            own.keep(Draft(of.key, of.version(), of.title, self._files.now(), fields))
        else:
            own.remove()
        self._carry_out(own)

    def give_up(self) -> None:
        """Forget what was typed here, because the user does not want it."""
        self._over = True
        if self._own is not None:
            self._own.remove()
            self._carry_out(self._own)

    @Slot()
    def _closed(self) -> None:
        """Saved or unchanged: no draft. Torn away with unsaved input: the draft stays."""
        self.keep()
        self._over = True
        for slot in self._dropped:
            slot.remove()
        self._carry_out(*self._dropped)

    def _carry_out(self, *slots: DraftSlot) -> None:
        waiting = [slot for slot in slots if slot.pending]

        def work() -> None:
            for slot in waiting:
                slot.carry_out()

        if waiting:
            self._ui.tasks.run(work, owner=self, done=lambda _none: None, failed=self._refused)

    def _refused(self, error: AppError) -> None:
        self._last = {}  # the next change tries again
        if not self._over and not self._files.refusal_told:
            self._files.refusal_told = True
            self._banner.show_text(NoticeKind.INFO, str(error))

    # After a crash

    def _found(self, found: FoundDrafts) -> None:
        self._own = found.free
        for draft, slot in reversed(found.drafts):
            self._offer(draft, slot)
        if self._form.changed_keys():
            self.keep()

    def _offer(self, draft: Draft, slot: DraftSlot) -> None:
        """Ask in the banner, unless everything in the draft stands in the form already."""
        unlike = [key for key, field in self._known(draft).items() if self._form.state(key) != field.typed]
        if unlike:
            actions = (
                NoticeAction("继续", lambda: self._resume(draft, slot)),
                NoticeAction("丢弃", lambda: self._drop(draft, slot)),
            )
            self._banner.show_text(NoticeKind.INFO, self._question(draft, unlike), actions)
        elif len(self._known(draft)) == len(draft.fields):
            slot.remove()
            self._carry_out(slot)

    def _known(self, draft: Draft) -> dict[str, DraftField]:
        return {key: field for key, field in draft.fields.items() if self._form.has_field(key)}

    def _question(self, draft: Draft, unlike: list[str]) -> str:
        labels = [self._form.cell(key).field.label for key in unlike]
        more = f"等 {len(labels)} 项" if len(labels) > _LABELS_SHOWN else ""
        first = "、".join(labels[:_LABELS_SHOWN])
        text = f"继续上次没保存的内容（{self._when(draft)}）？填写过：{first}{more}。"
        if draft.title != self._of.title:
            text += f"当时的窗口是“{draft.title}”。"
        if draft.version != self._of.version():
            text += "这条记录在那之后又保存过，两边不一样的会列出来由您选。"
        return text

    def _when(self, draft: Draft) -> str:
        return time_text(draft.written, self._files.now())

    def _resume(self, draft: Draft, slot: DraftSlot) -> None:
        fields = self._known(draft)
        disputed = [
            key for key, field in fields.items() if self._form.state(key) not in (field.original, field.typed)
        ]
        wanted = set(fields)
        if disputed:
            choice = self._ui.notices.show_conflict(self._conflict(draft, disputed))
            if choice is ConflictChoice.BACK:
                self._offer(draft, slot)
                return
            if choice is ConflictChoice.TAKE_THEIRS:
                wanted -= set(disputed)
        self._form.set_states({key: field.typed for key, field in fields.items() if key in wanted})
        self.keep()
        slot.remove()
        if self._own is not None:
            self._carry_out(self._own, slot)  # in this order: one of the two is always there

    def _conflict(self, draft: Draft, disputed: list[str]) -> DraftConflictError:
        fields = []
        for key in disputed:
            field, cell = draft.fields[key], self._form.cell(key)
            shown = _tick_word if cell.field.kind is FieldKind.CHECK else str
            states = (field.original, field.typed, self._form.state(key))
            fields.append(FieldConflict(cell.field.label, *map(shown, states)))
        return DraftConflictError(
            f"下面几项，上次没保存的内容（{self._when(draft)}）和现在窗口里的不一样。", tuple(fields)
        )

    def _drop(self, draft: Draft, slot: DraftSlot) -> None:
        """Throw the draft away when the dialog closes; until then it can be fetched back."""
        self._dropped.append(slot)
        back = NoticeAction("恢复", lambda: self._fetch_back(draft, slot))
        self._banner.show_text(NoticeKind.INFO, f"已丢弃上次没保存的内容（{self._when(draft)}）。", (back,))

    def _fetch_back(self, draft: Draft, slot: DraftSlot) -> None:
        self._dropped.remove(slot)
        self._offer(draft, slot)


def time_text(moment: datetime, now: datetime) -> str:
    """Return 11-24 14:03, with the year if it is another one."""
    return f"{moment:%m-%d %H:%M}" if moment.year == now.year else f"{moment:%Y-%m-%d %H:%M}"


def _tick_word(state: str) -> str:
    return "是" if state == str(True) else "否"
