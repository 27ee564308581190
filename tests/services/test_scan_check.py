"""What is on a scan is compared with the filing that it is booked in to by hand."""

from dataclasses import replace
from pathlib import Path

import pytest
from pypdfium2 import PdfDocument

from cdo_desktop.office import Office
from cdo_desktop.rules.vocabulary import PaperForm, PaperShows, PaperWay, PostKind
from cdo_desktop.services.filing_receipts import ReceiptDraft
from cdo_desktop.services.scan_check import ScanCheck
from tests.services.conftest import TODAY, Clock, Desk
from tests.services.scanned_papers import (
    OTHER,
    TOWN,
    filing,
    noted,
    papers,
    pictures,
    save,
    two_sided,
    written,
)

pytestmark = pytest.mark.usefixtures("_scans_here")
SCAN = ReceiptDraft(PaperForm.SCAN, TODAY, PaperWay.OA)


def check(desk: Desk, file: Path, unit: str = TOWN) -> ScanCheck:
    return desk.office.scans.checks.of_file(file, filing(desk, unit).filing_id)


def receive(desk: Desk, found: ScanCheck, unit: str = TOWN) -> None:
    desk.receive(replace(SCAN, digest=found.digest), filing(desk, unit).filing_id)


def test_scan_of_the_filing_tells_what_it_shows_and_the_receipt_keeps_it(two: Desk, tmp_path: Path) -> None:
    (page,) = pictures(two, TOWN)
    found = check(two, save(tmp_path / "a.png", [page]))
    assert (found.shows, found.doubts, len(found.digest)) == (PaperShows.PRESENT, (), 16)
    receive(two, found)
    assert [paper[3] for paper in papers(two)] == ["现内容"]


def test_paper_printed_before_a_change_is_an_older_one(two: Desk, tmp_path: Path) -> None:
    (page,) = pictures(two, TOWN)
    opened = two.office.holders.get(two.row(TOWN).tenure_id or 0)
    two.office.holders.update(opened, replace(opened, title="局长"))
    found = check(two, save(tmp_path / "a.png", [page]))
    assert (found.shows, found.doubts) == (PaperShows.OLDER, ())
    assert "与现在的登记不同" in found.said
    receive(two, found)
    assert [paper[3] for paper in papers(two)] == ["旧内容"]


def test_scan_of_another_filing_is_doubted_by_its_name(two: Desk, tmp_path: Path) -> None:
    one, other = pictures(two, TOWN, OTHER)
    found = check(two, save(tmp_path / "a.png", [other]))
    assert found.doubts == ("扫描件上的二维码是“大场镇 数据专员 王五”的备案表，不是这一份的",)
    assert (found.shows, found.digest) == (PaperShows.UNKNOWN, "")
    found = check(two, save(tmp_path / "b.pdf", [one, noted(), other]))
    assert found.doubts == ("扫描件里还有“大场镇 数据专员 王五”的备案表",)
    assert found.shows is PaperShows.PRESENT


def test_paper_of_another_office_and_one_that_is_gone_are_doubted(two: Desk, tmp_path: Path) -> None:
    with Office(tmp_path / "other", Clock()) as office:
        office.sample.create(TODAY)
        (page,) = pictures(Desk(office, Clock()), office.filing_list.rows()[0].unit)
    assert check(two, save(tmp_path / "a.png", [page])).doubts == ("二维码是别的数据文件夹出的表",)


def joined(target: Path, *files: Path) -> Path:
    """Put the pages of some PDFs into one, each as it is."""
    with PdfDocument.new() as whole:
        for file in files:
            with PdfDocument(file) as part:
                whole.import_pages(part)
        whole.save(target)
    return target


def test_print_that_nobody_signed_is_doubted(two: Desk, tmp_path: Path) -> None:
    one = check(two, written(two, tmp_path / "一份.pdf", TOWN, duplex=False))
    both = check(two, written(two, tmp_path / "双面.pdf", TOWN))
    assert [found.doubts for found in (one, both)] == [("像是程序生成的表，没有扫描图像，请确认有签章",)] * 2


def test_back_without_its_front_is_doubted(two: Desk, tmp_path: Path) -> None:
    _front, back = two_sided(two, TOWN)
    assert check(two, save(tmp_path / "反.png", [back])).doubts == ("只有背面，正面没有收到",)


def test_back_whose_front_came_before_says_so(two: Desk, tmp_path: Path) -> None:
    front, back = two_sided(two, TOWN)
    receive(two, check(two, save(tmp_path / "正.png", [front])))
    found = check(two, save(tmp_path / "反.png", [back]))
    assert found.doubts == ("只有背面；正面已经在另一个文件里收到",)


def test_what_is_doubted_of_another_paper_is_not_said_of_this_one(two: Desk, tmp_path: Path) -> None:
    both = "扫描件里还有“大场镇 数据专员 王五”的备案表"
    front, back, other, _other_back = two_sided(two, TOWN, OTHER)
    found = check(two, save(tmp_path / "反.pdf", [back, other]))
    assert found.doubts == (both, "只有背面，正面没有收到")  # the front is another one's
    signed = save(tmp_path / "正.pdf", [front])
    drawn = written(two, tmp_path / "程序.pdf", OTHER, duplex=False)
    assert check(two, joined(tmp_path / "一起.pdf", signed, drawn)).doubts == (both,)


def test_papers_printed_at_different_times_are_doubted(two: Desk, tmp_path: Path) -> None:
    (first,) = pictures(two, TOWN)
    opened = two.office.holders.get(two.row(TOWN).tenure_id or 0)
    two.office.holders.update(opened, replace(opened, title="局长"))
    (second,) = pictures(two, TOWN)
    found = check(two, save(tmp_path / "a.pdf", [first, second]))
    assert found.doubts == ("扫描件里有这份备案不同时候打印的表，内容不一样",)
    assert found.digest == ""


def test_own_form_and_what_cannot_be_read_are_told_of_and_not_doubted(two: Desk, tmp_path: Path) -> None:
    own = check(two, save(tmp_path / "自制.png", [noted()]))
    assert (own.doubts, own.said) == ((), "没有读到二维码，内容没有核对")
    bad = tmp_path / "坏.pdf"
    bad.write_bytes(b"%PDF-1.7 nothing")
    found = check(two, bad)
    assert (found.doubts, found.shows) == ((), PaperShows.UNKNOWN)
    assert found.said.startswith("没有核对二维码：")
    letter = check(two, tmp_path / "说明.ofd")  # is not read at all
    assert letter.said == "不是能读二维码的扫描件，内容没有核对"


def test_waiting_pages_are_compared_with_the_filing_chosen(two: Desk, tmp_path: Path) -> None:
    (page,) = pictures(two, OTHER)
    two.void(filing(two, OTHER).filing_id)
    two.office.scans.take_in([save(tmp_path / "a.png", [page])], SCAN)
    tray = two.office.scans.waiting()
    found = two.office.scans.checks.of_waiting(tray, filing(two, TOWN).filing_id)
    assert found.doubts == ("扫描件上的二维码是“大场镇 数据专员 王五”的备案表，不是这一份的",)


def test_drawn_page_that_a_person_files_shows_its_content(two: Desk, tmp_path: Path) -> None:
    two.office.scans.take_in([written(two, tmp_path / "全部.pdf", TOWN)], SCAN)
    tray, row = two.office.scans.waiting(), filing(two, TOWN)
    found = two.office.scans.checks.of_waiting(tray, row.filing_id)
    assert (found.doubts, found.shows) == ((), PaperShows.PRESENT)  # the tray said that it was drawn
    two.office.scans.assign(tray, row.filing_id, replace(SCAN, digest=found.digest))
    assert [paper[3] for paper in papers(two)] == ["现内容"]


def test_post_kinds_of_one_unit_are_told_apart(two: Desk, tmp_path: Path) -> None:
    two.appoint(TOWN, post=PostKind.CDO, name="赵六")
    (page,) = pictures(two, TOWN)
    chief = next(row for row in two.office.filing_list.rows() if row.name == "赵六")
    found = two.office.scans.checks.of_file(save(tmp_path / "a.png", [page]), chief.filing_id)
    assert found.doubts == ("扫描件上的二维码是“罗店镇 数据专员 张三”的备案表，不是这一份的",)
