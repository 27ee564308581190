"""Everybody can use every window: names for screen readers, access keys, and a Tab key that goes round."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QTabBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from cdo_desktop.errors import ConflictError, FieldConflict, StorageError
from cdo_desktop.ui.common.conflict_dialog import ConflictDialog
from cdo_desktop.ui.common.crash_dialog import CrashDialog
from cdo_desktop.ui.common.empty_state import EmptyState
from cdo_desktop.ui.common.form import Form
from cdo_desktop.ui.common.paste_dialog import PasteDialog
from cdo_desktop.ui.common.progress import Progress
from cdo_desktop.ui.common.progress_dialog import ProgressDialog
from cdo_desktop.ui.common.question import Question
from cdo_desktop.ui.main_window import MainWindow
from cdo_desktop.ui.start_guide import StartGuide, cannot_open_page
from tests.ui.register_desk import WAIT, RegisterDesk
from tests.ui.small_district import changed, write_roster

Open = Callable[[RegisterDesk], QWidget]
# What Qt makes for itself inside a widget that has a name of its own.
INNER = ("qt_toolbar_ext_button", "ScrollLeftButton", "ScrollRightButton", "qt_spinbox_lineedit")
SPOKEN = (QAbstractButton, QLineEdit, QPlainTextEdit, QComboBox, QAbstractSpinBox, QAbstractItemView)
PLAIN_ANSWERS = ("确定", "取消")


def by_action(name: str, unit: str = "罗店镇", post: str = "数据专员") -> Open:
    """Return a way to open a dialog of the register by its command."""

    def open_it(desk: RegisterDesk) -> QWidget:
        desk.select(unit, post)
        desk.actions[name].trigger()
        return desk.dialog(QDialog)

    return open_it


def _import_preview(desk: RegisterDesk) -> QWidget:
    source = desk.office.data_folder / "名册.xlsx"
    lines = [changed(0, 姓名="周明"), changed(1, 单位简称="不存在的单位"), changed(2, 任职日期="13月45日")]
    desk.files.path = write_roster(source, lines)
    dialog = by_action("load")(desk)
    dialog.choose_file()  # type: ignore[attr-defined]
    desk.settle()
    return dialog


def _paste_preview(desk: RegisterDesk) -> QWidget:
    desk.select("罗店镇", "数据专员")
    QGuiApplication.clipboard().setText("姓名\t科室\t手机\n陈思远\t办公室\t1\n欧阳静\t数据科\t13911110001")
    desk.tab.pasting.action.trigger()
    return desk.dialog(PasteDialog)


def _conflict(desk: RegisterDesk) -> QWidget:
    conflict = ConflictError("王芳刚保存了同一条记录。", (FieldConflict("手机", "1", "2", "3"),))
    dialog = ConflictDialog(conflict, desk.tab)
    dialog.open()
    return dialog


def _question(desk: RegisterDesk) -> QWidget:
    dialog = Question(desk.tab, "填写的内容还没有保存。", ("保存", "不保存", "取消"))
    dialog.open()
    return dialog


def _crash(desk: RegisterDesk) -> QWidget:
    dialog = CrashDialog("程序出了意外的错误。", "详情", desk.tab)
    dialog.open()
    return dialog


def _progress(desk: RegisterDesk) -> QWidget:
    dialog = ProgressDialog("正在导出名册", Progress(), parent=desk.tab)
    dialog.show()
    return dialog


SCREENS: dict[str, Open] = {
    "register": lambda desk: desk.tab,
    "appoint": by_action("appoint", "区财政局"),
    "update CDO": by_action("update", post="首席数据官"),
    "update specialist": by_action("update"),
    "replace": by_action("replace"),
    "leave": by_action("leave"),
    "unit": by_action("edit_unit"),
    "new unit": by_action("new_unit"),
    "names": by_action("check_names"),
    "history": by_action("history"),
    "personal data": by_action("personal_data"),
    "attachments": by_action("attachments"),
    "no attachments": by_action("attachments", "区财政局"),
    "forms": by_action("forms"),
    "import": by_action("load"),
    "import preview": _import_preview,
    "paste preview": _paste_preview,
    "conflict": _conflict,
    "question": _question,
    "crash": _crash,
    "progress": _progress,
}


@pytest.fixture(params=list(SCREENS), ids=list(SCREENS))
def screen(request: pytest.FixtureRequest, desk: RegisterDesk, qtbot: QtBot) -> Iterator[QWidget]:
    """Return each screen in turn, filled and active."""
    shown = SCREENS[request.param](desk)
    shown.activateWindow()
    qtbot.waitUntil(shown.isActiveWindow, timeout=WAIT)
    if shown.focusWidget() is None:
        desk.tab.bar.search.setFocus()
    yield shown
    if isinstance(shown, ProgressDialog):
        shown.finish()
    elif isinstance(shown, QDialog):
        shown.done(0)


def visible_parts(root: QWidget) -> list[QWidget]:
    """Return what can be seen of a window, its own child windows excepted."""
    return [
        part for part in root.findChildren(QWidget) if part.isVisible() and part.window() is root.window()
    ]


def told(widget: QWidget) -> str:
    """Say which widget a failure is about."""
    names = [type(widget).__name__, widget.objectName(), widget.accessibleName()]
    return " ".join(filter(None, names)) + f" in {type(widget.parentWidget()).__name__}"


def spoken_name(widget: QWidget) -> str:
    """Return what a screen reader says of a widget."""
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)


def needs_name(part: QWidget) -> bool:
    """Whether a screen reader stops at a widget by itself; heads belong to their table."""
    corner = str(part.metaObject().className()) == "QTableCornerButton"
    return (
        isinstance(part, SPOKEN)
        and not isinstance(part, QTabBar | QHeaderView)
        and not corner
        and part.objectName() not in INNER
    )


def test_everything_that_takes_input_has_a_name(screen: QWidget) -> None:
    nameless = [
        told(part) for part in visible_parts(screen) if needs_name(part) and not spoken_name(part).strip()
    ]
    assert not nameless


def access_keys(root: QWidget) -> list[tuple[str, str]]:
    """Return every access key of a window with the text that shows it."""
    texts = [
        part.text()
        for part in visible_parts(root)
        if isinstance(part, QAbstractButton) or (isinstance(part, QLabel) and part.buddy() is not None)
    ]
    found = []
    for text in texts:
        plain = text.replace("&&", "")
        if "&" in plain:
            found.append((plain[plain.index("&") + 1].upper(), text))
    return found


def test_access_keys_are_unique_in_a_window(screen: QWidget) -> None:
    keys = access_keys(screen)
    counted = Counter(key for key, _text in keys)
    assert not [text for key, text in keys if counted[key] > 1]


def test_plain_answers_have_no_access_key(screen: QWidget) -> None:
    for part in visible_parts(screen):
        if isinstance(part, QPushButton) and part.text().startswith(PLAIN_ANSWERS):
            assert "&" not in part.text()


def test_every_label_of_a_field_leads_to_it(screen: QWidget) -> None:
    for part in visible_parts(screen):
        if isinstance(part, QLabel) and "(&" in part.text():
            buddy = part.buddy()
            assert buddy is not None, part.text()
            assert buddy.focusPolicy() != Qt.FocusPolicy.NoFocus, part.text()


def test_every_field_of_a_form_has_an_access_key(screen: QWidget) -> None:
    for form in screen.findChildren(Form):
        for label in form.findChildren(QLabel):
            if label.buddy() is not None and label.isVisible():
                assert "(&" in label.text(), label.text()


def test_buttons_with_a_picture_alone_have_a_tip(screen: QWidget) -> None:
    for part in visible_parts(screen):
        if isinstance(part, QAbstractButton) and not part.text() and not part.icon().isNull():
            inside_a_field = isinstance(part.parentWidget(), QLineEdit)
            assert part.toolTip() or inside_a_field, told(part)


def walk(window: QWidget) -> list[QWidget]:
    """Press Tab until it has come round, and return what got the focus."""
    seen: list[QWidget] = []
    for _step in range(200):
        current = QApplication.focusWidget()
        assert current is not None
        if seen and current is seen[0]:
            return seen
        assert current.window() is window
        seen.append(current)
        QTest.keyClick(current, Qt.Key.Key_Tab)
    raise AssertionError(f"Tab is kept by {told(seen[-1])}")


def not_reached(root: QWidget, seen: list[QWidget]) -> list[str]:
    """Return what takes input but did not get the focus by Tab."""
    reached = set(seen)
    return [
        told(part)
        for part in visible_parts(root)
        if isinstance(part, QPushButton | QLineEdit | QPlainTextEdit | QComboBox)
        and part.isEnabled()
        and part.focusPolicy() & Qt.FocusPolicy.TabFocus
        and part not in reached
        and part.focusProxy() not in reached
        and part.objectName() not in INNER
    ]


def test_tab_goes_round_and_reaches_everything(screen: QWidget) -> None:
    assert not not_reached(screen, walk(screen.window()))


def test_nothing_is_wider_than_a_small_screen(screen: QWidget) -> None:
    """1366×768 at 150 % leaves 910×480 to a window."""
    window = screen.window()
    least = window.minimumSizeHint().expandedTo(window.minimumSize())
    assert least.width() <= 910, least
    assert least.height() <= 480, least


def test_no_text_of_a_button_is_cut(screen: QWidget) -> None:
    for part in visible_parts(screen):
        if isinstance(part, QPushButton):
            assert part.width() >= part.sizeHint().width(), told(part)


# Pages without a register


def put_into_window(page: QWidget, first: QWidget, folder: Path, qtbot: QtBot) -> MainWindow:
    """Show a page in the main window, active."""
    memory = QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat)
    window = MainWindow(memory, lambda: datetime(2026, 11, 24))
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=WAIT)
    window.show_page(page, first, place="数据：D:/名册", sample=True)
    return window


def test_tab_reaches_everything_in_the_main_window(desk: RegisterDesk, tmp_path: Path, qtbot: QtBot) -> None:
    window = put_into_window(desk.tab, desk.tab.bar.search, tmp_path, qtbot)
    assert QApplication.focusWidget() is desk.tab.bar.search
    seen = walk(window)
    assert not not_reached(window, seen)
    assert desk.tab.table.grid in seen
    assert window.sample_bar.remove_button in seen


def test_tab_reaches_both_buttons_of_the_guide(tmp_path: Path, qtbot: QtBot) -> None:
    guide = StartGuide()
    window = put_into_window(guide, guide.units_button, tmp_path, qtbot)
    assert not not_reached(window, walk(window))


def test_tab_reaches_every_way_out_of_data_that_cannot_be_opened(tmp_path: Path, qtbot: QtBot) -> None:
    page = cannot_open_page(StorageError("原因。"), *[lambda: None] * 4)
    window = put_into_window(page, page.buttons[0], tmp_path, qtbot)
    assert set(page.buttons) <= set(walk(window))


def test_the_start_guide_and_the_empty_state_are_named(qtbot: QtBot) -> None:
    guide = StartGuide()
    qtbot.addWidget(guide)
    state = EmptyState("database", "没有打开名册", "原因")
    qtbot.addWidget(state)
    assert [spoken_name(guide.units_button), spoken_name(guide.sample_button)] == [
        "建立正式名册",
        "打开示例区",
    ]
    assert spoken_name(state) == "没有打开名册 原因"


def test_the_window_names_its_parts(qtbot: QtBot, tmp_path: Path) -> None:
    page = QWidget()
    window = put_into_window(page, page, tmp_path, qtbot)
    nameless = [
        told(part) for part in window.findChildren(QWidget) if needs_name(part) and not spoken_name(part)
    ]
    assert not nameless
    least = window.minimumSizeHint().expandedTo(window.minimumSize())
    assert (least.width() <= 910, least.height() <= 480) == (True, True)
