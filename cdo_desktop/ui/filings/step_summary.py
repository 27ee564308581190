"""What a step is about to do, filing by filing, and what is left out with the reason."""

from collections.abc import Sequence

from PySide6.QtWidgets import QLabel, QTreeWidgetItem, QVBoxLayout, QWidget

from cdo_desktop.rules.filing_steps import FilingStep
from cdo_desktop.services.filing_plans import StepLine, StepPlan
from cdo_desktop.ui.common.icons import icon
from cdo_desktop.ui.common.reading_dialog import height_of_rows, record_tree
from cdo_desktop.ui.common.style import TIGHT
from cdo_desktop.ui.common.tones import Tone

_HEADS = ("备案", "类型", "现在", "编号", "说明")
_LEAST_ROWS, _MOST_ROWS = 4, 8  # below the least a small screen would not do
_NO_LIMIT = 16_777_215  # Qt's own


class StepSummary(QWidget):
    """One sentence and the list below it; what is left out stands first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sentence = QLabel()
        self.sentence.setWordWrap(True)
        self.sentence.setProperty("role", "heading")
        self.list = record_tree(_HEADS, len(_HEADS) - 1)
        self.list.setAccessibleName("将要办理的备案")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(TIGHT)
        layout.addWidget(self.sentence)
        layout.addWidget(self.list, 1)

    @property
    def wanted_width(self) -> int:
        """Return how wide it must be so that nothing in the list is cut."""
        header = self.list.header()
        columns = (
            max(self.list.sizeHintForColumn(place), header.sectionSizeHint(place))
            for place in range(header.count())
        )
        return sum(columns) + 2 * self.list.frameWidth() + self._scroll_width

    @property
    def _scroll_width(self) -> int:
        """Return what the bar takes beside more lines than may be shown at once."""
        scrolls = self.list.topLevelItemCount() > _LEAST_ROWS
        return self.list.verticalScrollBar().sizeHint().width() if scrolls else 0

    @property
    def told_in_full(self) -> bool:
        """Whether the last column shows all that it says."""
        last = len(_HEADS) - 1
        return self.list.columnWidth(last) >= self.list.sizeHintForColumn(last)

    def show_plan(self, plan: StepPlan) -> None:
        """Show another plan."""
        self.sentence.setText(plan_text(plan))
        self.list.clear()
        for line in (*plan.left_out, *plan.ready):
            self.list.addTopLevelItem(_item(line))
        self.list.setMinimumHeight(height_of_rows(self.list, min(len(plan.lines), _LEAST_ROWS)))
        few = len(plan.lines) <= _MOST_ROWS
        self.list.setMaximumHeight(height_of_rows(self.list, len(plan.lines)) if few else _NO_LIMIT)


def _item(line: StepLine) -> QTreeWidgetItem:
    told = f"不办理：{line.problem}" if line.problem else line.hint or _received(line)
    item = QTreeWidgetItem([line.title, line.kind, line.state, line.number, told])
    if line.problem:
        item.setIcon(len(_HEADS) - 1, icon("alert-circle", Tone.DANGER))
    elif line.hint:
        item.setIcon(len(_HEADS) - 1, icon("info-circle", Tone.WARNING))
    item.setToolTip(len(_HEADS) - 1, told)
    return item


def _received(line: StepLine) -> str:
    if line.received_on is None:
        return ""
    late = f"，逾期{line.late.words}" if line.late.is_late else ""
    return f"{line.received_on.isoformat()} 收到{late}"


def plan_text(plan: StepPlan) -> str:
    """Say in one sentence what a plan would do."""
    ready, left = plan.ready, len(plan.left_out)
    if not ready:
        return f"选中的 {left} 份都不能{plan.step}，原因见下。"
    numbers = f"，编号 {number_range(ready)}" if plan.step is FilingStep.FILE else ""
    others = f"；另有 {left} 份不办理，原因见下" if left else ""
    return f"{plan.step} {len(ready)} 份{numbers}{others}。"


def done_text(plan: StepPlan, *, anew: bool = False) -> str:
    """Say what has been done, for the status bar; ``anew``: drafts took the place of what is void."""
    ready, left = plan.ready, len(plan.left_out)
    others = f"，另有 {left} 份没有办理" if left else ""
    if plan.step is FilingStep.FILE:
        if len(ready) == 1:
            return f"已备案：{ready[0].number} {ready[0].title}{others}"
        return f"已备案 {len(ready)} 份：{number_range(ready)}{others}"
    begun = len(plan.renewable)
    if anew and begun < len(ready):
        others = f"，其中 {begun} 份的新草稿在“待收件”里，{len(ready) - begun} 份不能重新办理{others}"
    elif anew or plan.step is FilingStep.ANEW:
        others = f"，新的草稿在“待收件”里{others}"
    if len(ready) == 1:
        return f"已{plan.step}：{ready[0].title}{others}"
    return f"已{plan.step} {len(ready)} 份{others}"


def number_range(lines: Sequence[StepLine]) -> str:
    """Return the first and the last number that are given, or were there when none is."""
    given = [line for line in lines if line.place is not None] or lines
    first, last = given[0].number, given[-1].number
    return first if first == last else f"{first} 至 {last}"
