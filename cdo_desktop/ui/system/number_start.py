"""从第几号编起: where this year's numbers go on at go-live, and which one comes next."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGroupBox, QHBoxLayout, QLabel, QSpinBox, QVBoxLayout, QWidget

from cdo_desktop.errors import AppError
from cdo_desktop.services.filing_numbers import LARGEST, FilingNumberService
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.style import SMALL
from cdo_desktop.ui.system.widgets import label, push_button, set_usable


class NumberStart(QGroupBox):
    """A small form on the page itself; it stores the first number of the present year."""

    saved = Signal()

    def __init__(self, service: FilingNumberService, ui: UiContext, parent: QWidget | None = None) -> None:
        super().__init__("本年编号", parent)
        self._service = service
        self._ui = ui
        self._opened = 1
        self.first_box = QSpinBox()
        self.first_box.setRange(1, LARGEST)
        self.first_box.setAccessibleName("从第几号编起")
        self.next_label = label("", "muted")
        self.next_label.setAccessibleName("下一个编号")
        self.save_button = push_button("保存起始号(&J)", self.save)
        first_label = QLabel("从第几号编起(&Q)")
        first_label.setBuddy(self.first_box)
        row = QHBoxLayout()
        row.setSpacing(SMALL)
        for widget in (first_label, self.first_box, self.save_button):
            row.addWidget(widget)
        row.addWidget(self.next_label, 1)
        layout = QVBoxLayout(self)
        layout.setSpacing(SMALL)
        layout.addWidget(
            label("启用本程序以前已经编过号的，从后一个号编起；导入的编号自动接着往下编。", "muted")
        )
        layout.addLayout(row)
        self.first_box.valueChanged.connect(lambda _value: self._changed())
        self.show_numbers(1, "")

    @property
    def is_dirty(self) -> bool:
        """Whether something is not stored yet."""
        return self.first_box.value() != self._opened

    def show_numbers(self, first: int, coming: str) -> None:
        """Show where the year's numbers begin, and which one comes next."""
        self._opened = first
        self.first_box.setValue(first)
        self.next_label.setText(f"下一个编号：{coming}" if coming else "")
        self._changed()

    def _changed(self) -> None:
        set_usable(self.save_button, "" if self.is_dirty else "没有修改")

    def save(self) -> None:
        """Store where the numbers begin."""
        first, year = self.first_box.value(), self._ui.today().year
        self.setEnabled(False)
        self._ui.tasks.run(
            lambda: self._service.set_first(year, first),
            owner=self,
            done=lambda _none: self._saved(),
            failed=self._not_saved,
        )

    def _saved(self) -> None:
        self.setEnabled(True)
        self._opened = self.first_box.value()
        self._changed()
        self._ui.notices.info("已保存本年编号的起始号")
        self.saved.emit()

    def _not_saved(self, error: AppError) -> None:
        self.setEnabled(True)
        self._ui.notices.error(error)
