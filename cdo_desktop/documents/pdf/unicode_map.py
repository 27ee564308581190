"""TrueType fonts for reportlab whose text can be copied and searched, whatever the character."""

import threading
import zlib
from functools import lru_cache

from reportlab.pdfbase.pdfdoc import PDFDocument
from reportlab.pdfbase.ttfonts import TTFont

_CODES_PER_SUBSET = 256
_REMEMBERED_SUBSETS = 8  # of each font
_ENTRIES_PER_BLOCK = 100  # the most that one beginbfchar may hold (Adobe Technical Note 5014)


@lru_cache(maxsize=8 * _REMEMBERED_SUBSETS)
def to_unicode_cmap(font_name: str, subset: tuple[int, ...]) -> str:
    """Return the PDF's ToUnicode CMap for a font subset: code ``i`` stands for the character ``subset[i]``.

    Characters beyond U+FFFF become UTF-16 surrogate pairs, as PDF 32000-1 §9.10.3 asks; reportlab 5.1.0
    writes them as five bare digits, and 𬀩 then prints right but is copied as something else. Code 0 is
    .notdef.
    """
    entries = [
        f"<{code:02X}> <{chr(character).encode('utf-16-be').hex().upper()}>"
        for code, character in enumerate(subset)
        if character
    ]
    lines = [
        "/CIDInit /ProcSet findresource begin",
        "12 dict begin",
        "begincmap",
        "/CIDSystemInfo",
        f"<< /Registry ({font_name})",
        f"/Ordering ({font_name})",
        "/Supplement 0",
        ">> def",
        f"/CMapName /{font_name} def",
        "/CMapType 2 def",
        "1 begincodespacerange",
        "<00> <FF>",
        "endcodespacerange",
    ]
    for start in range(0, len(entries), _ENTRIES_PER_BLOCK):
        block = entries[start : start + _ENTRIES_PER_BLOCK]
        lines += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    lines += ["endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"]
    return "\n".join(lines)


class SearchableFont(TTFont):  # type: ignore[misc]  # reportlab has no types
    """A font that is embedded as subsets, each with a correct ToUnicode map.

    The last subsets are remembered as they were written, so that a batch of papers with the same fixed text
    embeds it from memory (see ``reserve``). One font serves documents made in several threads: only writing
    it into a document moves in its file.
    """

    def __init__(self, name: str, filename: str) -> None:
        # Without asciiReadable a subset holds only the characters that were drawn.
        super().__init__(name, filename, asciiReadable=False, shapable=False)
        self._writing = threading.Lock()
        self.face.makeSubset = lru_cache(_REMEMBERED_SUBSETS)(self.face.makeSubset)
        self._widths = lru_cache(_REMEMBERED_SUBSETS)(self._written_widths)

    def reserve(self, characters: str, doc: PDFDocument) -> None:
        """Give these characters subsets of their own, before anything else is drawn with the font."""
        if not characters:
            return
        self.splitString(characters, doc)
        state = self.state[doc]
        state.nextCode += -state.nextCode % _CODES_PER_SUBSET

    def addObjects(self, doc: PDFDocument) -> None:  # noqa: N802  # reportlab's name
        """Write the font into the document when it is saved; called by reportlab."""
        state = self.state[doc]
        state.subsets = [tuple(subset) for subset in state.subsets]  # as keys of what is remembered
        names = [self.getSubsetInternalName(number, doc)[1:] for number in range(len(state.subsets))]
        with self._writing:
            super().addObjects(doc)
        for name, subset in zip(names, state.subsets, strict=True):
            written = doc.idToObject["BasicFonts"].dict[name]
            written.Widths = self._widths(subset)
            to_unicode = doc.idToObject[f"toUnicodeCMap:{written.BaseFont}"]
            to_unicode.content = to_unicode_cmap(written.BaseFont, subset)
            font_file = doc.idToObject[f"fontFile:{self.face.filename}({written.BaseFont})"]
            to_unicode.filters = font_file.filters = [_REMEMBERING_FLATE]

    def _written_widths(self, subset: tuple[int, ...]) -> bytes:
        widths = " ".join(f"{self.face.getCharWidth(character):.6g}" for character in subset)
        return f"[ {widths} ]".encode("ascii")


class _RememberingFlate:
    """reportlab's compression, remembering the last results: the same subset is compressed once."""

    pdfname = "FlateDecode"

    def encode(self, content: str | bytes) -> bytes:
        return _deflated(content)


_REMEMBERING_FLATE = _RememberingFlate()


@lru_cache(maxsize=8 * _REMEMBERED_SUBSETS)
def _deflated(content: str | bytes) -> bytes:
    return zlib.compress(content if isinstance(content, bytes) else content.encode("ascii"))
