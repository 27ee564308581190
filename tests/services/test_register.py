"""The register's table: order, search, filters, counts, names and holders of a day."""

import random
import sys
import time
from dataclasses import fields, replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from cdo_desktop.models import Filing, Person, Post, Tenure, Unit
from cdo_desktop.rules.filing import RegisterState
from cdo_desktop.rules.pinyin import pinyin_of, unit_pinyin
from cdo_desktop.rules.vocabulary import PostKind, UnitGroup
from cdo_desktop.services.appointments import FilingDraft
from cdo_desktop.services.departures import LeaveDraft
from cdo_desktop.services.register import RegisterQuery, RegisterRow, RegisterService
from cdo_desktop.services.register_sql import SORTS
from cdo_desktop.store import Database

from .conftest import TODAY, Desk

CDO, SPECIALIST = PostKind.CDO, PostKind.SPECIALIST
TOWN = "罗店镇"
COLUMNS = (
    *("unit", "post", "name", "state", "title", "section", "office_phone", "mobile", "since", "due_date"),
    *("head_status", "basis", "email", "sex", "category", "group", "unit_full_name", "note"),
)


def names(desk: Desk, **query: object) -> list[str]:
    rows = desk.office.register.all_rows(RegisterQuery(**query))  # type: ignore[arg-type]
    return [row.name for row in rows if row.name]


# Order


def test_posts_stand_in_the_order_of_units_and_within_them_of_posts(desk: Desk) -> None:
    rows = desk.office.register.all_rows(RegisterQuery())
    assert [row.post for row in rows[:5]] == list(PostKind)[:5]
    assert [(row.unit, row.post) for row in rows[5:9]] == [
        ("友谊路街道", CDO),
        ("友谊路街道", SPECIALIST),
        ("吴淞街道", CDO),
        ("吴淞街道", SPECIALIST),
    ]
    assert len(rows) == 5 + 2 * 55


def test_names_sort_by_pinyin_with_empty_posts_last_in_both_directions(desk: Desk) -> None:
    for unit, name in zip(
        ("罗店镇", "大场镇", "杨行镇", "月浦镇", "顾村镇", "庙行镇"),
        ("曾一", "单二", "阿依古丽", "仇三", "𬀩四", "Ann"),
        strict=True,
    ):
        desk.appoint(unit, name=name)
    expected = sorted(
        ("曾一", "单二", "阿依古丽", "仇三", "𬀩四", "Ann"), key=lambda n: pinyin_of(n).sort_key
    )
    rows = desk.office.register.all_rows(RegisterQuery(sort="name"))
    assert [row.name for row in rows[:7]] == [*expected, ""]
    rows = desk.office.register.all_rows(RegisterQuery(sort="name", descending=True))
    assert [row.name for row in rows[:7]] == [*expected[::-1], ""]


def test_units_sort_by_pinyin(desk: Desk) -> None:
    rows = desk.office.register.all_rows(RegisterQuery(sort="unit"))
    units = list(dict.fromkeys(row.unit for row in rows))
    assert units == sorted(units, key=lambda unit: unit_pinyin(unit).full)
    assert units[0] != "区级"


def test_empty_cells_of_held_posts_come_last_too(desk: Desk) -> None:
    desk.appoint("罗店镇", name="有科室", section="办公室")
    desk.appoint("大场镇", name="无科室")
    for descending in (False, True):
        rows = desk.office.register.all_rows(RegisterQuery(sort="section", descending=descending))
        assert rows[0].name == "有科室"


def test_state_sorts_by_urgency(sample: Desk) -> None:
    rows = sample.office.register.all_rows(RegisterQuery(sort="state"))
    states = list(dict.fromkeys(row.state for row in rows))
    order = [RegisterState.OVERDUE, RegisterState.RUNNING, RegisterState.VACANT, RegisterState.FILED]
    assert [state for state in states if state in order] == order


@pytest.mark.parametrize("sort", [*COLUMNS, ""])
@pytest.mark.parametrize("descending", [False, True])
def test_every_column_sorts_without_losing_a_row(sort: str, descending: bool, sample: Desk) -> None:
    keys = sample.office.register.keys(RegisterQuery(sort=sort, descending=descending))
    assert len(keys) == len(set(keys)) == 117  # 115 posts, one of them with three members


def test_equal_values_stay_in_the_order_of_units(sample: Desk) -> None:
    natural = sample.office.register.keys(RegisterQuery(filters={"sex": "女"}))
    assert sample.office.register.keys(RegisterQuery(filters={"sex": "女"}, sort="sex")) == natural
    keys = sample.office.register.keys(RegisterQuery(filters={"sex": "女"}, sort="sex", descending=True))
    assert keys == natural


def test_unknown_column_is_a_mistake_and_no_silent_answer(desk: Desk) -> None:
    with pytest.raises(KeyError):
        desk.office.register.keys(RegisterQuery(sort="no such column"))
    with pytest.raises(KeyError):
        desk.office.register.keys(RegisterQuery(filters={"no such column": "x"}))


# Search


@pytest.mark.parametrize(
    "text",
    [
        *("单雄", "单雄信", "shanxiongxin", "shanx", "SXX", "sxx", "罗店", "luodian", "ldz", "数据中心"),
        *("56001", "138000", "罗店 sxx", "  罗店　单 "),
    ],
)
def test_search_finds_by_chinese_pinyin_and_initials(text: str, desk: Desk) -> None:
    desk.appoint("大场镇", name="张三")
    desk.appoint(TOWN, name="单雄信", section="数据中心", mobile="13800000001", office_phone="021-56001234")
    assert names(desk, text=text) == ["单雄信"]


@pytest.mark.parametrize("text", ["danxiongxin", "xx", "罗店 张", "%", "_", "单_信", "%单%", "'", '"', "\\"])
def test_search_takes_every_character_as_itself(text: str, desk: Desk) -> None:
    desk.appoint(TOWN, name="单雄信", title="科长")
    assert names(desk, text=text) == []


@pytest.mark.parametrize("odd", ["100%", "a_b", "\\", "'; DROP TABLE units; --", '"'])
def test_search_finds_odd_characters(odd: str, desk: Desk) -> None:
    desk.appoint(TOWN, title=f"负责 {odd} 的人")
    desk.appoint("大场镇", name="李四", title="负责的人")
    assert names(desk, filters={"title": odd}) == ["张三"]


def test_search_ignores_how_a_character_is_composed(desk: Desk) -> None:
    desk.appoint(TOWN, name="René")
    assert names(desk, text="Rene\u0301") == ["René"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=12))
def test_no_search_text_breaks_the_table(text: str, sample: Desk) -> None:
    query = RegisterQuery(text=text, filters=dict.fromkeys(COLUMNS, text))
    assert set(sample.office.register.keys(query)) <= set(sample.office.register.keys(RegisterQuery()))


def test_very_long_search_text_is_no_error(desk: Desk) -> None:
    desk.appoint(TOWN)
    assert names(desk, text="长" * 100_000) == []
    assert names(desk, text="长 " * 100_000, filters={"name": "长" * 100_000}) == []


# Filters


def texts_of(row: RegisterRow) -> dict[str, str]:
    return {name: str(getattr(row, name) or "") for name in COLUMNS}


@pytest.mark.parametrize("key", COLUMNS)
def test_filter_keeps_the_rows_whose_cell_contains_the_text(key: str, sample: Desk) -> None:
    rows = sample.office.register.all_rows(RegisterQuery())
    wanted = next((text for row in rows if (text := texts_of(row)[key])), "")
    if key == "note":
        opened = sample.office.holders.get(rows[0].tenure_id or 0)
        sample.office.holders.update(opened, replace(opened, note="兼任"))
        wanted = "兼任"
        rows = sample.office.register.all_rows(RegisterQuery())
    assert wanted
    kept = sample.office.register.all_rows(RegisterQuery(filters={key: wanted}))
    assert kept == [row for row in rows if wanted in texts_of(row)[key]]


def test_filter_of_a_name_understands_pinyin(sample: Desk) -> None:
    assert "程明哲" in names(sample, filters={"name": "cmz"})
    assert "程明哲" in names(sample, filters={"name": "chengming"})
    assert names(sample, filters={"name": "cmz", "unit": "罗店"}) == []


def test_group_state_and_filters_work_together(sample: Desk) -> None:
    rows = sample.office.register.all_rows(
        RegisterQuery(group=UnitGroup.TOWN, state=RegisterState.FILED, filters={"post": CDO}, text="街道")
    )
    assert rows
    assert all(
        row.group == UnitGroup.TOWN and row.state is RegisterState.FILED and row.post == CDO for row in rows
    )


# Counts


def test_counts_ignore_their_own_filter_and_follow_the_others(sample: Desk) -> None:
    rows = sample.office.register.all_rows(RegisterQuery())
    query = RegisterQuery(group=UnitGroup.TOWN, state=RegisterState.FILED, text="官")
    counts = sample.office.register.counts(query)
    found = [row for row in rows if "官" in f"{row.post}{row.title}{row.name}{row.section}"]
    assert counts.total == len(rows) == 117
    assert counts.by_group == {
        group: number
        for group in UnitGroup
        if (number := sum(row.group == group and row.state is RegisterState.FILED for row in found))
    }
    assert counts.by_state == {
        state: number
        for state in RegisterState
        if (number := sum(row.state is state and row.group == UnitGroup.TOWN for row in found))
    }


# Rows


def test_rows_that_are_gone_are_left_out(desk: Desk) -> None:
    opened = desk.appoint(TOWN, since=date(2025, 1, 6))
    key = (opened.post_id, opened.tenure_id or 0)
    desk.office.holders.leave(opened, LeaveDraft(TODAY))
    rows = desk.office.register.rows([key, (opened.post_id, 0), (99999, 0)])
    assert set(rows) == {(opened.post_id, 0)}


_MAY_LACK = ("tenure_id", "person_id", "since", "until", "next_since", "due_date", "working_days_left")


def test_row_of_an_empty_post_has_no_holes(desk: Desk) -> None:
    row = desk.row(TOWN)
    for field in fields(RegisterRow):
        value = getattr(row, field.name)
        if field.name not in _MAY_LACK:
            assert value is not None, field.name
    assert row.due_provisional is False


def test_every_filter_and_sort_of_the_service_is_a_field_of_a_row() -> None:
    assert set(SORTS) | {"state"} == set(COLUMNS)
    assert set(COLUMNS) <= {field.name for field in fields(RegisterRow)}


# Another day


def test_past_day_shows_the_name_the_unit_carried_then(desk: Desk) -> None:
    units = desk.office.units
    unit_id = desk.row(TOWN).unit_id
    units.confirm_names([unit_id])
    for full, short, day in (
        ("宝山区罗店新镇人民政府", "罗店新镇", date(2025, 7, 1)),
        ("宝山区大罗店镇人民政府", "大罗店镇", date(2026, 2, 1)),
    ):
        opened = units.get(unit_id)
        units.save(replace(opened, full_name=full, short_name=short), opened, renamed_on=day)
    seen = {
        day: next(
            (row.unit, row.unit_full_name)
            for row in desk.office.register.all_rows(RegisterQuery(as_of=day))
            if row.unit_id == unit_id
        )
        for day in (date(2025, 6, 30), date(2025, 7, 1), date(2026, 1, 31), date(2026, 2, 1), TODAY)
    }
    assert list(seen.values()) == [
        ("罗店镇", "宝山区罗店镇人民政府"),
        ("罗店新镇", "宝山区罗店新镇人民政府"),
        ("罗店新镇", "宝山区罗店新镇人民政府"),
        ("大罗店镇", "宝山区大罗店镇人民政府"),
        ("大罗店镇", "宝山区大罗店镇人民政府"),
    ]
    past = RegisterQuery(as_of=date(2025, 8, 1), text="罗店新镇", filters={"unit": "罗店新"})
    assert len(desk.office.register.keys(past)) == 2
    assert desk.office.register.keys(replace(past, as_of=None)) == []


def test_name_corrected_twice_on_one_day_leaves_the_older_name_for_the_past(desk: Desk) -> None:
    units = desk.office.units
    unit_id = desk.row(TOWN).unit_id
    units.confirm_names([unit_id])
    for short in ("罗店心镇", "罗店新镇"):
        opened = units.get(unit_id)
        units.save(replace(opened, short_name=short), opened)
    assert desk.row("罗店新镇").unit_id == unit_id
    assert desk.row("罗店镇", as_of=TODAY - timedelta(1)).unit_id == unit_id


def test_units_of_other_days_are_not_shown(desk: Desk) -> None:
    database = Database(desk.office.data_folder / "cdo.sqlite3")
    with database.write() as session:
        session.get_one(Unit, desk.row("罗店镇").unit_id).valid_to = date(2025, 1, 1)
        session.get_one(Unit, desk.row("大场镇").unit_id).valid_from = date(2025, 1, 1)

    def shown_on(day: date) -> set[str]:
        rows = desk.office.register.all_rows(RegisterQuery(as_of=day))
        assert desk.office.register.counts(RegisterQuery(as_of=day)).total == len(rows)
        return {row.unit for row in rows} & {"罗店镇", "大场镇"}

    assert shown_on(date(2024, 12, 31)) == {"罗店镇"}
    assert shown_on(date(2025, 1, 1)) == {"大场镇"}


def test_counts_and_keys_belong_to_the_day_asked_for(desk: Desk) -> None:
    opened = desk.appoint(TOWN, since=date(2024, 1, 8))
    desk.office.holders.replace(opened, desk.successor(opened, since=date(2024, 6, 30)), FilingDraft())
    day = date(2024, 6, 29)
    assert desk.office.register.counts(RegisterQuery(as_of=day)).by_state[RegisterState.VACANT] == 114
    assert (opened.post_id, opened.tenure_id) in desk.office.register.keys(RegisterQuery(as_of=day))
    assert names(desk, as_of=day, text="李四") == []
    assert names(desk, as_of=date(2024, 6, 30), text="李四") == ["李四"]


# Size


def fill(database: Database, units: int) -> None:
    """Register units whose posts all had two holders, with their papers."""
    chance = random.Random(3)
    with database.write() as session:
        session.execute(
            insert(Unit),
            [
                {
                    "full_name": f"第{number}局",
                    "full_name_confirmed": True,
                    "short_name": f"区{number}局",
                    "pinyin": f"qu{number}ju",
                    "initials": f"q{number}j",
                    "category": "区政府部门",
                    "group": "部门",
                    "sort_order": number,
                }
                for number in range(1, units + 1)
            ],
        )
        session.execute(
            insert(Post),
            [
                {"unit_id": number, "kind": kind, "rank": rank, "empty_since": date(2023, 1, 30)}
                for number in range(1, units + 1)
                for rank, kind in ((5, CDO), (6, SPECIALIST))
            ],
        )
        tenures = units * 4
        people = [
            chance.choice("赵钱孙李周吴郑王") + chance.choice("一二三四五六七八") for _ in range(tenures)
        ]
        session.execute(
            insert(Person),
            [{"name": name, "pinyin": "x", "initials": "x", "sort_key": name} for name in people],
        )
        session.execute(
            insert(Tenure).execution_options(render_nulls=True),  # else one statement a row
            [
                {
                    "post_id": number // 2 + 1,
                    "person_id": number + 1,
                    "since": date(2023, 2, 1) if number % 2 == 0 else date(2025, 2, 5),
                    "until": date(2025, 2, 5) if number % 2 == 0 else None,
                    "title": f"职务{number % 97}",
                }
                for number in range(tenures)
            ],
        )
        session.execute(
            insert(Filing),
            [
                {
                    "uuid": str(number),
                    "tenure_id": number + 1,
                    "kind": "变更备案",
                    "state": chance.choice(("草稿", "已备案")),
                    "change_date": date(2025, 2, 5),
                    "due_date": date(2025, 2, 10),
                }
                for number in range(tenures)
            ],
        )


def test_twenty_thousand_posts_answer_at_once(empty_desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    database = Database(empty_desk.office.data_folder / "cdo.sqlite3")
    fill(database, 10_000)
    service: RegisterService = empty_desk.office.register
    keys = service.keys(RegisterQuery())
    assert len(keys) == 20_000
    queries = {
        "order of units": RegisterQuery(),
        "by name": RegisterQuery(sort="name"),
        "by state": RegisterQuery(sort="state"),
        "search": RegisterQuery(text="赵一 局"),
        "past day": RegisterQuery(as_of=date(2024, 6, 30), text="赵一"),
    }
    times = []
    for name, query in queries.items():
        begun = time.perf_counter()
        service.keys(query)
        times.append(f"{name} {time.perf_counter() - begun:.2f} s")
    begun = time.perf_counter()
    assert len(service.rows(keys[10_000:10_200])) == 200
    times.append(f"200 rows {time.perf_counter() - begun:.2f} s")
    begun = time.perf_counter()
    assert len(service.rows(keys)) == 20_000
    times.append(f"20,000 rows {time.perf_counter() - begun:.2f} s")
    begun = time.perf_counter()
    assert service.counts(RegisterQuery(text="局")).total == 20_000
    times.append(f"counts {time.perf_counter() - begun:.2f} s")
    with capsys.disabled():
        sys.stdout.write(f"\n20,000 posts: {', '.join(times)}\n")


def test_limits_are_counted_to_the_day_looked_at(desk: Desk) -> None:
    opened = desk.appoint(TOWN, since=date(2025, 1, 6))
    desk.office.holders.replace(opened, desk.successor(opened), FilingDraft(change_reason="退休"))
    assert desk.row(TOWN).working_days_left == 3
    later = desk.row(TOWN, as_of=date(2026, 11, 30))
    assert (later.state, later.late.days) == (RegisterState.OVERDUE, 1)


def test_on_a_day_off_after_the_limit_a_post_is_overdue_by_no_working_day(desk: Desk) -> None:
    opened = desk.appoint(TOWN, since=date(2025, 1, 6))
    new = desk.successor(opened, since=date(2026, 11, 17))  # due on Friday, 11-20
    desk.office.holders.replace(opened, new, FilingDraft(change_reason="退休"))
    saturday = desk.row(TOWN, as_of=date(2026, 11, 21))
    assert (saturday.state, saturday.late.words) == (RegisterState.OVERDUE, "不足一个工作日")


def test_a_coming_departure_and_a_coming_holder_are_told(desk: Desk) -> None:
    opened = desk.appoint(TOWN, since=date(2025, 1, 6))
    assert desk.row(TOWN).until is None
    desk.office.holders.leave(opened, LeaveDraft(date(2026, 12, 15), reason="退休"))
    assert desk.row(TOWN).until == date(2026, 12, 15)
    assert desk.row(TOWN, as_of=date(2026, 12, 20)).next_since is None
    desk.appoint(TOWN, name="李四", since=date(2027, 1, 4))
    assert desk.row(TOWN, as_of=date(2026, 12, 20)).next_since == date(2027, 1, 4)
