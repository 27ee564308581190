"""Where a PDF is written to: an open stream, or a file that appears only when it is whole."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from cdo_desktop.documents.atomic import atomic_target
from cdo_desktop.documents.pdf.fonts import A4, new_canvas

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas


@contextmanager
def whole_pdf(
    target: Path | BinaryIO, title: str, *, pagesize: tuple[float, float] = A4
) -> Iterator["Canvas"]:
    """Give the pages to draw on; a file is replaced when the block ends well (``atomic_target``)."""
    with _stream(target) as stream:
        canvas = new_canvas(stream, title, pagesize=pagesize)
        yield canvas
        canvas.save()


@contextmanager
def _stream(target: Path | BinaryIO) -> Iterator[BinaryIO]:
    if isinstance(target, Path):
        # What reportlab opens itself stays open after an error, and Windows removes no open file.
        with atomic_target(target) as fresh, fresh.open("wb") as file:
            yield file
    else:
        yield target
