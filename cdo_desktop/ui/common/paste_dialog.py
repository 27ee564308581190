"""The preview of a pasted block: every cell old → new, and one button that writes all of it."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from cdo_desktop.errors import AppError, CancelledError
from cdo_desktop.ui.common.action_button import button_for
from cdo_desktop.ui.common.actions import make_action, set_available
from cdo_desktop.ui.common.chips import Chips
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.help import HelpButton, set_topic
from cdo_desktop.ui.common.notice_bar import NoticeBar
from cdo_desktop.ui.common.overriding import override
from cdo_desktop.ui.common.paste_plan import PasteInto, PasteLine, PastePlan, PasteState
from cdo_desktop.ui.common.progress import Progress
from cdo_desktop.ui.common.style import LARGE, MEDIUM, SMALL, provide_glyphs
from cdo_desktop.ui.common.table_columns import CellMark, Column
from cdo_desktop.ui.common.table_model import TableQuery
from cdo_desktop.ui.common.table_view import DataTable
from cdo_desktop.ui.common.tones import Tone

_SIZE = (980, 560)
_STATE = "state_is"
_CELL_WIDTH, _NOTES_WIDTH = 224, 300
_ROOM = 530  # for cells and notes, in a window of the usual size
EMPTY = "（空）"
_MARKS = {
    PasteState.CHANGED: CellMark("pencil", Tone.SUCCESS, "修改", Tone.SUCCESS_BACK),
    PasteState.SAME: CellMark("check", Tone.MUTED, "不变"),
    PasteState.WRONG: CellMark("alert-circle", Tone.DANGER, "有误", Tone.DANGER_BACK),
}
_ODD = CellMark("alert-triangle", Tone.WARNING, "修改，请核对", Tone.WARNING_BACK)


class PasteDialog(QDialog):
    """Shows a `PastePlan` and writes it on demand; ``again`` makes the plan anew, in a task."""

    pasted = Signal(str)
    """What the service said of what it has written."""

    def __init__(
        self,
        columns: Sequence[Column[Any]],
        plan: PastePlan,
        again: Callable[[], PastePlan],
        into: PasteInto,
        ui: UiContext,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("粘贴前核对")
        set_topic(self, "粘贴一块")
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self._plan = plan
        self._again = again
        self._into = into
        self._ui = ui
        self._busy = False
        self.banner = NoticeBar()
        self.told = QLabel()
        self.told.setTextFormat(Qt.TextFormat.PlainText)
        self.told.setWordWrap(True)
        self.chips = Chips("显示", tuple(map(str, PasteState)))
        self._source = _LineSource()
        titles = {column.key: column.title for column in columns}
        shown = _columns_for({key: titles[key] for key in plan.columns})
        self.table = DataTable[int, PasteLine](shown, self._source, frozen=2, name="粘贴预览")
        self.detail = QLabel()
        self.detail.setTextFormat(Qt.TextFormat.PlainText)
        self.detail.setWordWrap(True)
        self.summary = QLabel()
        self.summary.setProperty("role", "muted")
        self._make_actions()
        self._lay_out()
        self.chips.chosen.connect(lambda state: self.table.set_filter(_STATE, state))
        self.table.query_changed.connect(lambda query: self.chips.choose(query.filters.get(_STATE, "")))
        self.table.grid.selectionModel().currentRowChanged.connect(lambda *_rows: self._show_detail())
        self._show()
        self.table.setFocus()

    def _make_actions(self) -> None:
        def action(text: str, triggered: Callable[[], object], key: str = "", tip: str = "") -> QAction:
            made = make_action(text, parent=self, triggered=triggered, shortcut=key, tip=tip)
            self.addAction(made)
            return made

        self.paste_action = action("粘贴(&V)", self.paste, "Ctrl+Return", "全部写入，作为一步")
        self.skip_action = action("跳过有误的行(&K)…", self.paste_skipping, tip="只写入没有问题的行")
        self.close_action = action("取消", self.reject)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.chips)
        top.addStretch(1)
        bottom = QHBoxLayout()
        bottom.setSpacing(SMALL)
        bottom.addWidget(HelpButton(self._ui))
        bottom.addWidget(self.summary)
        bottom.addStretch(1)
        self.paste_button = button_for(self.paste_action, primary=True)
        for button in (button_for(self.skip_action), self.paste_button, button_for(self.close_action)):
            bottom.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(LARGE, MEDIUM, LARGE, MEDIUM)
        layout.setSpacing(SMALL)
        layout.addWidget(self.told)
        layout.addWidget(self.banner)
        layout.addLayout(top)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.detail)
        layout.addLayout(bottom)
        room = self.screen().availableGeometry()
        self.resize(min(_SIZE[0], int(room.width() * 0.95)), min(_SIZE[1], int(room.height() * 0.9)))

    # Showing

    def _show(self) -> None:
        plan = self._plan
        provide_glyphs(plan.told)
        self.told.setText(plan.told)
        self._source.lines = plan.lines
        self.table.reload()
        self.chips.show_counts({str(state): plan.count(state) for state in PasteState})
        wrong = [line.number for line in plan.lines if line.state is PasteState.WRONG]
        if wrong:
            place = next(at for at, line in enumerate(plan.lines) if line.state is PasteState.WRONG)
            self.table.select_key(place)
        self._show_detail()
        self._show_available()

    def _show_detail(self) -> None:
        """Say of the current line what its column at the far right says, where many are pasted."""
        key = self.table.current_key()
        line = self._plan.lines[key] if key is not None and key < len(self._plan.lines) else None
        notes = _notes(line) if line is not None else ""
        self.detail.setText(f"第 {line.number} 行：{notes}" if line is not None and notes else "")

    def _show_available(self) -> None:
        plan = self._plan
        lines, wrong = plan.count(PasteState.CHANGED), plan.count(PasteState.WRONG)
        busy = "正在处理，请稍候" if self._busy else ""
        nothing = "" if lines else "没有要修改的内容"
        some_wrong = f"有 {wrong} 行有误：改正后重新复制，或跳过这些行" if wrong else ""
        set_available(self.paste_action, busy or some_wrong or nothing)
        set_available(self.skip_action, busy or nothing)
        self.skip_action.setVisible(wrong > 0)
        self.paste_button.setDefault(self.paste_action.isEnabled())
        self.summary.setText(
            some_wrong
            or (f"将修改 {lines} 行、{plan.changed_cells} 格" if lines else "与现有内容相同，没有要修改的")
        )

    # Writing

    def paste(self) -> None:
        """Write all lines as one step."""
        if self.paste_action.isEnabled():
            self._write()

    def paste_skipping(self) -> None:
        """Write the lines without a problem, after asking."""
        wrong, lines = self._plan.count(PasteState.WRONG), self._plan.count(PasteState.CHANGED)
        question = f"有误的 {wrong} 行不写入，其余 {lines} 行写入。"
        if self._ui.notices.ask(question, "跳过并粘贴", "返回"):
            self._write()

    def _write(self) -> None:
        if self._busy:
            return
        changes, into = self._plan.changes(), self._into
        self.banner.clear()
        self._lock(True)

        def write(progress: Progress) -> str:
            return into.save(changes, lambda done, total: progress.step(done, total))

        self._ui.tasks.run_with_progress(
            write, owner=self, title="粘贴", done=self._written, failed=self._not_written
        )

    def _written(self, said: str) -> None:
        self._lock(False)
        self.accept()
        self.pasted.emit(said)

    def _not_written(self, error: AppError) -> None:
        """Nothing was written: say why, and compare with what is stored by now."""
        if isinstance(error, CancelledError):
            self._lock(False)
            self._ui.notices.info(str(error))
            return
        self.banner.show_error(error)
        self._ui.tasks.run(self._again, owner=self, done=self._compared, failed=self._not_compared)

    def _compared(self, plan: PastePlan) -> None:
        self._plan = plan
        self._lock(False)
        self._show()

    def _not_compared(self, error: AppError) -> None:
        self._lock(False)
        self.banner.show_error(error)

    def _lock(self, locked: bool) -> None:
        self._busy = locked
        self._show_available()

    @override
    def reject(self) -> None:
        """Close without writing; not while something is being written."""
        if not self._busy:
            super().reject()


class _LineSource:
    """Answers the table from the lines of the plan."""

    def __init__(self) -> None:
        self.lines: tuple[PasteLine, ...] = ()

    def keys(self, query: TableQuery) -> Sequence[int]:
        """Return the places of the lines wanted."""
        state = query.filters.get(_STATE, "")
        return [place for place, line in enumerate(self.lines) if state in ("", line.state)]

    def rows(self, keys: Sequence[int]) -> Mapping[int, PasteLine]:
        """Return lines by their places."""
        return {key: self.lines[key] for key in keys if key < len(self.lines)}


def _columns_for(titles: Mapping[str, str]) -> tuple[Column[PasteLine], ...]:
    def column(
        key: str,
        title: str,
        text: Callable[[PasteLine], str],
        width: int,
        mark: Callable[[PasteLine], CellMark | None] | None = None,
        tooltip: Callable[[PasteLine], str] | None = None,
    ) -> Column[PasteLine]:
        return Column(key, title, text, width, filterable=False, sortable=False, mark=mark, tooltip=tooltip)

    cells = [
        column(
            f"cell {key}",
            title,
            partial(_cell_text, key),
            _CELL_WIDTH,
            partial(_mark, key),
            partial(_note, key),
        )
        for key, title in titles.items()
    ]
    return (
        column("number", "行", lambda line: str(line.number), 44),
        column("name", "对应", lambda line: line.name, 200),
        column("state", "结果", lambda line: str(line.state), 80, lambda line: _MARKS[line.state]),
        *cells,
        column("notes", "说明", _notes, max(_NOTES_WIDTH, _ROOM - _CELL_WIDTH * len(cells))),
    )


def _cell_text(key: str, line: PasteLine) -> str:
    cell = line.cells[key]
    match cell.state:
        case PasteState.CHANGED:
            return f"{cell.before or EMPTY} → {cell.after or EMPTY}"
        case PasteState.SAME:
            return cell.before
        case PasteState.WRONG:
            return cell.text
    return ""


def _mark(key: str, line: PasteLine) -> CellMark | None:
    cell = line.cells[key]
    if cell.state is PasteState.CHANGED and cell.note:
        return _ODD
    if line.problem or (cell.state is PasteState.SAME and not cell.before):
        return None
    return _MARKS[cell.state]


def _note(key: str, line: PasteLine) -> str:
    return line.cells[key].note


def _notes(line: PasteLine) -> str:
    notes = [line.problem, *(cell.note for cell in line.cells.values())]
    return " ".join(filter(None, notes))
