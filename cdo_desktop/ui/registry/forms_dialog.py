"""打印备案表: which forms, what to look at first, the preview, and printing or saving them."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, Qt
from PySide6.QtWidgets import QDialog, QMenu, QPushButton, QWidget

from cdo_desktop.errors import AppError, CancelledError
from cdo_desktop.rules.vocabulary import FILED_POSTS, FilingKind, PostKind
from cdo_desktop.ui.common import shortcuts
from cdo_desktop.ui.common.action_button import button_for
from cdo_desktop.ui.common.actions import make_action, set_available
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.help import HelpButton, set_topic
from cdo_desktop.ui.common.notice_bar import NoticeKind
from cdo_desktop.ui.common.open_dialog import open_dialog
from cdo_desktop.ui.common.overriding import override
from cdo_desktop.ui.common.pdf_preview import PreviewDialog
from cdo_desktop.ui.common.printing import Printed, choose_printer
from cdo_desktop.ui.common.progress import Progress
from cdo_desktop.ui.common.remembered import remember_splitters
from cdo_desktop.ui.common.saving import Saving
from cdo_desktop.ui.registry import forms_batch
from cdo_desktop.ui.registry.forms_batch import Forms, SheetRow
from cdo_desktop.ui.registry.forms_list import WARNED
from cdo_desktop.ui.registry.forms_preview import FormPreview
from cdo_desktop.ui.registry.forms_view import FormsView
from cdo_desktop.ui.registry.services import RegistryServices

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

    from cdo_desktop.services.forms import FormBatch

PDF_PATTERN = "PDF 文件 (*.pdf)"


class FormsDialog(QDialog):
    """Shows the forms of the selected posts or filings, or of all, and sends them to paper or to files."""

    issued = Signal()
    """Forms have been printed or written, so their filings may have become 已发表."""
    anew_wanted = Signal(int)
    """The post whose filing is void and is to be made anew."""

    def __init__(
        self,
        services: RegistryServices,
        ui: UiContext,
        post_ids: Sequence[int] | None,
        parent: QWidget | None = None,
        *,
        filing_ids: Sequence[int] | None = None,
    ) -> None:
        """``post_ids`` None means every post that files; with ``filing_ids`` exactly these filings."""
        super().__init__(parent)
        self.setWindowTitle("打印备案表")
        set_topic(self, "备案表")
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self._services = services
        self._ui = ui
        self._forms: Forms | None = None
        self._printing = False
        self._make_actions()
        self.form_preview = FormPreview(services, ui)
        left = (HelpButton(ui), self.blank_button)
        self.view = FormsView(self.form_preview.widget, self._buttons(), left, self.anew_action)
        self.saving = Saving(self, ui, self.view.result_line, self._show_error)
        self.view.list.current_changed.connect(self._show_current)
        self.view.list.ticks_changed.connect(self._show_state)
        self.view.duplex.toggled.connect(lambda _on: self._show_sides())
        self.view.fill(self)
        remember_splitters(self, ui)
        self._show_state()
        self._compose(lambda: forms_batch.compose(services, post_ids, filing_ids))

    # Building

    def _make_actions(self) -> None:
        def action(
            text: str, triggered: Callable[[], object], icon: str, key: str = "", tip: str = ""
        ) -> QAction:
            made = make_action(text, parent=self, triggered=triggered, icon=icon, shortcut=key, tip=tip)
            self.addAction(made)
            return made

        self.print_action = action("打印(&P)…", self.print_forms, "", shortcuts.PRINT, "勾选的各份一次打印")
        self.one_file_action = action(
            "保存为一个 PDF(&S)…",
            self.save_one_file,
            "file-type-pdf",
            shortcuts.SAVE,
            "按名册顺序放进一个文件",
        )
        self.folder_action = action(
            "每表一个文件(&E)…", self.save_folder, "folder-open", tip="在一个文件夹里，一份表一个 PDF"
        )
        self.anew_action = action("重新办理(&Y)…", self._make_anew, "refresh")
        self.close_action = action("关闭", self.reject, "")
        self.blank_menu = QMenu(self)
        for post in FILED_POSTS:
            self._add_blank(f"{post}备案表", (post,))
        self._add_blank("两种都要", FILED_POSTS)
        self.blank_menu.addSeparator()
        for post in FILED_POSTS:  # a paper of its own: other rows, and nobody to sign for himself
            self._add_blank(f"{post}备案表（离任）", (post,), FilingKind.LEAVE)
        self.blank_button = QPushButton("空白表(&B)")
        self.blank_button.setAccessibleName("空白表")
        self.blank_button.setToolTip("没有填写的表，背面是填表说明")
        self.blank_button.setAutoDefault(False)
        self.blank_button.setMenu(self.blank_menu)

    def _add_blank(self, title: str, posts: Sequence[PostKind], kind: FilingKind | None = None) -> None:
        show = partial(self.show_blank, posts, kind)
        self.blank_menu.addAction(make_action(title, parent=self, triggered=show))

    def _buttons(self) -> tuple[QPushButton, ...]:
        self.print_button = button_for(self.print_action, primary=True)
        others = (self.folder_action, self.one_file_action)
        return (*map(button_for, others), self.print_button, button_for(self.close_action))

    # Composing and showing

    def _compose(self, compose: Callable[[], Forms]) -> None:
        self._ui.tasks.run(
            compose,
            owner=self,
            done=self._composed,
            failed=self._not_composed,
            title="准备备案表",
            cancellable=True,
        )

    def _composed(self, forms: Forms) -> None:
        self._forms = forms
        self.view.show_forms(forms)
        if forms.with_warnings and len(forms.rows) > 1:
            few = self.view.list.chips.isHidden()  # then there is nothing above the list
            where = "清单里的“提示”一栏" if few else f"清单上方“{WARNED}”"
            told = f"有 {forms.with_warnings} 份表有提示，打印前请先看（{where}）。"
            self.view.banner.show_text(NoticeKind.WARNING, told)
        self._show_state()
        if len(forms.batch.sheets) == 1 and self.print_action.isEnabled():
            self.print_button.setFocus()  # one form, as after 更换: Enter prints it
        else:
            self.view.list.tree.setFocus()

    def _not_composed(self, error: AppError) -> None:
        self._show_error(error)
        if isinstance(error, CancelledError):
            self.reject()
        else:
            self.view.empty.set_text("备案表没有准备好", "原因见上方；没有改动任何内容，关闭后可以再试。")

    def _show_current(self, row: SheetRow | None) -> None:
        self.view.show_warnings(row)
        if self._forms is not None and row is not None and row.place is not None:
            form = self._forms.chosen((row.place,))
            self.form_preview.show_form(form, duplex=self.view.duplex.isChecked())
        else:
            self.form_preview.show_nothing()

    def _make_anew(self) -> None:
        row = self.view.list.current_row()
        if row is not None and row.void_post is not None:
            self.reject()
            self.anew_wanted.emit(row.void_post)

    def _show_sides(self) -> None:
        self._show_state()
        self._show_current(self.view.list.current_row())

    def _show_state(self) -> None:
        ticked = len(self.view.list.ticked())
        reason = ""
        if self._forms is None:
            reason = "正在准备备案表"
        elif self._printing:
            reason = "正在打印"
        elif not ticked:
            reason = "没有勾选任何备案表" if self._forms.batch.sheets else "没有可以出的备案表"
        for action in (self.print_action, self.one_file_action, self.folder_action):
            set_available(action, reason)
        self.print_button.setDefault(not reason)
        self.view.show_summary(ticked, known=self._forms is not None)

    def _show_error(self, error: AppError) -> None:
        if isinstance(error, CancelledError):
            self._ui.notices.info(str(error))
        else:
            self.view.banner.show_error(error)

    # Printing

    def chosen(self) -> "FormBatch | None":
        """Return the ticked forms, or None when there are none."""
        ticked = self.view.list.ticked()
        return self._forms.chosen(ticked) if self._forms is not None and ticked else None

    def print_forms(self) -> None:
        """Ask for the printer and print the ticked forms as one job."""
        batch = self.chosen()
        if batch is not None:
            pages, duplex = len(batch.sheets) * self.view.pages_each, self.view.duplex.isChecked()
            printer = choose_printer(self, "备案表", pages, duplex=duplex)
            if printer is not None:
                self.print_on(printer)

    def print_on(self, printer: "QPrinter") -> None:
        """Print the ticked forms on a printer that has been chosen."""
        batch, services, duplex = self.chosen(), self._services, self.view.duplex.isChecked()
        if batch is None or self._printing:
            return
        self._printing = True
        self._show_state()
        self._ui.tasks.run_with_progress(
            lambda progress: forms_batch.print_batch(services, batch, printer, progress, duplex=duplex),
            owner=self,
            title="打印备案表",
            done=lambda printed: self._printed(printed, duplex=duplex),
            failed=self._not_printed,
        )

    def _printed(self, printed: Printed, *, duplex: bool) -> None:
        self._printing = False
        said = printed.told(f"备案表 {len(forms_batch.fronts(printed, duplex=duplex))} 份")
        self._ui.notices.info(said)
        self.view.result_line.show_path(said, printed.file)
        self._show_state()
        self.issued.emit()

    def _not_printed(self, error: AppError) -> None:
        self._printing = False
        self._show_error(error)
        self._show_state()

    # Saving

    def save_one_file(self) -> None:
        """Write the ticked forms into one PDF."""
        batch, services, duplex = self.chosen(), self._services, self.view.duplex.isChecked()
        if batch is None:
            return
        count = len(batch.sheets)
        name = batch.sheets[0].file_name if count == 1 else f"备案表_{count}份_{self._ui.today():%Y%m%d}.pdf"

        def write(target: Path, progress: Progress) -> str:
            pages = forms_batch.write_one_file(services, batch, target, progress, duplex=duplex)
            return f"已保存 {target.name}：备案表 {count} 份，共 {pages} 页"

        self.saving.save(
            "保存备案表",
            lambda: self._ui.files.save_as(self, "保存为一个 PDF", name, PDF_PATTERN),
            write,
            self.issued.emit,
        )

    def save_folder(self) -> None:
        """Write the ticked forms as one PDF each."""
        batch, services = self.chosen(), self._services
        if batch is None:
            return

        def choose() -> Path | None:
            folder = self._ui.files.folder(self, "选择存放备案表的文件夹")
            replaced = forms_batch.existing_files(batch, folder) if folder is not None else 0
            if replaced and not self._ui.notices.ask(
                f"“{folder}”里已有 {replaced} 个同名的备案表，将被这次的替换。", "替换", "取消"
            ):
                return None
            return folder

        def write(folder: Path, progress: Progress) -> str:
            count = forms_batch.write_folder(services, batch, folder, progress)
            return f"已在“{folder.name}”里保存备案表 {count} 份"

        self.saving.save("保存备案表", choose, write, self.issued.emit)

    def show_blank(self, posts: Sequence[PostKind], kind: FilingKind | None = None) -> None:
        """Show empty forms, to be printed or saved from their own window."""
        services = self._services
        what = "、".join([*posts, *([kind.removesuffix("备案")] if kind else [])])
        self._ui.tasks.run(
            lambda: forms_batch.draw_blank(services, posts, kind),
            owner=self,
            done=lambda content: self._open_blank(content, what),
            failed=self._show_error,
            title="准备空白表",
        )

    def _open_blank(self, content: bytes, what: str) -> None:
        preview = PreviewDialog(
            f"空白备案表（{what}）",
            content,
            self._ui,
            file_name=f"空白备案表_{what}.pdf",
            duplex=True,
            parent=self,
        )
        open_dialog(preview)

    @override
    def reject(self) -> None:
        """Esc first empties the search field."""
        if not (self.view.list.search.hasFocus() and self.view.list.clear_search()):
            super().reject()

    @override
    def done(self, result: int) -> None:
        self.form_preview.close()
        super().done(result)
