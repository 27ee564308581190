"""R10: damaged database files. Each must be told of by a sentence, stay as it is, and give way to a backup.

200 structural damages (pages zeroed, overwritten, copied over each other, swapped; header and page heads
changed), 100 cuts, and what lands in a folder by mistake: nothing, a text, noise, a zip. Damage that changes
no data (a page that holds nothing, or the search index only) may pass unnoticed; it is counted apart.
"""

import argparse
import io
import random
import shutil
import sys
import tempfile
import time
import traceback
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.reliability.offices import Clock, backups_of, copy_office, digests, make_sample
from cdo_desktop.errors import AppError
from cdo_desktop.office import Office
from cdo_desktop.services.safety import refuse_lost_database
from cdo_desktop.store.manifest import BackupKind

STRUCTURAL, CUTS = 2000, 100
PAGE = 4096
_HEADER = 100


@dataclass
class Losses:
    """Counts of what must stay 0, and of how the rest ended."""

    trials: int = 0
    refused: int = 0  # not opened, with a sentence
    reported: int = 0  # opened, and the check says what is wrong
    harmless: int = 0  # nothing found, and all content is there
    silent: list[str] = field(default_factory=list)  # nothing found, and the content is another
    crashed: list[str] = field(default_factory=list)
    altered: list[str] = field(default_factory=list)  # the damaged file was written to although refused
    not_restored: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        """Everything that must not happen."""
        return sum(map(len, (self.silent, self.crashed, self.altered, self.not_restored)))

    def __str__(self) -> str:
        return (
            f"R10 damages={self.trials} refused={self.refused} reported={self.reported} "
            f"harmless={self.harmless} silent={len(self.silent)} crashed={len(self.crashed)} "
            f"altered={len(self.altered)} not_restored={len(self.not_restored)}"
        )


def damages(good: bytes, structural: int, cuts: int, seed: int = 10) -> Iterator[tuple[str, bytes]]:
    """Yield damaged copies of a database with what was done to them."""
    chance = random.Random(seed)
    kinds: tuple[Callable[[bytearray, random.Random], str], ...] = (
        _zeroed_page,
        _noisy_page,
        _copied_page,
        _swapped_pages,
        _changed_header,
        _changed_page_head,
    )
    for number in range(structural):
        damaged = bytearray(good)
        name = kinds[number % len(kinds)](damaged, chance)
        yield name, bytes(damaged)
    for _ in range(cuts):
        length = chance.randrange(1, len(good))
        yield f"cut to {length} bytes", good[:length]
    yield "nothing in it", b""
    yield "a text", "这不是数据库。\n".encode() * 500
    yield "noise, like an encrypted file", chance.randbytes(len(good))
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("名册.txt", "内容" * 1000)
    yield "a zip", archive.getvalue()
    yield "only the header", good[:_HEADER]
    yield "only zeros", bytes(len(good))


def _page(content: bytearray, chance: random.Random) -> int:
    return chance.randrange(len(content) // PAGE) * PAGE


def _zeroed_page(content: bytearray, chance: random.Random) -> str:
    at = _page(content, chance)
    content[at : at + PAGE] = bytes(PAGE)
    return f"page {at // PAGE + 1} zeroed"


def _noisy_page(content: bytearray, chance: random.Random) -> str:
    at = _page(content, chance)
    content[at : at + PAGE] = chance.randbytes(PAGE)
    return f"page {at // PAGE + 1} overwritten"


def _copied_page(content: bytearray, chance: random.Random) -> str:
    source, target = _page(content, chance), _page(content, chance)
    content[target : target + PAGE] = content[source : source + PAGE]
    return f"page {source // PAGE + 1} written over page {target // PAGE + 1}"


def _swapped_pages(content: bytearray, chance: random.Random) -> str:
    one, other = _page(content, chance), _page(content, chance)
    content[one : one + PAGE], content[other : other + PAGE] = (
        content[other : other + PAGE],
        content[one : one + PAGE],
    )
    return f"pages {one // PAGE + 1} and {other // PAGE + 1} swapped"


def _changed_header(content: bytearray, chance: random.Random) -> str:
    places = sorted(chance.sample(range(_HEADER), chance.randrange(1, 20)))
    for place in places:
        content[place] ^= chance.randrange(1, 256)
    return f"header bytes {places}"


def _changed_page_head(content: bytearray, chance: random.Random) -> str:
    at = _page(content, chance)
    places = sorted(chance.sample(range(8), chance.randrange(1, 8)))
    for place in places:
        content[at + (_HEADER if at == 0 else 0) + place] ^= chance.randrange(1, 256)
    return f"head of page {at // PAGE + 1}, bytes {places}"


def run(structural: int, cuts: int, folder: Path) -> Losses:
    """Try that many damages, then restore after each one."""
    losses = Losses()
    sample = make_sample(folder / "sample")
    content = digests(sample)
    data = folder / "data"
    database = copy_office(sample, data)
    backups_of(data).back_up(BackupKind.START)
    for name, damaged in damages(sample.read_bytes(), structural, cuts):
        for stale in (*data.glob("*-journal"), *data.glob("*.before-restore-*")):
            stale.unlink()
        database.write_bytes(damaged)
        losses.trials += 1
        try:
            _try(losses, name, data, damaged, content)
        except Exception:  # noqa: BLE001  whatever is no AppError would be a traceback in front of the clerk
            losses.crashed.append(f"{name}\n{traceback.format_exc()}")
    return losses


def _try(losses: Losses, name: str, data: Path, damaged: bytes, content: tuple[str, str]) -> None:
    database = data / "cdo.sqlite3"
    service = backups_of(data)
    try:
        refuse_lost_database(data)
        Office(data, Clock()).close()
        problems = service.check(thorough=True).problems
    except AppError:
        losses.refused += 1
        if database.read_bytes() != damaged:
            losses.altered.append(name)
    else:
        if problems:
            losses.reported += 1
        elif digests(database) == content:
            losses.harmless += 1
        else:
            losses.silent.append(name)
    kept = database.read_bytes()
    restored = service.restore(service.backups()[0].path)
    if digests(database) != content:
        losses.not_restored.append(name)
    if restored.kept is None or restored.kept.read_bytes() != kept:
        losses.altered.append(f"{name}: what was kept differs")


def main() -> int:
    """Run the trials and print the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--structural", type=int, default=STRUCTURAL)
    parser.add_argument("--cuts", type=int, default=CUTS)
    options = parser.parse_args()
    begun = time.monotonic()
    folder = Path(tempfile.mkdtemp())
    try:
        losses = run(options.structural, options.cuts, folder)
    finally:
        shutil.rmtree(folder)
    print(f"{losses} in {time.monotonic() - begun:.0f} s")
    for words in (losses.silent, losses.crashed, losses.altered, losses.not_restored):
        print(*(f"  {word}" for word in words), sep="\n", end="\n" if words else "")
    return 1 if losses.total else 0


if __name__ == "__main__":
    sys.exit(main())
