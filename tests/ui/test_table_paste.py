"""Ctrl+V in the register: a block of Excel or WPS is previewed and goes in as one step, or not at all."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QClipboard, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from cdo_desktop.errors import StorageError
from cdo_desktop.rules.vocabulary import FILED_POSTS
from cdo_desktop.services.block_update import BLOCK_FIELDS, reason_against
from cdo_desktop.services.undo import UndoService
from cdo_desktop.ui.common.form_dialog import FormDialog
from cdo_desktop.ui.common.paste_dialog import PasteDialog
from cdo_desktop.ui.common.table_copy import CopiedTable, clipboard_data
from cdo_desktop.ui.registry.holder_form import add_main_fields, add_other_fields
from cdo_desktop.ui.registry.register_table import COLUMNS
from tests.ui.register_desk import RegisterDesk
from tests.ui.small_district import post_of

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture(autouse=True)
def clipboard(qapp: QApplication) -> Iterator[QClipboard]:
    board = QGuiApplication.clipboard()
    yield board
    board.clear()


def go_to(desk: RegisterDesk, unit: str, post: str, column: str) -> None:
    """Make a cell the current one."""
    desk.select(unit, post)
    grid = desk.tab.table.grid
    section = [column.key for column in COLUMNS].index(column)
    row = grid.currentIndex().row()
    desk.tab.table.setFocus()
    grid.selectionModel().setCurrentIndex(
        desk.tab.table.model.index(row, section), grid.selectionModel().SelectionFlag.NoUpdate
    )


def paste(desk: RegisterDesk, text: str) -> PasteDialog:
    """Press Ctrl+V with a text on the clipboard and return the preview."""
    QGuiApplication.clipboard().setText(text)
    desk.qtbot.waitUntil(desk.tab.isActiveWindow)
    QTest.keyClick(desk.tab.table.grid, Qt.Key.Key_V, CTRL)
    return desk.dialog(PasteDialog)


def seen(dialog: PasteDialog) -> list[str]:
    """Return the lines of the preview: for whom, the result, then every cell."""
    model = dialog.table.model
    return [" | ".join(model.line(row).texts[1:-1]) for row in range(model.key_count)]


def said(dialog: PasteDialog) -> list[str]:
    model = dialog.table.model
    return [model.line(row).texts[-1] for row in range(model.key_count)]


def mobiles(desk: RegisterDesk) -> list[object]:
    return [row[0] for row in desk.sql("SELECT mobile FROM persons ORDER BY id")]


def confirm(desk: RegisterDesk, dialog: PasteDialog) -> None:
    QTest.keyClick(dialog.table.grid, Qt.Key.Key_Return, CTRL)
    desk.settle()


# From the current cell on


def test_a_block_goes_in_from_the_current_cell_after_a_look(desk: RegisterDesk) -> None:
    before = mobiles(desk)
    go_to(desk, "罗店镇", "数据专员", "section")
    dialog = paste(desk, "数据科\t021-56101111\t13911110001\r\n\t021-56102222\r\n")
    assert dialog.told.text() == (
        "从“罗店镇 数据专员 欧阳静”起逐行对应，粘贴到“科室”、“办公电话”、“手机”。空白的格保持原样。"
    )
    assert seen(dialog) == [
        "罗店镇 数据专员 欧阳静 | 修改 | 办公室 → 数据科 | 021-56100000 → 021-56101111 "
        "| 13900000002 → 13911110001",
        "区教育局 首席数据官 单学文 | 修改 |  | 021-56100000 → 021-56102222 | 13900000003",
    ]
    assert dialog.summary.text() == "将修改 2 行、4 格"
    assert mobiles(desk) == before, "a preview writes nothing"
    confirm(desk, dialog)
    assert desk.no_dialog()
    assert desk.notices.infos[-1] == "已粘贴：更新 2 人的科室、办公电话、手机"
    assert desk.shown("section", "office_phone")[1:3] == ["数据科 021-56101111", "021-56102222"]
    assert mobiles(desk)[1] == "13911110001"


def test_it_is_one_step_to_undo_and_a_line_in_the_history_of_each(desk: RegisterDesk) -> None:
    undo = UndoService(desk.office._database, desk.office.journal)
    before = mobiles(desk)
    go_to(desk, "罗店镇", "首席数据官", "mobile")
    confirm(desk, paste(desk, "13911110001\n13911110002\n13911110003"))
    assert undo.state.undo.label == "修改 陈思远等 3 人 手机"
    for unit, post in (("罗店镇", "首席数据官"), ("罗店镇", "数据专员"), ("区教育局", "首席数据官")):
        history = desk.office.holders.person_history(post_of(desk.office, unit, post).person_id or 0)
        assert (history[0].action, history[0].details[0][0]) == ("信息更新", "手机")
    undo.undo(undo.state.undo.number)
    assert mobiles(desk) == before


def test_one_cell_goes_into_every_selected_row(desk: RegisterDesk) -> None:
    table = desk.tab.table
    go_to(desk, "罗店镇", "首席数据官", "office_phone")
    table.grid.selectAll()
    dialog = paste(desk, "021-56103333")
    assert dialog.told.text().startswith("同样的内容填到选中的 6 行")
    assert [line.split(" | ")[1] for line in seen(dialog)] == ["修改"] * 5 + ["有误"]
    assert "区财政局 数据专员”空缺" in said(dialog)[-1]


def test_columns_moved_or_hidden_are_taken_as_they_are_seen(desk: RegisterDesk) -> None:
    heads = desk.tab.table.grid.heads
    keys = [column.key for column in COLUMNS]
    heads.moveSection(heads.visualIndex(keys.index("mobile")), heads.visualIndex(keys.index("title")))
    go_to(desk, "罗店镇", "数据专员", "mobile")
    dialog = paste(desk, "13911110001\t科长")
    assert [column.key for column in dialog.table.columns[3:-1]] == ["cell mobile", "cell title"]


# By names


def test_units_and_posts_in_the_first_columns_tell_the_rows(desk: RegisterDesk) -> None:
    go_to(desk, "罗店镇", "首席数据官", "mobile")
    dialog = paste(
        desk,
        "上海市宝山区教育局\t数据专员\t13911110001\n合计\t\t2\n罗店\t数据专员\t13911110002\n"
        "区财政局\t数据专员\t13911110003\n区教育局\t首席数据官\t13900000003\n",
    )
    assert seen(dialog) == [
        "区教育局 数据专员 吕晓雯 | 修改 | 13900000004 → 13911110001",
        "合计 | 有误 | 2",
        "罗店 数据专员 | 有误 | 13911110002",
        "区财政局 数据专员 | 有误 | 13911110003",
        "区教育局 首席数据官 单学文 | 不变 | 13900000003",
    ]
    assert said(dialog)[1:4] == [
        "名册里没有单位“合计”，请核对。",
        "名册里没有单位“罗店”，相近的有“罗店镇”；请改成一样的名称。",
        "“区财政局 数据专员”空缺，没有人可以更新；请先任命。",
    ]
    assert dialog.detail.text() == "第 2 行：名册里没有单位“合计”，请核对。", "the first that is wrong"


def test_a_unit_means_the_row_that_is_left_by_the_filter(desk: RegisterDesk) -> None:
    desk.tab.table.set_filter("post", "数据专员")
    go_to(desk, "罗店镇", "数据专员", "mobile")
    dialog = paste(desk, "区教育局\t13911110001\n罗店镇\t13911110002")
    assert [line.split(" | ")[0] for line in seen(dialog)] == [
        "区教育局 数据专员 吕晓雯",
        "罗店镇 数据专员 欧阳静",
    ]


def test_what_was_copied_from_the_register_with_its_heads_changes_nothing(desk: RegisterDesk) -> None:
    before = desk.sql("SELECT * FROM persons"), desk.sql("SELECT * FROM tenures")
    desk.tab.table.grid.selectAll()
    desk.tab.table.copy(with_heads=True)
    desk.tab.table.setFocus()
    QTest.keyClick(desk.tab.table.grid, Qt.Key.Key_V, CTRL)
    dialog = desk.dialog(PasteDialog)
    assert [line.split(" | ")[1] for line in seen(dialog)] == ["不变"] * 5 + ["有误"], "the empty post"
    assert not dialog.paste_action.isEnabled()
    assert not dialog.skip_action.isEnabled()
    assert (desk.sql("SELECT * FROM persons"), desk.sql("SELECT * FROM tenures")) == before


def test_the_table_of_the_clipboard_is_taken_before_its_text(desk: RegisterDesk) -> None:
    copied = CopiedTable(("姓名", "现任职务"), [("欧阳静", "科长\n（主持工作）")], (False, False))
    data: QMimeData = clipboard_data(copied, with_heads=True)
    data.setText("别的\t文字")
    QGuiApplication.clipboard().setMimeData(data)
    desk.tab.pasting.action.trigger()
    assert seen(desk.dialog(PasteDialog)) == ["罗店镇 数据专员 欧阳静 | 修改 | 科员 → 科长 （主持工作）"]


def test_a_column_for_every_unit_of_the_district_goes_in_at_once(sample_desk: RegisterDesk) -> None:
    desk = sample_desk
    undo = UndoService(desk.office._database, desk.office.journal)
    before = desk.sql("SELECT id, office_phone FROM persons ORDER BY id")
    desk.tab.table.set_filter("post", "数据专员")
    desk.tab.table.set_filter("unit", "区")
    units = [row.split()[0] for row in desk.shown("unit", "name") if " " in row]
    desk.tab.table.clear_filters()
    desk.tab.table.set_filter("post", "数据专员")
    block = "\n".join(f"{unit}\t021-5610{number:04d}" for number, unit in enumerate(reversed(units)))
    first = desk.tab.table.model.row_at(0)
    assert first is not None
    go_to(desk, first.unit, first.post, "office_phone")
    confirm(desk, paste(desk, block))
    assert len(units) > 20
    assert desk.notices.infos[-1] == f"已粘贴：更新 {len(units)} 人的办公电话"
    changed = set(desk.sql("SELECT id, office_phone FROM persons ORDER BY id")) - set(before)
    assert len(changed) == len(units)
    undo.undo(undo.state.undo.number)
    assert desk.sql("SELECT id, office_phone FROM persons ORDER BY id") == before


# What is wrong


def test_a_wrong_cell_keeps_all_out_until_its_line_is_passed_over_by_choice(desk: RegisterDesk) -> None:
    before = mobiles(desk)
    go_to(desk, "罗店镇", "首席数据官", "mobile")
    dialog = paste(desk, "138****9999\n13911110002")
    assert [line.split(" | ")[1] for line in seen(dialog)] == ["有误", "修改"]
    assert "被遮盖" in said(dialog)[0]
    assert "有 1 行有误" in dialog.paste_action.toolTip()
    confirm(desk, dialog)
    assert mobiles(desk) == before
    desk.notices.answer = False
    dialog.skip_action.trigger()
    assert desk.notices.questions == ["有误的 1 行不写入，其余 1 行写入。"]
    assert mobiles(desk) == before
    desk.notices.answer = True
    dialog.skip_action.trigger()
    desk.settle()
    assert mobiles(desk) == [*before[:1], "13911110002", *before[2:]]


def test_every_state_has_a_picture_a_word_and_a_colour_of_its_own(desk: RegisterDesk) -> None:
    go_to(desk, "罗店镇", "首席数据官", "mobile")
    dialog = paste(desk, "139****0001\n1391111\n13911110003\n138****9999")
    model = dialog.table.model
    marks = [model.mark_at(row, 3) for row in range(4)]
    assert [mark.word for mark in marks if mark] == ["不变", "修改，请核对", "修改", "有误"]
    assert len({mark.icon for mark in marks if mark}) == 4
    assert len({mark.tint for mark in marks if mark}) == 4
    dialog.table.grid.clearSelection()
    picture = dialog.table.grid.viewport().grab().toImage()
    colours = set()
    for row in range(4):
        cell = dialog.table.grid.visualRect(model.index(row, 3))
        colours.add(picture.pixelColor(cell.right() - 8, cell.center().y()).name())
    assert len(colours) >= 3, "an unchanged cell has the ground of its row"


def test_a_field_that_a_post_does_not_have_is_refused(desk: RegisterDesk) -> None:
    go_to(desk, "罗店镇", "首席数据官", "section")
    dialog = paste(desk, "数据科")
    assert said(dialog) == ["首席数据官没有“所在科室”这一栏。"]


def test_rows_changed_by_somebody_else_meanwhile_are_compared_again(desk: RegisterDesk) -> None:
    go_to(desk, "罗店镇", "首席数据官", "mobile")
    dialog = paste(desk, "13911110001\n13911110002")
    opened = desk.office.holders.get(post_of(desk.office, "罗店镇", "数据专员").tenure_id or 0)
    desk.office.holders.update(opened, replace(opened, mobile="13700000000"))
    confirm(desk, dialog)
    assert dialog.isVisible()
    assert "“欧阳静”的资料在预览之后已被别人修改。没有保存任何内容" in dialog.banner.text
    assert mobiles(desk)[:2] == ["13900000001", "13700000000"]
    assert seen(dialog)[1] == "罗店镇 数据专员 欧阳静 | 修改 | 13700000000 → 13911110002"
    confirm(desk, dialog)
    assert mobiles(desk)[:2] == ["13911110001", "13911110002"]


def test_a_store_that_refuses_keeps_the_preview(desk: RegisterDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object) -> int:
        raise StorageError("数据库被另一个程序锁住，没有保存。")

    go_to(desk, "罗店镇", "首席数据官", "mobile")
    dialog = paste(desk, "13911110001")
    monkeypatch.setattr(desk.office.block_update, "save", refuse)
    confirm(desk, dialog)
    assert dialog.isVisible()
    assert "锁住" in dialog.banner.text
    assert dialog.paste_action.isEnabled()


def test_pressing_twice_writes_once(desk: RegisterDesk) -> None:
    go_to(desk, "罗店镇", "首席数据官", "mobile")
    dialog = paste(desk, "13911110001")
    dialog.paste_button.click()
    dialog.paste_button.click()
    dialog.paste()
    desk.settle()
    assert desk.sql("SELECT count(*) FROM history WHERE action = '信息更新'") == [(1,)]


def test_closing_the_preview_writes_nothing(desk: RegisterDesk) -> None:
    before = mobiles(desk)
    go_to(desk, "罗店镇", "首席数据官", "mobile")
    QTest.keyClick(paste(desk, "13911110001").table.grid, Qt.Key.Key_Escape)
    assert desk.no_dialog()
    assert mobiles(desk) == before


def test_a_clipboard_without_text_says_what_to_do(desk: RegisterDesk) -> None:
    desk.tab.table.setFocus()
    QTest.keyClick(desk.tab.table.grid, Qt.Key.Key_V, CTRL)
    desk.settle()
    assert desk.no_dialog()
    assert "请先在 Excel 或 WPS 里复制" in str(desk.notices.errors[-1])


def test_another_day_takes_nothing(desk: RegisterDesk) -> None:
    desk.tab._show_day(date(2024, 6, 30))
    assert not desk.tab.pasting.action.isEnabled()
    assert "回到今天才能修改" in desk.tab.pasting.action.toolTip()


# Around it


@pytest.mark.parametrize("place", ["search", "filter"])
def test_ctrl_v_in_a_field_pastes_text_there(desk: RegisterDesk, place: str) -> None:
    fields: dict[str, QWidget] = {
        "search": desk.tab.bar.search,
        "filter": desk.tab.table.grid.heads.filters.fields[1],
    }
    QGuiApplication.clipboard().setText("数据专员")
    fields[place].setFocus()
    QTest.keyClick(fields[place], Qt.Key.Key_V, CTRL)
    desk.settle()
    assert desk.no_dialog()
    assert fields[place].property("text") == "数据专员"


def test_the_context_menu_offers_it_beside_copying(desk: RegisterDesk) -> None:
    menu = [action.text() for action in desk.tab.table.rows_menu().actions()]
    assert menu[-4:] == ["复制", "连同表头复制", "粘贴(&V)…", "全选"]
    assert desk.tab.pasting.action.toolTip().endswith("（Ctrl+V）")


def test_the_cell_that_a_paste_begins_at_is_seen(desk: RegisterDesk) -> None:
    grid = desk.tab.table.grid
    go_to(desk, "罗店镇", "数据专员", "title")
    one = grid.viewport().grab().toImage()
    QTest.keyClick(grid, Qt.Key.Key_Right)
    assert desk.tab.pasting.start(10).column == "section"
    assert grid.viewport().grab().toImage() != one


def test_the_chips_show_one_state_alone(desk: RegisterDesk) -> None:
    go_to(desk, "罗店镇", "首席数据官", "mobile")
    dialog = paste(desk, "13900000001\n13911110002\n138****9999")
    dialog.chips.chosen.emit("有误")
    assert [line.split(" | ")[1] for line in seen(dialog)] == ["有误"]
    dialog.chips.chosen.emit("")
    assert dialog.table.model.key_count == 3


def test_preview_is_a_proper_model(desk: RegisterDesk, qtmodeltester: Any) -> None:
    go_to(desk, "罗店镇", "首席数据官", "mobile")
    qtmodeltester.check(paste(desk, "13911110001\n合计").table.model)


def test_paste_and_confirm_are_two_keys(desk: RegisterDesk) -> None:
    go_to(desk, "罗店镇", "首席数据官", "mobile")
    dialog = paste(desk, "13911110001")
    assert QApplication.focusWidget() is dialog.table.grid
    QTest.keyClick(dialog.table.grid, Qt.Key.Key_Return, CTRL)
    desk.settle()
    assert mobiles(desk)[0] == "13911110001"


def test_only_what_the_form_of_a_post_changes_can_be_pasted(desk: RegisterDesk) -> None:
    pastable = {column.key for column in COLUMNS if column.paste is not None}
    assert pastable == set(BLOCK_FIELDS)
    for post in FILED_POSTS:
        dialog = FormDialog("", desk.ui, lambda _values: None)
        desk.qtbot.addWidget(dialog)
        add_main_fields(dialog.form, post, lambda _field: lambda _text: ())
        add_other_fields(dialog.form, post)
        assert {key for key in pastable if not reason_against(key, post)} == {
            key for key in pastable if dialog.form.has_field(key)
        }
