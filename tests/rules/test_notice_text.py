"""The yearly notice in words: the four shipped years as the State Council wrote them, and what is refused."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdo_desktop import paths
from cdo_desktop.rules.notice_check import notice_warnings, working_days_by_law, working_days_in
from cdo_desktop.rules.notice_text import notice_title, notice_year, read_notice, write_notice
from cdo_desktop.rules.statutory import statutory_days
from cdo_desktop.rules.working_days import SpecialDay, WorkingCalendar, load_shipped

FOLDER = Path(__file__).parents[1] / "data" / "notices"  # as published at www.gov.cn
NOTICES = {int(path.stem): path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.txt"))}
YEARS = (2023, 2024, 2025, 2026)


def shipped(year: int) -> tuple[SpecialDay, ...]:
    """Return the shipped days of one notice in order."""
    days, _years = load_shipped(paths.resource("calendar", paths.HOLIDAYS_NAME))
    return tuple(
        sorted((day for day in days if day.notice == notice_title(year)), key=lambda entry: entry.day)
    )


def problem_of(text: str, year: int = 2026) -> str:
    (problem,) = read_notice(text, year).problems
    return problem


@pytest.mark.parametrize("year", YEARS)
def test_notice_as_published_gives_exactly_the_shipped_days(year: int) -> None:
    reading = read_notice(NOTICES[year], year)
    assert reading.problems == ()
    assert reading.days == shipped(year)
    assert len(reading.days) > 20


@pytest.mark.parametrize("year", YEARS)
def test_notice_from_a_web_page_or_a_hard_wrapped_file_reads_the_same(year: int) -> None:
    narrow = NOTICES[year].translate(str.maketrans("（），：", "(),:")).replace("。", "。\u3000\n\n")
    wrapped = "\r\n".join(NOTICES[year][start : start + 17] for start in range(0, len(NOTICES[year]), 17))
    for text in (narrow, wrapped, NOTICES[year].replace("月", " 月 ").replace("，共", "，\u00a0共")):
        assert read_notice(text, year).problems == ()
        assert read_notice(text, year).days == shipped(year)


@pytest.mark.parametrize("year", YEARS)
def test_notice_names_its_year(year: int) -> None:
    assert notice_year(NOTICES[year]) == year
    assert notice_year(notice_title(year)) == year


def test_sentence_that_only_encourages_is_told_and_orders_nothing() -> None:
    reading = read_notice(NOTICES[2024], 2024)
    assert reading.left_out == ("春节：鼓励各单位结合带薪年休假等制度落实，安排职工在除夕（2月9日）休息",)
    assert date(2024, 2, 9) not in {special.day for special in reading.days}


def test_make_up_days_may_follow_a_comma() -> None:
    text = "春节：2月15日至23日放假调休，共9天，2月14日（周六）、2月28日（周六）上班。"
    work = [special.day for special in read_notice(text, 2026).days if not special.is_off]
    assert work == [date(2026, 2, 14), date(2026, 2, 28)]


def test_month_is_taken_from_the_date_before_within_one_list() -> None:
    reading = read_notice("春节：1月22日至27日放假。1月28日（星期六）、29日（星期日）上班。", 2023)
    assert [special.day.day for special in reading.days if not special.is_off] == [28, 29]


def test_holiday_of_one_year_only_is_known_by_its_number() -> None:
    reading = read_notice("八、抗战胜利纪念日：9月3日至5日放假，共3天。9月6日（周日）上班。", 2015)
    assert reading.problems == ()
    assert {special.name for special in reading.days} == {"抗战胜利纪念日"}


def test_weekends_beside_a_day_count_when_the_notice_says_so() -> None:
    text = "清明节：4月5日放假，与周末连休，共{}天。"
    assert read_notice(text.format(3), 2019).problems == ()
    assert "写的是共 2 天，按日期数是 3 天" in problem_of(text.format(2), 2019)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("春节：2月14日（周日）上班。", "“2月14日（周日）”实际是周六"),
        ("春节：2月15日（星期一）至23日放假。", "“2月15日（星期一）”实际是周日"),
        ("春节：2月15日至23日放假调休，共8天。", "写的是共 8 天，按日期数是 9 天"),
        ("元旦：1月1日放假2天。", "写的是放假 2天，按日期数是 1 天"),
        ("元旦：1月1日不放假。", "没有看懂这一句"),
        ("元旦：1月1日放假半天。", "没有看懂这一句"),
        ("元旦：1月1日前后放假。", "没有看懂这一句"),
        ("元旦：1月1日、除夕放假。", "没有看懂这一句"),
        ("元旦：1月1日放假，2日另行通知。", "没有看懂这一句"),
        ("端午节：6月31日放假。", "没有“6月31日”这一天"),
        ("春节：17日放假。", "“17日”没有写月份"),
        ("元旦：12月31日至1月2日放假。", "后一天早于前一天"),
        ("元旦：2024年12月31日放假。", "不在 2026 年"),
        ("国庆节：1月1日至10月7日放假。", "一次放假 280 天，太长了"),
        ("劳动节：5月1日放假。5月11日上班。", "2026年5月11日是周一，本来就上班"),
        ("国庆节：10月1日至7日放假。10月3日上班。", "既写了放假，又写了上班"),
        ("国庆节：放假三天。", "没有读到放假的日期"),
        ("国庆节：10月一日放假。", "没有读到放假的日期"),
    ],
)
def test_doubtful_line_is_refused_by_name(line: str, reason: str) -> None:
    problem = problem_of(line)
    assert reason in problem
    assert line[: line.index("：")] in problem


def test_only_the_doubtful_line_is_named() -> None:
    text = NOTICES[2026].replace("2月28日（周六）上班", "2月27日（周六）上班")
    assert problem_of(text) == (
        "“春节：2月14日（周六）、2月27日（周六）上班”：“2月27日（周六）”实际是周五，请对照通知原文改正。"
    )


def test_notice_of_another_year_is_refused() -> None:
    assert problem_of(NOTICES[2025], 2026) == "这是 2025 年的通知，而选择的是 2026 年，请改正其中一个。"


@pytest.mark.parametrize("text", ["", "今天放假", "10月1日放假", notice_title(2026)])
def test_text_without_any_holiday_is_refused(text: str) -> None:
    assert problem_of(text).startswith("没有找到“元旦：”")


def test_endless_text_is_refused_at_once() -> None:
    assert "文字太长" in problem_of("元旦：1月1日放假。" * 5000)


@pytest.mark.parametrize("year", YEARS)
def test_published_notices_agree_with_the_law(year: int) -> None:
    assert notice_warnings(year, shipped(year)) == ()


def test_statutory_day_that_would_be_worked_is_warned_of() -> None:
    days = [special for special in shipped(2026) if special.name != "端午节"]
    first, second = notice_warnings(2026, days)
    assert first == "6月19日是法定假日（端午节），按这份安排却要上班。"
    assert second == (
        "按这份安排全年有 249 个工作日，而按法定假日推算应为 248 个，少放了 1 天，请核对有没有漏读或多写。"
    )


def test_forgotten_make_up_day_shows_in_the_count() -> None:
    days = [special for special in shipped(2026) if special.day != date(2026, 10, 10)]
    (warning,) = notice_warnings(2026, days)
    assert "全年有 247 个工作日" in warning
    assert "多放了 1 天" in warning


@pytest.mark.parametrize(("year", "count"), [(2023, 249), (2024, 251), (2025, 248), (2026, 248)])
def test_law_and_notices_give_the_same_number_of_working_days(year: int, count: int) -> None:
    calendar = WorkingCalendar.build(shipped(year), {year})
    assert working_days_in(year, calendar) == working_days_by_law(year) == count


@pytest.mark.parametrize("year", YEARS)
def test_words_written_for_the_shipped_days_read_back_as_them(year: int) -> None:
    reading = read_notice(write_notice(year, shipped(year)), year)
    assert reading.problems == ()
    assert reading.days == shipped(year)


@pytest.mark.parametrize("year", [2020, 2027, 2031, 2099])
def test_statutory_days_can_be_written_as_a_first_draft(year: int) -> None:
    days = tuple(
        SpecialDay(day, True, name, notice_title(year)) for day, name in statutory_days(year).items()
    )
    reading = read_notice(write_notice(year, days), year)
    assert reading.problems == ()
    assert reading.days == days


@given(
    offsets=st.sets(st.integers(0, 360), min_size=1, max_size=40),
    names=st.lists(st.sampled_from(["元旦", "春节", "国庆节、中秋节"]), min_size=1, max_size=3),
)
def test_any_days_written_as_a_notice_read_back_or_are_named(offsets: set[int], names: list[str]) -> None:
    days = []
    for place, offset in enumerate(sorted(offsets)):
        day = date(2026, 1, 1) + timedelta(days=offset)
        is_off = day.weekday() < 5 or offset % 2 == 0
        days.append(SpecialDay(day, is_off, names[place % len(names)], notice_title(2026)))
    reading = read_notice(write_notice(2026, days), 2026)
    without_off = {entry.name for entry in days} - {entry.name for entry in days if entry.is_off}
    long_run = any("太长" in problem for problem in reading.problems)
    assert len(reading.problems) == len(without_off) or long_run
    if not long_run:
        assert reading.days == tuple(days)
