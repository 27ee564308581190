"""表格文字: the office's own wording of the printed forms, kept in text files."""

from io import BytesIO
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGroupBox, QHBoxLayout, QVBoxLayout, QWidget

from cdo_desktop.errors import AppError
from cdo_desktop.rules.vocabulary import PostKind
from cdo_desktop.services.form_text_files import FormTextFile
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.open_dialog import open_dialog
from cdo_desktop.ui.common.pdf_preview import PreviewDialog
from cdo_desktop.ui.common.style import SMALL, restyle
from cdo_desktop.ui.system.services import SystemServices
from cdo_desktop.ui.system.widgets import (
    label,
    line_key,
    list_line,
    list_of,
    open_in_system,
    push_button,
    set_usable,
    show_rows,
)

_INTRO = (
    "表上的栏目名称和文字可以改成本单位纸表的写法：复制出厂文字，用记事本改引号里的字，保存后在这里检查。"
    "不改的行可以删掉，删掉整个文件就恢复出厂文字。"
)
_FACTORY, _OWN, _WRONG = "出厂文字", "本单位文字", "有错误"
_SHOWN_ROWS = 6
_POSTS = {"filing_specialist": PostKind.SPECIALIST}  # the file of both is best seen on the other form
_TITLES = {
    "filing_form": f"{PostKind.CDO}备案表（空白）",
    "filing_cdo": f"{PostKind.CDO}备案表（空白）",
    "filing_specialist": f"{PostKind.SPECIALIST}备案表（空白）",
}


class FormTextsBox(QGroupBox):
    """Lists the files with their state; an error is told with file and line."""

    texts_changed = Signal()

    def __init__(self, services: SystemServices, ui: UiContext, parent: QWidget | None = None) -> None:
        super().__init__("表格文字", parent)
        self._services = services
        self._ui = ui
        self._files: tuple[FormTextFile, ...] = ()
        self.list = list_of("表格文字文件", ("文件", "用于", "状态"), 1)
        show_rows(self.list, _SHOWN_ROWS)
        self.problem = label("")
        self.problem.setAccessibleName("检查结果")
        self.folder_button = push_button("打开文件夹(&O)", self.open_folder, "folder-open")
        self.copy_button = push_button("复制出厂文字以便修改(&F)", self.copy_shipped, "copy")
        self.check_button = push_button("重新检查(&K)", self.check, "refresh")
        self.preview_button = push_button(
            "预览(&V)…", self.preview, "eye", "用现在的文字画一张：备案表是空白的，其他的是示例"
        )
        buttons = QHBoxLayout()
        buttons.setSpacing(SMALL)
        for button in (self.copy_button, self.folder_button, self.check_button, self.preview_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setSpacing(SMALL)
        layout.addWidget(label(_INTRO, "muted"))
        layout.addWidget(self.list)
        layout.addWidget(self.problem)
        layout.addLayout(buttons)
        self.list.currentItemChanged.connect(lambda _new, _old: self._show_chosen())
        self._show_chosen()

    def show_files(self, files: tuple[FormTextFile, ...]) -> None:
        """Show the state of the files; the chosen one stays chosen."""
        chosen = line_key(self.list.currentItem())
        wrong = next((file.name for file in files if file.problem), None)
        self._files = files
        self.list.clear()
        for file in files:
            state = _WRONG if file.problem else _OWN if file.own else _FACTORY
            item = list_line(self.list, (f"{file.name}.toml", file.title, state), file.name)
            if file.name == (wrong or chosen):
                self.list.setCurrentItem(item)
        first = self.list.topLevelItem(0)
        if self.list.currentItem() is None and first is not None:
            self.list.setCurrentItem(first)
        self._show_chosen()

    def _chosen(self) -> FormTextFile | None:
        name = line_key(self.list.currentItem())
        return next((file for file in self._files if file.name == name), None)

    def _show_chosen(self) -> None:
        file = self._chosen()
        already = "文件夹里已有这个文件，没有覆盖" if file is not None and file.own else ""
        set_usable(self.copy_button, "先选中一个文件" if file is None else already)
        wrong = any(entry.problem for entry in self._files)
        set_usable(self.preview_button, "先改正有错误的文件" if wrong else "" if self._files else "正在读取")
        if file is None:
            text = ""
        elif file.problem:
            text = file.problem
        elif file.own:
            text = "检查通过，打印时用本单位的文字。"
        else:
            text = "用的是出厂文字。"
        self.problem.setText(text)
        self.problem.setProperty("role", "message" if file is not None and file.problem else "muted")
        restyle(self.problem)

    def check(self) -> None:
        """Read the files again and say what is wrong with them."""
        service = self._services.form_texts()
        self._ui.tasks.run(service.files, owner=self, done=self._checked, failed=self._ui.notices.error)

    def _checked(self, files: tuple[FormTextFile, ...]) -> None:
        before = self._files
        self.show_files(files)
        wrong = sum(bool(file.problem) for file in files)
        self._ui.notices.info(f"{wrong} 个表格文字文件有错误" if wrong else "表格文字检查通过")
        if files != before:
            self.texts_changed.emit()

    def open_folder(self) -> None:
        """Show the folder in the system's file manager."""
        try:
            open_in_system(str(self._services.form_texts().open_folder()))
        except AppError as error:
            self._ui.notices.error(error)

    def copy_shipped(self) -> None:
        """Put the shipped file of the chosen line into the folder."""
        file = self._chosen()
        if file is None or file.own is not None:
            return
        service, name = self._services.form_texts(), file.name
        self._ui.tasks.run(
            lambda: service.copy_shipped(name), owner=self, done=self._copied, failed=self._not_copied
        )

    def _copied(self, path: Path) -> None:
        self._ui.notices.info(f"已复制 {path.name}，可以用记事本修改")
        self.check()

    def _not_copied(self, error: AppError) -> None:
        self._ui.notices.error(error)
        self.check()

    def preview(self) -> None:
        """Draw the chosen file's paper with the texts as they are now: an empty 备案表, or a sample."""
        file = self._chosen()
        if file is None:
            return
        services, name = self._services, file.name

        def draw() -> bytes:
            from cdo_desktop.documents.pdf.filing_form import write_form  # reportlab: only for a form

            forms, content = services.forms(), BytesIO()
            if not forms.draw_sample(name, content):
                write_form(forms.blank(_POSTS.get(name, PostKind.CDO)), content, texts=forms.texts())
            return content.getvalue()

        self._ui.tasks.run(
            draw,
            owner=self,
            done=lambda content: self._show(_TITLES.get(name, f"{file.title}（示例）"), content),
            failed=self._ui.notices.error,
            title="正在画样张",
        )

    def _show(self, title: str, content: bytes) -> None:
        open_dialog(PreviewDialog(title, content, self._ui, parent=self))
