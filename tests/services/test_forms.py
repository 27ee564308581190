"""备案表 of the register: which one, with what on it, what is kept, and how the files are called."""

import io
import json
import re
from dataclasses import fields, replace
from datetime import date, timedelta
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from sqlalchemy import select

from cdo_desktop.documents.pdf.filing_form import FilingFormData
from cdo_desktop.documents.pdf.form_texts import FORM_FILES
from cdo_desktop.errors import CancelledError, InvalidInputError, NotFoundError
from cdo_desktop.models import DATABASE_ID, Filing, Person, Setting, Tenure, Unit
from cdo_desktop.rules.vocabulary import FilingKind, FilingState, PostKind
from cdo_desktop.services.appointments import FilingDraft
from cdo_desktop.services.departures import LeaveDraft
from cdo_desktop.services.forms import FormBatch, FormSheet, VoidForm
from cdo_desktop.services.holder_draft import PERSON_FIELDS, TENURE_FIELDS, HolderDraft
from cdo_desktop.services.office_settings import ReceivingBodyDraft
from cdo_desktop.store import Database
from tests.documents.pdf_pages import assert_sound, pages_of

from .conftest import TODAY, Desk

CDO, SPECIALIST = PostKind.CDO, PostKind.SPECIALIST
TOWN = "罗店镇"


def only(desk: Desk, opened: HolderDraft) -> FormSheet:
    (sheet,) = desk.office.forms.compose(post_ids=[opened.post_id]).sheets
    return sheet


def filings(desk: Desk) -> dict[int, Filing]:
    database = Database(desk.office.data_folder / "cdo.sqlite3")
    with database.read() as session:
        found = {filing.id: filing for filing in session.scalars(select(Filing))}
        session.expunge_all()
        return found


def set_state(desk: Desk, state: FilingState) -> None:
    with Database(desk.office.data_folder / "cdo.sqlite3").write() as session:
        for filing in session.scalars(select(Filing)):
            filing.state = state


# Which form


def test_first_holder_gets_a_first_filing(desk: Desk) -> None:
    opened = desk.appoint(TOWN, since=date(2026, 11, 2), title="科长", section="数据科", mobile="13800000001")
    sheet = only(desk, opened)
    data = sheet.data
    assert (data.kind, data.name, data.title, data.section) == (FilingKind.FIRST, "张三", "科长", "数据科")
    assert (data.since, data.due_date, data.change_date) == (date(2026, 11, 2), None, None)
    assert (data.unit_full_name, data.unit_category) == ("宝山区罗店镇人民政府", "镇")
    assert data.filled_on == TODAY


def test_successor_gets_a_change_filing_that_names_the_predecessor(desk: Desk) -> None:
    opened = desk.appoint(TOWN, since=date(2025, 1, 6), title="老科长")
    desk.office.holders.replace(
        opened,
        desk.successor(opened, since=date(2026, 11, 23)),
        FilingDraft(change_reason="退休", handover="已完成", filler="小王", filler_phone="56000000"),
    )
    data = only(desk, opened).data
    assert (data.kind, data.name) == (FilingKind.CHANGE, "李四")
    assert (data.predecessor_name, data.predecessor_title) == ("张三", "老科长")
    assert (data.change_reason, data.handover, data.filler) == ("退休", "已完成", "小王")
    assert (data.change_date, data.due_date) == (date(2026, 11, 23), date(2026, 11, 26))
    assert data.leave_date is None


def test_departure_gets_a_leave_filing_without_a_due_date(desk: Desk) -> None:
    opened = desk.appoint(TOWN, since=date(2025, 1, 6))
    desk.office.holders.leave(opened, LeaveDraft(date(2026, 11, 20), reason="退休"))
    data = only(desk, opened).data
    assert (data.kind, data.name, data.change_reason) == (FilingKind.LEAVE, "张三", "退休")
    assert (data.leave_date, data.due_date) == (date(2026, 11, 20), None)


def test_coming_departure_is_the_paper_to_print_at_once(desk: Desk) -> None:
    opened = desk.appoint(TOWN, since=date(2025, 1, 6))
    desk.office.holders.leave(opened, LeaveDraft(TODAY + timedelta(5)))
    data = only(desk, opened).data
    assert (data.kind, data.leave_date) == (FilingKind.LEAVE, TODAY + timedelta(5))


def test_departure_whose_paper_is_back_leaves_nothing_to_print(desk: Desk) -> None:
    opened = desk.appoint(TOWN, since=date(2025, 1, 6))
    desk.office.holders.leave(opened, LeaveDraft(TODAY))
    set_state(desk, FilingState.FILED)
    batch = desk.office.forms.compose(post_ids=[opened.post_id])
    assert (batch.sheets, batch.empty_posts) == ((), ("罗店镇 数据专员",))


def test_successor_comes_before_the_departure_of_the_predecessor(desk: Desk) -> None:
    opened = desk.appoint(TOWN, since=date(2025, 1, 6))
    desk.office.holders.leave(opened, LeaveDraft(date(2026, 11, 2)))
    desk.appoint(TOWN, name="李四", since=date(2026, 11, 20))
    assert only(desk, opened).data.name == "李四"


def test_coming_holder_has_a_form_before_the_first_day(desk: Desk) -> None:
    opened = desk.appoint(TOWN, since=date(2025, 1, 6))
    coming = desk.successor(opened, since=date(2026, 12, 1))
    desk.office.holders.replace(opened, coming, FilingDraft(change_reason="调离"))
    assert only(desk, opened).data.name == "李四"


def test_other_post_of_the_unit_stands_on_each_form(desk: Desk) -> None:
    cdo = desk.appoint(TOWN, CDO, name="赵一", title="镇长", office_phone="021-56000001")
    specialist = desk.appoint(TOWN, name="钱二", title="科长", section="数据科", mobile="13800000002")
    data = only(desk, cdo).data
    assert (data.counterpart_name, data.counterpart_title, data.counterpart_phone) == (
        "钱二",
        "数据科 科长",
        "13800000002",
    )
    data = only(desk, specialist).data
    assert (data.counterpart_name, data.counterpart_title, data.counterpart_phone) == (
        "赵一",
        "镇长",
        "021-56000001",
    )


def test_void_filing_is_not_printed(desk: Desk) -> None:
    opened = desk.appoint(TOWN)
    set_state(desk, FilingState.VOID)
    batch = desk.office.forms.compose(post_ids=[opened.post_id])
    assert (batch.sheets, batch.empty_posts) == ((), ())  # the post is held
    assert batch.void == (VoidForm(opened.post_id, TOWN, SPECIALIST, "张三"),)


def test_code_names_this_database_and_this_filing(desk: Desk) -> None:
    opened = desk.appoint(TOWN)
    sheet = only(desk, opened)
    database = Database(desk.office.data_folder / "cdo.sqlite3")
    with database.read() as session:
        database_id = session.get_one(Setting, DATABASE_ID).value
    assert sheet.data.code is not None
    assert sheet.data.code.database_id == database_id
    assert sheet.data.code.record_id == filings(desk)[sheet.filing_id].uuid


# Which posts


def test_all_forms_come_in_register_order_and_empty_posts_are_named(sample: Desk) -> None:
    batch = sample.office.forms.compose()
    assert (len(batch.sheets), len(batch.empty_posts)) == (108, 2)
    orders = [(sheet.unit_order, sheet.data.post is SPECIALIST) for sheet in batch.sheets]
    assert orders == sorted(orders)


def test_one_unit_is_found_by_every_name_it_has_or_had(desk: Desk) -> None:
    desk.appoint(TOWN, CDO)
    unit_id = desk.row(TOWN).unit_id
    desk.office.units.confirm_names([unit_id])
    opened = desk.office.units.get(unit_id)
    desk.office.units.save(replace(opened, full_name="宝山区罗店新镇人民政府", short_name="罗店新镇"), opened)
    for name in ("罗店镇", "宝山区罗店镇人民政府", "罗店新镇", "宝山区罗店新镇人民政府", " 罗店 新镇"):
        batch = desk.office.forms.compose(unit=name)
        assert [sheet.unit for sheet in batch.sheets] == ["罗店新镇"]
        assert batch.empty_posts == ("罗店新镇 数据专员",)


def test_unknown_unit_is_refused_with_the_near_ones(desk: Desk) -> None:
    with pytest.raises(NotFoundError, match="名册里没有单位“罗店”。名称相近的有：罗店镇。.*没有生成文件"):
        desk.office.forms.compose(unit="罗店")
    with pytest.raises(NotFoundError, match="没有单位“火星局”。请按"):
        desk.office.forms.compose(unit="火星局")


def test_one_kind_of_post_and_single_posts_can_be_chosen(sample: Desk) -> None:
    batch = sample.office.forms.compose(post=CDO)
    assert {sheet.data.post for sheet in batch.sheets} == {CDO}
    assert len(batch.sheets) + len(batch.empty_posts) == 55
    ids = [sample.row("罗店镇", CDO).post_id, sample.row("友谊路街道").post_id]
    batch = sample.office.forms.compose(post_ids=ids)
    assert [(sheet.unit, sheet.data.post) for sheet in batch.sheets] == [
        ("友谊路街道", SPECIALIST),
        ("罗店镇", CDO),
    ]


def test_unit_that_is_gone_has_no_form(desk: Desk) -> None:
    opened = desk.appoint(TOWN)
    with Database(desk.office.data_folder / "cdo.sqlite3").write() as session:
        session.get_one(Unit, desk.row(TOWN).unit_id).valid_to = TODAY
    assert desk.office.forms.compose(post_ids=[opened.post_id]) == FormBatch((), (), ())


def test_district_posts_have_no_form(desk: Desk) -> None:
    opened = desk.appoint("区级", PostKind.DISTRICT_CDO)
    assert desk.office.forms.compose(post_ids=[opened.post_id]) == FormBatch((), (), ())


# Warnings


def test_unconfirmed_full_name_is_warned_of_until_it_is_confirmed(desk: Desk) -> None:
    opened = desk.appoint(TOWN)
    first, second = desk.office.forms.compose(post_ids=[opened.post_id]).warnings
    assert (first.title, second.title) == ("罗店镇 数据专员 张三",) * 2
    assert first.message == "单位全称“宝山区罗店镇人民政府”还没有与公章核对确认。"
    assert second.message.startswith("必填的性别、")
    desk.office.units.confirm_names([desk.row(TOWN).unit_id])
    assert desk.office.forms.compose(post_ids=[opened.post_id]).warnings == (second,)


def test_text_that_does_not_fit_is_warned_of(desk: Desk) -> None:
    opened = desk.appoint(TOWN, duties="岗位职责很多" * 100)
    messages = [w.message for w in desk.office.forms.compose(post_ids=[opened.post_id]).warnings]
    assert any("太长" in message and "请缩短" in message for message in messages)


# What is kept


def test_writing_keeps_content_and_digest_and_hands_the_filing_out(desk: Desk, tmp_path: Path) -> None:
    opened = desk.appoint(TOWN, mobile="13800000001")
    batch = desk.office.forms.compose(post_ids=[opened.post_id])
    assert filings(desk)[batch.sheets[0].filing_id].state == FilingState.DRAFT
    (path,) = desk.office.forms.write_folder(batch, tmp_path / "表 格")
    filing = filings(desk)[batch.sheets[0].filing_id]
    assert (filing.state, filing.filled_on, filing.version) == (FilingState.ISSUED, TODAY, 2)
    content = json.loads(filing.content)
    assert (content["name"], content["mobile"]) == ("张三", "13800000001")
    assert re.fullmatch("[0-9a-f]{16}", filing.digest)
    assert filing.digest in qr_of(path)
    assert desk.office.holders.unit_history(desk.row(TOWN).unit_id)[0].action == "出表"
    assert desk.office.holders.person_history(opened.person_id or 0)[0].action == "出表"


def qr_of(path: Path) -> str:
    """Return what the code on the first page says."""
    document = pypdfium2.PdfDocument(path)
    (found,) = zxingcpp.read_barcodes(document[0].render(scale=2).to_pil())
    document.close()
    return str(found.text)


def test_same_form_on_another_day_is_the_same_paper(desk: Desk, tmp_path: Path) -> None:
    opened = desk.appoint(TOWN)
    forms = desk.office.forms
    (first,) = forms.write_folder(forms.compose(post_ids=[opened.post_id]), tmp_path / "一")
    before = filings(desk)
    history = desk.office.holders.unit_history(desk.row(TOWN).unit_id)
    desk.clock.set_day(TODAY + timedelta(9))
    (second,) = forms.write_folder(forms.compose(post_ids=[opened.post_id]), tmp_path / "二")
    assert qr_of(first) == qr_of(second)
    after = filings(desk)
    assert [(f.digest, f.filled_on, f.version) for f in after.values()] == [
        (f.digest, f.filled_on, f.version) for f in before.values()
    ]
    newest, *earlier = desk.office.holders.unit_history(desk.row(TOWN).unit_id)
    assert (newest.action, newest.details) == ("再次出表", ())
    assert tuple(earlier) == history


def test_changed_content_is_another_paper_of_the_same_filing(desk: Desk, tmp_path: Path) -> None:
    opened = desk.appoint(TOWN)
    forms = desk.office.forms
    forms.write_folder(forms.compose(post_ids=[opened.post_id]), tmp_path)
    (before,) = filings(desk).values()
    desk.office.holders.update(opened, replace(opened, title="主任"))
    forms.write_folder(forms.compose(post_ids=[opened.post_id]), tmp_path)
    (after,) = filings(desk).values()
    assert after.id == before.id
    assert after.digest != before.digest
    assert json.loads(after.content)["title"] == "主任"


@pytest.mark.parametrize("state", [FilingState.SCANNED, FilingState.FILED])
def test_paper_that_is_back_is_printed_again_without_being_touched(
    state: FilingState, desk: Desk, tmp_path: Path
) -> None:
    opened = desk.appoint(TOWN)
    forms = desk.office.forms
    forms.write_folder(forms.compose(post_ids=[opened.post_id]), tmp_path)
    set_state(desk, state)
    (before,) = filings(desk).values()
    desk.office.holders.update(opened, replace(opened, title="主任"))
    forms.write_folder(forms.compose(post_ids=[opened.post_id]), tmp_path)
    (after,) = filings(desk).values()
    assert (after.state, after.digest, after.content) == (state, before.digest, before.content)


def test_cancelled_batch_hands_nothing_out(desk: Desk, tmp_path: Path) -> None:
    desk.appoint(TOWN)
    desk.appoint(TOWN, CDO)

    def stop(_done: int) -> None:
        raise CancelledError("已取消。")

    batch = desk.office.forms.compose()
    with pytest.raises(CancelledError):
        desk.office.forms.write_one_file(batch, tmp_path / "全.pdf", progress=stop)
    with pytest.raises(CancelledError):
        desk.office.forms.write_folder(batch, tmp_path, progress=stop)
    assert {filing.state for filing in filings(desk).values()} == {FilingState.DRAFT}
    assert not (tmp_path / "全.pdf").exists()


def test_one_file_holds_all_forms_in_order_with_their_backs(desk: Desk, tmp_path: Path) -> None:
    desk.appoint(TOWN, name="钱二")
    desk.appoint(TOWN, CDO, name="赵一")
    desk.appoint("友谊路街道", name="孙三")
    batch = desk.office.forms.compose()
    assert desk.office.forms.write_one_file(batch, tmp_path / "双面.pdf") == 6
    assert desk.office.forms.write_one_file(batch, tmp_path / "单面.pdf", duplex=False) == 3
    document = pypdfium2.PdfDocument(tmp_path / "双面.pdf")
    texts = [document[page].get_textpage().get_text_bounded() for page in range(0, 6, 2)]
    document.close()
    for name, text in zip(("孙三", "赵一", "钱二"), texts, strict=True):
        assert name in text


def test_no_forms_make_no_file(desk: Desk, tmp_path: Path) -> None:
    batch = desk.office.forms.compose()
    assert len(batch.empty_posts) == 110
    with pytest.raises(InvalidInputError, match="没有生成文件"):
        desk.office.forms.write_one_file(batch, tmp_path / "空.pdf")
    assert desk.office.forms.write_folder(batch, tmp_path / "空") == ()


def test_blank_forms_of_both_posts_and_all_kinds_are_one_file(desk: Desk, tmp_path: Path) -> None:
    target = tmp_path / "空表.pdf"
    assert desk.office.forms.write_blanks(target, duplex=False) == 6
    assert desk.office.forms.write_blanks(target) == 12


@pytest.mark.parametrize("name", FORM_FILES)
def test_every_text_file_can_be_seen_on_its_paper(desk: Desk, name: str) -> None:
    content = io.BytesIO()
    drawn = desk.office.forms.draw_sample(name, content)
    assert drawn == (name not in ("filing_form", "filing_cdo", "filing_specialist"))
    if drawn:
        assert "{" not in "".join(pages_of(content.getvalue()))
        assert_sound(content.getvalue())


def test_blank_form_shows_the_receiving_body_alone(desk: Desk) -> None:
    for kind in (None, *FilingKind):
        form = desk.office.forms.blank(CDO, kind)
        assert (form.post, form.kind, form.blank, form.name, form.code) == (CDO, kind, True, "", None)
        assert form.receiving_body


# File names


def test_file_names_sort_in_register_order(sample: Desk) -> None:
    names = [sheet.file_name for sheet in sample.office.forms.compose().sheets]
    assert names == sorted(names)
    assert len(set(names)) == len(names)
    assert names[0].startswith("0010-1_友谊路街道_首席数据官_")


def test_file_names_are_legal_on_windows(desk: Desk) -> None:
    opened = desk.office.units.get(desk.row(TOWN).unit_id)
    draft = replace(opened, short_name='罗/店\\:*?"<>|镇' + "长" * 80)
    desk.office.units.save(draft, opened)
    desk.appoint(draft.short_name, name="买买提·艾力")
    (sheet,) = desk.office.forms.compose().sheets
    assert not set(sheet.file_name) & set('<>:"/\\|?*')
    assert sheet.file_name.endswith(".pdf")
    assert len(sheet.file_name.encode()) <= 255
    assert not sheet.file_name.removesuffix(".pdf").endswith((" ", "."))
    assert "买买提·艾力" in sheet.file_name


def test_receiving_body_of_the_day_stands_on_the_form(desk: Desk) -> None:
    opened = desk.appoint(TOWN)
    assert only(desk, opened).data.receiving_body == "区信息委"
    desk.office.system.settings.save_receiving_body(ReceivingBodyDraft(name="区数据局", since=TODAY))
    assert only(desk, opened).data.receiving_body == "区数据局"
    assert desk.office.forms.blank(PostKind.CDO).receiving_body == "区数据局"


def test_every_field_of_the_form_comes_from_one_place() -> None:
    shown = [field.name for field in fields(FilingFormData)]
    stored = [column.name for model in (Person, Tenure, Filing) for column in model.__table__.columns]
    doubled = [name for name in shown if stored.count(name) > 1]
    assert doubled == []
    assert all(
        name in shown for name in (*PERSON_FIELDS, *TENURE_FIELDS) if name not in ("basis_kind", "note")
    )
