"""Which changes need a filing with a limit, and when periods overlap."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdo_desktop.rules.filing import (
    FINAL_STATES,
    OPEN_STATES,
    RECEIVED_STATES,
    Coming,
    appointment_kind,
    coming,
    is_limited,
    overlaps,
)
from cdo_desktop.rules.vocabulary import FilingKind, FilingState

DAY = date(2026, 1, 1)


def test_first_holder_files_first_and_every_later_one_a_change() -> None:
    assert appointment_kind(had_holder=False) is FilingKind.FIRST
    assert appointment_kind(had_holder=True) is FilingKind.CHANGE


@pytest.mark.parametrize(
    ("kind", "limited"), [(FilingKind.FIRST, False), (FilingKind.CHANGE, True), (FilingKind.LEAVE, False)]
)
def test_only_a_change_has_a_limit(kind: FilingKind, limited: bool) -> None:
    assert is_limited(kind) is limited


@pytest.mark.parametrize(
    ("kind", "due", "ahead"),
    [
        (FilingKind.LEAVE, None, Coming.LEAVE),
        (FilingKind.CHANGE, DAY + timedelta(4), Coming.CHANGE),
        (FilingKind.FIRST, None, Coming.APPOINTMENT),
    ],
)
def test_what_lies_ahead_is_told_by_its_kind_until_its_day(
    kind: FilingKind, due: date | None, ahead: Coming
) -> None:
    assert coming(kind, DAY + timedelta(1), due, DAY) is ahead
    assert coming(kind, DAY, due, DAY) is Coming.NOTHING
    assert coming(kind, None, due, DAY) is Coming.NOTHING


def test_every_state_of_a_paper_belongs_to_one_stage() -> None:
    stages = [*OPEN_STATES, *RECEIVED_STATES, *FINAL_STATES, FilingState.VOID]
    assert sorted(stages) == sorted(FilingState)


periods = st.tuples(st.integers(0, 20), st.none() | st.integers(1, 10)).map(
    lambda pair: (DAY + timedelta(pair[0]), None if pair[1] is None else DAY + timedelta(sum(pair)))  # type: ignore[arg-type]
)


@given(periods, st.lists(periods, max_size=4))
def test_periods_overlap_when_they_share_a_day(
    period: tuple[date, date | None], others: list[tuple[date, date | None]]
) -> None:
    def days(since: date, until: date | None) -> set[date]:
        end = until or DAY + timedelta(60)
        return {since + timedelta(number) for number in range((end - since).days)}

    shared = any(days(*period) & days(*other) for other in others)
    assert overlaps(*period, others) == shared
