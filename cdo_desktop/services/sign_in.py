"""Who may work with an open database, read without SQLAlchemy: it is asked before the register shows."""

from dataclasses import dataclass

from cdo_desktop.errors import StorageError
from cdo_desktop.store import Database

_ACTIVE = "SELECT id, name, pin_hash <> '' FROM operators WHERE is_active ORDER BY id"


@dataclass(frozen=True)
class OperatorChoice:
    """An operator who is not disabled."""

    operator_id: int
    name: str
    has_pin: bool


def operators_to_choose(database: Database) -> tuple[OperatorChoice, ...]:
    """Return every active operator, the first one first; raises StorageError when there is none."""
    with database.snapshot() as connection:
        rows = connection.execute(_ACTIVE).fetchall()
    if not rows:
        raise StorageError("数据里没有一位在用的经办人，不能打开。数据没有改动，请从备份恢复。")
    return tuple(OperatorChoice(operator_id, name, bool(has_pin)) for operator_id, name, has_pin in rows)


def only_operator(choices: tuple[OperatorChoice, ...]) -> OperatorChoice | None:
    """Return the one who works without being asked: there is no other, and no PIN."""
    return choices[0] if len(choices) == 1 and not choices[0].has_pin else None
