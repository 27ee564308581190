"""The register tab on a real office, with everything a test wants to do to it."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TypeVar

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDialog, QWidget
from pytestqt.qtbot import QtBot

from cdo_desktop import paths
from cdo_desktop.office import Office
from cdo_desktop.services.register import RegisterRow
from cdo_desktop.ui.registry.registry_tab import RegistryTab
from tests.ui.fakes import FakeFiles, FakeNotices, make_ui
from tests.ui.small_district import NOW, post_of, services_of

D = TypeVar("D", bound=QDialog)
WAIT = 20_000  # milliseconds; reached only when something is wrong


class RegisterDesk:
    """The tab, filled and on the screen, and its office."""

    def __init__(self, office: Office, qtbot: QtBot) -> None:
        self.office = office
        self.qtbot = qtbot
        self.notices = FakeNotices()
        self.files = FakeFiles()
        self.helped: list[str] = []  # the titles that help was asked for
        self.ui = make_ui(self.notices, self.files, show_help=self.helped.append)
        self.tab = RegistryTab(services_of(office), self.ui)
        qtbot.addWidget(self.tab)
        self.tab.resize(1300, 700)
        self.tab.show()
        self.tab.activateWindow()
        self.tab.reload()
        self.settle()

    @property
    def actions(self) -> dict[str, QAction]:
        """The commands by name."""
        held = self.tab.actions_
        names = (
            "appoint update replace leave forms all_forms "
            "history personal_data attachments load edit_unit new_unit check_names"
        )
        return {name: getattr(held, name) for name in names.split()}

    def settle(self) -> None:
        """Wait until nothing runs and what was typed has been searched."""
        self.tab.bar.search_now()
        self.qtbot.waitUntil(lambda: not self.ui.tasks.busy, timeout=WAIT)

    def search(self, text: str) -> list[str]:
        """Type into the search field and return the rows left."""
        self.tab.bar.search.setText(text)
        self.settle()
        return self.shown()

    def shown(self, *columns: str) -> list[str]:
        """Return some columns of every row: by default unit, post and name."""
        wanted = columns or ("unit", "post", "name")
        keys = [column.key for column in self.tab.table.columns]
        model = self.tab.table.model
        return [
            " ".join(model.line(row).texts[keys.index(key)] for key in wanted).strip()
            for row in range(model.key_count)
        ]

    def select(self, unit: str, post: str) -> RegisterRow:
        """Select a row and return it."""
        row = post_of(self.office, unit, post)
        assert self.tab.table.select_key((row.post_id, row.tenure_id or 0))
        return row

    def dialog(self, kind: type[D]) -> D:
        """Return the dialog that is open."""
        self.settle()
        found = [dialog for dialog in self.tab.findChildren(kind) if dialog.isVisible()]
        assert len(found) == 1, f"{len(found)} dialogs of {kind.__name__} are open"
        return found[0]

    def no_dialog(self) -> bool:
        """Whether nothing is open."""
        return not [dialog for dialog in self.tab.findChildren(QDialog) if dialog.isVisible()]

    def sql(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        """Look into the database past the program."""
        with closing(sqlite3.connect(self.office.data_folder / paths.DATABASE_NAME)) as connection:
            return [tuple(row) for row in connection.execute(statement, values)]

    def close(self) -> None:
        """Close what is open."""
        self.ui.tasks.wait_all()
        for dialog in self.tab.findChildren(QDialog):
            dialog.done(0)


def copied_folder(source: Path, folder: Path) -> Path:
    """Make a data folder of a copy of a database."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(source, folder / paths.DATABASE_NAME)
    return folder


@contextmanager
def copied_office(source: Path, folder: Path) -> Iterator[Office]:
    """Open a copy of a data folder's database."""
    with Office(copied_folder(source, folder), clock=lambda: NOW) as office:
        yield office


def press(widget: QWidget, qtbot: QtBot, *steps: Callable[[], object]) -> None:
    """Do one step after another, letting Qt answer in between."""
    for step in steps:
        step()
        qtbot.wait(0)
