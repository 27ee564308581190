"""The pages of a PDF as pictures."""

import threading
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from PySide6.QtGui import QImage

from cdo_desktop.errors import CancelledError, StorageError, UnreadableFileError

POINTS_PER_INCH = 72
_pdfium = threading.Lock()  # PDFium may be entered by one thread at a time


class PdfPages:
    """An open PDF; may be used from any thread. Close it, or use it as a context manager."""

    def __init__(self, content: bytes) -> None:
        """Raises UnreadableFileError for what is no PDF, is damaged or wants a password."""
        import pypdfium2  # 20 ms and a library of 4 MB: only once a PDF is looked at

        self.content = content
        with _pdfium:
            try:
                self._document: Any = pypdfium2.PdfDocument(content)
                self.sizes: tuple[tuple[float, float], ...] = tuple(
                    self._document.get_page_size(number) for number in range(len(self._document))
                )
            except pypdfium2.PdfiumError as error:
                raise UnreadableFileError(
                    "这个文件不是能打开的 PDF：可能已损坏，或者设了密码。请用原来的程序打开核对。"
                ) from error

    @classmethod
    def read(cls, path: Path) -> Self:
        """Open a file without keeping it open, so that it can be replaced meanwhile."""
        try:
            content = path.read_bytes()
        except OSError as error:
            raise StorageError(f"读不出“{path.name}”：文件不在，或者没有权限。请检查后再打开。") from error
        return cls(content)

    def __len__(self) -> int:
        """Return the number of pages."""
        return len(self.sizes)

    def render(self, page: int, scale: float) -> QImage:
        """Return page number ``page``, counted from 0, in ``scale`` pixels a point.

        Raises CancelledError after `close`.
        """
        with _pdfium:
            if self._document is None:
                raise CancelledError("预览已关闭。")
            shown = self._document[page]
            bitmap = shown.render(scale=scale, prefer_bgrx=True, force_bitmap_format=_bgrx())
            pixels, kind = memoryview(bitmap.buffer), QImage.Format.Format_RGB32
            picture = QImage(pixels, bitmap.width, bitmap.height, bitmap.stride, kind).copy()
            bitmap.close()
            shown.close()
        return picture

    def copy(self, pages: Sequence[int]) -> bytes:
        """Return a PDF of some of the pages, counted from 0, as they are."""
        import pypdfium2

        content = BytesIO()
        with _pdfium:
            wanted = pypdfium2.PdfDocument.new()
            wanted.import_pages(self._document, list(pages))
            wanted.save(content)
            wanted.close()
        return content.getvalue()

    def close(self) -> None:
        """Free the document; a second call does nothing."""
        with _pdfium:
            if self._document is not None:
                self._document.close()
                self._document = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _bgrx() -> int:
    from pypdfium2 import raw

    return int(raw.FPDFBitmap_BGRx)
