"""Icons are sharp, follow the palette and exist."""

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QImage, QPixmap
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

import cdo_desktop
from cdo_desktop.paths import resource
from cdo_desktop.ui.common.icons import icon, icon_names
from cdo_desktop.ui.common.tones import Tone, make_palette, tone_colour

USE = re.compile(r"(?:\bicon\(|load_icon\(|icon=|_ICONS?\b.*?)\s*\"([a-z0-9-]+)\"")


def darkest(image: QImage) -> QColor:
    """Return the colour of the most opaque pixel."""
    colours = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    return max(colours, key=lambda colour: colour.alpha())


@pytest.mark.parametrize("name", sorted(icon_names()))
def test_every_icon_draws_something_inside_its_square(qapp: QApplication, name: str) -> None:
    image = icon(name).pixmap(QSize(20, 20), 1.0).toImage()
    assert (image.width(), image.height()) == (20, 20)
    assert darkest(image).alpha() > 100
    assert image.pixelColor(0, 0).alpha() < 100


@pytest.mark.parametrize("scale", [1.0, 1.25, 1.5, 1.75, 2.0])
def test_icon_has_as_many_pixels_as_the_screen(qapp: QApplication, scale: float) -> None:
    pixmap = icon("plus").pixmap(QSize(16, 16), scale)
    assert pixmap.width() == round(16 * scale)
    assert pixmap.devicePixelRatio() == scale


@pytest.mark.parametrize("dark", [False, True])
def test_icon_has_the_colour_of_the_text(qapp: QApplication, dark: bool) -> None:
    before = qapp.palette()
    qapp.setPalette(make_palette(dark))
    shown = darkest(icon("plus").pixmap(QSize(24, 24), 1.0).toImage())
    wanted = tone_colour(Tone.TEXT, qapp.palette())
    qapp.setPalette(before)
    assert shown.name() == wanted.name()


def test_tone_and_disabled_state_change_the_colour(qapp: QApplication) -> None:
    plain = darkest(icon("plus").pixmap(QSize(24, 24), 1.0).toImage())
    danger = darkest(icon("plus", Tone.DANGER).pixmap(QSize(24, 24), 1.0).toImage())
    disabled = darkest(icon("plus").pixmap(QSize(24, 24), 1.0, QIcon.Mode.Disabled).toImage())
    assert len({plain.name(), danger.name(), disabled.name()}) == 3


def test_copied_icon_outlives_its_maker(qtbot: QtBot) -> None:
    copy = QIcon(icon("trash"))
    copy.addPixmap(QPixmap(3, 3))  # makes Qt clone the engine
    icon.cache_clear()
    button = QPushButton(copy, "删除")
    qtbot.addWidget(button)
    assert not button.grab().isNull()


def test_icons_named_in_the_code_exist() -> None:
    source = Path(cdo_desktop.__file__).parent
    named = {name for path in source.rglob("*.py") for name in USE.findall(path.read_text(encoding="utf-8"))}
    assert "x" in named
    assert named <= icon_names()


def test_licence_is_shipped() -> None:
    text = resource("icons", "LICENSE-tabler-icons.txt").read_text(encoding="utf-8")
    assert text.startswith("MIT License")
