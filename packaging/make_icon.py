"""Make ``packaging/program.ico``, the icon of the built program, from ``resources/program.svg``.

    .venv/bin/python packaging/make_icon.py

The result is committed; it is made anew only when the drawing changes. The drawing is the address book of
Tabler Icons (MIT, see resources/icons) on a square of the program's blue.
"""

import sys
from pathlib import Path

from PIL import Image
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

ROOT = Path(__file__).resolve().parent.parent
SIDES = (16, 20, 24, 32, 40, 48, 64, 128, 256)  # what Windows asks for from 100 to 250 %


def drawn(side: int) -> Image.Image:
    """Return the drawing with this many pixels a side."""
    image = QImage(side, side, QImage.Format.Format_RGBA8888)
    image.fill(0)
    painter = QPainter(image)
    QSvgRenderer(str(ROOT / "resources" / "program.svg")).render(painter)
    painter.end()
    return Image.frombytes("RGBA", (side, side), bytes(image.constBits()))


def main() -> int:
    """Write the file and return the exit status."""
    *small, large = (drawn(side) for side in SIDES)
    sizes = [(side, side) for side in SIDES]
    large.save(ROOT / "packaging" / "program.ico", sizes=sizes, append_images=small)
    return 0


if __name__ == "__main__":
    sys.exit(main())
