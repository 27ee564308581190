"""The yearly lists: 备案登记册, 收文登记册 and 归档文件目录, each as a workbook or a PDF."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from cdo_desktop.rules.vocabulary import Retention
from cdo_desktop.ui.common.actions import make_action
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.fields import Field, FieldKind, FieldValue
from cdo_desktop.ui.common.open_dialog import open_dialog
from cdo_desktop.ui.common.progress import Progress
from cdo_desktop.ui.common.result_line import ResultLine
from cdo_desktop.ui.common.saving import Saving
from cdo_desktop.ui.filings.choice_dialog import ChoiceDialog
from cdo_desktop.ui.filings.paper_output import PaperOutput

if TYPE_CHECKING:
    from cdo_desktop.documents.ledgers import Ledger
    from cdo_desktop.services.filing_papers import FilingPaperService, Written

_KINDS = {"Excel 工作簿": ("Excel 工作簿 (*.xlsx)", ".xlsx"), "PDF": ("PDF 文件 (*.pdf)", ".pdf")}
FILINGS, PAPERS, ARCHIVE = "备案登记册", "收文登记册", "归档文件目录"


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
        self._output = PaperOutput(ui, page)

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
            action(PAPERS, "I", "一年里收到的每一件"),
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
        words = tuple(map(str, years))
        fields = [_choice("year", "年份", words, "Y"), _choice("kind", "文件", tuple(_KINDS), "K")]
        values: dict[str, FieldValue] = {"year": words[0], "kind": next(iter(_KINDS))}
        if what == ARCHIVE:
            fields.append(_choice("retention", "保管期限", tuple(map(str, Retention)), "T"))
            values["retention"] = Retention.THIRTY_YEARS
        dialog = ChoiceDialog(
            f"导出{what}", fields, values, self._ui, label="下一步", topic="收文和登记册", parent=self._page
        )
        dialog.saved.connect(lambda chosen: self._write(what, chosen))
        open_dialog(dialog)

    def _write(self, what: str, chosen: dict[str, FieldValue]) -> None:
        """Show a PDF before it is printed or saved; ask where a workbook goes."""
        year = int(str(chosen["year"]))
        pattern, suffix = _KINDS[str(chosen["kind"])]
        name = f"{year}年{what}{suffix}"

        def write(target: Path) -> "Written":
            papers = self._papers()
            return papers.write_list(_ledger(papers, what, year, chosen), target)

        if suffix == ".pdf":
            self._output.preview(f"{year}年{what}", write, name=name)
            return

        def save(target: Path, _progress: Progress) -> str:
            return f"已导出 {year} 年{what}（{write(target).count} 条）：{target.name}"

        self._saving.save(
            f"正在导出{what}",
            lambda: self._ui.files.save_as(self._page, f"导出{what}", name, pattern),
            save,
        )


def _choice(key: str, label: str, choices: tuple[str, ...], access_key: str) -> Field:
    return Field(key, label, FieldKind.CHOICE, required=True, choices=choices, access_key=access_key)


def _ledger(papers: "FilingPaperService", what: str, year: int, chosen: dict[str, FieldValue]) -> "Ledger":
    if what == FILINGS:
        return papers.filing_ledger(year)
    if what == PAPERS:
        return papers.incoming_register(year)
    return papers.archive_catalog(year, Retention(str(chosen["retention"])))
