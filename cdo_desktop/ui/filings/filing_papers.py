"""What is handed out about the selected filings: 回执, 用印清单, 提醒函 and 工作交接单, each as a PDF."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from cdo_desktop.rules.filing import FINAL_STATES
from cdo_desktop.rules.vocabulary import FilingKind
from cdo_desktop.services.filing_list import FilingRow
from cdo_desktop.ui.common.actions import make_action, set_available
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.progress import Progress
from cdo_desktop.ui.common.result_line import ResultLine
from cdo_desktop.ui.common.saving import Saving
from cdo_desktop.ui.filings.filings_actions import is_missing

if TYPE_CHECKING:
    from cdo_desktop.services.filing_papers import FilingPaperService, Written

_PDF = "PDF 文件 (*.pdf)"
_MOST_PROBLEMS = 5


class FilingPapers(QObject):
    """Asks where to, writes off the GUI thread, and tells in a line where the file is."""

    def __init__(
        self,
        papers: Callable[[], "FilingPaperService"],
        selected: Callable[[], list[int]],
        ui: UiContext,
        line: ResultLine,
        page: QWidget,
    ) -> None:
        super().__init__(page)
        self._papers = papers
        self._selected = selected
        self._ui = ui
        self._page = page
        self._saving = Saving(page, ui, line, ui.notices.error)

        def action(text: str, triggered: Callable[[], object], tip: str) -> QAction:
            return make_action(text, parent=page, triggered=triggered, icon="file-type-pdf", tip=tip)

        self.receipts = action("备案回执(&R)…", self.write_receipts, "选中备案的回执，每份一页")
        self.seal_list = action("用印清单(&S)…", self.write_seal_list, "选中备案的回执要盖章的清单")
        self.reminders = action("提醒函(&L)…", self.write_reminders, "给还没有报送的单位，每个单位一份")
        self.handovers = action("工作交接单(&H)…", self.write_handovers, "变更和离任备案的交接单")
        self.show_available([])

    def menu(self) -> QMenu:
        """Return the menu of the toolbar."""
        menu = QMenu(self._page)
        menu.addActions([self.receipts, self.seal_list, self.reminders, self.handovers])
        return menu

    def show_available(self, rows: Sequence[FilingRow]) -> None:
        """Enable what can be written of at least one of the selected filings."""
        none = "" if rows else "先选中一行"
        final = any(row.state in FINAL_STATES for row in rows)
        for action in (self.receipts, self.seal_list):
            set_available(action, none or ("" if final else "还没有编号，没有回执"))
        missing = any(is_missing(row) for row in rows)
        set_available(self.reminders, none or ("" if missing else "已经收到，不用提醒"))
        change = any(row.kind != FilingKind.FIRST for row in rows)
        set_available(self.handovers, none or ("" if change else "首次备案没有前任，不用交接"))

    def write_receipts(self) -> None:
        """备案回执 of what has its number."""
        ids = self._selected()
        self._export("备案回执", lambda target: self._papers().write_receipts(ids, target))

    def write_seal_list(self) -> None:
        """用印清单 of the same."""
        ids = self._selected()

        def write(target: Path) -> "Written":
            papers = self._papers()
            return papers.write_seal_list(papers.seal_list(ids), target)

        self._export("用印清单", write, "项")

    def write_reminders(self) -> None:
        """提醒函 to whoever has not sent the paper."""
        ids = self._selected()
        self._export("提醒函", lambda target: self._papers().write_reminders(target, ids))

    def write_handovers(self) -> None:
        """工作交接单 of changes and departures."""
        ids = self._selected()
        self._export("工作交接单", lambda target: self._papers().write_handovers(ids, target))

    def _export(self, what: str, write: Callable[[Path], "Written"], counter: str = "份") -> None:
        name = f"{what}{self._ui.today():%Y%m%d}.pdf"
        problems: list[str] = []

        def save(target: Path, _progress: Progress) -> str:
            written = write(target)
            problems[:] = written.problems
            return f"已导出{what}（{written.count} {counter}）：{target.name}"

        def tell() -> None:
            if problems:
                more = f"等 {len(problems)} 处" if len(problems) > _MOST_PROBLEMS else ""
                self._ui.notices.warn(f"已写好，请看一下：{'；'.join(problems[:_MOST_PROBLEMS])}{more}")

        self._saving.save(
            f"正在导出{what}",
            lambda: self._ui.files.save_as(self._page, f"导出{what}", name, _PDF),
            save,
            tell,
        )
