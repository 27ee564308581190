"""Scans: pages are known by their codes, whatever the scanner did; a bad file costs a sentence."""

import errno
import io
import struct
import subprocess
import sys
import time as clock
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageChops
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from benchmarks.forms import sample_forms
from benchmarks.scan_pictures import photographed, printed, scanned, sealed, wear
from cdo_desktop.documents.pdf.qr import draw_code, encode
from cdo_desktop.documents.readers import limits
from cdo_desktop.documents.readers.child import child_command, child_environment
from cdo_desktop.documents.readers.codes import find_codes
from cdo_desktop.documents.readers.scan_pages import split
from cdo_desktop.documents.readers.scan_pictures import copied
from cdo_desktop.documents.readers.scans import read_scan, split_scan
from cdo_desktop.errors import CancelledError, StorageError, UnreadableFileError
from tests.documents.scan_files import (
    as_pdf,
    as_picture,
    as_tiff,
    code,
    empty_pdf,
    forms,
    mark,
    read,
    record_ids,
    records,
    refusal,
    sheet,
    text_pdf,
)


def test_worn_pages_in_one_pdf_are_read_and_shown_upright(tmp_path: Path) -> None:
    dpi = [150, 200, 300, 150] * 3
    pages = printed(sample_forms(12), dpi)
    worn = [scanned(page, wear(number, dpi[number]), number) for number, page in enumerate(pages)]
    scan = read(tmp_path, as_pdf(worn), "扫描件.pdf")
    assert records(scan) == [(record,) for record in record_ids(12)]
    assert [page.number for page in scan.pages] == list(range(1, 13))
    assert [page.turn for page in scan.pages] == [0, 270, 180, 90] * 3
    for page in scan.pages:
        shown = Image.open(io.BytesIO(page.preview))
        assert shown.format == "JPEG"
        assert shown.height == 1000 > shown.width


@pytest.mark.parametrize("place", [(0.86, 0.09), (0.8, 0.14)])
def test_a_red_seal_over_the_code_does_not_matter(place: tuple[float, float]) -> None:
    (page,) = forms(1, 150)
    found = find_codes(scanned(sealed(page, *place), wear(3, 150), 3))
    assert [told.record_id for told in found.marks] == record_ids(1)


def test_a_photo_from_aside_is_read(tmp_path: Path) -> None:
    (page,) = forms(1)
    photo = photographed(page, 5)
    scan = read(tmp_path, as_picture(photo, "JPEG"), "照片.JPG")
    assert records(scan) == [tuple(record_ids(1))]


def test_a_photo_is_turned_as_the_phone_says(tmp_path: Path) -> None:
    file = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6  # the top is at the right
    forms(1)[0].rotate(90, expand=True).save(file, "JPEG", exif=exif)
    (page,) = read(tmp_path, file.getvalue(), "照片.jpg").pages
    assert page.turn == 0
    assert len(page.marks) == 1


@pytest.mark.parametrize(("kind", "suffix"), [("PNG", "png"), ("BMP", "bmp"), ("TIFF", "tiff")])
def test_every_kind_of_picture_is_read(tmp_path: Path, kind: str, suffix: str) -> None:
    scan = read(tmp_path, as_picture(forms(1)[0], kind), f"𬀩𠅤的扫描件 (1)%20.{suffix}")
    assert records(scan) == [tuple(record_ids(1))]


def test_pictures_with_16_bits_and_with_clear_parts_are_read(tmp_path: Path) -> None:
    page = forms(1)[0]
    deep = page.convert("I").point(lambda value: value * 257).convert("I;16")
    clear = Image.new("RGBA", page.size, (0, 0, 0, 0))
    clear.paste("black", mask=ImageChops.invert(page))
    for number, picture in enumerate((deep, clear)):
        scan = read(tmp_path, as_picture(picture, "PNG"), f"{number}.png")
        assert records(scan) == [tuple(record_ids(1))]


def test_every_page_of_a_tiff_is_read(tmp_path: Path) -> None:
    assert records(read(tmp_path, as_tiff(forms(3)), "多页.tif")) == [(record,) for record in record_ids(3)]


def test_two_codes_on_a_page_are_both_told(tmp_path: Path) -> None:
    marks = [mark(1), mark(2)]
    page = sheet((code(encode(marks[0])), (1200, 100)), (code(encode(marks[1])), (200, 1900)))
    (told,) = read(tmp_path, as_picture(page, "PNG"), "两码.png").pages
    assert set(told.marks) == set(marks)


def test_codes_of_others_are_counted_and_told_apart_from_ours(tmp_path: Path) -> None:
    ours = mark(database=77)  # whose paper it is, the reader does not know
    address = code("https://www.shbsq.gov.cn/")
    page = sheet((code(encode(ours)), (1200, 100)), (address, (200, 1900)))
    pages = read(tmp_path, as_pdf([page, sheet((address, (1200, 100)))]), "外码.pdf").pages
    assert [(told.marks, told.foreign) for told in pages] == [((ours,), 1), ((), 1)]


def test_a_torn_code_and_a_missing_one_give_a_page_without_marks(tmp_path: Path) -> None:
    torn = forms(1)[0]
    torn.paste(255, (1420, 0, 1654, 260))  # from the middle of the code to the edge
    scan = read(tmp_path, as_pdf([torn, sheet()]), "残缺.pdf")
    assert [(page.marks, page.foreign) for page in scan.pages] == [((), 0), ((), 0)]
    assert all(Image.open(io.BytesIO(page.preview)).height == 1000 for page in scan.pages)


def test_a_pdf_of_text_has_pages_without_marks(tmp_path: Path) -> None:
    assert records(read(tmp_path, text_pdf(3), "通知.pdf")) == [(), (), ()]


def test_what_cannot_be_read_is_refused_with_a_sentence(tmp_path: Path) -> None:
    pdf, jpg = as_pdf(forms(2)), as_picture(forms(1)[0], "JPEG")
    tif, png = as_tiff(forms(2)), as_picture(forms(1)[0], "PNG")
    assert "打开密码" in refusal(tmp_path, as_pdf(forms(1), password="1234"))
    assert "空文件" in refusal(tmp_path, b"")
    assert "空文件" in refusal(tmp_path, bytes(900), "空.png")
    assert "内容是 PDF 文件，与扩展名不符" in refusal(tmp_path, pdf, "改名.jpg")
    assert "内容是 jpg 图片，与扩展名不符" in refusal(tmp_path, jpg, "改名.pdf")
    assert "heic" in refusal(tmp_path, b"\0\0\0\x18ftypheic", "照片.heic")
    for content, name in ((pdf, "短.pdf"), (jpg, "短.jpg"), (png, "短.png"), (tif, "短.tif")):
        assert "已损坏或不完整" in refusal(tmp_path, content[: len(content) * 2 // 3], name)
    assert "损坏" in refusal(tmp_path, b"%PDF-1.7\n" + bytes(5000) + b"%%EOF")
    for name in ("坏.jpg", "坏.png", "坏.tif", "坏.bmp"):
        heads = {"jpg": b"\xff\xd8\xff", "png": png[:16], "tif": b"II*\0", "bmp": b"BM"}
        assert "损坏" in refusal(tmp_path, heads[name[2:]] + b"\x01\x02" * 500, name)


def test_a_pdf_without_pages_and_one_with_too_many_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "。" in refusal(tmp_path, empty_pdf())
    assert f"超过 {limits.MAX_SCAN_PAGES} 页" in refusal(tmp_path, text_pdf(limits.MAX_SCAN_PAGES + 1))
    monkeypatch.setattr(limits, "MAX_SCAN_BYTES", 100)
    assert "超过 0 MB" in refusal(tmp_path, text_pdf(1))


def bomb(width: int, height: int) -> bytes:
    """Return a small .png that says it is very large."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(1_000_000)))
        + chunk(b"IEND", b"")
    )


def pdf_bomb(side: int) -> bytes:
    """Return a small PDF with a picture that says it is very large."""
    packed = zlib.compress(bytes(3_000_000), 9)
    picture = (
        f"4 0 obj<</Type/XObject/Subtype/Image/Width {side}/Height {side}/ColorSpace/DeviceGray"
        f"/BitsPerComponent 8/Filter/FlateDecode/Length {len(packed)}>>stream\n"
    )
    drawn = b"q 595 0 0 842 0 0 cm /P Do Q"
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 5 0 R"
        b"/Resources<</XObject<</P 4 0 R>>>>>>endobj\n"
        + picture.encode()
        + packed
        + b"\nendstream endobj\n"
        + b"5 0 obj<</Length %d>>stream\n%b\nendstream endobj\n" % (len(drawn), drawn)
        + b"trailer<</Root 1 0 R>>\n%%EOF\n"
    )


def test_pictures_that_unpack_to_more_than_memory_are_refused_at_once(tmp_path: Path) -> None:
    started = clock.monotonic()
    for content, name in ((bomb(50_000, 50_000), "巨图.png"), (pdf_bomb(50_000), "巨图.pdf")):
        assert "50000 × 50000 点" in refusal(tmp_path, content, name)
    assert clock.monotonic() - started < 10


@pytest.mark.parametrize(
    ("mode", "kind", "suffix"),
    [("RGB", "JPEG", "jpg"), ("1", "TIFF", "tif"), ("P", "PNG", "png"), ("RGBA", "PNG", "png")],
)
def test_a_page_of_600_dpi_is_read(tmp_path: Path, mode: str, kind: str, suffix: str) -> None:
    fine = forms(1)[0].resize((4_960, 7_016)).convert(mode)
    assert records(read(tmp_path, as_picture(fine, kind), f"精细.{suffix}")) == [tuple(record_ids(1))]


def test_a_large_photo_is_turned_as_the_phone_says(tmp_path: Path) -> None:
    file = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    forms(1)[0].resize((7_000, 9_900)).rotate(90, expand=True).save(file, "JPEG", exif=exif)
    (page,) = read(tmp_path, file.getvalue(), "大照片.jpg").pages
    assert (page.turn, len(page.marks)) == (0, 1)


def test_progress_tells_the_pages_and_stops_the_reading(tmp_path: Path) -> None:
    path = tmp_path / "扫描件.pdf"
    path.write_bytes(as_pdf(forms(3)))
    told: list[tuple[int, int]] = []
    read_scan(path, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (3, 3)

    def stop(done: int, total: int) -> None:
        raise CancelledError("已取消。")

    with pytest.raises(CancelledError):
        read_scan(path, progress=stop)


def test_a_page_that_takes_too_long_ends_as_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cdo_desktop.documents.readers.scans._STALLED_SECONDS", -1)
    monkeypatch.setattr("cdo_desktop.documents.readers.child._LOOK_SECONDS", 0.01)
    assert "还没有完成，已经停止" in refusal(tmp_path, as_pdf(forms(1)))


def test_parts_of_a_pdf_keep_their_pictures_as_they_are(tmp_path: Path) -> None:
    content = as_pdf(forms(3))
    scan = read(tmp_path, content, "扫描件.pdf")
    (tmp_path / "parts").mkdir()
    told: list[tuple[int, int]] = []
    parts = split_scan(
        tmp_path / "扫描件.pdf",
        scan.sha256,
        [[3], [1, 2], [1, 2, 3]],
        tmp_path / "parts",
        progress=lambda done, total: told.append((done, total)),
    )
    assert [part.name for part in parts] == ["1.pdf", "2.pdf", "3.pdf"]
    ids = record_ids(3)
    assert [records(read_scan(part)) for part in parts[:2]] == [[(ids[2],)], [(ids[0],), (ids[1],)]]
    assert parts[2].read_bytes() == content
    assert pictures(parts[1].read_bytes()) == pictures(content)[:2]
    assert told[-1] == (3, 3)


def pictures(content: bytes) -> list[bytes]:
    """Return the packed pictures of a PDF."""
    with pypdfium2.PdfDocument(content) as document:
        return [bytes(found.get_data()) for page in document for found in page.get_objects()]


def test_parts_of_a_tiff_lose_nothing(tmp_path: Path) -> None:
    pages = forms(3)
    scan = read(tmp_path, as_tiff(pages), "多页.tif")
    (part,) = split_scan(tmp_path / "多页.tif", scan.sha256, [[2, 3]], tmp_path)
    with Image.open(part) as image:
        assert getattr(image, "n_frames", 1) == 2
        assert image.info["dpi"] == (200, 200)
        for number in (0, 1):
            image.seek(number)
            expected = pages[number + 1].convert("1", dither=Image.Dither.NONE)
            assert ImageChops.difference(image.convert("L"), expected.convert("L")).getbbox() is None


def test_a_picture_is_kept_and_a_bmp_becomes_a_png(tmp_path: Path) -> None:
    page = forms(1)[0]
    for kind, suffix, written in (("JPEG", "jpeg", "1.jpeg"), ("BMP", "bmp", "1.png")):
        content = as_picture(page, kind)
        scan = read(tmp_path, content, f"图片.{suffix}")
        (part,) = split_scan(tmp_path / f"图片.{suffix}", scan.sha256, [[1]], tmp_path)
        assert part.name == written
        if kind == "JPEG":
            assert part.read_bytes() == content
    assert ImageChops.difference(Image.open(part).convert("L"), page).getbbox() is None


def test_a_file_that_changed_since_it_was_read_is_not_split(tmp_path: Path) -> None:
    scan = read(tmp_path, text_pdf(2), "扫描件.pdf")
    (tmp_path / "扫描件.pdf").write_bytes(text_pdf(3))
    with pytest.raises(UnreadableFileError, match="刚才被改动过"):
        split_scan(tmp_path / "扫描件.pdf", scan.sha256, [[1]], tmp_path)


def test_the_child_loads_neither_the_window_nor_the_database(tmp_path: Path) -> None:
    path = tmp_path / "通知.pdf"
    path.write_bytes(text_pdf(1))
    command = child_command("_scan", str(tmp_path), str(path))
    command[1:1] = ["-X", "importtime"]
    ended = subprocess.run(command, env=child_environment(), capture_output=True, check=True, text=True)
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in ended.stderr.splitlines()}
    assert {"zxingcpp", "PIL", "pypdfium2"} <= loaded
    assert loaded.isdisjoint({"PySide6", "sqlalchemy", "alembic", "openpyxl", "reportlab", "numpy"})


def drawn_pdf(*, picture: Image.Image | None = None, nested: bool = False, words: bool = False) -> bytes:
    """Return a form as the program draws it, or the picture of one; with other things on the page."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4)
    if nested:  # as signing and printing programs pack a page
        canvas.beginForm("page", 0, 0, *A4)
    if picture is not None:
        canvas.drawImage(ImageReader(picture), 0, 0, *A4)
    else:
        draw_code(canvas, 480, 750, 54, encode(mark()))
    if words:  # what a text recognition laid over the scan, not to be seen
        canvas.beginText()
        text = canvas.beginText(100, 700)
        text.setTextRenderMode(3)
        text.textLine("recognized")
        canvas.drawText(text)
    if nested:
        canvas.endForm()
        canvas.doForm("page")
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def with_seal(content: bytes) -> bytes:
    """Return the PDF with a picture of a seal on it, as signing programs put it there."""
    seal = Image.new("RGB", (400, 400), "red")
    with pypdfium2.PdfDocument(content) as document:
        picture = pypdfium2.PdfImage.new(document)
        picture.set_bitmap(pypdfium2.PdfBitmap.from_pil(seal))
        picture.set_matrix(pypdfium2.PdfMatrix().scale(120, 120).translate(300, 200))
        document[0].insert_obj(picture)
        document[0].gen_content()
        out = io.BytesIO()
        document.save(out)
    return out.getvalue()


@pytest.mark.parametrize("nested", [False, True])
def test_page_whose_code_a_program_drew_is_told_from_a_scan(tmp_path: Path, nested: bool) -> None:
    drawn = drawn_pdf(nested=nested)
    scan = drawn_pdf(picture=forms(1)[0], nested=nested)
    recognized = drawn_pdf(picture=forms(1)[0], nested=nested, words=True)
    for number, (content, is_drawn) in enumerate(
        [(drawn, True), (with_seal(drawn), True), (scan, False), (recognized, False)]
    ):
        (page,) = read(tmp_path, content, f"{number}.pdf").pages
        assert (len(page.marks), page.drawn) == (1, is_drawn), number
    (photo,) = read(tmp_path, as_picture(forms(1)[0], "PNG"), "图.png").pages
    assert not photo.drawn


@pytest.mark.skipif(sys.platform == "win32", reason="Windows limits no process's files")
@pytest.mark.parametrize("name", ["图片.bmp", "图片.jpg", "多页.tif", "扫描件.pdf"])
@pytest.mark.parametrize("room", [100, 9_000, 60_000])
def test_full_disk_is_not_blamed_on_the_file_that_is_split(tmp_path: Path, name: str, room: int) -> None:
    kind = name.rpartition(".")[2]
    pages = forms(3)
    several = {"tif": as_tiff(pages), "pdf": as_pdf(pages)}
    content = several.get(kind) or as_picture(pages[0], {"bmp": "BMP", "jpg": "JPEG"}[kind])
    (tmp_path / name).write_bytes(content)
    (tmp_path / "parts").mkdir()
    part = [3, 2] if kind in several else [1]
    with (
        files_of_at_most(room),
        pytest.raises(StorageError, match=r"临时文件夹写不下.*没有读取.*请清理系统盘后再试。"),
    ):
        split(tmp_path / name, [part], tmp_path / "parts", tmp_path)


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """Let writing more than so many bytes into a file fail, as on a full disk."""
    import resource

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_file_that_breaks_off_while_it_is_split_is_told_of_as_such(tmp_path: Path) -> None:
    class Pulled(io.BytesIO):
        """A file on a disk that is pulled out."""

        def read(self, size: int | None = -1) -> bytes:
            raise OSError(errno.EIO, "Input/output error")

    with pytest.raises(UnreadableFileError, match="读到一半出错.*请检查移动盘"):
        copied(Pulled(b"x"), tmp_path / "1.jpg", "图片.jpg")
