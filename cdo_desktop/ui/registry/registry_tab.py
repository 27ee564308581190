"""名册备案: every post with its holder, and the actions on it.

Dialogs are imported when they are first opened: nobody should wait for them when the program starts.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from cdo_desktop.errors import AppError
from cdo_desktop.rules.filing import RegisterState
from cdo_desktop.rules.vocabulary import FILED_POSTS, PostKind, UnitCategory
from cdo_desktop.services.register import RegisterCounts, RegisterRow, RowKey
from cdo_desktop.services.unit_draft import UnitDraft
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.help import set_topic
from cdo_desktop.ui.common.open_dialog import open_dialog
from cdo_desktop.ui.common.result_line import ResultLine
from cdo_desktop.ui.common.search_typing import TableSearch
from cdo_desktop.ui.common.style import MEDIUM, SMALL
from cdo_desktop.ui.common.table_model import TableQuery
from cdo_desktop.ui.common.table_pasting import TablePasting
from cdo_desktop.ui.common.table_view import DataTable, count_text
from cdo_desktop.ui.registry.exports import RegistryExports
from cdo_desktop.ui.registry.holder_flow import HolderFlow
from cdo_desktop.ui.registry.register_bar import RegisterBar
from cdo_desktop.ui.registry.register_table import AS_OF, COLUMNS, GROUP, STATE, RegisterSource
from cdo_desktop.ui.registry.registry_actions import PAST, RegistryActions
from cdo_desktop.ui.registry.services import RegistryServices

if TYPE_CHECKING:
    from cdo_desktop.ui.registry.attachments_dialog import Place
    from cdo_desktop.ui.registry.register_paste import RegisterPaste


class RegistryTab(QWidget):
    """Lists posts with their holders, and opens the forms that change them."""

    register_changed = Signal()
    anew_wanted = Signal(int)
    """The post whose filing is void and is to be made anew, in 备案办理."""

    def __init__(self, services: RegistryServices, ui: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        set_topic(self, "名册备案")
        self._ui = ui
        self._source = RegisterSource(services.register)
        self.table = DataTable[RowKey, RegisterRow](
            COLUMNS, self._source, frozen=1, name="名册", tasks=ui.tasks
        )
        self.pasting = TablePasting(self.table, self._paste_into, ui)
        self.result_line = ResultLine(ui.notices.error)
        self.exports = RegistryExports(services, ui, self.result_line, self)
        self.actions_ = RegistryActions(self, self)
        self._flow = HolderFlow(services, ui, self, saved=self._saved, print_forms=self._print)
        self.bar = RegisterBar(ui)
        self.counts = QLabel()
        self.counts.setProperty("role", "muted")
        self.contact = QLabel()
        self.contact.setAccessibleName("选中人员的联系方式")
        self.contact.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        foot = QHBoxLayout()
        foot.addWidget(self.counts, 1)
        foot.addWidget(self.contact)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MEDIUM, SMALL, MEDIUM, SMALL)
        layout.setSpacing(SMALL)
        layout.addWidget(self.actions_.toolbar(self.table, self.exports))
        layout.addWidget(self.bar)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.result_line)
        layout.addLayout(foot)
        self._has_empty_state = False
        self._connect()

    def _connect(self) -> None:
        table, bar = self.table, self.bar
        table.set_actions(self.actions_.row_actions())
        table.activated.connect(lambda _key: self.edit())
        table.selection_changed.connect(self._show_available)
        table.query_changed.connect(self._query_changed)
        table.counts_changed.connect(self._counted)
        table.failed.connect(self._ui.notices.error)
        self.pasting.pasted.connect(self._pasted)
        searching = TableSearch(table, bar.search.text)
        bar.text_changed.connect(searching.search)
        bar.down_pressed.connect(table.grid.enter)
        bar.search_left.connect(searching.leave)
        bar.group_chosen.connect(lambda group: table.set_filter(GROUP, group))
        bar.state_chosen.connect(lambda state: table.set_filter(STATE, state))
        bar.day_chosen.connect(self._show_day)
        self.addActions(self.actions_.all())

    def _counted(self, shown: int, total: int) -> None:
        self.counts.setText(count_text(shown, total))
        if not total and not self._has_empty_state:
            from cdo_desktop.ui.common.empty_state import EmptyState

            self._has_empty_state = True
            actions = (self.actions_.load, self.actions_.new_unit)
            text = "导入各单位报来的名册，或新建一个单位。"
            self.table.set_empty_state(EmptyState("building-community", "名册里还没有单位", text, actions))

    # Rows

    def reload(self) -> None:
        """Ask for everything anew, keeping selection and filters."""
        self.table.reload()
        self._load_counts()
        self._show_available()

    def _changed(self) -> None:
        self.reload()
        self.register_changed.emit()

    def _query_changed(self, query: TableQuery) -> None:
        self.bar.show_query(query)
        self._load_counts()
        self._show_available()

    def _show_day(self, day: date | None) -> None:
        self.exports.as_of = day
        self.table.set_extra(AS_OF, day)

    def _load_counts(self) -> None:
        query = self.table.query()
        self._ui.tasks.run(
            lambda: self._source.counts(query),
            owner=self,
            done=lambda counts: self._show_counts(query, counts),
            failed=self._ui.notices.error,
        )

    def _show_counts(self, query: TableQuery, counts: RegisterCounts) -> None:
        if query == self.table.query():  # answers may overtake one another
            self.bar.show_counts(counts)

    def selected_rows(self) -> list[RegisterRow]:
        """Return what is selected as it is now, not as it was when the list was filled."""
        keys = self.table.selected_keys()
        rows = self._services.register.rows(keys, self._as_of())
        return [rows[key] for key in keys if key in rows]

    def _as_of(self) -> date | None:
        day = self.table.query().extra.get(AS_OF)
        return day if isinstance(day, date) else None

    def _show_available(self) -> None:
        model = self.table.model
        rows = [model.row_at(place) for place in model.indexes_of(self.table.selected_keys())]
        known = [row for row in rows if row is not None]
        self.actions_.show_available(known, self._as_of())
        self.pasting.set_available(PAST if self._as_of() else "")
        self.contact.setText(_contact(known[0]) if len(known) == 1 else "")

    def _one(self, action: Callable[[RegisterRow], None]) -> None:
        """Do something with the one selected row, or say why not."""
        self._ui.when_ready(self, lambda: self._act_on_one(action))

    def _act_on_one(self, action: Callable[[RegisterRow], None]) -> None:
        self.bar.search_now()
        try:
            rows = self.selected_rows()
            if len(rows) == 1:
                action(rows[0])
        except AppError as error:
            self._ui.notices.error(error)

    # Actions

    def edit(self) -> None:
        """Open the holder, or appoint one to an empty post."""
        self._one(lambda row: self._update(row) if row.tenure_id else self._appoint(row))

    def appoint(self) -> None:
        """任命: put somebody into the selected empty post."""
        self._one(self._appoint)

    def update_holder(self) -> None:
        """信息更新: other 职务, 科室 or phone of the same person."""
        self._one(self._update)

    def replace_holder(self) -> None:
        """更换: a new person, with a 变更备案 due in three working days."""
        self._one(self._flow.replace)

    def leave(self) -> None:
        """离任 without a successor."""
        self._one(self._flow.leave)

    def _appoint(self, row: RegisterRow) -> None:
        if self._as_of() is None and row.tenure_id is None:
            self._flow.appoint(row)

    def _update(self, row: RegisterRow) -> None:
        if self._as_of() is None:
            self._flow.update(row, self.table.current_column())

    def _paste_into(self) -> "RegisterPaste":
        from cdo_desktop.ui.registry.register_paste import RegisterPaste

        return RegisterPaste(self._services.block_update, {column.key: column.title for column in COLUMNS})

    def _pasted(self, said: str) -> None:
        self._changed()
        self._ui.notices.info(said)

    def _saved(self, row: RegisterRow, what: str) -> None:
        self._changed()
        self._select_post(row.post_id)
        self._ui.notices.info(f"{what}：{row.unit} {row.post}")

    def show_post(self, post_id: int) -> bool:
        """Select a post of today, whatever was filtered before; False if today's register has none such."""
        if self._as_of() is not None:
            self._show_day(None)
        if not self._select_post(post_id):
            self.table.clear_filters()
            if not self._select_post(post_id):
                return False
        self.table.setFocus()
        return True

    def show_state(self, state: RegisterState) -> None:
        """Show today's posts in one state alone, whatever was filtered before."""
        self._show_day(None)
        self.table.clear_filters()
        self.table.set_filter(STATE, state)
        self.table.grid.enter()

    def _select_post(self, post_id: int) -> bool:
        for key in (self.table.model.key_at(place) for place in range(self.table.model.key_count)):
            if key[0] == post_id:
                return self.table.select_key(key)
        return False

    def print_forms(self) -> None:
        """备案表 of the selected posts, or of all when none is selected."""
        self.bar.search_now()
        rows = [row for row in self._safe_rows() if PostKind(row.post) in FILED_POSTS]
        self._print([row.post_id for row in rows] or None)

    def make_anew(self) -> None:
        """Ask for another filing in the place of the void one of the selected post."""
        self.bar.search_now()
        rows = self._safe_rows()
        if len(rows) == 1:
            self.anew_wanted.emit(rows[0].post_id)

    def print_all_forms(self) -> None:
        """备案表 of every post."""
        self._print(None)

    def print_filings(self, filing_ids: list[int]) -> None:
        """备案表 of exactly these filings, as another tab asked for."""
        self._print(None, filing_ids)

    def _print(self, post_ids: list[int] | None, filing_ids: list[int] | None = None) -> None:
        from cdo_desktop.ui.registry.forms_dialog import FormsDialog

        dialog = FormsDialog(self._services, self._ui, post_ids, self, filing_ids=filing_ids)
        dialog.issued.connect(self._changed)
        dialog.anew_wanted.connect(self.anew_wanted)
        open_dialog(dialog)

    def _safe_rows(self) -> list[RegisterRow]:
        try:
            return self.selected_rows()
        except AppError as error:
            self._ui.notices.error(error)
            return []

    def import_roster(self) -> None:
        """Bring in a roster workbook, after a preview."""
        self._ui.when_ready(self, self._import_roster)

    def _import_roster(self) -> None:
        from cdo_desktop.ui.registry.import_dialog import ImportDialog

        dialog = ImportDialog(self._services, self._ui, self)
        dialog.imported.connect(lambda _result: self._changed())
        open_dialog(dialog)

    def show_history(self) -> None:
        """Show what happened to the selected post, its holder and its unit."""
        self._one(self._history)

    def _history(self, row: RegisterRow) -> None:
        from cdo_desktop.ui.registry.history_dialog import HistoryDialog, HistoryOf

        about = HistoryOf(row.post_id, row.unit_id, row.unit, row.post, row.person_id, row.name)
        open_dialog(HistoryDialog(self._services.holders, self._services.units, about, self._ui, self))

    def show_personal_data(self) -> None:
        """Show what is stored of the selected holder, to copy, correct or erase it on their request."""
        self._one(self._personal_data)

    def _personal_data(self, row: RegisterRow) -> None:
        if row.person_id is not None:
            self.open_personal_data(row.person_id, PAST if self._as_of() is not None else "")

    def open_personal_data(self, person_id: int, correctable: str = "") -> None:
        """Show what is stored of a person; ``correctable`` is why nothing can be corrected from here."""
        from cdo_desktop.ui.registry.personal_data_dialog import PersonalDataDialog

        service = self._services.personal_data()
        dialog = PersonalDataDialog(service, person_id, self._ui, correctable=correctable, parent=self)
        dialog.correction_wanted.connect(self.update_holder)
        dialog.erased.connect(self._changed)
        open_dialog(dialog)

    def show_attachments(self) -> None:
        """附件 of the selected post's holder, and of its unit."""
        self._one(self._attachments)

    def _attachments(self, row: RegisterRow) -> None:
        from cdo_desktop.ui.registry.attachments_dialog import places_of

        title = f"{row.unit} {row.post} {row.name}".rstrip()
        self.open_attachments(title, places_of(row), PAST if self._as_of() else "")

    def open_attachments(self, title: str, places: "Sequence[Place]", locked: str = "") -> None:
        """Show the files of some records; ``locked`` is why none may be added or removed."""
        from cdo_desktop.ui.registry.attachments_dialog import AttachmentsDialog

        service = self._services.attachments()
        open_dialog(AttachmentsDialog(service, title, places, self._ui, self, locked=locked))

    def edit_unit(self) -> None:
        """Open the unit of the selected post."""
        self._one(self._edit_unit)

    def _edit_unit(self, row: RegisterRow) -> None:
        if row.category != UnitCategory.DISTRICT:
            self._unit_dialog(self._services.units.get(row.unit_id))

    def new_unit(self) -> None:
        """Register another unit with its two empty posts."""
        self._ui.when_ready(self, lambda: self._unit_dialog(None))

    def _unit_dialog(self, unit: UnitDraft | None) -> None:
        from cdo_desktop.ui.common.unit_dialog import UnitDialog

        dialog = UnitDialog(self._services.units, unit, self._ui, self)
        dialog.saved.connect(lambda _id: self._unit_saved())
        open_dialog(dialog)

    def _unit_saved(self) -> None:
        self._changed()
        self._ui.notices.info("已保存单位资料")

    def check_names(self) -> None:
        """Check the full names against the seals."""
        self._ui.when_ready(self, self._check_names)

    def _check_names(self) -> None:
        from cdo_desktop.ui.registry.unit_names_dialog import UnitNamesDialog

        dialog = UnitNamesDialog(self._services.units, self._ui, self)
        dialog.saved.connect(lambda _count: self._changed())
        open_dialog(dialog)

    def go_to_search(self) -> None:
        """Go to the search field."""
        self.bar.typing.focus()

    def save_layout(self) -> str:
        """Return the table's columns for the next start."""
        return self.table.save_layout()

    def restore_layout(self, text: str) -> None:
        """Arrange the table as it was left."""
        self.table.restore_layout(text)


def _contact(row: RegisterRow) -> str:
    """Return how to reach one holder, in clear: the table itself masks mobiles."""
    if not row.name:
        return ""
    parts = (("办公", row.office_phone), ("手机", row.mobile), ("邮箱", row.email))
    return f"{row.name}　" + "　".join(f"{label} {value}" for label, value in parts if value)
