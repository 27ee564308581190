"""The code that tells a paper apart when it comes back: written on it, and read from its scan.

The text of a code, version 1, in ASCII::

    CDO1|<database id>|<kind>|<record id>|<page>/<pages>|<digest>

``CDO1`` is the format with its version. The ids are UUIDs in their usual writing (36 characters, lower case):
of the database that made the paper, and of the record that the paper belongs to. ``kind`` names what the
record is, in small letters: ``filing`` for a 备案表. ``page/pages`` counts from 1. ``digest`` is the first 16
hexadecimal digits of the SHA-256 of the entered fields, empty for a paper without content of its own. A
备案表 gives 106 characters, which is a symbol of 41 × 41 modules at level M. No personal data is in the code.
"""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdo_desktop.documents.pdf.qr_symbol import symbol_rows
from cdo_desktop.errors import InvalidInputError

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

FORMAT = "CDO1"
FILING = "filing"

_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_PATTERN = re.compile(
    rf"CDO1\|(?P<database>{_UUID})\|(?P<kind>[a-z][a-z0-9-]{{0,23}})\|(?P<record>{_UUID})"
    r"\|(?P<page>[1-9][0-9]{0,3})/(?P<pages>[1-9][0-9]{0,3})\|(?P<digest>[0-9a-f]{16}|)"
)


@dataclass(frozen=True)
class PaperMark:
    """What a code says: the database, the record's kind and id, the page, and the digest of the content."""

    database_id: str
    kind: str
    record_id: str
    page: int
    pages: int
    digest: str


def encode(mark: PaperMark) -> str:
    """Return the text of a code. Raises InvalidInputError for a mark that ``parse`` would not give back."""
    text = f"{FORMAT}|{mark.database_id}|{mark.kind}|{mark.record_id}|{mark.page}/{mark.pages}|{mark.digest}"
    if parse(text) != mark:
        raise InvalidInputError(f"二维码的内容“{text}”不合规则，文件没有生成。请在“系统”中检查数据后再试。")
    return text


def parse(text: str) -> PaperMark | None:
    """Return what a code says, or None if it is not a code of this program in a version that it knows."""
    found = _PATTERN.fullmatch(text)
    if found is None:
        return None
    page, pages = int(found["page"]), int(found["pages"])
    if page > pages:
        return None
    return PaperMark(found["database"], found["kind"], found["record"], page, pages, found["digest"])


def draw_code(canvas: "Canvas", x: float, y: float, side: float, text: str) -> None:
    """Draw a code of level M with its lower left corner at (x, y) and sides of ``side`` points.

    The caller leaves four modules of white around it.
    """
    rows = symbol_rows(text.encode("ascii"))
    module = side / len(rows)
    # The scale makes every module a unit, so that the rectangles are short whole numbers.
    code = [f"q 0 g {module:.4f} 0 0 {module:.4f} {x:.3f} {y:.3f} cm"]
    for number, row in enumerate(rows):
        level = len(rows) - 1 - number
        code.extend(f"{run.start()} {level} {run.end() - run.start()} 1 re" for run in re.finditer("1+", row))
    code.append("f Q")
    canvas.addLiteral("\n".join(code))
