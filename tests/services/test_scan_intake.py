"""Scans come home: by their code, or into the tray; never to the wrong filing."""

from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from pypdfium2 import PdfDocument

from cdo_desktop.errors import CancelledError, InvalidFormError, NotFoundError
from cdo_desktop.office import Office
from cdo_desktop.rules.vocabulary import FilingState, PaperForm, PaperShows, PaperWay
from cdo_desktop.services.appointments import FilingDraft
from cdo_desktop.services.attachment_rows import of_filing
from cdo_desktop.services.filing_receipts import ReceiptDraft
from cdo_desktop.services.scan_intake import ScanFate, ScanLine
from cdo_desktop.services.scan_parts import page_words
from tests.documents.scan_files import code
from tests.services.conftest import TODAY, Clock, Desk
from tests.services.scanned_papers import (
    OTHER,
    TOWN,
    blank,
    filing,
    noted,
    papers,
    pictures,
    save,
    two_sided,
    written,
)

pytestmark = pytest.mark.usefixtures("_scans_here")
SCAN = ReceiptDraft(PaperForm.SCAN, TODAY, PaperWay.MESSAGE)
DRAWN = "像是程序生成的表，没有扫描图像，请确认有签章"


def take_in(desk: Desk, *files: Path, draft: ReceiptDraft = SCAN) -> tuple[ScanLine, ...]:
    return desk.office.scans.take_in(files, draft)


def test_page_goes_to_the_filing_that_its_code_names(two: Desk, tmp_path: Path) -> None:
    (page,) = pictures(two, TOWN)
    (line,) = take_in(two, save(tmp_path / "罗店𬀩.pdf", [page]))
    assert (line.fate, line.title, line.shows) == (ScanFate.FILED, "罗店镇 数据专员 张三", "现内容")
    row = filing(two, TOWN)
    assert (row.state, row.scan_on, row.received_on) == (FilingState.SCANNED, TODAY, TODAY)
    assert papers(two) == [(row.filing_id, "扫描件", "政务微信", "现内容", TODAY.isoformat())]
    names = [kept.name for kept in two.office.attachments.list_of(of_filing(row.filing_id))]
    assert "罗店𬀩.pdf" in names
    assert filing(two, OTHER).state == FilingState.DRAFT


def test_file_of_many_pages_is_split_by_its_codes(two: Desk, tmp_path: Path) -> None:
    one, other = pictures(two, TOWN, OTHER)
    lines = take_in(two, save(tmp_path / "一叠.pdf", [one, noted(), other, noted(), noted(), one]))
    assert [(line.pages, line.fate, line.title) for line in lines] == [
        ((1, 6), ScanFate.FILED, "罗店镇 数据专员 张三"),
        ((2,), ScanFate.WAITING, ""),
        ((3,), ScanFate.FILED, "大场镇 数据专员 王五"),
        ((4,), ScanFate.WAITING, ""),
        ((5,), ScanFate.WAITING, ""),
    ]
    tray = two.office.scans.waiting()
    assert [(row.name, row.pages, row.reason) for row in tray] == [
        ("一叠.pdf", "2", "没有读到二维码"),
        ("一叠.pdf", "4", "没有读到二维码"),
        ("一叠.pdf", "5", "没有读到二维码"),
    ]
    kept = two.office.attachments.list_of(of_filing(filing(two, TOWN).filing_id))
    (scan,) = [row for row in kept if row.name.startswith("一叠")]
    copy = two.office.attachments.open_copy(scan.attachment_id)
    document = PdfDocument(copy)
    assert len(document) == 2
    document.close()


def test_paper_of_an_older_content_is_filed_and_told_of(two: Desk, tmp_path: Path) -> None:
    (page,) = pictures(two, TOWN)
    opened = two.office.holders.get(two.row(TOWN).tenure_id or 0)
    two.office.holders.update(opened, replace(opened, title="局长"))
    (line,) = take_in(two, save(tmp_path / "a.png", [page]))
    assert (line.fate, line.shows) == (ScanFate.FILED, str(PaperShows.OLDER))
    assert "与现在的登记不同" in line.said


def test_same_scan_is_not_booked_in_twice(two: Desk, tmp_path: Path) -> None:
    (page,) = pictures(two, TOWN)
    file = save(tmp_path / "a.png", [page])
    take_in(two, file)
    (line,) = take_in(two, file)
    assert line.fate is ScanFate.KNOWN
    assert len(papers(two)) == 1


def test_two_codes_on_a_page_wait_for_a_person(two: Desk, tmp_path: Path) -> None:
    one, other = pictures(two, TOWN, OTHER)
    both = Image.new("L", (one.width * 2, one.height), 255)
    both.paste(one, (0, 0))
    both.paste(other, (one.width, 0))
    (line,) = take_in(two, save(tmp_path / "a.png", [both]))
    assert (line.fate, papers(two)) == (ScanFate.WAITING, [])
    assert "几份备案的二维码" in line.said


def test_torn_code_waits_and_belongs_to_nobody(two: Desk, tmp_path: Path) -> None:
    one, other = pictures(two, TOWN, OTHER)
    torn = other.crop((0, 0, round(other.width * 0.9), other.height))  # the code stands at the right
    torn.paste(255, (round(torn.width * 0.88), 0, torn.width, round(torn.height * 0.15)))
    lines = take_in(two, save(tmp_path / "a.pdf", [one, torn]))
    assert [line.fate for line in lines] == [ScanFate.FILED, ScanFate.WAITING]
    assert filing(two, OTHER).received_on is None


def test_codes_of_others_neither_keep_a_paper_out_nor_let_one_in(two: Desk, tmp_path: Path) -> None:
    (ours,) = pictures(two, TOWN)
    theirs = blank()
    for page in (ours, theirs):
        page.paste(code("https://www.shbsq.gov.cn/"), (200, 1900))
    lines = take_in(two, save(tmp_path / "a.pdf", [ours, theirs, blank()]))
    assert [(line.fate, line.pages, line.said) for line in lines] == [
        (ScanFate.FILED, (1,), ""),
        (ScanFate.WAITING, (2, 3), "没有读到二维码，有别的二维码或条码"),
    ]
    assert filing(two, TOWN).received_on == TODAY


def test_paper_of_another_office_waits(two: Desk, tmp_path: Path) -> None:
    with Office(tmp_path / "other", Clock()) as office:
        office.sample.create(TODAY)
        (unit,) = [row.unit for row in office.filing_list.rows()][:1]
        target = BytesIO()
        office.forms.draw(office.forms.compose(unit=unit), target, duplex=False)
    document = PdfDocument(target.getvalue())
    page = document[0].render(scale=2).to_pil()
    document.close()
    (line,) = take_in(two, save(tmp_path / "a.png", [page]))
    assert (line.fate, line.said) == (ScanFate.WAITING, "二维码是别的数据文件夹出的表")


def test_paper_of_a_void_filing_waits_and_says_so(two: Desk, tmp_path: Path) -> None:
    (page,) = pictures(two, TOWN)
    two.void(filing(two, TOWN).filing_id)
    (line,) = take_in(two, save(tmp_path / "a.png", [page]))
    assert (line.fate, line.said) == (ScanFate.WAITING, "“罗店镇 数据专员 张三”的备案已经作废")


def test_unreadable_file_keeps_no_other_out(two: Desk, tmp_path: Path) -> None:
    (page,) = pictures(two, TOWN)
    bad = tmp_path / "坏.pdf"
    bad.write_bytes(b"%PDF-1.7 nothing")
    lines = take_in(two, bad, save(tmp_path / "a.png", [page]))
    assert [line.fate for line in lines] == [ScanFate.REFUSED, ScanFate.FILED]
    assert "坏.pdf" in lines[0].said


def test_intake_is_stopped_between_files_and_keeps_what_was_done(two: Desk, tmp_path: Path) -> None:
    one, other = pictures(two, TOWN, OTHER)
    files = [save(tmp_path / "1.png", [one]), save(tmp_path / "2.png", [other])]

    def stop(done: int, _count: int, _name: str) -> None:
        if done == 1:
            raise CancelledError("已停止。")

    with pytest.raises(CancelledError):
        two.office.scans.take_in(files, SCAN, stop)
    assert filing(two, TOWN).state == FilingState.SCANNED
    assert filing(two, OTHER).state == FilingState.ISSUED


def test_scans_of_tomorrow_are_refused(two: Desk, tmp_path: Path) -> None:
    with pytest.raises(InvalidFormError):
        take_in(two, tmp_path / "none.pdf", draft=ReceiptDraft(PaperForm.SCAN, date(2027, 1, 1)))


# Scans of past filings, named by their numbers

PAST = FilingDraft(state=FilingState.FILED, number="2025-007", received_on=date(2025, 5, 6))


@pytest.mark.parametrize("name", ["2025-007.png", "罗店镇 2025-007 备案表.png"])
def test_scan_of_a_past_filing_is_found_by_its_number(desk: Desk, tmp_path: Path, name: str) -> None:
    desk.appoint(TOWN, since=date(2025, 5, 1), filing=PAST)
    (line,) = take_in(desk, save(tmp_path / name, [blank()]))
    assert (line.fate, line.title) == (ScanFate.FILED, "罗店镇 数据专员 张三")
    assert "按文件名里的备案编号" in line.said
    row = filing(desk, TOWN)
    assert (row.state, row.received_on, papers(desk)) == (FilingState.FILED, date(2025, 5, 6), [])
    assert [kept.name for kept in desk.office.attachments.list_of(of_filing(row.filing_id))] == [name]


@pytest.mark.parametrize("name", ["12025-007.png", "2025-0071.png", "2025-07.png"])
def test_number_within_another_number_is_none(desk: Desk, tmp_path: Path, name: str) -> None:
    desk.appoint(TOWN, since=date(2025, 5, 1), filing=PAST)
    (line,) = take_in(desk, save(tmp_path / name, [blank()]))
    assert line.fate is ScanFate.WAITING


# The tray


def test_waiting_pages_are_filed_as_one_paper_by_hand(two: Desk, tmp_path: Path) -> None:
    take_in(two, save(tmp_path / "自己的表.pdf", [blank(), blank()]))
    tray = two.office.scans.waiting()
    own = filing(two, OTHER)
    draft = ReceiptDraft(PaperForm.ORIGINAL, TODAY, PaperWay.IN_PERSON)
    assert two.office.scans.assign(tray, own.filing_id, draft) == "大场镇 数据专员 王五"
    assert two.office.scans.waiting() == ()
    assert papers(two) == [(own.filing_id, "原件", "现场", "未核", TODAY.isoformat())]
    assert len(two.office.attachments.list_of(of_filing(own.filing_id))) in (1, 2)  # equal pages are one file
    with pytest.raises(NotFoundError, match="刚被别人处理"):
        two.office.scans.assign(tray, own.filing_id, draft)


def test_waiting_page_that_is_nobodys_is_taken_out(two: Desk, tmp_path: Path) -> None:
    take_in(two, save(tmp_path / "广告.png", [blank()]))
    (row,) = two.office.scans.waiting()
    two.office.scans.drop([row])
    assert two.office.scans.waiting() == ()


def test_filing_a_waiting_page_can_be_undone(two: Desk, tmp_path: Path) -> None:
    undo = two.office.undo
    take_in(two, save(tmp_path / "a.png", [blank()]))
    (row,) = two.office.scans.waiting()
    two.office.scans.assign([row], filing(two, TOWN).filing_id, SCAN)
    undo.undo(undo.state.undo.number)
    assert [found.scan_id for found in two.office.scans.waiting()] == [row.scan_id]
    assert filing(two, TOWN).received_on is None
    undo.redo(undo.state.redo.number)
    assert two.office.scans.waiting() == ()
    assert filing(two, TOWN).received_on == TODAY


def test_scan_that_found_its_filing_can_be_undone(two: Desk, tmp_path: Path) -> None:
    (page,) = pictures(two, TOWN)
    undo = two.office.undo
    take_in(two, save(tmp_path / "a.png", [page]))
    assert undo.state.undo.label == "收件 张三"
    undo.undo(undo.state.undo.number)
    row = filing(two, TOWN)
    assert (row.state, papers(two)) == (FilingState.ISSUED, [])
    assert all(kept.name != "a.png" for kept in two.office.attachments.list_of(of_filing(row.filing_id)))


@pytest.mark.parametrize(
    ("pages", "words"),
    [((), ""), ((3,), "3"), ((3, 4), "3-4"), ((1, 3), "1、3"), ((1, 3, 5, 7, 9, 11, 13), "1 等 7")],
)
def test_page_numbers_are_written_as_a_person_would(pages: tuple[int, ...], words: str) -> None:
    assert page_words(pages) == words


# What a program drew is no scan


@pytest.mark.parametrize(
    ("units", "duplex"), [((TOWN,), True), ((TOWN, OTHER), True), ((TOWN, OTHER), False)]
)
def test_pages_that_a_program_drew_are_never_booked_in(
    two: Desk, tmp_path: Path, units: tuple[str, ...], duplex: bool
) -> None:
    lines = take_in(two, written(two, tmp_path / "全部.pdf", *units, duplex=duplex))
    fronts = [line for line in lines if line.title]
    assert [(line.title.split()[0], line.fate, line.said) for line in fronts] == [
        (unit, ScanFate.WAITING, DRAWN) for unit in units
    ]
    assert all(line.fate is ScanFate.WAITING for line in lines)
    assert papers(two) == []
    assert [filing(two, unit).state for unit in units] == [FilingState.ISSUED] * len(units)


def test_print_of_a_single_form_is_still_refused(two: Desk, tmp_path: Path) -> None:
    (line,) = take_in(two, written(two, tmp_path / "一份.pdf", TOWN, duplex=False))
    assert (line.fate, papers(two)) == (ScanFate.REFUSED, [])


def test_drawn_page_adds_nothing_to_a_filing_that_has_its_number(two: Desk, tmp_path: Path) -> None:
    (page,) = pictures(two, TOWN)
    take_in(two, save(tmp_path / "a.png", [page]))
    row = filing(two, TOWN)
    two.file(row.filing_id)
    kept = two.office.attachments.list_of(of_filing(row.filing_id))
    original = ReceiptDraft(PaperForm.ORIGINAL, TODAY)
    target = written(two, tmp_path / "全部.pdf", TOWN, OTHER, duplex=False)
    lines = take_in(two, target, draft=original)
    assert [line.fate for line in lines] == [ScanFate.WAITING] * 2
    assert two.office.attachments.list_of(of_filing(row.filing_id)) == kept
    assert (filing(two, TOWN).original_on, len(papers(two))) == (None, 1)


def test_drawn_page_is_booked_in_by_a_person_who_looked(two: Desk, tmp_path: Path) -> None:
    take_in(two, written(two, tmp_path / "全部.pdf", TOWN, OTHER, duplex=False))
    row = filing(two, TOWN)
    two.office.scans.assign(two.office.scans.waiting()[:1], row.filing_id, SCAN)
    assert [paper[0] for paper in papers(two)] == [row.filing_id]


# Both sides


def test_both_sides_of_a_form_are_one_paper(two: Desk, tmp_path: Path) -> None:
    one, back, other, other_back = two_sided(two, TOWN, OTHER)
    lines = take_in(two, save(tmp_path / "双面.pdf", [one, back, other_back, other]))
    assert [(line.pages, line.fate, line.title.split()[0]) for line in lines] == [
        ((1, 2), ScanFate.FILED, TOWN),
        ((3, 4), ScanFate.FILED, OTHER),
    ]
    assert two.office.scans.waiting() == ()


def test_back_without_its_front_waits(two: Desk, tmp_path: Path) -> None:
    front, back = two_sided(two, TOWN)
    (line,) = take_in(two, save(tmp_path / "反.png", [back]))
    assert (line.fate, line.said) == (ScanFate.WAITING, "只有背面，正面没有收到")
    assert (line.title.split()[0], papers(two)) == (TOWN, [])
    take_in(two, save(tmp_path / "正.png", [front]))
    (line,) = take_in(two, save(tmp_path / "反面.png", [back]))
    assert (line.fate, line.said) == (ScanFate.WAITING, "只有背面；正面已经在另一个文件里收到")


def test_front_alone_is_booked_in(two: Desk, tmp_path: Path) -> None:
    front, _back = two_sided(two, TOWN)
    (line,) = take_in(two, save(tmp_path / "正.png", [front]))
    assert line.fate is ScanFate.FILED


def test_blank_page_goes_with_the_page_before_it(two: Desk, tmp_path: Path) -> None:
    one, other = pictures(two, TOWN, OTHER)
    lines = take_in(
        two, save(tmp_path / "双面.pdf", [blank(), one, blank(), other, blank(), noted(), blank()])
    )
    assert [(line.pages, line.fate) for line in lines] == [
        ((1,), ScanFate.WAITING),
        ((2, 3), ScanFate.FILED),
        ((4, 5), ScanFate.FILED),
        ((6, 7), ScanFate.WAITING),
    ]


def test_page_with_a_few_words_by_hand_is_not_taken_for_blank(two: Desk, tmp_path: Path) -> None:
    (one,) = pictures(two, TOWN)
    lines = take_in(two, save(tmp_path / "a.pdf", [one, noted()]))
    assert [line.fate for line in lines] == [ScanFate.FILED, ScanFate.WAITING]
