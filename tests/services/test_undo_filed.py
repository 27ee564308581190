"""撤销 where papers and files come to a filing that has its number: they stay, and nothing older is lost."""

from datetime import date
from pathlib import Path

import pytest

from cdo_desktop.errors import ConflictError
from cdo_desktop.office import Office
from cdo_desktop.rules.filing_steps import FilingStep
from cdo_desktop.rules.vocabulary import FilingState
from cdo_desktop.services.appointments import FilingDraft
from cdo_desktop.services.filing_receipts import ReceiptDraft
from tests.services.conftest import ORIGINAL, SCAN, Desk
from tests.services.scanned_papers import OTHER, TOWN, filing, noted, papers, pictures, save

pytestmark = pytest.mark.usefixtures("_scans_here")


def receive(desk: Desk, draft: ReceiptDraft, unit: str = TOWN) -> None:
    desk.receive(draft, filing(desk, unit).filing_id)


def file(desk: Desk, unit: str = TOWN) -> None:
    desk.file(filing(desk, unit).filing_id)


def drop(desk: Desk, path: Path) -> None:
    desk.office.scans.take_in([path], SCAN)


def undone(desk: Desk) -> str:
    return desk.office.undo.undo(desk.office.undo.state.undo.number).label


@pytest.fixture
def filed(two: Desk) -> Desk:
    """Return a desk where 张三 has his number with all papers; then something else was done."""
    assert not two.office.undo.state.undo.possible
    receive(two, SCAN)
    receive(two, ORIGINAL)
    file(two)
    receive(two, SCAN, OTHER)
    return two


def check_only_the_other_is_undone(desk: Desk, label: str) -> None:
    state = desk.office.undo.state
    kept = papers(desk)
    assert state.undo.since == f"“{label}”进了已备案或作废的备案，随备案留存，不能撤销"
    assert undone(desk) == "收件 王五"
    assert papers(desk) == [paper for paper in kept if paper[0] != filing(desk, OTHER).filing_id]
    assert not desk.office.undo.state.undo.possible


def test_a_scan_that_finds_a_filing_with_a_number_is_no_step(filed: Desk, tmp_path: Path) -> None:
    (page,) = pictures(filed, TOWN)
    drop(filed, save(tmp_path / "a.png", [page]))
    check_only_the_other_is_undone(filed, "收文登记 张三")


def test_a_scan_that_somebody_gives_to_a_filing_with_a_number_is_no_step(filed: Desk, tmp_path: Path) -> None:
    drop(filed, save(tmp_path / "a.png", [noted()]))
    (row,) = filed.office.scans.waiting()
    receive(filed, ORIGINAL, OTHER)
    filed.office.scans.assign([row], filing(filed, TOWN).filing_id, SCAN)
    assert undone(filed) == "收件 王五"
    assert not filed.office.undo.state.undo.possible  # the page that waited went into the filing
    assert filed.office.scans.waiting() == ()


def test_a_second_receipt_of_a_filing_with_a_number_is_no_step(filed: Desk) -> None:
    receive(filed, ORIGINAL)
    check_only_the_other_is_undone(filed, "收文登记 张三")


def test_a_receipt_that_left_the_filing_as_it_was_goes_with_the_number(two: Desk) -> None:
    assert not two.office.undo.state.undo.possible
    receive(two, SCAN)
    receive(two, SCAN)  # one more of the same: the filing itself does not change
    file(two)
    assert not two.office.undo.state.undo.possible
    assert len(papers(two)) == 2


def test_the_receipts_of_others_are_still_undone_after_a_number(two: Desk) -> None:
    assert not two.office.undo.state.undo.possible
    receive(two, ORIGINAL, OTHER)
    receive(two, SCAN)
    receive(two, SCAN)
    file(two, OTHER)
    assert undone(two) == "收文登记 张三"
    assert undone(two) == "收件 张三"


def test_a_receipt_stays_when_another_program_gave_the_number(two: Desk) -> None:
    assert not two.office.undo.state.undo.possible
    receive(two, SCAN)
    receive(two, SCAN)
    with Office(two.office.data_folder, two.clock) as other:
        other.filings.file(other.filings.plan(FilingStep.FILE, [filing(two, TOWN).filing_id]))
    with pytest.raises(ConflictError, match="涉及的记录之后又被改过或用到"):
        undone(two)
    assert len(papers(two)) == 2


def test_a_paper_of_an_imported_filing_stays_with_it(two: Desk) -> None:
    past = FilingDraft(state=FilingState.FILED, number="2025-012", received_on=date(2025, 5, 6))
    two.appoint("顾村镇", since=date(2025, 5, 1), filing=past)
    assert not two.office.undo.state.undo.possible
    receive(two, ORIGINAL, "顾村镇")
    receive(two, ORIGINAL, "顾村镇")
    assert not two.office.undo.state.undo.possible
