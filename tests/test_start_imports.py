"""What start-up must not import: libraries for files, pinyin and migrations wait until they are used."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from cdo_desktop.office import Office

LATER = (
    "sqlalchemy",
    "openpyxl",
    "reportlab",
    "python_calamine",
    "pypdfium2",
    "docx",
    "PIL",
    "zxingcpp",
    "pypinyin",
    "alembic",
    "borax",
    "lunar_python",
    "platformdirs",
    "icalendar",
    "PySide6.QtPrintSupport",
    "PySide6.QtSql",
    "cdo_desktop.documents.pdf.filing_form",
    "cdo_desktop.services.roster_import",
    "cdo_desktop.services.forms",
    "cdo_desktop.services.undo",
    "cdo_desktop.ui.registry.holder_dialogs",
    "cdo_desktop.ui.registry.import_dialog",
    "cdo_desktop.ui.registry.forms_dialog",
    "cdo_desktop.ui.common.paste_plan",
    "html.parser",
)
SHOW_REGISTER = """
import json, sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from cdo_desktop import app

class Watched(app.Program):
    def start(self):
        self.window.painted.connect(self.note_frame)
        self.page_shown.connect(lambda: QTimer.singleShot(0, self.tell))
        super().start()

    def note_frame(self):
        self.frame = sorted(sys.modules)

    def tell(self):
        rows = self.tab.table.model.key_count
        self.tab.table.model.line(rows - 1)
        self.told = {"rows": rows, "frame": self.frame, "register": sorted(sys.modules)}
        QTimer.singleShot(100, self.end)

    def end(self):
        self.window.tasks.wait_all()
        print(json.dumps(self.told | {"later": sorted(sys.modules)}))
        QApplication.quit()

app.Program = Watched
sys.exit(app.run_window(Path(sys.argv[1])))
"""
DUE = """
import json, sys
from cdo_desktop.__main__ import main
status = main(["--data", sys.argv[1], "due", "2026-02-13"])
print(json.dumps({"register": sorted(sys.modules)}))
sys.exit(status)
"""

Run = Callable[[str], dict[str, Any]]


@pytest.fixture
def run(tmp_path: Path, repo_root: Path) -> Run:
    """Return a function that runs a program on a sample district and returns what it tells at its end."""
    with Office(tmp_path / "data", clock=lambda: datetime(2026, 11, 24, 9)) as office:
        office.sample.create()

    def run_program(program: str) -> dict[str, Any]:
        done = subprocess.run(
            [sys.executable, "-c", program, str(tmp_path / "data")],
            cwd=repo_root,
            env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, done.stderr
        told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return told

    return run_program


def test_the_register_is_shown_without_libraries_that_wait(run: Run) -> None:
    told = run(SHOW_REGISTER)
    assert told["rows"] == 117
    assert "sqlite3" in told["register"]  # the list is of the real program
    assert not [name for name in LATER if name in told["register"]]


def test_the_frame_is_painted_without_a_database_library(run: Run) -> None:
    told = run(SHOW_REGISTER)
    assert not [name for name in ("sqlite3", *LATER) if name in told["frame"]]


def test_what_the_first_action_needs_is_imported_while_the_register_is_looked_at(run: Run) -> None:
    told = run(SHOW_REGISTER)
    services = {f"cdo_desktop.services.{name}" for name in ("holders", "units", "undo")}
    assert {"sqlalchemy.orm", *services} <= set(told["later"])


def test_a_command_without_a_window_imports_no_qt(run: Run) -> None:
    told = run(DUE)
    assert not [name for name in told["register"] if name.startswith(("PySide6", "shiboken6"))]
