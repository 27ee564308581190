"""What the tests of papers read back from a PDF: its texts, its fonts and where everything stands."""

import re
import zlib
from collections.abc import Iterator
from struct import unpack_from

import pypdfium2


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


def objects(content: bytes) -> dict[int, bytes]:
    """Return the PDF's objects by number, as they stand in the file."""
    found = re.finditer(rb"(?s)(?<=\n)(\d+) 0 obj\n(.*?)endobj\n", content)
    return {int(match[1]): match[2] for match in found}


def stream(body: bytes) -> bytes:
    length = re.search(rb"/Length (\d+)", body)
    assert length is not None
    start = body.index(b"\nstream\n") + len(b"\nstream\n")
    return zlib.decompress(body[start : start + int(length[1])])


def fonts_by_name(content: bytes) -> dict[bytes, bytes]:
    """Return the dictionary of every font that the PDF lists, by the name that its pages use."""
    bodies = [body for body in objects(content).values() if re.search(rb"/Type /Font\b(?!D)", body)]
    named = {match[1]: body for body in bodies if (match := re.search(rb"/Name (/F[\d+]+)", body))}
    assert len(named) == len(bodies)
    return named


def font_files(content: bytes) -> dict[bytes, bytes]:
    """Return the embedded font file of every listed font."""
    parts = objects(content)
    files = {}
    for name, body in fonts_by_name(content).items():
        descriptor = re.search(rb"/FontDescriptor (\d+) 0 R", body)
        assert descriptor is not None, f"{name!r} has no descriptor, so it is not embedded"
        file = re.search(rb"/FontFile2 (\d+) 0 R", parts[int(descriptor[1])])
        assert file is not None, f"{name!r} has no TrueType file"
        files[name] = stream(parts[int(file[1])])
    return files


def glyphs_of_codes(font_file: bytes) -> tuple[int, ...]:
    """Return the glyph of every character code, from the format 6 "cmap" that reportlab writes."""
    for record in range(unpack_from(">H", font_file, 4)[0]):
        tag, _, offset, _ = unpack_from(">4sLLL", font_file, 12 + 16 * record)
        if tag == b"cmap":
            count = unpack_from(">H", font_file, offset + 12 + 8)[0]
            return unpack_from(f">{count}H", font_file, offset + 12 + 10)
    raise AssertionError("the font file has no cmap")


def codes_shown(content: bytes) -> Iterator[tuple[bytes, int]]:
    """Yield (font name, character code) for everything that the pages show."""
    escapes = {b"n": 10, b"r": 13, b"t": 9, b"b": 8, b"f": 12}
    for body in objects(content).values():
        if b"\nstream\n" not in body or b"/Length1" in body:
            continue
        page = stream(body)
        font = b""
        for match in re.finditer(rb"(?s)(/F[\d+]+) [\d.]+ Tf|\(((?:\\.|[^\\()])*)\) Tj", page):
            font = match[1] or font
            for escaped, plain in re.findall(rb"(?s)\\([0-7]{3}|.)|([^\\])", match[2] or b""):
                if len(escaped) == 3:
                    yield font, int(escaped, 8)
                else:
                    yield font, escapes.get(escaped, ord(escaped or plain))


def shows_glyph_0(content: bytes) -> bool:
    glyphs = {name: glyphs_of_codes(file) for name, file in font_files(content).items()}
    shown = list(codes_shown(content))
    assert shown
    return any(glyphs[name][code] == 0 for name, code in shown)
