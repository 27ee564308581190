"""信息更新 of many holders at once: who is meant, what is written, and that nothing is written by halves."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date

import pytest

from cdo_desktop import paths
from cdo_desktop.errors import CancelledError, ConflictError, InvalidInputError
from cdo_desktop.rules.vocabulary import PostKind
from cdo_desktop.services.block_update import (
    BLOCK_FIELDS,
    Asked,
    BlockUpdateService,
    HolderChange,
    reason_against,
)
from cdo_desktop.services.departures import LeaveDraft
from cdo_desktop.services.holder_draft import HolderDraft
from cdo_desktop.services.undo import UndoService
from cdo_desktop.services.unit_draft import UnitDraft

from .conftest import TODAY, Desk

CDO, SPECIALIST = PostKind.CDO, PostKind.SPECIALIST
EARLIER = date(2026, 3, 2)
TOWN, OTHER = "罗店镇", "月浦镇"


@pytest.fixture
def held(desk: Desk) -> Desk:
    """Return a register with three holders: both of one town, the 首席数据官 alone of another."""
    desk.appoint(TOWN, CDO, name="陈思远", since=EARLIER, mobile="13800000001")
    desk.appoint(TOWN, SPECIALIST, name="欧阳静", since=EARLIER, mobile="13800000002", section="办公室")
    desk.appoint(OTHER, CDO, name="解正华", since=EARLIER, mobile="13800000003")
    return desk


@pytest.fixture
def block(held: Desk) -> BlockUpdateService:
    return held.office.block_update


def found(block: BlockUpdateService, *asked: Asked, fields: tuple[str, ...] = ("mobile",)) -> list[str]:
    """Return name or problem of each line."""
    return [line.opened.name if line.opened else line.problem for line in block.find(asked, fields)]


def opened(desk: Desk, unit: str, post: PostKind = SPECIALIST) -> HolderDraft:
    return desk.office.holders.get(desk.row(unit, post).tenure_id or 0)


def changes(desk: Desk) -> list[HolderChange]:
    """Return another phone for everybody."""
    holders = [opened(desk, TOWN, CDO), opened(desk, TOWN), opened(desk, OTHER, CDO)]
    return [HolderChange(holder, {"mobile": f"1390000000{n}"}) for n, holder in enumerate(holders)]


def mobiles(desk: Desk) -> list[str]:
    return [desk.row(*seat).mobile for seat in ((TOWN, CDO), (TOWN, SPECIALIST), (OTHER, CDO))]


# Who is meant


def test_a_row_of_the_register_is_its_holder(held: Desk, block: BlockUpdateService) -> None:
    row, empty = held.row(TOWN), held.row(OTHER)
    said = found(block, Asked(key=(row.post_id, row.tenure_id or 0)), Asked(key=(empty.post_id, 0)))
    assert said == ["欧阳静", "“月浦镇 数据专员”空缺，没有人可以更新；请先任命。"]


def test_a_row_that_changed_hands_meanwhile_is_said_to_be_gone(held: Desk, block: BlockUpdateService) -> None:
    row = held.row(TOWN)
    held.office.holders.leave(opened(held, TOWN), LeaveDraft(TODAY, "退休"))
    assert "刚换了人或已不在名册里" in found(block, Asked(key=(row.post_id, row.tenure_id or 0)))[0]


def test_a_person_is_found_by_name_and_a_unit_by_every_name_it_has(
    held: Desk, block: BlockUpdateService
) -> None:
    full = held.office.units.get(held.row(TOWN).unit_id).full_name
    asked = (
        Asked(name="欧阳 静"),
        Asked(unit=full, post="首席数据官"),
        Asked(unit=" 罗店镇", name="欧阳静"),
        Asked(unit=TOWN, post="数据专员", name="欧阳静"),
    )
    assert found(block, *asked) == ["欧阳静", "陈思远", "欧阳静", "欧阳静"]


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        (Asked(), "没有单位和姓名，看不出是谁。"),
        (Asked(name="周明"), "名册里现在没有“周明”；换了人请用“更换”。"),
        (Asked(unit="合计"), "名册里没有单位“合计”，请核对。"),
        (Asked(unit="罗店"), "名册里没有单位“罗店”，相近的有“罗店镇”；请改成一样的名称。"),
        (Asked(unit=OTHER, name="欧阳静"), "“欧阳静”现在不在“月浦镇”任职，请核对。"),
        (Asked(name="欧阳静", post="首席数据官"), "“欧阳静”没有“首席数据官”这个岗位，请核对。"),
        (Asked(unit=OTHER, post="数据专员"), "“月浦镇 数据专员”空缺，没有人可以更新；请先任命。"),
    ],
)
def test_who_is_not_found_is_named_and_never_guessed(
    block: BlockUpdateService, asked: Asked, problem: str
) -> None:
    assert found(block, asked) == [problem]


def test_a_unit_alone_is_not_enough_where_it_has_two_posts_even_if_one_is_empty(
    block: BlockUpdateService,
) -> None:
    both, one = found(block, Asked(unit=TOWN), Asked(unit=OTHER))
    assert "对应 2 个岗位（“罗店镇 首席数据官 陈思远”、“罗店镇 数据专员 欧阳静”）" in both
    assert "请在复制的内容里加上岗位或姓名一列" in one


def test_a_unit_alone_means_the_only_one_of_its_rows_that_the_table_shows(
    held: Desk, block: BlockUpdateService
) -> None:
    shown = [(row.post_id, row.tenure_id or 0) for row in (held.row(TOWN), held.row(OTHER))]
    town, other = block.find([Asked(unit=TOWN), Asked(unit=OTHER)], ["mobile"], shown)
    assert town.opened is not None
    assert town.opened.name == "欧阳静"
    assert "空缺" in other.problem, "the phone of a 数据专员 never goes to the 首席数据官"


def test_one_person_in_two_posts_is_one_for_a_phone_and_two_for_a_title(
    held: Desk, block: BlockUpdateService
) -> None:
    held.appoint(OTHER, SPECIALIST, name="欧阳静", mobile="13800000002")
    assert found(block, Asked(name="欧阳静")) == ["欧阳静"]
    assert "对应 2 个岗位" in found(block, Asked(name="欧阳静"), fields=("mobile", "title"))[0]


def test_two_persons_of_one_name_are_told_apart_by_their_unit(held: Desk, block: BlockUpdateService) -> None:
    held.appoint(OTHER, SPECIALIST, name="欧阳静", mobile="13800000009")
    both, one = found(block, Asked(name="欧阳静"), Asked(unit=TOWN, name="欧阳静"))
    assert "对应 2 个岗位（“罗店镇 数据专员 欧阳静”、“月浦镇 数据专员 欧阳静”）" in both
    assert one == "欧阳静"


def test_a_unit_that_is_no_more_is_not_found(held: Desk, block: BlockUpdateService) -> None:
    held.office.units.save(
        UnitDraft(full_name="上海市宝山区数据局", short_name="区数据局", category="区政府部门")
    )
    path = held.office.data_folder / paths.DATABASE_NAME
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE units SET valid_to = '2026-01-01' WHERE short_name = '区数据局'")
    assert found(block, Asked(unit="区数据局")) == ["名册里没有单位“区数据局”，请核对。"]


def test_columns_of_names_are_recognised_and_columns_of_values_are_not(block: BlockUpdateService) -> None:
    columns = (
        ["罗店镇", "月浦镇", "合计"],
        ["首席数据官", "数据专员", ""],
        ["欧阳静", "陈思远", "周明"],
        ["13900000001", "13900000002", "13900000003"],
        ["", "", ""],
    )
    assert block.naming(columns) == ("unit", "post", "name", "", "")


# Saving


def test_all_are_written_at_once_each_with_its_history(held: Desk, block: BlockUpdateService) -> None:
    assert block.save(changes(held)) == 3
    assert mobiles(held) == ["13900000000", "13900000001", "13900000002"]
    for number, seat in enumerate(((TOWN, CDO), (TOWN, SPECIALIST), (OTHER, CDO))):
        last = held.office.holders.person_history(held.row(*seat).person_id or 0)[0]
        assert last.action == "信息更新"
        assert last.details == (("手机", f"1380000000{number + 1}", f"1390000000{number}"),)


def test_it_is_one_step_to_undo_named_by_whom_and_what(held: Desk, block: BlockUpdateService) -> None:
    undo = UndoService(held.office._database, held.office.journal)
    before = mobiles(held)
    block.save(changes(held))
    assert undo.state.undo.label == "修改 陈思远等 3 人 手机"
    undo.undo(undo.state.undo.number)
    assert mobiles(held) == before
    assert not undo.state.undo.possible


def test_a_record_changed_after_the_preview_stops_everything(held: Desk, block: BlockUpdateService) -> None:
    wanted = changes(held)
    stale = opened(held, OTHER, CDO)
    held.office.holders.update(stale, replace(stale, title="书记"))
    before = mobiles(held)
    with pytest.raises(ConflictError, match="“解正华”的资料在预览之后已被别人修改。没有保存任何内容"):
        block.save(wanted)
    assert mobiles(held) == before


def test_who_left_after_the_preview_stops_everything(held: Desk, block: BlockUpdateService) -> None:
    wanted = changes(held)
    held.office.holders.leave(opened(held, TOWN), LeaveDraft(TODAY, "退休"))
    with pytest.raises(ConflictError, match="“欧阳静”"):
        block.save(wanted)
    assert held.row(TOWN, CDO).mobile == "13800000001"


def test_a_value_that_cannot_be_accepted_stops_everything(held: Desk, block: BlockUpdateService) -> None:
    first, _second, third = changes(held)
    wrong = HolderChange(opened(held, TOWN), {"mobile": "138****0002"})
    with pytest.raises(InvalidInputError, match="“欧阳静”：.*被遮盖.*没有保存任何内容"):
        block.save([first, wrong, third])
    assert mobiles(held) == ["13800000001", "13800000002", "13800000003"]


def test_stopping_halfway_writes_nothing(held: Desk, block: BlockUpdateService) -> None:
    def stop(done: int, total: int) -> None:
        assert total == 3
        if done == 2:
            raise CancelledError("已取消。")

    with pytest.raises(CancelledError):
        block.save(changes(held), stop)
    assert mobiles(held) == ["13800000001", "13800000002", "13800000003"]


def test_two_lines_about_one_person_are_both_written(held: Desk, block: BlockUpdateService) -> None:
    held.appoint(OTHER, SPECIALIST, name="欧阳静", mobile="13800000002")
    town, other = opened(held, TOWN), opened(held, OTHER)
    assert town.person_id == other.person_id
    count = block.save(
        [
            HolderChange(town, {"mobile": "13900000001", "section": "数据科"}),
            HolderChange(other, {"mobile": "13900000001", "email": "oyj@example.gov.cn"}),
            HolderChange(town, {"title": "科长"}),
        ]
    )
    assert count == 1
    assert (held.row(TOWN).mobile, held.row(TOWN).section, held.row(TOWN).title) == (
        "13900000001",
        "数据科",
        "科长",
    )
    assert held.row(OTHER).email == "oyj@example.gov.cn"


def test_a_field_that_the_form_of_a_post_does_not_have_is_refused(
    held: Desk, block: BlockUpdateService
) -> None:
    with pytest.raises(InvalidInputError, match="“陈思远”：首席数据官没有“所在科室”这一栏。没有保存"):
        block.save([HolderChange(opened(held, TOWN, CDO), {"section": "办公室"})])
    assert reason_against("mobile", CDO) == ""
    assert [field for field in BLOCK_FIELDS if reason_against(field, SPECIALIST)] == ["head_status"]
