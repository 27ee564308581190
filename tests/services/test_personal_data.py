"""One person's data: a copy of all of it, and taken out for good on request (个人信息保护法 45—47)."""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from cdo_desktop.errors import InvalidInputError, NotFoundError
from cdo_desktop.rules.filing_steps import FilingStep
from cdo_desktop.rules.vocabulary import ChangeReason, PaperForm, PostKind
from cdo_desktop.services.appointments import FilingDraft
from cdo_desktop.services.contacts import ContactDraft
from cdo_desktop.services.departures import LeaveDraft
from cdo_desktop.services.filing_receipts import ReceiptDraft
from cdo_desktop.services.trail import TrailQuery
from cdo_desktop.store.integrity import tables_of

from .conftest import TODAY, Desk

NAME, MOBILE, EMAIL = "司徒靖宇", "13987651234", "situ@shbsq.gov.cn"
REASON = "本人申请"


def rows(desk: Desk, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(desk.office.data_folder / "cdo.sqlite3")) as connection:
        return connection.execute(query).fetchall()


def places_of(desk: Desk, text: str) -> list[str]:
    """Return every table that still holds a text, the full-text index included."""
    with closing(sqlite3.connect(desk.office.data_folder / "cdo.sqlite3")) as connection:
        found = []
        for table in tables_of(connection):
            for row in connection.execute(f'SELECT * FROM "{table}"'):
                if any(text in str(value) for value in row):
                    found.append(table)
        return found


def former(desk: Desk, unit: str = "区教育局") -> int:
    """Let somebody hold a post and be replaced; every paper is void or filed. Return their id."""
    opened = desk.appoint(unit, name=NAME, mobile=MOBILE, email=EMAIL, note="兼任", since=date(2025, 1, 2))
    opened = replace(opened, title="科长", backup_name="李四")
    desk.office.holders.update(desk.office.holders.get(opened.tenure_id or 0), opened)
    opened = desk.office.holders.get(opened.tenure_id or 0)
    successor = desk.successor(opened, name="王新", since=date(2026, 11, 2))
    told_by = f"组织科 {NAME}，{MOBILE}"  # as the field's placeholder teaches it
    filing = FilingDraft(change_reason=ChangeReason.TRANSFER, told_by=told_by, filler=NAME)
    tenure = desk.office.holders.replace(opened, successor, filing)
    (called,) = [row.filing_id for row in desk.office.filing_list.rows() if row.tenure_id == tenure]
    paper = desk.office.filing_edits.get(called)
    desk.office.filing_edits.save(paper, replace(paper, filler_phone=MOBILE))
    desk.office.contacts.add([called], ContactDraft(answered_by=f"办公室{NAME}（代接）", said="明天送来"))
    return opened.person_id or 0


def end_papers(desk: Desk, person_id: int) -> None:
    """File what the person's own papers are."""
    with closing(sqlite3.connect(desk.office.data_folder / "cdo.sqlite3")) as connection:
        connection.execute(
            "UPDATE filings SET state = '作废', void_reason = '重复'"
            " WHERE tenure_id IN (SELECT id FROM tenures WHERE person_id = ?)",
            (person_id,),
        )
        connection.commit()


@pytest.fixture
def gone(desk: Desk) -> int:
    person_id = former(desk)
    end_papers(desk, person_id)
    return person_id


def test_facts_tell_what_is_stored(desk: Desk, gone: int) -> None:
    facts = desk.office.personal_data.facts(gone)
    assert facts.name == NAME
    assert ("手机", MOBILE) in facts.fields
    assert facts.posts == ("区教育局 数据专员，2025-01-02 至 2026-11-02",)
    assert facts.history_lines == 4
    assert facts.obstacles == ()


def test_copy_holds_all_that_is_stored_and_is_told_of(desk: Desk, gone: int, tmp_path: Path) -> None:
    target = tmp_path / "副本.xlsx"
    desk.office.personal_data.write_copy(gone, target)
    book = load_workbook(target)
    assert book.sheetnames == ["个人信息", "任职", "备案", "附件", "操作记录"]
    texts = {
        sheet.title: "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value)
        for sheet in book.worksheets
    }
    assert all(text in texts["个人信息"] for text in (NAME, MOBILE, EMAIL, "第四十五条"))
    assert all(text in texts["任职"] for text in ("区教育局", "科长", "李四", "2026-11-02"))
    assert "备案类型" in texts["备案"]
    assert all(text in texts["操作记录"] for text in ("任命", "信息更新", "更换"))
    newest = rows(desk, "SELECT action, person_id FROM history ORDER BY id DESC LIMIT 1")
    assert newest == [("导出", gone)]


def test_unknown_person_is_refused(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        desk.office.personal_data.write_copy(999, tmp_path / "a.xlsx")


def test_nothing_of_an_anonymous_person_is_left_in_the_database(desk: Desk, gone: int) -> None:
    assert len(set(places_of(desk, NAME))) > 2
    desk.office.personal_data.erase(gone, REASON)
    for text in (NAME, MOBILE, EMAIL, "李四", "situ"):
        assert places_of(desk, text) == []
    file = (desk.office.data_folder / "cdo.sqlite3").read_bytes()
    assert NAME.encode() not in file
    assert MOBILE.encode() not in file
    assert rows(desk, "SELECT name, mobile, pinyin FROM persons WHERE id = " + str(gone))[0][0] == (
        f"已匿名人员{gone}"
    )
    assert rows(desk, "SELECT person_id, reason FROM person_erasures") == [(gone, REASON)]


def test_trail_keeps_who_acted_and_holds(desk: Desk, gone: int) -> None:
    before = rows(desk, "SELECT id, at, actor, action, entity, entity_id FROM history ORDER BY id")
    desk.office.personal_data.erase(gone, REASON)
    after = rows(desk, "SELECT id, at, actor, action, entity, entity_id FROM history ORDER BY id")
    assert after[: len(before)] == before
    assert [row[3] for row in after[len(before) :]] == ["匿名化"]
    assert desk.office.backups.check().problems == ()
    lines = desk.office.trail.rows(desk.office.trail.keys(TrailQuery(text=f"已匿名人员{gone}")))
    assert {line.person for line in lines.values()} >= {f"已匿名人员{gone}"}
    told = [line for line in lines.values() if line.action == "任命"]
    assert ("说明", "", "内容已按本人要求删除") in told[0].details
    assert any(label == "任职日期" for label, _old, _new in told[0].details)


def test_draft_of_the_successor_no_longer_names_them(desk: Desk, gone: int) -> None:
    desk.office.personal_data.erase(gone, REASON)
    names = rows(desk, "SELECT predecessor_name, told_by FROM filings WHERE state = '草稿'")
    assert (f"已匿名人员{gone}", "") in names


@pytest.mark.parametrize(
    ("told_by", "kept"), [("组织科 56691234", ""), ("组织科 王五，56690000", "组织科 王五，56690000")]
)
def test_who_told_of_a_change_is_known_by_a_number_that_is_nobody_elses(
    desk: Desk, told_by: str, kept: str
) -> None:
    both = "021-56691234、021-56690000"
    opened = desk.appoint("区教育局", name=NAME, office_phone=both, since=date(2025, 1, 2))
    desk.appoint("罗店镇", office_phone="021-56690000")
    known = FilingDraft(change_reason=ChangeReason.TRANSFER, told_by=told_by)
    desk.office.holders.replace(opened, desk.successor(opened, since=date(2026, 11, 2)), known)
    end_papers(desk, opened.person_id or 0)
    desk.office.personal_data.erase(opened.person_id or 0, REASON)
    assert rows(desk, "SELECT told_by FROM filings WHERE state = '草稿' AND kind = '变更备案'") == [(kept,)]
    told = rows(desk, "SELECT after_values FROM history WHERE after_values LIKE '%变更备案%'")
    assert (told_by in str(told)) is bool(kept)


def test_copy_names_who_told_of_a_change(desk: Desk, tmp_path: Path) -> None:
    opened = desk.appoint("区教育局", since=date(2025, 1, 2))
    known = FilingDraft(change_reason=ChangeReason.TRANSFER, known_on=date(2026, 11, 3), told_by="组织科王五")
    desk.office.holders.replace(opened, desk.successor(opened, name="王新", since=date(2026, 11, 2)), known)
    ((new,),) = rows(desk, "SELECT id FROM persons WHERE name = '王新'")
    desk.office.personal_data.write_copy(int(str(new)), tmp_path / "副本.xlsx")
    sheet = load_workbook(tmp_path / "副本.xlsx")["备案"]
    lines = [tuple(cell.value for cell in row)[2:4] for row in sheet.iter_rows()]
    assert {("知悉日期", "2026-11-03"), ("告知人", "组织科王五")} <= set(lines)


def test_search_finds_them_no_more(desk: Desk, gone: int) -> None:
    assert desk.office.search.find(NAME).hits
    desk.office.personal_data.erase(gone, REASON)
    assert not desk.office.search.find(NAME).hits
    assert not desk.office.search.find("situ").hits


def test_filed_paper_stays_as_it_was_signed(desk: Desk) -> None:
    person_id = former(desk)
    with closing(sqlite3.connect(desk.office.data_folder / "cdo.sqlite3")) as connection:
        connection.execute(
            "UPDATE filings SET state = '已备案', number = '2026-001', content = '{\"name\":\"司徒靖宇\"}'"
            " WHERE tenure_id IN (SELECT id FROM tenures WHERE person_id = ?)",
            (person_id,),
        )
        connection.commit()
    assert desk.office.personal_data.facts(person_id).archived == 1
    desk.office.personal_data.erase(person_id, REASON)
    assert places_of(desk, NAME) == ["filings"]


def test_what_took_the_place_of_a_void_paper_is_known_after_it(desk: Desk) -> None:
    holders, filings, edits = desk.office.holders, desk.office.filings, desk.office.filing_edits
    opened = desk.appoint("区教育局", name="王新", since=date(2025, 1, 2))
    tenure = holders.replace(
        opened, desk.successor(opened, name=NAME, since=date(2026, 11, 2)), FilingDraft()
    )
    (first,) = [row.filing_id for row in desk.office.filing_list.rows() if row.tenure_id == tenure]
    filings.void(filings.plan(FilingStep.VOID, [first]), "写错", anew=True)
    (again,) = [row.filing_id for row in desk.office.filing_list.rows() if row.tenure_id == tenure]
    paper = edits.get(again)
    edits.save(paper, replace(paper, change_date=date(2026, 11, 3), change_reason="调离"))
    filings.receive(filings.plan(FilingStep.RECEIVE, [again]), ReceiptDraft(PaperForm.ORIGINAL, TODAY))
    filings.file(filings.plan(FilingStep.FILE, [again]))
    last = holders.get(tenure)
    holders.replace(last, desk.successor(last, name="赵六", since=date(2026, 11, 23)), FilingDraft())
    desk.office.personal_data.erase(last.person_id or 0, REASON)
    (line,) = filings.plan(FilingStep.ANEW, [first]).lines
    assert line.problem == "已经另有一份，不用再建"
    begun = f"SELECT after_values FROM history WHERE action = '重新办理' AND entity_id = {again}"
    ((said,),) = rows(desk, begun)
    assert json.loads(str(said))["in_place_of"] == first


def test_somebody_in_post_stays(desk: Desk) -> None:
    opened = desk.appoint("区教育局", name=NAME)
    with pytest.raises(InvalidInputError, match="仍任"):
        desk.office.personal_data.erase(opened.person_id or 0, REASON)
    desk.office.holders.leave(opened, LeaveDraft(date(2027, 1, 4), "退休"))
    with pytest.raises(InvalidInputError, match="仍任"):
        desk.office.personal_data.erase(opened.person_id or 0, REASON)
    assert NAME in str(rows(desk, "SELECT name FROM persons"))


def test_open_paper_stands_against_it(desk: Desk) -> None:
    person_id = former(desk)
    with pytest.raises(InvalidInputError, match="还没有办完"):
        desk.office.personal_data.erase(person_id, REASON)


def test_paper_of_the_successor_that_is_out_stands_against_it(desk: Desk, gone: int, tmp_path: Path) -> None:
    desk.office.forms.write_folder(desk.office.forms.compose(unit="区教育局"), tmp_path)
    with pytest.raises(InvalidInputError, match="已发出的备案表写着原任"):
        desk.office.personal_data.erase(gone, REASON)
    assert rows(desk, "SELECT count(*) FROM person_erasures") == [(0,)]


def test_form_that_is_out_and_was_filled_in_by_them_stands_against_it(desk: Desk, tmp_path: Path) -> None:
    opened = desk.appoint("区教育局", name=NAME, since=date(2025, 1, 2))
    desk.office.holders.leave(opened, LeaveDraft(date(2026, 11, 2), "调离"))
    end_papers(desk, opened.person_id or 0)
    desk.appoint("区教育局", PostKind.CDO, name="王新", filing=FilingDraft(filler=NAME))
    assert desk.office.personal_data.facts(opened.person_id or 0).obstacles == ()
    batch = desk.office.forms.compose(unit="区教育局", post=PostKind.CDO)
    desk.office.forms.write_one_file(batch, tmp_path / "表.pdf")
    (obstacle,) = desk.office.personal_data.facts(opened.person_id or 0).obstacles
    assert f"写着填表人“{NAME}”" in obstacle


@pytest.mark.parametrize("reason", ["", "  ", f"{NAME}申请", "很" * 201])
def test_reason_is_wanted_and_names_nobody(desk: Desk, gone: int, reason: str) -> None:
    with pytest.raises(InvalidInputError):
        desk.office.personal_data.erase(gone, reason)
    assert rows(desk, "SELECT count(*) FROM person_erasures") == [(0,)]


def test_they_are_made_anonymous_once(desk: Desk, gone: int) -> None:
    desk.office.personal_data.erase(gone, REASON)
    with pytest.raises(InvalidInputError, match="已经匿名"):
        desk.office.personal_data.erase(gone, REASON)


def test_others_of_the_same_name_elsewhere_stay(desk: Desk, gone: int) -> None:
    desk.appoint("罗店镇", name=NAME, mobile="13800000009")
    desk.office.personal_data.erase(gone, REASON)
    assert "13800000009" in str(rows(desk, "SELECT mobile FROM persons WHERE name = '司徒靖宇'"))
    assert NAME in str(rows(desk, "SELECT after_values FROM history WHERE unit_id <> 0 ORDER BY id DESC"))


def test_undo_brings_nothing_back(desk: Desk, gone: int) -> None:
    undo = desk.office.undo
    opened = desk.appoint("罗店镇", name="赵六")
    desk.office.holders.update(opened, replace(opened, title="科员"))
    assert undo.state.undo.possible
    desk.office.personal_data.erase(gone, REASON)
    assert not undo.state.undo.possible
    assert not undo.state.redo.possible
