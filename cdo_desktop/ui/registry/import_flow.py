"""The steps of an import one after the other: read, compare, compare again after each decision, write."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from cdo_desktop.errors import AppError
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.tasks import TaskHandle
from cdo_desktop.ui.registry import import_session
from cdo_desktop.ui.registry.import_decisions import Decisions
from cdo_desktop.ui.registry.import_session import Preview
from cdo_desktop.ui.registry.services import RegistryServices

if TYPE_CHECKING:
    from cdo_desktop.documents.readers.roster_sheet import RosterSheet


class ImportFlow(QObject):
    """Runs the steps of one dialog as tasks.

    What failed leaves the newest preview and every decision as they were.
    """

    changed = Signal()
    """Something began or ended: what can be done now is different."""
    previewed = Signal(object)
    """A new `Preview`."""
    imported = Signal(object)
    """The `ImportResult` of what was written."""
    failed = Signal(object)
    """An `AppError`."""
    decisions_dropped = Signal(int)
    """So many decisions fell because their lines read differently now."""

    def __init__(self, services: RegistryServices, ui: UiContext, dialog: QWidget) -> None:
        super().__init__(dialog)
        self._dialog = dialog
        self.decisions = Decisions()
        self.preview: Preview | None = None
        self._services = services
        self._ui = ui
        self._source: Path | None = None
        self._sheet: RosterSheet | None = None
        self._reading: TaskHandle | None = None
        self._importing: TaskHandle | None = None
        self._comparing = False
        self._compare_again = False

    @property
    def is_busy(self) -> bool:
        """Whether a step is under way."""
        return self._reading is not None or self._importing is not None or self._comparing

    @property
    def is_importing(self) -> bool:
        """Whether lines are being written."""
        return self._importing is not None

    @property
    def source(self) -> Path | None:
        """The workbook that was read last."""
        return self._source

    def read(self, source: Path) -> None:
        """Read a workbook and compare it; until then, and if it fails, the preview before stays."""
        if self._reading is not None or self._importing is not None:
            return
        services = self._services
        self._reading = self._ui.tasks.run(
            lambda: import_session.read_workbook(services, source),
            owner=self._dialog,
            done=lambda sheet: self._read(source, sheet),
            failed=self._failed_at(self._end_reading),
            title=f"读取 {source.name}",
            cancellable=True,
        )
        self.changed.emit()

    def _read(self, source: Path, sheet: "RosterSheet") -> None:
        self._end_reading()
        if self._sheet is None or source != self._source:
            self.decisions.clear()
        else:
            dropped = self.decisions.keep_for(self._sheet, sheet)
            if dropped:
                self.decisions_dropped.emit(dropped)
        self._source, self._sheet = source, sheet
        self.compare()

    def compare(self) -> None:
        """Make the preview anew; what is decided meanwhile starts it once more."""
        source, sheet, services = self._source, self._sheet, self._services
        if source is None or sheet is None:
            return
        self._compare_again = self._comparing
        if not self._comparing:
            self._comparing = True
            choices = self.decisions.choices()
            self._ui.tasks.run(
                lambda: import_session.compare(services, source, sheet, choices),
                owner=self._dialog,
                done=self._compared,
                failed=self._failed_at(self._end_comparing),
                title="与名册比较",
            )
        self.changed.emit()

    def _compared(self, preview: Preview) -> None:
        again = self._compare_again
        self._end_comparing()
        self.preview = preview
        self.previewed.emit(preview)
        if again:
            self.compare()
        else:
            self.changed.emit()

    def write(self, *, skip_problems: bool) -> None:
        """Bring the lines of the preview in, all or nothing."""
        preview, services = self.preview, self._services
        if preview is None or self.is_busy:
            return
        self._importing = self._ui.tasks.run_with_progress(
            lambda progress: import_session.write(services, preview, progress, skip_problems=skip_problems),
            owner=self._dialog,
            title="导入名册",
            done=self._written,
            failed=self._failed_at(self._end_importing),
        )
        self.changed.emit()

    def _written(self, result: object) -> None:
        self._end_importing()
        self.changed.emit()
        self.imported.emit(result)

    def stop(self) -> bool:
        """Ask what runs to stop; False when lines are being written, which must first be undone."""
        if self._reading is not None:
            self._reading.cancel()
        if self._importing is not None:
            self._importing.cancel()
            return False
        return True

    def _failed_at(self, end: Callable[[], None]) -> Callable[[AppError], None]:
        def failed(error: AppError) -> None:
            end()
            self.changed.emit()
            self.failed.emit(error)

        return failed

    def _end_reading(self) -> None:
        self._reading = None

    def _end_comparing(self) -> None:
        self._comparing = self._compare_again = False

    def _end_importing(self) -> None:
        self._importing = None
