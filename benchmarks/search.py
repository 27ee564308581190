"""Search as somebody types, at 100,000 posts, against ranked LIKE over the same rows.

First every hit is compared with a plain scan for the meaning stated in `rules.search_keys`, then each text is
timed in turn. Median and worst text are printed as ratios with their goals.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sqlalchemy import select

from benchmarks.large_register import NOW, make_register
from benchmarks.search_like import Entry, LikeSearch
from cdo_desktop import paths
from cdo_desktop.models import Person, Post, Unit
from cdo_desktop.rules.pinyin import PinyinKeys, unit_pinyin
from cdo_desktop.rules.search_keys import Rank, find_in, is_found, name_keys, search_words
from cdo_desktop.services.journal import Journal
from cdo_desktop.services.search import MOST_COUNTED, POST_NAMES, HitKind, SearchResult, SearchService
from cdo_desktop.services.search_index import names_of_units
from cdo_desktop.store import Database, open_database

MEDIAN_GOAL = 1 / 12
WORST_GOAL = 1 / 8
LIMIT = 50
TEXTS = (
    *("w", "wa", "wang", "wangw", "wangwei", "ww", "wwj", "z", "zs"),
    *("王", "王伟", "张", "罗店", "罗泾镇", "lj", "jyj", "教育局", "luojing 专员", "𬀩", "xyzq"),
)


class PlainScan:
    """Looks at every record for every text."""

    def __init__(self, database: Database) -> None:
        with database.read() as session:
            persons = session.execute(select(Person.id, Person.name, Person.sort_key, Person.initials)).all()
            units = session.execute(select(Unit.id, Unit.sort_order)).all()
            names = names_of_units(session)
            posts = session.execute(select(Post.id, Post.unit_id, Post.kind)).all()
        self.persons = [
            Entry(
                row.id,
                (name_keys(row.name, PinyinKeys("", row.initials, row.sort_key)),),
                (len(row.name), row.sort_key),
            )
            for row in persons
        ]
        self.units = [
            Entry(
                row.id,
                tuple(name_keys(name, unit_pinyin(name)) for name in names[row.id]),
                (row.sort_order, ""),
            )
            for row in units
        ]
        self.posts = [(row.id, row.unit_id, row.kind) for row in posts]

    def find(self, words: Sequence[str]) -> dict[HitKind, dict[int, tuple[object, ...]]]:
        """Return every hit with its rank and its place among hits of that rank."""
        return {
            HitKind.PERSON: _ranked(words, self.persons),
            HitKind.UNIT: _ranked(words, self.units),
            HitKind.POST: self._posts(words),
        }

    def _posts(self, words: Sequence[str]) -> dict[int, tuple[object, ...]]:
        found: dict[int, tuple[object, ...]] = {}
        units = {unit.record_id: unit for unit in self.units}
        holding = {
            word: {unit.record_id for unit in self.units if is_found(word, unit.names)} for word in words
        }
        for post_id, unit_id, kind in self.posts:
            name = POST_NAMES[kind]
            if all(is_found(word, (name,)) or unit_id in holding[word] for word in words):
                # What begins the kind counts first; a word that is in the kind is not looked for in the unit.
                place = (name,) if is_found(words[0], (name,)) else units[unit_id].names
                rank = max(find_in(words[:1], place) or Rank.EXACT, Rank.START)
                found[post_id] = (rank, units[unit_id].order, tuple(POST_NAMES).index(kind))
        return found


def _ranked(words: Sequence[str], entries: Iterable[Entry]) -> dict[int, tuple[object, ...]]:
    ranks = ((entry, find_in(words, entry.names)) for entry in entries)
    return {
        entry.record_id: (rank, entry.order, entry.record_id) for entry, rank in ranks if rank is not None
    }


def check_equal(
    text: str, ours: SearchResult, like: Sequence[tuple[list[int], int]], scan: PlainScan
) -> None:
    """Stop unless both give the hits of the plain scan, as well ranked, and its count."""
    for (kind, wanted), (like_ids, like_total) in zip(
        scan.find(search_words(text)).items(), like, strict=True
    ):
        best = sorted(wanted, key=lambda record: (wanted[record], record))[:LIMIT]
        ids = [hit.record_id for hit in ours.of(kind)]
        total = min(len(wanted), MOST_COUNTED)
        if like_ids != best or like_total != total:
            raise SystemExit(
                f"{text} {kind}: LIKE finds {like_ids[:9]} of {like_total}, the scan {best[:9]} of {total}"
            )
        if ours.totals[kind] != total:
            raise SystemExit(f"{text} {kind}: {ours.totals[kind]} hits counted, the scan has {total}")
        # Beyond MOST_COUNTED hits of a rank, those registered first are put in order.
        same = [wanted.get(record, (None,))[0] for record in ids] == [wanted[record][0] for record in best]
        if (ids != best) if len(wanted) <= MOST_COUNTED else not (same and len(set(ids)) == len(best)):
            raise SystemExit(f"{text} {kind}: found {ids[:9]}, the scan {best[:9]}")


def _seconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def compare(service: SearchService, like: LikeSearch, rounds: int) -> bool:
    """Time every text in turn and print the ratios; return whether both reach their goals."""
    our_times: list[float] = []
    like_times: list[float] = []
    for text in TEXTS:
        ours: list[float] = []
        theirs: list[float] = []
        for _ in range(rounds):
            theirs.append(_seconds(partial(like.find, search_words(text), LIMIT)))
            ours.append(_seconds(partial(service.find, text, LIMIT)))
        our_times.append(median(ours))
        like_times.append(median(theirs))
    reached = True
    for name, goal, of in (("search-median", MEDIAN_GOAL, median), ("search-worst", WORST_GOAL, max)):
        own, floor = of(our_times), of(like_times)
        print(
            f"{name} ratio={own / floor:.4f} goal={goal:.4f} floor={floor:.4f}s ours={own:.4f}s", flush=True
        )
        reached = reached and own / floor <= goal
    return reached


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the comparison; 0 when both goals are reached."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=100_000, help="number of posts")
    parser.add_argument("--rounds", type=int, default=5, help="number of rounds, taken in turn")
    options = parser.parse_args(arguments)
    with TemporaryDirectory() as folder:
        make_register(Path(folder), options.posts)
        database = open_database(Path(folder) / paths.DATABASE_NAME)
        service = SearchService(database, Journal(lambda: NOW, "benchmark"))
        scan = PlainScan(database)
        like = LikeSearch(scan.persons, scan.units, scan.posts)
        for text in TEXTS:
            check_equal(text, service.find(text, LIMIT), like.find(search_words(text), LIMIT), scan)
        print(f"search-hits equal texts={len(TEXTS)} posts={len(scan.posts)}", flush=True)
        reached = compare(service, like, options.rounds)
        database.close()
    return 0 if reached else 1


if __name__ == "__main__":
    raise SystemExit(main())
