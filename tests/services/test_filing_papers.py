"""回执, 提醒函 and the yearly lists: what they say of filings, and that they are written and told of."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pypdfium2 import PdfDocument

from cdo_desktop.errors import InvalidInputError
from cdo_desktop.rules.filing_steps import FilingStep
from cdo_desktop.rules.vocabulary import FilingState, PaperForm, PaperWay, PostKind, Retention
from cdo_desktop.services.appointments import FilingDraft
from cdo_desktop.services.filing_receipts import ReceiptDraft
from tests.services.conftest import CHANGED, TODAY, TOWN, Desk

OTHER, THIRD = "大场镇", "吴淞街道"
LATE = ReceiptDraft(PaperForm.ORIGINAL, date(2026, 11, 19), PaperWay.POST)


def change(desk: Desk, unit: str, name: str = "李四") -> int:
    return desk.change(unit, name=name, title="科长")


def file(desk: Desk, *filing_ids: int) -> None:
    desk.receive(LATE, *filing_ids)
    desk.file(*filing_ids)


def text_of(path: Path) -> str:
    document = PdfDocument(path)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return "".join(text.split())


def exports(desk: Desk) -> list[str]:
    query = "SELECT after_values FROM history WHERE entity = 'exports' ORDER BY id"
    with desk.office._database.snapshot() as connection:
        return [values for (values,) in connection.execute(query)]


def test_receipt_says_what_was_signed_when_it_came_and_how_late(desk: Desk, tmp_path: Path) -> None:
    filing = change(desk, TOWN, "李𬀩")
    desk.office.forms.mark_issued(desk.office.forms.compose(unit=TOWN, post=PostKind.SPECIALIST))
    file(desk, filing)
    opened = desk.office.holders.get(desk.row(TOWN).tenure_id or 0)
    desk.office.holders.update(opened, replace(opened, title="副镇长"))  # after it was signed
    (receipt,) = desk.office.filing_papers.receipts([filing])
    assert (receipt.number, receipt.name, receipt.title) == ("2026-001", "李𬀩", "科长")
    assert (receipt.late, receipt.late_days, receipt.due_date) == (True, 2, date(2026, 11, 17))
    assert (receipt.scan_received_on, receipt.original_received_on) == (None, date(2026, 11, 19))
    target = tmp_path / "回执.pdf"
    assert desk.office.filing_papers.write_receipts([filing], target).count == 1
    said = text_of(target)
    for words in ("2026-001", "李𬀩", "科长", "2026年11月19日", "2个工作日"):
        assert words in said
    assert '"备案回执"' in exports(desk)[-1]


def test_receipt_of_what_has_no_number_is_refused(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="没有生成回执"):
        desk.office.filing_papers.write_receipts([change(desk, TOWN)], tmp_path / "回执.pdf")
    assert list(tmp_path.glob("*.pdf")) == []


def test_reminders_go_to_every_unit_that_owes_something_late(desk: Desk, tmp_path: Path) -> None:
    change(desk, TOWN)
    came = change(desk, OTHER, "王五")
    file(desk, came)
    desk.appoint(THIRD)  # a first filing has no limit
    (letter,) = desk.office.filing_papers.reminders()
    assert letter.unit == "宝山区罗店镇人民政府"
    (item,) = letter.items
    assert (item.name, item.overdue, item.late_days) == ("李四", True, 5)
    target = tmp_path / "提醒函.pdf"
    assert desk.office.filing_papers.write_reminders(target).count == 1
    assert "已逾期5个工作日" in text_of(target)


def test_reminder_of_chosen_filings_leaves_out_what_has_come(desk: Desk) -> None:
    waiting, came = change(desk, TOWN), change(desk, OTHER, "王五")
    file(desk, came)
    letters = desk.office.filing_papers.reminders([waiting, came])
    assert [letter.unit for letter in letters] == ["宝山区罗店镇人民政府"]


def test_what_is_said_on_the_phone_names_the_receiver_as_the_letter_does(desk: Desk) -> None:
    waiting = change(desk, TOWN)
    (letter,) = desk.office.filing_papers.reminders([waiting])
    said = desk.office.contacts.chase([waiting]).text
    assert letter.receiving_body == "区信息委"
    assert said.endswith("请尽快将备案表签字盖章后报送区信息委，谢谢。")


def test_ledger_has_every_number_of_the_year_also_the_void_ones(desk: Desk, tmp_path: Path) -> None:
    one, other = change(desk, TOWN), change(desk, OTHER, "王五")
    file(desk, one)
    desk.void(one, reason="姓名写错")
    file(desk, other)
    desk.office.filings.store(desk.plan(FilingStep.STORE, other), "2号柜")
    ledger = desk.office.filing_papers.filing_ledger(2026)
    assert [(row.number, row.name, row.voided) for row in ledger.rows] == [
        ("2026-001", "李四", True),
        ("2026-002", "王五", False),
    ]
    assert (ledger.rows[0].void_reason, ledger.rows[1].place) == ("姓名写错", "2号柜")
    assert desk.office.filing_papers.filing_ledger(2025).rows == ()
    target = tmp_path / "登记册.xlsx"
    assert desk.office.filing_papers.write_list(ledger, target).count == 2
    cells = [str(cell.value) for line in load_workbook(target).active.iter_rows() for cell in line]
    assert "2026-002" in cells
    assert "作废：姓名写错" in cells


def test_imported_filing_stands_in_the_ledger_of_the_year_it_was_received_in(desk: Desk) -> None:
    past = FilingDraft(state=FilingState.FILED, number="2025-7", received_on=date(2025, 5, 6))
    desk.appoint(TOWN, since=date(2025, 5, 1), filing=past)
    papers = desk.office.filing_papers
    assert [row.number for row in papers.filing_ledger(2025).rows] == ["2025-7"]
    assert papers.filing_ledger(2026).rows == ()
    assert papers.years() == (2026, 2025)


@pytest.mark.parametrize(
    ("number", "year"),
    [("〔2024〕7号", 2024), ("2024-007", 2024), ("旧-7", 2025)],
    ids=["〔〕", "-", "no year"],
)
def test_imported_number_without_a_date_stands_in_the_ledger_of_its_own_year(
    number: str, year: int, desk: Desk
) -> None:
    past = FilingDraft(state=FilingState.FILED, number=number)
    desk.appoint(TOWN, since=date(2025, 1, 6), filing=past)
    papers = desk.office.filing_papers
    assert [row.number for row in papers.filing_ledger(year).rows] == [number]
    assert papers.years() == (2026, year)
    assert [row.number for row in papers.archive_catalog(year).rows] == [number]


def test_the_year_of_a_number_goes_before_the_day_on_which_it_was_received(desk: Desk) -> None:
    past = FilingDraft(state=FilingState.FILED, number="2024-099", received_on=date(2025, 1, 3))
    desk.appoint(TOWN, since=date(2024, 12, 30), filing=past)
    assert [row.number for row in desk.office.filing_papers.filing_ledger(2024).rows] == ["2024-099"]
    assert desk.office.filing_papers.filing_ledger(2025).rows == ()


def test_ledger_counts_as_people_do_whatever_the_numbers_look_like(desk: Desk) -> None:
    imported = ("〔2026〕10号", "〔2026〕9号", "2026-100", "补-2026-附")
    for unit, number in zip((OTHER, THIRD, "月浦镇", "顾村镇"), imported, strict=True):
        past = FilingDraft(state=FilingState.FILED, number=number, received_on=date(2026, 1, 8))
        desk.appoint(unit, since=date(2025, 1, 6), filing=past)
    file(desk, change(desk, TOWN))
    assert [row.number for row in desk.office.filing_papers.filing_ledger(2026).rows] == [
        *("〔2026〕9号", "〔2026〕10号", "2026-100", "2026-101", "补-2026-附"),
    ]


def test_received_papers_are_listed_with_what_was_returned(desk: Desk, tmp_path: Path) -> None:
    filing = change(desk, TOWN)
    desk.receive(replace(LATE, note="缺一页"), filing)
    desk.send_back(filing, "没有盖章")
    desk.receive(replace(LATE, entry_no="OA-5", copies=2), filing)
    register = desk.office.filing_papers.incoming_register(2026)
    assert [(row.number, row.copies, row.note) for row in register.rows] == [
        ("收2026-0001", 1, "2026-11-24 退回；缺一页"),
        ("OA-5", 2, ""),
    ]
    assert register.rows[0].document == "数据专员变更备案表（李四）"
    target = tmp_path / "收文.pdf"
    desk.office.filing_papers.write_list(register, target)
    assert "收2026-0001" in text_of(target)


@pytest.mark.parametrize("suffix", ["pdf", "xlsx"])
def test_archive_catalog_lists_what_was_filed_and_is_not_void(
    desk: Desk, tmp_path: Path, suffix: str, read_text: Callable[[Path], str]
) -> None:
    one, other = change(desk, TOWN), change(desk, OTHER, "王五")
    file(desk, one, other)
    void = next(row for row in desk.office.filing_list.rows() if row.number == "2026-001")
    desk.void(void.filing_id, reason="重复")
    catalog = desk.office.filing_papers.archive_catalog(2026, Retention.FOREVER)
    (row,) = catalog.rows
    assert (row.item, row.number, row.retention, row.dated) == (1, "2026-002", "永久", TODAY)
    target = tmp_path / f"目录.{suffix}"
    assert desk.office.filing_papers.write_list(catalog, target).count == 1
    assert row.title in read_text(target)


@pytest.fixture
def read_text() -> Callable[[Path], str]:
    def read(path: Path) -> str:
        if path.suffix == ".pdf":
            return text_of(path)
        return "".join(str(cell.value) for line in load_workbook(path).active.iter_rows() for cell in line)

    return read


def test_list_with_another_ending_is_refused(desk: Desk, tmp_path: Path) -> None:
    papers = desk.office.filing_papers
    with pytest.raises(InvalidInputError, match="没有写出"):
        papers.write_list(papers.filing_ledger(2026), tmp_path / "登记册.doc")


def test_seal_list_names_every_receipt_that_is_to_be_sealed(desk: Desk, tmp_path: Path) -> None:
    one, other, waiting = change(desk, TOWN), change(desk, OTHER, "王五"), change(desk, THIRD, "赵六")
    file(desk, one, other)
    papers = desk.office.filing_papers
    listed = papers.seal_list([waiting, other, one], copies=3)
    assert sorted(item.document for item in listed.items) == [
        "2026-001 备案回执（罗店镇 数据专员 李四）",
        "2026-002 备案回执（大场镇 数据专员 王五）",
    ]
    assert {item.copies for item in listed.items} == {3}
    target = tmp_path / "用印.pdf"
    assert papers.write_seal_list(listed, target).count == 2
    assert "2026-002备案回执" in text_of(target)
    with pytest.raises(InvalidInputError, match="没有生成清单"):
        papers.write_seal_list(papers.seal_list([waiting]), target)


def test_handover_names_who_goes_who_comes_and_what_is_open(desk: Desk, tmp_path: Path) -> None:
    filing = change(desk, TOWN)
    papers = desk.office.filing_papers
    (sheet,) = papers.handovers([filing])
    assert (sheet.predecessor, sheet.successor, sheet.successor_title) == ("张三", "李四", "科长")
    assert (sheet.handed_over_on, sheet.reason) == (CHANGED, "退休")
    assert [item.content for item in sheet.items] == ["数据专员 张三 首次备案"]
    target = tmp_path / "交接.pdf"
    assert papers.write_handovers([filing], target).count == 1
    assert "数据专员工作交接单" in text_of(target)


def test_first_filing_has_no_handover(desk: Desk, tmp_path: Path) -> None:
    desk.appoint(TOWN)
    (row,) = desk.office.filing_list.rows()
    with pytest.raises(InvalidInputError, match="没有前任"):
        desk.office.filing_papers.write_handovers([row.filing_id], tmp_path / "交接.pdf")


def test_character_that_no_font_has_is_named(desk: Desk, tmp_path: Path) -> None:
    filing = change(desk, TOWN, "李\U000323af")  # of Extension H
    file(desk, filing)
    written = desk.office.filing_papers.write_receipts([filing], tmp_path / "回执.pdf")
    assert written.count == 1
    assert len(written.problems) == 1
    assert "没有可用的字体" in written.problems[0]
