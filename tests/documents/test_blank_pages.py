"""Blank pages: paper without ink, however the scanner saw it; a page that carries any writing is none."""

import random

import pytest
from PIL import Image, ImageDraw, ImageFilter

from benchmarks.scan_pictures import PAPER, Wear, noisy, scanned, wear
from cdo_desktop.documents.readers.blank_pages import is_blank
from tests.documents.scan_files import forms

DPI = (150, 200, 300)


def paper(dpi: int, mode: str = "L") -> Image.Image:
    """Return a clean sheet of A4."""
    size = (round(8.27 * dpi), round(11.69 * dpi))
    return Image.new(mode, size, 255 if mode == "L" else (255, 255, 255))


def drawn_on(
    page: Image.Image, dpi: int, ink: object, millimetres: float, *line: tuple[float, float]
) -> Image.Image:
    """Draw a stroke of a pen, its places in mm from the upper left."""
    points = [(x * dpi / 25.4, y * dpi / 25.4) for x, y in line]
    ImageDraw.Draw(page).line(points, fill=ink, width=max(1, round(millimetres * dpi / 25.4)))  # type: ignore[arg-type]
    return page


@pytest.mark.parametrize("dpi", DPI)
def test_empty_paper_is_blank_whatever_the_scanner_does(dpi: int) -> None:
    for number in range(2):
        worn = wear(number, dpi)
        assert is_blank(scanned(paper(dpi), Wear(dpi, worn.turn, 0, worn.blur, worn.noise), number)), number
    assert is_blank(paper(dpi))
    assert is_blank(paper(dpi, "RGB"))
    assert is_blank(Image.new("RGB", paper(dpi).size, (232, 224, 205)))  # yellowish paper


def test_paper_in_uneven_light_is_blank() -> None:
    page = paper(150)
    shade = (
        Image.linear_gradient("L").resize(page.size).point([200 + value * 40 // 255 for value in range(256)])
    )
    assert is_blank(noisy(shade, 6, 1))


@pytest.mark.parametrize("dpi", DPI)
@pytest.mark.parametrize(
    ("ink", "width"),
    [
        pytest.param((30, 30, 60), 0.3, id="pen"),
        pytest.param((150, 150, 150), 0.4, id="pencil"),
        pytest.param((60, 90, 200), 0.3, id="blue"),
        pytest.param((255, 240, 90), 3.0, id="marker"),
        pytest.param((240, 150, 150), 0.8, id="pale-seal"),
    ],
)
def test_one_short_word_by_hand_is_writing(dpi: int, ink: tuple[int, int, int], width: float) -> None:
    for place, noise in (((105, 150), 0), ((9, 9), 10)):  # the other one near the edge
        x, y = place
        page = drawn_on(
            paper(dpi, "RGB"), dpi, ink, width, (x, y), (x + 4, y + 1), (x + 1, y + 4), (x + 6, y + 5)
        )
        worn = Wear(dpi, 0, 0, 0.1, noise)
        assert not is_blank(scanned(page, worn, x)), (place, noise)


def test_printed_page_a_dark_one_and_a_photo_on_a_table_are_not_blank() -> None:
    (form,) = forms(1, 150)
    assert not is_blank(form)
    assert not is_blank(form.point(lambda value: 255 - (255 - value) // 4))  # with hardly any toner
    assert not is_blank(Image.new("L", form.size, 20))
    on_table = Image.new("L", form.size, 90)
    on_table.paste(PAPER, (150, 150, form.width - 150, form.height - 150))
    assert not is_blank(on_table)


def test_dust_and_the_shadow_of_the_edge_are_no_writing() -> None:
    page = paper(200)
    draw = ImageDraw.Draw(page)
    chance = random.Random(1)
    for _ in range(4):
        x, y = chance.randrange(100, 1500), chance.randrange(100, 2200)
        draw.rectangle((x, y, x + 1, y + 1), fill=60)
    draw.rectangle((0, 0, 20, page.height), fill=120)
    assert is_blank(noisy(page.filter(ImageFilter.GaussianBlur(0.6)), 4, 1))
