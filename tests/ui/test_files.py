"""Files that are chosen: where the choice begins, and the right ending of what was typed."""

from pathlib import Path

import pytest
from PySide6 import QtCore
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from cdo_desktop.ui.common.files import DialogFiles, with_ending


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("名册", "名册.xlsx"),
        ("名册2026.3.5", "名册2026.3.5.xlsx"),
        ("名册.xlsx", "名册.xlsx"),
        ("名册.XLSX", "名册.XLSX"),
        ("名册.pdf", "名册.pdf.xlsx"),
    ],
)
def test_a_name_gets_the_ending_that_it_lacks(typed: str, written: str) -> None:
    assert with_ending(Path("桌面", typed), ".xlsx") == Path("桌面", written)


def test_the_next_file_is_looked_for_where_the_last_one_was(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: dict[str, str] = {}

    class Memory:
        def value(self, key: str, default: str) -> str:
            return kept.get(key, default)

        def setValue(self, key: str, value: str) -> None:  # noqa: N802
            kept[key] = value

    asked: list[Path] = []

    def ask(_parent: QWidget, _title: str, suggested: str, _pattern: str) -> tuple[str, str]:
        asked.append(Path(suggested))
        return str(tmp_path / "名册20261124.xlsx"), ""

    monkeypatch.setattr(QtCore, "QSettings", Memory)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", ask)
    parent = QWidget()
    qtbot.addWidget(parent)
    for _time in range(2):
        DialogFiles().save_as(parent, "导出名册", "名册20261124.xlsx", "Excel 工作簿 (*.xlsx)")
    assert asked[0].parent != tmp_path
    assert asked[1] == tmp_path / "名册20261124.xlsx"
