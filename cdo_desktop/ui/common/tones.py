"""The program's colours: two palettes, light and dark, and the tones that carry a meaning."""

from enum import StrEnum

from PySide6.QtGui import QColor, QPalette

# Every tone stands beside an icon or a word and has a contrast of at least 4.5 : 1 to its background.


class Tone(StrEnum):
    """A colour with a meaning."""

    TEXT = "text"
    MUTED = "muted"
    ACCENT = "accent"
    DANGER = "danger"
    WARNING = "warning"
    SUCCESS = "success"
    DANGER_BACK = "danger_back"
    WARNING_BACK = "warning_back"
    SUCCESS_BACK = "success_back"
    BORDER = "border"
    PANEL = "panel"


_LIGHT = {
    Tone.TEXT: "#1f2329",
    Tone.MUTED: "#5c6470",
    Tone.ACCENT: "#0f62b5",
    Tone.DANGER: "#b3261e",
    Tone.WARNING: "#8a5300",
    Tone.SUCCESS: "#1b6e3c",
    Tone.DANGER_BACK: "#fdecea",
    Tone.WARNING_BACK: "#fff4e0",
    Tone.SUCCESS_BACK: "#e8f5ec",
    Tone.BORDER: "#c9ced6",
    Tone.PANEL: "#ffffff",
}
_DARK = {
    Tone.TEXT: "#e6e8eb",
    Tone.MUTED: "#a3abb5",
    Tone.ACCENT: "#7db8f5",
    Tone.DANGER: "#ff9a91",
    Tone.WARNING: "#f0bd66",
    Tone.SUCCESS: "#7fd19b",
    Tone.DANGER_BACK: "#47211f",
    Tone.WARNING_BACK: "#42321a",
    Tone.SUCCESS_BACK: "#1d3a28",
    Tone.BORDER: "#50565f",
    Tone.PANEL: "#25272b",
}


def is_dark(palette: QPalette) -> bool:
    """Whether text is lighter than its background."""
    text = palette.color(QPalette.ColorRole.WindowText)
    return text.lightness() > palette.color(QPalette.ColorRole.Window).lightness()


def tone_name(tone: Tone, palette: QPalette) -> str:
    """Return the tone in this palette as ``#rrggbb``."""
    return (_DARK if is_dark(palette) else _LIGHT)[tone]


def tone_colour(tone: Tone, palette: QPalette) -> QColor:
    """Return the tone in this palette."""
    return QColor(tone_name(tone, palette))


def make_palette(dark: bool) -> QPalette:
    """Return the program's palette."""
    tones = _DARK if dark else _LIGHT
    window, base, button = ("#2b2d31", "#1f2124", "#383b40") if dark else ("#f3f4f6", "#ffffff", "#fbfbfc")
    stripe = "#25272b" if dark else "#f7f8fa"
    highlight = "#1f5f9e" if dark else "#0f62b5"
    role = QPalette.ColorRole
    colours = {
        role.Window: window,
        role.Base: base,
        role.AlternateBase: stripe,
        role.Button: button,
        role.ToolTipBase: base,
        role.WindowText: tones[Tone.TEXT],
        role.Text: tones[Tone.TEXT],
        role.ButtonText: tones[Tone.TEXT],
        role.ToolTipText: tones[Tone.TEXT],
        role.BrightText: tones[Tone.DANGER],
        role.PlaceholderText: "#8b939e" if dark else "#767d88",
        role.Highlight: highlight,
        role.HighlightedText: "#ffffff",
        role.Accent: highlight,
        role.Link: tones[Tone.ACCENT],
        role.LinkVisited: tones[Tone.ACCENT],
        role.Light: "#44484e" if dark else "#ffffff",
        role.Midlight: "#3c4046" if dark else "#eceef1",
        role.Mid: tones[Tone.BORDER],
        role.Dark: "#17191b" if dark else "#9aa1ab",
        role.Shadow: "#000000" if dark else "#6b7280",
    }
    palette = QPalette()
    for colour_role, name in colours.items():
        palette.setColor(colour_role, QColor(name))
    faint = QColor("#7f868f" if dark else "#8f96a0")
    for colour_role in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        palette.setColor(QPalette.ColorGroup.Disabled, colour_role, faint)
    palette.setColor(QPalette.ColorGroup.Disabled, role.Base, QColor(window))
    palette.setColor(QPalette.ColorGroup.Disabled, role.Highlight, QColor(tones[Tone.BORDER]))
    return palette
