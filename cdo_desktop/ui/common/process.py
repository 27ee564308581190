"""What the process of a window does beside it: it takes the data folder, and is watched over."""

from pathlib import Path

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from cdo_desktop import paths, settings
from cdo_desktop.errors import AppError
from cdo_desktop.ui.common.single_instance import NO_ANSWER_TEXT, Claim, SingleInstance


def is_first(instance: SingleInstance, data_folder: Path) -> bool:
    """Take the folder, or leave it to the window that has it."""
    try:
        paths.make_folder(data_folder)
    except AppError:
        return True  # opening the office fails for the same reason, and the window says so
    claim = instance.claim()
    if claim is Claim.NO_ANSWER:
        from PySide6.QtWidgets import QMessageBox  # 4 ms, before there is a window to say it in

        QMessageBox.warning(None, settings.PROGRAM_NAME, NO_ANSWER_TEXT)
    return claim is Claim.FIRST


def watch_over(application: QApplication, data_folder: Path) -> None:
    """Begin the log, the crash hook and the input guard: once the frame is seen, before any data is."""
    from cdo_desktop.ui.common.crash import install_crash_hook, start_log
    from cdo_desktop.ui.common.input_guard import install_input_guard

    try:
        paths.make_folder(data_folder)
        start_log(data_folder)
    except AppError:
        pass  # opening the office fails for the same reason, and the window says so
    install_crash_hook(application)
    install_input_guard(application)
    application.setWindowIcon(QIcon(str(paths.resource("program.svg"))))
