"""撤销 and 重做: what an action is called, what is taken back and what not, what the history tells of it."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from threading import Thread

import pytest

from benchmarks.reliability.undo import STEPS, Outcome, register_dump, run_sequence
from cdo_desktop import paths
from cdo_desktop.errors import ConflictError, InvalidInputError, NotFoundError
from cdo_desktop.rules.filing_steps import FilingStep
from cdo_desktop.rules.vocabulary import FilingState, PaperForm
from cdo_desktop.rules.working_days import SpecialDay
from cdo_desktop.services import undo as undo_module
from cdo_desktop.services import undo_stack
from cdo_desktop.services.appointments import FilingDraft
from cdo_desktop.services.departures import LeaveDraft
from cdo_desktop.services.filing_receipts import ReceiptDraft
from cdo_desktop.services.holidays import NoticeDraft
from cdo_desktop.services.search import SearchService
from cdo_desktop.services.undo import UndoService
from cdo_desktop.services.undo_stack import MOST_STEPS, NOTHING_DONE, NOTHING_UNDONE
from cdo_desktop.services.unit_draft import UnitDraft
from cdo_desktop.services.unit_reform import NewUnit, Reform, UnitRef

from .conftest import TODAY, Desk, a_line, write_roster

EARLIER = date(2026, 3, 2)
TOWN, OTHER = "罗店镇", "月浦镇"
BUREAU = UnitDraft(full_name="上海市宝山区数据局", short_name="区数据局", category="区政府部门")
Act = Callable[[Desk], object]


@pytest.fixture
def held(desk: Desk) -> Desk:
    """Return a register in which 张三 holds a post; that is older than what can be undone."""
    desk.appoint(TOWN, since=EARLIER, mobile="13800000001", title="科长")
    return desk


@pytest.fixture
def undo(held: Desk) -> UndoService:
    return held.office.undo


def dump(desk: Desk) -> dict[str, list[tuple[object, ...]]]:
    return register_dump(desk.office.data_folder)


def undone(undo: UndoService) -> str:
    return undo.undo(undo.state.undo.number).label


def redone(undo: UndoService) -> str:
    return undo.redo(undo.state.redo.number).label


def holder(desk: Desk, unit: str = TOWN) -> str:
    return desk.row(unit).name


def update(desk: Desk, **values: str | date) -> None:
    opened = desk.office.holders.get(desk.row(TOWN).tenure_id or 0)
    desk.office.holders.update(opened, replace(opened, **values))  # type: ignore[arg-type]


def replace_holder(desk: Desk) -> None:
    opened = desk.office.holders.get(desk.row(TOWN).tenure_id or 0)
    desk.office.holders.replace(opened, desk.successor(opened), FilingDraft(change_reason="工作调动"))


def make_tomorrow_a_day_off(desk: Desk) -> None:
    """Move the limit of everybody who came today."""
    holidays = desk.office.system.holidays
    tomorrow = SpecialDay(TODAY + timedelta(days=1), True, "放假", "")
    before = holidays.plan(TODAY.year).days
    holidays.save([NoticeDraft(TODAY.year, (*before, tomorrow), "补充通知", before)])


def leave(desk: Desk) -> None:
    opened = desk.office.holders.get(desk.row(TOWN).tenure_id or 0)
    desk.office.holders.leave(opened, LeaveDraft(TODAY, "退休"))


def print_form(desk: Desk) -> None:
    desk.office.forms.mark_issued(desk.office.forms.compose(post_ids=[desk.row(TOWN).post_id]))


def write_elsewhere(desk: Desk, statement: str) -> None:
    """Write as another program would, of which nothing is recorded here."""
    with closing(sqlite3.connect(desk.office.data_folder / paths.DATABASE_NAME)) as connection, connection:
        connection.execute(statement)


def unit_of(desk: Desk, name: str) -> UnitDraft:
    return desk.office.units.get(desk.row(name).unit_id)


def edit_unit(desk: Desk, name: str = TOWN, renamed_on: date | None = None, **values: str) -> None:
    opened = unit_of(desk, name)
    desk.office.units.save(replace(opened, **values), opened, renamed_on)  # type: ignore[arg-type]


def ref(desk: Desk, name: str) -> UnitRef:
    unit = unit_of(desk, name)
    return UnitRef(unit.unit_id or 0, unit.version)


def merge(desk: Desk) -> None:
    reform = Reform(TODAY, "宝编〔2026〕8号")
    desk.office.system.unit_changes.merge(
        [ref(desk, "区科委"), ref(desk, "区信息委")], NewUnit(BUREAU), reform
    )


def bring_in(desk: Desk, *names: str) -> None:
    units = (OTHER, "大场镇", "杨行镇", "顾村镇")
    lines = [a_line(unit, NAME=name) for unit, name in zip(units, names, strict=False)]
    path = write_roster(desk.office.data_folder / "名册.xlsx", lines)
    desk.office.roster_import.apply(desk.office.roster_import.read(path))


ACTIONS: tuple[tuple[Act, str], ...] = (
    (lambda desk: desk.appoint(OTHER, name="王五"), "任命 王五"),
    (lambda desk: update(desk, mobile="13900000009"), "修改 张三 手机"),
    (lambda desk: update(desk, mobile="", title="主任"), "修改 张三 手机、现任职务"),
    (lambda desk: update(desk, name="张三丰", mobile="", title="主任"), "修改 张三丰 姓名、手机等 3 项"),
    (lambda desk: update(desk, since=EARLIER - timedelta(days=3)), "修改 张三 任职日期"),
    (replace_holder, "更换 张三为李四"),
    (leave, "离任 张三"),
    (lambda desk: desk.office.units.save(BUREAU), "新建单位 区数据局"),
    (lambda desk: edit_unit(desk, address="罗店路 1 号"), "修改单位 罗店镇 单位地址"),
    (lambda desk: edit_unit(desk, short_name="罗泾", renamed_on=TODAY), "单位更名 罗泾"),
    (lambda desk: desk.office.units.confirm_names([desk.row(TOWN).unit_id]), "确认全称 罗店镇"),
    (
        lambda desk: desk.office.units.confirm_names([desk.row(name).unit_id for name in (TOWN, OTHER)]),
        "确认全称 罗店镇等 2 个单位",
    ),
    (merge, "单位合并 区数据局等 3 个单位"),
    (lambda desk: bring_in(desk, "王五"), "导入 王五"),
    (lambda desk: bring_in(desk, "王五", "赵六", "钱七"), "导入 3 人"),
)


@pytest.mark.parametrize(("act", "label"), ACTIONS, ids=[label for _act, label in ACTIONS])
def test_every_action_is_named_taken_back_and_done_again(
    act: Act, label: str, held: Desk, undo: UndoService
) -> None:
    start = dump(held)
    act(held)
    end = dump(held)
    assert start != end
    assert undo.state.undo.label == label
    assert undone(undo) == label
    assert dump(held) == start
    assert undo.state.undo.reason == NOTHING_DONE
    assert redone(undo) == label
    assert dump(held) == end
    assert undone(undo) == label
    assert dump(held) == start


def test_at_first_there_is_nothing_to_undo_and_it_says_so(undo: UndoService) -> None:
    assert not undo.state.undo.possible
    assert (undo.state.undo.reason, undo.state.redo.reason) == (NOTHING_DONE, NOTHING_UNDONE)


def test_steps_go_back_one_by_one_and_forth_again(held: Desk, undo: UndoService) -> None:
    dumps = [dump(held)]
    for number in range(40):
        update(held, mobile=f"139000000{number:02d}")
        dumps.append(dump(held))
    for earlier in reversed(dumps[:-1]):
        undone(undo)
        assert dump(held) == earlier
    assert not undo.state.undo.possible
    for later in dumps[1:]:
        redone(undo)
        assert dump(held) == later
    assert not undo.state.redo.possible


def test_after_another_action_what_was_undone_is_not_done_again(held: Desk, undo: UndoService) -> None:
    update(held, mobile="13900000009")
    undone(undo)
    update(held, mobile="13900000008")
    assert undo.state.redo.reason == NOTHING_UNDONE
    assert undo.state.undo.label == "修改 张三 手机"


def test_history_keeps_what_was_undone_and_tells_of_the_undoing(held: Desk, undo: UndoService) -> None:
    update(held, mobile="13900000009")
    person_id = held.row(TOWN).person_id or 0
    undone(undo)
    redone(undo)
    told = [(row.action, row.details) for row in held.office.holders.person_history(person_id)]
    assert told[:3] == [
        ("重做：信息更新", (("手机", "13800000001", "13900000009"),)),
        ("撤销：信息更新", (("手机", "13900000009", "13800000001"),)),
        ("信息更新", (("手机", "13800000001", "13900000009"),)),
    ]


def test_history_of_every_record_an_import_touched_tells_of_its_undoing(
    held: Desk, undo: UndoService
) -> None:
    bring_in(held, "王五", "赵六")
    people = [held.row(name).person_id or 0 for name in (OTHER, "大场镇")]
    undone(undo)
    for person_id in people:
        told = [row.action for row in held.office.holders.person_history(person_id)]
        assert sorted(told) == ["导入", "撤销：导入", "撤销：新建备案", "新建备案"]


def test_who_comes_later_does_not_inherit_the_history_of_who_was_taken_back(
    held: Desk, undo: UndoService
) -> None:
    held.appoint(OTHER, name="王五")
    undone(undo)
    held.appoint(OTHER, name="赵六")
    told = held.office.holders.person_history(held.row(OTHER).person_id or 0)
    assert [row.action for row in told] == ["新建备案", "任命"]


def test_who_is_imported_later_does_not_inherit_it_either(held: Desk, undo: UndoService) -> None:
    bring_in(held, "王五")
    undone(undo)
    bring_in(held, "赵六")
    told = held.office.holders.person_history(held.row(OTHER).person_id or 0)
    assert sorted(row.action for row in told) == ["导入", "新建备案"]


def test_search_follows(held: Desk, undo: UndoService) -> None:
    def found(text: str) -> list[str]:
        return [
            hit.title for hit in SearchService(held.office._database, held.office.journal).find(text).hits
        ]

    update(held, name="诸葛亮")
    assert "诸葛亮" in found("zgl")
    undone(undo)
    assert found("zgl") == []
    assert "张三" in found("zhangsan")
    redone(undo)
    assert "诸葛亮" in found("zgl")


def test_a_form_opened_before_is_stale_afterwards(held: Desk, undo: UndoService) -> None:
    update(held, mobile="13900000009")
    opened = held.office.holders.get(held.row(TOWN).tenure_id or 0)
    undone(undo)
    with pytest.raises(ConflictError):
        held.office.holders.update(opened, replace(opened, mobile="13900000007"))
    assert held.row(TOWN).mobile == "13800000001"


def test_a_form_of_who_was_taken_back_finds_nobody(held: Desk, undo: UndoService) -> None:
    opened = held.appoint(OTHER, name="王五")
    undone(undo)
    with pytest.raises(NotFoundError):
        held.office.holders.update(opened, replace(opened, mobile="13900000007"))


def test_records_that_another_program_changed_are_left_alone(held: Desk, undo: UndoService) -> None:
    update(held, mobile="13900000009")
    write_elsewhere(held, "UPDATE persons SET email = 'a@b.cn' WHERE name = '张三'")
    before = dump(held)
    with pytest.raises(
        ConflictError, match="“修改 张三 手机”涉及的记录之后又被改过或用到，不能再撤销。没有改动任何内容"
    ):
        undone(undo)
    assert dump(held) == before
    assert undo.state.undo.reason == "“修改 张三 手机”涉及的记录之后又被改过，不能再撤销"


def test_what_others_refer_to_by_now_is_not_taken_back(held: Desk, undo: UndoService) -> None:
    held.office.units.save(BUREAU)
    unit_id = held.row("区数据局").unit_id
    columns = "unit_id, full_name, short_name, pinyin, initials, paper, version"
    values = f"{unit_id}, '宝数', '宝数', '', '', '', 1"
    write_elsewhere(held, f"INSERT INTO unit_second_names ({columns}) VALUES ({values})")
    before = dump(held)
    with pytest.raises(ConflictError, match="“新建单位 区数据局”涉及的记录"):
        undone(undo)
    assert dump(held) == before


def test_what_has_attachments_by_now_is_not_taken_back_and_keeps_them(held: Desk, undo: UndoService) -> None:
    held.appoint(OTHER, name="王五")
    tenure_id = held.row(OTHER).tenure_id
    columns = "entity, entity_id, name, media_type, size, sha256, note, added_at, added_by"
    values = f"'tenures', {tenure_id}, '任免文件.pdf', 'application/pdf', 1, '', '', '2026-11-24', ''"
    write_elsewhere(held, f"INSERT INTO attachments ({columns}) VALUES ({values})")
    with pytest.raises(ConflictError, match="“任命 王五”涉及的记录之后又被改过或用到"):
        undone(undo)
    assert holder(held, OTHER) == "王五"


def test_what_was_erased_on_request_does_not_come_back_nor_stay_in_memory(
    held: Desk, undo: UndoService
) -> None:
    update(held, mobile="13900000009")
    person_id = held.row(TOWN).person_id
    with held.office._database.write() as session:  # as the erasure of a person does
        connection = session.connection()
        connection.exec_driver_sql(
            "UPDATE persons SET name = '已匿名', mobile = '' WHERE id = ?", (person_id,)
        )
        connection.exec_driver_sql(
            "INSERT INTO person_erasures VALUES (?, '2026-11-24 09:00:00', '本人要求')", (person_id,)
        )
    assert undo.state.undo.reason == undo_module.ERASED
    assert not undo._stack._done


def test_only_the_step_that_was_shown_is_undone(held: Desk, undo: UndoService) -> None:
    update(held, mobile="13900000009")
    shown = undo.state.undo.number
    update(held, mobile="13900000008")
    with pytest.raises(ConflictError, match="刚刚又有新的修改，没有撤销任何内容"):
        undo.undo(shown)
    assert held.row(TOWN).mobile == "13900000008"
    assert undo.state.undo.possible
    with pytest.raises(ConflictError, match="没有重做任何内容"):
        undo.redo(1)


def test_printing_can_be_undone_and_then_what_was_printed(held: Desk, undo: UndoService) -> None:
    before = dump(held)
    replace_holder(held)
    print_form(held)
    assert undo.state.undo.label == "出表 李四"
    undone(undo)
    assert holder(held) == "李四"
    assert [state for (state,) in states(held)] == [FilingState.DRAFT, FilingState.DRAFT]
    undone(undo)
    assert dump(held) == before


def filing_of(desk: Desk, name: str) -> int:
    """Return the newest filing of a person that is not void."""
    return max(row.filing_id for row in desk.office.filing_list.rows() if row.name == name)


def receive(desk: Desk, *filing_ids: int, form: PaperForm = PaperForm.ORIGINAL) -> None:
    filings = desk.office.filings
    filings.receive(filings.plan(FilingStep.RECEIVE, filing_ids), ReceiptDraft(form, TODAY))


def file(desk: Desk, *filing_ids: int) -> None:
    desk.office.filings.file(desk.office.filings.plan(FilingStep.FILE, filing_ids))


def void(desk: Desk, *filing_ids: int, anew: bool = False) -> None:
    filings = desk.office.filings
    filings.void(filings.plan(FilingStep.VOID, filing_ids), "重复备案", anew=anew)


def test_a_filing_with_a_number_is_never_taken_back(held: Desk, undo: UndoService) -> None:
    replace_holder(held)
    filing_id = filing_of(held, "李四")
    receive(held, filing_id)
    assert undo.state.undo.label == "收件 李四"
    file(held, filing_id)
    reason = "“备案 李四”牵涉已备案或作废的备案，不能撤销；备案错了的只能作废"
    assert undo.state.undo.reason == reason
    assert ("已备案",) in states(held)


def explain(desk: Desk, filing_id: int) -> None:
    (row,) = desk.office.filing_list.rows_of([filing_id]).values()
    desk.office.filings.explain(filing_id, row.version, "出差")


def file_and_void(desk: Desk, filing_id: int) -> None:
    file(desk, filing_id)
    void(desk, filing_id)


@pytest.mark.parametrize(
    "act",
    [file, file_and_void, explain, receive],
    ids=["备案", "作废", "逾期说明", "补登原件"],
)
def test_what_is_final_ends_the_steps_of_its_own_filing_alone(
    act: Callable[[Desk, int], object], held: Desk, undo: UndoService
) -> None:
    replace_holder(held)
    filing_id = filing_of(held, "李四")
    receive(held, filing_id, form=PaperForm.SCAN)
    if act in (explain, receive):
        file(held, filing_id)
    held.appoint(OTHER, name="王五")
    before = dump(held)["tenures"]
    update(held, mobile="13900000009")  # the person, not the paper
    act(held, filing_id)
    assert undone(undo) == "修改 李四 手机"
    assert dump(held)["tenures"] == before
    assert undone(undo) == "任命 王五"
    assert held.row(OTHER).tenure_id is None
    assert not undo.state.undo.possible  # the receipt went with the number
    assert redone(undo) == "任命 王五"


def test_receipt_that_is_taken_with_one_of_what_is_recorded_is_final(held: Desk, undo: UndoService) -> None:
    replace_holder(held)
    held.appoint(OTHER, name="王五")
    recorded, other = filing_of(held, "李四"), filing_of(held, "王五")
    receive(held, recorded, other, form=PaperForm.SCAN)
    file(held, recorded)
    receive(held, recorded, other)
    assert not undo.state.undo.possible
    assert undo.state.undo.reason.startswith("“收件 ")


def test_setting_aside_what_has_no_number_is_undone(held: Desk, undo: UndoService) -> None:
    replace_holder(held)
    filing_id = filing_of(held, "李四")
    receive(held, filing_id)
    before = dump(held)
    void(held, filing_id, anew=True)
    after = dump(held)
    assert undo.state.undo.label == "作废 李四"
    undone(undo)
    assert dump(held) == before
    redone(undo)
    assert dump(held) == after


def test_setting_aside_what_came_in_as_filed_is_final(held: Desk, undo: UndoService) -> None:
    write_elsewhere(held, "UPDATE filings SET state = '已备案'")  # as an import without a number
    void(held, filing_of(held, "张三"))
    assert undo.state.undo.reason.startswith("“作废 张三”牵涉已备案或作废的备案，不能撤销")


def test_a_paper_printed_after_the_undoing_keeps_the_old_step_from_coming_back(
    held: Desk, undo: UndoService
) -> None:
    replace_holder(held)
    update(held, since=TODAY + timedelta(days=1))  # and the end of 张三, and the change date
    undone(undo)
    assert undo.state.redo.label == "修改 李四 任职日期"
    print_form(held)
    assert not undo.state.redo.possible
    assert undo.state.undo.label == "出表 李四"
    assert [state for (state,) in states(held)] == [FilingState.DRAFT, FilingState.ISSUED]


def states(desk: Desk) -> list[tuple[str]]:
    with desk.office._database.snapshot() as connection:
        return connection.execute("SELECT state FROM filings ORDER BY id").fetchall()


def test_an_edit_that_moves_a_paper_that_is_out_is_undone_with_it(held: Desk, undo: UndoService) -> None:
    replace_holder(held)
    print_form(held)
    before = dump(held)
    update(held, since=TODAY + timedelta(days=1))
    undone(undo)
    assert dump(held) == before


def test_a_reform_that_set_papers_without_a_number_aside_is_undone(held: Desk, undo: UndoService) -> None:
    before = dump(held)
    reform = Reform(TODAY, "宝编〔2026〕8号")
    held.office.system.unit_changes.merge([ref(held, TOWN)], ref(held, OTHER), reform)
    assert ("作废",) in states(held)
    assert undone(undo) == "单位合并 月浦镇等 2 个单位"
    assert dump(held) == before


def test_moving_another_limit_leaves_older_steps_alone(held: Desk, undo: UndoService) -> None:
    replace_holder(held)
    undo._stack.end("前面的不算")
    held.appoint(OTHER, name="王五")
    make_tomorrow_a_day_off(held)  # moves the limit of 李四
    assert undo.state.undo.label == "任命 王五"
    undone(undo)
    assert held.row(OTHER).tenure_id is None


def test_printing_many_forms_counts_them_printed_anew_or_not(held: Desk, undo: UndoService) -> None:
    print_form(held)
    held.appoint(OTHER, name="王五")
    posts = [held.row(unit).post_id for unit in (TOWN, OTHER)]
    held.office.forms.mark_issued(held.office.forms.compose(post_ids=posts))
    assert undo.state.undo.label == "出表 张三等 2 份"
    edit_unit(held, address="罗店路 1 号")
    held.office.forms.mark_issued(held.office.forms.compose(post_ids=[posts[1]]))
    receive(held, filing_of(held, "张三"), filing_of(held, "王五"))
    assert undo.state.undo.label == "收件 张三等 2 份"


def test_what_is_older_than_a_step_that_is_blocked_is_not_undone_past_it(
    held: Desk, undo: UndoService
) -> None:
    held.appoint(OTHER, name="王五")
    replace_holder(held)
    update(held, mobile="13900000009")
    make_tomorrow_a_day_off(held)
    assert undone(undo) == "修改 李四 手机"
    assert "不能再撤销“更换 张三为李四”" in undo.state.undo.reason
    assert not undo.state.undo.possible


def test_settings_and_calendar_are_no_steps(held: Desk, undo: UndoService) -> None:
    settings = held.office.system.settings
    opened = settings.get()
    settings.save(replace(opened, refile_updates=True), opened)
    assert undo.state.undo.reason == NOTHING_DONE


def test_an_action_that_fails_is_no_step(held: Desk, undo: UndoService) -> None:
    with pytest.raises(Exception, match="已经有人任职"):
        held.appoint(TOWN, name="王五", since=TODAY)
    assert undo.state.undo.reason == NOTHING_DONE
    update(held, mobile="13900000009")  # and the lock is free again
    assert undo.state.undo.possible


def test_saving_without_a_change_is_no_step(held: Desk, undo: UndoService) -> None:
    update(held)
    assert undo.state.undo.reason == NOTHING_DONE


def test_too_large_an_import_says_so_and_ends_what_could_be_undone(
    held: Desk, undo: UndoService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undo_module, "MOST_ROWS", 5)
    update(held, mobile="13900000009")
    bring_in(held, "王五", "赵六")
    assert undo.state.undo.reason == "“导入 2 人”涉及 6 条记录，太多，不能撤销；需要时请从导入前的备份恢复"
    assert not undo.state.undo.possible
    update(held, mobile="13900000008")
    assert undone(undo) == "修改 张三 手机"
    assert not undo.state.undo.possible


def test_too_large_an_import_that_fails_leaves_the_steps(
    held: Desk, undo: UndoService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undo_module, "MOST_ROWS", 5)
    update(held, mobile="13900000009")

    def fail(_session: object) -> None:
        raise InvalidInputError("坏了")

    with monkeypatch.context() as broken:
        broken.setattr(held.office._database, "before_commit", fail)
        with pytest.raises(InvalidInputError):
            bring_in(held, "王五", "赵六")
    assert undone(undo) == "修改 张三 手机"


def test_at_least_thirty_steps_are_kept_and_the_oldest_go_first(
    held: Desk, undo: UndoService, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert MOST_STEPS >= 30
    monkeypatch.setattr(undo_stack, "MOST_STEPS", 3)
    for number in range(5):
        update(held, mobile=f"1390000000{number}")
    for _ in range(3):
        undone(undo)
    assert held.row(TOWN).mobile == "13900000001"
    assert "更早的不能撤销" in undo.state.undo.reason


def test_memory_is_bounded_and_the_newest_step_always_kept(
    held: Desk, undo: UndoService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undo_stack, "MOST_BYTES", 1)
    update(held, mobile="13900000001")
    update(held, mobile="13900000002")
    assert undone(undo) == "修改 张三 手机"
    assert not undo.state.undo.possible


def test_the_post_it_was_about_is_told(held: Desk, undo: UndoService) -> None:
    post_id = held.row(TOWN).post_id
    update(held, mobile="13900000009")
    assert undo.undo(undo.state.undo.number).post_id == post_id
    other = held.appoint(OTHER, name="王五").post_id
    assert undo.undo(undo.state.undo.number).post_id == other
    bring_in(held, "王五", "赵六")
    assert undo.undo(undo.state.undo.number).post_id is None


def test_whoever_waits_for_it_is_told_of_a_change(held: Desk, undo: UndoService) -> None:
    told: list[str] = []
    undo.changed = lambda: told.append(undo.state.undo.label)
    update(held, mobile="13900000009")
    update(held)
    undone(undo)
    assert told == ["修改 张三 手机", ""]


def test_several_threads_write_and_every_step_is_undone_in_its_order(held: Desk, undo: UndoService) -> None:
    start = dump(held)
    units = (OTHER, "大场镇", "杨行镇", "顾村镇")
    drafts = [held.draft(unit, name="王五") for unit in units]
    threads = [Thread(target=held.office.holders.appoint, args=(draft,)) for draft in drafts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for _ in units:
        undone(undo)
    assert dump(held) == start


def test_random_actions_are_undone_and_redone_wholly(sample_file: Path, tmp_path: Path) -> None:
    outcome = Outcome()
    for seed in range(2):  # 500 by ``dev.py trials undo``
        run_sequence(sample_file, tmp_path / "work", seed, STEPS, None, outcome)
    assert (outcome.sequences, outcome.steps) == (2, 2 * STEPS)
    assert outcome.undone >= 2 * outcome.steps
    assert outcome.differing == 0
    assert len(outcome.actions) > 8


def test_the_trial_finds_a_step_that_is_not_wholly_undone(
    sample_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcome = Outcome()
    monkeypatch.setattr(undo_module, "turn", lambda _connection, changes, *, back: changes)
    run_sequence(sample_file, tmp_path / "work", 0, 2, None, outcome)
    assert outcome.differing > 0
