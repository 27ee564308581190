"""Trying a PIN: wrong ones are counted in the database and lock their operator for a while (R37)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from cdo_desktop.errors import InvalidInputError
from cdo_desktop.rules.pins import clean_pin
from cdo_desktop.services.pin_hash import pin_matches

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from cdo_desktop.models import Operator
    from cdo_desktop.services.journal import Journal

MOST_FAILURES: Final = 5
"""Wrong PINs in a row after which an operator waits; and then again after as many more."""
LOCK: Final = timedelta(minutes=10)


class PinError(InvalidInputError):
    """The PIN is wrong, or its operator is locked; what was counted is committed before it is raised."""

    def __init__(self, message: str) -> None:
        super().__init__(message, "proof")


@dataclass(frozen=True)
class Trial:
    """What came of one PIN; ``refused`` is None for the right one, ``failures`` were wrong before it."""

    refused: PinError | None
    failures: int = 0


def time_locked(locked_until: datetime | None, now: datetime) -> timedelta:
    """Return how long an operator still waits; never longer than one lock, wherever the clock was set."""
    if locked_until is None:
        return timedelta(0)
    return max(timedelta(0), min(locked_until - now, LOCK))


def look_at_pin(operator: "Operator", pin: str, now: datetime) -> Trial:
    """Try a PIN without counting."""
    left = time_locked(operator.locked_until, now)
    if left:
        return Trial(_locked(operator.name, now, left))
    if operator.pin_hash and not pin_matches(clean_pin(pin), operator.pin_hash):
        return Trial(PinError("PIN 不对，请重新输入。"))
    return Trial(None, operator.failures)


def try_pin(session: "Session", operator: "Operator", pin: str, journal: "Journal") -> Trial:
    """Try a PIN and count: the right one ends the counting, a wrong one is told in the history.

    The caller holds the database's write lock, so two programs cannot try at once; it commits, whatever the
    outcome, and only then raises what was ``refused``.
    """
    now = journal.clock()
    trial = look_at_pin(operator, pin, now)
    left = time_locked(operator.locked_until, now)
    if left:
        operator.locked_until = now + left  # shorter where the clock was set back
    elif trial.refused is not None:
        trial = Trial(_count(session, operator, now, journal))
    else:
        operator.failures, operator.locked_until = 0, None
    return trial


def _count(session: "Session", operator: "Operator", now: datetime, journal: "Journal") -> PinError:
    before = operator.failures
    operator.failures += 1
    journal.record(
        session,
        "PIN 输错",
        "operators",
        operator.id,
        before={"failures": before},
        after={"failures": operator.failures},
    )
    left = MOST_FAILURES - operator.failures % MOST_FAILURES
    if left < MOST_FAILURES:
        return PinError(f"PIN 不对，还可以再试 {left} 次。")
    operator.locked_until = now + LOCK
    until = f"{operator.locked_until:%Y-%m-%d %H:%M}"
    journal.record(session, "锁定", "operators", operator.id, after={"locked_until": until})
    return _locked(operator.name, now, LOCK)


def _locked(name: str, now: datetime, left: timedelta) -> PinError:
    minutes = -(-int(left.total_seconds()) // 60)
    return PinError(
        f"PIN 连续输错 {MOST_FAILURES} 次，“{name}”已锁定，{now + left:%H:%M} 以后可以再试"
        f"（还有 {minutes} 分钟）。也可以请另一位经办人重设 PIN。"
    )
