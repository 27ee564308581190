"""修改备案内容 in its window: what was typed wrong with the change is put right before the number."""

from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog

from cdo_desktop.errors import StorageError
from cdo_desktop.rules.filing_steps import FilingStep
from cdo_desktop.rules.vocabulary import FilingState
from cdo_desktop.services.filing_edits import FilingEditService
from cdo_desktop.services.filing_sql import FilingView
from cdo_desktop.ui.common.notices import ConflictChoice
from cdo_desktop.ui.filings.edit_dialog import EditDialog
from tests.ui.filings_desk import FilingsDesk, filed, received


def opened(filings: FilingsDesk, filing_id: int) -> EditDialog:
    """Open the window with F2."""
    filings.show(FilingView.ALL)
    filings.select(filing_id)
    filings.page.table.grid.setFocus()
    filings.press(Qt.Key.Key_F2)
    return filings.dialog(EditDialog)


def test_what_was_typed_wrong_is_put_right(filings: FilingsDesk) -> None:
    late = filings.ids(FilingView.OVERDUE)[0]
    dialog = opened(filings, late)
    assert dialog.windowTitle() == "修改备案内容：罗店镇 数据专员 周明 变更备案[*]"
    assert dialog.form.values()["change_reason"] == "退休"
    assert dialog.form.values()["predecessor_name"] == "欧阳静"
    assert dialog.remark.text() == ""
    dialog.form.editor("known_on").set_value(date(2026, 11, 13))
    dialog.form.editor("change_date").set_value(date(2026, 11, 13))
    filings.press(Qt.Key.Key_Return)
    assert filings.no_dialog()
    assert filings.notices.infos == ["已修改备案内容：罗店镇 数据专员 周明"]
    row = filings.row(late)
    assert (row.known_on, row.due_date) == (date(2026, 11, 13), date(2026, 11, 18))


def test_a_key_pressed_twice_opens_one_window(filings: FilingsDesk) -> None:
    filings.show(FilingView.ALL)
    filings.select(filings.ids()[0])
    filings.page.actions_.edit.trigger()
    filings.page.actions_.edit.trigger()
    filings.page.actions_.steps[FilingStep.RECEIVE].trigger()
    dialog = filings.dialog(EditDialog)
    assert len([one for one in filings.tab.findChildren(QDialog) if one.isVisible()]) == 1
    dialog.reject()
    filings.settle()
    filings.page.actions_.edit.trigger()
    filings.dialog(EditDialog)


def test_a_filing_that_cannot_be_read_is_told_of_and_the_next_key_opens_it(
    filings: FilingsDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(_edits: FilingEditService, _filing_id: int) -> None:
        raise StorageError("数据库正被占用。")

    filings.show(FilingView.ALL)
    filings.select(filings.ids()[0])
    with monkeypatch.context() as patch:
        patch.setattr(FilingEditService, "get", locked)
        filings.page.actions_.edit.trigger()
        filings.settle()
    assert [str(error) for error in filings.notices.errors] == ["数据库正被占用。"]
    filings.page.actions_.edit.trigger()
    filings.dialog(EditDialog)


def test_what_has_its_number_is_not_offered(filings: FilingsDesk) -> None:
    first = filings.ids()[0]
    received(filings.office, first)
    dialog = opened(filings, first)
    assert dialog.remark.text() == "改了以后，收到的表成了旧内容，需要时退回重报"
    dialog.reject()
    filed(filings.office, first)
    filings.page.reload()
    filings.settle()
    action = filings.page.actions_.edit
    assert (action.isEnabled(), action.statusTip()) == (False, "已经备案或作废，内容已定")


def test_a_wrong_field_and_whoever_was_quicker_keep_the_window(filings: FilingsDesk) -> None:
    late = filings.ids(FilingView.OVERDUE)[0]
    dialog = opened(filings, late)
    dialog.form.editor("filler").set_value("同上")
    dialog.save()
    filings.settle()
    assert set(dialog.form.messages()) == {"filler"}
    edits = filings.office.filing_edits
    theirs = edits.get(late)
    edits.save(theirs, replace(theirs, handover="已交接"))
    filings.notices.conflict_choice = ConflictChoice.KEEP_MINE
    dialog.form.editor("filler").set_value("孙七")
    dialog.save()
    filings.settle()
    assert len(filings.notices.conflicts) == 1
    dialog.save()
    filings.settle()
    now = edits.get(late)
    assert (now.filler, now.handover, now.state) == ("孙七", "已交接", FilingState.DRAFT)


def test_a_slip_in_the_year_is_told_at_its_field(filings: FilingsDesk) -> None:
    late = filings.ids(FilingView.OVERDUE)[0]
    dialog = opened(filings, late)
    dialog.form.editor("change_date").set_value(date(2062, 3, 1))
    dialog.form.editor("known_on").set_value(date(2062, 3, 1))
    dialog.save()
    filings.settle()
    assert dialog.form.messages() == {
        "change_date": "变更日期 2062-03-01 在一年以后，请核对年份。",
        "known_on": "知悉日期 2062-03-01 晚于今天 2026-11-24，请核对。",
    }
