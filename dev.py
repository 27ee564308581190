"""Set up, run, check and measure the program; needs nothing but Python itself.

python3 dev.py run [-- --data DIR ...]    open the program (Windows: py -3.11 dev.py run)
python3 dev.py test                       every check, every test, and the built program
python3 dev.py test -- PYTEST OPTIONS     every check and these tests
python3 dev.py check                      every check, no tests
python3 dev.py fix                        format, and correct what ruff can correct
python3 dev.py bench [NAME]               the programs of benchmarks/
python3 dev.py trials [NAME]              the long programs of benchmarks/reliability/
"""

import ctypes
import hashlib
import importlib.util
import io
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

if not (3, 11) <= sys.version_info < (3, 14) or sys.maxsize < 2**32:
    sys.exit(
        f"本程序需要 64 位的 Python 3.11、3.12 或 3.13，现在用的是 {sys.version.split()[0]}。\n"
        "Windows 请用：py -3.11 dev.py run；Linux 请先安装 python3.11，再用它运行 dev.py。"
    )

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
STAMP = VENV / "installed.txt"
LOCKS = {"run": ROOT / "requirements.txt", "dev": ROOT / "requirements-dev.txt"}
PIP_INSTALL = ["-m", "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes"]
PIP_INSTALL += ["--only-binary", ":all:"]
WORKERS = (os.cpu_count() or 1) + 1  # one more than there are processors: a fifth of a test is waiting
BUILD = ["python", "packaging/check_build.py"]
CHECKS = {name: name.split() for name in ("ruff format --check", "ruff check", "mypy", "lint-imports")}
# Debian package -> the library in it that Qt loads, measured in a Debian 12 with nothing but Python.
QT_LIBRARIES = {
    "libgl1": "libGL.so.1",
    "libegl1": "libEGL.so.1",
    "libxkbcommon0": "libxkbcommon.so.0",
    "libdbus-1-3": "libdbus-1.so.3",
    "libfontconfig1": "libfontconfig.so.1",
    "libglib2.0-0": "libglib-2.0.so.0",
}
WINDOW_LIBRARIES = {
    "libxcb-cursor0": "libxcb-cursor.so.0",
    "libxcb-icccm4": "libxcb-icccm.so.4",
    "libxcb-keysyms1": "libxcb-keysyms.so.1",
    "libxcb-shape0": "libxcb-shape.so.0",
    "libxkbcommon-x11-0": "libxkbcommon-x11.so.0",
}
WITHOUT_WINDOW = ("roster", "forms", "filings", "due", "sample", "check", "backup", "restore")
NO_DISPLAY = """环境已准备好，但这里没有可用的显示器（没有设置 DISPLAY 或 WAYLAND_DISPLAY），窗口打不开。
不用窗口也能完成同样的工作，在本文件夹中执行：
    {0} roster template 模板.xlsx             生成花名册导入模板
    {0} roster import 花名册.xlsx --dry-run   先看看会导入什么，什么都不改
    {0} roster import 花名册.xlsx             导入花名册
    {0} forms 备案表                          生成全部备案表（PDF），存入“备案表”文件夹
    {0} filings --overdue                     列出逾期的备案
    {0} roster export 花名册.xlsx             导出花名册
    {0} due 2026-02-13 2026-09-30             查这些天变更的备案截止日"""


def main(arguments: list[str]) -> int:
    """Run one command of this file's docstring and return the exit status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a GBK or ASCII console must not stop the work
    name = arguments[0] if arguments else ""
    rest = arguments[2:] if arguments[1:2] == ["--"] else arguments[1:]
    pytest = ["pytest", *(rest or ["-q", "-n", str(WORKERS)])]
    commands = {
        "run": lambda: run(rest),
        "test": lambda: run_all({**CHECKS, "pytest": pytest}, building=not rest),
        "check": lambda: run_all(CHECKS),
        "fix": lambda: call([BIN / "ruff", "check", "--fix", "."]) | call([BIN / "ruff", "format", "."]),
        "bench": lambda: run_programs("benchmarks", rest),
        "trials": lambda: run_programs("benchmarks/reliability", rest),
    }
    if name not in commands:
        print(__doc__)
        return 0 if name in ("-h", "--help") else 2
    set_up("run" if name == "run" else "dev")
    return commands[name]()


def set_up(kind: str) -> None:
    """Make ``.venv`` hold what the lock file of this kind names; do nothing where it already does."""
    install_system_packages()
    content = b"".join(lock.read_bytes() for lock in LOCKS.values()) + sys.version.encode()
    digest = hashlib.sha256(content).hexdigest()
    installed = STAMP.read_text(encoding="utf-8").split() if STAMP.exists() else []
    if installed in (["dev", digest], [kind, digest]) and PYTHON.exists():
        return
    print("正在准备运行环境（第一次和更新以后才需要，半分钟到几分钟）……", flush=True)
    started = time.monotonic()
    STAMP.unlink(missing_ok=True)
    same_version = f"import sys; sys.exit(sys.version_info[:2] != {sys.version_info[:2]})"
    if PYTHON.exists() and call([PYTHON, "-c", same_version]) != 0:
        shutil.rmtree(VENV)
    has_pip = "import importlib.util, sys; sys.exit(importlib.util.find_spec('pip') is None)"
    usable = PYTHON.exists() and call([PYTHON, "-c", has_pip]) == 0
    if not usable and call([sys.executable, "-m", "venv", VENV]) != 0:
        sys.exit("没能建立 .venv 文件夹，原因见上面。")
    if call([PYTHON, *PIP_INSTALL, "-r", LOCKS[kind]]) != 0:
        sys.exit("没能装好依赖，原因见上面。请检查网络或 pip 的镜像设置，再运行一次同样的命令。")
    STAMP.write_text(f"{kind} {digest}", encoding="utf-8")
    print(f"准备完毕，用时 {time.monotonic() - started:.0f} 秒。", flush=True)


def install_system_packages() -> None:
    """On Linux add what Debian's python3 leaves out and Qt needs; without root say what to install."""
    if not sys.platform.startswith("linux"):
        return
    venv = [] if importlib.util.find_spec("ensurepip") else ["python{}.{}-venv".format(*sys.version_info)]
    missing = venv + [package for package, library in QT_LIBRARIES.items() if not loads(library)]
    if has_display() or (os.geteuid() == 0 and shutil.which("apt-get")):
        missing += [package for package, library in WINDOW_LIBRARIES.items() if not loads(library)]
    install(missing)


def install_build_packages() -> None:
    """On Linux add what PyInstaller needs: Debian's python3 does without its own shared library."""
    if not sys.platform.startswith("linux"):
        return
    version = "{}.{}".format(*sys.version_info)
    missing = [] if shutil.which("objcopy") else ["binutils"]
    install(missing + ([] if loads(f"libpython{version}.so.1.0") else [f"libpython{version}"]))


def install(missing: list[str]) -> None:
    """Install these packages, or say how and leave."""
    root, apt = os.geteuid() == 0, shutil.which("apt-get")
    if not missing:
        return
    if not root or apt is None:
        libraries = {**QT_LIBRARIES, **WINDOW_LIBRARIES}
        sys.exit(
            "系统里缺少运行所需的软件包。请让管理员执行下面一行，再运行一次同样的命令：\n"
            f"    sudo apt-get install --no-install-recommends {' '.join(missing)}\n"
            f"不是 Debian 类的系统，请安装含有这些的软件包：{' '.join(libraries.get(m, m) for m in missing)}"
        )
    print(f"正在安装系统软件包：{' '.join(missing)}", flush=True)
    for words in (["update"], ["install", "-y", "--no-install-recommends", *missing]):
        if call([apt, "-qq", *words], quiet=True, DEBIAN_FRONTEND="noninteractive") != 0:
            sys.exit("没能装好系统软件包，原因见上面。请检查网络和软件源，再运行一次同样的命令。")


def loads(library: str) -> bool:
    """Tell whether the system's loader finds a shared library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def has_display() -> bool:
    """Tell whether a window can appear: always but on a Linux without X11 and Wayland."""
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return not sys.platform.startswith("linux") or any(os.environ.get(name) for name in names)


def call(command: Sequence[str | Path], *, quiet: bool = False, **variables: str) -> int:
    """Run a command in the checkout, with UTF-8 for what it reads and writes, and return its exit status."""
    environment = {**os.environ, "PYTHONUTF8": "1", **variables}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # else every process compiles the program anew
    output = subprocess.DEVNULL if quiet else None
    return subprocess.call([str(part) for part in command], cwd=ROOT, env=environment, stdout=output)


def run(arguments: list[str]) -> int:
    """Open the program, or where no window can appear say how to work without one."""
    if has_display() or any(word in WITHOUT_WINDOW for word in arguments):
        return call([PYTHON, "-m", "cdo_desktop", *arguments])
    print(NO_DISPLAY.format(f"{PYTHON.relative_to(ROOT)} -m cdo_desktop"))
    return 0


def run_all(steps: dict[str, list[str]], *, building: bool = False) -> int:
    """Run every step, whatever fails, then print one line for each; ``building`` adds the built program."""
    lines, failures = [], 0
    if building:
        install_build_packages()
        steps = {**steps, "build": BUILD}
    for name, command in steps.items():
        print(f"== {name}", flush=True)
        started = time.monotonic()
        status = call([BIN / command[0], *command[1:]], QT_QPA_PLATFORM="offscreen")
        failures += status != 0
        result = "passed" if status == 0 else f"FAILED (exit status {status})"
        lines.append(f"{name:<20}{time.monotonic() - started:6.1f} s  {result}")
    print("\n" + "\n".join(lines), flush=True)
    return 1 if failures else 0


def run_programs(folder: str, arguments: list[str]) -> int:
    """Run the modules of a folder that have a ``main``; start-up, start_up and startup name the same one."""
    files = [file for file in sorted((ROOT / folder).glob("*.py")) if "def main(" in file.read_text("utf-8")]
    name = arguments[0].replace("-", "").replace("_", "") if arguments else ""
    wanted = [file for file in files if name in ("", file.stem.replace("_", ""))]
    if not wanted:
        print(
            f"{folder} 中可以运行的程序：{' '.join(file.stem for file in files) or '没有'}", file=sys.stderr
        )
        return 2
    modules = [".".join(file.relative_to(ROOT).with_suffix("").parts) for file in wanted]
    return max(call([PYTHON, "-m", module, *arguments[1:]]) for module in modules)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
