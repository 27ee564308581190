"""The history row that every action writes inside its own transaction."""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from operator import methodcaller
from typing import TYPE_CHECKING, Any, TypeAlias

from cdo_desktop.errors import StorageError
from cdo_desktop.store.database import Database

if TYPE_CHECKING:  # a journal is made before the register shows, and SQLAlchemy is imported after
    from sqlalchemy.orm import Session

logger = logging.getLogger(__name__)

EXPORTS = "exports"  # what a line calls files with personal data that were handed out
EXPORTED = "导出"
ERASED = "匿名化"  # a person, on their request
AUTOMATIC = "（自动）"  # who acts before an operator has been chosen
NOBODY = "还没有选定经办人，没有保存，原有数据没有改动。请先选定经办人，再试一次。"
Value: TypeAlias = str | int | bool | date | None
Values: TypeAlias = Mapping[str, Value]
# One for all lines: `json.dumps` would make another for each.
_canonical = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=methodcaller("isoformat")
).encode


@dataclass
class Journal:
    """Knows who acts and what time it is.

    ``actor`` is "" and ``operator_id`` None until an operator has been chosen; ``operator_id`` is also None
    where no database is open. They are set once for an open office: another operator opens it anew.
    """

    clock: Callable[[], datetime]
    actor: str = ""
    operator_id: int | None = None

    def act_as(self, operator_id: int, name: str) -> None:
        """From now on this operator is named in the history."""
        self.operator_id, self.actor = operator_id, name

    @property
    def today(self) -> date:
        """The present day of this office."""
        return self.clock().date()

    def record(
        self,
        session: "Session",
        action: str,
        entity: str,
        entity_id: int,
        *,
        before: Values | None = None,
        after: Values | None = None,
        unit_id: int | None = None,
        person_id: int | None = None,
    ) -> None:
        """Write one line; only fields that differ are kept."""
        from cdo_desktop.models import HistoryEntry

        told = self.entry(action, entity, entity_id, before, after, unit_id, person_id)
        session.add(HistoryEntry(**told))

    def entry(
        self,
        action: str,
        entity: str,
        entity_id: int,
        before: Values | None = None,
        after: Values | None = None,
        unit_id: int | None = None,
        person_id: int | None = None,
    ) -> dict[str, Any]:
        """Return one line for those who insert many at once, in their order.

        Raises StorageError while no operator has been chosen.
        """
        if not self.actor:
            raise StorageError(NOBODY)
        old, new = changed_values(before or {}, after or {})
        return {
            "at": self.clock(),
            "actor": self.actor,
            "action": action,
            "entity": entity,
            "entity_id": entity_id,
            "unit_id": unit_id,
            "person_id": person_id,
            "before": as_json(old),
            "after": as_json(new),
        }


def note(
    database: Database,
    journal: Journal,
    action: str,
    entity: str,
    values: Values,
    *,
    person_id: int | None = None,
) -> None:
    """Write one line of its own about what changes no record: a backup, an export, a check.

    What must not fail for it goes on without the line while the database can only be read; the log tells.
    """
    acting = journal if journal.actor else Journal(journal.clock, AUTOMATIC)
    try:
        with database.write() as session:
            acting.record(session, action, entity, 0, after=values, person_id=person_id)
    except StorageError:
        logger.warning("not noted in the history: %s %s", entity, action, exc_info=True)


def changed_values(before: Values, after: Values) -> tuple[dict[str, Value], dict[str, Value]]:
    """Return the old and new values of the fields that differ; nothing and "" are the same."""
    if not before:
        return {}, {key: value for key, value in after.items() if value is not None and value != ""}
    keys = [key for key in {**before, **after} if _told(before.get(key)) != _told(after.get(key))]
    old = {key: before[key] for key in keys if _told(before.get(key)) != ""}
    return old, {key: after[key] for key in keys if key in after}


def _told(value: Value) -> Value:
    return "" if value is None else value


def as_json(values: Values) -> str:
    """Return canonical JSON; dates as YYYY-MM-DD."""
    return _canonical(values) if values else ""
