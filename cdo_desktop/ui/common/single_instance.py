"""One window a data folder: a second start brings the first window to the front and ends."""

import sys
from enum import Enum, auto
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QLockFile, QObject, QThread, Signal
from PySide6.QtGui import Qt
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer

LOCK_NAME = "window.lock"
ANSWER_MS = 2000  # a window that does not answer by then hangs, or belongs to another user
NO_ANSWER_TEXT = (
    "这个数据文件夹已经在另一个窗口中打开，但那个窗口没有响应，也可能由本机的另一个用户打开着。"
    "数据没有改动。请稍等一会儿再试；仍不行时，请注销另一个用户，或重新启动电脑。"
)
_RETRY_MS = 50
_ASKING_MS = 100  # the other start asks as soon as it is connected
_ASK, _ANSWER = b"show\n", b"shown\n"


class Claim(Enum):
    """What became of a start."""

    FIRST = auto()  # no other window works on this folder
    SHOWN = auto()  # there is one, and it has come to the front
    NO_ANSWER = auto()  # there is one that does not answer


class SingleInstance(QObject):
    """Binds windows only: the command line works beside them. Whatever ends the process releases it."""

    show_wanted = Signal()  # another start asks this window to come to the front

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = _lock_of(folder)
        self._folder = folder
        self._server: QLocalServer | None = None

    @cached_property
    def _name(self) -> str:
        return _server_name(self._folder)

    def claim(self, answer_ms: int = ANSWER_MS) -> Claim:
        """Become the one window of the folder, or bring the other one to the front.

        A lock left by a process that is gone never blocks, not even when another program has its number now.
        """
        if not _is_taken(self._lock):
            return Claim.FIRST
        _allow_to_come_forward(self._lock)
        clock = QElapsedTimer()
        clock.start()
        while not self._asked(answer_ms):  # it may have the lock and not listen yet
            if not _is_taken(self._lock):
                return Claim.FIRST  # it has just ended
            if clock.elapsed() >= answer_ms:
                # The system refuses to remove what a living process holds.
                stale = self._lock.removeStaleLockFile()
                return Claim.FIRST if stale and not _is_taken(self._lock) else Claim.NO_ANSWER
            QThread.msleep(_RETRY_MS)
        return Claim.SHOWN

    def listen(self) -> None:
        """Hear further starts from now on; call once the window is painted (QtNetwork takes its time)."""
        from PySide6.QtNetwork import QLocalServer

        server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        QLocalServer.removeServer(self._name)  # left by a window that was killed; we hold the lock
        server.newConnection.connect(self._answer)
        server.listen(self._name)
        self._server = server

    def release(self) -> None:
        """Let the next start have the folder."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self._lock.unlock()

    def _asked(self, answer_ms: int) -> bool:
        """Ask the other window to show itself; return whether it said that it does."""
        from PySide6.QtNetwork import QLocalSocket

        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if not socket.waitForConnected(answer_ms):
            return False
        socket.write(_ASK)
        socket.flush()
        answered = socket.waitForReadyRead(answer_ms)
        shown = answered and bytes(socket.readAll().data()) == _ANSWER
        socket.disconnectFromServer()
        return shown

    def _answer(self) -> None:
        while self._server is not None and self._server.hasPendingConnections():
            socket = self._server.nextPendingConnection()
            asked = socket.bytesAvailable() or socket.waitForReadyRead(_ASKING_MS)
            if asked and bytes(socket.readAll().data()) == _ASK:
                socket.write(_ANSWER)
                socket.waitForBytesWritten(_ASKING_MS)
                self.show_wanted.emit()
            socket.close()
            socket.deleteLater()


def window_is_open(folder: Path) -> bool:
    """Tell whether a window works on a folder now; for commands that must not run beside one."""
    if not folder.is_dir():
        return False
    lock = _lock_of(folder)
    taken = _is_taken(lock)
    lock.unlock()
    return taken


def bring_forward(window: QWidget) -> None:
    """Show a window before all others, also when it was minimised."""
    window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
    window.show()
    window.raise_()
    window.activateWindow()


def _lock_of(folder: Path) -> QLockFile:
    lock = QLockFile(str(folder / LOCK_NAME))
    lock.setStaleLockTime(0)  # never by age: a window may stay open for weeks
    return lock


def _is_taken(lock: QLockFile) -> bool:
    """Take a lock, and tell whether another process has it; a folder that nobody may write to is nobody's."""
    return not lock.tryLock(0) and lock.error() is QLockFile.LockError.LockFailedError


def _server_name(folder: Path) -> str:
    import hashlib  # brings OpenSSL along: not before the window is painted

    digest = hashlib.sha256(str(folder.resolve()).casefold().encode("utf-8")).hexdigest()
    return f"cdo-desktop-{digest[:20]}"


def _allow_to_come_forward(lock: QLockFile) -> None:
    """Windows lets only the program that the user has just started hand the foreground to another."""
    if sys.platform == "win32":
        import ctypes

        process = lock.getLockInfo()[0]
        ctypes.windll.user32.AllowSetForegroundWindow(process)
