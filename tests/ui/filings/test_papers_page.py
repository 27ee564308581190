"""收文登记: what was received, the way back to its filing, and the lists of a year."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from cdo_desktop.rules.filing_steps import FilingStep
from cdo_desktop.rules.vocabulary import PaperForm, PaperWay
from cdo_desktop.services.filing_receipts import ReceiptDraft
from cdo_desktop.ui.common.pdf_preview import PreviewDialog
from cdo_desktop.ui.common.style import MEDIUM
from cdo_desktop.ui.common.table_columns import Column
from cdo_desktop.ui.filings import filings_table, papers_table
from cdo_desktop.ui.filings.choice_dialog import ChoiceDialog
from cdo_desktop.ui.filings.ledgers import ARCHIVE, FILINGS, PAPERS
from cdo_desktop.ui.filings.papers_page import PapersPage
from tests.ui.fakes import TODAY
from tests.ui.filings_desk import FilingsDesk, filed

SCAN = ReceiptDraft(PaperForm.SCAN, TODAY, PaperWay.MESSAGE)


def receive(desk: FilingsDesk, draft: ReceiptDraft, *filing_ids: int) -> None:
    filings = desk.office.filings
    filings.receive(filings.plan(FilingStep.RECEIVE, filing_ids), draft)


def papers(desk: FilingsDesk) -> PapersPage:
    """Go to the page."""
    desk.tab.switch.setCurrentIndex(1)
    desk.settle()
    page = desk.tab.stack.currentWidget()
    assert isinstance(page, PapersPage)
    return page


def shown(page: PapersPage) -> list[str]:
    model = page.table.model
    return [" ".join(model.line(row).texts[:3]) for row in range(model.key_count)]


def test_every_paper_is_listed_the_newest_first(filings: FilingsDesk) -> None:
    one, other = filings.ids()[:2]
    receive(filings, replace(SCAN, received_on=date(2025, 12, 30)), one)
    receive(filings, replace(SCAN, entry_no="OA-8"), other)
    page = papers(filings)
    units = {row.filing_id: row.unit for row in filings.office.filing_list.rows()}
    assert shown(page) == [f"OA-8 2026-11-24 {units[other]}", f"收2025-0001 2025-12-30 {units[one]}"]
    assert [page.years.itemText(place) for place in range(3)] == ["全部年份", "2026", "2025"]
    page.years.setCurrentText("2025")
    filings.settle()
    assert shown(page) == [f"收2025-0001 2025-12-30 {units[one]}"]


@pytest.mark.parametrize("columns", [filings_table.COLUMNS, papers_table.COLUMNS])
def test_every_column_is_in_sight_in_a_window_of_1366(columns: Sequence[Column[object]]) -> None:
    width = sum(column.width for column in columns if not column.hidden)
    room = 1366 - 2 * MEDIUM - 14  # a scroll bar
    assert width * 13 / 12 <= room  # the program's 9.5 pt on a screen, of which a width at 9 pt is 12


def test_enter_leads_to_the_filing_whatever_was_filtered(filings: FilingsDesk) -> None:
    one = filings.ids()[0]
    receive(filings, SCAN, one)
    filings.page.table.set_text("没有这个人")
    page = papers(filings)
    page.table.select_key(page.table.model.key_at(0))
    page.table.activated.emit(page.table.model.key_at(0))
    filings.settle()
    assert filings.tab.stack.currentWidget() is filings.page
    assert filings.page.table.selected_keys() == [one]


def test_nothing_received_says_where_papers_come_from(filings: FilingsDesk) -> None:
    page = papers(filings)
    assert shown(page) == []
    assert not page.open_filing.isEnabled()
    assert "先选中一件" in page.open_filing.toolTip()


@pytest.mark.parametrize(
    ("what", "kind", "name"),
    [
        (FILINGS, "Excel 工作簿", "2026年备案登记册.xlsx"),
        (PAPERS, "PDF", "2026年收文登记册.pdf"),
        (ARCHIVE, "Excel 工作簿", "2026年归档文件目录.xlsx"),
    ],
)
def test_list_of_a_year_is_written_as_it_was_asked_for(
    filings: FilingsDesk, tmp_path: Path, what: str, kind: str, name: str
) -> None:
    one = filings.ids()[0]
    receive(filings, SCAN, one)
    filed(filings.office, one)
    page = papers(filings)
    filings.files.path = tmp_path / name
    page.ledgers.ask(what)
    dialog = filings.dialog(ChoiceDialog)
    dialog.form.editor("kind").set_value(kind)
    if what == ARCHIVE:
        assert dialog.form.editor("retention").value() == "30年"
    dialog.save()
    filings.settle()
    if name.endswith(".pdf"):
        preview = filings.dialog(PreviewDialog)
        preview.save_as()
        filings.settle()
        preview.done(0)
    assert filings.files.names == [name]
    if name.endswith(".xlsx"):
        assert filings.notices.infos == [f"已导出 2026 年{what}（1 条）：{name}"]
        assert page.result_line.isVisible()
        cells = [cell.value for line in load_workbook(tmp_path / name).active.iter_rows() for cell in line]
        assert "2026-001" in cells
    else:
        assert (tmp_path / name).read_bytes().startswith(b"%PDF")
