"""个人信息: what is stored of one person, and the three things they may ask for."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import Qt
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from cdo_desktop.services.personal_data import LONGEST_REASON, PersonalDataService, PersonFacts
from cdo_desktop.ui.common.actions import plain_text
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.fields import Field, FieldValue
from cdo_desktop.ui.common.form_dialog import FormDialog
from cdo_desktop.ui.common.help import HelpButton, set_topic
from cdo_desktop.ui.common.notice_bar import NoticeBar
from cdo_desktop.ui.common.open_dialog import open_dialog
from cdo_desktop.ui.common.progress import Progress
from cdo_desktop.ui.common.result_line import ResultLine
from cdo_desktop.ui.common.saving import Saving
from cdo_desktop.ui.common.style import LARGE, MEDIUM, SMALL

HELP_TOPIC = "个人信息"
_EXCEL = "Excel 工作簿 (*.xlsx)"
_INTRO = (
    "本人可以要求查阅和复制、更正、删除自己的个人信息（个人信息保护法第四十五至四十七条）。"
    "更正在“信息更新”里办理，改动前后的内容都留有记录。"
)
_CONSEQUENCES = (
    "姓名换成编号，联系方式和任职情况清空，操作记录里涉及本人的内容一并删除，以后不能恢复，此前的修改也不能再撤销。",
    "已备案、已入库和作废的备案表按档案保存，内容不变。",
    "以前的备份里仍有原来的内容，随备份逐步清理；另存到别处的备份请自行处理。",
)


class PersonalDataDialog(QDialog):
    """Shows what is stored; loads off the GUI thread."""

    correction_wanted = Signal()
    erased = Signal()

    def __init__(
        self,
        service: PersonalDataService,
        person_id: int,
        ui: UiContext,
        *,
        correctable: str = "",
        parent: QWidget | None = None,
    ) -> None:
        """``correctable`` is the reason why nothing can be corrected from here, or ""."""
        super().__init__(parent)
        self.setWindowTitle("个人信息")
        self._service = service
        self._person_id = person_id
        self._ui = ui
        self._facts: PersonFacts | None = None
        self.banner = NoticeBar()
        self.list = QTreeWidget()
        self.about = _wrapped()
        self.obstacles = _wrapped("message")
        self.line = ResultLine(self.banner.show_error)
        self._saving = Saving(self, ui, self.line, self.banner.show_error)
        self.copy_button = _button("导出副本(&E)…", self.write_copy)
        self.correct_button = _button("更正(&C)…", self._correct)
        self.correct_button.setEnabled(not correctable)
        self.correct_button.setToolTip(correctable or "打开“信息更新”，改正登记错了的内容")
        self.erase_button = _button("匿名化(&A)…", self.erase)
        self.close_button = _button("关闭", self.accept)
        set_topic(self, HELP_TOPIC)
        self._build()
        self._show_available()
        self._load()

    def _build(self) -> None:
        self.list.setAccessibleName("存有的个人信息")
        self.list.setHeaderLabels(["栏目", "内容"])
        self.list.setRootIsDecorated(False)
        self.list.setAlternatingRowColors(True)
        self.list.setStyleSheet("QTreeView::item { padding: 4px 8px; }")
        self.list.header().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        buttons = QHBoxLayout()
        buttons.setSpacing(SMALL)
        buttons.addWidget(HelpButton(self._ui))
        for button in (self.copy_button, self.correct_button, self.erase_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(LARGE, LARGE, LARGE, MEDIUM)
        layout.setSpacing(MEDIUM)
        intro = _wrapped("muted")
        intro.setText(_INTRO)
        for widget in (self.banner, intro):
            layout.addWidget(widget)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.about)
        layout.addWidget(self.obstacles)
        layout.addWidget(self.line)
        layout.addLayout(buttons)
        self.resize(680, 480)

    def _load(self) -> None:
        self._ui.tasks.run(
            lambda: self._service.facts(self._person_id),
            owner=self,
            done=self._show,
            failed=self.banner.show_error,
        )

    def _show(self, facts: PersonFacts) -> None:
        self._facts = facts
        self.setWindowTitle(f"个人信息：{facts.name}")
        self.list.clear()
        for label, value in (*facts.fields, *(("任职", post) for post in facts.posts)):
            self.list.addTopLevelItem(QTreeWidgetItem([label, value]))
        self.about.setText(
            f"另有操作记录 {facts.history_lines} 条、附件 {facts.attachments} 个、"
            f"作为档案保存的备案表 {facts.archived} 份，都在导出的副本里列出。"
        )
        self.obstacles.setText("\n".join(facts.obstacles))
        self.obstacles.setVisible(bool(facts.obstacles))
        self._show_available()

    def _show_available(self) -> None:
        facts = self._facts
        self.copy_button.setEnabled(facts is not None)
        self.erase_button.setEnabled(facts is not None and not facts.obstacles)
        reason = facts.obstacles[0] if facts is not None and facts.obstacles else ""
        self.erase_button.setToolTip(reason or "按本人要求，把这个人从名册和操作记录里永久删除")

    def write_copy(self) -> None:
        """Write a copy of all that is stored into a workbook."""
        facts = self._facts
        if facts is None:
            return

        def write(target: Path, _progress: Progress) -> str:
            self._service.write_copy(facts.person_id, target)
            return f"已导出个人信息副本：{target.name}"

        name = f"个人信息副本-{facts.name}-{self._ui.today():%Y%m%d}.xlsx"
        self._saving.save(
            "正在导出个人信息副本",
            lambda: self._ui.files.save_as(self, "导出个人信息副本", name, _EXCEL),
            write,
            self._load,
        )

    def _correct(self) -> None:
        self.accept()
        self.correction_wanted.emit()

    def erase(self) -> None:
        """Ask for the reason, tell what follows, and make the person anonymous."""
        facts = self._facts
        if facts is None or facts.obstacles:
            return
        dialog = EraseDialog(self._service, facts, self._ui, self)
        dialog.saved.connect(lambda _none: self._erased())
        open_dialog(dialog)

    def _erased(self) -> None:
        self._ui.notices.info("已匿名")
        self.erased.emit()
        self._load()


class EraseDialog(FormDialog):
    """The reason for making a person anonymous, with what follows from it."""

    def __init__(
        self, service: PersonalDataService, facts: PersonFacts, ui: UiContext, parent: QWidget
    ) -> None:
        def save(values: dict[str, FieldValue]) -> None:
            service.erase(facts.person_id, str(values["reason"] or ""))

        super().__init__(f"匿名化：{facts.name}", ui, save, save_label="匿名化", final=True, parent=parent)
        more = (f"{facts.attachments} 个附件不会删除，需要时请在附件里移除。",) if facts.attachments else ()
        follows = _wrapped()
        follows.setText("\n".join((*_CONSEQUENCES, *more)))
        self.layout().insertWidget(1, follows)  # type: ignore[union-attr]
        self.form.add(
            Field(
                "reason",
                "原因",
                required=True,
                max_length=LONGEST_REASON,
                help="长期保存，不要写姓名；例如“本人申请”",
                wide=True,
            )
        )
        set_topic(self, HELP_TOPIC)
        self.resize(600, 280)


def _wrapped(role: str = "") -> QLabel:
    text = QLabel()
    text.setWordWrap(True)
    text.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        text.setProperty("role", role)
    return text


def _button(text: str, pressed: Callable[[], object]) -> QPushButton:
    button = QPushButton(text)
    button.setAccessibleName(plain_text(text))
    button.setAutoDefault(False)
    button.clicked.connect(lambda _checked=False: pressed())
    return button
