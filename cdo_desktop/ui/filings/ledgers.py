"""The yearly lists: 备案登记册, 收文登记册 and 归档文件目录, each as a workbook or a PDF."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from cdo_desktop.ui.common.actions import make_action
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.fields import Field, FieldKind, FieldValue
from cdo_desktop.ui.common.form_dialog import FormDialog
from cdo_desktop.ui.common.help import set_topic
from cdo_desktop.ui.common.open_dialog import open_dialog
from cdo_desktop.ui.common.progress import Progress
from cdo_desktop.ui.common.result_line import ResultLine
from cdo_desktop.ui.common.saving import Saving

if TYPE_CHECKING:
    from cdo_desktop.documents.ledgers import Ledger
    from cdo_desktop.services.filing_papers import FilingPaperService

_KINDS = {"Excel 工作簿": ("Excel 工作簿 (*.xlsx)", ".xlsx"), "PDF": ("PDF 文件 (*.pdf)", ".pdf")}
_RETENTIONS = ("10年", "30年", "永久")
FILINGS, PAPERS, ARCHIVE = "备案登记册", "收文登记册", "归档文件目录"
_USUAL = "30年"


class Ledgers(QObject):
    """Asks for the year and the kind of file, writes off the GUI thread, and tells where the file is."""

    def __init__(
        self,
        papers: Callable[[], "FilingPaperService"],
        ui: UiContext,
        line: ResultLine,
        page: QWidget,
    ) -> None:
        super().__init__(page)
        self._papers = papers
        self._ui = ui
        self._page = page
        self._saving = Saving(page, ui, line, ui.notices.error)

        def action(what: str, key: str, tip: str) -> QAction:
            return make_action(
                f"{what}(&{key})…",
                parent=page,
                triggered=lambda: self.ask(what),
                icon="file-export",
                tip=tip,
            )

        self.actions = (
            action(FILINGS, "B", "一年里编过号的备案，作废的也列出"),
            action(PAPERS, "S", "一年里收到的每一件"),
            action(ARCHIVE, "D", "一年里备案的表，按归档文件目录的格式"),
        )

    def ask(self, what: str) -> None:
        """Ask which year."""
        self._ui.when_ready(self._page, lambda: self._look(what))

    def _look(self, what: str) -> None:
        self._ui.tasks.run(
            lambda: self._papers().years(),
            owner=self,
            done=lambda years: self._ask(what, years),
            failed=self._ui.notices.error,
        )

    def _ask(self, what: str, years: tuple[int, ...]) -> None:
        dialog = FormDialog(f"导出{what}", self._ui, dict, save_label="导出…", parent=self._page)
        set_topic(dialog, "收文和登记册")
        words = tuple(map(str, years))
        dialog.form.add(
            Field("year", "年份", FieldKind.CHOICE, required=True, choices=words, access_key="Y"),
            Field("kind", "文件", FieldKind.CHOICE, required=True, choices=tuple(_KINDS), access_key="K"),
        )
        values: dict[str, FieldValue] = {"year": words[0], "kind": next(iter(_KINDS))}
        if what == ARCHIVE:
            dialog.form.add(
                Field(
                    "retention",
                    "保管期限",
                    FieldKind.CHOICE,
                    required=True,
                    choices=_RETENTIONS,
                    access_key="T",
                )
            )
            values["retention"] = _USUAL
        dialog.form.set_values(values)
        dialog.fit()
        dialog.saved.connect(lambda chosen: self._write(what, chosen))
        open_dialog(dialog)

    def _write(self, what: str, chosen: dict[str, FieldValue]) -> None:
        year = int(str(chosen["year"]))
        pattern, suffix = _KINDS[str(chosen["kind"])]
        problems: list[str] = []

        def save(target: Path, _progress: Progress) -> str:
            papers = self._papers()
            written = papers.write_list(_ledger(papers, what, year, chosen), target)
            problems[:] = written.problems
            return f"已导出 {year} 年{what}（{written.count} 条）：{target.name}"

        def tell() -> None:
            if problems:
                self._ui.notices.warn(f"已写好，请看一下：{'；'.join(problems)}")

        self._saving.save(
            f"正在导出{what}",
            lambda: self._ui.files.save_as(self._page, f"导出{what}", f"{year}年{what}{suffix}", pattern),
            save,
            tell,
        )


def _ledger(papers: "FilingPaperService", what: str, year: int, chosen: dict[str, FieldValue]) -> "Ledger":
    if what == FILINGS:
        return papers.filing_ledger(year)
    if what == PAPERS:
        return papers.incoming_register(year)
    return papers.archive_catalog(year, str(chosen["retention"]))
