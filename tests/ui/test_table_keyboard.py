"""The table without a mouse."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QContextMenuEvent, QGuiApplication, QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QToolTip, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from cdo_desktop.ui.common.filter_row import FilterField
from cdo_desktop.ui.common.table_model import TableQuery
from cdo_desktop.ui.common.table_view import DataTable
from tests.ui.table_fakes import COLUMNS, PostRow, PostSource, focused, send_wheel

Table = DataTable[int, PostRow]
Key = Qt.Key


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    return window


@pytest.fixture
def table(window: QWidget, qtbot: QtBot) -> Table:
    """Return a table of 1,000 rows between two other fields, in an active window."""
    before = QLineEdit(window)
    table = DataTable(COLUMNS, PostSource(1000), name="名册", parent=window)
    box = QVBoxLayout(window)
    for widget in (before, table, QLineEdit(window)):
        box.addWidget(widget)
    window.resize(700, 420)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    table.reload()
    table.grid.enter()
    return table


def press(*keys: Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    for key in keys:
        QTest.keyClick(focused(), key, modifier)


def test_tab_walks_through_fields_and_table_in_reading_order_and_out_again(
    table: Table, qtbot: QtBot
) -> None:
    before, after = table.window().findChildren(QLineEdit, options=Qt.FindChildOption.FindDirectChildrenOnly)
    before.setFocus()
    seen: list[str] = []
    for _ in range(7):
        press(Key.Key_Tab)
        seen.append(focused().accessibleName())
    assert seen == ["筛选：单位", "筛选：姓名", "筛选：状态", "筛选：天数", "筛选：手机", "名册", ""]
    assert focused() is after
    press(Key.Key_Backtab)
    assert focused() is table.grid


def test_tab_follows_columns_that_were_moved_or_hidden(table: Table) -> None:
    heads = table.grid.heads
    heads.moveSection(heads.visualIndex(4), 1)
    {action.text(): action for action in table.columns_menu().actions()}["状态"].trigger()
    table.focus_filter()
    seen = [focused().accessibleName()]
    for _ in range(4):
        press(Key.Key_Tab)
        seen.append(focused().accessibleName())
    assert seen == ["筛选：单位", "筛选：手机", "筛选：姓名", "筛选：天数", "名册"]


def test_arrows_home_end_and_pages_move_by_rows(table: Table) -> None:
    assert table.selected_keys() == [0]
    places: list[int | None] = []
    for key in (Key.Key_Down, Key.Key_End, Key.Key_Up, Key.Key_Home):
        press(key)
        places.append(table.current_key())
    assert places == [1, 999, 998, 0]
    press(Key.Key_PageDown)
    assert 5 < (table.current_key() or 0) < 50
    press(Key.Key_PageUp)
    assert table.current_key() == 0


def test_shift_extends_the_selection_to_whole_rows(table: Table) -> None:
    press(Key.Key_Down, Key.Key_Down, modifier=Qt.KeyboardModifier.ShiftModifier)
    assert table.selected_keys() == [0, 1, 2]
    press(Key.Key_End, modifier=Qt.KeyboardModifier.ShiftModifier)
    assert len(table.selected_keys()) == 1000


def test_shift_extends_from_the_row_kept_over_a_new_order(table: Table) -> None:
    table.select_key(500)
    table.set_query(TableQuery(sort="id", descending=True))
    press(Key.Key_Down, modifier=Qt.KeyboardModifier.ShiftModifier)
    assert table.selected_keys() == [500, 499]


def test_enter_opens_the_current_row_once(table: Table) -> None:
    opened: list[int] = []
    table.activated.connect(opened.append)
    press(Key.Key_Down, Key.Key_Return)
    press(Key.Key_Enter, modifier=Qt.KeyboardModifier.KeypadModifier)
    assert opened == [1, 1]


def test_letters_do_not_jump_to_rows(table: Table) -> None:
    QTest.keyClicks(table.grid, "9")
    assert table.current_key() == 0


def test_shift_f10_opens_the_commands_at_the_current_row(table: Table) -> None:
    table.set_actions([QAction("修改", table)])
    press(Key.Key_Down)
    press(Key.Key_F10, modifier=Qt.KeyboardModifier.ShiftModifier)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert menu.actions()[0].text() == "修改"
    row = table.grid.visualRect(table.grid.currentIndex())
    assert table.grid.viewport().mapFromGlobal(menu.pos()).y() >= row.top()
    menu.close()


def test_the_menu_key_opens_the_commands_at_the_current_row(table: Table) -> None:
    table.set_actions([QAction("修改", table)])
    press(Key.Key_Down)
    viewport = table.grid.viewport()
    reason = QContextMenuEvent.Reason.Keyboard  # what Qt makes of the menu key, wherever the mouse is
    QApplication.sendEvent(viewport, QContextMenuEvent(reason, QPoint(3, 300), QPoint(9, 9)))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert menu.actions()[0].text() == "修改"
    row = table.grid.visualRect(table.grid.currentIndex())
    assert viewport.mapFromGlobal(menu.pos()).y() >= row.top()
    assert table.selected_keys() == [1]
    menu.close()


def test_copy_keys_work_in_the_table_and_belong_to_the_text_in_a_field(table: Table) -> None:
    press(Key.Key_C, modifier=Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text().startswith("单位0000\t")
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    press(Key.Key_C, modifier=both)
    assert QGuiApplication.clipboard().text().startswith("单位\t姓名")
    table.set_filter("name", "0001")
    table.focus_filter("name")
    press(Key.Key_C, modifier=Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "0001"


def test_ctrl_a_selects_rows_in_the_table_and_text_in_a_field(table: Table) -> None:
    press(Key.Key_A, modifier=Qt.KeyboardModifier.ControlModifier)
    assert len(table.selected_keys()) == 1000
    table.select_key(3)
    table.set_filter("unit", "单位00")
    table.focus_filter("unit")
    press(Key.Key_End)
    press(Key.Key_A, modifier=Qt.KeyboardModifier.ControlModifier)
    field = focused()
    assert isinstance(field, FilterField)
    assert field.selectedText() == "单位00"
    assert table.selected_keys() == [3]


@pytest.mark.parametrize("key", [Key.Key_Down, Key.Key_Return])
def test_one_goes_from_a_field_into_the_filtered_rows_without_waiting(table: Table, key: Key) -> None:
    table.focus_filter("phone")
    QTest.keyClicks(focused(), "0987")
    press(key)
    assert focused() is table.grid
    assert table.model.key_count == 1
    assert table.selected_keys() == [987]


def test_esc_empties_a_field_and_then_leaves_it(table: Table, qtbot: QtBot) -> None:
    table.set_filter("name", "没有这个人")
    table.focus_filter("name")
    with qtbot.waitSignal(table.query_changed):
        press(Key.Key_Escape)
    assert isinstance(focused(), FilterField)
    assert table.model.key_count == 1000
    press(Key.Key_Escape)
    assert focused() is table.grid


def test_a_field_out_of_sight_is_scrolled_into_view_when_it_gets_the_focus(
    table: Table, qtbot: QtBot
) -> None:
    table.window().resize(420, 400)
    table.focus_filter("phone")
    field = focused()
    left = field.mapTo(table.grid, QPoint(0, 0)).x()
    area = table.grid.viewport().geometry()
    assert area.left() <= left
    assert left + field.width() <= area.right() + 1
    table.focus_filter("name")
    assert focused().mapTo(table.grid, QPoint(0, 0)).x() >= area.left()


def test_the_wheel_scrolls_rows_and_never_changes_a_field(table: Table) -> None:
    before = table.query()
    field = table.grid.heads.filters.fields[1]
    for target in (table.grid.viewport(), field):
        send_wheel(target)
    assert table.grid.verticalScrollBar().value() > 0
    assert table.query() == before
    assert field.text() == ""


TipOf = Callable[[int, int], str]


@pytest.fixture
def tip_of(table: Table) -> TipOf:
    def show(row: int, column: int) -> str:
        QToolTip.hideText()
        place = table.grid.visualRect(table.model.index(row, column)).center()
        viewport = table.grid.viewport()
        QApplication.sendEvent(
            viewport, QHelpEvent(QHelpEvent.Type.ToolTip, place, viewport.mapToGlobal(place))
        )
        return QToolTip.text() if QToolTip.isVisible() else ""

    return show


def test_a_cut_text_is_told_in_full_and_markup_in_it_is_only_text(
    table: Table, tip_of: TipOf, qtbot: QtBot
) -> None:
    source_text = "<b>很长很长很长很长很长很长的名字</b>"
    table.model.line(2).texts = ("短", source_text, *table.model.line(2).texts[2:])
    assert "&lt;b&gt;很长" in tip_of(2, 1)
    tip_of(2, 3)
    qtbot.waitUntil(lambda: not QToolTip.isVisible())


def test_a_column_may_tell_more_than_its_text(table: Table, tip_of: TipOf) -> None:
    assert "手机：13900000001" in tip_of(1, 4)
