"""The filings as working lists, and the steps taken with them.

Dialogs are imported when they are first opened: nobody should wait for them when the tab is first looked at.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from cdo_desktop.errors import AppError
from cdo_desktop.rules.filing import OPEN_STATES, UNDERWAY_STATES
from cdo_desktop.rules.filing_steps import FilingStep
from cdo_desktop.rules.vocabulary import FilingState
from cdo_desktop.services.filing_list import FilingQuery, FilingRow
from cdo_desktop.services.filing_plans import StepPlan
from cdo_desktop.services.filing_sql import FilingView
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.open_dialog import open_dialog
from cdo_desktop.ui.common.result_line import ResultLine
from cdo_desktop.ui.common.search_typing import TableSearch
from cdo_desktop.ui.common.style import MEDIUM, SMALL
from cdo_desktop.ui.common.table_model import TableQuery
from cdo_desktop.ui.common.table_view import DataTable, count_text
from cdo_desktop.ui.filings.empty_lists import empty_state
from cdo_desktop.ui.filings.filing_papers import FilingPapers
from cdo_desktop.ui.filings.filings_actions import FilingsActions, is_missing
from cdo_desktop.ui.filings.filings_bar import FilingsBar
from cdo_desktop.ui.filings.filings_table import COLUMNS, VIEW, FilingSource, view_of
from cdo_desktop.ui.filings.ledgers import Ledgers
from cdo_desktop.ui.filings.numbered_line import NumberedLine
from cdo_desktop.ui.filings.page import Page
from cdo_desktop.ui.filings.services import FilingsServices

if TYPE_CHECKING:
    from cdo_desktop.services.contacts import ChaseText, ContactRow
    from cdo_desktop.services.filing_edits import FilingContent


class FilingsPage(Page):
    """Lists filings and opens the windows of their steps."""

    filings_changed = Signal()
    vacant_wanted = Signal()
    forms_wanted = Signal(object)
    """The ids of the filings whose 备案表 are to be printed."""
    attachments_wanted = Signal(object)
    """The `FilingRow` whose files are to be seen."""

    def __init__(self, services: FilingsServices, ui: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._ui = ui
        self._planning = False
        self._empty_view: FilingView | None = None
        self._source = FilingSource(services.filing_list)
        self.table = DataTable[int, FilingRow](COLUMNS, self._source, frozen=1, name="备案", tasks=ui.tasks)
        self.actions_ = FilingsActions(self, self)
        self.result_line = ResultLine(ui.notices.error)
        self.papers = FilingPapers(services, self.table.selected_keys, ui, self)
        self.ledgers = Ledgers(services.papers, ui, self.result_line, self)
        self.numbered = NumberedLine(self.papers.write_receipts, self.papers.write_seal_list)
        self.bar = FilingsBar()
        self.counts = QLabel()
        self.counts.setProperty("role", "muted")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MEDIUM, SMALL, MEDIUM, SMALL)
        layout.setSpacing(SMALL)
        self.toolbar = self.actions_.toolbar(self.table, self.papers.menu(self.ledgers.actions))
        layout.addWidget(self.toolbar)
        layout.addWidget(self.bar)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.numbered)
        layout.addWidget(self.result_line)
        layout.addWidget(self.counts)
        self._connect()
        self.table.set_extra(VIEW, FilingView.WAITING)

    def _connect(self) -> None:
        table, bar = self.table, self.bar
        table.set_actions(self.actions_.row_actions())
        table.activated.connect(lambda _key: self.next_step())
        table.selection_changed.connect(self._show_available)
        table.query_changed.connect(self._query_changed)
        table.counts_changed.connect(self._counted)
        table.failed.connect(self._ui.notices.error)
        searching = TableSearch(table, bar.search.text)
        bar.typing.text_changed.connect(searching.search)
        bar.typing.left.connect(searching.leave)
        bar.views.down_pressed.connect(table.grid.enter)
        bar.view_chosen.connect(self.show_view)
        bar.vacant_wanted.connect(self.vacant_wanted)
        self.addActions(self.actions_.all())

    # Rows

    def reload(self) -> None:
        """Ask for everything anew, keeping selection and filters."""
        self.table.reload()
        self._load_counts()
        self._show_available()

    def show_view(self, view: str) -> None:
        """Show one of the working lists."""
        self.table.set_extra(VIEW, FilingView(view))

    def show_filing(self, filing_id: int) -> None:
        """Select a filing in the list of all."""
        self.table.clear_filters()
        self.show_view(FilingView.ALL)
        self.table.select_key(filing_id)
        self.enter()

    def make_anew(self, post_id: int) -> None:
        """Go to the void filing of a post, and ask for another in its place."""
        service = self._services.filing_list
        try:
            rows = service.rows_of(service.keys(FilingQuery(FilingView.VOID)))
        except AppError as error:
            self._ui.notices.error(error)
            return
        void = [row.filing_id for row in rows.values() if row.post_id == post_id]
        self.table.clear_filters()
        self.show_view(FilingView.VOID)
        if void and self.table.select_key(max(void)):
            self.enter()
            self.take(FilingStep.ANEW)

    def enter(self) -> None:
        """Put the keyboard into the rows."""
        self.table.grid.enter()

    def _query_changed(self, query: TableQuery) -> None:
        self.bar.show_query(query)
        self._load_counts()
        self._show_available()

    def _counted(self, shown: int, total: int) -> None:
        self.counts.setText(count_text(shown, total))
        view = view_of(self.table.query())
        if not total and view is not self._empty_view:
            self._empty_view = view
            self.table.set_empty_state(empty_state(view, self, self.show_view))

    def _load_counts(self) -> None:
        query = self.table.query()

        def show(counts: tuple[dict[FilingView, int], int]) -> None:
            if query == self.table.query():  # answers may overtake one another
                self.bar.show_counts(counts[0])
                self.bar.show_vacant(counts[1])

        self._ui.tasks.run(
            lambda: (self._source.counts(query), self._services.count_vacant()),
            owner=self,
            done=show,
            failed=self._ui.notices.error,
        )

    def selected_rows(self) -> list[FilingRow]:
        """Return what is selected as it is now, not as it was when the list was filled."""
        keys = self.table.selected_keys()
        rows = self._services.filing_list.rows_of(keys)
        return [rows[key] for key in keys if key in rows]

    def _show_available(self) -> None:
        model = self.table.model
        rows = [model.row_at(place) for place in model.indexes_of(self.table.selected_keys())]
        known = [row for row in rows if row is not None]
        self.actions_.show_available(known)
        self.papers.show_available(known)

    # Steps

    def next_step(self) -> None:
        """Do what comes next with the selected filings: Enter on a row."""
        rows = self._safe_rows()
        if not rows:
            return
        view, row = view_of(self.table.query()), rows[0]
        state = FilingState(row.state)
        if view is FilingView.TO_EXPLAIN:
            self.explain()
        elif view is FilingView.TO_ORIGINAL or state in OPEN_STATES:
            self.take(FilingStep.RECEIVE)
        elif state in UNDERWAY_STATES:
            self.take(FilingStep.FILE if row.received_on else FilingStep.RECEIVE)
        elif state is FilingState.FILED:
            self.take(FilingStep.STORE)
        elif view is FilingView.VOID:
            self.take(FilingStep.ANEW)
        else:
            self.show_history()

    def take(self, step: FilingStep) -> None:
        """Open the window of a step for the selected filings, with what it would do."""
        self.bar.typing.search_now()
        keys = self.table.selected_keys()
        if not keys or self._planning or not self.actions_.steps[step].isEnabled():
            return
        self._planning = True
        self._ui.tasks.run(
            lambda: self._services.filings().plan(step, keys),
            owner=self,
            done=self._planned,
            failed=self._not_planned,
        )

    def _planned(self, plan: StepPlan) -> None:
        self._planning = False
        from cdo_desktop.ui.filings.step_dialogs import step_dialog

        dialog = step_dialog(self._services, plan, self._ui, self)
        dialog.saved.connect(lambda done: self._taken(done, anew=bool(dialog.form.values().get("anew"))))
        open_dialog(dialog)

    def _not_planned(self, error: AppError) -> None:
        self._planning = False
        self._ui.notices.error(error)
        self.reload()

    def _taken(self, plan: StepPlan, *, anew: bool) -> None:
        from cdo_desktop.ui.filings.step_summary import done_text

        self._changed()
        if plan.step is FilingStep.FILE and not self.table.model.key_count:
            # All have their numbers: what comes next, 回执 and 入库, is done with them where they are now.
            self.show_view(FilingView.TO_STORE)
            self.table.select_keys([line.filing_id for line in plan.ready])
        self._ui.notices.info(done_text(plan, anew=anew))
        if plan.step is FilingStep.FILE:
            self.numbered.show_numbered(done_text(plan), [line.filing_id for line in plan.ready])

    def _changed(self) -> None:
        """Read the list anew; where the selected rows have left it, the next one is selected."""
        keys = list(self.table.model.keys)
        places = [keys.index(key) for key in self.table.selected_keys()]
        self.reload()
        if places and not self.table.selected_keys():
            later, earlier = keys[places[-1] + 1 :], keys[: places[-1]]
            self._select_first(later, earlier[::-1])
        self.filings_changed.emit()

    def _select_first(self, *candidates: Sequence[int]) -> None:
        for keys in candidates:
            for key in keys:
                if self.table.select_key(key):
                    return

    # Other actions

    def chase(self) -> None:
        """催办 of the selected filings that have not come."""
        self.bar.typing.search_now()
        rows = [row for row in self._safe_rows() if is_missing(row)]
        if not rows or self._planning:
            return
        self._planning = True
        contacts = self._services.contacts

        def look() -> "tuple[ChaseText, tuple[ContactRow, ...]]":
            text = contacts().chase([row.filing_id for row in rows])
            return text, contacts().of_filing(rows[0].filing_id) if len(rows) == 1 else ()

        self._ui.tasks.run(
            look, owner=self, done=lambda found: self._chase(rows, *found), failed=self._not_planned
        )

    def _chase(self, rows: Sequence[FilingRow], text: "ChaseText", earlier: "Sequence[ContactRow]") -> None:
        self._planning = False
        from cdo_desktop.ui.filings.chase_dialog import ChaseDialog

        dialog = ChaseDialog(self._services.contacts(), rows, text, earlier, self._ui, self)
        dialog.saved.connect(lambda _none: self._chased(dialog.about))
        open_dialog(dialog)

    def _chased(self, about: str) -> None:
        self._changed()
        self._ui.notices.info(f"已记下催办：{about}")

    def explain(self) -> None:
        """逾期说明 of the selected filing."""
        self._one(self._explain)

    def _explain(self, row: FilingRow) -> None:
        from cdo_desktop.ui.filings.step_dialogs import ExplainDialog

        services = self._services
        dialog = ExplainDialog(services.filings(), services.filing_list, row, self._ui, self)
        dialog.saved.connect(lambda _none: self._explained(row))
        open_dialog(dialog)

    def _explained(self, row: FilingRow) -> None:
        self._changed()
        self._ui.notices.info(f"已登记逾期说明：{row.unit} {row.post} {row.name}")

    def edit(self) -> None:
        """修改备案内容 of the selected filing."""
        self._one(self._edit)

    def _edit(self, row: FilingRow) -> None:
        if self._planning:
            return
        self._planning = True
        edits = self._services.edits
        self._ui.tasks.run(
            lambda: edits().get(row.filing_id),
            owner=self,
            done=self._open_edit,
            failed=self._not_planned,
        )

    def _open_edit(self, opened: "FilingContent") -> None:
        self._planning = False
        from cdo_desktop.ui.filings.edit_dialog import EditDialog

        dialog = EditDialog(self._services.edits(), opened, self._ui, self)
        dialog.saved.connect(lambda _none: self._edited(opened.title))
        open_dialog(dialog)

    def _edited(self, title: str) -> None:
        self._changed()
        self._ui.notices.info(f"已修改备案内容：{title}")

    def print_forms(self) -> None:
        """备案表 of the selected filings; the window says of those that are final why they have none."""
        rows = self._safe_rows()
        if any(row.state in UNDERWAY_STATES for row in rows):
            self.forms_wanted.emit([row.filing_id for row in rows])

    def show_attachments(self) -> None:
        """Scans and kept forms of the selected filing."""
        self._one(self.attachments_wanted.emit)

    def show_history(self) -> None:
        """办理记录 of the selected filing."""
        self._one(self._history)

    def _history(self, row: FilingRow) -> None:
        from cdo_desktop.ui.filings.history_dialog import FilingHistoryDialog

        open_dialog(FilingHistoryDialog(self._services.history(), row, self._ui, self))

    def _one(self, action: Callable[[FilingRow], object]) -> None:
        self.bar.typing.search_now()
        if len(self.table.selected_keys()) != 1:  # not worth reading all of them
            return
        for row in self._safe_rows():
            action(row)

    def _safe_rows(self) -> list[FilingRow]:
        try:
            return self.selected_rows()
        except AppError as error:
            self._ui.notices.error(error)
            return []

    def go_to_search(self) -> None:
        """Go to the search field."""
        self.bar.typing.focus()
