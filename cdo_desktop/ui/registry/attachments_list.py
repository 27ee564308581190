"""The table of attachments: its columns, and the rows as they were last looked up."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from cdo_desktop.services.attachment_rows import AttachmentRow
from cdo_desktop.ui.common.sizes import size_text
from cdo_desktop.ui.common.table_columns import CellMark, Column
from cdo_desktop.ui.common.table_model import TableQuery
from cdo_desktop.ui.common.tones import Tone

_ICONS: Final = {
    "PDF 文件": "file-type-pdf",
    "图片": "scan",
    "Excel 表格": "file-spreadsheet",
    "WPS 表格": "file-spreadsheet",
}


def _mark(row: AttachmentRow) -> CellMark:
    return CellMark(_ICONS.get(row.kind, "file-text"), Tone.MUTED, row.kind)


COLUMNS: Final = (
    Column[AttachmentRow]("name", "文件名", lambda row: row.name, 300, filterable=False, mark=_mark),
    Column[AttachmentRow]("kind", "类型", lambda row: row.kind, 90, filterable=False),
    Column[AttachmentRow](
        "size", "大小", lambda row: size_text(row.size), 80, align_right=True, filterable=False
    ),
    Column[AttachmentRow](
        "added_at", "添加时间", lambda row: f"{row.added_at:%Y-%m-%d %H:%M}", 130, filterable=False
    ),
    Column[AttachmentRow]("added_by", "经办", lambda row: row.added_by, 90, filterable=False),
)
_ORDERS: Final[Mapping[str, Callable[[AttachmentRow], object]]] = {
    "name": lambda row: row.name.casefold(),
    "kind": lambda row: row.kind,
    "size": lambda row: row.size,
    "added_at": lambda row: row.added_at,
    "added_by": lambda row: row.added_by,
}


class AttachmentSource:
    """The few files of one record, kept in memory."""

    def __init__(self) -> None:
        self._rows: dict[int, AttachmentRow] = {}

    def set_rows(self, rows: Sequence[AttachmentRow]) -> None:
        """Show these from the next reload on."""
        self._rows = {row.attachment_id: row for row in rows}

    def row(self, key: int) -> AttachmentRow:
        """Return one of them."""
        return self._rows[key]

    def keys(self, query: TableQuery) -> Sequence[int]:
        """Return the ids in the order wanted."""
        rows = list(self._rows.values())
        order = _ORDERS.get(query.sort)
        if order is not None:
            rows.sort(key=order, reverse=query.descending)  # type: ignore[arg-type]
        return [row.attachment_id for row in rows]

    def rows(self, keys: Sequence[int]) -> Mapping[int, AttachmentRow]:
        """Return the rows of these ids."""
        return {key: self._rows[key] for key in keys if key in self._rows}
