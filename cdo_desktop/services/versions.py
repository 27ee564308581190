"""Refusing a stale form: the record changed after it was opened."""

from collections.abc import Mapping
from datetime import date

from cdo_desktop.errors import ConflictError, FieldConflict
from cdo_desktop.services.journal import Value, Values


def refuse_stale(
    what: str, opened: Values, mine: Values, stored: Values, labels: Mapping[str, str]
) -> ConflictError:
    """Return the error that shows, field by field, what was opened, typed here and stored meanwhile."""
    conflicts = tuple(
        FieldConflict(labels[key], _shown(opened.get(key)), _shown(mine.get(key)), _shown(stored.get(key)))
        for key in mine
        if key in labels and (stored.get(key) != opened.get(key) or mine.get(key) != opened.get(key))
    )
    return ConflictError(
        f"{what}在您打开之后已被别人修改。您的修改没有保存，仍在窗口中；请对照后决定保留哪一个。", conflicts
    )


def _shown(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    return value.isoformat() if isinstance(value, date) else str(value)
