"""The keys of the whole program in one place, so that none gets a second meaning."""

NEW = "Ctrl+N"
SAVE = "Ctrl+S"
FIND = "Ctrl+F"
FIND_ANYWHERE = "Ctrl+K"
PRINT = "Ctrl+P"
UNDO = "Ctrl+Z"
REDO = "Ctrl+Y"
REDO_TOO = "Ctrl+Shift+Z"  # as in other programs
COPY = "Ctrl+C"
COPY_WITH_HEADS = "Ctrl+Shift+C"
PASTE = "Ctrl+V"
SELECT_ALL = "Ctrl+A"
EDIT = "F2"
REFRESH = "F5"
DELETE = "Del"
HELP = "F1"
NEXT_TAB = "Ctrl+Tab"
PREVIOUS_TAB = "Ctrl+Shift+Tab"
ZOOM_IN = "Ctrl++"
ZOOM_OUT = "Ctrl+-"
ZOOM_RESET = "Ctrl+0"


def tab_key(number: int) -> str:
    """Return the key of the ``number``-th tab, counted from 1."""
    return f"Ctrl+{number}"
