"""机构改革: what a merger, a split, a succession and an abolition do to units, posts, holders and papers."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from cdo_desktop import paths
from cdo_desktop.errors import ConflictError, InvalidFormError, InvalidInputError, NotFoundError
from cdo_desktop.models import Filing, Post, Tenure, Unit
from cdo_desktop.rules.filing import RegisterState
from cdo_desktop.rules.vocabulary import FilingKind, FilingState, PostKind
from cdo_desktop.services.departures import LeaveDraft
from cdo_desktop.services.register import RegisterQuery
from cdo_desktop.services.second_names import SecondNameDraft, SecondNameService
from cdo_desktop.services.unit_changes import UnitChangeService
from cdo_desktop.services.unit_draft import UnitDraft
from cdo_desktop.services.unit_list import UnitListQuery, UnitListService
from cdo_desktop.services.unit_reform import ChangeKind, NewUnit, Reform, UnitRef
from cdo_desktop.store import Database, open_database

from .conftest import TODAY, Desk

DAY = date(2026, 11, 2)
BEFORE = DAY - timedelta(days=1)
EARLIER = date(2026, 3, 2)
REFORM = Reform(DAY, "宝编〔2026〕8号", "机构改革")
BUREAU = UnitDraft(full_name="上海市宝山区数据局", short_name="区数据局", category="区政府部门")
CDO, SPECIALIST = PostKind.CDO, PostKind.SPECIALIST


@pytest.fixture
def database(desk: Desk) -> Iterator[Database]:
    opened = open_database(desk.office.data_folder / paths.DATABASE_NAME)
    yield opened
    opened.close()


@pytest.fixture
def changes(desk: Desk, database: Database) -> UnitChangeService:
    return UnitChangeService(database, desk.office.journal)


@pytest.fixture
def second_names(desk: Desk, database: Database) -> SecondNameService:
    return SecondNameService(database, desk.office.journal)


@pytest.fixture
def units(desk: Desk, database: Database) -> UnitListService:
    return UnitListService(database, desk.office.journal)


def ref(desk: Desk, name: str) -> UnitRef:
    (row,) = [row for row in desk.office.units.rows() if row.short_name == name]
    return UnitRef(row.unit_id, row.version)


def shown(desk: Desk, day: date) -> set[str]:
    return {row.unit for row in desk.office.register.all_rows(RegisterQuery(as_of=day))}


def holder_on(desk: Desk, unit: str, post: PostKind, day: date) -> str:
    return desk.row(unit, post, as_of=day).name


def filings_of(database: Database, unit: str) -> list[tuple[str, str, str]]:
    with database.read() as session:
        query = (
            select(Filing.kind, Filing.state, Filing.void_reason)
            .join(Tenure, Tenure.id == Filing.tenure_id)
            .join(Post, Post.id == Tenure.post_id)
            .join(Unit, Unit.id == Post.unit_id)
            .where(Unit.short_name == unit)
        )
        return [(row[0], row[1], row[2]) for row in session.execute(query)]


# Merging


def test_merged_units_end_on_the_day_and_stand_in_the_register_before_it(
    desk: Desk, changes: UnitChangeService
) -> None:
    desk.appoint("区科委", since=EARLIER)
    changes.merge([ref(desk, "区科委"), ref(desk, "区信息委")], NewUnit(BUREAU), REFORM)
    before, after = shown(desk, BEFORE), shown(desk, DAY)
    assert {"区科委", "区信息委"} <= before
    assert "区数据局" not in before
    assert after == before - {"区科委", "区信息委"} | {"区数据局"}
    assert holder_on(desk, "区科委", SPECIALIST, BEFORE) == "张三"


def test_merger_into_an_existing_unit_leaves_its_holders_alone(
    desk: Desk, changes: UnitChangeService
) -> None:
    desk.appoint("区科委", since=EARLIER)
    desk.appoint("区经委", name="李四", since=EARLIER)
    target = ref(desk, "区经委")
    assert changes.merge([ref(desk, "区科委")], target, REFORM) == target.unit_id
    assert holder_on(desk, "区经委", SPECIALIST, DAY) == "李四"
    assert desk.row("区经委").since == EARLIER
    assert "区科委" not in shown(desk, DAY)


def test_open_tenures_end_with_the_reform_as_their_reason(desk: Desk, changes: UnitChangeService) -> None:
    opened = desk.appoint("区科委", since=EARLIER)
    row = desk.row("区科委")
    changes.merge([ref(desk, "区科委")], ref(desk, "区经委"), REFORM)
    (past,) = desk.office.holders.holders_of(row.post_id)
    assert (past.name, past.since, past.until) == ("张三", EARLIER, DAY)
    history = desk.office.holders.person_history(opened.person_id or 0)
    assert ("离任原因", "", "机构改革") in [detail for entry in history for detail in entry.details]


def test_papers_that_have_not_come_back_become_void_and_say_why(
    desk: Desk, changes: UnitChangeService, database: Database
) -> None:
    desk.appoint("区科委", since=EARLIER)
    effects = changes.effects([ref(desk, "区科委")])
    assert [filing.title for filing in effects.void_filings] == ["区科委 数据专员 张三（首次备案，草稿）"]
    assert [(holder.post, holder.name) for holder in effects.holders] == [(SPECIALIST, "张三")]
    changes.merge([ref(desk, "区科委")], NewUnit(BUREAU), REFORM)
    reason = "机构改革：单位自2026-11-02起由“区数据局”承继，不再报送"
    assert filings_of(database, "区科委") == [(FilingKind.FIRST, FilingState.VOID, reason)]


def test_no_departure_paper_is_asked_of_a_unit_that_is_gone(
    desk: Desk, changes: UnitChangeService, database: Database
) -> None:
    desk.appoint("区科委", since=EARLIER)
    changes.abolish(ref(desk, "区科委"), REFORM)
    with database.read() as session:
        kinds = list(session.scalars(select(Filing.kind)))
    assert FilingKind.LEAVE not in kinds


@pytest.mark.parametrize("state", [FilingState.SCANNED, FilingState.RECEIVED, FilingState.FILED])
def test_paper_that_has_come_back_stays_as_it_is(
    state: FilingState, desk: Desk, changes: UnitChangeService, database: Database
) -> None:
    desk.appoint("区科委", since=EARLIER)
    with database.write() as session:
        filing = session.scalars(select(Filing)).one()
        filing.state = state
    changes.abolish(ref(desk, "区科委"), REFORM)
    assert filings_of(database, "区科委") == [(FilingKind.FIRST, state, "")]


def test_open_departure_paper_of_an_earlier_holder_becomes_void_too(
    desk: Desk, changes: UnitChangeService, database: Database
) -> None:
    opened = desk.appoint("区科委", since=EARLIER)
    desk.office.holders.leave(opened, LeaveDraft(date(2026, 10, 9), "退休"))
    changes.abolish(ref(desk, "区科委"), REFORM)
    assert {state for _kind, state, _why in filings_of(database, "区科委")} == {FilingState.VOID}
    (past,) = desk.office.holders.holders_of(desk.row("区科委", as_of=BEFORE).post_id)
    assert past.until == date(2026, 10, 9)


def test_posts_of_a_new_unit_are_empty_from_its_first_day(desk: Desk, changes: UnitChangeService) -> None:
    changes.merge([ref(desk, "区科委")], NewUnit(BUREAU), REFORM)
    row = desk.row("区数据局", CDO)
    assert (row.state, row.empty_days) == (RegisterState.VACANT, (TODAY - DAY).days)


def test_new_unit_takes_the_place_of_the_first_in_the_order(
    desk: Desk, changes: UnitChangeService, units: UnitListService
) -> None:
    keys = units.keys(UnitListQuery())
    old = ref(desk, "区科委").unit_id
    new = changes.merge([ref(desk, "区科委"), ref(desk, "区信息委")], NewUnit(BUREAU), REFORM)
    assert units.keys(UnitListQuery()).index(new) == keys.index(old)


def test_holder_who_goes_on_is_appointed_without_typing_and_files_anew(
    desk: Desk, changes: UnitChangeService, database: Database
) -> None:
    head = desk.appoint("区信息委", CDO, name="王五", since=EARLIER, head_status="是", mobile="13800000000")
    specialist = desk.appoint("区科委", since=EARLIER, section="数据科", duties="数据管理")
    carried = (head.tenure_id or 0, specialist.tenure_id or 0)
    changes.merge([ref(desk, "区科委"), ref(desk, "区信息委")], NewUnit(BUREAU, carried), REFORM)
    cdo, data = desk.row("区数据局", CDO), desk.row("区数据局", SPECIALIST)
    assert (cdo.name, cdo.since, cdo.person_id) == ("王五", DAY, head.person_id)
    assert (data.name, data.section, data.basis) == ("张三", "数据科", "宝编〔2026〕8号")
    assert (cdo.filing_kind, cdo.filing_state, cdo.due_date) == ("首次备案", "草稿", None)
    posts = desk.office.holders.posts_of(head.person_id or 0)
    assert [(post.unit, post.since, post.until) for post in posts] == [
        ("区数据局", DAY, None),
        ("区信息委", EARLIER, DAY),
    ]


def test_two_holders_cannot_go_on_in_one_post(desk: Desk, changes: UnitChangeService) -> None:
    tenures = tuple(desk.appoint(unit, since=EARLIER).tenure_id or 0 for unit in ("区科委", "区信息委"))
    with pytest.raises(InvalidInputError, match="新单位的数据专员只能有一人"):
        changes.merge([ref(desk, "区科委"), ref(desk, "区信息委")], NewUnit(BUREAU, tenures), REFORM)
    assert "区科委" in shown(desk, TODAY)
    assert "区数据局" not in shown(desk, TODAY)


def test_holder_of_another_unit_cannot_be_taken_along(desk: Desk, changes: UnitChangeService) -> None:
    other = desk.appoint("区经委", since=EARLIER).tenure_id or 0
    with pytest.raises(InvalidInputError, match="已不在要撤并的单位任职"):
        changes.merge([ref(desk, "区科委")], NewUnit(BUREAU, (other,)), REFORM)


def test_merged_names_can_stay_as_plates(
    desk: Desk, changes: UnitChangeService, second_names: SecondNameService
) -> None:
    target = ref(desk, "区建设管理委")
    changes.merge([ref(desk, "区交通委")], target, REFORM, keep_names=True)
    (plate,) = second_names.names_of(target.unit_id)
    assert (plate.short_name, plate.since, plate.paper) == ("区交通委", DAY, "宝编〔2026〕8号")


# Splitting and abolishing


def test_split_unit_that_goes_on_keeps_its_holders(desk: Desk, changes: UnitChangeService) -> None:
    desk.appoint("区经委", since=EARLIER)
    (new,) = changes.split(ref(desk, "区经委"), [NewUnit(BUREAU)], REFORM, goes_on=True)
    assert desk.row("区数据局").unit_id == new
    assert desk.row("区数据局").state is RegisterState.VACANT
    assert desk.row("区经委").name == "张三"
    (change,) = changes.changes_of(new)
    assert (change.kind, change.kept, change.founded, change.ended) == (
        ChangeKind.SPLIT,
        ("区经委",),
        ("区数据局",),
        (),
    )


def test_split_unit_that_ends_hands_its_holders_to_the_new_ones(
    desk: Desk, changes: UnitChangeService
) -> None:
    tenure = desk.appoint("区经委", since=EARLIER).tenure_id or 0
    park = UnitDraft(full_name="宝山区投资促进办公室", short_name="区投促办", category="区政府部门")
    parts = [NewUnit(BUREAU, (tenure,)), NewUnit(park)]
    changes.split(ref(desk, "区经委"), parts, REFORM, goes_on=False)
    assert "区经委" not in shown(desk, DAY)
    assert desk.row("区数据局").name == "张三"
    assert desk.row("区投促办").state is RegisterState.VACANT


@pytest.mark.parametrize(("count", "goes_on"), [(0, True), (1, False), (0, False)])
def test_split_into_too_few_units_is_refused(
    count: int, goes_on: bool, desk: Desk, changes: UnitChangeService
) -> None:
    with pytest.raises(InvalidInputError, match="至少分"):
        changes.split(ref(desk, "区经委"), [NewUnit(BUREAU)] * count, REFORM, goes_on=goes_on)


def test_holders_of_a_unit_that_goes_on_are_not_taken_along(desk: Desk, changes: UnitChangeService) -> None:
    tenure = desk.appoint("区经委", since=EARLIER).tenure_id or 0
    with pytest.raises(InvalidInputError, match="它的任职不变"):
        changes.split(ref(desk, "区经委"), [NewUnit(BUREAU, (tenure,))], REFORM, goes_on=True)


def test_abolished_unit_leaves_nobody_behind(desk: Desk, changes: UnitChangeService) -> None:
    desk.appoint("区科委", since=EARLIER)
    unit = ref(desk, "区科委")
    changes.abolish(unit, REFORM)
    assert "区科委" not in shown(desk, DAY)
    (change,) = changes.changes_of(unit.unit_id)
    assert (change.day, change.kind, change.paper, change.note) == (
        DAY,
        ChangeKind.ABOLISH,
        "宝编〔2026〕8号",
        "机构改革",
    )
    assert change.ended == ("区科委",)


def test_reform_stands_in_the_history_of_every_unit_it_touched(
    desk: Desk, changes: UnitChangeService
) -> None:
    old = ref(desk, "区科委")
    new = changes.merge([old], NewUnit(BUREAU), REFORM)
    for unit_id in (old.unit_id, new):
        assert "单位承继" in [entry.action for entry in desk.office.holders.unit_history(unit_id)]
    (change,) = changes.changes_of(new)
    assert (change.kind, change.ended, change.founded) == (ChangeKind.SUCCEED, ("区科委",), ("区数据局",))


# What is refused, whole


def test_day_to_come_and_missing_day_are_refused(desk: Desk, changes: UnitChangeService) -> None:
    for day, sentence in ((TODAY + timedelta(days=1), "还没有到"), (None, "请填写")):
        with pytest.raises(InvalidFormError) as caught:
            changes.abolish(ref(desk, "区科委"), Reform(day))
        assert sentence in caught.value.messages["day"]
    changes.abolish(ref(desk, "区科委"), Reform(TODAY))


def test_holder_who_began_on_the_day_or_later_stops_the_reform(
    desk: Desk, changes: UnitChangeService
) -> None:
    desk.appoint("区科委", since=DAY)
    with pytest.raises(InvalidFormError) as caught:
        changes.abolish(ref(desk, "区科委"), REFORM)
    assert "“区科委”的张三从 2026-11-02 起任职，不早于这一天" in caught.value.messages["day"]
    assert desk.row("区科委").name == "张三"


def test_day_before_the_last_rename_is_refused(desk: Desk, changes: UnitChangeService) -> None:
    opened = desk.office.units.get(ref(desk, "区科委").unit_id)
    desk.office.units.save(replace(opened, full_name="宝山区科技委"), opened, date(2026, 11, 10))
    with pytest.raises(InvalidFormError) as caught:
        changes.abolish(ref(desk, "区科委"), REFORM)
    assert "2026-11-10 更过名" in caught.value.messages["day"]


def test_unit_changed_since_the_list_was_filled_is_refused(desk: Desk, changes: UnitChangeService) -> None:
    seen = ref(desk, "区科委")
    opened = desk.office.units.get(seen.unit_id)
    desk.office.units.save(replace(opened, note="有变化"), opened)
    with pytest.raises(ConflictError, match="已被别人修改"):
        changes.abolish(seen, REFORM)


def test_unit_ends_once(desk: Desk, changes: UnitChangeService) -> None:
    seen = ref(desk, "区科委")
    changes.abolish(seen, REFORM)
    with pytest.raises(InvalidInputError, match="已于 2026-11-02 撤并"):
        changes.abolish(UnitRef(seen.unit_id, seen.version + 1), REFORM)


def test_unit_is_not_merged_into_itself_nor_from_nothing(desk: Desk, changes: UnitChangeService) -> None:
    unit = ref(desk, "区科委")
    with pytest.raises(InvalidInputError, match="不能并入它自己"):
        changes.merge([unit, ref(desk, "区经委")], unit, REFORM)
    with pytest.raises(InvalidInputError, match="请选择要并入的单位"):
        changes.merge([], unit, REFORM)


def test_district_level_takes_no_part(desk: Desk, changes: UnitChangeService) -> None:
    with pytest.raises(InvalidInputError, match="“区级”不是单位"):
        changes.abolish(ref(desk, "区级"), REFORM)
    with pytest.raises(InvalidFormError):
        changes.merge([ref(desk, "区科委")], NewUnit(replace(BUREAU, category="区级")), REFORM)


def test_new_unit_needs_a_name_of_its_own(desk: Desk, changes: UnitChangeService) -> None:
    with pytest.raises(InvalidFormError) as caught:
        changes.merge([ref(desk, "区科委")], NewUnit(replace(BUREAU, short_name="区经委")), REFORM)
    assert set(caught.value.messages) == {"short_name"}


def test_new_unit_does_not_reach_back_before_its_first_day(
    desk: Desk, changes: UnitChangeService, database: Database
) -> None:
    new = changes.merge([ref(desk, "区科委")], NewUnit(BUREAU), REFORM)
    with database.read() as session:
        assert session.get_one(Unit, new).valid_from == DAY
        assert set(session.scalars(select(Post.empty_since).where(Post.unit_id == new))) == {DAY}
    with pytest.raises(InvalidFormError) as caught:
        changes.abolish(ref(desk, "区数据局"), REFORM)
    assert "从 2026-11-02 才设立" in caught.value.messages["day"]


# Second names


def plate(desk: Desk, unit: str = "区经委", **values: str | date) -> SecondNameDraft:
    known: dict[str, str | date] = {"full_name": "宝山区投资促进办公室", "short_name": "区投促办"}
    return replace(SecondNameDraft(ref(desk, unit).unit_id), **(known | values))  # type: ignore[arg-type]


def test_plate_is_hung_changed_and_taken_down(
    desk: Desk, second_names: SecondNameService, units: UnitListService
) -> None:
    unit = ref(desk, "区经委")
    second_names.save(plate(desk, since=EARLIER))
    (opened,) = second_names.names_of(unit.unit_id)
    assert units.rows([unit.unit_id])[unit.unit_id].second_names == "宝山区投资促进办公室"
    second_names.save(replace(opened, until=DAY), opened)
    assert second_names.names_of(unit.unit_id)[0].until == DAY
    assert units.rows([unit.unit_id])[unit.unit_id].second_names == ""
    actions = [entry.action for entry in desk.office.holders.unit_history(unit.unit_id)]
    assert actions[:2] == ["修改加挂牌子", "加挂牌子"]


def test_plate_entered_by_mistake_is_removed(desk: Desk, second_names: SecondNameService) -> None:
    second_names.save(plate(desk))
    (opened,) = second_names.names_of(ref(desk, "区经委").unit_id)
    second_names.remove(opened)
    assert second_names.names_of(opened.unit_id) == ()
    with pytest.raises(NotFoundError):
        second_names.remove(opened)


def test_stale_plate_is_refused(desk: Desk, second_names: SecondNameService) -> None:
    second_names.save(plate(desk))
    (opened,) = second_names.names_of(ref(desk, "区经委").unit_id)
    second_names.save(replace(opened, paper="宝编〔2026〕9号"), opened)
    for action in (lambda: second_names.save(opened, opened), lambda: second_names.remove(opened)):
        with pytest.raises(ConflictError):
            action()


def test_name_of_a_present_unit_or_of_another_plate_is_refused(
    desk: Desk, second_names: SecondNameService
) -> None:
    second_names.save(plate(desk))
    for draft, sentence in (
        (plate(desk, short_name="区科委"), "是单位“区科委”自己的名称"),
        (plate(desk, "区科委"), "已是“区经委”加挂的牌子"),
    ):
        with pytest.raises(InvalidFormError) as caught:
            second_names.save(draft)
        assert sentence in caught.value.messages["short_name"]


def test_plate_without_a_name_or_taken_down_too_early_is_refused(
    desk: Desk, second_names: SecondNameService
) -> None:
    with pytest.raises(InvalidFormError) as caught:
        second_names.save(plate(desk, full_name=" ", since=DAY, until=DAY))
    assert set(caught.value.messages) == {"full_name", "until"}


# The list


def test_list_leaves_out_ended_units_until_asked_for(
    desk: Desk, changes: UnitChangeService, units: UnitListService
) -> None:
    ended = ref(desk, "区科委")
    present, none = units.counts()
    assert none == 0
    new = changes.merge([ended], NewUnit(BUREAU), REFORM)
    assert units.counts() == (present, 1)
    assert ended.unit_id not in units.keys(UnitListQuery())
    with_ended = units.keys(UnitListQuery(ended=True))
    assert with_ended[-1] == ended.unit_id
    lines = units.rows(with_ended)
    assert (lines[ended.unit_id].valid_to, lines[ended.unit_id].successors) == (DAY, "区数据局")
    assert lines[new].valid_from == DAY
    assert lines[new].is_present


@pytest.mark.parametrize("text", ["区投促办", "山区投资促进办公室", "qtcb", "qutoucuban"])
def test_unit_is_found_by_its_second_name(
    text: str, desk: Desk, second_names: SecondNameService, units: UnitListService
) -> None:
    second_names.save(plate(desk))
    assert ref(desk, "区经委").unit_id in units.keys(UnitListQuery(text=text))
    assert len(units.keys(UnitListQuery(text=text))) < 3


def test_unit_is_found_by_pinyin_and_by_a_name_it_had(desk: Desk, units: UnitListService) -> None:
    unit_id = ref(desk, "区民防办").unit_id
    opened = desk.office.units.get(unit_id)
    renamed = replace(
        opened, short_name="区国动办", full_name="宝山区国防动员办公室", full_name_confirmed=True
    )
    desk.office.units.save(renamed, opened, EARLIER)
    for text in ("民防办", "qgdb", "国防动员"):
        assert units.keys(UnitListQuery(text=text)) == [unit_id]
    line = units.rows([unit_id])[unit_id]
    assert line.former_names == opened.full_name


@pytest.mark.parametrize(
    "column",
    [
        "short_name",
        "full_name",
        "category",
        "group",
        "sort_order",
        "confirmed",
        "valid_from",
        "valid_to",
        "note",
    ],
)
def test_every_sorting_lists_every_unit_once(column: str, units: UnitListService) -> None:
    natural = units.keys(UnitListQuery())
    up = units.keys(UnitListQuery(sort=column))
    down = units.keys(UnitListQuery(sort=column, descending=True))
    assert sorted(up) == sorted(down) == sorted(natural)
    assert len(set(natural)) == units.counts()[0] == 55


def test_filters_narrow_together(units: UnitListService) -> None:
    towns = units.rows(units.keys(UnitListQuery(filters={"category": "镇", "group": "街镇"}))).values()
    assert {line.category for line in towns} == {"镇"}
    assert units.keys(UnitListQuery(text="100%")) == []
