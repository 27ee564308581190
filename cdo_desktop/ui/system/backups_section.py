"""备份: the copies of the data folder, making one, looking one over, and the way back."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QTreeWidget, QVBoxLayout, QWidget

from cdo_desktop.services.safety import BackupFacts, BackupRow, BackupService
from cdo_desktop.store.backup import SUFFIX
from cdo_desktop.store.integrity import CheckReport
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.help import HelpButton, set_topic
from cdo_desktop.ui.common.open_dialog import open_dialog
from cdo_desktop.ui.common.sizes import size_text
from cdo_desktop.ui.common.style import LARGE, MEDIUM, SMALL
from cdo_desktop.ui.system.widgets import (
    add_refresh,
    label,
    line_key,
    list_line,
    list_of,
    push_button,
    set_usable,
    show_rows,
)

_INTRO = (
    "启动时（距上次超过 20 小时）、关闭时（数据有变）、导入前和升级前自动备份，"
    "旧的按天、周、月逐渐减少，手工备份不会自动删除。每份备份都读回核对过，附件共用一份。"
    "请定期“备份到其他位置”，存到另一块硬盘或移动硬盘：那样的一个文件里什么都有。"
)
PATTERN = f"备份文件 (*{SUFFIX})"


class BackupsSection(QWidget):
    """Needs no open database, so that it can stand where one cannot be opened."""

    restore_wanted = Signal(Path)
    """The user has seen what is in a backup and wants it in the place of the present data."""
    backed_up = Signal()

    def __init__(self, service: BackupService, ui: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._service = service
        self._ui = ui
        self._rows: tuple[BackupRow, ...] = ()
        self.state = label("")
        self.list = list_of("备份", ("时间", "缘由", "大小", "文件"), 3)
        self.back_up_button = push_button(
            "立即备份(&B)", self.back_up, "database", "在数据文件夹里留一份备份"
        )
        self.elsewhere_button = push_button(
            "备份到其他位置(&T)…",
            self.back_up_elsewhere,
            "folder-open",
            "存到另一块硬盘、移动硬盘或共享文件夹",
        )
        self.check_button = push_button("检查数据(&C)", self.check, "check", "核对数据库和附件是否完好")
        self.restore_button = push_button(
            "查看并恢复(&R)…", self.look_at_chosen, "history", "先看清备份里有什么，再决定是否恢复"
        )
        self.open_button = push_button(
            "从其他位置恢复(&O)…", self.look_at_file, "folder-open", "选择存在别处的备份文件"
        )
        self._buttons = (
            self.back_up_button,
            self.elsewhere_button,
            self.check_button,
            self.restore_button,
            self.open_button,
        )
        buttons = QHBoxLayout()
        buttons.setSpacing(SMALL)
        for button in self._buttons:
            buttons.addWidget(button)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MEDIUM, MEDIUM, MEDIUM, MEDIUM)
        layout.setSpacing(MEDIUM)
        layout.addWidget(label("备份与恢复", "title"))
        layout.addWidget(self.state)
        layout.addWidget(label(_INTRO, "muted"))
        layout.addLayout(buttons)
        layout.addWidget(self.list, 1)
        self.list.itemSelectionChanged.connect(self._show_available)
        self.list.itemActivated.connect(lambda _item: self.look_at_chosen())
        add_refresh(self, self.reload)
        self._show_available()

    def reload(self) -> None:
        """Look anew which backups there are."""
        self._ui.tasks.run(self._service.backups, owner=self, done=self._show, failed=self._ui.notices.error)

    def _show(self, rows: tuple[BackupRow, ...]) -> None:
        self._rows = rows
        self.list.clear()
        for row in rows:
            texts = (moment(row.made_at), row.kind, size_text(row.size), row.path.name)
            list_line(self.list, texts, str(row.path))
        first = self.list.topLevelItem(0)
        if first is not None:
            self.list.setCurrentItem(first)
            self.state.setText(f"数据文件夹里有 {len(rows)} 份备份，最近一份在 {moment(rows[0].made_at)}。")
        else:
            self.state.setText("数据文件夹里还没有备份。")
        self._show_available()

    def _show_available(self) -> None:
        chosen = line_key(self.list.currentItem()) is not None
        set_usable(self.restore_button, "" if chosen else "先选中一份备份")

    def back_up(self) -> None:
        """Keep a backup in the data folder."""
        self._make(None)

    def back_up_elsewhere(self) -> None:
        """Write a backup to another place, of the user's choice."""
        name = f"备份{self._ui.today():%Y%m%d}{SUFFIX}"
        target = self._ui.files.save_as(self, "备份到其他位置", name, PATTERN)
        if target is not None:
            self._make(target)

    def _make(self, target: Path | None) -> None:
        def made(row: BackupRow) -> None:
            self._ui.notices.info(f"已备份并核对：{row.path.name}（{size_text(row.size)}）")
            if row.missing:
                self._ui.notices.warn(missing_when_made(row.missing))
            self.backed_up.emit()
            self.reload()

        self._ui.tasks.run_with_progress(
            lambda progress: self._service.back_up(target=target, progress=progress.step),
            owner=self,
            done=made,
            failed=self._ui.notices.error,
            title="正在备份",
        )

    def check(self) -> None:
        """Look all of the data over and say what was found."""
        self._ui.tasks.run(
            lambda: self._service.check(thorough=True),
            owner=self,
            done=self._show_report,
            failed=self._ui.notices.error,
            title="正在检查数据",
        )

    def _show_report(self, report: CheckReport) -> None:
        open_dialog(ReportDialog(report, self))

    def look_at_chosen(self) -> None:
        """Show what is in the chosen backup."""
        path = line_key(self.list.currentItem())
        if isinstance(path, str):
            self._look_at(Path(path))

    def look_at_file(self) -> None:
        """Show what is in a backup from elsewhere."""
        chosen = self._ui.files.open_file(self, "从备份恢复", PATTERN)
        if chosen is not None:
            self._look_at(chosen)

    def _look_at(self, backup: Path) -> None:
        self._ui.tasks.run_with_progress(
            lambda progress: self._service.examine(backup, progress.step),
            owner=self,
            done=lambda facts: self._show_facts(backup, facts),
            failed=self._ui.notices.error,
            title="正在核对备份",
        )

    def _show_facts(self, backup: Path, facts: BackupFacts) -> None:
        dialog = RestoreDialog(facts, lambda: self.restore_wanted.emit(backup), self._ui, self)
        open_dialog(dialog)


class RestoreDialog(QDialog):
    """What a backup would bring back, beside what there is now; restoring is chosen here."""

    def __init__(
        self, facts: BackupFacts, restore: Callable[[], object], ui: UiContext, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("从备份恢复")
        set_topic(self, "恢复")
        self.list = comparison(facts)
        made_at = moment(facts.manifest.made_at)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(LARGE, LARGE, LARGE, MEDIUM)
        layout.setSpacing(MEDIUM)
        layout.addWidget(label(f"备份时间：{made_at}（{facts.manifest.kind}），已完整核对。"))
        layout.addWidget(self.list)
        for text in _warnings(facts):
            layout.addWidget(label(text, "required"))
        layout.addWidget(
            label(f"恢复后，名册回到 {made_at} 的样子。现在的数据不会删除，改名保存在数据文件夹里。")
        )
        self.restore_button = push_button("恢复到这份备份(&R)", self.accept)
        self.restore_button.setProperty("role", "danger")
        self.keep_button = push_button("保留现在的数据(&K)", self.reject)
        self.keep_button.setDefault(True)
        row = QHBoxLayout()
        row.setSpacing(SMALL)
        row.addWidget(HelpButton(ui))
        row.addStretch(1)
        row.addWidget(self.restore_button)
        row.addWidget(self.keep_button)
        layout.addLayout(row)
        self.accepted.connect(restore)
        self.keep_button.setFocus()


class ReportDialog(QDialog):
    """The lines of a check, to read and to copy."""

    def __init__(self, report: CheckReport, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("数据检查")
        self.text = QPlainTextEdit("\n".join((*report.lines, *report.details)))
        self.text.setReadOnly(True)
        self.text.setAccessibleName("检查结果")
        self.text.setMinimumSize(560, 260)
        verdict = "数据完好。" if report.ok else "发现问题。请不要继续录入，先从备份恢复，或联系维护人员。"
        close = push_button("关闭(&C)", self.accept)
        close.setDefault(True)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(LARGE, LARGE, LARGE, MEDIUM)
        layout.setSpacing(MEDIUM)
        layout.addWidget(label(verdict, "heading"))
        layout.addWidget(self.text, 1)
        layout.addLayout(row)
        close.setFocus()


def comparison(facts: BackupFacts) -> QTreeWidget:
    """Return the counts of a backup beside the present ones."""
    tree = list_of("备份与现在的对比", ("", "备份里", "现在"), 0)
    for row in facts.counts:
        now = "读不出" if row.now is None else str(row.now)
        list_line(tree, (row.label, str(row.in_backup), now))
    show_rows(tree, len(facts.counts))
    tree.setMinimumWidth(360)
    return tree


def _warnings(facts: BackupFacts) -> tuple[str, ...]:
    other = ("这份备份来自另一个数据文件夹，不是现在这份名册的备份。",) if facts.other_database else ()
    lost = (missing_when_restored(facts.missing),) if facts.missing else ()
    return (*other, *facts.problems, *lost)


def missing_when_made(count: int) -> str:
    """Say that a backup could not hold every attachment."""
    return f"已备份，但有 {count} 个附件的文件已经缺失或被改动，没有备进去。请用“检查数据”看是哪些。"


def missing_when_restored(count: int) -> str:
    """Say that a backup was parted from its attachments."""
    return (
        f"这份备份有 {count} 个附件的内容找不到，恢复后打不开，其他数据不受影响。自动备份的附件放在备份旁边的"
        "“attachments”文件夹里：请连同那个文件夹一起复制过来，再恢复。"
    )


def moment(at: datetime) -> str:
    """Return a time as the lists show it."""
    return f"{at:%Y-%m-%d %H:%M}"


class BackupsDialog(QDialog):
    """The same page in a window of its own, for data that cannot be opened."""

    def __init__(self, service: BackupService, ui: UiContext, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("从备份恢复")
        self.resize(760, 480)
        self.section = BackupsSection(service, ui, self)
        self.section.back_up_button.setVisible(False)
        self.section.elsewhere_button.setVisible(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.section)
        self.section.restore_wanted.connect(lambda _path: self.accept())
        self.section.reload()
