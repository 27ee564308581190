"""What the tests of papers read back from a PDF: its texts, its fonts and where everything stands."""

from collections.abc import Iterator

import pypdfium2

from benchmarks.reliability.pdf_glyphs import shows_glyph_0


def pages_of(content: bytes) -> list[str]:
    """Return the text of every page without blanks and line ends."""
    with pypdfium2.PdfDocument(content) as document:
        return ["".join(page.get_textpage().get_text_range().split()) for page in document]


def boxes_of(content: bytes) -> Iterator[tuple[int, str, float, float, float, float]]:
    """Yield every visible character: page (from 0), character, left, bottom, right, top."""
    with pypdfium2.PdfDocument(content) as document:
        for number, page in enumerate(document):
            text = page.get_textpage()
            for index in range(text.count_chars()):
                left, bottom, right, top = text.get_charbox(index)
                if right > left:
                    yield number, text.get_text_range(index, 1), left, bottom, right, top


def assert_sound(content: bytes, margin: float = 25.0) -> None:
    """Check that nothing stands in the outermost points of a page, and that every shape is a character's."""
    assert not shows_glyph_0(content)
    with pypdfium2.PdfDocument(content) as document:
        sizes = [page.get_size() for page in document]
    for number, character, left, bottom, right, top in boxes_of(content):
        width, height = sizes[number]
        inside = margin <= left <= right <= width - margin and margin <= bottom <= top <= height - margin
        assert inside, (number, character, left, bottom, right, top)
