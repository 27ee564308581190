"""提醒函 of what came and was sent back says so, and why."""

from dataclasses import replace
from datetime import date

import pytest

from cdo_desktop.documents.pdf.reminder_letter import ReminderItem, reminder_text
from tests.documents.test_reminder_letter import LATE, LETTER_TO_UNIT, RUNNING, pages

RETURNED = replace(LATE, returned=True, return_reason="缺单位公章")


def told(*items: ReminderItem) -> str:
    return reminder_text(replace(LETTER_TO_UNIT, items=items))[0]


def test_one_is_told_with_the_reason() -> None:
    assert told(RETURNED).endswith(
        "截至2026年3月9日，区信息委尚未收到补正件，已逾期2个工作日。此前报送的材料已退回补正（缺单位公章）。"
    )


@pytest.mark.parametrize(
    ("item", "end"),
    [
        (replace(RETURNED, return_reason=""), "此前报送的材料已退回补正。"),  # as an import says it
        (replace(RETURNED, return_reason="缺单位公章。"), "此前报送的材料已退回补正（缺单位公章）。"),
        (
            replace(RETURNED, change_date=date(2026, 3, 20), due_date=date(2026, 3, 25), overdue=False),
            "报送备案材料。此前报送的材料已退回补正（缺单位公章）。",
        ),
    ],
)
def test_one_ends_with_what_became_of_it(item: ReminderItem, end: str) -> None:
    assert told(item).endswith(end)


def test_of_several_those_that_went_back_are_named() -> None:
    text = told(RETURNED, RUNNING)
    assert "有2件备案材料区信息委尚未收到，其中1件已经逾期" in text
    assert text.endswith("其中已退回补正的：首席数据官张𬀩㛃䶮（缺单位公章）。")
    _letter, attached = pages(replace(LETTER_TO_UNIT, items=(RETURNED, RUNNING)))
    assert "逾期2个工作日已退回" in attached


def test_several_that_all_went_back() -> None:
    text = told(RETURNED, replace(RUNNING, returned=True))
    assert "有2件备案材料区信息委尚未收到补正件" in text
    assert text.endswith("其中已退回补正的：首席数据官张𬀩㛃䶮（缺单位公章）；数据专员喆堃。")


def test_what_did_not_go_back_is_told_as_before() -> None:
    assert "退回" not in told(LATE) + told(LATE, RUNNING)
