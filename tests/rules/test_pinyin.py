"""Search and sort keys of names (quality.md U8, U14; dependencies.md §7)."""

import csv
import random
import subprocess
import sys

import pytest

from cdo_desktop import paths
from cdo_desktop.rules.pinyin import PinyinKeys, pinyin_of, unit_pinyin

PERSONS = [
    ("张三", "zhangsan", "zs"),
    ("单雄信", "shanxiongxin", "sxx"),
    ("解晓东", "xiexiaodong", "xxd"),
    ("仇保兴", "qiubaoxing", "qbx"),
    ("曾国藩", "zengguofan", "zgf"),
    ("查良镛", "zhaliangyong", "zly"),
    ("区寄", "ouji", "oj"),
    ("朴正", "piaozheng", "pz"),
    ("任重", "renzhong", "rz"),
    ("华国", "huaguo", "hg"),
    ("盖叫天", "gejiaotian", "gjt"),
    ("覃明", "qinming", "qm"),
    ("翟志刚", "zhaizhigang", "zzg"),
    ("乐乐", "yuele", "yl"),
    ("卜凡", "bufan", "bf"),
    ("薄一", "boyi", "by"),
    ("缪荃", "miaoquan", "mq"),
    ("阚清子", "kanqingzi", "kqz"),
    ("佴明", "naiming", "nm"),
    ("种师道", "chongshidao", "csd"),
    ("召明", "shaoming", "sm"),
    ("折可适", "shekeshi", "sks"),
    ("繁星", "poxing", "px"),
    ("占方", "zhanfang", "zf"),
    ("秘明", "biming", "bm"),
    ("石破", "shipo", "sp"),
    ("车到", "chedao", "cd"),  # not read as part of a word
    ("盛饭", "shengfan", "sf"),
    ("长孙无忌", "zhangsunwuji", "zswj"),
    ("尉迟恭", "yuchigong", "ycg"),
    ("尉明", "weiming", "wm"),
    ("万俟卨", "moqixie", "mqx"),
    ("万俟", "wanqi", "wq"),  # two characters: 万 is the surname
    ("澹台灭明", "tantaimieming", "ttmm"),
    ("令狐冲", "linghuchong", "lhc"),
    ("欧阳修", "ouyangxiu", "oyx"),
    ("诸葛亮", "zhugeliang", "zgl"),
    ("夏侯惇", "xiahoudun", "xhd"),
    ("乐正子", "yuezhengzi", "yzz"),
    ("吕布", "lvbu", "lb"),
    ("李〇", "liling", "ll"),
    ("王𬀩", "wangwei", "ww"),
    ("刘龑", "liuyan", "ly"),
    ("㛃𠅤", "jiexi", "jx"),
    ("买买提·艾力", "maimaitiaili", "mmtal"),
    ("单·解力", "danjieli", "djl"),  # a name with a dot has no Han surname
    ("John Smith", "johnsmith", "js"),
    ("張三（女）", "zhangsannv", "zsn"),
    ("李\ue000", "li\ue000", "l\ue000"),
    ("李\U000323af", "li\U000323af", "l\U000323af"),
    ("", "", ""),
]

UNITS = [
    ("大场镇", "dachangzhen", "dcz"),
    ("杨行镇", "yanghangzhen", "yhz"),
    ("宝山区庙行镇人民政府", "baoshanqumiaohangzhenrenminzhengfu", "bsqmhzrmzf"),
    ("闵行区", "minhangqu", "mhq"),
    ("重庆市长宁区", "chongqingshichangningqu", "cqscnq"),
    ("区财政局", "qucaizhengju", "qczj"),
    ("区科创委（投促办）", "qukechuangweitoucuban", "qkcwtcb"),
    ("区行政服务中心", "quxingzhengfuwuzhongxin", "qxzfwzx"),
    ("区绿化市容局", "qulvhuashirongju", "qlhsrj"),
    ("华山街道", "huashanjiedao", "hsjd"),
    ("区5G办", "qu5gban", "q5gb"),
    ("", "", ""),
]


@pytest.mark.parametrize(("name", "full", "initials"), PERSONS)
def test_a_person_is_found_by_pinyin_and_initials(name: str, full: str, initials: str) -> None:
    keys = pinyin_of(name)
    assert (keys.full, keys.initials) == (full, initials)


@pytest.mark.parametrize(("name", "full", "initials"), UNITS)
def test_a_unit_is_found_by_pinyin_and_initials(name: str, full: str, initials: str) -> None:
    keys = unit_pinyin(name)
    assert (keys.full, keys.initials) == (full, initials)


def test_every_shipped_unit_has_a_reading_for_every_character() -> None:
    path = paths.resource("units", "units_baoshan.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 55
    for row in rows:
        keys = unit_pinyin(row["单位简称"])
        characters = [character for character in row["单位简称"] if character not in "（）"]
        assert keys.full.isascii()
        assert keys.full.isalpha()
        assert len(keys.initials) == len(characters)


def test_names_sort_by_surname_then_by_the_rest() -> None:
    expected = [
        "阿明",
        "解三",  # xie, not jie
        "詹明",
        "张安",
        "张三",
        "张三丰",
        "张四",
        "章二",  # 章 after all of 张, though er comes before san
        "章一",
        "仉一",  # the third tone after the first
    ]
    shuffled = list(expected)
    random.Random(1).shuffle(shuffled)
    assert sorted(shuffled, key=lambda name: pinyin_of(name).sort_key) == expected


def test_a_short_syllable_sorts_before_a_longer_one() -> None:
    assert pinyin_of("詹明").sort_key < pinyin_of("张爱").sort_key  # zhan ming, zhang ai
    assert pinyin_of("李安").sort_key < pinyin_of("连安").sort_key


def test_equal_names_keep_their_order() -> None:
    rows = [("张三", 2), ("李四", 0), ("张三", 1)]
    assert sorted(rows, key=lambda row: pinyin_of(row[0]).sort_key) == [("李四", 0), ("张三", 2), ("张三", 1)]


def test_the_sort_key_is_letters_tone_and_character() -> None:
    assert pinyin_of("单田芳") == PinyinKeys("shantianfang", "stf", "shan4单 tian2田 fang1芳")
    assert pinyin_of("买买提·艾力").sort_key == "mai3买 mai3买 ti2提 ai4艾 li4力"


def test_importing_the_rules_leaves_the_dictionary_unread() -> None:
    code = (
        "import sys, cdo_desktop.rules.pinyin, cdo_desktop.rules.text, cdo_desktop.rules.working_days; "
        "sys.exit(any(name in sys.modules for name in ('pypinyin', 'borax')))"
    )
    result = subprocess.run([sys.executable, "-c", code], check=False, cwd=paths.resource().parent)
    assert result.returncode == 0
