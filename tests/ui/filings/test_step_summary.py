"""The list of a step shows all its lines while they are few."""

import pytest

from cdo_desktop.rules.filing_steps import FilingStep
from cdo_desktop.services.filing_sql import FilingView
from cdo_desktop.ui.filings.step_dialog import StepDialog
from tests.ui.filings_desk import FilingsDesk, filed, received


@pytest.mark.parametrize("count", [1, 2, 3])
def test_few_lines_need_no_scrolling_and_are_not_cut(filings: FilingsDesk, count: int) -> None:
    ids = filings.ids()[:count]
    received(filings.office, *ids)
    filed(filings.office, *ids)
    filings.show(FilingView.ALL)
    filings.select(*ids)
    summary = filings.open(FilingStep.VOID, StepDialog).summary
    assert not summary.list.verticalScrollBar().isVisible()
    assert summary.told_in_full


def test_lines_beside_a_scroll_bar_are_not_cut(filings: FilingsDesk) -> None:
    ids = filings.ids()
    assert len(ids) > 4
    received(filings.office, *ids)
    filed(filings.office, *ids)
    filings.show(FilingView.ALL)
    filings.select(*ids)
    assert filings.open(FilingStep.VOID, StepDialog).summary.told_in_full
