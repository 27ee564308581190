"""Reading a scanned paper in a child process: which records its pages belong to, and how they look.

What no code tells is no error: such a page has no marks. A hostile or broken file costs a sentence.
"""

import hashlib
import json
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from cdo_desktop.documents.pdf.qr import PaperMark, parse
from cdo_desktop.documents.readers import limits
from cdo_desktop.documents.readers.child import RESULT_NAME, ChildCrashedError, run_in_child
from cdo_desktop.documents.readers.scan_pages import PREVIEW_NAME
from cdo_desktop.errors import FileInUseError, StorageError, UnreadableFileError, system_reason

_STALLED_SECONDS = 8.0
"""A child that takes longer for one page is stopped, so a long file gets more time than a short one."""
_MOST_SECONDS = _STALLED_SECONDS * (limits.MAX_SCAN_PAGES + 1)

ScanProgress: TypeAlias = Callable[[int, int], None]
"""Told how many of how many are done, five times a second; raises CancelledError to stop the work."""


@dataclass(frozen=True)
class ScanPage:
    """One page. ``number`` counts from 1, ``marks`` are the codes of this program that were read on it.

    ``foreign`` counts all other codes. ``preview`` is a JPEG of up to 1000 pixels on its longer side, upright
    when a code told how the page lies; ``turn`` is by how many degrees it was turned to the left for that.
    ``drawn`` is a page that a program wrote: without pictures, or with a code that is in none of them.
    ``blank`` is paper that carries nothing.
    """

    number: int
    marks: tuple[PaperMark, ...]
    foreign: int
    turn: int
    drawn: bool
    blank: bool
    preview: bytes


@dataclass(frozen=True)
class Scan:
    """The pages of a file, and the SHA-256 of its content by which `split_scan` knows it again."""

    pages: tuple[ScanPage, ...]
    sha256: str


def read_scan(path: Path, *, progress: ScanProgress | None = None) -> Scan:
    """Return what is on the pages of a .pdf, .jpg, .png, .tif or .bmp.

    Raises UnreadableFileError for what is none of them, differs from its ending, is empty, damaged, encrypted
    or beyond ``limits``; FileInUseError, StorageError; and what ``progress`` raises, the child being stopped.
    """
    digest = _digest(path)
    try:
        with tempfile.TemporaryDirectory(prefix="cdo-", ignore_cleanup_errors=True) as name:
            folder = Path(name)
            _run("_scan", path, folder, [], progress)
            return Scan(_decoded(folder), digest)
    except OSError as error:
        raise _no_room(path.name, error) from error


def split_scan(
    path: Path,
    sha256: str,
    parts: Sequence[Sequence[int]],
    folder: Path,
    *,
    progress: ScanProgress | None = None,
) -> tuple[Path, ...]:
    """Write every part, page numbers from 1 in the order wanted, as a file into ``folder``: 1.pdf, 2.pdf, …

    Pages of a PDF stay as they are, those of a .tif lose nothing, a part of all pages is the file itself; a
    .bmp becomes a .png. ``sha256`` is that of the `Scan`: a file that was changed meanwhile is refused.
    Returns the files in the order of the parts. Raises what ``read_scan`` raises.
    """
    if _digest(path) != sha256:
        raise UnreadableFileError(
            f"“{path.name}”刚才被改动过，与看到的内容不同，没有处理。请重新读取这个文件后再试。"
        )
    try:
        with tempfile.TemporaryDirectory(prefix="cdo-", ignore_cleanup_errors=True) as name:
            plan = Path(name) / "parts.json"
            plan.write_text(json.dumps([list(part) for part in parts]), encoding="utf-8")
            _run("_split", path, Path(name), [str(plan), str(folder.absolute())], progress)
            lines = (Path(name) / RESULT_NAME).read_text(encoding="utf-8").splitlines()
            return tuple(folder / json.loads(line)["file"] for line in lines[1:])
    except OSError as error:
        raise _no_room(path.name, error) from error


def _digest(path: Path) -> str:
    """Return the SHA-256 of a file that is there, not locked and not too large."""
    name = path.name
    try:
        with path.open("rb") as file:
            if file.seek(0, 2) > limits.MAX_SCAN_BYTES:
                raise UnreadableFileError(
                    f"“{name}”超过 {limits.MAX_SCAN_BYTES >> 20} MB，没有读取。"
                    "请降低扫描的分辨率，或拆成几个文件。"
                )
            file.seek(0)
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError as error:
        raise UnreadableFileError(f"找不到文件“{path}”。它可能已被移走或改名，请重新选择。") from error
    except OSError as error:
        if path.is_dir():
            raise UnreadableFileError(f"“{path}”是文件夹，不是扫描件。请选择里面的文件。") from error
        if isinstance(error, PermissionError):
            raise FileInUseError(
                f"“{name}”打不开：它正被其他程序占用，或者没有读取权限。请在扫描软件中关闭它后再试。"
            ) from error
        raise UnreadableFileError(
            f"“{name}”打不开（{system_reason(error)}）。请检查移动盘或共享文件夹是否还连着。"
        ) from error


def _run(task: str, path: Path, folder: Path, args: Sequence[str], progress: ScanProgress | None) -> None:
    watch = _Watch(folder / RESULT_NAME, path.name, progress)
    arguments = [str(path.absolute()), *args]
    try:
        run_in_child(task, folder, arguments, subject=path.name, timeout=_MOST_SECONDS, watch=watch.look)
    except ChildCrashedError as error:
        raise UnreadableFileError(
            f"“{path.name}”无法读取：内容已损坏，或者大到超出处理能力，什么都没有改动。"
            "请用 150 至 300 dpi 重新扫描，页数多的拆成几个文件。"
        ) from error
    watch.look()


class _Watch:
    """Looks at what a child has written so far: the number of lines to come, then the lines."""

    def __init__(self, result: Path, subject: str, progress: ScanProgress | None) -> None:
        self._result, self._subject, self._progress = result, subject, progress
        self._seen = -1
        self._since = time.monotonic()

    def look(self) -> None:
        """Tell how far the child is; raise when it has stood still for too long, or when it is to stop."""
        lines = self._result.read_bytes().split(b"\n") if self._result.exists() else [b""]
        done = len(lines) - 2  # without the first, and what follows the last line end
        if done != self._seen:
            self._seen, self._since = done, time.monotonic()
        elif time.monotonic() - self._since > _STALLED_SECONDS:
            raise UnreadableFileError(
                f"“{self._subject}”第 {max(done, 0) + 1} 页处理了 {_STALLED_SECONDS:g} 秒还没有完成，"
                "已经停止，什么都没有改动。请用 150 至 300 dpi 重新扫描后再试。"
            )
        if self._progress is not None:
            total = int(json.loads(lines[0])["count"]) if done >= 0 else 0
            self._progress(max(done, 0), total)


def _decoded(folder: Path) -> tuple[ScanPage, ...]:
    lines = (folder / RESULT_NAME).read_text(encoding="utf-8").splitlines()
    return tuple(_page(number, json.loads(line), folder) for number, line in enumerate(lines[1:], start=1))


def _page(number: int, told: dict[str, Any], folder: Path) -> ScanPage:
    marks = tuple(mark for mark in map(parse, told["marks"]) if mark is not None)
    preview = (folder / PREVIEW_NAME.format(number)).read_bytes()
    return ScanPage(
        number, marks, told["foreign"], told["turn"], told["drawn"], blank=told["blank"], preview=preview
    )


def _no_room(name: str, error: OSError) -> StorageError:
    return StorageError(
        f"临时文件夹无法使用（{system_reason(error)}），“{name}”没有处理，什么都没有改动。请清理系统盘后再试。"
    )
