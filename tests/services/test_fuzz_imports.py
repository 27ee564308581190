"""Some of the damaged files of R25; the full count runs by `dev.py trials fuzz_imports`."""

from pathlib import Path

import pytest

from benchmarks.reliability import fuzz_imports as trials

EXAMPLES = 66


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> trials.Stock:
    return trials.make_stock(tmp_path_factory.mktemp("stock"))


@pytest.mark.parametrize("kind", trials.CASES)
def test_whatever_comes_in_is_read_or_refused_with_a_sentence(
    kind: str, stock: trials.Stock, tmp_path: Path
) -> None:
    """A panic of calamine is a sentence in the child, which has its own tests."""
    for number in range(EXAMPLES):
        if trials.name_of(number) == kind:
            ended = trials.try_case(stock, number, 1, tmp_path)
            assert ended in ("read", "refused") or "PanicException" in ended
