"""备案编号 with a blank between two figures: it parts them, as a dash does; any other blank says nothing."""

import pytest

from cdo_desktop.rules.number_pattern import NumberPattern, is_named, natural_key, number_key, year_and_place


@pytest.mark.parametrize(
    "number", ["2026 13", "2026　１３", "2026\u00a0 013", " 2026 - 13 ", "2026 年 第 13 号"]
)
def test_a_blank_parts_the_year_from_the_place(number: str) -> None:
    assert year_and_place(number) == (2026, 13)
    assert number_key(number) == number_key("2026-013")


def test_figures_that_a_blank_parts_are_other_figures() -> None:
    assert number_key("1 2") != number_key("12")
    assert sorted(["2026 13", "2026 9"], key=natural_key) == ["2026 9", "2026 13"]


@pytest.mark.parametrize("pattern", ["{年} {号3}", "备 {号}  {年}", "{年} 1 {号}"])
def test_a_pattern_with_a_blank_reads_its_own_numbers(pattern: str) -> None:
    checked = NumberPattern.of(pattern)
    assert checked.read(checked.number(2026, 13)) == (2026, 13)


@pytest.mark.parametrize("pattern", ["{年}-{号3}", "〔{年}〕{号}号"])
def test_figures_that_a_blank_parts_are_no_place(pattern: str) -> None:
    number = NumberPattern.of(pattern).number(2026, 12)
    assert NumberPattern.of(pattern).read(number.replace("12", "1 2")) is None


@pytest.mark.parametrize(
    ("number", "name"),
    [
        ("2026-012", "2026-012 20261128.pdf"),
        ("2026-012", "20261128 2026-012.pdf"),
        ("2026-012", "罗店镇 2026 - 012 备案表.pdf"),
        ("2026 13", "2026 13 罗店镇.pdf"),
        ("〔2026〕12号", "〔2026〕 12 号 20261128.pdf"),
    ],
)
def test_a_file_is_named_by_a_number_beside_other_figures(number: str, name: str) -> None:
    assert is_named(number, name)


@pytest.mark.parametrize(
    ("number", "name"),
    [("2026-01", "2026-01 2.pdf"), ("2026-11", "2026-11 28 罗店镇.pdf"), ("2026 1", "2026 13.pdf")],
)
def test_a_number_that_may_go_on_after_a_blank_names_no_file(number: str, name: str) -> None:
    assert not is_named(number, name)
