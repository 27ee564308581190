"""Going to a tab of the window by what it is called."""

from PySide6.QtWidgets import QWidget

from cdo_desktop.ui.main_window import MainWindow


def go_to_tab(window: MainWindow, title: str) -> QWidget:
    """Show a tab and return its page, or the empty one in its place while it is waited for."""
    tabs = window.tabs
    tabs.setCurrentIndex(next(place for place in range(tabs.count()) if tabs.tabText(place) == title))
    return tabs.currentWidget()
