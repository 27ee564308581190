"""Which unit a name means: surely, nearly, or none."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdo_desktop.paths import UNITS_NAME, resource
from cdo_desktop.rules.unit_matching import KnownName, NewNames, UnitMatch, UnitNames, core_of, is_near


def shipped() -> list[tuple[str, str]]:
    path: Path = resource("units", UNITS_NAME)
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [(row["单位简称"], row["单位全称（草稿，待按公章确认）"]) for row in csv.DictReader(file)]


SHORT = [short for short, _ in shipped()]
INDEX = UnitNames(
    KnownName(number, name) for number, names in enumerate(shipped()) for name in dict.fromkeys(names)
)


def near(name: str) -> list[str]:
    match = INDEX.find(name)
    assert match.unit_id is None
    return [SHORT[unit] for unit in match.near]


def test_every_shipped_unit_is_found_by_both_names() -> None:
    for number, (short, full) in enumerate(shipped()):
        assert INDEX.find(short) == INDEX.find(full) == UnitMatch(number)


@pytest.mark.parametrize(
    "name", ["区科创委(投促办)", "区科创委（投促办）", " 区 科创委（投促办） ", "区科创委 (投促办)"]
)
def test_blanks_and_the_width_of_brackets_do_not_matter(name: str) -> None:
    unit = INDEX.find(name).unit_id
    assert unit is not None
    assert SHORT[unit] == "区科创委（投促办）"


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("教育局", "区教育局"),
        ("宝山教育局", "区教育局"),
        ("上海市宝山区教育局", "区教育局"),
        ("区教育", "区教育局"),
        ("罗店", "罗店镇"),
        ("罗店镇政府", "罗店镇"),
        ("上海市宝山区罗店镇人民政府", "罗店镇"),
        ("上海市宝山区人民政府友谊路街道办事处", "友谊路街道"),
        ("友谊街道", "友谊路街道"),
        ("区卫健委", "区卫生健康委"),
        ("区发改委", "区发展改革委"),
        ("区人社局", "区人力资源社会保障局"),
        ("区科创委", "区科创委（投促办）"),
        ("投促办", "区科创委（投促办）"),
        ("区国安分局", "区国家安全分局"),
        ("区网信办", "区委网信办"),
        ("中共上海市宝山区委组织部", "区委组织部"),
        ("宝山工业园", "宝山工业园区"),
        ("市场监管局", "区市场监管局"),
        ("区城管局", "区城管执法局"),
        ("区文旅局", "区文化旅游局"),
    ],
)
def test_usual_abbreviation_is_a_near_miss_and_never_a_match(name: str, unit: str) -> None:
    assert unit in near(name)


@pytest.mark.parametrize(
    "name",
    [
        "区信访办",
        "区档案局",
        "区人民法院",
        "区委宣传部",
        "区政府办",
        "区数据局",
        "上海市宝山区人民政府办公室",
        "",
        "x",
    ],
)
def test_other_unit_is_neither_found_nor_near(name: str) -> None:
    assert near(name) == []


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("宝山区月浦真人民政府", "月浦镇"),
        ("月埔镇", "月浦镇"),
        ("宝山区教育居", "区教育局"),
        ("区交育局", "区教育局"),
        ("区公务员局局", "区公务员局"),
    ],
)
def test_one_wrong_letter_is_a_near_miss(name: str, unit: str) -> None:
    assert unit in near(name)


def test_other_unit_that_differs_in_one_of_three_characters_is_asked_about_while_it_is_unknown() -> None:
    assert is_near(core_of("区水务局"), core_of("区税务局"))
    assert not is_near(core_of("区科委"), core_of("区经委"))


@pytest.mark.parametrize(("one", "other"), [("第3中心", "第4中心"), ("第三社区", "第八社区")])
def test_names_that_differ_in_their_number_are_not_near(one: str, other: str) -> None:
    assert not is_near(core_of(one), core_of(other))


def test_units_one_letter_apart_are_found_among_many_new_names() -> None:
    names = NewNames()
    assert names.similar("区教育局") is None
    names.add("区教育局")
    names.add("区体育局")
    assert names.similar("宝山区教育居") == "区教育局"
    assert names.similar("区教育") is None  # too short to tell
    assert names.similar("区教育育局") == "区教育局"
    assert names.similar("区财政局") is None
    assert names.similar("区科委") is None


def test_name_of_two_units_is_ambiguous() -> None:
    index = UnitNames([KnownName(1, "区科委"), KnownName(2, "区科委"), KnownName(2, "区科技局")])
    assert index.find("区科委") == UnitMatch(None, (1, 2), ambiguous=True)
    assert index.find("区科技局") == UnitMatch(2)


def test_unit_with_two_equal_names_is_not_ambiguous() -> None:
    assert UnitNames([KnownName(1, "区体育局"), KnownName(1, "区体育局")]).find("区体育局") == UnitMatch(1)


@given(st.text(alphabet="上海市宝山区委人民政府办公室街道镇局教育", max_size=12))
def test_any_name_has_an_answer_and_is_near_itself(name: str) -> None:
    INDEX.find(name)
    assert is_near(core_of(name), core_of(name))
    assert bool(core_of(name)) == bool(name)


@given(st.text(alphabet="卫生健康委发展改革", max_size=8), st.text(alphabet="卫生健康委发展改革", max_size=8))
def test_nearness_goes_both_ways(one: str, other: str) -> None:
    assert is_near(one, other) == is_near(other, one)
