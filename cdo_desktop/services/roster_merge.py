"""Laying what a line of a roster says over what the register holds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date

from cdo_desktop.documents.readers.roster_sheet import RosterLine
from cdo_desktop.rules.filing import OPEN_STATES
from cdo_desktop.rules.roster_columns import RosterField
from cdo_desktop.rules.text import is_masked
from cdo_desktop.rules.vocabulary import FilingKind, FilingState, PostKind
from cdo_desktop.services.appointments import FilingDraft
from cdo_desktop.services.holder_draft import HOLDER_COLUMNS, HOLDER_LABELS, PERSON_FIELDS, HolderDraft
from cdo_desktop.services.journal import Value

# The one place that ties a roster column to the paper of the change.
FILING_COLUMNS: dict[RosterField, str] = {
    RosterField.FILING_KIND: "kind",
    RosterField.FILLED_ON: "filled_on",
    RosterField.CHANGE_REASON: "change_reason",
    RosterField.CHANGE_DATE: "change_date",
    RosterField.PREDECESSOR: "predecessor_name",
    RosterField.PREDECESSOR_TITLE: "predecessor_title",
    RosterField.HANDOVER: "handover",
    RosterField.FILLER: "filler",
    RosterField.FILLER_PHONE: "filler_phone",
    RosterField.KNOWN_ON: "known_on",
    RosterField.TOLD_BY: "told_by",
    RosterField.FILING_STATE: "state",
    RosterField.FILING_NUMBER: "number",
    RosterField.RECEIVED_ON: "received_on",
    RosterField.LATE_REASON: "late_reason",
}
PHONE_COLUMNS = (
    RosterField.MOBILE,
    RosterField.OFFICE_PHONE,
    RosterField.BACKUP_PHONE,
    RosterField.FILLER_PHONE,
)
_PHONES = frozenset(PHONE_COLUMNS)
PERSON_COLUMNS = {column: name for column, name in HOLDER_COLUMNS.items() if name in PERSON_FIELDS}


@dataclass(frozen=True)
class FieldChange:
    """One field of a line, as stored and as the sheet has it."""

    label: str
    before: str
    after: str


def said(line: RosterLine, columns: Mapping[RosterField, str]) -> dict[str, str | date]:
    """Return what a line really says, by attribute: neither absent nor empty nor masked."""
    return {
        name: value
        for column, value in line.values.items()
        if value
        and (name := columns.get(column)) is not None
        and not (column in _PHONES and is_masked_phone(column, value))
    }


def is_masked_phone(column: RosterField, value: str | date) -> bool:
    """Tell whether a value is a number made unreadable on purpose, which leaves the stored one alone."""
    return column in _PHONES and isinstance(value, str) and is_masked(value)


def merged_holder(base: HolderDraft, line: RosterLine) -> HolderDraft:
    """Lay a line over a holder; what it does not say stays."""
    return replace(base, **said(line, HOLDER_COLUMNS))  # type: ignore[arg-type]


def new_holder(post_id: int, post: PostKind, line: RosterLine) -> HolderDraft:
    """Return what a line says of somebody who is not registered in a post."""
    return HolderDraft(post_id=post_id, post=post, **said(line, HOLDER_COLUMNS))  # type: ignore[arg-type]


def merged_filing(base: FilingDraft, line: RosterLine) -> FilingDraft:
    """Lay a line over the paper of the change; what it does not say stays.

    A number that comes without a state says that the paper was filed: it is given with 已备案, never before.
    A day alone says that it was received, an original as long as nobody says that it was a scan.
    """
    if FILING_COLUMNS.keys().isdisjoint(line.values):
        return base
    values = said(line, FILING_COLUMNS)
    if "kind" in values:
        values["kind"] = FilingKind(str(values["kind"]))
    if "state" in values:
        values["state"] = FilingState(str(values["state"]))
    elif base.state is None or base.state in OPEN_STATES:
        if "number" in values:
            values["state"] = FilingState.FILED
        elif "received_on" in values:
            values["state"] = FilingState.RECEIVED
    return replace(base, **values)  # type: ignore[arg-type]


def holder_changes(before: HolderDraft, after: HolderDraft, skip: Iterable[str] = ()) -> list[FieldChange]:
    """Return every field of the holder that differs."""
    names = [item.name for item in fields(HolderDraft) if item.name in HOLDER_LABELS]
    return [
        FieldChange(HOLDER_LABELS[name], shown(getattr(before, name)), shown(getattr(after, name)))
        for name in names
        if name not in skip and getattr(before, name) != getattr(after, name)
    ]


def filing_changes(before: FilingDraft, after: FilingDraft) -> list[FieldChange]:
    """Return every field of the paper that differs."""
    return [
        FieldChange(column.value, shown(getattr(before, name)), shown(getattr(after, name)))
        for column, name in FILING_COLUMNS.items()
        if getattr(before, name) != getattr(after, name)
    ]


def shown(value: Value) -> str:
    """Return a value as the preview shows it."""
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)
