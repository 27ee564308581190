"""TrueType fonts for reportlab whose text can be copied and searched, whatever the character."""

import threading

from reportlab.pdfbase.pdfdoc import PDFDocument
from reportlab.pdfbase.ttfonts import TTFont

_ENTRIES_PER_BLOCK = 100  # the most that one beginbfchar may hold (Adobe Technical Note 5014)


def to_unicode_cmap(font_name: str, subset: list[int]) -> str:
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

    One font serves documents made in several threads: only writing it into a document moves in its file.
    """

    def __init__(self, name: str, filename: str) -> None:
        # Without asciiReadable a subset holds only the characters that were drawn.
        super().__init__(name, filename, asciiReadable=False, shapable=False)
        self._writing = threading.Lock()

    def addObjects(self, doc: PDFDocument) -> None:  # noqa: N802  # reportlab's name
        """Write the font into the document when it is saved; called by reportlab."""
        subsets = [list(subset) for subset in self.state[doc].subsets]
        names = [self.getSubsetInternalName(number, doc)[1:] for number in range(len(subsets))]
        with self._writing:
            super().addObjects(doc)
        for name, subset in zip(names, subsets, strict=True):
            base_font = doc.idToObject["BasicFonts"].dict[name].BaseFont
            doc.idToObject[f"toUnicodeCMap:{base_font}"].content = to_unicode_cmap(base_font, subset)
