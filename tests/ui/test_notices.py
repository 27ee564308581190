"""What the user is told, and how he answers."""

from collections.abc import Callable
from datetime import datetime

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMainWindow, QPushButton
from pytestqt.qtbot import QtBot

from cdo_desktop.errors import CancelledError, ConflictError, FieldConflict, StorageError
from cdo_desktop.ui.common.conflict_dialog import ConflictDialog
from cdo_desktop.ui.common.notice_bar import NoticeBar
from cdo_desktop.ui.common.notices import ConflictChoice, Notices, WindowNotices
from cdo_desktop.ui.common.question import Question
from tests.ui.fakes import FakeNotices

NOON = datetime(2026, 11, 24, 14, 3, 22)
CONFLICT = ConflictError(
    "王芳刚保存了同一条记录。",
    (
        FieldConflict("现任职务", original="局长", mine="党组书记、局长", theirs="一级调研员"),
        FieldConflict("手机", original="", mine="13800000000", theirs="13900000000"),
    ),
)


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    made = QMainWindow()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def notices(window: QMainWindow) -> WindowNotices:
    made = WindowNotices(window, lambda: NOON)
    window.setCentralWidget(made.bar)
    window.statusBar().addWidget(made.status)
    return made


def answer_with(click: Callable[[Question | ConflictDialog], QPushButton]) -> None:
    """Press a button of the modal dialog as soon as it is open."""

    def press() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, Question | ConflictDialog):
            timer.stop()
            click(dialog).click()

    timer = QTimer(QApplication.instance(), interval=5)
    timer.timeout.connect(press)
    timer.start()


def test_saving_is_told_in_the_status_bar_with_the_time(notices: WindowNotices) -> None:
    notices.info("已保存")
    assert notices.status.text() == "已保存 14:03:22"
    assert notices.bar.isHidden()


def test_error_shows_in_the_bar_and_its_details_can_be_copied(notices: WindowNotices) -> None:
    try:
        try:
            raise OSError(28, "No space left on device")
        except OSError as cause:
            raise StorageError("磁盘已满，没有写完。") from cause
    except StorageError as error:
        notices.error(error)
    assert not notices.bar.isHidden()
    assert notices.bar.label.text() == "磁盘已满，没有写完。"
    notices.bar.copy_button.click()
    copied = QGuiApplication.clipboard().text()
    assert "磁盘已满，没有写完。" in copied
    assert "OSError" in copied
    assert "test_notices.py" in copied


def test_cancelled_action_is_no_error(notices: WindowNotices) -> None:
    notices.error(CancelledError("已取消。"))
    assert notices.bar.isHidden()
    assert notices.status.text().startswith("已取消。")


def test_second_error_does_not_hide_the_first_for_ever(notices: WindowNotices) -> None:
    notices.error(StorageError("甲。"))
    notices.error(StorageError("乙。"))
    notices.error(StorageError("乙。"))
    assert notices.bar.text == "乙。"
    assert notices.bar.more.text() == "还有 1 条"
    notices.bar.close_button.click()
    assert notices.bar.text == "甲。"
    notices.bar.close_button.click()
    assert notices.bar.isHidden()


def test_warning_has_nothing_to_copy(qtbot: QtBot, notices: WindowNotices) -> None:
    notices.warn("全称还没有核对。")
    assert notices.bar.copy_button.isHidden()
    assert notices.bar.property("kind") == "warning"


def test_text_with_markup_is_shown_as_typed(qtbot: QtBot) -> None:
    bar = NoticeBar()
    qtbot.addWidget(bar)
    bar.show_error(StorageError("<b>张三</b>&"))
    assert bar.label.text() == "<b>张三</b>&"
    assert bar.label.textFormat().name == "PlainText"


@pytest.mark.parametrize(("place", "answer"), [(0, True), (1, False)])
def test_question_returns_what_was_pressed(notices: WindowNotices, place: int, answer: bool) -> None:
    def button(dialog: Question | ConflictDialog) -> QPushButton:
        assert isinstance(dialog, Question)
        assert [item.text() for item in dialog.answers] == ["删除", "保留"]
        return dialog.answers[place]

    answer_with(button)
    assert notices.ask("删除 12 条任职？", "删除", "保留", danger=True) is answer


@pytest.mark.parametrize(("danger", "default"), [(False, "导出"), (True, "返回")])
def test_enter_takes_the_safe_answer(qtbot: QtBot, danger: bool, default: str) -> None:
    question = Question(None, "？", ("导出", "返回"), default=1 if danger else 0, danger=danger)
    qtbot.addWidget(question)
    button = question.defaultButton()
    assert isinstance(button, QPushButton)
    assert button.text() == default
    escape = question.escapeButton()
    assert escape is not None
    assert escape.text() == "返回"


@pytest.mark.parametrize("choice", list(ConflictChoice))
def test_conflict_dialog_returns_the_choice(notices: WindowNotices, choice: ConflictChoice) -> None:
    def button(dialog: Question | ConflictDialog) -> QPushButton:
        assert isinstance(dialog, ConflictDialog)
        buttons = {item.text(): item for item in dialog.findChildren(QPushButton)}
        return buttons[choice.value]

    answer_with(button)
    assert notices.show_conflict(CONFLICT) is choice


def test_conflict_dialog_shows_three_texts_for_each_field(qtbot: QtBot) -> None:
    dialog = ConflictDialog(CONFLICT)
    qtbot.addWidget(dialog)
    table = dialog.table

    def row(number: int) -> list[str]:
        items = [table.item(number, column) for column in range(table.columnCount())]
        return [item.text() for item in items if item is not None]

    assert row(0) == ["现任职务", "局长", "党组书记、局长", "一级调研员"]
    assert row(1) == ["手机", "（空）", "13800000000", "13900000000"]


def test_leaving_the_conflict_dialog_goes_back(qtbot: QtBot) -> None:
    dialog = ConflictDialog(CONFLICT)
    qtbot.addWidget(dialog)
    dialog.reject()
    assert dialog.choice is ConflictChoice.BACK


def test_the_fake_and_the_real_one_follow_the_same_protocol(notices: WindowNotices) -> None:
    both: tuple[Notices, ...] = (notices, FakeNotices())  # checked by mypy
    assert len(both) == 2
