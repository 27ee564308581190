"""The fonts of printed papers: a chain for every style, so that any name is drawn, or is named as impossible.

A character is taken from the font of the style, else from 宋体, else from HanaMinB, which has all of
Unicode's Ext B–F. The files are those of ``resources/fonts`` (their README says where they come from);
a font is read when the first character needs it.
"""

import logging
import os
import sys
import threading
import unicodedata
from collections.abc import Iterator
from enum import StrEnum
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from cdo_desktop.errors import InvalidInputError, StorageError
from cdo_desktop.paths import resource

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

    from cdo_desktop.documents.pdf.unicode_map import SearchableFont

logger = logging.getLogger(__name__)

A4 = (210 * 72 / 25.4, 297 * 72 / 25.4)
"""Width and height of a portrait page in points."""

BUNDLED_FONTS_VARIABLE = "CDO_BUNDLED_FONTS"
"""Environment variable; ``1`` keeps Windows' own 仿宋 out, so that every machine makes the same bytes."""

_PROGRAM = "首席数据官工作台"
_BLANK = "　"


class FontRole(StrEnum):
    """What a piece of text is set in, by the names that GB/T 9704 and the forms use."""

    SONG = "宋体"
    HEI = "黑体"
    KAI = "楷体"
    FANGSONG = "仿宋"
    TITLE = "小标宋"


_SONG_FILE = "NotoSerifSC_400Regular.ttf"
_RARE_FILE = "HanaMinB.ttf"
_STYLE_FILES = {
    FontRole.SONG: (),
    FontRole.HEI: ("NotoSansSC_400Regular.ttf",),
    FontRole.KAI: ("LXGWWenKai-Regular.ttf",),
    # FandolFang ends with GB 2312; for 喆堃珺昇 and their like the extra light 宋体 has the nearest weight.
    FontRole.FANGSONG: ("FandolFang-Regular.ttf", "NotoSerifSC_200ExtraLight-8105.ttf"),
    FontRole.TITLE: ("NotoSerifSC_700Bold-8105.ttf",),
}

# Invisible by design, so nothing is lost when they are left out: soft hyphen, zero-width space, joiners
# and mark, left-to-right and right-to-left marks, word joiner.
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
# Blanks of other widths, which few fonts have, become an ordinary one. U+2002, U+2003 and U+3000 stay.
_BLANKS = "\u00a0\u2000\u2001\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f"
_REPLACEMENTS = str.maketrans(dict.fromkeys(_INVISIBLE, "") | dict.fromkeys(_BLANKS, " "))

# Never drawn, even if a font has a shape for them: control and format characters, lone surrogates, private
# use (no two offices mean the same by it), and marks that combine with the character before: a variation
# selector asks for another shape of it, which reportlab cannot choose, and another shape is another name.
_UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Mn", "Mc", "Me"})

_loading = threading.Lock()


def text_runs(text: str, role: FontRole) -> list[tuple[str, str]]:
    """Split text into pieces of one font each: (name registered with reportlab, piece).

    Invisible characters are left out and blanks of unusual width become ordinary ones.
    Raises InvalidInputError for a character that no font has; ask ``missing_characters`` first.
    """
    return list(_runs(text, role))


def text_width(text: str, role: FontRole, size: float) -> float:
    """Return the width in points of text set at ``size`` points; errors as ``text_runs``."""
    return _width_at_1000(text, role) * size / 1000


def draw_text(
    canvas: "Canvas", x: float, y: float, text: str, role: FontRole, size: float, char_space: float = 0.0
) -> None:
    """Draw one line with its baseline at (x, y), all in points; errors as ``text_runs``.

    ``char_space`` is added after every character and is not part of ``text_width``.
    """
    runs = _runs(text, role)
    if not runs:
        return
    line = canvas.beginText(x, y)
    if char_space:
        line.setCharSpace(char_space)
    for font_name, piece in runs:
        line.setFont(font_name, size)
        line.textOut(piece)
    if char_space:
        line.setCharSpace(0)  # the setting would outlive this text object
    canvas.drawText(line)


def reserve_characters(canvas: "Canvas", text: str, role: FontRole) -> None:
    """Set the characters of a batch's fixed text apart in an empty canvas, before anything is drawn.

    Every paper of the batch then embeds them in the same bytes, which are made and compressed only once: 200
    files take less than half the time. It changes nothing that is seen; one call a role is enough.
    """
    from reportlab.pdfbase.pdfmetrics import getFont

    characters: dict[str, str] = {}
    for ch in dict.fromkeys(text.translate(_REPLACEMENTS)):
        name = _required_font(ch, role)
        characters[name] = characters.get(name, "") + ch
    for name, reserved in characters.items():
        getFont(name).reserve(reserved, canvas._doc)


def missing_characters(text: str) -> tuple[str, ...]:
    """Return the characters that cannot be printed in every role, in order, each once.

    Counted as missing besides what no font has: private use, control and most format characters, combining
    marks and variation selectors. Not counted: what is invisible by design, such as the zero-width space.
    """
    characters = dict.fromkeys(text.translate(_REPLACEMENTS))
    return tuple(ch for ch in characters if _font_name_of(ch, FontRole.SONG) is None)


def describe_character(ch: str) -> str:
    """Return a character as a message names it: ``“𰻝”（U+30EDD）``, or its kind if it cannot be seen."""
    code = f"（U+{ord(ch):04X}）"
    match unicodedata.category(ch):
        case "Co":
            return f"自造字{code}"
        case "Mn" | "Mc" | "Me":
            return f"附加符号{code}"
        case "Cc" | "Cf" | "Cs" | "Zs" | "Zl" | "Zp":
            return f"不可见字符{code}"
        case _:
            return f"“{ch}”{code}"


def blank_missing(text: str) -> str:
    """Return text with a full-width blank for every missing character, to be written in by hand.

    Only for a paper whose missing characters have been named to the user.
    """
    missing = frozenset(missing_characters(text))
    return "".join(_BLANK if ch in missing else ch for ch in text)


def new_canvas(target: BinaryIO, title: str, *, pagesize: tuple[float, float] = A4) -> "Canvas":
    """Return an empty PDF of the given title that embeds every font it lists.

    The same drawing gives the same bytes: no time of making and no user's name is written. The caller ends
    it with ``save()``.
    """
    from reportlab import rl_config
    from reportlab.pdfgen.canvas import Canvas

    rl_config.useA85 = 0  # reportlab's only switch: binary streams, a fifth smaller than its text encoding
    song = _bundled_font(_SONG_FILE)
    canvas = Canvas(
        target,
        pagesize=pagesize,
        pageCompression=1,
        invariant=1,
        lang="zh-CN",
        initialFontName=song.fontName,  # else an unembedded Helvetica is listed
    )
    canvas.setTitle(title)
    canvas.setAuthor(_PROGRAM)
    canvas.setCreator(_PROGRAM)
    canvas.setSubject("")
    return canvas


@lru_cache(maxsize=8192)
def _runs(text: str, role: FontRole) -> tuple[tuple[str, str], ...]:
    printed = text.translate(_REPLACEMENTS)
    return tuple(
        (name, "".join(piece)) for name, piece in groupby(printed, lambda ch: _required_font(ch, role))
    )


@lru_cache(maxsize=8192)
def _width_at_1000(text: str, role: FontRole) -> float:
    return sum(_character_width(ch, role) for ch in text.translate(_REPLACEMENTS))


@cache
def _character_width(ch: str, role: FontRole) -> float:
    from reportlab.pdfbase.pdfmetrics import stringWidth

    width: float = stringWidth(ch, _required_font(ch, role), 1000)
    return width


def _required_font(ch: str, role: FontRole) -> str:
    name = _font_name_of(ch, role)
    if name is None:
        raise InvalidInputError(
            f"{describe_character(ch)}没有可用的字体，不能打印。文件没有生成，已填写的内容没有改动；"
            "请核对这个字，确实无误的，先空出它的位置，打印后手写补上。"
        )
    return name


@cache
def _font_name_of(ch: str, role: FontRole) -> str | None:
    if unicodedata.category(ch) in _UNPRINTABLE:
        return None
    code = ord(ch)
    for font in _fonts(role):
        if font.face.charToGlyph.get(code, 0):  # glyph 0 is the box that stands for "missing"
            name: str = font.fontName
            return name
    return None


def _fonts(role: FontRole) -> Iterator["SearchableFont"]:
    """Yield the fonts of a chain, reading each file only when the chain gets that far."""
    if role is FontRole.FANGSONG:
        own = _system_fangsong()
        if own is not None:
            yield own
    for name in (*_STYLE_FILES[role], _SONG_FILE, _RARE_FILE):
        yield _bundled_font(name)


def _bundled_font(name: str) -> "SearchableFont":
    from reportlab.pdfbase.ttfonts import TTFError

    try:
        return _registered(resource("fonts", name))
    except TTFError as error:
        raise StorageError(
            f"程序自带的字体文件“{name}”缺失或已损坏，文件没有生成，数据没有改动。请重新安装本程序。"
        ) from error


@cache
def _system_fangsong() -> "SearchableFont | None":
    """Return Windows' own 仿宋, which has all 20,902 characters of GBK, where it is installed."""
    from reportlab.pdfbase.ttfonts import TTFError

    for folder in _system_font_folders():
        path = folder / "simfang.ttf"
        if path.is_file():
            try:
                return _registered(path)
            except TTFError as error:
                logger.warning("%s cannot be embedded, the bundled FandolFang is used: %s", path, error)
    return None


def _system_font_folders() -> tuple[Path, ...]:
    """Return where Windows keeps everybody's and this user's fonts; nothing if they may not be used."""
    if sys.platform != "win32" or os.environ.get(BUNDLED_FONTS_VARIABLE) == "1":
        return ()
    return (
        Path(os.environ.get("SYSTEMROOT", r"C:\Windows")) / "Fonts",
        Path(os.environ.get("LOCALAPPDATA", "")) / "Microsoft" / "Windows" / "Fonts",
    )


def _registered(path: Path) -> "SearchableFont":
    with _loading:
        return _read_and_register(path)


@cache
def _read_and_register(path: Path) -> "SearchableFont":
    from reportlab.pdfbase import pdfmetrics

    from cdo_desktop.documents.pdf.unicode_map import SearchableFont

    font = SearchableFont(path.stem, str(path))
    pdfmetrics.registerFont(font)
    return font
