"""The keys of a register behave as a list of pairs."""

import pytest

from cdo_desktop.services.register_keys import RowKeys

PAIRS = [(1, 7), (2, 0), (3, 9), (4, 0)]


def test_keys_read_as_the_pairs_they_were_made_from() -> None:
    keys = RowKeys(PAIRS)
    assert list(keys) == PAIRS
    assert (len(keys), keys[0], keys[-1], keys[1:3], keys[2:99]) == (4, (1, 7), (4, 0), PAIRS[1:3], PAIRS[2:])
    assert keys == PAIRS
    assert (3, 9) in keys
    assert (9, 3) not in keys
    assert [keys.index(pair) for pair in PAIRS] == [0, 1, 2, 3]


@pytest.mark.parametrize("number", [2**32 - 1, 2**32, 2**63 - 1, -1])
@pytest.mark.parametrize("before", [0, 1, 63, 64, 200])
def test_any_number_of_a_database_is_kept(before: int, number: int) -> None:
    pairs = [*((place, place + 1) for place in range(before)), (number, 0), (5, number)]
    assert list(RowKeys(iter(pairs))) == pairs


def test_no_rows_have_no_keys() -> None:
    assert list(RowKeys()) == []
    assert not RowKeys()
    assert RowKeys() == []


def test_place_or_key_that_is_not_there_is_an_error() -> None:
    with pytest.raises(IndexError):
        RowKeys(PAIRS)[4]
    with pytest.raises(ValueError, match="not in list"):
        RowKeys(PAIRS).index((9, 9))
