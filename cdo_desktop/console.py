"""What the console that the program was started from can do."""

import errno
import os
import sys


def allow_any_character() -> None:
    """A GBK console cannot show 𬀩; that must not stop the work."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def write_nowhere() -> None:
    """Whoever reads the output has enough (`filings | head`): what is left must not fail at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def has_terminal() -> bool:
    """Tell whether somebody can type; on Windows the null device calls itself a terminal too."""
    if sys.stdin is None or not sys.stdin.isatty():
        return False
    if sys.platform != "win32":
        return True
    import ctypes
    import msvcrt

    handle = ctypes.c_void_p(msvcrt.get_osfhandle(sys.stdin.fileno()))
    return bool(ctypes.windll.kernel32.GetConsoleMode(handle, ctypes.byref(ctypes.c_ulong())))


def reader_is_gone(error: OSError, system: str = os.name) -> bool:
    """Tell whether nobody reads what is printed any more; Windows calls that an invalid argument."""
    return isinstance(error, BrokenPipeError) or (system == "nt" and error.errno == errno.EINVAL)
