"""Printed forms as scanners and phones send them back: turned, skewed, blurred, noisy; always the same."""

import io
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pypdfium2
from PIL import Image, ImageChops, ImageDraw, ImageFilter
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from cdo_desktop.documents.pdf.filing_form import FilingFormData, write_forms

A4 = (595, 842)
MM_PER_INCH = 25.4
PAPER, INK = 238, 38
"""How light paper and how dark print are in a scan."""
RED = (214, 40, 44)


@dataclass(frozen=True)
class Wear:
    """What a scanner does to a page; ``blur`` is a standard deviation in mm, ``noise`` one in levels."""

    dpi: int
    turn: int
    skew: float
    blur: float
    noise: float


def printed(forms: Sequence[FilingFormData], dpi: Sequence[int]) -> Iterator[Image.Image]:
    """Yield the first page of every form in grey, in the resolution that stands beside it."""
    for form, dots in zip(forms, dpi, strict=True):
        file = io.BytesIO()
        write_forms([form], file)
        with pypdfium2.PdfDocument(file.getvalue()) as document:
            yield document[0].render(scale=dots / 72, grayscale=True).to_pil().convert("L")


def wear(number: int, dpi: int) -> Wear:
    """Return what happens to a page: each quarter turn in turn, up to 4°, light to heavy blur and noise."""
    chance = random.Random(number)
    return Wear(
        dpi, number % 4 * 90, chance.uniform(-4, 4), chance.uniform(0.06, 0.16), chance.uniform(4, 14)
    )


def scanned(page: Image.Image, worn: Wear, seed: int) -> Image.Image:
    """Return the page as it comes from the scanner."""
    white = 255 if page.mode == "L" else (255, 255, 255)
    picture = page.rotate(worn.skew, Image.Resampling.BICUBIC, fillcolor=white)
    picture = picture.rotate(worn.turn, expand=True)
    picture = picture.filter(ImageFilter.GaussianBlur(worn.blur * worn.dpi / MM_PER_INCH))
    levels = [round(INK + value * (PAPER - INK) / 255) for value in range(256)]
    picture = picture.point(levels * len(picture.getbands()))
    return noisy(picture, worn.noise, seed)


def noisy(picture: Image.Image, deviation: float, seed: int) -> Image.Image:
    """Add noise that is the same for the same seed; Pillow's own is not."""
    chance = random.Random(seed)
    one, other = (
        Image.frombytes("L", picture.size, chance.randbytes(picture.width * picture.height)) for _ in "ab"
    )
    even = Image.blend(one, other, 0.5)  # a triangle around 128 with a deviation of 52
    levels = [max(0, min(255, round(128 + (value - 128) * deviation / 52))) for value in range(256)]
    noise = even.point(levels)
    noise = noise if picture.mode == "L" else Image.merge("RGB", [noise] * 3)
    return ImageChops.add(picture, noise, 1, -128)


def sealed(page: Image.Image, x: float, y: float) -> Image.Image:
    """Return the page in colours with a red seal of 42 mm around a point, in parts of width and height."""
    picture = page.convert("RGB")
    radius = picture.width * 21 // 210
    middle = (round(x * picture.width), round(y * picture.height))
    stamp = Image.new("RGB", picture.size, "white")
    draw = ImageDraw.Draw(stamp)
    draw.circle(middle, radius, outline=RED, width=max(2, radius // 14))
    draw.regular_polygon((middle, radius // 3), 5, fill=RED)
    inner = radius - radius // 4
    edge = [middle[0] - inner, middle[1] - inner, middle[0] + inner, middle[1] + inner]
    for angle in range(150, 390, 24):  # what stands along the edge of a seal
        draw.arc(edge, angle, angle + 15, fill=RED, width=radius // 5)
    return ImageChops.multiply(picture, stamp)  # ink on ink is darker than either


def photographed(page: Image.Image, seed: int) -> Image.Image:
    """Return the page lying on a table, taken by hand with a phone: from aside, in uneven light."""
    chance = random.Random(seed)
    width, height = 2448, 3264
    scale = page.width / (width * chance.uniform(0.76, 0.86))
    lean, tip = chance.uniform(-0.08, 0.08), chance.uniform(-0.08, 0.08)
    aside, over = chance.uniform(-0.10, 0.10), chance.uniform(-0.10, 0.10)
    left, top = -0.10 * page.width, -0.10 * page.height
    places = (
        *(scale * (1 + aside / 2), scale * lean, left),
        *(-scale * tip, scale * (1 + over / 2), top),
        *(aside / width, over / height),
    )
    white = Image.new("L", page.size, 255)
    shape = ((width, height), Image.Transform.PERSPECTIVE, places, Image.Resampling.BICUBIC)
    paper = page.convert("RGB").transform(*shape)
    table = Image.new("RGB", (width, height), (96, 74, 60))
    table.paste(paper, mask=white.transform(*shape))
    light = (
        Image.linear_gradient("L")
        .rotate(chance.choice((0, 90, 180, 270)))
        .point([110 + value * 145 // 255 for value in range(256)])
    )
    lit = ImageChops.multiply(table, Image.merge("RGB", [light.resize(table.size)] * 3))
    soft = noisy(lit.filter(ImageFilter.GaussianBlur(1.2)), 6, seed)
    packed = io.BytesIO()
    soft.save(packed, "JPEG", quality=80)
    return Image.open(packed)


def pdf_of(pictures: Sequence[bytes], password: str | None = None) -> bytes:
    """Return a PDF of packed pictures, one on each page, as scanners write it."""
    file = io.BytesIO()
    canvas = Canvas(file, encrypt=password)
    for packed in pictures:
        picture = ImageReader(io.BytesIO(packed))
        width, height = picture.getSize()
        size = A4 if width < height else A4[::-1]
        canvas.setPageSize(size)
        canvas.drawImage(picture, 0, 0, *size)
        canvas.showPage()
    canvas.save()
    return file.getvalue()
