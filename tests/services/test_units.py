"""Units: the shipped list, checks, stale forms, names and their history."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from cdo_desktop import paths
from cdo_desktop.errors import ConflictError, InvalidFormError, InvalidInputError, NotFoundError
from cdo_desktop.rules.vocabulary import PostKind, UnitCategory, UnitGroup
from cdo_desktop.services.departures import LeaveDraft
from cdo_desktop.services.register import RegisterQuery
from cdo_desktop.services.unit_draft import UnitDraft

from .conftest import TODAY, Desk

TOWN = "罗店镇"
NEW = UnitDraft(full_name="上海市宝山区测绘局", short_name="区测绘局", category="区政府部门")


def opened(desk: Desk, unit: str = TOWN) -> UnitDraft:
    return desk.office.units.get(desk.row(unit, PostKind.CDO).unit_id)


def messages(refused: pytest.ExceptionInfo[InvalidFormError]) -> dict[str, str]:
    return refused.value.messages


def test_first_start_brings_the_district_and_its_units_to_be_confirmed(empty_desk: Desk) -> None:
    units = empty_desk.office.units
    assert units.count() == 0
    assert units.add_shipped_units(paths.resource("units", paths.UNITS_NAME)) == 55
    rows = units.rows()
    assert (rows[0].short_name, rows[0].category) == ("区级", UnitCategory.DISTRICT)
    assert len(rows) == 56
    assert not any(row.full_name_confirmed for row in rows[1:])
    assert len(empty_desk.office.register.keys(RegisterQuery())) == 5 + 2 * 55


def test_shipped_units_are_not_brought_in_twice(desk: Desk) -> None:
    with pytest.raises(InvalidInputError, match="已有单位"):
        desk.office.units.add_shipped_units(paths.resource("units", paths.UNITS_NAME))
    assert desk.office.units.count() == 56


def test_new_unit_gets_both_posts_a_group_and_the_last_place(desk: Desk) -> None:
    unit_id = desk.office.units.save(NEW)
    stored = desk.office.units.get(unit_id)
    assert (stored.group, stored.version) == (UnitGroup.DEPARTMENT, 1)
    rows = desk.office.register.all_rows(RegisterQuery())
    assert [(row.unit, row.post, row.empty_days) for row in rows[-2:]] == [
        ("区测绘局", "首席数据官", 0),
        ("区测绘局", "数据专员", 0),
    ]
    assert desk.office.register.all_rows(RegisterQuery(text="chj"))


def test_form_says_every_wrong_field_at_once(desk: Desk) -> None:
    draft = UnitDraft(full_name=" ", short_name="长" * 101, category="局", group="组", postcode="20190")
    with pytest.raises(InvalidFormError) as refused:
        desk.office.units.save(draft)
    assert set(messages(refused)) == {"full_name", "short_name", "category", "group", "postcode"}


@pytest.mark.parametrize("field", ["full_name", "short_name"])
@pytest.mark.parametrize("taken", ["罗店镇", "宝山区罗店镇人民政府"])
def test_name_of_another_unit_is_refused_whichever_it_is(field: str, taken: str, desk: Desk) -> None:
    with pytest.raises(InvalidFormError) as refused:
        desk.office.units.save(replace(NEW, **{field: taken}))  # type: ignore[arg-type]
    assert messages(refused) == {field: f"已有单位“罗店镇”使用“{taken}”，请核对。"}


def test_second_district_and_a_change_of_kind_are_refused(desk: Desk) -> None:
    district = opened_district(desk)
    town = opened(desk)
    for draft, before in (
        (replace(NEW, category="区级"), None),
        (replace(town, category="区级"), town),
        (replace(district, category="其他"), district),
    ):
        with pytest.raises(InvalidFormError) as refused:
            desk.office.units.save(draft, before)
        assert set(messages(refused)) == {"category"}


def opened_district(desk: Desk) -> UnitDraft:
    return desk.office.units.get(desk.office.units.rows()[0].unit_id)


def test_stale_form_does_not_overwrite_and_shows_both_versions(desk: Desk) -> None:
    before = opened(desk)
    desk.office.units.save(replace(before, address="沪太路6655号"), before)
    with pytest.raises(ConflictError, match="单位“罗店镇”在您打开之后已被别人修改") as refused:
        desk.office.units.save(replace(before, postcode="201908"), before)
    shown = {field.label: (field.original, field.mine, field.theirs) for field in refused.value.fields}
    assert shown == {"单位地址": ("", "", "沪太路6655号"), "邮编": ("", "201908", "")}
    assert opened(desk).postcode == ""
    fresh = opened(desk)
    desk.office.units.save(replace(fresh, postcode="201908"), fresh)
    assert (opened(desk).address, opened(desk).postcode) == ("沪太路6655号", "201908")


def test_saving_without_a_change_writes_nothing(desk: Desk) -> None:
    before = opened(desk)
    desk.office.units.save(before, before)
    assert opened(desk) == before
    assert [row.action for row in desk.office.holders.unit_history(before.unit_id or 0)] == ["新建单位"]


def test_unit_that_is_gone_is_named(desk: Desk) -> None:
    with pytest.raises(NotFoundError):
        desk.office.units.get(99999)


def test_draft_of_a_full_name_is_put_right_without_a_former_name(desk: Desk) -> None:
    before = opened(desk)
    desk.office.units.save(replace(before, full_name="上海市宝山区罗店镇人民政府"), before)
    assert desk.office.units.former_names(before.unit_id or 0) == ()
    assert desk.row(TOWN).unit_full_name == "上海市宝山区罗店镇人民政府"


def test_rename_on_a_day_keeps_the_old_name(desk: Desk) -> None:
    unit_id = opened(desk).unit_id or 0
    desk.office.units.confirm_names([unit_id])
    before = opened(desk)
    desk.office.units.save(
        replace(before, full_name="宝山区罗店街道办事处", short_name="罗店街道"), before, date(2026, 7, 1)
    )
    (former,) = desk.office.units.former_names(unit_id)
    assert (former.full_name, former.short_name, former.until) == (
        "宝山区罗店镇人民政府",
        "罗店镇",
        date(2026, 7, 1),
    )
    assert desk.office.holders.unit_history(unit_id)[0].action == "单位更名"
    assert desk.office.register.all_rows(RegisterQuery(text="luodianjiedao"))


def test_rename_on_a_named_day_is_kept_even_when_the_name_was_never_confirmed(desk: Desk) -> None:
    before = opened(desk)
    desk.office.units.save(replace(before, short_name="罗店街道"), before, date(2026, 7, 1))
    assert len(desk.office.units.former_names(before.unit_id or 0)) == 1


def test_rename_lies_neither_in_the_future_nor_before_the_last_one(desk: Desk) -> None:
    before = opened(desk)
    desk.office.units.save(replace(before, short_name="罗店一镇"), before, date(2026, 7, 1))
    before = opened(desk, "罗店一镇")
    for day in (TODAY + timedelta(1), date(2026, 6, 30)):
        with pytest.raises(InvalidFormError) as refused:
            desk.office.units.save(replace(before, short_name="罗店二镇"), before, day)
        assert set(messages(refused)) == {"renamed_on"}
    desk.office.units.save(replace(before, short_name="罗店二镇"), before, date(2026, 7, 1))


def test_names_are_confirmed_in_one_go_and_counted_once(desk: Desk) -> None:
    ids = [row.unit_id for row in desk.office.units.rows()[1:4]]
    assert desk.office.units.confirm_names(ids) == 3
    assert desk.office.units.confirm_names(ids) == 0
    assert [row.full_name_confirmed for row in desk.office.units.rows()[:5]] == [True] * 4 + [False]
    assert desk.office.holders.unit_history(ids[0])[0].action == "确认全称"


def test_history_of_a_unit_with_an_empty_post_survives_a_departure(desk: Desk) -> None:
    holder = desk.appoint(TOWN, since=date(2025, 1, 6))
    desk.office.holders.leave(holder, LeaveDraft(TODAY))
    (past,) = desk.office.holders.holders_of(holder.post_id)
    assert (past.unit, past.post, past.name, past.until) == (TOWN, "数据专员", "张三", TODAY)
