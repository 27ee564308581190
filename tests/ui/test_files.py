"""The name of a file that is written: what was typed, with the right ending."""

from pathlib import Path

import pytest

from cdo_desktop.ui.common.files import with_ending


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("名册", "名册.xlsx"),
        ("名册2026.3.5", "名册2026.3.5.xlsx"),
        ("名册.xlsx", "名册.xlsx"),
        ("名册.XLSX", "名册.XLSX"),
        ("名册.pdf", "名册.pdf.xlsx"),
    ],
)
def test_a_name_gets_the_ending_that_it_lacks(typed: str, written: str) -> None:
    assert with_ending(Path("桌面", typed), ".xlsx") == Path("桌面", written)
