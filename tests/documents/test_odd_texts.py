"""Ten of every paper with odd texts in every place (docs/reliability.md, R26)."""

import pytest

from benchmarks.reliability import odd_texts
from benchmarks.reliability.odd_papers import PAPERS


@pytest.mark.parametrize("name", PAPERS)
def test_odd_texts_are_read_again_and_stay_in_their_places(name: str) -> None:
    losses = odd_texts.run(10, seed=1, names=[name])
    assert (losses.papers[name], losses.lost) == (10, [])
