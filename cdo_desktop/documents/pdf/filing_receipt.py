"""备案回执: what was filed, when it came and whether it was late, for the unit to keep. One A4 page each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from cdo_desktop.documents.pdf.cell_text import printable, printable_line, wrap
from cdo_desktop.documents.pdf.fact_table import draw_facts
from cdo_desktop.documents.pdf.filing_data import written_date
from cdo_desktop.documents.pdf.fonts import FontRole, draw_text
from cdo_desktop.documents.pdf.form_layout import MM
from cdo_desktop.documents.pdf.form_texts import FormTexts, form_texts
from cdo_desktop.documents.pdf.official_page import PORTRAIT, draw_signature, draw_title
from cdo_desktop.documents.pdf.pdf_target import whole_pdf
from cdo_desktop.errors import InvalidInputError

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

_FILE = "filing_receipt"
_TITLE_SIZE = 22.0
_SIZE, _PITCH = 14.0, 24.0
_SEAL = 34 * MM  # from the end of the table to 署名: the upper half of the seal and some air
_SIGNATURE = _SEAL + 30 * MM  # with the date and the line at the foot


@dataclass(frozen=True)
class FilingReceipt:
    """What one 备案回执 says; ``unit`` is the full name.

    ``due_date`` None is a filing without limit. ``late_days`` are working days, 0 with ``late`` is less than
    one. ``office_phone`` is the office's, for questions.
    """

    number: str
    unit: str
    post: str
    name: str
    title: str
    kind: str
    filed_on: date
    handler: str
    receiving_body: str
    issued_on: date
    change_date: date | None = None
    due_date: date | None = None
    due_provisional: bool = False
    scan_received_on: date | None = None
    original_received_on: date | None = None
    late: bool = False
    late_days: int = 0
    late_reason: str = ""
    office_phone: str = ""


def write_receipts(
    receipts: Iterable[FilingReceipt], target: Path | BinaryIO, *, texts: FormTexts | None = None
) -> int:
    """Write receipts into one PDF, a page each, and return the number of pages.

    Characters that no font has are left blank; ``official_page.paper_problems`` names them. Raises
    InvalidInputError when there are none, StorageError or FileInUseError when the file cannot be written.
    """
    words = texts or form_texts()
    chosen = tuple(receipts)
    if not chosen:
        raise InvalidInputError("没有选中任何已备案的记录，没有生成回执。请先选择已经编号备案的记录。")
    with whole_pdf(target, words.paper(_FILE, "title"), pagesize=PORTRAIT.size) as canvas:
        for receipt in chosen:
            _draw(canvas, receipt, words)
            canvas.showPage()
    return len(chosen)


def _draw(canvas: "Canvas", receipt: FilingReceipt, words: FormTexts) -> None:
    y = draw_title(canvas, PORTRAIT, words.paper(_FILE, "title"), _TITLE_SIZE) - 8 * MM
    y = _draw_text(canvas, y, printable(words.paper(_FILE, "addressee", unit=printable_line(receipt.unit))))
    opening = words.paper(_FILE, "opening", post=receipt.post, kind=receipt.kind, unit=receipt.unit)
    y = _draw_text(canvas, y, f"　　{printable(opening)}") - 3 * MM
    y = draw_facts(canvas, PORTRAIT, y, _facts(receipt, words), y - PORTRAIT.bottom - _SIGNATURE)
    dated = written_date(receipt.issued_on, words)
    draw_signature(canvas, PORTRAIT, y - _SEAL, receipt.receiving_body, dated, _SIZE, _PITCH)
    closing = printable(words.paper(_FILE, "closing"))
    draw_text(canvas, PORTRAIT.left, PORTRAIT.bottom, closing, FontRole.SONG, 10.5)


def _draw_text(canvas: "Canvas", top: float, text: str) -> float:
    """Draw lines of running text downwards and return where they end."""
    y = top
    for line in wrap(text, FontRole.FANGSONG, _SIZE, PORTRAIT.inner):
        y -= _PITCH
        draw_text(canvas, PORTRAIT.left, y, line, FontRole.FANGSONG, _SIZE)
    return y - (_PITCH - _SIZE) / 2


def _facts(receipt: FilingReceipt, words: FormTexts) -> list[list[tuple[str, str]]]:
    nothing = words.paper(_FILE, "nothing")

    def fact(key: str, value: str) -> tuple[str, str]:
        return words.paper(_FILE, f"labels.{key}"), value or nothing

    rows = [
        [fact("number", receipt.number), fact("filed_on", written_date(receipt.filed_on, words))],
        [fact("unit", receipt.unit)],
        [fact("post", receipt.post), fact("kind", receipt.kind)],
        [fact("name", receipt.name)],
        [fact("title", receipt.title)],
        [
            fact("change_date", written_date(receipt.change_date, words)),
            fact("due_date", _due(receipt, words)),
        ],
        [fact("received", _received(receipt, words))],
        [fact("late", _late(receipt, words)), fact("late_days", _late_days(receipt, words))],
    ]
    if receipt.late:
        rows.append([fact("late_reason", receipt.late_reason)])
    rows.append([fact("handler", receipt.handler), fact("phone", receipt.office_phone)])
    return rows


def _due(receipt: FilingReceipt, words: FormTexts) -> str:
    due = written_date(receipt.due_date, words)
    return words.paper(_FILE, "provisional", date=due) if due and receipt.due_provisional else due


def _received(receipt: FilingReceipt, words: FormTexts) -> str:
    came = (("received_scan", receipt.scan_received_on), ("received_original", receipt.original_received_on))
    return "　　".join(words.paper(_FILE, key, date=written_date(day, words)) for key, day in came if day)


def _late(receipt: FilingReceipt, words: FormTexts) -> str:
    if receipt.due_date is None:
        return words.paper(_FILE, "no_limit")
    return words.paper(_FILE, "late" if receipt.late else "in_time")


def _late_days(receipt: FilingReceipt, words: FormTexts) -> str:
    if not receipt.late:
        return ""
    key = "late_days" if receipt.late_days else "late_under_a_day"
    return words.paper(_FILE, key, days=str(receipt.late_days))
