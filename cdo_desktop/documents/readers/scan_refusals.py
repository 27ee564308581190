"""Why a scanned file is not read, in sentences; for the child process only."""

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from cdo_desktop.documents.readers import limits
from cdo_desktop.errors import UnreadableFileError, system_reason

_BROKEN = (
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    EOFError,
    struct.error,
    zlib.error,
)
"""What Pillow raises on a damaged picture, beside an OSError without a number."""


def damaged(name: str) -> UnreadableFileError:
    """Return the refusal of a file whose inside is not as it has to be."""
    return UnreadableFileError(
        f"“{name}”已损坏或不完整，没有读取，什么都没有改动。请重新扫描，或请对方重新发送。"
    )


def unreadable(name: str, error: OSError) -> UnreadableFileError:
    """Return the refusal after an OSError: the disk's has a number, Pillow's of a bad picture has none."""
    if error.errno is None:
        return damaged(name)
    return UnreadableFileError(
        f"“{name}”读到一半出错（{system_reason(error)}），什么都没有改动。请检查移动盘或共享文件夹是否还连着。"
    )


@contextmanager
def told(name: str) -> Iterator[None]:
    """Refuse with a sentence what cannot be read, or is damaged."""
    try:
        yield
    except OSError as error:
        raise unreadable(name, error) from error
    except _BROKEN as error:
        raise damaged(name) from error


def check_pages(count: int, name: str) -> int:
    """Return the number of pages, which are not too many."""
    if count == 0:
        raise UnreadableFileError(f"“{name}”里一页也没有，没有读取。请重新扫描，或请对方重新发送。")
    if count > limits.MAX_SCAN_PAGES:
        raise UnreadableFileError(
            f"“{name}”超过 {limits.MAX_SCAN_PAGES} 页，没有读取。请拆成几个文件后再试。"
        )
    return count


def check_pixels(size: tuple[int, int], name: str, page: int, most: int = limits.MAX_PICTURE_PIXELS) -> None:
    """Refuse a picture that is too large to be unpacked."""
    width, height = size
    if width * height > most or max(width, height) > limits.MAX_PICTURE_SIDE:
        raise UnreadableFileError(
            f"“{name}”第 {page + 1} 页的图片太大（{width} × {height} 点），没有读取。"
            "请用 150 至 300 dpi 重新扫描。"
        )
