"""Papers of the selected filings: which can be written, and where they go."""

from pathlib import Path

import pypdfium2
import pytest

from cdo_desktop.rules.filing_steps import FilingStep
from cdo_desktop.services.filing_sql import FilingView
from cdo_desktop.ui.filings.step_dialog import StepDialog
from tests.ui.filings_desk import FilingsDesk, filed, received


def text_of(file: Path) -> str:
    """Return all that is written on the pages of a PDF."""
    with pypdfium2.PdfDocument(file) as document:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)


@pytest.mark.parametrize(("name", "words"), [("receipts", "回执"), ("seal_list", "用印清单")])
def test_papers_of_numbered_filings(filings: FilingsDesk, tmp_path: Path, name: str, words: str) -> None:
    ids = filings.ids()[:2]
    received(filings.office, *ids)
    filed(filings.office, *ids)
    filings.show(FilingView.TO_STORE)
    filings.select(*ids)
    filings.files.path = tmp_path / "文书.pdf"
    getattr(filings.page.papers, name).trigger()
    filings.settle()
    text = text_of(filings.files.path)
    assert words in text.replace(" ", "")
    assert "2026-001" in text
    assert filings.page.result_line.isVisible()
    assert filings.page.result_line.label.text().endswith("：文书.pdf")
    assert filings.files.names[0].endswith("20261124.pdf")


@pytest.mark.parametrize(("name", "words"), [("reminders", "罗店镇"), ("handovers", "周明")])
def test_papers_of_what_has_not_come(filings: FilingsDesk, tmp_path: Path, name: str, words: str) -> None:
    filings.select(*filings.ids(FilingView.OVERDUE))
    filings.files.path = tmp_path / "文书.pdf"
    getattr(filings.page.papers, name).trigger()
    filings.settle()
    assert words in text_of(filings.files.path)


def test_a_paper_that_cannot_be_written_says_why(filings: FilingsDesk) -> None:
    papers = filings.page.papers
    assert papers.receipts.statusTip() == "先选中一行"
    filings.select(filings.ids(FilingView.OVERDUE)[0])
    assert (papers.receipts.isEnabled(), papers.receipts.statusTip()) == (False, "还没有编号，没有回执")
    assert papers.reminders.isEnabled()
    first = next(one for one in filings.ids() if filings.row(one).kind == "首次备案")
    filings.select(first)
    assert papers.handovers.statusTip() == "首次备案没有前任，不用交接"


def test_after_the_last_number_the_batch_stays_selected_where_it_is_now(filings: FilingsDesk) -> None:
    ids = filings.ids()[:3]
    received(filings.office, *ids)
    filings.show(FilingView.TO_NUMBER)
    filings.select(*ids)
    filings.open(FilingStep.FILE, StepDialog).save()
    filings.settle()
    assert filings.page.bar.views._buttons[FilingView.TO_STORE].isChecked()
    assert set(filings.page.table.selected_keys()) == set(ids)
    assert filings.page.papers.receipts.isEnabled()
