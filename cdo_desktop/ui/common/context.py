"""What every tab and dialog gets from the program."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings

from cdo_desktop.ui.common.files import DialogFiles, FileChooser
from cdo_desktop.ui.common.notices import Notices
from cdo_desktop.ui.common.readiness import WhenReady, at_once
from cdo_desktop.ui.common.tasks import Tasks

if TYPE_CHECKING:
    from cdo_desktop.ui.common.draft_files import DraftFiles


def no_help(_title: str) -> None:
    """Show nothing; stands in where no window has the manual."""


def no_day_mark(_day: date) -> str:
    """Say nothing about a day; stands in where no calendar is at hand."""
    return ""


@dataclass(frozen=True)
class UiContext:
    """Tasks, notices, the clock's day, the calendar's marks, the choice of files, drafts of forms.

    ``memory`` keeps how windows were left; ``show_help`` opens the manual at the title of a page or a part.
    ``when_ready`` does something for an owner once the services can be had without waiting.
    """

    tasks: Tasks
    notices: Notices
    today: Callable[[], date]
    day_mark: Callable[[date], str] = no_day_mark  # 休 on an off day, 班 on a make-up work day, else empty
    files: FileChooser = field(default_factory=DialogFiles)
    drafts: "DraftFiles | None" = None
    memory: QSettings | None = None
    show_help: Callable[[str], None] = no_help
    when_ready: WhenReady = at_once
