"""Appointing, replacing, leaving, updating: who holds a post on any day, and which paper is owed."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from cdo_desktop.errors import ConflictError, InvalidFormError, InvalidInputError, NotFoundError
from cdo_desktop.models import Filing
from cdo_desktop.rules.filing import RegisterState
from cdo_desktop.rules.filing_steps import FilingStep
from cdo_desktop.rules.vocabulary import FilingKind, PostKind
from cdo_desktop.services.appointments import FilingDraft
from cdo_desktop.services.departures import LeaveDraft
from cdo_desktop.services.holder_draft import HolderDraft
from cdo_desktop.services.holders import LastHolder
from cdo_desktop.services.register import RegisterQuery
from cdo_desktop.services.unit_reform import Reform, UnitRef

from .conftest import ORIGINAL, TODAY, Desk

CDO, SPECIALIST, MEMBER = PostKind.CDO, PostKind.SPECIALIST, PostKind.OFFICE_MEMBER
TOWN, OTHER_TOWN, DISTRICT = "罗店镇", "大场镇", "区级"


def shown(error: ConflictError) -> dict[str, tuple[str, str, str]]:
    return {field.label: (field.original, field.mine, field.theirs) for field in error.fields}


def all_labels(desk: Desk, person_id: int) -> list[str]:
    return [row.action for row in desk.office.holders.person_history(person_id)]


# Appointing


def test_nobody_is_appointed_to_a_unit_that_is_no_more(desk: Desk) -> None:
    unit = desk.office.units.get(desk.row(TOWN).unit_id)
    held = desk.appoint(TOWN, since=date(2026, 3, 2))
    post_id = held.post_id
    ref = UnitRef(unit.unit_id or 0, unit.version)
    desk.office.system.unit_changes.abolish(ref, Reform(date(2026, 11, 2), "宝编〔2026〕9号"))
    empty = replace(desk.office.holders.empty_draft(post_id), name="李四")
    with pytest.raises(InvalidFormError) as refused:
        desk.office.holders.appoint(replace(empty, since=date(2026, 11, 2)), FilingDraft())
    assert "自 2026-11-02 起已撤并" in refused.value.messages["since"]


@pytest.mark.parametrize("word", ["同上", "〃", "同左"])
def test_word_that_points_elsewhere_is_refused_as_in_an_import(desk: Desk, word: str) -> None:
    with pytest.raises(InvalidFormError) as refused:
        desk.appoint(TOWN, title=word)
    assert list(refused.value.messages) == ["title"]
    with pytest.raises(InvalidFormError) as refused:
        desk.appoint(TOWN, filing=FilingDraft(predecessor_title=word))
    assert list(refused.value.messages) == ["predecessor_title"]


def test_first_holder_owes_a_first_filing_without_a_limit(desk: Desk) -> None:
    desk.appoint(TOWN, since=date(2026, 11, 2))
    row = desk.row(TOWN)
    assert (row.name, row.filing_kind, row.filing_state) == ("张三", FilingKind.FIRST, "草稿")
    assert (row.due_date, row.state, row.working_days_left) == (None, RegisterState.RUNNING, None)


def test_holder_after_a_vacancy_owes_a_change_filing_from_the_appointment(desk: Desk) -> None:
    first = desk.appoint(TOWN, since=date(2025, 3, 3))
    desk.office.holders.leave(first, LeaveDraft(date(2026, 9, 1), reason="退休"))
    desk.appoint(TOWN, name="李四", since=date(2026, 11, 20))
    row = desk.row(TOWN)
    assert (row.filing_kind, row.due_date) == (FilingKind.CHANGE, date(2026, 11, 25))
    assert (row.state, row.working_days_left) == (RegisterState.RUNNING, 1)


def test_last_holder_of_an_empty_post_is_told_with_the_reason_of_leaving(desk: Desk) -> None:
    post_id = desk.row(TOWN).post_id
    assert desk.office.holders.last_holder(post_id) is None
    first = desk.appoint(TOWN, since=date(2025, 3, 3))
    desk.office.holders.leave(first, LeaveDraft(date(2026, 9, 1), reason="到龄退休", handover="已完成"))
    assert desk.office.holders.last_holder(post_id) == LastHolder("张三", date(2026, 9, 1), "退休", "已完成")


def test_last_holder_without_a_paper_of_leaving_has_no_reason(desk: Desk) -> None:
    first = desk.appoint(TOWN, since=date(2025, 3, 3))
    second = desk.office.holders.replace(
        desk.office.holders.get(first.tenure_id or 0),
        replace(desk.office.holders.empty_draft(first.post_id), name="李四", since=date(2026, 11, 2)),
        FilingDraft(change_reason="调离"),
    )
    assert desk.office.holders.get(second).name == "李四"
    assert desk.office.holders.last_holder(first.post_id) == LastHolder("李四", None, "", "")


def test_district_post_owes_nothing(desk: Desk) -> None:
    desk.appoint(DISTRICT, PostKind.DISTRICT_CDO)
    row = desk.row(DISTRICT, PostKind.DISTRICT_CDO)
    assert (row.state, row.filing_kind) == (RegisterState.EXEMPT, "")


def test_held_post_cannot_be_filled_again(desk: Desk) -> None:
    draft = desk.draft(TOWN, name="李四", since=date(2026, 11, 10))
    desk.appoint(TOWN, since=date(2026, 11, 2))
    with pytest.raises(InvalidInputError, match="已经有人任职.*没有保存") as refused:
        desk.office.holders.appoint(draft)
    assert refused.value.field == "since"
    assert desk.row(TOWN).name == "张三"
    assert len(desk.office.holders.holders_of(draft.post_id)) == 1


def test_nothing_stays_of_a_refused_appointment(desk: Desk) -> None:
    desk.appoint(TOWN)
    unit_id = desk.row(TOWN).unit_id
    before = desk.office.holders.unit_history(unit_id)
    with pytest.raises(InvalidInputError):
        desk.office.holders.appoint(desk.draft(TOWN, name="王五", mobile="13900000001"))
    assert desk.office.holders.unit_history(unit_id) == before


def test_earlier_holder_entered_late_ends_where_the_present_one_begins(desk: Desk) -> None:
    present = desk.appoint(TOWN, since=date(2026, 3, 2))
    desk.appoint(TOWN, name="前任", since=date(2024, 1, 8))
    holders = desk.office.holders.holders_of(present.post_id)
    assert [(h.name, h.since, h.until) for h in holders] == [
        ("张三", date(2026, 3, 2), None),
        ("前任", date(2024, 1, 8), date(2026, 3, 2)),
    ]
    assert desk.row(TOWN).name == "张三"


def test_appointment_in_the_future_leaves_the_post_empty_until_then(desk: Desk) -> None:
    desk.appoint(TOWN, since=TODAY + timedelta(10))
    assert desk.row(TOWN).state is RegisterState.VACANT
    assert desk.row(TOWN, as_of=TODAY + timedelta(10)).name == "张三"


def test_team_has_several_members_but_nobody_twice(desk: Desk) -> None:
    one = desk.appoint(DISTRICT, MEMBER, mobile="13900000001")
    desk.office.holders.appoint(replace(one, tenure_id=None, name="李四", mobile="13900000002"))
    rows = desk.office.register.all_rows(RegisterQuery(filters={"post": "办公室成员"}))
    assert [row.name for row in rows] == ["张三", "李四"]
    with pytest.raises(InvalidInputError, match="已经有人任职"):
        desk.office.holders.appoint(replace(one, tenure_id=None))


def test_same_name_and_mobile_is_the_same_person(desk: Desk) -> None:
    one = desk.appoint(TOWN, CDO, mobile="13900000001", email="old@example.gov.cn")
    two = desk.appoint(OTHER_TOWN, CDO, mobile="13900000001", email="new@example.gov.cn")
    assert one.person_id == two.person_id
    posts = desk.office.holders.posts_of(two.person_id or 0)
    assert {post.unit for post in posts} == {TOWN, OTHER_TOWN}
    newest = desk.office.holders.person_history(two.person_id or 0)[1]  # [0] is the paper
    assert ("政务邮箱", "old@example.gov.cn", "new@example.gov.cn") in newest.details
    assert all(before or after for _label, before, after in newest.details)


def test_form_says_every_wrong_field_at_once(desk: Desk) -> None:
    draft = replace(desk.draft(TOWN, name="张三、李四", sex="女士", mobile="138****0001"), since=None)
    with pytest.raises(InvalidFormError) as refused:
        desk.office.holders.appoint(draft)
    assert set(refused.value.messages) == {"name", "sex", "mobile", "since"}


def test_unknown_post_is_named(desk: Desk) -> None:
    with pytest.raises(NotFoundError, match="岗位已不存在"):
        desk.office.holders.empty_draft(99999)


# Due dates


@pytest.mark.parametrize(
    ("changed", "due", "provisional"),
    [
        (date(2026, 2, 13), date(2026, 2, 25), False),
        (date(2026, 9, 30), date(2026, 10, 10), False),
        (date(2026, 12, 28), date(2026, 12, 31), False),
        (date(2026, 12, 29), date(2027, 1, 4), True),
    ],
)
def test_replacement_is_due_after_three_working_days(
    changed: date, due: date, provisional: bool, desk: Desk
) -> None:
    opened = desk.appoint(TOWN, since=date(2025, 1, 6))
    desk.office.holders.replace(opened, desk.successor(opened, since=changed), FilingDraft())
    row = desk.row(TOWN, as_of=changed)
    assert (row.name, row.due_date, row.due_provisional) == ("李四", due, provisional)


def test_limit_counts_down_and_then_counts_the_days_late(desk: Desk) -> None:
    opened = desk.appoint(TOWN, since=date(2025, 1, 6))
    desk.office.holders.replace(opened, desk.successor(opened, since=date(2026, 11, 23)), FilingDraft())
    seen = []
    for day in (23, 24, 25, 26, 27, 28, 30):
        desk.clock.set_day(date(2026, 11, day))
        row = desk.row(TOWN)
        seen.append((day, str(row.state), row.working_days_left, row.late.days))
    assert seen == [
        (23, "待备案", 3, 0),
        (24, "待备案", 2, 0),
        (25, "待备案", 1, 0),
        (26, "待备案", 0, 0),
        (27, "逾期", None, 1),
        (28, "逾期", None, 1),
        (30, "逾期", None, 2),
    ]


def test_change_date_of_the_paper_decides_the_limit(desk: Desk) -> None:
    opened = desk.appoint(TOWN, since=date(2025, 1, 6))
    filing = FilingDraft(change_date=date(2026, 11, 18), change_reason="调离")
    desk.office.holders.replace(opened, desk.successor(opened, since=date(2026, 11, 20)), filing)
    assert desk.row(TOWN).due_date == date(2026, 11, 23)


# Replacing


def test_replacement_ends_one_and_begins_the_other_on_one_day(desk: Desk) -> None:
    opened = desk.appoint(TOWN, since=date(2025, 1, 6), title="科长")
    desk.office.holders.replace(opened, desk.successor(opened), FilingDraft(change_reason="调离"))
    holders = desk.office.holders.holders_of(opened.post_id)
    assert [(h.name, h.since, h.until) for h in holders] == [
        ("李四", TODAY, None),
        ("张三", date(2025, 1, 6), TODAY),
    ]
    assert desk.row(TOWN, as_of=TODAY - timedelta(1)).name == "张三"
    assert desk.row(TOWN).name == "李四"


def test_second_replacement_of_the_same_holder_shows_both_versions(desk: Desk) -> None:
    opened = desk.appoint(TOWN, since=date(2025, 1, 6))
    desk.office.holders.replace(opened, desk.successor(opened, since=date(2026, 11, 20)), FilingDraft())
    with pytest.raises(ConflictError, match="没有保存") as refused:
        desk.office.holders.replace(opened, desk.successor(opened, name="王五"), FilingDraft())
    assert shown(refused.value) == {
        "任职人": ("张三", "王五", "李四"),
        "离任日期": ("", "2026-11-24", "2026-11-20"),
    }
    assert desk.row(TOWN).name == "李四"


def test_leaving_after_a_replacement_is_refused(desk: Desk) -> None:
    opened = desk.appoint(TOWN, since=date(2025, 1, 6))
    desk.office.holders.replace(opened, desk.successor(opened), FilingDraft())
    with pytest.raises(ConflictError) as refused:
        desk.office.holders.leave(opened, LeaveDraft(TODAY))
    assert shown(refused.value)["任职人"] == ("张三", "空缺", "李四")


def test_replacement_is_not_stopped_by_a_new_phone_meanwhile(desk: Desk) -> None:
    opened = desk.appoint(TOWN, since=date(2025, 1, 6))
    desk.office.holders.update(opened, replace(opened, title="副科长", office_phone="021-56000001"))
    desk.office.holders.replace(opened, desk.successor(opened), FilingDraft())
    assert desk.row(TOWN).name == "李四"


@pytest.mark.parametrize("since", [date(2025, 1, 6), date(2025, 1, 5)])
def test_successor_begins_later_than_the_present_holder(since: date, desk: Desk) -> None:
    opened = desk.appoint(TOWN, since=date(2025, 1, 6))
    with pytest.raises(InvalidInputError, match="要晚于现任的任职日期 2025-01-06") as refused:
        desk.office.holders.replace(opened, desk.successor(opened, since=since), FilingDraft())
    assert refused.value.field == "since"
    assert desk.row(TOWN).name == "张三"


def test_replacement_in_the_future_keeps_the_present_holder_until_then(desk: Desk) -> None:
    opened = desk.appoint(TOWN, since=date(2025, 1, 6))
    day = date(2026, 12, 7)
    desk.office.holders.replace(opened, desk.successor(opened, since=day), FilingDraft())
    assert desk.row(TOWN).name == "张三"
    desk.clock.set_day(day)
    assert (desk.row(TOWN).name, desk.row(TOWN).due_date) == ("李四", date(2026, 12, 10))


def test_successor_after_a_registered_departure_does_not_lengthen_it(desk: Desk) -> None:
    opened = desk.appoint(TOWN, since=date(2025, 1, 6))
    desk.office.holders.leave(opened, LeaveDraft(date(2026, 12, 1)))
    opened = desk.office.holders.get(opened.tenure_id or 0)
    desk.office.holders.replace(opened, desk.successor(opened, since=date(2026, 12, 15)), FilingDraft())
    assert [h.until for h in desk.office.holders.holders_of(opened.post_id)] == [None, date(2026, 12, 1)]
    assert desk.row(TOWN, as_of=date(2026, 12, 10)).state is RegisterState.VACANT


# Leaving


def test_leaving_empties_the_post_from_that_day_and_has_no_limit(desk: Desk) -> None:
    opened = desk.appoint(TOWN, since=date(2025, 1, 6))
    filing_id = desk.office.holders.leave(opened, LeaveDraft(date(2026, 11, 14), reason="退休"))
    row = desk.row(TOWN)
    assert filing_id > 0
    assert (row.state, row.empty_days, row.due_date, row.filing_kind) == (RegisterState.VACANT, 10, None, "")
    assert desk.row(TOWN, as_of=date(2026, 11, 13)).name == "张三"
    assert desk.row(TOWN, as_of=date(2026, 11, 14)).empty_days == 0


def test_district_holder_leaves_without_a_paper(desk: Desk) -> None:
    opened = desk.appoint(DISTRICT, PostKind.OFFICE_DIRECTOR, since=date(2025, 1, 6))
    assert desk.office.holders.leave(opened, LeaveDraft(TODAY)) == 0
    assert desk.row(DISTRICT, PostKind.OFFICE_DIRECTOR).state is RegisterState.VACANT


def test_leaving_needs_a_day_after_the_first(desk: Desk) -> None:
    opened = desk.appoint(TOWN, since=date(2025, 1, 6))
    for day in (None, date(2025, 1, 6), date(2024, 12, 31)):
        with pytest.raises(InvalidInputError) as refused:
            desk.office.holders.leave(opened, LeaveDraft(day))
        assert refused.value.field == "left_on"


def test_wrong_day_of_departure_can_be_corrected_on_the_same_paper(desk: Desk) -> None:
    opened = desk.appoint(TOWN, since=date(2025, 1, 6))
    first = desk.office.holders.leave(opened, LeaveDraft(date(2026, 12, 1)))
    opened = desk.office.holders.get(opened.tenure_id or 0)
    shown = desk.office.holders.departure(opened.tenure_id or 0)
    assert desk.office.holders.leave(opened, LeaveDraft(date(2026, 12, 10)), shown) == first
    assert desk.office.holders.holders_of(opened.post_id)[0].until == date(2026, 12, 10)


def test_empty_days_of_a_post_that_nobody_ever_held_count_from_its_registration(desk: Desk) -> None:
    desk.clock.set_day(TODAY + timedelta(40))
    assert desk.row(TOWN).empty_days == 40


# Updating


def test_update_makes_no_filing(desk: Desk) -> None:
    opened = desk.appoint(TOWN, since=date(2025, 1, 6))
    before = desk.row(TOWN)
    desk.office.holders.update(opened, replace(opened, title="副主任", mobile="13900000009"))
    row = desk.row(TOWN)
    assert (row.title, row.mobile) == ("副主任", "13900000009")
    assert (row.filing_kind, row.state) == (before.filing_kind, before.state)
    actions = all_labels(desk, opened.person_id or 0)
    assert actions == ["信息更新", "新建备案", "任命"]


def test_update_without_a_change_writes_nothing(desk: Desk) -> None:
    opened = desk.appoint(TOWN)
    desk.office.holders.update(opened, opened)
    assert desk.office.holders.get(opened.tenure_id or 0) == opened
    assert "信息更新" not in all_labels(desk, opened.person_id or 0)


def test_stale_form_does_not_overwrite_and_shows_both_versions(desk: Desk) -> None:
    opened = desk.appoint(TOWN, since=date(2025, 1, 6), title="科员", mobile="13900000001")
    desk.office.holders.update(opened, replace(opened, mobile="13900000002"))
    with pytest.raises(ConflictError, match="“张三”的资料在您打开之后已被别人修改") as refused:
        desk.office.holders.update(opened, replace(opened, title="科长", since=date(2025, 1, 7)))
    assert shown(refused.value) == {
        "现任职务": ("科员", "科长", "科员"),
        "手机": ("13900000001", "13900000001", "13900000002"),
        "任职日期": ("2025-01-06", "2025-01-07", "2025-01-06"),
    }
    assert desk.row(TOWN).title == "科员"
    fresh = desk.office.holders.get(opened.tenure_id or 0)
    desk.office.holders.update(fresh, replace(fresh, title="科长"))
    assert (desk.row(TOWN).title, desk.row(TOWN).mobile) == ("科长", "13900000002")


def test_phone_changed_through_another_post_makes_the_form_stale(desk: Desk) -> None:
    one = desk.appoint(TOWN, CDO, mobile="13900000001")
    two = desk.appoint(OTHER_TOWN, CDO, mobile="13900000001")
    desk.office.holders.update(two, replace(two, office_phone="021-56000002"))
    with pytest.raises(ConflictError) as refused:
        desk.office.holders.update(one, replace(one, email="a@example.gov.cn"))
    assert shown(refused.value)["办公电话"] == ("", "", "021-56000002")


def test_corrected_name_is_found_by_its_pinyin(desk: Desk) -> None:
    opened = desk.appoint(TOWN, name="章三")
    desk.office.holders.update(opened, replace(opened, name="单雄信"))
    rows = desk.office.register.all_rows(RegisterQuery(text="shanxx"))
    assert rows == []
    rows = desk.office.register.all_rows(RegisterQuery(text="sxx"))
    assert [row.name for row in rows] == ["单雄信"]


@pytest.mark.parametrize("since", [date(2026, 11, 18), date(2026, 11, 24)])
def test_corrected_day_of_a_replacement_moves_both_holders_and_the_limit(since: date, desk: Desk) -> None:
    opened = desk.appoint(TOWN, since=date(2025, 1, 6))
    desk.office.holders.replace(opened, desk.successor(opened, since=date(2026, 11, 20)), FilingDraft())
    new = desk.office.holders.get(desk.row(TOWN).tenure_id or 0)
    desk.office.holders.update(new, replace(new, since=since))
    holders = desk.office.holders.holders_of(opened.post_id)
    assert [(h.since, h.until) for h in holders] == [(since, None), (date(2025, 1, 6), since)]
    due = {date(2026, 11, 18): date(2026, 11, 23), date(2026, 11, 24): date(2026, 11, 27)}
    assert desk.row(TOWN).due_date == due[since]


def test_corrected_day_does_not_lengthen_a_departure_with_its_own_paper(desk: Desk) -> None:
    opened = desk.appoint(TOWN, since=date(2025, 1, 6))
    desk.office.holders.leave(opened, LeaveDraft(date(2026, 11, 2)))
    new = desk.appoint(TOWN, name="李四", since=date(2026, 11, 2))
    desk.office.holders.update(new, replace(new, since=date(2026, 11, 16)))
    assert [h.until for h in desk.office.holders.holders_of(opened.post_id)] == [None, date(2026, 11, 2)]


def test_corrected_day_cannot_go_before_the_predecessor(desk: Desk) -> None:
    opened = desk.appoint(TOWN, since=date(2025, 1, 6))
    desk.office.holders.replace(opened, desk.successor(opened), FilingDraft())
    new = desk.office.holders.get(desk.row(TOWN).tenure_id or 0)
    with pytest.raises(InvalidInputError, match="已经有人任职"):
        desk.office.holders.update(new, replace(new, since=date(2024, 12, 1)))
    assert [h.since for h in desk.office.holders.holders_of(opened.post_id)] == [TODAY, date(2025, 1, 6)]


def test_first_day_of_who_left_cannot_move_behind_the_last(desk: Desk) -> None:
    opened = desk.appoint(TOWN, since=date(2025, 1, 6))
    desk.office.holders.leave(opened, LeaveDraft(date(2026, 12, 1)))
    opened = desk.office.holders.get(opened.tenure_id or 0)
    with pytest.raises(InvalidInputError, match="要早于离任日期 2026-12-01") as refused:
        desk.office.holders.update(opened, replace(opened, since=date(2026, 12, 1)))
    assert refused.value.field == "since"


# Papers


def test_texts_of_a_paper_are_stored_clean(desk: Desk) -> None:
    opened = desk.appoint(TOWN, since=date(2025, 1, 6))
    filing = FilingDraft(
        change_reason=" 调离\n", predecessor_name="张 三", filler="李　四", filler_phone="５６６９１２３４"
    )
    desk.office.holders.replace(opened, desk.successor(opened), filing)
    (sheet,) = desk.office.forms.compose(post_ids=[opened.post_id]).sheets
    assert (sheet.data.change_reason, sheet.data.predecessor_name) == ("调离", "张三")
    assert (sheet.data.filler, sheet.data.filler_phone) == ("李四", "56691234")


def test_wrong_texts_of_a_paper_are_named_by_their_fields(desk: Desk) -> None:
    opened = desk.appoint(TOWN, since=date(2025, 1, 6))
    with pytest.raises(InvalidFormError) as refused:
        desk.office.holders.replace(
            opened, desk.successor(opened), FilingDraft(filler_phone="021****1234", change_reason="长" * 201)
        )
    assert set(refused.value.messages) == {"filler_phone", "change_reason"}
    with pytest.raises(InvalidFormError) as refused:
        desk.office.holders.leave(opened, LeaveDraft(TODAY, reason="长" * 201, filler_phone="1.38E+10"))
    assert set(refused.value.messages) == {"filler_phone", "reason"}
    assert desk.row(TOWN).name == "张三"


def test_day_of_knowing_and_who_told_stand_on_the_paper_and_in_its_history(desk: Desk) -> None:
    opened = desk.appoint(TOWN, since=date(2025, 1, 6))
    told = {"known_on": date(2026, 11, 23), "told_by": "组织科\u3000王五\n"}
    change = FilingDraft(change_reason="调离", **told)  # type: ignore[arg-type]
    desk.office.holders.replace(opened, desk.successor(opened), change)
    new = desk.office.holders.get(desk.row(TOWN).tenure_id or 0)
    leave = LeaveDraft(TODAY + timedelta(1), reason="退休", **told)  # type: ignore[arg-type]
    desk.office.holders.leave(new, leave)
    with desk.office._database.read() as session:
        columns = (Filing.id, Filing.kind, Filing.known_on, Filing.told_by)
        papers = session.execute(select(*columns).order_by(Filing.id)).all()[1:]
    assert [tuple(paper[1:]) for paper in papers] == [
        ("变更备案", date(2026, 11, 23), "组织科 王五"),
        ("离任备案", date(2026, 11, 23), "组织科 王五"),
    ]
    for paper in papers:
        (line,) = desk.office.filing_history.of_filing(paper.id)
        assert {("知悉日期", "", "2026-11-23"), ("告知人", "", "组织科 王五")} <= set(line.details)


def test_who_told_has_the_length_of_a_line(desk: Desk) -> None:
    opened = desk.appoint(TOWN, since=date(2025, 1, 6))
    holders = desk.office.holders
    with pytest.raises(InvalidFormError) as refused:
        holders.replace(opened, desk.successor(opened), FilingDraft(change_reason="调离", told_by="长" * 201))
    assert set(refused.value.messages) == {"told_by"}
    with pytest.raises(InvalidFormError) as refused:
        holders.leave(opened, LeaveDraft(TODAY, told_by="长" * 201))
    assert set(refused.value.messages) == {"told_by"}


def test_registering_a_departure_again_writes_when_it_became_known_and_from_whom(desk: Desk) -> None:
    opened = desk.appoint(TOWN, since=date(2025, 1, 6))
    first = desk.office.holders.leave(opened, LeaveDraft(date(2026, 12, 1), told_by="李四"))
    opened = desk.office.holders.get(opened.tenure_id or 0)
    again = LeaveDraft(date(2026, 12, 1), known_on=date(2026, 11, 20), told_by="王五")
    desk.office.holders.leave(opened, again, desk.office.holders.departure(opened.tenure_id or 0))
    newest = desk.office.filing_history.of_filing(first)[0]
    assert newest.details == (("知悉日期", "", "2026-11-20"), ("告知人", "李四", "王五"))


@dataclass(frozen=True)
class Leaving:
    """A departure that is registered, and what a window shows of it that is open."""

    desk: Desk
    paper: int
    opened: HolderDraft
    shown: LeaveDraft | None

    def save(self, **typed: str | date) -> int:
        """Save what was typed in the window."""
        leave = replace(self.shown or LeaveDraft(None), **typed)  # type: ignore[arg-type]
        return self.desk.office.holders.leave(self.opened, leave, self.shown)

    def again(self) -> "Leaving":
        """Open the window again."""
        holders, tenure = self.desk.office.holders, self.opened.tenure_id or 0
        return replace(self, opened=holders.get(tenure), shown=holders.departure(tenure))


@pytest.fixture
def leaving(desk: Desk) -> Leaving:
    opened = desk.appoint(TOWN, since=date(2025, 1, 6))
    paper = desk.office.holders.leave(opened, LeaveDraft(date(2026, 12, 1), "退休", handover="未交接"))
    return Leaving(desk, paper, opened, None).again()


@pytest.mark.parametrize("mended", [{"handover": "已交接", "told_by": "王五"}, {"change_reason": "调离"}])
def test_a_departure_does_not_overwrite_what_was_mended_in_its_paper_meanwhile(
    leaving: Leaving, mended: dict[str, str]
) -> None:
    edits = leaving.desk.office.filing_edits
    paper = edits.get(leaving.paper)
    edits.save(paper, replace(paper, **mended))  # type: ignore[arg-type]
    with pytest.raises(ConflictError, match="“张三”的离任登记在您打开之后已被别人修改") as refused:
        leaving.save(left_on=date(2026, 12, 2))
    shown = {field.label: (field.original, field.mine, field.theirs) for field in refused.value.fields}
    assert shown.pop("离任日期") == ("2026-12-01", "2026-12-02", "2026-12-01")
    words = {
        "handover": ("工作交接", "未交接"),
        "told_by": ("告知人", ""),
        "change_reason": ("离任原因", "退休"),
    }
    assert shown == {words[key][0]: (words[key][1], words[key][1], new) for key, new in mended.items()}
    assert leaving.desk.office.holders.holders_of(leaving.opened.post_id)[0].until == date(2026, 12, 1)
    assert leaving.again().save(left_on=date(2026, 12, 2)) == leaving.paper
    now = edits.get(leaving.paper)
    assert {name: getattr(now, name) for name in mended} == mended


def test_a_departure_whose_paper_was_set_aside_meanwhile_is_refused(leaving: Leaving) -> None:
    filings = leaving.desk.office.filings
    filings.void(filings.plan(FilingStep.VOID, [leaving.paper]), "写错")
    with pytest.raises(ConflictError):
        leaving.save(left_on=date(2026, 12, 2))
    blank = leaving.again()
    assert blank.shown is None
    filings.make_anew(filings.plan(FilingStep.ANEW, [leaving.paper]))
    with pytest.raises(ConflictError):  # the window shows nothing of what there is again
        blank.save(left_on=date(2026, 12, 2))
    again = blank.again()
    assert again.shown is not None
    assert again.shown.handover == "未交接"
    assert again.save(left_on=date(2026, 12, 2)) > leaving.paper


# Any day can be asked


def test_holder_of_any_day_is_known(desk: Desk) -> None:
    one = desk.appoint(TOWN, since=date(2023, 6, 1), name="一号")
    desk.office.holders.replace(one, desk.successor(one, name="二号", since=date(2024, 6, 30)), FilingDraft())
    two = desk.office.holders.get(desk.office.holders.holders_of(one.post_id)[0].tenure_id)
    desk.office.holders.leave(two, LeaveDraft(date(2025, 2, 1)))
    desk.appoint(TOWN, name="三号", since=date(2025, 5, 1))
    seen = {
        day: desk.row(TOWN, as_of=day).name
        for day in (
            date(2023, 5, 31),
            date(2023, 6, 1),
            date(2024, 6, 29),
            date(2024, 6, 30),
            date(2025, 1, 31),
            date(2025, 2, 1),
            date(2025, 4, 30),
            date(2025, 5, 1),
        )
    }
    assert list(seen.values()) == ["", "一号", "一号", "二号", "二号", "", "", "三号"]
    assert desk.row(TOWN, as_of=date(2025, 3, 3)).empty_days == 30


# History


def test_history_of_a_unit_tells_every_action_in_the_words_of_the_office(desk: Desk) -> None:
    opened = desk.appoint(TOWN, since=date(2025, 1, 6), title="科长")
    desk.office.holders.replace(
        opened, desk.successor(opened), FilingDraft(change_reason="调离", handover="已完成")
    )
    new = desk.office.holders.get(desk.row(TOWN).tenure_id or 0)
    desk.office.holders.leave(new, LeaveDraft(TODAY + timedelta(1), reason="退休"))
    history = desk.office.holders.unit_history(desk.row(TOWN).unit_id)
    assert [row.action for row in history] == [
        "新建备案",
        "离任",
        "新建备案",
        "更换",
        "更换",
        "新建备案",
        "任命",
        "新建单位",
    ]
    assert all(row.actor and row.details for row in history)
    assert ("离任日期", "", "2026-11-24") in history[4].details
    assert ("变更原因", "", "调离") in history[2].details
    assert history[0].at > history[-1].at


def test_words_in_use_come_the_most_usual_first_and_without_empty_ones(desk: Desk) -> None:
    for unit, title in ((TOWN, "镇长"), (OTHER_TOWN, "副镇长")):
        desk.appoint(unit, CDO, title=title, section="")
        desk.appoint(unit, SPECIALIST, title="副镇长", section="")
    assert desk.office.holders.values_in_use("title") == ("副镇长", "镇长")
    assert desk.office.holders.values_in_use("section") == ()


# Correcting and filing an update


def lines_of(desk: Desk) -> list[str]:
    with desk.office._database.snapshot() as connection:
        return [action for (action,) in connection.execute("SELECT action FROM history ORDER BY id")]


def test_correction_is_told_of_by_another_word_and_files_nothing(desk: Desk) -> None:
    refile(desk)
    opened = desk.appoint(TOWN)
    file_everything(desk)
    desk.office.holders.update(opened, replace(opened, name="张叁"), correction=True)
    assert lines_of(desk)[-1] == "登记更正"
    assert len(desk.office.filing_list.rows()) == 1


def test_update_needs_a_filing_only_where_the_office_wants_one(desk: Desk) -> None:
    opened = desk.appoint(TOWN)
    file_everything(desk)
    desk.office.holders.update(opened, replace(opened, mobile="13900000001"))
    assert len(desk.office.filing_list.rows()) == 1
    refile(desk)
    opened = desk.office.holders.get(opened.tenure_id or 0)
    for title in ("主任", "局长"):  # the second one while the paper of the first is out
        opened = desk.office.holders.get(opened.tenure_id or 0)
        desk.office.holders.update(opened, replace(opened, title=title))
    _first, again = sorted(desk.office.filing_list.rows(), key=lambda row: row.filing_id)
    assert (again.kind, again.state, again.change_date) == ("变更备案", "草稿", TODAY)
    assert (again.due_date, again.lamp) == (None, "")


def refile(desk: Desk) -> None:
    settings = desk.office.system.settings
    opened = settings.get()
    settings.save(replace(opened, refile_updates=True), opened)


def file_everything(desk: Desk) -> None:
    ids = [row.filing_id for row in desk.office.filing_list.rows()]
    desk.receive(ORIGINAL, *ids)
    desk.file(*ids)
