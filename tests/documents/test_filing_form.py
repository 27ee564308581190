"""备案表: one page that can be signed as it is, whatever was entered."""

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from reportlab.graphics.barcode.qrencoder import QR8bitByte, QRCode, QRErrorCorrectLevel

from benchmarks.reliability.pdf_reading import Character, read_pdf
from cdo_desktop.documents.pdf.filing_data import shown_texts
from cdo_desktop.documents.pdf.filing_form import (
    FilingFormData,
    PaperCode,
    blank_forms,
    content_digest,
    form_problems,
    form_texts,
    write_form,
    write_forms,
    write_instructions,
)
from cdo_desktop.documents.pdf.form_layout import (
    LEFT,
    MM,
    PAGE_HEIGHT,
    RIGHT,
    TABLE_BOTTOM,
    TABLE_TOP,
    Rect,
    plan_rows,
)
from cdo_desktop.documents.pdf.form_pages import FormPages
from cdo_desktop.documents.pdf.form_rows import LayoutKey
from cdo_desktop.documents.pdf.qr import FILING, PaperMark, encode, parse
from cdo_desktop.documents.pdf.qr_symbol import symbol_rows
from cdo_desktop.errors import CancelledError, InvalidInputError
from cdo_desktop.rules.vocabulary import ChangeReason, FilingKind, Handover, HeadStatus, PostKind
from tests.documents.pdf_pages import pages_of

RARE = "𬀩𠅤𫍲𨭆"
POSTS = (PostKind.CDO, PostKind.SPECIALIST)
KINDS = tuple(FilingKind)
DATABASE = "0b1c2d3e-4f50-4617-8a29-3b4c5d6e7f80"
RECORD = "9f8e7d6c-5b4a-4392-8171-605f4e3d2c1b"


@pytest.fixture(autouse=True)
def _bundled_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CDO_BUNDLED_FONTS", "1")


def filled(
    post: PostKind = PostKind.CDO, kind: FilingKind | None = FilingKind.CHANGE, **changes: Any
) -> FilingFormData:
    form = FilingFormData(
        post=post,
        kind=kind,
        blank=False,
        filled_on=date(2026, 3, 5),
        receiving_body="区信息委",
        unit_full_name="上海市宝山区人民政府友谊路街道办事处",
        unit_category="街道",
        unit_address="上海市宝山区牡丹江路1283号",
        unit_postcode="201999",
        name=f"张{RARE}",
        sex="女",
        birth_month="",
        political_status="",
        title="友谊路街道党工委副书记、办事处主任",
        head_status=HeadStatus.ACTING,
        head_note="主任空缺，主持工作",
        since=date(2026, 3, 2),
        basis="宝府任〔2026〕12号",
        work_scope="街道数据资源规划和数据共享开放",
        section="城市运行管理中心",
        rank="四级主任科员",
        duties="公共数据目录编制、归集和共享需求对接",
        digital_years="6年",
        education="大学，计算机科学与技术",
        training="2025年11月数据专员业务培训",
        platform_account="bs-yyl-01",
        backup_name="李沿",
        backup_phone="56567001",
        office_phone="021-56560001",
        mobile="13800000001",
        email="zhang@shbsq.gov.cn",
        counterpart_name="王喆",
        counterpart_title="城运中心副主任",
        counterpart_phone="021-56560002",
        predecessor_name="赵一鸣",
        predecessor_title="原办事处主任",
        change_reason=ChangeReason.RETIREMENT,
        change_date=date(2026, 3, 2),
        due_date=date(2027, 1, 4),
        due_provisional=True,
        handover=Handover.DONE,
        filler="陈静",
        filler_phone="021-56560003",
        leave_date=date(2026, 3, 1),
        code=PaperCode(DATABASE, RECORD),
    )
    return replace(form, **changes)


CDO_VALUES = ("title", "work_scope", "head_note")
SPECIALIST_VALUES = (
    "title",
    "section",
    "rank",
    "duties",
    "digital_years",
    "education",
    "training",
    "platform_account",
    "backup_name",
    "backup_phone",
)
COMMON_VALUES = (
    "unit_full_name",
    "unit_category",
    "unit_address",
    "unit_postcode",
    "name",
    "sex",
    "basis",
    "office_phone",
    "mobile",
    "email",
    "counterpart_name",
    "counterpart_title",
    "counterpart_phone",
    "filler",
    "filler_phone",
)


@contextmanager
def opened(content: bytes) -> Iterator[pypdfium2.PdfDocument]:
    document = pypdfium2.PdfDocument(content)
    try:
        yield document
    finally:
        document.close()


def pdf_of(form: FilingFormData, **options: Any) -> bytes:
    target = io.BytesIO()
    write_forms([form], target, **options)
    return target.getvalue()


def characters_of(content: bytes) -> Sequence[Character]:
    """Return every visible character of the first page with its box in points."""
    return read_pdf(content)[0].characters


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("post", POSTS)
def test_every_form_is_one_page_with_everything_that_was_entered(post: PostKind, kind: FilingKind) -> None:
    form = filled(post, kind)
    pages = pages_of(pdf_of(form))
    assert len(pages) == 1
    for field in COMMON_VALUES + (CDO_VALUES if post is PostKind.CDO else SPECIALIST_VALUES):
        assert getattr(form, field) in pages[0], field
    assert "2026年3月5日" in pages[0]
    assert form_problems(form) == ()


@pytest.mark.parametrize("post", POSTS)
def test_change_shows_predecessor_and_provisional_due_date(post: PostKind) -> None:
    text = pages_of(pdf_of(filled(post, FilingKind.CHANGE)))[0]
    assert "赵一鸣" in text
    assert "原办事处主任" in text
    assert "2027年1月4日（暂定）" in text
    firm = pages_of(pdf_of(filled(post, FilingKind.CHANGE, due_provisional=False)))[0]
    assert "暂定" not in firm


@pytest.mark.parametrize("post", POSTS)
def test_first_filing_shows_no_change(post: PostKind) -> None:
    text = pages_of(pdf_of(filled(post, FilingKind.FIRST)))[0]
    assert "赵一鸣" not in text
    assert "2027年" not in text
    assert text.count("—") == 4  # 姓名, 职务, 变更日期, 截止日期


def test_signatures_are_those_of_the_office() -> None:
    cdo, cdo_leaves = (
        pages_of(pdf_of(filled(PostKind.CDO, kind)))[0] for kind in (KINDS[0], FilingKind.LEAVE)
    )
    specialist, specialist_leaves = (
        pages_of(pdf_of(filled(PostKind.SPECIALIST, kind)))[0] for kind in (KINDS[0], FilingKind.LEAVE)
    )
    assert "本人签名" in cdo
    assert "（签字）" not in cdo
    assert "本人签名" not in cdo_leaves
    assert "本人签名" in specialist
    assert "首席数据官意见" in specialist
    assert "（签字）" in specialist
    assert "本人签名" not in specialist_leaves
    assert "首席数据官意见" in specialist_leaves
    for text in (cdo, cdo_leaves, specialist, specialist_leaves):
        assert "单位意见" in text
        assert "区信息委（盖章）" in text


def test_leaving_shows_the_date_of_leaving_and_no_deadline() -> None:
    text = pages_of(pdf_of(filled(PostKind.CDO, FilingKind.LEAVE)))[0]
    assert "离任日期2026年3月1日" in text or "2026年3月1日" in text
    assert "截止日期" not in text
    assert "职责知悉" not in text


@pytest.mark.parametrize("post", POSTS)
def test_form_quotes_the_policy_and_carries_the_notice(post: PostKind) -> None:
    text = pages_of(pdf_of(filled(post)))[0]
    duty = (
        "数据资源规划、数据治理、数据共享开放和综合数据应用场景开发"
        if post is PostKind.CDO
        else "协助各单位首席数据官"
    )
    assert duty in text
    for part in ("个人信息", "区信息委", "用于备案登记", "保存、使用", "保存至任职结束", "查阅、复制、更正"):
        assert part in text
    assert "一式两份" in text


@pytest.mark.parametrize("kind", [None, *KINDS])
@pytest.mark.parametrize("post", POSTS)
def test_number_and_what_the_receiving_body_fills_in_stay_empty(
    post: PostKind, kind: FilingKind | None
) -> None:
    layout = plan_rows(
        LayoutKey(post, kind or FilingKind.CHANGE, "区信息委", False, False), form_texts()
    ).layout()
    empty = {"number", "late_days", "late_note", "clerk", "chief"}
    places = {place.field: place.rect for place in layout.places if place.field in empty}
    assert set(places) == empty
    content = pdf_of(filled(post, kind, blank=kind is None))
    for text, left, bottom, right, top in characters_of(content):
        for field, rect in places.items():
            inside = rect.x < (left + right) / 2 < rect.x + rect.width
            assert not (inside and rect.y < (bottom + top) / 2 < rect.y + rect.height), (field, text)


@pytest.mark.parametrize("post", POSTS)
def test_blank_form_has_labels_only(post: PostKind) -> None:
    form = filled(post, None, blank=True, code=None)
    text = pages_of(pdf_of(form))[0]
    for field in COMMON_VALUES:
        value = getattr(form, field)
        if field not in {"sex", "unit_category"}:
            assert value not in text, field
    assert "无" not in text
    assert "现任职务" in text
    assert not codes_in(pdf_of(form))


def test_blank_forms_to_hand_out_are_one_of_each_post_and_kind() -> None:
    forms = blank_forms("区信息委")
    target = io.BytesIO()
    assert write_forms(forms, target) == 6
    pages = pages_of(target.getvalue())
    assert [("首席数据官备案表" in page, "数据专员备案表" in page) for page in pages] == [
        *[(True, False)] * 3,
        *[(False, True)] * 3,
    ]
    assert [form.kind for form in forms] == [*KINDS, *KINDS]
    assert all(
        ("离任情况" in page) == (form.kind is FilingKind.LEAVE)
        for form, page in zip(forms, pages, strict=True)
    )
    assert not codes_in(target.getvalue())


@pytest.mark.parametrize(
    ("kind", "dates"),
    [
        (None, {"filled_on", "since"}),
        (FilingKind.FIRST, {"filled_on", "since"}),
        (FilingKind.CHANGE, {"filled_on", "since", "change_date", "due_date"}),
        (FilingKind.LEAVE, {"filled_on", "since", "leave_date"}),
    ],
)
def test_blank_form_leaves_places_for_the_dates_of_its_kind(kind: FilingKind | None, dates: set[str]) -> None:
    shown = shown_texts(filled(kind=kind, blank=True, code=None), form_texts(None))
    assert shown == dict.fromkeys(dates, "　　年　月　日")


def test_empty_fields_of_a_filled_form_say_so() -> None:
    nothing: dict[str, Any] = {field.name: "" for field in fields(FilingFormData) if field.type is str}
    form = filled(PostKind.SPECIALIST, **nothing, since=None, change_date=None, due_date=None, filled_on=None)
    text = pages_of(pdf_of(form))[0]
    assert text.count("无") >= 8
    assert "填表人：无" not in text
    (problem,) = form_problems(form)
    for label in ("单位全称", "姓名", "性别", "所在科室", "现任职务", "委任依据", "办公电话", "手机"):
        assert label in problem, label


@pytest.mark.parametrize("post", POSTS)
def test_a_must_field_is_left_open_and_named_before_printing(post: PostKind) -> None:
    form = filled(post, sex="", basis="", mobile="")
    (problem,) = form_problems(form)
    assert problem.startswith("必填的性别、委任依据、手机没有填")
    assert form_problems(filled(post)) == ()
    assert form_problems(filled(post, blank=True)) == ()


@pytest.mark.parametrize("post", POSTS)
def test_birth_month_and_political_status_appear_only_when_given(post: PostKind) -> None:
    assert "政治面貌" not in pages_of(pdf_of(filled(post)))[0]
    text = pages_of(pdf_of(filled(post, birth_month="1972.05", political_status="中共党员")))[0]
    assert "1972.05" in text
    assert "中共党员" in text
    only = pages_of(pdf_of(filled(post, birth_month="1972.05")))[0]
    assert "政治面貌" not in only


@pytest.mark.parametrize("post", POSTS)
def test_title_of_200_characters_is_printed_whole(post: PostKind) -> None:
    title = ("友谊路街道党工委副书记、办事处主任，兼任城市数字化转型工作领导小组成员；" * 6)[:200]
    form = filled(post, title=title)
    assert form_problems(form) == ()
    assert title in pages_of(pdf_of(form))[0]


@pytest.mark.parametrize("post", POSTS)
def test_line_end_in_a_name_stops_no_form(post: PostKind) -> None:
    name = "买买提·艾力·阿卜杜拉\n·吐尔逊"
    page = pages_of(pdf_of(filled(post, name=name, counterpart_name=name, predecessor_name=name)))[0]
    assert page.count("买买提·艾力·阿卜杜拉·吐尔逊") == 3


def test_filler_that_is_too_long_says_so_on_the_paper_too() -> None:
    form = filled(filler="陈静" * 20, filler_phone="021-56560003、" * 9)
    assert [problem[:6] for problem in form_problems(form)] == ["“填表人”太", "“联系电话”"]
    page = pages_of(pdf_of(form))[0]
    assert "填表人：陈静…（过长）" in page
    assert page.count("…（过长）") == 2


@pytest.mark.parametrize("post", POSTS)
def test_long_name_is_broken_between_its_parts_and_stays_readable(post: PostKind) -> None:
    name = "买买提·艾力·阿卜杜拉"
    form = filled(post, name=name, counterpart_name=name, predecessor_name=name, backup_name=name)
    fields_of = {place.field: fitted for place, fitted in FormPages(form_texts(None)).prepare(form).values}
    names = [fitted for field, fitted in fields_of.items() if field.endswith("name") and "unit" not in field]
    assert len(names) == (4 if post is PostKind.SPECIALIST else 3)
    for fitted in names:
        assert "".join(fitted.lines) == name
        assert all(line.endswith("·") for line in fitted.lines[:-1])
        assert fitted.size >= 10
    assert form_problems(form) == ()


def test_long_name_takes_no_room_that_a_long_title_needs() -> None:
    title = ("友谊路街道党工委副书记、办事处主任，兼任城市数字化转型工作领导小组成员；" * 6)[:200]
    long: dict[str, Any] = {
        "name": "买买提·艾力·阿卜杜拉",
        "counterpart_title": title[:60],
        "title": title,
        "basis": title,
    }
    form = filled(PostKind.SPECIALIST, **long, duties=title, training=title)
    assert form_problems(form) == form_problems(replace(form, name="张三"))


def test_short_name_of_several_parts_stays_on_one_line() -> None:
    form = filled(name="买买提·艾力")
    (fitted,) = [
        fitted for place, fitted in FormPages(form_texts(None)).prepare(form).values if place.field == "name"
    ]
    assert fitted.lines == ("买买提·艾力",)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("post", POSTS)
def test_text_that_cannot_fit_is_named_and_stays_in_its_cell(post: PostKind, kind: FilingKind) -> None:
    long = ("兼任城市数字化转型工作领导小组办公室成员、" * 300)[:5000]
    form = filled(post, kind, title=long, basis=long)
    problems = form_problems(form)
    for label in ("现任职务", "委任依据"):
        named = next(problem for problem in problems if f"“{label}”太长" in problem)
        fits, cut = (int(number) for number in re.findall(r"约 (\d+) 字", named))
        assert fits + cut == 5000
        assert fits >= 90
    content = pdf_of(form)
    assert len(pages_of(content)) == 1
    assert "（过长）" in pages_of(content)[0]
    assert_inside_table(content)


def test_named_number_of_characters_really_fits() -> None:
    long = "兼任城市数字化转型工作领导小组办公室成员，" * 100
    named = next(text for text in form_problems(filled(title=long)) if "现任职务" in text)
    fits = int(re.findall(r"约 (\d+) 字", named)[0])
    assert form_problems(filled(title=long[: fits + 60]))
    assert form_problems(filled(title=long[:fits])) == ()


def assert_inside_table(content: bytes) -> None:
    """No character crosses the border of the table or lies off the paper."""
    for text, left, bottom, right, top in characters_of(content):
        assert left >= LEFT - 1, text
        assert right <= RIGHT + 1, text
        assert bottom >= 15 * MM, text
        assert top <= PAGE_HEIGHT - 15 * MM, text


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("post", POSTS)
def test_no_text_touches_a_line(post: PostKind, kind: FilingKind) -> None:
    form = filled(
        post,
        kind,
        title="友谊路街道党工委副书记、办事处主任，兼任领导小组成员；" * 4,
        name="买买提·吐尔逊·阿卜杜拉·艾合买提江",
        email="a.very.long.name.of.somebody@baoshan.shanghai.gov.cn",
        counterpart_title="上海市宝山区友谊路街道党工委副书记、办事处主任",
        work_scope="数据目录编制、归集、共享、开放、应用场景和数据安全" * 4,
    )
    assert form_problems(form) == ()
    content = pdf_of(form)
    assert_inside_table(content)
    (page,) = read_pdf(content)
    assert len(page.level) > 15
    assert len(page.upright) > 10
    assert [*page.crossed()] == []


@pytest.mark.parametrize(
    "text",
    [
        "<b>&\"'</b>",
        "&lt;&amp;",
        "a\tb\nc",
        "first\r\nsecond",
        "(\\)",
        "%PDF",
        "{receiving_body}",
        "  前后空白  ",
        "a\u00adb\u200bc",
    ],
)
def test_special_texts_are_printed_as_they_are(text: str) -> None:
    page = pages_of(pdf_of(filled(PostKind.SPECIALIST, duties=text)))[0]
    expected = "".join(text.replace("\u00ad", "").replace("\u200b", "").split())
    assert expected in page


def test_control_characters_do_no_harm() -> None:
    page = pages_of(pdf_of(filled(title="办事\x00处\x1b主任\x7f")))[0]
    assert "办事处主任" in page


def test_rare_names_can_be_copied_and_no_glyph_is_missing() -> None:
    content = pdf_of(filled())
    assert f"张{RARE}" in pages_of(content)[0]
    assert [page.unread for page in read_pdf(content)] == [0]


def test_character_without_a_font_is_named_with_its_field_and_left_blank() -> None:
    form = filled(name="张\U00030edd", title="主任\ue863", duties="مرحبا")
    problems = form_problems(form)
    assert any("“姓名”" in problem and "U+30EDD" in problem for problem in problems)
    assert any("“现任职务”" in problem and "U+E863" in problem for problem in problems)
    text = pages_of(pdf_of(form))[0]
    assert "张" in text
    assert "\U00030edd" not in text


def test_all_fonts_are_embedded() -> None:
    content = pdf_of(filled(), duplex=True)
    fonts = content.count(b"/Type /Font ") + content.count(b"/Type /Font\n")
    assert fonts > 0
    assert content.count(b"/FontFile2") == content.count(b"/Type /FontDescriptor") > 0
    for name in (b"Helvetica", b"Times-Roman", b"Courier"):
        assert name not in content


def codes_in(content: bytes, dpi: int = 150, page: int = 0) -> list[str]:
    with opened(content) as document:
        image = document[page].render(scale=dpi / 72).to_pil()
    return [found.text for found in zxingcpp.read_barcodes(image)]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("post", POSTS)
def test_code_is_read_back_from_a_rendering(post: PostKind, kind: FilingKind) -> None:
    form = filled(post, kind)
    (text,) = codes_in(pdf_of(form))
    assert parse(text) == PaperMark(DATABASE, FILING, RECORD, 1, 1, content_digest(form))


def test_code_keeps_clear_of_the_title_and_of_every_seal() -> None:
    content = pdf_of(filled())
    with opened(content) as document:
        (found,) = zxingcpp.read_barcodes(document[0].render(scale=2).to_pil())
    corners = [found.position.top_left, found.position.bottom_right]
    (left, top), (right, bottom) = [(corner.x / 2, PAGE_HEIGHT - corner.y / 2) for corner in corners]
    assert right <= RIGHT + 1
    assert bottom > TABLE_TOP + 4 * (right - left) / 41 - 1
    for text, char_left, _bottom, char_right, char_top in characters_of(content):
        assert not (char_right > left - 5 and char_left < right and char_top > bottom), text
    assert top < PAGE_HEIGHT - 10 * MM


@pytest.mark.parametrize(
    "text", ["", "CDO2|x", "CDO1|a|filing|b|1/1|", f"CDO1|{DATABASE}|filing|{RECORD}|2/1|", "https://x"]
)
def test_foreign_codes_are_not_ours(text: str) -> None:
    assert parse(text) is None


@pytest.mark.parametrize("length", [1, 16, 60, 84, 85, 106, 107, 122, 123, 180, 181, 213, 214, 400])
def test_symbol_is_that_of_reportlab(length: int) -> None:
    """Versions 5, 6 and 7 and the first with longer counts, each just full and just beyond."""
    content = (f"CDO1|{DATABASE}|filing|{RECORD}|1/1|" * 5)[:length].encode("ascii")
    peer = QRCode(None, QRErrorCorrectLevel.M)
    peer.addData(QR8bitByte(content))
    peer.version = peer.calculate_version()
    peer.makeImpl(False, 2)
    assert symbol_rows(content) == ["".join("1" if dark else "0" for dark in row) for row in peer.modules]


def test_code_gives_back_what_was_put_in() -> None:
    mark = PaperMark(DATABASE, "sign-in", RECORD, 10, 12, "")
    assert parse(encode(mark)) == mark
    with pytest.raises(InvalidInputError):
        encode(replace(mark, database_id="x|y"))


def test_digest_changes_with_every_entered_field_and_with_nothing_else() -> None:
    form = filled()
    digest = content_digest(form)
    assert re.fullmatch(r"[0-9a-f]{16}", digest)
    not_entered: Mapping[str, Any] = {
        "blank": True,
        "filled_on": date(2026, 3, 9),
        "receiving_body": "区数据局",
        "due_date": date(2026, 3, 8),
        "due_provisional": False,
        "code": None,
    }
    others: Mapping[str, Any] = {"post": PostKind.SPECIALIST, "kind": FilingKind.LEAVE}
    for field in fields(FilingFormData):
        old = getattr(form, field.name)
        changed = date(2020, 1, 1) if isinstance(old, date) else f"{old}改"
        new: dict[str, Any] = {field.name: {**others, **not_entered}.get(field.name, changed)}
        same = content_digest(replace(form, **new)) == digest
        assert same == (field.name in not_entered), field.name


def test_one_file_keeps_the_order_and_duplex_starts_every_form_on_a_new_sheet(tmp_path: Path) -> None:
    forms = [filled(name=name) for name in ("甲", "乙", "丙")]
    target = tmp_path / "forms.pdf"
    assert write_forms(forms, target) == 3
    for name, page in zip("甲乙丙", pages_of(target.read_bytes()), strict=True):
        assert name in page
    assert write_forms(forms, target, duplex=True) == 6
    pages = pages_of(target.read_bytes())
    assert ["填表说明" in page for page in pages] == [False, True] * 3


def test_both_sides_of_a_sheet_name_the_same_paper() -> None:
    forms = [filled(name=name) for name in ("甲", "乙")]
    target = io.BytesIO()
    write_forms(forms, target, duplex=True)
    expected = [
        PaperMark(DATABASE, FILING, RECORD, page, 2, content_digest(form))
        for form in forms
        for page in (1, 2)
    ]
    assert [parse(*codes_in(target.getvalue(), page=page)) for page in range(4)] == expected
    blank = io.BytesIO()
    write_forms(
        [filled(PostKind.CDO, None, blank=True, code=None)], blank, duplex=True
    )  # to hand out: of nobody yet
    assert not codes_in(blank.getvalue(), page=1)


def test_cancelled_work_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "forms.pdf"
    target.write_bytes(b"old")

    def stop(done: int) -> None:
        if done == 2:
            raise CancelledError("已取消。")

    with pytest.raises(CancelledError):
        write_forms([filled()] * 3, target, progress=stop)
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_no_forms_is_told_and_writes_nothing(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="没有选中"):
        write_forms([], tmp_path / "forms.pdf")
    assert not list(tmp_path.iterdir())


def test_same_forms_give_the_same_bytes() -> None:
    assert pdf_of(filled()) == pdf_of(filled())


def test_instructions_are_a_sheet_for_each_post() -> None:
    target = io.BytesIO()
    write_instructions(target, POSTS)
    pages = pages_of(target.getvalue())
    assert ["《首席数据官备案表》填表说明" in pages[0], "《数据专员备案表》填表说明" in pages[1]] == [
        True,
        True,
    ]
    assert "三个工作日" in pages[0]
    assert "区信息委填写" in pages[0]
    assert "{" not in "".join(pages)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("post", POSTS)
def test_rows_fill_the_page_and_are_at_least_8_mm(post: PostKind, kind: FilingKind) -> None:
    plan = plan_rows(LayoutKey(post, kind, "区信息委", True, True), form_texts())
    for needs in ({}, {"title": 60.0}, {"title": 900.0, "basis": 900.0}):
        heights = plan.layout(needs).heights
        assert sum(heights) == pytest.approx(TABLE_TOP - TABLE_BOTTOM)
        assert min(heights) >= 8 * MM - 0.01


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("post", POSTS)
def test_cells_neither_overlap_nor_leave_gaps(post: PostKind, kind: FilingKind) -> None:
    layout = plan_rows(LayoutKey(post, kind, "区信息委", False, False), form_texts()).layout()
    rects: list[Rect] = [label.rect for label in layout.labels]
    rects += [place.rect for place in layout.places]
    rects += [paragraph.rect for paragraph in layout.paragraphs]
    rects += [opinion.rect for opinion in layout.opinions]
    area = sum(rect.width * rect.height for rect in rects)
    assert area == pytest.approx((RIGHT - LEFT) * (TABLE_TOP - TABLE_BOTTOM))
    for index, one in enumerate(rects):
        for other in rects[index + 1 :]:
            apart = (
                one.x + one.width <= other.x + 0.01
                or other.x + other.width <= one.x + 0.01
                or one.y + one.height <= other.y + 0.01
                or other.y + other.height <= one.y + 0.01
            )
            assert apart, (one, other)


def test_office_may_change_single_words(tmp_path: Path) -> None:
    (tmp_path / "filing_form.toml").write_text(
        'receiving_body = "区数据局"\noffice_contact = "56567890"\n[labels]\ntitle = "单位及职务"\n',
        encoding="utf-8",
    )
    (tmp_path / "filing_cdo.toml").write_text(
        'title = "首席数据官备案登记表"\n[labels]\nname = "官员姓名"\n', encoding="utf-8"
    )
    texts = form_texts(tmp_path)
    text = pages_of(pdf_of(filled(receiving_body=""), texts=texts))[0]
    for word in (
        "首席数据官备案登记表",
        "单位及职务",
        "官员姓名",
        "区数据局（盖章）",
        "56567890",
        "委任依据",
    ):
        assert word in text
    assert "官员姓名" not in pages_of(pdf_of(filled(PostKind.SPECIALIST), texts=texts))[0]


def test_office_may_ask_for_birth_month(tmp_path: Path) -> None:
    (tmp_path / "filing_form.toml").write_text("show_birth_month = true\n", encoding="utf-8")
    assert "出生年月" in pages_of(pdf_of(filled(), texts=form_texts(tmp_path)))[0]


def test_too_much_fixed_text_is_told_and_a_long_title_keeps_clear_of_the_code(tmp_path: Path) -> None:
    (tmp_path / "filing_form.toml").write_text(f'[notice]\ntext = "{"告知" * 600}"\n', encoding="utf-8")
    (tmp_path / "filing_cdo.toml").write_text(
        f'title = "{"上海市宝山区" * 3}首席数据官备案登记表"\n[instructions]\nitems = ["{"说明" * 2000}"]\n',
        encoding="utf-8",
    )
    texts = form_texts(tmp_path)
    with pytest.raises(InvalidInputError, match="固定文字太长"):
        pdf_of(filled(), texts=texts)
    with pytest.raises(InvalidInputError, match="填表说明太长"):
        write_instructions(io.BytesIO(), [PostKind.CDO], texts=texts)
    (tmp_path / "filing_form.toml").unlink()
    (tmp_path / "filing_cdo.toml").write_text(
        f'[instructions]\ntitle = "{"上海市宝山区" * 3}首席数据官备案登记表填表说明"\n', encoding="utf-8"
    )
    both = pdf_of(filled(), texts=form_texts(tmp_path), duplex=True)
    assert all(codes_in(both, page=page) for page in (0, 1))


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ('nothing = "无"\ntitle 首席\n', 2),
        ('[labels]\nname = "姓名\n', 2),
        ('nothing = "无"\n\nnonsense = "x"\n', 3),
        ("[labels]\nsex = true\n", 2),
        ("nothing = 3\n", 1),
        ('nothing = "无"\n[labels', 2),
    ],
)
def test_broken_text_file_is_named_with_its_line(tmp_path: Path, content: str, line: int) -> None:
    (tmp_path / "filing_form.toml").write_text(content, encoding="utf-8")
    with pytest.raises(InvalidInputError, match=rf"“filing_form\.toml”第 {line} 行"):
        form_texts(tmp_path)


def test_text_file_in_gbk_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "filing_form.toml").write_bytes('# x\nnothing = "没有"\n'.encode("gbk"))
    with pytest.raises(InvalidInputError, match="第 2 行不是 UTF-8"):
        form_texts(tmp_path)


def test_write_form_writes_one_page(tmp_path: Path) -> None:
    target = tmp_path / "表 #1.pdf"
    write_form(filled(), target)
    assert len(pages_of(target.read_bytes())) == 1
