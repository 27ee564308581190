"""备案表: composing what the paper shows from the register, and writing the PDFs."""

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cdo_desktop.documents.pdf.filing_form import (
    FilingFormData,
    FormTexts,
    PaperCode,
    content_digest,
    form_problems,
    form_texts,
    write_form,
    write_forms,
)
from cdo_desktop.errors import NotFoundError
from cdo_desktop.models import DATABASE_ID, Filing, Person, Post, Setting, Tenure, Unit
from cdo_desktop.paths import make_folder
from cdo_desktop.rules.vocabulary import FILED_POSTS, FilingKind, FilingState, PostKind
from cdo_desktop.services.journal import Journal
from cdo_desktop.store import Database

OPEN_STATES = (FilingState.DRAFT, FilingState.ISSUED)


@dataclass(frozen=True)
class FormSheet:
    """One form ready to be drawn, with what a file name and a warning need."""

    filing_id: int
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
        parts = (f"{self.unit_order:04d}", self.unit, str(self.data.post), self.data.name)
        return re.sub(r'[<>:"/\\|?*\x00-\x1f]', "_", "_".join(parts)).strip(" .")[:120] + ".pdf"


@dataclass(frozen=True)
class FormWarning:
    """Something to look at before a sheet is printed."""

    title: str
    message: str


@dataclass(frozen=True)
class FormBatch:
    """The forms of a choice of posts, in register order, and what to know before printing."""

    sheets: tuple[FormSheet, ...]
    empty_posts: tuple[str, ...]
    warnings: tuple[FormWarning, ...]


class FormService:
    """Makes 备案表 of the register."""

    def __init__(self, database: Database, journal: Journal, texts_folder: Path) -> None:
        self._database = database
        self._journal = journal
        self._texts_folder = texts_folder

    def texts(self) -> FormTexts:
        """Return labels and texts: the office's own files where it has some, else the shipped ones."""
        return form_texts(self._texts_folder if self._texts_folder.is_dir() else None)

    def compose(
        self,
        *,
        post_ids: Sequence[int] | None = None,
        unit: str | None = None,
        post: PostKind | None = None,
    ) -> FormBatch:
        """Return the forms of all posts, of some, of one unit (any of its names) or of one kind of post.

        A post with a holder gives the form of the appointment; an empty one whose last holder's 离任备案
        is still open gives that. Raises NotFoundError for an unknown unit.
        """
        texts = self.texts()
        with self._database.read() as session:
            chosen = _chosen_posts(session, post_ids, unit, post)
            database_id = session.scalar(select(Setting.value).where(Setting.key == DATABASE_ID)) or ""
            sheets: list[FormSheet] = []
            empty: list[str] = []
            for post_row, unit_row in chosen:
                sheet = _sheet(session, post_row, unit_row, self._journal.today, database_id, texts)
                if sheet is None:
                    empty.append(f"{unit_row.short_name} {post_row.kind}")
                else:
                    sheets.append(sheet)
        return FormBatch(tuple(sheets), tuple(empty), tuple(_warnings(sheets, texts)))

    def blank(self, post: PostKind, kind: FilingKind | None = None) -> FilingFormData:
        """Return an empty form of a post, to be filled in by hand."""
        return _form(post, kind, blank=True, receiving_body=self.texts().text("receiving_body"))

    def write_folder(
        self, batch: FormBatch, folder: Path, progress: Callable[[int], None] | None = None
    ) -> tuple[Path, ...]:
        """Write one PDF a form into a folder and mark the filings as handed out."""
        texts = self.texts()
        make_folder(folder)
        written: list[Path] = []
        for done, sheet in enumerate(batch.sheets, start=1):
            target = folder / sheet.file_name
            write_form(sheet.data, target, texts=texts)
            written.append(target)
            if progress is not None:
                progress(done)
        self._mark_issued(batch.sheets)
        return tuple(written)

    def write_one_file(
        self,
        batch: FormBatch,
        target: Path,
        *,
        duplex: bool = True,
        progress: Callable[[int], None] | None = None,
    ) -> int:
        """Write all forms into one file in register order; return its pages.

        ``duplex`` puts the 填表说明 on the back of each, so that every form starts a new sheet.
        """
        make_folder(target.parent)
        data = (sheet.data for sheet in batch.sheets)
        pages = write_forms(data, target, duplex=duplex, progress=progress, texts=self.texts())
        self._mark_issued(batch.sheets)
        return pages

    def _mark_issued(self, sheets: Iterable[FormSheet]) -> None:
        """Keep what was printed: content and digest, as long as nothing has come back yet."""
        with self._database.write() as session:
            for sheet in sheets:
                content = _canonical(sheet.data)
                changed = session.execute(
                    update(Filing)
                    .where(
                        Filing.id == sheet.filing_id,
                        Filing.state.in_(OPEN_STATES),
                        (Filing.content != content) | (Filing.state == FilingState.DRAFT),
                    )
                    .values(
                        state=FilingState.ISSUED,
                        content=content,
                        filled_on=sheet.data.filled_on,
                        digest=content_digest(sheet.data),
                        version=Filing.version + 1,
                    )
                )
                if changed.rowcount:  # type: ignore[attr-defined]
                    self._journal.record(
                        session,
                        "出表",
                        "filings",
                        sheet.filing_id,
                        after={"state": FilingState.ISSUED},
                    )


def _chosen_posts(
    session: Session, post_ids: Sequence[int] | None, unit: str | None, post: PostKind | None
) -> list[tuple[Post, Unit]]:
    query = (
        select(Post, Unit)
        .join(Unit, Unit.id == Post.unit_id)
        .where(Post.kind.in_(FILED_POSTS))
        .order_by(Unit.sort_order, Unit.id, Post.rank)
    )
    if post_ids is not None:
        query = query.where(Post.id.in_(post_ids))
    if post is not None:
        query = query.where(Post.kind == post)
    if unit is not None:
        query = query.where((Unit.full_name == unit) | (Unit.short_name == unit))
    chosen = [(row[0], row[1]) for row in session.execute(query)]
    if unit is not None and not chosen:
        raise NotFoundError(f"名册里没有单位“{unit}”。请按名册中的全称或简称填写；没有生成文件。")
    return chosen


def _sheet(
    session: Session, post: Post, unit: Unit, today: date, database_id: str, texts: FormTexts
) -> FormSheet | None:
    found = _filing_to_print(session, post.id, today)
    if found is None:
        return None
    filing, tenure, person = found
    return FormSheet(
        filing_id=filing.id,
        unit_order=unit.sort_order,
        unit=unit.short_name,
        unit_name_confirmed=unit.full_name_confirmed,
        data=_filled(session, post, unit, filing, tenure, person, today, database_id, texts),
    )


def _filing_to_print(session: Session, post_id: int, today: date) -> tuple[Filing, Tenure, Person] | None:
    query = (
        select(Filing, Tenure, Person)
        .join(Tenure, Tenure.id == Filing.tenure_id)
        .join(Person, Person.id == Tenure.person_id)
        .where(Tenure.post_id == post_id, Filing.state != FilingState.VOID)
        .order_by(Tenure.since.desc(), Filing.id.desc())
    )
    held = query.where(Tenure.until.is_(None) | (Tenure.until > today), Filing.kind != FilingKind.LEAVE)
    row = session.execute(held.limit(1)).one_or_none()
    if row is None:
        left = query.where(Filing.kind == FilingKind.LEAVE, Filing.state.in_(OPEN_STATES))
        row = session.execute(left.limit(1)).one_or_none()
    return (row[0], row[1], row[2]) if row else None


def _filled(
    session: Session,
    post: Post,
    unit: Unit,
    filing: Filing,
    tenure: Tenure,
    person: Person,
    today: date,
    database_id: str,
    texts: FormTexts,
) -> FilingFormData:
    other = _counterpart(session, unit.id, post.kind, today)
    leaving = filing.kind == FilingKind.LEAVE
    return _form(
        PostKind(post.kind),
        FilingKind(filing.kind),
        blank=False,
        receiving_body=texts.text("receiving_body"),
        filled_on=filing.filled_on or today,
        unit_full_name=unit.full_name,
        unit_category=unit.category,
        unit_address=unit.address,
        unit_postcode=unit.postcode,
        **{name: getattr(person, name) for name in _FROM_PERSON},
        **{name: getattr(tenure, name) for name in _FROM_TENURE},
        **{name: getattr(filing, name) for name in _FROM_FILING},
        change_date=filing.change_date,
        due_date=filing.due_date,
        due_provisional=filing.due_provisional,
        leave_date=filing.change_date if leaving else None,
        counterpart_name=other[0].name if other else "",
        counterpart_title=" ".join(filter(None, (other[1].section, other[1].title))) if other else "",
        counterpart_phone=(other[0].office_phone or other[0].mobile) if other else "",
        code=PaperCode(database_id=database_id, record_id=filing.uuid),
    )


_FROM_PERSON = ("name", "sex", "birth_month", "political_status", "office_phone", "mobile", "email")
_FROM_TENURE = (
    "title",
    "head_status",
    "head_note",
    "since",
    "basis",
    "work_scope",
    "section",
    "rank",
    "duties",
    "digital_years",
    "education",
    "training",
    "platform_account",
    "backup_name",
    "backup_phone",
)
_FROM_FILING = (
    "predecessor_name",
    "predecessor_title",
    "change_reason",
    "handover",
    "filler",
    "filler_phone",
)


def _counterpart(session: Session, unit_id: int, kind: str, today: date) -> tuple[Person, Tenure] | None:
    """Return the unit's other post: the 数据专员 for a 首席数据官 and the other way round."""
    other = PostKind.SPECIALIST if kind == PostKind.CDO else PostKind.CDO
    query = (
        select(Person, Tenure)
        .join(Tenure, Tenure.person_id == Person.id)
        .join(Post, Post.id == Tenure.post_id)
        .where(Post.unit_id == unit_id, Post.kind == other, Tenure.since <= today)
        .where(Tenure.until.is_(None) | (Tenure.until > today))
    )
    row = session.execute(query.limit(1)).one_or_none()
    return (row[0], row[1]) if row else None


def _form(post: PostKind, kind: FilingKind | None, **values: object) -> FilingFormData:
    """Fill what is not given with nothing."""
    empty: dict[str, object] = {}
    for field in fields(FilingFormData):
        empty[field.name] = None if field.name in _NONE_WHEN_EMPTY else ""
    # Every field is set once: the defaults first, then what is known.
    return FilingFormData(**{**empty, "due_provisional": False, **values, "post": post, "kind": kind})  # type: ignore[arg-type]


_NONE_WHEN_EMPTY = ("filled_on", "since", "change_date", "due_date", "leave_date", "code")


def _canonical(form: FilingFormData) -> str:
    values = {
        field.name: getattr(form, field.name)
        for field in fields(form)
        if field.name not in ("code", "filled_on")
    }
    plain = {key: value.isoformat() if isinstance(value, date) else value for key, value in values.items()}
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _warnings(sheets: Iterable[FormSheet], texts: FormTexts) -> Iterable[FormWarning]:
    for sheet in sheets:
        if not sheet.unit_name_confirmed:
            yield FormWarning(sheet.title, f"单位全称“{sheet.data.unit_full_name}”还没有与公章核对确认。")
        for problem in form_problems(sheet.data, texts=texts):
            yield FormWarning(sheet.title, problem)
