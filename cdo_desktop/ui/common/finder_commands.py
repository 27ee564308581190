"""The commands of the program as lines of Ctrl+K, found by Chinese, pinyin and initials."""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QDialog, QWidget

from cdo_desktop.paths import resource
from cdo_desktop.rules.search_keys import NameKeys, find_in, search_words, spoken_name
from cdo_desktop.ui.common.actions import is_command, plain_text
from cdo_desktop.ui.common.finder import FinderGroup, FinderLine

GROUP = "命令"


def commands_of(page: QWidget) -> list[QAction]:
    """Return every command of a tab, those of its menus and tables too, but not of its dialogs."""
    found: dict[str, QAction] = {}
    for action in page.findChildren(QAction):
        if is_command(action) and not _is_in_dialog(action):
            found.setdefault(action.text(), action)
    return list(found.values())


def _is_in_dialog(action: QAction) -> bool:
    parent: QObject | None = action.parent()
    while parent is not None and not isinstance(parent, QDialog):
        parent = parent.parent()
    return parent is not None


class CommandProvider:
    """Offers the commands that a tab has now; those that cannot be used say why."""

    def __init__(
        self,
        commands: Callable[[], Iterable[QAction]],
        group: str = GROUP,
        before: Callable[[], object] | None = None,
    ) -> None:
        """``commands`` is asked with every text; ``before`` shows the tab that they act on."""
        self._commands = commands
        self._group = group
        self._before = before

    def find(self, text: str, limit: int) -> Sequence[FinderGroup]:
        """Return the commands found, the first ones for an empty text."""
        actions = list(self._commands())
        words = search_words(text)
        if text.strip():
            ranks = [
                (find_in(words, (command_keys(plain_text(action.text())),)), action) for action in actions
            ]
            found = [(rank, action) for rank, action in ranks if rank is not None]
            actions = [action for _rank, action in sorted(found, key=lambda pair: pair[0])]
        lines = tuple(self._line(action) for action in actions[:limit])
        return (FinderGroup(self._group, lines, len(actions)),) if lines else ()

    def _line(self, action: QAction) -> FinderLine:
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        reason = "" if action.isEnabled() else action.statusTip()
        detail = f"现在不能用：{reason}" if reason else keys
        title = plain_text(action.text())
        return FinderLine(title, detail, lambda: self._trigger(title), enabled=action.isEnabled())

    def _trigger(self, title: str) -> None:
        """Do what is called so now: a menu may have been made anew while the finder was open."""
        for action in self._commands():
            if plain_text(action.text()) == title:
                if self._before is not None:
                    self._before()
                action.trigger()
                return


@lru_cache(maxsize=512)
def command_keys(title: str) -> NameKeys:
    """Return what a command is found by; a character without a reading is found as it is written."""
    readings = _readings()
    parts = re.findall(r"[A-Za-z0-9]+|[^\W_]", title)
    return spoken_name(title, " ".join(readings.get(part, part.lower()) for part in parts))


@lru_cache(maxsize=1)
def _readings() -> dict[str, str]:
    """Return one reading a character; pypinyin would take 0.2 s and 50 MB of the window."""
    lines = resource("pinyin", "readings.txt").read_text(encoding="utf-8").splitlines()
    entries = (line.split() for line in lines if not line.startswith("#"))
    return {character: reading for reading, characters in entries for character in characters}
