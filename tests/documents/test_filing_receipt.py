"""备案回执: one page with everything the unit wants to keep, and room for the seal."""

import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from benchmarks.reliability.pdf_reading import read_pdf
from cdo_desktop.documents.pdf.filing_receipt import FilingReceipt, write_receipts
from cdo_desktop.documents.pdf.form_layout import MM
from cdo_desktop.documents.pdf.form_texts import form_texts
from cdo_desktop.documents.pdf.official_page import paper_problems
from cdo_desktop.errors import InvalidInputError
from tests.documents.pdf_pages import pages_of, sound_paper

RECEIPT = FilingReceipt(
    number="〔2026〕12号",
    unit="上海市宝山区人民政府友谊路街道办事处",
    post="首席数据官",
    name="张𬀩㛃䶮",
    title="党工委副书记、办事处主任",
    kind="变更备案",
    filed_on=date(2026, 3, 10),
    handler="陈静",
    receiving_body="上海市宝山区信息化委员会",
    issued_on=date(2026, 3, 11),
    change_date=date(2026, 3, 2),
    due_date=date(2026, 3, 5),
    scan_received_on=date(2026, 3, 8),
    original_received_on=date(2026, 3, 9),
    late=True,
    late_days=2,
    late_reason="承办人出差",
    office_phone="021-56560003",
)
IN_TIME = replace(RECEIPT, late=False, late_days=0, late_reason="")


def content_of(*receipts: FilingReceipt) -> bytes:
    content = sound_paper(lambda target: write_receipts(receipts, target))
    assert len(pages_of(content)) == len(receipts)
    return content


def page_of(receipt: FilingReceipt) -> str:
    (page,) = pages_of(content_of(receipt))
    return page


def test_receipt_tells_everything_with_dates_and_lateness() -> None:
    page = page_of(RECEIPT)
    for value in (
        "备案回执",
        "上海市宝山区人民政府友谊路街道办事处：",
        "备案编号〔2026〕12号备案日期2026年3月10日",
        "岗位首席数据官备案类型变更备案",
        "姓名张𬀩㛃䶮",
        "职务党工委副书记、办事处主任",
        "变更日期2026年3月2日应备案截止日2026年3月5日",
        "收到日期扫描件：2026年3月8日原件：2026年3月9日",
        "是否逾期是逾期工作日2个工作日",
        "逾期说明承办人出差",
        "经办人陈静联系电话021-56560003",
        "上海市宝山区信息化委员会2026年3月11日",
    ):
        assert value in page


def test_receipt_in_time_asks_for_no_reason() -> None:
    page = page_of(IN_TIME)
    assert "是否逾期否（按期）逾期工作日—" in page
    assert "逾期说明" not in page


def test_first_filing_has_no_limit() -> None:
    page = page_of(replace(IN_TIME, kind="首次备案", change_date=None, due_date=None, scan_received_on=None))
    assert "变更日期—应备案截止日—" in page
    assert "收到日期原件：2026年3月9日" in page
    assert "不适用（没有期限要求）" in page


def test_less_than_a_working_day_and_a_provisional_limit_are_told() -> None:
    page = page_of(replace(RECEIPT, late_days=0, due_provisional=True))
    assert "不足1个工作日" in page
    assert "2026年3月5日（暂定）" in page


def test_many_receipts_are_a_page_each_in_their_order() -> None:
    receipts = [replace(RECEIPT, number=f"2026-{number:03}") for number in range(1, 31)]
    pages = pages_of(content_of(*receipts))
    assert len(pages) == 30
    assert all(receipt.number in page for receipt, page in zip(receipts, pages, strict=True))


def test_no_receipts_are_refused() -> None:
    with pytest.raises(InvalidInputError, match="没有生成回执"):
        write_receipts([], io.BytesIO())


@pytest.mark.parametrize("receipt", [RECEIPT, IN_TIME])
def test_place_of_the_seal_is_free(receipt: FilingReceipt) -> None:
    (page,) = read_pdf(content_of(receipt))
    *_earlier, month = (one for one in page.characters if one.text == "月")  # that of the last date
    name_top = month.top + 24  # 署名 stands a line above
    above = [one for one in page.characters if one.bottom > name_top + 2 and one.right > month.left - 60]
    assert min(one.bottom for one in above) - name_top > 21 * MM - 24
    below = [one for one in page.characters if one.top < month.bottom - 2]
    assert [one for one in below if one.bottom > month.bottom - 21 * MM] == []


def test_long_texts_stay_whole_and_on_their_page() -> None:
    title = ("党工委副书记、办事处主任，兼任城市数字化转型工作领导小组办公室成员、" * 7)[:198] + "主任"
    page = page_of(replace(RECEIPT, title=title, late_reason=title))
    assert len(title) == 200
    assert page.count(title) == 2


def test_endless_reason_ends_in_words_that_say_so() -> None:
    assert "…（过长）" in page_of(replace(RECEIPT, late_reason="承办人出差" * 600))


def test_character_without_a_font_is_named_and_left_blank() -> None:
    strange = replace(RECEIPT, name="张\U00030edd", unit="区\U00030edd局")
    (problem,) = paper_problems(strange)
    assert "〔2026〕12号" in problem
    assert "U+30EDD" in problem
    assert "你单位报送的" in page_of(strange)


def test_words_may_be_changed_and_the_file_is_replaced_whole(tmp_path: Path) -> None:
    (tmp_path / "filing_receipt.toml").write_text('title = "备案登记回执"\n', encoding="utf-8")
    target = tmp_path / "回执.pdf"
    write_receipts([RECEIPT], target, texts=form_texts(tmp_path))
    assert "备案登记回执" in pages_of(target.read_bytes())[0]


def test_office_with_the_longest_name_signs_on_the_paper() -> None:
    office = "上海市宝山区首席数据官制度工作领导小组办公室" * 3
    assert office[:50] in page_of(replace(RECEIPT, receiving_body=office[:50]))


def test_line_ends_in_a_name_push_nothing_off_the_page() -> None:
    assert "第1行第2行第3行" in page_of(replace(RECEIPT, unit="".join(f"第{line}行\n" for line in range(30))))
