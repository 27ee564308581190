"""催办: copy what to say and whom to call, then log what was said."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtGui import QShowEvent, Qt
from PySide6.QtWidgets import QLabel, QTreeWidgetItem, QWidget

from cdo_desktop.rules.vocabulary import ContactWay
from cdo_desktop.services.contacts import (
    LONGEST_NAME,
    LONGEST_SAID,
    ChaseText,
    ContactDraft,
    ContactRow,
    ContactService,
)
from cdo_desktop.services.filing_list import FilingRow
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.fields import Field, FieldKind, FieldValue
from cdo_desktop.ui.common.form_dialog import FormDialog
from cdo_desktop.ui.common.help import set_topic
from cdo_desktop.ui.common.overriding import override
from cdo_desktop.ui.common.reading_dialog import height_of_rows, record_tree
from cdo_desktop.ui.filings.chase_words import ChaseWords

_ANSWERS = ("已在办理，尽快报送", "今天报送", "明天报送", "等领导签字", "无人接听，再打")
_WIDTH = 820
_EARLIER_ROWS = 4


class ChaseDialog(FormDialog):
    """Opens on 复制催办语; from there the keyboard goes on to what was said."""

    def __init__(
        self,
        service: ContactService,
        rows: Sequence[FilingRow],
        chase: ChaseText,
        earlier: Sequence[ContactRow],
        ui: UiContext,
        parent: QWidget,
    ) -> None:
        self._service = service
        self._ids = [row.filing_id for row in rows]
        first = rows[0]
        self.about = f"{first.unit} {first.post} {first.name}" if len(rows) == 1 else f"{len(rows)} 份备案"
        super().__init__(f"催办：{self.about}", ui, self._log, save_label="记下催办", parent=parent)
        set_topic(self, "催办")
        self.remark = self.add_remark("")
        self.words = ChaseWords(chase)
        self.words.copied.connect(self._copied)
        self.above.addWidget(self.words)
        self.form.add(*_fields(chase))
        one_unit = len({row.unit_id for row in rows}) == 1
        called = chase.phones[0].name if one_unit and chase.phones else ""
        self.form.set_values({"way": ContactWay.PHONE, "answered_by": called})
        if len(rows) == 1:
            self._add_earlier(earlier)
        self.fit_to_fields(_WIDTH)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.words.copy_text.setFocus(Qt.FocusReason.OtherFocusReason)

    def _copied(self, word: str) -> None:
        self._ui.notices.info(f"已复制{word}")
        self.remark.setText(f"已复制{word}")
        self.form.focus_field("said")

    def _log(self, values: dict[str, FieldValue]) -> None:
        promised = values["promised_on"]
        draft = ContactDraft(
            way=ContactWay(str(values["way"])),
            answered_by=str(values["answered_by"]),
            said=str(values["said"]),
            promised_on=promised if isinstance(promised, date) else None,
        )
        self._service.add(self._ids, draft)

    def _add_earlier(self, earlier: Sequence[ContactRow]) -> None:
        head = QLabel(f"以前催办 {len(earlier)} 次" if earlier else "以前没有催办过")
        head.setProperty("role", "heading" if earlier else "muted")
        self.below.addWidget(head)
        if not earlier:
            return
        tree = record_tree(("时间", "方式", "接听人", "答复", "答应报送", "经办人"), 3)
        tree.setAccessibleName("以前的催办")
        for row in earlier:
            promised = row.promised_on.isoformat() if row.promised_on else ""
            when = f"{row.at:%Y-%m-%d %H:%M}"
            tree.addTopLevelItem(
                QTreeWidgetItem([when, row.way, row.answered_by, row.said, promised, row.made_by])
            )
        tree.setFixedHeight(height_of_rows(tree, min(len(earlier), _EARLIER_ROWS)))
        self.below.addWidget(tree)


def _fields(chase: ChaseText) -> tuple[Field, ...]:
    names = tuple(dict.fromkeys(phone.name for phone in chase.phones))
    return (
        Field(
            "way",
            "方式",
            FieldKind.CHOICE,
            required=True,
            choices=tuple(map(str, ContactWay)),
            access_key="W",
        ),
        Field(
            "answered_by",
            "接听人",
            FieldKind.COMPLETER,
            max_length=LONGEST_NAME,
            choices=names,
            access_key="N",
        ),
        Field(
            "said",
            "答复",
            FieldKind.COMPLETER,
            max_length=LONGEST_SAID,
            choices=_ANSWERS,
            wide=True,
            access_key="R",
        ),
        Field("promised_on", "答应报送日期", FieldKind.DATE, access_key="D"),
    )
