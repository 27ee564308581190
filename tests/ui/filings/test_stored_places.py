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


def test_who_was_second_to_store_does_not_change_the_place_of_the_first(filings: FilingsDesk) -> None:
    first = filings.ids()[0]
    received(filings.office, first)
    filed(filings.office, first)
    filings.show(FilingView.TO_STORE)
    filings.select(first)
    dialog = filings.open(FilingStep.STORE, StepDialog)
    service = filings.office.filings
    service.store(service.plan(FilingStep.STORE, [first]), "1号柜")  # the other window
    dialog.form.editor("place").set_value("2号柜")
    for _ in range(2):
        dialog.save()
        filings.settle()
    assert dialog.isVisible()
    assert dialog.plan.step is FilingStep.STORE
    assert [line.problem for line in dialog.plan.lines] == ["已经入库，单独选中再入库可以更正存放位置"]
    assert filings.row(first).stored_place == "1号柜"
