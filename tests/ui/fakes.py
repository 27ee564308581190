"""What stands in for the user and the system in tests of the window."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from PySide6.QtWidgets import QWidget

from cdo_desktop.errors import AppError, ConflictError
from cdo_desktop.ui.common.context import UiContext, no_day_mark, no_help
from cdo_desktop.ui.common.notices import ConflictChoice
from cdo_desktop.ui.common.tasks import Tasks

TODAY = date(2026, 11, 24)


@dataclass
class FakeNotices:
    """Records what the user is told, and answers questions as set beforehand."""

    answer: bool = True
    choice: int = 1  # in a form that is closed unsaved: 不保存
    conflict_choice: ConflictChoice = ConflictChoice.BACK
    infos: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    errors: list[AppError] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    labels: list[tuple[str, ...]] = field(default_factory=list)
    conflicts: list[ConflictError] = field(default_factory=list)

    def info(self, text: str) -> None:
        """Record."""
        self.infos.append(text)

    def warn(self, text: str) -> None:
        """Record."""
        self.warnings.append(text)

    def error(self, error: AppError) -> None:
        """Record."""
        self.errors.append(error)

    def ask(self, question: str, yes_label: str, no_label: str, *, danger: bool = False) -> bool:
        """Record and give the answer set."""
        self.questions.append(question)
        self.labels.append((yes_label, no_label))
        return self.answer

    def choose(self, question: str, answers: tuple[str, ...], *, default: int = 0) -> int:
        """Record and give the choice set."""
        self.questions.append(question)
        self.labels.append(answers)
        return self.choice

    def show_conflict(self, conflict: ConflictError) -> ConflictChoice:
        """Record and give the choice set."""
        self.conflicts.append(conflict)
        return self.conflict_choice


@dataclass
class FakeFiles:
    """Gives the paths set beforehand instead of asking."""

    path: Path | None = None
    paths: list[Path] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    def save_as(self, parent: QWidget, title: str, name: str, pattern: str) -> Path | None:
        """Record the suggested name and give the path."""
        self.names.append(name)
        return self.path

    def open_file(self, parent: QWidget, title: str, pattern: str) -> Path | None:
        """Give the path."""
        return self.path

    def open_files(self, parent: QWidget, title: str, pattern: str) -> list[Path]:
        """Give the paths."""
        return self.paths

    def folder(self, parent: QWidget, title: str) -> Path | None:
        """Give the path."""
        return self.path


def make_ui(
    notices: FakeNotices | None = None,
    files: FakeFiles | None = None,
    day_mark: Callable[[date], str] = no_day_mark,
    show_help: Callable[[str], None] = no_help,
) -> UiContext:
    """Return a context whose day is `TODAY`; needs the QApplication of ``qtbot``."""
    told = notices or FakeNotices()
    return UiContext(
        tasks=Tasks(report=told.error),
        notices=told,
        today=lambda: TODAY,
        day_mark=day_mark,
        files=files or FakeFiles(),
        show_help=show_help,
    )
