"""Two people at one register: whatever their order, nothing is overwritten unseen."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cdo_desktop.errors import ConflictError, InvalidInputError, NotFoundError
from cdo_desktop.rules.vocabulary import PostKind
from cdo_desktop.services.appointments import FilingDraft
from cdo_desktop.services.holder_draft import HolderDraft
from cdo_desktop.services.holders import LeaveDraft, PastTenure

from .conftest import TODAY, Desk

FIRST_DAY = date(2026, 1, 5)
ACTIONS = ("open", "title", "phone", "replace", "leave", "appoint")
steps = st.lists(
    st.tuples(st.integers(0, 1), st.sampled_from(ACTIONS), st.integers(0, 60)), min_size=4, max_size=14
)


class Register:
    """One post at which two people act with what each of them opened last."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.opened: list[HolderDraft | None] = [None, None]
        self.post_id = desk.appoint("罗店镇", since=FIRST_DAY, title="科长").post_id

    def newest(self) -> PastTenure:
        return self.desk.office.holders.holders_of(self.post_id)[0]

    def state(self) -> tuple[object, ...]:
        holders = self.desk.office.holders.holders_of(self.post_id)
        return holders, [self.desk.office.holders.get(holder.tenure_id) for holder in holders]

    def act(self, user: int, action: str, number: int) -> None:
        holders = self.desk.office.holders
        if action == "open" or self.opened[user] is None:
            self.opened[user] = holders.get(self.newest().tenure_id)
            return
        opened = self.opened[user]
        assert opened is not None
        day = FIRST_DAY + timedelta(number)
        match action:
            case "title":
                holders.update(opened, replace(opened, title=f"职务{number}"))
            case "phone":
                holders.update(opened, replace(opened, office_phone=f"021-56{number:06d}"))
            case "replace":
                successor = HolderDraft(
                    self.post_id, PostKind.SPECIALIST, name=f"继任{'甲乙'[user]}", since=day
                )
                holders.replace(opened, successor, FilingDraft(change_reason="调离"))
            case "leave":
                holders.leave(opened, LeaveDraft(day))
            case "appoint":
                newcomer = HolderDraft(self.post_id, PostKind.SPECIALIST, name="新人", since=day)
                holders.appoint(newcomer)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps)
def test_refused_action_changes_nothing_and_a_saved_one_only_what_it_names(
    steps: list[tuple[int, str, int]], open_desk: Callable[[Path], Desk], units_file: Path
) -> None:
    register = Register(open_desk(units_file))
    for user, action, number in steps:
        before = register.state()
        opened = register.opened[user]
        try:
            register.act(user, action, number)
        except (ConflictError, InvalidInputError, NotFoundError):
            assert register.state() == before
            continue
        after = register.state()
        if action in ("title", "phone") and opened is not None:
            stored = register.desk.office.holders.get(opened.tenure_id or 0)
            changed = {"title": stored.title} if action == "title" else {"office_phone": stored.office_phone}
            unversioned = {"tenure_version": 0, "person_version": 0}
            assert replace(stored, **unversioned) == replace(opened, **changed, **unversioned)  # type: ignore[arg-type]
        assert len(after[0]) - len(before[0]) == (action in ("replace", "appoint") and opened is not None)  # type: ignore[arg-type]
        check_days(after[0])  # type: ignore[arg-type]


def check_days(holders: tuple[PastTenure, ...]) -> None:
    """Nobody holds the post together with somebody else, and every period has a day."""
    for later, earlier in pairwise(holders):
        assert earlier.until is not None
        assert earlier.since < earlier.until <= later.since


def test_both_can_act_on_different_units_in_turn(desk: Desk) -> None:
    one = desk.appoint("罗店镇", since=FIRST_DAY)
    two = desk.appoint("大场镇", name="李四", since=FIRST_DAY)
    desk.office.holders.update(one, replace(one, title="甲"))
    desk.office.holders.update(two, replace(two, title="乙"))
    desk.office.holders.leave(two, LeaveDraft(TODAY))
    assert (desk.row("罗店镇").title, desk.row("大场镇").empty_days) == ("甲", 0)
