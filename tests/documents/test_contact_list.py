"""通讯录: everybody with a phone, on pages that can lie on the desk."""

import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import pypdfium2
import pytest

from cdo_desktop.documents.pdf.contact_list import (
    PAGE_HEIGHT,
    PAGE_WIDTH,
    ContactRow,
    contact_problems,
    spread_name,
    write_contact_list,
)
from cdo_desktop.documents.pdf.form_layout import MM
from cdo_desktop.documents.pdf.form_texts import form_texts
from tests.documents.pdf_pages import pages_of, sound_paper

ROW = ContactRow(
    group="部门",
    unit="区财政局",
    cdo_name="王喆",
    cdo_title="党组书记、局长",
    cdo_phone="021-56560001",
    specialist_name="张𬀩𠅤",
    specialist_title="信息科科长",
    specialist_phone="021-56560002",
)


def rows(count: int, group: str = "部门") -> list[ContactRow]:
    return [replace(ROW, group=group, unit=f"{group}{number}局") for number in range(1, count + 1)]


def list_of(content: list[ContactRow]) -> list[str]:
    return pages_of(sound_paper(lambda target: write_contact_list(content, date(2026, 3, 5), target)))


def test_every_line_has_both_people_with_title_and_phone() -> None:
    (page,) = list_of([ROW])
    for value in (
        "区财政局",
        "王喆",
        "党组书记、局长",
        "021-56560001",
        "张𬀩𠅤",
        "信息科科长",
        "021-56560002",
    ):
        assert value in page
    assert "截至2026年3月5日" in page


def test_heads_groups_and_page_numbers_stand_on_every_page() -> None:
    pages = list_of([*rows(30), *rows(25, "街镇（园区）")])
    assert len(pages) == 3
    for number, page in enumerate(pages, 1):
        assert page.count("姓名") == 2
        assert "首席数据官" in page
        assert f"第{number}页共3页" in page
    assert "部门（30个单位）" in pages[0]
    assert "部门（续）" in pages[1]
    assert "街镇（园区）（25个单位）" in pages[1]
    assert "街镇（园区）（续）" in pages[2]


@pytest.mark.parametrize("count", range(16, 23))
def test_heading_of_a_group_never_stands_alone_at_the_foot(count: int) -> None:
    target = io.BytesIO()
    write_contact_list([*rows(count), *rows(3, "街镇（园区）")], date(2026, 3, 5), target)
    for page in pages_of(target.getvalue()):
        if "街镇（园区）（3个单位）" in page:
            assert "街镇（园区）1局" in page
    document = pypdfium2.PdfDocument(target.getvalue())
    try:
        for page in document:
            text = page.get_textpage()
            boxes = [text.get_charbox(index) for index in range(text.count_chars())]
            above_foot = [bottom for left, bottom, right, top in boxes if right > left and top > 14 * MM]
            assert min(above_foot) > 14 * MM
    finally:
        document.close()


def test_group_is_named_once_whatever_the_order_of_its_units() -> None:
    towns = rows(2, "街镇（园区）")
    (page,) = list_of([towns[0], *rows(2), towns[1]])
    assert page.count("街镇（园区）（2个单位）") == 1
    assert page.count("部门（2个单位）") == 1
    assert page.index("街镇（园区）2局") < page.index("部门1局")


def test_two_phones_stand_below_each_other_in_readable_size() -> None:
    target = io.BytesIO()
    row = replace(ROW, cdo_phone="021-56001015 13900000016", cdo_title="社会事业发展办公室 四级主任科员")
    write_contact_list([row] * 15, date(2026, 3, 5), target)
    document = pypdfium2.PdfDocument(target.getvalue())
    try:
        (page,) = document
        text = page.get_textpage()
        whole = text.get_text_range()
        assert "021-56001015\r\n13900000016" in whole
        assert "社会事业发展办公室\r\n四级主任科员" in whole
        sizes = {
            pypdfium2.raw.FPDFText_GetFontSize(text.raw, index)
            for index in range(text.count_chars())
            if 14 * MM < text.get_charbox(index)[1] < PAGE_HEIGHT - 37 * MM  # between heads and foot
            and not pypdfium2.raw.FPDFText_IsGenerated(text.raw, index)  # line ends have no size
        }
        assert min(sizes) >= 10
    finally:
        document.close()


def test_long_name_is_broken_between_its_parts() -> None:
    target = io.BytesIO()
    write_contact_list([replace(ROW, cdo_name="买买提·吐尔逊")], date(2026, 3, 5), target)
    document = pypdfium2.PdfDocument(target.getvalue())
    try:
        assert "买买提·\r\n吐尔逊" in document[0].get_textpage().get_text_range()
    finally:
        document.close()


def test_every_unit_appears_once_and_in_order() -> None:
    text = "".join(list_of(rows(60)))
    positions = [text.index(f"部门{number}局") for number in range(1, 61)]
    assert positions == sorted(positions)
    assert all(text.count(f"{number}部门{number}局") == 1 for number in range(1, 61))


def test_two_character_names_are_spread_and_others_not() -> None:
    assert spread_name("王喆") == "王　喆"
    assert spread_name("𠮷田") == "𠮷　田"
    assert [spread_name(name) for name in ("欧阳𫍲", "Li", "买买提·艾力", "")] == [
        "欧阳𫍲",
        "Li",
        "买买提·艾力",
        "",
    ]


def test_empty_post_is_shown_as_vacant() -> None:
    (page,) = list_of([replace(ROW, cdo_name="", cdo_title="", cdo_phone="")])
    assert "空缺" in page
    assert "—" not in page


def test_long_texts_stay_on_the_paper_and_are_kept() -> None:
    title = "党工委副书记、办事处主任，兼任城市数字化转型工作领导小组办公室成员" * 3
    name = "买买提·吐尔逊·阿卜杜拉·艾合买提江"
    target = io.BytesIO()
    write_contact_list([replace(ROW, cdo_title=title, specialist_name=name)] * 30, date(2026, 3, 5), target)
    pages = pages_of(target.getvalue())
    assert sum(page.count(title) for page in pages) == 30
    assert sum(page.count(name) for page in pages) == 30
    document = pypdfium2.PdfDocument(target.getvalue())
    try:
        for page in document:
            text = page.get_textpage()
            for index in range(text.count_chars()):
                left, bottom, right, top = text.get_charbox(index)
                assert 0 <= left <= right <= PAGE_WIDTH
                assert 0 <= bottom <= top <= PAGE_HEIGHT
    finally:
        document.close()


def test_character_without_a_font_is_named_with_its_unit() -> None:
    (problem,) = contact_problems([ROW, replace(ROW, unit="区水务局", cdo_name="张\U00030edd")])
    assert "区水务局" in problem
    assert "U+30EDD" in problem
    assert "张" in list_of([replace(ROW, cdo_name="张\U00030edd")])[0]


def test_empty_list_is_a_page_with_heads() -> None:
    (page,) = list_of([])
    assert "首席数据官" in page


def test_file_is_replaced_whole_and_words_may_be_changed(tmp_path: Path) -> None:
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "contact_list.toml").write_text('title = "宝山区首席数据官通讯录"\n', encoding="utf-8")
    target = tmp_path / "通讯录.pdf"
    assert write_contact_list([ROW], date(2026, 3, 5), target, texts=form_texts(folder)) == 1
    assert "宝山区首席数据官通讯录" in pages_of(target.read_bytes())[0]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["texts", "通讯录.pdf"]


def test_text_that_finds_no_place_says_so() -> None:
    title = "兼任城市数字化转型工作领导小组办公室成员、" * 200
    (page,) = list_of([replace(ROW, cdo_title=title)])
    assert title[:200] in page
    assert "…（过长）" in page


@pytest.mark.parametrize("group", ["部门\n街镇", "部门\U0001f600街镇", "部门街镇" * 50, "{count}部门街镇"])
def test_heading_of_a_group_is_one_line_whatever_it_is_called(group: str) -> None:
    (page,) = list_of([replace(ROW, group=group)])
    assert "部门街镇" in page
    assert ("（1个单位）" in page) != ("…（过长）" in page)
    assert "{count}" in page or "{" not in group
