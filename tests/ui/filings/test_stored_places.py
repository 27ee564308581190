"""A wrong 存放位置 is mended from the list of what is done."""

from cdo_desktop.rules.filing_steps import FilingStep
from cdo_desktop.services.filing_sql import FilingView
from cdo_desktop.ui.filings.step_dialog import StepDialog
from tests.ui.filings_desk import FilingsDesk, filed, received


def test_place_is_mended_by_keyboard(filings: FilingsDesk) -> None:
    first = filings.ids()[0]
    received(filings.office, first)
    filed(filings.office, first)
    service = filings.office.filings
    service.store(service.plan(FilingStep.STORE, [first]), "1号柜")
    filings.show(FilingView.DONE)
    filings.select(first)
    dialog = filings.open(FilingStep.STORE, StepDialog)
    assert dialog.windowTitle().startswith("更正存放位置：")
    assert dialog.save_button.text() == "更正存放位置"
    assert dialog.summary.sentence.text() == "更正存放位置 1 份。"
    assert dialog.remark.text() == "不能撤销；写错了可以再更正"
    assert dialog.form.values() == {"place": "1号柜"}
    dialog.form.editor("place").set_value("2号柜")
    dialog.save()
    filings.settle()
    assert filings.row(first).stored_place == "2号柜"
    assert filings.notices.infos[0].startswith("已更正存放位置：")
