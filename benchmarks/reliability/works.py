"""What a clerk's hand sets off that touches files, and what a data folder looks like before and after."""

import hashlib
import random
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path

import pypdfium2

from benchmarks.reliability.offices import TODAY, Clerk, Clock, backups_of, copy_office, digests, make_sample
from cdo_desktop import paths
from cdo_desktop.documents.readers.roster_sheet import RosterSheet
from cdo_desktop.errors import AppError, UnreadableFileError
from cdo_desktop.office import Office
from cdo_desktop.rules.vocabulary import FILED_POSTS
from cdo_desktop.services.appointments import FilingDraft
from cdo_desktop.services.register import RegisterQuery
from cdo_desktop.services.roster_plan import ImportChoices
from cdo_desktop.store.attachments import TEMPORARY
from cdo_desktop.store.backup import BEFORE_RESTORE, SUFFIX, verify_backup
from cdo_desktop.store.restore import JOURNALS

STORED = Path(__file__).parents[2] / "tests" / "data" / "databases"
_FORM_POSTS = 4  # all 110 take a second
_EXPORTS = {".xlsx", ".pdf"}


class Stock:
    """Made once, when first asked for: databases to begin with, a backup to restore and rosters to read."""

    old = STORED / "v0001.sqlite3"  # of the first version

    def __init__(self, folder: Path, sample: Path | None = None) -> None:
        """``sample`` is a database of the sample district, where there is one already."""
        self._other = folder / "other"
        self.sample = sample or make_sample(folder / "sample")

    @cached_property
    def _database(self) -> Path:
        """The sample after some work."""
        database = copy_office(self.sample, self._other)
        with Office(self._other, Clock()) as office:
            clerk = Clerk(office, seed=5)
            for _ in range(10):
                clerk.step()
        return database

    @cached_property
    def backup(self) -> Path:
        """A backup that differs from the sample."""
        return backups_of(self._database.parent).back_up(target=self._other / f"other{SUFFIX}").path

    @cached_property
    def roster(self) -> Path:
        """A workbook that differs from the sample."""
        target = self._database.with_name("名册.xlsx")
        with Office(self._other, Clock()) as office:
            office.roster_export.write(target, as_of=TODAY, full=True)
        return target

    @cached_property
    def sheet(self) -> RosterSheet:
        """What that workbook holds."""
        with Office(self._other, Clock()) as office:
            return office.roster_import.read(self.roster)


class Place:
    """A data folder and a folder for what is written elsewhere, laid out anew for every trial."""

    def __init__(self, folder: Path, stock: Stock) -> None:
        self.stock = stock
        self.folder = folder
        self.data = folder / "data"
        self.out = folder / "out"
        self.clock = Clock()

    @property
    def database(self) -> Path:
        """The database of the data folder."""
        return self.data / paths.DATABASE_NAME

    def lay_out(self, source: Path | None) -> None:
        """Begin again with a copy of a database, or none, and older files where exports will go."""
        for path in (self.data, self.out):
            shutil.rmtree(path, ignore_errors=True)
            path.mkdir(parents=True)
        if source is not None:
            copy_office(source, self.data)
        for name in ("名册.xlsx", "通讯录.pdf", "备案表.pdf"):
            (self.out / name).write_bytes(f"old {name}".encode())
        self.wind_back()

    def wind_back(self) -> None:
        """Let the clock tell the same times again."""
        self.clock.now = Clock().now

    @contextmanager
    def office(self) -> Iterator[Office]:
        """Open the data folder."""
        with Office(self.data, self.clock) as office:
            yield office

    def state(self) -> dict[str, str]:
        """Return what there is, by name: the database's content, and what every other file holds."""
        found: dict[str, str] = {}
        if self.database.exists() and self.database.stat().st_size:
            found["database"] = "/".join(digests(self.database, timed=False))
        journals = {f"{paths.DATABASE_NAME}{suffix}" for suffix in ("", *JOURNALS)}
        for path in sorted([*self.data.rglob("*"), *self.out.rglob("*")]):
            if path.is_file() and path.name not in journals and not path.name.startswith(TEMPORARY):
                found[path.relative_to(self.folder).as_posix()] = content_of(path)
        return found

    def leftovers(self) -> list[Path]:
        """Return the unfinished files that are still there."""
        return [path for root in (self.data, self.out) for path in root.rglob(f"{TEMPORARY}*")]

    def left_open(self) -> list[str]:
        """Return the names of files that this process still holds open; Windows could not remove them."""
        found = []
        for link in Path("/proc/self/fd").glob("*"):
            try:
                target = link.readlink()
            except OSError:
                continue  # it was the one that lists this folder
            if target.is_relative_to(self.folder):
                found.append(target.name)
        return found


@dataclass(frozen=True)
class Work:
    """One thing that is done in an open office, or without one."""

    name: str
    run: Callable[[Place, Office], object]
    in_office: bool = True
    source: Callable[[Stock], Path | None] = field(default=lambda stock: stock.sample)
    only_noted: bool = False  # in the database it leaves a line of the history, and does without if it must
    in_steps: bool = False  # several transactions: what is left may be between before and after


class NoOffice(Office):
    """Stands where a work needs no open office."""

    def __init__(self) -> None:
        pass


def do(work: Work, place: Place) -> AppError | None:
    """Do a work and return what the user is told when it is refused; whatever else is raised is a bug."""
    place.wind_back()
    try:
        if not work.in_office:
            work.run(place, NoOffice())
            return None
        with place.office() as office:
            work.run(place, office)
    except AppError as error:
        return error
    return None


def _save(_place: Place, office: Office) -> None:
    opened = office.holders.get(_held(office))
    office.holders.update(opened, replace(opened, mobile="13900000000", note="改"))


def _replace(_place: Place, office: Office) -> None:
    opened = office.holders.get(_held(office))
    draft = replace(office.holders.empty_draft(opened.post_id), name="新人", since=TODAY, title="主任")
    office.holders.replace(opened, draft, FilingDraft(change_reason="调离"))


def _held(office: Office) -> int:
    rows = office.register.all_rows(RegisterQuery(as_of=TODAY))
    return next(row.tenure_id for row in rows if row.tenure_id is not None)


def _start(place: Place, _office: Office) -> None:
    with place.office() as office:
        office.register.all_rows(RegisterQuery(as_of=TODAY))
        office.calendar.calendar()
        office.backups.guard_start(office.gate)


def _import(place: Place, office: Office) -> None:
    office.roster_import.apply(place.stock.sheet, ImportChoices(), skip_problems=True)


def _forms(place: Place, office: Office, *, one_file: bool) -> None:
    rows = office.register.all_rows(RegisterQuery(as_of=TODAY))
    held = [row for row in rows if row.tenure_id is not None and row.post in FILED_POSTS]
    posts = [row.post_id for row in held[:_FORM_POSTS]]
    batch = office.forms.compose(post_ids=posts)
    if one_file:
        office.forms.write_one_file(batch, place.out / "备案表.pdf")
    else:
        office.forms.write_folder(batch, place.out / "备案表")


def _read(place: Place, office: Office) -> None:
    source = place.stock.roster
    plan = office.roster_import.preview(office.roster_import.read(source))
    office.roster_import.write_marked_copy(source, plan, place.out / "问题.xlsx")


WORKS = (
    Work("save a form", _save),
    Work("replace a holder", _replace),
    Work("start", _start, in_office=False, in_steps=True),
    Work("first start", _start, in_office=False, source=lambda _stock: None, in_steps=True),
    Work("upgrade", _start, in_office=False, source=lambda stock: stock.old, in_steps=True),
    Work("back up", lambda place, _office: backups_of(place.data, place.clock).back_up(), in_office=False),
    Work(
        "restore",
        lambda place, _office: backups_of(place.data, place.clock).restore(place.stock.backup),
        in_office=False,
    ),
    Work("import", _import),
    Work("read and mark a workbook", _read, only_noted=True),
    Work(
        "export the roster",
        lambda place, office: office.roster_export.write(place.out / "名册.xlsx", as_of=TODAY, full=True),
        only_noted=True,
    ),
    Work(
        "export the contact list",
        lambda place, office: office.roster_export.write_contact_list(
            place.out / "通讯录.pdf", as_of=TODAY, texts=office.forms.texts()
        ),
        only_noted=True,
    ),
    Work(
        "write the template",
        lambda place, office: office.roster_export.write_template(place.out / "模板.xlsx"),
        only_noted=True,
    ),
    Work("forms in one file", lambda place, office: _forms(place, office, one_file=True)),
    Work("forms in a folder", lambda place, office: _forms(place, office, one_file=False)),
    Work(
        "copy a form text",
        lambda _place, office: office.system.form_texts.copy_shipped("filing_form"),
        only_noted=True,
    ),
)


@dataclass
class Expectation:
    """What there is before a work and after it, found without a fault."""

    before: dict[str, str]
    after: dict[str, str]

    def judge(self, work: Work, now: dict[str, str], error: AppError | None) -> list[str]:
        """Return what is neither as before nor as after, or not as the user was told."""
        lost = []
        kept = {value for name, value in self.after.items() if BEFORE_RESTORE in name}
        for name in sorted(self.before.keys() | self.after.keys() | now.keys()):
            allowed = [self.before.get(name), self.after.get(name)]
            if error is None and not work.in_steps:
                allowed = [self.after.get(name)]
                if work.only_noted and name == "database":
                    allowed.append(self.before.get(name))
            elif error is not None and name == "database" and not work.in_steps:
                allowed = [self.before.get(name)]
            value = now.get(name)
            if name.endswith(SUFFIX) and value == "good":
                continue
            if BEFORE_RESTORE in name and value in kept:
                continue  # one name more for the old data, which a disk that refused all kept
            if work.in_steps and name == "database":
                continue  # whether it is sound is asked by the next try
            if value not in allowed:
                lost.append(f"{name} is {'gone' if value is None else value[:40]!r}")
        return lost


def expect(work: Work, place: Place) -> Expectation:
    """Do a work without a fault."""
    place.lay_out(work.source(place.stock))
    before = place.state()
    error = do(work, place)
    if error is not None:
        raise RuntimeError(f"{work.name} does not work at all: {error}")
    return Expectation(before, place.state())


def told_well(error: AppError) -> bool:
    """Whether the user can read it: Chinese, and a whole sentence."""
    text = str(error)
    return bool(re.search("[\u4e00-\u9fff]", text)) and text.endswith(("。", "！", "？"))


@lru_cache(maxsize=512)
def _content(digest: str, path: Path) -> str:
    if path.suffix == SUFFIX:
        try:
            verify_backup(path)
        except UnreadableFileError as error:
            return f"bad: {error}"
        return "good"
    return repr(exported(path)) if path.suffix in _EXPORTS else digest


def content_of(path: Path) -> str:
    """Return what a file holds; of an export, what a reader sees of it."""
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    if content.startswith(b"old ") or not content:
        return digest if content else "empty"
    return _content(digest, path)


def exported(target: Path) -> object:
    """Return what a reader sees of a workbook or a PDF."""
    if target.suffix == ".pdf":
        try:
            document = pypdfium2.PdfDocument(target)
        except pypdfium2.PdfiumError as error:
            return f"broken: {error}"
        pages = [page.get_textpage().get_text_range().splitlines()[:3] for page in document]
        document.close()
        return pages
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with CalamineWorkbook.from_path(target) as book:
            return [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    except CalamineError as error:
        return f"broken: {error}"


def spread(last: int, at_most: int, seed: int) -> list[int]:
    """Return the numbers from 1 to ``last``, or so many of them at random."""
    numbers = range(1, last + 1)
    return list(numbers) if last <= at_most else sorted(random.Random(seed).sample(numbers, at_most))
