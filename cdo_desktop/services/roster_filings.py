"""What a line of a roster says of its paper: taken for a new filing, told where the office went on."""

from dataclasses import replace
from datetime import date
from typing import Final

from cdo_desktop.rules.filing import OPEN_STATES
from cdo_desktop.rules.roster_columns import RosterField
from cdo_desktop.rules.vocabulary import FILED_POSTS, FilingKind, FilingState, PostKind
from cdo_desktop.services.appointments import FilingDraft
from cdo_desktop.services.roster_merge import FILING_COLUMNS, FieldChange, filing_changes, merged_filing
from cdo_desktop.services.roster_notices import LineWork, check_day
from cdo_desktop.services.roster_numbers import TakenNumbers
from cdo_desktop.services.roster_snapshot import Snapshot, StoredHolder

F = RosterField
_OF_THE_WAY: Final = (F.FILING_STATE, F.FILING_NUMBER, F.RECEIVED_ON)  # what the office's steps write


class FilingPlanner:
    """Plans the papers of line after line; remembers which numbers earlier lines of the sheet have."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._numbers = TakenNumbers(snapshot.numbers)

    def new(self, work: LineWork, kind: PostKind) -> FilingDraft:
        """Return the paper of somebody who is not registered yet; reports what cannot be."""
        filing = merged_filing(FilingDraft(), work.line)
        if kind in FILED_POSTS:
            self._check_days(work, filing, FilingDraft())
            self._check_received(work, filing, None)
        return filing

    def past(self, work: LineWork, kind: PostKind) -> FilingDraft:
        """Return the paper of somebody who is gone; that of a departure has its day."""
        filing = self.new(work, kind)
        left = work.line.values.get(F.UNTIL)
        if filing.kind is FilingKind.LEAVE and filing.change_date is None and isinstance(left, date):
            return replace(filing, change_date=left)
        return filing

    def complete(
        self, work: LineWork, stored: StoredHolder, kind: PostKind
    ) -> tuple[FilingDraft, list[FieldChange]]:
        """Return the paper of a past holder; what is recorded, or another paper than the line's, stays."""
        told = work.text(F.FILING_KIND)
        if stored.filing_state not in OPEN_STATES or (told and told != stored.filing.kind):
            return stored.filing, []
        return self.update(work, stored, kind)

    def update(
        self, work: LineWork, stored: StoredHolder, kind: PostKind
    ) -> tuple[FilingDraft, list[FieldChange]]:
        """Return the paper of a registered holder with what a line changes of it."""
        filing = merged_filing(stored.filing, work.line)
        if kind not in FILED_POSTS or filing == stored.filing:
            return stored.filing, []
        if stored.filing_state not in OPEN_STATES:
            work.report(
                None, f"这次备案{stored.filing_state or '不存在'}，表中的变更情况没有采用。", blocking=False
            )
            return stored.filing, []
        self._check_days(work, filing, stored.filing)
        if stored.filing_is_new and not _is_back(stored.filing, filing):
            self._check_received(work, filing, stored.filing_id)
        else:
            filing = _without_the_way(work, stored, filing)
        return filing, filing_changes(stored.filing, filing)

    def _check_days(self, work: LineWork, filing: FilingDraft, before: FilingDraft) -> None:
        """Look at the days of the change that a line brings; what the register has already stays."""
        for column in (F.CHANGE_DATE, F.KNOWN_ON):
            field = FILING_COLUMNS[column]
            day = getattr(filing, field)
            if day != getattr(before, field):
                check_day(work, column, field, day, self._snapshot.today)

    def _check_received(self, work: LineWork, filing: FilingDraft, filing_id: int | None) -> None:
        """Look at what the office says of a paper that it has received: no number twice, no day to come."""
        if filing.number:
            self._check_number(work, filing, filing_id)
        if not work.text(F.RECEIVED_ON):
            return
        day = filing.received_on
        if day is not None and day > self._snapshot.today:
            work.report(F.RECEIVED_ON, f"收到日期 {day} 在今天以后，请核对。")
        elif filing.state in OPEN_STATES:
            message = (
                f"备案状态是“{filing.state}”（没有收到），却填了收到日期 {day}："
                "收到了请改备案状态，没有收到请清空收到日期。"
            )
            work.report(F.RECEIVED_ON, message)
        elif not filing.number and not work.text(F.FILING_STATE):
            message = (
                f"填了收到日期 {day}，没有填备案状态：按“{filing.state}”导入；"
                "只收到扫描件的，请填“已收扫描件”。"
            )
            work.report(F.FILING_STATE, message, blocking=False)

    def _check_number(self, work: LineWork, filing: FilingDraft, filing_id: int | None) -> None:
        number = filing.number
        clash = self._numbers.take(number, filing_id, work.line.row)
        if clash is not None:
            work.report(F.FILING_NUMBER, clash.message, blocking=clash.is_same)
            if clash.is_same:
                return
        if not work.text(F.FILING_STATE):
            message = f"填了备案编号“{number}”，没有填备案状态：按“{filing.state}”导入，请核对。"
            work.report(F.FILING_STATE, message, blocking=False)
        elif filing.state in OPEN_STATES:
            message = f"填了备案编号，备案状态却是“{filing.state}”：仍按“{filing.state}”记录，请核对。"
            work.report(F.FILING_STATE, message, blocking=False)


def _is_back(before: FilingDraft, after: FilingDraft) -> bool:
    """Tell whether a roster makes a draft again of what another called handed out: it is the older."""
    return after.state is FilingState.DRAFT and before.state is not FilingState.DRAFT


def _without_the_way(work: LineWork, stored: StoredHolder, filing: FilingDraft) -> FilingDraft:
    """Leave a filing where the office has brought it; a roster of before only tells what it says."""
    kept = {FILING_COLUMNS[column]: getattr(stored.filing, FILING_COLUMNS[column]) for column in _OF_THE_WAY}
    others = [
        column
        for column in _OF_THE_WAY
        if work.text(column)
        and getattr(filing, FILING_COLUMNS[column]) != getattr(stored.filing, FILING_COLUMNS[column])
    ]
    if others:
        said = "、".join(f"{column}“{work.text(column)}”" for column in others)
        message = (
            f"这次备案现在是“{stored.filing_state}”，表中的{said}没有采用；收到、编号请在备案办理里登记。"
        )
        work.report(others[0], message, blocking=False)
    return replace(filing, **kept)
