"""Reading and splitting a scan, inside the child process: a line of JSON and a picture for every page."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from cdo_desktop.documents.pdf.qr import encode
from cdo_desktop.documents.readers.blank_pages import is_blank
from cdo_desktop.documents.readers.child import RESULT_NAME
from cdo_desktop.documents.readers.codes import find_codes
from cdo_desktop.documents.readers.scan_pictures import copied
from cdo_desktop.documents.readers.scan_sources import Source, open_source
from cdo_desktop.errors import StorageError, system_reason

if TYPE_CHECKING:
    from PIL.Image import Image

PREVIEW_NAME = "{}.jpg"
_PREVIEW_SIDE = 1000
_PREVIEW_QUALITY = 75


def read_pages(path: Path, folder: Path) -> None:
    """Write the number of pages into ``folder``, then line by line what is on each, and their pictures."""
    with path.open("rb") as file, closing(open_source(file, path.name)) as source:
        _answer(path.name, folder, source.page_count, _looked_at(source, folder))


def split(path: Path, parts: Sequence[Sequence[int]], target: Path, folder: Path) -> None:
    """Write every part, a row of page numbers from 1, into ``target``, and their names into ``folder``."""
    with path.open("rb") as file, closing(open_source(file, path.name)) as source:
        _answer(path.name, folder, len(parts), _written(source, file, path, parts, target))


def _answer(name: str, folder: Path, count: int, lines: Iterable[dict[str, Any]]) -> None:
    """Write how many lines there will be, then each as soon as it is known: the parent watches."""
    try:
        with (folder / RESULT_NAME).open("w", encoding="utf-8", buffering=1) as out:
            for line in chain([{"count": count}], lines):
                out.write(json.dumps(line) + "\n")
    except OSError as error:
        raise _no_room(name, error) from error


def _looked_at(source: Source, folder: Path) -> Iterator[dict[str, Any]]:
    for page in range(source.page_count):
        picture = source.picture(page)
        found = find_codes(picture.image, thorough=not picture.drawn)
        _write_preview(picture.image, found.turn, folder / PREVIEW_NAME.format(page + 1))
        drawn = picture.drawn or (bool(found.marks) and _draws_code(source, page))
        yield {
            "marks": [encode(mark) for mark in found.marks],
            "foreign": found.foreign,
            "turn": found.turn,
            "drawn": drawn,
            "blank": not found.marks and not found.foreign and is_blank(picture.image),
        }


def _draws_code(source: Source, page: int) -> bool:
    """Tell whether a code of this program is on the page without its pictures: no scanner saw it."""
    drawing = source.drawing(page)
    return drawing is not None and bool(find_codes(drawing, thorough=False).marks)


def _written(
    source: Source, file: IO[bytes], path: Path, parts: Sequence[Sequence[int]], target: Path
) -> Iterator[dict[str, Any]]:
    everything = list(range(source.page_count))
    for number, part in enumerate(parts, start=1):
        pages = [page - 1 for page in part]
        if pages == everything and source.can_be_attached:
            written = copied(file, target / f"{number}{path.suffix.lower()}", path.name)
        else:
            written = source.write(pages, target, str(number))
        yield {"file": written.name}


def _write_preview(image: "Image", turn: int, target: Path) -> None:
    from PIL import Image

    small = image.copy() if max(image.size) <= _PREVIEW_SIDE else _reduced(image)
    turns = {90: Image.Transpose.ROTATE_90, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_270}
    upright = small.transpose(turns[turn]) if turn else small
    upright.save(target, "JPEG", quality=_PREVIEW_QUALITY)


def _reduced(image: "Image") -> "Image":
    from PIL import Image

    scale = _PREVIEW_SIDE / max(image.size)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.BOX, reducing_gap=1.0)


def _no_room(name: str, error: OSError) -> StorageError:
    return StorageError(
        f"临时文件夹写不下（{system_reason(error)}），“{name}”没有读取，什么都没有改动。请清理系统盘后再试。"
    )
