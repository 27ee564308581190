"""Units: the form of one, and the list whose full names are checked against the seals."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtGui import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from cdo_desktop.rules.vocabulary import UnitCategory, UnitGroup
from cdo_desktop.services.unit_draft import UNIT_FIELDS, UnitDraft
from cdo_desktop.services.units import UnitRow, UnitService
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.fields import Field, FieldKind, FieldValue
from cdo_desktop.ui.common.form_dialog import FormDialog
from cdo_desktop.ui.common.style import LARGE, MEDIUM, SMALL

_CATEGORIES = tuple(category for category in UnitCategory if category is not UnitCategory.DISTRICT)
_GROUPS = tuple(group for group in UnitGroup if group is not UnitGroup.DISTRICT)


class UnitDialog(FormDialog):
    """One unit; a changed name keeps the old one in the unit's history."""

    def __init__(
        self, service: UnitService, opened: UnitDraft | None, ui: UiContext, parent: QWidget
    ) -> None:
        self._service = service
        self._opened = opened
        title = f"单位资料：{opened.short_name}" if opened else "新建单位"
        super().__init__(title, ui, self._save, reload=self._reload_unit if opened else None, parent=parent)
        self._add_fields()
        if opened is not None:
            self.form.set_values(self._values(opened))
        self.fit()

    def _add_fields(self) -> None:
        self.form.add(
            Field("full_name", "单位全称", required=True, max_length=100, wide=True, help="与公章一致"),
            Field("full_name_confirmed", "全称已与公章核对", FieldKind.CHECK),
            Field("short_name", "单位简称", required=True, max_length=100),
            Field("category", "单位类别", FieldKind.CHOICE, required=True, choices=_CATEGORIES),
            Field("group", "考核分组", FieldKind.CHOICE, choices=_GROUPS, help="不选则按单位类别归组。"),
            Field("address", "单位地址", max_length=100, wide=True),
            Field("postcode", "邮编", max_length=6),
            Field("code", "行政区划代码", max_length=20),
            Field("sort_order", "排序", FieldKind.NUMBER, help="小的在前；新单位不填则排在最后。"),
            Field("note", "备注", FieldKind.MULTILINE, max_length=200, lines=2),
        )
        if self._opened is not None:
            self.form.add(
                Field(
                    "renamed_on",
                    "更名日期",
                    FieldKind.DATE,
                    help="改了全称或简称时填新名称启用的日期；不填为今天。只改错字的，先去掉“已核对”保存一次。",
                )
            )

    @staticmethod
    def _values(draft: UnitDraft) -> dict[str, FieldValue]:
        values: dict[str, FieldValue] = {name: getattr(draft, name) for name in UNIT_FIELDS}
        values["sort_order"] = str(draft.sort_order)
        return values

    def _save(self, values: dict[str, FieldValue]) -> object:
        renamed_on = values.get("renamed_on")
        order = str(values["sort_order"] or "0")
        fields = {name: values[name] for name in UNIT_FIELDS} | {"sort_order": int(float(order))}
        draft = replace(self._opened or UnitDraft(), **fields)  # type: ignore[arg-type]
        return self._service.save(draft, self._opened, renamed_on if isinstance(renamed_on, date) else None)

    def _reload_unit(self) -> Mapping[str, FieldValue]:
        self._opened = self._service.get((self._opened or UnitDraft()).unit_id or 0)
        return self._values(self._opened)


class UnitNamesDialog(QDialog):
    """Every unit with its full name: typed right, ticked once it equals the seal."""

    saved = Signal(int)  # how many units were confirmed or changed

    def __init__(self, service: UnitService, ui: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._service = service
        self._ui = ui
        self._rows: tuple[UnitRow, ...] = ()
        self.setWindowTitle("核对单位全称")
        self.table = QTableWidget(0, 3)
        self.table.setAccessibleName("单位全称")
        self._build()
        self._ui.tasks.run(service.rows, owner=self, done=self._show)

    def _build(self) -> None:
        intro = QLabel("备案表上的单位全称必须与公章一致。请逐个核对，不对的直接改，核对过的打勾（空格键）。")
        intro.setWordWrap(True)
        self.table.setHorizontalHeaderLabels(["单位", "全称（与公章一致）", "已核对"])
        self.table.verticalHeader().setVisible(False)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setAlternatingRowColors(True)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.ResizeToContents)
        self.all_button = self._button("全部打勾", self._tick_all)
        self.save_button = self._button("保存", self._save)
        self.save_button.setProperty("role", "primary")
        self.close_button = self._button("关闭", self.reject)
        buttons = QHBoxLayout()
        buttons.setSpacing(SMALL)
        buttons.addWidget(self.all_button)
        buttons.addStretch(1)
        buttons.addWidget(self.save_button)
        buttons.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(LARGE, LARGE, LARGE, MEDIUM)
        layout.setSpacing(MEDIUM)
        layout.addWidget(intro)
        layout.addWidget(self.table, 1)
        layout.addLayout(buttons)
        self.resize(760, 560)

    def _button(self, text: str, slot: object) -> QPushButton:
        button = QPushButton(text)
        button.setAccessibleName(text)
        button.setAutoDefault(False)
        button.clicked.connect(slot)
        return button

    def _show(self, rows: tuple[UnitRow, ...]) -> None:
        self._rows = tuple(row for row in rows if row.category != UnitCategory.DISTRICT)
        self.table.setRowCount(len(self._rows))
        for place, row in enumerate(self._rows):
            name = QTableWidgetItem(row.short_name)
            name.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
            tick = QTableWidgetItem()
            tick.setFlags(
                Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable
            )
            state = Qt.CheckState.Checked if row.full_name_confirmed else Qt.CheckState.Unchecked
            tick.setCheckState(state)
            for column, item in enumerate((name, QTableWidgetItem(row.full_name), tick)):
                self.table.setItem(place, column, item)
        first = next((i for i, row in enumerate(self._rows) if not row.full_name_confirmed), 0)
        if self._rows:
            self.table.setCurrentCell(first, 2)
        self.table.setFocus()

    def _tick_all(self) -> None:
        for place in range(self.table.rowCount()):
            self._item(place, 2).setCheckState(Qt.CheckState.Checked)

    def _item(self, row: int, column: int) -> QTableWidgetItem:
        item = self.table.item(row, column)
        if item is None:
            raise IndexError(f"no cell {row}, {column}")
        return item

    def _changed(self) -> list[tuple[UnitRow, str, bool]]:
        found = []
        for place, row in enumerate(self._rows):
            name = self._item(place, 1).text().strip()
            ticked = self._item(place, 2).checkState() is Qt.CheckState.Checked
            if (name, ticked) != (row.full_name, row.full_name_confirmed):
                found.append((row, name, ticked))
        return found

    def _save(self) -> None:
        changed = self._changed()

        def save() -> int:
            for row, name, ticked in changed:
                opened = self._service.get(row.unit_id)
                draft = replace(opened, full_name=name, full_name_confirmed=ticked)
                self._service.save(draft, replace(opened, version=row.version))
            return len(changed)

        self._ui.tasks.run(save, owner=self, done=self._saved, failed=self._ui.notices.error)

    def _saved(self, count: int) -> None:
        self._ui.notices.info(f"已保存 {count} 个单位的全称")
        self.saved.emit(count)
        self.accept()
