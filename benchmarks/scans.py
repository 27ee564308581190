"""200 printed 备案表 as scans of 150, 200 and 300 dpi: turned, up to 4° askew, blurred and noisy.

Each resolution prints how many pages were read right, wrong and not at all, how many at the first look, and
the time of one page against the floor: a single look of zxing for QR codes at the same picture. Then all
pages go as files through the reader in its child process, and pages without a code show what a page for the
tray costs.
"""

import argparse
import io
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("CDO_BUNDLED_FONTS", "1")

import zxingcpp
from PIL import Image

from benchmarks.forms import sample_forms
from benchmarks.scan_pictures import pdf_of, photographed, printed, scanned, sealed, wear
from cdo_desktop.documents.readers.codes import find_codes
from cdo_desktop.documents.readers.scans import read_scan

RIGHT_GOAL = 0.99
RATIO_GOAL = 2.0
CODE = (166 / 210, 7 / 297, 195 / 210, 35 / 297)  # left, top, right and bottom of the code and its white
SEAL_DPI, PHOTO_DPI = 150, 220
PART = 50  # pages in one file
_QR = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])


@dataclass
class Tally:
    """What became of the pages, and how long it took."""

    right: int = 0
    wrong: int = 0
    unread: int = 0
    first_look: int = 0
    floor_read: int = 0
    ours: float = 0.0
    floor: float = 0.0

    @property
    def pages(self) -> int:
        """Return how many pages there were."""
        return self.right + self.wrong + self.unread

    def look(self, picture: Image.Image, record: str) -> None:
        """Read one page both ways and note what came out."""
        picture.load()
        started = time.perf_counter()
        single = zxingcpp.read_barcodes(picture, formats=_QR)
        middle = time.perf_counter()
        found = find_codes(picture)
        self.ours += time.perf_counter() - middle
        self.floor += middle - started
        self.floor_read += any(record in code.text for code in single)
        named = {mark.record_id for mark in found.marks}
        self.first_look += found.attempt == 1
        self.right += named == {record}
        self.wrong += bool(named - {record})
        self.unread += not named

    def line(self, name: str) -> str:
        """Return the line for these pages."""
        return (
            f"{name} right={self.right}/{self.pages} wrong={self.wrong} unread={self.unread} "
            f"first-look={self.first_look} floor-right={self.floor_read} "
            f"pages-a-second={self.pages / self.ours:.1f} ratio={self.ours / self.floor:.2f}"
        )


def records_and_pages(count: int, dpi: int) -> Iterator[tuple[int, str, Image.Image]]:
    """Yield a number, the record that the code names, and the clean page of so many forms."""
    forms = sample_forms(count)
    for number, page in enumerate(printed(forms, [dpi] * count)):
        code = forms[number].code
        assert code is not None
        yield number, code.record_id, page


def scans(count: int, dpi: int, kept: list[tuple[str, bytes]]) -> Tally:
    """Read so many worn forms of one resolution."""
    tally = Tally()
    for number, record, page in records_and_pages(count, dpi):
        picture = scanned(page, wear(number, dpi), number)
        tally.look(picture, record)
        packed = io.BytesIO()
        picture.save(packed, "JPEG", quality=80)
        kept.append((record, packed.getvalue()))
    return tally


def seals(count: int) -> Tally:
    """Read pages with a seal on the code."""
    tally = Tally()
    for number, record, page in records_and_pages(count, SEAL_DPI):
        tally.look(scanned(sealed(page, 0.86, 0.09), wear(number, SEAL_DPI), number), record)
    return tally


def photos(count: int) -> Tally:
    """Read photos."""
    tally = Tally()
    for number, record, page in records_and_pages(count, PHOTO_DPI):
        tally.look(photographed(page, number), record)
    return tally


def without_code(count: int) -> Tally:
    """Read pages whose code is not there: every look at them is in vain."""
    tally = Tally()
    for number, _record, page in records_and_pages(count, 200):
        left, top, right, bottom = CODE
        corner = round(left * page.width), round(top * page.height)
        page.paste(255, (*corner, round(right * page.width), round(bottom * page.height)))
        tally.look(scanned(page, wear(number, 200), number), "no record")
    return tally


def as_files(kept: Sequence[tuple[str, bytes]]) -> bool:
    """Read the same pages as PDF files of 50 pages, each in a child; True when the goal is reached."""
    counts: Counter[str] = Counter()
    seconds = 0.0
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "扫描件.pdf"
        for start in range(0, len(kept), PART):
            part = kept[start : start + PART]
            path.write_bytes(pdf_of([packed for _record, packed in part]))
            started = time.perf_counter()
            pages = read_scan(path).pages
            seconds += time.perf_counter() - started
            for page, (record, _packed) in zip(pages, part, strict=True):
                named = {mark.record_id for mark in page.marks}
                counts["right" if named == {record} else "wrong" if named else "unread"] += 1
    rate = len(kept) / seconds
    print(
        f"scan-files right={counts['right']}/{len(kept)} wrong={counts['wrong']} unread={counts['unread']} "
        f"pages-a-second={rate:.1f}",
        flush=True,
    )
    return counts["wrong"] == 0 and counts["right"] >= RIGHT_GOAL * len(kept)


def main(arguments: Sequence[str] | None = None) -> int:
    """Read all pages; 0 when at least 99 % are right, none is wrong, and the time is within its goal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--forms", type=int, default=200, help="number of forms in each resolution")
    options = parser.parse_args(arguments)
    kept: list[tuple[str, bytes]] = []
    reached = []
    ours = floor = 0.0
    for dpi in (150, 200, 300):
        tally = scans(options.forms, dpi, kept)
        print(tally.line(f"scans-{dpi}"), flush=True)
        reached.append(tally.wrong == 0 and tally.right >= RIGHT_GOAL * tally.pages)
        ours, floor = ours + tally.ours, floor + tally.floor
    print(f"scans ratio={ours / floor:.2f} goal={RATIO_GOAL:.2f}", flush=True)
    reached.append(ours / floor <= RATIO_GOAL)
    few = max(1, options.forms // 5)
    print(seals(few).line("scans-seals"), flush=True)
    print(photos(few).line("scans-photos"), flush=True)
    print(without_code(few).line("scans-without-code"), flush=True)
    reached.append(as_files(kept))
    return 0 if all(reached) else 1


if __name__ == "__main__":
    raise SystemExit(main())
