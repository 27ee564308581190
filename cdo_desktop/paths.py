"""Where the program's own files and the user's data are."""

import sys
from pathlib import Path

DATABASE_NAME = "cdo.sqlite3"
HOLIDAYS_NAME = "holidays_2023_2026.json"


def resource(*parts: str) -> Path:
    """Return a file or folder shipped with the program: in a checkout, a wheel or the frozen build."""
    return _resource_root().joinpath(*parts)


def _resource_root() -> Path:
    frozen = getattr(sys, "_MEIPASS", None)
    if frozen is not None:
        return Path(frozen) / "resources"
    package = Path(__file__).resolve().parent
    installed = package / "resources"
    return installed if installed.is_dir() else package.parent / "resources"


def default_data_folder() -> Path:
    """Return the folder of the user's database when no ``--data`` is given."""
    import platformdirs  # 20 ms: only the command line without --data and the window need it

    return Path(platformdirs.user_data_dir("cdo_desktop", appauthor=False))
