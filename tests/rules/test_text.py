"""Golden cases of cell text, names, phones and addresses (quality.md R23, U43, U44)."""

import unicodedata
from contextlib import suppress
from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdo_desktop.errors import InvalidInputError
from cdo_desktop.rules.text import (
    Checked,
    check_email,
    check_mobile,
    check_name,
    check_phone,
    clean_multiline,
    clean_name,
    clean_text,
    is_masked,
    is_none_word,
    looks_lossy_number,
    mask_mobile,
    narrow,
    spread_name,
)

CELLS = [
    (None, ""),
    ("", ""),
    ("  宝山区财政局 ", "宝山区财政局"),
    ("\u3000宝山区\u3000财政局\xa0", "宝山区 财政局"),
    ("宝山区\r\n财政局", "宝山区 财政局"),
    ("宝山区\u2028财政局\v", "宝山区 财政局"),
    ("办公室\t主任", "办公室 主任"),
    ("财\u200b政\ufeff局\u200d\u2060\u00ad", "财政局"),
    ("财政\x00局\x1f\x7f\x9b", "财政局"),
    ("\u202e财政局\u202c", "财政局"),
    ("财政\u3164局\u2800", "财政 局"),
    ("街镇（园区）", "街镇（园区）"),
    ("买买提·艾力", "买买提·艾力"),
    ("ＡＢ１２", "ＡＢ１２"),  # NFC only
    ("①②㎡", "①②㎡"),
    ("e\u0301", "\u00e9"),
    ("e\u200b\u0301", "\u00e9"),
    ("𬀩𠅤𫍲𨭆", "𬀩𠅤𫍲𨭆"),
    ("👨‍💻", "👨💻"),
    (13812345678.0, "13812345678"),
    (2001.0, "2001"),
    (2001, "2001"),
    (-3.0, "-3"),
    (0.1 + 0.2, "0.3"),
    (1972.05, "1972.05"),
    (1e-7, "0.0000001"),
    (1.5e16, "15000000000000000"),
    (True, "TRUE"),
    (date(2026, 3, 5), "2026-03-05"),
    (datetime.fromisoformat("2026-03-05"), "2026-03-05"),
    (datetime.fromisoformat("2026-03-05 14:30"), "2026-03-05 14:30:00"),
    (time(14, 30), "14:30:00"),
    ("=1+1", "=1+1"),
    ("002", "002"),
    ("<b>&\"'", "<b>&\"'"),
    ("李\ud800", "李\ufffd"),
    ("李\uffff", "李\ufffd"),
]

NAMES = [
    ("张三", "张三"),
    (" 张 三 ", "张三"),
    ("张\u3000三", "张三"),
    ("张\n三", "张三"),
    ("张\u200b三", "张三"),
    ("欧阳 修", "欧阳修"),
    ("欧阳 修文", "欧阳修文"),
    ("欧 阳 修 文", "欧阳修文"),
    ("买买提·艾力", "买买提·艾力"),
    ("买买提 • 艾力", "买买提·艾力"),
    ("买买提・艾力", "买买提·艾力"),
    ("买买提‧艾力", "买买提·艾力"),
    ("买买提･艾力", "买买提·艾力"),
    ("买买提.艾力", "买买提·艾力"),
    ("买买提．艾力", "买买提·艾力"),
    ("张三（女）", "张三（女）"),
    ("张三 （女）", "张三（女）"),
    ("John  Smith", "John Smith"),
    ("J. R. Smith", "J. R. Smith"),
    ("Jean-Luc O'Neil", "Jean-Luc O'Neil"),
    ("José García", "José García"),
    ("李〇", "李〇"),
    ("王𬀩", "王𬀩"),
    ("𠅤㛃", "𠅤㛃"),
    ("李\U000323af", "李\U000323af"),  # newer than this Python's Unicode
    ("张三\ufe00", "张三"),
    ("葛\U000e0100三", "葛三"),
    ("李\ue863", "李䶮"),  # 䶮 as older systems stored it
    ("李\ue81e", "李\u9fb4"),
]

NO_NAMES = [
    ("", "没有填写"),
    (" \u3000\u200b", "没有填写"),
    (None, "没有填写"),
    ("无", "不是姓名"),
    ("/", "不是姓名"),
    ("空缺", "不是姓名"),
    ("待定", "不是姓名"),
    ("张3", "数字“3”"),
    ("张３", "数字“３”"),
    ("张三①", "数字“①”"),
    (13812345678.0, "数字“1”"),
    ("张*", "遮盖符号"),
    ("张＊三", "遮盖符号"),
    ("李?", "问号"),
    ("李\ufffd", "U+FFFD"),
    ("李\ue000", "U+E000"),
    ("李\ud800", "U+FFFD"),
    ("张三、李四", "一个岗位只填一人"),
    ("张三/李四", "一个岗位只填一人"),
    ("张三，李四", "一个岗位只填一人"),
    ("张三 李四", "一个人还是两个人"),
    ("张三\n李四", "一个人还是两个人"),
    ("买买提 艾力", "少数民族姓名请用“·”分隔"),
    ("张三🙂", "不能用在姓名中的“🙂”"),
    ("<b>张三", "不能用在姓名中的“<”"),
    ("·张三", "不完整"),
    ("张三（", "不完整"),
    ("张" * 51, "有51个字，最多50个字"),
]

MOBILES = [
    ("13812345678", "13812345678"),
    (13812345678.0, "13812345678"),
    (13812345678, "13812345678"),
    ("138 1234 5678", "13812345678"),
    ("138-1234-5678", "13812345678"),
    ("138\xa01234\u30005678", "13812345678"),
    ("１３８１２３４５６７８", "13812345678"),
    ("+86 13812345678", "13812345678"),
    ("+86-138-1234-5678", "13812345678"),
    ("008613812345678", "13812345678"),
    ("8613812345678", "13812345678"),
    ("'13812345678", "13812345678"),
    ("13812345678\n", "13812345678"),
    ("19912345678", "19912345678"),
    ("", ""),
    (None, ""),
    ("无", ""),
    ("/", ""),
]

ODD_MOBILES = [
    ("1381234567", "1381234567"),
    ("138123456789", "138123456789"),
    ("12812345678", "12812345678"),
    ("021-56691234", "021-56691234"),
    ("见办公电话", "见办公电话"),
    ("13812345678、139", "13812345678、139"),
    ("13812345678/13912345678", "13812345678、13912345678"),
    ("13812345678\n13912345678", "13812345678、13912345678"),
]

PHONES = [
    ("021-56691234", "021-56691234"),
    ("02156691234", "021-56691234"),
    ("021 5669 1234", "021-56691234"),
    ("（021）56691234", "021-56691234"),
    ("０２１－５６６９１２３４", "021-56691234"),
    ("021—56691234", "021-56691234"),
    ("+86 21 56691234", "021-56691234"),
    ("86-021-56691234", "021-56691234"),
    ("56691234", "56691234"),
    (56691234.0, "56691234"),
    ("5669 1234", "56691234"),
    ("5669-1234", "56691234"),
    ("5669123", "5669123"),
    ("0512-65221234", "0512-65221234"),
    ("051265221234", "0512-65221234"),
    ("010-8888 6666", "010-88886666"),
    ("021-56691234转8012", "021-56691234转8012"),
    ("021-56691234-8012", "021-56691234转8012"),
    ("021-56691234 转 8012", "021-56691234转8012"),
    ("56691234-8012", "56691234转8012"),
    ("56691234 分机：8012", "56691234转8012"),
    ("56691234 ext.12", "56691234转12"),
    ("56691234#8012", "56691234转8012"),
    ("13812345678", "13812345678"),
    ("138 1234 5678", "13812345678"),
    ("12345", "12345"),
    ("95588", "95588"),
    ("400-820-8820", "4008208820"),
    ("56691234、56695678", "56691234、56695678"),
    ("56691234/13812345678", "56691234、13812345678"),
    ("", ""),
    (None, ""),
    ("无", ""),
    ("——", ""),
]


@pytest.mark.parametrize(("value", "text"), CELLS)
def test_a_cell_becomes_one_clean_line(value: object, text: str) -> None:
    assert clean_text(value) == text


def test_lines_are_kept_where_they_matter() -> None:
    text = "\u3000一、第一项\xa0 好\r\n\r\n\r\n\u3000二、\u200b第二项\r三\u2028四\n\n"
    assert clean_multiline(text) == "一、第一项 好\n\n二、第二项\n三\n四"
    assert clean_multiline(None) == ""


def test_old_gb18030_code_points_become_their_characters() -> None:
    table = {
        # dependencies.md: bytes whose character this Python's codec still puts into the private-use area
        b"\xfe\x59": "\u9fb4",
        b"\xfe\x61": "\u9fb5",
        b"\xfe\x66": "\u9fb6",
        b"\xfe\x67": "\u9fb7",
        b"\xfe\x6d": "\u9fb8",
        b"\xfe\x7e": "\u9fb9",
        b"\xfe\x90": "\u9fba",
        b"\xfe\xa0": "\u9fbb",
        b"\xa6\xd9": "\ufe10",
        b"\xa6\xda": "\ufe12",
        b"\xa6\xdb": "\ufe11",
        b"\xa6\xdc": "\ufe13",
        b"\xa6\xdf": "\ufe16",
        b"\xa6\xec": "\ufe17",
        b"\xa6\xed": "\ufe18",
        b"\xa6\xf3": "\ufe19",
        b"\xfe\x51": "\U00020087",
        b"\xfe\x6c": "\U000215d7",
        b"\xa8\xbc": "\u1e3f",
    }
    for encoded, character in table.items():
        old = encoded.decode("gb18030")
        assert "\ue000" <= old <= "\uf8ff"
        assert clean_text(old) == character


def test_the_whole_old_range_agrees_with_the_codec_where_the_codec_is_right() -> None:
    low_bytes = [low for low in range(0x50, 0xA1) if low != 0x7F]
    for place, low in enumerate(low_bytes):
        character = clean_text(chr(0xE815 + place))
        decoded = bytes((0xFE, low)).decode("gb18030")
        assert not "\ue000" <= character <= "\uf8ff"
        if not "\ue000" <= decoded <= "\uf8ff":
            assert character == unicodedata.normalize("NFC", decoded)


def test_other_private_use_characters_stay_visible() -> None:
    assert clean_text("李\ue000") == "李\ue000"


@pytest.mark.parametrize(("typed", "name"), NAMES)
def test_a_name_has_one_stored_form(typed: str, name: str) -> None:
    assert check_name(typed) == name
    assert clean_name(typed) == name


@pytest.mark.parametrize(("typed", "reason"), NO_NAMES)
def test_what_cannot_be_a_name_is_refused_with_its_reason(typed: object, reason: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        check_name(typed)
    assert reason in str(caught.value)
    assert str(caught.value).endswith("。")


def test_a_name_may_have_fifty_characters() -> None:
    assert len(check_name("阿" * 24 + "·" + "卜" * 25)) == 50


@pytest.mark.parametrize(("value", "mobile"), MOBILES)
def test_a_mobile_number_is_eleven_digits(value: object, mobile: str) -> None:
    assert check_mobile(value) == Checked(mobile, "")


@pytest.mark.parametrize(("value", "kept"), ODD_MOBILES)
def test_an_odd_mobile_number_is_kept_with_a_warning(value: str, kept: str) -> None:
    checked = check_mobile(value)
    assert checked.value == kept
    assert checked.warning.endswith("。")


@pytest.mark.parametrize(("value", "phone"), PHONES)
def test_an_office_phone_has_one_stored_form(value: object, phone: str) -> None:
    assert check_phone(value) == Checked(phone, "")


@pytest.mark.parametrize("value", ["8012", "0215669", "5669123456789", "见通讯录", "021-1234567"])
def test_an_odd_phone_is_kept_with_a_warning(value: str) -> None:
    checked = check_phone(value)
    assert checked.value == value
    assert "不像电话号码" in checked.warning


@pytest.mark.parametrize("check", [check_mobile, check_phone])
@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("1.38E+10", "Excel"),
        (1.38e17, "Excel"),
        ("138****5678", "遮盖"),
        ("138＊＊＊＊5678", "遮盖"),
        ("138××××5678", "遮盖"),
    ],
)
def test_lost_digits_are_never_stored(check: type, value: object, reason: str) -> None:
    with pytest.raises(InvalidInputError, match=reason):
        check(value)


@pytest.mark.parametrize(
    ("value", "address", "odd"),
    [
        ("zhangsan@shbsq.gov.cn", "zhangsan@shbsq.gov.cn", False),
        (" zhangsan @shbsq.gov.cn\n", "zhangsan@shbsq.gov.cn", False),
        ("ｚｓ＠ｓｈｂｓｑ．ｇｏｖ．ｃｎ", "zs@shbsq.gov.cn", False),
        ("无", "", False),
        ("", "", False),
        (None, "", False),
        ("zhangsan", "zhangsan", True),
        ("zhangsan@shbsq", "zhangsan@shbsq", True),
        ("张三@shbsq.gov.cn", "张三@shbsq.gov.cn", True),
        ("a@b@c.cn", "a@b@c.cn", True),
    ],
)
def test_a_mail_address_is_tidied_and_doubted(value: object, address: str, odd: bool) -> None:
    checked = check_email(value)
    assert checked.value == address
    assert bool(checked.warning) is odd


@pytest.mark.parametrize(
    ("value", "lossy"),
    [
        ("1.38E+10", True),
        ("1.38e10", True),
        ("１．３８Ｅ＋１０", True),
        (3.10113198001e17, True),
        (310113198001010000, True),
        (13812345678.0, False),
        (13812345678, False),
        ("13812345678", False),
        ("310113198001010011", False),  # text has lost nothing
        ("E10", False),
        (True, False),
        (None, False),
        (float("nan"), False),
    ],
)
def test_numbers_that_excel_has_rounded_are_seen(value: object, lossy: bool) -> None:
    assert looks_lossy_number(value) is lossy


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("13812345678", "138****5678"),
        ("13812345678、13912345679", "138****5678、139****5679"),
        ("138 1234 5678", "138****5678"),
        ("138 1234 5678、13912345679", "138****5678、139****5679"),
        ("021-56691234", "021-56****34"),
        ("021-56691234转8012", "021-56****34转8012"),
        ("5669123", "56****23"),
        ("12345", "12345"),
        ("138****5678", "138****5678"),
        ("", ""),
    ],
)
def test_the_middle_of_a_number_is_hidden(phone: str, masked: str) -> None:
    assert mask_mobile(phone) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("138****5678", True),
        ("138＊＊＊＊5678", True),
        ("138 **** 5678", True),
        ("138*5678", True),
        ("138××××5678", True),
        ("138xxxx5678", True),
        ("138●●●●5678", True),
        ("138****", True),
        ("****5678", True),
        ("021-56****34", True),
        ("13812345678", False),
        ("021-56691234转8012", False),
        ("56691234x8012", False),
        ("张三*", False),
        ("3×4", False),
        ("", False),
    ],
)
def test_a_masked_number_is_known(text: str, masked: bool) -> None:
    assert is_masked(text) is masked


@given(st.from_regex(r"1[3-9]\d{9}", fullmatch=True))
def test_what_the_export_masks_the_import_knows_as_masked(mobile: str) -> None:
    ascii_mobile = narrow(mobile)
    assert is_masked(mask_mobile(ascii_mobile))


def test_text_is_nfc_again_after_its_blanks_are_gone() -> None:
    assert clean_name("U \u0308ber") == "\u00dcber"
    assert check_mobile("U\u00a8").value == "\u00dc"
    assert check_email("U \u0308").value == "\u00dc"


def test_codes_become_half_width() -> None:
    assert narrow(" ３１０１１３００３ ") == "310113003"
    assert narrow("ＡＢ－１２（３）") == "AB-12(3)"
    assert narrow("'0012") == "0012"


def test_words_for_nothing_are_known() -> None:
    assert is_none_word("无")
    assert is_none_word("——")
    assert not is_none_word("")
    assert not is_none_word("无锡")


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("张三", "张\u3000三"),
        ("𬀩𠅤", "𬀩\u3000𠅤"),
        ("欧阳修", "欧阳修"),
        ("李", "李"),
        ("Li", "Li"),
        ("", ""),
    ],
)
def test_names_of_two_characters_are_spread_in_print(name: str, printed: str) -> None:
    assert spread_name(name) == printed
    assert clean_name(printed) == name


CONTENT = st.one_of(
    st.text(), st.floats(), st.integers(), st.booleans(), st.none(), st.datetimes(), st.dates()
)


@given(CONTENT)
def test_cleaning_twice_changes_nothing(value: object) -> None:
    for clean in (clean_text, clean_multiline, clean_name):
        once = clean(value)
        assert clean(once) == once
        once.encode("utf-8")


@given(CONTENT)
def test_no_cell_content_fails_in_an_unforeseen_way(value: object) -> None:
    for check in (check_name, check_mobile, check_phone, check_email):
        with suppress(InvalidInputError):
            check(value)


@given(CONTENT)
def test_a_stored_phone_is_accepted_again_unchanged(value: object) -> None:
    for check in (check_mobile, check_phone, check_email):
        with suppress(InvalidInputError):
            stored = check(value).value
            assert check(stored).value == stored
