"""备案机关: who receives the filings from which day on."""

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGroupBox, QHBoxLayout, QVBoxLayout, QWidget

from cdo_desktop.errors import AppError
from cdo_desktop.services.office_settings import OfficeSettingsService, ReceivingBodyDraft
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.fields import Field, FieldKind, FieldValue
from cdo_desktop.ui.common.form_dialog import FormDialog
from cdo_desktop.ui.common.open_dialog import open_dialog
from cdo_desktop.ui.common.style import SMALL
from cdo_desktop.ui.system.widgets import (
    label,
    line_key,
    list_line,
    list_of,
    on_delete,
    push_button,
    set_usable,
    show_rows,
)

_INTRO = (
    "机构改革后备案机关会变。每条写明从哪一天起，打印和催办用当天的那一条；一条也没有时，用表格文字里的名称。"
)
_SHOWN_ROWS = 3


class ReceivingBodies(QGroupBox):
    """A short list by date; the line of today says 现在."""

    changed = Signal()

    def __init__(self, service: OfficeSettingsService, ui: UiContext, parent: QWidget | None = None) -> None:
        super().__init__("备案机关", parent)
        self._service = service
        self._ui = ui
        self._bodies: tuple[ReceivingBodyDraft, ...] = ()
        self.list = list_of("备案机关", ("起始日期", "备案机关", "", "备注"), 3)
        show_rows(self.list, _SHOWN_ROWS)
        self.add_button = push_button("登记(&A)…", self.add, "plus", "登记从某一天起的备案机关")
        self.edit_button = push_button("修改(&E)…", self.edit, "pencil")
        self.remove_button = push_button("删除(&D)", self.remove, "trash")
        on_delete(self.list, self.remove_button)
        buttons = QVBoxLayout()
        buttons.setSpacing(SMALL)
        for button in (self.add_button, self.edit_button, self.remove_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(SMALL)
        row.addWidget(self.list, 1)
        row.addLayout(buttons)
        layout = QVBoxLayout(self)
        layout.setSpacing(SMALL)
        layout.addWidget(label(_INTRO, "muted"))
        layout.addLayout(row)
        self.list.itemSelectionChanged.connect(self._show_available)
        self.list.itemActivated.connect(lambda _item: self.edit())
        self._show_available()

    def show_bodies(self, bodies: tuple[ReceivingBodyDraft, ...]) -> None:
        """Show the stored lines, the one of today marked."""
        self._bodies = bodies
        today = self._ui.today()
        begun = [place for place, body in enumerate(bodies) if body.since and body.since <= today]
        self.list.clear()
        for place, body in enumerate(bodies):
            since = body.since.isoformat() if body.since else ""
            now = "现在" if begun and place == begun[-1] else "" if place in begun else "尚未开始"
            list_line(self.list, (since, body.name, now, body.note), place)
        last = self.list.topLevelItem(len(bodies) - 1)
        if last is not None:
            self.list.setCurrentItem(last)
        self._show_available()

    def _show_available(self) -> None:
        reason = "" if self._chosen() is not None else "先选中一条"
        for button in (self.edit_button, self.remove_button):
            set_usable(button, reason)

    def _chosen(self) -> ReceivingBodyDraft | None:
        place = line_key(self.list.currentItem())
        return self._bodies[place] if isinstance(place, int) and place < len(self._bodies) else None

    def add(self) -> None:
        """Register a body from a day on."""
        self._open(None)

    def edit(self) -> None:
        """Change the chosen line."""
        chosen = self._chosen()
        if chosen is not None:
            self._open(chosen)

    def _open(self, opened: ReceivingBodyDraft | None) -> None:
        dialog = ReceivingBodyDialog(self._service, opened, self._ui, self)
        dialog.saved.connect(lambda _id: self.changed.emit())
        open_dialog(dialog)

    def remove(self) -> None:
        """Remove the chosen line; the one before it holds on."""
        chosen = self._chosen()
        if chosen is None or not self._ui.notices.ask(
            f"删除“{chosen.name}”这一条？它之前的那一条会接着算。", "删除", "保留", danger=True
        ):
            return
        self._ui.tasks.run(
            lambda: self._service.remove_receiving_body(chosen),
            owner=self,
            done=lambda _none: self.changed.emit(),
            failed=self._failed,
        )

    def _failed(self, error: AppError) -> None:
        self._ui.notices.error(error)
        self.changed.emit()


class ReceivingBodyDialog(FormDialog):
    """Name and first day of a receiving body."""

    def __init__(
        self,
        service: OfficeSettingsService,
        opened: ReceivingBodyDraft | None,
        ui: UiContext,
        parent: QWidget,
    ) -> None:
        self._service = service
        self._opened = opened
        super().__init__(
            "备案机关",
            ui,
            self._save,
            draft_key=f"system-receiving-body-{opened.body_id if opened else 'new'}",
            draft_version=lambda: opened.version if opened else 0,
            parent=parent,
        )
        self.form.add(
            Field(
                "name",
                "备案机关",
                FieldKind.COMPLETER,
                required=True,
                max_length=50,
                choices=("区信息委", "区数据局", "区大数据中心"),
            ),
            Field(
                "since", "起始日期", FieldKind.DATE, required=True, help="从这一天起由它备案，可以早于今天。"
            ),
            Field("note", "备注", max_length=100, wide=True),
        )
        if opened is not None:
            self.form.set_values({"name": opened.name, "since": opened.since, "note": opened.note})
        self.fit()

    def _save(self, values: dict[str, FieldValue]) -> object:
        since = values["since"]
        opened = self._opened or ReceivingBodyDraft()
        draft = ReceivingBodyDraft(
            opened.body_id,
            opened.version,
            str(values["name"]),
            since if isinstance(since, date) else None,
            str(values["note"]),
        )
        return self._service.save_receiving_body(draft, self._opened)
