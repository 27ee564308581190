"""作废 by the default Enter where some units are gone."""

from PySide6.QtCore import Qt

from cdo_desktop.rules.filing_steps import FilingStep
from cdo_desktop.rules.vocabulary import FilingState
from cdo_desktop.services.filing_sql import FilingView
from cdo_desktop.services.unit_reform import Reform, UnitRef
from cdo_desktop.ui.filings.step_dialog import StepDialog
from tests.ui.fakes import TODAY
from tests.ui.filings_desk import FilingsDesk, received

ENTER = Qt.Key.Key_Return


def abolish_the_unit_of(desk: FilingsDesk, filing_id: int) -> None:
    unit_id = desk.row(filing_id).unit_id
    ref = UnitRef(unit_id, desk.office.units.get(unit_id).version)
    desk.office.system.unit_changes.abolish(ref, Reform(TODAY))


def test_enter_voids_the_filing_of_a_unit_that_is_gone(filings: FilingsDesk) -> None:
    first = filings.ids()[0]
    received(filings.office, first)
    abolish_the_unit_of(filings, first)
    filings.show(FilingView.ALL)
    filings.select(first)
    dialog = filings.open(FilingStep.VOID, StepDialog)
    assert dialog.form.values()["anew"] is False
    dialog.form.editor("reason").set_value("登记有误，重新备案")
    assert dialog.form.values()["anew"] is False  # it cannot be
    dialog.save()
    filings.settle()
    assert filings.row(first).state == FilingState.VOID
    assert filings.notices.infos == ["已作废：罗店镇 数据专员 周明"]


def test_the_sentence_after_it_tells_both_counts(filings: FilingsDesk) -> None:
    ids = filings.ids()
    gone = next(one for one in ids if filings.row(one).unit == "罗店镇")
    others = [one for one in ids if filings.row(one).unit != "罗店镇"][:2]
    received(filings.office, gone, *others)
    abolish_the_unit_of(filings, gone)
    filings.show(FilingView.ALL)
    filings.select(gone, *others)
    dialog = filings.open(FilingStep.VOID, StepDialog)
    assert dialog.form.values()["anew"] is True
    dialog.form.editor("reason").set_value("登记有误，重新备案")
    dialog.save()
    filings.settle()
    assert filings.notices.infos == ["已作废 3 份，其中 2 份的新草稿在“待收件”里，1 份不能重新办理"]
    assert {filings.row(one).state for one in (gone, *others)} == {FilingState.VOID}
