"""Which names and sizes may become attachments, and what a copy of one is called."""

import pytest

from benchmarks.reliability.attachment_names import DANGEROUS, GOOD
from cdo_desktop.errors import InvalidInputError
from cdo_desktop.rules.attachments import (
    KINDS,
    MAX_BYTES,
    NAME_LENGTH,
    SUFFIXES,
    check_name,
    check_size,
    copy_name,
    kind_of,
    numbered,
    shown_name,
)


def test_allow_list_is_the_one_of_the_office() -> None:
    pictures = {"jpg", "jpeg", "png", "tif", "tiff"}
    assert set(SUFFIXES) == pictures | {"pdf", "ofd", "doc", "docx", "xls", "xlsx", "wps", "et"}
    assert len({kind.media_type for kind in KINDS}) == len(KINDS)
    assert all(kind_of(kind.media_type) == kind for kind in KINDS)
    assert kind_of("text/html") is None


def test_more_than_sixty_dangerous_names_are_listed() -> None:
    assert len(set(DANGEROUS)) == len(DANGEROUS) >= 60


@pytest.mark.parametrize("name", DANGEROUS, ids=ascii)
def test_dangerous_name_is_refused_with_a_sentence(name: str) -> None:
    with pytest.raises(InvalidInputError, match="^“.*。$"):
        check_name(name)


@pytest.mark.parametrize("name", GOOD)
def test_name_as_offices_send_them_is_taken(name: str) -> None:
    checked = check_name(name)
    assert checked.display == name.replace("\u200b", "")
    assert checked.display.lower().endswith((checked.kind.suffix, *checked.kind.other_suffixes))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("a.exe", "能够运行"),
        ("a.com", "能够运行"),
        ("a.docm", "宏"),
        ("a.rar", "先解压"),
        ("a.txt", "不是可以添加的文件"),
        ("a", "没有扩展名"),
        ("a.exe.pdf", "两个扩展名"),
        ("a\u202efdp.exe", "隐藏字符"),
        ("a.pdf:x", "冒号"),
    ],
)
def test_refusal_says_what_is_wrong(name: str, words: str) -> None:
    with pytest.raises(InvalidInputError, match=words):
        check_name(name)


def test_hidden_characters_do_not_reach_the_sentence() -> None:
    with pytest.raises(InvalidInputError) as refused:
        check_name("合同\u202efdp.exe")
    assert "\u202e" not in str(refused.value)
    assert shown_name("a\x00b\u200bc" + " " * 40 + ".exe") == "a□bc … .exe"
    assert len(shown_name("长" * 500)) < 100


def test_decomposed_name_of_a_mac_is_composed() -> None:
    assert check_name("résumé.pdf").display == "résumé.pdf"


@pytest.mark.parametrize("size", [1, MAX_BYTES])
def test_size_within_the_limit_is_taken(size: int) -> None:
    check_size(size, "a.pdf")


@pytest.mark.parametrize(("size", "words"), [(0, "空文件"), (MAX_BYTES + 1, "最多 50 MB")])
def test_size_beyond_the_limit_is_refused(size: int, words: str) -> None:
    with pytest.raises(InvalidInputError, match=words):
        check_size(size, "a.pdf")


def test_second_file_of_a_name_gets_a_number_and_still_fits() -> None:
    taken = {"任免文件.pdf", "任免文件 (2).pdf"}
    assert numbered("任免文件.pdf", taken.__contains__) == "任免文件 (3).pdf"
    assert numbered("别的.pdf", taken.__contains__) == "别的.pdf"
    longest = "任" * (NAME_LENGTH - 4) + ".pdf"
    assert check_name(numbered(longest, {longest}.__contains__)).display.endswith("任 (2).pdf")


@pytest.mark.parametrize(
    ("name", "copy"),
    [
        ("任免文件 一稿.pdf", "任免文件-一稿.pdf"),
        ("..\\..\\x.exe.pdf", "x-exe.pdf"),
        ("关于〔2026〕1号（正式）.pdf", "关于〔2026〕1号（正式）.pdf"),
        ("%TEMP%.pdf", "TEMP.pdf"),
        ("con.pdf", "附件.pdf"),
        ("….pdf", "附件.pdf"),
        ("长" * 150 + ".pdf", "长" * 40 + ".pdf"),
        ("改了.docx", "改了.pdf"),
    ],
)
def test_copy_has_a_plain_name_and_the_ending_of_its_kind(name: str, copy: str) -> None:
    assert copy_name(name, SUFFIXES["pdf"]) == copy
