"""How a filing stood at the end of a day that is past, as far as the dates that are kept can tell.

The limit, the titles and the reasons are those of now; of what was sent back the papers say when it was here.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeAlias

from cdo_desktop.rules.filing import FINAL_STATES, RECEIVED_STATES, CountedReceipt, counted_receipt
from cdo_desktop.rules.vocabulary import FilingState, PaperForm
from cdo_desktop.services.filing_again import AGAIN_WORDS

Paper: TypeAlias = tuple[str, str, str | None]  # form, received, returned

WHERE: Final = (
    f"WHERE (filings.state <> '{FilingState.VOID}' OR filings.voided_on > :day)"
    " AND coalesce(filings.change_date, tenures.since) <= :day AND NOT EXISTS (SELECT 1 FROM history"
    " WHERE history.entity = 'filings' AND history.entity_id = filings.id"
    f" AND history.action IN {AGAIN_WORDS} AND date(history.at) > :day)"
)
"""Which filings there were on ``:day``: neither void by then nor begun anew or changed later."""
_OF_LATER: Final[Mapping[str, tuple[str, ...]]] = {
    "filed_on": ("filed_on", "filed_by"),
    "stored_on": ("stored_on", "stored_place"),
}


@dataclass(frozen=True)
class PastDays:
    """What tells of the past of filings beside their own columns."""

    day: str
    rule: CountedReceipt  # of now; what came and went back has no other
    printed: Mapping[int, str]  # first
    papers: Mapping[int, Sequence[Paper]]

    def columns(self, stored: Mapping[str, Any]) -> dict[str, Any]:
        """Return the columns of a filing as they were."""
        scan, original = self._here(stored, PaperForm.SCAN), self._here(stored, PaperForm.ORIGINAL)
        received = self._then(stored["received_on"]) or _counted(self.rule, scan, original)
        state = self._state(stored, scan, original, received)
        past = {**stored, "state": state, "scan_on": scan, "original_on": original, "received_on": received}
        past["void_reason"] = ""
        if state not in FINAL_STATES:
            past["number"] = ""
        if state is not FilingState.RETURNED:
            past["return_reason"] = ""
        for day, names in _OF_LATER.items():
            if not self._then(stored[day]):
                past |= {name: None if name == day else "" for name in names}
        return past

    def _then(self, day: str | None) -> str | None:
        """Return a day that had come."""
        return day if day and day <= self.day else None

    def _here(self, stored: Mapping[str, Any], form: PaperForm) -> str | None:
        """Return when the first paper of a form came that had not gone back."""
        own = stored["scan_on" if form is PaperForm.SCAN else "original_on"]
        days = [self._then(own)]
        for its_form, received, returned in self.papers.get(stored["filing_id"], ()):
            if its_form == form and returned is not None and returned > self.day:
                days.append(self._then(received))
        return min(filter(None, days), default=None)

    def _state(
        self, stored: Mapping[str, Any], scan: str | None, original: str | None, received: str | None
    ) -> FilingState:
        now = FilingState(stored["state"])
        if self._then(stored["stored_on"]):
            return FilingState.STORED
        if self._then(stored["filed_on"]) or self._was_filed_before(stored, now):
            return now if now in FINAL_STATES and not stored["stored_on"] else FilingState.FILED
        if original or scan:
            return FilingState.RECEIVED if original else FilingState.SCANNED
        if received or (now in RECEIVED_STATES and not _says_when(stored)):  # an import may not say what came
            return now if now in RECEIVED_STATES else FilingState.RECEIVED
        return self._state_before(stored, now)

    def _was_filed_before(self, stored: Mapping[str, Any], now: FilingState) -> bool:
        """Tell of what came in by import: it says at most when it was received."""
        filed = now in FINAL_STATES or (now is FilingState.VOID and stored["number"])
        imported = filed and not stored["filed_on"]
        return bool(imported and (not stored["received_on"] or self._then(stored["received_on"])))

    def _state_before(self, stored: Mapping[str, Any], now: FilingState) -> FilingState:
        """Return the state of what nothing had come of."""
        papers = self.papers.get(stored["filing_id"], ())
        if any(self._then(returned) for _form, _received, returned in papers):
            return FilingState.RETURNED
        printed = self.printed.get(stored["filing_id"])
        if printed:
            return FilingState.ISSUED if self._then(printed) else FilingState.DRAFT
        never_out = now in (FilingState.DRAFT, FilingState.VOID)
        return FilingState.DRAFT if never_out else FilingState.ISSUED  # of a unit's own form nobody printed


def read_past(connection: sqlite3.Connection, day: date) -> PastDays:
    """Read what tells of a day."""
    rule = connection.execute("SELECT value FROM settings WHERE key = 'counted_receipt'").fetchone()
    printed = connection.execute("SELECT filing_id, min(printed_on) FROM filing_prints GROUP BY filing_id")
    papers: defaultdict[int, list[Paper]] = defaultdict(list)
    query = "SELECT filing_id, form, received_on, returned_on FROM papers WHERE returned_on IS NOT NULL"
    for filing_id, *paper in connection.execute(query):
        papers[filing_id].append((paper[0], paper[1], paper[2]))
    counts = CountedReceipt(rule[0]) if rule else CountedReceipt.EARLIER
    return PastDays(day.isoformat(), counts, dict(printed.fetchall()), papers)


def _says_when(stored: Mapping[str, Any]) -> bool:
    return any(stored[name] for name in ("received_on", "scan_on", "original_on"))


def _counted(rule: CountedReceipt, scan: str | None, original: str | None) -> str | None:
    days = (date.fromisoformat(day) if day else None for day in (scan, original))
    counted = counted_receipt(rule, *days)
    return counted.isoformat() if counted else None
