"""The desk of `office_tasks`: what is on the screen, and what a task is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from PySide6.QtWidgets import QApplication

from benchmarks.keyboard import Keyboard
from cdo_desktop.app import Program
from cdo_desktop.office import Office
from cdo_desktop.ui.common.form_dialog import FormDialog
from cdo_desktop.ui.common.table_view import DataTable
from cdo_desktop.ui.filings.filings_tab import FilingsTab
from cdo_desktop.ui.registry.forms_dialog import FormsDialog
from cdo_desktop.ui.registry.registry_tab import RegistryTab

NOW = datetime(2026, 11, 24, 9, 30)
SECONDS_A_KEY, SECONDS_A_THOUGHT = 0.28, 1.35  # keystroke-level model: an average typist, a mental step
KeyT = TypeVar("KeyT")
RowT = TypeVar("RowT")


class WrongResultError(Exception):
    """The screen shows something else than the task's result."""


class Desk:
    """The program as the clerk sees it: what is on the screen is read here, nothing is done to it."""

    def __init__(self, program: Program) -> None:
        self.program = program

    @property
    def tab(self) -> RegistryTab:
        """The register."""
        if self.program.tab is None:
            raise WrongResultError("the register is not shown")
        return self.program.tab

    @property
    def busy(self) -> bool:
        """Whether something still runs."""
        return self.program.window.tasks.busy

    @property
    def filings(self) -> FilingsTab | None:
        """The filings, once they show."""
        tab = self.program.window.tabs.currentWidget()
        return tab if isinstance(tab, FilingsTab) else None

    def filing(self) -> dict[str, str]:
        """Return the texts of the one selected filing by the titles of its columns."""
        return _selected(self.filings.filings.table) if self.filings is not None else {}

    def row(self) -> dict[str, str]:
        """Return the texts of the one selected row of the register by the titles of its columns."""
        return _selected(self.tab.table)

    def shows(self, **wanted: str) -> bool:
        """Whether the selected row has these texts."""
        row = self.row()
        return bool(row) and all(row[title] == text for title, text in wanted.items())

    def form(self) -> FormDialog | None:
        """Return the form in front, once it does what a key says."""
        dialog = QApplication.activeModalWidget()
        return dialog if isinstance(dialog, FormDialog) and dialog.listens else None

    def forms(self) -> FormsDialog | None:
        """Return the window for printing, once the page is drawn."""
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, FormsDialog) and dialog.form_preview.widget.view.has_picture(0):
            return dialog
        return None


def _selected(table: DataTable[KeyT, RowT]) -> dict[str, str]:
    rows = {index.row() for index in table.grid.selectionModel().selectedIndexes()}
    if len(rows) != 1:
        return {}
    texts = table.model.line(rows.pop()).texts
    return {column.title: text for column, text in zip(table.columns, texts, strict=True)}


Work = Callable[[Desk, Keyboard], None]


@dataclass(frozen=True)
class Task:
    """One line of the yardstick; ``most_keys`` is what the suite holds."""

    number: str
    title: str
    goal: float
    most_keys: int
    work: Work
    prepare: Callable[[Office], object] = lambda _office: None  # what has happened before, in the sample


@dataclass(frozen=True)
class Done:
    """What a task took."""

    keys: int
    thoughts: int
    seconds: float

    @property
    def estimate(self) -> float:
        """Return a practised clerk's time by the model, the machine's included."""
        return self.keys * SECONDS_A_KEY + self.thoughts * SECONDS_A_THOUGHT + self.seconds


def expect(shown: object, wanted: object) -> None:
    """Stop unless the screen shows what the task is about."""
    if shown != wanted:
        raise WrongResultError(f"shown {shown!r}, wanted {wanted!r}")


def expect_status(desk: Desk, wanted: str) -> None:
    """Stop unless the status bar says so."""
    said = desk.program.window.notices.status.text()
    if not said.startswith(wanted):
        raise WrongResultError(f"the status bar says {said}")
