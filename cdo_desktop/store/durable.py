"""Files and names that survive a power cut: synced, and given their name in one step."""

import os
import time
from pathlib import Path
from typing import Final

from cdo_desktop.paths import sync_folder

_ATTEMPTS: Final = 5 if os.name == "nt" else 1  # a virus scanner holds a new file for a moment
_PAUSE: Final = 0.1  # seconds


def sync_file(path: Path) -> None:
    """Write what the system still holds of a file to the disk."""
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def rename_over(new: Path, target: Path) -> None:
    """Give the name of ``target`` to a new file, at once; raises PermissionError while another holds it."""
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            new.replace(target)
            break
        except PermissionError:
            if attempt == _ATTEMPTS:
                raise
            time.sleep(_PAUSE)


def make_folders(folder: Path, top: Path) -> None:
    """Make a folder below ``top``, so that its name survives as well."""
    missing = [
        level for level in (folder, *folder.parents) if level.is_relative_to(top) and not level.exists()
    ]
    for level in reversed(missing):
        level.mkdir(exist_ok=True)
        sync_folder(level.parent)
