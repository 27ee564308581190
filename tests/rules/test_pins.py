"""Which PINs are taken and which are refused, in whole sentences."""

import pytest

from cdo_desktop.errors import InvalidInputError
from cdo_desktop.rules.pins import check_pin, clean_pin


@pytest.mark.parametrize("pin", ["2741", "903184", "620715934821", "宝山江畔晚风", "tide & sand", "n7#Qx2"])
def test_an_ordinary_pin_is_taken_as_it_is(pin: str) -> None:
    assert check_pin(pin) == pin


@pytest.mark.parametrize(
    "pin",
    [
        *("0000", "111111", "1234", "123456", "7890", "654321", "3210", "0987", "1212", "123123", "88668866"),
        *(
            "112233",
            "332211",
            "5201314",
            "147258",
            "2580",
            "password",
            "Passw0rd",
            "qwerty",
            "abcdef",
            "aaaaaa",
        ),
        *("abcabc", "ＡＢＣＡＢＣ", "１２３４５６", "1q2w3e4r"),
    ],
)
def test_what_everybody_tries_first_is_refused(pin: str) -> None:
    with pytest.raises(InvalidInputError, match="太容易猜到"):
        check_pin(pin)


@pytest.mark.parametrize(
    ("pin", "told"),
    [
        ("", "请填写 PIN"),
        ("   ", "请填写 PIN"),
        ("274", "现在是 3 位数字，至少 4 位"),
        ("2741903184627", "现在是 13 位数字，最多 12 位"),
        ("n7#Q", "现在是 4 个字符，至少 6 个"),
        ("江畔晚风" * 17, "最多 64 个"),
    ],
)
def test_the_length_is_told_with_what_is_allowed(pin: str, told: str) -> None:
    with pytest.raises(InvalidInputError, match=told):
        check_pin(pin)


def test_full_width_digits_are_the_same_pin() -> None:
    assert clean_pin(" ２７４１ ") == clean_pin("2741") == "2741"
