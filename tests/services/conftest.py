"""An office with a database of its own for every test, copied from one that is built once."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook

from cdo_desktop import paths
from cdo_desktop.office import Office
from cdo_desktop.rules.filing import CountedReceipt
from cdo_desktop.rules.filing_steps import FilingStep
from cdo_desktop.rules.roster_columns import RosterField
from cdo_desktop.rules.vocabulary import PaperForm, PaperWay, PostKind
from cdo_desktop.services.appointments import FilingDraft
from cdo_desktop.services.filing_list import FilingQuery, FilingRow
from cdo_desktop.services.filing_plans import StepPlan
from cdo_desktop.services.filing_receipts import ReceiptDraft
from cdo_desktop.services.filing_sql import FilingView
from cdo_desktop.services.holder_draft import HolderDraft
from cdo_desktop.services.office_settings import SavedSettings
from cdo_desktop.services.register import RegisterQuery, RegisterRow
from cdo_desktop.services.undo import UndoService
from tests.scans_in_process import read_scans_here

TODAY = date(2026, 11, 24)  # a Tuesday
TOWN = "罗店镇"
CHANGED = date(2026, 11, 12)  # due on 11-17
SCAN = ReceiptDraft(PaperForm.SCAN, TODAY, PaperWay.MESSAGE)
ORIGINAL = ReceiptDraft(PaperForm.ORIGINAL, TODAY, PaperWay.POST)


class Clock:
    """Tells the time that a test sets; one second passes with every look."""

    def __init__(self, day: date = TODAY) -> None:
        self.now = datetime.combine(day, time(9))

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    def set_day(self, day: date) -> None:
        self.now = datetime.combine(day, time(9))


@dataclass(frozen=True)
class Desk:
    """An office with what tests do most."""

    office: Office
    clock: Clock

    def row(self, unit: str, post: PostKind = PostKind.SPECIALIST, as_of: date | None = None) -> RegisterRow:
        """Return the one line of a unit's post."""
        query = RegisterQuery(as_of=as_of, filters={"post": post})
        rows = self.office.register.all_rows(query)
        (row,) = [row for row in rows if row.unit == unit and row.post == post]
        return row

    def draft(self, unit: str, post: PostKind = PostKind.SPECIALIST, **values: str | date) -> HolderDraft:
        """Return a form filled in for an empty post."""
        empty = self.office.holders.empty_draft(self.row(unit, post).post_id)
        known = {"name": "张三", "since": TODAY, **values}
        return replace(empty, **known)  # type: ignore[arg-type]

    def appoint(
        self,
        unit: str,
        post: PostKind = PostKind.SPECIALIST,
        filing: FilingDraft | None = None,
        **values: str | date,
    ) -> HolderDraft:
        """Appoint somebody and return the form as it opens now."""
        holders = self.office.holders
        return holders.get(holders.appoint(self.draft(unit, post, **values), filing))

    def successor(self, opened: HolderDraft, **values: str | date) -> HolderDraft:
        """Return a form filled in for whoever follows."""
        known = {"name": "李四", "since": TODAY, **values}
        return replace(HolderDraft(opened.post_id, opened.post), **known)  # type: ignore[arg-type]

    def change(self, unit: str = TOWN, filing: FilingDraft | None = None, **values: str | date) -> int:
        """Appoint somebody and a successor, and return the successor's filing."""
        opened = self.appoint(unit, since=date(2025, 1, 6))
        new = self.successor(opened, **{"since": CHANGED, **values})
        tenure = self.office.holders.replace(opened, new, filing or FilingDraft(change_reason="退休"))
        (row,) = [row for row in self.office.filing_list.rows() if row.tenure_id == tenure]
        return row.filing_id

    def filing(self, filing_id: int) -> FilingRow:
        """Return a filing as it stands."""
        return self.office.filing_list.rows_of([filing_id])[filing_id]

    def plan(self, step: FilingStep, *filing_ids: int, day: date | None = None) -> StepPlan:
        return self.office.filings.plan(step, filing_ids, day)

    def receive(self, receipt: ReceiptDraft, *filing_ids: int) -> None:
        self.office.filings.receive(self.plan(FilingStep.RECEIVE, *filing_ids), receipt)

    def send_back(self, filing_id: int, reason: str = "缺公章") -> None:
        self.office.filings.send_back(self.plan(FilingStep.RETURN, filing_id), reason)

    def file(self, *filing_ids: int, day: date | None = None) -> list[str]:
        """Give numbers to filings and return those."""
        done = self.office.filings.file(self.plan(FilingStep.FILE, *filing_ids, day=day))
        return [line.number for line in done.ready]

    def void(self, *filing_ids: int, reason: str = "登记有误", anew: bool = False) -> None:
        self.office.filings.void(self.plan(FilingStep.VOID, *filing_ids), reason, anew=anew)

    def listed(self, view: FilingView) -> list[int]:
        return self.office.filing_list.keys(FilingQuery(view))

    def correct_first_day(self, day: date, unit: str = TOWN) -> None:
        """Say that whoever holds the post since another day; no event."""
        opened = self.office.holders.get(self.row(unit).tenure_id or 0)
        self.office.holders.update(opened, replace(opened, since=day), correction=True)

    def count_by(self, rule: CountedReceipt) -> SavedSettings:
        """Choose which receipt counts."""
        service = self.office.system.settings
        opened = service.get()
        return service.save(replace(opened, counted_receipt=rule), opened)

    def ends(self, unit: str = TOWN) -> list[tuple[str, date, date | None]]:
        """Return who held a post, newest first, with first and last day."""
        past = self.office.holders.holders_of(self.row(unit).post_id)
        return [(one.name, one.since, one.until) for one in past]

    def stored(self, query: str, *values: object) -> list[tuple[object, ...]]:
        """Return what the file says."""
        with self.office._database.snapshot() as connection:
            return connection.execute(query, values).fetchall()


F = RosterField
Line = dict[RosterField, str | date | int | None]


def write_roster(path: Path, lines: Sequence[Line], columns: Sequence[RosterField] | None = None) -> Path:
    """Write lines under a head, as a unit would send them."""
    head = list(columns or dict.fromkeys(column for line in lines for column in line))
    book = Workbook()
    sheet = book.active
    sheet.append([str(column) for column in head])
    for line in lines:
        sheet.append([line.get(column) for column in head])
    book.save(path)
    return path


def a_line(unit: str, post: PostKind = PostKind.SPECIALIST, **more: str | date | None) -> Line:
    """Return one ordinary line; keywords are names of RosterField."""
    line: Line = {
        F.UNIT_SHORT_NAME: unit,
        F.POST: post,
        F.NAME: "张三",
        F.SEX: "男",
        F.TITLE: "科长",
        F.HEAD: "否",
        F.SINCE: date(2026, 3, 2),
        F.BASIS: "宝委〔2026〕1号",
        F.OFFICE_PHONE: "021-56691234",
        F.MOBILE: "13800000001",
        F.EMAIL: "zhangsan@example.gov.cn",
    }
    for name, value in more.items():
        line[getattr(RosterField, name)] = value
    return line


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database as a first start leaves it."""
    folder = tmp_path_factory.mktemp("empty")
    Office(folder, Clock()).close()
    return folder / paths.DATABASE_NAME


@pytest.fixture(scope="session")
def units_file(empty_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database with the shipped units, all posts empty."""
    folder = tmp_path_factory.mktemp("units")
    shutil.copy(empty_file, folder / paths.DATABASE_NAME)
    with Office(folder, Clock()) as office:
        office.units.add_shipped_units(paths.resource("units", paths.UNITS_NAME))
    return folder / paths.DATABASE_NAME


@pytest.fixture(scope="session")
def sample_file(empty_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database with the sample district."""
    folder = tmp_path_factory.mktemp("sample")
    shutil.copy(empty_file, folder / paths.DATABASE_NAME)
    with Office(folder, Clock()) as office:
        office.sample.create(TODAY)
    return folder / paths.DATABASE_NAME


@pytest.fixture
def open_desk(tmp_path: Path) -> Iterator[Callable[[Path], Desk]]:
    """Return a function that opens a copy of a database; everything is closed at the end."""
    opened: list[Office] = []

    def open_copy(source: Path) -> Desk:
        folder = tmp_path / f"数据 {len(opened)}"
        folder.mkdir()
        shutil.copy(source, folder / paths.DATABASE_NAME)
        clock = Clock()
        office = Office(folder, clock)
        opened.append(office)
        return Desk(office, clock)

    yield open_copy
    for office in opened:
        office.close()


@pytest.fixture
def empty_desk(open_desk: Callable[[Path], Desk], empty_file: Path) -> Desk:
    return open_desk(empty_file)


@pytest.fixture
def desk(open_desk: Callable[[Path], Desk], units_file: Path) -> Desk:
    return open_desk(units_file)


@pytest.fixture
def held(desk: Desk) -> Desk:
    """Return a register in which 张三 holds a post; that is older than what can be undone."""
    desk.appoint(TOWN, since=date(2026, 3, 2), mobile="13800000001", title="科长")
    return desk


@pytest.fixture
def undo(held: Desk) -> UndoService:
    return held.office.undo


@pytest.fixture
def two(desk: Desk) -> Desk:
    """Return a desk with two 首次备案: 张三 of 罗店镇 and 王五 of 大场镇."""
    desk.appoint("罗店镇")
    desk.appoint("大场镇", name="王五")
    return desk


@pytest.fixture
def _scans_here(monkeypatch: pytest.MonkeyPatch) -> None:
    read_scans_here(monkeypatch)


@pytest.fixture
def sample(open_desk: Callable[[Path], Desk], sample_file: Path) -> Desk:
    return open_desk(sample_file)
