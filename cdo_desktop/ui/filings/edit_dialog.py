"""修改备案内容: what the paper says of the change, for as long as it has no number."""

from dataclasses import replace

from PySide6.QtWidgets import QWidget

from cdo_desktop.rules.filing import RECEIVED_STATES
from cdo_desktop.rules.vocabulary import FilingKind, FilingState
from cdo_desktop.services.filing_edits import FilingContent, FilingEditService
from cdo_desktop.services.holder_draft import MAX_LENGTH
from cdo_desktop.ui.common.change_fields import (
    NAME_LENGTH,
    change_fields,
    filling_fields,
    known_fields,
    reason_field,
)
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.fields import Field, FieldValue
from cdo_desktop.ui.common.form_dialog import FormDialog
from cdo_desktop.ui.common.help import set_topic

_WIDTH = 860
_PREDECESSOR = (
    Field("predecessor_name", "原任姓名", max_length=NAME_LENGTH),
    Field("predecessor_title", "原任职务", max_length=MAX_LENGTH),
)


class EditDialog(FormDialog):
    """Carries the version that it was opened with."""

    def __init__(
        self, service: FilingEditService, opened: FilingContent, ui: UiContext, parent: QWidget
    ) -> None:
        self._service = service
        self._opened = opened
        super().__init__(
            f"修改备案内容：{opened.title} {opened.kind}",
            ui,
            self._edit,
            reload=self._read_again,
            draft_key=f"filing-{opened.filing_id}",
            draft_version=lambda: self._opened.version,
            parent=parent,
        )
        set_topic(self, "修改备案内容")
        self.form.add(*_fields(opened.kind))
        self.form.set_values(opened.values)
        self.remark = self.add_remark(_remark(opened))
        self.fit_to_fields(_WIDTH)

    def _edit(self, values: dict[str, FieldValue]) -> None:
        typed = {name: value for name, value in values.items() if name in self._opened.values}
        self._service.save(self._opened, replace(self._opened, **typed))  # type: ignore[arg-type]

    def _read_again(self) -> dict[str, FieldValue]:
        self._opened = self._service.get(self._opened.filing_id)
        return {**self._opened.values}


def _fields(kind: FilingKind) -> tuple[Field, ...]:
    if kind is FilingKind.FIRST:
        return filling_fields(handover=False)
    if kind is FilingKind.LEAVE:
        return (reason_field(label="离任原因"), *known_fields(), *filling_fields())
    return (*change_fields(day_required=True), *known_fields(), *_PREDECESSOR, *filling_fields())


def _remark(opened: FilingContent) -> str:
    if opened.state is FilingState.DRAFT:
        return ""
    if opened.state in RECEIVED_STATES:
        return "改了以后，收到的表成了旧内容，需要时退回重报"
    return "改了以后，出过的表成了旧内容，请重新出表"
