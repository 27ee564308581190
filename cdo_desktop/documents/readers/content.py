"""What a file is by its content: offices rename files, and systems export web pages as .xls."""

import zipfile
from io import BytesIO

from cdo_desktop.documents.readers.ole import SIGNATURE, OleFile
from cdo_desktop.errors import UnreadableFileError

XLSX = "xlsx"
XLS = "xls"

_ZIP = b"PK\x03\x04"
_SAVE_AS = "请在 Excel 或 WPS 中打开它，另存为“Excel 工作簿（.xlsx）”后再试。"
_SIGNATURES = (
    (b"%PDF", "是 PDF 文件"),
    (b"Rar!", "是 RAR 压缩包"),
    (b"7z\xbc\xaf", "是 7z 压缩包"),
    (b"\x89PNG", "是图片"),
    (b"\xff\xd8\xff", "是图片"),
)
_WEB_PAGE = (b"<html", b"<!doctype html", b"<table", b"<meta ", b"<head", b"<body")
_OLD_BIFF = (b"\x09\x00", b"\x09\x02", b"\x09\x04", b"\x09\x08")


def identify(content: bytes, name: str) -> str:
    """Return "xlsx" or "xls", whatever the file is called; refuse all else, saying what it is."""
    if not content.strip(b"\0 \t\r\n"):
        raise UnreadableFileError(f"“{name}” 是空文件，里面没有内容。请向报送单位重新要一份。")
    if content.startswith(_ZIP):
        return _identify_zip(content, name)
    if content.startswith(SIGNATURE):
        return _identify_ole(content, name)
    raise UnreadableFileError(f"“{name}” {_describe(content)}")


def _identify_zip(content: bytes, name: str) -> str:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        names = {entry.replace("\\", "/").lstrip("/").lower() for entry in archive.namelist()}
    if any(entry.startswith("xl/") for entry in names):
        return XLSX
    if any(entry.startswith("word/") for entry in names):
        raise UnreadableFileError(f"“{name}” 是 Word 文档，不是工作簿。请选择 Excel 或 WPS 表格文件。")
    if "ofd.xml" in names:
        raise UnreadableFileError(f"“{name}” 是 OFD 版式文件，不是工作簿。请选择 Excel 或 WPS 表格文件。")
    if "mimetype" in names and "content.xml" in names:
        raise UnreadableFileError(f"“{name}” 是 OpenDocument 表格（.ods），无法读取。{_SAVE_AS}")
    if "[content_types].xml" in names:
        return XLSX  # some writers put the workbook elsewhere; its relations tell
    raise UnreadableFileError(f"“{name}” 是压缩包，不是工作簿。请先解压，再选择里面的表格文件。")


def _identify_ole(content: bytes, name: str) -> str:
    names = OleFile(content).names
    if "EncryptedPackage" in names or "EncryptionInfo" in names:
        raise encrypted(name)
    if "Workbook" in names or "Book" in names:
        return XLS
    if "WordDocument" in names:
        raise UnreadableFileError(f"“{name}” 是 Word 或 WPS 文字文档，不是工作簿。请选择表格文件。")
    raise UnreadableFileError(f"“{name}” 不是能读取的工作簿。{_SAVE_AS}")


def encrypted(name: str) -> UnreadableFileError:
    """Return the refusal of a workbook that asks for a password."""
    return UnreadableFileError(
        f"“{name}” 这个工作簿有打开密码（或加密保护），无法读取。"
        "请在 Excel 或 WPS 中打开，取消密码保护，保存后再试。"
    )


def damaged(name: str) -> UnreadableFileError:
    """Return the refusal of a workbook whose inside is not as it has to be."""
    return UnreadableFileError(
        f"“{name}” 已损坏或不完整，无法读取。请在 Excel 或 WPS 中打开并另存为新的 .xlsx；"
        "如果也打不开，请向报送单位重新要一份。"
    )


def _describe(content: bytes) -> str:
    for signature, what in _SIGNATURES:
        if content.startswith(signature):
            return f"{what}，不是工作簿。请选择 Excel 或 WPS 表格文件。"
    if content.startswith(_OLD_BIFF):
        return f"是很旧的 Excel 格式，无法读取。{_SAVE_AS}"
    text = _as_text(content[:8192])
    head = text.lstrip("\ufeff \t\r\n").lower().encode("utf-8", errors="replace")
    if b"urn:schemas-microsoft-com:office:spreadsheet" in head or b"excel.sheet" in head:
        return f"是“XML 表格 2003”格式，无法读取。{_SAVE_AS}"
    if head.startswith(b"mime-version") or any(mark in head for mark in _WEB_PAGE):
        return f"其实是网页（办公系统常把网页导出成 .xls），不是真正的工作簿。{_SAVE_AS}"
    if text:
        return f"是纯文本（例如 CSV），不是工作簿。{_SAVE_AS}"
    return f"不是工作簿，或已损坏，无法读取。{_SAVE_AS}"


def _as_text(content: bytes) -> str:
    """Return the content as text, or "" when it is not text."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="ignore")
    if b"\0" in content:
        return ""
    for encoding in ("utf-8", "gb18030"):
        text = content.decode(encoding, errors="replace")
        if text.count("\ufffd") <= 1:  # one character may be cut at the end
            return text
    return ""
