"""系统 → 设置 says how many filings count as received by another setting."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cdo_desktop.rules.filing import CountedReceipt
from cdo_desktop.rules.filing_steps import FilingStep
from cdo_desktop.rules.vocabulary import PaperForm
from cdo_desktop.services.filing_list import FilingQuery
from cdo_desktop.services.filing_receipts import ReceiptDraft
from cdo_desktop.services.filing_sql import FilingView
from tests.ui.small_district import NOW
from tests.ui.system_desk import SystemDesk, system_desk


@pytest.fixture
def desk(district: Path, qtbot: QtBot) -> Iterator[SystemDesk]:
    with system_desk(district, qtbot) as opened:
        yield opened


def test_saving_tells_how_many_count_now(desk: SystemDesk) -> None:
    settings, office = desk.services.settings, desk.office
    settings.save(replace(settings.get(), counted_receipt=CountedReceipt.ORIGINAL), settings.get())
    filing = office.filing_list.keys(FilingQuery(FilingView.WAITING))[0]
    receipt = ReceiptDraft(PaperForm.SCAN, NOW.date())
    office.filings.receive(office.filings.plan(FilingStep.RECEIVE, [filing]), receipt)
    choices = desk.settings.choices
    choices.receipt_box.setCurrentText(CountedReceipt.EARLIER)
    choices.save_button.click()
    desk.settle()
    assert desk.notices.infos == ["已保存办公室设置；1 份来过的备案按新的设置算作收到"]
    assert office.filing_list.rows_of([filing])[filing].received_on == NOW.date()
