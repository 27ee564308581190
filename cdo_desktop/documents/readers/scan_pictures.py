"""The pages of a picture that was scanned or photographed; for the child process only."""

import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from cdo_desktop.documents.readers import limits
from cdo_desktop.documents.readers.scan_refusals import check_pages, check_pixels, told
from cdo_desktop.rules.attachments import KINDS

if TYPE_CHECKING:
    from PIL.Image import Image

_ATTACHED: Final = frozenset(kind.suffix for kind in KINDS)
_PLUGINS: Final = {"jpg": "JPEG", "png": "PNG", "tif": "TIFF", "bmp": "BMP"}
_PIECE_BYTES = 1 << 20
_REDUCIBLE = frozenset(("L", "LA", "RGB", "RGBA", "CMYK", "YCbCr"))


@dataclass(frozen=True)
class PagePicture:
    """A page in grey or RGB; one that was ``drawn`` by a program has neither blur nor noise."""

    image: "Image"
    drawn: bool = False


class PictureSource:
    """A picture: one page, or as many as a .tif has. Of a phone's .jpg only the photo itself."""

    def __init__(self, file: IO[bytes], name: str, kind: str) -> None:
        from PIL import Image

        self._file, self._name, self._kind = file, name, kind
        Image.MAX_IMAGE_PIXELS = None  # counted here, with a sentence
        file.seek(0)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd tags, which the picture does not need
            self._image: Any = Image.open(file, formats=(_PLUGINS[kind],))
            self.can_be_attached = kind in _ATTACHED
            self.page_count = check_pages(self._count() if kind == "tif" else 1, name)

    def _count(self) -> int:
        """Return the number of pages, and one too many at most: each has to be looked for."""
        for page in range(limits.MAX_SCAN_PAGES + 1):
            try:
                self._image.seek(page)
            except EOFError:
                return page
            check_pixels(self._image.size, self._name, page)
        return limits.MAX_SCAN_PAGES + 1

    def picture(self, page: int) -> PagePicture:
        """Return a page, turned as the phone that took it says."""
        from PIL import ImageOps

        with told(self._name):
            return PagePicture(_on_white(ImageOps.exif_transpose(self._loaded(page))))

    def drawing(self, page: int) -> "Image | None":
        """Return nothing: a picture is a picture, whoever made it."""
        return None

    def _loaded(self, page: int) -> "Image":
        if self._kind == "tif":
            self._image.seek(page)
        image: Image = self._image
        most = limits.MAX_PHOTO_PIXELS if self._kind == "jpg" else limits.MAX_PICTURE_PIXELS
        check_pixels(image.size, self._name, page, most)
        factor = _too_large(image)
        if factor > 1 and self._kind == "jpg":  # unpacked in half or a quarter of its size at once
            image.draft(None, (round(image.width / factor), round(image.height / factor)))
        image.load()
        factor = _too_large(image)
        if factor <= 1:
            return image
        known = image if image.mode in _REDUCIBLE else _on_white(image)  # black and white, palettes
        return known.reduce(math.ceil(factor))

    def write(self, pages: Sequence[int], folder: Path, stem: str) -> Path:
        """Write the pages without loss; a .bmp becomes a .png, which can be attached."""
        if self._kind == "tif":
            return self._write_tiff(pages, folder / f"{stem}.tif")
        if self._kind == "bmp":
            with told(self._name):
                self._image.load()
            self._image.save(folder / f"{stem}.png")
            return folder / f"{stem}.png"
        return copied(self._file, folder / f"{stem}.{self._kind}", self._name)

    def _write_tiff(self, pages: Sequence[int], target: Path) -> Path:
        from PIL.TiffImagePlugin import AppendingTiffWriter

        # Opened here: closing, the writer would read on in what a full disk left unfinished.
        with target.open("w+b") as file:
            out = AppendingTiffWriter(file)
            for page in pages:
                with told(self._name):
                    self._image.seek(page)
                    self._image.load()
                packing = "group4" if self._image.mode == "1" else "tiff_adobe_deflate"
                dpi = self._image.info.get("dpi")
                self._image.copy().save(out, "TIFF", compression=packing, **({"dpi": dpi} if dpi else {}))
                out.newFrame()
        return target

    def close(self) -> None:
        """Let go of the picture."""
        self._image.close()


def _too_large(image: "Image") -> float:
    """Return by how much to divide the sides of a picture; 1 or less leaves it as it is."""
    return math.sqrt(image.width * image.height / limits.MAX_SCAN_PAGE_PIXELS)


def copied(file: IO[bytes], target: Path, name: str) -> Path:
    """Write the whole file as it is and return where."""
    with told(name):
        file.seek(0)
    with target.open("wb") as out:
        while True:
            with told(name):
                piece = file.read(_PIECE_BYTES)
            if not piece:
                return target
            out.write(piece)


def _on_white(image: "Image") -> "Image":
    """Return the picture in grey or RGB, whatever its own way to write colours; what is clear is paper."""
    from PIL import Image

    if image.mode in ("1", "L"):
        return image.convert("L")
    if image.mode.startswith(("I", "F")):  # 16 bits of grey
        return image.convert("F").point(lambda value: value * (1 / 256)).convert("L")
    if image.mode in ("LA", "PA", "RGBA", "La", "RGBa") or "transparency" in image.info:
        shown = image.convert("RGBA")
        paper = Image.new("RGB", shown.size, "white")
        paper.paste(shown, mask=shown.getchannel("A"))
        return paper
    return image.convert("RGB")
