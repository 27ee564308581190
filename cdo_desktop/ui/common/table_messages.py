"""What a table says in place of rows: nothing there yet, or everything filtered away."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QAbstractScrollArea, QLabel, QPushButton, QVBoxLayout, QWidget

from cdo_desktop.ui.common.overriding import override


class TableMessages(QWidget):
    """Lies over the rows' place of a view and shows the message for an empty table, if it is one."""

    clear_wanted = Signal()
    """The user wants all filters gone."""

    def __init__(self, view: QAbstractScrollArea) -> None:
        super().__init__(view)
        self._view = view
        self._empty: QWidget = _centred_text("这里还没有内容")
        self._no_match = self._make_no_match()
        box = QVBoxLayout(self)
        for widget in (self._empty, self._no_match):
            box.addWidget(widget, 0, Qt.AlignmentFlag.AlignCenter)
            widget.hide()
        self.hide()
        view.viewport().installEventFilter(self)

    def set_empty_state(self, widget: QWidget) -> None:
        """Show ``widget`` when there are no rows at all; it should name the next step."""
        box = self.layout()
        if box is not None:
            box.replaceWidget(self._empty, widget)
        shown = not self._empty.isHidden()
        self._empty.deleteLater()
        self._empty = widget
        widget.setVisible(shown)

    def show_counts(self, shown: int, total: int) -> None:
        """Show the message that fits these counts, or none."""
        self._empty.setVisible(shown == 0 and total == 0)
        self._no_match.setVisible(shown == 0 and total > 0)
        self._fit()
        self.setVisible(shown == 0)
        self.raise_()

    def _make_no_match(self) -> QWidget:
        widget = QWidget(self)
        box = QVBoxLayout(widget)
        box.setSpacing(12)
        button = QPushButton("清除筛选", widget)
        button.setAccessibleName("清除全部筛选条件")
        button.clicked.connect(self.clear_wanted)
        box.addWidget(_centred_text("没有符合筛选条件的行"))
        box.addWidget(button, 0, Qt.AlignmentFlag.AlignCenter)
        return widget

    def _fit(self) -> None:
        self.setGeometry(self._view.viewport().geometry())

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self._fit()
        return super().eventFilter(watched, event)


def _centred_text(text: str) -> QLabel:
    label = QLabel(text)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setProperty("role", "muted")
    return label
