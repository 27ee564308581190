"""The tray and filings that have their number: what comes to them stays, and it says so before."""

from pathlib import Path

from tests.ui.filings.test_tray import UNIT, own_form, tray, waits
from tests.ui.filings_desk import FilingsDesk, filed, received


def test_that_a_scan_stays_with_a_filing_that_has_its_number_is_said_before(
    filings: FilingsDesk, tmp_path: Path
) -> None:
    ids = [row.filing_id for row in filings.office.filing_list.rows() if row.unit == UNIT]
    received(filings.office, *ids)
    filed(filings.office, *ids)
    waits(filings, own_form(tmp_path))
    page = tray(filings)
    said = {}
    for unit in (UNIT, "区教育局"):
        page.search.setText(unit)
        page.assign_selected()  # what was typed counts at once
        filings.settle()
        assert page.filings.selectedItems()[0].text(0) == unit
        said[unit] = page.stays.text()
    assert said == {UNIT: "已经备案：归入以后随备案留存，不能撤销", "区教育局": ""}
