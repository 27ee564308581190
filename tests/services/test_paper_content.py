"""What a paper shows is compared with what was signed once the filing is final, and told before that."""

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from cdo_desktop.rules.filing_steps import FilingStep
from cdo_desktop.rules.vocabulary import PaperForm, PaperShows, PaperWay
from cdo_desktop.services.filing_plans import StepLine
from cdo_desktop.services.filing_receipts import ReceiptDraft
from cdo_desktop.services.scan_intake import ScanLine
from tests.services.conftest import TODAY, Desk
from tests.services.scanned_papers import OTHER, TOWN, filing, papers, pictures, save

pytestmark = pytest.mark.usefixtures("_scans_here")
SCAN = ReceiptDraft(PaperForm.SCAN, TODAY, PaperWay.OA)
ORIGINAL = ReceiptDraft(PaperForm.ORIGINAL, TODAY, PaperWay.IN_PERSON)
HINT = "收到的表是旧内容（打印以后改过）"


def take(desk: Desk, file: Path, draft: ReceiptDraft = SCAN) -> ScanLine:
    (line,) = desk.office.scans.take_in([file], draft)
    return line


def another_copy(page: Image.Image) -> Image.Image:
    """Return the same paper as another scan of it."""
    copy = page.copy()
    ImageDraw.Draw(copy).line([(50, 50), (200, 60)], fill=90, width=2)
    return copy


def change_phone(desk: Desk, unit: str = TOWN) -> None:
    opened = desk.office.holders.get(desk.row(unit).tenure_id or 0)
    desk.office.holders.update(opened, replace(opened, office_phone="021-56690001"))


def to_number(desk: Desk, unit: str = TOWN) -> StepLine:
    (line,) = desk.office.filings.plan(FilingStep.FILE, [filing(desk, unit).filing_id]).lines
    return line


def number(desk: Desk) -> None:
    desk.office.filings.file(desk.office.filings.plan(FilingStep.FILE, [filing(desk, TOWN).filing_id]))


def test_the_original_of_what_was_filed_is_no_older_paper(two: Desk, tmp_path: Path) -> None:
    (page,) = pictures(two, TOWN)
    take(two, save(tmp_path / "scan.png", [page]))
    number(two)
    change_phone(two)
    original = save(tmp_path / "original.png", [another_copy(page)])
    checked = two.office.scans.checks.of_file(original, filing(two, TOWN).filing_id)
    assert (checked.shows, checked.said) == (PaperShows.PRESENT, "二维码是这份备案的，内容与已备案的一致")
    line = take(two, original, ORIGINAL)
    assert (line.shows, line.said) == (PaperShows.PRESENT, "")
    assert [paper[3] for paper in papers(two)] == [PaperShows.PRESENT, PaperShows.PRESENT]


def test_another_paper_than_the_filed_one_is_told_even_when_the_register_agrees_with_it(
    two: Desk, tmp_path: Path
) -> None:
    (page,) = pictures(two, TOWN)
    take(two, save(tmp_path / "scan.png", [page]))
    number(two)
    change_phone(two)
    (later,) = pictures(two, TOWN)  # the register prints what it says now
    line = take(two, save(tmp_path / "original.png", [later]), ORIGINAL)
    assert (line.shows, line.said) == (PaperShows.OLDER, "表上的内容与已备案的那份不同，请核对")


def test_the_older_content_of_what_came_is_told_before_it_gets_its_number(two: Desk, tmp_path: Path) -> None:
    (page,) = pictures(two, TOWN)
    take(two, save(tmp_path / "scan.png", [page]), ORIGINAL)
    assert HINT not in to_number(two).hint
    change_phone(two)
    line = to_number(two)
    assert (line.problem, line.hint) == ("", HINT)  # it stops nothing
    number(two)


def test_it_is_the_paper_that_counts_which_is_looked_at(two: Desk, tmp_path: Path) -> None:
    (page,) = pictures(two, TOWN)
    take(two, save(tmp_path / "scan.png", [page]))
    change_phone(two)
    (later,) = pictures(two, TOWN)
    take(two, save(tmp_path / "original.png", [later]), ORIGINAL)
    assert to_number(two).hint == ""


def test_a_form_of_the_unit_without_a_code_has_no_such_hint(two: Desk) -> None:
    paper = filing(two, OTHER).filing_id
    two.office.filings.receive(two.office.filings.plan(FilingStep.RECEIVE, [paper]), ORIGINAL)
    change_phone(two, OTHER)
    assert to_number(two, OTHER).hint == ""
