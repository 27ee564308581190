"""PDF files that PDFium wrote, made the same bytes whenever the same pages are written.

PDFium puts the time and a random name into every file, and a content is known again by its digest.
"""

import re
from typing import IO, Final

_CREATED: Final = re.compile(rb"/CreationDate\s*\(D:[^()]*\)")
_NAME: Final = re.compile(rb"/ID\s*\[\s*<[0-9A-Fa-f]*>\s*<[0-9A-Fa-f]*>\s*\]")
_HEAD_BYTES: Final = 65_536  # the third object tells the time, after the list of pages
_TAIL_BYTES: Final = 2_048  # the trailer


def take_out_the_moment(file: IO[bytes]) -> None:
    """Blank the time and the name of a file, which may lack both; it is open for reading and writing."""
    size = file.seek(0, 2)
    _blank(file, 0, _HEAD_BYTES, _CREATED)
    _blank(file, max(0, size - _TAIL_BYTES), _TAIL_BYTES, _NAME)


def _blank(file: IO[bytes], start: int, length: int, wanted: re.Pattern[bytes]) -> None:
    file.seek(start)
    found = wanted.search(file.read(length))
    if found is not None:
        file.seek(start + found.start())
        file.write(b" " * len(found[0]))
