"""The look: readable colours, Chinese everywhere, rare characters, and nothing that slows the start."""

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QLocale, QSize
from PySide6.QtGui import QAction, QColor, QFont, QFontDatabase, QFontMetrics, QPalette, QRawFont, Qt
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenuBar,
    QPushButton,
    QTableView,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from cdo_desktop.ui.common.style import apply_style, provide_glyphs, ui_font
from cdo_desktop.ui.common.tones import Tone, is_dark, make_palette, tone_colour
from cdo_desktop.ui.common.toolbar import command_bar

FOREGROUNDS = (Tone.TEXT, Tone.MUTED, Tone.ACCENT, Tone.DANGER, Tone.WARNING, Tone.SUCCESS)
BACKGROUNDS = (QPalette.ColorRole.Window, QPalette.ColorRole.Base, QPalette.ColorRole.AlternateBase)


@pytest.fixture
def styled(qapp: QApplication) -> Iterator[QApplication]:
    font, palette, name = qapp.font(), qapp.palette(), qapp.style().objectName()
    yield qapp
    qapp.setStyleSheet("")
    qapp.setFont(font)
    qapp.setPalette(palette)
    qapp.setStyle(name)


def test_the_rest_of_a_toolbar_is_seen_on_a_dark_ground(qtbot: QtBot, styled: QApplication) -> None:
    bar = command_bar("命令")
    qtbot.addWidget(bar)
    bar.addActions([QAction("很长的命令", bar) for _place in range(9)])
    apply_style(styled, dark=True)
    bar.resize(200, 40)
    bar.show()
    more = bar.findChild(QToolButton, "qt_toolbar_ext_button")
    assert more is not None
    qtbot.waitUntil(more.isVisible)
    assert (more.toolTip(), more.accessibleName()) == ("更多命令", "更多命令")
    picture = more.icon().pixmap(QSize(16, 16)).toImage()
    seen = [picture.pixelColor(x, y) for x in range(picture.width()) for y in range(picture.height())]
    assert max(colour.lightness() for colour in seen if colour.alpha() > 128) > 128


def test_tables_and_menus_have_the_font_of_the_program_on_windows_too(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, styled: QApplication
) -> None:
    def set_as_windows_does(sheet: str) -> None:
        QApplication.setStyleSheet(styled, sheet)
        for name in ("QAbstractItemView", "QMenu", "QMenuBar"):
            themed: Any = name  # text, where the type stubs of PySide say bytes
            styled.setFont(QFont("HanaMinB", 20), themed)

    monkeypatch.setattr(styled, "setStyleSheet", set_as_windows_does)
    for zoom in (120, 80):
        apply_style(styled, zoom_percent=zoom)
        for widget in (QTableView(), QMenuBar(), QLabel()):
            qtbot.addWidget(widget)
            widget.ensurePolished()
            assert widget.font().families() == ui_font().families()
            assert widget.font().pointSizeF() == pytest.approx(9.5 * zoom / 100)


def luminance(colour: QColor) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.03928 else float(((part + 0.055) / 1.055) ** 2.4)

    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF())


def contrast(one: QColor, other: QColor) -> float:
    """Return the contrast of WCAG 2, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("tone", FOREGROUNDS)
def test_every_tone_is_readable_on_every_background(qapp: QApplication, dark: bool, tone: Tone) -> None:
    palette = make_palette(dark)
    for role in BACKGROUNDS:
        assert contrast(tone_colour(tone, palette), palette.color(role)) >= 4.5


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize(
    ("front", "back"),
    [
        (Tone.TEXT, Tone.DANGER_BACK),
        (Tone.TEXT, Tone.WARNING_BACK),
        (Tone.TEXT, Tone.SUCCESS_BACK),
        (Tone.DANGER, Tone.DANGER_BACK),
        (Tone.WARNING, Tone.WARNING_BACK),
        (Tone.SUCCESS, Tone.SUCCESS_BACK),
        (Tone.MUTED, Tone.PANEL),
    ],
)
def test_notices_are_readable(qapp: QApplication, dark: bool, front: Tone, back: Tone) -> None:
    palette = make_palette(dark)
    assert contrast(tone_colour(front, palette), tone_colour(back, palette)) >= 4.5


@pytest.mark.parametrize("dark", [False, True])
def test_selection_and_hints_are_readable(qapp: QApplication, dark: bool) -> None:
    palette = make_palette(dark)
    role = QPalette.ColorRole
    assert contrast(palette.color(role.HighlightedText), palette.color(role.Highlight)) >= 4.5
    assert contrast(palette.color(role.PlaceholderText), palette.color(role.Base)) >= 4.0


@pytest.mark.parametrize("dark", [False, True])
def test_style_can_be_changed_while_running(styled: QApplication, dark: bool) -> None:
    apply_style(styled, dark=not dark)
    apply_style(styled, dark=dark)
    assert is_dark(styled.palette()) is dark
    assert styled.style().objectName() in ("fusion", "")  # "" behind the style sheet's proxy
    assert tone_colour(Tone.MUTED, styled.palette()).name() in styled.styleSheet()


def test_fields_are_as_high_as_one_another_and_buttons_too(qtbot: QtBot, styled: QApplication) -> None:
    apply_style(styled)
    window = QWidget()
    qtbot.addWidget(window)
    row = QHBoxLayout(window)
    fields = [QLineEdit(), QComboBox()]
    buttons = [QPushButton("保存"), QPushButton("取消")]
    buttons[0].setProperty("role", "primary")
    for widget in (*fields, *buttons):
        row.addWidget(widget)
    window.show()
    assert len({widget.sizeHint().height() for widget in fields}) == 1
    assert len({widget.sizeHint().height() for widget in buttons}) == 1


def test_qt_speaks_chinese(qtbot: QtBot, styled: QApplication) -> None:
    apply_style(styled, dark=False)
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel | QDialogButtonBox.StandardButton.Save)
    qtbot.addWidget(box)
    assert box.button(QDialogButtonBox.StandardButton.Cancel).text() == "取消"
    assert "保存" in box.button(QDialogButtonBox.StandardButton.Save).text()
    assert QLocale().firstDayOfWeek() == Qt.DayOfWeek.Monday


@pytest.mark.parametrize(("zoom", "factor"), [(100, 1.0), (150, 1.5), (80, 0.8), (400, 1.5), (10, 0.8)])
def test_zoom_scales_the_font_within_its_limits(qapp: QApplication, zoom: int, factor: float) -> None:
    assert ui_font(zoom).pointSizeF() == pytest.approx(ui_font(100).pointSizeF() * factor)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has its own Chinese font")
def test_ordinary_chinese_comes_from_the_bundled_font(qapp: QApplication) -> None:
    font = QRawFont.fromFont(ui_font())
    assert font.familyName() == "Noto Sans SC"
    assert all(font.supportsCharacter(ord(character)) for character in "首席数据官喆堃珺昇旻龑")


def test_rare_characters_are_drawn_once_their_font_is_provided(qapp: QApplication) -> None:
    for character in "𬀩𠅤𫍲𨭆":
        provide_glyphs(f"张{character}")
    assert "HanaMinB" in QFontDatabase.families()
    assert QRawFont.fromFont(ui_font()).familyName() != "HanaMinB"
    rare = QFontMetrics(ui_font())
    assert all(rare.inFontUcs4(ord(character)) for character in "𬀩𠅤𫍲𨭆")


HEAVY = (
    "pypdfium2",
    "openpyxl",
    "reportlab",
    "sqlalchemy",
    "PySide6.QtSvg",
    "PySide6.QtPrintSupport",
    "pypinyin",
)
PROBE = """
import importlib, pkgutil, sys
import cdo_desktop.ui.common as common
for module in pkgutil.iter_modules(common.__path__):
    importlib.import_module("cdo_desktop.ui.common." + module.name)
from PySide6.QtWidgets import QMainWindow
from cdo_desktop.ui.common.style import apply_style, new_application
app = new_application()
apply_style(app)
print([name for name in sys.argv[1:] if name in sys.modules])
"""


def test_common_widgets_import_nothing_heavy() -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", PROBE, *HEAVY]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, encoding="utf-8", check=True
    )
    assert done.stdout.strip() == "[]"


def test_language_change_reaches_open_windows(styled: QApplication) -> None:
    apply_style(styled, dark=False)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.LanguageChange)
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "取消"
