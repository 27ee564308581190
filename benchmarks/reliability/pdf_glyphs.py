"""The fonts of a PDF as they stand in the file, and whether anything shows the shape of "missing"."""

import re
import zlib
from collections.abc import Iterator
from struct import unpack_from


def objects(content: bytes) -> dict[int, bytes]:
    """Return the PDF's objects by number, as they stand in the file."""
    found = re.finditer(rb"(?s)(?<=\n)(\d+) 0 obj\n(.*?)endobj\n", content)
    return {int(match[1]): match[2] for match in found}


def stream(body: bytes) -> bytes:
    """Return what a compressed object holds."""
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
    """Whether a page shows glyph 0, the box that stands for a character that the font does not have."""
    glyphs = {name: glyphs_of_codes(file) for name, file in font_files(content).items()}
    shown = list(codes_shown(content))
    assert shown
    return any(glyphs[name][code] == 0 for name, code in shown)
