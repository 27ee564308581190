"""The list of filings: its working lists, what may be done with which row, and where it leads."""

from collections.abc import Callable
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDialog, QLabel, QToolBar

from cdo_desktop.office import Office
from cdo_desktop.rules.filing import Lamp
from cdo_desktop.rules.filing_steps import FilingStep
from cdo_desktop.rules.vocabulary import PaperForm
from cdo_desktop.services.filing_receipts import ReceiptDraft
from cdo_desktop.services.filing_sql import FilingView
from cdo_desktop.ui.common.empty_state import EmptyState
from cdo_desktop.ui.filings.filings_table import COLUMNS, VIEW, lamp_text
from cdo_desktop.ui.filings.step_dialogs import ExplainDialog
from tests.ui.filings_desk import FilingsDesk, filed, received, replaced


def by_name(desk: FilingsDesk, name: str) -> int:
    """Return the filing of a person."""
    return next(row.filing_id for row in desk.office.filing_list.rows() if row.name == name)


def test_it_begins_with_what_is_waited_for_the_earliest_limit_first(filings: FilingsDesk) -> None:
    assert filings.shown("unit", "name", "due_date", "lamp")[:2] == [
        "罗店镇 周明 2026-11-17 逾期 5 个工作日",
        "区教育局 郑爽 2026-11-26 剩 2 个工作日",
    ]
    assert len(filings.shown()) == 7
    assert filings.page.counts.text() == "共 7"


def test_every_list_tells_its_count_and_shows_so_many_rows(filings: FilingsDesk) -> None:
    received(filings.office, *filings.ids()[:3])
    filed(filings.office, *filings.ids(FilingView.TO_NUMBER)[:1])
    filings.page.reload()
    filings.settle()
    for view, button in filings.page.bar.views._buttons.items():
        filings.show(FilingView(view))
        assert button.text() == f"{view} {len(filings.shown())}"
        assert button.isChecked()


def test_the_lamp_says_its_colour_in_words(filings: FilingsDesk) -> None:
    (mark,) = [column.mark for column in COLUMNS if column.key == "lamp"]
    assert mark is not None
    overdue, running = filings.row(by_name(filings, "周明")), filings.row(by_name(filings, "郑爽"))
    for row, text in ((overdue, "逾期 5 个工作日"), (running, "剩 2 个工作日")):
        shown = mark(row)
        assert shown is not None
        assert (shown.word, lamp_text(row)) == (text, text)
    assert len({shown.icon for shown in map(mark, (overdue, running)) if shown}) == 2
    assert overdue.lamp is Lamp.OVERDUE


def test_search_selects_the_first_row_found(filings: FilingsDesk) -> None:
    filings.page.bar.search.setText("jyj")
    filings.settle()
    assert {line.split()[0] for line in filings.shown()} == {"区教育局"}
    assert filings.page.table.selected_keys() == [by_name(filings, "郑爽")]


def test_clearing_the_filters_stays_in_the_list(filings: FilingsDesk) -> None:
    filings.show(FilingView.OVERDUE)
    filings.page.bar.search.setText("没有这个人")
    filings.settle()
    assert filings.shown() == []
    filings.page.table.clear_filters()
    assert filings.page.table.query().extra[VIEW] == FilingView.OVERDUE
    assert filings.shown("name") == ["周明"]
    assert filings.page.bar.search.text() == ""


def test_an_empty_list_leads_to_the_one_before(filings: FilingsDesk) -> None:
    filings.show(FilingView.TO_STORE)
    (state,) = [part for part in filings.page.findChildren(EmptyState) if part.isVisible()]
    assert state.title.text() == "没有等待入库的备案"
    state.buttons[0].click()
    filings.settle()
    assert filings.page.bar.views._buttons[FilingView.TO_NUMBER].isChecked()


def test_empty_posts_lead_to_the_register(filings: FilingsDesk) -> None:
    button = filings.page.bar.vacant
    assert button.text() == "空缺岗位 1 个"
    with filings.qtbot.waitSignal(filings.tab.vacant_wanted):
        button.click()


def reason(action: QAction) -> str:
    """Return why a command cannot be used."""
    return "" if action.isEnabled() else action.statusTip()


def test_what_cannot_be_done_says_why(filings: FilingsDesk) -> None:
    actions = filings.page.actions_
    assert {reason(action) for action in actions.steps.values()} == {"先选中一行"}
    waiting = by_name(filings, "郑爽")
    filings.select(waiting)
    assert {step: reason(action) for step, action in actions.steps.items()} == {
        FilingStep.RECEIVE: "",
        FilingStep.FILE: "还没有收到",
        FilingStep.STORE: "还没有备案编号",
        FilingStep.RETURN: "还没有收到",
        FilingStep.VOID: "",
        FilingStep.ANEW: "没有作废，不用重新办理",
    }
    assert reason(actions.explain) == "这一份没有逾期"
    filings.select(waiting, by_name(filings, "周明"))
    assert reason(actions.history) == reason(actions.explain) == "一次只能办理一行"


def test_what_came_on_a_day_off_after_the_limit_is_explained_too(filings: FilingsDesk) -> None:
    replaced(filings.office, "区教育局", "数据专员", date(2026, 11, 17), "王五")  # due on Friday, 11-20
    filing = by_name(filings, "王五")
    plan = filings.office.filings.plan(FilingStep.RECEIVE, [filing])
    filings.office.filings.receive(plan, ReceiptDraft(PaperForm.ORIGINAL, date(2026, 11, 21)))
    filings.show(FilingView.TO_EXPLAIN)
    assert filings.shown("name", "lamp") == ["王五 晚到不足一个工作日，待说明"]
    filings.select(filing)
    assert reason(filings.page.actions_.explain) == ""
    filings.page.actions_.explain.trigger()
    labels = [label.text() for label in filings.dialog(ExplainDialog).findChildren(QLabel)]
    assert any("逾期不足一个工作日" in label for label in labels)


def test_nothing_is_cut_in_a_window_of_1366(filings: FilingsDesk) -> None:
    late, other, last = filings.ids()[:3]
    received(filings.office, late, other)
    filings.office.filings.void(filings.office.filings.plan(FilingStep.VOID, [last]), "登记有误，重新备案")
    replaced(filings.office, "区教育局", "数据专员", date(2026, 11, 3), "欧阳晓静")
    weekend = by_name(filings, "欧阳晓静")
    plan = filings.office.filings.plan(FilingStep.RECEIVE, [weekend])
    filings.office.filings.receive(plan, ReceiptDraft(PaperForm.ORIGINAL, date(2026, 11, 7)))
    filings.tab.resize(1366, 700)
    filings.show(FilingView.ALL)
    filings.page.reload()
    filings.settle()
    assert "晚到不足一个工作日，待说明" in filings.shown("lamp")
    assert "登记有误，重新备案" in filings.shown(
        "lamp"
    )  # why it is void stands where others have their limit
    table = filings.page.table
    grid = table.grid
    for row in range(table.model.key_count):
        for column, one in enumerate(table.columns):
            if column and not one.hidden:  # the first is frozen
                index = table.model.index(row, column)
                assert grid.sizeHintForIndex(index).width() <= grid.columnWidth(column), index.data()
    assert grid.horizontalScrollBar().maximum() == 0


def test_a_step_is_offered_when_one_of_the_rows_can_take_it(filings: FilingsDesk) -> None:
    ids = filings.ids()
    received(filings.office, ids[0])
    filings.show(FilingView.ALL)
    filings.select(*ids)
    assert filings.page.actions_.steps[FilingStep.FILE].isEnabled()


def test_the_context_menu_holds_the_commands_of_the_toolbar(filings: FilingsDesk) -> None:
    (bar,) = filings.page.findChildren(QToolBar)
    commands = filings.page.actions_.row_actions()
    assert [action for action in bar.actions() if action in commands] == list(commands)
    menu = filings.page.table.rows_menu()
    assert menu.actions()[: len(commands)] == list(commands)
    menu.deleteLater()


def test_access_keys_of_the_menu_are_unique(filings: FilingsDesk) -> None:
    texts = [action.text() for action in filings.page.actions_.row_actions() if action.text()]
    letters = [text[text.index("(&") + 2] for text in texts]
    assert len(letters) == len(set(letters)) == len(texts)


def test_forms_are_asked_for_the_selected_filings(filings: FilingsDesk) -> None:
    ids = filings.ids()
    received(filings.office, ids[0])
    filed(filings.office, ids[0])
    filings.show(FilingView.ALL)
    filings.select(ids[0])
    assert reason(filings.page.actions_.forms) == "已经备案，签过字的表在“附件”里"
    filings.select(*ids[:2])
    with filings.qtbot.waitSignal(filings.tab.forms_wanted) as asked:
        filings.page.actions_.forms.trigger()
    assert asked.args == [list(ids[:2])]  # the window says of the first that it is filed
    filings.office.filings.void(filings.office.filings.plan(FilingStep.VOID, [ids[2]]), "登记有误")
    filings.page.reload()
    filings.settle()
    filings.select(ids[2])
    assert reason(filings.page.actions_.forms) == "已经作废，不再出表；重新办理以后另有一份"


def test_attachments_are_asked_for_with_the_row(filings: FilingsDesk) -> None:
    filings.select(filings.ids()[0])
    with filings.qtbot.waitSignal(filings.tab.attachments_wanted) as asked:
        filings.page.actions_.attachments.trigger()
    assert asked.args is not None
    assert asked.args[0].filing_id == filings.ids()[0]


def test_layout_is_remembered(filings: FilingsDesk) -> None:
    filings.page.table._arranger.set_hidden(3, True)
    kept = filings.tab.save_layout()
    filings.page.table.reset_layout()
    filings.tab.restore_layout(kept)
    assert "kind" not in filings.page.table.shown_columns()


def test_the_keyboard_goes_into_the_rows(filings: FilingsDesk) -> None:
    filings.tab.setFocus()
    assert filings.page.table.grid.hasFocus()
    assert len(filings.page.table.selected_keys()) == 1
    filings.press(Qt.Key.Key_F, modifier=Qt.KeyboardModifier.ControlModifier)
    assert filings.page.bar.search.hasFocus()


def test_a_hidden_tab_reads_what_changed_when_it_is_shown(filings: FilingsDesk) -> None:
    filings.tab.hide()
    received(filings.office, filings.ids()[0])
    filings.tab.reload()
    assert len(filings.shown()) == 7
    filings.tab.show()
    filings.settle()
    assert len(filings.shown()) == 6


def stored(office: Office, filing_id: int) -> None:
    received(office, filing_id)
    filed(office, filing_id)
    office.filings.store(office.filings.plan(FilingStep.STORE, [filing_id]))


def void(office: Office, filing_id: int) -> None:
    office.filings.void(office.filings.plan(FilingStep.VOID, [filing_id]), "填错")


def scanned(office: Office, filing_id: int) -> None:
    received(office, filing_id, form=PaperForm.SCAN)


def numbered(office: Office, filing_id: int) -> None:
    received(office, filing_id)
    filed(office, filing_id)


@pytest.mark.parametrize(
    ("view", "prepare", "opens"),
    [
        (FilingView.WAITING, lambda _office, _filing: None, "收件"),
        (FilingView.OVERDUE, lambda _office, _filing: None, "收件"),
        (FilingView.TO_NUMBER, received, "备案：罗店镇"),
        (FilingView.TO_EXPLAIN, received, "逾期说明"),
        (FilingView.TO_ORIGINAL, scanned, "收件"),
        (FilingView.TO_STORE, numbered, "入库"),
        (FilingView.DONE, stored, "办理记录"),
        (FilingView.VOID, void, "重新办理"),
    ],
)
def test_enter_takes_the_next_step_of_each_list(
    filings: FilingsDesk, view: FilingView, prepare: Callable[[Office, int], None], opens: str
) -> None:
    late = by_name(filings, "周明")
    prepare(filings.office, late)
    filings.show(view)
    filings.select(late)
    filings.page.enter()
    filings.press(Qt.Key.Key_Return)
    assert filings.found(QDialog).windowTitle().startswith(opens)
