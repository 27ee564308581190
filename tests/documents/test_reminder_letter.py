"""提醒函: a letter by GB/T 9704 for every unit, with 署名 and its seal where they belong."""

import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from benchmarks.reliability.pdf_reading import read_pdf
from cdo_desktop.documents.pdf.fonts import new_canvas
from cdo_desktop.documents.pdf.form_layout import MM
from cdo_desktop.documents.pdf.form_texts import form_texts
from cdo_desktop.documents.pdf.letter_pages import Letter, LetterPages
from cdo_desktop.documents.pdf.official_page import LETTER, paper_problems, title_lines
from cdo_desktop.documents.pdf.reminder_letter import (
    Reminder,
    ReminderItem,
    reminder_text,
    write_reminders,
)
from cdo_desktop.errors import InvalidInputError
from tests.documents.pdf_pages import assert_sound, pages_of, sound_paper

LATE = ReminderItem(
    post="首席数据官",
    name="张𬀩㛃䶮",
    title="党工委副书记、办事处主任",
    kind="变更备案",
    change_date=date(2026, 3, 2),
    due_date=date(2026, 3, 5),
    overdue=True,
    late_days=2,
)
RUNNING = replace(
    LATE, post="数据专员", name="喆堃", due_date=date(2026, 3, 11), overdue=False, late_days=0, days_left=2
)
LETTER_TO_UNIT = Reminder(
    unit="上海市宝山区人民政府友谊路街道办事处",
    items=(LATE,),
    as_of=date(2026, 3, 9),
    dated=date(2026, 3, 10),
    receiving_body="区信息委",
    issuer="上海市宝山区信息化委员会",
    contact="陈静",
    phone="021-56560003",
)


def content_of(*reminders: Reminder, duplex: bool = False) -> bytes:
    return sound_paper(lambda target: write_reminders(reminders, target, duplex=duplex))


def pages(*reminders: Reminder) -> list[str]:
    return pages_of(content_of(*reminders))


def letters_of(letter: Letter) -> bytes:
    target = io.BytesIO()
    canvas = new_canvas(target, letter.title)
    LetterPages(canvas, "— {page} —").add(letter)
    canvas.save()
    return target.getvalue()


def test_one_overdue_filing_is_told_in_the_letter() -> None:
    (page,) = pages(LETTER_TO_UNIT)
    for value in (
        "关于及时报送首席数据官备案材料的提醒函",
        "上海市宝山区人民政府友谊路街道办事处：",
        "你单位首席数据官于2026年3月2日变更为张𬀩㛃䶮，应于2026年3月5日前（含当日）报送备案材料。",
        "截至2026年3月9日，区信息委尚未收到，已逾期2个工作日。",
        "并书面说明逾期原因",
        "上海市宝山区信息化委员会2026年3月10日",
        "（联系人：陈静；联系电话：021-56560003）",
        "—1—",
    ):
        assert value in page
    assert "附件" not in page


def test_running_filing_is_not_called_late() -> None:
    (page,) = pages(replace(LETTER_TO_UNIT, items=(RUNNING,)))
    assert "应于2026年3月11日前（含当日）报送" in page
    assert "请按时" in page
    assert "逾期" not in page


@pytest.mark.parametrize(
    ("item", "told"),
    [
        (replace(LATE, late_days=0), "已经逾期"),
        (replace(RUNNING, due_provisional=True), "2026年3月11日（暂定）"),
        (replace(RUNNING, kind="首次备案", due_date=None, change_date=None), "（喆堃）的首次备案材料"),
    ],
)
def test_what_is_told_fits_the_filing(item: ReminderItem, told: str) -> None:
    assert told in reminder_text(replace(LETTER_TO_UNIT, items=(item,)))[0]


def test_list_says_which_original_is_missing_and_which_change_is_to_come() -> None:
    half = replace(LATE, scan_here=True)
    coming = replace(RUNNING, change_date=date(2026, 3, 16), due_date=date(2026, 3, 19), days_left=8)
    leaving = replace(coming, kind="离任备案", due_date=None)
    first = replace(leaving, kind="首次备案")
    _letter, attached = pages(replace(LETTER_TO_UNIT, items=(half, coming, leaving, first)))
    for told in ("逾期2个工作日缺原件", "2026-03-19尚未变更", "—尚未离任", "—尚未任职"):
        assert told in attached


@pytest.mark.parametrize(("contact", "told"), [("陈静", "10日（联系人：陈静）"), ("", "10日—1—")])
def test_what_is_not_known_of_the_office_is_not_printed(contact: str, told: str) -> None:
    (page,) = pages(replace(LETTER_TO_UNIT, contact=contact, phone=""))
    assert told in page


def test_a_day_to_answer_until_is_named() -> None:
    reminder = replace(LETTER_TO_UNIT, reply_by=date(2026, 3, 13))
    assert reminder_text(reminder)[1].startswith("请于2026年3月13日前")


def test_several_filings_come_as_a_list_behind_the_letter() -> None:
    letter, attached = pages(replace(LETTER_TO_UNIT, items=(LATE, RUNNING)))
    assert "关于及时报送首席数据官、数据专员备案材料的提醒函" in letter
    assert "有2件备案材料区信息委尚未收到，其中1件已经逾期" in letter
    assert "附件：未报送备案材料清单" in letter
    assert attached.startswith("附件未报送备案材料清单序号")
    assert "1首席数据官张𬀩㛃䶮" in attached
    assert "2026-03-022026-03-05逾期2个工作日" in attached
    assert "剩2个工作日" in attached
    assert "—2—" in attached


@pytest.mark.parametrize(
    ("items", "told"),
    [
        ((LATE, LATE), "有2件备案材料区信息委已收到扫描件，尚未收到原件，其中2件已经逾期"),
        ((RUNNING, RUNNING), "有2件备案材料区信息委已收到扫描件，尚未收到原件，详见附件"),
    ],
)
def test_several_whose_scans_are_here_miss_only_their_originals(
    items: tuple[ReminderItem, ...], told: str
) -> None:
    half = tuple(replace(item, scan_here=True) for item in items)
    assert told in reminder_text(replace(LETTER_TO_UNIT, items=half))[0]


def test_long_list_repeats_its_head() -> None:
    items = tuple(replace(LATE, name=f"张{number:03}") for number in range(1, 301))
    _letter, *attached = pages(replace(LETTER_TO_UNIT, items=items))
    assert len(attached) > 8
    assert all("应备案截止日" in page for page in attached)
    text = "".join(attached)
    assert all(text.count(item.name) == 1 for item in items)


def test_letters_to_all_overdue_units_begin_their_own_pages() -> None:
    units = [replace(LETTER_TO_UNIT, unit=f"第{number}局", items=(LATE, RUNNING)) for number in range(3)]
    read = pages(*units, replace(LETTER_TO_UNIT, unit="没有要提醒的局", items=()))
    assert len(read) == 6
    assert [page.count("—1—") for page in read] == [1, 0] * 3
    assert all(f"第{number}局：" in read[2 * number] for number in range(3))


def test_two_sided_printing_begins_every_letter_on_a_new_sheet() -> None:
    first = replace(LETTER_TO_UNIT, unit="第一局")
    read = pages_of(content_of(first, LETTER_TO_UNIT, duplex=True))
    assert ["第一局：" in page for page in read] == [True, False, False]
    assert read[1] == ""


def test_nothing_to_remind_of_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="没有需要提醒"):
        write_reminders([replace(LETTER_TO_UNIT, items=())], io.BytesIO())


@pytest.mark.parametrize("paragraphs", range(1, 30))
def test_signature_never_stands_alone_and_the_seal_has_room(paragraphs: int) -> None:
    letter = Letter("关于事项的函", "第一局：", ("正文一行。",) * paragraphs, "区信息委", "2026年3月9日")
    content = letters_of(replace(letter, contact="（联系人：陈静；联系电话：021-56560003）"))
    last = pages_of(content)[-1]
    assert "正文一行。" in last.split("区信息委")[0]
    assert "区信息委2026年3月9日（联系人" in last
    shown = read_pdf(content)[-1].characters
    assert min(one.bottom for one in shown) > LETTER.bottom - 13 * MM  # the page's number
    (name,) = [one for one in shown if one.text == "委" and one.left > 300]
    text = [one for one in shown if one.text == "文"]
    assert min(one.bottom for one in text) - name.top > 40  # two lines for the upper half of the seal
    below = [one for one in shown if name.bottom - 100 < one.bottom < name.bottom - 40]
    note = [one for one in below if one.bottom > LETTER.bottom]
    assert max(one.right for one in note) < name.left - 10 * MM  # and left of it


def test_page_is_that_of_the_standard() -> None:
    letter = Letter("关于事项的函", "第一局：", ("正" * 2000,), "区信息委", "2026年3月9日")
    shown = [one for one in read_pdf(letters_of(letter))[1].characters if one.text == "正"]
    lines = {round(one.bottom) for one in shown}
    assert len(lines) == 22
    assert len(shown) == 22 * 28
    assert min(one.left for one in shown) >= 28 * MM
    assert max(one.right for one in shown) <= 184 * MM
    assert max(one.top for one in shown) <= (297 - 37) * MM
    assert min(one.bottom for one in shown) >= 35 * MM


def test_title_is_broken_into_lines_of_like_length() -> None:
    lines = title_lines("关于及时报送首席数据官、数据专员备案材料的提醒函", LETTER, 22)
    assert len(lines) == 2
    assert abs(len(lines[0]) - len(lines[1])) <= 2


def test_red_head_is_printed_only_when_the_office_gives_one(tmp_path: Path) -> None:
    words = 'red_head = "上海市宝山区信息化委员会办公室"\n'
    (tmp_path / "reminder_letter.toml").write_text(words, encoding="utf-8")
    target = tmp_path / "提醒函.pdf"
    reminder = replace(LETTER_TO_UNIT, items=(LATE, RUNNING), number="宝信息委函〔2026〕12号")
    write_reminders([reminder], target, texts=form_texts(tmp_path))
    assert_sound(target.read_bytes())
    first, *others = pages_of(target.read_bytes())
    assert first.startswith("上海市宝山区信息化委员会办公室宝信息委函〔2026〕12号关于")
    assert "—1—" not in first
    assert all("上海市宝山区信息化委员会办公室" not in page for page in others)
    assert "上海市宝山区信息化委员会办公室" not in pages(reminder)[0]


def test_character_without_a_font_is_named_and_left_blank() -> None:
    strange = replace(
        LETTER_TO_UNIT, items=(replace(LATE, name="张\U00030edd"), RUNNING), unit="\U00030edd局"
    )
    problems = paper_problems(strange)
    assert len(problems) == 2
    assert "首席数据官" in problems[1]
    assert len(pages(strange)) == 2


def test_office_with_the_longest_name_signs_on_the_paper() -> None:
    office = ("上海市宝山区首席数据官制度工作领导小组办公室" * 3)[:50]
    (page,) = pages(replace(LETTER_TO_UNIT, issuer=office, receiving_body="区信息委"))
    assert office in page


@pytest.mark.parametrize("number", ["宝信息委函\n〔2026〕12号", "宝信息委函〔2026〕12号" * 4])
def test_number_of_a_letter_stands_on_one_line_of_the_paper(number: str) -> None:
    (page,) = pages(replace(LETTER_TO_UNIT, number=number))
    assert "宝信息委函〔2026〕12号" in page


@pytest.mark.parametrize("mark", ["—", "。", "（", "…"])
def test_long_run_of_marks_stays_on_the_paper(mark: str) -> None:
    item = replace(LATE, title="1" + mark * 150)
    assert sum(page.count(mark) for page in pages(replace(LETTER_TO_UNIT, items=(item, RUNNING)))) >= 150
