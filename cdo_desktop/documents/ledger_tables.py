"""Heads and values of the yearly lists."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from cdo_desktop.documents.pdf.filing_data import written_date
from cdo_desktop.documents.pdf.form_texts import FormTexts
from cdo_desktop.documents.table_paper import Cell, PaperColumn, TablePaper

if TYPE_CHECKING:
    from cdo_desktop.documents.ledgers import ArchiveCatalog, FilingLedger, FilingLedgerRow, IncomingRegister

_FILE = "ledgers"
# Key of the heading, millimetres on paper, characters in a workbook, whether it is running text.
_Plan = tuple[str, float, int, bool]
_FILING: tuple[_Plan, ...] = (  # a date has to stand on one line in Windows' 仿宋 too, which is wider
    ("count", 8.5, 6, False),
    ("number", 21.5, 14, False),
    ("unit", 22, 24, True),
    ("post", 18, 12, False),
    ("name", 14.5, 12, False),
    ("title", 24, 24, True),
    ("kind", 10.5, 10, False),
    ("change_date", 17.6, 12, False),
    ("due_date", 17.6, 12, False),
    ("received_on", 17.6, 12, False),
    ("late", 14, 12, False),
    ("late_reason", 15, 18, True),
    ("filed_on", 17.6, 12, False),
    ("handler", 13, 10, False),
    ("stored", 17.6, 14, False),
    ("note", 17, 18, True),
)
_INCOMING: tuple[_Plan, ...] = (
    ("number", 22, 14, False),
    ("received_on", 22, 12, False),
    ("sender", 48, 30, True),
    ("document", 72, 50, True),
    ("form", 17, 10, False),
    ("way", 20, 12, False),
    ("copies", 12, 8, False),
    ("receiver", 20, 12, False),
    ("note", 34, 24, True),
)
_ARCHIVE: tuple[_Plan, ...] = (
    ("item", 12, 8, False),
    ("number", 25, 18, False),
    ("author", 28, 24, True),
    ("title", 43, 44, True),
    ("dated", 20, 12, False),
    ("pages", 11, 8, False),
    ("retention", 13, 10, False),
    ("note", 16, 16, True),
)


def filing_table(ledger: "FilingLedger", texts: FormTexts) -> TablePaper:
    """Return 备案登记册: a line a filing, and above them how many of each kind there are."""
    rows = tuple((count, *_filing_cells(row, texts)) for count, row in enumerate(ledger.rows, 1))
    note = texts.paper(
        _FILE,
        "filing.note",
        keeper=ledger.keeper,
        count=str(len(ledger.rows)),
        kinds=_kinds(ledger.rows, texts),
        voided=_voided(ledger.rows, texts),
    )
    return _paper("filing", ledger.year, note, _as_of(ledger.as_of, texts), _FILING, rows, texts, size=9.0)


def incoming_table(register: "IncomingRegister", texts: FormTexts) -> TablePaper:
    """Return 收文登记册."""
    rows = tuple(
        (
            row.number,
            row.received_on,
            row.sender,
            row.document,
            row.form,
            row.way,
            row.copies,
            row.receiver,
            row.note,
        )
        for row in register.rows
    )
    note = texts.paper(_FILE, "incoming.note", keeper=register.keeper, count=str(len(rows)))
    dated = _as_of(register.as_of, texts)
    return _paper("incoming", register.year, note, dated, _INCOMING, rows, texts, size=10.5)


def archive_table(catalog: "ArchiveCatalog", texts: FormTexts) -> TablePaper:
    """Return 归档文件目录, its dates in eight digits as DA/T 22 has them."""
    rows = tuple(
        (
            row.item,
            row.number,
            row.author,
            row.title,
            f"{row.dated:%Y%m%d}" if row.dated else "",
            row.pages,
            row.retention,
            row.note,
        )
        for row in catalog.rows
    )
    note = texts.paper(
        _FILE,
        "archive.note",
        fonds=catalog.fonds,
        department=catalog.department,
        count=str(len(rows)),
    )
    dated = texts.paper(_FILE, "archive.dated", date=written_date(catalog.made_on, texts))
    return _paper("archive", catalog.year, note, dated, _ARCHIVE, rows, texts, size=10.5, landscape=False)


def _paper(
    section: str,
    year: int,
    note: str,
    dated: str,
    plan: Sequence[_Plan],
    rows: tuple[tuple[Cell, ...], ...],
    texts: FormTexts,
    *,
    size: float,
    landscape: bool = True,
) -> TablePaper:
    columns = tuple(
        PaperColumn(texts.paper(_FILE, f"{section}.columns.{key}"), millimetres, characters, left)
        for key, millimetres, characters, left in plan
    )
    return TablePaper(
        name=texts.paper(_FILE, f"{section}.sheet", year=str(year)),
        title=texts.paper(_FILE, f"{section}.title", year=str(year)),
        note=note,
        dated=dated,
        page=texts.paper(_FILE, "page"),
        columns=columns,
        rows=rows,
        nothing=texts.paper(_FILE, "nothing"),
        landscape=landscape,
        size=size,
    )


def _as_of(day: date, texts: FormTexts) -> str:
    return texts.paper(_FILE, "as_of", date=written_date(day, texts))


def _filing_cells(row: "FilingLedgerRow", texts: FormTexts) -> tuple[Cell, ...]:
    due: Cell = row.due_date
    if row.due_date is None:
        due = texts.paper(_FILE, "no_limit")
    elif row.due_provisional:
        due = texts.paper(_FILE, "filing.provisional", date=row.due_date.isoformat())
    stored = "\n".join(
        text for text in (row.stored_on.isoformat() if row.stored_on else "", row.place) if text
    )
    return (
        row.number,
        row.unit,
        row.post,
        row.name,
        row.title,
        row.kind,
        row.change_date,
        due,
        row.received_on,
        _lateness(row, texts),
        row.late_reason,
        row.filed_on,
        row.handler,
        stored,
        _note(row, texts),
    )


def _lateness(row: "FilingLedgerRow", texts: FormTexts) -> str:
    if row.due_date is None:
        return texts.paper(_FILE, "no_limit")
    if row.late:
        key = "filing.late" if row.late_days else "filing.late_under_a_day"
        return texts.paper(_FILE, key, days=str(row.late_days))
    return texts.paper(_FILE, "filing.in_time") if row.received_on else ""


def _note(row: "FilingLedgerRow", texts: FormTexts) -> str:
    void = ""
    if row.voided:
        key = "filing.void_because" if row.void_reason else "filing.void"
        void = texts.paper(_FILE, key, reason=row.void_reason)
    return "\n".join(text for text in (void, row.note) if text)


def _kinds(rows: "Sequence[FilingLedgerRow]", texts: FormTexts) -> str:
    """Return how many filings that are not 作废 each kind has, and how many of them were late."""
    counted = Counter(row.kind for row in rows if not row.voided)
    late = Counter(row.kind for row in rows if row.late and not row.voided)
    parts = []
    for kind, count in counted.items():
        among = texts.paper(_FILE, "filing.late_among", count=str(late[kind])) if late[kind] else ""
        parts.append(texts.paper(_FILE, "filing.kind", kind=kind, count=str(count)) + among)
    return texts.paper(_FILE, "filing.kinds", kinds="、".join(parts)) if parts else ""


def _voided(rows: "Sequence[FilingLedgerRow]", texts: FormTexts) -> str:
    count = sum(row.voided for row in rows)
    return texts.paper(_FILE, "filing.voided_among", count=str(count)) if count else ""
