"""The window of one step for some filings: fields, one summary of what will happen, and Enter does it."""

from collections.abc import Callable, Mapping
from datetime import date

from PySide6.QtWidgets import QSizePolicy, QWidget

from cdo_desktop.errors import AppError, ConflictError
from cdo_desktop.rules.filing import FINAL_STATES
from cdo_desktop.rules.filing_steps import FilingStep
from cdo_desktop.services.filing_plans import StepPlan
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.fields import FieldValue
from cdo_desktop.ui.common.form_dialog import SCREEN_SHARE, FormDialog
from cdo_desktop.ui.common.notice_bar import NoticeKind
from cdo_desktop.ui.common.overriding import override
from cdo_desktop.ui.common.style import LARGE
from cdo_desktop.ui.filings.step_summary import StepSummary, plan_text

_WIDTH = 86  # in average characters
_MOST_WIDTH = 160  # for a list that says more

Values = Mapping[str, FieldValue]
Act = Callable[[StepPlan, Values], StepPlan]
Replan = Callable[[date], StepPlan]


class StepDialog(FormDialog):
    """``saved`` carries the plan as it was done.

    Another date in the field ``day_key`` makes another plan; what was typed is done only with the plan that
    shows, so that Enter waits for it.
    """

    def __init__(
        self,
        plan: StepPlan,
        act: Act,
        replan: Replan,
        ui: UiContext,
        *,
        day_key: str = "",
        parent: QWidget | None = None,
    ) -> None:
        self.plan = plan
        self._replan_for = replan
        self._day_key = day_key
        self._asked = 0
        self._waiting = False
        self._save_wanted = False
        self._told = ""  # what the banner says of the plan or the scan that shows
        super().__init__(
            step_title(plan),
            ui,
            lambda values: act(self.plan, values),
            save_label=str(plan.step),
            final=is_final(plan),
            parent=parent,
        )
        self.remark = self.add_remark("")
        self.summary = StepSummary()
        self.below.addWidget(self.summary, 1)
        self.form.changed.connect(self._field_changed)
        self._show_plan()

    @override
    def fit(self) -> None:
        """Leave to the list what height the fields do not need."""
        width = min(self.sizeHint().width(), self.fontMetrics().averageCharWidth() * _WIDTH)
        self.form.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.form.least_lines = 1
        self.form.arrange_for(width - 2 * LARGE)
        super().fit()
        self.resize(max(min(width, self.width()), self._width_of_plan()), self.height())

    def _width_of_plan(self) -> int:
        """Return how wide the window must be to say what is pointed out, as far as a small screen allows."""
        room = int(self.screen().availableSize().width() * SCREEN_SHARE)
        most = min(self.fontMetrics().averageCharWidth() * _MOST_WIDTH, room)
        return min(self.summary.wanted_width + 2 * LARGE, most)

    def _show_plan(self) -> None:
        self.summary.show_plan(self.plan)
        if self.isVisible():
            self.resize(max(self.width(), self._width_of_plan()), self.height())
        count = len(self.plan.ready)
        self.save_button.setText(f"{self.plan.step} {count} 份" if count > 1 else str(self.plan.step))
        self.save_button.setAccessibleName(self.save_button.text())

    @override
    def save(self) -> None:
        """Do it, once the plan for the date that stands there shows."""
        if self._waiting:
            self._save_wanted = True
        elif not self.plan.ready and not self.form.check():
            self._tell_for_now(NoticeKind.WARNING, plan_text(self.plan))
        else:
            super().save()

    @override
    def _drop_waiting_save(self) -> None:
        self._save_wanted = False

    def _field_changed(self, key: str) -> None:
        if key == self._day_key:
            day = self.form.editor(key).value()
            if isinstance(day, date):
                self._make_plan(day)

    def _make_plan(self, day: date) -> None:
        self._asked += 1
        asked = self._asked
        self._waiting = True
        self._ui.tasks.run(
            lambda: self._replan_for(day),
            owner=self,
            done=lambda plan: self._replanned(asked, plan),
            failed=lambda error: self._not_replanned(asked, error),
        )

    def _replanned(self, asked: int, plan: StepPlan) -> None:
        if asked != self._asked:
            return
        self._waiting = False
        self._take_back()
        as_seen = _outcome(plan) == _outcome(self.plan)
        self.plan = plan
        self._show_plan()
        wanted, self._save_wanted = self._save_wanted, False
        if wanted and as_seen:
            self.save()
        elif wanted:
            self._tell_for_now(NoticeKind.INFO, "日期改了以后，办理的内容有变化，请看一下再办。")

    def _tell_for_now(self, kind: NoticeKind, text: str) -> None:
        """Say what is so only as long as what shows stays the same."""
        self._take_back()
        self._told = text
        self.banner.show_text(kind, text)

    def _take_back(self) -> None:
        self.banner.take_back(self._told)

    def _not_replanned(self, asked: int, error: AppError) -> None:
        if asked == self._asked:
            self._waiting = self._save_wanted = False
            self.banner.show_error(error)

    @override
    def _resolve(self, conflict: ConflictError) -> None:
        """Somebody else was quicker: show what is so now; nothing that was typed is lost."""
        self.banner.show_error(conflict)
        self._make_plan(self.plan.day)


def is_final(plan: StepPlan) -> bool:
    """Tell whether what a plan does cannot be undone (decision 013)."""
    if plan.step is FilingStep.VOID:
        return any(line.number or line.state in FINAL_STATES for line in plan.lines)
    if plan.step is FilingStep.RECEIVE:  # the day of the original is written into what is recorded
        return any(line.state in FINAL_STATES for line in plan.ready)
    return plan.step in (FilingStep.FILE, FilingStep.STORE)


def step_title(plan: StepPlan) -> str:
    """Return what a window for a plan is called."""
    what = plan.lines[0].title if len(plan.lines) == 1 else f"{len(plan.lines)} 份备案"
    return f"{plan.step}：{what}"


def _outcome(plan: StepPlan) -> list[tuple[int, str]]:
    return [(line.filing_id, line.number) for line in plan.ready]
