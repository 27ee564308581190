"""操作记录: who did what when, with every field before and after, and whether the record is whole."""

from pathlib import Path

from PySide6.QtGui import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSplitter, QVBoxLayout, QWidget

from cdo_desktop.errors import AppError
from cdo_desktop.services.safety import BackupService
from cdo_desktop.services.trail import TrailRow, TrailService
from cdo_desktop.store.integrity import CheckReport
from cdo_desktop.ui.common import shortcuts
from cdo_desktop.ui.common.actions import make_action
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.date_field import DateField
from cdo_desktop.ui.common.progress import Progress
from cdo_desktop.ui.common.result_line import ResultLine
from cdo_desktop.ui.common.saving import Saving
from cdo_desktop.ui.common.search_line import search_line
from cdo_desktop.ui.common.style import MEDIUM, SMALL
from cdo_desktop.ui.common.table_view import DataTable, count_text
from cdo_desktop.ui.system.trail_table import COLUMNS, SINCE, UNTIL, TrailSource, trail_query
from cdo_desktop.ui.system.widgets import label, list_line, list_of, toolbar

_ALL = 10_000  # more than there is: the lines get all that the fields below do not need
_EXCEL = "Excel 工作簿 (*.xlsx)"
_INTRO = "选中一条记录，下面列出每一栏改动前后的内容。"
_WHOLE = "操作记录完整：校验链从第一条到最后一条都对得上，也与现有备份一致。"


class TrailSection(QWidget):
    """Read-only: nothing here changes a line, and nobody else can without being found out."""

    def __init__(
        self, trail: TrailService, backups: BackupService, ui: UiContext, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._trail = trail
        self._backups = backups
        self._ui = ui
        self.table = DataTable[int, TrailRow](
            COLUMNS, TrailSource(trail), frozen=1, name="操作记录", tasks=ui.tasks
        )
        self.search = search_line("按单位、人员、操作或改动的内容查找", "查找操作记录")
        self.since = self._day_field("从哪一天")
        self.until = self._day_field("到哪一天")
        self.counts = QLabel()
        self.counts.setProperty("role", "muted")
        self.about = label(_INTRO, "muted")
        self.details = list_of("改动的内容", ("栏目", "原来", "改为"), 2)
        self.result = label("")
        self.result.hide()
        self.line = ResultLine(ui.notices.error)
        self._saving = Saving(self, ui, self.line, ui.notices.error)
        self._make_actions()
        self._build()
        self._connect()

    def _day_field(self, name: str) -> DateField:
        field = DateField(self._ui.today, self._ui.day_mark)
        field.line.setAccessibleName(name)
        field.line.setFixedWidth(self.fontMetrics().horizontalAdvance("2026-03-05") + 36)
        return field

    def _make_actions(self) -> None:
        self.check_action = make_action(
            "核对完整性(&V)",
            parent=self,
            triggered=self.check,
            icon="check",
            tip="重算整条校验链，并与备份对照，看有没有被改动、删除或插入",
        )
        self.export_action = make_action(
            "导出(&E)…", parent=self, triggered=self.export, icon="file-spreadsheet", tip="导出筛选出的记录"
        )
        self.refresh = make_action(
            "刷新", parent=self, triggered=self.reload, icon="refresh", shortcut=shortcuts.REFRESH
        )
        self.find_action = make_action(
            "查找", parent=self, triggered=self._go_to_search, icon="search", shortcut=shortcuts.FIND
        )
        self.addActions([self.refresh, self.find_action, self.check_action, self.export_action])

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(SMALL)
        head.addWidget(self.search, 1)
        for words, field in (("从", self.since), ("到", self.until)):
            head.addWidget(QLabel(words))
            head.addWidget(field)
        below = QWidget()
        lower = QVBoxLayout(below)
        lower.setContentsMargins(0, SMALL, 0, 0)
        lower.setSpacing(SMALL)
        told = QHBoxLayout()
        told.addWidget(self.about, 1)
        told.addWidget(self.counts)
        lower.addLayout(told)
        lower.addWidget(self.details, 1)
        self.details.setMinimumHeight(4 * self.fontMetrics().height())
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.setObjectName("trail")
        splitter.addWidget(self.table)
        splitter.addWidget(below)
        splitter.setStretchFactor(0, 3)
        splitter.setStretchFactor(1, 0)
        splitter.setChildrenCollapsible(False)
        splitter.setSizes([_ALL, 1])
        commands = (self.check_action, self.export_action, None, self.table.clear_filters_action)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MEDIUM, SMALL, MEDIUM, SMALL)
        layout.setSpacing(SMALL)
        layout.addWidget(toolbar("操作记录命令", commands))
        layout.addLayout(head)
        layout.addWidget(splitter, 1)
        for widget in (self.result, self.line):
            layout.addWidget(widget)
        self.setFocusProxy(self.search)

    def _connect(self) -> None:
        table = self.table
        table.set_actions((self.check_action, self.export_action))
        table.selection_changed.connect(self._show_details)
        table.counts_changed.connect(lambda shown, total: self.counts.setText(count_text(shown, total)))
        table.failed.connect(self._ui.notices.error)
        table.query_changed.connect(self._show_text)
        self.search.textChanged.connect(table.set_text)
        self.since.changed.connect(lambda: table.set_extra(SINCE, self.since.day()))
        self.until.changed.connect(lambda: table.set_extra(UNTIL, self.until.day()))

    def reload(self) -> None:
        """Read the lines anew."""
        self.table.reload()

    def _show_text(self) -> None:
        if self.search.text().strip() != self.table.query().text.strip():
            self.search.setText(self.table.query().text)

    def _go_to_search(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def _show_details(self) -> None:
        """Show every field of the line that was selected last."""
        self.details.clear()
        keys = self.table.selected_keys()
        row = self.table.model.row_at(self.table.model.index_of(keys[0])) if len(keys) == 1 else None
        if row is None:
            self.about.setText(_INTRO)
            return
        what = " ".join(filter(None, (row.unit, row.person, row.entity)))
        when = f"{row.at:%Y-%m-%d %H:%M:%S}"
        self.about.setText(f"第 {row.number} 条：{when}，{row.actor}，{row.action}，{what}")
        for detail in row.details:
            list_line(self.details, detail)

    # Whole or not

    def check(self) -> None:
        """Go through the chain and the backups, and tell how they stand."""
        self.check_action.setEnabled(False)
        self._ui.tasks.run(
            self._backups.check_trail,
            owner=self,
            done=self._checked,
            failed=self._not_checked,
            title="正在核对操作记录",
        )

    def _checked(self, report: CheckReport) -> None:
        self.check_action.setEnabled(True)
        self.result.setText(_WHOLE if report.ok else "\n".join(report.problems))
        self.result.setProperty("role", "" if report.ok else "message")
        self.result.style().unpolish(self.result)
        self.result.style().polish(self.result)
        self.result.show()
        self._ui.notices.info("操作记录完整" if report.ok else "操作记录有问题")

    def _not_checked(self, error: AppError) -> None:
        self.check_action.setEnabled(True)
        self._ui.notices.error(error)

    # Export

    def export(self) -> None:
        """Write what the table shows into a workbook."""
        query = trail_query(self.table.query())
        name = f"操作记录{self._ui.today():%Y%m%d}.xlsx"

        def write(target: Path, progress: Progress) -> str:
            count = self._trail.export(query, target, progress.step)
            return f"已导出 {count} 条操作记录：{target.name}"

        self._saving.save(
            "正在导出操作记录",
            lambda: self._ui.files.save_as(self, "导出操作记录", name, _EXCEL),
            write,
            self.reload,
        )
