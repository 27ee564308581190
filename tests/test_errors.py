"""What the system says is passed on in Chinese, inside a sentence."""

import errno
import os
from pathlib import Path

import pytest

from cdo_desktop.errors import system_reason


def test_what_the_system_refuses_is_told_in_chinese(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as opened:
        (tmp_path / "没有").open(encoding="utf-8")
    with pytest.raises(FileNotFoundError) as removed:  # another part of the system, with words of its own
        (tmp_path / "没有").unlink()
    assert system_reason(opened.value) == system_reason(removed.value) == "找不到这个文件或文件夹"


@pytest.mark.parametrize(
    ("code", "windows", "told"),
    [
        (errno.ENOSPC, 112, "磁盘空间不足"),
        (errno.EACCES, 5, "没有读写的权限"),
        (errno.EROFS, None, "磁盘是只读的"),
    ],
)
def test_each_reason_is_a_part_of_a_sentence(code: int, windows: int | None, told: str) -> None:
    error = OSError(code, "No.", "x", windows) if os.name == "nt" else OSError(code, "No.", "x")
    assert system_reason(error) == told


def test_a_file_that_another_program_holds_is_not_a_lack_of_rights() -> None:
    error = PermissionError(errno.EACCES, "另一个程序正在使用此文件，进程无法访问。")
    error.winerror = 32  # type: ignore[attr-defined, unused-ignore]
    assert system_reason(error) == "正被别的程序使用"


def test_an_unknown_reason_keeps_its_words_without_the_full_stop() -> None:
    assert system_reason(OSError(9999, "函数不正确。")) == "函数不正确"
