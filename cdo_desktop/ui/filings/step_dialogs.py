"""备案编号, 入库, 退回, 作废 and 逾期说明: each its fields and what Enter does."""

from collections.abc import Callable
from datetime import date

from PySide6.QtWidgets import QWidget

from cdo_desktop.rules.filing_steps import FilingStep
from cdo_desktop.services.filing_list import FilingListService, FilingRow
from cdo_desktop.services.filing_plans import StepPlan
from cdo_desktop.services.filings import LONGEST_REASON, FilingService
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.fields import Field, FieldKind, FieldValue
from cdo_desktop.ui.common.form_dialog import FormDialog
from cdo_desktop.ui.common.help import set_topic
from cdo_desktop.ui.filings.receive_dialog import ReceiveDialog
from cdo_desktop.ui.filings.services import FilingsServices
from cdo_desktop.ui.filings.step_dialog import Replan, StepDialog, Values, is_final

_RETURN_REASONS = ("缺单位公章", "缺本人签名", "内容与登记不符", "不是最新的备案表", "扫描件不清楚")
_VOID_REASONS = {"登记有误，重新备案": True, "重复备案": False, "任命撤销": False}  # whether it is made anew
_EXPLAIN_WIDTH = 680
_UNDOABLE = "办完可以撤销（Ctrl+Z）"
_FINAL = "编号以后不能撤销，错了只能作废"
_STORED_FINAL = "入库不能撤销；存放位置写错了可以更正"
_MOVED_FINAL = "不能撤销；写错了可以再更正"
_VOID_FINAL = "有编号的作废了不能撤销，编号不再使用"


def step_dialog(services: FilingsServices, plan: StepPlan, ui: UiContext, parent: QWidget) -> StepDialog:
    """Return the window of a step for a plan."""
    service = services.filings()

    def replan(day: date) -> StepPlan:
        return service.plan_again(plan, day)

    if plan.step is FilingStep.RECEIVE:
        return ReceiveDialog(service, services.scans, plan, replan, ui, parent)
    return _MAKERS[plan.step](service, plan, replan, ui, parent)


def _file(
    service: FilingService, plan: StepPlan, replan: Replan, ui: UiContext, parent: QWidget
) -> StepDialog:
    def act(shown: StepPlan, _values: Values) -> StepPlan:
        return service.file(shown)

    dialog = StepDialog(plan, act, replan, ui, day_key="day", parent=parent)
    set_topic(dialog, "备案编号和入库")
    dialog.form.add(Field("day", "备案日期", FieldKind.DATE, required=True, access_key="D"))
    dialog.form.set_values({"day": plan.day})
    dialog.remark.setText(_FINAL)
    dialog.fit()
    return dialog


def _store(
    service: FilingService, plan: StepPlan, replan: Replan, ui: UiContext, parent: QWidget
) -> StepDialog:
    def act(shown: StepPlan, values: Values) -> StepPlan:
        return service.store(shown, str(values["place"]))

    dialog = StepDialog(plan, act, replan, ui, day_key="day", parent=parent)
    set_topic(dialog, "备案编号和入库")
    dialog.form.add(
        Field("day", "入库日期", FieldKind.DATE, required=True, access_key="D"),
        _place(required=False),
    )
    dialog.form.set_values({"day": plan.day})
    dialog.remark.setText(_STORED_FINAL)
    dialog.fit()
    dialog.form.focus_field("place")
    return dialog


def _move(
    service: FilingService, plan: StepPlan, replan: Replan, ui: UiContext, parent: QWidget
) -> StepDialog:
    def act(shown: StepPlan, values: Values) -> StepPlan:
        return service.store(shown, str(values["place"]))

    dialog = StepDialog(plan, act, replan, ui, parent=parent)
    set_topic(dialog, "备案编号和入库")
    dialog.form.add(_place(required=True))
    places = {line.stored_place for line in plan.ready}
    dialog.form.set_values({"place": places.pop() if len(places) == 1 else ""})
    dialog.remark.setText(_MOVED_FINAL)
    dialog.fit()
    dialog.form.focus_field("place")
    return dialog


def _place(*, required: bool) -> Field:
    return Field(
        "place",
        "存放位置",
        required=required,
        max_length=LONGEST_REASON,
        placeholder="例如 2 号柜 3 层",
        access_key="P",
    )


def _send_back(
    service: FilingService, plan: StepPlan, replan: Replan, ui: UiContext, parent: QWidget
) -> StepDialog:
    def act(shown: StepPlan, values: Values) -> StepPlan:
        return service.send_back(shown, str(values["reason"]))

    dialog = StepDialog(plan, act, replan, ui, parent=parent)
    set_topic(dialog, "退回和作废")
    dialog.form.add(_reason("退回原因", _RETURN_REASONS))
    dialog.remark.setText(_UNDOABLE)
    dialog.fit()
    return dialog


def _void(
    service: FilingService, plan: StepPlan, replan: Replan, ui: UiContext, parent: QWidget
) -> StepDialog:
    def act(shown: StepPlan, values: Values) -> StepPlan:
        return service.void(shown, str(values["reason"]), anew=bool(values["anew"]))

    dialog = StepDialog(plan, act, replan, ui, parent=parent)
    set_topic(dialog, "退回和作废")
    dialog.form.add(
        _reason("作废原因", tuple(_VOID_REASONS)),
        Field(
            "anew", "重新办理", FieldKind.CHECK, placeholder="另建一份草稿重新办理", wide=True, access_key="A"
        ),
    )
    dialog.form.set_values({"anew": plan.anew_meant})

    def follow(key: str) -> None:
        anew = _VOID_REASONS.get(str(dialog.form.editor("reason").value()))
        if key == "reason" and anew is not None:
            dialog.form.editor("anew").set_value(anew and bool(dialog.plan.renewable))

    dialog.form.changed.connect(follow)
    dialog.remark.setText(_VOID_FINAL if is_final(plan) else _UNDOABLE)
    dialog.fit()
    return dialog


def _anew(
    service: FilingService, plan: StepPlan, replan: Replan, ui: UiContext, parent: QWidget
) -> StepDialog:
    def act(shown: StepPlan, _values: Values) -> StepPlan:
        return service.make_anew(shown)

    dialog = StepDialog(plan, act, replan, ui, parent=parent)
    set_topic(dialog, "退回和作废")
    dialog.form.hide()
    dialog.remark.setText(f"按原来的变更另建草稿，期限按原来的变更日期算；{_UNDOABLE}")
    dialog.fit()
    return dialog


def _reason(label: str, usual: tuple[str, ...]) -> Field:
    return Field(
        "reason",
        label,
        FieldKind.COMPLETER,
        required=True,
        max_length=LONGEST_REASON,
        choices=usual,
        wide=True,
        access_key="R",
    )


_Make = Callable[[FilingService, StepPlan, Replan, UiContext, QWidget], StepDialog]
_MAKERS: dict[FilingStep, _Make] = {
    FilingStep.FILE: _file,
    FilingStep.STORE: _store,
    FilingStep.MOVE: _move,
    FilingStep.RETURN: _send_back,
    FilingStep.VOID: _void,
    FilingStep.ANEW: _anew,
}


class ExplainDialog(FormDialog):
    """逾期说明 of one filing; carries the version that it was opened with."""

    def __init__(
        self,
        service: FilingService,
        filing_list: FilingListService,
        opened: FilingRow,
        ui: UiContext,
        parent: QWidget,
    ) -> None:
        self._service = service
        self._list = filing_list
        self._opened = opened
        super().__init__(
            f"逾期说明：{opened.unit} {opened.post} {opened.name}",
            ui,
            self._explain,
            reload=self._read_again,
            draft_key=f"explain-{opened.filing_id}",
            draft_version=lambda: self._opened.version,
            parent=parent,
        )
        set_topic(self, "逾期说明")
        label = f"逾期说明（逾期{opened.late.words}）" if opened.late.is_late else "逾期说明"
        self.form.add(Field("late_reason", label, max_length=LONGEST_REASON, wide=True, access_key="L"))
        self.form.set_values({"late_reason": opened.late_reason})
        self.fit_to_fields(_EXPLAIN_WIDTH)

    def _explain(self, values: Values) -> None:
        self._service.explain(self._opened.filing_id, self._opened.version, str(values["late_reason"]))

    def _read_again(self) -> dict[str, FieldValue]:
        rows = self._list.rows_of([self._opened.filing_id])
        self._opened = rows.get(self._opened.filing_id, self._opened)
        return {"late_reason": self._opened.late_reason}
