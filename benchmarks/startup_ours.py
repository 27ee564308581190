"""The program itself, started on the data folder that is given, for the start-up benchmark.

It runs what `python -m cdo_desktop` runs and only watches; then it prints the same as startup_bare.
"""

import json
import sys
import time
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from benchmarks.startup_watch import FirstPaint, resident_megabytes
from cdo_desktop import app
from cdo_desktop.__main__ import main


class _Watched(app.Program):
    """Reports once the register has been painted, and closes the window."""

    def start(self) -> None:
        self._paint = FirstPaint()
        self._paint.watch(self.window)
        self.page_shown.connect(lambda: QTimer.singleShot(0, self._report))
        super().start()

    def _report(self) -> None:
        at = time.monotonic()
        if self.tab is None:
            raise RuntimeError("the register is not shown")
        table = self.tab.table
        painted = table.grid.viewport().grab().toImage()
        if painted.isNull():
            raise RuntimeError("the register cannot be painted")
        first, last = table.model.line(0).texts, table.model.line(table.model.key_count - 1).texts
        print(
            json.dumps(
                {
                    "painted": self._paint.at,
                    "filled": at,
                    "rss": resident_megabytes(),
                    "rows": table.model.key_count,
                    "first": first,
                    "last": last,
                    "modules": sorted(sys.modules),
                }
            )
        )
        self.window.close()
        QApplication.quit()


app.Program = _Watched  # type: ignore[misc]
sys.exit(main(["--data", str(Path(sys.argv[1]))]))
