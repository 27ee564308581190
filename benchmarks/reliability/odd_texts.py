"""R26: odd texts in every place of every paper, read back from the PDF.

Markup, steering characters, emoji, rare and minority names, right-to-left and 5,000 characters: all that was
entered must be read again, but for what the paper says is cut; no character lies outside the margins, on a
line or on another; no shape stands for "missing"; and what no font has is named to the user.
"""

import argparse
import os
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.reliability.losses import Losses
from benchmarks.reliability.odd_filler import Filler, OddPaper
from benchmarks.reliability.odd_papers import PAPERS
from benchmarks.reliability.odd_register import register_papers
from benchmarks.reliability.odd_words import OddTexts, drawn_characters, lacking, seen
from benchmarks.reliability.offices import make_sample
from benchmarks.reliability.pdf_glyphs import shows_glyph_0
from benchmarks.reliability.pdf_reading import ReadPage, read_pdf, whole_text
from cdo_desktop.documents.pdf.fonts import BUNDLED_FONTS_VARIABLE, describe_character, missing_characters

TRIALS = 100  # of each paper
_TOLD = 3  # sentences of one kind about one paper


@dataclass
class OddLosses(Losses):
    """What was printed and read, and what is wrong with it."""

    papers: Counter[str] = field(default_factory=Counter)
    texts: int = 0
    cut: int = 0
    named: int = 0

    def __str__(self) -> str:
        return (
            f"R26 papers={self.papers.total()} texts={self.texts} of them cut and said so={self.cut} "
            f"with characters that no font has, named={self.named} lost={self.total}"
        )


def run(trials: int, seed: int = 26, names: Sequence[str] = ()) -> OddLosses:
    """Print so many of every paper, or of some, and read them back."""
    losses = OddLosses()
    for ch in missing_characters(drawn_characters()):
        losses.lost.append(f"no font has {describe_character(ch)}")
    for name in names or PAPERS:
        for number in range(trials):
            losses.papers[name] += 1
            odd = OddTexts(seed * 100_000 + number)
            try:
                wrong = judge(PAPERS[name](Filler(odd)), losses)
            except Exception:  # noqa: BLE001  what must never be raised is what is looked for
                wrong = [traceback.format_exc(limit=-4)]
            losses.lost += [f"{name} {number}: {what}" for what in wrong]
    return losses


def run_register(losses: OddLosses, sample: Path, folder: Path, trials: int, seed: int = 26) -> None:
    """Do the same through the services: save, print, read."""
    for number, (paper, wrong) in enumerate(register_papers(sample, folder, trials, seed)):
        losses.papers["through the services"] += 1
        losses.lost += [f"register {number}: {what}" for what in (*wrong, *judge(paper, losses))]


def judge(paper: OddPaper, losses: OddLosses) -> list[str]:
    """Return what is wrong with a paper."""
    pages = read_pdf(paper.content)
    wrong = [] if not shows_glyph_0(paper.content) else ["shows glyph 0"]
    wrong += [
        f"page {number}: {what}" for number, page in enumerate(pages, 1) for what in _misplaced(page, paper)
    ]
    wrong += ["characters that cannot be copied"] * any(page.unread for page in pages)
    text = whole_text(pages, paper.area.above)
    told = "".join(paper.problems)
    for name, entered in paper.texts.items():
        losses.texts += 1
        expected = seen(entered)
        if expected not in text:
            # Of what follows others in its place, or begins with what is not seen, nothing may be left.
            least = 0 if name in paper.after_others or not seen(entered[:1]) else 1
            if not _is_cut(text, expected, paper.cut, least):
                wrong.append(f"{name}: {expected[:60]!r} is not there")
            losses.cut += 1
            if paper.cut_is_named and "太长" not in told:
                wrong.append(f"{name}: nobody says before printing that it is cut")
        missing = lacking(entered)
        losses.named += bool(missing)
        wrong += [f"{name}: U+{ord(ch):04X} is not named" for ch in missing if f"U+{ord(ch):04X}" not in told]
    return wrong


def _misplaced(page: ReadPage, paper: OddPaper) -> list[str]:
    area = paper.area
    outside = list(page.outside(area.left, area.right, area.bottom, area.top))
    return [*outside[:_TOLD], *list(page.crossed())[:_TOLD], *list(page.overlapping())[:_TOLD]]


def _is_cut(text: str, expected: str, mark: str, least: int) -> bool:
    """Whether the beginning of a text is there, with words after it that say that it is cut."""
    mark = "".join(mark.split())
    end = text.find(mark)
    while end >= 0:
        counts = range(min(len(expected), end), least - 1, -1)
        if any(text.endswith(expected[:count], 0, end) for count in counts):
            return True
        end = text.find(mark, end + 1)
    return False


def main() -> int:
    """Print the papers and tell the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=TRIALS)
    parser.add_argument("--seed", type=int, default=26)
    parser.add_argument("--paper", action="append", default=[], choices=list(PAPERS))
    options = parser.parse_args()
    os.environ[BUNDLED_FONTS_VARIABLE] = "1"
    begun = time.monotonic()
    losses = run(options.trials, options.seed, options.paper)
    if not options.paper:
        with tempfile.TemporaryDirectory() as folder:
            sample = make_sample(Path(folder) / "sample")
            run_register(losses, sample, Path(folder) / "data", options.trials, options.seed)
    return losses.tell(begun)


if __name__ == "__main__":
    sys.exit(main())
