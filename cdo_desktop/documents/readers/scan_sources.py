"""The pages of a scanned file as pictures, whatever kind of file it is; for the child process only.

Nothing is trusted: pages and pixels are counted before anything is unpacked.
"""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, Protocol

from cdo_desktop.documents.readers import limits
from cdo_desktop.documents.readers.attachment import described
from cdo_desktop.documents.readers.same_again import take_out_the_moment
from cdo_desktop.documents.readers.scan_pictures import PagePicture, PictureSource
from cdo_desktop.documents.readers.scan_refusals import check_pages, check_pixels, damaged, told
from cdo_desktop.errors import UnreadableFileError
from cdo_desktop.rules.attachments import KINDS, SCAN_SUFFIXES, SUFFIXES

if TYPE_CHECKING:
    from PIL.Image import Image

_HEADS: Final = {**{kind.suffix: kind.heads for kind in KINDS}, "bmp": (b"BM",)}
_KINDS: Final = {
    suffix: SUFFIXES[suffix].suffix if suffix in SUFFIXES else suffix for suffix in SCAN_SUFFIXES
}
"""Ending of a file's name, and the kind it promises."""
_BLANK = b"\xef\xbb\xbf \t\r\n\0"
_END_OF_PDF_BYTES = 4096
_POINTS_PER_INCH = 72


class Source(Protocol):
    """An open file of pages, counted from 0."""

    @property
    def page_count(self) -> int:
        """Return the number of pages."""
        ...

    @property
    def can_be_attached(self) -> bool:
        """Whether attachments may be of this kind of file."""
        ...

    def picture(self, page: int) -> PagePicture:
        """Return a page, not larger than ``limits.MAX_SCAN_PAGE_PIXELS``."""
        ...

    def drawing(self, page: int) -> "Image | None":
        """Return what a program drew on a page, without the pictures on it; None when there is nothing."""
        ...

    def write(self, pages: Sequence[int], folder: Path, stem: str) -> Path:
        """Write some of the pages as a file of their own and return its path.

        An OSError is one of the place written to; what is wrong with the file itself is told of.
        """
        ...

    def close(self) -> None:
        """Let go of what was unpacked."""
        ...


def open_source(file: IO[bytes], name: str) -> Source:
    """Return the pages of an open file; refuse with a sentence what is no scan, or what is too large."""
    kind = _kind(file, name)
    with told(name):
        return PdfSource(file, name) if kind == "pdf" else PictureSource(file, name, kind)


def _kind(file: IO[bytes], name: str) -> str:
    head = file.read(1024)
    kind = _KINDS.get(name.rpartition(".")[2].lower())
    if not head.strip(_BLANK) and not file.read(1):
        raise UnreadableFileError(f"“{name}”是空文件，没有读取。请重新扫描，或请对方重新发送。")
    begin = head.lstrip(_BLANK) if kind == "pdf" else head
    if kind is None:
        raise UnreadableFileError(
            f"“{name}”不是能读取的扫描件，没有读取。可以用 PDF 和图片（jpg、png、tif、bmp）；"
            "手机拍的 heic 照片请先存成 jpg。"
        )
    if not begin.startswith(_HEADS[kind]):
        found = described(head)
        space = " " if found[0].isascii() else ""
        raise UnreadableFileError(
            f"“{name}”的内容是{space}{found}，与扩展名不符，没有读取。请改正扩展名，或重新扫描。"
        )
    return kind


class PdfSource:
    """The pages of a PDF; it is read from the file piece by piece, however large it is."""

    can_be_attached = True

    def __init__(self, file: IO[bytes], name: str) -> None:
        import pypdfium2

        self._file, self._name, self._library = file, name, pypdfium2
        file.seek(0, 2)
        file.seek(max(0, file.tell() - _END_OF_PDF_BYTES))
        if b"%%EOF" not in file.read():  # PDFium would show the pages that are there and tell nobody
            raise damaged(name)
        file.seek(0)
        try:
            self._document: Any = pypdfium2.PdfDocument(file)
        except pypdfium2.PdfiumError as error:
            if error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD:
                raise UnreadableFileError(
                    f"“{name}”有打开密码，没有读取。请取消密码另存一份，或重新扫描。"
                ) from error
            raise damaged(name) from error
        self.page_count = check_pages(len(self._document), name)

    def picture(self, page: int) -> PagePicture:
        """Render a page in the resolution of its scan; one that was drawn by a program in 200 dpi."""
        least, usual, most = limits.SCAN_DPI
        with self._opened(page) as opened:
            found = self._resolution(opened, page)
            dots = usual if found is None else min(max(found, least), most)
            return PagePicture(_rendered(opened, dots), found is None)

    def drawing(self, page: int) -> "Image | None":
        """Render a page without its pictures: words, lines, and a code that is no part of a scan."""
        raw = self._library.raw
        drawn = [raw.FPDF_PAGEOBJ_TEXT, raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_SHADING]
        with self._opened(page) as opened:
            if next(opened.get_objects(filter=drawn), None) is None:
                return None
            for picture in opened.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE]):
                raw.FPDFPageObj_SetIsActive(picture, False)
            return _rendered(opened, limits.SCAN_DPI[1])

    @contextmanager
    def _opened(self, page: int) -> Iterator[Any]:
        """Open a page anew: what is done to it does not reach the file."""
        try:
            opened = self._document[page]
            try:
                yield opened
            finally:
                opened.close()
        except self._library.PdfiumError as error:
            raise damaged(self._name) from error

    def _resolution(self, opened: Any, page: int) -> float | None:
        """Return the dots per inch of the finest picture on the page, None if there is none."""
        found = []
        area = opened.get_width() * opened.get_height()
        for picture in opened.get_objects(filter=[self._library.raw.FPDF_PAGEOBJ_IMAGE]):
            width, height = size = picture.get_px_size()
            check_pixels(size, self._name, page)
            left, bottom, right, top = picture.get_bounds()
            covered = (right - left) * (top - bottom)
            fits = covered > area / 20  # strips too; a small logo may be as fine as it likes
            found.append(_POINTS_PER_INCH * math.sqrt(width * height / covered) if fits else 0.0)
        return max(found, default=None)

    def write(self, pages: Sequence[int], folder: Path, stem: str) -> Path:
        """Write the pages as they are, nothing in them is packed anew; the same pages are the same bytes."""
        target = folder / f"{stem}.pdf"
        part = self._library.PdfDocument.new()
        try:
            part.import_pages(self._document, list(pages))
            with target.open("w+b") as file:
                out = _Written(file)
                part.save(out)
                out.check()
                take_out_the_moment(file)
        except self._library.PdfiumError as error:
            raise damaged(self._name) from error
        finally:
            part.close()
        return target

    def close(self) -> None:
        """Let go of the document."""
        self._document.close()


def _rendered(page: Any, dots: float) -> "Image":
    width, height = page.get_size()
    largest = math.sqrt(limits.MAX_SCAN_PAGE_PIXELS / max(1.0, width * height))
    image: Image = page.render(scale=min(dots / _POINTS_PER_INCH, largest), rev_byteorder=True).to_pil()
    return image if image.mode in ("L", "RGB") else image.convert("RGB")


class _Written:
    """A file that PDFium writes to: an error would be lost in its callback."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._error: OSError | None = None

    def write(self, piece: Any) -> int:
        """Write, until it fails once."""
        if self._error is None:
            try:
                self._file.write(piece)
            except OSError as error:
                self._error = error
        return len(piece)

    def check(self) -> None:
        """Raise what went wrong."""
        if self._error is not None:
            raise self._error
