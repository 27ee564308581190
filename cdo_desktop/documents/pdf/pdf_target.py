"""Where a PDF is written to: an open stream, or a file that appears only when it is whole."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from cdo_desktop.documents.atomic import atomic_target


@contextmanager
def whole_pdf(target: Path | BinaryIO) -> Iterator[BinaryIO]:
    """Give the stream to write to; a file is replaced when the block ends well (``atomic_target``)."""
    if isinstance(target, Path):
        # What reportlab opens itself stays open after an error, and Windows removes no open file.
        with atomic_target(target) as fresh, fresh.open("wb") as file:
            yield file
    else:
        yield target
