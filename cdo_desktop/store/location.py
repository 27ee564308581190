"""Where a database may lie: on a disk of this machine, and in no folder that a cloud program copies about.

SQLite's locks do not hold over a network share, and a synchronising program copies the file in the midst of
a transaction or puts an older copy in its place. Both lose data without a word, so both are refused.
"""

import ctypes
import os
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath

from cdo_desktop.errors import StorageError

_MOUNTS = Path("/proc/self/mounts")
_DRIVE_REMOVABLE, _DRIVE_REMOTE = 2, 4  # GetDriveTypeW
_NETWORK_FILESYSTEMS = frozenset(
    (
        "nfs",
        "nfs4",
        "cifs",
        "smb",
        "smb2",
        "smb3",
        "smbfs",
        "ncpfs",
        "afs",
        "ceph",
        "glusterfs",
        "lustre",
        "davfs",
        "vboxsf",
        "vmhgfs",
        "fuse.sshfs",
        "fuse.davfs2",
        "fuse.rclone",
        "fuse.glusterfs",
        "fuse.s3fs",
        "fuse.gvfsd-fuse",
        "fuse.vmhgfs-fuse",
    )
)
# Folder names as the programs make them; also with what follows a blank or a dash: “OneDrive - 区信息委”.
_CLOUDS: Mapping[str, tuple[str, ...]] = {
    "OneDrive": ("onedrive",),
    "Dropbox": ("dropbox",),
    "iCloud": ("icloud", "iclouddrive", "mobile documents"),
    "Google Drive": ("google drive", "googledrive", "google 云端硬盘"),
    "Box": ("box sync",),
    "坚果云": ("坚果云", "我的坚果云", "nutstore", "nutstore files"),
    "WPS云盘": ("wps云盘", "wps网盘", "wps云文档", "wpsdrive", "wps cloud files"),
    "腾讯微云": ("腾讯微云", "微云", "微云同步助手", "weiyun", "weiyun disk"),
    "百度网盘": ("百度网盘", "百度网盘同步空间", "百度云同步盘", "baidusyncdisk", "baidunetdisk"),
    "阿里云盘": ("阿里云盘", "adrive"),
    "天翼云盘": ("天翼云盘", "天翼云盘同步盘", "ecloud"),
    "移动云盘": ("移动云盘", "中国移动云盘", "和彩云"),
    "夸克网盘": ("夸克网盘",),
    "同步软件": (
        "nextcloud",
        "owncloud",
        "seafile",
        "syncthing",
        "resilio sync",
        "synologydrive",
        "megasync",
    ),
}
_CLOUD_MARKS = (".stfolder", ".dropbox.cache", ".seafile-data")  # lie in the top folder of what is copied
_CLOUD_VARIABLES = ("OneDrive", "OneDriveCommercial", "OneDriveConsumer")
_NEXT_STEP = (
    "没有打开，也没有改动任何文件。请把数据文件夹改到本机硬盘上，例如 D:\\首席数据官工作台"
    "（“桌面”“文档”可能正由 OneDrive 同步）；要把数据交给别人，请用备份文件。"
)


@dataclass(frozen=True)
class Mount:
    """One line of the system's table of mounted filesystems."""

    folder: PurePosixPath
    kind: str


def refuse_shared_place(folder: Path) -> None:
    """Raise StorageError when a database in this folder could be lost: network share or cloud folder."""
    problem = place_problem(folder)
    if problem:
        raise StorageError(problem)


def place_problem(folder: Path) -> str:
    """Return why a folder cannot hold the database, or "" when it can; it need not exist yet."""
    for place in dict.fromkeys((folder.absolute(), folder.resolve())):
        reason = _network_reason(place) or _cloud_reason(place)
        if reason:
            return f"数据文件夹“{folder}”{reason}{_NEXT_STEP}"
    return ""


def place_warning(folder: Path) -> str:
    """Return what is doubtful about a folder that may hold the database, or ""."""
    if sys.platform == "win32" and _drive_type(folder.absolute()) == _DRIVE_REMOVABLE:
        return (
            f"数据文件夹“{folder}”在移动盘上：写入时拔出会损坏数据，遗失会泄露个人信息。"
            "请改放本机硬盘，移动盘只存放备份。"
        )
    return ""


def _network_reason(place: Path) -> str:
    if is_unc(str(place)):
        return "在网络共享上：共享盘不能保证多台电脑同时写入时数据不损坏。"
    if sys.platform == "win32":
        if _drive_type(place) == _DRIVE_REMOTE:
            return f"在映射的网络驱动器 {place.drive} 上：共享盘不能保证多台电脑同时写入时数据不损坏。"
        return ""
    kind = filesystem_of(PurePosixPath(place), _mounts())
    if kind in _NETWORK_FILESYSTEMS:
        return f"在网络文件系统（{kind}）上：共享盘不能保证多台电脑同时写入时数据不损坏。"
    return ""


def _cloud_reason(place: Path) -> str:
    cloud = cloud_of(place) or _cloud_by_variable(place, os.environ)
    if not cloud and any((parent / mark).exists() for parent in place.parents for mark in _CLOUD_MARKS):
        cloud = "同步软件"
    if not cloud:
        return ""
    return f"在“{cloud}”的同步文件夹里：同步软件会在写入中途复制或换回旧文件，造成数据丢失。"


def is_unc(path: str) -> bool:
    r"""Tell whether a path names a share: ``\\server\share``, also in its long form ``\\?\UNC\``."""
    path = path.replace("/", "\\")
    if path.startswith(("\\\\?\\", "\\\\.\\")):
        return path[4:8].upper() == "UNC\\"
    return sys.platform == "win32" and path.startswith("\\\\")


def cloud_of(place: PurePath) -> str:
    """Return the cloud program whose folder this is or lies in, by the names in the path, or ""."""
    for part in place.parts:
        word = re.split(r"\s+-|\s*[(（]|-", part.casefold(), maxsplit=1)[0].strip()
        for cloud, names in _CLOUDS.items():
            if word in names or part.casefold() in names:
                return cloud
    return ""


def _cloud_by_variable(place: PurePath, variables: Mapping[str, str]) -> str:
    """OneDrive may have been given any name; Windows tells every program where it is."""
    for name in _CLOUD_VARIABLES:
        top = variables.get(name, "")
        if top and place.is_relative_to(type(place)(top)):
            return "OneDrive"
    return ""


def filesystem_of(place: PurePosixPath, mounts: Iterable[Mount]) -> str:
    """Return the kind of filesystem that holds a path: of the deepest mount above it, the last of equals."""
    found, depth = "", -1
    for mount in mounts:
        if place.is_relative_to(mount.folder) and len(mount.folder.parts) >= depth:
            found, depth = mount.kind, len(mount.folder.parts)
    return found


def parse_mounts(text: str) -> list[Mount]:
    r"""Read the lines of /proc/self/mounts, where a blank in a name is written ``\040``."""
    fields = (line.split() for line in text.splitlines())
    return [Mount(PurePosixPath(_unescaped(field[1])), field[2]) for field in fields if len(field) > 2]


def _unescaped(name: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda match: chr(int(match[1], 8)), name)


def _mounts() -> list[Mount]:
    if not _MOUNTS.exists():
        return []  # not Linux; nothing is known, so nothing is refused
    return parse_mounts(_MOUNTS.read_text(encoding="utf-8", errors="replace"))


def _drive_type(place: Path) -> int:
    if sys.platform != "win32":
        return 0
    root = PureWindowsPath(place).anchor
    return int(ctypes.windll.kernel32.GetDriveTypeW(root))
