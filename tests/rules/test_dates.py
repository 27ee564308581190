"""Golden cases of dates as they are typed and as workbooks hold them (quality.md R23, U42)."""

from contextlib import suppress
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdo_desktop.errors import InvalidInputError
from cdo_desktop.rules.dates import (
    ParsedDate,
    format_date_cn,
    parse_cell_date,
    parse_date,
    parse_month,
    read_date,
    weekday_cn,
)

DAY = date(2026, 3, 5)
TODAY = date(2026, 11, 24)

SAME_DAY = [
    "20260305",
    "2026.3.5",
    "2026.03.05",
    "2026-3-5",
    "2026-03-05",
    "2026/3/5",
    "2026/03-05",
    "2026．3．5",
    "2026。3。5",
    "2026、3、5",
    "2026，3，5",
    "2026·3·5",
    "2026\\3\\5",
    "2026—3—5",
    "2026–03–05",
    "2026−3−5",
    "2026年3月5日",
    "2026年3月5号",
    "2026年03月05日",
    "2026年3月5",
    "2026年3.5",
    "2026-3月5日",
    "2026.3.5.",
    "2026年3月5日。",
    " 2026 年 3 月 5 日 ",
    "2026 3 5",
    "2026\xa03\u30005",
    "2026 . 3 . 5",
    "\t2026-03-05\r\n",
    "2026\u200b-03\ufeff-05",
    "2026年\n3月5日",
    "２０２６０３０５",
    "２０２６－０３－０５",
    "２０２６／３／５",
    "２０２６年３月５日",
    "2026年3\u2f495\u2f47",  # radicals in place of 月 and 日, as copied from a PDF
    "'2026-03-05",
    "2026-03-05 00:00:00",
    "2026-03-05 00:00",
    "2026/3/5 0:00",
    "2026-03-05T00:00:00",
    "2026-03-05T00:00:00.000",
    "2026-03-05T00:00:00+08:00",
    "2026-03-05 14:30",
    "2026年3月5日上午9:00",
    "2026年3月5日 9时30分",
    "2026年3月5日（星期四）",
    "2026年3月5日(周四)",
    "2026年3月5日 星期四",
    "2026-03-05 礼拜四",
    "2026-03-05（四）",
    "2026年3月5日（星期四）14：30",
    "二〇二六年三月五日",
    "二○二六年三月五日",
    "二零二六年三月五号",
    "二〇二六年〇三月〇五日",
    "贰零贰陆年叁月伍日",
    "2026年三月五日",
    "46086",
    "４６０８６",
]

OTHER_DAYS = [
    ("二零二六年十二月三十一日", date(2026, 12, 31)),
    ("二〇二六年十月廿五日", date(2026, 10, 25)),
    ("二〇二六年十月二十日", date(2026, 10, 20)),
    ("二〇二六年一月卅一日", date(2026, 1, 31)),
    ("二〇二六年十一月十日", date(2026, 11, 10)),
    ("2024-02-29", date(2024, 2, 29)),
    ("1949.10.1", date(1949, 10, 1)),
    ("2100-12-31", date(2100, 12, 31)),
    ("2026年3月8日（星期天）", date(2026, 3, 8)),
    ("2026年3月8日（星期日）", date(2026, 3, 8)),
    ("32874", date(1990, 1, 1)),
    ("73415", date(2100, 12, 31)),
]

DOUBTFUL = [
    ("", "日期没有填写"),
    (" \u3000\u200b", "日期没有填写"),
    ("26.3.5", "年份只有两位"),
    ("26年3月5日", "年份只有两位"),
    ("260305", "年份只有两位"),
    ("2026.3", "缺少日"),
    ("2026年3月", "缺少日"),
    ("202603", "缺少日"),
    ("二〇二六年三月", "缺少日"),
    ("2026", "缺少月和日"),
    ("2026年", "缺少月和日"),
    ("3月5日", "缺少年份"),
    ("3.5", "缺少年份"),
    ("0305", "缺少年份"),
    ("5/3/2026", "分不清日和月"),
    ("03-05-2026", "分不清日和月"),
    ("25.12.2026", "分不清日和月"),
    ("2026-02-30", "2026年2月没有30日"),
    ("2026年2月29日", "2026年2月没有29日"),
    ("20261301", "没有13月"),
    ("2026-0-5", "没有0月"),
    ("2026-03-00", "没有0日"),
    ("0000-01-01", "没有1日"),
    ("1948-12-31", "不在1949年至2100年之间"),
    ("2101-01-01", "不在1949年至2100年之间"),
    ("2026年3月5日（星期五）", "写的是星期五，但2026年3月5日是星期四"),
    ("2026-03-05 25:00", "时间不对"),
    ("2026-03-05 10:61", "时间不对"),
    ("2026-03-04T16:00:00Z", "时区"),
    ("2026305", "看不懂日期“2026305”"),
    ("202600305", "看不懂日期"),
    ("12345", "看不出是哪一天"),
    ("99999", "看不出是哪一天"),
    ("46086.5", "看不懂日期"),
    ("二〇二六年三月初五", "看不懂日期"),
    ("二〇二六年三月十十日", "看不懂日期"),
    ("Oct 5 2026", "看不懂日期“Oct 5 2026”"),
    ("2O26-03-05", "看不懂日期"),  # the letter O
    ("今天", "看不懂日期"),
    ("2026-03-05至2026-04-05", "看不懂日期"),
    ("1.38E+10", "看不懂日期"),
    ("长" * 40, "看不懂日期“" + "长" * 30 + "…”"),
]


def cell(text: str) -> datetime:
    """Return what a workbook gives for a cell formatted as a date: a time without a zone."""
    return datetime.fromisoformat(text)


@pytest.mark.parametrize("text", SAME_DAY)
def test_every_way_of_writing_a_day_is_read(text: str) -> None:
    assert parse_date(text) == DAY


@pytest.mark.parametrize(("text", "day"), OTHER_DAYS)
def test_other_days_are_read(text: str, day: date) -> None:
    assert parse_date(text) == day


@pytest.mark.parametrize(("text", "reason"), DOUBTFUL)
def test_a_doubtful_date_is_refused_with_its_reason(text: str, reason: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        parse_date(text)
    assert reason in str(caught.value)
    assert str(caught.value).endswith("。")
    assert read_date(text) == ParsedDate(None, str(caught.value))


def test_a_hint_beside_the_field_knows_the_date() -> None:
    assert read_date("2026.3.5") == ParsedDate(DAY, "")


@pytest.mark.parametrize("text", ["3月5日", "03月05号", "３ 月 ５ 日", "三月五日", "3月5日（星期四）"])
def test_a_day_without_a_year_takes_the_year_of_today(text: str) -> None:
    assert parse_date(text, today=TODAY) == DAY


def test_the_year_of_today_must_have_the_day() -> None:
    with pytest.raises(InvalidInputError, match="2026年2月没有29日"):
        parse_date("2月29日", today=TODAY)


@pytest.mark.parametrize("text", ["3.5", "3-5", "3/5", "0305"])
def test_figures_without_a_year_are_never_completed(text: str) -> None:
    with pytest.raises(InvalidInputError, match="缺少年份"):
        parse_date(text, today=TODAY)


@pytest.mark.parametrize(
    "value",
    [
        DAY,
        cell("2026-03-05"),
        cell("2026-03-05 14:30"),
        cell("2026-03-04 23:59:59.999997"),  # midnight, as floating point returns it
        46086,
        46086.0,
        46086.604,
        46085.999_999_9,
        20260305,
        20260305.0,
        "46086",
        "2026.3.5",
        "2026年3月5日",
    ],
)
def test_a_cell_gives_its_date_whatever_its_type(value: object) -> None:
    assert parse_cell_date(value) == DAY


@pytest.mark.parametrize("value", [None, "", "  ", "\u3000\n", "无", "/", "—", "——", "－"])
def test_an_empty_cell_has_no_date(value: object) -> None:
    assert parse_cell_date(value) is None


def test_a_workbook_may_count_from_1904() -> None:
    assert parse_cell_date(46086 - 1462, date1904=True) == DAY
    assert parse_cell_date(46086 - 1462.0, date1904=True) == DAY
    assert parse_cell_date("2026.3.5", date1904=True) == DAY


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (True, "看不懂日期“TRUE”"),
        (0, "看不懂日期“0”"),
        (-46086, "看不懂日期"),
        (2026, "缺少月和日"),
        (2026.3, "缺少日"),
        (202603, "缺少日"),
        (12345, "看不出是哪一天"),
        (80000.0, "看不出是哪一天"),
        (float("nan"), "看不懂日期"),
        (float("inf"), "看不懂日期"),
        (1e300, "看不懂日期"),
        (cell("1899-12-30"), "不在1949年至2100年之间"),
        (cell("9999-12-31 23:59:59.999999"), "不在1949年至2100年之间"),
        (date(1900, 1, 1), "不在1949年至2100年之间"),
        (time(9, 30), "看不懂日期"),
        ("#N/A", "看不懂日期"),
    ],
)
def test_a_doubtful_cell_is_refused_with_its_reason(value: object, reason: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        parse_cell_date(value)
    assert reason in str(caught.value)


@pytest.mark.parametrize(
    "value",
    [
        "1972.05",
        "1972.5",
        "1972．05",
        "1972-05",
        "1972/5",
        "1972年5月",
        "1972 年 05 月",
        "一九七二年五月",
        "197205",
        197205,
        197205.0,
        1972.05,
        "1972.05（54岁）",
        "1972.05\n（54周岁）",
        "19720503",
        "1972-05-03",
        date(1972, 5, 3),
        cell("1972-05-01"),
    ],
)
def test_a_month_of_birth_has_one_form(value: object) -> None:
    assert parse_month(value) == "1972.05"


@pytest.mark.parametrize(
    ("value", "month"),
    [
        ("1972.10", "1972.10"),
        ("1972.1", "1972.01"),
        (1972.12, "1972.12"),
        (46086, "2026.03"),
        ("1935.11", "1935.11"),
        (date(1935, 11, 2), "1935.11"),
        (None, ""),
        ("", ""),
        ("无", ""),
    ],
)
def test_other_months_are_read(value: object, month: str) -> None:
    assert parse_month(value) == month


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (1972.1, "看不出是1月还是10月"),
        ("72.5", "缺少年份"),
        ("1972", "只有年份"),
        ("1972.13", "没有13月"),
        ("197213", "年份只有两位"),
        ("1899.12", "不在1900年至2100年之间"),
        ("2101.01", "不在1900年至2100年之间"),
        (19725, "看不出是哪一天"),
        ("五月", "看不懂日期"),
        ("不详", "看不懂日期“不详”"),
        (True, "看不懂日期"),
    ],
)
def test_a_doubtful_month_is_refused_with_its_reason(value: object, reason: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        parse_month(value)
    assert reason in str(caught.value)
    assert "1972.05" in str(caught.value)


def test_dates_are_shown_as_papers_write_them() -> None:
    assert format_date_cn(DAY) == "2026年3月5日"
    assert weekday_cn(DAY) == "星期四"
    assert [weekday_cn(DAY + timedelta(days=n))[-1] for n in range(4)] == ["四", "五", "六", "日"]


@given(st.dates(date(1949, 1, 1), date(2100, 12, 31)), st.sampled_from(["-", ".", "/", "年月", "、"]))
def test_what_is_written_is_what_is_read(day: date, separators: str) -> None:
    first, second = separators[0], separators[-1]
    assert parse_date(f"{day.year}{first}{day.month}{second}{day.day}") == day
    assert parse_date(f"{day:%Y%m%d}") == day
    assert parse_date(f"{format_date_cn(day)}（{weekday_cn(day)}）") == day


@given(st.dates(date(1990, 1, 1), date(2100, 12, 31)), st.floats(0, 0.999))
def test_a_serial_number_is_the_day_excel_shows(day: date, part: float) -> None:
    serial = (day - date(1899, 12, 30)).days
    assert parse_cell_date(serial) == day
    assert parse_cell_date(serial + part) == day
    assert parse_date(str(serial)) == day


@given(
    st.one_of(st.text(), st.floats(), st.integers(), st.datetimes(), st.dates(), st.times(), st.booleans())
)
def test_no_cell_content_fails_in_an_unforeseen_way(value: object) -> None:
    for read in (parse_cell_date, parse_month):
        with suppress(InvalidInputError):
            read(value)


@given(st.text(alphabet="0123456789年月日号-./ 〇一二三十廿（）星期四周:T", max_size=20))
def test_no_text_like_a_date_fails_in_an_unforeseen_way(text: str) -> None:
    parsed = read_date(text, today=TODAY)
    assert (parsed.value is None) == bool(parsed.problem)
