"""Files that must never become attachments: names that Windows runs or that pretend, contents in disguise."""

import struct
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from io import BytesIO
from pathlib import Path

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
PROGRAM = b"MZ\x90\0" + bytes(60) + b"This program cannot be run in DOS mode."
_WORD_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_SHEET_MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_MACRO_MAIN = "application/vnd.ms-word.document.macroEnabled.main+xml"
_VBA = "application/vnd.ms-office.vbaProject"

_RUN = """
exe com scr pif bat cmd msi msp dll cpl jar js jse vbs vbe wsf wsh sct hta ps1 psm1 py pyw pyz pyzw
lnk url chm reg inf scf msc appref-ms settingcontent-ms library-ms html htm mht svg swf xml docm
dotm xlsm xltm xlam xlsb pptm rtf iso vhd zip rar 7z cab
"""
_PRETENDING = (
    "任免文件.pdf.exe",
    "任免文件.pdf                                        .exe",
    "任免文件.exe.pdf",
    "任免文件.scr .pdf",
    "任免文件.docx.lnk",
    "任免文件.PDF.EXE",
    "任免文件.ｅｘｅ",
    "任免文件．pdf",
    "任免\u202efdp.exe",
    "任免\u202eexe.pdf",
    "任免\u2067fdp\u2069.pdf",
    "任免\u200e.pdf",
    "任免\u061c.pdf",
    "任免文件.exe\u200b",
    "任免\n文件.pdf",
    "任免\x00文件.pdf",
    "任免\x7f文件.pdf",
    "a.pdf:x",
    "a.exe:x.pdf",
    "a.pdf::$DATA",
    "a.pdf:evil.js:$DATA",
    "任免文件.exe.",
    "任免文件.exe ",
    "任免文件.pdf.",
    "任免文件.pdf ",
    "任免文件.pdf\u3000",
    " 任免文件.pdf",
    "CON.pdf",
    "nul.pdf",
    "aux .pdf",
    "COM1.pdf",
    "lpt9.docx",
    "COM¹.pdf",
    "CONIN$.pdf",
    "..",
    ".pdf",
    " .pdf",
    "任免文件",
    "../任免文件.pdf",
    "..\\任免文件.pdf",
    "C:\\任免文件.pdf",
    "\\\\server\\share\\任免文件.pdf",
    "任免文件?.pdf",
    "任免*.pdf",
    "任免|.pdf",
    '任免".pdf',
    "任免<.pdf",
    "~$任免文件.docx",
    "任" * 300 + ".pdf",
)
DANGEROUS = (*(f"任免文件.{suffix}" for suffix in _RUN.split()), *_PRETENDING)
"""Names that are refused whatever the file holds."""


def zipped(*parts: tuple[str, str | bytes]) -> bytes:
    """Return a zip of these parts."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            archive.writestr(zipfile.ZipInfo(name), content)
    return out.getvalue()


def office_file(main: str, *more: tuple[str, str | bytes], types: str = "") -> bytes:
    """Return a new Office file as far as its kind can be told from it."""
    listed = f'<Override PartName="/main.xml" ContentType="{main}"/>{types}'
    return zipped(
        ("[Content_Types].xml", f'<?xml version="1.0"?><Types>{listed}</Types>'), ("main.xml", "<x/>"), *more
    )


DOCX = office_file(_WORD_MAIN)
XLSX = office_file(_SHEET_MAIN)
OFD = zipped(("OFD.xml", "<ofd:OFD/>"), ("Doc_0/Document.xml", "<x/>"))


def ole_file(*streams: tuple[str, bytes]) -> bytes:
    """Return an old Office file: a container with these streams, each of at least 4,096 bytes ([MS-CFB])."""
    end, fat_mark = 0xFFFFFFFE, 0xFFFFFFFD
    contents = [content.ljust(4096, b"\0") for _name, content in streams]
    counts = [-(-len(content) // 512) for content in contents]
    entries = [("Root Entry", 5, end, 0)]
    fat = [fat_mark]
    directory = -(-(len(streams) + 1) // 4)
    fat += [*range(2, directory + 1), end]
    for (name, _content), content, count in zip(streams, contents, counts, strict=True):
        entries.append((name, 2, len(fat), len(content)))
        fat += [*range(len(fat) + 1, len(fat) + count), end]
    head = bytearray(512)
    head[:8] = bytes.fromhex("d0cf11e0a1b11ae1")
    struct.pack_into("<HHHHH", head, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<IIIIIIIIII", head, 40, 0, 1, 1, 0, 4096, end, 0, end, 0, 0)
    struct.pack_into("<109I", head, 76, 0, *[0xFFFFFFFF] * 108)
    table = struct.pack("<128I", *fat, *[0xFFFFFFFF] * (128 - len(fat)))
    listed = b"".join(_entry(*entry) for entry in entries).ljust(directory * 512, b"\0")
    padded = b"".join(
        content.ljust(count * 512, b"\0") for content, count in zip(contents, counts, strict=True)
    )
    return bytes(head) + table + listed + padded


def _entry(name: str, kind: int, first: int, size: int) -> bytes:
    entry = bytearray(128)
    raw = name.encode("utf-16-le") + b"\0\0"
    entry[: len(raw)] = raw
    struct.pack_into("<HBB", entry, 64, len(raw), kind, 1)
    struct.pack_into("<III", entry, 68, 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF)
    struct.pack_into("<II", entry, 116, first, size)
    return bytes(entry)


def _records(*records: tuple[int, bytes]) -> bytes:
    return b"".join(struct.pack("<HH", kind, len(data)) + data for kind, data in records)


_BOF, _EOF = (0x0809, bytes(16)), (0x000A, b"")
DOC = ole_file(("WordDocument", b"text"))
XLS = ole_file(("Workbook", _records(_BOF, (0x0085, struct.pack("<IBB", 0, 0, 0)), _EOF)))

GOOD: Mapping[str, bytes] = {
    "任免文件.pdf": PDF,
    "任免文件 一稿.PDF": b"\xef\xbb\xbf\r\n" + PDF,
    "关于王·买买提同志任职的通知〔2026〕1号.pdf": PDF,
    "扫描件.jpg": b"\xff\xd8\xff\xe0" + bytes(20),
    "扫描件.JPEG": b"\xff\xd8\xff\xe1" + bytes(20),
    "扫描件.png": b"\x89PNG\r\n\x1a\n" + bytes(20),
    "扫描件.tif": b"II*\0" + bytes(20),
    "扫描件.tiff": b"MM\0*" + bytes(20),
    "红头文件.ofd": OFD,
    "登记表.docx": DOCX,
    "登记表.doc": DOC,
    "名册.xlsx": XLSX,
    "名册.xls": XLS,
    "登记表.wps": DOC,
    "登记表 新.wps": DOCX,
    "名册.et": XLS,
    "名册 新.et": XLSX,
    "V2.0 终稿.pdf": PDF,
    "www.shbsq.gov.cn.pdf": PDF,
    "mp.weixin.qq.com.pdf": PDF,
    "名\u200b册.xlsx": XLSX,
}
"""Files that offices do send."""


def disguised() -> Iterator[tuple[str, bytes]]:
    """Yield good names with contents that are not what they promise."""
    web_page = b"<html><script>alert(1)</script></html>"
    for name in GOOD:
        yield name, PROGRAM
        yield name, web_page
        yield name, b"#!/bin/sh\nrm -rf /\n"
        yield name, b""
        yield name, bytes(3000)
    yield "登记表.docx", office_file(_MACRO_MAIN, ("word/vbaProject.bin", b"x"))
    yield "登记表.docx", office_file(_WORD_MAIN, ("word/vbaProject.bin", b"x"))
    yield (
        "登记表.docx",
        office_file(_WORD_MAIN, ("word/other.bin", b"x"), types=f'<Default ContentType="{_VBA}"/>'),
    )
    yield "登记表.wps", office_file(_WORD_MAIN, ("word\\VBAProject.bin", b"x"))
    yield "名册.xlsx", office_file(_SHEET_MAIN, ("xl/vbaProject.bin", b"x"))
    yield "名册.xlsx", office_file(_SHEET_MAIN, ("xl/macrosheets/sheet1.xml", b"<x/>"))
    yield "登记表.doc", ole_file(("WordDocument", b"text"), ("_VBA_PROJECT", b"x"))
    yield "名册.xls", ole_file(("Workbook", _records(_BOF, _EOF)), ("_VBA_PROJECT_CUR", b"x"))
    yield "名册.xls", ole_file(("Workbook", _records(_BOF, (0x0085, struct.pack("<IBB", 0, 0, 1)), _EOF)))
    yield "名册.xls", ole_file(("Workbook", _records(_BOF, (0x002F, b"x" * 6), _EOF)))
    yield "登记表.docx", ole_file(("EncryptedPackage", b"x"), ("EncryptionInfo", b"x"))
    yield "登记表.docx", XLSX
    yield "名册.xlsx", DOCX
    yield "登记表.docx", OFD
    yield "红头文件.ofd", DOCX
    yield "登记表.doc", XLS
    yield "登记表.doc", DOCX
    yield "登记表.docx", zipped(("readme.txt", b"x"))
    yield "登记表.docx", DOCX[:100]
    yield "登记表.docx", DOCX[:-30]
    yield "登记表.doc", DOC[:600]
    yield "登记表.docx", b"PK\x03\x04" + b"PK\x01\x02" * 30_000
    yield "任免文件.pdf", PROGRAM + PDF
    yield "任免文件.pdf", b"\x89PNG\r\n\x1a\n" + PDF


def write_if_possible(folder: Path, name: str, content: bytes) -> Path | None:
    """Write a file of that name, or return None where the system has no such names."""
    if Path(name).name != name or name in ("..", "."):
        return None
    path = folder / name
    try:
        path.write_bytes(content)
    except (OSError, ValueError):
        return None
    if path.name in {found.name for found in folder.iterdir()}:
        return path
    with suppress(OSError):  # Windows made a file without the dot at the end, or wrote to a device: nul.pdf
        path.unlink()
    return None
