"""Make the font files of ``resources/fonts`` from the packages they come from.

The files are committed, so nobody needs this to build or run the program; it is kept so that each of them can
be made again, and so that the modified ones have their source beside them. It needs fonttools, which is NOT a
dependency of the project: install it into a throwaway environment (``pip install fonttools==4.68.0``).

Unpack these into one folder first:

- ``npm pack @expo-google-fonts/noto-serif-sc@0.4.3``, ``tar xzf`` into its sub-folder ``noto-serif-sc``,
- ``npm pack @expo-google-fonts/noto-sans-sc@0.4.3``, ``tar xzf`` into its sub-folder ``noto-sans-sc``,
- of Debian 12 ``apt-get download fonts-lxgw-wenkai fonts-hanazono texlive-lang-chinese unicode-data``,
  ``dpkg -x`` each.

Then: ``python packaging/make_fonts.py SOURCES [OUT]``. The same sources and the same fonttools give the same
bytes; the digests stand in ``resources/fonts/README.md``.
"""

import bz2
import gzip
import hashlib
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont, newTable

UNIHAN = "usr/share/unicode/Unihan_OtherMappings.txt.bz2"
MAX_CURVE_ERROR = 1.0  # thousandths of the em between a cubic outline and its quadratic copy
MODIFIED = "2026-11-24"

# What a form prints besides Han characters: ASCII, Latin with pinyin marks, punctuation, numbers in circles
# and brackets, units, boxes, CJK punctuation, full-width forms. What a font lacks is passed over.
SYMBOL_RANGES = (
    (0x0020, 0x007E), (0x00A0, 0x017F), (0x01CD, 0x01DC), (0x01F8, 0x01F9), (0x0391, 0x03C9),
    (0x1E3E, 0x1E3F), (0x2010, 0x203F), (0x2070, 0x2093), (0x20AC, 0x20AC), (0x2100, 0x2138),
    (0x2150, 0x218F), (0x2190, 0x2199), (0x2200, 0x22FF), (0x2460, 0x24FF), (0x25A0, 0x25FF),
    (0x2605, 0x2606), (0x2640, 0x2642), (0x2713, 0x2717), (0x3000, 0x303F), (0x30FB, 0x30FC),
    (0x3105, 0x3129), (0x3220, 0x3243), (0x3280, 0x32B0), (0x3380, 0x33DF), (0xFE30, 0xFE4F),
    (0xFF01, 0xFF5E), (0xFFE0, 0xFFE6),
)  # fmt: skip

# Fields of "maxp": those of hinting, which stay 0, and those that fonttools counts when the font is saved.
MAXP_LIMITS = (
    "maxTwilightPoints",
    "maxStorage",
    "maxFunctionDefs",
    "maxInstructionDefs",
    "maxStackElements",
    "maxSizeOfInstructions",
    "maxPoints",
    "maxContours",
    "maxCompositePoints",
    "maxCompositeContours",
    "maxComponentDepth",
    "maxComponentElements",
)


@dataclass(frozen=True)
class Source:
    """A font as its package ships it."""

    path: str
    sha256: str


SERIF_REGULAR = Source(
    "NotoSerifSC_400Regular.ttf", "c358a69de3df5f423a8946a7b03e3126fb6ba116f1130a463455b4e39e1f0742"
)
SERIF_BOLD = Source(
    "NotoSerifSC_700Bold.ttf", "9c6a2ba736e4b499c84f65ce366bd3625c0401885fd3e585ace50fb738b96ff6"
)
SERIF_EXTRA_LIGHT = Source(
    "NotoSerifSC_200ExtraLight.ttf", "e51c26105c4698e8476dde88ce284ec8bbae9a79419115128f0a03cf284cbb4f"
)
SANS_REGULAR = Source(
    "NotoSansSC_400Regular.ttf", "d45f67f0a7c0ca3f256950777ce6a61cc7ce5f9696d02900cbbaac25f8aa7d16"
)
WENKAI = Source("LXGWWenKai-Regular.ttf", "bbf534b0ca093928f94d1782855e65a19a32cde82b075d495d072025521953c8")
HANAMIN_B = Source("HanaMinB.ttf", "829543436cdf7b4c6730e2af5806fa406f8ddf0d4b656e0cd49c58d4db1c8d3c")
FANDOL_FANG = Source(
    "FandolFang-Regular.otf", "d838ad32ce2244d8144f408c37fe71065aba6fbbc80759a4d2aa2033948d5bc9"
)

UNMODIFIED = (SERIF_REGULAR, SANS_REGULAR, WENKAI, HANAMIN_B)
SUBSETS = {
    SERIF_BOLD: "NotoSerifSC_700Bold-8105.ttf",
    SERIF_EXTRA_LIGHT: "NotoSerifSC_200ExtraLight-8105.ttf",
}
CONVERTED = {FANDOL_FANG: "FandolFang-Regular.ttf"}

LICENSES = {
    "NotoSerifSC.txt": "noto-serif-sc/package/LICENSE_FONT",
    "NotoSansSC.txt": "noto-sans-sc/package/LICENSE_FONT",
    "LXGWWenKai.txt": "usr/share/doc/fonts-lxgw-wenkai/copyright",
    "HanaMinB.txt": "usr/share/doc/fonts-hanazono/copyright",
    "FandolFang-README.txt": "usr/share/doc/texlive-doc/fonts/fandol/README",
    "FandolFang-COPYING.txt": "usr/share/doc/texlive-doc/fonts/fandol/COPYING.gz",
}


def find(sources: Path, ending: str) -> Path:
    """Return the one file below ``sources`` whose path ends with ``ending``."""
    found = sorted(path for path in sources.rglob(Path(ending).name) if path.as_posix().endswith(ending))
    if not found:
        raise SystemExit(f"not found below {sources}: {ending}")
    return found[0]


def find_font(sources: Path, source: Source) -> Path:
    """Return the source's file, checked against the digest it must have."""
    path = find(sources, source.path)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if digest != source.sha256:
        raise SystemExit(f"{path}: sha256 is {digest}, expected {source.sha256}")
    return path


def common_characters(sources: Path) -> set[int]:
    """Return the 8,105 characters of 通用规范汉字表 (2013), from Unihan's kTGH field."""
    lines = bz2.decompress(find(sources, UNIHAN).read_bytes()).decode("utf-8").splitlines()
    characters = {int(line.split("\t")[0][2:], 16) for line in lines if "\tkTGH\t" in line}
    if len(characters) != 8105:
        raise SystemExit(f"Unihan lists {len(characters)} characters as kTGH, not 8105")
    return characters


def note_change(font: TTFont, note: str) -> None:
    """Write into the font's own names that and when it was changed."""
    version = font["name"].getDebugName(5)
    font["name"].setName(f"{version}; {note}, {MODIFIED}", 5, 3, 1, 0x409)
    unique = font["name"].getDebugName(3)
    font["name"].setName(f"{unique};cdo_desktop", 3, 3, 1, 0x409)


def make_subset(source: Path, target: Path, characters: set[int]) -> None:
    """Write a copy of a TrueType font that has only the given characters."""
    options = Options()
    options.hinting = False
    options.layout_features = []
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "BASE", "vhea", "vmtx", "VORG", "STAT"]
    options.name_IDs = ["*"]
    options.notdef_outline = True
    options.recalc_timestamp = False
    font = TTFont(source, recalcTimestamp=False)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=characters & set(font.getBestCmap()))
    subsetter.subset(font)
    note_change(font, "subset to the 8105 common characters and symbols")
    font.save(target)


def convert_to_glyf(source: Path, target: Path) -> None:
    """Write a copy of a CFF font with quadratic outlines, and without its private-use characters.

    reportlab embeds only TrueType outlines.
    """
    font = TTFont(source, recalcTimestamp=False)
    glyphs = font.getGlyphSet()
    order = font.getGlyphOrder()
    outlines = {}
    for name in order:
        pen = TTGlyphPen(glyphs)
        glyphs[name].draw(Cu2QuPen(pen, MAX_CURVE_ERROR, reverse_direction=True))
        outlines[name] = pen.glyph()
    font["loca"] = newTable("loca")
    glyf = font["glyf"] = newTable("glyf")
    glyf.glyphOrder = order
    glyf.glyphs = outlines
    for name in order:
        outlines[name].recalcBounds(glyf)
        font["hmtx"][name] = (font["hmtx"][name][0], getattr(outlines[name], "xMin", 0))
    _describe_as_truetype(font, len(order))
    for table in font["cmap"].tables:
        table.cmap = {code: name for code, name in table.cmap.items() if not 0xE000 <= code <= 0xF8FF}
    for tag in ("CFF ", "VORG", "GSUB", "GPOS", "GDEF", "BASE", "vhea", "vmtx", "DSIG"):
        if tag in font:
            del font[tag]
    note_change(font, "outlines converted to TrueType")
    font.sfntVersion = "\x00\x01\x00\x00"
    font.save(target)


def _describe_as_truetype(font: TTFont, glyph_count: int) -> None:
    maxp = font["maxp"] = newTable("maxp")
    maxp.tableVersion = 0x00010000
    maxp.numGlyphs = glyph_count
    for field in MAXP_LIMITS:
        setattr(maxp, field, 0)
    maxp.maxZones = 1
    post = font["post"]
    post.formatType = 3.0
    post.extraNames = []
    post.mapping = {}


def copy_licenses(sources: Path, target: Path) -> None:
    """Copy every licence text under the name of its font."""
    target.mkdir(parents=True, exist_ok=True)
    for name, ending in LICENSES.items():
        path = find(sources, ending)
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        (target / name).write_bytes(content)


def main() -> None:
    """Make every font and print the digest and size of each."""
    if len(sys.argv) not in (2, 3):
        raise SystemExit(__doc__)
    sources = Path(sys.argv[1])
    out = (
        Path(sys.argv[2])
        if len(sys.argv) == 3
        else Path(__file__).resolve().parent.parent / "resources/fonts"
    )
    out.mkdir(parents=True, exist_ok=True)
    copy_licenses(sources, out / "licenses")
    for source in UNMODIFIED:
        shutil.copyfile(find_font(sources, source), out / source.path)
    symbols = {code for first, last in SYMBOL_RANGES for code in range(first, last + 1)}
    for source, name in SUBSETS.items():
        make_subset(find_font(sources, source), out / name, common_characters(sources) | symbols)
    for source, name in CONVERTED.items():
        convert_to_glyf(find_font(sources, source), out / name)
    for path in sorted(out.glob("*.ttf")):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        sys.stdout.write(f"{digest} {path.stat().st_size:>10,} {path.name}\n")


if __name__ == "__main__":
    main()
