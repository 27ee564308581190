"""The roster workbook: what it says of a day, and what an import makes of it."""

import shutil
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from cdo_desktop import paths
from cdo_desktop.errors import InvalidFormError
from cdo_desktop.office import Office
from cdo_desktop.rules.change_days import FIRST_YEAR
from cdo_desktop.rules.filing import OPEN_STATES, RECORDED_STATES, RegisterState
from cdo_desktop.rules.roster_columns import ALL_FIELDS, BASIC_FIELDS, RosterField
from cdo_desktop.rules.vocabulary import (
    AppointmentBasis,
    ChangeReason,
    FilingKind,
    FilingState,
    Handover,
    HeadStatus,
    PostKind,
    Sex,
)
from cdo_desktop.services.appointments import FilingDraft
from cdo_desktop.services.departures import LeaveDraft
from cdo_desktop.services.holder_draft import HolderDraft
from cdo_desktop.services.register import RegisterQuery
from cdo_desktop.services.roster_plan import LineKind

from .conftest import TODAY, Clock, Desk

F = RosterField
CDO, SPECIALIST = PostKind.CDO, PostKind.SPECIALIST
MOST_PEOPLE = 20


def cells(path: Path) -> list[tuple[object, ...]]:
    """Return every row from the head on."""
    rows = [tuple(row) for row in load_workbook(path).worksheets[0].iter_rows(values_only=True)]
    head = next(number for number, row in enumerate(rows) if F.UNIT_FULL_NAME in row)
    return rows[head:]


def table(path: Path) -> list[dict[str, object]]:
    head, *rows = cells(path)
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


def export(desk: Desk, name: str, *, full: bool = False, as_of: date | None = None) -> Path:
    path = desk.office.data_folder / name
    desk.office.roster_export.write(path, full=full, as_of=as_of)
    return path


def test_roster_has_the_columns_of_the_import_and_masks_mobiles(sample: Desk) -> None:
    path = export(sample, "花名册.xlsx")
    head, *rows = cells(path)
    assert list(head) == [str(column) for column in BASIC_FIELDS]
    assert len(rows) == 117
    mobiles = [row[head.index("手机")] for row in rows if row[head.index("手机")]]
    assert mobiles
    assert all("****" in str(mobile) for mobile in mobiles)


def test_full_roster_has_every_column_and_clear_phones(sample: Desk) -> None:
    result = sample.office.roster_export.write(sample.office.data_folder / "全.xlsx", full=True)
    head, *rows = cells(sample.office.data_folder / "全.xlsx")
    assert list(head) == [str(column) for column in ALL_FIELDS]
    assert not any("****" in str(cell) for row in rows for cell in row)
    assert (result.posts, result.empty) == (117, 2)


def test_masked_roster_brought_back_changes_nothing(sample: Desk) -> None:
    service = sample.office.roster_import
    sheet = service.read(export(sample, "花名册.xlsx"))
    plan = service.preview(sheet)
    assert {line.kind for line in plan.lines} == {LineKind.SAME}
    before = sample.office.register.all_rows(RegisterQuery())
    assert service.apply(sheet).same == 117
    assert sample.office.register.all_rows(RegisterQuery()) == before


def test_mobile_in_the_place_of_an_office_phone_is_masked_too(desk: Desk) -> None:
    desk.appoint("罗店镇", office_phone="13800000001", mobile="13900000002、13900000003")
    desk.appoint("大场镇", name="李四", office_phone="021-56691234")
    rows = {row["姓名"]: row for row in table(export(desk, "花名册.xlsx"))}
    assert (rows["张三"]["办公电话"], rows["张三"]["手机"]) == ("138****0001", "139****0002、139****0003")
    assert rows["李四"]["办公电话"] == "021-56691234"
    service = desk.office.roster_import
    plan = service.preview(service.read(desk.office.data_folder / "花名册.xlsx"))
    assert {line.kind for line in plan.lines} == {LineKind.SAME}


def test_roster_of_a_past_day_has_its_holders_and_names(desk: Desk) -> None:
    holders, units = desk.office.holders, desk.office.units
    one = desk.appoint("罗店镇", since=date(2024, 1, 8), name="一号")
    holders.replace(one, desk.successor(one, name="二号", since=date(2024, 6, 30)), FilingDraft())
    opened = units.get(desk.row("罗店镇").unit_id)
    units.save(replace(opened, short_name="罗店新镇"), opened, date(2025, 1, 1))
    seen = {}
    for day in (date(2024, 6, 29), date(2024, 6, 30), date(2025, 1, 1)):
        rows = table(export(desk, f"{day}.xlsx", as_of=day))
        seen[day] = [(row["单位简称"], row["姓名"]) for row in rows if row["姓名"]]
    assert list(seen.values()) == [[("罗店镇", "一号")], [("罗店镇", "二号")], [("罗店新镇", "二号")]]


def test_contact_list_names_every_unit_once(sample: Desk, tmp_path: Path) -> None:
    assert sample.office.roster_export.write_contact_list(tmp_path / "通讯录.pdf").units == 55
    assert (tmp_path / "通讯录.pdf").read_bytes().startswith(b"%PDF")


def test_contact_list_names_what_no_font_can_show(desk: Desk, tmp_path: Path) -> None:
    desk.appoint("罗店镇", name="张\U00030edd")
    (problem,) = desk.office.roster_export.write_contact_list(tmp_path / "通讯录.pdf").problems
    assert problem.startswith("“罗店镇”一行中的“\U00030edd”（U+30EDD）没有可用的字体")


# Lossless


def full_copy(desk: Desk, other: Desk) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """Bring a full roster into an empty database and return both full rosters."""
    first = export(desk, "一.xlsx", full=True)
    service = other.office.roster_import
    sheet = service.read(first)
    plan = service.preview(sheet)
    assert [problem for problem in plan.problems if problem.blocking] == []
    service.apply(sheet)
    return cells(first), cells(export(other, "二.xlsx", full=True))


def states(desk: Desk) -> list[tuple[object, ...]]:
    """Return what the register shows of every filing."""
    rows = desk.office.register.all_rows(RegisterQuery())
    return [
        (row.unit, row.post, row.state, row.filing_kind, row.filing_state, row.due_date, row.late.days)
        for row in rows
    ]


def test_full_roster_of_the_sample_is_the_same_after_an_import(sample: Desk, empty_desk: Desk) -> None:
    one, two = full_copy(sample, empty_desk)
    assert one == two
    assert states(sample) == states(empty_desk)
    assert Counter(row.state for row in empty_desk.office.register.all_rows(RegisterQuery())) == {
        RegisterState.FILED: 106,
        RegisterState.EXEMPT: 7,
        RegisterState.VACANT: 2,
        RegisterState.OVERDUE: 1,
        RegisterState.RUNNING: 1,
    }
    numbers = [row["备案编号"] for row in table(sample.office.data_folder / "一.xlsx") if row["备案编号"]]
    assert len(numbers) == 106


def test_full_roster_keeps_what_the_office_alone_knows(desk: Desk, empty_desk: Desk) -> None:
    units = desk.office.units
    opened = units.get(desk.row("罗店镇").unit_id)
    units.save(replace(opened, code="310113102", note="两块牌子\n一套班子"), opened)
    told = {"known_on": date(2026, 3, 4), "told_by": "王五"}
    known = {**told, "change_date": date(2026, 3, 2), "kind": FilingKind.CHANGE}
    received = {"number": "〔2026〕12号", "received_on": date(2026, 3, 12), "late_reason": "经办人休假"}
    filing = FilingDraft(**known, state=FilingState.STORED, **received)  # type: ignore[arg-type]
    desk.appoint("罗店镇", filing=filing, since=date(2026, 3, 2), basis_kind=AppointmentBasis.CONGRESS)
    one, two = full_copy(desk, empty_desk)
    assert one == two
    (row,) = [row for row in table(empty_desk.office.data_folder / "二.xlsx") if row["姓名"] == "张三"]
    assert [str(row[column]) for column in ("行政区划代码", "任职方式", "备案状态", "备案编号")] == [
        *("310113102", "人大任命", "已入库", "〔2026〕12号")
    ]
    copied_unit = empty_desk.office.units.get(empty_desk.row("罗店镇").unit_id)
    assert (copied_unit.code, copied_unit.note) == ("310113102", units.get(opened.unit_id or 0).note)
    assert copied_unit.note == "两块牌子 一套班子"
    assert [str(row[column])[:10] for column in ("知悉日期", "告知人", "收到日期", "逾期说明")] == [
        *("2026-03-04", "王五", "2026-03-12", "经办人休假")
    ]
    copied = empty_desk.row("罗店镇")
    assert (copied.state, copied.late.days, copied.due_date) == (RegisterState.FILED, 0, date(2026, 3, 5))


def test_district_with_another_name_is_the_same_after_an_import(desk: Desk, empty_desk: Desk) -> None:
    units = desk.office.units
    opened = units.get(units.rows()[0].unit_id)
    units.save(replace(opened, full_name="上海市宝山区", address="友谊路1号", postcode="201999"), opened)
    desk.appoint("区级", PostKind.DISTRICT_CDO, since=date(2025, 1, 6))
    one, two = full_copy(desk, empty_desk)
    assert one == two


def test_future_and_past_holders_do_not_disturb_a_full_roster(desk: Desk, empty_desk: Desk) -> None:
    one = desk.appoint("罗店镇", since=date(2024, 1, 8), mobile="13800000001")
    desk.office.holders.replace(one, desk.successor(one, since=date(2026, 12, 7)), FilingDraft())
    two = desk.appoint("大场镇", name="王五", since=date(2024, 1, 8))
    desk.office.holders.leave(two, LeaveDraft(TODAY))
    assert_equal = full_copy(desk, empty_desk)
    assert assert_equal[0] == assert_equal[1]


serials = count(1)
DITTO = ("同上", "同前", "〃", "″", "同左")
RARE = "𬀩𠅤𫍲𨭆䶮㛃〇"
odd_texts = st.text(
    alphabet=st.one_of(
        st.sampled_from("=+-@'\"\\/<>&%#　 \t·（）()、，。；：—…*×无空缺0123456789" + RARE),
        st.characters(codec="utf-8", exclude_categories=("Cs", "Co", "Cn")),
    ),
    max_size=30,
).filter(lambda text: text.strip() not in DITTO)
given_names = st.text(alphabet="一二三四五艾力·" + RARE, min_size=1, max_size=6).map(
    lambda rest: "张" + rest.strip("·")
)
mobiles = st.from_regex(r"1[3-9]\d{9}", fullmatch=True) | st.just("") | odd_texts
phones = st.from_regex(r"021-[2-9]\d{7}(转\d{1,4})?", fullmatch=True) | st.just("") | odd_texts
PLAIN = (
    *("political_status", "title", "head_note", "basis", "work_scope", "section", "rank", "duties"),
    *("digital_years", "education", "training", "platform_account", "note"),
)


DAYS_OF_A_FORM = st.dates(date(FIRST_YEAR, 1, 1), TODAY)  # what is older a form refuses


@st.composite
def holders_in_odd_words(draw: st.DrawFn) -> dict[str, object]:
    values: dict[str, object] = {name: draw(odd_texts) for name in PLAIN}
    return values | {
        "name": draw(given_names),
        "sex": draw(st.sampled_from(["", *Sex])),
        "birth_month": draw(st.sampled_from(["", "1975-03", "1980.12"])),
        "head_status": draw(st.sampled_from(["", *HeadStatus])),
        "basis_kind": draw(st.sampled_from(["", *AppointmentBasis])),
        "mobile": draw(mobiles),
        "office_phone": draw(phones),
        "backup_phone": draw(phones),
        "backup_name": draw(given_names | st.just("")),
        "email": draw(st.sampled_from(["", "a@b.cn"]) | odd_texts),
        "since": draw(DAYS_OF_A_FORM),
    }


@st.composite
def papers_in_odd_words(draw: st.DrawFn) -> FilingDraft:
    state = draw(st.sampled_from([None, *RECORDED_STATES]))
    is_here = state is not None and state not in OPEN_STATES  # what has not come has no day
    return FilingDraft(
        change_date=draw(st.none() | DAYS_OF_A_FORM),
        change_reason=draw(st.sampled_from(["", *ChangeReason]) | odd_texts),
        predecessor_name=draw(given_names | st.just("")),
        predecessor_title=draw(odd_texts),
        handover=draw(st.sampled_from(["", *Handover])),
        filled_on=draw(st.none() | st.dates(date(2023, 1, 1), TODAY)),
        filler=draw(given_names | st.just("")),
        filler_phone=draw(phones),
        known_on=draw(st.none() | DAYS_OF_A_FORM),
        told_by=draw(odd_texts),
        state=state,
        number=draw(st.just("") | odd_texts.map(lambda text: f"{text}-{next(serials)}")),
        received_on=draw(st.none() | st.dates(date(1990, 1, 1), TODAY)) if is_here else None,
        late_reason=draw(odd_texts),
    )


@pytest.fixture(scope="module")
def few_units_file(empty_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database with a unit for everybody that is drawn, and hardly one more to write and read."""
    folder = tmp_path_factory.mktemp("few")
    shutil.copy(empty_file, folder / paths.DATABASE_NAME)
    shipped = paths.resource("units", paths.UNITS_NAME).read_text(encoding="utf-8").splitlines(keepends=True)
    few = folder / "units.csv"
    few.write_text("".join(shipped[: MOST_PEOPLE + 1]), encoding="utf-8")
    with Office(folder, Clock()) as office:
        office.units.add_shipped_units(few)
    return folder / paths.DATABASE_NAME


@settings(
    max_examples=12,
    deadline=None,
    phases=(
        Phase.explicit,
        Phase.reuse,
        Phase.generate,
    ),  # each example reads a workbook: shrinking takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    people=st.lists(
        st.tuples(holders_in_odd_words(), papers_in_odd_words()), min_size=4, max_size=MOST_PEOPLE
    )
)
def test_full_roster_of_any_words_is_the_same_after_an_import(
    people: list[tuple[dict[str, object], FilingDraft]],
    open_desk: Callable[[Path], Desk],
    few_units_file: Path,
    empty_file: Path,
) -> None:
    desk, other = open_desk(few_units_file), open_desk(empty_file)
    rows = desk.office.register.all_rows(RegisterQuery(filters={"post": "首席数据官"}))[1:]
    assert len(rows) == MOST_PEOPLE
    for (values, filing), row in zip(people, rows, strict=False):
        draft = replace(HolderDraft(row.post_id, CDO), **values)  # type: ignore[arg-type]
        try:
            desk.office.holders.appoint(draft, filing)
        except InvalidFormError as error:
            blank = dict.fromkeys(error.messages, "")
            filing = replace(filing, **{k: v for k, v in blank.items() if hasattr(filing, k)})  # type: ignore[arg-type]
            draft = replace(draft, **{k: v for k, v in blank.items() if hasattr(draft, k)})  # type: ignore[arg-type]
            with suppress(InvalidFormError):  # the paper is wrong as well
                desk.office.holders.appoint(draft, filing)
    one, two = full_copy(desk, other)
    assert len(one) == len(two)
    for before, after in zip(one, two, strict=True):
        assert before == after
    assert states(desk) == states(other)
    service = desk.office.roster_import
    masked = service.preview(service.read(export(desk, "花名册.xlsx")))
    assert {line.kind for line in masked.lines} == {LineKind.SAME}


def test_words_that_a_reader_may_misunderstand_survive(desk: Desk, empty_desk: Desk) -> None:
    words = ["无", "/", "—", "空缺", "=1+1", "'引号", "2026-03-05", "1E5", "00123", "TRUE"]
    posts = desk.office.register.all_rows(RegisterQuery(filters={"post": "数据专员"}))[1:]
    for text, post in zip(words, posts, strict=False):
        draft = desk.draft(post.unit, since=date(2025, 1, 6))
        desk.office.holders.appoint(replace(draft, **dict.fromkeys(PLAIN, text)))  # type: ignore[arg-type]
    one, two = full_copy(desk, empty_desk)
    assert one == two
    assert sum("张三" in row for row in one) == len(words)
