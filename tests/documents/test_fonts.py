"""Text drawn in any style reads back as it was written, from embedded fonts alone."""

import hashlib
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import pypdfium2
import pytest
from reportlab.pdfbase.pdfmetrics import getFont

from benchmarks.reliability.pdf_glyphs import font_files, objects, shows_glyph_0, stream
from cdo_desktop.documents.pdf import fonts
from cdo_desktop.documents.pdf.fonts import (
    FontRole,
    blank_missing,
    describe_character,
    draw_text,
    missing_characters,
    new_canvas,
    reserve_characters,
    text_runs,
    text_width,
)
from cdo_desktop.errors import InvalidInputError, StorageError
from cdo_desktop.paths import resource

NAMES = ("𬀩𠅤𫍲𨭆㛃䶮", "买买提·艾力", "喆堃珺昇旻镕", "𫖯𬭎𬱖㙍", "王小明")
# Some of every block that a name can come from, Ext B–F from both ends.
BLOCKS = "一龥龦鿕㐀䶵𠀀𪛖𪜀𫜴𫝀𫠝𫠠𬺡𬺰𮯠"
LINE = "兹任命张三为宝山区数据局首席数据官（2026年3月1日起），〔2026〕12号；电话：021—56691234。"


def drawn(lines: tuple[str, ...], role: FontRole, *, reserved: str = "") -> bytes:
    """Return a PDF with one line of text below the other."""
    target = BytesIO()
    canvas = new_canvas(target, "备案表")
    if reserved:
        reserve_characters(canvas, reserved, role)
    for number, line in enumerate(lines):
        draw_text(canvas, 40, 800 - 20 * number, line, role, 10.5)
    canvas.showPage()
    canvas.save()
    return target.getvalue()


def extracted(content: bytes) -> tuple[str, ...]:
    with pypdfium2.PdfDocument(content) as document:
        return tuple(document[0].get_textpage().get_text_range().splitlines())


def every_letter_at(content: bytes) -> list[tuple[str, float]]:
    """Return each visible character of the first page with the left edge of its box."""
    with pypdfium2.PdfDocument(content) as document:
        page = document[0].get_textpage()
        edges = []
        index = 0  # PDFium counts in UTF-16 units
        for ch in page.get_text_range():
            edges.append((ch, page.get_charbox(index, loose=True)[0]))
            index += len(ch.encode("utf-16-be")) // 2
        return [(ch, left) for ch, left in edges if not ch.isspace()]


@pytest.mark.parametrize("role", FontRole)
def test_names_read_back_equal_in_every_role(role: FontRole) -> None:
    lines = (*NAMES, BLOCKS, LINE)
    assert extracted(drawn(lines, role)) == lines


@pytest.mark.parametrize("role", FontRole)
def test_every_listed_font_is_embedded_and_no_glyph_0_is_shown(role: FontRole) -> None:
    content = drawn((*NAMES, BLOCKS, LINE), role)
    assert len(font_files(content)) >= 2
    assert b"Helvetica" not in content
    assert not shows_glyph_0(content)


def test_the_check_for_glyph_0_sees_a_character_without_glyph() -> None:
    target = BytesIO()
    canvas = new_canvas(target, "备案表")
    (song, _) = text_runs("张", FontRole.SONG)[0]
    canvas.setFont(song, 12)
    canvas.drawString(40, 800, "张☑")
    canvas.save()
    assert shows_glyph_0(target.getvalue())


def test_an_empty_page_and_a_reused_form_list_no_unembedded_font() -> None:
    target = BytesIO()
    canvas = new_canvas(target, "空白表")
    canvas.beginForm("fixed")
    draw_text(canvas, 40, 700, "备案表", FontRole.TITLE, 22)
    canvas.endForm()
    canvas.doForm("fixed")
    canvas.showPage()
    canvas.showPage()
    canvas.save()
    assert font_files(target.getvalue())
    assert b"Helvetica" not in target.getvalue()
    assert extracted(target.getvalue()) == ("备案表",)


def test_a_thousand_different_characters_read_back_in_order() -> None:
    rare = [chr(0x20000 + 41 * step) for step in range(500)]
    common = [chr(0x4E00 + 41 * step) for step in range(500)]
    text = "".join(pair for pairs in zip(rare, common, strict=True) for pair in pairs)
    lines = tuple(text[start : start + 40] for start in range(0, len(text), 40))
    content = drawn(lines, FontRole.SONG)
    assert extracted(content) == lines
    assert not shows_glyph_0(content)
    blocks = [stream(body) for body in objects(content).values() if b"\nstream\n" in body]
    sizes = [int(size) for block in blocks for size in re.findall(rb"(\d+) beginbfchar", block)]
    assert max(sizes) == 100, "a CMap block may hold no more than 100 entries"


def test_a_form_space_and_a_full_width_blank_keep_their_width() -> None:
    positions = dict(every_letter_at(drawn(("年　月 日",), FontRole.SONG)))
    assert positions["月"] - positions["年"] == pytest.approx(21, abs=0.1)
    assert positions["日"] - positions["月"] == pytest.approx(text_width("月 ", FontRole.SONG, 10.5), abs=0.1)


def test_text_width_is_where_the_next_character_would_stand() -> None:
    text = "𨭆A买·"
    start, *_, end = every_letter_at(drawn((text + "终",), FontRole.KAI))
    assert end[1] - start[1] == pytest.approx(text_width(text, FontRole.KAI, 10.5), abs=0.1)
    assert text_width(text, FontRole.KAI, 21) == pytest.approx(2 * text_width(text, FontRole.KAI, 10.5))
    assert text_width("", FontRole.KAI, 21) == 0


def test_character_space_ends_with_its_own_line() -> None:
    target = BytesIO()
    canvas = new_canvas(target, "备案表")
    draw_text(canvas, 40, 800, "备案", FontRole.SONG, 10, char_space=5)
    draw_text(canvas, 40, 700, "通知", FontRole.SONG, 10)
    canvas.save()
    positions = dict(every_letter_at(target.getvalue()))
    assert positions["案"] - positions["备"] == pytest.approx(15, abs=0.1)
    assert positions["知"] - positions["通"] == pytest.approx(10, abs=0.1)


def test_a_name_in_fangsong_takes_the_nearest_font_that_has_the_character() -> None:
    assert text_runs("张喆𨭆", FontRole.FANGSONG) == [
        ("FandolFang-Regular", "张"),
        ("NotoSerifSC_200ExtraLight-8105", "喆"),
        ("HanaMinB", "𨭆"),
    ]


def test_missing_characters_are_reported_in_order_and_once() -> None:
    text = "张\U00030edd三😀\U00030edd\ue815𬀩"
    assert missing_characters(text) == ("\U00030edd", "😀", "\ue815")
    assert missing_characters("".join(NAMES) + BLOCKS + LINE) == ()


@pytest.mark.parametrize("ch", ["\n", "\t", "\x00", "\u202e", "\u0301", "\ufe00", "\U000e0100", "\ud800"])
def test_what_would_change_or_break_the_line_unseen_counts_as_missing(ch: str) -> None:
    assert missing_characters(f"张{ch}三") == (ch,)


def test_invisible_characters_are_left_out_and_odd_blanks_become_blanks() -> None:
    text = "张\u200b三\ufeff\u2009李\u00a0四"
    assert missing_characters(text) == ()
    assert "".join(piece for _, piece in text_runs(text, FontRole.HEI)) == "张三 李 四"
    assert text_runs("\u200b", FontRole.HEI) == []
    assert extracted(drawn((text,), FontRole.HEI)) == ("张三 李 四",)


def test_a_missing_character_is_refused_by_name_and_not_drawn_as_a_box() -> None:
    with pytest.raises(InvalidInputError, match=re.escape("“\U00030edd”（U+30EDD）")):
        drawn(("张\U00030edd",), FontRole.SONG)
    with pytest.raises(InvalidInputError, match="不可见字符（U\\+000A）"):
        text_width("张\n三", FontRole.SONG, 10)


def test_a_named_missing_character_can_be_left_blank_for_the_pen() -> None:
    assert blank_missing("张\U00030edd三") == "张　三"
    assert blank_missing("张𨭆三") == "张𨭆三"


@pytest.mark.parametrize(
    ("ch", "described"),
    [
        ("\U00030edd", "“\U00030edd”（U+30EDD）"),
        ("张", "“张”（U+5F20）"),
        ("\ue815", "自造字（U+E815）"),
        ("\ufe00", "附加符号（U+FE00）"),
        ("\n", "不可见字符（U+000A）"),
    ],
)
def test_a_character_is_described_by_shape_and_number(ch: str, described: str) -> None:
    assert describe_character(ch) == described


def test_metadata_names_the_program_and_the_language() -> None:
    content = drawn(("备案",), FontRole.SONG)
    with pypdfium2.PdfDocument(content) as document:
        metadata = document.get_metadata_dict()
    assert metadata["Title"] == "备案表"
    assert metadata["Author"] == metadata["Creator"] == "首席数据官工作台"
    assert metadata["CreationDate"].startswith("D:20000101")
    assert b"/Lang (zh-CN)" in content
    assert str(resource("fonts")).encode() not in content


SCRIPT = """
import hashlib, io, sys
from cdo_desktop.documents.pdf.fonts import FontRole, draw_text, new_canvas
assert "reportlab" not in sys.modules, "importing fonts must not import reportlab"
target = io.BytesIO()
canvas = new_canvas(target, "备案表")
for number, role in enumerate(FontRole):
    draw_text(canvas, 40, 800 - 20 * number, "宝山区备案表 2026", role, 10.5)
from reportlab.pdfbase.pdfmetrics import getRegisteredFontNames
assert "HanaMinB" not in getRegisteredFontNames(), "30 MB were read for nothing"
draw_text(canvas, 40, 600, "𨭆𬀩", FontRole.KAI, 10.5)
canvas.save()
print(hashlib.sha256(target.getvalue()).hexdigest())
"""


def test_another_process_makes_the_same_bytes_and_reads_only_the_fonts_it_needs(repo_root: Path) -> None:
    digests = [
        subprocess.run(
            [sys.executable, "-X", "utf8", "-c", SCRIPT],
            capture_output=True,
            text=True,
            check=True,
            cwd=repo_root,
            env={"PYTHONHASHSEED": seed, "CDO_BUNDLED_FONTS": "1", "SYSTEMROOT": "C:\\Windows"},
        ).stdout
        for seed in ("1", "2")
    ]
    assert digests[0] == digests[1]
    assert len(digests[0].strip()) == 64


def test_documents_made_at_once_are_equal_to_documents_made_in_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    batch = [(*NAMES, LINE, chr(0x4E00 + number)) for number in range(8)]
    in_turn = [drawn(lines, FontRole.SONG) for lines in batch]
    face = getFont(text_runs("张", FontRole.SONG)[0][0]).face
    make_subset = face.makeSubset.__wrapped__
    inside: list[int] = []
    together: list[int] = []

    def slow(subset: tuple[int, ...]) -> bytes:
        inside.append(1)
        together.append(len(inside))
        time.sleep(0.002)
        made: bytes = make_subset(subset)
        inside.pop()
        return made

    monkeypatch.setattr(face, "makeSubset", slow)
    with ThreadPoolExecutor(4) as pool:
        at_once = list(pool.map(lambda lines: drawn(lines, FontRole.SONG), batch))
    assert at_once == in_turn
    assert max(together) == 1, "two documents moved in one font's file at the same time"


def test_reserved_characters_are_embedded_in_the_same_bytes_in_every_paper() -> None:
    first = drawn((LINE, "赵钱"), FontRole.SONG, reserved=LINE)
    second = drawn((LINE, "李四𬀩"), FontRole.SONG, reserved=LINE)
    assert extracted(first) == (LINE, "赵钱")
    assert extracted(second) == (LINE, "李四𬀩")
    assert not shows_glyph_0(second)
    shared = set(font_files(first).values()) & set(font_files(second).values())
    assert len(shared) == 1
    assert len(font_files(first)) == 2
    assert not set(font_files(drawn((LINE, "赵钱"), FontRole.SONG)).values()) & shared


def on_windows(monkeypatch: pytest.MonkeyPatch, system_root: Path) -> None:
    monkeypatch.setattr(fonts, "sys", SimpleNamespace(platform="win32"))
    monkeypatch.setenv("SYSTEMROOT", str(system_root))
    monkeypatch.setenv("LOCALAPPDATA", str(system_root / "nobody"))


def test_windows_own_fangsong_is_preferred_unless_bundled_fonts_are_asked_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "Fonts").mkdir()
    content = resource("fonts", "FandolFang-Regular.ttf").read_bytes()
    (tmp_path / "Fonts" / "simfang.ttf").write_bytes(content)
    on_windows(monkeypatch, tmp_path)
    assert fonts._system_fangsong.__wrapped__() is None, "tests run with CDO_BUNDLED_FONTS=1"
    monkeypatch.delenv("CDO_BUNDLED_FONTS")
    found = fonts._system_fangsong.__wrapped__()
    assert found is not None
    assert found.fontName == "simfang"


def test_a_damaged_or_absent_windows_fangsong_leaves_the_bundled_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    on_windows(monkeypatch, tmp_path)
    monkeypatch.delenv("CDO_BUNDLED_FONTS")
    assert fonts._system_fangsong.__wrapped__() is None
    (tmp_path / "Fonts").mkdir()
    (tmp_path / "Fonts" / "simfang.ttf").write_bytes(b"OTTO no font")
    assert fonts._system_fangsong.__wrapped__() is None
    assert "simfang.ttf" in caplog.text


def test_a_damaged_installation_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(fonts, "resource", lambda *parts: tmp_path.joinpath(*parts[1:]))
    (tmp_path / "short.ttf").write_bytes(b"\x00\x01\x00\x00")
    for name in ("absent.ttf", "short.ttf"):
        with pytest.raises(StorageError, match="重新安装"):
            fonts._bundled_font(name)


def test_the_bundled_files_are_those_their_readme_describes() -> None:
    lines = resource("fonts", "README.md").read_text(encoding="utf-8").splitlines()
    digests = {}
    for line in lines:
        if found := re.findall(r"`([^`]+\.ttf|[0-9a-f]{64})`", line):
            digests[found[0]] = found[-1]
    files = sorted(resource("fonts").glob("*.ttf"))
    assert [path.name for path in files] == sorted(digests)
    for path in files:
        assert hashlib.sha256(path.read_bytes()).hexdigest() == digests[path.name], path.name
