"""Scans of filings from before the program, named by their numbers: a name is no more than a hint."""

from datetime import date
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from cdo_desktop.rules.vocabulary import FilingState, PaperForm
from cdo_desktop.services.appointments import FilingDraft
from cdo_desktop.services.attachment_rows import of_filing
from cdo_desktop.services.filing_receipts import ReceiptDraft
from cdo_desktop.services.scan_intake import ScanFate, ScanLine
from tests.documents.scan_files import code
from tests.services.conftest import TODAY, Desk
from tests.services.scanned_papers import OTHER, TOWN, blank, filing, noted, save

pytestmark = pytest.mark.usefixtures("_scans_here")


def past(desk: Desk, unit: str, number: str) -> int:
    """Bring in a filing as it was done on paper; return its id."""
    draft = FilingDraft(state=FilingState.FILED, number=number, received_on=date(2025, 5, 6))
    desk.appoint(unit, since=date(2025, 5, 1), filing=draft)
    return filing(desk, unit).filing_id


def take_in(desk: Desk, file: Path) -> ScanLine:
    (line,) = desk.office.scans.take_in([file], ReceiptDraft(PaperForm.SCAN, TODAY))
    return line


def kept(desk: Desk, filing_id: int) -> list[str]:
    return [row.name for row in desk.office.attachments.list_of(of_filing(filing_id))]


@pytest.mark.parametrize(
    ("number", "name"),
    [
        ("2025-12", "2025-12-03 扫描.png"),
        ("2025-12", "2025-12.03.png"),
        ("2025-12", "2025-12_03.png"),
        ("2025-12", "2025-12 03.png"),
        ("2025-12", "2025－12－03.png"),
        ("2025-12", "2025-12月.png"),
        ("2025-12", "03-2025-12.png"),
        ("2025-12", "03_2025-12.png"),
        ("2026-12", "IMG-2026-12-01.png"),
        ("12", "IMG-2026-12-01.png"),
        ("12", "扫描12.png"),
        ("7", "scan_7.png"),
        ("7", "顾村镇7月.png"),
        ("7", "微信图片_20261127_7.png"),
        ("7号", "7号.png"),
        ("2025", "2025.png"),
    ],
)
def test_a_name_with_digits_in_it_names_no_filing(desk: Desk, tmp_path: Path, number: str, name: str) -> None:
    filing_id = past(desk, TOWN, number)
    assert take_in(desk, save(tmp_path / name, [noted()])).fate is ScanFate.WAITING
    assert kept(desk, filing_id) == []


@pytest.mark.parametrize(
    ("number", "name"),
    [
        ("2025-012", "2025-012.png"),
        ("2025-012", "罗店镇 2025－012（张三）.png"),
        ("2025-012", "2025-012 (2).png"),
        ("〔2025〕12号", "[2025]12号 罗店镇.png"),
    ],
)
def test_a_whole_number_with_its_year_names_its_filing(
    desk: Desk, tmp_path: Path, number: str, name: str
) -> None:
    filing_id = past(desk, TOWN, number)
    assert take_in(desk, save(tmp_path / name, [noted()])).fate is ScanFate.FILED
    assert kept(desk, filing_id) == [name]


def test_a_page_with_the_code_of_somebody_else_goes_by_no_name(desk: Desk, tmp_path: Path) -> None:
    filing_id = past(desk, TOWN, "2025-012")
    page = noted()
    page.paste(code("https://www.shbsq.gov.cn/"), (200, 1900))
    line = take_in(desk, save(tmp_path / "2025-012.png", [page]))
    assert (line.fate, kept(desk, filing_id)) == (ScanFate.WAITING, [])


def test_a_page_that_a_program_drew_goes_by_no_name(desk: Desk, tmp_path: Path) -> None:
    filing_id = past(desk, TOWN, "2025-012")
    target = tmp_path / "2025-012.pdf"
    page = Canvas(str(target))
    page.drawString(100, 100, "2025-012")
    page.save()
    line = take_in(desk, target)
    assert (line.fate, kept(desk, filing_id)) == (ScanFate.WAITING, [])


def test_a_number_that_two_filings_have_names_none(desk: Desk, tmp_path: Path) -> None:
    ids = [past(desk, TOWN, "2025-012"), past(desk, OTHER, "〔2025〕12号")]
    line = take_in(desk, save(tmp_path / "2025-012 〔2025〕12号.png", [noted()]))
    assert (line.fate, [kept(desk, filing_id) for filing_id in ids]) == (ScanFate.WAITING, [[], []])


def test_a_second_scan_of_a_number_waits_and_the_same_is_known(desk: Desk, tmp_path: Path) -> None:
    filing_id = past(desk, TOWN, "2025-012")
    file = save(tmp_path / "2025-012.png", [noted()])
    assert take_in(desk, file).fate is ScanFate.FILED
    assert take_in(desk, file).fate is ScanFate.KNOWN
    assert take_in(desk, save(tmp_path / "2025-012 背面.png", [blank()])).fate is ScanFate.WAITING
    assert kept(desk, filing_id) == ["2025-012.png"]
