"""How this office numbers its filings and counts their receipts: a small form on the page itself."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from cdo_desktop.errors import AppError, ConflictError, InvalidInputError
from cdo_desktop.rules.filing import CountedReceipt
from cdo_desktop.rules.number_pattern import COMMON_PATTERNS, NumberPattern
from cdo_desktop.services.office_settings import (
    LONGEST_NAME,
    OfficeSettings,
    OfficeSettingsService,
    SavedSettings,
)
from cdo_desktop.ui.common import shortcuts
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.input_guard import commit_input_method
from cdo_desktop.ui.common.notices import ConflictChoice
from cdo_desktop.ui.common.style import MEDIUM, SMALL, restyle
from cdo_desktop.ui.system.widgets import label, push_button, set_usable


class FilingChoices(QGroupBox):
    """Shows how a number will look while its pattern is typed; nothing is stored before 保存."""

    saved = Signal()

    def __init__(self, service: OfficeSettingsService, ui: UiContext, parent: QWidget | None = None) -> None:
        super().__init__("备案编号和收件", parent)
        self._service = service
        self._ui = ui
        self._opened = OfficeSettings()
        self.pattern_box = QComboBox()
        self.pattern_box.setEditable(True)
        self.pattern_box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.pattern_box.addItems(list(COMMON_PATTERNS))
        self.pattern_box.setAccessibleName("备案编号格式")
        typed = self.pattern_box.lineEdit()
        if typed is not None:
            typed.setAccessibleName("备案编号格式")
        self.preview = label("", "muted")
        self.preview.setAccessibleName("编号的样子")
        self.receipt_box = QComboBox()
        self.receipt_box.addItems([str(choice) for choice in CountedReceipt])
        self.receipt_box.setAccessibleName("按时与否以哪一次收到为准")
        self.refile_box = QCheckBox("信息更新（同一人的职务、科室、电话等有变）也要重新备案(&U)")
        self.refile_box.setAccessibleName("信息更新也要重新备案")
        self.phone_line = self._line("办公室联系电话", "印在备案回执和提醒函上")
        self.fonds_line = self._line("立档单位", "例如 区信息委，印在目录上")
        self.save_button = push_button("保存", self.save)
        self.save_button.setProperty("role", "primary")
        self.back_button = push_button("还原", self.take_back, tip="回到已保存的设置")
        self._build()
        save_keys = QShortcut(QKeySequence(shortcuts.SAVE), self)
        save_keys.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        save_keys.activated.connect(self.save)
        self.pattern_box.editTextChanged.connect(lambda _text: self._changed())
        self.receipt_box.currentIndexChanged.connect(lambda _place: self._changed())
        self.refile_box.toggled.connect(lambda _on: self._changed())
        for line in (self.phone_line, self.fonds_line):
            line.textChanged.connect(lambda _text: self._changed())
        self.show_settings(OfficeSettings())

    def _line(self, name: str, placeholder: str) -> QLineEdit:
        line = QLineEdit()
        line.setMaxLength(LONGEST_NAME)
        line.setPlaceholderText(placeholder)
        line.setAccessibleName(name)
        return line

    def _build(self) -> None:
        phone_label, fonds_label = QLabel("办公室联系电话(&T)"), QLabel("立档单位(&N)")
        phone_label.setBuddy(self.phone_line)
        fonds_label.setBuddy(self.fonds_line)
        pattern_label, receipt_label = QLabel("备案编号格式(&G)"), QLabel("按时与否，以哪一次收到为准(&P)")
        pattern_label.setBuddy(self.pattern_box)
        receipt_label.setBuddy(self.receipt_box)
        self.pattern_box.setMinimumContentsLength(20)
        grid = QGridLayout()
        grid.setHorizontalSpacing(MEDIUM)
        grid.setVerticalSpacing(SMALL)
        grid.addWidget(pattern_label, 0, 0)
        grid.addWidget(self.pattern_box, 0, 1)
        grid.addWidget(self.preview, 0, 2)
        grid.addWidget(receipt_label, 1, 0)
        grid.addWidget(self.receipt_box, 1, 1)
        grid.addWidget(label("默认按先到的算；改了不动已经算作收到的。", "muted"), 1, 2)
        grid.addWidget(phone_label, 2, 0)
        grid.addWidget(self.phone_line, 2, 1)
        grid.addWidget(fonds_label, 3, 0)
        grid.addWidget(self.fonds_line, 3, 1)
        grid.addWidget(self.refile_box, 4, 0, 1, 3)
        grid.setColumnStretch(2, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(SMALL)
        buttons.addStretch(1)
        buttons.addWidget(self.save_button)
        buttons.addWidget(self.back_button)
        layout = QVBoxLayout(self)
        layout.setSpacing(SMALL)
        layout.addWidget(
            label(
                "备案编号由备案机关收件后编写，表上留空。{年} 是年份，{号} 是序号，{号3} 补足三位。", "muted"
            )
        )
        layout.addLayout(grid)
        layout.addLayout(buttons)

    def show_settings(self, settings: OfficeSettings) -> None:
        """Show what is stored."""
        self._opened = settings
        self.pattern_box.setEditText(settings.number_pattern)
        self.receipt_box.setCurrentText(str(settings.counted_receipt))
        self.refile_box.setChecked(settings.refile_updates)
        self.phone_line.setText(settings.office_phone)
        self.fonds_line.setText(settings.fonds)
        self._changed()

    def settings(self) -> OfficeSettings:
        """Return what stands in the fields."""
        commit_input_method()
        return OfficeSettings(
            self.pattern_box.currentText().strip(),
            CountedReceipt(self.receipt_box.currentText()),
            self.refile_box.isChecked(),
            self.phone_line.text().strip(),
            self.fonds_line.text().strip(),
        )

    @property
    def is_dirty(self) -> bool:
        """Whether something is not stored yet."""
        return self.settings() != self._opened

    def take_back(self) -> None:
        """Go back to what is stored."""
        self.show_settings(self._opened)

    def _changed(self) -> None:
        try:
            pattern = NumberPattern.of(self.pattern_box.currentText())
        except InvalidInputError as error:
            self._say(str(error), "message")
            readable = False
        else:
            advice = f"　{pattern.advice}" if pattern.advice else ""
            self._say(f"例如 {pattern.preview}{advice}", "muted")
            readable = True
        same = "" if self.is_dirty else "没有修改"
        set_usable(self.save_button, same or ("" if readable else "编号样式有误，见上面的说明"))
        set_usable(self.back_button, same)

    def _say(self, text: str, role: str) -> None:
        self.preview.setText(text)
        self.preview.setProperty("role", role)
        restyle(self.preview)

    def save(self) -> None:
        """Store the choices."""
        if not self.save_button.isEnabled():
            return
        settings, opened = self.settings(), self._opened
        self.setEnabled(False)
        self._ui.tasks.run(
            lambda: self._service.save(settings, opened),
            owner=self,
            done=self._saved,
            failed=self._not_saved,
        )

    def _saved(self, saved: SavedSettings) -> None:
        """Show what is stored: a number may be written in another way than it was typed."""
        self.setEnabled(True)
        self.show_settings(saved.settings)
        counted = f"；{saved.counted} 份来过的备案按新的设置算作收到" if saved.counted else ""
        self._ui.notices.info(f"已保存办公室设置{counted}")
        self.saved.emit()

    def _not_saved(self, error: AppError) -> None:
        self.setEnabled(True)
        if not isinstance(error, ConflictError):
            self._ui.notices.error(error)
            return
        choice = self._ui.notices.show_conflict(error)
        if choice is ConflictChoice.BACK:
            return
        keep_mine = choice is ConflictChoice.KEEP_MINE
        self._ui.tasks.run(
            self._service.get,
            owner=self,
            done=lambda stored: self._reloaded(stored, keep_mine=keep_mine),
            failed=self._ui.notices.error,
        )

    def _reloaded(self, stored: OfficeSettings, *, keep_mine: bool) -> None:
        mine = self.settings()
        self.show_settings(stored)
        if keep_mine:
            self.pattern_box.setEditText(mine.number_pattern)
            self.receipt_box.setCurrentText(str(mine.counted_receipt))
            self.phone_line.setText(mine.office_phone)
            self.fonds_line.setText(mine.fonds)
            self.refile_box.setChecked(mine.refile_updates)
