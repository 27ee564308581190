"""What calamine does not tell about an .xls: error cells, how far its sheets go, whether it is encrypted.

Source: [MS-XLS] 2.4, the record types named below. Only the heads of records are read, never their text.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from cdo_desktop.documents.readers.facts import SheetFacts

_BOF = 0x0809
_EOF = 0x000A
_FILEPASS = 0x002F
_BOUNDSHEET = 0x0085
_MACRO_SHEET = 1
_MULRK = 0x00BD
_BOOLERR = 0x0205
_FORMULA = 0x0006
_VALUES = frozenset(
    {0x0006, 0x00D6, 0x00FD, 0x0203, 0x0204, 0x0205, 0x027E}
)  # one cell each, blanks left out
_ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}


@dataclass(frozen=True)
class XlsFacts:
    """The sheets in their order in the workbook, charts and macro sheets included."""

    encrypted: bool
    sheets: tuple[SheetFacts, ...]


def scan_xls(book: bytes) -> XlsFacts:
    """Read through the Workbook stream; a damaged one raises ValueError or struct.error."""
    offsets: list[int] = []
    encrypted = False
    for kind, data in _records(book, 0):
        if kind == _FILEPASS:
            return XlsFacts(encrypted=True, sheets=())
        if kind == _BOUNDSHEET:
            offsets.append(struct.unpack_from("<I", data)[0])
    return XlsFacts(encrypted, tuple(_scan_sheet(book, offset) for offset in offsets))


def has_macro_sheet(book: bytes) -> bool | None:
    """Tell whether a Workbook stream has sheets of Excel 4.0 macros; None where a password hides it."""
    found = False
    for kind, data in _records(book, 0):
        if kind == _FILEPASS:
            return None
        if kind == _BOUNDSHEET:
            found |= data[5] == _MACRO_SHEET
    return found


def _records(book: bytes, offset: int) -> Iterator[tuple[int, bytes]]:
    """Yield type and content of the records of one substream, without those of charts inside it."""
    depth = 0
    while offset + 4 <= len(book):
        kind, length = struct.unpack_from("<HH", book, offset)
        data = book[offset + 4 : offset + 4 + length]
        offset += 4 + length
        if kind == _BOF:
            depth += 1
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                return
        elif depth == 1:
            yield kind, data
        elif depth == 0:
            raise ValueError("a substream does not begin with BOF")
    raise ValueError("a substream has no end")


def _scan_sheet(book: bytes, offset: int) -> SheetFacts:
    facts = SheetFacts()
    for kind, data in _records(book, offset):
        if kind in _VALUES:
            row, column = struct.unpack_from("<HH", data)
            facts.include(row + 1, column + 1)
            error = _error_code(kind, data)
            if error is not None:
                facts.errors[row + 1, column + 1] = _ERRORS.get(error, "#ERROR!")
        elif kind == _MULRK:
            row, last_column = (
                struct.unpack_from("<H", data)[0],
                struct.unpack_from("<H", data, len(data) - 2)[0],
            )
            facts.include(row + 1, last_column + 1)
    return facts


def _error_code(kind: int, data: bytes) -> int | None:
    if kind == _BOOLERR and data[7] == 1:
        return data[6]
    if kind == _FORMULA and data[12:14] == b"\xff\xff" and data[6] == 2:
        return data[8]
    return None
