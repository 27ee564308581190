"""First start: an empty register or a complete sample to look around in; and a start that fails."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from cdo_desktop.errors import AppError
from cdo_desktop.settings import PROGRAM_NAME
from cdo_desktop.ui.common.actions import make_action
from cdo_desktop.ui.common.empty_state import EmptyState
from cdo_desktop.ui.common.help import set_topic
from cdo_desktop.ui.common.icons import icon
from cdo_desktop.ui.common.push_button import PushButton
from cdo_desktop.ui.common.style import HUGE, LARGE, MEDIUM, SMALL

_CARD_WIDTH = 340
_PICTURE = 40


class StartGuide(QWidget):
    """Two ways to begin, each said in full before it is chosen."""

    units_wanted = Signal()
    sample_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_topic(self, "第一次打开")
        title = QLabel(f"欢迎使用{PROGRAM_NAME}")
        title.setProperty("role", "title")
        title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        intro = QLabel("这个数据文件夹还是空的。请选择怎样开始：")
        intro.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.units_button = PushButton("建立正式名册")
        self.units_button.setProperty("role", "primary")
        self.sample_button = PushButton("打开示例区")
        for button, signal in (
            (self.units_button, self.units_wanted),
            (self.sample_button, self.sample_wanted),
        ):
            button.setAccessibleName(button.text())
            button.clicked.connect(lambda _checked=False, signal=signal: signal.emit())
        cards = QHBoxLayout()
        cards.setSpacing(HUGE)
        cards.addStretch(1)
        cards.addWidget(
            _card(
                "building-community",
                "建立正式名册",
                "载入宝山区 55 个单位的简称和全称草稿，每个单位有首席数据官、数据专员两个空缺岗位。\n"
                "全称草稿需逐个与公章核对确认，随后导入各单位报来的名册，或直接逐个任命。",
                self.units_button,
            )
        )
        cards.addWidget(
            _card(
                "eye",
                "先看看示例区",
                "打开一个完整的示例区：55 个单位、虚构的人员、两个空缺岗位、一件逾期未备案的变更。\n"
                "示例区单独存放，不影响正式名册，看完可以一键删除。",
                self.sample_button,
            )
        )
        cards.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setSpacing(MEDIUM)
        layout.addStretch(2)
        layout.addWidget(title)
        layout.addWidget(intro)
        layout.addSpacing(LARGE)
        layout.addLayout(cards)
        layout.addStretch(3)


def _card(icon_name: str, title: str, text: str, button: QPushButton) -> QFrame:
    card = QFrame()
    card.setProperty("role", "panel")
    card.setFixedWidth(_CARD_WIDTH)
    picture = QLabel()
    picture.setPixmap(icon(icon_name).pixmap(_PICTURE, _PICTURE))
    heading = QLabel(title)
    heading.setProperty("role", "heading")
    body = QLabel(text)
    body.setWordWrap(True)
    layout = QVBoxLayout(card)
    layout.setContentsMargins(LARGE, LARGE, LARGE, LARGE)
    layout.setSpacing(SMALL)
    for widget in (picture, heading, body):
        layout.addWidget(widget)
    layout.addStretch(1)
    layout.addSpacing(MEDIUM)
    layout.addWidget(button)
    return card


def cannot_open_page(
    error: AppError,
    retry: Callable[[], object],
    restore: Callable[[], object],
    choose: Callable[[], object],
    leave: Callable[[], object],
) -> EmptyState:
    """Return the page that stands in for the register: why it cannot be opened, and what can be done."""
    owner = QObject()

    def action(text: str, triggered: Callable[[], object], name: str) -> QAction:
        return make_action(text, parent=owner, triggered=triggered, icon=name)

    page = EmptyState(
        "database",
        "没有打开名册",
        str(error),
        (
            action("再试一次", retry, "refresh"),
            action("从备份恢复…", restore, "history"),
            action("选择其他文件夹…", choose, "folder-open"),
            action("退出", leave, "x"),
        ),
    )
    owner.setParent(page)
    set_topic(page, "打不开数据时")
    return page
