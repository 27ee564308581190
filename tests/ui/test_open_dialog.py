"""Dialogs are opened in one way, and nothing of them stays once they are closed."""

import re
from pathlib import Path

import shiboken6
from PySide6.QtWidgets import QDialog, QWidget
from pytestqt.qtbot import QtBot

from cdo_desktop.ui.common.open_dialog import open_dialog

_OPENS = re.compile(r"(\bdialog|\)|preview)\.open\(\)")


def test_a_closed_dialog_leaves_its_window(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    accepted, refused = QDialog(window), QDialog(window)
    open_dialog(accepted)
    open_dialog(refused)
    assert refused.isVisible()
    refused.reject()
    accepted.accept()
    qtbot.waitUntil(lambda: not any(shiboken6.isValid(dialog) for dialog in (accepted, refused)))
    assert window.findChildren(QDialog) == []


def test_no_dialog_is_opened_in_another_way(repo_root: Path) -> None:
    """A dialog that only hides stays below its window: 57 MB within 75 seconds of random clicks."""
    ui = repo_root / "cdo_desktop" / "ui"
    found = {path.name for path in ui.rglob("*.py") if _OPENS.search(path.read_text(encoding="utf-8"))}
    assert found == {"open_dialog.py"}
