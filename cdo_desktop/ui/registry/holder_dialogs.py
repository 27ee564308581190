"""The four actions on a post, each with its own form: 任命, 信息更新, 更换, 离任."""

from collections.abc import Mapping

from PySide6.QtWidgets import QWidget

from cdo_desktop.rules.vocabulary import FILED_POSTS
from cdo_desktop.services.departures import LeaveDraft
from cdo_desktop.services.holder_draft import HolderDraft
from cdo_desktop.services.holders import HolderService
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.fields import Field, FieldKind, FieldValue
from cdo_desktop.ui.common.form_dialog import FormDialog
from cdo_desktop.ui.common.help import set_topic
from cdo_desktop.ui.common.suggestions import suggest_from
from cdo_desktop.ui.registry.holder_form import (
    Suggesting,
    add_change_fields,
    add_main_fields,
    add_other_fields,
    draft_from,
    filing_from,
    form_values,
    leave_fields,
)

_CORRECTION = "correction"
_LEAVE_WIDTH, _LEAVE_HEIGHT = 560, 370  # seven fields below one another, and room for what is wrong
_LEAVE_HEIGHT_WITHOUT_PAPER = 210  # two fields


def appoint_dialog(
    service: HolderService, draft: HolderDraft, unit: str, ui: UiContext, parent: QWidget
) -> FormDialog:
    """Put somebody into an empty post; the dialog's result is the tenure's id."""

    def save(values: Mapping[str, FieldValue]) -> object:
        return service.appoint(draft_from(draft, values), filing_from(values))

    title = f"任命：{unit} {draft.post}"
    dialog = FormDialog(title, ui, save, draft_key=f"appoint-{draft.post_id}", parent=parent)
    set_topic(dialog, "任命")
    add_main_fields(dialog.form, draft.post, _suggesting(service))
    last = service.last_holder(draft.post_id) if draft.post in FILED_POSTS else None
    if last is not None:  # the paper is a 变更备案: what that of the departure says is not typed again
        add_change_fields(dialog.form)
        dialog.form.set_values({"change_reason": last.reason, "handover": last.handover})
        left = f"，{last.left_on} 离任" if last.left_on else ""
        dialog.add_remark(f"上一任 {last.name}{left}；新任按变更备案办理，任职后三个工作日内报送。")
    add_other_fields(dialog.form, draft.post)
    dialog.fit()
    return dialog


class UpdateDialog(FormDialog):
    """信息更新: same person; carries the version that it was opened with.

    It opens at the phone, or at the field ``at``: the name above stays as it is.
    """

    def __init__(
        self,
        service: HolderService,
        opened: HolderDraft,
        unit: str,
        ui: UiContext,
        parent: QWidget,
        at: str = "",
    ) -> None:
        self._service = service
        self._opened = opened
        super().__init__(
            f"信息更新：{unit} {opened.post} {opened.name}",
            ui,
            self._update,
            reload=self._reload_holder,
            draft_key=f"update-{opened.tenure_id}",
            draft_version=lambda: _version(self._opened),
            parent=parent,
        )
        set_topic(self, "信息更新")
        add_main_fields(self.form, opened.post, _suggesting(service))
        add_other_fields(self.form, opened.post)
        self.form.add(
            Field(
                _CORRECTION,
                "登记更正（原来登记错了，情况没有变）",
                FieldKind.CHECK,
                help="历史记录写“登记更正”，不写“信息更新”。",
            )
        )
        self.form.set_values(form_values(opened, self.form))
        self.fit()
        self.form.focus_field(at if self.form.has_field(at) else "office_phone", type_over=True)

    def _update(self, values: dict[str, FieldValue]) -> None:
        draft = draft_from(self._opened, values)
        self._service.update(self._opened, draft, correction=bool(values[_CORRECTION]))

    def _reload_holder(self) -> Mapping[str, FieldValue]:
        self._opened = self._service.get(self._opened.tenure_id or 0)
        return form_values(self._opened, self.form)


def replace_dialog(
    service: HolderService, opened: HolderDraft, unit: str, ui: UiContext, parent: QWidget
) -> FormDialog:
    """更换: a new person from a day on; the dialog's result is the new tenure's id."""
    blank = HolderDraft(post_id=opened.post_id, post=opened.post)

    def save(values: Mapping[str, FieldValue]) -> object:
        return service.replace(opened, draft_from(blank, values), filing_from(values))

    dialog = FormDialog(
        f"更换：{unit} {opened.post}",
        ui,
        save,
        save_label="保存并登记变更",
        draft_key=f"replace-{opened.tenure_id}",
        draft_version=lambda: _version(opened),
        parent=parent,
    )
    dialog.add_remark(f"现任 {opened.name}，{opened.since} 起任职；新任到任之日起即为离任。")
    set_topic(dialog, "更换")
    add_main_fields(dialog.form, opened.post, _suggesting(service))
    if opened.post in FILED_POSTS:
        add_change_fields(dialog.form)
    add_other_fields(dialog.form, opened.post)
    dialog.fit()
    return dialog


class LeaveDialog(FormDialog):
    """离任 without a successor, or what is registered of it; the dialog's result is the filing's id."""

    def __init__(
        self, service: HolderService, opened: HolderDraft, unit: str, ui: UiContext, parent: QWidget
    ) -> None:
        self._service = service
        self._opened = opened
        self._shown = service.departure(opened.tenure_id or 0)
        super().__init__(
            f"离任：{unit} {opened.post} {opened.name}",
            ui,
            self._leave,
            reload=self._read_again,
            save_label="登记离任",
            draft_key=f"leave-{opened.tenure_id}",
            draft_version=self._shown_version,
            parent=parent,
        )
        set_topic(self, "离任")
        self.form.add(*leave_fields(opened.post, ui.today()))
        if self._shown is not None:  # another day must not empty what else its paper says
            self.form.set_values(self._values(self._shown))
        self.fit()
        height = _LEAVE_HEIGHT if opened.post in FILED_POSTS else _LEAVE_HEIGHT_WITHOUT_PAPER
        self.resize(min(_LEAVE_WIDTH, self.width()), height)

    def _leave(self, values: Mapping[str, FieldValue]) -> object:
        return self._service.leave(self._opened, LeaveDraft(**values), self._shown)  # type: ignore[arg-type]

    def _read_again(self) -> Mapping[str, FieldValue]:
        """Read the departure again; whoever was replaced meanwhile has none, and stays refused."""
        self._shown = self._service.departure(self._opened.tenure_id or 0)
        if self._shown is None:
            return self._values(LeaveDraft(None))
        self._opened = self._service.get(self._opened.tenure_id or 0)
        return self._values(self._shown)

    def _values(self, leave: LeaveDraft) -> dict[str, FieldValue]:
        return {name: value for name, value in vars(leave).items() if self.form.has_field(name)}

    def _shown_version(self) -> int:
        return _version(self._opened) + (self._shown.filing_version if self._shown else 0)


def _version(draft: HolderDraft) -> int:
    return draft.tenure_version + draft.person_version


def _suggesting(service: HolderService) -> Suggesting:
    return lambda field: suggest_from(lambda: service.values_in_use(field))
