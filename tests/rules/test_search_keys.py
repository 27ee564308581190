"""What a text finds in names, stated as pairs."""

import pytest

from cdo_desktop.rules.pinyin import pinyin_of, unit_pinyin
from cdo_desktop.rules.search_keys import (
    LONGEST_TEXT,
    NameKeys,
    Rank,
    find_in,
    name_keys,
    search_words,
    spoken_name,
)


def person(name: str) -> NameKeys:
    return name_keys(name, pinyin_of(name))


def unit(name: str) -> NameKeys:
    return name_keys(name, unit_pinyin(name))


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("张三", ("张三",)),
        (" Zhang  SAN ", ("zhang", "san")),
        ("张s", ("张", "s")),
        ("ld专员", ("ld", "专员")),
        ("买买提·吐尔逊", ("买买提", "吐尔逊")),
        ("５Ｇ办", ("5g", "办")),
        ("lü", ("lv",)),
        ("xi'an", ("xi", "an")),
        ("区教育局（筹）", ("区教育局", "筹")),
        ("𬀩\U00031350", ("𬀩\U00031350",)),
        ('" OR *', ("or",)),
        (" ·-（）_%\\", ()),
        ("", ()),
    ],
)
def test_text_is_cut_into_words(typed: str, words: tuple[str, ...]) -> None:
    assert search_words(typed) == words


def test_very_long_text_counts_only_at_its_beginning() -> None:
    assert search_words("王" * 5000) == ("王" * LONGEST_TEXT,)


@pytest.mark.parametrize(
    ("typed", "name", "rank"),
    [
        ("张三丰", person("张三丰"), Rank.EXACT),
        ("zhangsanfeng", person("张三丰"), Rank.EXACT),
        ("ZSF", person("张三丰"), Rank.EXACT),
        ("张三", person("张三丰"), Rank.START),
        ("zhangs", person("张三丰"), Rank.START),
        ("zs", person("张三丰"), Rank.START),
        ("三丰", person("张三丰"), Rank.PART),
        ("sanf", person("张三丰"), Rank.PART),
        ("sf", person("张三丰"), Rank.PART),
        ("san zhang", person("张三丰"), Rank.PART),
        ("zhang san", person("张三丰"), Rank.START),
        ("张丰", person("张三丰"), None),
        ("hang", person("张三丰"), None),  # no syllable begins there
        ("angsan", person("张三丰"), None),
        ("zf", person("张三丰"), None),
        ("zhang li", person("张三丰"), None),
        ("shan", person("单雄信"), Rank.START),
        ("dan", person("单雄信"), None),
        ("jyj", unit("区教育局"), Rank.PART),
        ("qjyj", unit("区教育局"), Rank.EXACT),
        ("yanghang", unit("杨行镇"), Rank.START),
        ("吐尔", person("买买提·吐尔逊"), Rank.PART),
        ("提吐", person("买买提·吐尔逊"), Rank.PART),
        ("smith", person("John Smith"), Rank.PART),
        ("js", person("John Smith"), Rank.EXACT),
        ("5gb", unit("5G办公室"), Rank.START),
        ("5G办", unit("5G办公室"), Rank.START),
        ("lv", person("吕布"), Rank.START),
        ("", person("张三"), None),
    ],
)
def test_name_is_found_as_stated(typed: str, name: NameKeys, rank: Rank | None) -> None:
    assert find_in(search_words(typed), [name]) == rank


def test_word_does_not_reach_from_one_name_into_the_next() -> None:
    names = [unit("区教育局"), unit("上海市宝山区教育局")]
    assert find_in(search_words("局上海"), names) is None
    assert find_in(search_words("上海 qjyj"), names) == Rank.START


def test_fixed_words_are_spelt_as_pinyin_spells_them() -> None:
    assert spoken_name("数据专员", "shu ju zhuan yuan") == unit("数据专员")
