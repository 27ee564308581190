"""备案表: composing what the paper shows from the register, and writing the PDFs."""

import logging
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cdo_desktop.documents.pdf.filing_form import (
    FilingFormData,
    FormTexts,
    blank_forms,
    content_digest,
    form_problems,
    form_texts,
    write_form,
    write_forms,
)
from cdo_desktop.errors import AppError
from cdo_desktop.models import DATABASE_ID, Filing, Post, Setting, Unit
from cdo_desktop.paths import make_folder
from cdo_desktop.rules.filing import OPEN_STATES
from cdo_desktop.rules.filing_steps import print_refusal
from cdo_desktop.rules.vocabulary import FILED_POSTS, FilingKind, FilingState, PaperShows, PostKind
from cdo_desktop.services.filing_prints import FilingPrints
from cdo_desktop.services.filing_records import FilingRecord, find_filings
from cdo_desktop.services.form_content import (
    Paper,
    canonical_content,
    chosen_posts,
    filled_form,
    papers_to_print,
    present_holders,
)
from cdo_desktop.services.journal import Journal
from cdo_desktop.services.office_settings import receiving_body_on
from cdo_desktop.store import Database

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class FormSheet:
    """One form ready to be drawn, with what a file name and a warning need."""

    filing_id: int
    unit_id: int
    person_id: int
    unit_order: int
    unit: str
    unit_name_confirmed: bool
    data: FilingFormData

    @property
    def title(self) -> str:
        """Name the sheet as the office would: unit, post, person."""
        return f"{self.unit} {self.data.post} {self.data.name}"

    @property
    def file_name(self) -> str:
        """Return a file name in register order that Windows accepts."""
        # 数 sorts before 首: the number says which form comes first.
        place = f"{self.unit_order:04d}-{FILED_POSTS.index(self.data.post) + 1}"
        unit, name = _shortened(self.unit, _UNIT_BYTES), _shortened(self.data.name, _NAME_BYTES)
        joined = "_".join((place, unit, str(self.data.post), name))
        return re.sub(r'[<>:"/\\|?*\x00-\x1f]', "_", joined).strip(" .") + ".pdf"


def database_id_of(session: Session) -> str:
    """Return the id by which the codes of papers name the database that made them."""
    return session.scalar(select(Setting.value).where(Setting.key == DATABASE_ID)) or ""


# A file system allows 255 bytes and a Chinese character takes three or four of them.
_UNIT_BYTES, _NAME_BYTES = 120, 80


def _shortened(name: str, most: int) -> str:
    """Return what of a name fits into so many bytes, without a broken character at its end."""
    return name.encode()[:most].decode(errors="ignore").rstrip(" .")


@dataclass(frozen=True)
class FormWarning:
    """Something to look at before a sheet is printed."""

    filing_id: int
    title: str
    message: str


@dataclass(frozen=True)
class VoidForm:
    """A post whose holder has no form: the filing is void, and no other took its place."""

    post_id: int
    unit: str
    post: PostKind
    name: str


@dataclass(frozen=True)
class UnprintedForm:
    """A chosen filing whose form is not printed, and why."""

    unit: str
    post: PostKind
    name: str
    kind: FilingKind
    reason: str


@dataclass(frozen=True)
class FormBatch:
    """The forms of a choice of posts or filings, in register order, and what to know before printing."""

    sheets: tuple[FormSheet, ...]
    empty_posts: tuple[str, ...]
    warnings: tuple[FormWarning, ...]
    void: tuple[VoidForm, ...] = ()
    unprinted: tuple[UnprintedForm, ...] = ()

    @property
    def file_names(self) -> tuple[str, ...]:
        """Return a name for the file of each sheet; two of one person on one post say their kind as well."""
        sharing = Counter(sheet.file_name for sheet in self.sheets)
        taken: Counter[str] = Counter()
        names = []
        for sheet in self.sheets:
            stem = sheet.file_name.removesuffix(".pdf")
            if sharing[sheet.file_name] > 1:
                stem = f"{stem}_{sheet.data.kind}"
            taken[stem] += 1
            names.append(f"{stem}_{taken[stem]}.pdf" if taken[stem] > 1 else f"{stem}.pdf")
        return tuple(names)


class FormService:
    """Makes 备案表 of the register."""

    def __init__(
        self, database: Database, journal: Journal, texts_folder: Path, prints: FilingPrints
    ) -> None:
        self._database = database
        self._journal = journal
        self._texts_folder = texts_folder
        self._prints = prints

    def texts(self) -> FormTexts:
        """Return labels and texts: the office's own files where it has some, else the shipped ones."""
        return form_texts(self._texts_folder if self._texts_folder.is_dir() else None)

    def compose(
        self,
        *,
        post_ids: Sequence[int] | None = None,
        unit: str | None = None,
        post: PostKind | None = None,
        filing_ids: Sequence[int] | None = None,
    ) -> FormBatch:
        """Return the forms of all posts, of some, of one unit (any of its names) or of one kind of post.

        A post with a present or coming holder gives the form of the appointment; a registered departure whose
        paper is still out gives the 离任备案. ``filing_ids`` gives the forms of exactly these filings,
        whatever else their posts have. Raises NotFoundError for an unknown unit or a filing that is gone.
        """
        if filing_ids is not None:
            return self._compose_filings(filing_ids)
        texts = self.texts()
        with self._database.read() as session:
            chosen = chosen_posts(session, post_ids, unit, post, self._journal.today)
            papers = papers_to_print(session, self._journal.today)
            there = ((one, of, papers[one.id]) for one, of in chosen if one.id in papers)
            sheets = tuple(self._sheets(session, there))
            holders = present_holders(session, self._journal.today)
            without = [
                (one, of, holders.get((of.id, one.kind))) for one, of in chosen if one.id not in papers
            ]
            empty = tuple(f"{of.short_name} {one.kind}" for one, of, holder in without if holder is None)
            void = tuple(
                VoidForm(one.id, of.short_name, PostKind(one.kind), holder.person.name)
                for one, of, holder in without
                if holder is not None
            )
        return FormBatch(sheets, empty, tuple(_warnings(sheets, texts)), void)

    def _compose_filings(self, filing_ids: Sequence[int]) -> FormBatch:
        printed: list[tuple[Post, Unit, Paper]] = []
        unprinted = []
        with self._database.read() as session:
            for one in find_filings(session, filing_ids):
                reason = print_refusal(one.state)
                if reason:
                    post, kind = PostKind(one.post.kind), FilingKind(one.filing.kind)
                    left = UnprintedForm(one.unit.short_name, post, one.person.name, kind, reason)
                    unprinted.append(left)
                else:
                    printed.append((one.post, one.unit, Paper(one.filing, one.tenure, one.person)))
            sheets = tuple(self._sheets(session, printed))
        return FormBatch(sheets, (), tuple(_warnings(sheets, self.texts())), unprinted=tuple(unprinted))

    def _sheets(self, session: Session, papers: Iterable[tuple[Post, Unit, Paper]]) -> Iterable[FormSheet]:
        database_id = database_id_of(session)
        today = self._journal.today
        receiving_body = self.receiving_body(session)
        holders = present_holders(session, today)
        for post, unit, paper in papers:
            yield FormSheet(
                filing_id=paper.filing.id,
                unit_id=unit.id,
                person_id=paper.person.id,
                unit_order=unit.sort_order,
                unit=unit.short_name,
                unit_name_confirmed=unit.full_name_confirmed,
                data=filled_form(post, unit, paper, holders, today, database_id, receiving_body),
            )

    def blank(self, post: PostKind, kind: FilingKind | None = None) -> FilingFormData:
        """Return an empty form of a post, to be filled in by hand."""
        (form,) = blank_forms(self._receiving_body(), (post,), (kind,))
        return form

    def write_blanks(self, target: Path | BinaryIO, *, duplex: bool = True) -> int:
        """Write the empty forms of both posts and all kinds into one PDF to hand out; return its pages."""
        forms = blank_forms(self._receiving_body())
        return write_forms(forms, target, duplex=duplex, texts=self.texts())

    def draw_sample(self, name: str, target: BinaryIO) -> bool:
        """Draw the paper whose words stand in a text file; False for a 备案表, which is seen ``blank``."""
        from cdo_desktop.documents.pdf.paper_samples import has_sample, write_sample

        if not has_sample(name):
            return False
        write_sample(name, target, self._receiving_body(), self._journal.today, self.texts())
        return True

    def form_of(self, session: Session, record: FilingRecord) -> FilingFormData:
        """Return the form of one filing as it would be printed today."""
        (form,) = self.forms_of(session, [record])
        return form

    def forms_of(self, session: Session, records: Iterable[FilingRecord]) -> list[FilingFormData]:
        """Return the forms of filings as they would be printed today."""
        today = self._journal.today
        holders, database_id = present_holders(session, today), database_id_of(session)
        receiving_body = self.receiving_body(session)
        return [
            filled_form(
                record.post,
                record.unit,
                Paper(record.filing, record.tenure, record.person),
                holders,
                today,
                database_id,
                receiving_body,
            )
            for record in records
        ]

    def shows(self, session: Session, record: FilingRecord, digest: str) -> PaperShows:
        """Tell whether a paper, by the digest in its code, shows what the register says today.

        What is final is compared with what was signed: the register goes on.
        """
        if not digest:
            return PaperShows.UNKNOWN
        meant = record.signed_digest or content_digest(self.form_of(session, record))
        return PaperShows.PRESENT if digest == meant else PaperShows.OLDER

    def receiving_body(self, session: Session) -> str:
        """Return who receives filings today: of the settings, or as the form's texts name it."""
        return receiving_body_on(session, self._journal.today) or self.texts().text("receiving_body")

    def _receiving_body(self) -> str:
        with self._database.read() as session:
            return self.receiving_body(session)

    def write_folder(
        self, batch: FormBatch, folder: Path, progress: Callable[[int], None] | None = None
    ) -> tuple[Path, ...]:
        """Write one PDF a form into a folder and mark the filings as handed out.

        When it is stopped half-way, what it wrote is gone again; files that were there before stay replaced.
        """
        texts = self.texts()
        make_folder(folder)
        targets = tuple(folder / name for name in batch.file_names)
        fresh = [target for target in targets if not target.exists()]
        try:
            for done, (sheet, target) in enumerate(zip(batch.sheets, targets, strict=True), start=1):
                write_form(sheet.data, target, texts=texts)
                if progress is not None:
                    progress(done)
        except AppError:
            _remove(fresh)
            raise
        self.mark_issued(batch)
        return targets

    def write_one_file(
        self,
        batch: FormBatch,
        target: Path,
        *,
        duplex: bool = True,
        progress: Callable[[int], None] | None = None,
    ) -> int:
        """Write all forms into one file in register order, mark the filings, and return its pages.

        ``duplex`` puts the 填表说明 on the back of each, so that every form starts a new sheet.
        """
        make_folder(target.parent)
        pages = self.draw(batch, target, duplex=duplex, progress=progress)
        self.mark_issued(batch)
        return pages

    def draw(
        self,
        batch: FormBatch,
        target: Path | BinaryIO,
        *,
        duplex: bool,
        progress: Callable[[int], None] | None = None,
    ) -> int:
        """Draw all forms into one PDF, for the screen or a printer; return its pages. Marks nothing."""
        data = (sheet.data for sheet in batch.sheets)
        return write_forms(data, target, duplex=duplex, progress=progress, texts=self.texts())

    def mark_issued(self, batch: FormBatch) -> None:
        """Keep what was handed out: content, digest and the PDF, as long as nothing has come back yet.

        Every form is told of, printed anew or not: it holds personal data.
        """
        drawn = self._prints.draw(batch.sheets, self.texts())
        with self._database.write() as session:
            self._prints.keep(session, drawn)
            for sheet in batch.sheets:
                content = canonical_content(sheet.data)
                changed = session.execute(
                    update(Filing)
                    .where(
                        Filing.id == sheet.filing_id,
                        Filing.state.in_(OPEN_STATES),
                        (Filing.content != content) | (Filing.state != FilingState.ISSUED),
                    )
                    .values(
                        state=FilingState.ISSUED,
                        issued_on=self._journal.today,
                        content=content,
                        filled_on=sheet.data.filled_on,
                        digest=content_digest(sheet.data),
                        version=Filing.version + 1,
                    )
                )
                is_new = bool(changed.rowcount)  # type: ignore[attr-defined]
                told = {"state": FilingState.ISSUED, "filled_on": sheet.data.filled_on} if is_new else {}
                self._journal.record(
                    session,
                    "出表" if is_new else "再次出表",
                    "filings",
                    sheet.filing_id,
                    after=told,
                    unit_id=sheet.unit_id,
                    person_id=sheet.person_id,
                )


def _remove(files: Iterable[Path]) -> None:
    for file in files:
        try:
            file.unlink(missing_ok=True)
        except OSError as error:  # somebody has opened it meanwhile: it stays, and can be deleted by hand
            logger.warning("could not remove an unfinished form: %s", type(error).__name__)


def _warnings(sheets: Iterable[FormSheet], texts: FormTexts) -> Iterable[FormWarning]:
    for sheet in sheets:
        if not sheet.unit_name_confirmed:
            yield FormWarning(
                sheet.filing_id, sheet.title, f"单位全称“{sheet.data.unit_full_name}”还没有与公章核对确认。"
            )
        for problem in form_problems(sheet.data, texts=texts):
            yield FormWarning(sheet.filing_id, sheet.title, problem)
