"""The line to search in: a lens, a button to empty it, and names for both."""

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit, QToolButton

from cdo_desktop.ui.common.icons import icon


def search_line(hint: str, name: str) -> QLineEdit:
    """Return an empty line; ``hint`` stands in it, ``name`` is what a screen reader says."""
    line = QLineEdit()
    line.setPlaceholderText(hint)
    line.setAccessibleName(name)
    line.setClearButtonEnabled(True)
    lens = QAction(icon("search"), "", line)
    line.addAction(lens, QLineEdit.ActionPosition.LeadingPosition)
    for button in line.findChildren(QToolButton):
        button.setAccessibleName(name if button.defaultAction() is lens else "清空查找")
    return line
