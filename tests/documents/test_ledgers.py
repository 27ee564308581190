"""The yearly lists: every row on paper and in the workbook, with the office's words for late and 作废."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from cdo_desktop.documents.ledgers import (
    ArchiveCatalog,
    ArchiveRow,
    FilingLedger,
    FilingLedgerRow,
    IncomingRegister,
    IncomingRow,
    Ledger,
    ledger_table,
    write_ledger_book,
    write_ledger_pdf,
)
from cdo_desktop.documents.pdf.form_texts import form_texts
from cdo_desktop.documents.pdf.official_page import paper_problems
from tests.documents.pdf_pages import pages_of, sound_paper

FILED = FilingLedgerRow(
    number="〔2026〕12号",
    unit="友谊路街道办事处",
    post="首席数据官",
    name="张𬀩㛃",
    title="党工委副书记、办事处主任",
    kind="变更备案",
    change_date=date(2026, 3, 2),
    due_date=date(2026, 3, 5),
    received_on=date(2026, 3, 9),
    late=True,
    late_days=2,
    late_reason="承办人出差",
    filed_on=date(2026, 3, 10),
    handler="陈静",
    stored_on=date(2026, 3, 11),
    place="2柜1层3盒",
    note="换发过一次",
)
FIRST = FilingLedgerRow("〔2026〕13号", "区财政局", "数据专员", "䶮喆", "信息科科长", "首次备案")
INCOMING = IncomingRow(
    "2026-0001",
    date(2026, 3, 9),
    "友谊路街道办事处",
    "首席数据官备案表",
    "原件",
    "现场",
    2,
    "陈静",
    "附件1份",
)
ARCHIVED = ArchiveRow(1, "2026-001", "区财政局", "关于张𬀩㛃任职的备案表", date(2026, 3, 9), 2, "永久", "无")


def filings(*rows: FilingLedgerRow) -> FilingLedger:
    return FilingLedger(2026, date(2026, 11, 28), "区信息委", rows)


def incoming(*rows: IncomingRow) -> IncomingRegister:
    return IncomingRegister(2026, date(2026, 11, 28), "区首席数据官办公室", rows)


def archive(*rows: ArchiveRow) -> ArchiveCatalog:
    return ArchiveCatalog(2026, date(2027, 1, 15), "区信息委", "首席数据官办公室", rows)


def paper_of(ledger: Ledger) -> list[str]:
    return pages_of(sound_paper(lambda target: write_ledger_pdf(ledger, target)))


def sheet_of(ledger: Ledger, folder: Path) -> Worksheet:
    target = folder / "登记册.xlsx"
    write_ledger_book(ledger, target)
    return load_workbook(target).active


def row_values(sheet: Worksheet, number: int) -> list[object]:
    (cells,) = sheet.iter_rows(number, number, values_only=True)
    return [value.date() if isinstance(value, datetime) else value for value in cells]


def test_a_filing_stands_on_paper_with_all_that_is_known_of_it() -> None:
    (page,) = paper_of(filings(FILED))
    for value in (
        "2026年首席数据官、数据专员备案登记册",
        "登记机关：区信息委",
        "截至2026年11月28日",
        "〔2026〕12号",
        "友谊路街道办事处",
        "首席数据官",
        "张𬀩㛃",
        "党工委副书记、办事处主任",
        "变更备案",
        "2026-03-02",
        "2026-03-05",
        "2026-03-09",
        "逾期2个工作日",
        "承办人出差",
        "2026-03-10",
        "陈静",
        "2026-03-112柜1层3盒",
        "换发过一次",
        "第1页共1页",
    ):
        assert value in page


def test_the_workbook_has_the_same_values_and_dates_are_dates(tmp_path: Path) -> None:
    sheet = sheet_of(filings(FILED, FIRST), tmp_path)
    assert sheet["A1"].value == "2026年首席数据官、数据专员备案登记册"
    heads = row_values(sheet, 3)
    assert heads[:9] == [
        "序号",
        "备案编号",
        "单位",
        "岗位",
        "姓名",
        "职务",
        "备案类型",
        "变更日期",
        "应备案截止日",
    ]
    row = dict(zip(heads, row_values(sheet, 4), strict=True))
    assert (row["序号"], row["备案编号"], row["姓名"]) == (1, "〔2026〕12号", "张𬀩㛃")
    assert (row["收到日期"], row["备案日期"]) == (date(2026, 3, 9), date(2026, 3, 10))
    assert row["入库日期、存放位置"] == "2026-03-11\n2柜1层3盒"
    assert row_values(sheet, 5)[7:11] == [None, "—", None, "—"]


def test_the_workbook_is_ready_to_be_read_and_printed(tmp_path: Path) -> None:
    sheet = sheet_of(filings(FILED, FIRST), tmp_path)
    assert sheet.title == "2026年备案登记册"
    assert sheet.freeze_panes == "A4"
    assert sheet.print_title_rows == "$3:$3"
    assert sheet.auto_filter.ref == "A3:P5"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.row_dimensions[4].height > sheet.row_dimensions[5].height  # date and place on two lines
    assert sheet_of(archive(ARCHIVED), tmp_path).page_setup.orientation == "portrait"


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({"late": False, "late_days": 0}, "按期"),
        ({"late_days": 0}, "逾期（不足1个工作日）"),
        ({"late": False, "received_on": None}, ""),
        ({"due_date": None}, "—"),
    ],
)
def test_lateness_is_told_in_working_days(changes: dict[str, Any], shown: str) -> None:
    table = ledger_table(filings(replace(FILED, **changes)))
    assert table.rows[0][10] == shown


def test_a_provisional_limit_says_so() -> None:
    table = ledger_table(filings(replace(FILED, due_provisional=True)))
    assert table.rows[0][8] == "2026-03-05（暂定）"


def test_a_voided_number_keeps_its_place_with_the_reason() -> None:
    voided = replace(FILED, number="〔2026〕11号", voided=True, void_reason="登记有误", note="")
    (page,) = paper_of(filings(replace(FILED, number="〔2026〕10号"), voided, FILED))
    numbers = [page.index(number) for number in ("〔2026〕10号", "〔2026〕11号", "〔2026〕12号")]
    assert numbers == sorted(numbers)
    assert "作废：登记有误" in page
    assert "共3件：变更备案2件（逾期2件）；作废1件" in page
    assert ledger_table(filings(replace(voided, void_reason=""))).rows[0][15] == "作废"


def test_incoming_papers_stand_in_both_files(tmp_path: Path) -> None:
    (page,) = paper_of(incoming(INCOMING))
    sheet = sheet_of(incoming(INCOMING), tmp_path)
    assert row_values(sheet, 4) == [
        "2026-0001",
        date(2026, 3, 9),
        "友谊路街道办事处",
        "首席数据官备案表",
        "原件",
        "现场",
        2,
        "陈静",
        "附件1份",
    ]
    for value in row_values(sheet, 4):
        assert str(value) in page
    assert "2026年收文登记册" in page


def test_archive_catalog_has_dates_of_eight_digits(tmp_path: Path) -> None:
    (page,) = paper_of(archive(ARCHIVED))
    assert "关于张𬀩㛃任职的备案表202603092永久无" in page
    assert "编制日期：2027年1月15日" in page
    sheet = sheet_of(archive(ARCHIVED), tmp_path)
    assert row_values(sheet, 4)[4:7] == ["20260309", 2, "永久"]


@pytest.mark.parametrize("ledger", [filings(), incoming(), archive()])
def test_a_list_without_rows_says_so(ledger: Ledger, tmp_path: Path) -> None:
    (page,) = paper_of(ledger)
    assert "（无）" in page
    assert "共0件" in page
    assert sheet_of(ledger, tmp_path).max_row == 3


@pytest.mark.parametrize(
    "ledger",
    [
        filings(*(replace(FILED, number=f"2026-{n:03}") for n in range(1, 301))),
        incoming(*(replace(INCOMING, number=f"2026-{n:04}") for n in range(1, 301))),
        archive(*(replace(ARCHIVED, item=n, number=f"2026-{n:03}") for n in range(1, 301))),
    ],
)
def test_three_hundred_rows_go_on_over_pages_with_heads(ledger: Ledger) -> None:
    pages = paper_of(ledger)
    assert len(pages) > 5
    table = ledger_table(ledger)
    for number, page in enumerate(pages, 1):
        assert table.title in page
        assert table.columns[-1].title in page
        assert f"第{number}页共{len(pages)}页" in page
    text = "".join(pages)
    shown = [str(row[0] if "收文" in table.title else row[1]) for row in table.rows]
    assert all(text.count(number) == 1 for number in shown)


def test_posts_of_two_hundred_characters_are_printed_whole() -> None:
    title = "党工委副书记、办事处主任，兼任城市数字化转型工作领导小组办公室成员、"[:33] * 6 + "主任"
    assert len(title) == 200
    rows = [replace(FILED, title=title, number=f"2026-{n:03}") for n in range(3)]
    assert "".join(paper_of(filings(*rows))).count(title) == 3


def test_what_no_page_can_hold_ends_in_words_that_say_so() -> None:
    (page,) = paper_of(filings(replace(FILED, title="主任" * 1500)))
    assert "…（过长）" in page


def test_characters_without_a_font_are_named_and_left_blank() -> None:
    ledger = filings(FIRST, replace(FILED, name="张\U00030edd"))
    (problem,) = paper_problems(ledger)
    assert "〔2026〕12号" in problem
    assert "U+30EDD" in problem
    assert "张" in paper_of(ledger)[0]


def test_words_are_those_of_the_office(tmp_path: Path) -> None:
    words = '[filing]\ntitle = "{year}年备案台账"\n[filing.columns]\nlate = "超期情况"\n'
    (tmp_path / "ledgers.toml").write_text(words, encoding="utf-8")
    target = tmp_path / "台账.pdf"
    write_ledger_pdf(filings(FILED), target, texts=form_texts(tmp_path))
    (page,) = pages_of(target.read_bytes())
    assert "2026年备案台账" in page
    assert "超期情况" in page


def test_what_is_typed_is_not_taken_for_a_placeholder() -> None:
    assert "登记机关：{count}{year}" in paper_of(replace(filings(FILED), keeper="{count}{year}"))[0]


def test_line_above_a_list_is_one_line_and_says_when_it_is_cut() -> None:
    (page,) = paper_of(replace(archive(ARCHIVED), fonds="区\n信息委", department="首席\n数据官办公室"))
    assert "区信息委" in page
    assert "首席数据官办公室" in page
    (page,) = paper_of(replace(archive(ARCHIVED), fonds="首席数据官" * 10, department="首席数据官" * 10))
    assert "…（过长）" in page
