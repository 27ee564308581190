"""The current line of an import preview in full, with the decisions it asks for."""

from collections.abc import Sequence
from html import escape
from itertools import pairwise

from PySide6.QtGui import QAction, QPalette, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QTextBrowser, QVBoxLayout, QWidget

from cdo_desktop.services.roster_plan import FieldChange, LineKind
from cdo_desktop.ui.common.actions import plain_text
from cdo_desktop.ui.common.style import MEDIUM, SMALL, provide_glyphs
from cdo_desktop.ui.common.tones import Tone, tone_name
from cdo_desktop.ui.registry.import_rows import EMPTY, ImportRow, kind_text, problem_text, unit_text


class DetailPanel(QFrame):
    """Every change before → after, every problem with its cell, and buttons for what can be decided."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.heading = QLabel()
        self.heading.setTextFormat(Qt.TextFormat.PlainText)
        self.heading.setProperty("role", "heading")
        self.text = QTextBrowser()
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.setOpenLinks(False)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName("当前行的变化和问题")
        self.text.viewport().setAutoFillBackground(False)  # the panel's own ground
        self.text.document().setDocumentMargin(0)
        self.buttons: list[QPushButton] = []
        self._button_row = QHBoxLayout()
        self._button_row.setSpacing(SMALL)
        top = QHBoxLayout()
        top.addWidget(self.heading, 1)
        top.addLayout(self._button_row)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MEDIUM, SMALL, MEDIUM, SMALL)
        layout.setSpacing(SMALL)
        layout.addLayout(top)
        layout.addWidget(self.text, 1)

    def show_row(self, row: ImportRow | None, decided: Sequence[str], selected: int) -> None:
        """Show a row and what was decided about it; ``selected`` is how many rows the buttons act on."""
        if row is None:
            self.heading.setText("选中一行，在这里看它的变化和问题")
            self.text.clear()
            return
        self.heading.setText(_heading(row, selected))
        shown = detail_html(row, decided, self.palette())
        provide_glyphs(shown)
        self.text.setHtml(shown)

    def show_actions(self, actions: Sequence[QAction]) -> None:
        """Offer these decisions; the first is the likely one."""
        for button in self.buttons:
            self._button_row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.buttons = [self._button(action) for action in actions]
        for before, after in pairwise((self.text, *self.buttons)):
            QWidget.setTabOrder(before, after)  # new widgets would come last of the window

    def _button(self, action: QAction) -> QPushButton:
        button = QPushButton(action.text())
        button.setAccessibleName(plain_text(action.text()))
        button.setToolTip(action.toolTip())
        button.setAutoDefault(False)
        button.clicked.connect(lambda _checked=False: action.trigger())
        self._button_row.addWidget(button)
        return button


def _heading(row: ImportRow, selected: int) -> str:
    more = f"（共选中 {selected} 行）" if selected > 1 else ""
    if row.line is None:
        return f"{row.place}　关于整张表{more}"
    who = "　".join(filter(None, (unit_text(row), row.line.post, row.line.name)))
    return f"第 {row.place} 行　{who}　{kind_text(row)}{more}"


def detail_html(row: ImportRow, decided: Sequence[str], palette: QPalette) -> str:
    """Return decisions, problems and changes of a row as rich text in the colours of a palette."""
    tones = {tone: tone_name(tone, palette) for tone in (Tone.DANGER, Tone.WARNING, Tone.MUTED, Tone.ACCENT)}
    lines = [f'<p style="color:{tones[Tone.ACCENT]}">{escape(text)}。</p>' for text in decided]
    for problem in sorted(row.problems, key=lambda problem: not problem.blocking):
        word, tone = _word(row, blocking=problem.blocking)
        head = f'<b style="color:{tones[tone]}">{word}</b>'
        column = f"（{problem.field}）" if problem.field else ""
        place, _, message = problem_text(problem).partition("：")
        lines.append(f"<p>{head}　{escape(place + column)}　{escape(message)}</p>")
    changes = row.line.changes if row.line else ()
    if changes:
        lines.append(_changes_table(changes, tones[Tone.MUTED]))
    if not lines:
        lines.append(f'<p style="color:{tones[Tone.MUTED]}">{_nothing_to_say(row)}</p>')
    return f"<style>p {{ margin: 0 0 4px 0; }}</style>{''.join(lines)}"


def _word(row: ImportRow, *, blocking: bool) -> tuple[str, Tone]:
    if not blocking:
        return "提示", Tone.WARNING
    return ("待确认", Tone.WARNING) if row.is_pending else ("问题", Tone.DANGER)


def _changes_table(changes: Sequence[FieldChange], muted: str) -> str:
    cells = "".join(
        f'<tr><td style="color:{muted}">{escape(change.label)}</td>'
        f"<td>{escape(change.before or EMPTY)}</td><td>→</td>"
        f"<td><b>{escape(change.after or EMPTY)}</b></td></tr>"
        for change in changes
    )
    head = f'<tr style="color:{muted}"><td></td><td>名册中</td><td></td><td>表中</td></tr>'
    return f"<style>td {{ padding: 1px 14px 1px 0; }}</style><table cellspacing=0>{head}{cells}</table>"


def _nothing_to_say(row: ImportRow) -> str:
    if row.kind is LineKind.SAME:
        return "与名册完全相同，导入后不变。"
    return "按表中内容新增，没有问题和提示。"
