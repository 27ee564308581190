"""Makes the pictures of docs/images anew: every screen at 1366×768, and at 150 %.

    python docs/make_images.py [NAME ...]      all, or those whose names begin so

Each scale is a process of its own on Qt's offscreen platform, with the bundled fonts, on a sample district as
of one fixed day, so that a picture changes only when the program does.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
HELP = ROOT / "resources" / "help"
SCREEN = (1366, 768)
TASK_BAR = 40
SCALES = {"100": 1.0, "150": 1.5}
sys.path.insert(0, str(ROOT))


def main() -> int:
    """Run every scale in turn and say how large the pictures are."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--scale", choices=list(SCALES), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.scale:
        return _make(options.scale, tuple(options.names))
    for scale in SCALES:
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, str(Path(__file__).resolve()), "--scale", scale, *options.names]
            done = subprocess.run(command, cwd=folder, env=_environment(scale, Path(folder)), check=False)
            if done.returncode:
                return done.returncode
    _give_to_manual()
    size = sum(file.stat().st_size for file in IMAGES.rglob("*.png"))
    print(f"{len(list(IMAGES.rglob('*.png')))} pictures, {size / 1e6:.1f} MB")
    return 0


def _give_to_manual() -> None:
    """Ship the pictures that the manual shows, and no others."""
    shown = set(re.findall(r"\(images/([\w-]+\.png)\)", (HELP / "manual.md").read_text(encoding="utf-8")))
    target = HELP / "images"
    target.mkdir(exist_ok=True)
    for file in target.glob("*.png"):
        file.unlink()
    for name in shown:
        shutil.copyfile(IMAGES / "100" / name, target / name)


def _environment(scale: str, folder: Path) -> dict[str, str]:
    screen = {"name": "one", "x": 0, "y": 0, "width": SCREEN[0], "height": SCREEN[1] - TASK_BAR}
    config = folder / "screen.json"
    config.write_text(json.dumps({"screens": [screen]}), encoding="utf-8")
    return os.environ | {
        "QT_QPA_PLATFORM": f"offscreen:configfile={config}",
        "QT_QPA_FONTDIR": str(ROOT / "resources" / "fonts"),
        "QT_SCALE_FACTOR": str(SCALES[scale]),
        "CDO_BUNDLED_FONTS": "1",
    }


def _make(scale: str, names: tuple[str, ...]) -> int:
    from picture_screens import Screens

    from cdo_desktop.ui.common.style import apply_style, new_application

    application = new_application()
    apply_style(application, dark=False)
    pictures = Screens(IMAGES / scale, names)
    Path("data").mkdir()  # a short path, without the name of this machine's folders
    pictures.take_all(application)
    return 0


if __name__ == "__main__":
    sys.exit(main())
