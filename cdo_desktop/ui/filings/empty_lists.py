"""What each working list says when nothing is in it, and where to go from there."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from cdo_desktop.services.filing_sql import FilingView
from cdo_desktop.ui.common.actions import make_action
from cdo_desktop.ui.common.empty_state import EmptyState

_SAID = {
    FilingView.WAITING: ("没有等待收件的备案", "在名册里任命、更换、登记离任以后，要办的备案会出现在这里。"),
    FilingView.OVERDUE: ("没有逾期未收的备案", "变更备案过了截止日还没有收到的，会出现在这里。"),
    FilingView.TO_NUMBER: ("没有等待编号的备案", "收件以后，等待编号的备案会出现在这里。"),
    FilingView.TO_EXPLAIN: ("没有等待逾期说明的备案", "晚报而没有说明原因的，会出现在这里。"),
    FilingView.TO_ORIGINAL: ("没有等待补原件的备案", "只收到扫描件的，会出现在这里。"),
    FilingView.TO_STORE: ("没有等待入库的备案", "编号以后，等待入库的备案会出现在这里。"),
    FilingView.DONE: ("还没有办结的备案", "编号以后，备案会出现在这里。"),
    FilingView.VOID: ("没有作废的备案", "作废的备案和原因会留在这里，需要时从这里重新办理。"),
    FilingView.ALL: ("还没有备案", "在名册里任命、更换、登记离任以后，备案会自动建立。"),
}
_NEXT = {
    FilingView.WAITING: FilingView.TO_NUMBER,
    FilingView.OVERDUE: FilingView.WAITING,
    FilingView.TO_NUMBER: FilingView.WAITING,
    FilingView.TO_STORE: FilingView.TO_NUMBER,
}


def empty_state(view: FilingView, page: QWidget, show_view: Callable[[str], None]) -> EmptyState:
    """Return what stands in the place of the rows, with a button to the list before or to all filings."""
    title, text = _SAID[view]
    if view is FilingView.ALL:
        return EmptyState("inbox", title, text)
    other = _NEXT.get(view, FilingView.ALL)
    go = make_action(f"看“{other}”", parent=page, triggered=lambda: show_view(other))
    state = EmptyState("inbox", title, text, (go,))
    go.setParent(state)
    return state
