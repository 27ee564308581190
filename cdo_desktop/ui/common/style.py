"""The look of the whole program: one style, one spacing scale, two palettes, its own fonts."""

import sys
from functools import lru_cache
from typing import Any

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtGui import QFont, QFontDatabase, QPalette, Qt
from PySide6.QtWidgets import QApplication, QWidget

from cdo_desktop.paths import resource
from cdo_desktop.ui.common.tones import Tone, is_dark, make_palette, tone_name

# The spacing scale, in device-independent pixels.
TIGHT = 4
SMALL = 8
MEDIUM = 12
LARGE = 16
HUGE = 24

ICON_SIZE = 16
TOOLBAR_ICON_SIZE = 20

FUSION = ("-style", "fusion")  # what Qt reads of a command line
_WINDOWS_FAMILY = "Microsoft YaHei UI"
_FONT_FILE = "NotoSansSC_400Regular.ttf"
_RARE_FONT_FILE = "HanaMinB.ttf"
_BUNDLED_FAMILY = "Noto Sans SC"
_RARE_FAMILY = "HanaMinB"
_POINT_SIZE = 9.5
_FIRST_RARE = 0x20000  # 扩展 B 区: from here on the ordinary fonts have no characters
_INSTALLED = "installed"  # dynamic property of the translator
ZOOM_RANGE = range(80, 151)


def new_application() -> QApplication:
    """Return the application, drawn by Fusion: the same on Windows 10, Windows 11 and Linux, light and dark.

    It is asked for like this because `QApplication.setStyle` returns the style, and Python's class of styles
    takes a twentieth of the time until the first paint.
    """
    return QApplication([*sys.argv[:1], *FUSION])


def apply_style(app: QApplication, *, dark: bool | None = None, zoom_percent: int = 100) -> None:
    """Give the program its look; may be called again to change it. ``dark`` None follows the system."""
    if dark is None:
        dark = app.styleHints().colorScheme() == Qt.ColorScheme.Dark
    palette = make_palette(dark)
    app.setPalette(palette)
    # The old sheet stays meanwhile: without one it would be quicker, but some widgets would keep their font.
    font = ui_font(zoom_percent)
    app.setFont(font)
    app.setStyleSheet(style_sheet(palette, zoom_percent))
    menus: Any = "QMenu"  # text, where the type stubs of PySide say bytes
    if QApplication.font(menus) != font:
        app.setFont(font)  # on Windows tables and menus have got their own fonts back with the style sheet
    _speak_chinese(app)


def ui_font(zoom_percent: int = 100) -> QFont:
    """Return the font of windows, 80–150 % of its normal size."""
    if sys.platform == "win32" and QFontDatabase.hasFamily(_WINDOWS_FAMILY):
        family = _WINDOWS_FAMILY
    else:
        _load(_FONT_FILE)
        family = _BUNDLED_FAMILY
    font = QFont()
    font.setFamilies([family, _RARE_FAMILY])
    font.setPointSizeF(_POINT_SIZE * _factor(zoom_percent))
    return font


def _factor(zoom_percent: int) -> float:
    return max(ZOOM_RANGE.start, min(ZOOM_RANGE.stop - 1, zoom_percent)) / 100


def provide_glyphs(text: str) -> None:
    """Load the font of rare characters (30 ms, once) when ``text`` holds one, before it is shown."""
    if any(ord(character) >= _FIRST_RARE for character in text):
        _load(_RARE_FONT_FILE)


@lru_cache(maxsize=8)
def _load(file_name: str) -> int:
    return QFontDatabase.addApplicationFont(str(resource("fonts", file_name)))


@lru_cache(maxsize=1)
def _translator() -> QTranslator:
    translator = QTranslator()
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    translator.load("qtbase_zh_CN", folder)
    return translator


def _speak_chinese(app: QApplication) -> None:
    """Show Qt's own buttons and dialogs in Chinese, and dates with a Monday first; once is enough."""
    translator = _translator()
    if not translator.property(_INSTALLED):
        translator.setProperty(_INSTALLED, True)
        QLocale.setDefault(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
        app.installTranslator(translator)


def style_sheet(palette: QPalette, zoom_percent: int = 100) -> str:
    """Return the few rules that go beyond Fusion, in the colours of ``palette`` and the size of the font."""
    factor = _factor(zoom_percent)
    tone = {name: tone_name(name, palette) for name in Tone}
    hover = "#2a6fb3" if is_dark(palette) else "#0b539c"
    accent = palette.color(QPalette.ColorRole.Highlight).name()
    return f"""
QToolTip {{ padding: 4px 6px; }}
QLabel[role="heading"] {{ font-weight: bold; }}
QLabel[role="title"] {{ font-size: {_POINT_SIZE * 1.45 * factor:.1f}pt; font-weight: bold; }}
QLabel[role="muted"] {{ color: {tone[Tone.MUTED]}; }}
QLabel[role="message"] {{ color: {tone[Tone.DANGER]}; }}
QLabel[role="required"] {{ color: {tone[Tone.DANGER]}; font-weight: bold; }}
QLabel[role="section"] {{ font-weight: bold; padding: 4px 0 2px 0; }}
QLineEdit, QComboBox, QAbstractSpinBox {{ min-height: {22 * factor:.0f}px; }}
QLineEdit, QComboBox {{ padding: 0 3px; }}
QPushButton {{ min-height: {20 * factor:.0f}px; min-width: {64 * factor:.0f}px; padding: 2px 10px; }}
QPushButton[role="primary"] {{ color: #ffffff; background: {accent}; border: 1px solid {accent};
    border-radius: 3px; padding: 2px 14px; }}
QPushButton[role="primary"]:hover {{ background: {hover}; }}
QPushButton[role="primary"]:focus {{ border: 2px solid {tone[Tone.TEXT]}; padding: 1px 13px; }}
QPushButton[role="primary"]:disabled {{ color: {tone[Tone.MUTED]}; background: transparent;
    border-color: {tone[Tone.BORDER]}; }}
QFrame[role="panel"] {{ background: {tone[Tone.PANEL]}; border: 1px solid {tone[Tone.BORDER]};
    border-radius: 4px; }}
QFrame[role="notice"] {{ border: 1px solid {tone[Tone.BORDER]}; border-radius: 4px; }}
QFrame[role="notice"][kind="error"] {{ background: {tone[Tone.DANGER_BACK]};
    border-color: {tone[Tone.DANGER]}; }}
QFrame[role="notice"][kind="warning"] {{ background: {tone[Tone.WARNING_BACK]};
    border-color: {tone[Tone.WARNING]}; }}
*[wrong="true"] {{ border: 1px solid {tone[Tone.DANGER]}; border-radius: 3px; }}
QScrollArea[role="plain"], QScrollArea[role="plain"] > QWidget > QWidget {{ background: transparent;
    border: none; }}
"""


def restyle(widget: QWidget) -> None:
    """Apply the style sheet anew after a property that it asks for has changed."""
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
