"""Papers of the selected filings: which can be written, and where they go."""

from datetime import date
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtWidgets import QToolButton

from cdo_desktop.rules.filing_steps import FilingStep
from cdo_desktop.services.filing_sql import FilingView
from cdo_desktop.ui.common.pdf_preview import PreviewDialog
from cdo_desktop.ui.filings.choice_dialog import ChoiceDialog
from cdo_desktop.ui.filings.paper_output import problem_text
from cdo_desktop.ui.filings.step_dialog import StepDialog
from tests.ui.filings_desk import FilingsDesk, filed, received
from tests.ui.register_desk import WAIT


def text_of(file: Path) -> str:
    """Return all that is written on the pages of a PDF."""
    with pypdfium2.PdfDocument(file) as document:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def saved(desk: FilingsDesk, folder: Path) -> str:
    """Save what the preview shows and return its text."""
    preview = desk.dialog(PreviewDialog)
    desk.files.path = folder / "文书.pdf"
    preview.save_as()
    desk.settle()
    assert preview.result_line.label.text() == "已存为 文书.pdf"
    preview.done(0)
    return text_of(desk.files.path)


@pytest.mark.parametrize(("name", "words"), [("receipts", "回执"), ("seal_list", "用印清单")])
def test_papers_of_numbered_filings(filings: FilingsDesk, tmp_path: Path, name: str, words: str) -> None:
    ids = filings.ids()[:2]
    received(filings.office, *ids)
    filed(filings.office, *ids)
    filings.show(FilingView.TO_STORE)
    filings.select(*ids)
    getattr(filings.page.papers, name).trigger()
    if name == "seal_list":
        dialog = filings.dialog(ChoiceDialog)
        dialog.form.editor("copies").set_value("3")
        dialog.save()
        filings.settle()
    text = saved(filings, tmp_path)
    assert words in text.replace(" ", "")
    assert "2026-001" in text
    assert filings.files.names[0].endswith("20261124.pdf")


def test_menu_is_reached_in_a_narrow_window_too(filings: FilingsDesk) -> None:
    filings.tab.resize(910, 460)  # 1366 × 768 at 150 %
    (button,) = [one for one in filings.tab.findChildren(QToolButton) if one.text() == "文书(&W)"]
    filings.qtbot.waitUntil(lambda: filings.tab.width() == 910, timeout=WAIT)
    assert button.isVisible()
    titles = [action.text() for action in button.menu().actions() if not action.isSeparator()]
    keys = [title[title.index("&") + 1] for title in titles]
    assert len(titles) == len(set(keys)) == 9


def test_handover_of_a_change(filings: FilingsDesk, tmp_path: Path) -> None:
    filings.select(*filings.ids(FilingView.OVERDUE))
    filings.page.papers.handovers.trigger()
    assert "周明" in saved(filings, tmp_path)


@pytest.mark.parametrize("name", ["reminders", "all_reminders"])
def test_reminder_says_by_when_an_answer_is_wanted(filings: FilingsDesk, tmp_path: Path, name: str) -> None:
    if name == "reminders":
        filings.select(*filings.ids(FilingView.OVERDUE))
    getattr(filings.page.papers, name).trigger()
    dialog = filings.dialog(ChoiceDialog)
    dialog.form.editor("reply_by").set_value(date(2026, 11, 27))
    dialog.save()
    filings.settle()
    text = saved(filings, tmp_path).replace(" ", "")
    assert "罗店镇" in text
    assert "11月27日" in text


def test_letters_to_all_say_when_nothing_is_overdue(filings: FilingsDesk) -> None:
    received(filings.office, *filings.ids(FilingView.OVERDUE))
    filings.page.papers.all_reminders.trigger()
    filings.dialog(ChoiceDialog).save()
    filings.settle()
    assert len(filings.notices.errors) == 1
    assert filings.no_dialog()


def test_blank_forms_are_shown_without_a_selection(filings: FilingsDesk, tmp_path: Path) -> None:
    filings.page.papers.blanks.trigger()
    assert "备案表" in saved(filings, tmp_path).replace(" ", "")
    assert filings.files.names == ["空白备案表20261124.pdf"]


def test_a_choice_is_closed_without_a_question(filings: FilingsDesk) -> None:
    filings.page.papers.all_reminders.trigger()
    dialog = filings.dialog(ChoiceDialog)
    dialog.form.editor("duplex").set_value(True)
    dialog.reject()
    assert filings.no_dialog()
    assert filings.notices.questions == []


def test_what_no_font_shows_is_said_above_the_paper(filings: FilingsDesk) -> None:
    assert problem_text(("甲。", "乙。", "丙。", "丁。")) == "打印前请看一下：甲；乙；丙；另有 1 处。"


def test_numbers_are_followed_by_their_papers(filings: FilingsDesk, tmp_path: Path) -> None:
    ids = filings.ids()[:2]
    received(filings.office, *filings.ids()[:3])
    filings.show(FilingView.TO_NUMBER)
    filings.select(*ids)
    assert not filings.page.numbered.isVisible()
    filings.open(FilingStep.FILE, StepDialog).save()
    filings.settle()
    line = filings.page.numbered
    assert line.label.text() == "已备案 2 份：2026-001 至 2026-002"
    line.receipts_button.click()
    filings.settle()
    text = saved(filings, tmp_path)
    assert all(number in text for number in ("2026-001", "2026-002"))
    line.seal_button.click()
    filings.dialog(ChoiceDialog).save()
    filings.settle()
    assert "2026-002" in saved(filings, tmp_path)
    line.close_button.click()
    assert not line.isVisible()


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
