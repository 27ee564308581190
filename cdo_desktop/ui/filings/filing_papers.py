"""What is handed out: 回执, 用印清单, 提醒函, 工作交接单 and 空表, each seen before it leaves."""

from collections.abc import Callable, Sequence
from datetime import date
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
from cdo_desktop.ui.common.fields import Field, FieldKind, FieldValue
from cdo_desktop.ui.common.open_dialog import open_dialog
from cdo_desktop.ui.filings.choice_dialog import ChoiceDialog
from cdo_desktop.ui.filings.filings_actions import is_missing
from cdo_desktop.ui.filings.paper_output import TOPIC, PaperOutput
from cdo_desktop.ui.filings.services import FilingsServices

if TYPE_CHECKING:
    from cdo_desktop.services.filing_papers import Written

_COPIES = tuple(map(str, range(1, 10)))
_USUAL_COPIES = "2"


class FilingPapers(QObject):
    """Asks what has to be chosen, draws off the GUI thread, and shows the paper."""

    def __init__(
        self, services: FilingsServices, selected: Callable[[], list[int]], ui: UiContext, page: QWidget
    ) -> None:
        super().__init__(page)
        self._services = services
        self._papers = services.papers
        self._selected = selected
        self._ui = ui
        self._page = page
        self._output = PaperOutput(ui, page)

        def action(text: str, triggered: Callable[[], object], tip: str) -> QAction:
            return make_action(text, parent=page, triggered=triggered, icon="file-type-pdf", tip=tip)

        self.receipts = action("备案回执(&R)…", self.write_receipts, "选中备案的回执，每份一页")
        self.seal_list = action("用印清单(&S)…", self.write_seal_list, "选中备案的回执要盖章的清单")
        self.reminders = action(
            "选中的提醒函(&L)…", self.write_reminders, "给选中的还没有报送的单位，每个单位一份"
        )
        self.all_reminders = action(
            "全部逾期的提醒函(&O)…", self.write_all_reminders, "给逾期没有报送的所有单位，每个单位一份"
        )
        self.handovers = action("工作交接单(&H)…", self.write_handovers, "变更和离任备案的交接单")
        self.blanks = action("空表(&K)…", self.write_blanks, "两种岗位、各种备案类型的空白表，供单位手写")
        self.show_available([])

    def menu(self, yearly: Sequence[QAction]) -> QMenu:
        """Return the menu of the toolbar; ``yearly`` are the lists of a year."""
        menu = QMenu(self._page)
        menu.addActions([self.receipts, self.seal_list])
        menu.addSeparator()
        menu.addActions([self.reminders, self.all_reminders])
        menu.addSeparator()
        menu.addActions([self.handovers, self.blanks])
        menu.addSeparator()
        menu.addActions(list(yearly))
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

    def write_receipts(self, ids: Sequence[int] | None = None) -> None:
        """备案回执 of what has its number, of the selected filings or of some that are known."""
        wanted = self._selected() if ids is None else list(ids)
        self._output.preview("备案回执", lambda target: self._papers().write_receipts(wanted, target))

    def write_seal_list(self, ids: Sequence[int] | None = None) -> None:
        """用印清单 of the same; each is sealed as many times as is asked for."""
        wanted = self._selected() if ids is None else list(ids)

        def write(values: dict[str, FieldValue], target: Path) -> "Written":
            papers = self._papers()
            return papers.write_seal_list(papers.seal_list(wanted, int(str(values["copies"]))), target)

        copies = Field(
            "copies",
            "每份回执盖章",
            FieldKind.CHOICE,
            required=True,
            choices=_COPIES,
            unit="份",
            access_key="N",
        )
        self._ask("用印清单", (copies,), {"copies": _USUAL_COPIES}, write)

    def write_reminders(self) -> None:
        """提醒函 to the selected ones who have not sent the paper."""
        self._remind(self._selected())

    def write_all_reminders(self) -> None:
        """提醒函 to everybody whose paper is overdue."""
        self._remind(None)

    def _remind(self, ids: list[int] | None) -> None:
        def write(values: dict[str, FieldValue], target: Path) -> "Written":
            by = values["reply_by"]
            return self._papers().write_reminders(
                target, ids, reply_by=by if isinstance(by, date) else None, duplex=bool(values["duplex"])
            )

        fields = (
            Field(
                "reply_by",
                "答复期限",
                FieldKind.DATE,
                help="不填则函里不写答复期限",
                access_key="D",
            ),
            Field("duplex", "双面打印", FieldKind.CHECK, placeholder="每个单位另起一张纸", access_key="U"),
        )
        self._ask("提醒函", fields, {"reply_by": None, "duplex": False}, write)

    def write_handovers(self) -> None:
        """工作交接单 of changes and departures."""
        ids = self._selected()
        self._output.preview("工作交接单", lambda target: self._papers().write_handovers(ids, target))

    def write_blanks(self) -> None:
        """空表 of both posts and every kind, with the 填表说明 overleaf."""

        def write(target: Path) -> "Written":
            from cdo_desktop.services.filing_papers import Written

            return Written(self._services.forms().write_blanks(target), ())

        self._output.preview("空白备案表", write, duplex=True)

    def _ask(
        self,
        what: str,
        fields: Sequence[Field],
        values: dict[str, FieldValue],
        write: Callable[[dict[str, FieldValue], Path], "Written"],
    ) -> None:
        dialog = ChoiceDialog(what, fields, values, self._ui, label="预览", topic=TOPIC, parent=self._page)

        def show(chosen: dict[str, FieldValue]) -> None:
            self._output.preview(
                what, lambda target: write(chosen, target), duplex=bool(chosen.get("duplex"))
            )

        dialog.saved.connect(show)
        open_dialog(dialog)
