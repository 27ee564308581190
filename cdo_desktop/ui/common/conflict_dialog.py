"""Two people changed one record, or a draft and the record differ: what was there, and whose word counts."""

from dataclasses import dataclass

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

from cdo_desktop.errors import ConflictError
from cdo_desktop.ui.common.draft_files import DraftConflictError
from cdo_desktop.ui.common.notices import ConflictChoice
from cdo_desktop.ui.common.style import provide_glyphs


@dataclass(frozen=True)
class _Words:
    title: str
    heads: tuple[str, str, str, str]
    hint: str
    labels: dict[ConflictChoice, str]


_TWO_PEOPLE = _Words(
    "这条记录刚被别人修改过",
    ("项目", "打开时原来的", "我的", "对方已保存的"),
    "还没有保存，您填写的内容仍在窗口中。您没有改动的项目，两种选择都采用对方已保存的内容；选定后请核对，再按“保存”。",
    {choice: choice.value for choice in ConflictChoice},
)
_DRAFT = _Words(
    "上次没保存的内容与现在的不一样",
    ("项目", "当时原来的", "上次填写的", "现在的"),
    "这里选定的还没有保存。两种选择都会填入上次改过的其他项目；选定后请核对，再按“保存”。",
    {
        ConflictChoice.KEEP_MINE: "用上次填写的",
        ConflictChoice.TAKE_THEIRS: "用现在的",
        ConflictChoice.BACK: ConflictChoice.BACK.value,
    },
)


class ConflictDialog(QDialog):
    """Shows for every field in dispute what it was and what both sides say.

    `choice` is the answer, Esc goes back.
    """

    def __init__(self, conflict: ConflictError, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = _DRAFT if isinstance(conflict, DraftConflictError) else _TWO_PEOPLE
        self.setWindowTitle(self._words.title)
        self.choice = ConflictChoice.BACK
        message = QLabel(str(conflict))
        message.setTextFormat(Qt.TextFormat.PlainText)
        message.setWordWrap(True)
        hint = QLabel(self._words.hint)
        hint.setProperty("role", "muted")
        hint.setWordWrap(True)
        self.table = _make_table(conflict, self._words.heads)
        self.mine_button = self._button(ConflictChoice.KEEP_MINE)
        self.theirs_button = self._button(ConflictChoice.TAKE_THEIRS)
        self.back_button = self._button(ConflictChoice.BACK)
        self.back_button.setDefault(True)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        for button in (self.mine_button, self.theirs_button, self.back_button):
            buttons.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 12)
        layout.setSpacing(12)
        layout.addWidget(message)
        layout.addWidget(self.table, 1)
        layout.addWidget(hint)
        layout.addLayout(buttons)
        room = int(self.screen().availableGeometry().width() * 0.9)
        self.resize(min(self.fontMetrics().averageCharWidth() * 110, room), self._height())
        self.back_button.setFocus()

    def _height(self) -> int:
        """Return the height that shows all rows, within the screen."""
        self.ensurePolished()
        self.table.resizeRowsToContents()
        rows = self.table.verticalHeader().length() + self.table.horizontalHeader().sizeHint().height()
        line = self.fontMetrics().lineSpacing()
        return min(rows + line * 10, int(self.screen().availableGeometry().height() * 0.8))

    def _button(self, choice: ConflictChoice) -> QPushButton:
        button = QPushButton(self._words.labels[choice])
        button.setAccessibleName(button.text())
        button.setAutoDefault(False)
        button.clicked.connect(lambda: self._choose(choice))
        return button

    def _choose(self, choice: ConflictChoice) -> None:
        self.choice = choice
        self.accept()


def _make_table(conflict: ConflictError, heads: tuple[str, ...]) -> QTableWidget:
    table = QTableWidget(len(conflict.fields), len(heads))
    table.setAccessibleName("三种内容的对照")
    table.setHorizontalHeaderLabels(heads)
    table.verticalHeader().hide()
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
    table.setTabKeyNavigation(False)
    table.setWordWrap(True)
    for row, field in enumerate(conflict.fields):
        for column, text in enumerate((field.label, field.original, field.mine, field.theirs)):
            provide_glyphs(text)
            item = QTableWidgetItem(text or "（空）")
            item.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
            changed = column > 1 and text != field.original
            if changed:
                font = item.font()
                font.setBold(True)
                item.setFont(font)
            table.setItem(row, column, item)
    header = table.horizontalHeader()
    header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
    for column in range(1, len(heads)):
        header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    return table
