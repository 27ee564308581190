"""Where the program's own files and the user's data are."""

import os
import sys
from datetime import datetime
from pathlib import Path

from cdo_desktop.errors import StorageError, system_reason

DATABASE_NAME = "cdo.sqlite3"
UNITS_NAME = "units_baoshan.csv"
SAMPLE_HOLDERS_NAME = "holders.csv"
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


def make_folder(folder: Path) -> Path:
    """Make sure a folder exists and return it; raises StorageError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"不能建立文件夹“{folder}”：{system_reason(error)}。没有写入任何内容，请换一个位置或检查权限。"
        ) from error
    return folder


def file_time(at: datetime) -> float:
    """Return a local time as files are dated; 0 for the first day of 1970, which Windows cannot count."""
    try:
        return at.timestamp()
    except OSError:
        return 0.0


def sync_folder(folder: Path) -> None:
    """Write the names in a folder to the disk, so that a renaming survives a power cut; raises OSError."""
    if os.name == "nt":
        return  # NTFS journals its names
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def default_data_folder() -> Path:
    """Return the folder of the user's database when no ``--data`` is given."""
    import platformdirs  # 20 ms: only the command line without --data and the window need it

    return Path(platformdirs.user_data_dir("cdo_desktop", appauthor=False))
