"""Finding the codes of papers on the picture of a page: turned, skewed, blurred, noisy, sealed over.

Measured with ``benchmarks/scans.py``: reading the page as it is finds nearly all. What is left is too blurred
for one module (0.46 mm, 2.7 pixels at 150 dpi), and is read once it is enlarged, smoothed and sharpened.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import islice
from typing import TYPE_CHECKING

from cdo_desktop.documents.pdf.qr import PaperMark, parse

if TYPE_CHECKING:
    from PIL.Image import Image
    from zxingcpp import Barcode

_CORNER = 0.36
"""Of the page's shorter side: the form's code stands 11 mm from a corner, 4° move it by another 11."""
_CORNER_PIXELS = 750
_WIDTH_PIXELS = 2067
"""A corner and a page's shorter side at 250 dpi, for which the sharpening was measured."""
_SMOOTH_RADIUS, _SHARPEN_RADIUS, _SHARPEN_FACTOR = 0.8, 5, 4.0
_OTHERS_PIXELS = 1700


@dataclass(frozen=True)
class FoundCodes:
    """What is on a page. ``turn`` is by how much to turn the picture to the left until the code is upright.

    ``attempt`` tells how hard it was: 1 is the page as it is, 0 that no code of this program was found.
    """

    marks: tuple[PaperMark, ...]
    foreign: int
    turn: int
    attempt: int


def find_codes(page: "Image", *, thorough: bool = True) -> FoundCodes:
    """Read the codes of this program and count the others; the costly attempts only where none was found.

    Without ``thorough`` there is but the first: a page that a program drew shows all it has.
    """
    foreign: set[str] = set()
    for attempt, pictures in enumerate(islice(_attempts(page), None if thorough else 1), start=1):
        marks: dict[PaperMark, int] = {}
        for picture in pictures():
            for code in _read_qr(picture):
                mark = parse(code.text)
                if mark is None:
                    foreign.add(code.text)
                else:
                    marks.setdefault(mark, _turn(code.orientation))
        if marks:
            return FoundCodes(tuple(marks), len(foreign), next(iter(marks.values())), attempt)
    return FoundCodes((), len(foreign) + _count_others(page), 0, 0)


def _attempts(page: "Image") -> Iterator[Callable[[], Iterator["Image"]]]:
    """Yield ways to look at the page, the cheap ones first."""
    ink = _dark_ink(page)
    yield lambda: iter((ink,))
    yield lambda: (_sharpened(corner, _CORNER_PIXELS) for corner in _corners(ink))
    yield lambda: iter((_sharpened(ink, _WIDTH_PIXELS),))
    if page.mode == "RGB":
        black = _black_ink(page)
        yield lambda: (_sharpened(corner, _CORNER_PIXELS) for corner in _corners(black))


def _dark_ink(page: "Image") -> "Image":
    """Return the page in grey as red light shows it: a red seal is as white as the paper."""
    return page.getchannel("R") if page.mode == "RGB" else page.convert("L")


def _black_ink(page: "Image") -> "Image":
    """Return the page in grey with coloured ink, handwriting and stamps, as white as the paper."""
    from PIL import ImageChops

    return reduce(ImageChops.lighter, page.split())


def _corners(page: "Image") -> Iterator["Image"]:
    """Yield the corners; where the code of an upright form stands comes first."""
    width, height = page.size
    side = round(min(width, height) * _CORNER)
    for left, top in ((width - side, 0), (0, 0), (0, height - side), (width - side, height - side)):
        yield page.crop((left, top, left + side, top + side))


def _sharpened(picture: "Image", shorter_side: int) -> "Image":
    from PIL import Image, ImageFilter

    scale = shorter_side / min(picture.size)
    size = (round(picture.width * scale), round(picture.height * scale))
    large = picture.resize(size, Image.Resampling.BICUBIC)
    smooth = large.filter(ImageFilter.BoxBlur(_SMOOTH_RADIUS))
    # What Pillow's UnsharpMask does, in a sixth of the time.
    return Image.blend(smooth.filter(ImageFilter.BoxBlur(_SHARPEN_RADIUS)), smooth, _SHARPEN_FACTOR)


def _read_qr(picture: "Image") -> "Sequence[Barcode]":
    import zxingcpp

    return zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode]))


def _count_others(page: "Image") -> int:
    """Return the number of codes of other kinds, as document systems put on paper."""
    import zxingcpp

    kinds = zxingcpp.BarcodeFormat
    formats = zxingcpp.BarcodeFormats([kinds.PDF417, kinds.Aztec, kinds.Code128])
    ink = _dark_ink(page)
    if min(ink.size) > _OTHERS_PIXELS:  # they are coarse, and looking for them takes long
        ink = ink.reduce(math.ceil(min(ink.size) / _OTHERS_PIXELS))
    return len(zxingcpp.read_barcodes(ink, formats=formats))


def _turn(orientation: int) -> int:
    return round(orientation / 90) * 90 % 360
