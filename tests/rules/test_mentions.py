"""Who is meant by a note in free words."""

import pytest

from cdo_desktop.rules.mentions import Traces

SITU = Traces("司徒靖宇", ("13987651234", "021-56691234"))


@pytest.mark.parametrize(
    "words",
    [
        "司徒靖宇",
        "组织科 司徒靖宇，13987651234",
        "组织科司 徒　靖 宇",
        "组织科，139 8765 1234",
        "+86139-8765-1234",
        "１３９８７６５１２３４",
        "组织科56691234",
        "组织科 021 5669 1234",
        "02156691234转8012",
        "56691234 13800000000",
    ],
)
def test_a_person_is_known_by_name_or_number_however_they_are_written(words: str) -> None:
    assert SITU.found_in(words)


@pytest.mark.parametrize("words", ["", "组织科 李四", "司徒", "113987651234", "156691234567", "5669123"])
def test_another_is_not_meant(words: str) -> None:
    assert not SITU.found_in(words)


def test_a_longer_name_with_theirs_in_it_counts_as_theirs() -> None:
    assert Traces("王新").found_in("组织科王新民")


def test_what_is_too_short_stands_alone() -> None:
    assert not Traces("李", ("12345",)).found_in("组织科李四 12345678")
    assert Traces("李").found_in(" 李 ")


def test_an_extension_belongs_to_the_number() -> None:
    one = Traces("司徒靖宇", ("021-56691234转8012",))
    assert one.found_in("56691234转8012")
    assert not one.found_in("56691234转8013")


def test_a_name_with_a_dot_is_known_with_any_dot() -> None:
    assert Traces("买买提·艾力").found_in("组织科 买买提•艾力")
