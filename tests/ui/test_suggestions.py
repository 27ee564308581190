"""Suggestions are found by Chinese, pinyin and initials, the most usual first, and are never in the way."""

from collections.abc import Sequence

from cdo_desktop.errors import StorageError
from cdo_desktop.ui.common.suggestions import MOST, suggest_from

TITLES = ("主任", "三级主任科员", "四级主任科员", "副主任科员", "局长")


def test_found_by_characters_pinyin_and_initials() -> None:
    suggest = suggest_from(lambda: TITLES)
    assert suggest("三级") == ["三级主任科员"]
    assert suggest("siji") == ["四级主任科员"]
    assert suggest("fzr") == ["副主任科员"]
    assert suggest("") == []
    assert suggest("处长") == []


def test_what_fits_best_comes_first_and_then_the_most_usual() -> None:
    assert suggest_from(lambda: TITLES)("主任") == ["主任", "三级主任科员", "四级主任科员", "副主任科员"]


def test_the_word_that_stands_there_already_is_no_suggestion() -> None:
    assert suggest_from(lambda: TITLES)("局长") == []


def test_no_more_than_fit_below_the_field() -> None:
    assert len(suggest_from(lambda: [f"科长{n}" for n in range(30)])("科长")) == MOST


def test_values_are_read_once_and_those_that_cannot_be_read_are_none() -> None:
    asked: list[str] = []

    def values() -> Sequence[str]:
        asked.append("once")
        raise StorageError("数据暂时读不出。")

    suggest = suggest_from(values)
    assert (suggest("j"), suggest("ju")) == ([], [])
    assert asked == ["once"]
