"""The table as people use it: sort, filter, select, copy, menus, empty states."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QContextMenuEvent, QGuiApplication, QHelpEvent, QImage, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QPushButton, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from cdo_desktop.errors import AppError
from cdo_desktop.ui.common import table_retry
from cdo_desktop.ui.common.table_columns import Column
from cdo_desktop.ui.common.table_model import TableQuery
from cdo_desktop.ui.common.table_view import FILTER_DELAY, DataTable, count_text
from tests.ui.table_fakes import COLUMNS, PostRow, PostSource, focused, send_wheel

Table = DataTable[int, PostRow]
MakeTable = Callable[..., tuple[Table, PostSource]]


@pytest.fixture
def make_table(qtbot: QtBot) -> MakeTable:
    def make(count: int = 200, width: int = 700, frozen: int = 1) -> tuple[Table, PostSource]:
        source = PostSource(count)
        table = DataTable(COLUMNS, source, frozen=frozen, name="名册")
        qtbot.addWidget(table)
        table.resize(width, 420)
        table.show()
        table.activateWindow()
        qtbot.waitUntil(table.isActiveWindow)
        table.reload()
        return table, source

    return make


def shown_keys(table: Table) -> list[int]:
    return [table.model.key_at(row) for row in range(table.model.key_count)]


def type_chinese(text: str) -> None:
    """Commit text through the input method, as Chinese is typed."""
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(focused(), event)


def click_head(table: Table, title: str) -> None:
    section = [column.title for column in COLUMNS].index(title)
    heads = table.grid.frozen_heads if section == 0 else table.grid.heads
    heads.sectionClicked.emit(section)


def test_nothing_is_asked_before_the_first_reload(qtbot: QtBot) -> None:
    source = PostSource(5)
    table = DataTable(COLUMNS, source)
    qtbot.addWidget(table)
    table.set_query(TableQuery(sort="name"))
    assert source.asked_queries == []
    table.reload()
    assert [query.sort for query in source.asked_queries] == ["name"]


def test_clicks_on_a_head_sort_up_then_down_then_not_at_all(make_table: MakeTable) -> None:
    table, _ = make_table(5000)
    orders = []
    for _ in range(3):
        click_head(table, "天数")
        orders.append((table.query().sort, table.query().descending))
    assert orders == [("days", False), ("days", True), ("", False)]
    assert shown_keys(table) == list(range(5000))


def test_sorting_is_stable_over_equal_values(make_table: MakeTable) -> None:
    table, _ = make_table(5000)
    click_head(table, "天数")
    keys = shown_keys(table)
    assert keys == sorted(range(5000), key=lambda key: (key % 100, key))


def test_the_arrow_stands_at_the_sorted_column_alone(make_table: MakeTable) -> None:
    table, _ = make_table()
    click_head(table, "单位")
    click_head(table, "姓名")
    for heads in (table.grid.heads, table.grid.frozen_heads):
        assert heads.sortIndicatorSection() == 1
        assert heads.sortIndicatorOrder() == Qt.SortOrder.AscendingOrder


def test_a_column_that_cannot_be_sorted_stays_as_it_is(make_table: MakeTable) -> None:
    table, _ = make_table()
    click_head(table, "备注")
    assert table.query() == TableQuery()
    assert table.grid.heads.sortIndicatorSection() == -1


def test_filters_typed_one_after_the_other_narrow_the_rows(make_table: MakeTable, qtbot: QtBot) -> None:
    table, source = make_table(5000)
    asked = len(source.asked_queries)
    table.focus_filter("state")
    with qtbot.waitSignal(table.counts_changed) as told:
        type_chinese("空缺")
    assert told.args == [455, 5000]
    table.focus_filter("unit")
    with qtbot.waitSignal(table.counts_changed) as told:
        type_chinese("单位000")
    assert told.args == [2, 5000]
    assert shown_keys(table) == [5, 16]
    assert len(source.asked_queries) == asked + 2, "one question a pause"


def test_the_filter_waits_for_a_pause_in_typing(make_table: MakeTable) -> None:
    table, _ = make_table()
    field = table.grid.heads.filters.fields[1]
    field.setText("张")
    assert table.query() == TableQuery()
    assert 50 <= FILTER_DELAY <= 200


def test_a_filter_set_from_outside_is_seen_in_its_field(make_table: MakeTable) -> None:
    table, _ = make_table()
    table.set_filter("state", "超期")
    assert table.grid.heads.filters.fields[2].text() == "超期"
    assert table.grid.heads.filters.fields[2].is_active
    assert table.clear_filters_action.isEnabled()
    table.clear_filters_action.trigger()
    assert table.grid.heads.filters.fields[2].text() == ""
    assert not table.clear_filters_action.isEnabled()
    assert table.model.key_count == 200


def test_a_column_that_filters_looks_different_from_one_that_does_not(make_table: MakeTable) -> None:
    table, _ = make_table()
    heads, field = table.grid.heads, table.grid.heads.filters.fields[2]
    table.grid.enter()

    def ground() -> str:
        place = field.mapTo(heads, QPoint(field.width() - 30, field.height() // 2))
        return picture(heads).pixelColor(place).name()

    plain = ground()
    table.set_filter("state", "超期")
    assert ground() != plain
    table.clear_filters()
    assert ground() == plain


def test_a_filter_that_is_no_column_survives_typing_in_the_filter_row(
    make_table: MakeTable, qtbot: QtBot
) -> None:
    table, _ = make_table()
    table.set_query(TableQuery(filters={"note": "备注1"}))
    with qtbot.waitSignal(table.query_changed):
        table.grid.heads.filters.fields[2].setText("空缺")
    assert dict(table.query().filters) == {"note": "备注1", "state": "空缺"}


def test_selection_and_focus_stay_with_their_rows_over_sort_filter_and_reload(make_table: MakeTable) -> None:
    table, source = make_table(5000)
    table.select_keys([3000, 10, 11])
    changes: list[bool] = []
    table.selection_changed.connect(lambda: changes.append(True))
    table.set_query(TableQuery(sort="name", descending=True))
    assert set(table.selected_keys()) == {10, 11, 3000}
    assert table.current_key() == 10
    source.delete(0, 1, 2)
    table.reload()
    assert set(table.selected_keys()) == {10, 11, 3000}
    assert table.grid.viewport().rect().intersects(table.grid.visualRect(table.grid.currentIndex()))


def test_a_row_filtered_away_is_no_longer_selected(make_table: MakeTable) -> None:
    table, _ = make_table()
    table.select_keys([5, 6])
    changes: list[bool] = []
    table.selection_changed.connect(lambda: changes.append(True))
    seen: list[list[int]] = []
    table.counts_changed.connect(lambda: seen.append(table.selected_keys()))
    table.set_filter("state", "空缺")
    assert table.selected_keys() == [5]
    assert changes == [True]
    assert seen == [[5]], "who hears of the new rows finds the selection in place"
    table.set_query(TableQuery())
    table.set_query(TableQuery(sort="name", descending=True))
    assert changes == [True]


def test_reload_leaves_the_rows_where_they_are_on_the_screen(make_table: MakeTable) -> None:
    table, _ = make_table(5000)
    down, across = table.grid.verticalScrollBar(), table.grid.horizontalScrollBar()
    down.setValue(down.maximum() // 2)
    across.setValue(50)
    before = down.value(), across.value()
    table.select_key(table.model.key_at(table.grid.rowAt(100)))  # wholly seen: showing it scrolls nothing
    table.reload()
    assert (down.value(), across.value()) == before
    assert min(before) > 0


def test_select_key_scrolls_to_a_row_far_away(make_table: MakeTable) -> None:
    table, _ = make_table(5000)
    assert table.select_key(4000)
    assert table.selected_keys() == [4000]
    assert table.grid.viewport().rect().intersects(table.grid.visualRect(table.grid.currentIndex()))
    assert not table.select_key(5000)
    assert table.selected_keys() == []


def test_ctrl_a_selects_all_rows_of_a_large_table(make_table: MakeTable) -> None:
    table, _ = make_table(5000)
    table.select_all_action.trigger()
    assert table.selected_keys() == list(range(5000))


def test_a_double_click_opens_the_row_below_the_mouse(make_table: MakeTable, qtbot: QtBot) -> None:
    table, _ = make_table()
    place = QPoint(10, table.grid.rowViewportPosition(3) + 5)
    none = Qt.KeyboardModifier.NoModifier
    with qtbot.waitSignal(table.activated) as opened:
        QTest.mouseDClick(table.grid.viewport(), Qt.MouseButton.LeftButton, none, place)
    assert opened.args == [3]


def test_the_failure_of_the_source_is_told_and_what_was_typed_stays(
    make_table: MakeTable, qtbot: QtBot
) -> None:
    table, source = make_table()
    errors: list[AppError] = []
    table.failed.connect(errors.append)
    table.grab()  # the rows seen are fetched
    source.broken = True
    field = table.grid.heads.filters.fields[1]
    with qtbot.waitSignal(table.failed):
        field.setText("张")
    assert field.text() == "张"
    assert table.model.key_count == 200
    source.broken = False
    table.reload()
    assert table.model.key_count < 200
    assert len(errors) == 1


def test_a_busy_source_is_asked_again_and_told_of_only_when_it_stays_busy(
    make_table: MakeTable, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_retry, "SOON_MS", 1)
    monkeypatch.setattr(table_retry, "LATER_MS", 1)
    table, source = make_table()
    errors: list[AppError] = []
    table.failed.connect(errors.append)
    source.busy = True
    table.set_filter("unit", "单位001")
    assert table.model.key_count == 200
    source.busy = False
    qtbot.waitUntil(lambda: table.model.key_count == 20)
    assert errors == []
    source.busy = True
    table.reload()
    qtbot.waitUntil(lambda: len(errors) == 1)
    with qtbot.waitSignal(table.model.failed):
        pass  # it goes on trying, and says no more
    assert len(errors) == 1
    source.busy = False
    with qtbot.waitSignal(table.counts_changed):
        pass


# Copy


def clipboard() -> tuple[str, str]:
    data = QGuiApplication.clipboard().mimeData()
    return data.text(), data.html()


def test_copy_takes_selected_rows_and_visible_columns_as_they_are_seen(make_table: MakeTable) -> None:
    table, _ = make_table()
    table.grid.heads.moveSection(table.grid.heads.visualIndex(4), 1)
    table.set_query(TableQuery(sort="days", descending=True))
    table.select_keys([98, 99])
    table.copy_action.trigger()
    text, html = clipboard()
    assert text == (
        "单位0049\t13900000099\t黄0099\t正常\t99\t备注99\r\n"
        "单位0049\t13900000098\t刘0098\t正常\t98\t备注98\r\n"
    ).replace("黄0099", table.model.rows_of([99])[0].name).replace(
        "刘0098", table.model.rows_of([98])[0].name
    )
    assert """<td style="mso-number-format:'\\@'" sdnum="2052;0;@" x:str>13900000099</td>""" in html
    assert '<td align="right">99</td>' in html
    assert "编号" not in html


def test_copy_with_heads_begins_with_the_titles(make_table: MakeTable) -> None:
    table, _ = make_table()
    table.select_key(1)
    table.copy_with_heads_action.trigger()
    text, html = clipboard()
    assert text.splitlines()[0] == "单位\t姓名\t状态\t天数\t手机\t备注"
    assert len(text.splitlines()) == 2
    assert html.count("<th ") == 6


def test_copy_of_nothing_leaves_the_clipboard_alone(make_table: MakeTable) -> None:
    table, _ = make_table()
    QGuiApplication.clipboard().setText("别处复制的")
    table.copy()
    assert QGuiApplication.clipboard().text() == "别处复制的"


def test_copy_of_thousands_of_rows_fetches_them_all(make_table: MakeTable) -> None:
    table, _ = make_table(5000)
    table.select_all_action.trigger()
    table.copy()
    lines = clipboard()[0].splitlines()
    assert len(lines) == 5000
    assert lines[4999].split("\t")[4] == "13900004999"


# Menus


def test_the_rows_menu_holds_the_toolbar_commands_and_those_of_every_table(make_table: MakeTable) -> None:
    table, _ = make_table()
    done: list[str] = []
    edit, leave = QAction("修改", table), QAction("离任", table)
    edit.triggered.connect(lambda: done.append("修改"))
    leave.setEnabled(False)
    table.set_actions([edit, leave])
    menu = table.rows_menu()
    offered = [action for action in menu.actions() if not action.isSeparator()]
    assert offered[:2] == [edit, leave]
    assert [action.text() for action in offered[2:]] == ["复制", "连同表头复制", "全选"]
    offered[0].trigger()
    assert done == ["修改"]


def test_a_right_click_selects_the_row_below_and_opens_its_menu(make_table: MakeTable) -> None:
    table, _ = make_table()
    table.set_actions([QAction("修改", table)])
    place = QPoint(20, table.grid.rowViewportPosition(4) + 5)
    viewport = table.grid.viewport()
    QTest.mouseClick(viewport, Qt.MouseButton.RightButton, Qt.KeyboardModifier.NoModifier, place)
    reason = QContextMenuEvent.Reason.Mouse
    QApplication.sendEvent(viewport, QContextMenuEvent(reason, place, viewport.mapToGlobal(place)))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert menu.actions()[0].text() == "修改"
    assert table.selected_keys() == [4]
    menu.close()


def test_columns_are_hidden_and_shown_from_the_menu(make_table: MakeTable) -> None:
    table, _ = make_table()
    choices = {action.text(): action for action in table.columns_menu().actions()}
    assert not choices["编号"].isChecked()
    assert not choices["单位"].isEnabled(), "the frozen column stays"
    choices["编号"].trigger()
    choices["姓名"].trigger()
    assert not table.grid.heads.isSectionHidden(6)
    assert table.grid.heads.sectionSize(6) > 0
    assert table.grid.heads.isSectionHidden(1)


def test_a_hidden_column_filters_nothing(make_table: MakeTable) -> None:
    table, _ = make_table()
    table.set_filter("state", "空缺")
    choices = {action.text(): action for action in table.columns_menu().actions()}
    choices["状态"].trigger()
    assert table.query() == TableQuery()
    assert table.model.key_count == 200


def test_the_menu_of_a_head_sorts_and_hides_its_column(make_table: MakeTable) -> None:
    table, _ = make_table()

    def choose(text: str) -> None:
        heads = table.grid.heads
        heads.menu_wanted.emit(3, heads.mapToGlobal(QPoint(5, 5)))
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        {action.text(): action for action in menu.actions()}[text].trigger()
        menu.close()

    choose("降序排列")
    assert table.query() == TableQuery("days", True)
    choose("恢复默认顺序")
    assert table.query() == TableQuery()
    choose("隐藏“天数”列")
    assert table.grid.isColumnHidden(3)


def test_the_columns_menu_sorts_too(make_table: MakeTable) -> None:
    table, _ = make_table()
    sorting = table.columns_menu().actions()[0].menu()
    assert isinstance(sorting, QMenu)
    choices = {action.text(): action for action in sorting.actions()}
    choices["手机"].trigger()
    assert table.query().sort == "phone"
    assert "备注" not in choices


# What stands where rows would be


def test_an_empty_table_shows_its_next_step(make_table: MakeTable) -> None:
    table, source = make_table(1)
    step = QPushButton("导入名册")
    table.set_empty_state(step)
    assert not step.isVisible()
    source.delete(0)
    table.reload()
    assert step.isVisible()


def test_filters_that_hide_everything_can_be_cleared_there(make_table: MakeTable) -> None:
    table, _ = make_table()
    table.set_filter("name", "没有这个人")
    [button] = [b for b in table.findChildren(QPushButton) if b.isVisible()]
    assert any(
        label.isVisible() and label.text() == "没有符合筛选条件的行" for label in table.findChildren(QLabel)
    )
    button.click()
    assert table.model.key_count == 200
    assert not button.isVisible()


@pytest.mark.parametrize(
    ("shown", "total", "text"), [(23, 150, "显示 23 / 共 150"), (150, 150, "共 150"), (0, 0, "共 0")]
)
def test_the_count_says_how_many_are_hidden(shown: int, total: int, text: str) -> None:
    assert count_text(shown, total) == text


# Frozen columns


def picture(widget: QWidget) -> QImage:
    return widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def test_the_frozen_column_stays_while_the_others_scroll(make_table: MakeTable) -> None:
    table, _ = make_table()
    grid = table.grid
    cells, heads, others = picture(grid.frozen_cells), picture(grid.frozen_heads), picture(grid.viewport())
    grid.horizontalScrollBar().setValue(90)
    assert picture(grid.frozen_cells) == cells
    assert picture(grid.frozen_heads) == heads
    assert picture(grid.viewport()) != others


def test_frozen_cells_look_like_ordinary_ones(make_table: MakeTable) -> None:
    frozen, plain = make_table()[0], make_table(frozen=0)[0]
    for table in (frozen, plain):
        table.select_keys([2, 5])
        table.grid.enter()
        table.window().activateWindow()
    plain.grid.clearFocus()
    frozen.grid.clearFocus()
    width, height = frozen.grid.frozen_cells.width() - 8, 250
    one = picture(frozen.grid.frozen_cells).copy(0, 0, width, height)
    other = picture(plain.grid.viewport()).copy(0, 0, width, height)
    assert one == other


def test_frozen_cells_follow_vertical_scroll_and_selection(make_table: MakeTable) -> None:
    table, _ = make_table(5000)
    grid = table.grid
    before = picture(grid.frozen_cells)
    grid.verticalScrollBar().setValue(3000)
    scrolled = picture(grid.frozen_cells)
    grid.selectRow(grid.rowAt(50))
    assert before != scrolled != picture(grid.frozen_cells)


def test_frozen_heads_and_cells_are_equally_wide(make_table: MakeTable) -> None:
    table, _ = make_table(frozen=2)
    grid = table.grid
    grid.frozen_heads.resizeSection(1, 111)
    grid.frozen_heads.resizeSection(0, 133)
    assert grid.frozen_cells.width() == grid.frozen_heads.width() == 244
    assert grid.viewport().x() == 244
    assert grid.frozen_cells.cell_rect(0, 1).left() == 133


def test_the_mouse_over_a_frozen_cell_acts_on_its_row(make_table: MakeTable) -> None:
    table, _ = make_table()
    opened: list[int] = []
    table.activated.connect(opened.append)
    over, none = table.grid.frozen_cells.viewport(), Qt.KeyboardModifier.NoModifier
    places = [table.grid.frozen_cells.cell_rect(row, 0).center() for row in range(6)]
    QTest.mouseClick(over, Qt.MouseButton.LeftButton, none, places[2])
    assert table.selected_keys() == [2]
    assert QApplication.focusWidget() is table.grid
    QTest.mouseClick(over, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier, places[4])
    assert table.selected_keys() == [2, 3, 4]
    QTest.mouseDClick(over, Qt.MouseButton.LeftButton, none, places[3])
    assert opened == [3]
    QTest.mouseMove(over, places[5])
    hovered = picture(table.grid.viewport())
    QTest.mouseMove(over, places[0])
    assert picture(table.grid.viewport()) != hovered


def test_the_wheel_over_a_frozen_cell_scrolls_the_rows(make_table: MakeTable) -> None:
    table, _ = make_table()
    send_wheel(table.grid.frozen_cells.viewport())
    assert table.grid.verticalScrollBar().value() > 0


def test_a_cut_frozen_text_is_told_in_full(make_table: MakeTable) -> None:
    table, _ = make_table()
    cells = table.grid.frozen_cells
    table.grid.frozen_heads.resizeSection(0, 40)
    place = cells.cell_rect(3, 0).center()
    QApplication.sendEvent(
        cells.viewport(), QHelpEvent(QHelpEvent.Type.ToolTip, place, cells.viewport().mapToGlobal(place))
    )
    assert "单位0001" in QToolTip.text()
    QToolTip.hideText()


def test_nothing_can_be_dragged_before_a_frozen_column(make_table: MakeTable) -> None:
    table, _ = make_table(frozen=2)
    heads = table.grid.heads
    heads.moveSection(4, 0)
    heads.moveSection(1, 5)
    assert [heads.logicalIndex(place) for place in (0, 1)] == [0, 1]


def test_a_narrow_window_leaves_room_to_scroll(make_table: MakeTable) -> None:
    table, _ = make_table(width=200)
    assert table.grid.frozen_cells.width() < 160
    assert table.grid.viewport().width() > 60
    table.resize(700, 400)
    assert table.grid.frozen_cells.width() == 160


def test_the_keyboard_works_on_when_the_column_of_the_current_cell_is_hidden(make_table: MakeTable) -> None:
    table, _ = make_table()
    table.grid.setCurrentIndex(table.model.index(3, 2))
    {action.text(): action for action in table.columns_menu().actions()}["状态"].trigger()
    QTest.keyClick(table.grid, Qt.Key.Key_Down)
    assert table.current_key() == 4


def test_one_scrolling_column_always_stays(make_table: MakeTable) -> None:
    table, _ = make_table()
    for title in ("姓名", "状态", "天数", "手机", "备注"):
        {action.text(): action for action in table.columns_menu().actions()}[title].trigger()
    assert [s for s in range(7) if not table.grid.isColumnHidden(s)] == [5]


def test_left_and_right_scroll_to_columns_and_up_and_down_do_not(make_table: MakeTable) -> None:
    table, _ = make_table()
    table.grid.enter()
    bar = table.grid.horizontalScrollBar()
    for _ in range(4):
        QTest.keyClick(table.grid, Qt.Key.Key_Right)
    assert table.grid.currentIndex().column() == 5
    assert bar.value() > 0
    bar.setValue(10)
    QTest.keyClick(table.grid, Qt.Key.Key_Down)
    assert bar.value() == 10
    for _ in range(4):
        QTest.keyClick(table.grid, Qt.Key.Key_Left)
    assert bar.value() == 0


# Filter row


def field_under(table: Table, section: int) -> tuple[int, int]:
    field = table.grid.heads.filters.fields[section]
    left = field.mapTo(table.grid, QPoint(0, 0)).x()
    return left, left + field.width()


def column_at(table: Table, section: int) -> tuple[int, int]:
    left = table.grid.columnViewportPosition(section) + table.grid.viewport().x()  # in the grid
    return left, left + table.grid.columnWidth(section)


def test_every_field_stays_under_its_column(make_table: MakeTable) -> None:
    table, _ = make_table()
    heads = table.grid.heads
    changes: tuple[Callable[[], object], ...] = (
        lambda: None,
        lambda: heads.resizeSection(2, 150),
        lambda: heads.moveSection(heads.visualIndex(4), 1),
        lambda: table.grid.horizontalScrollBar().setValue(77),
        lambda: table.resize(500, 400),
        lambda: heads.setSectionHidden(2, True),
    )
    for change in changes:
        change()
        for section in (1, 3, 4):
            field, column = field_under(table, section), column_at(table, section)
            assert column[0] < field[0] < field[1] < column[1]


def test_only_filterable_visible_columns_have_a_field(make_table: MakeTable) -> None:
    table, _ = make_table()
    fields = table.grid.heads.filters.fields
    assert 5 not in fields
    assert fields[6].isHidden()
    assert fields[1].isVisible()
    assert table.grid.frozen_heads.filters.fields[0].isVisible()


def test_every_part_has_a_name_for_screen_readers(make_table: MakeTable) -> None:
    table, _ = make_table()
    table.set_filter("name", "张")
    named: list[QWidget] = [table.grid, table.grid.heads, table.grid.frozen_heads]
    named += table.grid.heads.filters.fields.values()
    named += table.findChildren(QPushButton)
    assert all(widget.accessibleName() for widget in named)
    columns: tuple[Column[PostRow], ...] = COLUMNS
    assert table.grid.heads.filters.fields[1].accessibleName() == f"筛选：{columns[1].title}"
