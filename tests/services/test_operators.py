"""Operators: who may work, how they show who they are, and what the history keeps of it."""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest

from cdo_desktop import paths, settings
from cdo_desktop.errors import ConflictError, InvalidInputError, NotFoundError, StorageError
from cdo_desktop.office import Office
from cdo_desktop.services.history import change_details
from cdo_desktop.services.operators import MAINTENANCE_ACTOR, OperatorRow, OperatorService
from cdo_desktop.services.pin_trials import PinError
from cdo_desktop.store.write_gate import CHECKING, DAMAGED
from tests.services.conftest import Clock, Desk

pytestmark = pytest.mark.usefixtures("quick_pins")

PIN, OTHER_PIN = "274190", "830516"
WRONG = "961842"


def operators(desk: Desk) -> OperatorService:
    return desk.office.operators


def row(desk: Desk, name: str) -> OperatorRow:
    return next(row for row in operators(desk).rows() if row.name == name)


def told(desk: Desk) -> list[tuple[str, str]]:
    """Return who did what to operators, in order."""
    with closing(sqlite3.connect(desk.office.data_folder / paths.DATABASE_NAME)) as connection:
        query = "SELECT actor, action FROM history WHERE entity = 'operators' ORDER BY id"
        return connection.execute(query).fetchall()


def reopened(desk: Desk) -> Desk:
    """Return the same data as after a restart."""
    desk.office.close()
    return Desk(Office(desk.office.data_folder, desk.clock), desk.clock)


@pytest.fixture
def two(empty_desk: Desk) -> Desk:
    """Return an office of 王芳, who has a PIN, and 本机经办人, who has none and is signed in."""
    operators(empty_desk).add("王芳", PIN)
    return empty_desk


# The list


def test_a_new_operator_is_listed_and_told_by_whoever_added_them(two: Desk) -> None:
    first, second = operators(two).rows()
    assert (first.name, first.has_pin, first.is_active) == (settings.DEFAULT_ACTOR, False, True)
    assert (second.name, second.has_pin, second.is_active, second.locked_until) == ("王芳", True, True, None)
    assert told(two) == [(settings.DEFAULT_ACTOR, "新增经办人")]


def test_a_name_is_needed_short_and_its_own(two: Desk) -> None:
    service = operators(two)
    for name, why in (
        (" ", "请填写"),
        ("王" * 21, "最多 20"),
        (" 王 芳 ", "已有名叫“王芳”"),
        ("命令行维护", "程序在记录里"),
        ("（自动）", "程序在记录里"),
    ):
        with pytest.raises(InvalidInputError, match=why) as refused:
            service.add(name)
        assert refused.value.field == "name"
    assert len(service.rows()) == 2


def test_an_easy_pin_is_refused_at_its_field(two: Desk) -> None:
    with pytest.raises(InvalidInputError, match="太容易猜到") as refused:
        operators(two).add("李明", "123456")
    assert refused.value.field == "pin"
    assert len(operators(two).rows()) == 2


def test_a_renamed_operator_is_named_so_from_now_on(two: Desk) -> None:
    operators(two).rename(row(two, settings.DEFAULT_ACTOR), "李明")
    assert two.office.journal.actor == "李明"
    operators(two).rename(row(two, "王芳"), "王芳芳")
    assert two.office.journal.actor == "李明"
    assert told(two)[1:] == [(settings.DEFAULT_ACTOR, "经办人改名"), ("李明", "经办人改名")]


def test_a_stale_form_is_refused(two: Desk) -> None:
    service, opened = operators(two), row(two, "王芳")
    service.rename(opened, "王芳芳")
    with pytest.raises(ConflictError) as refused:
        service.rename(opened, "王小芳")
    assert [(field.mine, field.theirs) for field in refused.value.fields] == [("王小芳", "王芳芳")]
    for act in (service.disable, service.enable, lambda row: service.set_pin(row, OTHER_PIN)):
        with pytest.raises(ConflictError, match="请刷新后再试"):
            act(opened)
    assert row(two, "王芳芳").is_active


def test_an_operator_who_is_gone_is_not_found(two: Desk) -> None:
    gone = replace(row(two, "王芳"), operator_id=99)
    with pytest.raises(NotFoundError, match="不在名单里"):
        operators(two).disable(gone)
    with pytest.raises(NotFoundError):
        operators(two).sign_in(99)
    with pytest.raises(NotFoundError):
        operators(two).get(99)


def test_a_disabled_operator_stays_listed_and_cannot_sign_in(two: Desk) -> None:
    service = operators(two)
    service.disable(row(two, "王芳"))
    assert not row(two, "王芳").is_active
    with pytest.raises(InvalidInputError, match="“王芳”已停用"):
        service.sign_in(row(two, "王芳").operator_id, PIN)
    with pytest.raises(InvalidInputError, match="已停用，可以重新启用"):
        service.add("王芳")
    service.enable(row(two, "王芳"))
    service.enable(row(two, "王芳"))
    assert row(two, "王芳").is_active
    assert [action for _actor, action in told(two)] == ["新增经办人", "停用经办人", "启用经办人"]


def test_nobody_disables_themselves_or_the_last_one(two: Desk) -> None:
    service = operators(two)
    with pytest.raises(InvalidInputError, match="不能停用您自己"):
        service.disable(row(two, settings.DEFAULT_ACTOR))
    service.sign_in(row(two, "王芳").operator_id, PIN)
    service.disable(row(two, settings.DEFAULT_ACTOR))
    with pytest.raises(InvalidInputError):
        service.disable(row(two, "王芳"))
    two.office.journal.act_as(1, settings.DEFAULT_ACTOR)  # disabled meanwhile, in another window
    with pytest.raises(InvalidInputError, match="最后一位"):
        service.disable(row(two, "王芳"))


# PINs


def test_ones_own_pin_is_changed_with_the_old_one(empty_desk: Desk) -> None:
    service = operators(empty_desk)

    def me() -> OperatorRow:
        return row(empty_desk, settings.DEFAULT_ACTOR)

    service.set_pin(me(), PIN)
    with pytest.raises(PinError, match="请输入您现在的 PIN") as refused:
        service.set_pin(me(), OTHER_PIN)
    assert refused.value.field == "proof"
    with pytest.raises(PinError, match="还可以再试 4 次"):
        service.set_pin(me(), OTHER_PIN, WRONG)
    service.set_pin(me(), OTHER_PIN, PIN)
    with pytest.raises(PinError):
        service.clear_pin(me(), PIN)
    service.clear_pin(me(), OTHER_PIN)
    assert not me().has_pin
    assert [action for _actor, action in told(empty_desk)] == [
        *("修改 PIN", "PIN 输错", "修改 PIN", "PIN 输错", "清除 PIN")
    ]


def test_another_operator_resets_a_pin_with_their_own(two: Desk) -> None:
    service = operators(two)
    with pytest.raises(InvalidInputError, match="您自己还没有 PIN"):
        service.set_pin(row(two, "王芳"), OTHER_PIN)
    service.sign_in(row(two, "王芳").operator_id, PIN)
    service.set_pin(row(two, settings.DEFAULT_ACTOR), OTHER_PIN, PIN)
    service.sign_in(row(two, settings.DEFAULT_ACTOR).operator_id, OTHER_PIN)
    for _ in range(5):
        with pytest.raises(PinError):
            service.sign_in(row(two, "王芳").operator_id, WRONG)
    assert row(two, "王芳").locked_until is not None
    service.set_pin(row(two, "王芳"), "591627", OTHER_PIN)
    assert row(two, "王芳").locked_until is None
    assert service.sign_in(row(two, "王芳").operator_id, "591627").name == "王芳"
    assert (settings.DEFAULT_ACTOR, "重设 PIN") in told(two)


def test_guessing_in_the_form_locks_as_it_does_at_the_start(two: Desk) -> None:
    service = operators(two)
    service.sign_in(row(two, "王芳").operator_id, PIN)
    for _ in range(5):
        with pytest.raises(PinError):
            service.clear_pin(row(two, "王芳"), WRONG)
    with pytest.raises(PinError, match="已锁定"):
        service.clear_pin(row(two, "王芳"), PIN)
    assert row(two, "王芳").has_pin


def test_without_anybody_signed_in_no_pin_is_changed(two: Desk) -> None:
    opened = row(two, "王芳")
    there = reopened(two)
    with pytest.raises(StorageError, match="还没有选定经办人"):
        operators(there).clear_pin(opened, PIN)
    there.office.close()


def test_neither_a_pin_nor_its_hash_is_in_the_history(two: Desk) -> None:
    service = operators(two)
    service.sign_in(row(two, "王芳").operator_id, PIN)
    service.set_pin(row(two, "王芳"), OTHER_PIN, PIN)
    with pytest.raises(PinError):
        service.sign_in(row(two, "王芳").operator_id, WRONG)
    with closing(sqlite3.connect(two.office.data_folder / paths.DATABASE_NAME)) as connection:
        kept = json.dumps(connection.execute("SELECT * FROM history").fetchall(), ensure_ascii=False)
        (stored,) = connection.execute("SELECT pin_hash FROM operators WHERE name = '王芳'").fetchone()
    assert not [secret for secret in (PIN, OTHER_PIN, WRONG, stored, "scrypt") if secret in kept]


def test_the_history_is_read_in_words() -> None:
    assert change_details("operators", "", '{"pin":"已设置"}') == (("PIN", "", "已设置"),)


# Signing in


def test_with_two_operators_nobody_works_before_one_is_chosen(two: Desk) -> None:
    there = reopened(two)
    assert (there.office.journal.operator_id, there.office.journal.actor) == (None, "")
    assert [choice.name for choice in there.office.choices] == [settings.DEFAULT_ACTOR, "王芳"]
    signed_in = operators(there).sign_in(row(there, "王芳").operator_id, f" {PIN} ")
    assert (signed_in.name, signed_in.failures, signed_in.unrecorded) == ("王芳", 0, "")
    assert there.office.journal.actor == "王芳"
    assert told(there)[-1] == ("王芳", "登录")
    there.office.close()


def test_five_wrong_pins_lock_for_ten_minutes(two: Desk) -> None:
    service, operator_id = operators(two), row(two, "王芳").operator_id
    for left in (4, 3, 2, 1):
        with pytest.raises(PinError, match=f"还可以再试 {left} 次"):
            service.sign_in(operator_id, WRONG)
    with pytest.raises(PinError, match="已锁定，09:10 以后可以再试（还有 10 分钟）"):
        service.sign_in(operator_id, WRONG)
    with pytest.raises(PinError, match="已锁定"):
        service.sign_in(operator_id, PIN)
    assert [action for _actor, action in told(two)][1:] == ["PIN 输错"] * 5 + ["锁定"]
    two.clock.now += timedelta(minutes=10)
    signed_in = service.sign_in(operator_id, PIN)
    assert signed_in.failures == 5
    assert row(two, "王芳").locked_until is None


def test_after_the_lock_there_are_five_more_and_another_lock(two: Desk) -> None:
    service, operator_id = operators(two), row(two, "王芳").operator_id
    for _ in range(5):
        with pytest.raises(PinError):
            service.sign_in(operator_id, WRONG)
    two.clock.now += timedelta(minutes=11)
    for left in (4, 3, 2, 1):
        with pytest.raises(PinError, match=f"还可以再试 {left} 次"):
            service.sign_in(operator_id, WRONG)
    with pytest.raises(PinError, match="已锁定"):
        service.sign_in(operator_id, WRONG)
    two.clock.now += timedelta(minutes=11)
    assert service.sign_in(operator_id, PIN).failures == 10
    assert service.sign_in(operator_id, PIN).failures == 0


def test_the_count_and_the_lock_survive_a_restart(two: Desk) -> None:
    there = two
    for _ in range(5):
        with pytest.raises(PinError):
            operators(there).sign_in(row(there, "王芳").operator_id, WRONG)
        there = reopened(there)
    with pytest.raises(PinError, match="已锁定"):
        operators(there).sign_in(row(there, "王芳").operator_id, PIN)
    there.office.close()


def test_a_clock_set_back_neither_ends_a_lock_nor_makes_it_longer(two: Desk) -> None:
    service, operator_id = operators(two), row(two, "王芳").operator_id
    for _ in range(5):
        with pytest.raises(PinError):
            service.sign_in(operator_id, WRONG)
    two.clock.now -= timedelta(days=3)
    with pytest.raises(PinError, match="还有 10 分钟"):
        service.sign_in(operator_id, PIN)
    two.clock.now += timedelta(minutes=10)
    assert service.sign_in(operator_id, PIN).name == "王芳"


def test_no_pin_at_all_is_wrong_but_one_too_many_is_not(two: Desk) -> None:
    with pytest.raises(PinError):
        operators(two).sign_in(row(two, "王芳").operator_id)
    assert (
        operators(two).sign_in(row(two, settings.DEFAULT_ACTOR).operator_id, PIN).name
        == settings.DEFAULT_ACTOR
    )


def test_a_pin_set_by_plain_sql_does_not_open(two: Desk) -> None:
    with closing(sqlite3.connect(two.office.data_folder / paths.DATABASE_NAME)) as connection, connection:
        connection.execute("UPDATE operators SET pin_hash = ? WHERE name = '王芳'", (PIN,))
    with pytest.raises(StorageError, match="PIN 记录已损坏"):
        operators(two).sign_in(row(two, "王芳").operator_id, PIN)


def test_data_that_cannot_be_written_can_be_looked_at_by_whoever_knows_the_pin(two: Desk) -> None:
    service, operator_id = operators(two), row(two, "王芳").operator_id
    two.office.gate.shut(DAMAGED)
    with pytest.raises(PinError, match="PIN 不对，请重新输入"):
        service.sign_in(operator_id, WRONG)
    signed_in = service.sign_in(operator_id, PIN)
    assert (signed_in.name, signed_in.unrecorded) == ("王芳", DAMAGED)
    assert two.office.journal.actor == "王芳"
    two.office.gate.open()
    assert told(two) == [(settings.DEFAULT_ACTOR, "新增经办人")]


def test_signing_in_waits_for_the_check_at_start(two: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = two.office.gate
    gate.shut(CHECKING)
    waited: list[float] = []

    def end_the_check(seconds: float) -> None:
        waited.append(seconds)
        gate.open()

    monkeypatch.setattr(gate, "wait", end_the_check)
    assert operators(two).sign_in(row(two, "王芳").operator_id, PIN).unrecorded == ""
    assert waited == [20.0]


# The way without a PIN


def test_a_forgotten_pin_is_taken_away_and_the_history_shows_it(two: Desk) -> None:
    there = reopened(two)
    operators(there).reset(" 王 芳")
    assert not row(there, "王芳").has_pin
    assert told(there)[-1] == (MAINTENANCE_ACTOR, "命令行重设 PIN")
    assert there.office.journal.actor == ""
    with pytest.raises(InvalidInputError, match="“王芳”没有设置 PIN"):
        operators(there).reset("王芳")
    with pytest.raises(NotFoundError, match="没有名叫“赵六”"):
        operators(there).reset("赵六")
    there.office.close()


def test_two_programs_cannot_guess_past_the_count(two: Desk) -> None:
    """The count is read and written under the write lock: no guess is lost between two connections."""
    operator_id = row(two, "王芳").operator_id
    with Office(two.office.data_folder, Clock()) as other:
        for number in range(5):
            service = other.operators if number % 2 else operators(two)
            with pytest.raises(PinError):
                service.sign_in(operator_id, WRONG)
        with pytest.raises(PinError, match="已锁定"):
            other.operators.sign_in(operator_id, PIN)
