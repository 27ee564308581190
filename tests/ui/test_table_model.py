"""The row model: rows on demand, queries, what is gone and what fails."""

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from cdo_desktop.errors import AppError
from cdo_desktop.ui.common.table_model import HEAD_ROWS, PAGE_ROWS, TableModel, TableQuery
from tests.ui.table_fakes import COLUMNS, PostRow, PostSource


def make_model(count: int) -> tuple[TableModel[int, PostRow], PostSource]:
    source = PostSource(count)
    model = TableModel(COLUMNS, source)
    assert model.reload()
    source.asked_rows.clear()
    return model, source


def test_model_keeps_the_rules_of_qt_while_it_is_filled_and_filtered() -> None:
    model, _ = make_model(300)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    assert tester.model() is model, "warnings of Qt fail the test"
    model.set_query(TableQuery(filters={"state": "空缺"}))
    model.set_query(TableQuery(sort="name", descending=True))
    model.set_query(TableQuery(filters={"name": "没有这个人"}))
    model.reload()


def test_only_the_page_of_an_asked_row_is_fetched() -> None:
    model, source = make_model(5000)
    assert model.rowCount() == 5000
    assert source.asked_rows == []
    assert model.index(2000, 0).data() == "单位1000"
    first = 2000 // PAGE_ROWS * PAGE_ROWS
    assert source.asked_rows == list(range(first, first + PAGE_ROWS))


def test_a_page_is_fetched_once_while_it_is_looked_at() -> None:
    model, source = make_model(5000)
    for row in (0, 1, 127, 128, 129, 3, 200):
        model.index(row, 1).data()
    assert source.asked_rows == list(range(256))


def test_pages_seen_long_ago_are_let_go() -> None:
    model, source = make_model(5000)
    for row in range(0, 5000, PAGE_ROWS):
        model.index(row, 1).data()
    source.asked_rows.clear()
    model.index(0, 1).data()
    assert source.asked_rows == list(range(PAGE_ROWS))


def test_every_row_is_the_one_of_its_key_after_sorting() -> None:
    model, _ = make_model(1000)
    model.set_query(TableQuery(sort="name", descending=True))
    names = [model.index(row, 1).data() for row in range(1000)]
    assert names == sorted(names, reverse=True)
    assert [str(model.key_at(row)) for row in range(1000)] == [
        model.index(row, 6).data() for row in range(1000)
    ]


def test_counts_tell_shown_and_total_within_the_scope() -> None:
    model, source = make_model(1000)
    told: list[tuple[int, int]] = []
    model.counts_changed.connect(lambda shown, total: told.append((shown, total)))
    model.set_query(TableQuery(filters={"state": "空缺"}))
    model.set_query(TableQuery(filters={"state": "空缺"}, extra={"below": 100}))
    model.set_query(TableQuery(extra={"below": 100}))
    source.delete(0, 1)
    model.reload()
    assert told == [(91, 1000), (9, 100), (100, 100), (98, 98)]


def test_typing_a_filter_does_not_count_the_whole_register_each_time() -> None:
    model, source = make_model(100)
    source.asked_queries.clear()
    for text in ("张", "张0", "张00"):
        model.set_query(TableQuery(filters={"name": text}))
    assert [query.filters.get("name") for query in source.asked_queries] == ["张", "张0", "张00"]


def test_a_row_deleted_meanwhile_is_blank_and_gone() -> None:
    model, source = make_model(10)
    source.delete(3)
    assert model.row_at(3) is None
    assert model.index(3, 0).data() == ""
    assert [row.id for row in model.rows_of([2, 3, 4])] == [2, 4]


def test_a_failing_source_leaves_the_old_rows_and_says_why() -> None:
    model, source = make_model(10)
    errors: list[AppError] = []
    model.failed.connect(errors.append)
    source.broken = True
    assert not model.set_query(TableQuery(filters={"name": "张"}))
    assert model.rowCount() == 10
    assert model.query == TableQuery()
    assert "锁住" in str(errors[0])


def test_a_page_that_cannot_be_fetched_is_blank_and_reported_once(qtbot: QtBot) -> None:
    model, source = make_model(10)
    errors: list[AppError] = []
    model.failed.connect(errors.append)
    source.broken = True
    assert [model.index(row, 0).data() for row in range(10)] == [""] * 10
    assert errors == []
    qtbot.waitUntil(lambda: len(errors) == 1)
    source.broken = False
    model.reload()
    assert model.index(0, 0).data() == "单位0000"


def test_a_mark_is_an_icon_and_a_word() -> None:
    model, _ = make_model(20)
    overdue = model.index(10, 2)
    assert overdue.data() == "超期"
    assert not overdue.data(Qt.ItemDataRole.DecorationRole).isNull()
    assert overdue.data(Qt.ItemDataRole.AccessibleTextRole) == "逾期 超期"
    assert overdue.data(Qt.ItemDataRole.ToolTipRole) == "逾期"
    assert model.index(5, 2).data(Qt.ItemDataRole.DecorationRole) is None


def test_figures_stand_to_the_right_like_their_head() -> None:
    model, _ = make_model(1)
    cell = Qt.AlignmentFlag(model.index(0, 3).data(Qt.ItemDataRole.TextAlignmentRole))
    head = Qt.AlignmentFlag(model.headerData(3, Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole))
    assert cell & Qt.AlignmentFlag.AlignRight
    assert cell == head


def test_a_line_break_in_a_text_does_not_cut_the_cell() -> None:
    source = PostSource(1)
    source.db.execute("UPDATE post SET note = '第一行' || char(10) || '第二行'")
    model = TableModel(COLUMNS, source)
    model.reload()
    assert model.index(0, 5).data() == "第一行 第二行"


def test_a_row_is_named_by_its_first_cell_for_screen_readers() -> None:
    model, _ = make_model(5)
    assert model.headerData(2, Qt.Orientation.Vertical) == "单位0001"
    assert model.headerData(5, Qt.Orientation.Vertical) is None
    assert model.headerData(1, Qt.Orientation.Horizontal) == "姓名"


def test_a_row_has_no_children() -> None:
    model, _ = make_model(5)
    assert model.rowCount(model.index(0, 0)) == 0
    assert model.columnCount(model.index(0, 0)) == 0
    assert model.rowCount(QModelIndex()) == 5


@pytest.mark.parametrize("key", [0, 7, 99])
def test_index_of_finds_a_key(key: int) -> None:
    model, _ = make_model(100)
    model.set_query(TableQuery(sort="days", descending=True))
    assert model.key_at(model.index_of(key)) == key
    assert model.index_of(100) == -1


def test_equal_queries_are_equal_however_they_were_made() -> None:
    one = TableQuery(filters={"a": "1", "b": "2", "c": "  "}, descending=True)
    other = TableQuery().with_filter("b", "2").with_filter("a", "1").with_filter("c", "")
    assert one == other
    assert hash(one) == hash(other)
    assert one.is_filtered
    assert not one.without_filters().is_filtered
    assert one.without_filters() == TableQuery()


def test_clearing_the_filters_keeps_order_and_scope() -> None:
    query = TableQuery("name", True, {"name": "张"}, "李", {"on": "2024-06-30"})
    assert query.without_filters() == TableQuery("name", True, extra={"on": "2024-06-30"})


class LongSource(PostSource):
    """Knows its first rows at once."""

    def head(self, query: TableQuery, count: int) -> list[int]:
        assert not query.is_filtered
        assert not query.sort
        return [key for (key,) in self.db.execute("SELECT id FROM post ORDER BY id LIMIT ?", (count,))]


def make_long_model(count: int) -> tuple[TableModel[int, PostRow], LongSource]:
    source = LongSource(count)
    return TableModel(COLUMNS, source), source


def test_first_rows_show_before_the_others_are_looked_up(qtbot: QtBot) -> None:
    model, source = make_long_model(5000)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    with qtbot.waitSignal(model.rest_wanted), qtbot.assertNotEmitted(model.counts_changed):
        model.reload()
    assert (tester.model(), model.rowCount(), source.asked_queries) == (model, HEAD_ROWS, [])
    with qtbot.waitSignal(model.counts_changed) as counted:
        model.complete(model.ask_all()())
    assert counted.args == [5000, 5000]
    assert [model.index(row, 6).data() for row in (0, HEAD_ROWS, 4999)] == ["0", str(HEAD_ROWS), "4999"]


def test_a_row_that_is_wanted_is_found_before_the_others_are_here() -> None:
    model, _ = make_long_model(5000)
    model.reload()
    assert model.index_of(4321) == 4321
    assert model.is_whole


def test_first_rows_that_changed_in_between_are_shown_anew(qtbot: QtBot) -> None:
    model, source = make_long_model(5000)
    model.reload()
    source.delete(3)
    with qtbot.waitSignal(model.modelReset):
        model.complete(model.ask_all()())
    assert (model.rowCount(), model.index(3, 6).data()) == (4999, "4")


def test_a_short_list_is_whole_from_the_start(qtbot: QtBot) -> None:
    model, _ = make_long_model(HEAD_ROWS - 1)
    with qtbot.assertNotEmitted(model.rest_wanted), qtbot.waitSignal(model.counts_changed):
        model.reload()
    assert model.is_whole


def test_others_that_cannot_be_looked_up_leave_the_first_rows(qtbot: QtBot) -> None:
    model, source = make_long_model(5000)
    model.reload()
    source.broken = True
    with qtbot.waitSignal(model.failed):
        assert model.index_of(4321) == -1
    assert model.rowCount() == HEAD_ROWS
