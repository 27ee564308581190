"""The register shows every post, finds any of them, and acts on the selected row."""

from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtGui import QGuiApplication, QKeyEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QToolBar, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from cdo_desktop.services.departures import LeaveDraft
from cdo_desktop.services.register import RegisterQuery
from cdo_desktop.ui.common.chips import Chips
from cdo_desktop.ui.common.empty_state import EmptyState
from cdo_desktop.ui.common.form_dialog import FormDialog
from cdo_desktop.ui.common.unit_dialog import UnitDialog
from cdo_desktop.ui.registry.forms_dialog import FormsDialog
from cdo_desktop.ui.registry.history_dialog import HistoryDialog
from cdo_desktop.ui.registry.import_dialog import ImportDialog
from cdo_desktop.ui.registry.registry_tab import RegistryTab
from tests.ui.fakes import FakeNotices, make_ui
from tests.ui.register_desk import WAIT, RegisterDesk
from tests.ui.small_district import HOLDERS, post_of, services_of

WHOLE_REGISTER = [
    "罗店镇 首席数据官 陈思远",
    "罗店镇 数据专员 欧阳静",
    "区教育局 首席数据官 单学文",
    "区教育局 数据专员 吕晓雯",
    "区财政局 首席数据官 解正华",
    "区财政局 数据专员",
]


def chip(chips: Chips, word: str) -> QToolButton:
    """Return the button of a choice."""
    return next(button for button in chips.findChildren(QToolButton) if button.text().startswith(word))


def leave(desk: RegisterDesk, unit: str, post: str, day: date) -> None:
    """End a tenure past the window."""
    opened = desk.office.holders.get(post_of(desk.office, unit, post).tenure_id or 0)
    desk.office.holders.leave(opened, LeaveDraft(left_on=day, reason="退休"))


def has_focus(desk: RegisterDesk, widget: QWidget) -> None:
    """Give a widget the keyboard in an active window."""
    desk.tab.activateWindow()
    desk.qtbot.waitUntil(desk.tab.isActiveWindow, timeout=WAIT)
    widget.setFocus()


# What it shows


def test_every_post_is_shown_in_unit_order_empty_ones_too(desk: RegisterDesk) -> None:
    assert desk.shown() == WHOLE_REGISTER
    assert desk.tab.counts.text() == "共 6"


def test_an_empty_post_says_for_how_many_days(desk: RegisterDesk) -> None:
    leave(desk, "区教育局", "数据专员", date(2026, 11, 4))
    desk.tab.reload()
    assert desk.shown("unit", "post", "state")[3] == "区教育局 数据专员 空缺 20 天"


def test_the_sample_has_two_empty_posts_and_one_overdue_change(sample_desk: RegisterDesk) -> None:
    states = sample_desk.shown("state")
    assert sum(state.startswith("空缺 ") for state in states) == 2
    (overdue,) = [state for state in states if state.startswith("逾期")]
    assert overdue.endswith("个工作日")


def test_a_mobile_is_masked_in_the_table_and_clear_for_the_selected_holder(desk: RegisterDesk) -> None:
    desk.select("罗店镇", "数据专员")
    assert desk.shown("mobile")[1] == "139****0002"
    assert desk.tab.contact.text() == "欧阳静　办公 021-56100000　手机 13900000002"


def test_nothing_is_said_of_an_empty_post_or_of_several_holders(desk: RegisterDesk) -> None:
    desk.select("区财政局", "数据专员")
    assert not desk.tab.contact.text()
    desk.tab.table.grid.selectAll()
    assert not desk.tab.contact.text()


def test_a_register_without_units_offers_the_next_step(desk: RegisterDesk) -> None:
    tab = RegistryTab(services_of(desk.office), make_ui(FakeNotices()))
    tab._counted(0, 0)  # a database without units shows the guide instead, so that this is rare
    (state,) = tab.findChildren(EmptyState)
    assert [button.accessibleName() for button in state.buttons] == ["导入", "新建单位"]


# Finding


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        pytest.param("教育", ["区教育局 首席数据官 单学文", "区教育局 数据专员 吕晓雯"], id="unit"),
        pytest.param("jiaoyu", ["区教育局 首席数据官 单学文", "区教育局 数据专员 吕晓雯"], id="unit pinyin"),
        pytest.param("jyj", ["区教育局 首席数据官 单学文", "区教育局 数据专员 吕晓雯"], id="unit initials"),
        pytest.param("学文", ["区教育局 首席数据官 单学文"], id="name"),
        pytest.param("shanxuewen", ["区教育局 首席数据官 单学文"], id="surname read as one"),
        pytest.param("oyj", ["罗店镇 数据专员 欧阳静"], id="initials"),
        pytest.param("XZH", ["区财政局 首席数据官 解正华"], id="capitals"),
        pytest.param("13900000005", ["区财政局 首席数据官 解正华"], id="mobile"),
        pytest.param("jyj 数据专员", ["区教育局 数据专员 吕晓雯"], id="two words"),
        pytest.param("  镇长 ", ["罗店镇 首席数据官 陈思远"], id="title with blanks"),
        pytest.param("查无此人", [], id="nothing"),
    ],
)
def test_search_finds_chinese_pinyin_and_initials(desk: RegisterDesk, typed: str, found: list[str]) -> None:
    assert desk.search(typed) == found


def test_a_search_selects_its_first_row_so_that_the_next_key_acts_on_it(desk: RegisterDesk) -> None:
    desk.search("jyj")
    row = post_of(desk.office, "区教育局", "首席数据官")
    assert desk.tab.table.selected_keys() == [(row.post_id, row.tenure_id)]
    assert desk.tab.contact.text() == "单学文　办公 021-56100000　手机 13900000003"


def test_a_key_pressed_right_after_typing_acts_on_what_was_typed(desk: RegisterDesk) -> None:
    desk.select("区财政局", "首席数据官")
    desk.tab.bar.search.setText("oyj")
    desk.actions["update"].trigger()
    assert desk.dialog(FormDialog).windowTitle() == "信息更新：罗店镇 数据专员 欧阳静[*]"


def test_clearing_the_search_keeps_the_found_row_selected(desk: RegisterDesk) -> None:
    desk.search("xzh")
    chosen = desk.tab.table.selected_keys()
    assert desk.search("") == WHOLE_REGISTER
    assert desk.tab.table.selected_keys() == chosen


@pytest.mark.parametrize("width", [560, 1366])
def test_words_of_the_chips_are_never_cut(desk: RegisterDesk, width: int, qtbot: QtBot) -> None:
    bar = desk.tab.bar
    desk.tab.setMinimumSize(1, 1)  # as the main window sets its own
    desk.tab.resize(width, 600)
    every = [*bar.states.findChildren(QToolButton), *bar.groups.findChildren(QToolButton)]
    qtbot.waitUntil(lambda: (bar.groups.y() > bar.states.y()) == (width < 1000))
    qtbot.waitUntil(lambda: all(button.width() >= button.sizeHint().width() for button in every))


def test_chips_count_within_each_other_and_filter(desk: RegisterDesk) -> None:
    bar = desk.tab.bar
    assert chip(bar.groups, "街镇").text() == "街镇（园区） 2"
    assert chip(bar.states, "空缺").text() == "空缺 1"
    chip(bar.groups, "街镇").click()
    desk.settle()
    assert desk.shown() == WHOLE_REGISTER[:2]
    assert chip(bar.states, "空缺").text() == "空缺 0"
    assert chip(bar.groups, "全部").text() == "全部 6"
    assert desk.tab.counts.text() == "显示 2 / 共 6"


def test_clear_filters_empties_search_chips_and_filter_row_at_once(desk: RegisterDesk) -> None:
    desk.tab.table.set_filter("post", "数据专员")
    chip(desk.tab.bar.groups, "部门").click()
    desk.search("jyj")
    assert desk.shown() == ["区教育局 数据专员 吕晓雯"]
    desk.tab.table.clear_filters_action.trigger()
    desk.settle()
    assert desk.shown() == WHOLE_REGISTER
    assert not desk.tab.bar.search.text()
    assert chip(desk.tab.bar.groups, "全部").isChecked()


def test_counts_that_come_late_are_not_shown_for_another_query(desk: RegisterDesk) -> None:
    old = desk.tab.table.query()
    late = desk.office.register.counts(RegisterQuery())
    desk.search("oyj")
    desk.tab._show_counts(old, late)
    assert chip(desk.tab.bar.groups, "全部").text() == "全部 1"


# Sorting and columns


def test_a_click_on_the_head_of_names_sorts_by_surname_as_it_is_read(desk: RegisterDesk) -> None:
    keys = [column.key for column in desk.tab.table.columns]
    desk.tab.table.grid.heads.sectionClicked.emit(keys.index("name"))
    assert desk.shown("name") == ["陈思远", "吕晓雯", "欧阳静", "单学文", "解正华", ""]
    for _again in range(2):
        desk.tab.table.grid.heads.sectionClicked.emit(keys.index("name"))
    assert desk.shown() == WHOLE_REGISTER


def test_columns_and_order_are_remembered(desk: RegisterDesk) -> None:
    keys = [column.key for column in desk.tab.table.columns]
    desk.tab.table.grid.heads.sectionClicked.emit(keys.index("name"))
    desk.tab.table.grid.heads.resizeSection(keys.index("title"), 222)
    remembered = desk.tab.save_layout()

    again = RegistryTab(services_of(desk.office), make_ui(FakeNotices()))
    again.restore_layout(remembered)
    assert again.table.query().sort == "name"
    assert again.table.grid.heads.sectionSize(keys.index("title")) == 222


# Another day


def look_at(desk: RegisterDesk, text: str) -> None:
    """Type a day and press Enter."""
    line = desk.tab.bar.day.line
    line.setFocus()
    line.setText(text)
    QTest.keyClick(line, Qt.Key.Key_Return)
    desk.settle()


def test_an_as_of_date_shows_who_held_it_then(desk: RegisterDesk) -> None:
    leave(desk, "罗店镇", "数据专员", date(2025, 1, 1))
    opened = desk.office.holders.empty_draft(post_of(desk.office, "罗店镇", "数据专员").post_id)
    desk.office.holders.appoint(replace(opened, name="周小明", since=date(2025, 3, 1)))
    desk.tab.reload()
    assert desk.shown("name")[1] == "周小明"
    look_at(desk, "20240630")
    assert desk.shown("name")[1] == "欧阳静"
    look_at(desk, "2025.2.1")
    assert desk.shown("name", "state")[1] == "空缺 31 天"
    assert desk.tab.bar.past.text() == "这是 2025-02-01 的任职情况，只能查看和导出"
    assert desk.tab.exports.as_of == date(2025, 2, 1)


def test_another_day_can_be_looked_at_but_not_changed(desk: RegisterDesk) -> None:
    look_at(desk, "2024-06-30")
    desk.select("罗店镇", "数据专员")
    for name in (
        "appoint",
        "update",
        "replace",
        "leave",
        "forms",
        "load",
        "edit_unit",
        "new_unit",
        "check_names",
    ):
        action = desk.actions[name]
        assert not action.isEnabled(), name
        assert "回到今天才能修改" in action.toolTip(), name
    assert desk.actions["history"].isEnabled()
    desk.tab.edit()
    assert desk.no_dialog()


def test_the_way_back_to_today(desk: RegisterDesk) -> None:
    look_at(desk, "2024-06-30")
    assert not desk.tab.bar.today_button.isHidden()
    desk.tab.bar.today_button.click()
    desk.settle()
    assert desk.shown() == WHOLE_REGISTER
    assert not desk.tab.bar.day.text()
    assert desk.tab.bar.today_button.isHidden()
    assert desk.actions["load"].isEnabled()


def test_today_typed_as_a_date_is_today(desk: RegisterDesk) -> None:
    look_at(desk, "20261124")
    assert desk.actions["load"].isEnabled()
    assert not desk.tab.bar.day.text()


def test_a_day_that_cannot_be_read_says_why_and_changes_nothing(desk: RegisterDesk) -> None:
    look_at(desk, "2024-02-30")
    assert desk.tab.bar.past.text()
    assert desk.shown() == WHOLE_REGISTER
    assert desk.actions["load"].isEnabled()
    desk.tab.bar.day.line.setText("2024-02-2")
    assert not desk.tab.bar.past.text()


# Commands


def test_the_context_menu_holds_the_commands_of_the_toolbar(desk: RegisterDesk) -> None:
    (toolbar,) = desk.tab.findChildren(QToolBar)
    about_rows = {"update", "appoint", "replace", "leave", "forms", "history", "edit_unit"}
    menu = desk.tab.table.rows_menu().actions()
    for name in about_rows:
        assert desk.actions[name] in menu, name
    for action in toolbar.actions():
        if action in desk.actions.values() and action is not desk.actions["load"]:
            assert action in menu, action.text()


def test_a_disabled_command_says_why(desk: RegisterDesk) -> None:
    desk.tab.table.grid.clearSelection()
    assert "先选中一行" in desk.actions["replace"].toolTip()
    desk.tab.table.grid.selectAll()
    assert "一次只能办理一行" in desk.actions["replace"].toolTip()
    desk.select("区财政局", "数据专员")
    assert "这个岗位空缺" in desk.actions["update"].toolTip()
    assert desk.actions["appoint"].isEnabled()
    desk.select("区财政局", "首席数据官")
    assert "换人请用“更换”" in desk.actions["appoint"].toolTip()


def test_a_district_post_has_no_form_and_no_unit(sample_desk: RegisterDesk) -> None:
    sample_desk.select("区级", "区首席数据官")
    assert "没有备案表" in sample_desk.actions["forms"].toolTip()
    assert "区级不是单位" in sample_desk.actions["edit_unit"].toolTip()
    assert sample_desk.actions["replace"].isEnabled()


@pytest.mark.parametrize("place", ["table", "search", "filter"])
@pytest.mark.parametrize(
    ("key", "modifier", "kind", "post"),
    [
        pytest.param(Qt.Key.Key_F2, Qt.KeyboardModifier.NoModifier, FormDialog, "首席数据官", id="F2"),
        pytest.param(Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier, FormDialog, "数据专员", id="Ctrl+N"),
        pytest.param(
            Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier, FormDialog, "首席数据官", id="Ctrl+R"
        ),
        pytest.param(
            Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier, FormsDialog, "首席数据官", id="Ctrl+P"
        ),
        pytest.param(
            Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier, HistoryDialog, "首席数据官", id="Ctrl+H"
        ),
        pytest.param(
            Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier, ImportDialog, "首席数据官", id="Ctrl+I"
        ),
        pytest.param(
            Qt.Key.Key_U, Qt.KeyboardModifier.ControlModifier, UnitDialog, "首席数据官", id="Ctrl+U"
        ),
    ],
)
def test_keys_work_from_table_search_and_filter_row(
    desk: RegisterDesk,
    place: str,
    key: Qt.Key,
    modifier: Qt.KeyboardModifier,
    kind: type[QDialog],
    post: str,
) -> None:
    desk.select("区财政局", post)
    places = {
        "table": desk.tab.table.grid,
        "search": desk.tab.bar.search,
        "filter": desk.tab.table.grid.heads.filters.fields[1],
    }
    has_focus(desk, places[place])
    QTest.keyClick(places[place], key, modifier)
    assert desk.dialog(kind).isVisible()


def test_enter_opens_the_holder_or_appoints_to_an_empty_post(desk: RegisterDesk) -> None:
    desk.select("区财政局", "首席数据官")
    has_focus(desk, desk.tab.table.grid)
    QTest.keyClick(desk.tab.table.grid, Qt.Key.Key_Return)
    assert desk.dialog(FormDialog).windowTitle().startswith("信息更新")
    desk.close()
    desk.select("区财政局", "数据专员")
    QTest.keyClick(desk.tab.table.grid, Qt.Key.Key_Return)
    assert desk.dialog(FormDialog).windowTitle().startswith("任命")


def test_a_row_opened_twice_in_a_moment_opens_one_dialog(desk: RegisterDesk) -> None:
    desk.select("区财政局", "首席数据官")
    grid = desk.tab.table.grid
    has_focus(desk, grid)
    QTest.keyClick(grid, Qt.Key.Key_Return)
    again = QKeyEvent(QKeyEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "", True)
    QApplication.sendEvent(grid, again)
    QTest.mouseDClick(grid.windowHandle() or grid.viewport(), Qt.MouseButton.LeftButton)
    assert desk.dialog(FormDialog).isVisible()


def test_enter_in_the_search_field_goes_into_the_rows(desk: RegisterDesk) -> None:
    search = desk.tab.bar.search
    has_focus(desk, search)
    QTest.keyClicks(search, "xzh")
    QTest.keyClick(search, Qt.Key.Key_Return)
    assert QApplication.focusWidget() is desk.tab.table.grid
    assert desk.shown() == ["区财政局 首席数据官 解正华"]
    QTest.keyClick(desk.tab.table.grid, Qt.Key.Key_Return)
    assert desk.dialog(FormDialog).windowTitle() == "信息更新：区财政局 首席数据官 解正华[*]"


def test_down_goes_on_from_the_row_that_the_search_selected(desk: RegisterDesk) -> None:
    has_focus(desk, desk.tab.bar.search)
    QTest.keyClicks(desk.tab.bar.search, "jyj")
    QTest.keyClick(desk.tab.bar.search, Qt.Key.Key_Down)
    row = post_of(desk.office, "区教育局", "数据专员")
    assert desk.tab.table.selected_keys() == [(row.post_id, row.tenure_id)]
    assert desk.tab.table.grid.hasFocus()


def test_down_without_a_search_goes_to_the_row_that_was_left(desk: RegisterDesk) -> None:
    row = desk.select("区教育局", "数据专员")
    has_focus(desk, desk.tab.bar.search)
    QTest.keyClick(desk.tab.bar.search, Qt.Key.Key_Down)
    assert desk.tab.table.selected_keys() == [(row.post_id, row.tenure_id)]


def test_the_access_key_of_the_states_leads_to_them_and_down_into_the_rows(desk: RegisterDesk) -> None:
    has_focus(desk, desk.tab.bar.search)
    alt = Qt.KeyboardModifier.AltModifier
    QTest.keyClick(desk.tab.bar.search, Qt.Key.Key_Z, alt)
    assert QApplication.focusWidget() is chip(desk.tab.bar.states, "全部")
    QTest.keyClick(chip(desk.tab.bar.states, "全部"), Qt.Key.Key_Right)
    assert desk.shown() == ["区财政局 数据专员"]
    QTest.keyClick(chip(desk.tab.bar.states, "空缺"), Qt.Key.Key_Down)
    assert desk.tab.table.grid.hasFocus()
    assert desk.tab.table.selected_keys() == [(post_of(desk.office, "区财政局", "数据专员").post_id, 0)]
    QTest.keyClick(desk.tab.table.grid, Qt.Key.Key_Z, alt)
    assert QApplication.focusWidget() is chip(desk.tab.bar.states, "空缺")
    desk.qtbot.wait(200)  # a button that is a label's buddy would be pressed by now
    assert desk.shown() == ["区财政局 数据专员"]


def test_the_form_opens_at_the_column_that_was_clicked(desk: RegisterDesk) -> None:
    desk.select("罗店镇", "数据专员")
    grid = desk.tab.table.grid
    keys = [column.key for column in desk.tab.table.columns]
    for clicked, field in (("title", "title"), ("state", "office_phone")):
        grid.setCurrentIndex(grid.currentIndex().siblingAtColumn(keys.index(clicked)))
        desk.actions["update"].trigger()
        form = desk.dialog(FormDialog).form
        assert form.focusWidget() is form.editor(field).focus
        desk.close()


def test_ctrl_f_goes_to_the_search_field_ready_to_type_over(desk: RegisterDesk) -> None:
    desk.search("jyj")
    has_focus(desk, desk.tab.table.grid)
    QTest.keyClick(desk.tab.table.grid, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.focusWidget() is desk.tab.bar.search
    assert desk.tab.bar.search.selectedText() == "jyj"


def test_esc_empties_the_search_field(desk: RegisterDesk) -> None:
    desk.search("jyj")
    QTest.keyClick(desk.tab.bar.search, Qt.Key.Key_Escape)
    desk.settle()
    assert desk.shown() == WHOLE_REGISTER


def test_f5_shows_what_somebody_else_changed(desk: RegisterDesk) -> None:
    opened = desk.office.holders.get(post_of(desk.office, "罗店镇", "数据专员").tenure_id or 0)
    desk.office.holders.update(opened, replace(opened, title="副科长"))
    assert desk.shown("title")[1] == "科员"
    has_focus(desk, desk.tab.bar.search)
    QTest.keyClick(desk.tab.bar.search, Qt.Key.Key_F5)
    desk.settle()
    assert desk.shown("title")[1] == "副科长"


def test_ctrl_c_copies_the_selected_rows_as_they_are_seen(desk: RegisterDesk) -> None:
    desk.select("罗店镇", "数据专员")
    has_focus(desk, desk.tab.table.grid)
    QTest.keyClick(desk.tab.table.grid, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text().split("\t")[:3] == ["罗店镇", "数据专员", "欧阳静"]


def test_ctrl_c_in_the_search_field_copies_its_text(desk: RegisterDesk) -> None:
    desk.select("罗店镇", "数据专员")
    search: QLineEdit = desk.tab.bar.search
    has_focus(desk, search)
    search.setText("jyj")
    search.selectAll()
    QTest.keyClick(search, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "jyj"


def test_forms_of_the_selected_posts_and_of_all_when_none_is_selected(desk: RegisterDesk) -> None:
    desk.tab.table.grid.clearSelection()
    desk.actions["forms"].trigger()
    dialog = desk.dialog(FormsDialog)
    assert len(dialog.view.list.ticked()) == len(HOLDERS)
    desk.close()
    desk.select("罗店镇", "数据专员")
    desk.actions["forms"].trigger()
    assert len(desk.dialog(FormsDialog).view.list.ticked()) == 1


def test_a_closed_dialog_does_not_linger(desk: RegisterDesk) -> None:
    desk.select("罗店镇", "数据专员")
    for _time in range(3):
        desk.actions["update"].trigger()
        desk.dialog(FormDialog).reject()
        desk.qtbot.wait(0)
    desk.qtbot.waitUntil(lambda: not desk.tab.findChildren(FormDialog), timeout=WAIT)


def test_a_row_that_is_gone_meanwhile_opens_nothing(desk: RegisterDesk) -> None:
    desk.select("罗店镇", "数据专员")
    leave(desk, "罗店镇", "数据专员", date(2026, 11, 20))
    desk.actions["update"].trigger()
    assert desk.no_dialog()
