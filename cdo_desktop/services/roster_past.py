"""Lines of a roster about who held a post before: their filings come in with numbers and dates at go-live."""

from collections.abc import Hashable, Sequence
from datetime import date

from cdo_desktop.rules.filing import overlaps
from cdo_desktop.rules.roster_columns import RosterField
from cdo_desktop.services.appointments import PostInfo
from cdo_desktop.services.holder_draft import HolderDraft
from cdo_desktop.services.roster_lines import LineAction, PlannedLine
from cdo_desktop.services.roster_notices import LineWork
from cdo_desktop.services.roster_snapshot import Snapshot, StoredHolder


class PastTenures:
    """Knows which tenures the register and the earlier lines of a sheet have, so that none meets another."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._taken: dict[Hashable, list[tuple[date, date | None, str]]] = {}

    def is_past(self, work: LineWork) -> bool:
        """Tell whether a line is about somebody who is gone; a coming departure is registered elsewhere."""
        until = work.line.values.get(RosterField.UNTIL)
        if not isinstance(until, date) or not work.text(RosterField.NAME):
            return False
        if until > self._snapshot.today:
            message = f"离任日期 {until} 在今天以后，没有采用；请在名册中办理离任。"
            work.report(RosterField.UNTIL, message, blocking=False)
            return False
        return True

    def known(self, work: LineWork, draft: HolderDraft, post: PostInfo | None) -> StoredHolder | None:
        """Return this very tenure if the register has it already."""
        held = self._snapshot.holders.get(post.post_id, []) if post else []
        until = work.line.values.get(RosterField.UNTIL)
        told = (draft.name, draft.since, until)
        return next((one for one in held if (one.draft.name, one.draft.since, one.until) == told), None)

    def take(self, work: LineWork, draft: HolderDraft, post: PostInfo | None, place: Hashable) -> None:
        """Claim the days of a line for its holder, or report whom they meet.

        ``post`` is given for a past holder, whose days must also be free in the register.
        """
        until = work.line.values.get(RosterField.UNTIL)
        last = until if isinstance(until, date) and until <= self._snapshot.today else None
        since = draft.since or date.min
        if last is not None and last <= since:
            work.report(RosterField.UNTIL, f"离任日期 {last} 不晚于任职日期 {since}，请核对。")
            return
        if draft.post.many_holders:
            return
        stored = self._snapshot.holders.get(post.post_id, []) if post else []
        others = [(one.draft.since or date.min, one.until, one.draft.name) for one in stored]
        taken = self._taken.setdefault(place, [])
        for begun, ended, name in (*others, *taken):
            if overlaps(since, last, [(begun, ended)]):
                days = f"{begun} 至 {ended or '今'}"
                work.report(RosterField.SINCE, f"任期与“{name}”的（{days}）重叠，请核对。")
                return
        taken.append((since, last, draft.name))


def in_time(lines: Sequence[PlannedLine]) -> list[PlannedLine]:
    """Return the lines as they are to be written: past holders first, the earliest of them first."""
    past = [line for line in lines if line.action is LineAction.PAST]
    past.sort(key=lambda line: (line.draft and line.draft.since) or date.min)
    return [*past, *(line for line in lines if line.action is not LineAction.PAST)]


def last_day_of(line: PlannedLine) -> date | None:
    """Return the first day no longer in post, as the line has it."""
    until = line.line.values.get(RosterField.UNTIL)
    return until if isinstance(until, date) else None
