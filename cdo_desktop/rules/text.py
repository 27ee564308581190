"""Text as people type it or a workbook gives it, brought to the one form that is stored."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from cdo_desktop.errors import InvalidInputError
from cdo_desktop.rules.pinyin import COMPOUND_SURNAMES

NAME_LENGTH = 50
_LOSSY_FROM = 1e15  # Excel keeps 15 digits

# Private-use code points that older GBK and GB 18030 systems gave to characters, and the ones of
# GB 18030-2022: FE50–FEA0 (䶮 came as U+E863), then the punctuation of A6D9–A6F3 and single letters.
_FROM_E815 = (
    "⺁𠂇𠂉𠃌⺄㑳㑇⺈⺋龴㖞㘚㘎⺌⺗㥮㤘龵㧏㧟㩳㧐龶龷㭎㱮㳠⺧𡗗龸⺪䁖䅟⺮䌷⺳⺶⺷𢦏䎱"
    "䎬⺻䏝䓖䙡䙌龹䜣䜩䝼䞍⻊䥇䥺䥽䦂䦃䦅䦆䦟䦛䦷䦶龺𤇾䲣䲟䲠䲡䱷䲢䴓䴔䴕䴖䴗䴘䴙䶮龻"
)
_GB18030 = (
    {0xE815 + place: character for place, character in enumerate(_FROM_E815)}
    | {0xE78D + place: code for place, code in enumerate((0xFE10, 0xFE12, 0xFE11, *range(0xFE13, 0xFE1A)))}
    | {0xE7E7 + place: code for place, code in enumerate((0x303E, *range(0x2FF0, 0x2FFC)))}
    | {0xE7C7: 0x1E3F, 0xE7C8: 0x01F9, 0xE5E5: 0x3000}
)

_LINE_ENDS = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")
_DAMAGED = re.compile("[\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")  # no file could be written with these
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffc]"
)
# What nothing has to be done to, nor can be: most cells of a roster, at a third of the time.
_PLAIN = re.compile("[!-~\u4e00-\u9fa5·—‘’“”、。《》〔〕（），：；]*")
_BLANKS = re.compile("[\\s\u2800\u3164\uffa0]+")
_VARIATION_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")

_HAN = "〇\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_LATIN = "A-Za-z\u00c0-\u024f\u1e00-\u1eff"
_DOTS = re.compile("\\s*[·•・･‧∙⋅ㆍ]\\s*")
_DOT_BETWEEN_HAN = re.compile(f"(?<=[{_HAN}])\\s*[.．]\\s*(?=[{_HAN}])")
_NAME_BLANK = re.compile(f"(?<![{_LATIN}.,'’-])\\s+|\\s+(?![{_LATIN}])")
_HAN_ONLY = re.compile(f"[{_HAN}]+")

_NONE_WORDS = frozenset(("无", "暂无", "没有", "/", "\\", "-", "--", "—", "——", "―", "、"))
_VACANT_WORDS = frozenset(("空缺", "暂缺", "缺", "待定", "未定", "待补", "空"))

_DASHES = re.compile("[\u2010-\u2015\u2212\u2500\ufe58]")
_SEVERAL = re.compile("[、,，;；/或]")
_ONE_OF_SEVERAL = re.compile("[^、,，;；/或]+")
_BETWEEN_NUMBERS = re.compile(r"(?<=\d{7}) (?=\d{7})")
_LONG_RUN = re.compile(r"\d{7,}")
_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_LANDLINE = re.compile(r"(01\d|02\d|0[3-9]\d\d)?([2-9]\d{6,7})", re.ASCII)
_SERVICE = re.compile(r"(?:[48]00\d{7}|1\d{2,4}|9\d{4})", re.ASCII)
_EXTENSION = re.compile(r"(?:转|分机|ext\.?|#|x)[:：]?(\d{1,6})$", re.IGNORECASE)
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_LOSSY_TEXT = re.compile(r"[+-]?\d(?:\.\d+)?E\+?\d+", re.IGNORECASE)
_MASK_MARKS = re.compile("[*xX]")
_MASK = re.compile(r"\d\*+\d|\d[×✱●•xX]{2,}\d|\d[*×✱●•xX]{3,}|[*×✱●•]{3,}\d")

PLAIN_VALUES = {
    "name": re.compile(r"[\u4e00-\u9fff]{2,4}"),
    "mobile": re.compile(r"1[3-9]\d{9}", re.ASCII),
    "office_phone": re.compile(r"0(?:10|2\d|[3-9]\d\d)-[2-9]\d{7}", re.ASCII),
    "email": re.compile(r"[a-z0-9._-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+"),
}
"""What is in its stored form beyond doubt, for speed: most values of the fields that differ in every row."""


@dataclass(frozen=True)
class Checked:
    """A value in its stored form, and a sentence when it is odd but may be right; "" when nothing is odd."""

    value: str
    warning: str


def clean_text(value: object) -> str:
    """Return one line of text for a typed text or a workbook's cell; "" for None.

    NFC, never NFKC, so that · and full-width brackets stay. Control and zero-width characters go; NBSP,
    full-width blanks and line ends become one blank. 13812345678.0 is 13812345678, as Excel shows it.
    Private-use code points of old GB 18030 become the characters of GB 18030-2022; what could not be written
    to any file becomes U+FFFD.
    """
    text = value if type(value) is str else _as_text(value)
    return text if _PLAIN.fullmatch(text) else _tidy_line(_LINE_ENDS.sub(" ", text))


def clean_multiline(value: object) -> str:
    """Return text like ``clean_text``, but keep its lines; at most one empty line in a row."""
    lines = map(_tidy_line, _LINE_ENDS.split(_as_text(value)))
    return re.sub("\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def clean_name(value: object) -> str:
    """Return a person's name as it is stored: without blanks, with · as its dot.

    A blank stays after a Latin letter or mark and before a Latin letter: John Smith.
    """
    name = _VARIATION_SELECTORS.sub("", clean_text(value))
    name = _DOT_BETWEEN_HAN.sub("·", _DOTS.sub("·", name))
    return unicodedata.normalize("NFC", _NAME_BLANK.sub("", name))


def check_name(name: object) -> str:
    """Return the stored form of a name as typed; raise ``InvalidInputError`` when it cannot be a name.

    Give it the text as it came: two names in one cell are seen by the blank between them.
    """
    typed = clean_text(name)
    cleaned = clean_name(typed)
    if not cleaned:
        raise InvalidInputError("姓名没有填写。")
    shown = _quoted(typed)
    if is_none_word(typed) or typed in _VACANT_WORDS:
        raise InvalidInputError(f"{shown}不是姓名；岗位空缺时请把姓名留空。")
    if len(cleaned) > NAME_LENGTH:
        raise InvalidInputError(f"姓名{shown}有{len(cleaned)}个字，最多{NAME_LENGTH}个字，请核对。")
    for character in cleaned:
        problem = _name_problem(character)
        if problem:
            raise InvalidInputError(f"姓名{shown}中{problem}。")
    if cleaned[0] in "·-.'’)）" or cleaned[-1] in "·-(（":
        raise InvalidInputError(f"姓名{shown}不完整，请核对。")
    if _may_be_two_names(typed):
        raise InvalidInputError(
            f"姓名{shown}中间有空白，看不出是一个人还是两个人；一个岗位填一人，少数民族姓名请用“·”分隔。"
        )
    return cleaned


def without_end_mark(text: str) -> str:
    """Return a text to stand in brackets within a sentence: what would end it is left out."""
    return text.rstrip("。；，")


def narrow(value: object) -> str:
    """Return a number or code with full-width characters made half-width (NFKC); never use it for names."""
    return clean_text(unicodedata.normalize("NFKC", clean_text(value))).removeprefix("'")


def is_none_word(text: str) -> bool:
    """Whether a cell says that there is nothing: 无, / or a dash (form note 4: 没有的项目填“无”)."""
    return text in _NONE_WORDS


_DITTO_WORDS = frozenset(("同上", "同前", "〃", "″", "同左"))


def length_problem(text: str, limit: int) -> str:
    """Say that a text is longer than its field, counted in characters; "" when it fits."""
    return f"最多 {limit} 个字，现有 {len(text)} 个，请缩短。" if len(text) > limit else ""


def too_long(limit: int, **texts: str) -> dict[str, str]:
    """Return a sentence for each field whose text is longer than the limit."""
    problems = {field: length_problem(text, limit) for field, text in texts.items()}
    return {field: problem for field, problem in problems.items() if problem}


def refuse_ditto(text: str) -> None:
    """Raise ``InvalidInputError`` for a text that only points at another cell."""
    if text in _DITTO_WORDS:
        raise InvalidInputError(f"“{text}”看不出所指。请写出实际内容；程序不代为推定。")


def check_mobile(value: object) -> Checked:
    """Return mobile numbers as 11 digits each, joined by 、; odd ones stay as typed, with a warning.

    Raises ``InvalidInputError`` for a masked number and for one whose digits Excel has lost.
    """
    numbers = _numbers(value, "手机号")
    found = [_mobile(number) for number in numbers]
    odd = [number for number, mobile in zip(numbers, found, strict=True) if not mobile]
    kept = "、".join(mobile or number for number, mobile in zip(numbers, found, strict=True))
    if odd:
        return Checked(kept, f"{_quoted('、'.join(odd))}不像手机号（应为11位数字，以1开头），请核对。")
    if len(numbers) > 1:
        return Checked(kept, f"填了{len(numbers)}个手机号，请核对是否需要。")
    return Checked(kept, "")


def check_phone(value: object) -> Checked:
    """Return office phones as 021-56691234转8012, joined by 、; odd ones stay as typed, with a warning.

    A missing area code is not added. Raises ``InvalidInputError`` as ``check_mobile`` does.
    """
    numbers = _numbers(value, "电话号码")
    found = [_mobile(number) or _landline(number) for number in numbers]
    odd = [number for number, phone in zip(numbers, found, strict=True) if not phone]
    kept = "、".join(phone or number for number, phone in zip(numbers, found, strict=True))
    return Checked(kept, f"{_quoted('、'.join(odd))}不像电话号码，请核对。" if odd else "")


def check_email(value: object) -> Checked:
    """Return a mail address without blanks and half-width; an odd one comes with a warning."""
    address = _without_blanks(narrow(value))
    if is_none_word(address):
        return Checked("", "")
    if address and not _EMAIL.fullmatch(address):
        return Checked(address, f"{_quoted(address)}不像邮箱地址，请核对。")
    return Checked(address, "")


def looks_lossy_number(value: object) -> bool:
    """Whether a cell holds a number that Excel has rounded: 1.38E+10 as text, or 16 digits and more."""
    if isinstance(value, str):
        return _LOSSY_TEXT.fullmatch(narrow(value).replace(" ", "")) is not None
    return isinstance(value, int | float) and abs(value) >= _LOSSY_FROM


def mask_mobile(phone: str) -> str:
    """Hide four digits or more of every number: 138****5678, 021-56****34; what is masked stays as it is."""
    return _ONE_OF_SEVERAL.sub(lambda number: _mask_number(number.group()), phone)


def is_masked(text: str) -> bool:
    """Whether a number has been made unreadable on purpose: 138****5678, also with ＊ or ×."""
    if not text or (text.isascii() and not _MASK_MARKS.search(text)):
        return False  # most numbers
    return _MASK.search(unicodedata.normalize("NFKC", text).replace(" ", "")) is not None


def spread_name(name: str) -> str:
    """Return a name for printed lists, two characters spread to the width of three: 张　三."""
    return f"{name[0]}\u3000{name[1]}" if len(name) == 2 and _HAN_ONLY.fullmatch(name) else name


def _as_text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).upper()
        case float():
            return _float_text(value)
        case datetime() if value.time() == time.min:
            return value.date().isoformat()
        case datetime():
            return value.isoformat(sep=" ")
        case date() | time():
            return value.isoformat()
        case _:
            return str(value)


def _float_text(value: float) -> str:
    """Write a number as Excel shows it: at most 15 digits, no exponent."""
    number = Decimal(f"{value:.15g}")
    return str(int(value)) if value.is_integer() and abs(value) < _LOSSY_FROM else f"{number:f}"


def _tidy_line(line: str) -> str:
    legible = _DAMAGED.sub("\ufffd", _INVISIBLE.sub("", line.translate(_GB18030).replace("\t", " ")))
    return unicodedata.normalize("NFC", _BLANKS.sub(" ", legible).strip())


def _without_blanks(text: str) -> str:
    return unicodedata.normalize("NFC", text.replace(" ", ""))


def _quoted(text: str) -> str:
    return f"“{text[:30]}…”" if len(text) > 30 else f"“{text}”"


def _name_problem(character: str) -> str:
    """Say what is wrong with a character of a name and what to do; "" for a good one."""
    # Han by range: this Python does not know the newest characters of GB 18030-2022 by category.
    if character in " ·-.'’()（）" or _HAN_ONLY.fullmatch(character):
        return ""
    kind = unicodedata.category(character)
    if kind[0] == "L" or kind in {"Mn", "Mc"}:
        return ""
    if kind[0] == "N":
        return f"有数字“{character}”，请核对"
    if kind in {"Co", "Cn"} or character == "\ufffd":
        return f"有本机造字或乱码（U+{ord(character):04X}），别的电脑上看不到，请换成标准汉字"
    if character in "*＊×●":
        return "有遮盖符号，请填写完整的姓名"
    if character in "?？":
        return "有问号，可能是生僻字没有转换成功，请重新输入"
    if character in "、,，;；/／":
        return f"有“{character}”，一个岗位只填一人，请核对"
    return f"有不能用在姓名中的“{character}”，请核对"


def _may_be_two_names(typed: str) -> bool:
    """张三 李四 and 买买提 艾力 are doubtful; 张　三, 欧阳 修文 and 欧 阳 修 are one name."""
    parts = typed.split(" ")
    if any(not _HAN_ONLY.fullmatch(part) for part in parts):
        return False
    long_parts = sum(len(part) > 1 for part in parts)
    return long_parts > 1 and not (len(parts) == 2 and parts[0] in COMPOUND_SURNAMES)


def _numbers(value: object, what: str) -> list[str]:
    """Split a cell into numbers with half-width digits, - as dash and no blanks."""
    text = _DASHES.sub("-", narrow(value))
    if looks_lossy_number(value):
        raise InvalidInputError(f"{what}{_quoted(text)}的末几位已被Excel舍去，请设成文本格式后重新填写。")
    if is_masked(text):
        raise InvalidInputError(f"{what}{_quoted(text)}被遮盖，请填写完整的号码。")
    parts = (_without_blanks(part) for part in _SEVERAL.split(_BETWEEN_NUMBERS.sub("、", text)))
    return [part for part in parts if part and not is_none_word(part)]


def _mobile(number: str) -> str:
    digits = re.sub(r"^(?:\+86|0086|86)(?=1\d{10}$)", "", re.sub(r"[-()]", "", number))
    return digits if _MOBILE.fullmatch(digits) else ""


def _landline(number: str) -> str:
    """Return 021-56691234转8012, or "" when the digits do not read as a Chinese phone."""
    ending = _EXTENSION.search(number)
    extension = ending.group(1) if ending else ""
    groups = [group for group in re.split(r"[-()]", number[: ending.start()] if ending else number) if group]
    if not extension and len(groups) > 1 and len(groups[-1]) <= 6 and _plain(groups[:-1]):
        extension = groups.pop()
    main = _plain(groups)
    return f"{main}转{extension}" if main and extension else main


def _plain(groups: list[str]) -> str:
    digits = re.sub(r"^(?:\+|00)?860?(?=(?:10|2\d|[3-9]\d\d)\d{7,8}$)", "0", "".join(groups))
    local = _LANDLINE.fullmatch(digits)
    if local:
        return f"{local[1]}-{local[2]}" if local[1] else local[2]
    return digits if _SERVICE.fullmatch(digits) else ""


def _mask_number(number: str) -> str:
    if is_masked(number):
        return number
    if not _LONG_RUN.search(number) and len(re.findall(r"\d", number)) > 6:
        number = re.sub(r"\D", "", narrow(number))  # 138 1234 5678
    return _LONG_RUN.sub(_mask_digits, number)


def _mask_digits(digits: re.Match[str]) -> str:
    run = digits.group()
    head, tail = (3, 4) if len(run) >= 11 else (2, 2)
    return f"{run[:head]}****{run[-tail:]}"
