"""A scan that is split twice: the same pages are the same bytes, whenever and however often."""

from pathlib import Path

import pytest
from PIL import Image
from pypdfium2 import PdfDocument

from cdo_desktop.documents.readers.scans import read_scan, split_scan


@pytest.mark.parametrize("name", ["a.pdf", "a.tif"])
def test_the_same_pages_are_the_same_bytes(tmp_path: Path, name: str) -> None:
    pages = [Image.new("L", (400, 560), shade) for shade in (255, 220, 180)]
    file = tmp_path / name
    pages[0].save(file, save_all=True, append_images=pages[1:])
    sha256 = read_scan(file).sha256
    found = []
    for folder in (tmp_path / "1", tmp_path / "2"):
        folder.mkdir()
        found.append([part.read_bytes() for part in split_scan(file, sha256, [[1, 3], [2]], folder)])
    assert found[0] == found[1]
    assert found[0][0] != found[0][1]


def test_what_was_written_has_its_pages_and_no_time(tmp_path: Path) -> None:
    pages = [Image.new("L", (400, 560), shade) for shade in (255, 220)]
    file = tmp_path / "a.pdf"
    pages[0].save(file, save_all=True, append_images=pages[1:])
    (part, _other) = split_scan(file, read_scan(file).sha256, [[1], [2]], tmp_path)
    with PdfDocument(part) as document:
        assert (len(document), document.get_metadata_value("CreationDate")) == (1, "")
        assert document[0].render().to_pil().convert("L").getextrema() == (255, 255)
