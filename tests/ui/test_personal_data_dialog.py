"""个人信息 of a holder: shown, copied, corrected, and made anonymous once they hold no post."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

from openpyxl import load_workbook

from cdo_desktop.services.appointments import FilingDraft
from cdo_desktop.services.holder_draft import HolderDraft
from cdo_desktop.ui.registry.holder_dialogs import UpdateDialog
from cdo_desktop.ui.registry.personal_data_dialog import EraseDialog, PersonalDataDialog
from tests.ui.register_desk import RegisterDesk
from tests.ui.small_district import post_of


def opened(desk: RegisterDesk, unit: str = "罗店镇", post: str = "数据专员") -> PersonalDataDialog:
    desk.select(unit, post)
    desk.actions["personal_data"].trigger()
    return desk.dialog(PersonalDataDialog)


def test_it_shows_what_is_stored_and_why_the_holder_stays(desk: RegisterDesk) -> None:
    dialog = opened(desk)
    assert dialog.windowTitle() == "个人信息：欧阳静"
    cells = [dialog.list.topLevelItem(row) for row in range(dialog.list.topLevelItemCount())]
    assert ("手机", "13900000002") in {(item.text(0), item.text(1)) for item in cells if item}
    assert "仍任" in dialog.obstacles.text()
    assert not dialog.erase_button.isEnabled()
    assert "仍任" in dialog.erase_button.toolTip()


def test_copy_is_written(desk: RegisterDesk, tmp_path: Path) -> None:
    dialog = opened(desk)
    desk.files.path = tmp_path / "副本.xlsx"
    dialog.copy_button.click()
    desk.settle()
    assert "个人信息" in load_workbook(tmp_path / "副本.xlsx").sheetnames
    assert "已导出个人信息副本" in dialog.line.label.text()


def test_correction_opens_the_form(desk: RegisterDesk) -> None:
    dialog = opened(desk)
    dialog.correct_button.click()
    desk.settle()
    assert desk.dialog(UpdateDialog).isVisible()


def test_a_former_holder_is_made_anonymous(desk: RegisterDesk) -> None:
    holder = desk.office.holders.get(post_of(desk.office, "区教育局", "数据专员").tenure_id or 0)
    new = replace(HolderDraft(holder.post_id, holder.post), name="周明", since=date(2026, 11, 20))
    desk.office.holders.replace(holder, new, FilingDraft(change_reason="退休"))
    with closing(sqlite3.connect(desk.office.data_folder / "cdo.sqlite3")) as connection:
        query = "UPDATE filings SET state = '作废' WHERE tenure_id = ?"
        connection.execute(query, (holder.tenure_id,))
        connection.commit()
    desk.tab.open_personal_data(holder.person_id or 0, "这个人现在没有任职")
    dialog = desk.dialog(PersonalDataDialog)
    assert not dialog.correct_button.isEnabled()
    dialog.erase_button.click()
    form = desk.dialog(EraseDialog)
    form.save()
    assert form.form.messages()
    form.form.set_values({"reason": "本人申请"})
    form.save()
    desk.settle()
    assert dialog.windowTitle() == f"个人信息：已匿名人员{holder.person_id}"
    assert not dialog.erase_button.isEnabled()
    assert holder.name not in str(desk.office.holders.posts_of(holder.person_id or 0))
