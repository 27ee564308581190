"""How 打印备案表 looks: the list at the left, the current form at the right, what can be done below."""

from collections.abc import Sequence

from PySide6.QtGui import QAction, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from cdo_desktop.ui.common.empty_state import EmptyState
from cdo_desktop.ui.common.icons import icon
from cdo_desktop.ui.common.notice_bar import NoticeBar
from cdo_desktop.ui.common.pdf_preview import PdfPreview
from cdo_desktop.ui.common.pdf_view import Fit
from cdo_desktop.ui.common.result_line import ResultLine
from cdo_desktop.ui.common.style import ICON_SIZE, LARGE, MEDIUM, SMALL
from cdo_desktop.ui.common.tones import Tone
from cdo_desktop.ui.registry.forms_batch import Forms, SheetRow, pages_each
from cdo_desktop.ui.registry.forms_list import FormsList

_WIDTH, _HEIGHT = 1240, 760
_WIDTH_ALONE = 860


class FormsView:
    """The widgets of the dialog and what they show; what happens is the dialog's."""

    def __init__(
        self, preview: PdfPreview, buttons: Sequence[QPushButton], left: Sequence[QWidget], anew: QAction
    ) -> None:
        self.banner = NoticeBar()
        self.result_line = ResultLine(self.banner.show_error)
        self.list = FormsList()
        self.preview = preview
        self.duplex = QCheckBox("背面印填表说明（双面）")
        self.duplex.setChecked(True)
        self.duplex.setToolTip("每份表另起一张纸，背面是填表说明；不勾选则只印表")
        self.duplex.setAccessibleName("背面印填表说明")
        self.empty = EmptyState("file-text", "正在准备备案表…")
        self.vacant = EmptyState(
            "user-minus", "这个岗位空缺，没有备案表", "任命以后就可以出表；也可以打印空白表。"
        )
        self.void = EmptyState(
            "x", "备案已经作废", "重新办理以后就可以出表，期限按原来的变更日期算。", (anew,)
        )
        self.unprinted = EmptyState("file-text", "")
        self.warnings = QFrame()
        self.warning_text = QLabel()
        self._buttons = tuple(buttons)
        self._left = left
        self._pages = QStackedWidget()
        self._right = QStackedWidget()

    @property
    def pages_each(self) -> int:
        """How many pages one form takes."""
        return pages_each(duplex=self.duplex.isChecked())

    def fill(self, dialog: QDialog) -> None:
        """Lay everything out in the dialog."""
        self._pages.addWidget(self.empty)
        self._pages.addWidget(self._make_splitter())
        bottom = QHBoxLayout()
        bottom.setSpacing(SMALL)
        for widget in self._left:
            bottom.addWidget(widget)
        bottom.addSpacing(SMALL)
        bottom.addWidget(self.duplex)
        bottom.addStretch(1)
        for button in self._buttons:
            bottom.addWidget(button)
        layout = QVBoxLayout(dialog)
        layout.setContentsMargins(LARGE, MEDIUM, LARGE, MEDIUM)
        layout.setSpacing(SMALL)
        layout.addWidget(self.banner)
        layout.addWidget(self._pages, 1)
        layout.addWidget(self.result_line)
        layout.addLayout(bottom)
        room = dialog.screen().availableGeometry()
        dialog.resize(min(_WIDTH, int(room.width() * 0.95)), min(_HEIGHT, int(room.height() * 0.92)))

    def _make_splitter(self) -> QSplitter:
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(SMALL, 0, 0, 0)
        column.setSpacing(SMALL)
        column.addWidget(self._make_warnings())
        column.addWidget(self._right, 1)
        self._right.addWidget(self.preview)
        self._right.addWidget(self.vacant)
        self._right.addWidget(self.void)
        self._right.addWidget(self.unprinted)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setObjectName("forms")
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self.list)
        splitter.addWidget(right)
        splitter.setStretchFactor(0, 0)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([500, 720])
        self.preview.view.set_fit(Fit.WIDTH)
        return splitter

    def _make_warnings(self) -> QFrame:
        self.warnings.setProperty("role", "notice")
        self.warnings.setProperty("kind", "warning")
        picture = QLabel()
        picture.setPixmap(icon("alert-triangle", Tone.WARNING).pixmap(ICON_SIZE, ICON_SIZE))
        picture.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.warning_text.setTextFormat(Qt.TextFormat.PlainText)
        self.warning_text.setWordWrap(True)
        self.warning_text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row = QHBoxLayout(self.warnings)
        row.setContentsMargins(MEDIUM, SMALL, MEDIUM, SMALL)
        row.setSpacing(SMALL)
        row.addWidget(picture)
        row.addWidget(self.warning_text, 1)
        self.warnings.hide()
        return self.warnings

    def show_forms(self, forms: Forms) -> None:
        """Show the list, or why it is empty."""
        if forms.rows:
            self.list.show_rows(forms.rows)
            alone = len(forms.rows) == 1
            self.list.setVisible(not alone)  # one form alone, as after 更换: only the paper
            self._pages.setCurrentIndex(1)
            if alone:
                window = self.preview.window()
                window.resize(min(window.width(), _WIDTH_ALONE), window.height())
        else:
            self.empty.set_text("选中的岗位没有备案表", "只有首席数据官和数据专员要备案。可以打印空白表。")

    def show_warnings(self, row: SheetRow | None) -> None:
        """Show what to look at in the current form, or why there is none."""
        messages: Sequence[str] = row.warnings if row is not None else ()
        if row is None or row.place is not None:
            self._right.setCurrentWidget(self.preview)
        elif row.is_vacant:
            self._right.setCurrentWidget(self.vacant)
        elif row.unprinted:
            self.unprinted.set_text(f"{row.name}的{row.kind}没有出表", f"{row.unprinted}。")
            self._right.setCurrentWidget(self.unprinted)
            messages = ()
        else:
            self.void.set_text(f"{row.name}的备案已经作废，没有备案表", self.void.text.text())
            self._right.setCurrentWidget(self.void)
            messages = ()  # it says so itself
        self.warning_text.setText("\n".join(messages))
        self.warning_text.setAccessibleName("这份表的提示：" + "；".join(messages))
        self.warnings.setVisible(bool(messages))

    def show_summary(self, ticked: int, *, known: bool) -> None:
        """Say what would be printed."""
        if not known:
            self.list.summary.setText("")
        elif not ticked:
            self.list.summary.setText("没有勾选")
        else:
            sides = "双面，" if self.duplex.isChecked() else ""
            self.list.summary.setText(f"已选 {ticked} 份（{sides}{ticked} 张纸）")
