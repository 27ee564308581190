"""F1 and the ? of every window lead to the page of the manual that tells of it, offline and with pictures."""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QSettings, QUrl
from PySide6.QtGui import QImage, Qt, QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from cdo_desktop.paths import resource
from cdo_desktop.ui.common import shortcuts
from cdo_desktop.ui.common.help import HelpButton, set_topic, topic_of
from cdo_desktop.ui.common.help_pages import manual, parse
from cdo_desktop.ui.common.help_window import HelpWindow
from cdo_desktop.ui.main_window import MainWindow
from cdo_desktop.ui.system.system_tab import SystemTab
from tests.ui.register_desk import WAIT, RegisterDesk
from tests.ui.system_desk import system_desk
from tests.ui.test_accessible import SCREENS

MOST_BYTES = 600_000
_TOPIC = re.compile(r"set_topic\(\w+, \"([^\"]+)\"\)")
# They tell, ask or find, and have nothing that a page could say more of.
WITHOUT_HELP = {"register", "question", "crash", "progress", "conflict"}
MESSAGES = (
    *("BackupsDialog", "ConflictDialog", "CrashDialog", "Finder", "HelpWindow", "LicenceDialog"),
    *("ProgressDialog", "ReportDialog"),
)


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[HelpWindow]:
    """Return the manual, open at its first page."""
    made = HelpWindow(QApplication.primaryScreen())
    made.show_title("")
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow, timeout=WAIT)
    yield made
    made.close()
    made.deleteLater()


def listed(window: HelpWindow) -> list[str]:
    """Return the titles in the table of contents."""
    return [item.text(0) for item in window._items()]


# The manual


def test_pages_and_parts_are_cut_at_their_headings() -> None:
    read = parse("# Manual\n\n## One\nfirst\n\n### Part\ninside\n\n## Two\n| a |\n|---|\n| **b** |\n")
    assert [(part.title, part.page, part.is_page) for part in read.parts] == [
        ("One", 0, True),
        ("Part", 0, False),
        ("Two", 1, True),
    ]
    assert read.pages[0].startswith("## One")
    assert "### Part" in read.pages[0]
    assert "inside" not in read.parts[0].text
    assert (read.part("Part").page, read.part("none").title) == (0, "One")


def test_titles_are_unique_for_they_are_what_widgets_name() -> None:
    titles = [part.title for part in manual().parts]
    assert len(titles) == len(set(titles))


def test_every_link_leads_to_a_title() -> None:
    titles = {part.title for part in manual().parts}
    linked = set(re.findall(r"\]\(#([^)]+)\)", "".join(manual().pages)))
    assert linked
    assert linked <= titles


def test_every_topic_of_the_program_is_a_title_of_the_manual(repo_root: Path) -> None:
    sources = (repo_root / "cdo_desktop" / "ui").rglob("*.py")
    topics = {topic for file in sources for topic in _TOPIC.findall(file.read_text(encoding="utf-8"))}
    assert {"更换", "备案表", "导入名册"} <= topics
    assert topics <= {part.title for part in manual().parts}


def test_every_picture_is_shipped(repo_root: Path) -> None:
    shown = set(re.findall(r"!\[[^\]]+\]\(images/([^)]+)\)", "".join(manual().pages)))
    shipped = {file.name for file in resource("help", "images").glob("*.png")}
    assert shipped == shown
    assert all((repo_root / "docs" / "images" / "100" / name).exists() for name in shown)


def test_the_manual_stays_small() -> None:
    size = sum(file.stat().st_size for file in resource("help").rglob("*") if file.is_file())
    assert size <= MOST_BYTES


def test_every_key_of_the_program_is_in_the_list_of_keys() -> None:
    text = manual().pages[manual().part("按键一览").page]
    keys = [value for name, value in vars(shortcuts).items() if name.isupper()]
    assert len(keys) > 15
    # Ctrl+Shift+Tab and Ctrl+Shift+Z are seconds of keys that are listed.
    unlisted = {shortcuts.PREVIOUS_TAB, shortcuts.REDO_TOO}
    assert [key for key in keys if key not in text] == [key for key in keys if key in unlisted]


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("三个工作日", "更换"),
        ("geng", "更换"),
        ("bfhf", ""),
        ("hf", "恢复"),
        ("PIN 重设", "经办人"),
        ("不存在的词", ""),
    ],
)
def test_search_finds_words_pinyin_and_initials(typed: str, title: str) -> None:
    found = [part.title for part in manual().found(typed)]
    assert (title in found) if title else not found


# The window


def test_a_title_shows_its_page_and_is_marked_in_the_contents(window: HelpWindow) -> None:
    window.show_title("更换")
    assert window.contents.currentItem().text(0) == "更换"
    assert "三个工作日内报送" in window.page.toPlainText()
    assert window.page.verticalScrollBar().value() > 0


def test_the_part_stays_on_top_when_the_window_gets_another_size(window: HelpWindow, qtbot: QtBot) -> None:
    window.show_title("更换")
    window.resize(1300, 420)
    qtbot.wait(0)
    qtbot.waitUntil(lambda: not window.page._refit_timer.isActive(), timeout=WAIT)
    assert window.page.cursorForPosition(QPoint(30, 20)).block().text() == "更换"


def test_an_unknown_title_shows_the_first_page(window: HelpWindow) -> None:
    window.show_title("没有这一页")
    assert window.contents.currentItem().text(0) == manual().parts[0].title


def test_typing_lists_what_is_found_shows_the_first_and_marks_the_words(window: HelpWindow) -> None:
    QTest.keyClicks(window.search, "Excel")
    assert 0 < len(listed(window)) < len(manual().parts)
    assert window.page.extraSelections()
    QTest.keyClick(window.search, Qt.Key.Key_Down)
    assert window.contents.hasFocus()


def test_a_missed_word_says_what_to_do_and_esc_shows_everything_again(window: HelpWindow) -> None:
    QTest.keyClicks(window.search, "xyzq")
    assert listed(window) == []
    assert window.missed.text() == "没有找到“xyzq”。可以换一个词，或清空后看目录。"
    QTest.keyClick(window.search, Qt.Key.Key_Escape)
    assert window.isVisible()
    assert listed(window) == [part.title for part in manual().parts]
    QTest.keyClick(window.search, Qt.Key.Key_Escape)
    assert not window.isVisible()


def test_a_link_leads_to_its_part_and_alt_left_back(window: HelpWindow) -> None:
    window.show_title("名册备案")
    window.page.anchorClicked.emit(QUrl("#离任"))
    assert window.contents.currentItem().text(0) == "离任"
    QTest.keyClick(window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert window.contents.currentItem().text(0) == "名册备案"


def test_pictures_are_never_wider_than_the_page(window: HelpWindow, qtbot: QtBot) -> None:
    kind = QTextDocument.ResourceType.ImageResource.value
    for width in (700, 1000):
        window.resize(width, 500)
        picture = window.page.loadResource(kind, QUrl("images/register.png"))
        assert isinstance(picture, QImage)
        assert 0 < picture.deviceIndependentSize().width() <= window.page.viewport().width()
    bar = window.page.horizontalScrollBar()
    window.show_title("名册备案")
    qtbot.waitUntil(lambda: not window.page._refit_timer.isActive(), timeout=WAIT)
    assert bar.maximum() == 0


def test_every_page_can_be_shown_at_its_smallest(window: HelpWindow) -> None:
    window.resize(window.minimumSizeHint())
    for part in manual().parts:
        window.show_title(part.title)
        assert window.page.toPlainText().startswith(manual().pages[part.page].splitlines()[0].strip("# "))


# From the program


def test_f1_in_the_main_window_opens_the_page_of_the_tab(
    desk: RegisterDesk, tmp_path: Path, qtbot: QtBot
) -> None:
    memory = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    window = MainWindow(memory, lambda: datetime(2026, 11, 24))
    qtbot.addWidget(window)
    window.show()
    window.show_page(desk.tab, desk.tab.bar.search, place="", sample=False)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=WAIT)
    QTest.keyClick(desk.tab.bar.search, Qt.Key.Key_F1)
    (shown,) = [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, HelpWindow)]
    assert shown.isVisible()
    assert shown.contents.currentItem().text(0) == "名册备案"
    assert not shown.testAttribute(Qt.WidgetAttribute.WA_QuitOnClose)
    window.close()
    assert not shown.isVisible()


@pytest.mark.parametrize("name", [name for name in SCREENS if name not in WITHOUT_HELP])
def test_every_dialog_has_a_button_that_f1_presses(name: str, desk: RegisterDesk, qtbot: QtBot) -> None:
    shown = SCREENS[name](desk)
    assert isinstance(shown, QDialog)
    shown.activateWindow()
    qtbot.waitUntil(shown.isActiveWindow, timeout=WAIT)
    (button,) = shown.findChildren(HelpButton)
    assert button.isVisible()
    QTest.keyClick(shown.focusWidget() or shown, Qt.Key.Key_F1)
    qtbot.waitUntil(lambda: bool(desk.helped), timeout=WAIT)
    (title,) = desk.helped
    assert title in {part.title for part in manual().parts}
    button.click()
    assert desk.helped == [title, title]
    shown.done(0)


def test_every_window_of_the_program_has_that_button(repo_root: Path) -> None:
    without = []
    for file in (repo_root / "cdo_desktop" / "ui").rglob("*.py"):
        for part in re.split(r"^(?=class )", file.read_text(encoding="utf-8"), flags=re.MULTILINE):
            name = re.match(r"class (\w+)\(QDialog\)", part)
            if name and "HelpButton(" not in part:
                without.append(name[1])
    assert sorted(without) == sorted(MESSAGES)


def test_what_stands_inside_belongs_to_the_same_page_unless_it_says_another(desk: RegisterDesk) -> None:
    assert topic_of(desk.tab.bar.search) == "名册备案"
    set_topic(desk.tab.bar, "查找和筛选")
    assert topic_of(desk.tab.bar.search) == "查找和筛选"
    assert topic_of(None) == ""


def test_every_page_of_the_system_tab_has_its_page_in_the_manual(district: Path, qtbot: QtBot) -> None:
    with system_desk(district, qtbot) as system:
        tab = system.tab
        assert isinstance(tab, SystemTab)
        names = [tab.list.item(row).text() for row in range(tab.list.count())]
        topics = [topic_of(tab.page(name)) for name in names]
    assert topics == names
    assert set(topics) <= {part.title for part in manual().parts}
