"""系统: units, holidays, settings and 关于, driven as a clerk would."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QSpinBox,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)
from pytestqt.qtbot import QtBot

from cdo_desktop import paths
from cdo_desktop.rules.filing import CountedReceipt, RegisterState
from cdo_desktop.rules.number_pattern import BRACKETED
from cdo_desktop.rules.vocabulary import PostKind
from cdo_desktop.services.appointments import FilingDraft
from cdo_desktop.services.holder_draft import HolderDraft
from cdo_desktop.services.holidays import YearState
from cdo_desktop.services.office_settings import OfficeSettings, ReceivingBodyDraft
from cdo_desktop.services.register import RegisterQuery, RegisterRow
from cdo_desktop.services.second_names import SecondNameDraft
from cdo_desktop.services.unit_list import UnitLine
from cdo_desktop.ui.common.notices import ConflictChoice
from cdo_desktop.ui.common.pdf_preview import PreviewDialog
from cdo_desktop.ui.common.unit_dialog import UnitDialog
from cdo_desktop.ui.system.about_section import LicenceDialog
from cdo_desktop.ui.system.holiday_import_dialog import HolidayImportDialog
from cdo_desktop.ui.system.notice_dialog import NoticeDialog
from cdo_desktop.ui.system.plates_dialog import PlatesDialog
from cdo_desktop.ui.system.receiving_bodies import ReceivingBodyDialog
from cdo_desktop.ui.system.reform_dialogs import NEW_UNIT, AbolishDialog, MergeDialog, SplitDialog
from cdo_desktop.ui.system.system_tab import (
    ABOUT,
    BACKUPS,
    HOLIDAYS,
    OPERATORS,
    SETTINGS,
    TRAIL,
    UNITS,
    SystemTab,
)
from cdo_desktop.ui.system.unit_forms import RenameDialog, SecondNameDialog
from cdo_desktop.ui.system.unit_past_dialog import UnitPastDialog
from cdo_desktop.ui.system.year_calendar import YearCalendar
from tests.ui.fakes import TODAY
from tests.ui.system_desk import SystemDesk, is_open, system_desk

DAY = date(2026, 11, 2)
WORDS_2027 = """一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日（周五）至11日（周四）放假调休，共7天。1月30日（周六）、2月20日（周六）上班。
三、清明节：4月3日（周六）至5日（周一）放假，共3天。
四、劳动节：5月1日（周六）至5日（周三）放假调休，共5天。4月25日（周日）上班。
五、端午节：6月9日（周三）放假1天，不调休。
六、中秋节：9月15日（周三）放假1天，不调休。
七、国庆节：10月1日（周五）至7日（周四）放假调休，共7天。9月26日（周日）、10月9日（周六）上班。"""


@pytest.fixture
def desk(district: Path, qtbot: QtBot) -> Iterator[SystemDesk]:
    with system_desk(district, qtbot) as opened:
        yield opened


def line(tree: QTreeWidget, row: int) -> QTreeWidgetItem:
    item = tree.topLevelItem(row)
    assert item is not None
    return item


def register_row(desk: SystemDesk, unit: str, post: PostKind) -> RegisterRow:
    rows = desk.office.register.all_rows(RegisterQuery())
    (found,) = [row for row in rows if (row.unit, row.post) == (unit, post)]
    return found


# The tab


def test_tab_begins_with_the_units_and_builds_the_other_pages_when_they_are_looked_at(
    desk: SystemDesk,
) -> None:
    names = [desk.tab.list.item(row).text() for row in range(desk.tab.list.count())]
    assert names == [UNITS, HOLIDAYS, OPERATORS, SETTINGS, TRAIL, BACKUPS, ABOUT]
    assert desk.tab.list.currentItem().text() == UNITS
    assert desk.tab.stack.count() == 1
    desk.page(ABOUT)
    assert desk.tab.stack.count() == 2


def test_pages_are_reached_by_keyboard(desk: SystemDesk) -> None:
    desk.tab.list.setFocus()
    QTest.keyClick(desk.tab.list, Qt.Key.Key_Down)
    desk.settle()
    assert desk.tab.stack.currentWidget() is desk.tab.page(HOLIDAYS)


def test_tab_that_comes_back_shows_what_another_tab_changed(desk: SystemDesk) -> None:
    assert "区科委" not in desk.names()
    desk.tab.hide()
    opened = desk.office.units.get(register_row(desk, "区教育局", PostKind.CDO).unit_id)
    desk.office.units.save(replace(opened, short_name="区教育科技局"), opened)
    desk.tab.show()
    assert "区教育科技局" in desk.names()


@pytest.mark.parametrize("name", [UNITS, HOLIDAYS, SETTINGS, ABOUT])
def test_everything_that_takes_keys_has_an_accessible_name(name: str, desk: SystemDesk) -> None:
    kinds = (QAbstractButton, QLineEdit, QPlainTextEdit, QComboBox, QSpinBox, QAbstractItemView)
    page = desk.page(name)
    nameless = [
        widget
        for kind in kinds
        for widget in page.findChildren(kind)
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus and widget.isVisibleTo(page) and not _spoken(widget)
    ]
    assert nameless == []


def _spoken(widget: QWidget) -> str:
    text = widget.text() if isinstance(widget, QAbstractButton) else ""
    inside = isinstance(widget.parentWidget(), QComboBox | QSpinBox)  # named by what it is part of
    return widget.accessibleName() or text or ("part" if inside else "")


@pytest.mark.parametrize("name", [UNITS, HOLIDAYS, SETTINGS, ABOUT])
def test_no_two_commands_of_a_page_share_an_access_key(name: str, desk: SystemDesk) -> None:
    page = desk.page(name)
    texts = [button.text() for button in page.findChildren(QAbstractButton) if button.isVisibleTo(page)]
    texts += [label.text() for label in page.findChildren(QLabel) if label.buddy() is not None]
    letters = [text[text.index("(&") + 2] for text in texts if "(&" in text]
    assert len(letters) == len(set(letters)), letters


# Units


def test_units_stand_in_register_order_and_are_found_by_initials(desk: SystemDesk) -> None:
    assert desk.names() == ["罗店镇", "区教育局", "区财政局"]
    desk.units.search.setText("qjyj")
    assert desk.names() == ["区教育局"]


def test_commands_that_need_one_unit_say_so(desk: SystemDesk) -> None:
    section = desk.units
    section.table.select_keys([])
    assert "先选中一个单位" in section.edit.toolTip()
    desk.select("罗店镇", "区教育局")
    assert not section.split.isEnabled()
    assert "一次只能办理一个单位" in section.split.toolTip()
    assert section.merge.isEnabled()


def test_new_unit_is_registered_and_the_other_tabs_are_told(desk: SystemDesk) -> None:
    dialog = desk.opened(UnitDialog, desk.units.new.trigger)
    dialog.form.set_values(
        {"full_name": "宝山区统计局", "short_name": "区统计局", "category": "区政府部门", "sort_order": ""}
    )
    dialog.save_button.click()
    desk.settle()
    assert desk.names()[-1] == "区统计局"
    assert desk.signals == ["units_changed"]
    assert register_row(desk, "区统计局", PostKind.CDO).state is RegisterState.VACANT


def test_name_on_a_seal_is_changed_by_a_rename_alone(desk: SystemDesk) -> None:
    desk.select("区教育局")
    dialog = desk.opened(UnitDialog, desk.units.edit.trigger)
    focus = dialog.form.editor("full_name").focus
    assert isinstance(focus, QLineEdit)
    assert focus.isReadOnly()
    dialog.reject()
    desk.select("罗店镇")
    other = desk.opened(UnitDialog, desk.units.edit.trigger)
    unconfirmed = other.form.editor("full_name").focus
    assert isinstance(unconfirmed, QLineEdit)
    assert not unconfirmed.isReadOnly()


def test_rename_keeps_the_old_name_from_its_day_on(desk: SystemDesk) -> None:
    desk.select("区教育局")
    dialog = desk.opened(RenameDialog, desk.units.rename.trigger)
    dialog.form.set_values(
        {"full_name": "上海市宝山区教育体育局", "short_name": "区教体局", "renamed_on": DAY}
    )
    dialog.save_button.click()
    desk.settle()
    assert "区教体局" in desk.names()
    before = desk.office.register.all_rows(RegisterQuery(as_of=date(2026, 11, 1)))
    assert "区教育局" in {row.unit for row in before}
    desk.select("区教体局")
    past = desk.opened(UnitPastDialog, desk.units.past.trigger)
    assert [past.tabs.tabText(place) for place in range(3)] == ["机构改革", "曾用名", "加挂牌子"]


def test_rename_in_the_future_is_refused_at_its_field(desk: SystemDesk) -> None:
    desk.select("区教育局")
    dialog = desk.opened(RenameDialog, desk.units.rename.trigger)
    dialog.form.set_values({"short_name": "区教体局", "renamed_on": date(2026, 12, 1)})
    dialog.save_button.click()
    desk.settle()
    assert "还没有到" in dialog.form.messages()["renamed_on"]
    dialog.form.mark_clean()


def test_merger_into_a_new_unit_takes_along_who_is_chosen(desk: SystemDesk) -> None:
    desk.select("区教育局", "区财政局")
    dialog = desk.opened(MergeDialog, desk.units.merge.trigger)
    assert "将结束 3 人的任职" in dialog.effects_text()
    assert "将作废 3 份还没有收到的备案表" in dialog.effects_text()
    values: dict[str, str | date | bool | None] = {
        "full_name": "宝山区教育财政局",
        "short_name": "区教财局",
        "day": DAY,
    }
    dialog.form.set_values({**values, "category": "区政府部门", "person0": "解正华（原区财政局）"})
    dialog.save_button.click()
    desk.settle()
    assert desk.names() == ["罗店镇", "区教财局"]
    row = register_row(desk, "区教财局", PostKind.CDO)
    assert (row.name, row.since, row.mobile) == ("解正华", DAY, "13900000005")
    assert register_row(desk, "区教财局", PostKind.SPECIALIST).state is RegisterState.VACANT
    assert "办理后不能撤回" in desk.notices.questions[0]


def test_merger_into_one_of_the_chosen_units_ends_the_others_only(desk: SystemDesk) -> None:
    desk.select("区教育局", "区财政局")
    dialog = desk.opened(MergeDialog, desk.units.merge.trigger)
    dialog.form.editor("into").set_value("区财政局")
    assert "将结束 2 人的任职" in dialog.effects_text()
    assert not dialog.form.cell("full_name").visible
    dialog.form.editor("day").set_value(DAY)
    dialog.form.editor("keep_names").set_value(True)
    dialog.save_button.click()
    desk.settle()
    assert desk.names() == ["罗店镇", "区财政局"]
    (line,) = [line for line in _lines(desk) if line.short_name == "区财政局"]
    assert line.second_names == "上海市宝山区教育局"
    assert register_row(desk, "区财政局", PostKind.CDO).name == "解正华"


def _lines(desk: SystemDesk) -> list[UnitLine]:
    model = desk.units.table.model
    return list(desk.services.unit_list.rows([model.key_at(n) for n in range(model.key_count)]).values())


def test_merger_that_is_not_confirmed_changes_nothing(desk: SystemDesk) -> None:
    desk.notices.answer = False
    desk.select("区教育局")
    dialog = desk.opened(MergeDialog, desk.units.merge.trigger)
    assert dialog.form.editor("into").value() == NEW_UNIT
    dialog.form.editor("into").set_value("区财政局")
    dialog.save_button.click()
    desk.settle()
    assert dialog.isVisible()
    assert "区教育局" in desk.names()
    dialog.form.mark_clean()


def test_command_pressed_twice_opens_one_form(desk: SystemDesk) -> None:
    desk.select("区教育局")
    section = desk.units
    section.abolish_unit()
    section.abolish_unit()
    desk.settle()
    assert len(section.findChildren(AbolishDialog)) == 1


def test_missing_fields_are_told_before_the_question(desk: SystemDesk) -> None:
    desk.select("区教育局")
    dialog = desk.opened(MergeDialog, desk.units.merge.trigger)
    dialog.save_button.click()
    assert set(dialog.form.messages()) == {"full_name", "short_name"}
    assert desk.notices.questions == []
    dialog.form.mark_clean()


def test_split_names_a_wrong_part_at_its_own_fields(desk: SystemDesk) -> None:
    desk.select("区教育局")
    dialog = desk.opened(SplitDialog, desk.units.split.trigger)
    dialog.form.editor("day").set_value(DAY)
    dialog.form.editor("full_name0").set_value("宝山区教育督导室")
    dialog.form.editor("short_name0").set_value("区教育督导室")
    dialog.form.editor("full_name1").set_value("宝山区学前教育处")
    dialog.save_button.click()
    desk.settle()
    assert set(dialog.form.messages()) == {"short_name1"}
    dialog.form.editor("short_name1").set_value("区学前处")
    dialog.save_button.click()
    desk.settle()
    assert set(desk.names()) == {"罗店镇", "区教育局", "区教育督导室", "区学前处", "区财政局"}


def test_split_unit_that_ends_offers_its_holders(desk: SystemDesk) -> None:
    desk.select("区教育局")
    dialog = desk.opened(SplitDialog, desk.units.split.trigger)
    assert not dialog.form.cell("person00").visible
    dialog.form.editor("goes_on").set_value(False)
    assert dialog.form.cell("person00").visible
    assert "将结束 2 人的任职" in dialog.effects_text()
    dialog.form.mark_clean()


def test_abolished_unit_is_shown_on_request_with_its_day(desk: SystemDesk) -> None:
    desk.select("区财政局")
    dialog = desk.opened(AbolishDialog, desk.units.abolish.trigger)
    dialog.form.set_values({"day": DAY, "paper": "宝编〔2026〕8号"})
    dialog.save_button.click()
    desk.settle()
    assert desk.names() == ["罗店镇", "区教育局"]
    desk.units.ended_box.setChecked(True)
    assert desk.names() == ["罗店镇", "区教育局", "区财政局"]
    desk.select("区财政局")
    assert "已经撤并" in desk.units.edit.toolTip()
    assert desk.units.past.isEnabled()


def test_reform_that_the_service_refuses_keeps_the_form(desk: SystemDesk) -> None:
    desk.select("区财政局")
    dialog = desk.opened(AbolishDialog, desk.units.abolish.trigger)
    dialog.form.set_values({"day": date(2022, 1, 5)})
    dialog.save_button.click()
    desk.settle()
    assert "解正华从 2022-01-05 起任职" in dialog.form.messages()["day"]
    assert dialog.isVisible()
    dialog.form.mark_clean()


def test_plate_is_hung_and_taken_down_again(desk: SystemDesk) -> None:
    desk.select("区教育局")
    plates = desk.opened(PlatesDialog, desk.units.plates.trigger)
    assert not plates.edit_button.isEnabled()
    form = desk.opened(SecondNameDialog, plates.add_button.click)
    form.form.set_values({"full_name": "宝山区语言文字工作委员会", "short_name": "区语委"})
    form.save_button.click()
    desk.settle()
    assert line(plates.list, 0).text(0) == "宝山区语言文字工作委员会"
    assert desk.signals == ["units_changed"]
    plates.remove_button.click()
    desk.settle()
    assert plates.list.topLevelItemCount() == 0


# Holidays


def calendar_of(desk: SystemDesk) -> YearCalendar:
    return desk.holidays.calendar


def test_years_are_listed_and_this_year_is_shown(desk: SystemDesk) -> None:
    section = desk.holidays
    shown = [line(section.list, row).text(0) for row in range(section.list.topLevelItemCount())]
    assert shown == ["2023", "2024", "2025", "2026", "2027"]
    assert section.calendar.year == 2026
    assert section.missing.isHidden()
    assert not section.remove_action.isEnabled()


def test_year_without_a_notice_says_so_with_the_next_step(desk: SystemDesk) -> None:
    section = desk.holidays
    section.show_year(2027)
    desk.settle()
    assert "2027 年的放假通知还没有录入" in section.missing.accessibleName()
    assert section.missing.isVisible()
    assert section.list.currentItem().text(1) == "未发布（暂定）"
    section.calendar.look_at(date(2027, 2, 6))
    assert "休（春节，暂定）" in section.day_label.text()
    assert "全国年节及纪念日放假办法" in section.day_label.text()


def test_calendar_is_walked_with_the_keys(desk: SystemDesk) -> None:
    section = desk.holidays
    calendar = section.calendar
    calendar.setFocus()
    calendar.look_at(date(2026, 2, 13))
    for key, day in (
        (Qt.Key.Key_Right, date(2026, 2, 14)),
        (Qt.Key.Key_Down, date(2026, 2, 21)),
        (Qt.Key.Key_Up, date(2026, 2, 14)),
        (Qt.Key.Key_Left, date(2026, 2, 13)),
        (Qt.Key.Key_PageDown, date(2026, 3, 13)),
        (Qt.Key.Key_PageUp, date(2026, 2, 13)),
        (Qt.Key.Key_Home, date(2026, 1, 1)),
        (Qt.Key.Key_End, date(2026, 12, 31)),
        (Qt.Key.Key_T, TODAY),
    ):
        QTest.keyClick(calendar, key)
        assert calendar.day == day
    calendar.look_at(date(2026, 2, 14))
    assert calendar.accessibleDescription() == "2026-02-14 周六　班，调休上班（春节）"


def test_keys_lead_over_the_end_of_the_year(desk: SystemDesk) -> None:
    section = desk.holidays
    section.calendar.look_at(date(2026, 12, 31))
    QTest.keyClick(section.calendar, Qt.Key.Key_Right)
    desk.settle()
    assert section.calendar.year == 2027
    assert section.list.currentItem().text(0) == "2027"
    section.show_year(2023)
    desk.settle()
    section.calendar.look_at(date(2023, 1, 1))
    QTest.keyClick(section.calendar, Qt.Key.Key_Left)
    desk.settle()
    assert section.calendar.year == 2023


def test_every_day_of_the_year_is_painted_where_a_click_finds_it(desk: SystemDesk) -> None:
    calendar = calendar_of(desk)
    for day in (date(2026, 1, 1), date(2026, 2, 28), date(2026, 5, 31), date(2026, 12, 31)):
        assert calendar.day_at(calendar.rect_of(day).center()) == day
    assert calendar.day_at(calendar.rect().bottomRight()) is None
    places = {calendar.rect_of(date(2026, month, 15)).topLeft().toTuple() for month in range(1, 13)}
    assert len(places) == 12
    assert not calendar.grab().isNull()


def test_pasted_notice_is_read_while_it_is_pasted_and_its_year_is_taken_over(desk: SystemDesk) -> None:
    section = desk.holidays
    dialog = desk.opened(NoticeDialog, section.enter_action.trigger)
    assert dialog.year == 2026
    head = "国务院办公厅关于2027年部分节假日安排的通知\n"
    dialog.text.setPlainText(head + WORDS_2027)
    dialog.read()
    desk.settle()
    assert dialog.year == 2027
    assert "读到放假 27 天、调休上班 5 天" in dialog.findings.text()
    assert not dialog.calendar._calendar.is_working_day(date(2027, 10, 4))
    dialog.save_button.click()
    desk.settle()
    assert desk.services.holidays.plan(2027).row.state is YearState.ENTERED
    assert section.calendar.year == 2027
    assert desk.signals == ["calendar_changed"]


def test_saved_notice_tells_what_became_of_open_limits(desk: SystemDesk) -> None:
    row = register_row(desk, "区财政局", PostKind.SPECIALIST)
    desk.office.holders.appoint(
        HolderDraft(row.post_id, PostKind.SPECIALIST, name="钱七", since=date(2026, 3, 2), title="科员")
    )
    held = register_row(desk, "区财政局", PostKind.SPECIALIST)
    opened = desk.office.holders.get(held.tenure_id or 0)
    new = HolderDraft(row.post_id, PostKind.SPECIALIST, name="周八", since=date(2027, 2, 4), title="科员")
    desk.office.holders.replace(opened, new, FilingDraft(change_reason="调离"))
    desk.holidays.show_year(2027)
    desk.settle()
    dialog = desk.opened(NoticeDialog, desk.holidays.enter_action.trigger)
    dialog.text.setPlainText(WORDS_2027)
    dialog.save()
    desk.settle()
    assert desk.notices.infos[-1] == (
        "已保存 2027 年的放假安排，1 件在办备案的截止日已重算，1 件由暂定改为确定"
    )


def test_doubtful_notice_cannot_be_saved_and_names_the_line(desk: SystemDesk) -> None:
    dialog = desk.opened(NoticeDialog, desk.holidays.enter_action.trigger)
    dialog.year_box.setValue(2027)
    desk.settle()
    dialog.text.setPlainText(WORDS_2027.replace("1月30日（周六）", "1月30日（周日）"))
    dialog.read()
    assert "“1月30日（周日）”实际是周六" in dialog.findings.text()
    assert not dialog.save_button.isEnabled()
    dialog.save()
    desk.settle()
    assert desk.services.holidays.plan(2027).row.state is YearState.MISSING
    dialog.text.setPlainText("")


def test_warning_is_asked_about_before_saving(desk: SystemDesk) -> None:
    dialog = desk.opened(NoticeDialog, desk.holidays.enter_action.trigger)
    dialog.text.clear()
    dialog.year_box.setValue(2027)
    desk.settle()
    dialog.draft_button.click()
    assert "少放了 6 天" in dialog.findings.text()
    desk.notices.answer = False
    dialog.save_button.click()
    desk.settle()
    assert dialog.isVisible()
    assert "少放了 6 天" in desk.notices.questions[-1]
    desk.notices.answer = True
    dialog.save_button.click()
    desk.settle()
    assert desk.services.holidays.plan(2027).row.off_days == 13


def test_stored_notice_is_written_out_to_be_corrected(desk: SystemDesk) -> None:
    dialog = desk.opened(NoticeDialog, desk.holidays.enter_action.trigger)
    assert dialog.text.toPlainText().startswith("一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。")
    assert not dialog.is_dirty()
    assert dialog.save_button.isEnabled()
    dialog.reject()
    assert desk.notices.questions == []


def test_text_is_not_thrown_away_unasked(desk: SystemDesk) -> None:
    dialog = desk.opened(NoticeDialog, desk.holidays.enter_action.trigger)
    dialog.text.setPlainText(WORDS_2027)
    desk.notices.answer = False
    dialog.cancel_button.click()
    assert dialog.isVisible()
    desk.notices.answer = True
    dialog.cancel_button.click()
    assert not is_open(dialog)


def test_year_that_somebody_else_entered_meanwhile_is_not_overwritten(desk: SystemDesk) -> None:
    desk.holidays.show_year(2027)
    desk.settle()
    first = desk.opened(NoticeDialog, desk.holidays.enter_action.trigger)
    first.text.setPlainText(WORDS_2027)
    plan = desk.services.holidays.plan(2027)
    second = NoticeDialog(desk.services.holidays, plan, desk.ui, desk.tab)
    second.text.setPlainText(WORDS_2027)
    second.save()
    desk.settle()
    first.save()
    desk.settle()
    assert "已被别人改过" in first.banner.text
    assert first.text.toPlainText() == WORDS_2027
    first.text.clear()


def test_entered_year_is_removed_after_a_question(desk: SystemDesk) -> None:
    desk.holidays.show_year(2027)
    desk.settle()
    dialog = desk.opened(NoticeDialog, desk.holidays.enter_action.trigger)
    dialog.text.setPlainText(WORDS_2027)
    dialog.save()
    desk.settle()
    assert desk.holidays.remove_action.isEnabled()
    desk.holidays.remove_action.trigger()
    desk.settle()
    assert desk.services.holidays.plan(2027).row.state is YearState.MISSING
    assert "已删除 2027 年的安排" in desk.notices.infos[-1]
    assert desk.signals == ["calendar_changed", "calendar_changed"]


def test_file_is_shown_before_it_is_stored(desk: SystemDesk, tmp_path: Path) -> None:
    path = tmp_path / "2027.csv"
    path.write_text("日期,类型,名称\n2027-01-01,休,元旦\n2026-10-01,休,国庆节\n", encoding="utf-8-sig")
    desk.files.path = path
    dialog = desk.opened(HolidayImportDialog, desk.holidays.import_action.trigger)
    told = [line(dialog.list, row).text(3) for row in range(2)]
    assert told == ["将替换随程序提供的安排", "新增"]
    assert dialog.chosen() == [2026, 2027]
    line(dialog.list, 0).setCheckState(0, Qt.CheckState.Unchecked)
    dialog.save_button.click()
    desk.settle()
    assert desk.services.holidays.plan(2026).row.off_days == 33
    assert desk.services.holidays.plan(2027).row.source == "导入：2027.csv"


def test_file_that_changes_nothing_offers_nothing(desk: SystemDesk) -> None:
    desk.files.path = paths.resource("calendar", paths.HOLIDAYS_NAME)
    dialog = desk.opened(HolidayImportDialog, desk.holidays.import_action.trigger)
    assert dialog.chosen() == []
    assert not dialog.save_button.isEnabled()
    assert dialog.findings.text() == "没有发现问题。"


def test_wrong_file_names_its_rows_and_stores_nothing(desk: SystemDesk, tmp_path: Path) -> None:
    path = tmp_path / "2027.csv"
    path.write_text("日期,类型,名称\n2027-01-01,休,元旦\n2027-01-99,休,元旦\n", encoding="utf-8-sig")
    desk.files.path = path
    dialog = desk.opened(HolidayImportDialog, desk.holidays.import_action.trigger)
    assert "第 3 行" in dialog.findings.text()
    line(dialog.list, 0).setCheckState(0, Qt.CheckState.Checked)
    assert not dialog.save_button.isEnabled()


def test_unreadable_file_is_told(desk: SystemDesk, tmp_path: Path) -> None:
    desk.files.path = tmp_path / "no.json"
    desk.holidays.import_action.trigger()
    desk.settle()
    assert "no.json" in str(desk.notices.errors[0])


# Settings


def test_receiving_body_of_today_is_marked(desk: SystemDesk) -> None:
    for name, since in (("区信息委", date(2023, 1, 30)), ("区数据局", DAY), ("市数据局", date(2027, 1, 1))):
        desk.services.settings.save_receiving_body(ReceivingBodyDraft(name=name, since=since))
    shown = desk.settings.bodies.list
    assert [line(shown, row).text(2) for row in range(3)] == ["", "现在", "尚未开始"]


def test_receiving_body_is_registered_changed_and_removed(desk: SystemDesk) -> None:
    bodies = desk.settings.bodies
    form = desk.opened(ReceivingBodyDialog, bodies.add_button.click)
    form.save_button.click()
    assert set(form.form.messages()) == {"name", "since"}
    form.form.set_values({"name": "区数据局", "since": DAY})
    form.save_button.click()
    desk.settle()
    assert desk.services.settings.receiving_body_on(TODAY) == "区数据局"
    form = desk.opened(ReceivingBodyDialog, bodies.edit_button.click)
    form.form.editor("note").set_value("机构改革")
    form.save_button.click()
    desk.settle()
    assert line(bodies.list, 0).text(3) == "机构改革"
    bodies.remove_button.click()
    desk.settle()
    assert desk.services.settings.receiving_bodies() == ()
    assert desk.signals == ["settings_changed"] * 3


def test_number_is_shown_while_its_pattern_is_typed(desk: SystemDesk) -> None:
    choices = desk.settings.choices
    assert choices.preview.text() == "例如 2026-012、2026-123"
    assert not choices.save_button.isEnabled()
    choices.pattern_box.setEditText(BRACKETED)
    assert choices.preview.text() == "例如 〔2026〕12号、〔2026〕123号"
    choices.pattern_box.setEditText("2026-1")
    assert "一个“{年}”和一个“{号}”" in choices.preview.text()
    assert not choices.save_button.isEnabled()
    choices.back_button.click()
    assert choices.preview.text() == "例如 2026-012、2026-123"


def test_another_counted_receipt_is_said_to_leave_what_counts_already(desk: SystemDesk) -> None:
    told = [one.text() for one in desk.settings.choices.findChildren(QLabel)]
    assert any("改了不动已经算作收到的" in text for text in told)


def test_numbers_of_the_year_go_on_from_where_they_were(desk: SystemDesk) -> None:
    numbers = desk.settings.numbers
    assert numbers.next_label.text() == "下一个编号：2026-001"
    assert not numbers.save_button.isEnabled()
    numbers.first_box.setValue(58)
    assert desk.tab.has_unsaved_settings
    numbers.save_button.click()
    desk.settle()
    assert desk.office.numbers.first_of(2026) == 58
    assert numbers.next_label.text() == "下一个编号：2026-058"
    assert not desk.tab.has_unsaved_settings


def test_choices_are_stored_together(desk: SystemDesk) -> None:
    choices = desk.settings.choices
    choices.pattern_box.setEditText(BRACKETED)
    choices.receipt_box.setCurrentText(CountedReceipt.ORIGINAL)
    choices.refile_box.setChecked(True)
    choices.save_button.click()
    desk.settle()
    stored = desk.services.settings.get()
    assert stored == OfficeSettings(BRACKETED, CountedReceipt.ORIGINAL, refile_updates=True)
    assert not choices.is_dirty
    assert desk.signals == ["settings_changed"]


@pytest.mark.parametrize("choice", [ConflictChoice.KEEP_MINE, ConflictChoice.TAKE_THEIRS])
def test_settings_that_somebody_else_changed_are_settled_by_choice(
    choice: ConflictChoice, desk: SystemDesk
) -> None:
    choices = desk.settings.choices
    choices.refile_box.setChecked(True)
    theirs = OfficeSettings(number_pattern=BRACKETED)
    desk.services.settings.save(theirs, OfficeSettings())
    desk.notices.conflict_choice = choice
    choices.save_button.click()
    desk.settle()
    assert [field.label for field in desk.notices.conflicts[0].fields] == [
        "备案编号格式",
        "信息更新也要重新备案",
    ]
    assert choices.is_dirty is (choice is ConflictChoice.KEEP_MINE)
    assert choices.settings().refile_updates is (choice is ConflictChoice.KEEP_MINE)


def test_unsaved_choices_stay_when_the_page_is_read_anew(desk: SystemDesk) -> None:
    desk.settings.choices.pattern_box.setEditText(BRACKETED)
    desk.page(UNITS)
    assert desk.settings.choices.settings().number_pattern == BRACKETED


def test_shipped_texts_are_copied_to_be_changed_and_errors_are_told(desk: SystemDesk) -> None:
    texts = desk.settings.texts
    texts.list.setCurrentItem(line(texts.list, 1))
    texts.copy_button.click()
    desk.settle()
    assert line(texts.list, 1).text(2) == "本单位文字"
    assert not texts.copy_button.isEnabled()
    path = desk.office.data_folder / "forms" / "filing_cdo.toml"
    path.write_text('[labels]\ntitel = "职务"\n', encoding="utf-8")
    texts.check_button.click()
    desk.settle()
    assert texts.list.currentItem().text(2) == "有错误"
    assert "第 2 行" in texts.problem.text()
    assert not texts.preview_button.isEnabled()
    assert desk.signals == ["texts_changed", "texts_changed"]


def test_blank_form_is_drawn_with_the_texts_of_the_office(desk: SystemDesk) -> None:
    preview = desk.opened(PreviewDialog, desk.settings.texts.preview_button.click)
    desk.qtbot.waitUntil(lambda: preview.preview.pages is not None, timeout=20_000)
    assert "首席数据官备案表（空白）" in preview.windowTitle()
    preview.close()
    desk.settle()


def test_another_paper_is_drawn_as_a_sample(desk: SystemDesk) -> None:
    texts = desk.settings.texts
    (letter,) = texts.list.findItems("reminder_letter.toml", Qt.MatchFlag.MatchExactly, 0)
    texts.list.setCurrentItem(letter)
    preview = desk.opened(PreviewDialog, texts.preview_button.click)
    desk.qtbot.waitUntil(lambda: preview.preview.pages is not None, timeout=20_000)
    assert "提醒函（示例）" in preview.windowTitle()
    preview.close()
    desk.settle()


def test_folders_are_opened_by_the_system(desk: SystemDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def open_url(url: QUrl) -> bool:
        asked.append(Path(url.toLocalFile()).name)
        return len(asked) < 3

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    desk.settings.texts.folder_button.click()
    desk.about.folder_button.click()
    assert asked == ["forms", "data"]
    assert desk.notices.errors == []
    desk.about.folder_button.click()
    assert "系统没有打开" in str(desk.notices.errors[0])


# About


def test_about_is_copied_whole(desk: SystemDesk) -> None:
    desk.about.copy_button.click()
    copied = QGuiApplication.clipboard().text()
    assert copied.startswith("程序：首席数据官工作台")
    assert f"数据文件夹：{desk.office.data_folder}" in copied
    assert "SQLite：" in copied
    assert "Qt：" in copied


def test_licence_of_a_font_is_shown_in_full(desk: SystemDesk) -> None:
    page = desk.about
    dialog = desk.opened(LicenceDialog, page.licence_button.click)
    assert "SIL OPEN FONT LICENSE" in dialog.text.toPlainText().upper()
    page.list.setCurrentItem(line(page.list, page.list.topLevelItemCount() - 1))
    assert not page.licence_button.isEnabled()


def test_second_name_service_is_the_one_the_list_shows(desk: SystemDesk) -> None:
    unit = desk.office.units.rows()[0]
    desk.services.second_names.save(SecondNameDraft(unit.unit_id, full_name="宝山区语委"))
    desk.units.reload()
    assert any(line.second_names == "宝山区语委" for line in _lines(desk))


def test_tab_can_be_built_without_being_shown(desk: SystemDesk) -> None:
    tab = SystemTab(desk.services, desk.ui)
    desk.qtbot.addWidget(tab)
    assert tab.stack.count() == 0
    assert not desk.ui.tasks.busy
