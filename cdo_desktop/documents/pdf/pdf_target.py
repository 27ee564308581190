"""Where a PDF is written to: an open stream, or a file that appears only when it is whole."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from cdo_desktop.documents.atomic import atomic_target


@contextmanager
def whole_pdf(target: Path | BinaryIO) -> Iterator[Path | BinaryIO]:
    """Give the place to write to; a file is replaced when the block ends well (``atomic_target``)."""
    if isinstance(target, Path):
        with atomic_target(target) as fresh:
            yield fresh
    else:
        yield target
