"""放假安排: entered, imported, removed; every open limit follows in the same transaction."""

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cdo_desktop import paths
from cdo_desktop.errors import ConflictError, InvalidInputError, NotFoundError, UnreadableFileError
from cdo_desktop.models import Filing, HistoryEntry
from cdo_desktop.rules.notice_text import notice_title, read_notice
from cdo_desktop.rules.working_days import SpecialDay
from cdo_desktop.services.appointments import FilingDraft
from cdo_desktop.services.calendar_changes import DueDatesMoved, add_shipped_years
from cdo_desktop.services.holidays import HolidayService, NoticeDraft, YearState
from cdo_desktop.services.journal import AUTOMATIC
from cdo_desktop.services.setup import prepare_database
from cdo_desktop.store import Database, open_database

from .conftest import Desk

# Invented: the State Council had not published 2027 when this was written.
WORDS_2027 = """一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日（周五）至11日（周四）放假调休，共7天。1月30日（周六）、2月20日（周六）上班。
三、清明节：4月3日（周六）至5日（周一）放假，共3天。
四、劳动节：5月1日（周六）至5日（周三）放假调休，共5天。4月25日（周日）上班。
五、端午节：6月9日（周三）放假1天，不调休。
六、中秋节：9月15日（周三）放假1天，不调休。
七、国庆节：10月1日（周五）至7日（周四）放假调休，共7天。9月26日（周日）、10月9日（周六）上班。"""
SHIPPED = paths.resource("calendar", paths.HOLIDAYS_NAME)


@pytest.fixture
def database(desk: Desk) -> Iterator[Database]:
    opened = open_database(desk.office.data_folder / paths.DATABASE_NAME)
    yield opened
    opened.close()


@pytest.fixture
def holidays(desk: Desk, database: Database) -> HolidayService:
    return HolidayService(database, desk.office.journal, SHIPPED)


def draft_2027(opened: tuple[SpecialDay, ...] = ()) -> NoticeDraft:
    reading = read_notice(WORDS_2027, 2027)
    assert reading.problems == ()
    return NoticeDraft(2027, reading.days, "手工录入", opened)


def change_on(desk: Desk, day: date) -> int:
    """Register a change whose limit counts from ``day``; return the tenure."""
    desk.clock.set_day(day)
    opened = desk.appoint("区教育局", since=date(2026, 3, 2))
    successor = desk.successor(opened, since=day)
    return desk.office.holders.replace(opened, successor, FilingDraft(change_reason="调离"))


def filing_of(session: Session, tenure_id: int) -> Filing:
    return session.scalars(select(Filing).where(Filing.tenure_id == tenure_id)).one()


def test_years_run_from_the_first_shipped_to_one_after_the_newest(holidays: HolidayService) -> None:
    rows = holidays.years()
    assert [row.year for row in rows] == [2023, 2024, 2025, 2026, 2027]
    assert [row.state for row in rows] == [YearState.SHIPPED] * 4 + [YearState.MISSING]
    assert [row.working_days for row in rows[:4]] == [249, 251, 248, 248]
    assert (rows[3].off_days, rows[3].work_days) == (33, 6)
    assert (rows[4].off_days, rows[4].work_days) == (0, 0)


def test_saved_notice_gives_the_days_back(holidays: HolidayService) -> None:
    holidays.save([draft_2027()])
    plan = holidays.plan(2027)
    assert plan.row.state is YearState.ENTERED
    assert plan.row.source == "手工录入"
    assert plan.days == draft_2027().days
    assert {special.notice for special in plan.days} == {notice_title(2027)}
    assert plan.calendar.is_announced(2027)
    assert not plan.calendar.is_working_day(date(2027, 10, 4))
    assert plan.calendar.is_working_day(date(2027, 10, 9))
    assert [row.year for row in holidays.years()][-1] == 2028


def test_due_dates_follow_the_notice_in_the_same_step(
    desk: Desk, database: Database, holidays: HolidayService
) -> None:
    tenure = change_on(desk, date(2027, 2, 4))
    with database.read() as session:
        filing = filing_of(session, tenure)
        assert (filing.due_date, filing.due_provisional) == (date(2027, 2, 11), True)
    moved = holidays.save([draft_2027()])
    assert moved == DueDatesMoved(changed=1, firm=1)
    with database.read() as session:
        filing = filing_of(session, tenure)
        assert (filing.due_date, filing.due_provisional) == (date(2027, 2, 16), False)
        assert filing.version == 2


def test_moved_limit_stands_in_the_history_of_its_unit(desk: Desk, holidays: HolidayService) -> None:
    change_on(desk, date(2027, 2, 4))
    holidays.save([draft_2027()])
    row = desk.row("区教育局")
    newest = desk.office.holders.unit_history(row.unit_id)[0]
    assert newest.action == "重算截止日"
    assert ("应备案截止日", "2027-02-11", "2027-02-16") in newest.details


def test_change_at_the_end_of_the_known_years_becomes_firm_everywhere(
    desk: Desk, holidays: HolidayService
) -> None:
    tenure = change_on(desk, date(2026, 12, 29))

    def limits() -> set[tuple[date | None, bool]]:
        (paper,) = [row for row in desk.office.filing_list.rows() if row.tenure_id == tenure]
        row = desk.row("区教育局")
        return {(paper.due_date, paper.due_provisional), (row.due_date, row.due_provisional)}

    assert limits() == {(date(2027, 1, 4), True)}
    assert holidays.save([draft_2027()]) == DueDatesMoved(changed=0, firm=1)
    assert limits() == {(date(2027, 1, 4), False)}
    newest = desk.office.holders.unit_history(desk.row("区教育局").unit_id)[0]
    assert (newest.action, newest.details) == ("重算截止日", (("截止日暂定", "是", "否"),))


def test_limit_that_a_new_program_makes_firm_is_told_of_as_well(
    desk: Desk, database: Database, tmp_path: Path
) -> None:
    tenure = change_on(desk, date(2027, 2, 4))
    content = json.loads(SHIPPED.read_text(encoding="utf-8"))
    days: dict[str, dict[str, str]] = {"off": {}, "work": {}}
    for special in draft_2027().days:
        days["off" if special.is_off else "work"][special.day.isoformat()] = special.name
    content["notices"].append({"year": 2027, "title": notice_title(2027), **days})
    newer = tmp_path / "holidays.json"
    newer.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    prepare_database(database, desk.office.journal, newer)
    with database.read() as session:
        filing = filing_of(session, tenure)
        assert (filing.due_date, filing.due_provisional, filing.version) == (date(2027, 2, 16), False, 2)
    newest = desk.office.holders.unit_history(desk.row("区教育局").unit_id)[0]
    assert (newest.actor, newest.action) == (AUTOMATIC, "重算截止日")
    assert newest.details == (
        ("应备案截止日", "2027-02-11", "2027-02-16"),
        ("截止日暂定", "是", "否"),
    )


def test_limit_that_stays_writes_no_history(desk: Desk, database: Database, holidays: HolidayService) -> None:
    change_on(desk, date(2026, 11, 23))
    assert holidays.save([draft_2027()]) == DueDatesMoved(0, 0)
    with database.read() as session:
        actions = [entry.action for entry in session.scalars(select(HistoryEntry))]
    assert "重算截止日" not in actions


def test_filed_paper_keeps_its_limit(desk: Desk, database: Database, holidays: HolidayService) -> None:
    tenure = change_on(desk, date(2027, 2, 4))
    with database.write() as session:
        filing_of(session, tenure).state = "已备案"
    assert holidays.save([draft_2027()]) == DueDatesMoved(0, 0)
    with database.read() as session:
        assert filing_of(session, tenure).due_date == date(2027, 2, 11)


def test_entering_and_removing_leave_a_line_in_the_history(
    desk: Desk, database: Database, holidays: HolidayService
) -> None:
    holidays.save([draft_2027()])
    holidays.remove(2027)
    with database.read() as session:
        columns = (HistoryEntry.action, HistoryEntry.actor, HistoryEntry.entity_id)
        query = select(*columns, HistoryEntry.before, HistoryEntry.after).order_by(HistoryEntry.id)
        entered, removed = session.execute(query.where(HistoryEntry.entity == "calendar_years")).all()
    assert entered[:3] == ("录入放假安排", desk.office.journal.actor, 2027)
    assert "2027-02-11" in json.loads(entered.after)["off"]
    assert "2027-10-09" in json.loads(entered.after)["work"]
    assert removed.action == "删除放假安排"
    assert json.loads(removed.before) == json.loads(entered.after)


def test_removed_year_is_missing_again_and_its_limits_provisional(
    desk: Desk, database: Database, holidays: HolidayService
) -> None:
    tenure = change_on(desk, date(2027, 2, 4))
    holidays.save([draft_2027()])
    assert holidays.remove(2027).changed == 1
    assert holidays.plan(2027).row.state is YearState.MISSING
    with database.read() as session:
        filing = filing_of(session, tenure)
        assert (filing.due_date, filing.due_provisional) == (date(2027, 2, 11), True)


def test_shipped_notice_can_be_corrected_and_returns_when_the_correction_is_removed(
    holidays: HolidayService,
) -> None:
    before = holidays.plan(2026).days
    shorter = tuple(special for special in before if special.day != date(2026, 10, 7))
    holidays.save([NoticeDraft(2026, shorter, "更正", before)])
    assert holidays.plan(2026).row.state is YearState.ENTERED
    assert holidays.plan(2026).days == shorter
    holidays.remove(2026)
    assert holidays.plan(2026).days == before
    assert holidays.plan(2026).row.state is YearState.SHIPPED


def test_shipped_year_cannot_be_removed(holidays: HolidayService) -> None:
    for year in (2026, 2027):
        with pytest.raises(NotFoundError, match=f"{year} 年没有录入过放假安排"):
            holidays.remove(year)
    assert holidays.plan(2026).row.off_days == 33


def test_a_new_program_keeps_what_the_office_entered(
    desk: Desk, database: Database, holidays: HolidayService
) -> None:
    holidays.save([draft_2027()])
    with database.write() as session:
        add_shipped_years(session, SHIPPED, desk.office.journal)
    assert holidays.plan(2027).days == draft_2027().days


def test_day_before_new_year_belongs_to_the_notice_of_the_next(holidays: HolidayService) -> None:
    early = SpecialDay(date(2026, 12, 31), True, "元旦", "")
    holidays.save([NoticeDraft(2027, (early, *draft_2027().days), "手工录入")])
    assert holidays.plan(2027).days[0].day == date(2026, 12, 31)
    assert early.day not in {special.day for special in holidays.plan(2026).days}
    assert not holidays.plan(2026).calendar.is_working_day(early.day)
    holidays.remove(2027)
    assert holidays.plan(2026).calendar.is_working_day(early.day)


def test_notice_that_contradicts_another_one_is_refused_whole(holidays: HolidayService) -> None:
    against = SpecialDay(date(2026, 10, 1), False, "元旦", "")
    with pytest.raises(InvalidInputError, match=r"2026-10-01在“.*2026年.*”里是放假"):
        holidays.save([NoticeDraft(2027, (*draft_2027().days, against), "手工录入")])
    assert holidays.plan(2027).row.state is YearState.MISSING
    assert not holidays.plan(2026).calendar.is_working_day(date(2026, 10, 1))


def test_day_given_both_ways_and_notice_without_days_off_are_refused(holidays: HolidayService) -> None:
    twice = replace(draft_2027().days[0], is_off=False)
    with pytest.raises(InvalidInputError, match="既登记为放假，又登记为上班"):
        holidays.save([NoticeDraft(2027, (*draft_2027().days, twice), "手工录入")])
    with pytest.raises(InvalidInputError, match="没有一天放假"):
        holidays.save([NoticeDraft(2027, (), "手工录入")])


def test_second_of_two_people_is_refused(holidays: HolidayService) -> None:
    holidays.save([draft_2027()])
    with pytest.raises(ConflictError, match="已被别人改过"):
        holidays.save([draft_2027()])
    holidays.save([draft_2027(opened=holidays.plan(2027).days)])


def test_several_years_are_stored_all_or_none(holidays: HolidayService) -> None:
    stale = NoticeDraft(2026, holidays.plan(2026).days[:5], "导入")
    with pytest.raises(ConflictError):
        holidays.save([draft_2027(), stale])
    assert holidays.plan(2027).row.state is YearState.MISSING


@pytest.mark.parametrize("year", [1900, 2101])
def test_year_beyond_the_lunar_calendar_is_refused(year: int, holidays: HolidayService) -> None:
    with pytest.raises(InvalidInputError, match="年份要在 1949 到 2100 之间"):
        holidays.plan(year)


# Files

ROWS = [
    ("日期", "类型", "名称"),
    ("2027-01-01", "休", "元旦"),
    ("2027.2.5", "放假", "春节"),
    ("2027年1月30日", "班", "春节"),
]


def write_csv(path: Path, rows: Sequence[Sequence[str]], encoding: str = "utf-8-sig") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def test_file_in_the_form_of_the_shipped_one_is_read(holidays: HolidayService) -> None:
    file = holidays.read_file(SHIPPED)
    assert file.problems == ()
    assert list(file.years) == [2023, 2024, 2025, 2026]
    assert all(file.years[year] == holidays.plan(year).days for year in file.years)


def test_file_of_holiday_cn_is_read(holidays: HolidayService, tmp_path: Path) -> None:
    path = tmp_path / "2027.json"
    days = [
        {"name": special.name, "date": special.day.isoformat(), "isOffDay": special.is_off}
        for special in draft_2027().days
    ]
    path.write_text(json.dumps({"year": 2027, "papers": [], "days": days}), encoding="utf-8")
    assert holidays.read_file(path).years == {2027: draft_2027().days}


def test_year_that_is_not_published_yet_is_said_so(holidays: HolidayService, tmp_path: Path) -> None:
    path = tmp_path / "2027.json"
    path.write_text('{"year": 2027, "papers": [], "days": []}', encoding="utf-8")
    assert holidays.read_file(path).problems == ("文件里没有放假的日期（当年的通知可能还没有发布）。",)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_table_as_csv_is_read(encoding: str, holidays: HolidayService, tmp_path: Path) -> None:
    file = holidays.read_file(write_csv(tmp_path / "假日.csv", ROWS, encoding))
    assert file.problems == ()
    assert [(day.day, day.is_off, day.name) for day in file.years[2027]] == [
        (date(2027, 1, 1), True, "元旦"),
        (date(2027, 1, 30), False, "春节"),
        (date(2027, 2, 5), True, "春节"),
    ]


def test_table_as_workbook_is_read_below_its_title(holidays: HolidayService, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["2027年放假安排"])
    sheet.append(["节日名称", "休/班", "日期"])
    sheet.append(["元旦", "休", datetime(2027, 1, 1)])
    sheet.append([])
    sheet.append(["春节", "班", "20270130"])
    path = tmp_path / "假日.xlsx"
    book.save(path)
    file = holidays.read_file(path)
    assert file.problems == ()
    assert [day.day for day in file.years[2027]] == [date(2027, 1, 1), date(2027, 1, 30)]


def test_december_day_named_after_new_year_goes_to_the_next_notice(
    holidays: HolidayService, tmp_path: Path
) -> None:
    rows = [
        ROWS[0],
        ("2026-12-31", "休", "元旦"),
        ("2026-12-27", "班", "元旦"),
        ("2026-10-01", "休", "国庆节"),
    ]
    file = holidays.read_file(write_csv(tmp_path / "a.csv", rows))
    assert {year: len(days) for year, days in file.years.items()} == {2026: 1, 2027: 2}


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (("27-1-1", "休", "元旦"), "第 3 行"),
        (("2027-02-30", "休", "元旦"), "第 3 行"),
        (("", "休", "元旦"), "第 3 行：没有写日期。"),
        (("2027-01-02", "调整", "元旦"), "第 3 行：类型“调整”看不懂，请写“休”或“班”。"),
        (("2027-01-02", "休", ""), "第 3 行：没有写节日名称。"),
        (("2027-01-01", "班", "元旦"), "2027-01-01既写了休，又写了班。"),
        (("2027-01-04", "班", "元旦"), "本来就上班"),
    ],
)
def test_doubtful_row_is_named(
    row: tuple[str, ...], problem: str, holidays: HolidayService, tmp_path: Path
) -> None:
    file = holidays.read_file(write_csv(tmp_path / "a.csv", [*ROWS[:2], row]))
    assert any(problem in text for text in file.problems)


def test_table_without_its_head_is_refused(holidays: HolidayService, tmp_path: Path) -> None:
    assert "没有找到表头" in holidays.read_file(write_csv(tmp_path / "a.csv", ROWS[1:])).problems[0]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.json", b"{"),
        ("a.json", b"[]"),
        ("a.json", b'{"days": [{"date": "2027-01-01", "isOffDay": 1, "name": "x"}], "year": 2027}'),
        ("a.json", b'{"days": [{"date": "2027-01-01", "isOffDay": true, "name": "x"}], "year": 1e999}'),
        ("a.json", b"[" * 100_000),
        ("a.json", b" " * 2_000_000),
        ("a.csv", b"\xff\xfe\x00\x00"),
        ("a.csv", "日期,类型".encode("utf-16")),
        ("a.xlsx", b"no workbook"),
    ],
)
def test_file_of_another_kind_is_refused_with_a_sentence(
    name: str, content: bytes, holidays: HolidayService, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UnreadableFileError, match=name):
        holidays.read_file(path)


def test_missing_file_is_refused_with_a_sentence(holidays: HolidayService, tmp_path: Path) -> None:
    for name in ("a.json", "a.csv", "a.xlsx"):
        with pytest.raises(UnreadableFileError, match=name):
            holidays.read_file(tmp_path / name)
