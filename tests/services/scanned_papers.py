"""Papers of an office as a scanner sees them, for tests of what takes them in."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw
from pypdfium2 import PdfDocument

from cdo_desktop.rules.vocabulary import PostKind
from cdo_desktop.services.filing_list import FilingRow
from cdo_desktop.services.forms import FormBatch
from tests.services.conftest import Desk

TOWN, OTHER = "罗店镇", "大场镇"
"""The units of the fixture ``two``."""


def pictures(desk: Desk, *units: str) -> list[Image.Image]:
    """Print the forms of some units' 数据专员 and return them as they come from a scanner."""
    forms = desk.office.forms
    found = []
    for unit in units:
        batch = forms.compose(unit=unit, post=PostKind.SPECIALIST)
        target = BytesIO()
        forms.draw(batch, target, duplex=False)
        forms.mark_issued(batch)
        document = PdfDocument(target.getvalue())
        found.append(document[0].render(scale=200 / 72).to_pil().convert("L"))
        document.close()
    return found


def blank() -> Image.Image:
    return Image.new("L", (1654, 2339), 255)


def noted() -> Image.Image:
    """Return a page with a few words by hand."""
    page = blank()
    for left in range(300, 500, 60):
        ImageDraw.Draw(page).line([(left, 400), (left + 40, 420), (left, 440)], fill=60, width=3)
    return page


def save(path: Path, pages: Sequence[Image.Image]) -> Path:
    pages[0].save(path, save_all=len(pages) > 1, append_images=list(pages[1:]), resolution=200)
    return path


def filing(desk: Desk, unit: str) -> FilingRow:
    (row,) = [row for row in desk.office.filing_list.rows() if row.unit == unit]
    return row


def papers(desk: Desk) -> list[tuple[object, ...]]:
    query = "SELECT filing_id, form, way, shows, received_on FROM papers ORDER BY id"
    with desk.office._database.snapshot() as connection:
        return connection.execute(query).fetchall()


def written(desk: Desk, target: Path, *units: str, duplex: bool = True) -> Path:
    """Write the forms of some units' 数据专员 into one PDF, as the office prints it and nobody signs it."""
    forms = desk.office.forms
    sheets = [sheet for unit in units for sheet in forms.compose(unit=unit, post=PostKind.SPECIALIST).sheets]
    forms.write_one_file(FormBatch(tuple(sheets), (), ()), target, duplex=duplex)
    return target


def two_sided(desk: Desk, *units: str) -> list[Image.Image]:
    """Print forms with their 填表说明 on the back and return both sides of each as a scanner sees them."""
    pages = []
    for unit in units:
        batch = desk.office.forms.compose(unit=unit, post=PostKind.SPECIALIST)
        target = BytesIO()
        desk.office.forms.draw(batch, target, duplex=True)
        desk.office.forms.mark_issued(batch)
        with PdfDocument(target.getvalue()) as document:
            pages += [page.render(scale=200 / 72).to_pil().convert("L") for page in document]
    return pages
