"""Whether the content of a file is what its ending promises; an attachment is kept as it is, not unpacked."""

import struct
import zipfile
import zlib
from io import BytesIO
from typing import Final

from cdo_desktop.documents.readers.biff import has_macro_sheet
from cdo_desktop.documents.readers.ole import OleFile
from cdo_desktop.errors import UnreadableFileError
from cdo_desktop.rules.attachments import OLE, ZIP, FileKind

_MAX_ENTRIES = 20_000
_MAX_TYPES_BYTES = 1 << 20
_ENTRY_MARK = b"PK\x01\x02"
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    struct.error,
    LookupError,
    ValueError,
    NotImplementedError,
    RuntimeError,
)
_WORD, _SHEET, _OFD, _LOCKED, _OTHER = "Word 文档", "Excel 表格", "OFD 文件", "加密的 Office 文件", "其他文件"
_WANTED: Final = {
    "ofd": _OFD,
    **dict.fromkeys(("doc", "docx", "wps"), _WORD),
    **dict.fromkeys(("xls", "xlsx", "et"), _SHEET),
}
_MAIN_PARTS = (
    (b"wordprocessingml.document.main+xml", _WORD),
    (b"spreadsheetml.sheet.main+xml", _SHEET),
)
_MACRO_TYPES = (b"macroenabled", b"vbaproject", b"macrosheet")
_MACRO_STORAGES = frozenset(("macros", "vba", "_vba_project", "_vba_project_cur"))
_HEADS: Final = (
    (b"%PDF-", "PDF 文件"),
    (b"\xff\xd8\xff", "jpg 图片"),
    (b"\x89PNG", "png 图片"),
    (b"II*\0", "tif 图片"),
    (b"MM\0*", "tif 图片"),
    (b"GIF8", "gif 图片"),
    (b"BM", "bmp 图片"),
    (b"MZ", "Windows 程序"),
    (b"\x7fELF", "程序"),
    (b"Rar!", "RAR 压缩包"),
    (b"7z\xbc\xaf", "7z 压缩包"),
    (b"{\\rtf", "RTF 文档"),
    (b"#!", "脚本"),
    (OLE, "旧格式的 Office 文件"),
    (ZIP, "压缩包，或新格式的 Office 文件"),
)
_WEB_PAGE = (
    b"<html",
    b"<!doctype html",
    b"<table",
    b"<head",
    b"<body",
    b"<script",
    b"<?xml",
    b"mime-version",
)
_BLANK = b"\xef\xbb\xbf \t\r\n\0"


def check_content(content: bytes, kind: FileKind, shown: str) -> None:
    """Raise UnreadableFileError when the content is of another kind, holds macros, is locked or damaged.

    ``shown`` is the name as the sentence says it.
    """
    # Some programs put a byte order mark or a blank line before a PDF.
    begin = content[:1024].lstrip(_BLANK) if kind.suffix == "pdf" else content[:1024]
    locked_perhaps = content.startswith(OLE) and kind.heads == (
        ZIP,
    )  # with a password they are in a container
    if not begin.startswith(kind.heads) and not locked_perhaps:
        raise _differs(shown, described(content))
    try:
        if content.startswith(ZIP):
            found, macros = _look_into_zip(content)
        elif content.startswith(OLE):
            found, macros = _look_into_ole(content)
        else:
            return
    except _BROKEN as error:
        raise UnreadableFileError(
            f"“{shown}”已损坏或不完整，没有添加。请在原来的程序中打开并另存一份，或请对方重新发送。"
        ) from error
    if found == _LOCKED:
        raise UnreadableFileError(
            f"“{shown}”有打开密码，无法核对里面有没有宏，没有添加。请取消密码另存一份，或转成 PDF 后再试。"
        )
    if found != _WANTED[kind.suffix] or locked_perhaps:
        raise _differs(shown, described(content) if locked_perhaps else found)
    if macros:
        raise UnreadableFileError(
            f"“{shown}”带有宏，为安全起见没有添加。"
            "请在 Word 或 Excel 中另存为不带宏的 .docx 或 .xlsx 后再试。"
        )


def _differs(shown: str, found: str) -> UnreadableFileError:
    space = " " if found[0].isascii() else ""
    return UnreadableFileError(
        f"“{shown}”的内容是{space}{found}，与扩展名不符，没有添加。请改正扩展名，或请对方重新发送。"
    )


def described(content: bytes) -> str:
    """Return in Chinese what a file is by its first bytes."""
    for head, label in _HEADS:
        if content.startswith(head):
            return label
    begin = content[:1024].lstrip(_BLANK).lower()
    if begin.startswith(_WEB_PAGE):
        return "网页或 XML 文本"
    return _OTHER if begin else "空白"


def _look_into_zip(content: bytes) -> tuple[str, bool]:
    """Return what a zip is, and whether it holds macros; only its list and one small part are read."""
    if content.count(_ENTRY_MARK) > _MAX_ENTRIES:  # before zipfile makes an object of each
        raise zipfile.BadZipFile("too many entries")
    with zipfile.ZipFile(BytesIO(content)) as archive:
        names = {entry.replace("\\", "/").lstrip("/").lower(): entry for entry in archive.namelist()}
        if len(names) != len(archive.infolist()):
            raise zipfile.BadZipFile("two entries have one name")
        if "ofd.xml" in names:
            return _OFD, False
        if "[content_types].xml" not in names:
            return "压缩包", False
        with archive.open(names["[content_types].xml"]) as file:
            types = file.read(_MAX_TYPES_BYTES + 1).lower()
    if len(types) > _MAX_TYPES_BYTES or not types.lstrip(_BLANK).startswith(b"<"):
        raise zipfile.BadZipFile("no list of types")
    macros = any(mark in types for mark in _MACRO_TYPES) or any(
        name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in names
    )
    found = next((label for mark, label in _MAIN_PARTS if mark in types), _OTHER)
    if macros and found == _OTHER:
        found = _WORD if any(name.startswith("word/") for name in names) else _SHEET
    return found, macros


def _look_into_ole(content: bytes) -> tuple[str, bool]:
    """Return what an old Office file is, and whether it holds macros."""
    container = OleFile(content)
    names = container.names
    if "EncryptedPackage" in names or "EncryptionInfo" in names:
        return _LOCKED, False
    macros = bool(_MACRO_STORAGES & {name.lower() for name in names})
    if "WordDocument" in names:
        return _WORD, macros
    for name in ("Workbook", "Book"):
        if name in names:
            macro_sheet = has_macro_sheet(container.stream(name))
            return (_LOCKED, False) if macro_sheet is None else (_SHEET, macros or macro_sheet)
    return _OTHER, macros
