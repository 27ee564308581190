"""What leaves the register as a file: roster workbook, contact list, import template."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.progress import Progress
from cdo_desktop.ui.common.result_line import ResultLine
from cdo_desktop.ui.common.saving import Saving
from cdo_desktop.ui.registry.services import RegistryServices

_EXCEL = "Excel 工作簿 (*.xlsx)"
_PDF = "PDF 文件 (*.pdf)"
_MOST_PROBLEMS = 3  # in the line that tells where the file is


class RegistryExports(QObject):
    """Asks where to, writes off the GUI thread, and tells in a line where the file is."""

    def __init__(self, services: RegistryServices, ui: UiContext, line: ResultLine, parent: QWidget) -> None:
        super().__init__(parent)
        self._saving = Saving(parent, ui, line, ui.notices.error)
        self._services = services
        self._ui = ui
        self._widget = parent
        self.as_of: date | None = None

    def export_roster(self) -> None:
        """Write the roster with masked mobiles."""
        self._roster(full=False)

    def export_full_roster(self) -> None:
        """Write every field in clear, after a word on what it holds."""
        question = "全部字段的名册含未隐去的手机号等个人信息，请只存放在本单位电脑上。"
        if self._ui.notices.ask(question, "导出", "不导出"):
            self._roster(full=True)

    def _roster(self, *, full: bool) -> None:
        kind = "名册（全部字段）" if full else "名册"
        day = self.as_of

        def write(target: Path) -> Sequence[str]:
            self._services.roster_export().write(target, as_of=day, full=full)
            return ()

        self._export(kind, ".xlsx", _EXCEL, write)

    def export_contact_list(self) -> None:
        """Write the contact list for the desk."""
        day = self.as_of

        def write(target: Path) -> Sequence[str]:
            return self._services.roster_export().write_contact_list(target, as_of=day).problems

        self._export("通讯录", ".pdf", _PDF, write)

    def export_template(self) -> None:
        """Write the empty workbook that units fill in."""

        def write(target: Path) -> Sequence[str]:
            self._services.roster_export().write_template(target)
            return ()

        self._export("名册导入模板", ".xlsx", _EXCEL, write)

    def _export(self, what: str, ending: str, pattern: str, write: Callable[[Path], Sequence[str]]) -> None:
        """Ask where to, and write; ``write`` returns what cannot be read in the file as it was entered."""
        day = self.as_of or self._ui.today()
        name = f"{what}{day:%Y%m%d}{ending}"

        def save(target: Path, _progress: Progress) -> str:
            problems = write(target)
            return "\n".join((f"已导出{what}：{target.name}", *_first(problems)))

        self._saving.save(
            f"正在导出{what}",
            lambda: self._ui.files.save_as(self._widget, f"导出{what}", name, pattern),
            save,
        )


def _first(problems: Sequence[str]) -> tuple[str, ...]:
    left = len(problems) - _MOST_PROBLEMS
    more = (f"另有 {left} 行也有打印不出的字，纸上空着的地方就是。",) if left > 0 else ()
    return (*problems[:_MOST_PROBLEMS], *more)
