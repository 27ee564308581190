"""The tab 备案办理 on a real office, with everything a test wants to do to it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from cdo_desktop.office import Office
from cdo_desktop.rules.filing_steps import FilingStep
from cdo_desktop.rules.vocabulary import PaperForm
from cdo_desktop.services.appointments import FilingDraft
from cdo_desktop.services.filing_list import FilingQuery, FilingRow
from cdo_desktop.services.filing_receipts import ReceiptDraft
from cdo_desktop.services.filing_sql import FilingView
from cdo_desktop.services.holder_draft import HolderDraft
from cdo_desktop.ui.common.form_dialog import FormDialog
from cdo_desktop.ui.filings.filings_tab import FilingsTab
from cdo_desktop.ui.filings.services import FilingsServices
from tests.ui.fakes import TODAY, FakeFiles, FakeNotices, make_ui
from tests.ui.register_desk import WAIT
from tests.ui.small_district import post_of

D = TypeVar("D", bound=QDialog)


def filings_services(office: Office) -> FilingsServices:
    """Return what the tab gets."""
    return FilingsServices(
        office.filing_list,
        lambda: office.filings,
        lambda: office.contacts,
        lambda: office.filing_papers,
        lambda: office.filing_history,
        lambda: office.scans,
        lambda: office.paper_list,
        lambda: office.forms,
        lambda: office.filing_edits,
        office.register.count_vacant,
    )


def replaced(office: Office, unit: str, post: str, since: date, name: str = "周明") -> int:
    """Register a successor and return the 变更备案."""
    opened = office.holders.get(post_of(office, unit, post).tenure_id or 0)
    new = replace(HolderDraft(opened.post_id, opened.post), name=name, since=since)
    office.holders.replace(opened, new, FilingDraft(change_reason="退休"))
    return next(row.filing_id for row in office.filing_list.rows() if row.name == name)


def received(office: Office, *filing_ids: int, form: PaperForm = PaperForm.ORIGINAL) -> None:
    """Book in a paper of each."""
    plan = office.filings.plan(FilingStep.RECEIVE, filing_ids)
    office.filings.receive(plan, ReceiptDraft(form, TODAY))


def filed(office: Office, *filing_ids: int) -> None:
    """Give each its number."""
    office.filings.file(office.filings.plan(FilingStep.FILE, filing_ids))


class FilingsDesk:
    """The tab, filled and on the screen, and its office."""

    def __init__(self, office: Office, qtbot: QtBot) -> None:
        self.office = office
        self.qtbot = qtbot
        self.notices = FakeNotices()
        self.files = FakeFiles()
        self.helped: list[str] = []
        self.ui = make_ui(self.notices, self.files, show_help=self.helped.append)
        self.tab = FilingsTab(filings_services(office), self.ui)
        self.page = self.tab.filings
        qtbot.addWidget(self.tab)
        self.tab.resize(1300, 700)
        self.tab.show()
        self.tab.activateWindow()
        qtbot.waitUntil(self.tab.isActiveWindow, timeout=WAIT)
        self.settle()

    def settle(self) -> None:
        """Wait until nothing runs."""
        self.page.bar.typing.search_now()
        self.qtbot.waitUntil(lambda: not self.ui.tasks.busy, timeout=WAIT)

    def show(self, view: FilingView) -> None:
        """Go to a working list."""
        self.page.show_view(view)
        self.settle()

    def shown(self, *columns: str) -> list[str]:
        """Return some columns of every row: by default unit, post, name and state."""
        table = self.page.table
        keys = [column.key for column in table.columns]
        return [
            " ".join(
                table.model.line(row).texts[keys.index(key)]
                for key in columns or ("unit", "post", "name", "state")
            ).strip()
            for row in range(table.model.key_count)
        ]

    def select(self, *filing_ids: int) -> None:
        """Select filings."""
        assert self.page.table.select_keys(filing_ids) == len(filing_ids)

    def row(self, filing_id: int) -> FilingRow:
        """Return a filing as it stands."""
        return self.office.filing_list.rows_of([filing_id])[filing_id]

    def ids(self, view: FilingView = FilingView.ALL) -> Sequence[int]:
        """Return the ids of a list."""
        return self.office.filing_list.keys(FilingQuery(view))

    def open(self, step: FilingStep, kind: type[D]) -> D:
        """Open the window of a step for what is selected."""
        self.page.actions_.steps[step].trigger()
        return self.dialog(kind)

    def dialog(self, kind: type[D]) -> D:
        """Return the dialog that is open, active and long enough on the screen to hear keys."""
        found = self.found(kind)
        if isinstance(found, FormDialog):
            self.qtbot.waitUntil(lambda: found.listens, timeout=WAIT)
        return found

    def found(self, kind: type[D]) -> D:
        """Return the dialog that has just opened, active."""
        self.settle()
        found = [dialog for dialog in self.tab.findChildren(kind) if dialog.isVisible()]
        assert len(found) == 1, f"{len(found)} dialogs of {kind.__name__} are open"
        found[0].activateWindow()
        self.qtbot.waitUntil(found[0].isActiveWindow, timeout=WAIT)
        return found[0]

    def no_dialog(self) -> bool:
        """Whether nothing is open."""
        return not [dialog for dialog in self.tab.findChildren(QDialog) if dialog.isVisible()]

    def press(self, *keys: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press keys where the keyboard is, and wait for what they bring."""
        for key in keys:
            focus: QWidget | None = QApplication.focusWidget()
            assert focus is not None
            QTest.keyClick(focus, key, modifier)
            self.settle()

    def close(self) -> None:
        """Close what is open."""
        self.ui.tasks.wait_all()
        for dialog in self.tab.findChildren(QDialog):
            dialog.done(0)
