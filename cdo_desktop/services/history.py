"""Reading the history back: what was changed and which of its fields, in the words of the office."""

import json
from collections.abc import Mapping
from typing import Final

from cdo_desktop.services.holder_draft import HOLDER_LABELS
from cdo_desktop.services.office_settings import BODY_LABELS, SETTING_LABELS
from cdo_desktop.services.operators import OPERATOR_LABELS
from cdo_desktop.services.second_names import SECOND_NAME_LABELS
from cdo_desktop.services.unit_draft import UNIT_LABELS

FILING_LABELS = {
    "kind": "备案类型",
    "state": "备案状态",
    "filled_on": "填报日期",
    "change_date": "变更日期",
    "known_on": "知悉日期",
    "told_by": "告知人",
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
    "issued_on": "出表日期",
    "scan_on": "收到扫描件",
    "original_on": "收到原件",
    "returned_on": "退回日期",
    "return_reason": "退回原因",
    "filed_on": "备案日期",
    "filed_by": "备案经办人",
    "stored_on": "入库日期",
    "stored_place": "存放位置",
    "voided_on": "作废日期",
}
PAPER_LABELS = {
    "entry_no": "收文号",
    "form": "形式",
    "way": "方式",
    "copies": "份数",
    "received_on": "收到日期",
    "shows": "内容",
    "returned_on": "退回日期",
    "note": "备注",
}
CONTACT_LABELS = {
    "way": "方式",
    "answered_by": "接听人",
    "said": "对方答复",
    "promised_on": "答应报送日期",
}
ATTACHMENT_LABELS = {"name": "附件"}
_UNIT_LABELS = {
    **UNIT_LABELS,
    "valid_from": "设立日期",
    "valid_to": "撤并日期",
    "reform_paper": "依据",
    "reform_with": "相关单位",
    "reform_note": "说明",
    **{f"second_{name}": label for name, label in SECOND_NAME_LABELS.items()},
}
REDACTED: Final = "redacted"
"""Key of what stands in a line in the place of what was said of an anonymised person."""

ENTITY_WORDS: Final[Mapping[str, str]] = {
    "units": "单位",
    "tenures": "任职",
    "filings": "备案",
    "papers": "收文",
    "contacts": "催办",
    "waiting_scans": "待认扫描件",
    "number_years": "备案编号",
    "persons": "人员",
    "attachments": "附件",
    "operators": "经办人",
    "settings": "办公室设置",
    "receiving_bodies": "备案机关",
    "calendar_years": "放假安排",
    "form_texts": "表格文字",
    "backups": "备份和检查",
    "exports": "导出文件",
}
"""What a line of the history is about, in the order in which a person would look for it."""

_LABELS_OF: Final[Mapping[str, Mapping[str, str]]] = {
    "tenures": {**HOLDER_LABELS, "until": "离任日期", "leave_reason": "离任原因"},
    "persons": HOLDER_LABELS,
    "filings": FILING_LABELS,
    "papers": PAPER_LABELS,
    "contacts": CONTACT_LABELS,
    "waiting_scans": {
        "name": "文件",
        "pages": "页",
        "received_on": "收到日期",
        "reason": "原因",
        "dropped": "移出",
    },
    "number_years": {"first": "起始号"},
    "operators": OPERATOR_LABELS,
    "attachments": ATTACHMENT_LABELS,
    "units": _UNIT_LABELS,
    "settings": SETTING_LABELS,
    "receiving_bodies": BODY_LABELS,
    "calendar_years": {"source": "依据", "off": "放假的日子", "work": "上班的日子"},
    "form_texts": {"file": "文件"},
    "backups": {"kind": "缘由", "file": "文件", "made_at": "备份时间", "problems": "问题数"},
    "exports": {"what": "内容", "file": "文件", "as_of": "截至日期", "count": "条数"},
}
_SHARED_LABELS: Final = {REDACTED: "说明"}
_NOT_SHOWN: Final = {
    "attachments": frozenset({"owner", "owner_id", "sha256", "size"}),
    "filings": frozenset({"number_year", "number_count", "in_place_of"}),
    "papers": frozenset({"filing_id"}),
    "contacts": frozenset({"filing_id"}),
}
"""What the trail keeps for whoever investigates, and says nothing to a clerk."""


def entity_word(entity: str) -> str:
    """Return the office's word for a table; one that a later program knows stays as it is."""
    return ENTITY_WORDS.get(entity, entity)


def change_details(entity: str, before: str, after: str) -> tuple[tuple[str, str, str], ...]:
    """Return label, old and new text of every field that a history row names, in the order of the forms."""
    old: dict[str, object] = json.loads(before) if before else {}
    new: dict[str, object] = json.loads(after) if after else {}
    labels = {**_LABELS_OF.get(entity, {}), **_SHARED_LABELS}
    known = [key for key in labels if key in old or key in new]
    hidden = _NOT_SHOWN.get(entity, frozenset())
    others = [key for key in {**old, **new} if key not in labels and key not in hidden]
    return tuple(
        (labels.get(key, key), _shown(old.get(key)), _shown(new.get(key))) for key in (*known, *others)
    )


def keys_labelled(word: str) -> frozenset[str]:
    """Return the names of all fields whose label has this word in it, to search lines by it."""
    return frozenset(key for labels in _LABELS_OF.values() for key, label in labels.items() if word in label)


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return "" if value is None else str(value)
