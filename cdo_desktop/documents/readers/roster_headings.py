"""What the heading of a roster column means, however a unit has worded it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import lru_cache

from cdo_desktop.documents.readers.roster_synonyms import (
    CONTACT_HEADINGS,
    FIELD_HEADINGS,
    GENERIC_HEADINGS,
    IGNORED_HEADINGS,
    OTHER_PERSON_HEADINGS,
    WEAK_UNIT_HEADINGS,
)
from cdo_desktop.rules.roster_columns import UNIT_FIELDS, RosterField
from cdo_desktop.rules.text import narrow
from cdo_desktop.rules.vocabulary import PostKind

F = RosterField


class HeadingKind(Enum):
    """What a heading stands for."""

    FIELD = auto()
    CONTACT = auto()  # 联系电话: a mobile or an office number, to be told by the cell
    POST = auto()  # a post: the head of a group, or the column of its holder's name
    GENERIC = auto()  # a group head without a meaning of its own, such as 基本信息
    IGNORED = auto()  # 序号
    OTHER_PERSON = auto()  # 联系人, 分管领导: what follows is theirs, not the holder's
    UNKNOWN = auto()


@dataclass(frozen=True)
class Heading:
    """The meaning of one heading; ``post`` is set where the heading itself names the post."""

    kind: HeadingKind
    field: RosterField | None = None
    post: PostKind | None = None
    weak: bool = False  # 部门 and 填报单位 name the unit only where no better column does

    @property
    def known(self) -> bool:
        """Whether a column with this heading is read."""
        return self.kind in (HeadingKind.FIELD, HeadingKind.CONTACT, HeadingKind.POST)


UNKNOWN = Heading(HeadingKind.UNKNOWN)


def _table() -> dict[str, Heading]:
    table = {
        word: Heading(HeadingKind.FIELD, field)
        for field, words in FIELD_HEADINGS.items()
        for word in words.split()
    }
    table |= {
        word: Heading(HeadingKind.FIELD, F.UNIT_FULL_NAME, weak=True) for word in WEAK_UNIT_HEADINGS.split()
    }
    table |= {word: Heading(HeadingKind.CONTACT) for word in CONTACT_HEADINGS.split()}
    table |= {word: Heading(HeadingKind.IGNORED) for word in IGNORED_HEADINGS.split()}
    table |= {word: Heading(HeadingKind.GENERIC) for word in GENERIC_HEADINGS.split()}
    table |= {word: Heading(HeadingKind.OTHER_PERSON) for word in OTHER_PERSON_HEADINGS.split()}
    return table


_TABLE = _table()

_POST_WORDS = {
    "数据专员a角": PostKind.SPECIALIST,
    "数据专员a岗": PostKind.SPECIALIST,
    "首席数据官cdo": PostKind.CDO,
    "首席数据官": PostKind.CDO,
    "cdo": PostKind.CDO,
    "数据专员": PostKind.SPECIALIST,
}
_POST = "数据专员a角|数据专员a岗|首席数据官cdo|首席数据官|cdo|数据专员"
_PREFIXED = re.compile(rf"(?:本?单位|本?部门|部门街镇园区|街镇园区)?({_POST})的?(.*)")
_SUFFIXED = re.compile(rf"(.+?)({_POST})")
_SINCE_POST = re.compile(rf"(?:任|委任|担任|受任|任职)({_POST})的?(?:日期|时间|起始日期|起始时间)")
_PREDECESSOR = re.compile(rf"(?:原|原任|前任)({_POST})的?(姓名|职务|现任职务)?")
_GROUP_TAIL = re.compile(r"(?:人员)?(?:基本)?(?:信息|情况|人选|人员|备案信息)?")
_PHONE_PAIR = re.compile(
    r"(?:联系电话|联系方式|电话|联系|号码|手机|移动|办公室|办公|座机|固话|固定|号|或|及|和|与|均可)+"
)
_PHONE_WORD = re.compile(r"电话|手机|座机|固话|联系")
_MOBILE_WORD = re.compile(r"手机|移动")
_OFFICE_WORD = re.compile(r"办公|座机|固话|固定")

_UNSEEN = r"\s\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff"
_INVISIBLE = re.compile(f"[{_UNSEEN}]+")
_VISIBLE = re.compile(f"[^{_UNSEEN}]")
_BRACKETS = re.compile(r"[(\[【〔{<《〈「](.*?)[)\]】〕}>》〉」]")
_PUNCTUATION = re.compile(r"[^\w]|_")
_WORD_MARKS = re.compile(r"[\s()（）\[\]【】.、,，;；:：/·]+")
_NUMBERING = re.compile(r"(?:\d{1,2}[.、)]|\(\d{1,2}\)|[一二三四五六七八九十]{1,2}、)")
_MUST = re.compile(r"(?:必填项?|选填项?|非必填项?|可选|可不填)$")
_NOTE = re.compile(
    r"必填|选填|可选|可不填|可空|格式|如|例|请|填|写|一致|位|yyyy|年月|下拉|选择|选项|没有|不含|不要|公章|盖章|为准|数字|"
    r"自动|参照|兼任|负责人|[1一]名|是/否|男/女|^[年岁月日元人]$|文本|首席数据官[/、,，或和]数据专员|数据专员[/、,，或和]首席数据官"
)
_NOT_A_NOTE = re.compile(r"[ab]角|备份|^原|前任|拟任|副|紧急|家庭|父|母|配偶|私人|联系人|姓名|电话|手机")


@lru_cache(maxsize=4096)
def read_heading(text: str) -> Heading:
    """Return what one heading means; brackets, marks, blanks and notes in it do not matter.

    Only wordings that cannot mean anything else are understood; the rest is UNKNOWN.
    """
    meaning = UNKNOWN
    for plain in _plain_forms(text):
        meaning = _look_up(plain)
        if meaning.kind is not HeadingKind.UNKNOWN:
            return meaning
    return meaning


def read_heading_path(path: tuple[str, ...]) -> Heading:
    """Return what a column means whose head has several rows, from the topmost group to the column itself."""
    leaf = read_heading(path[-1])
    if len(path) == 1:
        return leaf
    post: PostKind | None = None
    context = ""
    generic = True
    for text in path[:-1]:
        group = read_heading(text)
        if group.kind is HeadingKind.POST and post in (None, group.post):
            post = group.post
            continue
        context += next(_plain_forms(text))
        is_generic = group.kind in (HeadingKind.GENERIC, HeadingKind.CONTACT) or group.field in (
            F.UNIT_FULL_NAME,
            F.NAME,
        )
        generic = generic and is_generic
    if context:
        joined = _look_up(context + next(_plain_forms(path[-1])))
        if joined.known:
            leaf = joined
        elif not generic:
            return UNKNOWN
    return _with_post(leaf, post)


def _with_post(leaf: Heading, post: PostKind | None) -> Heading:
    if post is None or leaf.field in UNIT_FIELDS:
        return leaf
    if leaf.kind is HeadingKind.POST or leaf.post not in (None, post):
        return UNKNOWN
    return replace(leaf, post=post) if leaf.known else leaf


def _look_up(plain: str) -> Heading:
    found = _TABLE.get(plain)
    if found is not None:
        return found
    if since := _SINCE_POST.fullmatch(plain):
        return Heading(HeadingKind.FIELD, F.SINCE, _POST_WORDS[since[1]])
    if former := _PREDECESSOR.fullmatch(plain):
        is_title = former[2] is not None and former[2] != "姓名"
        return Heading(
            HeadingKind.FIELD, F.PREDECESSOR_TITLE if is_title else F.PREDECESSOR, _POST_WORDS[former[1]]
        )
    if prefixed := _PREFIXED.fullmatch(plain):
        return _of_post(prefixed[2], _POST_WORDS[prefixed[1]])
    if suffixed := _SUFFIXED.fullmatch(plain):
        found = _TABLE.get(suffixed[1])
        if found is not None and found.known and found.field not in (*UNIT_FIELDS, F.POST):
            return replace(found, post=_POST_WORDS[suffixed[2]])
    return _look_up_phone(plain)


def _of_post(rest: str, post: PostKind) -> Heading:
    if _GROUP_TAIL.fullmatch(rest):
        return Heading(HeadingKind.POST, post=post)
    found = _TABLE.get(rest) or _look_up_phone(rest)
    if not found.known or found.field in UNIT_FIELDS or found.field is F.POST:
        return UNKNOWN
    return replace(found, post=post)


def _look_up_phone(plain: str) -> Heading:
    """Understand 联系电话（手机）, 电话（办公）, 办公电话/手机 and their like."""
    if not _PHONE_PAIR.fullmatch(plain) or not _PHONE_WORD.search(plain):
        return UNKNOWN
    mobile, office = bool(_MOBILE_WORD.search(plain)), bool(_OFFICE_WORD.search(plain))
    if mobile and office:
        return Heading(HeadingKind.CONTACT)
    if mobile:
        return Heading(HeadingKind.FIELD, F.MOBILE)
    return Heading(HeadingKind.FIELD, F.OFFICE_PHONE) if office else UNKNOWN


def _plain_forms(text: str) -> Iterator[str]:
    """Yield the wordings to look up: with the text in brackets, then without notes in brackets or below."""
    lowered = narrow(text).lower()
    flat = _without_numbering(_INVISIBLE.sub("", lowered))
    yield _bare(flat)
    yield _bare(_BRACKETS.sub(_without_note, flat))
    lines = [_INVISIBLE.sub("", line) for line in lowered.splitlines()]
    lines = [line for line in lines if line]
    if len(lines) > 1 and all(_is_note(line) for line in lines[1:]):
        yield _bare(_BRACKETS.sub(_without_note, _without_numbering(lines[0])))


def _bare(flat: str) -> str:
    return _MUST.sub("", _PUNCTUATION.sub("", flat))


def _without_numbering(flat: str) -> str:
    return _NUMBERING.sub("", flat, count=1) if _NUMBERING.match(flat) else flat


def _without_note(match: re.Match[str]) -> str:
    return "" if _is_note(match[1]) else match[0]


def _is_note(text: str) -> bool:
    return bool(_NOTE.search(text)) and not _NOT_A_NOTE.search(text)


def plain_word(text: str) -> str:
    """Return a word without blanks, brackets, dots and width: 首席数据官（ＣＤＯ） is 首席数据官cdo."""
    return _WORD_MARKS.sub("", narrow(text).lower())


def shown_heading(text: str) -> str:
    """Return a heading on one line, for a message."""
    return _INVISIBLE.sub("", text)


def is_shown(text: str) -> bool:
    """Tell whether `shown_heading` would leave anything of a text."""
    return _VISIBLE.search(text) is not None
