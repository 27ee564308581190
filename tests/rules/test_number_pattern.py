"""备案编号: the two usual ways, what is refused, and reading a number back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdo_desktop.errors import InvalidInputError
from cdo_desktop.rules.number_pattern import (
    BRACKETED,
    COMMON_PATTERNS,
    DASHED,
    NumberPattern,
    natural_key,
    number_key,
    year_and_place,
)


@pytest.mark.parametrize(
    ("number", "read"),
    [
        ("2026-012", (2026, 12)),
        ("〔2025〕7号", (2025, 7)),
        ("宝数官备〔2024〕015号", (2024, 15)),
        ("备字第3号(2025)", (2025, 3)),
        ("2025", (2025, None)),
        ("旧-9", (None, 9)),
        ("无号", (None, None)),
        ("20251234-5", (None, 5)),
    ],
)
def test_year_and_place_are_read_from_any_number(number: str, read: tuple[int | None, int | None]) -> None:
    assert year_and_place(number) == read


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2026-012", "〔2026〕12号", True),
        ("2026年第12号", "２０２６—１２", True),
        ("12", "12.0", True),
        ("备A-1", "备a-01", True),
        ("2026-03-12", "2026-04-12", False),
        ("数官〔2026〕1号", "数专〔2026〕1号", False),
        ("2026-1", "2026-10", False),
        ("★", "☆", False),
        ("9" * 30, "9" * 29, False),
    ],
)
def test_a_number_is_known_however_it_is_written(one: str, other: str, same: bool) -> None:
    assert (number_key(one) == number_key(other)) is same


def test_numbers_are_sorted_as_people_count() -> None:
    numbers = ["旧-10", "旧-9", "〔2025〕12号", "〔2025〕7号", "2"]
    assert sorted(numbers, key=natural_key) == ["2", "〔2025〕7号", "〔2025〕12号", "旧-9", "旧-10"]


@pytest.mark.parametrize(("pattern", "number"), [(DASHED, "2026-012"), (BRACKETED, "〔2026〕12号")])
def test_usual_patterns_are_written_as_the_office_writes_them(pattern: str, number: str) -> None:
    assert NumberPattern.of(pattern).number(2026, 12) == number


def test_number_beyond_its_width_is_not_cut() -> None:
    assert NumberPattern.of(DASHED).number(2026, 1234) == "2026-1234"


@pytest.mark.parametrize(
    "wrong",
    ["", "2026-012", "{年}", "{号}", "{年}-{号}-{号3}", "{年}{年}-{号}", "{年}-{号3", "{年}-{月}-{号}"],
)
def test_pattern_without_exactly_one_year_and_one_number_is_refused(wrong: str) -> None:
    with pytest.raises(InvalidInputError, match="一个“{年}”和一个“{号}”") as caught:
        NumberPattern.of(wrong)
    assert caught.value.field == "number_pattern"


@pytest.mark.parametrize("wrong", ["{年}{号}", "{号3}{年}", "{年}0{号}", "1{年}-{号}"])
def test_pattern_whose_parts_run_together_is_refused(wrong: str) -> None:
    with pytest.raises(InvalidInputError, match="隔开"):
        NumberPattern.of(wrong)


def test_endless_pattern_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="最多 40 个字"):
        NumberPattern.of("备案" * 20 + DASHED)


def test_padding_inside_brackets_and_an_imitated_document_number_are_advised_against() -> None:
    assert "不补零" in NumberPattern.of("〔{年}〕{号3}号").advice
    assert "发文字号" in NumberPattern.of("宝数官备〔{年}〕{号}号").advice
    assert [NumberPattern.of(pattern).advice for pattern in COMMON_PATTERNS] == ["", ""]


@pytest.mark.parametrize("written", ["〔2026〕12号", "[2026]12号", "【２０２６】１２号", " 〔2026〕 12 号 "])
def test_number_is_read_back_however_its_brackets_were_typed(written: str) -> None:
    assert NumberPattern.of(BRACKETED).read(written) == (2026, 12)


@pytest.mark.parametrize("other", ["2026-012", "〔26〕12号", "〔2026〕号", "〔2026〕12号附件"])
def test_number_written_another_way_is_not_read(other: str) -> None:
    assert NumberPattern.of(BRACKETED).read(other) is None


@given(
    pattern=st.sampled_from([*COMMON_PATTERNS, "备{号4}/{年}", "No.{号}（{年}）"]),
    year=st.integers(2000, 2099),
    count=st.integers(1, 999_999),
)
def test_every_number_reads_back_as_itself(pattern: str, year: int, count: int) -> None:
    checked = NumberPattern.of(pattern)
    assert checked.read(checked.number(year, count)) == (year, count)
