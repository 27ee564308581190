"""Telling blank paper from a page that carries anything, be it a few words with a pencil.

What is looked for is ink: spots darker than the paper around them by more than its noise. Whatever is in
doubt is not blank: such a page waits for a person, which costs a look, while a note would be overlooked.
"""

import math
from functools import reduce
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from PIL.Image import Image

_SHORTER_SIDE: Final = 600  # pixels: 0.35 mm of an A4 page each, as broad as the line of a pen
_EDGE: Final = 0.02  # of the shorter side: shadows of the lid and the rim
_AROUND: Final = 24  # pixels: 8 mm around a spot are its paper
_LEAST_CONTRAST: Final = 10  # levels; less is the weave of the paper
_NOISES: Final = 5  # deviations of the noise that ink has to stand out by
_MOST_SPOTS: Final = 8  # pixels, 1 mm²: dust
_LIGHT: Final = 120  # darker than this is no paper


def is_blank(page: "Image") -> bool:
    """Tell whether nothing is on a page, in grey or RGB."""
    from PIL import ImageChops, ImageFilter

    darkest = reduce(ImageChops.darker, page.split())  # no colour of ink is as light as paper in all of them
    small = _inside(_reduced(darkest))
    around = small.filter(ImageFilter.BoxBlur(_AROUND))
    if sum(around.histogram()[:_LIGHT]):
        return False
    darker = ImageChops.subtract(around, small).histogram()
    lighter = ImageChops.subtract(small, around).histogram()
    least = max(_LEAST_CONTRAST, math.ceil(_NOISES * _deviation(lighter)))
    return sum(darker[least:]) <= _MOST_SPOTS


def _reduced(page: "Image") -> "Image":
    """Return the page in one size, which takes the noise out of it as well."""
    from PIL import Image

    scale = _SHORTER_SIDE / min(page.size)
    if scale >= 1:
        return page
    size = (max(1, round(page.width * scale)), max(1, round(page.height * scale)))
    return page.resize(size, Image.Resampling.BOX, reducing_gap=1.0)


def _inside(page: "Image") -> "Image":
    edge = round(min(page.size) * _EDGE)
    return page.crop((edge, edge, page.width - edge, page.height - edge))


def _deviation(lighter: list[int]) -> float:
    """Return the noise of the paper, from what is lighter than its surroundings: ink never is.

    Half of the pixels are lighter; of these the deviations of a bell curve are squared as those of all.
    """
    count = sum(lighter[1:])
    squares = sum(level * level * pixels for level, pixels in enumerate(lighter))
    return math.sqrt(squares / count) if count else 0.0
