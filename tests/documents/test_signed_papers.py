"""用印清单 and 工作交接单: lists with places to sign, which never stand alone on a page."""

import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from benchmarks.reliability.pdf_reading import read_pdf
from cdo_desktop.documents.pdf.form_texts import form_texts
from cdo_desktop.documents.pdf.handover_sheet import (
    HandoverItem,
    HandoverSheet,
    handover_categories,
    write_handovers,
)
from cdo_desktop.documents.pdf.official_page import paper_problems
from cdo_desktop.documents.pdf.seal_list import SealItem, SealList, write_seal_list
from cdo_desktop.errors import InvalidInputError
from tests.documents.pdf_pages import pages_of, sound_paper

RECEIPT = SealItem("备案回执（友谊路街道张𬀩㛃䶮）", 2, "回执报送单位", "一份存档")
SEALS = SealList("区首席数据官办公室", "区信息委印章", date(2026, 3, 10), (RECEIPT,), "备案回执集中用印")
ACCOUNTS, LEDGERS, TASKS, FILINGS, OTHERS = handover_categories()
HANDOVER = HandoverSheet(
    unit="上海市宝山区人民政府友谊路街道办事处",
    post="首席数据官",
    predecessor="赵一鸣",
    predecessor_title="原办事处主任",
    successor="张𬀩㛃䶮",
    successor_title="办事处主任",
    handed_over_on=date(2026, 3, 10),
    reason="职务调整",
    items=(
        HandoverItem(ACCOUNTS, "区大数据资源平台账号", "1个", "密码当面修改"),
        HandoverItem(FILINGS, "首席数据官变更备案", "应于2026年3月5日前报送"),
    ),
)
LONG = ("党工委副书记、办事处主任，兼任城市数字化转型工作领导小组办公室成员、" * 7)[:198] + "主任"


def seal_pages(paper: SealList) -> list[str]:
    return pages_of(sound_paper(lambda target: write_seal_list(paper, target)))


def handover_pages(*sheets: HandoverSheet) -> list[str]:
    return pages_of(sound_paper(lambda target: write_handovers(sheets, target)))


def test_seal_list_names_papers_copies_and_the_seal() -> None:
    (page,) = seal_pages(replace(SEALS, items=(RECEIPT, SealItem("提醒函", 3, "印发"))))
    for value in (
        "用印清单",
        "申请部门区首席数据官办公室申请日期2026年3月10日",
        "使用印章区信息委印章",
        "用印事由备案回执集中用印",
        "1备案回执（友谊路街道张𬀩㛃䶮）2回执报送单位一份存档",
        "2提醒函3印发",
        "合计：文件2件，用印5份",
        "申请人：年月日审批人：年月日用印人：年月日",
    ):
        assert value in page


def test_empty_seal_list_says_so_and_leaves_the_date_to_a_pen() -> None:
    (page,) = seal_pages(SealList("办公室", "印章", None, ()))
    assert "（无）" in page
    assert "申请日期年月日" in page
    assert "用印事由" not in page


@pytest.mark.parametrize("count", [1, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 300])
def test_places_to_sign_stand_once_below_the_last_row(count: int) -> None:
    items = tuple(replace(RECEIPT, document=f"备案回执（{number:03}）") for number in range(1, count + 1))
    *before, last = seal_pages(replace(SEALS, items=items))
    assert last.index("合计：") < last.index("申请人：")
    assert not any("申请人：" in page for page in before)
    assert all("文件名称份数用途备注" in page for page in (*before, last))
    text = "".join((*before, last))
    assert all(text.count(item.document) == 1 for item in items)


def test_handover_shows_the_post_and_what_is_known_of_it() -> None:
    (page,) = handover_pages(HANDOVER)
    for value in (
        "首席数据官工作交接单",
        "单位上海市宝山区人民政府友谊路街道办事处",
        "岗位首席数据官交接日期2026年3月10日",
        "移交人赵一鸣职务原办事处主任",
        "接收人张𬀩㛃䶮职务办事处主任",
        "交接原因职务调整",
        f"{ACCOUNTS}1区大数据资源平台账号1个密码当面修改{LEDGERS}{TASKS}{FILINGS}2首席数据官变更备案",
        "移交人：年月日接收人：年月日监交人：年月日",
        "第1页共1页",
    ):
        assert value in page


def test_handover_without_a_successor_is_filled_in_by_hand() -> None:
    empty = replace(HANDOVER, successor="", successor_title="", handed_over_on=None, reason="", items=())
    (page,) = handover_pages(empty)
    assert "接收人职务" in page
    assert "交接日期年月日" in page
    assert "交接原因" not in page


def test_item_of_another_category_comes_last() -> None:
    sheet = replace(HANDOVER, items=(HandoverItem("印章", "业务用章"), *HANDOVER.items))
    text = "".join(handover_pages(sheet))
    assert text.index(OTHERS) < text.index("印章3业务用章")


def test_blank_lines_give_way_before_they_take_another_page() -> None:
    names = (ACCOUNTS, LEDGERS, TASKS, FILINGS, OTHERS, "印章")
    items = tuple(HandoverItem(name, "一项") for name in names)
    for lines in range(5):
        assert len(handover_pages(replace(HANDOVER, items=items, blank_lines=lines))) == 1


def test_many_rows_go_on_and_the_signatures_come_last() -> None:
    items = tuple(HandoverItem(LEDGERS, f"台账{number:03}") for number in range(300))
    pages = handover_pages(replace(HANDOVER, items=items))
    assert len(pages) > 8
    assert [page.count("监交人：") for page in pages] == [*[0] * (len(pages) - 1), 1]
    assert all(page.count("数量、进展等情况") == 1 for page in pages)
    assert all("".join(pages).count(item.content) == 1 for item in items)


def test_sheets_of_several_posts_are_one_file() -> None:
    pages = handover_pages(HANDOVER, replace(HANDOVER, post="数据专员"))
    assert ["数据专员工作交接单" in page for page in pages] == [False, True]


def test_no_post_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="没有生成工作交接单"):
        write_handovers([], io.BytesIO())


def test_long_texts_stay_whole() -> None:
    sheet = replace(HANDOVER, predecessor_title=LONG, items=(HandoverItem(TASKS, LONG, LONG, LONG),))
    assert len(LONG) == 200
    assert "".join(handover_pages(sheet)).count(LONG) == 4
    assert (
        "".join(seal_pages(replace(SEALS, items=(replace(RECEIPT, document=LONG, note=LONG),)))).count(LONG)
        == 2
    )


def test_character_without_a_font_is_named_and_left_blank() -> None:
    strange = replace(HANDOVER, items=(HandoverItem(TASKS, "与\U00030edd的约定"),))
    (problem,) = paper_problems(strange)
    assert "与" in problem
    assert "U+30EDD" in problem
    assert "的约定" in handover_pages(strange)[0]


def test_words_may_be_changed_and_the_files_are_replaced_whole(tmp_path: Path) -> None:
    (tmp_path / "seal_list.toml").write_text('signers = ["经手人：", "批准人："]\n', encoding="utf-8")
    (tmp_path / "handover_sheet.toml").write_text('categories = ["账号"]\n', encoding="utf-8")
    texts = form_texts(tmp_path)
    target = tmp_path / "清单.pdf"
    write_seal_list(SEALS, target, texts=texts)
    assert "经手人：年月日批准人：年月日本清单" in pages_of(target.read_bytes())[0]
    write_handovers([HANDOVER], target, texts=texts)
    assert TASKS not in pages_of(target.read_bytes())[0]
    assert handover_categories(texts) == ("账号",)


def test_category_that_finds_no_place_says_so() -> None:
    sheet = replace(HANDOVER, items=(HandoverItem("印章\n" + "、业务用章" * 40, "业务用章"),))
    (page,) = handover_pages(sheet)
    assert "印章、业务用章、业务用章" in page
    assert "…（过长）" in page


def test_facts_that_are_all_too_long_leave_the_list_its_place() -> None:
    sheet = replace(HANDOVER, predecessor_title=LONG * 9, successor_title=LONG * 9, reason=LONG * 9)
    target = io.BytesIO()
    write_handovers([sheet], target)
    for page in read_pdf(target.getvalue()):
        assert [*page.crossed(), *page.overlapping()] == []
    assert pages_of(target.getvalue())[0].count("…（过长）") == 3
