"""What an .xlsx holds, found out without trusting it: the zip is checked, every sheet read as a stream.

calamine aborts the process on a legal sheet whose last cell is XFD1048576, reports error cells and never
calculated formulas as blanks, and its unpacking has no bound; openpyxl takes gigabytes. So both only see a
workbook that has passed here.
"""

import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO
from xml.etree import ElementTree
from xml.parsers import expat

from cdo_desktop.documents.readers import limits
from cdo_desktop.documents.readers.facts import NO_RESULT, SheetFacts
from cdo_desktop.errors import UnreadableFileError

_CHUNK = 256 * 1024
_XML_SUFFIXES = (".xml", ".rels", ".vml")
_MACRO_PARTS = ("vbaproject.bin",)
_WORKSHEET = "worksheet"


@dataclass(frozen=True)
class XlsxFacts:
    """The worksheets by name, and the unpacked size of the whole file in bytes."""

    sheets: dict[str, SheetFacts]
    inflated: int


def scan_xlsx(file: BinaryIO, name: str) -> XlsxFacts:
    """Check the workbook against all limits; refuse it with a sentence that begins with its ``name``.

    A damaged file raises one of ``extract.BROKEN``.
    """
    with zipfile.ZipFile(file) as archive:
        _check_entries(archive, name)
        _refuse_macros(archive, name)
        inflated = _check_content(archive, name)
        facts: dict[str, SheetFacts] = {}
        for sheet, part in _worksheets(archive):
            facts[sheet] = _scan_sheet(archive, part, f"“{name}” 的工作表“{sheet}”")
    if sum(sheet.area for sheet in facts.values()) > limits.MAX_CELLS:
        raise too_large(name)
    return XlsxFacts(facts, inflated)


def too_large(name: str) -> UnreadableFileError:
    """Return the refusal of a workbook with too many cells."""
    return UnreadableFileError(
        f"“{name}” 太大，没有读取：从 A1 到最后一个有内容的单元格超过 {limits.MAX_CELLS // 10_000} 万格。"
        "请删除多余的行、列和工作表后再试。"
    )


def _check_entries(archive: zipfile.ZipFile, name: str) -> None:
    entries = archive.infolist()
    if len(entries) > limits.MAX_ENTRIES:
        raise UnreadableFileError(
            f"“{name}” 内部有 {len(entries)} 个文件，不像正常的工作簿，没有读取。"
            "请在 Excel 或 WPS 中打开，另存为新的 .xlsx 后再试。"
        )
    if len({entry.filename.lower() for entry in entries}) != len(entries):
        raise zipfile.BadZipFile("two entries have one name")
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise UnreadableFileError(f"“{name}” 是加密的压缩包，无法读取。请取消密码，另存为 .xlsx 后再试。")
    if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries):
        raise zipfile.BadZipFile("unusual compression")
    if sum(entry.file_size for entry in entries) > limits.MAX_INFLATED_BYTES:
        raise _bomb(name)
    for entry in entries:
        if _is_xml(entry) and entry.file_size > max(
            limits.RATIO_GRACE_BYTES, limits.MAX_RATIO * entry.compress_size
        ):
            raise _bomb(name)


def _bomb(name: str) -> UnreadableFileError:
    return UnreadableFileError(
        f"“{name}” 解压后大得不正常，为安全起见没有读取。请在 Excel 或 WPS 中打开，"
        "只保留需要的工作表，另存为新的 .xlsx 后再试。"
    )


def _refuse_macros(archive: zipfile.ZipFile, name: str) -> None:
    types = _read_part(archive, "[Content_Types].xml")
    macros = any(entry.lower().endswith(_MACRO_PARTS) for entry in archive.namelist())
    if macros or b"macroEnabled" in types:
        raise UnreadableFileError(
            f"“{name}” 带有宏（.xlsm），为安全起见不读取。请在 Excel 或 WPS 中另存为不带宏的 .xlsx 后再试。"
        )
    if b"sheet.binary" in types:
        raise UnreadableFileError(
            f"“{name}” 是二进制工作簿（.xlsb），无法读取。请在 Excel 或 WPS 中另存为 .xlsx 后再试。"
        )


def _is_xml(entry: zipfile.ZipInfo) -> bool:
    return entry.filename.lower().endswith(_XML_SUFFIXES)


def _check_content(archive: zipfile.ZipFile, name: str) -> int:
    """Unpack every entry once, refuse document types, and return how many bytes came out."""
    for entry in archive.infolist():
        tail = b""
        for i, chunk in enumerate(_chunks(archive, entry)):
            if not _is_xml(entry):
                continue
            if i == 0 and (chunk[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in chunk[:4]):
                raise zipfile.BadZipFile("a part is not in UTF-8")
            if b"<!DOCTYPE" in tail + chunk or b"<!ENTITY" in tail + chunk:
                raise UnreadableFileError(
                    f"“{name}” 内部带有实体定义（DTD），正常的工作簿没有，为安全起见没有读取。"
                    "请向报送单位要一份在 Excel 或 WPS 中重新保存的文件。"
                )
            tail = chunk[-16:]
    return sum(entry.file_size for entry in archive.infolist())


def _chunks(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield the content of an entry, and make sure that it is no longer than the entry says.

    zipfile itself stops where the declared size is reached; other readers unpack what follows.
    """
    packed = _packed(archive, entry)
    size, checksum = 0, 0
    for chunk in _inflate(packed) if entry.compress_type == zipfile.ZIP_DEFLATED else [packed]:
        size += len(chunk)
        checksum = zlib.crc32(chunk, checksum)
        if size > entry.file_size:
            break
        yield chunk
    if size != entry.file_size or checksum != entry.CRC:
        raise zipfile.BadZipFile("an entry is not what the directory says")


def _packed(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    file = archive.fp
    if file is None:
        raise ValueError("the archive is closed")
    file.seek(entry.header_offset + 26)
    name_length, extra_length = struct.unpack("<HH", file.read(4))
    file.seek(name_length + extra_length, 1)
    return file.read(entry.compress_size)


def _inflate(packed: bytes) -> Iterator[bytes]:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    for start in range(0, len(packed), _CHUNK):
        piece = packed[start : start + _CHUNK]
        while piece:
            yield inflater.decompress(piece, _CHUNK)
            piece = inflater.unconsumed_tail
    yield inflater.flush()
    if not inflater.eof:
        raise zipfile.BadZipFile("an entry breaks off")


def _read_part(archive: zipfile.ZipFile, path: str) -> bytes:
    entry = _find(archive, path)
    if entry.file_size > limits.MAX_TREE_BYTES:
        raise zipfile.BadZipFile("a list is too long")
    return b"".join(_chunks(archive, entry))


def _find(archive: zipfile.ZipFile, path: str) -> zipfile.ZipInfo:
    """Return the entry; writers differ in case, in slashes and in a slash at the beginning."""
    wanted = path.lower()
    for entry in archive.infolist():
        if entry.filename.replace("\\", "/").lstrip("/").lower() == wanted:
            return entry
    raise KeyError(path)


def _worksheets(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Yield the name and the part of each worksheet, in the order of the workbook."""
    books = [target for kind, target in _relations(archive, "").values() if kind == "officeDocument"]
    if not books:
        raise zipfile.BadZipFile("no workbook in it")
    book = books[0]
    relations = _relations(archive, book)
    for element in ElementTree.fromstring(_read_part(archive, book)).iter():
        if _local(element.tag) != "sheet":
            continue
        attributes = {_local(key): value for key, value in element.attrib.items()}
        kind, part = relations[attributes["id"]]
        if kind == _WORKSHEET:
            yield attributes["name"], part


def _relations(archive: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """Return id → (last word of the type, target part) of the relations of one part inside the file."""
    folder, base = posixpath.split(part)
    root = ElementTree.fromstring(_read_part(archive, posixpath.join(folder, "_rels", f"{base}.rels")))
    relations = {}
    for element in root:
        if element.get("TargetMode") == "External":
            continue
        target = element.get("Target", "").replace("\\", "/")
        path = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
        relations[element.get("Id", "")] = (element.get("Type", "").rpartition("/")[2], path)
    return relations


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _reference(row: int, column: int) -> str:
    letters = ""
    while column:
        column, digit = divmod(column - 1, 26)
        letters = chr(65 + digit) + letters
    return f"{letters}{row}"


def _scan_sheet(archive: zipfile.ZipFile, part: str, place: str) -> SheetFacts:
    scanner = _SheetScanner(place)
    for chunk in _chunks(archive, _find(archive, part)):
        scanner.parser.Parse(chunk, False)
    scanner.parser.Parse(b"", True)
    return scanner.facts


class _SheetScanner:
    """Collects the facts of one sheet in bounded memory.

    An ordinary cell costs two calls, for its ``c`` and its ``v``; the end of an element is only listened to
    inside a cell with a formula or an error.
    """

    def __init__(self, place: str) -> None:
        self.facts = SheetFacts()
        self._place = place
        self._row = 0
        self._column = 0
        self._kind = ""
        self._cell_open = False
        self._has_formula = False
        self._text: list[str] = []
        self._columns: dict[str, int] = {}
        self.parser = expat.ParserCreate()
        self.parser.ordered_attributes = True
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start

    def _start(self, tag: str, attributes: list[str]) -> None:
        if tag == "c":
            self._start_cell(attributes)
        elif tag == "v" or tag == "is" or tag == "f":
            if self._cell_open:
                self._start_content(tag)
        elif tag == "row":
            self._cell_open = False
            self._row += 1
            self._column = 0
            for i in range(0, len(attributes), 2):
                if attributes[i] == "r":
                    self._row = int(attributes[i + 1])
        elif ":" in tag:
            self._start(tag.rpartition(":")[2], attributes)
        else:
            self._cell_open = False  # what follows the cells has elements of the same names

    def _start_cell(self, attributes: list[str]) -> None:
        self._cell_open = True
        self._kind = ""
        self._column += 1
        for i in range(0, len(attributes), 2):
            if attributes[i] == "r":
                reference = attributes[i + 1]
                letters = reference.rstrip("0123456789")
                self._row = int(reference[len(letters) :])
                self._column = self._columns.get(letters) or self._number(letters)
            elif attributes[i] == "t":
                self._kind = attributes[i + 1]
        if self._kind == "e":
            self._start_content("e")

    def _number(self, letters: str) -> int:
        number = 0
        for letter in letters.upper():
            if not "A" <= letter <= "Z" or number > 100_000:
                raise ValueError("a cell has no reference")
            number = number * 26 + ord(letter) - 64
        self._columns[letters] = number
        return number

    def _start_content(self, tag: str) -> None:
        facts = self.facts
        if self._row > facts.last_row:
            if self._row > limits.MAX_ROWS:
                raise self._too_far()
            facts.last_row = self._row
        if self._column > facts.last_column:
            if self._column > limits.MAX_COLUMNS:
                raise self._too_far()
            facts.last_column = self._column
        if tag == "f" or tag == "e":
            self._has_formula = tag == "f"
            self.parser.EndElementHandler = self._end
        elif tag == "v" and (self._has_formula or self._kind == "e"):
            self.parser.CharacterDataHandler = self._text.append

    def _too_far(self) -> UnreadableFileError:
        return UnreadableFileError(
            f"{self._place}在 {_reference(self._row, self._column)} 单元格有内容，超出能读取的范围"
            f"（{limits.MAX_ROWS} 行、{limits.MAX_COLUMNS} 列），没有读取。"
            "请删除远处多余的内容（整行、整列删除），保存后再试。"
        )

    def _end(self, tag: str) -> None:
        if tag == "v" or tag.endswith(":v"):
            self.parser.CharacterDataHandler = None
        elif tag == "c" or tag.endswith(":c"):
            self.parser.EndElementHandler = None
            self._end_cell()

    def _end_cell(self) -> None:
        place = (self._row, self._column)
        text = "".join(self._text)
        if self._has_formula:
            self.facts.formulas[place] = (self._kind, text)
        if self._kind == "e":
            self.facts.errors[place] = text or "#ERROR!"
        elif not text and self._kind != "str":
            # The answer "" of a text formula is stored just so; a missing number was never calculated.
            self.facts.errors[place] = NO_RESULT
        self._text.clear()
        self._has_formula = self._cell_open = False
