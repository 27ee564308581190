"""The steps of a filing in their windows, by keyboard: one summary before, Enter does it."""

from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from cdo_desktop.errors import StorageError
from cdo_desktop.rules.filing_steps import FilingStep
from cdo_desktop.rules.vocabulary import FilingState, PaperForm
from cdo_desktop.services.attachment_rows import of_filing
from cdo_desktop.services.departures import LeaveDraft
from cdo_desktop.services.filing_receipts import ReceiptDraft
from cdo_desktop.services.filing_sql import FilingView
from cdo_desktop.ui.common.form_dialog import SCREEN_SHARE
from cdo_desktop.ui.filings.history_dialog import FilingHistoryDialog
from cdo_desktop.ui.filings.receive_dialog import ReceiveDialog
from cdo_desktop.ui.filings.step_dialog import StepDialog
from cdo_desktop.ui.filings.step_dialogs import ExplainDialog
from tests.ui.drops import drop_files
from tests.ui.fakes import TODAY
from tests.ui.filings_desk import FilingsDesk, filed, received
from tests.ui.register_desk import WAIT

PDF = b"%PDF-1.7\n" + bytes(100)
ENTER, ESCAPE = Qt.Key.Key_Return, Qt.Key.Key_Escape


def explained(dialog: StepDialog) -> list[str]:
    """Return the lines of the summary: number and remark."""
    tree = dialog.summary.list
    items = [tree.topLevelItem(row) for row in range(tree.topLevelItemCount())]
    return [f"{item.text(3)} {item.text(4)}".strip() for item in items if item]


def test_one_receipt_is_booked_in_by_enter_and_the_next_row_is_selected(filings: FilingsDesk) -> None:
    first, second = filings.ids(FilingView.WAITING)[:2]
    filings.select(first)
    filings.page.table.grid.setFocus()
    filings.press(ENTER)
    dialog = filings.dialog(ReceiveDialog)
    assert dialog.windowTitle() == "收件：罗店镇 数据专员 周明[*]"
    assert dialog.summary.sentence.text() == "收件 1 份。"
    filings.press(ENTER)
    assert filings.no_dialog()
    row = filings.row(first)
    assert (row.state, row.received_on) == (FilingState.SCANNED, TODAY)
    assert filings.notices.infos == ["已收件：罗店镇 数据专员 周明"]
    assert filings.page.table.selected_keys() == [second]


def test_after_the_scan_the_original_is_expected(filings: FilingsDesk) -> None:
    first = filings.ids()[0]
    received(filings.office, first, form=PaperForm.SCAN)
    filings.show(FilingView.TO_ORIGINAL)
    filings.select(first)
    filings.page.next_step()
    dialog = filings.dialog(ReceiveDialog)
    assert dialog.form.values()["form"] == "原件"
    dialog.save()
    filings.settle()
    assert filings.row(first).state == FilingState.RECEIVED


def test_a_scan_goes_with_the_receipt(filings: FilingsDesk, tmp_path: Path) -> None:
    scan = tmp_path / "罗店镇.pdf"
    scan.write_bytes(PDF)
    filings.files.path = scan
    first = filings.ids()[0]
    filings.select(first)
    dialog = filings.open(FilingStep.RECEIVE, ReceiveDialog)
    QTest.keyClick(dialog, Qt.Key.Key_O, Qt.KeyboardModifier.AltModifier)
    filings.qtbot.waitUntil(lambda: dialog.scan.label.text() == "附：罗店镇.pdf", timeout=WAIT)
    filings.press(ENTER)
    assert filings.no_dialog()
    assert [one.name for one in filings.office.attachments.list_of(of_filing(first))] == ["罗店镇.pdf"]


def test_a_copied_file_is_pasted_as_the_scan(filings: FilingsDesk, tmp_path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "甲.pdf"))])
    QGuiApplication.clipboard().setMimeData(data)
    filings.select(filings.ids()[0])
    dialog = filings.open(FilingStep.RECEIVE, ReceiveDialog)
    QTest.keyClick(dialog, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert dialog.scan.path == tmp_path / "甲.pdf"
    dialog.scan.remove_button.click()
    assert dialog.scan.path is None


def test_a_file_let_go_over_the_window_is_the_scan(filings: FilingsDesk, tmp_path: Path) -> None:
    filings.select(filings.ids()[0])
    dialog = filings.open(FilingStep.RECEIVE, ReceiveDialog)
    file, other = (QUrl.fromLocalFile(str(tmp_path / name)) for name in ("甲.pdf", "乙.pdf"))
    assert not drop_files(dialog.form, file, other)
    assert drop_files(dialog.form, file)
    assert dialog.scan.path == tmp_path / "甲.pdf"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [("甲.exe", b"MZ", "能够运行的文件"), ("乙.pdf", b"MZ" * 50, "乙.pdf"), ("丙.pdf", None, "读不出")],
)
def test_a_scan_that_is_refused_keeps_the_window_open(
    filings: FilingsDesk, tmp_path: Path, name: str, content: bytes | None, said: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    first = filings.ids()[0]
    filings.select(first)
    dialog = filings.open(FilingStep.RECEIVE, ReceiveDialog)
    dialog.scan.set_path(path)
    dialog.save()
    filings.settle()
    assert dialog.isVisible()
    assert said in dialog.banner.label.text()
    assert filings.row(first).received_on is None


def test_a_day_in_the_future_is_refused_before_anything_happens(filings: FilingsDesk) -> None:
    first = filings.ids()[0]
    filings.select(first)
    dialog = filings.open(FilingStep.RECEIVE, ReceiveDialog)
    dialog.form.editor("received_on").set_value(date(2026, 11, 25))
    dialog.save()  # waits for the plan of that day
    filings.settle()
    assert explained(dialog) == ["不办理：日期不能晚于今天 2026-11-24"]
    assert dialog.isVisible()
    dialog.save()
    filings.settle()
    assert dialog.banner.label.text() == "选中的 1 份都不能收件，原因见下。"
    assert filings.row(first).state == FilingState.DRAFT
    dialog.form.editor("received_on").set_value(TODAY)
    filings.settle()
    assert dialog.summary.sentence.text() == "收件 1 份。"
    assert not dialog.banner.isVisible()  # it says what is no longer so


def test_several_are_received_in_one_step_without_a_scan(filings: FilingsDesk) -> None:
    ids = filings.ids()[:3]
    filings.select(*ids)
    dialog = filings.open(FilingStep.RECEIVE, ReceiveDialog)
    assert dialog.save_button.text() == "收件 3 份"
    assert not dialog.scan.isVisible()
    assert not dialog.form.has_field("entry_no")  # one number is one paper's
    assert dialog.remark.text() == "每份各编一个流水号；来文自己的收文号，一份一份收件时填"
    dialog.form.editor("way").set_value("邮寄")
    filings.press(ENTER)
    assert filings.notices.infos == ["已收件 3 份"]
    assert len(filings.ids(FilingView.TO_NUMBER)) == 3


def test_a_receipt_says_that_the_original_of_what_is_recorded_stays(filings: FilingsDesk) -> None:
    first, second = filings.ids()[:2]
    received(filings.office, first, second, form=PaperForm.SCAN)
    filed(filings.office, first)
    filings.show(FilingView.TO_ORIGINAL)
    for chosen, said in (
        ((second,), ""),
        ((first,), "已备案的补登原件不能撤销"),
        (
            (first, second),
            "已备案的补登原件不能撤销，一起收件的也不能\n"
            "每份各编一个流水号；来文自己的收文号，一份一份收件时填",
        ),
    ):
        filings.select(*chosen)
        filings.page.actions_.steps[FilingStep.RECEIVE].trigger()
        dialog = filings.found(ReceiveDialog)
        assert (dialog.remark.text(), dialog.listens) == (said, not said)
        dialog.reject()


def test_a_receipt_says_so_when_another_has_recorded_it_meanwhile(filings: FilingsDesk) -> None:
    first = filings.ids()[0]
    received(filings.office, first, form=PaperForm.SCAN)
    filings.show(FilingView.TO_ORIGINAL)
    filings.select(first)
    dialog = filings.open(FilingStep.RECEIVE, ReceiveDialog)
    filed(filings.office, first)
    dialog.save()
    filings.settle()
    assert "又有变化" in dialog.banner.text
    assert dialog.remark.text() == "已备案的补登原件不能撤销"


def test_numbers_are_shown_before_and_told_after(filings: FilingsDesk) -> None:
    ids = filings.ids()
    received(filings.office, *ids[:3])
    filings.show(FilingView.ALL)
    filings.select(*ids[:4])
    dialog = filings.open(FilingStep.FILE, StepDialog)
    assert (
        dialog.summary.sentence.text() == "备案 3 份，编号 2026-001 至 2026-003；另有 1 份不办理，原因见下。"
    )
    lines = explained(dialog)
    assert lines[0] == "不办理：还没有收到"
    assert [line.split()[0] for line in lines[1:]] == ["2026-001", "2026-002", "2026-003"]
    filings.press(ENTER)
    assert filings.notices.infos == ["已备案 3 份：2026-001 至 2026-003，另有 1 份没有办理"]
    assert filings.page.table.selected_keys()  # what is still shown stays selected


@pytest.mark.parametrize("step", [FilingStep.FILE, FilingStep.STORE, FilingStep.VOID])
def test_an_enter_too_many_does_nothing_final(filings: FilingsDesk, step: FilingStep) -> None:
    ids = filings.ids()[:2]
    received(filings.office, *ids)
    if step is not FilingStep.FILE:
        filed(filings.office, *ids)
    state = filings.row(ids[0]).state
    filings.show(FilingView.ALL)
    filings.select(*ids)
    filings.page.actions_.steps[step].trigger()
    dialog = filings.found(StepDialog)
    if step is FilingStep.VOID:
        dialog.form.editor("reason").set_value("重复备案")
    filings.press(ENTER)
    assert dialog.isVisible()
    assert filings.row(ids[0]).state == state
    filings.qtbot.waitUntil(lambda: dialog.listens, timeout=WAIT)
    filings.press(ENTER)
    assert filings.no_dialog()
    assert filings.row(ids[0]).state != state


def test_another_day_makes_another_plan(filings: FilingsDesk) -> None:
    first = filings.ids()[0]
    received(filings.office, first)
    filings.show(FilingView.TO_NUMBER)
    filings.select(first)
    dialog = filings.open(FilingStep.FILE, StepDialog)
    dialog.form.editor("day").set_value(date(2026, 11, 23))
    filings.settle()
    assert explained(dialog) == ["不办理：备案日期早于收到日期 2026-11-24"]
    dialog.form.editor("day").set_value(TODAY)
    dialog.save()
    filings.settle()
    assert dialog.isVisible()  # the plan became another one: it is shown first
    assert explained(dialog)[0].startswith("2026-001")
    dialog.save()
    filings.settle()
    assert filings.row(first).number == "2026-001"


def test_what_waited_for_the_plan_is_not_done_below_the_question(
    filings: FilingsDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = filings.ids()[0]
    filings.select(first)
    dialog = filings.open(FilingStep.RECEIVE, ReceiveDialog)
    dialog.form.editor("received_on").set_value(date(2026, 11, 23))
    dialog.save()  # waits for the plan of that day

    def choose(_question: str, _answers: tuple[str, ...]) -> int:
        filings.settle()  # the plan comes while the question stands
        assert dialog.isVisible()
        return 1

    monkeypatch.setattr(filings.notices, "choose", choose)
    dialog.reject()
    filings.settle()
    assert filings.no_dialog()
    assert filings.row(first).received_on is None


def test_a_file_chosen_after_enter_is_not_booked_in_by_it(filings: FilingsDesk, tmp_path: Path) -> None:
    first = filings.ids()[0]
    filings.select(first)
    dialog = filings.open(FilingStep.RECEIVE, ReceiveDialog)
    dialog.form.editor("received_on").set_value(date(2026, 11, 23))
    dialog.save()  # waits for the plan of that day
    scan = tmp_path / "甲.pdf"
    scan.write_bytes(PDF)
    dialog.scan.set_path(scan)
    filings.settle()
    assert dialog.isVisible()
    assert filings.row(first).received_on is None


def test_whoever_was_quicker_is_told_and_the_window_shows_what_is_so_now(filings: FilingsDesk) -> None:
    ids = filings.ids()
    received(filings.office, *ids[:2])
    filings.show(FilingView.TO_NUMBER)
    filings.select(*ids[:2])
    dialog = filings.open(FilingStep.FILE, StepDialog)
    filed(filings.office, ids[0])
    dialog.save()
    filings.settle()
    assert dialog.isVisible()
    assert "又有变化，没有改动任何内容" in dialog.banner.label.text()
    assert len(dialog.plan.ready) == 1
    dialog.save()
    filings.settle()
    assert filings.row(ids[1]).number == "2026-002"


def test_a_full_disk_keeps_the_window_open(filings: FilingsDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    first = filings.ids()[0]
    received(filings.office, first)
    filings.show(FilingView.TO_NUMBER)
    filings.select(first)
    dialog = filings.open(FilingStep.FILE, StepDialog)

    def full(_plan: object) -> None:
        raise StorageError("磁盘空间不足，没有保存。")

    monkeypatch.setattr(filings.office.filings, "file", full)
    dialog.save()
    filings.settle()
    assert dialog.isVisible()
    assert dialog.banner.label.text() == "磁盘空间不足，没有保存。"


def test_stored_with_its_place(filings: FilingsDesk) -> None:
    first = filings.ids()[0]
    received(filings.office, first)
    filed(filings.office, first)
    filings.show(FilingView.TO_STORE)
    filings.select(first)
    filings.page.table.grid.setFocus()
    filings.press(ENTER)
    dialog = filings.dialog(StepDialog)
    assert dialog.remark.text() == "入库不能撤销；存放位置写错了可以更正"
    QTest.keyClicks(dialog.focusWidget(), "2-3")
    filings.press(ENTER)
    row = filings.row(first)
    assert (row.state, row.stored_on, row.stored_place) == (FilingState.STORED, TODAY, "2-3")


def test_a_paper_that_is_stored_without_its_original_is_pointed_out(filings: FilingsDesk) -> None:
    scanned, original = filings.ids()[:2]
    received(filings.office, scanned, form=PaperForm.SCAN)
    received(filings.office, original)
    filed(filings.office, scanned, original)
    filings.show(FilingView.TO_STORE)
    filings.select(scanned, original)
    dialog = filings.open(FilingStep.STORE, StepDialog)
    assert explained(dialog) == [
        "2026-001 只有扫描件，原件还没有收到",
        "2026-002 2026-11-24 收到",
    ]


def test_a_reason_is_asked_for_before_a_paper_is_sent_back(filings: FilingsDesk) -> None:
    first = filings.ids()[0]
    received(filings.office, first)
    filings.show(FilingView.TO_NUMBER)
    filings.select(first)
    dialog = filings.open(FilingStep.RETURN, StepDialog)
    filings.press(ENTER)
    assert dialog.form.messages() == {"reason": "请填写退回原因。"}
    dialog.form.editor("reason").set_value("缺单位公章")
    filings.press(ENTER)
    row = filings.row(first)
    assert (row.state, row.return_reason, row.received_on) == (FilingState.RETURNED, "缺单位公章", None)


def test_a_void_filing_leaves_a_draft_in_its_place_by_choice(filings: FilingsDesk) -> None:
    first = filings.ids()[0]
    received(filings.office, first)
    filed(filings.office, first)
    filings.show(FilingView.TO_STORE)
    filings.select(first)
    dialog = filings.open(FilingStep.VOID, StepDialog)
    assert explained(dialog) == ["2026-001 编号 2026-001 不再使用"]
    assert dialog.form.values()["anew"] is True  # the post is held: without a filing it would be owed
    assert dialog.remark.text() == "有编号的作废了不能撤销，编号不再使用"
    dialog.form.editor("reason").set_value("登记有误，重新备案")
    dialog.save()
    filings.settle()
    assert filings.notices.infos == ["已作废：罗店镇 数据专员 周明，新的草稿在“待收件”里"]
    assert filings.row(first).state == FilingState.VOID
    assert filings.row(filings.ids()[-1]).name
    assert sum(filings.row(one).name == "周明" for one in filings.ids()) == 2


def test_setting_aside_says_whether_it_can_be_undone(filings: FilingsDesk) -> None:
    first, second = filings.ids(FilingView.WAITING)[:2]
    received(filings.office, first)
    filed(filings.office, first)
    filings.show(FilingView.ALL)
    for filing_id, said in (
        (second, "办完可以撤销（Ctrl+Z）"),
        (first, "有编号的作废了不能撤销，编号不再使用"),
    ):
        filings.select(filing_id)
        dialog = filings.open(FilingStep.VOID, StepDialog)
        assert said in [label.text() for label in dialog.findChildren(QLabel)]
        dialog.reject()


def test_what_has_no_number_can_be_voided_and_taken_back(filings: FilingsDesk) -> None:
    first = filings.ids()[0]
    filings.select(first)
    dialog = filings.open(FilingStep.VOID, StepDialog)
    assert dialog.remark.text() == "办完可以撤销（Ctrl+Z）"
    assert "编号" not in "".join(explained(dialog))
    assert dialog.form.values()["anew"] is True
    dialog.form.editor("reason").set_value("重复备案")
    assert dialog.form.values()["anew"] is False  # seen before Enter
    dialog.form.editor("anew").set_value(True)
    assert dialog.form.values()["anew"] is True


def test_who_has_left_gets_no_other_filing_unasked(filings: FilingsDesk) -> None:
    first = filings.ids()[0]
    received(filings.office, first)
    filed(filings.office, first)
    filings.office.holders.leave(
        filings.office.holders.get(filings.row(first).tenure_id), LeaveDraft(date(2026, 11, 20))
    )
    filings.show(FilingView.ALL)
    filings.select(first)
    dialog = filings.open(FilingStep.VOID, StepDialog)
    assert dialog.form.values()["anew"] is False


def test_a_void_filing_is_done_again_from_its_list(filings: FilingsDesk) -> None:
    first = filings.ids()[0]
    filings.office.filings.void(filings.office.filings.plan(FilingStep.VOID, [first]), "登记有误")
    filings.show(FilingView.VOID)
    filings.select(first)
    filings.page.table.grid.setFocus()
    filings.press(ENTER)
    dialog = filings.dialog(StepDialog)
    assert dialog.summary.sentence.text() == "重新办理 1 份。"
    filings.press(ENTER)
    assert filings.no_dialog()
    assert filings.notices.infos == ["已重新办理：罗店镇 数据专员 周明，新的草稿在“待收件”里"]
    again = filings.row(filings.ids(FilingView.OVERDUE)[0])
    assert (again.name, again.state, again.due_date) == (
        "周明",
        FilingState.DRAFT,
        filings.row(first).due_date,
    )


def test_what_is_pointed_out_can_be_read_to_its_end(filings: FilingsDesk) -> None:
    first = filings.ids(FilingView.WAITING)[0]
    filings.select(first)
    dialog = filings.open(FilingStep.RECEIVE, ReceiveDialog)
    assert dialog.summary.told_in_full
    dialog.form.editor("received_on").set_value(date(2026, 11, 2))
    filings.settle()
    assert explained(dialog) == ["收到日期 2026-11-02 早于变更日期 2026-11-12，请核对"]
    filings.qtbot.waitUntil(lambda: dialog.summary.told_in_full, timeout=WAIT)


def test_two_things_that_are_pointed_out_can_be_read_to_their_end(filings: FilingsDesk) -> None:
    first = filings.ids(FilingView.WAITING)[0]
    plan = filings.office.filings.plan(FilingStep.RECEIVE, [first])
    filings.office.filings.receive(plan, ReceiptDraft(PaperForm.SCAN, date(2026, 11, 2)))
    filings.show(FilingView.TO_NUMBER)
    filings.select(first)
    dialog = filings.open(FilingStep.FILE, StepDialog)
    assert explained(dialog)[0].endswith("2026-11-12，请核对；只收到扫描件，原件以后补登")
    assert (
        dialog.summary.told_in_full
        or dialog.width() >= dialog.screen().availableSize().width() * SCREEN_SHARE - 1
    )


def test_escape_leaves_at_once_while_nothing_was_typed(filings: FilingsDesk) -> None:
    filings.select(filings.ids()[0])
    filings.open(FilingStep.RECEIVE, ReceiveDialog)
    filings.press(ESCAPE)
    assert filings.no_dialog()
    assert filings.notices.questions == []


def test_a_late_paper_is_explained(filings: FilingsDesk) -> None:
    late = filings.ids(FilingView.OVERDUE)[0]
    received(filings.office, late)
    filings.show(FilingView.TO_EXPLAIN)
    assert filings.shown("lamp") == ["晚到 5 个工作日，待说明"]
    filings.select(late)
    filings.page.next_step()
    dialog = filings.dialog(ExplainDialog)
    dialog.form.editor("late_reason").set_value("等待任免文件")
    dialog.save()
    filings.settle()
    assert filings.row(late).late_reason == "等待任免文件"
    assert filings.notices.infos == ["已登记逾期说明：罗店镇 数据专员 周明"]
    assert filings.shown() == []


def test_the_history_tells_every_step_newest_first(filings: FilingsDesk, tmp_path: Path) -> None:
    scan = tmp_path / "甲.pdf"
    scan.write_bytes(PDF)
    first, other = filings.ids()[:2]
    filings.office.attachments.add(of_filing(first), [scan])
    filings.office.attachments.add(of_filing(other), [scan])
    received(filings.office, first, other)
    filed(filings.office, first)
    filings.show(FilingView.ALL)
    filings.select(first)
    filings.page.actions_.history.trigger()
    dialog = filings.dialog(FilingHistoryDialog)
    tree = dialog.body.itemAt(0).widget()
    rows = [tree.topLevelItem(n) for n in range(tree.topLevelItemCount())]  # type: ignore[attr-defined]
    told = [f"{row.text(2)} {row.text(3)}" for row in rows if row.text(0)]
    assert told == ["备案 备案", "收件 备案", "收文登记 收文", "添加附件 附件", "新建备案 备案"]
    assert ["备案编号", "", "2026-001"] in [[row.text(column) for column in (4, 5, 6)] for row in rows]


def test_a_removed_file_is_still_told_of(filings: FilingsDesk, tmp_path: Path) -> None:
    scan = tmp_path / "甲.pdf"
    scan.write_bytes(PDF)
    first = filings.ids()[0]
    added = filings.office.attachments.add(of_filing(first), [scan])
    filings.office.attachments.remove(added.ids)
    actions = [row.action for row in filings.office.filing_history.of_filing(first)]
    assert actions[:2] == ["移除附件", "添加附件"]
