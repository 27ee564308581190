"""Offices to try things on: the sample district, deterministic work on it, and what it holds as a digest."""

import hashlib
import random
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

from cdo_desktop import paths
from cdo_desktop.documents.readers.roster_sheet import RosterSheet
from cdo_desktop.errors import AppError
from cdo_desktop.office import Office
from cdo_desktop.rules.vocabulary import ChangeReason
from cdo_desktop.services.appointments import FilingDraft
from cdo_desktop.services.departures import LeaveDraft
from cdo_desktop.services.journal import Journal
from cdo_desktop.services.register import RegisterQuery, RegisterRow
from cdo_desktop.services.roster_plan import ImportChoices
from cdo_desktop.services.safety import BackupService
from cdo_desktop.store.integrity import tables_of
from cdo_desktop.store.restore import JOURNALS

TODAY = date(2026, 11, 24)
_RANDOM_COLUMNS = ("uuid",)  # differ from run to run although the work is the same
_HISTORY = "history"
_HISTORY_COLUMNS = ("id", "at")
_DERIVED = (
    *("search_config", "search_content", "search_data", "search_docsize", "search_idx"),
    "audit_links",  # of the history; every check goes through the chain
)


class Clock:
    """Tells one second more with every look."""

    def __init__(self, day: date = TODAY) -> None:
        self.now = datetime(day.year, day.month, day.day, 9)

    def __call__(self) -> datetime:
        """Return the time."""
        self.now += timedelta(seconds=1)
        return self.now


def make_sample(folder: Path) -> Path:
    """Make a data folder with the sample district and return its database."""
    with Office(folder, Clock()) as office:
        office.sample.create(TODAY)
    return folder / paths.DATABASE_NAME


def copy_office(source: Path, folder: Path) -> Path:
    """Put a copy of a database into an empty data folder and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / paths.DATABASE_NAME
    for suffix in JOURNALS:
        target.with_name(f"{target.name}{suffix}").unlink(missing_ok=True)
    shutil.copyfile(source, target)
    return target


def backups_of(folder: Path, clock: Callable[[], datetime] | None = None) -> BackupService:
    """Return the service that backs up a data folder."""
    return BackupService(folder, Journal(clock or Clock(), "试验"))


def make_sheet(sample: Path, folder: Path) -> RosterSheet:
    """Return a roster that would change a phone in every third post of the sample."""
    copy_office(sample, folder)
    with Office(folder, Clock()) as office:
        for number, row in enumerate(_held(office, TODAY)[::3]):
            opened = office.holders.get(row.tenure_id or 0)
            office.holders.update(opened, replace(opened, office_phone=f"6610{number:04d}"))
        workbook = folder / "名册.xlsx"
        office.roster_export.write(workbook, as_of=TODAY, full=True)
        return office.roster_import.read(workbook)


class Clerk:
    """Does what a clerk does, in an order that its seed decides; every step is one transaction."""

    def __init__(self, office: Office, seed: int, sheet: RosterSheet | None = None) -> None:
        self._office = office
        self._chance = random.Random(seed)
        self._sheet = sheet
        self._day = TODAY
        self._actions: Sequence[Callable[[], None]] = (
            self._appoint,
            self._replace,
            self._update,
            self._update,
            self._leave,
            self._rename,
            self._confirm,
            self._new_unit,
            self._import,
        )

    def step(self) -> str:
        """Do one thing and return what it was; what the rules refuse changes nothing."""
        self._day += timedelta(days=1)
        action = self._chance.choice(self._actions)
        try:
            action()
        except AppError as error:
            return f"{action.__name__} refused: {type(error).__name__}"
        return action.__name__

    def _appoint(self) -> None:
        rows = self._office.register.all_rows(RegisterQuery(as_of=self._day))
        empty = [row for row in rows if row.tenure_id is None]
        if empty:
            draft = self._office.holders.empty_draft(self._chance.choice(empty).post_id)
            self._office.holders.appoint(
                replace(draft, name=self._name(), since=self._day, title="科长", mobile=self._mobile())
            )

    def _replace(self) -> None:
        opened = self._office.holders.get(self._held_row().tenure_id or 0)
        draft = replace(
            self._office.holders.empty_draft(opened.post_id), name=self._name(), since=self._day, title="主任"
        )
        self._office.holders.replace(opened, draft, FilingDraft(change_reason=ChangeReason.TRANSFER))

    def _update(self) -> None:
        opened = self._office.holders.get(self._held_row().tenure_id or 0)
        self._office.holders.update(opened, replace(opened, mobile=self._mobile(), note=self._name()))

    def _leave(self) -> None:
        opened = self._office.holders.get(self._held_row().tenure_id or 0)
        self._office.holders.leave(opened, LeaveDraft(self._day, "退休"))

    def _rename(self) -> None:
        opened = self._office.units.get(self._held_row().unit_id)
        serial = self._chance.randrange(10_000)
        self._office.units.save(replace(opened, short_name=f"单位{serial}", note=self._name()), opened)

    def _confirm(self) -> None:
        self._office.units.confirm_names([self._held_row().unit_id])

    def _new_unit(self) -> None:
        opened = self._office.units.get(self._held_row().unit_id)
        serial = self._chance.randrange(10_000)
        self._office.units.save(
            replace(
                opened,
                unit_id=None,
                full_name=f"上海市宝山区新单位{serial}",
                short_name=f"新单位{serial}",
                sort_order=0,
            )
        )

    def _import(self) -> None:
        if self._sheet is not None:
            self._office.roster_import.apply(self._sheet, ImportChoices(), skip_problems=True)

    def _held_row(self) -> RegisterRow:
        return self._chance.choice(_held(self._office, self._day))

    def _name(self) -> str:
        return "".join(self._chance.choices("王李张刘陈杨黄赵吴周徐孙伟芳娜敏静磊洋勇", k=3))

    def _mobile(self) -> str:
        return f"139{self._chance.randrange(10**8):08d}"


def _held(office: Office, day: date) -> list[RegisterRow]:
    rows = office.register.all_rows(RegisterQuery(as_of=day))
    return [row for row in rows if row.tenure_id is not None]


def digests(database: Path, *, timed: bool = True) -> tuple[str, str]:
    """Return the digest of all data and that of the history; equal digests mean equal content.

    What the history tells of backups and restores is left out: they change no record. Not ``timed`` leaves
    out its numbers and times, too, which are others when a backup was told of in between.
    """
    unseen = _RANDOM_COLUMNS if timed else (*_RANDOM_COLUMNS, *_HISTORY_COLUMNS)
    data, history = hashlib.sha256(), hashlib.sha256()
    with closing(sqlite3.connect(database)) as connection:
        for table in tables_of(connection):
            if table in _DERIVED:
                continue
            names = [str(row[1]) for row in connection.execute(f'PRAGMA table_info("{table}")')]
            left_out = unseen if table == _HISTORY else _RANDOM_COLUMNS
            wanted = ", ".join(f'"{name}"' for name in names if name not in left_out)
            which = " WHERE entity <> 'backups'" if table == _HISTORY else ""
            rows = connection.execute(f'SELECT {wanted} FROM "{table}"{which} ORDER BY {wanted}').fetchall()
            (history if table == _HISTORY else data).update(repr((table, wanted, rows)).encode("utf-8"))
    return data.hexdigest(), history.hexdigest()
