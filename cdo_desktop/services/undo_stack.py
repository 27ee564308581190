"""The steps that can be taken back and done again, newest last; knows nothing of a database."""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from cdo_desktop.store.row_changes import RowChange

MOST_STEPS: Final = 100
MOST_BYTES: Final = 48 * 1024 * 1024
"""Of all steps that are kept; the older ones go first."""
NOTHING_DONE: Final = "打开以后还没有可以撤销的修改"
NOTHING_UNDONE: Final = "没有撤销过的修改可以重做"
_TOO_OLD: Final = f"最多撤销最近 {MOST_STEPS} 步，更早的不能撤销"
_CHANGE_BYTES: Final = 120  # a `RowChange` and its place in a tuple, without the images


@dataclass(frozen=True, eq=False)
class Step:
    """One action on the register: its rows before and after, and its lines of the history."""

    number: int
    label: str
    history: tuple[int, int]  # ids of the first and the last line
    changes: tuple[RowChange, ...]

    @cached_property
    def rows(self) -> frozenset[tuple[str, int]]:
        """Table and id of every row."""
        return frozenset((change.table, change.row_id) for change in self.changes)

    @cached_property
    def belongings(self) -> frozenset[tuple[str, int]]:
        """The filings whose papers and files are among the rows, be they changed themselves or not."""
        return frozenset(("filings", change.filing_id) for change in self.changes if change.filing_id)

    @cached_property
    def size(self) -> int:
        """Bytes in memory, about."""
        images = (image for change in self.changes for image in (change.before, change.after) if image)
        return _CHANGE_BYTES * len(self.changes) + sum(map(sys.getsizeof, images))


@dataclass(frozen=True)
class UndoChoice:
    """The step that comes next in one direction, or the reason why there is none."""

    number: int = 0
    label: str = ""
    row_count: int = 0
    reason: str = ""
    since: str = ""  # what was done after it and why that stays

    @property
    def possible(self) -> bool:
        """Whether there is a step."""
        return self.number > 0


@dataclass(frozen=True)
class UndoState:
    """What can be undone and redone now."""

    undo: UndoChoice = UndoChoice(reason=NOTHING_DONE)
    redo: UndoChoice = UndoChoice(reason=NOTHING_UNDONE)


class UndoStack:
    """Steps in both directions. What can no more be undone takes all that is older with it."""

    def __init__(self) -> None:
        self._done: list[Step] = []
        self._undone: list[Step] = []  # the next one to be done again is last
        self._reasons = {True: NOTHING_DONE, False: NOTHING_UNDONE}
        self._final = ""

    @property
    def state(self) -> UndoState:
        """What is next in both directions."""
        return UndoState(self._choice(back=True), self._choice(back=False))

    def _choice(self, *, back: bool) -> UndoChoice:
        step = self.next_step(back=back)
        if step is None:
            return UndoChoice(reason=self._reasons[back])
        return UndoChoice(step.number, step.label, len(step.changes), since=self._final if back else "")

    def next_step(self, *, back: bool) -> Step | None:
        """Return the step to be undone (``back``) or done again next."""
        steps = self._done if back else self._undone
        return steps[-1] if steps else None

    def add(self, step: Step) -> None:
        """Take in what has just been done; what was undone before cannot be done again any more."""
        self._done.append(step)
        self._undone.clear()
        self._final = ""
        self._reasons[False] = NOTHING_UNDONE
        room = MOST_BYTES
        for place, kept in enumerate(reversed(self._done)):
            room -= kept.size
            if place >= MOST_STEPS or (room < 0 and place):
                del self._done[: len(self._done) - place]
                self._reasons[True] = _TOO_OLD
                break

    def move(self, step: Step, *, back: bool) -> None:
        """Note that the next step has been undone or done again; ``step`` has its rows' new versions."""
        source, target = (self._done, self._undone) if back else (self._undone, self._done)
        source.pop()
        target.append(step)
        self._final = ""

    def block(self, rows: Iterable[tuple[str, int]], label: str, reason: str = "") -> None:
        """Give up the steps whose rows were touched by what cannot be undone, and all that is behind them.

        ``reason`` says why not, of what would else be looked for among the steps: of a filing that is final
        the papers and files stay as well.
        """
        touched = frozenset(rows)
        for back, steps in ((True, self._done), (False, self._undone)):
            blocked = [
                place
                for place, step in enumerate(steps)
                if not touched.isdisjoint(step.rows | step.belongings if reason else step.rows)
            ]
            if blocked:
                last = steps[blocked[-1]]
                what = "撤销" if back else "重做"
                del steps[: blocked[-1] + 1]
                self._reasons[back] = f"之后办理了“{label}”，不能再{what}“{last.label}”"
        if reason:
            self._reasons[True] = self._final = reason

    def give_up(self, reason: str, *, back: bool) -> None:
        """Forget every step of one direction."""
        (self._done if back else self._undone).clear()
        self._reasons[back] = reason

    def end(self, reason: str) -> None:
        """Forget everything, because something was done that cannot be undone."""
        self.give_up(reason, back=True)
        self.give_up(NOTHING_UNDONE, back=False)
