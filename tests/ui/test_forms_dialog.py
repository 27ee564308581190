"""备案表 are looked at, printed and saved from one window."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from pypdfium2 import PdfDocument
from PySide6.QtGui import Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from cdo_desktop.errors import FileInUseError, StorageError
from cdo_desktop.office import Office
from cdo_desktop.rules.filing_steps import FilingStep
from cdo_desktop.rules.vocabulary import FilingState
from cdo_desktop.services.forms import FormBatch, FormService
from cdo_desktop.services.register import RegisterQuery
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.pdf_preview import PreviewDialog
from cdo_desktop.ui.common.progress import Progress
from cdo_desktop.ui.registry import forms_batch
from cdo_desktop.ui.registry.forms_dialog import FormsDialog
from tests.ui.fakes import FakeFiles, FakeNotices, make_ui
from tests.ui.small_district import post_of, services_of, tab_round


class Desk:
    """The dialog with everything around it."""

    def __init__(self, office: Office, folder: Path, qtbot: QtBot) -> None:
        self.office = office
        self.folder = folder
        self.notices = FakeNotices()
        self.files = FakeFiles()
        self.ui: UiContext = make_ui(self.notices, self.files)
        self.issued = 0
        self._qtbot = qtbot
        self._dialogs: list[FormsDialog] = []

    def open(
        self, post_ids: Sequence[int] | None = None, filing_ids: Sequence[int] | None = None
    ) -> FormsDialog:
        """Open the window and wait until the forms are listed."""
        dialog = FormsDialog(services_of(self.office), self.ui, post_ids, filing_ids=filing_ids)
        dialog.issued.connect(self._count)
        self._qtbot.addWidget(dialog)
        self._dialogs.append(dialog)
        dialog.show()
        self.settle()
        return dialog

    def _count(self) -> None:
        self.issued += 1

    def settle(self) -> None:
        """Wait until nothing runs."""
        self._qtbot.waitUntil(lambda: not self.ui.tasks.busy, timeout=20_000)

    def wait_for_preview(self, dialog: FormsDialog, name: str) -> None:
        """Wait until the form of this person is shown."""

        def shown() -> bool:
            pages = dialog.form_preview.widget.pages
            return pages is not None and name in text_of(pages.content)[0]

        self._qtbot.waitUntil(shown, timeout=20_000)

    def close(self) -> None:
        """Close what is open."""
        self.ui.tasks.wait_all()
        for dialog in self._dialogs:
            dialog.reject()


@pytest.fixture
def desk(district_office: Office, tmp_path: Path, qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(district_office, tmp_path, qtbot)
    yield made
    made.close()


def text_of(content: bytes) -> list[str]:
    """Return the text of each page without blanks, as the form spaces its characters."""
    with PdfDocument(content) as document:
        return ["".join(page.get_textpage().get_text_bounded().split()) for page in document]


def names(dialog: FormsDialog) -> list[str]:
    """Return the names listed and not filtered away."""
    tree = dialog.view.list.tree
    items = [tree.topLevelItem(number) for number in range(tree.topLevelItemCount())]
    return [item.text(2) for item in items if item is not None and not item.isHidden()]


def untick(dialog: FormsDialog, number: int) -> None:
    """Take the tick of a line away, as a click would."""
    item = dialog.view.list.tree.topLevelItem(number)
    assert item is not None
    item.setCheckState(0, Qt.CheckState.Unchecked)


def filing_states(desk: Desk) -> set[str]:
    """Return the states that the filings of the held posts are in."""
    return {row.filing_state for row in desk.office.register.all_rows(RegisterQuery()) if row.tenure_id}


def test_forms_are_listed_in_register_order_with_the_empty_posts_last(desk: Desk) -> None:
    dialog = desk.open()
    assert names(dialog) == ["陈思远", "欧阳静", "单学文", "吕晓雯", "解正华", "（空缺）"]
    assert dialog.view.list.ticked() == [0, 1, 2, 3, 4]
    assert dialog.view.list.summary.text() == "已选 5 份（双面，5 张纸）"


def test_chips_part_what_must_be_looked_at_first(desk: Desk) -> None:
    dialog = desk.open()
    assert dialog.view.banner.text.startswith("有 2 份表有提示")
    for button in dialog.view.list.chips.findChildren(QAbstractButton):
        if button.text() == "先看问题 2":
            button.click()
    assert names(dialog) == ["陈思远", "欧阳静"]
    assert "宝山区罗店镇人民政府" in dialog.view.warning_text.text()


def test_empty_post_shows_no_form(desk: Desk) -> None:
    dialog = desk.open()
    dialog.view.list.show_only("空缺")
    assert names(dialog) == ["（空缺）"]
    assert dialog.view.vacant.isVisible()


@pytest.mark.parametrize(
    ("typed", "found"), [("jyj", ["单学文", "吕晓雯"]), ("shanxuew", ["单学文"]), ("欧阳", ["欧阳静"])]
)
def test_search_takes_chinese_pinyin_and_initials(desk: Desk, typed: str, found: list[str]) -> None:
    dialog = desk.open()
    dialog.view.list.search.setText(typed)
    assert names(dialog) == found


def test_escape_empties_the_search_before_it_closes(desk: Desk) -> None:
    dialog = desk.open()
    dialog.view.list.search.setText("jyj")
    dialog.view.list.search.setFocus()
    dialog.reject()
    assert dialog.isVisible()
    assert len(names(dialog)) == 6
    dialog.reject()
    assert not dialog.isVisible()


def test_preview_follows_the_current_line(desk: Desk) -> None:
    dialog = desk.open()
    desk.wait_for_preview(dialog, "陈思远")
    QTest.keyClick(dialog.view.list.tree, Qt.Key.Key_Down)
    QTest.keyClick(dialog.view.list.tree, Qt.Key.Key_Down)
    desk.wait_for_preview(dialog, "单学文")


def test_form_of_one_post_waits_for_enter_alone(desk: Desk) -> None:
    dialog = desk.open([post_of(desk.office, "区教育局", "数据专员").post_id])
    assert dialog.focusWidget() is dialog.print_button
    assert not dialog.view.list.isVisible()
    desk.wait_for_preview(dialog, "吕晓雯")


@pytest.mark.parametrize(("duplex", "pages"), [(True, 8), (False, 4)])
def test_ticked_forms_become_one_pdf(desk: Desk, duplex: bool, pages: int) -> None:
    dialog = desk.open()
    untick(dialog, 1)
    dialog.view.duplex.setChecked(duplex)
    desk.files.path = desk.folder / "全部.pdf"
    dialog.one_file_action.trigger()
    desk.settle()
    texts = text_of((desk.folder / "全部.pdf").read_bytes())
    assert len(texts) == pages
    assert desk.files.names == ["备案表_4份_20261124.pdf"]
    fronts = texts[:: pages // 4]
    for name, text in zip(["陈思远", "单学文", "吕晓雯", "解正华"], fronts, strict=True):
        assert name in text
    assert desk.issued == 1
    assert dialog.view.result_line.isVisible()


def test_each_form_becomes_a_file_of_its_own(desk: Desk) -> None:
    dialog = desk.open()
    desk.files.path = desk.folder / "出表"
    dialog.folder_action.trigger()
    desk.settle()
    written = sorted(path.name for path in (desk.folder / "出表").iterdir())
    assert len(written) == 5
    assert any(name.endswith("罗店镇_首席数据官_陈思远.pdf") for name in written)


def test_files_of_the_same_name_are_replaced_only_after_a_question(desk: Desk) -> None:
    dialog = desk.open()
    desk.files.path = desk.folder / "出表"
    dialog.folder_action.trigger()
    desk.settle()
    kept = {path: path.stat().st_mtime_ns for path in (desk.folder / "出表").iterdir()}
    desk.notices.answer = False
    dialog.folder_action.trigger()
    desk.settle()
    assert "已有 5 个同名" in desk.notices.questions[0]
    assert {path: path.stat().st_mtime_ns for path in (desk.folder / "出表").iterdir()} == kept


def test_stopped_batch_leaves_no_file(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    dialog = desk.open()
    original = forms_batch._tell

    def stop_at_second(progress: Progress, batch: FormBatch, done: int) -> None:
        if done == 2:
            progress.cancel()
        original(progress, batch, done)

    monkeypatch.setattr(forms_batch, "_tell", stop_at_second)
    desk.files.path = desk.folder / "出表"
    dialog.folder_action.trigger()
    desk.settle()
    assert list((desk.folder / "出表").iterdir()) == []
    assert filing_states(desk) == {FilingState.DRAFT}
    assert desk.notices.infos == ["已取消，这次操作没有完成。"]


def test_stopped_file_leaves_the_earlier_one(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    dialog = desk.open()

    def stop(progress: Progress, batch: FormBatch, done: int) -> None:
        progress.cancel()
        progress.step(done, len(batch.sheets))

    monkeypatch.setattr(forms_batch, "_tell", stop)
    desk.files.path = desk.folder / "旧.pdf"
    desk.files.path.write_bytes(b"old")
    dialog.one_file_action.trigger()
    desk.settle()
    assert desk.files.path.read_bytes() == b"old"


def test_file_that_is_open_elsewhere_is_written_after_a_retry(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = desk.open()
    original = FormService.write_one_file
    tries: list[Path] = []

    def held_once(service: FormService, batch: FormBatch, target: Path, **options: object) -> int:
        tries.append(target)
        if len(tries) == 1:
            raise FileInUseError("“全部.pdf” 正被 Excel 或 WPS 打开，没有写入。")
        return original(service, batch, target, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(FormService, "write_one_file", held_once)
    desk.files.path = desk.folder / "全部.pdf"
    desk.notices.choice = 1
    dialog.one_file_action.trigger()
    desk.settle()
    assert tries == [desk.files.path] * 2
    assert desk.files.path.exists()
    assert desk.files.names == ["备案表_5份_20261124.pdf"]  # asked once


class Paper(QPrinter):
    """Draws into a file, which stands for the sheets that come out of a printer."""

    takes = 99
    """Pages, before it stops."""

    def outputFileName(self) -> str:  # noqa: N802
        return ""

    def newPage(self) -> bool:  # noqa: N802
        self.takes -= 1
        return self.takes > 0 and super().newPage()


def printer_into(target: Path, kind: type[QPrinter] = Paper) -> QPrinter:
    """Return a printer whose sheets, or whose file, are found at ``target``."""
    printer = kind(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(target))
    return printer


def test_printing_sends_one_job_and_hands_the_filings_out(desk: Desk) -> None:
    dialog = desk.open()
    for place in range(3):
        untick(dialog, place)
    assert filing_states(desk) == {FilingState.DRAFT}
    dialog.print_on(printer_into(desk.folder / "打印.pdf"))
    desk.settle()
    with PdfDocument(desk.folder / "打印.pdf") as document:
        assert len(document) == 4
    assert post_of(desk.office, "区财政局", "首席数据官").filing_state == FilingState.ISSUED
    assert post_of(desk.office, "罗店镇", "首席数据官").filing_state == FilingState.DRAFT
    assert desk.notices.infos == ["已送往打印机：备案表 2 份，共 4 页"]
    assert desk.issued == 1


def test_a_job_that_the_printer_did_not_take_hands_nothing_out(desk: Desk) -> None:
    dialog = desk.open()
    printer = printer_into(desk.folder / "打印.pdf")
    assert isinstance(printer, Paper)
    printer.takes = 2
    dialog.print_on(printer)
    desk.settle()
    assert "打印机在第 3 页停下了" in dialog.view.banner.text
    assert filing_states(desk) == {FilingState.DRAFT}
    assert desk.issued == 0


def test_only_forms_whose_page_was_chosen_are_handed_out(desk: Desk) -> None:
    dialog = desk.open()
    printer = printer_into(desk.folder / "打印.pdf")
    printer.setPrintRange(QPrinter.PrintRange.PageRange)
    printer.setFromTo(2, 3)  # the back of the first form, the front of the second
    dialog.print_on(printer)
    desk.settle()
    assert desk.notices.infos == ["已送往打印机：备案表 1 份，共 2 页"]
    rows = desk.office.register.all_rows(RegisterQuery())
    assert [row.name for row in rows if row.filing_state == FilingState.ISSUED] == ["欧阳静"]


def test_printing_into_a_file_says_where_it_is(desk: Desk) -> None:
    dialog = desk.open()
    dialog.print_on(printer_into(desk.folder / "打印.pdf", QPrinter))
    desk.settle()
    assert desk.notices.infos == ["已存为 打印.pdf：备案表 5 份，共 10 页"]
    assert not dialog.view.result_line.open_button.isHidden()
    with PdfDocument(desk.folder / "打印.pdf") as document:
        assert "罗店镇" in document[0].get_textpage().get_text_bounded()


def test_the_preview_shows_the_pages_that_are_printed(desk: Desk, qtbot: QtBot) -> None:
    dialog = desk.open()
    preview = dialog.form_preview.widget
    qtbot.waitUntil(lambda: preview.pages is not None and len(preview.pages) == 2)
    assert preview.total.text() == "/ 2"
    dialog.view.duplex.setChecked(False)
    qtbot.waitUntil(lambda: preview.pages is not None and len(preview.pages) == 1)


def test_space_ticks_whatever_column_is_current(desk: Desk) -> None:
    dialog = desk.open()
    tree = dialog.view.list.tree
    tree.setCurrentIndex(tree.model().index(2, 2))
    QTest.keyClick(tree, Qt.Key.Key_Space)
    assert dialog.view.list.ticked() == [0, 1, 3, 4]
    QTest.keyClick(tree, Qt.Key.Key_Space)
    assert dialog.view.list.ticked() == [0, 1, 2, 3, 4]
    tree.setCurrentIndex(tree.model().index(5, 0))
    QTest.keyClick(tree, Qt.Key.Key_Space)  # an empty post has nothing to print
    assert dialog.view.list.ticked() == [0, 1, 2, 3, 4]


def test_forms_that_cannot_be_composed_say_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_asked: object) -> None:
        raise StorageError("数据库正被占用，没有读出备案表。请稍后再试。")

    monkeypatch.setattr(forms_batch, "compose", fail)
    dialog = desk.open()
    assert "数据库正被占用" in dialog.view.banner.text
    assert dialog.view.empty.title.text() == "备案表没有准备好"
    assert not dialog.print_button.isEnabled()


def test_nothing_ticked_disables_printing_with_the_reason(desk: Desk) -> None:
    dialog = desk.open()
    dialog.view.list.none_button.click()
    assert not dialog.print_button.isEnabled()
    assert "没有勾选" in dialog.print_button.toolTip()
    dialog.view.list.all_button.click()
    assert dialog.print_button.isEnabled()


def test_blank_forms_open_with_their_instructions_overleaf(desk: Desk) -> None:
    dialog = desk.open()
    texts = blank_pages(desk, dialog, "两种都要")
    assert len(texts) == 4
    assert "首席数据官备案表" in texts[0]
    assert "数据专员备案表" in texts[2]


def blank_pages(desk: Desk, dialog: FormsDialog, title: str) -> list[str]:
    """Return the texts of the pages that a line of the menu of empty forms opens."""
    next(action for action in dialog.blank_menu.actions() if action.text() == title).trigger()
    desk.settle()
    (preview,) = dialog.findChildren(PreviewDialog)
    desk.settle()
    assert preview.preview.pages is not None
    texts = text_of(preview.preview.pages.content)
    preview.reject()
    return texts


@pytest.mark.parametrize("post", ["首席数据官", "数据专员"])
def test_a_departure_has_an_empty_form_of_its_own(desk: Desk, post: str) -> None:
    texts = blank_pages(desk, desk.open(), f"{post}备案表（离任）")
    assert len(texts) == 2
    assert "离任日期" in texts[0]
    assert "本人签名" not in texts[0].split("单位意见")[0].split("离任日期")[1]


def test_every_control_has_a_name(desk: Desk) -> None:
    dialog = desk.open()
    kinds = (QPushButton, QToolButton, QLineEdit)
    controls = [control for kind in kinds for control in dialog.findChildren(kind)]
    own = [control for control in controls if control.isVisible() and "spinbox" not in control.objectName()]
    assert [control for control in own if not control.accessibleName()] == []


def test_tab_reaches_search_chips_and_buttons(desk: Desk) -> None:
    reached = tab_round(desk.open())
    wanted = [
        "备案表清单",
        "空白表",
        "背面印填表说明",
        "打印",
        "关闭",
        "显示：全部",
        "查找单位或姓名",
        "全选",
    ]
    assert [name for name in reached if name in wanted] == wanted


def test_a_chosen_filing_that_is_final_says_why_it_has_no_form(desk: Desk) -> None:
    filings = desk.office.filings
    first, second = (row.filing_id for row in desk.office.filing_list.rows()[:2])
    filings.void(filings.plan(FilingStep.VOID, [first]), "登记有误")
    dialog = desk.open(filing_ids=[first, second])
    assert len(names(dialog)) == 2
    assert len(dialog.view.list.ticked()) == 1
    assert dialog.view.banner.text == "有 2 份表有提示，打印前请先看（清单里的“提示”一栏）。"
    tree = dialog.view.list.tree
    tree.setCurrentIndex(tree.model().index(1, 0))
    assert dialog.view.unprinted.isVisible()
    assert dialog.view.unprinted.title.text() == "陈思远的首次备案没有出表"
    assert dialog.view.unprinted.text.text() == "已经作废，不再出表；重新办理以后另有一份。"
    assert not dialog.view.warnings.isVisible()


def test_the_form_of_a_single_chosen_filing_can_be_printed_with_enter(desk: Desk) -> None:
    filing_id = desk.office.filing_list.rows()[0].filing_id
    dialog = desk.open(filing_ids=[filing_id])
    batch = dialog.chosen()
    assert batch is not None
    assert [sheet.filing_id for sheet in batch.sheets] == [filing_id]
    assert dialog.focusWidget() is dialog.print_button
