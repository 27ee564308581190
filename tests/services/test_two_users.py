"""Two people at one register: whatever their order, nothing is overwritten unseen."""

from dataclasses import replace
from pathlib import Path

from benchmarks.reliability import two_users
from benchmarks.reliability.two_users import FIRST_DAY
from cdo_desktop.services.departures import LeaveDraft

from .conftest import TODAY, Desk


def test_refused_action_changes_nothing_and_a_saved_one_only_what_it_names(
    units_file: Path, tmp_path: Path
) -> None:
    losses = two_users.run(units_file, tmp_path, 40)
    assert (losses.trials, losses.lost) == (40, [])
    assert min(losses.saved, losses.refused) > 40


def test_both_can_act_on_different_units_in_turn(desk: Desk) -> None:
    one = desk.appoint("罗店镇", since=FIRST_DAY)
    two = desk.appoint("大场镇", name="李四", since=FIRST_DAY)
    desk.office.holders.update(one, replace(one, title="甲"))
    desk.office.holders.update(two, replace(two, title="乙"))
    desk.office.holders.leave(two, LeaveDraft(TODAY))
    assert (desk.row("罗店镇").title, desk.row("大场镇").empty_days) == ("甲", 0)
