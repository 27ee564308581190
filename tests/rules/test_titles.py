"""Titles whose letters were spread."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdo_desktop.rules.text import clean_text
from cdo_desktop.rules.titles import clean_title


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("主　任", "主任"),
        (" 镇 长 ", "镇长"),
        ("副 主 任", "副主任"),
        ("党组书记 局长", "党组书记 局长"),
        ("党组书记、局 长", "党组书记、局 长"),
        ("信息科 科 长", "信息科 科 长"),
        ("A B", "A B"),
        ("局、 长", "局、 长"),
        ("长", "长"),
        ("", ""),
    ],
)
def test_only_single_characters_spaced_apart_are_put_together(typed: str, stored: str) -> None:
    assert clean_title(typed) == stored


@given(st.text(alphabet="主任长 　A、\n", max_size=8))
def test_stored_title_stays_as_it_is(text: str) -> None:
    once = clean_title(text)
    assert clean_title(once) == once == clean_text(once)
