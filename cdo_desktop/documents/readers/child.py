"""Child processes for foreign files: how they are started, limited, and how their answer comes back.

A child gets a private temporary folder. It leaves its answer there, or a sentence in ``PROBLEM_NAME`` when it
refuses; one that dies leaves neither. Files, because a Windows program with a window has no standard output.
"""

import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from cdo_desktop.errors import AppError, FileInUseError, StorageError, UnreadableFileError

logger = logging.getLogger(__name__)

RESULT_NAME = "result.jsonl"
PROBLEM_NAME = "problem.json"

_CONSOLE_PROGRAM = "cdo"  # beside cdo_desktop, see build.spec
_REFUSED = 3
_NO_ROOM = 4  # not even for the sentence
_CRASHED = 1
_CPU_SECONDS = 600  # ends a child whose parent was killed
_SCAN_CPU_SECONDS = 3600
_LOOK_SECONDS = 0.2
_PROBLEMS: dict[str, type[AppError]] = {
    kind.__name__: kind for kind in (UnreadableFileError, StorageError, FileInUseError)
}


class ChildCrashedError(UnreadableFileError):
    """The child died without a sentence of its own."""


def child_command(name: str, *args: str) -> list[str]:
    """Return the command line that runs ``run_child([name, *args])`` in a process of its own."""
    if getattr(sys, "frozen", False):
        # The program with a window has no standard error on Windows and answers a crash with a dialog.
        return [str(Path(sys.executable).with_stem(_CONSOLE_PROGRAM)), name, *args]
    # -P: no module may come from the folder that the user happens to work in.
    return [sys.executable, "-P", "-m", "cdo_desktop", name, *args]


def child_environment() -> dict[str, str]:
    """Return this process's environment, with this checkout first where modules are found."""
    environment = dict(os.environ)
    if not getattr(sys, "frozen", False):
        root = str(Path(__file__).resolve().parents[3])
        paths = [root, environment["PYTHONPATH"]] if environment.get("PYTHONPATH") else [root]
        environment["PYTHONPATH"] = os.pathsep.join(paths)
    return environment


def run_in_child(
    name: str,
    folder: Path,
    args: Sequence[str],
    *,
    subject: str,
    timeout: float,
    watch: Callable[[], object] = lambda: None,
) -> None:
    """Run one child to its end and return when it has answered in ``folder``.

    ``subject`` is the file name for the sentence, ``timeout`` in seconds. ``watch`` is called five times
    a second while the child works; when it raises, the child is stopped. Raises what the child refused with,
    UnreadableFileError when it ran out of time, ChildCrashedError when it died.
    """
    try:
        status, told = _run_to_end(child_command(name, str(folder), *args), timeout, watch)
    except subprocess.TimeoutExpired as error:
        raise UnreadableFileError(
            f"“{subject}” 处理了 {timeout:g} 秒还没有完成，已经停止，什么都没有改动。"
            "请删除其中多余的工作表和空白行后再试。"
        ) from error
    if status == 0:
        return
    problem = folder / PROBLEM_NAME
    if status == _REFUSED and problem.exists():
        refusal = json.loads(problem.read_text(encoding="utf-8"))
        raise _PROBLEMS[refusal["kind"]](refusal["message"])
    if status == _NO_ROOM:
        raise StorageError(
            f"临时文件夹“{folder.parent}”写不下，“{subject}” 没有处理，什么都没有改动。请清理系统盘后再试。"
        )
    # Only the places in the program: the message of an exception may quote the file, and so a person.
    places = [line for line in told.decode(errors="replace").splitlines() if line.startswith("  File ")]
    logger.warning("%s died with status %d\n%s", name, status, "\n".join(places))
    raise ChildCrashedError(
        f"“{subject}” 无法处理：内容已损坏，或者大到超出处理能力。什么都没有改动。"
        "请在 Excel 或 WPS 中打开，只保留需要的内容，另存为新的 .xlsx 后再试。"
    )


def _run_to_end(command: Sequence[str], timeout: float, watch: Callable[[], object]) -> tuple[int, bytes]:
    """Return the exit status and the standard error; the process is gone however this ends."""
    ends = time.monotonic() + timeout
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=child_environment(),
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    ) as process:
        try:
            while True:
                left = max(0.0, ends - time.monotonic())
                try:
                    _, told = process.communicate(timeout=min(left, _LOOK_SECONDS))
                    return process.returncode, told
                except subprocess.TimeoutExpired:
                    if time.monotonic() >= ends:
                        raise
                    watch()
        finally:
            if process.poll() is None:
                process.kill()


def run_child(argv: Sequence[str]) -> int:
    """Do the work of a child, given the program's arguments, and return its exit status."""
    from cdo_desktop.documents.readers import limits

    name, folder, *args = argv
    _silence_crash_windows()
    try:
        if name == "_read":
            _limit(limits.READ_MEMORY_BYTES)
            from cdo_desktop.documents.readers.extract import extract

            extract(Path(args[0]), Path(folder) / RESULT_NAME)
        elif name == "_mark":
            _limit(limits.MARK_MEMORY_BYTES)
            from cdo_desktop.documents.excel.marking import mark

            mark(Path(args[0]), Path(folder), Path(args[1]), keep_styles=args[2] == "styles")
        elif name in ("_scan", "_split"):
            _limit(limits.SCAN_MEMORY_BYTES, _SCAN_CPU_SECONDS)
            from cdo_desktop.documents.readers import scan_pages

            if name == "_scan":
                scan_pages.read_pages(Path(args[0]), Path(folder))
            else:
                parts = json.loads(Path(args[1]).read_text(encoding="utf-8"))
                scan_pages.split(Path(args[0]), parts, Path(args[2]), Path(folder))
        else:
            return _CRASHED
    except AppError as error:
        return _refuse(error, Path(folder))
    return 0


def _refuse(refusal: AppError, folder: Path) -> int:
    told = {"kind": type(refusal).__name__, "message": str(refusal)}
    try:
        (folder / PROBLEM_NAME).write_text(json.dumps(told), encoding="utf-8")
    except OSError:
        return _NO_ROOM
    return _REFUSED


if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    class _BasicLimits(ctypes.Structure):
        _fields_ = (
            ("PerProcessUserTimeLimit", wintypes.LARGE_INTEGER),
            ("PerJobUserTimeLimit", wintypes.LARGE_INTEGER),
            ("LimitFlags", wintypes.DWORD),
            ("MinimumWorkingSetSize", ctypes.c_size_t),
            ("MaximumWorkingSetSize", ctypes.c_size_t),
            ("ActiveProcessLimit", wintypes.DWORD),
            ("Affinity", ctypes.c_size_t),
            ("PriorityClass", wintypes.DWORD),
            ("SchedulingClass", wintypes.DWORD),
        )

    class _ExtendedLimits(ctypes.Structure):
        _fields_ = (
            ("BasicLimitInformation", _BasicLimits),
            ("IoInfo", ctypes.c_ulonglong * 6),
            ("ProcessMemoryLimit", ctypes.c_size_t),
            ("JobMemoryLimit", ctypes.c_size_t),
            ("PeakProcessMemoryUsed", ctypes.c_size_t),
            ("PeakJobMemoryUsed", ctypes.c_size_t),
        )

    def _limit(memory: int, _cpu_seconds: int = _CPU_SECONDS) -> None:
        """Put this process into a job that refuses it more memory.

        Best effort: where the system allows no job inside another one, the child runs without the limit, and
        the checks before parsing and the time limit remain.
        """
        process_memory, extended_limits = 0x100, 9
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.CreateJobObjectW.restype = wintypes.HANDLE
        kernel.GetCurrentProcess.restype = wintypes.HANDLE
        kernel.SetInformationJobObject.argtypes = (
            wintypes.HANDLE,
            ctypes.c_int,
            ctypes.c_void_p,
            wintypes.DWORD,
        )
        kernel.AssignProcessToJobObject.argtypes = (wintypes.HANDLE, wintypes.HANDLE)
        job = kernel.CreateJobObjectW(None, None)
        wanted = _ExtendedLimits()
        wanted.BasicLimitInformation.LimitFlags = process_memory
        wanted.ProcessMemoryLimit = memory
        known = kernel.SetInformationJobObject(
            job, extended_limits, ctypes.byref(wanted), ctypes.sizeof(wanted)
        )
        if not known or not kernel.AssignProcessToJobObject(job, kernel.GetCurrentProcess()):
            logger.warning("no memory limit for this child: error %d", ctypes.get_last_error())

    def _silence_crash_windows() -> None:
        """Let a crash end the process at once instead of asking the user what to do."""
        fail_critical_errors, no_fault_box = 0x1, 0x2
        ctypes.WinDLL("kernel32").SetErrorMode(fail_critical_errors | no_fault_box)

else:
    import resource

    def _limit(memory: int, cpu_seconds: int = _CPU_SECONDS) -> None:
        """Refuse this process more address space, endless computing, and a core file full of names."""
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    def _silence_crash_windows() -> None:
        """Nothing to do: only Windows asks."""
