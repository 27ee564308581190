"""Workbooks that no office sends: bombs, far cells, disguises, macros, passwords, broken ones."""

import io
import random
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from cdo_desktop.documents.readers import limits
from cdo_desktop.documents.readers.ole import SIGNATURE

DATA = Path(__file__).resolve().parents[2] / "tests" / "data" / "workbooks"
SHEET_PART = "xl/worksheets/sheet1.xml"
MEGABYTE = 1024 * 1024


def xlsx(book: Workbook | None = None) -> bytes:
    """Return a workbook, by default with one cell, as bytes."""
    if book is None:
        book = Workbook()
        book.active["A1"] = "姓名"
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def edited(
    content: bytes, edit: Callable[[str, bytes], bytes], more: Mapping[str, bytes] | None = None
) -> bytes:
    """Return the zip with every entry passed through ``edit`` and ``more`` entries at the end."""
    new = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED) as out:
        for name in old.namelist():
            out.writestr(name, edit(name, old.read(name)))
        for name, text in (more or {}).items():
            out.writestr(name, text)
    return new.getvalue()


def with_rows(rows: str, content: bytes | None = None) -> bytes:
    """Return a workbook whose first sheet holds these rows, written as XML."""

    def edit(name: str, text: bytes) -> bytes:
        if name != SHEET_PART:
            return text
        return re.sub(rb"<sheetData ?/>|<sheetData>.*</sheetData>", _sheet_data(rows), text, flags=re.DOTALL)

    return edited(content or xlsx(), edit)


def _sheet_data(rows: str) -> bytes:
    return f"<sheetData>{rows}</sheetData>".encode()


def _zip(**entries: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in entries.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), text)
    return content.getvalue()


def _container(stream: str) -> bytes:
    """Return an OLE container with one empty stream of this name."""
    header = bytearray(512)
    header[:8] = SIGNATURE
    struct.pack_into("<HHHHH", header, 24, 62, 3, 0xFFFE, 9, 6)
    struct.pack_into("<IIIIIIIII", header, 44, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0)
    struct.pack_into("<108I", header, 80, *[0xFFFFFFFF] * 108)
    fat = struct.pack("<128I", 0xFFFFFFFD, 0xFFFFFFFE, *[0xFFFFFFFF] * 126)
    directory = b""
    for name, kind in (("Root Entry", 5), (stream, 2), ("", 0), ("", 0)):
        encoded = name.encode("utf-16-le") + b"\0\0" if name else b""
        entry = bytearray(128)
        entry[: len(encoded)] = encoded
        struct.pack_into("<HB", entry, 64, len(encoded), kind)
        struct.pack_into("<II", entry, 116, 0xFFFFFFFE, 0)
        directory += entry
    return bytes(header) + fat + directory


def _doctype(text: str) -> bytes:
    def edit(name: str, part: bytes) -> bytes:
        return part.replace(b"<worksheet", text.encode() + b"<worksheet", 1) if name == SHEET_PART else part

    return edited(xlsx(), edit)


def _macro_type(name: str, text: bytes) -> bytes:
    if name != "[Content_Types].xml":
        return text
    plain = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    return text.replace(plain, b"application/vnd.ms-excel.sheet.macroEnabled.main+xml")


_WEB_PAGE = "<html><head><meta charset='gb2312'></head><table><tr><td>姓名</td></tr></table></html>".encode(
    "gb18030"
)
_CSV = "单位全称,姓名\r\n区信息委,张三\r\n"
_XML_2003 = '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?><Workbook/>'
REFUSED: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "空文件"),
    "only zeros": (b"\0" * 5000, "空文件"),
    "truncated xlsx": (xlsx()[:3000], "已损坏"),
    "truncated xls": ((DATA / "roster.xls").read_bytes()[:3000], "已损坏"),
    "xls cut within its directory": ((DATA / "roster.xls").read_bytes()[:6809], "已损坏"),
    "head of an xls": ((DATA / "roster.xls").read_bytes()[:100], "已损坏"),
    "csv": (_CSV.encode("utf-8-sig"), "纯文本（例如 CSV）.*另存为"),
    "csv in GBK": (_CSV.encode("gb18030"), "纯文本（例如 CSV）"),
    "csv in UTF-16": (_CSV.encode("utf-16"), "纯文本（例如 CSV）"),
    "web page": (_WEB_PAGE, "网页.*另存为.*xlsx"),
    "web page with a mark": ("\ufeff\r\n<TABLE border=1>".encode(), "网页"),
    "single-file web page": (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "网页"),
    "XML 2003": (_XML_2003.encode(), "XML 表格 2003"),
    "pdf": (b"%PDF-1.7\n%\xe2\xe3", "PDF"),
    "rar": (b"Rar!\x1a\x07\x01\0" + b"\0" * 50, "RAR"),
    "7z": (b"7z\xbc\xaf\x27\x1c" + b"\0" * 50, "7z"),
    "picture": (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "图片"),
    "noise": (random.Random(1).randbytes(9000), "不是工作簿"),
    "old BIFF": (b"\x09\x04\x06\x00\x00\x00\x10\x00" + b"\0" * 50, "很旧的 Excel"),
    "zip": (_zip(a_dot_txt=b"x"), "压缩包.*解压"),
    "Word": (_zip(word__document_dot_xml=b"<x/>"), "Word 文档"),
    "OFD": (_zip(OFD_dot_xml=b"<x/>"), "OFD"),
    "ods": (_zip(mimetype=b"x", content_dot_xml=b"<x/>"), "OpenDocument"),
    "macros": (edited(xlsx(), _macro_type), "宏"),
    "macros without their type": (edited(xlsx(), lambda _, text: text, {"xl/vbaProject.bin": b"x"}), "宏"),
    "binary workbook": (
        edited(xlsx(), lambda _, text: text.replace(b"spreadsheetml.sheet.main+xml", b"x.sheet.binary.main")),
        "xlsb",
    ),
    "password, new format": (_container("EncryptedPackage"), "打开密码"),
    "password, old format": ((DATA / "encrypted.xls").read_bytes(), "打开密码"),
    "old Word": (_container("WordDocument"), "Word"),
    "other container": (_container("Something"), "不是能读取的工作簿"),
    "an empty Workbook stream": (_container("Workbook"), "已损坏"),
    "document type": (_doctype("<!DOCTYPE x [<!ENTITY a 'b'>]>"), "DTD"),
    "external entity": (_doctype('<!DOCTYPE x SYSTEM "http://localhost:9/x">'), "DTD"),
    "no relations": (_zip(xl__workbook_dot_xml=b"<workbook/>"), "已损坏"),
    "relations without a workbook": (
        edited(xlsx(), lambda name, text: text.replace(b'/officeDocument"', b'/other"')),
        "已损坏",
    ),
    "broken XML": (with_rows("<row><c></row>"), "已损坏"),
    "missing shared string": (with_rows('<row r="1"><c r="A1" t="s"><v>99</v></c></row>'), "已损坏"),
    "impossible reference": (with_rows('<row r="1"><c r="甲1"><v>99</v></c></row>'), "已损坏"),
    "UTF-16 inside": (
        edited(xlsx(), lambda name, text: text.decode().encode("utf-16") if name == SHEET_PART else text),
        "已损坏",
    ),
}


def _cells(count: int, width: int) -> str:
    letters = [get_column_letter(i) for i in range(1, width + 1)]
    rows = []
    for number in range(1, count + 1):
        cells = "".join(f'<c r="{letter}{number}"><v>{number}</v></c>' for letter in letters)
        rows.append(f'<row r="{number}">{cells}</row>')
    return "".join(rows)


def _bomb(size: int) -> bytes:
    return with_rows('<row r="1"><c r="A1" t="inlineStr"><is><t>' + "a" * size + "</t></is></c></row>")


def _many_entries() -> bytes:
    return edited(xlsx(), lambda _, text: text, {f"xl/media/{i}.bin": b"" for i in range(limits.MAX_ENTRIES)})


def _lying_size(part: str) -> bytes:
    """Return a workbook with 300 MB of blanks after a part, while its entry declares the part alone."""
    with zipfile.ZipFile(io.BytesIO(xlsx())) as archive:
        honest = archive.read(part)
    blanks = b" " * 300 * MEGABYTE
    content = edited(xlsx(), lambda name, text: text + blanks if name == part else text)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entry = archive.getinfo(part)
    true = struct.pack("<III", entry.CRC, entry.compress_size, entry.file_size)
    assert content.count(true) == 2  # before the entry and in the directory
    return content.replace(true, struct.pack("<III", zlib.crc32(honest), entry.compress_size, len(honest)))


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "ratio": (lambda: _bomb(20 * MEGABYTE), "解压后大得不正常"),
    "size": (lambda: _bomb(limits.MAX_INFLATED_BYTES + 1), "解压后大得不正常"),
    "entries": (_many_entries, "内部有 10[0-9]+ 个文件"),
    "sheet of a false size": (lambda: _lying_size(SHEET_PART), "已损坏"),
    "list of sheets of a false size": (lambda: _lying_size("xl/workbook.xml"), "已损坏"),
    "far cell": (
        lambda: with_rows('<row r="1"><c r="A1"><v>1</v></c><c r="XFD1048576"><v>1</v></c></row>'),
        "XFD1048576 单元格有内容",
    ),
    "far error": (
        lambda: with_rows('<row r="1"><c r="XFD1048576" t="e"/></row>'),
        "XFD1048576 单元格有内容",
    ),
    "two corners": (
        lambda: with_rows('<row r="9"><c r="ALL1"><v>1</v></c><c r="A200000"><v>1</v></c></row>'),
        "超过 450 万格",
    ),
    "16,384 columns": (lambda: with_rows(_cells(1, 16384)), "ALM1 单元格有内容"),
    "a million rows": (lambda: with_rows(_cells(1_000_000, 1)), "A200001 单元格有内容"),
    "far cell of an xls": (lambda: (DATA / "far.xls").read_bytes(), "超过 450 万格"),
}
