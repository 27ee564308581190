"""Which rows a 备案表 has: labels, values and boxes with their widths, by post and kind."""

from dataclasses import dataclass

from cdo_desktop.rules.vocabulary import ChangeReason, FilingKind, Handover, HeadStatus, PostKind

DUTY_SIZE = 10.5
NOTICE_SIZE = 8.5

COLUMNS = (23.0, 30.0, 22.0, 30.0, 22.0, 31.0)
"""Widths in mm right of the band, label and value by turns."""

CHOICES = {
    "kind": tuple(FilingKind),
    "head_status": tuple(HeadStatus),
    "change_reason": tuple(ChangeReason),
    "handover": tuple(Handover),
    "late": ("否", "是"),  # ticked by hand
}
"""The words of every field with check boxes, as the program stores them."""


@dataclass(frozen=True)
class LayoutKey:
    """All that the fixed part of a page depends on."""

    post: PostKind
    kind: FilingKind
    receiving_body: str
    birth_month: bool
    political_status: bool


@dataclass(frozen=True)
class Entry:
    """A label and the value beside it, with their widths in mm."""

    field: str
    label_mm: float
    value_mm: float
    label_key: str = ""


@dataclass(frozen=True)
class Box:
    """A box to sign and seal, its name in a band at its left."""

    key: str
    width_mm: float  # with its 10 mm band


@dataclass(frozen=True)
class Row:
    """A row of the table with its least and greatest height in mm: entries, boxes or running text."""

    least: float
    most: float
    entries: tuple[Entry, ...] = ()
    boxes: tuple[Box, ...] = ()
    paragraph: str = ""
    size: float = 0.0


@dataclass(frozen=True)
class Block:
    """Rows with one name in the band at their left and perhaps a box at their right."""

    rows: tuple[Row, ...]
    band: str = ""
    right: Box | None = None


def form_blocks(key: LayoutKey) -> list[Block]:
    """Return the rows of a form from the top, running text still without a height."""
    c1, v1, c2, v2, c3, v3 = COLUMNS
    cdo = key.post is PostKind.CDO
    leaving = key.kind is FilingKind.LEAVE
    blocks = [
        Block((_row(Entry("kind", 33, v1 + c2 + v2), Entry("filled_on", c3, v3)),)),
        Block(
            (
                _row(Entry("unit_full_name", c1, v1 + c2 + v2), Entry("unit_category", c3, v3)),
                _row(Entry("unit_address", c1, v1 + c2 + v2), Entry("unit_postcode", c3, v3)),
            ),
            "bands.unit",
        ),
        Block(tuple(_person_rows(key, cdo)), "bands.person"),
        Block(
            (
                _row(
                    Entry("counterpart_name", 14, 24),
                    Entry("counterpart_title", 14, 38),
                    Entry("counterpart_phone", 14, 31),
                ),
            ),
            "bands.counterpart",
        ),
        Block(tuple(_change_rows(leaving)), "bands.leave" if leaving else "bands.change"),
    ]
    if not leaving:
        blocks.append(Block((Row(0, 0, paragraph="duty.text", size=DUTY_SIZE),), "bands.duty"))
    blocks.append(Block((Row(0, 0, paragraph="notice.text", size=NOTICE_SIZE),), "bands.notice"))
    blocks.append(Block((Row(33, 40, boxes=_signatures(cdo, leaving)),)))
    blocks.append(
        Block(
            (
                _row(Entry("received_on", 21, 30), Entry("number", 18, 27)),
                _row(Entry("late", 21, 30), Entry("late_days", 18, 27)),
                _row(Entry("late_note", 21, 75)),
                _row(Entry("clerk", 21, 30), Entry("chief", 18, 27)),
            ),
            "bands.office_use",
            Box("office", 62),
        )
    )
    return blocks


def _row(*entries: Entry) -> Row:
    return Row(8, 11.5, entries)


def _person_rows(key: LayoutKey, cdo: bool) -> list[Row]:
    c1, v1, c2, v2, c3, v3 = COLUMNS
    wide = sum(COLUMNS) - c1
    rows = [_row(Entry("name", c1, v1), Entry("sex", c2, v2), Entry("since", c3, v3))]
    if key.birth_month and key.political_status:
        rows.append(_row(Entry("birth_month", c1, v1), Entry("political_status", c2, v2 + c3 + v3)))
    elif key.birth_month or key.political_status:
        rows.append(_row(Entry("birth_month" if key.birth_month else "political_status", c1, wide)))
    contact = _row(Entry("office_phone", c1, v1), Entry("mobile", c2, v2), Entry("email", c3, v3))
    title = _row(Entry("title", c1, wide))
    basis = _row(Entry("basis", c1, wide))
    if cdo:
        head = _row(Entry("head_status", c1, v1 + c2), Entry("head_note", v2 - 8, c3 + v3 + 8))
        return [*rows, title, head, basis, _row(Entry("work_scope", c1, wide)), contact]
    return [
        *rows,
        _row(Entry("section", c1, v1 + c2 + v2), Entry("rank", c3, v3)),
        title,
        _row(Entry("duties", c1, wide)),
        _row(Entry("digital_years", c1, v1), Entry("education", c2, v2 + c3 + v3)),
        basis,
        _row(Entry("training", c1, wide)),
        _row(Entry("platform_account", c1, v1), Entry("backup_name", c2, v2), Entry("backup_phone", c3, v3)),
        contact,
    ]


def _change_rows(leaving: bool) -> list[Row]:
    c1, v1, c2, v2, c3, v3 = COLUMNS
    wide = sum(COLUMNS) - c1
    if leaving:
        return [
            _row(Entry("change_reason", c1, wide, "labels.leave_reason")),
            _row(Entry("leave_date", c1, v1 + c2), Entry("handover", v2 - 8, c3 + v3 + 8)),
        ]
    return [
        _row(Entry("predecessor_name", c1, v1), Entry("predecessor_title", c2, v2 + c3 + v3)),
        _row(Entry("change_reason", c1, wide)),
        _row(Entry("change_date", c1, v1), Entry("due_date", c2, v2), Entry("handover", 10, c3 + v3 - 10)),
    ]


def _signatures(cdo: bool, leaving: bool) -> tuple[Box, ...]:
    if cdo:
        return (Box("unit", 168),) if leaving else (Box("person", 76), Box("unit", 92))
    if leaving:
        return (Box("cdo", 76), Box("unit", 92))
    return (Box("person", 50), Box("cdo", 54), Box("unit", 64))
