"""撤销 and 重做: what an action is called, what is taken back and what not, what the history tells of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest

from benchmarks.reliability.undo import STEPS, Outcome, run_sequence
from cdo_desktop.errors import ConflictError, InvalidInputError, NotFoundError
from cdo_desktop.services import undo as undo_module
from cdo_desktop.services import undo_stack
from cdo_desktop.services.departures import LeaveDraft
from cdo_desktop.services.search import SearchService
from cdo_desktop.services.undo import UndoService
from cdo_desktop.services.undo_stack import MOST_STEPS, NOTHING_DONE, NOTHING_UNDONE
from cdo_desktop.services.unit_draft import UnitDraft
from cdo_desktop.services.unit_reform import NewUnit, Reform

from .conftest import TODAY, TOWN, Desk
from .undo_steps import (
    EARLIER,
    OTHER,
    bring_in,
    dump,
    edit_unit,
    holder,
    make_tomorrow_a_day_off,
    redone,
    ref,
    replace_holder,
    undone,
    update,
    write_elsewhere,
)

BUREAU = UnitDraft(full_name="上海市宝山区数据局", short_name="区数据局", category="区政府部门")
Act = Callable[[Desk], object]


def leave(desk: Desk) -> None:
    opened = desk.office.holders.get(desk.row(TOWN).tenure_id or 0)
    desk.office.holders.leave(opened, LeaveDraft(TODAY, "退休"))


def merge(desk: Desk) -> None:
    reform = Reform(TODAY, "宝编〔2026〕8号")
    desk.office.system.unit_changes.merge(
        [ref(desk, "区科委"), ref(desk, "区信息委")], NewUnit(BUREAU), reform
    )


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
