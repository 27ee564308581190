"""Where a database may not lie: shares and the folders of cloud programs."""

import sys
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

from cdo_desktop.errors import StorageError
from cdo_desktop.store import location
from cdo_desktop.store.location import (
    Mount,
    cloud_of,
    filesystem_of,
    is_unc,
    parse_mounts,
    place_problem,
    place_warning,
    refuse_shared_place,
)

MOUNTS = r"""
/dev/sda1 / ext4 rw 0 0
//server/share /mnt/cifs\040share cifs rw 0 0
nas:/data /home/office nfs4 rw 0 0
/dev/sdb1 /home/office/usb vfat rw 0 0
tmpfs /run tmpfs rw 0 0
portal /run/user/1000/gvfs fuse.gvfsd-fuse rw 0 0
"""


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ("/var/data", "ext4"),
        ("/mnt/cifs share/名册", "cifs"),
        ("/mnt/cifs sharefile", "ext4"),
        ("/home/office/名册", "nfs4"),
        ("/home/office/usb/名册", "vfat"),
        ("/run/user/1000/gvfs/smb-share:server=x", "fuse.gvfsd-fuse"),
    ],
)
def test_filesystem_is_that_of_the_deepest_mount(place: str, kind: str) -> None:
    assert filesystem_of(PurePosixPath(place), parse_mounts(MOUNTS)) == kind


def test_later_mount_on_the_same_folder_hides_the_earlier_one() -> None:
    mounts = [Mount(PurePosixPath("/data"), "nfs"), Mount(PurePosixPath("/data"), "ext4")]
    assert filesystem_of(PurePosixPath("/data/x"), mounts) == "ext4"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows tells the kind of a drive")
@pytest.mark.parametrize("kind", ["nfs", "nfs4", "cifs", "smb3", "fuse.sshfs"])
def test_network_filesystem_is_refused_with_what_to_do(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(location, "_mounts", lambda: [Mount(PurePosixPath(tmp_path), kind)])
    with pytest.raises(StorageError, match=rf"网络文件系统（{kind}）.*没有改动任何文件.*本机硬盘"):
        refuse_shared_place(tmp_path / "数据")


@pytest.mark.parametrize(
    ("path", "unc"),
    [
        (r"\\?\UNC\server\share\data", True),
        (r"\\?\C:\data", False),
        (r"\\.\C:\data", False),
        (r"C:\data", False),
        ("/home/data", False),
    ],
)
def test_long_form_of_a_share_is_told_from_a_long_path(path: str, unc: bool) -> None:
    assert is_unc(path) is unc


def test_share_is_refused_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert is_unc(r"\\server\share\data")
    assert is_unc("//server/share/data")


def test_mapped_drive_is_refused_and_a_stick_is_warned_about(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(location, "_drive_type", lambda place: 4)
    assert "映射的网络驱动器" in place_problem(tmp_path)
    monkeypatch.setattr(location, "_drive_type", lambda place: 2)
    assert place_problem(tmp_path) == ""
    assert "移动盘" in place_warning(tmp_path)
    monkeypatch.setattr(location, "_drive_type", lambda place: 3)
    assert place_warning(tmp_path) == ""


@pytest.mark.parametrize(
    ("folder", "cloud"),
    [
        (r"C:\Users\张三\OneDrive\文档\数据", "OneDrive"),
        (r"C:\Users\张三\OneDrive - 宝山区信息委\数据", "OneDrive"),
        (r"D:\Dropbox (个人)\数据", "Dropbox"),
        (r"C:\Users\张三\iCloudDrive\数据", "iCloud"),
        (r"G:\Google Drive", "Google Drive"),
        (r"D:\我的坚果云\办公室", "坚果云"),
        (r"D:\Nutstore\1", "坚果云"),
        (r"D:\WPS云盘", "WPS云盘"),
        (r"C:\Users\z\WPSDrive\1\WPS云盘", "WPS云盘"),
        (r"D:\腾讯微云\数据", "腾讯微云"),
        (r"D:\BaiduSyncdisk\数据", "百度网盘"),
        (r"E:\百度网盘同步空间", "百度网盘"),
        (r"C:\Users\张三\AppData\Local\cdo_desktop", ""),
        (r"D:\首席数据官工作台", ""),
        (r"D:\微信文件\OneDriveX 说明", ""),
        (r"D:\云南出差\数据", ""),
    ],
)
def test_folder_of_a_cloud_program_is_known_by_its_name(folder: str, cloud: str) -> None:
    assert cloud_of(PureWindowsPath(folder)) == cloud


def test_cloud_folder_is_refused_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="坚果云.*同步文件夹.*没有打开.*请把数据文件夹改到本机硬盘"):
        refuse_shared_place(tmp_path / "坚果云" / "数据")


def test_link_into_a_cloud_folder_is_refused(tmp_path: Path) -> None:
    target = tmp_path / "OneDrive" / "数据"
    target.mkdir(parents=True)
    link = tmp_path / "数据"
    try:
        link.symlink_to(target, target_is_directory=True)
    except OSError:
        pytest.skip("links are not allowed here")
    if link.resolve() == link.absolute():
        pytest.skip("Wine makes the link and does not say where it leads")
    assert "OneDrive" in place_problem(link)


def test_renamed_onedrive_is_known_by_the_variable_of_windows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OneDriveCommercial", str(tmp_path / "单位网盘"))
    assert "OneDrive" in place_problem(tmp_path / "单位网盘" / "数据")
    assert place_problem(tmp_path / "单位网盘外" / "数据") == ""


def test_folder_inside_what_syncthing_copies_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".stfolder").mkdir()
    assert "同步软件" in place_problem(tmp_path / "数据")


def test_ordinary_folder_is_accepted_before_it_exists(tmp_path: Path) -> None:
    refuse_shared_place(tmp_path / "还没有" / "数据")
    assert not (tmp_path / "还没有").exists()
