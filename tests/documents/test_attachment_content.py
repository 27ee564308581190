"""Contents that are what their ending promises, and those in disguise."""

import os
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from benchmarks.reliability.attachment_names import DOCX, GOOD, PDF, disguised, ole_file, zipped
from cdo_desktop.documents.readers.attachment import check_content
from cdo_desktop.errors import UnreadableFileError
from cdo_desktop.rules.attachments import SUFFIXES, check_name

WORKBOOKS = Path(__file__).parent.parent / "data" / "workbooks"


@pytest.mark.parametrize("name", GOOD)
def test_honest_file_is_taken(name: str) -> None:
    check_content(GOOD[name], check_name(name).kind, name)


def test_files_of_real_programs_are_taken() -> None:
    check_content((WORKBOOKS / "roster.xls").read_bytes(), SUFFIXES["xls"], "名册.xls")
    check_content((WORKBOOKS / "roster.xls").read_bytes(), SUFFIXES["et"], "名册.et")
    check_content((WORKBOOKS / "roster.xlsx").read_bytes(), SUFFIXES["xlsx"], "名册.xlsx")


@pytest.mark.parametrize(("name", "content"), [one for one in disguised() if one[1]])
def test_disguised_file_is_refused_with_a_sentence(name: str, content: bytes) -> None:
    with pytest.raises(UnreadableFileError, match="^“.*。$"):
        check_content(content, check_name(name).kind, name)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.pdf", b"MZ" + PDF, "内容是 Windows 程序"),
        ("a.pdf", b"\xff\xd8\xff", "内容是 jpg 图片"),
        ("a.docx", ole_file(("EncryptedPackage", b"x")), "有打开密码"),
        ("a.docx", ole_file(("WordDocument", b"x")), "旧格式的 Office 文件"),
        ("a.doc", ole_file(("WordDocument", b"x"), ("Macros", b"x")), "带有宏"),
        ("a.docx", DOCX[:-30], "损坏或不完整"),
        ("a.docx", zipped(("a.txt", b"x")), "压缩包"),
    ],
)
def test_refusal_says_what_the_content_is(name: str, content: bytes, words: str) -> None:
    with pytest.raises(UnreadableFileError, match=words):
        check_content(content, check_name(name).kind, name)


def test_encrypted_workbook_is_refused() -> None:
    with pytest.raises(UnreadableFileError, match="有打开密码"):
        check_content((WORKBOOKS / "encrypted.xls").read_bytes(), SUFFIXES["xls"], "名册.xls")


def test_zip_bomb_is_not_unpacked() -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"<" + bytes(300_000_000))
    with pytest.raises(UnreadableFileError, match="损坏"):
        check_content(out.getvalue(), SUFFIXES["docx"], "a.docx")


@pytest.mark.parametrize("suffix", ["doc", "xls", "docx", "xlsx", "ofd"])
def test_noise_behind_a_right_beginning_is_refused(suffix: str) -> None:
    kind = SUFFIXES[suffix]
    for length in (10, 600, 100_000):
        with pytest.raises(UnreadableFileError, match="^“.*。$"):
            check_content(kind.heads[0] + os.urandom(length), kind, f"a.{suffix}")
