"""附件 of a holder and a unit: dropped or chosen, opened as copies, saved elsewhere, removed and put back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QAction, QDesktopServices, QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QTabBar, QVBoxLayout, QWidget

from cdo_desktop.errors import AppError, StorageError
from cdo_desktop.rules.attachments import SUFFIXES
from cdo_desktop.rules.vocabulary import UnitCategory
from cdo_desktop.services.attachment_rows import (
    Added,
    AttachmentRow,
    AttachmentValues,
    Owner,
    of_tenure,
    of_unit,
)
from cdo_desktop.services.attachments import AttachmentService
from cdo_desktop.services.register import RegisterRow
from cdo_desktop.ui.common import shortcuts
from cdo_desktop.ui.common.actions import make_action, plain_text, set_available
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.drops import accept_copy
from cdo_desktop.ui.common.empty_state import EmptyState
from cdo_desktop.ui.common.help import HelpButton, set_topic
from cdo_desktop.ui.common.notice_bar import NoticeAction, NoticeBar, NoticeKind
from cdo_desktop.ui.common.overriding import override
from cdo_desktop.ui.common.progress import Progress
from cdo_desktop.ui.common.push_button import PushButton
from cdo_desktop.ui.common.result_line import ResultLine
from cdo_desktop.ui.common.saving import Saving
from cdo_desktop.ui.common.style import LARGE, MEDIUM, SMALL
from cdo_desktop.ui.common.table_view import DataTable
from cdo_desktop.ui.registry.attachments_list import COLUMNS, AttachmentSource

_PATTERN = f"可以添加的文件 ({' '.join(f'*.{suffix}' for suffix in SUFFIXES)});;所有文件 (*)"
_MOST_REASONS = 5


@dataclass(frozen=True)
class Place:
    """One record that files can belong to, with what its tab says."""

    title: str
    owner: Owner


def places_of(row: RegisterRow) -> tuple[Place, ...]:
    """Return the records of one line of the register: its holder's tenure and its unit."""
    tenure = (Place(f"{row.name}的任职", of_tenure(row.tenure_id)),) if row.tenure_id else ()
    unit = Place(
        "区级" if row.category == UnitCategory.DISTRICT else f"单位 {row.unit}", of_unit(row.unit_id)
    )
    return (*tenure, unit)


class AttachmentsDialog(QDialog):
    """One tab a record; files may be dropped anywhere in it."""

    def __init__(
        self,
        service: AttachmentService,
        title: str,
        places: Sequence[Place],
        ui: UiContext,
        parent: QWidget | None = None,
        *,
        locked: str = "",
    ) -> None:
        """``locked`` says why nothing may be added or removed now, or is ""."""
        super().__init__(parent)
        self._service = service
        self._places = tuple(places)
        self._ui = ui
        self._locked = locked
        self._adding = False
        self.setWindowTitle(f"附件：{title}")
        set_topic(self, "附件")
        self.setAcceptDrops(not locked)
        self.tabs = QTabBar()
        self.tabs.setAccessibleName("附件属于")
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        for place in self._places:
            self.tabs.addTab(place.title)
        self.notice = NoticeBar()
        self._source = AttachmentSource()
        self.table = DataTable[int, AttachmentRow](COLUMNS, self._source, frozen=0, name="附件")
        self.result_line = ResultLine(self.notice.show_error)
        self._saving = Saving(self, ui, self.result_line, self.notice.show_error)
        self._make_actions()
        self._lay_out()
        self.table.set_actions([self.open_action, self.save_action, self.remove_action])
        self.table.activated.connect(lambda _key: self.open_chosen())
        self.table.selection_changed.connect(self._show_available)
        self.tabs.currentChanged.connect(lambda _place: self.reload())
        self.resize(820, 480)
        self.reload()
        self.table.grid.setFocus()

    def _make_actions(self) -> None:
        def action(text: str, triggered: Callable[[], object], icon: str, key: str, tip: str) -> QAction:
            return make_action(text, parent=self, triggered=triggered, icon=icon, shortcut=key, tip=tip)

        self.add_action = action(
            "添加(&A)…", self.choose_files, "plus", shortcuts.NEW, "选择文件，也可以直接拖进窗口"
        )
        self.open_action = action("打开(&O)", self.open_chosen, "external-link", "", "打开一份只读的副本")
        self.save_action = action(
            "另存为(&S)…", self.save_chosen, "download", shortcuts.SAVE, "把选中的附件存到别处"
        )
        self.remove_action = action(
            "移除(&D)", self.remove_chosen, "trash", shortcuts.DELETE, "从这里移除选中的附件，当时可以放回"
        )
        self.addActions([self.add_action, self.open_action, self.save_action, self.remove_action])

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(SMALL)
        for action in (self.add_action, self.open_action, self.save_action, self.remove_action):
            buttons.addWidget(_button(action))
        buttons.addStretch(1)
        self.close_button = QPushButton("关闭(&C)")
        self.close_button.setAccessibleName("关闭")
        self.close_button.setAutoDefault(False)
        self.close_button.clicked.connect(self.accept)
        last = QHBoxLayout()
        last.addWidget(HelpButton(self._ui))
        last.addStretch(1)
        last.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(LARGE, LARGE, LARGE, MEDIUM)
        layout.setSpacing(MEDIUM)
        layout.addWidget(self.tabs)
        layout.addLayout(buttons)
        layout.addWidget(self.notice)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.result_line)
        layout.addLayout(last)
        text = "把任免文件、扫描件拖进来，或点“添加”：PDF、图片、OFD、Word、Excel、WPS，每个不超过 50 MB。"
        choose = make_action("选择文件…", parent=self, triggered=self.choose_files)
        actions = () if self._locked else (choose,)
        self.table.set_empty_state(EmptyState("paperclip", "这里还没有附件", text, actions))

    # Rows

    @property
    def _owner(self) -> Owner:
        return self._places[max(self.tabs.currentIndex(), 0)].owner

    def reload(self, select: Sequence[int] = ()) -> None:
        """Look the files up anew, and select some of them."""
        owner, service = self._owner, self._service
        owners = [place.owner for place in self._places]

        def find() -> tuple[tuple[AttachmentRow, ...], list[int]]:
            return service.list_of(owner), [service.count_of(other) for other in owners]

        def show(found: tuple[tuple[AttachmentRow, ...], list[int]]) -> None:
            if owner == self._owner:  # answers may overtake one another
                self._show(*found, select)

        self._ui.tasks.run(find, owner=self, done=show, failed=self.notice.show_error)

    def _show(self, rows: tuple[AttachmentRow, ...], counts: list[int], select: Sequence[int]) -> None:
        for number, (place, count) in enumerate(zip(self._places, counts, strict=True)):
            self.tabs.setTabText(number, f"{place.title}（{count}）")
        self._source.set_rows(rows)
        self.table.reload()
        if select:
            self.table.select_keys(select)
        elif rows and not self.table.selected_keys():
            self.table.select_key(rows[0].attachment_id)
        self._show_available()

    def _show_available(self) -> None:
        count = len(self.table.selected_keys())
        none = "" if count else "请先选中附件"
        set_available(self.add_action, self._locked or ("正在添加" if self._adding else ""))
        set_available(self.open_action, none or ("" if count == 1 else "一次打开一个"))
        set_available(self.save_action, none)
        set_available(self.remove_action, self._locked or none)

    # Adding

    def choose_files(self) -> None:
        """Ask for files and add them."""
        self.add(self._ui.files.open_files(self, "添加附件", _PATTERN))

    def add(self, files: Sequence[Path]) -> None:
        """Add files to the record whose tab is open; those refused are named with their reasons."""
        if not files or self._adding:
            return
        owner, service = self._owner, self._service
        self._begin()
        self._adding = True
        self._show_available()

        def ended(error: AppError) -> None:
            self._adding = False
            self._show_available()
            self.notice.show_error(error)

        self._ui.tasks.run_with_progress(
            lambda progress: service.add(owner, files, progress.step),
            owner=self,
            done=self._added,
            failed=ended,
            title="正在添加附件",
        )

    def _added(self, added: Added) -> None:
        self._adding = False
        if added.ids:
            self._ui.notices.info(f"已添加 {len(added.ids)} 个附件")
        if added.refused:
            self._tell_refused([one.reason for one in added.refused], len(added.ids))
        self.reload(added.ids)

    def _tell_refused(self, reasons: Sequence[str], count: int) -> None:
        taken = f"，其余 {count} 个已添加" if count else ""
        lines = [f"有 {len(reasons)} 个文件没有添加{taken}：", *reasons[:_MOST_REASONS]]
        if len(reasons) > _MOST_REASONS:
            lines.append(f"另有 {len(reasons) - _MOST_REASONS} 个，点“复制全部原因”查看。")
        copy = NoticeAction("复制全部原因", lambda: QGuiApplication.clipboard().setText("\n".join(reasons)))
        self.notice.show_text(NoticeKind.WARNING, "\n".join(lines), (copy,))

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _dropped(event) and not self._adding:
            accept_copy(event)

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        files = _dropped(event)
        if files:
            accept_copy(event)
            self.add(files)

    # What is there

    def open_chosen(self) -> None:
        """Open a copy of the selected file with the program of the system."""
        keys = self.table.selected_keys()
        if len(keys) != 1:
            return
        self._begin()
        self._ui.tasks.run(
            lambda: self._service.open_copy(keys[0]),
            owner=self,
            done=self._open,
            failed=self.notice.show_error,
            title="正在打开附件",
        )

    def _open(self, copy: Path) -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(copy))):
            self.notice.show_error(
                StorageError(
                    f"系统里没有能打开 {copy.suffix} 的程序。附件没有改动，请用“另存为”存出来再打开。"
                )
            )

    def save_chosen(self) -> None:
        """Save one file under a name of the user's choice, or several into a folder."""
        keys = self.table.selected_keys()
        if not keys:
            return
        self._begin()
        self._saving.save("正在保存附件", lambda: self._choose_target(keys), self._save(keys))

    def _choose_target(self, keys: Sequence[int]) -> Path | None:
        if len(keys) > 1:
            return self._ui.files.folder(self, "选择保存附件的文件夹")
        name = self._source.row(keys[0]).name
        return self._ui.files.save_as(self, "另存附件", name, f"附件 (*.{name.rpartition('.')[2]})")

    def _save(self, keys: Sequence[int]) -> Callable[[Path, Progress], str]:
        def write(target: Path, progress: Progress) -> str:
            if len(keys) == 1:
                self._service.save_as(keys[0], target)
                return f"已保存附件：{target.name}"
            return f"已保存 {len(self._service.save_all(keys, target, progress.step))} 个附件"

        return write

    def remove_chosen(self) -> None:
        """Take the selected files away; a notice offers to put them back."""
        keys = self.table.selected_keys()
        if not keys or self._locked:
            return
        self._begin()
        self._ui.tasks.run(
            lambda: self._service.remove(keys),
            owner=self,
            done=self._removed,
            failed=self.notice.show_error,
        )

    def _removed(self, removed: tuple[AttachmentValues, ...]) -> None:
        what = f"“{removed[0].name}”" if len(removed) == 1 else f" {len(removed)} 个附件"
        back = NoticeAction("放回", lambda: self._put_back(removed))
        self.notice.show_text(NoticeKind.INFO, f"已移除{what}。", (back,))
        self.reload()

    def _put_back(self, removed: tuple[AttachmentValues, ...]) -> None:
        self._ui.tasks.run(
            lambda: self._service.put_back(removed),
            owner=self,
            done=self.reload,
            failed=self.notice.show_error,
        )

    def _begin(self) -> None:
        self.notice.clear()
        self.result_line.hide()


def _button(action: QAction) -> PushButton:
    button = PushButton(action.text())
    button.setIcon(action.icon())
    button.setAutoDefault(False)
    button.setAccessibleName(plain_text(action.text()))
    button.clicked.connect(action.trigger)

    def follow() -> None:
        button.setEnabled(action.isEnabled())
        button.setToolTip(action.toolTip())

    action.changed.connect(follow)
    follow()
    return button


def _dropped(event: QDropEvent) -> list[Path]:
    """Return the files that are dragged; none when anything else is among them."""
    urls = event.mimeData().urls()
    if not urls or not all(url.isLocalFile() for url in urls):
        return []
    return [Path(url.toLocalFile()) for url in urls]
