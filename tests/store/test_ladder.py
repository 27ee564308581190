"""The ladder of backups: counted rungs, year-ends for ever, and clocks that lie (R16)."""

from datetime import datetime, timedelta
from itertools import pairwise

from benchmarks.reliability.thinning import run
from cdo_desktop.store.ladder import DAILY, MONTHLY, WEEKLY, kept_backups

NOW = datetime(2026, 11, 24, 18)


def kept(stamps: list[datetime], now: datetime = NOW) -> list[datetime]:
    return sorted(kept_backups(stamps, lambda stamp: stamp, now))


def every(hours: int, days: int, end: datetime = NOW) -> list[datetime]:
    return [end - timedelta(hours=hours * step) for step in range(days * 24 // hours)]


def test_everything_of_today_and_yesterday_stays() -> None:
    stamps = [stamp for stamp in every(1, 10) if stamp.date() >= datetime(2026, 11, 23).date()]
    assert kept(every(1, 10))[-len(stamps) :] == sorted(stamps)


def test_then_the_newest_of_each_of_twelve_days_ten_weeks_and_nine_months() -> None:
    stamps = kept(every(6, 700))
    days = [datetime(2026, 11, 22, 18) - timedelta(days=step) for step in range(DAILY)]
    sundays = [datetime(2026, 11, 8, 18) - timedelta(weeks=step) for step in range(WEEKLY)]
    months = [datetime(2026, month, 1, 18) - timedelta(days=1) for month in range(9, 1, -1)]
    months.append(datetime(2025, 12, 31, 18))
    older = [stamp for stamp in stamps if stamp < datetime(2026, 11, 23)]
    assert older == sorted([*days, *sundays, *months, datetime(2024, 12, 31, 18)])
    assert len(months) == MONTHLY


def test_last_backup_of_every_year_stays_for_ever() -> None:
    daily = every(24, 365 * 12)
    year_ends = [stamp for stamp in kept(daily) if stamp < datetime(2025, 12, 1)]
    assert year_ends == [datetime(year, 12, 31, 18) for year in range(2014, 2025)]


def test_thinned_day_by_day_it_leaves_no_gap_of_more_than_a_month_and_a_week() -> None:
    files: list[datetime] = []
    for stamp in sorted(every(12, 800)):
        files = kept([*files, stamp], stamp)
    gaps = [later - earlier for earlier, later in pairwise(files) if earlier > datetime(2026, 1, 1)]
    assert max(gaps) <= timedelta(days=38)
    assert [stamp for stamp in files if stamp.day == 31 and stamp.month == 12] == [
        datetime(2024, 12, 31, 18),
        datetime(2025, 12, 31, 18),
    ]
    assert len([stamp for stamp in files if stamp < datetime(2026, 11, 23)]) == DAILY + WEEKLY + MONTHLY + 1


def test_files_from_the_future_stay_and_take_no_place_from_the_others() -> None:
    future = [NOW + timedelta(days=day) for day in range(1, 100)]
    assert kept([*every(6, 90), *future]) == [*kept(every(6, 90)), *future]


def test_clock_that_jumps_a_year_ahead_empties_nothing() -> None:
    before = kept(every(12, 60))
    after = kept(before, NOW + timedelta(days=365))
    assert len(after) >= DAILY
    assert max(before) in after


def test_of_equal_times_the_later_one_counts_as_newer() -> None:
    old = NOW - timedelta(days=5)
    pairs = [("first", old), ("second", old)]
    assert kept_backups(pairs, lambda pair: pair[1], NOW) == {("second", old)}


def test_single_backup_is_never_deleted_however_old() -> None:
    assert kept([datetime(1999, 5, 5)]) == [datetime(1999, 5, 5)]
    assert kept([]) == []


def test_ten_lives_with_a_jumping_clock_keep_exactly_the_ladder() -> None:
    losses = run(10, days=120)
    assert losses.thinnings > 2000
    assert losses.total == 0
