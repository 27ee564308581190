"""What a step would do with some filings, to be looked at before it is done."""

from dataclasses import dataclass
from datetime import date

from cdo_desktop.rules.filing import Lateness
from cdo_desktop.rules.filing_steps import FilingStep
from cdo_desktop.rules.vocabulary import FilingKind


@dataclass(frozen=True)
class StepLine:
    """What a step will do with one filing. ``problem`` is why it is left out; then nothing happens to it."""

    filing_id: int
    version: int
    title: str  # unit, post, person
    kind: str
    state: str
    number: str  # the one it has, or will get
    place: int | None  # of the number to come in its year; None: it has one, or gets none
    received_on: date | None
    late: Lateness
    problem: str = ""
    hint: str = ""  # worth knowing, stops nothing
    holder_stays: bool = True  # the post is still held by whom it is about
    stored_place: str = ""
    no_anew: str = ""  # why no other one can take its place when it becomes void


@dataclass(frozen=True)
class StepPlan:
    """One step for some filings, in the order of the register, on a day."""

    step: FilingStep
    day: date
    lines: tuple[StepLine, ...]

    @property
    def ready(self) -> tuple[StepLine, ...]:
        """The filings that the step will be taken with."""
        return tuple(line for line in self.lines if not line.problem)

    @property
    def left_out(self) -> tuple[StepLine, ...]:
        """The others."""
        return tuple(line for line in self.lines if line.problem)

    @property
    def renewable(self) -> tuple[StepLine, ...]:
        """Those in whose place another one can come when they become void."""
        return tuple(line for line in self.ready if not line.no_anew)

    @property
    def anew_meant(self) -> bool:
        """Whether others come in their place unless somebody says no.

        Nobody stays without a filing by oversight; who has left needs none, unless it can be undone.
        """
        renewable = self.renewable
        return bool(renewable) and all(map(_is_anew_meant, renewable))


def _is_anew_meant(line: StepLine) -> bool:
    if line.holder_stays:  # a departure still to come is not what was registered, or gives way to a successor
        return line.kind != FilingKind.LEAVE
    return not line.number
