"""Build the program from build.spec and use it as the office would, without a screen.

    python packaging/check_build.py                     build in a temporary folder, check it, throw it away
    python packaging/check_build.py --program FOLDER    check a folder that is already built
    python packaging/check_build.py --keep FOLDER       keep the build and all that was made with it

Needs the developers' environment of dev.py. Runs on Linux, on Windows and under Wine.
"""

import argparse
import locale
import os
import re
import struct
import subprocess
import sys
import tempfile
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SUFFIX = ".exe" if sys.platform == "win32" else ""
SECONDS = 300  # for one command; under Wine on a busy machine they are slow

# Parts of Qt and of Python that nothing here uses and that would double the size, or need another licence.
UNWANTED = re.compile(
    r"Qt6?(Qml|Quick|Pdf|Charts|Graphs|WebEngine|Multimedia|Sql|Test|Designer|3D)"
    r"|opengl32sw|d3dcompiler|tkinter|_tk|tcl8|tk8|numpy|unittest|pytest|/tests?/",
    re.IGNORECASE,
)
MAX_MEGABYTES = 210 if sys.platform == "win32" else 330  # 87 are fonts; Linux adds ICU and the like
DUE = {
    "2026-02-13": "2026-02-25",
    "2026-09-30": "2026-10-10",
}  # across the Spring Festival and the National Day


class BuildError(Exception):
    """The built program does not do what it must."""


def expect(condition: bool, problem: str) -> None:
    """Raise BuildError with this problem unless the condition holds."""
    if not condition:
        raise BuildError(problem)


def say(text: str) -> None:
    """Report progress at once, also into a pipe of a console with few characters."""
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")
    sys.stdout.flush()


def build(work: Path) -> Path:
    """Build with PyInstaller below ``work`` and return the folder of the program."""
    options = ["--noconfirm", "--clean", "--log-level", "ERROR"]
    places = ["--distpath", str(work / "dist"), "--workpath", str(work / "build")]
    command = [sys.executable, "-m", "PyInstaller", *options, *places, str(ROOT / "build.spec")]
    started = time.monotonic()
    ended = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, check=False)
    expect(ended.returncode == 0, f"PyInstaller ended with status {ended.returncode}")
    say(f"built in {time.monotonic() - started:.0f} s")
    return work / "dist" / "cdo_desktop"


def check_contents(folder: Path) -> None:
    """Check that the folder holds both programs and what they need, and nothing that nobody uses."""
    for name in ("cdo_desktop", "cdo"):
        expect((folder / f"{name}{SUFFIX}").is_file(), f"{name}{SUFFIX} is missing")
    inside = folder / "_internal"
    files = {file.relative_to(inside).as_posix(): file for file in inside.rglob("*") if not file.is_dir()}
    broken = sorted(name for name, file in files.items() if not file.exists())
    expect(not broken, f"links to nowhere: {broken}")
    wanted = {f"resources/{file.relative_to(ROOT / 'resources').as_posix()}" for file in resource_files()}
    expect(wanted <= files.keys(), f"missing: {sorted(wanted - files.keys())}")
    expect("LICENSE" in files, "the licence is missing")
    unwanted = sorted(name for name in files if UNWANTED.search(f"/{name}"))
    expect(not unwanted, f"nothing uses {unwanted}")
    translations = [name for name in files if name.endswith(".qm")]
    expect([Path(name).name for name in translations] == ["qtbase_zh_CN.qm"], f"translations: {translations}")
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file() and not file.is_symlink())
    expect(size < MAX_MEGABYTES * 10**6, f"{size / 1e6:.0f} MB are more than {MAX_MEGABYTES} MB")
    fonts = sum(file.stat().st_size for file in (inside / "resources" / "fonts").rglob("*.ttf"))
    say(f"{size / 1e6:.0f} MB in {len(files) + 2} files, of these {fonts / 1e6:.0f} MB fonts")


def resource_files() -> list[Path]:
    """Return the files under resources that the program is shipped with."""
    return [file for file in (ROOT / "resources").rglob("*") if file.is_file()]


@dataclass(frozen=True)
class Answer:
    """What a command printed and how it ended."""

    status: int
    out: str
    err: str


class Program:
    """The built program with a data folder."""

    def __init__(self, folder: Path, data: Path, platform: str = "offscreen") -> None:
        self.folder = folder
        self.data = data
        fonts = folder / "_internal" / "resources" / "fonts"
        self._environment = {
            **os.environ,
            "QT_QPA_PLATFORM": platform,
            **({"QT_QPA_FONTDIR": str(fonts)} if platform == "offscreen" else {}),
        }

    def on(self, data: Path) -> "Program":
        """Return the same program with another data folder."""
        other = Program(self.folder, data)
        other._environment = self._environment
        return other

    def run(self, *words: str | Path, name: str = "cdo", status: int = 0) -> Answer:
        """Run one command; BuildError if it ends otherwise than expected or breaks down."""
        command = [self.folder / f"{name}{SUFFIX}", "--data", self.data, *words]
        line = " ".join(str(word) for word in (name, *words))
        started = time.monotonic()
        try:
            ended = subprocess.run(
                [str(word) for word in command],
                cwd=self.data.parent,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise BuildError(f"{line}: not done after {SECONDS} s") from error
        encoding = locale.getpreferredencoding(False)
        answer = Answer(
            ended.returncode,
            ended.stdout.decode(encoding, "replace"),
            ended.stderr.decode(encoding, "replace"),
        )
        told = f"{line}: status {answer.status}\n{answer.out}{answer.err}"
        expect(answer.status == status, told)
        expect("Traceback" not in answer.out + answer.err, told)
        say(f"{time.monotonic() - started:6.1f} s  {line}")
        return answer


def check_commands(program: Program, work: Path) -> None:
    """Check the work without a window: dates, sample, roster out and in, forms."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    expect(program.run("--version").out.strip() == version, "wrong version")
    expect(program.run("due", *DUE).out.split() == [*DUE.values()], "wrong due dates")
    program.run("sample")
    roster, marked = work / "花名册.xlsx", work / "标注.xlsx"
    posts = number(program.run("roster", "export", roster, "--full"), "岗位")
    program.run("roster", "template", work / "模板.xlsx")
    new = program.on(work / "导入")
    told = new.run("roster", "import", roster, "--marked", marked)
    expect(number(told, "新增") == posts and number(told, "问题") == 0, told.out)
    expect(marked.stat().st_size > 10_000, "no marked copy")
    check_refusals(new, work)
    check_forms(new, work / "备案表")
    check_scans(new, work / "备案表")


def number(answer: Answer, title: str) -> int:
    """Return the number printed after a title."""
    found = re.search(rf"^{title} (\d+)\s*$", answer.out, re.MULTILINE)
    expect(found is not None, f"no line “{title}” in: {answer.out}")
    return int(found.group(1)) if found else 0


def check_refusals(program: Program, work: Path) -> None:
    """Check that a damaged workbook and a name that cannot be are refused with a sentence."""
    damaged = work / "损坏.xlsx"
    damaged.write_bytes(b"PK\x03\x04" + bytes(5000))
    for words in (("roster", "import", damaged), ("roster", "export", work / "没有" / "花名册.xlsx")):
        told = program.run(*words, status=1)
        expect("。" in told.err, f"no sentence: {told.err}")


def check_forms(program: Program, folder: Path) -> None:
    """Check that there is a form for every filled post, with the holder's name in it, one page each."""
    import pypdfium2

    count = number(program.run("forms", folder), "备案表")
    files = sorted(folder.glob("*.pdf"))
    expect(len(files) == count > 100, f"{count} forms, {len(files)} files")
    for file in (files[0], files[-1]):
        with pypdfium2.PdfDocument(file) as document:
            text = document[0].get_textpage().get_text_range()
            expect(file.stem.rpartition("_")[2] in text, f"{file.name} does not name the holder")
    pages = number(program.run("forms", folder, "--one-file"), "页数")
    with pypdfium2.PdfDocument(folder / "备案表.pdf") as document:
        expect(len(document) == pages >= count, f"{len(document)} pages, {pages} announced")


def check_scans(program: Program, folder: Path) -> None:
    """Check that a form that comes back is found by its code and booked in."""
    import pypdfium2

    scan = folder / "扫描件.png"
    with pypdfium2.PdfDocument(min(folder.glob("0*.pdf"))) as document:
        document[0].render(scale=200 / 72).to_pil().save(scan)
    told = program.run("scans", scan)
    expect("已归入" in told.out and "现内容" in told.out, f"not filed: {told.out}")
    again = program.run("scans", scan)  # it is known now: it was kept with its filing
    expect("已有" in again.out, f"not kept: {again.out}")


def check_window(program: Program, work: Path) -> None:
    """Check the program with a window: it reads a workbook in a child and shows the register."""
    other = program.on(work / "窗口程序")
    other.run("roster", "import", work / "花名册.xlsx", name="cdo_desktop")
    expect(number(other.run("roster", "export", work / "再导出.xlsx"), "岗位") > 100, "nothing was read")
    picture = work / "窗口.png"
    other.run("picture", picture, name="cdo_desktop")
    content = picture.read_bytes()
    width, height = struct.unpack(">II", content[16:24])
    expect(content.startswith(b"\x89PNG") and width >= 640 and height >= 480, "no picture of the window")
    expect(len(content) > 30_000, "nothing to be seen in the picture")
    remembered = (other.data / "window.ini").read_text(encoding="utf-8")
    expect("[registry]" in remembered, "the register was not shown")  # its columns are kept when it closes
    for log in other.data.glob("*.log"):
        expect(not re.search("ERROR|CRITICAL", text := log.read_text(encoding="utf-8")), text)


def main() -> int:
    """Check a build and return the exit status."""
    parser = argparse.ArgumentParser(description="Build the program and check what came out.")
    parser.add_argument("--program", type=Path, help="a folder that is already built")
    parser.add_argument("--keep", type=Path, help="where to keep what is made")
    parser.add_argument("--platform", default="offscreen", help="Qt's platform: offscreen, windows, xcb")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="cdo_build_", ignore_cleanup_errors=True) as temporary:
        work = (options.keep or Path(temporary)).resolve()
        work.mkdir(parents=True, exist_ok=True)
        try:
            folder = options.program.resolve() if options.program else build(work)
            check_contents(folder)
            made = work / "办公室 检查"
            made.mkdir(exist_ok=True)
            program = Program(folder, made / "数据", options.platform)
            check_commands(program, made)
            check_window(program, made)
        except BuildError as error:
            say(f"the built program FAILED: {error}")
            return 1
    say("the built program works: dates, sample, roster, forms, window")
    return 0


if __name__ == "__main__":
    sys.exit(main())
