"""The 备案表 of a choice of posts or filings: composed, drawn, written, printed. All of it runs in tasks."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from cdo_desktop.rules.pinyin import pinyin_of, unit_pinyin
from cdo_desktop.rules.vocabulary import FilingKind, PostKind
from cdo_desktop.ui.common.printing import Printed, print_pages
from cdo_desktop.ui.common.progress import Progress
from cdo_desktop.ui.registry.services import RegistryServices

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

    from cdo_desktop.services.forms import FormBatch, FormSheet, UnprintedForm, VoidForm

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class SheetRow:
    """One line of the list: a form, or (``place`` None) what has none.

    The post is empty, the filing of ``void_post`` is void and no other took its place, or the filing that
    was chosen is ``unprinted`` for this reason.
    """

    place: int | None  # in the batch
    unit: str
    post: str
    name: str
    kind: str
    warnings: tuple[str, ...]
    keys: str  # what it is found by
    void_post: int | None = None
    unprinted: str = ""

    @property
    def is_vacant(self) -> bool:
        """Whether there is nobody to have a form."""
        return self.place is None and self.void_post is None and not self.unprinted

    def is_found_by(self, text: str) -> bool:
        """Whether the row has a text in its unit or name, in Chinese, full pinyin or initials."""
        return all(word in self.keys for word in text.lower().split())


@dataclass(frozen=True)
class Forms:
    """A batch with the rows that show it."""

    batch: "FormBatch"
    rows: tuple[SheetRow, ...]

    @property
    def with_warnings(self) -> int:
        """How many forms should be looked at before they are printed."""
        return sum(bool(row.warnings) for row in self.rows)

    def chosen(self, places: Sequence[int]) -> "FormBatch":
        """Return the batch of some of the forms, in register order."""
        return replace(self.batch, sheets=tuple(self.batch.sheets[place] for place in sorted(places)))


def compose(
    services: RegistryServices, post_ids: Sequence[int] | None, filing_ids: Sequence[int] | None = None
) -> Forms:
    """Fill the forms of filings, of posts, or of all posts, from the register."""
    batch = services.forms().compose(post_ids=post_ids, filing_ids=filing_ids)
    warnings: dict[int, list[str]] = {}
    for warning in batch.warnings:
        warnings.setdefault(warning.filing_id, []).append(warning.message)
    filled = [
        _form_row(place, sheet, warnings.get(sheet.filing_id, ())) for place, sheet in enumerate(batch.sheets)
    ]
    without = (
        *map(_unprinted_row, batch.unprinted),
        *map(_void_row, batch.void),
        *map(_empty_row, batch.empty_posts),
    )
    return Forms(batch, (*filled, *without))


def _form_row(place: int, sheet: "FormSheet", warnings: Iterable[str]) -> SheetRow:
    name, post, kind = sheet.data.name, str(sheet.data.post), str(sheet.data.kind or "")
    return SheetRow(place, sheet.unit, post, name, kind, tuple(warnings), _keys(sheet.unit, name))


def _void_row(form: "VoidForm") -> SheetRow:
    warnings = ("备案已经作废，还没有重新办理。",)
    keys = _keys(form.unit, form.name)
    return SheetRow(None, form.unit, str(form.post), form.name, "", warnings, keys, form.post_id)


def _unprinted_row(form: "UnprintedForm") -> SheetRow:
    keys, warnings = _keys(form.unit, form.name), (f"{form.reason}。",)
    return SheetRow(
        None, form.unit, str(form.post), form.name, str(form.kind), warnings, keys, unprinted=form.reason
    )


def _empty_row(post: str) -> SheetRow:
    unit, _, kind = post.rpartition(" ")
    return SheetRow(None, unit, kind, "", "", (), _keys(unit, ""))


def _keys(unit: str, name: str) -> str:
    spoken = (unit_pinyin(unit), pinyin_of(name)) if name else (unit_pinyin(unit),)
    return " ".join([unit, name, *(f"{keys.full} {keys.initials}" for keys in spoken)]).lower()


def draw(services: RegistryServices, batch: "FormBatch", *, duplex: bool) -> bytes:
    """Return forms as a PDF, just as they would be printed."""
    content = BytesIO()
    services.forms().draw(batch, content, duplex=duplex)
    return content.getvalue()


def draw_blank(
    services: RegistryServices, posts: Sequence[PostKind], kind: FilingKind | None = None
) -> bytes:
    """Return empty forms with the 填表说明 overleaf; ``kind`` None serves 首次 and 变更备案 alike."""
    from cdo_desktop.documents.pdf.filing_form import write_forms

    service = services.forms()
    content = BytesIO()
    write_forms((service.blank(post, kind) for post in posts), content, duplex=True, texts=service.texts())
    return content.getvalue()


def write_one_file(
    services: RegistryServices, batch: "FormBatch", target: Path, progress: Progress, *, duplex: bool
) -> int:
    """Write all forms into one PDF and return its pages; when stopped, the file is as it was before."""
    progress.step(0, len(batch.sheets), batch.sheets[0].title)
    return services.forms().write_one_file(
        batch, target, duplex=duplex, progress=lambda done: _tell(progress, batch, done)
    )


def write_folder(services: RegistryServices, batch: "FormBatch", folder: Path, progress: Progress) -> int:
    """Write one PDF a form and return their number; when stopped, the files begun with are gone again."""
    progress.step(0, len(batch.sheets), batch.sheets[0].file_name)
    return len(
        services.forms().write_folder(batch, folder, progress=lambda done: _tell(progress, batch, done))
    )


def existing_files(batch: "FormBatch", folder: Path) -> int:
    """Return how many files of a folder `write_folder` would replace."""
    return sum((folder / name).exists() for name in batch.file_names)


def print_batch(
    services: RegistryServices, batch: "FormBatch", printer: "QPrinter", progress: Progress, *, duplex: bool
) -> Printed:
    """Print all forms, or the pages chosen at the printer, as one job.

    A filing is marked as handed out only once the job was taken whole, and only if its front is in it.
    """
    content = BytesIO()
    service = services.forms()
    service.draw(batch, content, duplex=duplex, progress=lambda done: _tell(progress, batch, done))
    printed = print_pages(content.getvalue(), printer, progress)
    places = fronts(printed, duplex=duplex)
    service.mark_issued(replace(batch, sheets=tuple(batch.sheets[place] for place in sorted(places))))
    return printed


def pages_each(*, duplex: bool) -> int:
    """Return how many pages a form takes; with its back it takes both sides of a sheet."""
    return 2 if duplex else 1


def fronts(printed: Printed, *, duplex: bool) -> set[int]:
    """Return the places in the batch of the forms whose front was printed."""
    each = pages_each(duplex=duplex)
    return {page // each for page in printed.pages if page % each == 0}


def _tell(progress: Progress, batch: "FormBatch", done: int) -> None:
    total = len(batch.sheets)
    progress.step(done, total, batch.sheets[min(done, total - 1)].title)
