"""The rules of `test_accessible` for every page and every window of the system tab."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from cdo_desktop.ui.common.help import HelpButton
from cdo_desktop.ui.system.backups_section import BackupsSection
from cdo_desktop.ui.system.operators_section import OperatorsSection
from cdo_desktop.ui.system.system_tab import BACKUPS, OPERATORS
from tests.ui import test_accessible as rules
from tests.ui.register_desk import WAIT
from tests.ui.system_desk import SystemDesk, system_desk

Open = Callable[[SystemDesk], object]
ALWAYS = ("单位", "节假日", "经办人", "设置", "操作记录", "备份", "关于")


def on_unit(command: str, *names: str) -> Open:
    """Return a way to open a window by a command of the units' page."""

    def open_it(desk: SystemDesk) -> None:
        desk.select(*(names or ("罗店镇",)))
        getattr(desk.units, command)()

    return open_it


def on_operator(command: str) -> Open:
    """Return a way to open a window by a command of the operators' page, for the one with a PIN."""

    def open_it(desk: SystemDesk) -> None:
        page = desk.page(OPERATORS)
        assert isinstance(page, OperatorsSection)
        page.table.select_key(page.table.model.key_at(0))
        getattr(page, command)()

    return open_it


def _restore(desk: SystemDesk) -> None:
    page = desk.page(BACKUPS)
    assert isinstance(page, BackupsSection)
    page.back_up()
    desk.settle()
    page.look_at_chosen()


def _check(desk: SystemDesk) -> None:
    page = desk.page(BACKUPS)
    assert isinstance(page, BackupsSection)
    page.check()


def _licence(desk: SystemDesk) -> None:
    about = desk.about
    first = about.list.topLevelItem(0)
    assert first is not None
    about.list.setCurrentItem(first)
    about.show_licence()


WINDOWS: dict[str, Open] = {
    "new unit": lambda desk: desk.units.new_unit(),
    "unit": on_unit("edit_unit"),
    "rename": on_unit("rename_unit"),
    "merge": on_unit("merge_units", "罗店镇", "区财政局"),
    "split": on_unit("split_unit"),
    "abolish": on_unit("abolish_unit"),
    "plates": on_unit("show_plates"),
    "past": on_unit("show_past"),
    "notice": lambda desk: desk.holidays.enter(),
    "new operator": on_operator("add_operator"),
    "rename operator": on_operator("rename_operator"),
    "pin": on_operator("change_pin"),
    "restore": _restore,
    "check": _check,
    "licence": _licence,
}
MESSAGES = ("check", "licence")


@dataclass
class Shown:
    """A page or a window, active, and the desk it belongs to."""

    name: str
    root: QWidget
    desk: SystemDesk


@pytest.fixture(params=[*ALWAYS, *WINDOWS], ids=[*ALWAYS, *WINDOWS])
def shown(request: pytest.FixtureRequest, district: Path, qtbot: QtBot) -> Iterator[Shown]:
    """Return each page and each window in turn."""
    with system_desk(district, qtbot) as desk:
        root: QWidget = desk.tab
        if request.param in WINDOWS:
            WINDOWS[request.param](desk)
            desk.settle()
            root = desk.dialog(QDialog)
        else:
            desk.page(request.param)
        root.activateWindow()
        qtbot.waitUntil(root.isActiveWindow, timeout=WAIT)
        if root.focusWidget() is None or QApplication.focusWidget() is None:
            desk.tab.list.setFocus()
        yield Shown(request.param, root, desk)
        if isinstance(root, QDialog):
            root.done(0)


def test_every_rule_holds(shown: Shown) -> None:
    """Together, because opening a page or a window takes longer than looking at it."""
    rules.test_everything_that_takes_input_has_a_name(shown.root)
    rules.test_buttons_with_a_picture_alone_have_a_tip(shown.root)
    rules.test_access_keys_are_unique_in_a_window(shown.root)
    rules.test_plain_answers_have_no_access_key(shown.root)
    rules.test_every_label_of_a_field_leads_to_it(shown.root)
    rules.test_every_field_of_a_form_has_an_access_key(shown.root)
    rules.test_nothing_is_wider_than_a_small_screen(shown.root)
    rules.test_no_text_of_a_button_is_cut(shown.root)
    _check_disabled_buttons_say_why(shown)
    _check_every_window_has_help(shown)
    rules.test_tab_goes_round_and_reaches_everything(shown.root)


def _check_disabled_buttons_say_why(shown: Shown) -> None:
    silent = [
        part.text()
        for part in rules.visible_parts(shown.root)
        if isinstance(part, QPushButton) and not part.isEnabled() and "现在不能用" not in part.toolTip()
    ]
    assert not silent


def _check_every_window_has_help(shown: Shown) -> None:
    if shown.name in WINDOWS and shown.name not in MESSAGES:
        assert len(shown.root.findChildren(HelpButton)) == 1
