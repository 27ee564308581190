"""Past filings brought in at go-live: what becomes of their days and states, and how their numbers go on."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from cdo_desktop.rules.filing import CountedReceipt
from cdo_desktop.rules.roster_columns import RosterField
from cdo_desktop.rules.vocabulary import FilingState, PaperForm
from cdo_desktop.services.filing_list import FilingQuery, FilingRow
from cdo_desktop.services.filing_receipts import ReceiptDraft
from cdo_desktop.services.filing_sql import FilingView
from tests.services.conftest import TODAY, Desk, Line
from tests.services.test_filings import ORIGINAL, SCAN, receive, stored
from tests.services.test_roster_import import TOWN, Importer, past_filing

F = RosterField
CAME = date(2026, 3, 4)  # the limit of a change on 2026-03-02 is 2026-03-05


@pytest.fixture
def importer(desk: Desk, tmp_path: Path) -> Importer:
    return Importer(desk, tmp_path)


def received_filing(state: FilingState | None, **more: str | date | None) -> Line:
    """Return a line about a paper that was received in time and has no number yet."""
    words = {"FILING_STATE": state, "FILING_NUMBER": None, "RECEIVED_ON": CAME}
    return past_filing(TOWN, "", **words, **more)


def the_filing(desk: Desk) -> FilingRow:
    (found,) = [row for row in desk.office.filing_list.rows() if row.unit == TOWN]
    return found


# The day on which it was received


@pytest.mark.parametrize("rule", CountedReceipt)
@pytest.mark.parametrize(
    ("state", "later"),
    [(FilingState.SCANNED, ORIGINAL), (FilingState.RECEIVED, SCAN), (FilingState.SCANNED, SCAN)],
)
def test_what_comes_later_leaves_the_imported_day(
    importer: Importer, state: FilingState, later: ReceiptDraft, rule: CountedReceipt
) -> None:
    office_settings = importer.desk.office.system.settings
    opened = office_settings.get()
    office_settings.save(replace(opened, counted_receipt=rule), opened)
    importer.bring_in(received_filing(state))
    receive(importer.desk, later, the_filing(importer.desk).filing_id)
    now = the_filing(importer.desk)
    assert (now.received_on, now.late.is_late) == (CAME, False)
    days = {PaperForm.SCAN: now.scan_on, PaperForm.ORIGINAL: now.original_on}
    if later.form is not (PaperForm.SCAN if state is FilingState.SCANNED else PaperForm.ORIGINAL):
        assert sorted(filter(None, days.values())) == [CAME, TODAY]


def test_imported_paper_is_a_scan_or_an_original_from_the_beginning(importer: Importer) -> None:
    importer.bring_in(received_filing(FilingState.SCANNED))
    now = the_filing(importer.desk)
    assert (now.scan_on, now.original_on) == (CAME, None)
    lists = importer.desk.office.filing_list.counts(FilingQuery())
    assert (lists[FilingView.TO_NUMBER], lists[FilingView.TO_ORIGINAL]) == (1, 1)


def test_a_draft_that_an_import_receives_has_the_day_of_its_form(importer: Importer) -> None:
    importer.bring_in(past_filing(TOWN, "", FILING_STATE=None, FILING_NUMBER=None, RECEIVED_ON=None))
    importer.bring_in(received_filing(FilingState.RECEIVED))
    now = the_filing(importer.desk)
    assert (now.scan_on, now.original_on) == (None, CAME)


def test_the_day_of_a_database_that_knows_no_forms_stays(importer: Importer) -> None:
    importer.bring_in(received_filing(FilingState.SCANNED))
    with importer.desk.office._database.write() as session:
        session.connection().exec_driver_sql("UPDATE filings SET scan_on = NULL")
    receive(importer.desk, ORIGINAL, the_filing(importer.desk).filing_id)
    now = the_filing(importer.desk)
    assert (now.received_on, now.scan_on, now.original_on) == (CAME, CAME, TODAY)


def test_a_paper_that_came_before_the_imported_day_counts(importer: Importer) -> None:
    importer.bring_in(received_filing(FilingState.SCANNED))
    earlier = date(2026, 3, 3)
    receive(importer.desk, replace(ORIGINAL, received_on=earlier), the_filing(importer.desk).filing_id)
    assert stored(importer.desk, "SELECT received_on FROM filings") == [(earlier.isoformat(),)]
