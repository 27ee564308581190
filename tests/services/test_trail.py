"""操作记录: every action leaves a line in words, and lines are found by whatever they say."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import inspect

from benchmarks.reliability.offices import Clerk
from cdo_desktop.errors import CancelledError, InvalidInputError
from cdo_desktop.models import (
    Base,
    Contact,
    Filing,
    Person,
    ReceivedPaper,
    Tenure,
    Unit,
    WaitingScan,
)
from cdo_desktop.services import trail as trail_module
from cdo_desktop.services.history import ENTITY_WORDS, change_details, entity_word
from cdo_desktop.services.office_settings import OfficeSettings, ReceivingBodyDraft
from cdo_desktop.services.trail import CONTENT, TrailQuery, TrailRow, TrailService

from .conftest import Desk, a_line, write_roster


@pytest.fixture
def trail(desk: Desk) -> TrailService:
    return trail_of(desk)


def trail_of(desk: Desk) -> TrailService:
    return desk.office.trail


def lines(trail: TrailService, **query: object) -> list[TrailRow]:
    """Return matching lines, the newest first unless asked otherwise."""
    keys = trail.keys(TrailQuery(**query))  # type: ignore[arg-type]
    rows = trail.rows(keys)
    return [rows[key] for key in keys]


def newest(trail: TrailService) -> TrailRow:
    return lines(trail)[0]


def test_a_line_tells_who_did_what_to_whom_and_how_it_was_before(desk: Desk, trail: TrailService) -> None:
    opened = desk.appoint("区教育局", name="张三", mobile="13900001111")
    desk.office.holders.update(opened, replace(opened, mobile="13900002222", title="科长"))
    line = newest(trail)
    assert (line.actor, line.action, line.entity, line.unit, line.person) == (
        "本机经办人",
        "信息更新",
        "任职",
        "区教育局",
        "张三",
    )
    assert line.details == (("手机", "13900001111", "13900002222"), ("现任职务", "", "科长"))
    assert line.summary == "手机：13900001111 → 13900002222；现任职务：科长"


def test_every_action_is_told_in_words_of_the_office(sample: Desk, tmp_path: Path) -> None:
    office, trail = sample.office, trail_of(sample)
    sheet_file = write_roster(tmp_path / "名册.xlsx", [a_line("区教育局", NAME="张三丰")])
    sheet = office.roster_import.read(sheet_file)
    clerk = Clerk(office, seed=1, sheet=sheet)
    for _ in range(40):
        clerk.step()
    office.system.settings.save(
        replace(office.system.settings.get(), refile_updates=True), office.system.settings.get()
    )
    office.system.settings.save_receiving_body(ReceivingBodyDraft(name="区数据局", since=date(2026, 1, 1)))
    office.system.form_texts.copy_shipped("contact_list")
    office.forms.write_one_file(office.forms.compose(unit="区教育局"), tmp_path / "表.pdf")
    office.roster_export.write(tmp_path / "导出.xlsx", full=True)
    office.backups.back_up()
    found = lines(trail)
    assert len({line.entity for line in found}) >= 7
    assert {line.entity for line in found} <= set(ENTITY_WORDS.values())
    english = {label for line in found for label, _old, _new in line.details if label.isascii()}
    assert english == set()
    assert all(not line.action.isascii() and line.actor for line in found)


# What the program makes for itself; a clerk is told the rest in words.
OF_THE_PROGRAM = frozenset(
    (
        *("id", "uuid", "version", "unit_id", "post_id", "person_id", "tenure_id", "filing_id", "paper_id"),
        *("pinyin", "initials", "sort_key", "content", "digest", "sha256", "year", "count"),
        *("number_year", "number_count", "made_by", "received_by", "at"),  # the line says who and when itself
    )
)


@pytest.mark.parametrize("table", [Filing, Tenure, Person, Unit, ReceivedPaper, Contact, WaitingScan])
def test_every_column_that_a_line_may_name_has_a_word_of_the_office(table: type[Base]) -> None:
    columns = set(inspect(table).column_attrs.keys()) - OF_THE_PROGRAM
    entity = table.__tablename__
    labels = {name: change_details(entity, "", json.dumps({name: "x"}))[0][0] for name in columns}
    assert [name for name, label in labels.items() if label.isascii()] == []


def test_unknown_words_of_a_later_program_are_shown_as_they_are() -> None:
    assert entity_word("meetings") == "meetings"
    assert change_details("meetings", "", '{"place":"一楼","is_open":true}') == (
        ("place", "", "一楼"),
        ("is_open", "", "是"),
    )


@pytest.mark.parametrize(
    ("act", "what"),
    [
        (lambda desk, folder: desk.office.roster_export.write(folder / "a.xlsx"), "名册（手机号部分隐去）"),
        (
            lambda desk, folder: desk.office.roster_export.write(folder / "a.xlsx", full=True),
            "名册（全部字段，手机号未隐去）",
        ),
        (lambda desk, folder: desk.office.roster_export.write_contact_list(folder / "a.xlsx"), "通讯录"),
    ],
)
def test_every_file_with_personal_data_is_told_of(
    desk: Desk, trail: TrailService, tmp_path: Path, act: Callable[[Desk, Path], object], what: str
) -> None:
    act(desk, tmp_path)
    line = newest(trail)
    assert (line.action, line.entity) == ("导出", "导出文件")
    assert ("内容", "", what) in line.details
    assert ("文件", "", "a.xlsx") in line.details


def test_marked_copy_is_told_of(desk: Desk, trail: TrailService, tmp_path: Path) -> None:
    source = write_roster(tmp_path / "名册.xlsx", [a_line("区教育局", NAME="张三", MOBILE="1")])
    service = desk.office.roster_import
    service.write_marked_copy(source, service.preview(service.read(source)), tmp_path / "标注.xlsx")
    assert ("内容", "", "名册的标注副本") in newest(trail).details


def test_copied_form_text_is_told_of(desk: Desk, trail: TrailService) -> None:
    desk.office.system.form_texts.copy_shipped("filing_cdo")
    line = newest(trail)
    assert (line.action, line.entity, line.summary) == ("复制表格文字", "表格文字", "文件：filing_cdo.toml")


def test_notice_of_another_year_that_came_with_the_program_is_told_of(
    units_file: Path, open_desk: Callable[[Path], Desk], tmp_path: Path
) -> None:
    older = tmp_path / "older.sqlite3"
    older.write_bytes(units_file.read_bytes())
    with closing(sqlite3.connect(older)) as connection:
        connection.execute("DELETE FROM calendar_days WHERE notice LIKE '%2026%'")
        connection.execute("DELETE FROM calendar_years WHERE year = 2026")
        connection.commit()
    desk = open_desk(older)
    line = newest(trail_of(desk))
    assert (line.actor, line.action, line.entity) == ("（自动）", "载入放假安排", "放假安排")


def test_nothing_fails_where_a_line_cannot_be_written(desk: Desk, tmp_path: Path) -> None:
    from cdo_desktop.store.write_gate import DAMAGED

    desk.office.gate.shut(DAMAGED)
    desk.office.roster_export.write(tmp_path / "a.xlsx")
    assert (tmp_path / "a.xlsx").exists()


# Finding


@pytest.fixture
def told(desk: Desk, trail: TrailService) -> TrailService:
    opened = desk.appoint("区教育局", name="张三", mobile="13900001111")
    desk.office.holders.update(
        opened, replace(opened, mobile="13900002222", email="a@shbsq.gov.cn", duties='负责"数据"\\归集')
    )
    desk.appoint("罗店镇", name="李四", title="科长")
    desk.office.system.settings.save(OfficeSettings(refile_updates=True), OfficeSettings())
    return trail


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"text": "13900002222"}, 1),
        ({"text": "信息更新"}, 2),
        ({"text": "张三 信息更新"}, 1),
        ({"text": "zhangsan"}, 3),
        ({"text": '"数据"'}, 1),
        ({"text": "\\归集"}, 1),
        ({"text": "100%"}, 0),
        ({"text": "_"}, 0),
        ({"text": "name"}, 0),
        ({"text": '":'}, 0),
        ({"text": "shbsq"}, 1),
        ({"filters": {"person": "ls"}}, 2),
        ({"filters": {"unit": "罗店", "entity": "任职"}}, 1),
        ({"filters": {"entity": "办公室设置"}}, 1),
        ({"filters": {CONTENT: "手机"}}, 2),
        ({"filters": {CONTENT: "信息更新也要"}}, 1),
        ({"filters": {"actor": "没有这个人"}}, 0),
        ({"since": date(2026, 11, 25)}, 0),
        ({"until": date(2026, 11, 23)}, 0),
    ],
)
def test_lines_are_found(told: TrailService, query: dict[str, object], count: int) -> None:
    assert len(lines(told, **query)) == count


def test_days_of_a_range_are_both_in_it(told: TrailService) -> None:
    everything = lines(told)
    day = everything[0].at.date()
    assert lines(told, since=day, until=day) == everything


def test_newest_line_comes_first_and_columns_sort_with_blanks_last(told: TrailService) -> None:
    numbers = [line.number for line in lines(told)]
    assert numbers == sorted(numbers, reverse=True)
    people = [line.person for line in lines(told, sort="person")]
    assert people[:2] == ["李四", "李四"]
    assert people[-1] == ""
    assert [line.person for line in lines(told, sort="person", descending=True)][-1] == ""
    for key in ("number", "at", "actor", "action", "entity", "unit"):
        assert len(lines(told, sort=key)) == len(numbers)
    assert told.first_keys(TrailQuery(), 2) == numbers[:2]


# Export


def test_export_has_what_was_asked_for_and_is_told_of(told: TrailService, tmp_path: Path) -> None:
    target = tmp_path / "操作记录.xlsx"
    count = told.export(TrailQuery(text="张三"), target)
    assert count == 3
    sheet = load_workbook(target).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][0] == "操作记录"
    assert rows[1][0] == "按条件筛选，共 3 条。"
    assert rows[2] == ("序号", "时间", "经办人", "操作", "对象", "单位", "人员", "内容")
    assert rows[3][2:7] == ("本机经办人", "信息更新", "任职", "区教育局", "张三")
    assert "手机：13900001111 → 13900002222\n" in str(rows[3][7])
    assert len(rows) == 6
    assert ("内容", "", "操作记录") in newest(told).details


def test_formula_in_a_line_stays_text(desk: Desk, trail: TrailService, tmp_path: Path) -> None:
    desk.appoint("区教育局", name="张三", note="=1+1")
    trail.export(TrailQuery(), tmp_path / "a.xlsx")
    sheet = load_workbook(tmp_path / "a.xlsx").active
    assert sheet is not None
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_stopped_export_leaves_the_old_file(told: TrailService, tmp_path: Path) -> None:
    target = tmp_path / "a.xlsx"
    target.write_bytes(b"old")

    def stop(_done: int, _total: int) -> None:
        raise CancelledError

    with pytest.raises(CancelledError):
        told.export(TrailQuery(), target, stop)
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["a.xlsx"]


def test_more_lines_than_a_sheet_holds_are_refused(
    told: TrailService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trail_module, "MOST_LINES", 2)
    with pytest.raises(InvalidInputError, match="缩小范围"):
        told.export(TrailQuery(), tmp_path / "a.xlsx")
