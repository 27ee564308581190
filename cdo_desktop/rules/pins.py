"""Which PINs are good enough: what everybody would try first is refused."""

import unicodedata
from itertools import pairwise

from cdo_desktop.errors import InvalidInputError

LEAST_DIGITS, MOST_DIGITS = 4, 12
LEAST_CHARACTERS, MOST_CHARACTERS = 6, 64
RULE = f"{LEAST_DIGITS}—{MOST_DIGITS} 位数字，或不少于 {LEAST_CHARACTERS} 个字符的文字。"
# What has no simple pattern and stands at the head of every list of guesses all the same.
_FAVOURITES_TEXT = """
5201314 1314520 147258 147258369 159357 258369 13145200 7758521 31415926 3141592 314159 2580 1314
password passw0rd password1 qwerty qwertyuiop asdfgh asdfghjkl zxcvbn zxcvbnm 1q2w3e 1q2w3e4r 1qaz2wsx
qazwsx iloveyou woaini admin123 admin888 abc123 a123456 admini administrator baoshan shanghai
"""
_FAVOURITES = frozenset(_FAVOURITES_TEXT.split())


def clean_pin(typed: str) -> str:
    """Return a PIN as it is compared: full-width digits are the same, blanks at the ends do not count."""
    return unicodedata.normalize("NFKC", typed).strip()


def check_pin(typed: str) -> str:
    """Return a new PIN as it is compared; raise ``InvalidInputError`` for one too short or too easy."""
    pin = clean_pin(typed)
    if not pin:
        raise InvalidInputError(f"请填写 PIN：{RULE}")
    digits = pin.isascii() and pin.isdigit()
    least, most = (LEAST_DIGITS, MOST_DIGITS) if digits else (LEAST_CHARACTERS, MOST_CHARACTERS)
    if not least <= len(pin) <= most:
        unit = "位数字" if digits else "个字符"
        bound = f"至少 {least}" if len(pin) < least else f"最多 {most}"
        raise InvalidInputError(f"PIN 现在是 {len(pin)} {unit}，{bound} {unit[0]}，请改一个。")
    if _is_easy(pin.casefold()):
        raise InvalidInputError("这个 PIN 太容易猜到（相同、连续、重复的数字或字母，或常用口令），请换一个。")
    return pin


def _is_easy(pin: str) -> bool:
    doubled = pin[::2] == pin[1::2]  # 112233
    return pin in _FAVOURITES or _is_run(pin) or _is_repeated(pin) or (doubled and _is_run(pin[::2]))


def _is_run(pin: str) -> bool:
    """Whether every character follows the one before: 123456, 654321, 7890, abcdef, 111111."""
    codes = [ord(character) for character in pin]
    if pin.isdigit():
        codes = [int(character) for character in pin]
        steps = {(after - before) % 10 for before, after in pairwise(codes)}
        return len(steps) == 1 and steps <= {0, 1, 9}
    steps = {after - before for before, after in pairwise(codes)}
    return len(steps) == 1 and steps <= {0, 1, -1}


def _is_repeated(pin: str) -> bool:
    """Whether it is one part again and again: 1212, 123123, abcabc."""
    return (pin * 2).find(pin, 1) < len(pin)
