"""Units: created with their posts, renamed with their history, and checked against the seals."""

from dataclasses import replace
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from cdo_desktop.rules.vocabulary import UnitCategory
from cdo_desktop.services.unit_draft import UnitDraft
from cdo_desktop.ui.common.fields import FieldValue
from cdo_desktop.ui.common.notices import ConflictChoice
from cdo_desktop.ui.common.unit_dialog import UnitDialog
from cdo_desktop.ui.registry.unit_names_dialog import UnitNamesDialog
from tests.ui.register_desk import RegisterDesk
from tests.ui.small_district import post_of

NAME, TICK = 1, 2  # columns of the check list


def fill(dialog: UnitDialog, **values: FieldValue) -> None:
    """Type into fields."""
    for key, value in values.items():
        dialog.form.editor(key).set_value(value)


def save(desk: RegisterDesk, dialog: UnitDialog | UnitNamesDialog) -> None:
    """Press the button and wait for the outcome."""
    dialog.save_button.click()
    desk.settle()


def open_unit(desk: RegisterDesk, unit: str) -> UnitDialog:
    """Open a unit from one of its posts."""
    desk.select(unit, "首席数据官")
    desk.actions["edit_unit"].trigger()
    return desk.dialog(UnitDialog)


def open_names(desk: RegisterDesk) -> UnitNamesDialog:
    """Open the check list and wait until it is filled."""
    desk.actions["check_names"].trigger()
    return desk.dialog(UnitNamesDialog)


def stored(desk: RegisterDesk, unit: str) -> UnitDraft:
    """Return a unit as it is stored."""
    return desk.office.units.get(post_of(desk.office, unit, "首席数据官").unit_id)


# One unit


def test_a_new_unit_brings_its_two_empty_posts(desk: RegisterDesk) -> None:
    desk.actions["new_unit"].trigger()
    dialog = desk.dialog(UnitDialog)
    assert not dialog.form.has_field("renamed_on")
    fill(dialog, full_name="上海市宝山区民政局", short_name="区民政局", category=UnitCategory.GOVERNMENT)
    save(desk, dialog)
    assert desk.shown()[-2:] == ["区民政局 首席数据官", "区民政局 数据专员"]  # at the end, no order given
    assert stored(desk, "区民政局").group == "部门"


def test_a_unit_needs_names_and_a_category(desk: RegisterDesk) -> None:
    desk.actions["new_unit"].trigger()
    dialog = desk.dialog(UnitDialog)
    save(desk, dialog)
    assert set(dialog.form.messages()) == {"full_name", "short_name", "category"}


def test_a_name_that_another_unit_has_is_refused_at_its_field(desk: RegisterDesk) -> None:
    dialog = open_unit(desk, "区教育局")
    fill(dialog, short_name="区财政局")
    save(desk, dialog)
    assert "已有单位“区财政局”" in dialog.form.messages()["short_name"]
    assert stored(desk, "区教育局").short_name == "区教育局"


def test_a_renamed_unit_keeps_its_former_name_with_the_day(desk: RegisterDesk) -> None:
    dialog = open_unit(desk, "区教育局")
    fill(
        dialog,
        full_name="上海市宝山区教育和体育局",
        short_name="区教体局",
        renamed_on=date(2026, 11, 1),
    )
    save(desk, dialog)
    unit_id = post_of(desk.office, "区教体局", "首席数据官").unit_id
    (former,) = desk.office.units.former_names(unit_id)
    assert (former.full_name, former.short_name, former.until) == (
        "上海市宝山区教育局",
        "区教育局",
        date(2026, 11, 1),
    )
    assert desk.search("jtj")[0].startswith("区教体局")


def test_an_order_that_is_no_whole_number_is_refused_rather_than_rounded(desk: RegisterDesk) -> None:
    dialog = open_unit(desk, "区教育局")
    before = stored(desk, "区教育局").sort_order
    for typed in ("25.7", "-3", "1234567890"):
        fill(dialog, sort_order=typed)
        save(desk, dialog)
        assert dialog.form.messages()["sort_order"], typed
    assert stored(desk, "区教育局").sort_order == before


def test_a_smaller_order_moves_the_unit_up(desk: RegisterDesk) -> None:
    dialog = open_unit(desk, "区财政局")
    fill(dialog, sort_order="5")
    save(desk, dialog)
    assert desk.shown("unit")[0] == "区财政局"


def test_a_stale_unit_form_takes_over_what_the_other_saved(desk: RegisterDesk) -> None:
    dialog = open_unit(desk, "区教育局")
    opened = stored(desk, "区教育局")
    desk.office.units.save(replace(opened, address="友谊路 1 号"), opened)
    fill(dialog, note="我的备注")
    desk.notices.conflict_choice = ConflictChoice.KEEP_MINE
    save(desk, dialog)
    assert dialog.form.editor("address").value() == "友谊路 1 号"
    save(desk, dialog)
    unit = stored(desk, "区教育局")
    assert (unit.address, unit.note) == ("友谊路 1 号", "我的备注")


# The names on the seals


def test_the_check_list_shows_every_unit_and_begins_at_the_first_open_one(desk: RegisterDesk) -> None:
    dialog = open_names(desk)
    assert [dialog.table.item(row, 0).text() for row in range(dialog.table.rowCount())] == [  # type: ignore[union-attr]
        "罗店镇",
        "区教育局",
        "区财政局",
    ]
    assert (dialog.table.currentRow(), dialog.table.currentColumn()) == (0, TICK)
    assert dialog.count.text() == "已核对 2 / 3"


def test_space_ticks_and_the_name_is_confirmed(desk: RegisterDesk) -> None:
    dialog = open_names(desk)
    QTest.keyClick(dialog.table, Qt.Key.Key_Space)
    assert dialog.count.text() == "已核对 3 / 3"
    save(desk, dialog)
    assert stored(desk, "罗店镇").full_name_confirmed
    assert desk.no_dialog()
    assert desk.notices.infos == ["已保存 1 个单位的全称"]


def test_a_corrected_draft_is_no_former_name(desk: RegisterDesk) -> None:
    dialog = open_names(desk)
    dialog.table.item(0, NAME).setText("上海市宝山区罗店镇人民政府")  # type: ignore[union-attr]
    dialog.all_button.click()
    save(desk, dialog)
    unit = stored(desk, "罗店镇")
    assert (unit.full_name, unit.full_name_confirmed) == ("上海市宝山区罗店镇人民政府", True)
    assert desk.office.units.former_names(unit.unit_id or 0) == ()


def test_a_name_that_cannot_be_saved_keeps_the_list_open_at_its_row(desk: RegisterDesk) -> None:
    dialog = open_names(desk)
    dialog.table.item(0, NAME).setText("上海市宝山区教育局")  # type: ignore[union-attr]
    dialog.table.item(2, TICK).setCheckState(Qt.CheckState.Unchecked)  # type: ignore[union-attr]
    save(desk, dialog)
    assert dialog.isVisible()
    assert "罗店镇" in dialog.banner.text
    assert "已有单位“区教育局”" in dialog.banner.text
    assert dialog.table.currentRow() == 0
    assert "一个全称也没有保存" in dialog.banner.text
    assert stored(desk, "罗店镇").full_name == "宝山区罗店镇人民政府"
    assert stored(desk, "区财政局").full_name_confirmed
    dialog.table.item(0, NAME).setText("上海市宝山区罗店镇人民政府")  # type: ignore[union-attr]
    save(desk, dialog)
    assert stored(desk, "罗店镇").full_name == "上海市宝山区罗店镇人民政府"
    assert not stored(desk, "区财政局").full_name_confirmed


def test_a_name_that_somebody_else_changed_is_not_overwritten(desk: RegisterDesk) -> None:
    dialog = open_names(desk)
    opened = stored(desk, "罗店镇")
    desk.office.units.save(replace(opened, full_name="对方改的全称"), opened)
    dialog.table.item(0, NAME).setText("我改的全称")  # type: ignore[union-attr]
    save(desk, dialog)
    assert stored(desk, "罗店镇").full_name == "对方改的全称"
    assert desk.notices.conflicts


def test_after_a_conflict_my_name_or_theirs_is_in_the_list(desk: RegisterDesk) -> None:
    for choice, expected in (
        (ConflictChoice.TAKE_THEIRS, "对方改的全称"),
        (ConflictChoice.KEEP_MINE, "我改的全称"),
    ):
        dialog = open_names(desk)
        opened = stored(desk, "罗店镇")
        desk.office.units.save(replace(opened, full_name="对方改的全称"), opened)
        desk.office.units.save(
            replace(stored(desk, "罗店镇"), full_name="对方改的全称", note=choice.name),
            stored(desk, "罗店镇"),
        )
        dialog.table.item(0, NAME).setText("我改的全称")  # type: ignore[union-attr]
        desk.notices.conflict_choice = choice
        save(desk, dialog)
        assert dialog.table.item(0, NAME).text() == expected  # type: ignore[union-attr]
        save(desk, dialog)
        assert stored(desk, "罗店镇").full_name == expected


def test_closing_the_list_with_changes_asks_first(desk: RegisterDesk) -> None:
    dialog = open_names(desk)
    dialog.table.item(0, TICK).setCheckState(Qt.CheckState.Checked)  # type: ignore[union-attr]
    desk.notices.choice = 2  # 取消
    dialog.close_button.click()
    assert dialog.isVisible()
    desk.notices.choice = 1  # 不保存
    dialog.close_button.click()
    assert desk.no_dialog()
    assert not stored(desk, "罗店镇").full_name_confirmed


def test_tab_leaves_the_list(desk: RegisterDesk) -> None:
    dialog = open_names(desk)
    dialog.table.setFocus()
    QTest.keyClick(dialog.table, Qt.Key.Key_Tab)
    assert dialog.focusWidget() is not dialog.table
