"""Reading the history back: which fields an action changed, in the words of the office."""

import json
from collections.abc import Mapping

from cdo_desktop.services.holder_draft import HOLDER_LABELS
from cdo_desktop.services.operators import OPERATOR_LABELS
from cdo_desktop.services.second_names import SECOND_NAME_LABELS
from cdo_desktop.services.unit_draft import UNIT_LABELS

FILING_LABELS = {
    "kind": "备案类型",
    "state": "备案状态",
    "filled_on": "填报日期",
    "change_date": "变更日期",
    "known_on": "知悉日期",
    "due_date": "应备案截止日",
    "change_reason": "变更原因",
    "predecessor_name": "原任姓名",
    "predecessor_title": "原任职务",
    "handover": "工作交接",
    "filler": "填表人",
    "filler_phone": "填表人电话",
    "received_on": "收到日期",
    "late_reason": "逾期说明",
    "number": "备案编号",
    "due_provisional": "截止日暂定",
    "void_reason": "作废原因",
}
ATTACHMENT_LABELS = {"name": "附件"}
_LABELS_OF: dict[str, Mapping[str, str]] = {
    "tenures": {**HOLDER_LABELS, "until": "离任日期", "leave_reason": "离任原因"},
    "filings": FILING_LABELS,
    "operators": OPERATOR_LABELS,
    "attachments": ATTACHMENT_LABELS,
    "units": {
        **UNIT_LABELS,
        "valid_from": "设立日期",
        "valid_to": "撤并日期",
        "reform_paper": "依据",
        "reform_with": "相关单位",
        "reform_note": "说明",
        **{f"second_{name}": label for name, label in SECOND_NAME_LABELS.items()},
    },
}


def change_details(entity: str, before: str, after: str) -> tuple[tuple[str, str, str], ...]:
    """Return label, old and new text of every field that a history row names."""
    old: dict[str, object] = json.loads(before) if before else {}
    new: dict[str, object] = json.loads(after) if after else {}
    return tuple(
        (label, _shown(old.get(key)), _shown(new.get(key)))
        for key, label in _LABELS_OF[entity].items()
        if key in old or key in new
    )


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return "" if value is None else str(value)
