"""Zoom and colours can be changed while the program runs, leave nothing of the old look, and are kept."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QSettings
from PySide6.QtGui import QColor, QImage, QKeySequence, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QLineEdit,
    QMainWindow,
    QPushButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from cdo_desktop.errors import StorageError
from cdo_desktop.ui.common import shortcuts
from cdo_desktop.ui.common.actions import make_action
from cdo_desktop.ui.common.chips import Chips
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.empty_state import EmptyState
from cdo_desktop.ui.common.fields import Field, FieldKind
from cdo_desktop.ui.common.form_dialog import FormDialog
from cdo_desktop.ui.common.icons import Picture
from cdo_desktop.ui.common.question import Question
from cdo_desktop.ui.common.style import ui_font
from cdo_desktop.ui.common.table_view import DataTable
from cdo_desktop.ui.common.tones import Tone, is_dark, tone_colour
from cdo_desktop.ui.common.view_settings import Scheme, ViewSettings
from tests.ui.fakes import make_ui
from tests.ui.table_fakes import COLUMNS, PostSource

FIELDS = (
    Field("name", "姓名", required=True, max_length=5),
    Field("sex", "性别", FieldKind.CHOICE, choices=("男", "女")),
    Field("from", "任职日期", FieldKind.DATE, help="从次日起算"),
    Field("month", "月份", FieldKind.MONTH),
    Field("score", "得分", FieldKind.NUMBER, unit="分"),
    Field("note", "备注", FieldKind.MULTILINE, max_length=200),
    Field("head", "主要负责人", FieldKind.CHECK),
)


@pytest.fixture
def memory(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def view(qtbot: QtBot, qapp: QApplication, memory: QSettings) -> Iterator[ViewSettings]:
    """Return settings that draw the test's own program, which looks as before afterwards."""
    font, palette, style = qapp.font(), qapp.palette(), qapp.style().objectName()
    settings = ViewSettings(qapp, memory)
    settings.apply()
    yield settings
    qapp.styleHints().unsetColorScheme()
    shiboken6.delete(settings)  # at once: it listens to the program
    qapp.setStyleSheet("")
    qapp.setFont(font)
    qapp.setPalette(palette)
    qapp.setStyle(style)


@pytest.fixture
def ui(qtbot: QtBot) -> UiContext:
    return make_ui()


def everything(ui: UiContext) -> QWidget:
    """Return a window with one of each widget that draws or measures for itself."""
    window = QWidget()
    window.resize(1000, 1500)
    column = QVBoxLayout(window)
    title = QLabel("标题")
    title.setProperty("role", "title")
    chips = Chips("状态", ("正常", "超期"))
    chips.show_counts({"正常": 3, "超期": 1})
    primary = QPushButton("保存")
    primary.setProperty("role", "primary")
    for widget in (title, chips, primary):
        column.addWidget(widget)
    column.addWidget(filled_form(ui))
    table = DataTable(COLUMNS, PostSource(50))
    table.reload()
    table.set_filter("unit", "00")
    tabs = QTabWidget()
    tabs.addTab(table, "名册")
    column.addWidget(tabs, 1)
    action = make_action("导入(&I)…", parent=window, triggered=lambda: None, icon="file-import")
    column.addWidget(EmptyState("users", "还没有人", "请先导入。", (action,)))
    return window


def filled_form(ui: UiContext) -> FormDialog:
    dialog = FormDialog("编辑", ui, lambda _values: None)
    dialog.setWindowFlags(Qt.WindowType.Widget)
    dialog.form.add_section("人员")
    dialog.form.add(*FIELDS)
    dialog.form.set_values(
        {"name": "张三", "sex": "男", "from": date(2026, 3, 5), "note": "甲\n乙", "head": True}
    )
    dialog.form.set_messages({"score": "请填写数字，例如 80 或 80.5。"})
    dialog.banner.show_error(StorageError("磁盘已满，没有保存，您填写的内容仍在窗口中。"))
    return dialog


def settle() -> None:
    for _ in range(3):
        QCoreApplication.sendPostedEvents()
        QCoreApplication.processEvents()


def picture_of(window: QWidget) -> QImage:
    settle()
    focused = window.focusWidget()
    if focused is not None:
        focused.clearFocus()  # a cursor blinks
    return window.grab().toImage()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ((Scheme.LIGHT, 100), (Scheme.DARK, 150)),
        ((Scheme.DARK, 150), (Scheme.LIGHT, 100)),
        ((Scheme.DARK, 80), (Scheme.DARK, 120)),
        ((Scheme.LIGHT, 100), (Scheme.DARK, 100)),
    ],
)
def test_nothing_of_the_old_look_is_left(
    qtbot: QtBot,
    view: ViewSettings,
    ui: UiContext,
    before: tuple[Scheme, int],
    after: tuple[Scheme, int],
) -> None:
    def show_as(look: tuple[Scheme, int]) -> None:
        view.set_scheme(look[0])
        view.set_zoom(look[1])

    show_as(after)
    fresh = everything(ui)
    qtbot.addWidget(fresh)
    fresh.show()
    wanted = picture_of(fresh)
    fresh.hide()
    show_as(before)
    switched = everything(ui)
    qtbot.addWidget(switched)
    switched.show()
    assert picture_of(switched) != wanted
    show_as(after)
    settle()
    assert {child.font().family() for child in switched.findChildren(QWidget)} == {ui_font().family()}
    assert picture_of(switched) == wanted


def test_zoom_goes_by_tens_within_its_limits(view: ViewSettings, qapp: QApplication) -> None:
    seen = [view.zoom]
    view.zoomed.connect(seen.append)
    for _ in range(7):
        view.larger.trigger()
    assert seen == [100, 110, 120, 130, 140, 150]
    assert qapp.font().pointSizeF() == pytest.approx(ui_font(150).pointSizeF())
    assert not view.larger.isEnabled()
    assert "已经最大（150 %）" in view.larger.toolTip()
    view.usual.trigger()
    assert view.zoom == 100
    assert not view.usual.isEnabled()
    for _ in range(5):
        view.smaller.trigger()
    assert view.zoom == 80
    assert not view.smaller.isEnabled()
    assert qapp.font().pointSizeF() == pytest.approx(ui_font(80).pointSizeF())


def test_look_is_kept_for_the_next_start(
    view: ViewSettings, qapp: QApplication, memory: QSettings, tmp_path: Path
) -> None:
    view.scheme_actions[Scheme.DARK].trigger()
    view.set_zoom(130)
    memory.sync()
    again = ViewSettings(qapp, QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat))
    assert (again.scheme, again.zoom) == (Scheme.DARK, 130)
    assert again.scheme_actions[Scheme.DARK].isChecked()
    shiboken6.delete(again)


@pytest.mark.parametrize(
    ("kept", "zoom"),
    [
        ("130", 130),
        ("133", 130),
        ("9999", 150),
        ("0", 80),
        ("-10", 100),
        ("", 100),
        ("大", 100),
        ("1e9", 100),
    ],
)
def test_spoilt_memory_gives_a_usable_look(
    qapp: QApplication, qtbot: QtBot, memory: QSettings, kept: str, zoom: int
) -> None:
    memory.setValue("view/zoom", kept)
    memory.setValue("view/scheme", kept)
    settings = ViewSettings(qapp, memory)
    assert (settings.zoom, settings.scheme) == (zoom, Scheme.SYSTEM)
    shiboken6.delete(settings)


def test_colours_follow_the_system_while_running(view: ViewSettings, qapp: QApplication) -> None:
    hints = qapp.styleHints()
    assert view.scheme is Scheme.SYSTEM
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert is_dark(qapp.palette())
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert not is_dark(qapp.palette())
    view.set_scheme(Scheme.DARK)
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert is_dark(qapp.palette())


def test_system_is_followed_again_by_choice(view: ViewSettings, qapp: QApplication) -> None:
    view.set_scheme(Scheme.DARK)
    assert is_dark(qapp.palette())
    view.scheme_actions[Scheme.SYSTEM].trigger()
    assert is_dark(qapp.palette()) is (qapp.styleHints().colorScheme() == Qt.ColorScheme.Dark)
    checked = [scheme for scheme, action in view.scheme_actions.items() if action.isChecked()]
    assert checked == [Scheme.SYSTEM]


@pytest.mark.parametrize(
    ("key", "modifiers", "zoom"),
    [
        (Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier, 120),
        (Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.KeypadModifier, 120),
        (Qt.Key.Key_Equal, Qt.KeyboardModifier.ControlModifier, 120),
        (Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier, 100),
        (Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.KeypadModifier, 100),
        (Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier, 100),
    ],
)
def test_keys_zoom_the_window(
    qtbot: QtBot, view: ViewSettings, key: Qt.Key, modifiers: Qt.KeyboardModifier, zoom: int
) -> None:
    view.set_zoom(110)
    window = QMainWindow()
    qtbot.addWidget(window)
    field = QLineEdit()
    window.setCentralWidget(field)
    view.add_to(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    field.setFocus()
    QTest.keyClick(field, key, modifiers)
    assert view.zoom == zoom


def test_dialogs_can_be_zoomed_and_grow(qtbot: QtBot, view: ViewSettings, ui: UiContext) -> None:
    dialog = FormDialog("编辑", ui, lambda _values: None)
    qtbot.addWidget(dialog)
    dialog.form.add(*FIELDS)
    dialog.fit()
    dialog.open()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    before = dialog.size()
    QTest.keyClick(dialog, Qt.Key.Key_Equal, Qt.KeyboardModifier.ControlModifier)
    assert view.zoom == 110
    qtbot.waitUntil(lambda: dialog.height() > before.height())
    room = dialog.screen().availableGeometry()
    view.set_zoom(150)
    settle()
    assert dialog.height() <= room.height()
    assert dialog.width() <= room.width()


def test_dialog_with_a_zoom_of_its_own_keeps_it(qtbot: QtBot, view: ViewSettings, ui: UiContext) -> None:
    dialog = FormDialog("预览", ui, lambda _values: None)
    qtbot.addWidget(dialog)
    pressed: list[bool] = []
    own = make_action(
        "放大", parent=dialog, triggered=lambda: pressed.append(True), shortcut=shortcuts.ZOOM_IN
    )
    dialog.addAction(own)
    dialog.open()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    QTest.keyClick(dialog, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert pressed == [True]
    assert view.zoom == 100


def test_menu_holds_every_command_with_its_key(qtbot: QtBot, view: ViewSettings) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    menu = view.menu(window)
    texts = [action.text() for action in menu.actions() if not action.isSeparator()]
    assert texts == ["放大(&I)", "缩小(&O)", "恢复 100 %(&R)", "浅色(&L)", "深色(&D)", "跟随系统(&S)"]
    letters = [text[text.index("&") + 1] for text in texts]
    assert len(set(letters)) == len(letters)
    assert "Ctrl++" in view.larger.toolTip()
    assert view.usual.shortcut() == QKeySequence(shortcuts.ZOOM_RESET)


def test_picture_changes_its_colour_with_the_palette(
    qtbot: QtBot, view: ViewSettings, qapp: QApplication
) -> None:
    view.set_scheme(Scheme.LIGHT)
    picture = Picture(16)
    qtbot.addWidget(picture)
    picture.show_icon("alert-circle", Tone.DANGER)
    question = Question(None, "删除吗？", ("删除", "保留"), danger=True)
    qtbot.addWidget(question)
    for scheme in (Scheme.DARK, Scheme.LIGHT):
        view.set_scheme(scheme)
        settle()
        for shown, tone in ((picture.pixmap(), Tone.DANGER), (question.iconPixmap(), Tone.WARNING)):
            assert distance(strongest(shown.toImage()), tone_colour(tone, qapp.palette())) < 12


def strongest(image: QImage) -> QColor:
    """Return the colour of the pixel that covers most of what is behind it."""
    every = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    return max(every, key=QColor.alpha)


def distance(one: QColor, other: QColor) -> int:
    pairs = ((one.red(), other.red()), (one.green(), other.green()), (one.blue(), other.blue()))
    return max(abs(a - b) for a, b in pairs)


def test_language_change_is_not_sent_again(qtbot: QtBot, view: ViewSettings) -> None:
    class Ear(QWidget):
        heard = 0

        def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
            self.heard += event.type() == QEvent.Type.LanguageChange

    ear = Ear()
    qtbot.addWidget(ear)
    settle()
    before = ear.heard
    view.zoom_in()
    settle()
    assert ear.heard == before
