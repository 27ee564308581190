"""Before a filing gets its number, it is told where older content is kept as what was signed."""

from pathlib import Path

import pytest

from cdo_desktop.rules.filing_steps import FilingStep
from cdo_desktop.rules.vocabulary import PaperForm, PaperWay
from cdo_desktop.services.filing_receipts import ReceiptDraft
from tests.services.conftest import ORIGINAL, TODAY, TOWN, Desk
from tests.services.scanned_papers import filing, pictures, save
from tests.services.undo_steps import print_form, update

SCAN = ReceiptDraft(PaperForm.SCAN, TODAY, PaperWay.OA)
AS_PRINTED = "没有读出二维码，按最后出的表留存，那是旧内容（出表以后改过）"


def hint(desk: Desk) -> str:
    (line,) = desk.plan(FilingStep.FILE, filing(desk, TOWN).filing_id).lines
    assert not line.problem
    return line.hint


def signed(desk: Desk) -> tuple[str, str]:
    """Give the number and return name and post of the one who signed."""
    number = filing(desk, TOWN).filing_id
    desk.file(number)
    ((name, title),) = desk.stored(
        "SELECT json_extract(content, '$.name'), json_extract(content, '$.title') FROM filings WHERE id = ?",
        number,
    )
    return str(name), str(title)


def test_print_of_before_is_told_where_the_paper_has_no_code(held: Desk) -> None:
    print_form(held)
    held.receive(ORIGINAL, filing(held, TOWN).filing_id)
    assert hint(held) == ""
    update(held, name="张三光", title="处长")
    assert hint(held) == AS_PRINTED
    assert signed(held) == ("张三", "科长")


def test_print_anew_before_the_receipt_needs_no_hint(held: Desk) -> None:
    print_form(held)
    update(held, title="处长")
    print_form(held)
    held.receive(ORIGINAL, filing(held, TOWN).filing_id)
    assert hint(held) == ""
    assert signed(held) == ("张三", "处长")


def test_form_of_the_unit_is_kept_as_the_register_says(held: Desk) -> None:
    held.receive(ORIGINAL, filing(held, TOWN).filing_id)
    update(held, title="处长")
    assert hint(held) == ""
    assert signed(held) == ("张三", "处长")


@pytest.mark.usefixtures("_scans_here")
def test_it_is_told_that_the_scan_is_kept_and_not_the_later_original(held: Desk, tmp_path: Path) -> None:
    (page,) = pictures(held, TOWN)
    held.office.scans.take_in([save(tmp_path / "scan.png", [page])], SCAN)
    update(held, title="处长")
    print_form(held)
    held.receive(ORIGINAL, filing(held, TOWN).filing_id)
    assert hint(held) == "按读出二维码的扫描件留存，那是旧内容（打印以后改过）"
    assert signed(held) == ("张三", "科长")


@pytest.mark.usefixtures("_scans_here")
def test_scan_that_shows_what_holds_is_no_hint_beside_an_original_without_a_code(
    held: Desk, tmp_path: Path
) -> None:
    (page,) = pictures(held, TOWN)
    held.office.scans.take_in([save(tmp_path / "scan.png", [page])], SCAN)
    held.receive(ORIGINAL, filing(held, TOWN).filing_id)
    assert hint(held) == ""
