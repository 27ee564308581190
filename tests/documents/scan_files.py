"""Scans for tests: forms as they come back from scanners, in every kind of file."""

import io
from collections.abc import Sequence
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from benchmarks.forms import sample_forms
from benchmarks.scan_pictures import pdf_of, printed
from cdo_desktop.documents.pdf.qr import PaperMark
from cdo_desktop.documents.readers.scans import Scan, read_scan
from cdo_desktop.errors import UnreadableFileError


def forms(count: int, dpi: int = 200) -> list[Image.Image]:
    """Return the pictures of so many forms, clean and upright."""
    return list(printed(sample_forms(count), [dpi] * count))


def record_ids(count: int) -> list[str]:
    """Return the records that the codes of `forms` name."""
    return [form.code.record_id for form in sample_forms(count) if form.code is not None]


def code(text: str, side: int = 300) -> Image.Image:
    """Return the picture of a QR code."""
    made = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
    picture = Image.fromarray(zxingcpp.write_barcode_to_image(made, scale=4))
    return picture.convert("L").resize((side, side), Image.Resampling.NEAREST)


def sheet(*pasted: tuple[Image.Image, tuple[int, int]]) -> Image.Image:
    """Return an A4 page at 200 dpi with pictures at places."""
    page = Image.new("L", (1654, 2339), 255)
    for picture, place in pasted:
        page.paste(picture, place)
    return page


def as_pdf(pages: Sequence[Image.Image], *, password: str | None = None) -> bytes:
    """Return a PDF with one picture a page, as scanners write it."""
    return pdf_of([as_picture(page, "JPEG") for page in pages], password)


def text_pdf(pages: int) -> bytes:
    """Return a PDF with text alone."""
    file = io.BytesIO()
    canvas = Canvas(file)
    for number in range(pages):
        canvas.drawString(100, 700, f"page {number + 1}")
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def empty_pdf() -> bytes:
    """Return a PDF without a page."""
    file = io.BytesIO()
    with pypdfium2.PdfDocument.new() as document:
        document.save(file)
    return file.getvalue()


def as_tiff(pages: Sequence[Image.Image]) -> bytes:
    """Return a .tif with several pages, in black and white as copiers make it."""
    file = io.BytesIO()
    first, *others = [page.convert("1", dither=Image.Dither.NONE) for page in pages]
    first.save(file, "TIFF", save_all=True, append_images=others, compression="group4", dpi=(200, 200))
    return file.getvalue()


def as_picture(page: Image.Image, kind: str) -> bytes:
    """Return a picture in a format that Pillow names so."""
    file = io.BytesIO()
    page.save(file, kind)
    return file.getvalue()


def read(folder: Path, content: bytes, name: str) -> Scan:
    path = folder / name
    path.write_bytes(content)
    return read_scan(path)


def refusal(folder: Path, content: bytes, name: str = "扫描件.pdf") -> str:
    with pytest.raises(UnreadableFileError) as caught:
        read(folder, content, name)
    assert name in str(caught.value)
    assert str(caught.value).endswith("。")
    return str(caught.value)


def records(scan: Scan) -> list[tuple[str, ...]]:
    """Return the records of the marks, page by page."""
    return [tuple(mark.record_id for mark in page.marks) for page in scan.pages]


def mark(record: int = 1, database: int = 9) -> PaperMark:
    ids = [f"{number:08x}-0000-4000-8000-000000000000" for number in (database, record)]
    return PaperMark(ids[0], "filing", ids[1], 1, 1, "0" * 16)
