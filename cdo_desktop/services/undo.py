"""撤销 and 重做 of edits of the register (decision 013)."""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from cdo_desktop.errors import AppError, ConflictError, InvalidInputError
from cdo_desktop.rules.filing import FINAL_STATES
from cdo_desktop.rules.vocabulary import FilingState
from cdo_desktop.services.journal import Journal
from cdo_desktop.services.undo_stack import Step, UndoStack, UndoState
from cdo_desktop.store import Database
from cdo_desktop.store.row_changes import (
    RowChange,
    RowsChangedError,
    changes_of,
    count_touched,
    stop_watching,
    touched_rows,
    turn,
    watch,
)

if TYPE_CHECKING:  # SQLAlchemy is imported by the first action, after the register has appeared
    from sqlalchemy import Connection
    from sqlalchemy.orm import Session

    from cdo_desktop.services.undo_labels import HistoryLine

MOST_ROWS: Final = 20_000
"""Of one action; an import of more cannot be undone, and the backup made before it is the way back."""
ERASED: Final = "之后有人的信息按其要求删除，删除以前的修改不能撤销"
_OUTCOME: Final = "undo"  # key of a session: what to do with the stack once it has committed
_UNWATCHED: Final = "unwatched"  # key of a watched session: how many rows it writes that are not noted
_ERASURES: Final = "SELECT (SELECT count(*) FROM person_erasures), (SELECT max(id) FROM history_redactions)"
_WORDS: Final = {True: "撤销", False: "重做"}


@dataclass(frozen=True)
class Turned:
    """What was undone or done again. ``post_id``: the one post that it is about, if it is one."""

    label: str
    post_id: int | None


class UndoService:
    """Keeps what every action on the register did, from the moment it is made, and takes it back.

    Steps are kept in memory only, for the database that is open; `history` keeps them all.
    """

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal
        self._stack = UndoStack()
        self._lock = Lock()
        self._count = 0
        self._state = self._stack.state
        self.changed: Callable[[], None] = lambda: None
        """Called, in the thread that wrote, when `state` is another one."""
        database.recording = self._recording

    @property
    def state(self) -> UndoState:
        """What can be undone and redone now; never waits for a writer."""
        return self._state

    def undo(self, number: int) -> Turned:
        """Take back the step of this number, which must be the newest one, in one transaction.

        Raises ConflictError when another was done meanwhile or its records have changed since; nothing is
        written then.
        """
        return self._turn(number, back=True)

    def redo(self, number: int) -> Turned:
        """Do again the step of this number, which must have been undone last. Raises as ``undo`` does."""
        return self._turn(number, back=False)

    # Recording

    @contextmanager
    def _recording(self, session: "Session") -> Iterator[Callable[[], None]]:
        """Watch one writing transaction; whoever is here holds the database's only write lock as well."""
        with self._lock:
            connection = session.connection()
            watch(connection)
            session.info[_UNWATCHED] = 0
            erasures = _erasures(connection)
            first = connection.exec_driver_sql("SELECT coalesce(max(id), 0) + 1 FROM history").scalar_one()
            outcomes: list[Callable[[], None]] = []

            def look() -> None:
                if _erasures(connection) != erasures:  # no image may bring back, or keep, what was erased
                    outcomes.append(partial(self._stack.end, ERASED))
                else:
                    outcomes.append(session.info.get(_OUTCOME) or self._outcome(session, first))

            yield look
            for outcome in outcomes:
                outcome()
        self._show()

    def _show(self) -> None:
        state = self._stack.state
        if state != self._state:
            self._state = state
            self.changed()

    def _outcome(self, session: "Session", first: int) -> Callable[[], None]:
        """Return what becomes of the stack if the transaction is committed as it is now."""
        from cdo_desktop.services.undo_labels import OF_THE_OFFICE, OF_THE_REGISTER, label_of, lines_between

        connection = session.connection()
        unwatched: int = session.info[_UNWATCHED]
        count = count_touched(connection) + unwatched
        if not count:
            return lambda: None
        lines = lines_between(connection, first)
        label = label_of(connection, lines) if lines else "自动更新"
        entities = {line.entity for line in lines}
        if not unwatched and (not entities & OF_THE_REGISTER or entities & OF_THE_OFFICE):
            return partial(self._stack.block, tuple(touched_rows(connection)), label)
        if count > MOST_ROWS:
            reason = f"“{label}”涉及 {count} 条记录，太多，不能撤销；需要时请从导入前的备份恢复"
            return partial(self._stack.end, reason)
        changes = changes_of(connection)
        if not changes:
            return lambda: None
        final = [change for change in changes if change.table == "filings" and _is_final(change)]
        if final:
            if all(_is_move(change) for change in final):
                reason = f"“{label}”不能撤销；存放位置写错了的，再按“入库”更正"
            else:
                reason = f"“{label}”牵涉已备案或作废的备案，不能撤销；备案错了的只能作废"
            return partial(self._stack.block, tuple(touched_rows(connection)), label, reason)
        if _comes_to_final(connection, changes):
            reason = f"“{label}”进了已备案或作废的备案，随备案留存，不能撤销"
            return partial(self._stack.block, tuple(touched_rows(connection)), label, reason)
        return partial(self._add, label, (first, lines[-1].line_id), changes)

    def _add(self, label: str, history: tuple[int, int], changes: tuple[RowChange, ...]) -> None:
        self._count += 1
        self._stack.add(Step(self._count, label, history, changes))

    # Turning back and forth

    def _turn(self, number: int, *, back: bool) -> Turned:
        from sqlalchemy.exc import IntegrityError

        from cdo_desktop.services.undo_recounts import recount

        try:
            with self._database.write() as session:
                step = self._next(number, back=back)
                if _comes_to_final(session.connection(), step.changes):  # another program gave the number
                    raise RowsChangedError
                changes = turn(session.connection(), step.changes, back=back)
                _refuse_replaced(session, changes, back=back)
                lines = self._write_history(session, step, back=back)
                changes = recount(session, self._journal, changes, back=back)
                turned = replace(step, changes=changes)
                post_id = _post_of(session.connection(), changes, lines)
                session.info[_OUTCOME] = partial(self._stack.move, turned, back=back)
        except (RowsChangedError, InvalidInputError, IntegrityError) as error:
            raise self._give_up(number, back=back) from error
        return Turned(step.label, post_id)

    def _next(self, number: int, *, back: bool) -> Step:
        step = self._stack.next_step(back=back)
        if step is None or step.number != number:
            raise ConflictError(f"刚刚又有新的修改，没有{_WORDS[back]}任何内容。请看清是哪一步以后再试。")
        return step

    def _give_up(self, number: int, *, back: bool) -> AppError:
        """Forget a step that cannot be turned any more, with all behind it; return what to tell."""
        word = _WORDS[back]
        with self._lock:
            step = self._stack.next_step(back=back)
            label = step.label if step is not None and step.number == number else ""
            if label:
                self._stack.give_up(f"“{label}”涉及的记录之后又被改过，不能再{word}", back=back)
        self._show()
        return ConflictError(
            f"“{label}”涉及的记录之后又被改过或用到，不能再{word}。没有改动任何内容，请刷新后核对，需要时直接修改。"
        )

    def _write_history(self, session: "Session", step: Step, *, back: bool) -> "list[HistoryLine]":
        """Tell of every record what was told of the action itself, the other way round when ``back``."""
        from sqlalchemy import insert

        from cdo_desktop.models import HistoryEntry
        from cdo_desktop.services.undo_labels import lines_between

        lines = lines_between(session.connection(), *step.history)
        entries = [self._entry(line, back=back) for line in (reversed(lines) if back else lines)]
        session.execute(insert(HistoryEntry), entries)
        return lines

    def _entry(self, line: "HistoryLine", *, back: bool) -> dict[str, Any]:
        before, after = (json.loads(values) if values else {} for values in (line.before, line.after))
        return self._journal.entry(
            f"{_WORDS[back]}：{line.action}",
            line.entity,
            line.entity_id,
            *((after, before) if back else (before, after)),
            unit_id=line.unit_id,
            person_id=line.person_id,
        )


def announce(session: "Session", count: int) -> None:
    """Hear how many rows of the register are written next: of more than can be undone none need be noted."""
    if count > MOST_ROWS and session.info.get(_UNWATCHED) == 0:
        stop_watching(session.connection())
        session.info[_UNWATCHED] = count


def _erasures(connection: "Connection") -> tuple[int | None, ...]:
    """Return what only grows, and does so when something about a person is erased."""
    return tuple(connection.exec_driver_sql(_ERASURES).one())


def _is_final(change: RowChange) -> bool:
    """Tell whether a filing is recorded, or got or lost its number, or is void with one: that stays."""
    sides = [change.values(after=side) for side in (False, True)]
    numbers = {side.get("number") for side in sides}
    states = {side["state"] for side in sides if side}
    return (
        len(numbers) > 1
        or not states.isdisjoint(FINAL_STATES)
        or (FilingState.VOID in states and numbers != {None})
    )


def _is_move(change: RowChange) -> bool:
    """Tell whether of a filing only the place changed where it is stored."""
    before, after = (change.values(after=side) for side in (False, True))
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)} == {
        "stored_place"
    }


def _comes_to_final(connection: "Connection", changes: Iterable[RowChange]) -> bool:
    """Tell whether papers or files are those of a filing that is recorded, or void with its number."""
    filings = {change.filing_id for change in changes if change.filing_id is not None}
    if not filings:
        return False
    query = (
        "SELECT 1 FROM filings WHERE id IN (SELECT value FROM json_each(?)) AND"
        " (state IN (SELECT value FROM json_each(?)) OR (state = ? AND number IS NOT NULL)) LIMIT 1"
    )
    values = (json.dumps(list(filings)), json.dumps(FINAL_STATES), FilingState.VOID)
    return connection.exec_driver_sql(query, values).first() is not None


def _refuse_replaced(session: "Session", changes: Iterable[RowChange], *, back: bool) -> None:
    """No filing comes, or comes back, beside another that another program made of the same change meanwhile.

    Raises RowsChangedError.
    """
    from cdo_desktop.services.filing_again import is_beside_another

    absent = (FilingState.VOID, None)
    come = [
        change.row_id
        for change in changes
        if change.table == "filings"
        and change.values(after=back).get("state") in absent
        and change.values(after=not back).get("state") not in absent
    ]
    if come and is_beside_another(session, come):
        raise RowsChangedError


def _post_of(
    connection: "Connection", changes: Iterable[RowChange], lines: "Iterable[HistoryLine]"
) -> int | None:
    """Return the one post that a step is about, to show it."""
    tenures = json.dumps([line.entity_id for line in lines if line.entity == "tenures"])
    query = "SELECT DISTINCT post_id FROM tenures WHERE id IN (SELECT value FROM json_each(?)) LIMIT 2"
    posts = {post_id for (post_id,) in connection.exec_driver_sql(query, (tenures,))}
    posts |= {  # of tenures that are gone now
        value
        for change in changes
        if change.table == "tenures"
        for side in (False, True)
        if isinstance(value := change.values(after=side).get("post_id"), int)
    }
    return posts.pop() if len(posts) == 1 else None
