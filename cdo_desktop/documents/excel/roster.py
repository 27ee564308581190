"""The register as a workbook for reading, printing and importing again."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from cdo_desktop.documents.atomic import atomic_target
from cdo_desktop.rules.roster_columns import RosterField


@dataclass(frozen=True)
class RosterExportRow:
    """One post; a field that is absent or "" leaves its cell empty."""

    values: Mapping[RosterField, str | date | int]


def write_roster(
    rows: Sequence[RosterExportRow],
    fields: Sequence[RosterField],
    target: Path,
    *,
    title: str,
    note: str,
    progress: Callable[[int, int, str], None] | None = None,
) -> None:
    """Write the posts in their order, one row each, with ``fields`` as columns.

    ``progress`` is told how many of how many rows are done and may raise to stop; the old file then stays.
    Raises FileInUseError or StorageError, as ``atomic_target`` does.
    """
    from cdo_desktop.documents.excel.roster_book import write_book  # openpyxl takes 0.1 s

    # What openpyxl opens itself stays open after an error, and Windows removes no open file.
    with atomic_target(target) as fresh, fresh.open("wb") as file:
        write_book([row.values for row in rows], fields, file, title=title, note=note, progress=progress)
