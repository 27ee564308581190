"""The rules of `test_accessible` for the tab 备案办理 and every window of it."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtGui import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QWidget

from cdo_desktop.rules.filing_steps import FilingStep
from cdo_desktop.rules.vocabulary import FilingKind
from cdo_desktop.services.filing_sql import FilingView
from cdo_desktop.ui.common.help import HelpButton
from cdo_desktop.ui.common.help_pages import manual
from cdo_desktop.ui.filings.intake_dialogs import IntakeDialog
from cdo_desktop.ui.filings.ledgers import ARCHIVE
from tests.ui import test_accessible as rules
from tests.ui.filings.test_tray import own_form, tray, waits
from tests.ui.filings_desk import FilingsDesk, filed, received
from tests.ui.register_desk import WAIT

Open = Callable[[FilingsDesk], object]


def step(step: FilingStep, count: int = 1) -> Open:
    """Return a way to open the window of a step for some filings of a state that allows it."""

    def open_it(desk: FilingsDesk) -> None:
        ids = desk.ids()[:count]
        if step is not FilingStep.RECEIVE:
            received(desk.office, *ids)
        if step is FilingStep.STORE:
            filed(desk.office, *ids)
        desk.show(FilingView.ALL)
        desk.select(*ids)
        desk.page.actions_.steps[step].trigger()

    return open_it


def _explain(desk: FilingsDesk) -> None:
    desk.select(*desk.ids(FilingView.OVERDUE))
    desk.page.explain()


def _chase(desk: FilingsDesk) -> None:
    desk.select(desk.ids()[0])
    desk.page.chase()


def _chase_again(desk: FilingsDesk) -> None:
    _chase(desk)
    dialog = desk.dialog(QDialog)
    dialog.save()  # type: ignore[attr-defined]
    desk.settle()
    _chase(desk)


def _anew(desk: FilingsDesk) -> None:
    first = desk.ids()[0]
    desk.office.filings.void(desk.office.filings.plan(FilingStep.VOID, [first]), "登记有误")
    desk.show(FilingView.VOID)
    desk.select(first)
    desk.page.next_step()


def _edit(desk: FilingsDesk) -> None:
    desk.select(desk.ids(FilingView.OVERDUE)[0])
    desk.page.edit()


def _edit_first(desk: FilingsDesk) -> None:
    first = next(row for row in desk.office.filing_list.rows() if row.kind == FilingKind.FIRST)
    desk.page.show_filing(first.filing_id)
    desk.page.edit()


def _history(desk: FilingsDesk) -> None:
    desk.select(desk.ids()[0])
    desk.page.show_history()


def _empty(desk: FilingsDesk) -> None:
    desk.show(FilingView.VOID)


def _tray(desk: FilingsDesk) -> None:
    waits(desk, own_form(desk.office.data_folder))
    tray(desk)


def _intake(desk: FilingsDesk) -> None:
    desk.tab.scans.take([own_form(desk.office.data_folder)])


def _taken_in(desk: FilingsDesk) -> None:
    _intake(desk)
    desk.dialog(IntakeDialog).save()


def _ledger(desk: FilingsDesk) -> None:
    desk.tab.switch.setCurrentIndex(1)
    desk.settle()
    desk.tab.stack.currentWidget().ledgers.ask(ARCHIVE)  # type: ignore[attr-defined]


PAGES: dict[str, Open] = {
    "list": lambda _desk: None,
    "empty list": _empty,
    "papers": lambda desk: desk.tab.switch.setCurrentIndex(1),
    "tray": _tray,
    "empty tray": tray,
}


def _reminders(desk: FilingsDesk) -> None:
    desk.page.papers.all_reminders.trigger()


def _seal_list(desk: FilingsDesk) -> None:
    desk.page.papers.write_seal_list(desk.ids()[:1])


def _catalog(desk: FilingsDesk) -> None:
    desk.page.ledgers.actions[2].trigger()


WINDOWS: dict[str, Open] = {
    "reminders": _reminders,
    "seal list": _seal_list,
    "archive catalog": _catalog,
    "receive": step(FilingStep.RECEIVE),
    "receive several": step(FilingStep.RECEIVE, 3),
    "number": step(FilingStep.FILE, 3),
    "store": step(FilingStep.STORE),
    "send back": step(FilingStep.RETURN),
    "void": step(FilingStep.VOID),
    "make anew": _anew,
    "explain": _explain,
    "edit": _edit,
    "edit a first one": _edit_first,
    "chase": _chase,
    "chase again": _chase_again,
    "history": _history,
    "scans": _intake,
    "ledger": _ledger,
    "scans taken in": _taken_in,
}


@pytest.fixture(params=[*PAGES, *WINDOWS], ids=[*PAGES, *WINDOWS])
def shown(request: pytest.FixtureRequest, filings: FilingsDesk) -> Iterator[QWidget]:
    """Return the page and each window in turn, active."""
    {**PAGES, **WINDOWS}[request.param](filings)
    filings.settle()
    root: QWidget = filings.tab
    if request.param in WINDOWS:
        root = filings.dialog(QDialog)
    elif request.param in ("papers", "tray", "empty tray"):
        filings.tab.enter()
    else:
        filings.page.bar.search.setFocus()
    yield root
    if isinstance(root, QDialog):
        root.done(0)


def test_every_rule_holds(shown: QWidget) -> None:
    """Together, because opening a window takes longer than looking at it."""
    rules.test_everything_that_takes_input_has_a_name(shown)
    rules.test_buttons_with_a_picture_alone_have_a_tip(shown)
    rules.test_access_keys_are_unique_in_a_window(shown)
    rules.test_plain_answers_have_no_access_key(shown)
    rules.test_every_label_of_a_field_leads_to_it(shown)
    rules.test_every_field_of_a_form_has_an_access_key(shown)
    rules.test_nothing_is_wider_than_a_small_screen(shown)
    rules.test_no_text_of_a_button_is_cut(shown)
    rules.test_tab_goes_round_and_reaches_everything(shown)


@pytest.mark.parametrize("name", list(WINDOWS))
def test_f1_leads_to_the_page_of_the_window(name: str, filings: FilingsDesk) -> None:
    WINDOWS[name](filings)
    dialog = filings.dialog(QDialog)
    (button,) = dialog.findChildren(HelpButton)
    assert button.isVisible()
    QTest.keyClick(dialog.focusWidget() or dialog, Qt.Key.Key_F1)
    filings.qtbot.waitUntil(lambda: bool(filings.helped), timeout=WAIT)
    assert set(filings.helped) <= {part.title for part in manual().parts}
    dialog.done(0)
