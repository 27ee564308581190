"""Pinyin of names: what the search box matches and what lists are sorted by."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

# Two-character surnames: what stands before the given name when a name has three characters or more.
_COMPOUND = """
欧阳 上官 司马 司徒 诸葛 夏侯 皇甫 尉迟 公孙 长孙 慕容 令狐 宇文 轩辕 东方 东郭 南宫 西门 独孤
端木 万俟 闻人 澹台 公冶 公羊 公西 公良 濮阳 淳于 太叔 申屠 钟离 鲜于 闾丘 司空 司寇 亓官 仉督
子车 颛孙 巫马 漆雕 乐正 壤驷 拓跋 夹谷 宰父 谷梁 百里 呼延 赫连 耶律 完颜 纳兰 叶赫 那拉 第五
梁丘 左丘 东门 南门 羊舌 微生 哥舒 贺兰 歐陽 諸葛 東方 長孫 尉遲 萬俟
"""
COMPOUND_SURNAMES = frozenset(_COMPOUND.split())

# Surnames that are not read as the character alone is (pypinyin knows no surnames), and two-character ones
# with an unusual reading. Where families differ (覃 Qín or Tán, 乐 Yuè or Lè) one reading had to be chosen.
_READINGS = """
单:shan4 單:shan4 解:xie4 仇:qiu2 曾:zeng1 查:zha1 区:ou1 區:ou1 朴:piao2 任:ren2 华:hua4 華:hua4
盖:ge3 蓋:ge3 覃:qin2 翟:zhai2 乐:yue4 樂:yue4 卜:bu3 薄:bo2 纪:ji3 紀:ji3 缪:miao4 繆:miao4
干:gan1 阚:kan4 那:na1 乜:nie4 佴:nai4 种:chong2 员:yun4 召:shao4 折:she2 繁:po2 占:zhan1 肖:xiao1
葛:ge3 燕:yan1 都:du1 相:xiang4 撒:sa4 能:nai4 洗:xian3 過:guo1 过:guo1 秘:bi4 祭:zhai4 黑:he4
句:gou1 角:jue2 贠:yun4 哈:ha3 少:shao4 炅:gui4 於:yu1 甯:ning4 便:pian2 长孙:zhang3,sun1
長孫:zhang3,sun1 尉迟:yu4,chi2 尉遲:yu4,chi2 万俟:mo4,qi2 萬俟:mo4,qi2 澹台:tan2,tai2
令狐:ling2,hu2 皇甫:huang2,fu3 夏侯:xia4,hou2 乐正:yue4,zheng4 拓跋:tuo4,ba2 鲜于:xian1,yu2
亓官:qi2,guan1 宰父:zai3,fu3 濮阳:pu2,yang2 淳于:chun2,yu2 呼延:hu1,yan2 叶赫:ye4,he4 那拉:na1,la1
子车:zi3,ju1
"""
_SURNAMES = {
    surname: readings.split(",") for surname, readings in (entry.split(":") for entry in _READINGS.split())
}

# Place names read by the people who live there; 大场, 杨行 and 庙行 are towns of 宝山区.
_PLACES = {
    "大场": ("da4", "chang3"),
    "杨行": ("yang2", "hang2"),
    "庙行": ("miao4", "hang2"),
    "闵行": ("min3", "hang2"),
    "长宁": ("chang2", "ning2"),
    "重庆": ("chong2", "qing4"),
    "重固": ("chong2", "gu4"),
    "莘庄": ("xin1", "zhuang1"),
    "浒墅": ("xu3", "shu4"),
}
_PLACE = re.compile("|".join(_PLACES))


@dataclass(frozen=True)
class PinyinKeys:
    """What a name is found and sorted by.

    ``full`` (zhangsan) and ``initials`` (zs) are lower case; ü is v, as it is typed. A character without a
    reading stands for itself. ``sort_key`` compares as plain text, by code point, and goes character by
    character as a dictionary does: letters, then tone, then the character itself. The surname decides first,
    张 and 章 are not mixed, and equal names stay in the order they came in.
    """

    full: str
    initials: str
    sort_key: str


def pinyin_of(name: str) -> PinyinKeys:
    """Return the keys of a person's name, its surname read as a surname: 单 Shàn, 万俟 Mòqí."""
    name = unicodedata.normalize("NFC", name)
    surname = _surname(name)
    readings = _SURNAMES.get(surname) or _readings(surname)
    return _keys(zip(name, [*readings, *_readings(name[len(surname) :])], strict=True))


def unit_pinyin(name: str) -> PinyinKeys:
    """Return the keys of a unit's name, its places read as they are called there: 杨行镇 Yángháng Zhèn."""
    name = unicodedata.normalize("NFC", name)
    readings: list[str] = []
    end = 0
    for place in _PLACE.finditer(name):
        readings += [*_readings(name[end : place.start()]), *_PLACES[place.group()]]
        end = place.end()
    readings += _readings(name[end:])
    return _keys(zip(name, readings, strict=True))


def _surname(name: str) -> str:
    """Return what is read apart from the rest; nothing for a name with ·, which has no Han surname."""
    if "·" in name:
        return ""
    return name[:2] if len(name) > 2 and name[:2] in COMPOUND_SURNAMES else name[:1]


def _readings(text: str) -> Iterator[str]:
    """Yield one reading a character, its tone as a digit; without a reading the character itself."""
    if text:
        from pypinyin.seg import mmseg  # 0.2 s and 50 MB: not at start-up

        # pypinyin itself cuts the text like this first; words recur, and asking for each once saves 9/10.
        for word in mmseg.seg.cut(text):
            yield from _word_readings(word)


@lru_cache(maxsize=1 << 16)
def _word_readings(word: str) -> tuple[str, ...]:
    from pypinyin import Style, lazy_pinyin

    # A list from ``errors`` is spread over the result: one entry a character here as well.
    return tuple(lazy_pinyin(word, style=Style.TONE3, neutral_tone_with_five=True, errors=list))  # type: ignore[arg-type]


def _keys(pairs: Iterable[tuple[str, str]]) -> PinyinKeys:
    full = initials = before = ""
    tokens: list[str] = []
    for character, reading in pairs:
        if unicodedata.category(character)[0] in "PSZ":  # dots, blanks and brackets only separate
            before = ""
            continue
        spoken = reading != character
        letters = reading[:-1] if spoken else character.lower()
        full += letters
        if spoken or not (_is_latin(character) and _is_latin(before)):  # of a Latin word the first letter
            initials += letters[0]
        tokens.append(f"{reading}{character}" if spoken else letters)
        before = character
    return PinyinKeys(full, initials, " ".join(tokens))


def _is_latin(character: str) -> bool:
    return character.isalpha() and character < "\u0250"
