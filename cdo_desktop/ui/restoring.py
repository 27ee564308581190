"""Backups of a folder whose database is not open, or cannot be opened."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cdo_desktop import settings
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.files import FileChooser
from cdo_desktop.ui.common.open_dialog import open_dialog
from cdo_desktop.ui.main_window import MainWindow

if TYPE_CHECKING:
    from cdo_desktop.services.safety import BackupService


def backups_of(
    folder: Path, clock: Callable[[], datetime], actor: str = settings.DEFAULT_ACTOR
) -> "BackupService":
    """Return the backups of a folder; the history of what is restored names ``actor``."""
    from cdo_desktop.services.journal import Journal
    from cdo_desktop.services.safety import BackupService

    return BackupService(folder, Journal(clock, actor))


def choose_backup(
    folder: Path,
    clock: Callable[[], datetime],
    window: MainWindow,
    files: FileChooser,
    chosen: Callable[[Path], object],
) -> None:
    """Show the backups of data that cannot be opened; ``chosen`` gets the one that is wanted."""
    from cdo_desktop.ui.system.backups_section import BackupsDialog

    ui = UiContext(
        tasks=window.tasks,
        notices=window.notices,
        today=lambda: clock().date(),
        files=files,
        show_help=window.help.show,
    )
    dialog = BackupsDialog(backups_of(folder, clock), ui, window)
    dialog.section.restore_wanted.connect(chosen)
    open_dialog(dialog)
