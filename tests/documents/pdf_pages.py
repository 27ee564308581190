"""What the tests of papers read back from a PDF: its texts, its fonts and where everything stands."""

import io
from collections.abc import Callable

import pypdfium2

from benchmarks.reliability.pdf_glyphs import shows_glyph_0
from benchmarks.reliability.pdf_reading import read_pdf

_MARGIN = 25.0  # points


def pages_of(content: bytes) -> list[str]:
    """Return the text of every page without blanks and line ends."""
    with pypdfium2.PdfDocument(content) as document:
        return ["".join(page.get_textpage().get_text_range().split()) for page in document]


def assert_sound(content: bytes) -> None:
    """Check that nothing stands in the outermost points of a page, and that every shape is a character's."""
    assert not shows_glyph_0(content)
    for page in read_pdf(content):
        assert [*page.outside(_MARGIN, page.width - _MARGIN, _MARGIN, page.height - _MARGIN)] == []


def sound_paper(write: Callable[[io.BytesIO], int]) -> bytes:
    """Return a paper that is sound and has as many pages as its writer says."""
    target = io.BytesIO()
    count = write(target)
    content = target.getvalue()
    assert_sound(content)
    assert len(pages_of(content)) == count
    return content
