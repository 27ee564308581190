"""Parts of a window that stand the next time as they were left."""

from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QSplitter, QWidget

from cdo_desktop.ui.common.context import UiContext


def remember_splitters(window: QWidget, ui: UiContext) -> None:
    """Part the panes of ``window`` as the user did last, and keep what he does now; splitters have names."""
    memory = ui.memory
    if memory is None:
        return
    for splitter in window.findChildren(QSplitter):
        key = f"splitters/{splitter.objectName()}"
        kept = memory.value(key)
        if isinstance(kept, QByteArray):
            splitter.restoreState(kept)
        splitter.splitterMoved.connect(
            lambda _place, _number, key=key, splitter=splitter: memory.setValue(key, splitter.saveState())
        )
