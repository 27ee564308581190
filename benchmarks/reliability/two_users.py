"""R18: two offices on one database file, acting in a random order with what each of them opened last.

A refused action must change nothing, a saved one only what it names: nothing of the other office's is lost.
"""

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

from benchmarks.reliability.losses import Losses
from benchmarks.reliability.offices import Clock, copy_office
from cdo_desktop import paths
from cdo_desktop.errors import ConflictError, InvalidInputError, NotFoundError
from cdo_desktop.office import Office
from cdo_desktop.rules.vocabulary import PostKind
from cdo_desktop.services.appointments import FilingDraft
from cdo_desktop.services.departures import LeaveDraft
from cdo_desktop.services.holder_draft import HolderDraft
from cdo_desktop.services.holders import PastTenure
from cdo_desktop.services.register import RegisterQuery

TRIALS, STEPS = 1_000, 12
FIRST_DAY = date(2026, 1, 5)
ACTIONS = ("open", "title", "phone", "replace", "leave", "appoint")
LAST_DAY = 60  # after the first
Step = tuple[int, str, int]  # who of the two, what, with which number
State = tuple[tuple[PastTenure, ...], list[HolderDraft]]


@dataclass
class TwoUsersLosses(Losses):
    """What was done, and what must not have happened."""

    trials: int = 0
    saved: int = 0
    refused: int = 0

    def __str__(self) -> str:
        return (
            f"R18 interleavings={self.trials} saved={self.saved} refused={self.refused} lost={len(self.lost)}"
        )


class TwoUsers:
    """One post at which two offices act; each of them is one open data folder on the same file."""

    def __init__(self, offices: Sequence[Office], post_id: int) -> None:
        self._offices = offices
        self._opened: list[HolderDraft | None] = [None] * len(offices)
        self._post_id = post_id
        self._last: State = ((), [])
        self.saved = 0
        self.refused = 0

    def begin(self) -> None:
        """Put somebody into the empty post."""
        self._offices[0].holders.appoint(
            replace(
                self._offices[0].holders.empty_draft(self._post_id),
                name="张三",
                since=FIRST_DAY,
                title="科长",
            )
        )
        self._last = self._state()

    def take(self, step: Step) -> list[str]:
        """Let one of them act and return what is wrong afterwards."""
        user, action, number = step
        opened, before = self._opened[user], self._last
        if action == "open" or opened is None:
            self._opened[user] = self._offices[user].holders.get(before[0][0].tenure_id)
            return []
        try:
            self._act(user, opened, action, number)
        except (ConflictError, InvalidInputError, NotFoundError):
            self.refused += 1
            return [] if self._state() == before else [f"{action} was refused and changed something"]
        self.saved += 1
        self._last = self._state()
        return self._judge(opened, action, before, self._last)

    def _state(self) -> State:
        """Return all that is stored of the post, as the second office sees it."""
        seen = self._offices[-1].holders
        holders = tuple(seen.holders_of(self._post_id))
        return holders, [seen.get(holder.tenure_id) for holder in holders]

    def _act(self, user: int, opened: HolderDraft, action: str, number: int) -> None:
        holders = self._offices[user].holders
        day = FIRST_DAY + timedelta(number)
        match action:
            case "title":
                holders.update(opened, replace(opened, title=f"职务{number}"))
            case "phone":
                holders.update(opened, replace(opened, office_phone=f"021-56{number:06d}"))
            case "replace":
                name = f"继任{'甲乙'[user]}"
                successor = HolderDraft(self._post_id, PostKind.SPECIALIST, name=name, since=day)
                holders.replace(opened, successor, FilingDraft(change_reason="调离"))
            case "leave":
                holders.leave(opened, LeaveDraft(day))
            case "appoint":
                holders.appoint(HolderDraft(self._post_id, PostKind.SPECIALIST, name="新人", since=day))

    def _judge(
        self,
        opened: HolderDraft,
        action: str,
        before: State,
        after: State,
    ) -> list[str]:
        wrong = []
        if action in ("title", "phone"):
            now = {draft.tenure_id: _unversioned(draft) for draft in after[1]}
            was = {draft.tenure_id: _unversioned(draft) for draft in before[1]}
            stored = now[opened.tenure_id]
            named = {"title": replace(opened, title=stored.title)}
            named["phone"] = replace(opened, office_phone=stored.office_phone)
            if stored != _unversioned(named[action]):
                wrong.append(f"{action} changed more than it names, or over what the other had saved")
            if {**was, opened.tenure_id: stored} != now:
                wrong.append(f"{action} changed another record")
        if len(after[0]) - len(before[0]) != (action in ("replace", "appoint")):
            wrong.append(f"after {action} there are {len(after[0])} holders in place of {len(before[0])}")
        return wrong + overlaps(after[0])


def _unversioned(draft: HolderDraft) -> HolderDraft:
    return replace(draft, tenure_version=0, person_version=0)


def overlaps(holders: Sequence[PastTenure]) -> list[str]:
    """Return who held the post together with somebody else, or not for a day."""
    return [
        f"{earlier.since}-{earlier.until} and from {later.since}"
        for later, earlier in pairwise(holders)
        if earlier.until is None or not earlier.since < earlier.until <= later.since
    ]


def random_steps(chance: random.Random) -> list[Step]:
    """Return what the two do, one after the other."""
    return [
        (chance.randrange(2), chance.choice(ACTIONS), chance.randrange(LAST_DAY + 1)) for _ in range(STEPS)
    ]


def empty_posts(office: Office) -> list[int]:
    """Return the posts of 数据专员 that nobody holds."""
    query = RegisterQuery(as_of=FIRST_DAY, filters={"post": PostKind.SPECIALIST})
    return [row.post_id for row in office.register.all_rows(query) if row.tenure_id is None]


def make_units(folder: Path) -> Path:
    """Make a data folder with the shipped units and nobody in them, and return its database."""
    with Office(folder, Clock()) as office:
        office.units.add_shipped_units(paths.resource("units", paths.UNITS_NAME))
    return folder / paths.DATABASE_NAME


def run(units: Path, folder: Path, trials: int, seed: int = 18) -> TwoUsersLosses:
    """Try so many orders, each at a post of its own; with the posts used up, begin on a new copy."""
    losses, chance = TwoUsersLosses(), random.Random(seed)
    while losses.trials < trials:
        data = copy_office(units, folder).parent
        with Office(data, Clock()) as one, Office(data, Clock()) as other:
            for post_id in empty_posts(one)[: trials - losses.trials]:
                _try(TwoUsers((one, other), post_id), random_steps(chance), losses)
    return losses


def _try(users: TwoUsers, steps: Sequence[Step], losses: TwoUsersLosses) -> None:
    losses.trials += 1
    users.begin()
    for step in steps:
        wrong = users.take(step)
        losses.lost += [f"trial {losses.trials}, {steps} at {step}: {what}" for what in wrong]
    losses.saved += users.saved
    losses.refused += users.refused


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the trials and print the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=TRIALS)
    options = parser.parse_args(arguments)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        losses = run(make_units(Path(name) / "units"), Path(name) / "data", options.trials)
    return losses.tell(begun)


if __name__ == "__main__":
    sys.exit(main())
