"""Which files may be attached to a record: by an allow-list of kinds, a name that hides nothing, and a size.

What a file holds is compared with its kind by `documents.readers.attachment`.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from cdo_desktop.errors import InvalidInputError

MAX_BYTES: Final = 50 * 1024 * 1024
NAME_LENGTH: Final = 200
_SHOWN_LENGTH = 60
_COPY_LENGTH = 40

ZIP: Final = b"PK\x03\x04"
OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_OOXML = "application/vnd.openxmlformats-officedocument."


@dataclass(frozen=True)
class FileKind:
    """One kind of the allow-list. ``suffix`` names the stored file, ``heads`` are how its content begins."""

    suffix: str
    label: str
    media_type: str
    heads: tuple[bytes, ...]
    other_suffixes: tuple[str, ...] = ()


KINDS: Final = (
    FileKind("pdf", "PDF 文件", "application/pdf", (b"%PDF-",)),
    FileKind("jpg", "图片", "image/jpeg", (b"\xff\xd8\xff",), ("jpeg",)),
    FileKind("png", "图片", "image/png", (b"\x89PNG\r\n\x1a\n",)),
    FileKind("tif", "图片", "image/tiff", (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"), ("tiff",)),
    FileKind("ofd", "OFD 文件", "application/ofd", (ZIP,)),
    FileKind("doc", "Word 文档", "application/msword", (OLE,)),
    FileKind("docx", "Word 文档", f"{_OOXML}wordprocessingml.document", (ZIP,)),
    FileKind("xls", "Excel 表格", "application/vnd.ms-excel", (OLE,)),
    FileKind("xlsx", "Excel 表格", f"{_OOXML}spreadsheetml.sheet", (ZIP,)),
    FileKind("wps", "WPS 文字", "application/wps-office.wps", (OLE, ZIP)),
    FileKind("et", "WPS 表格", "application/wps-office.et", (OLE, ZIP)),
)
SCAN_SUFFIXES: Final = ("pdf", "jpg", "jpeg", "png", "tif", "tiff", "bmp")
"""Endings of the names of files that may be taken in as scans; what is kept of a bmp is of another kind."""
SUFFIXES: Final = {suffix: kind for kind in KINDS for suffix in (kind.suffix, *kind.other_suffixes)}
_BY_MEDIA_TYPE = {kind.media_type: kind for kind in KINDS}
_ALLOWED = "可以添加 PDF、图片（jpg、png、tif）、OFD、Word、Excel 和 WPS 文件"

# Characters that make a name look like another one; everything that reorders text.
_REORDERING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_INVISIBLE = re.compile(
    "[\u00ad\u180e\u200b-\u200d\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffc\U000e0000-\U000e0fff]"
)
_LONG_BLANK = re.compile(r"\s{3,}")
_RESERVED_SIGNS = re.compile('[\\\\/*?"<>|]')
_RESERVED_NAME = re.compile(
    "(?:con|prn|aux|nul|clock\\$|conin\\$|conout\\$|(?:com|lpt)[0-9¹²³])", re.IGNORECASE
)
_MACROS = frozenset(
    ("docm", "dotm", "xlsm", "xltm", "xlam", "xlsb", "xla", "xll", "xlm", "pptm", "potm", "ppsm", "ppam")
)
_ARCHIVES = frozenset(
    ("zip", "rar", "7z", "gz", "tgz", "bz2", "xz", "tar", "cab", "arj", "lzh", "iso", "img", "vhd", "vhdx")
)
_RUN = """
exe scr pif bat cmd msi msp msu mst dll cpl sys ocx jar js jse vbs vbe wsf wsh wsc sct hta ps1 psm1
psd1 py pyw pyz pyzw sh lnk url website chm hlp reg inf scf gadget msc appref-ms application appx
msix settingcontent-ms library-ms search-ms diagcab html htm mht mhtml svg xhtml swf apk app deb rpm
desktop action
"""
# What Windows runs. The allow-list decides; this one only finds a name that pretends: 通知.exe.pdf.
_PROGRAMS = _MACROS.union(_RUN.split())
_KEPT_IN_A_COPY = re.compile(r"[^\w（）()〔〕《》“”、—-]+")


@dataclass(frozen=True)
class CheckedName:
    """A name fit to be shown and stored, with the kind its ending promises."""

    display: str
    kind: FileKind


def check_name(name: str) -> CheckedName:
    """Return a file's name, cleaned, with its kind; raise ``InvalidInputError`` saying why it is refused."""
    shown = shown_name(name)
    if _REORDERING.search(name):
        raise InvalidInputError(
            f"“{shown}”的文件名里有改变文字顺序的隐藏字符，看到的不是真正的名字，没有添加。请核对来源，改名后再试。"
        )
    if _CONTROL.search(name):
        raise InvalidInputError(f"“{shown}”的文件名里有控制字符，没有添加。请改名后再试。")
    cleaned = unicodedata.normalize("NFC", _INVISIBLE.sub("", name))
    _check_signs(cleaned, shown)
    stem, dot, suffix = cleaned.rpartition(".")
    if not dot or not suffix:
        raise InvalidInputError(f"“{shown}”没有扩展名，看不出是什么文件，没有添加。{_ALLOWED}。")
    kind = SUFFIXES.get(suffix.lower())
    if kind is None:
        raise _not_allowed(shown, suffix.lower())
    _check_stem(stem, shown)
    return CheckedName(cleaned, kind)


def _check_signs(name: str, shown: str) -> None:
    if ":" in name:
        raise InvalidInputError(
            f"“{shown}”的文件名里有冒号，可能指向藏在文件里的另一份内容，没有添加。请改名后再试。"
        )
    sign = _RESERVED_SIGNS.search(name)
    if sign:
        raise InvalidInputError(f"“{shown}”的文件名里有不允许的字符“{sign[0]}”，没有添加。请改名后再试。")
    if name != name.strip() or name.endswith("."):
        raise InvalidInputError(f"“{shown}”的文件名首尾有空格或以点结尾，没有添加。请改名后再试。")
    if len(name) > NAME_LENGTH:
        raise InvalidInputError(
            f"“{shown}”的文件名有 {len(name)} 个字，最多 {NAME_LENGTH} 个字，没有添加。请改短后再试。"
        )


def _check_stem(stem: str, shown: str) -> None:
    parts = [part.strip() for part in stem.split(".")]
    if not any(parts):
        raise InvalidInputError(f"“{shown}”只有扩展名，没有添加。请起一个名字后再试。")
    if stem.startswith("~$"):
        raise InvalidInputError(
            f"“{shown}”是 Word 或 Excel 打开文件时的临时文件，没有添加。请选择原来的文件。"
        )
    if _RESERVED_NAME.fullmatch(parts[0]):
        raise InvalidInputError(f"“{shown}”是 Windows 保留的名字，没有添加。请改名后再试。")
    if len(parts) > 1 and parts[-1].lower() in _PROGRAMS:
        raise InvalidInputError(
            f"“{shown}”有两个扩展名，像是伪装的 .{parts[-1].lower()} 文件，没有添加。请核对来源，改名后再试。"
        )


def _not_allowed(shown: str, suffix: str) -> InvalidInputError:
    if suffix in _MACROS:
        return InvalidInputError(
            f"“{shown}”是可以带宏的文件，没有添加。"
            "请在 Word 或 Excel 中另存为不带宏的 .docx 或 .xlsx 后再试。"
        )
    if suffix in _ARCHIVES:
        return InvalidInputError(f"“{shown}”是压缩包，没有添加。请先解压，再添加里面的文件。")
    if suffix in _PROGRAMS or suffix == "com":  # mp.weixin.qq.com.pdf is no program
        return InvalidInputError(f"“{shown}”是能够运行的文件，为安全起见没有添加。{_ALLOWED}。")
    return InvalidInputError(f"“{shown}”不是可以添加的文件。{_ALLOWED}。")


def check_size(size: int, shown: str) -> None:
    """Raise ``InvalidInputError`` for an empty file, or one that is too large."""
    if size == 0:
        raise InvalidInputError(f"“{shown}”是空文件，没有添加。请核对，或请对方重新发送。")
    if size > MAX_BYTES:
        raise InvalidInputError(
            f"“{shown}”有 {size / 1024 / 1024:.0f} MB，最多 {MAX_BYTES >> 20} MB，没有添加。"
            "请降低扫描的分辨率，或拆成几个文件。"
        )


def kind_of(media_type: str) -> FileKind | None:
    """Return the kind of a stored media type, or None for what is not in the allow-list."""
    return _BY_MEDIA_TYPE.get(media_type)


def shown_name(name: str) -> str:
    """Return a name fit to stand in a sentence: nothing in it moves or hides, and it is not too long."""
    visible = _CONTROL.sub("□", _REORDERING.sub("□", _INVISIBLE.sub("", name)))
    visible = _LONG_BLANK.sub(" … ", visible)
    half = _SHOWN_LENGTH // 2
    return visible if len(visible) <= _SHOWN_LENGTH else f"{visible[:half]}…{visible[-half:]}"


def numbered(name: str, is_taken: Callable[[str], bool]) -> str:
    """Return a name that is not taken: 任免文件.pdf, then 任免文件 (2).pdf."""
    stem, dot, suffix = name.rpartition(".")
    number, fresh = 1, name
    while is_taken(fresh):
        number += 1
        end = f" ({number}){dot}{suffix}"
        fresh = stem[: NAME_LENGTH - len(end)] + end
    return fresh


def copy_name(name: str, kind: FileKind) -> str:
    """Return the name of a copy made to be looked at: the letters of the stored one, the ending of its kind.

    It is recognised in the title of Word or a PDF program, and no part of it can be a path or an ending.
    """
    stem = name.rpartition(".")[0]
    letters = (
        _KEPT_IN_A_COPY.sub("-", unicodedata.normalize("NFC", stem)).strip("-_")[:_COPY_LENGTH].strip("-_")
    )
    safe = letters if letters and not _RESERVED_NAME.fullmatch(letters) else "附件"
    return f"{safe}.{kind.suffix}"
