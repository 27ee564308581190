"""待认扫描件: what no code assigned to a filing, with its picture, and the filings that it may belong to."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut, Qt
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSplitter,
    QStackedWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from cdo_desktop.errors import AppError
from cdo_desktop.rules.filing import FINAL_STATES
from cdo_desktop.rules.vocabulary import FilingState, PaperShows
from cdo_desktop.services.filing_list import FilingQuery, FilingRow
from cdo_desktop.services.filing_receipts import ReceiptDraft
from cdo_desktop.services.filing_sql import FilingView
from cdo_desktop.services.scan_check import ScanCheck
from cdo_desktop.services.scan_parts import WaitingRow
from cdo_desktop.ui.common import shortcuts
from cdo_desktop.ui.common.action_button import button_for
from cdo_desktop.ui.common.actions import make_action, set_available
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.empty_state import EmptyState
from cdo_desktop.ui.common.form import Form
from cdo_desktop.ui.common.help import set_topic
from cdo_desktop.ui.common.overriding import override
from cdo_desktop.ui.common.reading_dialog import record_tree
from cdo_desktop.ui.common.search_line import search_line
from cdo_desktop.ui.common.style import MEDIUM, SMALL
from cdo_desktop.ui.filings.intake_dialogs import TOPIC
from cdo_desktop.ui.filings.page import Page
from cdo_desktop.ui.filings.receipt_fields import RECEIPT_FIELDS, receipt_from
from cdo_desktop.ui.filings.scan_flow import ScanFlow
from cdo_desktop.ui.filings.services import FilingsServices
from cdo_desktop.ui.filings.tray_picture import TrayPicture

_MOST = 40  # filings offered at once
_DELAY_MS = 120
_FEW = 3  # scans that are compared without a window
_VIEWS = (FilingView.WAITING, FilingView.TO_ORIGINAL, FilingView.TO_NUMBER, FilingView.ALL)
_STATE = 4  # column
_ID = Qt.ItemDataRole.UserRole


class TrayPage(Page):
    """At the left what waits, in the middle how it looks, at the right where it goes."""

    filings_changed = Signal()

    def __init__(
        self, services: FilingsServices, flow: ScanFlow, ui: UiContext, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        set_topic(self, TOPIC)
        self._services = services
        self._ui = ui
        self._rows: dict[int, WaitingRow] = {}
        self._shown = 0
        self._focus_before: QWidget | None = None
        self._arranged = False  # by hand
        self.scans = record_tree(("文件", "页"), 0)
        self.scans.setAccessibleName("待认扫描件")
        self.scans.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.reason = QLabel()
        self.reason.setWordWrap(True)
        self.reason.setTextFormat(Qt.TextFormat.PlainText)
        self.reason.setProperty("role", "muted")
        self.picture = TrayPicture()
        self.stays = QLabel()
        self.stays.setWordWrap(True)
        self.stays.setProperty("role", "muted")
        self.search = search_line("归到哪份备案：单位、姓名，或拼音、首字母", "查找要归入的备案")
        self.filings = record_tree(("单位", "岗位", "姓名", "类型", "状态"), 0)
        self.filings.setAccessibleName("可以归入的备案")
        self.filings.setSelectionMode(QTreeWidget.SelectionMode.SingleSelection)
        self.form = Form(ui)
        self.form.add(*RECEIPT_FIELDS)
        self.form.least_lines = 1
        self.form.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.intake = flow.action
        self.assign = make_action(
            "归到这份备案(&E)", parent=self, triggered=self.assign_selected, icon="check"
        )
        self.drop = make_action(
            "移出(&X)", parent=self, triggered=self.drop_selected, icon="x", tip="不属于任何备案；可以撤销"
        )
        self._timer = QTimer(self, interval=_DELAY_MS, singleShot=True)
        self._build()
        self._connect()

    def _build(self) -> None:
        left = _column(self.scans)
        below_list: tuple[QWidget, ...] = (self.reason, button_for(self.drop), button_for(self.intake))
        for widget in below_list:
            left.layout().addWidget(widget)  # type: ignore[union-attr]
        right = _column(self.search, self.filings, self.form)
        below = QHBoxLayout()
        below.addWidget(self.stays, 1)
        below.addWidget(button_for(self.assign, primary=True))
        right.layout().addLayout(below)  # type: ignore[union-attr]
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setObjectName("tray")
        self.splitter.setChildrenCollapsible(False)
        for part in (left, self.picture, right):
            self.splitter.addWidget(part)
            self.splitter.setStretchFactor(self.splitter.count() - 1, 1)
        self.empty = EmptyState(
            "inbox",
            "没有待认的扫描件",
            "扫描件拖到这里，按二维码归到各份备案；读不出二维码的留在这里，由人认领。",
            (self.intake,),
        )
        self.stack = QStackedWidget()
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self.splitter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MEDIUM, SMALL, MEDIUM, SMALL)
        layout.addWidget(self.stack)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the lists what their words need and the picture the rest, until somebody moves an edge."""
        super().resizeEvent(event)
        if not self._arranged:
            width, letter = self.width() - 2 * MEDIUM, self.fontMetrics().horizontalAdvance("字")
            left = max(width * 19 // 100, min(15 * letter, width * 22 // 100))
            right = max(width * 34 // 100, min(33 * letter, width * 48 // 100))
            self.splitter.setSizes([left, width - left - right, right])

    def _connect(self) -> None:
        self.splitter.splitterMoved.connect(self._moved)
        self.scans.itemSelectionChanged.connect(self._scan_chosen)
        self.filings.itemSelectionChanged.connect(self._show_available)
        self.filings.itemActivated.connect(lambda _item: self.assign_selected())
        self.search.textChanged.connect(lambda _text: self._timer.start())
        self.search.returnPressed.connect(self.assign_selected)
        self._timer.timeout.connect(self._find)
        down = QShortcut(QKeySequence(Qt.Key.Key_Down), self.search)
        down.setContext(Qt.ShortcutContext.WidgetShortcut)
        down.activated.connect(self.filings.setFocus)
        refresh = make_action(
            "刷新待认扫描件", parent=self, triggered=self.refresh_all, shortcut=shortcuts.REFRESH
        )
        self.addActions([refresh, self.assign, self.drop, *self.picture.commands])

    def _moved(self, _place: int, _index: int) -> None:
        self._arranged = True

    # What waits

    def reload(self) -> None:
        """Read the tray anew; what is selected stays."""
        self._ui.when_ready(self, self._load)

    def _load(self) -> None:
        self._ui.tasks.run(
            self._services.scans().waiting, owner=self, done=self._show, failed=self._ui.notices.error
        )

    def enter(self) -> None:
        """Put the keyboard into the list, or to the button that fills it."""
        (self.scans if self._rows else self.empty.buttons[0]).setFocus()

    def _show(self, rows: Sequence[WaitingRow]) -> None:
        places = [item.row() for item in self.scans.selectionModel().selectedRows()]
        selected = {row.scan_id for row in self.selected()}
        self._rows = {row.scan_id: row for row in rows}
        self.scans.blockSignals(True)  # one choice, not one a line
        self.scans.clear()
        for row in rows:
            item = _item([row.name, row.pages], row.scan_id, f"{row.name}：{row.reason}")
            self.scans.addTopLevelItem(item)
            item.setSelected(row.scan_id in selected)
        if rows and not self.scans.selectedItems():  # what stands there now is the next one
            self.scans.setCurrentItem(self.scans.topLevelItem(min([*places[:1], len(rows) - 1])))  # type: ignore[arg-type]
        self.scans.blockSignals(False)
        had_keyboard = self.splitter.isAncestorOf(QApplication.focusWidget() or self)
        self.stack.setCurrentWidget(self.splitter if rows else self.empty)
        if had_keyboard and not rows:
            self.enter()
        self._scan_chosen()
        if rows:
            self._find()

    def selected(self) -> list[WaitingRow]:
        """Return the scans selected, in the order of the list."""
        items = (self.scans.topLevelItem(place) for place in range(self.scans.topLevelItemCount()))
        ids = [item.data(0, _ID) for item in items if item is not None and item.isSelected()]
        return [self._rows[scan_id] for scan_id in ids if scan_id in self._rows]

    def _scan_chosen(self) -> None:
        rows = self.selected()
        self._show_available()
        self.reason.setText(f"{rows[0].received_on.isoformat()} 收到：{rows[0].reason}" if rows else "")
        if not rows:
            self._shown = 0
            self.picture.show_pages((), "选中左边的一份，这里显示它的图像")
            return
        if rows[0].scan_id == self._shown:
            return
        row = rows[0]
        self._shown = row.scan_id
        self.form.set_values({"form": row.form, "received_on": row.received_on, "way": row.way})
        self.picture.show_pages((), "正在打开…")
        scans = self._services.scans()
        self._ui.tasks.run(
            lambda: scans.pictures(row),
            owner=self,
            done=lambda pages: self._show_picture(row, pages),
            failed=lambda error: self._show_picture(row, (), str(error)),
        )

    def _show_picture(self, row: WaitingRow, pages: Sequence[bytes], said: str = "") -> None:
        if row.scan_id == self._shown:  # another one may have been chosen meanwhile
            self.picture.show_pages(pages, said)

    # Where it goes

    def _find(self) -> None:
        text = self.search.text().strip()
        service = self._services.filing_list

        def look() -> list[FilingRow]:
            keys: dict[int, None] = {}
            for view in _VIEWS:
                keys |= dict.fromkeys(service.keys(FilingQuery(view, text))[:_MOST])
            rows = service.rows_of(list(keys)[:_MOST])
            found = (rows[key] for key in keys if key in rows)
            return [row for row in found if row.state != FilingState.VOID]

        self._ui.tasks.run(
            look, owner=self, done=lambda rows: self._offer(text, rows), failed=self._ui.notices.error
        )

    def _offer(self, text: str, rows: Sequence[FilingRow]) -> None:
        if text != self.search.text().strip():  # more has been typed meanwhile
            return
        self.filings.clear()
        for row in rows:
            kind = row.kind.removesuffix("备案")  # all of them are
            about = f"{row.unit} {row.post} {row.name} {row.kind} {row.state}"
            item = _item([row.unit, row.post, row.name, kind, row.state], row.filing_id, about)
            self.filings.addTopLevelItem(item)
        if text and rows:
            self.filings.topLevelItem(0).setSelected(True)  # type: ignore[union-attr]
        self._show_available()

    def _filing(self) -> int | None:
        items = self.filings.selectedItems()
        return int(items[0].data(0, _ID)) if items else None

    def _show_available(self) -> None:
        none = "" if self.selected() else "先在左边选中扫描件"
        set_available(self.drop, none)
        set_available(self.assign, none or ("" if self._filing() else "先在右边选中要归入的备案"))
        chosen = self.filings.selectedItems()
        is_final = bool(chosen) and chosen[0].text(_STATE) in FINAL_STATES
        self.stays.setText("已经备案：归入以后随备案留存，不能撤销" if is_final else "")

    def assign_selected(self) -> None:
        """File the selected scans as one paper of the chosen filing."""
        if self._timer.isActive():  # Enter right after the typing means what was typed
            self._timer.stop()
            self._find()
            return
        rows, filing_id = self.selected(), self._filing()
        messages = self.form.check()
        self.form.set_messages(messages)
        if not rows or filing_id is None or messages or not self.isEnabled():
            return
        draft = receipt_from(self.form.values())
        scans = self._services.scans()
        self._begin()
        self._ui.tasks.run_with_progress(
            lambda progress: scans.checks.of_waiting(rows, filing_id, progress.step),
            owner=self,
            title="正在核对二维码" if len(rows) > _FEW else "",
            done=lambda found: self._compared(found, rows, filing_id, draft),
            failed=self._failed,
        )

    def _compared(
        self, found: ScanCheck, rows: Sequence[WaitingRow], filing_id: int, draft: ReceiptDraft
    ) -> None:
        """File them, after a question where their codes name another filing."""
        doubts = "；\n".join(found.doubts)
        if doubts and not self._ui.notices.ask(f"{doubts}。\n仍要归入吗？", "仍要归入", "返回", danger=True):
            self._end()
            return
        scans = self._services.scans()
        older = f"；{found.said}" if found.shows is PaperShows.OLDER else ""
        self._ui.tasks.run(
            lambda: scans.assign(rows, filing_id, replace(draft, digest=found.digest)),
            owner=self,
            done=lambda title: self._settled(f"已归入：{title}{older}"),
            failed=self._failed,
        )

    def drop_selected(self) -> None:
        """Take the selected scans out of the tray."""
        rows = self.selected()
        if not rows:
            return
        scans = self._services.scans()

        self._begin()
        self._ui.tasks.run(
            lambda: scans.drop(rows),
            owner=self,
            done=lambda _none: self._settled(f"已移出 {len(rows)} 份，可以撤销"),
            failed=self._failed,
        )

    def _begin(self) -> None:
        """Keep everything as it is until the outcome; the keyboard comes back to where it was."""
        self._focus_before = self.focusWidget()
        self.setEnabled(False)

    def _end(self) -> None:
        self.setEnabled(True)
        if self._focus_before is not None:
            self._focus_before.setFocus()

    def _settled(self, said: str) -> None:
        self._end()
        if self.filings.hasFocus():  # the next unit is typed
            self.search.setFocus()
        self.search.clear()
        self._ui.notices.info(said)
        self.reload()
        self.filings_changed.emit()

    def _failed(self, error: AppError) -> None:
        self._end()
        self._ui.notices.error(error)
        self.reload()


def _item(texts: Sequence[str], row_id: int, about: str) -> QTreeWidgetItem:
    """Return a line that says all of itself where the mouse rests."""
    item = QTreeWidgetItem(list(texts))
    item.setData(0, _ID, row_id)
    for column in range(len(texts)):
        item.setToolTip(column, about)
    return item


def _column(*widgets: QWidget) -> QWidget:
    column = QWidget()
    layout = QVBoxLayout(column)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(SMALL)
    for place, widget in enumerate(widgets):
        layout.addWidget(widget, 0 if isinstance(widget, Form | QLabel) or place == len(widgets) else 1)
    return column
