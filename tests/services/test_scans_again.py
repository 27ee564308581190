"""The same scan comes again: after 退回, or while it waits in the tray."""

from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from cdo_desktop.rules.filing_steps import FilingStep
from cdo_desktop.rules.vocabulary import FilingState, PaperForm, PaperWay
from cdo_desktop.services.attachment_rows import of_filing
from cdo_desktop.services.filing_receipts import ReceiptDraft
from cdo_desktop.services.scan_intake import ScanFate, ScanLine
from tests.services.conftest import TODAY, Desk
from tests.services.scanned_papers import OTHER, TOWN, filing, noted, papers, pictures, save

pytestmark = pytest.mark.usefixtures("_scans_here")


def take_in(desk: Desk, file: Path) -> tuple[ScanLine, ...]:
    return desk.office.scans.take_in([file], ReceiptDraft(PaperForm.SCAN, TODAY))


def send_back(desk: Desk) -> None:
    filings = desk.office.filings
    filings.send_back(filings.plan(FilingStep.RETURN, [filing(desk, TOWN).filing_id]), "登记错了")


def marked(page: Image.Image) -> Image.Image:
    """Return the same paper as another scan shows it."""
    other = page.copy()
    ImageDraw.Draw(other).line([(50, 50), (200, 60)], fill=90, width=2)
    return other


def test_stack_is_not_booked_in_twice(two: Desk, tmp_path: Path) -> None:
    file = save(tmp_path / "一叠.pdf", pictures(two, TOWN, OTHER))
    assert [line.fate for line in take_in(two, file)] == [ScanFate.FILED] * 2
    assert [line.fate for line in take_in(two, file)] == [ScanFate.KNOWN] * 2
    assert len(papers(two)) == 2


def test_scan_that_was_sent_back_is_received_when_it_comes_again(two: Desk, tmp_path: Path) -> None:
    (page,) = pictures(two, TOWN)
    file = save(tmp_path / "a.png", [page])
    take_in(two, file)
    owner = of_filing(filing(two, TOWN).filing_id)
    kept = two.office.attachments.list_of(owner)
    send_back(two)
    (line,) = take_in(two, file)
    assert (line.fate, line.said) == (ScanFate.FILED, "")
    row = filing(two, TOWN)
    assert (row.state, row.scan_on, row.received_on, len(papers(two))) == (
        FilingState.SCANNED,
        TODAY,
        TODAY,
        2,
    )
    assert two.office.attachments.list_of(owner) == kept  # no second copy
    (line,) = take_in(two, file)
    assert (line.fate, len(papers(two))) == (ScanFate.KNOWN, 2)


def test_scan_that_was_sent_back_is_told_of_when_another_came(two: Desk, tmp_path: Path) -> None:
    (page,) = pictures(two, TOWN)
    file = save(tmp_path / "a.png", [page])
    take_in(two, file)
    send_back(two)
    take_in(two, save(tmp_path / "b.png", [marked(page)]))
    (line,) = take_in(two, file)
    assert (line.fate, len(papers(two))) == (ScanFate.KNOWN, 2)
    assert line.said == "这份扫描件退回过，后来收到的才算，没有再登记；确要收下的，在“备案”里收件"


def test_scan_that_was_added_to_the_files_of_a_filing_is_still_received(two: Desk, tmp_path: Path) -> None:
    (page,) = pictures(two, TOWN)
    file = save(tmp_path / "a.png", [page])
    two.office.attachments.add(of_filing(filing(two, TOWN).filing_id), [file])
    (line,) = take_in(two, file)
    assert (line.fate, filing(two, TOWN).state) == (ScanFate.FILED, FilingState.SCANNED)


# The tray


def stroke(place: int) -> Image.Image:
    """Return a page without a code, like no other."""
    page = noted()
    ImageDraw.Draw(page).line([(100, 900 + place), (900, 900 + place)], fill=0, width=5)
    return page


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.pdf", "a.tif"])
def test_page_that_waits_is_not_put_into_the_tray_again(two: Desk, tmp_path: Path, name: str) -> None:
    file = save(tmp_path / name, [stroke(0)])
    (first,) = take_in(two, file)
    (second,) = take_in(two, file)
    assert (first.fate, second.fate) == (ScanFate.WAITING, ScanFate.KNOWN)
    assert second.said == "已经在“待认扫描件”里，没有重复放入"
    assert len(two.office.scans.waiting()) == 1


def test_stack_that_waits_is_not_put_into_the_tray_again(two: Desk, tmp_path: Path) -> None:
    file = save(tmp_path / "一叠.pdf", [stroke(0), stroke(100)])
    take_in(two, file)
    assert [line.fate for line in take_in(two, file)] == [ScanFate.KNOWN] * 2
    assert len(two.office.scans.waiting()) == 2


def test_page_that_was_taken_out_of_the_tray_may_come_back(two: Desk, tmp_path: Path) -> None:
    file = save(tmp_path / "a.png", [noted()])
    take_in(two, file)
    two.office.scans.drop(two.office.scans.waiting())
    (line,) = take_in(two, file)
    assert (line.fate, len(two.office.scans.waiting())) == (ScanFate.WAITING, 1)


def test_page_that_waits_keeps_how_it_came(two: Desk, tmp_path: Path) -> None:
    original = ReceiptDraft(PaperForm.ORIGINAL, TODAY, PaperWay.POST)
    two.office.scans.take_in([save(tmp_path / "a.png", [stroke(0)])], original)
    take_in(two, save(tmp_path / "b.png", [stroke(100)]))
    told = [(row.form, row.way) for row in two.office.scans.waiting()]
    assert told == [(PaperForm.ORIGINAL, PaperWay.POST), (PaperForm.SCAN, PaperWay.OA)]


def test_page_that_waits_since_before_is_offered_as_a_scan(two: Desk, tmp_path: Path) -> None:
    take_in(two, save(tmp_path / "a.png", [noted()]))
    with two.office._database.write() as session:
        session.connection().exec_driver_sql("UPDATE attachments SET note = '备注' WHERE note <> ''")
    (row,) = two.office.scans.waiting()
    assert (row.form, row.way) == (PaperForm.SCAN, PaperWay.OA)
