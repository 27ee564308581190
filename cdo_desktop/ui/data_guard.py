"""Watches over the open data: checked and backed up after the first page shows, backed up on close."""

import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from cdo_desktop.errors import AppError, StorageError
from cdo_desktop.office import Office

if TYPE_CHECKING:
    from cdo_desktop.store.integrity import CheckReport
    from cdo_desktop.ui.main_window import MainWindow

logger = logging.getLogger(__name__)

CHECK_AGAIN_MS = 30_000
OLD = timedelta(days=3)


class DataGuard(QObject):
    """Belongs to one open office; nothing can be saved before its data has passed the check."""

    def __init__(self, office: Office, window: "MainWindow") -> None:
        super().__init__(window)
        self._office = office
        self._window = window
        self._over = False

    def start(self) -> None:
        """Shut the gate, check the data off the GUI thread, open the gate, and back up when that is due."""
        from cdo_desktop.store.write_gate import CHECKING, DAMAGED

        office = self._office
        office.gate.shut(CHECKING)

        def checked(report: "CheckReport") -> None:
            if report.ok:
                self._tidy()
            else:
                end = DAMAGED if report.stops_work else ""
                self._window.notices.error(StorageError("".join((*report.problems, end))))
            for warning in report.warnings:
                self._window.notices.warn(warning)
            self.tell_age()

        def failed(error: AppError) -> None:
            self._window.notices.error(error)
            self.tell_age()
            if office.gate.is_shut and not self._over:  # another program had the database: free by then
                QTimer.singleShot(CHECK_AGAIN_MS, self, self._start_again)

        self._window.tasks.run(
            lambda: office.backups.guard_start(office.gate), owner=self, done=checked, failed=failed
        )

    def _tidy(self) -> None:
        """Delete what nobody needs any more; what cannot be deleted now can be after the next start."""

        def failed(error: AppError) -> None:
            logger.info("nothing was tidied: %s", type(error).__name__)

        self._window.tasks.run(self._office.tidy, owner=self, done=lambda _none: None, failed=failed)

    def _start_again(self) -> None:
        if not self._over:
            self.start()

    def tell_age(self) -> None:
        """Look up when the last backup was made, and say so in the status bar."""
        self._window.tasks.run(lambda: self._office.backups.last_backup(), owner=self, done=self._show_age)

    def _show_age(self, last: datetime | None) -> None:
        text, warning = backup_age(last, self._office.journal.clock())
        self._window.show_backup_age(text, warning=warning)

    def end(self) -> None:
        """Back up what has changed, and wait for it; a database that failed its check is left alone."""
        self._over = True
        if self._office.gate.is_shut:
            return
        self._window.tasks.run(
            lambda: self._office.backups.back_up_if_changed(),
            owner=self,
            done=lambda _row: None,
            failed=self._window.notices.error,
        )
        self._window.tasks.wait_all()


def backup_age(last: datetime | None, now: datetime) -> tuple[str, bool]:
    """Return what the status bar says of the last backup, and whether it is a warning."""
    if last is None:
        return "还没有备份", True
    days = (now.date() - last.date()).days
    when = {0: "今天", 1: "昨天"}.get(days, f"{days} 天前") if days >= 0 else f"{last:%Y-%m-%d}"
    return f"备份：{when} {last:%H:%M}", now - last > OLD
