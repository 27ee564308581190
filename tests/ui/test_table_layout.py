"""The remembered look of a table."""

import json
from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from cdo_desktop.ui.common.table_layout import TableLayout, default_layout, layout_from_json
from cdo_desktop.ui.common.table_model import TableQuery
from cdo_desktop.ui.common.table_view import DataTable
from tests.ui.table_fakes import COLUMNS, PostRow, PostSource

KEYS = [column.key for column in COLUMNS]


def make_table(qtbot: QtBot) -> DataTable[int, PostRow]:
    table = DataTable(COLUMNS, PostSource(50), name="名册")
    qtbot.addWidget(table)
    table.resize(700, 400)
    table.show()
    table.reload()
    return table


def keys(layout: TableLayout) -> list[str]:
    return [column.key for column in layout.columns]


def test_a_layout_comes_back_as_it_was_left(qtbot: QtBot) -> None:
    table = make_table(qtbot)
    heads = table.grid.heads
    heads.moveSection(heads.visualIndex(4), 1)
    heads.resizeSection(4, 177)
    table.grid.frozen_heads.resizeSection(0, 200)
    choices = {action.text(): action for action in table.columns_menu().actions()}
    choices["编号"].trigger()
    choices["天数"].trigger()
    table.set_query(TableQuery(sort="name", descending=True, filters={"state": "正常"}))
    kept = table.save_layout()

    other = make_table(qtbot)
    other.restore_layout(kept)
    assert other.save_layout() == kept
    assert [other.grid.heads.logicalIndex(place) for place in range(7)] == [0, 4, 1, 2, 3, 5, 6]
    assert other.grid.columnWidth(4) == 177
    assert other.grid.frozen_cells.width() == other.grid.frozen_heads.width() == 200
    assert other.grid.isColumnHidden(3)
    assert not other.grid.isColumnHidden(6)
    assert other.query() == TableQuery(sort="name", descending=True), "filters are not remembered"
    assert other.grid.heads.sortIndicatorSection() == 1


def test_a_hidden_column_keeps_its_width(qtbot: QtBot) -> None:
    table = make_table(qtbot)
    table.grid.heads.resizeSection(2, 143)
    choices = {action.text(): action for action in table.columns_menu().actions()}
    choices["状态"].trigger()
    other = make_table(qtbot)
    other.restore_layout(table.save_layout())
    {action.text(): action for action in other.columns_menu().actions()}["状态"].trigger()
    assert abs(other.grid.columnWidth(2) - 143) <= 1


def test_reset_goes_back_to_the_first_look(qtbot: QtBot) -> None:
    table = make_table(qtbot)
    first = table.save_layout()
    table.grid.heads.moveSection(5, 1)
    table.grid.heads.resizeSection(2, 300)
    table.set_query(TableQuery(sort="phone"))
    assert table.save_layout() != first
    with qtbot.waitSignal(table.layout_changed):
        {action.text(): action for action in table.columns_menu().actions()}["恢复默认列设置"].trigger()
    assert table.save_layout() == first


def test_what_the_user_changes_is_announced_for_saving(qtbot: QtBot) -> None:
    table = make_table(qtbot)
    changes: tuple[Callable[[], object], ...] = (
        lambda: table.grid.heads.moveSection(5, 1),
        lambda: table.grid.heads.resizeSection(2, 99),
        lambda: table.grid.frozen_heads.resizeSection(0, 99),
        lambda: table.grid.heads.sectionClicked.emit(1),
    )
    for change in changes:
        with qtbot.waitSignal(table.layout_changed):
            change()
    announced: list[bool] = []
    table.layout_changed.connect(lambda: announced.append(True))
    table.restore_layout(default_layout(COLUMNS).to_json())
    table.reload()
    assert announced == []


def test_columns_of_another_version_are_dropped_and_new_ones_take_their_place() -> None:
    old = {
        "version": 1,
        "columns": [
            {"key": "unit", "width": 150, "hidden": False},
            {"key": "fax", "width": 90, "hidden": False},
            {"key": "phone", "width": 130, "hidden": False},
            {"key": "name", "width": 70, "hidden": True},
        ],
        "sort": "fax",
    }
    layout = layout_from_json(json.dumps(old), COLUMNS, 1)
    assert keys(layout) == ["unit", "phone", "note", "id", "name", "state", "days"]
    assert [column.key for column in layout.columns if column.hidden] == ["id", "name"]
    assert layout.sort == ""


def test_frozen_columns_stay_first_and_visible() -> None:
    columns = [{"key": key, "width": 80, "hidden": key == "unit"} for key in reversed(KEYS)]
    layout = layout_from_json(json.dumps({"columns": columns}), COLUMNS, 2)
    assert keys(layout)[:2] == ["unit", "name"]
    assert not layout.columns[0].hidden


def test_a_memory_that_hides_everything_shows_one_scrolling_column() -> None:
    columns = [{"key": key, "width": 80, "hidden": True} for key in KEYS]
    layout = layout_from_json(json.dumps({"columns": columns}), COLUMNS, 1)
    assert [column.key for column in layout.columns if not column.hidden] == ["unit", "name"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "null",
        "[]",
        '{"columns": 3}',
        '{"columns": [1, null, {"key": 5}, {"width": 80}]}',
        "[" * 100_000,
        '{"columns": [{"key": "unit", "width": "breit", "hidden": "ja"}], "sort": 5, "descending": 1}',
        '{"columns": [{"key": "unit", "width": 1000000}], "sort": "note"}',
        '{"columns": [{"key": "unit", "width": true}, {"key": "unit", "width": -5}]}',
    ],
)
def test_a_damaged_memory_gives_the_first_look(text: str) -> None:
    assert layout_from_json(text, COLUMNS, 1) == default_layout(COLUMNS)


def test_widths_grow_with_the_font_and_are_remembered_without_it(qtbot: QtBot) -> None:
    table = make_table(qtbot)
    kept, width, height = table.save_layout(), table.grid.columnWidth(1), table.grid.rowHeight(0)
    font = table.font()
    font.setPointSizeF(font.pointSizeF() * 1.5)
    table.setFont(font)
    assert abs(table.grid.columnWidth(1) - 1.5 * width) < 0.1 * width
    assert table.grid.rowHeight(0) > height
    widths = [column["width"] for column in json.loads(table.save_layout())["columns"]]
    assert widths == pytest.approx([column["width"] for column in json.loads(kept)["columns"]], abs=1)
