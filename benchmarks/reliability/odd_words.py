"""Odd texts as people type and paste them, and what of each must be seen on paper."""

import random
import unicodedata
from collections.abc import Mapping

NAMES = (
    "买买提·艾力·阿卜杜拉·吐尔逊",
    "𠮷田喆堃",
    "张𬀩𠅤𫍲𨭆㛃䶮",
    "O’Neil-Ruiz, J.",
    "欧阳　修文",
    "Mötley ÇÀÊ",
)
TITLES = (
    "党工委副书记、办事处主任，兼任城市数字化转型工作领导小组办公室成员、",
    "副主任（主持工作）；二级调研员 ",
    "信息中心Chief-Data-Officer助理/",
)
STEERING = (
    "<b>&\"'\n\t</b>",
    "&lt;&amp;&#20;<br/>",
    "(\\)\\n\\000)Tj ET",
    "%PDF-1.4 %s %d {0}",
    "{unit}{post}{name}{page}{count}{receiving_body}",
    "=1+1'--;\"",
    "</w:t>]]>",
)
BLANKS = (
    "  a\u00a0b\u2003c\u3000d\u2009e  ",
    "第一行\r\n第二行\r第三行\u2028第四行\u2029第五行\x0b第六行",
    "\t\t甲\t乙",
    "\n\n\n丙\n\n丁\n",
)
HIDDEN = ("零\u200b宽\u200d字\u2060符\ufeff\u00ad软", "\x00空\x07响\x1b[31m红\x7f\x85", "\u200e左\u200f右")
MARKS = ("，。、；：？！）》”’…—·", "（《“‘【〔" * 3, "………………", "——————————", "、" * 30)
WORDS = (
    "https://www.shbsq.gov.cn/" + "abcdef0123456789/" * 8,
    "a.very.long.name.of.somebody@baoshan.shanghai.gov.cn",
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ" * 4,
    "021-56560001-" * 6,
    "宝府任〔2026〕12号",
    "½Ⅳ①㎡℃→■",
)
LACKING: Mapping[str, str] = {
    "emoji": "😀👍🏽👨\u200d👩\u200d👧❤\ufe0f",
    "right to left": "مرحبا שלום",
    "a direction that is turned round": "甲\u202e乙丙\u202c丁",
    "private use": "张\ue863\ue000明",
    "combining": "e\u0301n\u0303葛\U000e0101",
    "an extension that no font has": "𰻝\U00031350",
    "a lone surrogate": "半\ud83d个",
    "other scripts": "가나다 ཀ ᠮᠣᠩ हिन्दी",
    "replaced": "乱\ufffd码",
}
NOT_DRAWN = frozenset(
    "😀👍🏽👨👩👧❤\ufe0fمرحباשלום\u202e\u202c\ue863\ue000\u0301\u0303\U000e0101𰻝\U00031350\ud83d가나다ཀᠮᠣᠩहिन्दी\ufffd\u2044"
)
"""What no font of the program has, of all the characters here; the services make 1⁄2 of ½ in a number."""

INVISIBLE = frozenset("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff")
_ORDINARY = ("张三", "区数据局", "主任", "2026", "情况属实", "")
_POOLS = (NAMES, TITLES, STEERING, BLANKS, HIDDEN, MARKS, WORDS, tuple(LACKING.values()))


def drawn_characters() -> str:
    """Return every character of these texts that a font must have, each once."""
    whole = "".join("".join(pool) for pool in _POOLS)
    return "".join(dict.fromkeys(ch for ch in whole if ch not in NOT_DRAWN and _is_seen(ch)))


def _is_seen(ch: str) -> bool:
    return not (ch.isspace() or ch in INVISIBLE or unicodedata.category(ch) == "Cc")


def seen(text: str) -> str:
    """Return what of a text must be read on paper: no blanks, and nothing that no font has."""
    return "".join(ch for ch in text if _is_seen(ch) and ch not in NOT_DRAWN)


def lacking(text: str) -> frozenset[str]:
    """Return the characters of a text that must be named to the user."""
    return NOT_DRAWN.intersection(text)


class OddTexts:
    """Makes texts; most begin or end with a number of their own, so that none is found in another."""

    def __init__(self, seed: int, *, complete: bool = False) -> None:
        """``complete`` leaves out what no font has."""
        self._chance = random.Random(seed)
        self._pools = _POOLS[:-1] if complete else _POOLS
        self._serial = 0

    def text(self, longest: int) -> str:
        """Return a text of at most so many characters."""
        self._serial += 1
        made = self._made(longest)
        mark = f"〔{self._serial}〕"
        if len(made) + len(mark) > longest or self._chance.random() < 0.2:
            return made
        return mark + made if self._chance.random() < 0.7 else made + mark

    def _made(self, longest: int) -> str:
        kind = self._chance.random()
        if kind < 0.15:
            return self._chance.choice(_ORDINARY)
        pool = self._chance.choice(self._pools)
        text = self._chance.choice(pool)
        if kind < 0.35:
            text += self._chance.choice(self._chance.choice(self._pools))
        if kind > 0.9:
            wanted = self._chance.choice([100, 200, longest])
            text = (text or "长") * (wanted // max(1, len(text)) + 1)
            text = text[:wanted]
        return text[:longest]

    def number(self, most: int) -> int:
        """Return a number from 0 to ``most``."""
        return self._chance.randint(0, most)

    def one_of(self, *values: str) -> str:
        """Return one of these values."""
        return self._chance.choice(values)

    def happens(self, share: float = 0.5) -> bool:
        """Return True so often."""
        return self._chance.random() < share
