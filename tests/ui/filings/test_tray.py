"""Scans dropped on the tab, the list of what became of them, and the tray: by keyboard and by mouse."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from pypdfium2 import PdfDocument
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from cdo_desktop.rules.vocabulary import FilingState, PaperForm, PaperWay, PostKind
from cdo_desktop.services.filing_receipts import ReceiptDraft
from cdo_desktop.services.paper_list import PaperQuery
from cdo_desktop.ui.filings.intake_dialogs import IntakeDialog, IntakeResult
from cdo_desktop.ui.filings.scan_flow import scan_files
from cdo_desktop.ui.filings.tray_page import TrayPage
from tests.ui.drops import drop_files
from tests.ui.fakes import TODAY
from tests.ui.filings_desk import FilingsDesk

UNIT = "罗店镇"


def printed(desk: FilingsDesk, folder: Path, unit: str = UNIT) -> Path:
    """Print a form and scan it."""
    forms, target = desk.office.forms, BytesIO()
    batch = forms.compose(unit=unit, post=PostKind.SPECIALIST)
    forms.draw(batch, target, duplex=False)
    forms.mark_issued(batch)
    with PdfDocument(target.getvalue()) as document:
        document[0].render(scale=2).to_pil().save(folder / f"{unit}.png")
    return folder / f"{unit}.png"


def own_form(folder: Path, name: str = "自制表.png", shade: int = 255) -> Path:
    """Scan a unit's own form, which has no code."""
    Image.new("L", (800, 1131), shade).save(folder / name)
    return folder / name


def drop(target: QWidget, *paths: Path) -> bool:
    """Let files go over a widget; tell whether they were taken."""
    return drop_files(target, *(QUrl.fromLocalFile(str(path)) for path in paths))


def tray(desk: FilingsDesk) -> TrayPage:
    """Go to the tray."""
    desk.tab.switch.setCurrentIndex(desk.tab.switch.count() - 1)
    desk.settle()
    page = desk.tab.stack.currentWidget()
    assert isinstance(page, TrayPage)
    return page


def waits(desk: FilingsDesk, *files: Path) -> None:
    desk.office.scans.take_in(files, ReceiptDraft(PaperForm.SCAN, TODAY))
    desk.tab.reload()
    desk.settle()


def test_dropped_scan_is_booked_in_to_the_filing_of_its_code(filings: FilingsDesk, tmp_path: Path) -> None:
    assert drop(filings.tab, printed(filings, tmp_path))
    dialog = filings.dialog(IntakeDialog)
    assert dialog.form.editor("received_on").value() == TODAY
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    filings.settle()
    assert filings.notices.infos == ["已归入：罗店镇 数据专员 周明"]
    assert filings.no_dialog()
    (row,) = [row for row in filings.office.filing_list.rows() if row.name == "周明"]
    assert (row.state, row.received_on) == (FilingState.SCANNED, TODAY)


def test_a_stack_of_scans_tells_of_every_page_where_it_went(filings: FilingsDesk, tmp_path: Path) -> None:
    filings.tab.scans.take([printed(filings, tmp_path), printed(filings, tmp_path, "区教育局")])
    filings.settle()
    filings.dialog(IntakeDialog).save()
    tree = filings.dialog(IntakeResult).tree
    items = [item for place in range(tree.topLevelItemCount()) if (item := tree.topLevelItem(place))]
    went = {(item.text(0), item.text(1), item.text(3).split()[0]) for item in items}
    assert went == {("已归入", f"{unit}.png", unit) for unit in (UNIT, "区教育局")}


def test_what_needs_a_look_is_listed_first_with_its_reason(filings: FilingsDesk, tmp_path: Path) -> None:
    bad = tmp_path / "坏.pdf"
    bad.write_bytes(b"%PDF-1.4 no")
    filings.tab.scans.take([printed(filings, tmp_path), own_form(tmp_path), bad])
    filings.settle()
    filings.dialog(IntakeDialog).save()
    result = filings.dialog(IntakeResult)
    items = [result.tree.topLevelItem(place) for place in range(3)]
    assert [item.text(0) for item in items if item] == ["未收", "待认", "已归入"]
    assert "坏.pdf" in items[0].text(5)  # type: ignore[union-attr]
    assert result.windowTitle() == "归入扫描件：已归入 1 份，待认 1 份，未收 1 份"
    result.accept()
    assert filings.tab.switch.tabText(filings.tab.switch.count() - 1) == "待认扫描件 1"


@pytest.mark.parametrize("page", ["备案", "收文登记", "待认扫描件"])
def test_scans_are_taken_wherever_in_the_tab_they_are_let_go(
    filings: FilingsDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    waits(filings, own_form(tmp_path, "先来的.png"))
    titles = [filings.tab.switch.tabText(place) for place in range(filings.tab.switch.count())]
    filings.tab.switch.setCurrentIndex([title.split()[0] for title in titles].index(page))
    filings.settle()
    taken: list[object] = []
    monkeypatch.setattr(filings.tab.scans, "take", lambda files, _others: taken.append(files))
    file = own_form(tmp_path)
    places = [widget for widget in filings.tab.findChildren(QWidget) if widget.isVisible()]
    assert len(places) > 20
    for widget in places:
        assert drop(widget, file), widget
    assert taken == [[file]] * len(places)


@pytest.mark.parametrize("name", ["名册.xlsx", "说明.txt", "没有扩展名"])
def test_other_files_are_told_of_by_name_and_keep_no_scan_out(
    filings: FilingsDesk, tmp_path: Path, name: str
) -> None:
    (tmp_path / name).write_text("x")
    assert not drop(filings.tab, tmp_path / name)
    assert drop(filings.tab, tmp_path / name, printed(filings, tmp_path))
    dialog = filings.dialog(IntakeDialog)
    assert dialog.windowTitle() == "归入扫描件：1 个文件[*]"
    dialog.save()
    result = filings.dialog(IntakeResult)
    items = [result.tree.topLevelItem(place) for place in range(2)]
    told = [[item.text(column) for column in (0, 1, 5)] for item in items if item]
    assert told == [
        ["未收", name, "不是扫描的 PDF 或图片（jpg、png、tif、bmp），没有读取"],
        ["已归入", f"{UNIT}.png", ""],
    ]


def test_drop_without_a_file_is_none() -> None:
    assert not scan_files(None).scans
    data = QMimeData()
    data.setUrls([QUrl("https://example.gov.cn/a.pdf")])
    assert (scan_files(data).scans, scan_files(data).others) == ([], ["a.pdf"])


def test_empty_tray_offers_to_take_in_scans(filings: FilingsDesk) -> None:
    page = tray(filings)
    assert page.stack.currentWidget() is page.empty
    assert [button.text() for button in page.empty.buttons] == ["归入扫描件(&G)…"]


def test_waiting_scan_is_filed_by_typing_the_unit(filings: FilingsDesk, tmp_path: Path) -> None:
    waits(filings, own_form(tmp_path))
    page = tray(filings)
    assert page.reason.text() == f"{TODAY.isoformat()} 收到：没有读到二维码"
    assert not page.picture.label.pixmap().isNull()
    page.search.setFocus()
    QTest.keyClicks(page.search, "ldz")
    QTest.keyClick(page.search, Qt.Key.Key_Return)  # what was typed last counts at once
    filings.settle()
    assert page.filings.selectedItems()[0].text(0) == UNIT
    QTest.keyClick(page.search, Qt.Key.Key_Return)
    filings.settle()
    assert filings.notices.infos[-1].startswith("已归入：罗店镇")
    assert page.stack.currentWidget() is page.empty
    assert filings.tab.switch.tabText(filings.tab.switch.count() - 1) == "待认扫描件"


def test_several_pages_are_filed_as_one_paper(filings: FilingsDesk, tmp_path: Path) -> None:
    waits(filings, own_form(tmp_path, "1.png"), own_form(tmp_path, "2.png", 240))
    page = tray(filings)
    page.scans.selectAll()
    filings.settle()
    page.filings.topLevelItem(0).setSelected(True)  # type: ignore[union-attr]
    page.assign.trigger()
    filings.settle()
    assert filings.office.scans.waiting() == ()
    assert len(filings.office.paper_list.keys(PaperQuery())) == 1


def test_what_belongs_nowhere_is_taken_out_and_comes_back_by_undo(
    filings: FilingsDesk, tmp_path: Path
) -> None:
    undo = filings.office.undo
    waits(filings, own_form(tmp_path))
    page = tray(filings)
    page.drop.trigger()
    filings.settle()
    assert filings.notices.infos == ["已移出 1 份，可以撤销"]
    undo.undo(undo.state.undo.number)
    page.reload()
    filings.settle()
    assert [row.name for row in page.selected()] == ["自制表.png"]


def test_nothing_can_be_filed_before_both_sides_are_chosen(filings: FilingsDesk, tmp_path: Path) -> None:
    waits(filings, own_form(tmp_path))
    page = tray(filings)
    assert not page.assign.isEnabled()
    assert "先在右边选中要归入的备案" in page.assign.toolTip()
    page.scans.clearSelection()
    assert "先在左边选中扫描件" in page.assign.toolTip()
    assert not page.drop.isEnabled()


def test_page_is_turned_and_enlarged(filings: FilingsDesk, tmp_path: Path) -> None:
    waits(filings, own_form(tmp_path))
    picture = tray(filings).picture
    upright = picture.label.pixmap().size()
    picture.turn.trigger()
    turned = picture.label.pixmap().size()
    assert (upright.height() > upright.width(), turned.height() < turned.width()) == (True, True)
    picture.larger.trigger()
    assert picture.label.pixmap().width() > turned.width()
    picture.smaller.trigger()
    assert picture.label.pixmap().width() == turned.width()


def test_waiting_scan_is_enlarged_by_the_usual_keys(filings: FilingsDesk, tmp_path: Path) -> None:
    waits(filings, own_form(tmp_path))
    page = tray(filings)
    page.scans.setFocus()
    before = page.picture.label.pixmap().width()
    QTest.keyClick(page.scans, Qt.Key.Key_Equal, Qt.KeyboardModifier.ControlModifier)
    larger = page.picture.label.pixmap().width()
    assert larger > before
    QTest.keyClick(page.scans, Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier)
    assert page.picture.label.pixmap().width() == before


def test_small_window_still_shows_where_a_scan_may_go(filings: FilingsDesk, tmp_path: Path) -> None:
    waits(filings, own_form(tmp_path))
    page = tray(filings)
    filings.tab.resize(910, 400)  # what a screen of 1366 × 768 leaves at 150 %
    rows = page.filings
    filings.qtbot.waitUntil(lambda: page.height() < 400)
    assert rows.viewport().height() >= 3 * rows.sizeHintForRow(0)


def test_several_pages_are_taken_out_in_one_step(filings: FilingsDesk, tmp_path: Path) -> None:
    undo = filings.office.undo
    waits(filings, *(own_form(tmp_path, f"{number}.png", 200 + number) for number in range(3)))
    page = tray(filings)
    page.scans.selectAll()
    page.drop.trigger()
    filings.settle()
    assert filings.notices.infos == ["已移出 3 份，可以撤销"]
    assert filings.office.scans.waiting() == ()
    undo.undo(undo.state.undo.number)
    assert len(filings.office.scans.waiting()) == 3


def test_page_that_somebody_else_settled_keeps_all_in_the_tray(filings: FilingsDesk, tmp_path: Path) -> None:
    waits(filings, own_form(tmp_path, "1.png"), own_form(tmp_path, "2.png", 240))
    page = tray(filings)
    page.scans.selectAll()
    filings.office.scans.drop(filings.office.scans.waiting()[1:])
    page.drop.trigger()
    filings.settle()
    assert "刚被别人处理" in str(filings.notices.errors[0])
    assert [row.name for row in filings.office.scans.waiting()] == ["1.png"]


def test_after_one_is_filed_the_next_waits_for_the_next_unit(filings: FilingsDesk, tmp_path: Path) -> None:
    waits(filings, *(own_form(tmp_path, f"{number}.png", 200 + number) for number in range(4)))
    page = tray(filings)
    page.scans.clearSelection()
    page.scans.topLevelItem(1).setSelected(True)  # type: ignore[union-attr]
    for unit, left in (("ldz", "2.png"), ("jyj", "3.png"), ("czj", "0.png")):
        page.search.setFocus()
        QTest.keyClicks(page.search, unit)
        filings.press(Qt.Key.Key_Return, Qt.Key.Key_Return)
        assert [row.name for row in page.selected()] == [left]
        assert page.scans.currentItem().text(0) == left
        assert page.search.hasFocus()
    page.scans.setFocus()
    page.drop.trigger()
    filings.settle()
    assert page.empty.buttons[0].hasFocus()


def test_refreshing_counts_what_waits_anew_on_every_page(filings: FilingsDesk, tmp_path: Path) -> None:
    place = filings.tab.switch.count() - 1
    tray(filings)
    for number, index in enumerate((place, 1, 0), start=1):
        filings.tab.switch.setCurrentIndex(index)
        filings.settle()
        take = own_form(tmp_path, f"{number}.png", 200 + number)
        filings.office.scans.take_in([take], ReceiptDraft(PaperForm.SCAN, TODAY))
        filings.tab.stack.currentWidget().setFocus()
        filings.press(Qt.Key.Key_F5)
        assert filings.tab.switch.tabText(place) == f"待认扫描件 {number}"


@pytest.mark.parametrize("width", [910, 1366])
def test_state_and_names_are_not_cut(filings: FilingsDesk, tmp_path: Path, width: int) -> None:
    filings.tab.resize(width, 460)
    waits(filings, own_form(tmp_path, "区民政局 自制表.png"))
    page = tray(filings)
    filings.qtbot.waitUntil(lambda: filings.tab.width() == width)
    assert not page.filings.horizontalScrollBar().isVisible()
    header = page.filings.header()
    assert (
        sum(header.sectionSize(place) for place in range(header.count())) <= page.filings.viewport().width()
    )
    for place in range(page.filings.topLevelItemCount()):
        item = page.filings.topLevelItem(place)
        assert item is not None
        for column in range(1, header.count()):
            assert page.filings.sizeHintForColumn(column) <= header.sectionSize(column)
        assert item.text(0) in item.toolTip(0)
    assert page.scans.sizeHintForColumn(0) <= page.scans.header().sectionSize(0) or width == 910
    assert "区民政局 自制表.png" in page.scans.topLevelItem(0).toolTip(1)  # type: ignore[union-attr]


def test_tray_offers_the_way_in_which_a_page_came(filings: FilingsDesk, tmp_path: Path) -> None:
    draft = ReceiptDraft(PaperForm.ORIGINAL, TODAY, PaperWay.POST)
    filings.office.scans.take_in([own_form(tmp_path)], draft)
    waits(filings, own_form(tmp_path, "2.png", 240))
    page = tray(filings)
    offered = []
    for place in range(2):
        page.scans.clearSelection()
        page.scans.topLevelItem(place).setSelected(True)  # type: ignore[union-attr]
        offered.append(tuple(page.form.values()[name] for name in ("form", "received_on", "way")))
    assert offered == [("原件", TODAY, "邮寄"), ("扫描件", TODAY, "OA")]
