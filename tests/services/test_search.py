"""Ctrl+K's search: what a text finds, in what order, and that the index follows every change."""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from cdo_desktop import paths
from cdo_desktop.models import Person
from cdo_desktop.office import Office
from cdo_desktop.rules.pinyin import PinyinKeys, unit_pinyin
from cdo_desktop.rules.search_keys import find_in, is_found, name_keys, search_words
from cdo_desktop.rules.vocabulary import PostKind
from cdo_desktop.services.appointments import FilingDraft
from cdo_desktop.services.departures import LeaveDraft
from cdo_desktop.services.search import MOST_COUNTED, POST_NAMES, HitKind
from cdo_desktop.services.search_index import is_pending, names_of_units, rebuild_index
from cdo_desktop.services.second_names import SecondNameDraft, SecondNameService
from cdo_desktop.services.unit_draft import UnitDraft
from cdo_desktop.store import Database

from .conftest import TODAY, Clock, Desk, a_line, write_roster

TOWN = "罗店镇"
SURVEY = UnitDraft(full_name="上海市宝山区测绘局", short_name="区测绘局", category="区政府部门")


def found(desk: Desk, typed: str, kind: HitKind) -> list[str]:
    """Return the titles of one kind, in order."""
    return [hit.title for hit in desk.office.search.find(typed).of(kind)]


def persons(desk: Desk, typed: str) -> list[str]:
    return found(desk, typed, HitKind.PERSON)


def units(desk: Desk, typed: str) -> list[str]:
    return found(desk, typed, HitKind.UNIT)


def posts(desk: Desk, typed: str) -> list[str]:
    return found(desk, typed, HitKind.POST)


def database_of(desk: Desk) -> Database:
    return desk.office._database


@pytest.mark.parametrize("typed", ["单雄信", "雄信", "shanx", "sxx", "xx", "SHAN xin", "单x"])
def test_person_is_found_by_characters_pinyin_and_initials(desk: Desk, typed: str) -> None:
    desk.appoint(TOWN, name="单雄信")
    assert persons(desk, typed) == ["单雄信"]


@pytest.mark.parametrize("typed", ["dan", "雄 三", "hanx", "单信", "y"])
def test_person_is_not_found_by_anything_else(desk: Desk, typed: str) -> None:
    desk.appoint(TOWN, name="单雄信")
    assert persons(desk, typed) == []


@pytest.mark.parametrize("typed", ["", "   ", "·", '"', "*", "%", "()", "，"])
def test_text_without_a_word_finds_nothing(sample: Desk, typed: str) -> None:
    result = sample.office.search.find(typed)
    assert result.hits == ()
    assert set(result.totals.values()) == {0}


@pytest.mark.parametrize(
    "typed",
    ["NEAR(a b)", '" OR "', "whole: z", "z* OR w", "王^", "a AND NOT b", "\x00王", "x" * 9999, "王" * 9999],
)
def test_signs_of_the_query_language_are_only_text(sample: Desk, typed: str) -> None:
    sample.office.search.find(typed)


def test_hits_are_those_of_a_plain_scan(sample: Desk) -> None:
    with database_of(sample).read() as session:
        people = {
            row.id: [name_keys(row.name, PinyinKeys("", row.initials, row.sort_key))]
            for row in session.scalars(select(Person))
        }
        named = {
            unit_id: [name_keys(name, unit_pinyin(name)) for name in names]
            for unit_id, names in names_of_units(session).items()
        }
    seen = 0
    for typed in ("w", "z", "li", "王", "明", "lj", "jiaoyu", "区", "zhen", "sh", "s z", "区 w", "jd", "xyz"):
        words = search_words(typed)
        result = sample.office.search.find(typed, MOST_COUNTED)
        for kind, names in ((HitKind.PERSON, people), (HitKind.UNIT, named)):
            ranks = {record: find_in(words, of_record) for record, of_record in names.items()}
            wanted = {record: rank for record, rank in ranks.items() if rank is not None}
            ids = [hit.record_id for hit in result.of(kind)]
            assert set(ids) == set(wanted)
            assert len(ids) == len(wanted) == result.totals[kind]
            assert [wanted[record] for record in ids] == sorted(wanted.values())
            seen += len(ids)
        for hit in result.of(HitKind.POST):
            unit, kind_name = hit.title.split(" ")
            unit_names = next(
                names for names in named.values() if names[0].text == "".join(search_words(unit))
            )
            assert all(is_found(word, [*unit_names, POST_NAMES[PostKind(kind_name)]]) for word in words)
    assert seen > 100


def test_whole_names_come_first_then_beginnings_then_parts(desk: Desk) -> None:
    for unit, name in (
        ("友谊路街道", "李王伟"),
        ("吴淞街道", "王伟明"),
        ("张庙街道", "王伟"),
        (TOWN, "王伟强"),
    ):
        desk.appoint(unit, name=name)
    assert persons(desk, "王伟") == ["王伟", "王伟明", "王伟强", "李王伟"]
    assert persons(desk, "ww") == ["王伟", "王伟明", "王伟强", "李王伟"]


def test_units_of_a_rank_stand_in_the_order_of_the_office(desk: Desk) -> None:
    order = [row.short_name for row in desk.office.units.rows()]
    towns = units(desk, "镇")
    assert len(towns) > 5
    assert towns == [name for name in order if "镇" in name]


def test_unit_is_found_by_every_name_it_has_or_had(desk: Desk) -> None:
    service = desk.office.units
    opened = service.get(service.save(SURVEY))
    service.save(
        replace(opened, short_name="区勘测办", full_name="上海市宝山区勘察测量办公室"), opened, TODAY
    )
    plates = SecondNameService(database_of(desk), desk.office.journal)
    plate = plates.save(
        SecondNameDraft(unit_id=opened.unit_id or 0, full_name="宝山区冰雪事务中心", short_name="区冰雪中心")
    )
    for typed in ("区勘测办", "qkcb", "勘察测量", "冰雪事务", "qbxzx"):
        assert units(desk, typed) == ["区勘测办"], typed
    (stored,) = plates.names_of(opened.unit_id or 0)
    assert stored.name_id == plate
    plates.remove(stored)
    assert units(desk, "冰雪事务") == []
    assert units(desk, "区勘测办") == ["区勘测办"]


def test_former_name_of_a_confirmed_unit_still_finds_it(desk: Desk) -> None:
    service = desk.office.units
    opened = service.get(service.save(replace(SURVEY, full_name_confirmed=True)))
    service.save(
        replace(opened, short_name="区勘测办", full_name="上海市宝山区勘察测量办公室"), opened, TODAY
    )
    assert units(desk, "测绘局") == ["区勘测办"]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("罗店 专员", ["罗店镇 数据专员"]),
        ("ld sjzy", ["罗店镇 数据专员"]),
        ("罗店", ["罗店镇 首席数据官", "罗店镇 数据专员"]),
        ("sjzy luodian", ["罗店镇 数据专员"]),
        ("区首席数据官", ["区级 区首席数据官"]),
        ("罗店 主任", []),
    ],
)
def test_post_is_found_by_its_unit_and_its_kind_together(desk: Desk, typed: str, expected: list[str]) -> None:
    assert posts(desk, typed) == expected


def test_count_goes_beyond_what_is_listed(sample: Desk) -> None:
    result = sample.office.search.find("数据专员", 5)
    assert len(result.of(HitKind.POST)) == 5
    everything = sample.office.search.find("数据专员", 500)
    assert result.totals[HitKind.POST] == len(everything.of(HitKind.POST)) > 50


def test_hit_tells_what_tells_it_apart(desk: Desk) -> None:
    desk.appoint(TOWN, name="单雄信", title="科员", office_phone="021-56691234", mobile="13812345678")
    desk.appoint("友谊路街道", name="解学敏", mobile="13812345679")
    find = desk.office.search.find
    (person,) = find("单雄信").of(HitKind.PERSON)
    assert person.detail == "罗店镇 数据专员，科员"
    assert person.post_id == desk.row(TOWN).post_id
    (post,) = find("罗店 专员").of(HitKind.POST)
    assert post.detail == "单雄信，021-56691234"
    (masked,) = find("友谊 专员").of(HitKind.POST)
    assert masked.detail == "解学敏，138****5679"
    assert find("罗店 首席").of(HitKind.POST)[0].detail == "空缺"
    (unit,) = find("罗店").of(HitKind.UNIT)
    assert unit.detail == desk.row(TOWN).unit_full_name
    assert unit.post_id == desk.row(TOWN, PostKind.CDO).post_id


def test_person_who_left_is_found_with_the_last_post(desk: Desk) -> None:
    opened = desk.appoint(TOWN, name="单雄信", since=TODAY - timedelta(days=30))
    desk.office.holders.leave(opened, LeaveDraft(TODAY))
    (hit,) = desk.office.search.find("sxx").of(HitKind.PERSON)
    assert hit.detail == "曾任 罗店镇 数据专员"
    assert desk.office.search.find("罗店 专员").of(HitKind.POST)[0].detail == "空缺"


def test_index_follows_a_corrected_name(desk: Desk) -> None:
    opened = desk.appoint(TOWN, name="单雄信")
    desk.office.holders.update(opened, replace(opened, name="善雄新"))
    assert persons(desk, "单雄") == []
    assert persons(desk, "善雄") == ["善雄新"]


def test_index_follows_a_change_of_holder(desk: Desk) -> None:
    opened = desk.appoint(TOWN, name="单雄信", since=TODAY - timedelta(days=30))
    desk.office.holders.replace(opened, desk.successor(opened, name="秦琼"), FilingDraft())
    assert persons(desk, "qq") == ["秦琼"]
    assert desk.office.search.find("罗店 专员").of(HitKind.POST)[0].detail == "秦琼"


def test_index_follows_an_import(desk: Desk, tmp_path: Path) -> None:
    lines = [
        a_line(TOWN, NAME="单雄信"),
        a_line("测绘中心", NAME="𬀩明", UNIT_CATEGORY="其他", MOBILE="13800000002"),
    ]
    roster = desk.office.roster_import
    roster.apply(roster.read(write_roster(tmp_path / "名册.xlsx", lines)))
    assert persons(desk, "shanxx") == []
    assert persons(desk, "shanxiongx") == ["单雄信"]
    assert persons(desk, "𬀩") == ["𬀩明"]
    assert units(desk, "chzx") == ["测绘中心"]
    assert posts(desk, "测绘 专员") == ["测绘中心 数据专员"]


def test_refused_change_leaves_the_index_as_it_was(desk: Desk) -> None:
    database = database_of(desk)
    with pytest.raises(RuntimeError), database.write() as session:
        session.add(
            Person(name="尉迟恭", pinyin="yuchigong", initials="ycg", sort_key="yu4尉 chi2迟 gong1恭")
        )
        session.flush()
        raise RuntimeError
    assert persons(desk, "尉迟") == []


def test_nothing_of_the_index_is_left_open_after_a_change(desk: Desk) -> None:
    desk.appoint(TOWN, name="单雄信")
    with database_of(desk).read() as session:
        assert not is_pending(session)


def test_database_of_an_earlier_version_is_indexed_when_it_is_opened(repo_root: Path, tmp_path: Path) -> None:
    stored = sorted((repo_root / "tests" / "data" / "databases").glob("v000[12].sqlite3"))
    assert len(stored) == 2
    for source in stored:
        folder = tmp_path / source.stem
        folder.mkdir()
        shutil.copy(source, folder / paths.DATABASE_NAME)
        with Office(folder, Clock()) as office:
            assert [hit.title for hit in office.search.find("罗店").of(HitKind.UNIT)] == [TOWN]
            assert office.search.find("w").totals[HitKind.PERSON] > 1


def test_rebuilt_index_finds_the_same_and_keeps_nothing_of_a_lost_name(desk: Desk) -> None:
    opened = desk.appoint(TOWN, name="单雄信")
    desk.office.holders.update(opened, replace(opened, name="秦琼"))
    before = desk.office.search.find("q")
    with database_of(desk).write() as session:
        rebuild_index(session)
    assert desk.office.search.find("q") == before
    path = database_of(desk).path
    with closing(sqlite3.connect(path)) as connection:
        blocks = connection.execute("SELECT block FROM search_data").fetchall()
        contents = connection.execute("SELECT group_concat(c0 || c1 || c2) FROM search_content").fetchone()[0]
    assert "单雄信" not in contents
    assert not any(b"shanxiong" in block or "单雄".encode() in block for (block,) in blocks)
