"""Which changes need a new filing, and what the register shows of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cdo_desktop.rules.text import clean_text, is_none_word, narrow
from cdo_desktop.rules.vocabulary import ChangeReason, FilingKind, FilingState, PaperForm
from cdo_desktop.rules.working_days import WorkingCalendar


class RegisterState(StrEnum):
    """State of a post as the register shows it."""

    VACANT = "空缺"
    OVERDUE = "逾期"
    RUNNING = "待备案"
    RECEIVED = "已收件"
    FILED = "已备案"
    EXEMPT = "不需备案"  # the district's own posts have no 备案表


class Lamp(StrEnum):
    """How a filing stands in its limit; the value is the word that stands with its colour."""

    NONE = ""  # no limit, or the paper is there
    RUNNING = "待备案"
    LAST_DAY = "今天到期"  # yellow
    OVERDUE = "逾期"  # red


class CountedReceipt(StrEnum):
    """Which receipt decides whether a filing came in time (office.md §1, paper's way)."""

    EARLIER = "先收到的一件"
    SCAN = "扫描件"
    ORIGINAL = "原件"


class Coming(StrEnum):
    """What a unit is told lies ahead of it; the value is the key of the papers' words."""

    NOTHING = ""  # the day has come, or is not known
    LEAVE = "coming_leave"
    CHANGE = "coming"
    APPOINTMENT = "coming_appointment"  # without a limit: the form is asked for on the day


FINAL_STATES = (FilingState.FILED, FilingState.STORED)
OPEN_STATES = (FilingState.DRAFT, FilingState.ISSUED, FilingState.RETURNED)  # nothing is here that counts
RECORDED_STATES = tuple(state for state in FilingState if state is not FilingState.VOID)
RECEIVED_STATES = (FilingState.SCANNED, FilingState.RECEIVED)
UNDERWAY_STATES = (*OPEN_STATES, *RECEIVED_STATES)

# 职务 or phone alone does not need a new filing (design.md §7, office.md 信息更新).
APPOINTMENT_KINDS = (FilingKind.FIRST, FilingKind.CHANGE)


def appointment_kind(had_holder: bool) -> FilingKind:
    """Return 变更备案 when somebody held the post before, else 首次备案 (policy 二（三）)."""
    return FilingKind.CHANGE if had_holder else FilingKind.FIRST


def is_limited(kind: FilingKind) -> bool:
    """Only a 变更备案 has the limit of three working days (policy 二（三）; design.md §7)."""
    return kind is FilingKind.CHANGE


def coming(kind: str, change_date: date | None, due: date | None, day: date) -> Coming:
    """Return what of a filing is still to come on a day."""
    if change_date is None or change_date <= day:
        return Coming.NOTHING
    if kind == FilingKind.LEAVE:
        return Coming.LEAVE
    return Coming.CHANGE if due else Coming.APPOINTMENT


def counted_receipt(rule: CountedReceipt, scan: date | None, original: date | None) -> date | None:
    """Return the day on which a filing counts as received; None while what counts has not come.

    Where the scan counts and none was sent, the original does: it cannot be less than its picture.
    """
    if rule is CountedReceipt.ORIGINAL:
        return original
    if rule is CountedReceipt.SCAN:
        return scan or original
    return min((day for day in (scan, original) if day is not None), default=None)


def days_by_form(state: FilingState | None, received: date | None) -> dict[str, date | None]:
    """Return scan_on and original_on of what an office booked in elsewhere: the state says what it was."""
    return {
        "scan_on": received if state is FilingState.SCANNED else None,
        "original_on": received if state is FilingState.RECEIVED else None,
    }


def state_after_receipt(state: FilingState, form: PaperForm) -> FilingState:
    """Return the state of a filing when one more of its papers has come; the original says more."""
    if state in FINAL_STATES or state is FilingState.VOID:
        return state
    if form is PaperForm.ORIGINAL:
        return FilingState.RECEIVED
    return state if state is FilingState.RECEIVED else FilingState.SCANNED


def lamp_of(
    state: FilingState, due: date | None, received: date | None, day: date, *, half_received: bool = False
) -> Lamp:
    """Tell how a filing stands on a day: only what has not come back yet lights a lamp.

    ``half_received``: a paper came, but not the one that counts. Source: policy 二（三）, three working days;
    the day of the limit itself is in time (民法典 203).
    """
    is_waiting = state in OPEN_STATES or (half_received and state in RECEIVED_STATES)
    if due is None or received is not None or not is_waiting:
        return Lamp.NONE
    if day > due:
        return Lamp.OVERDUE
    return Lamp.LAST_DAY if day == due else Lamp.RUNNING


@dataclass(frozen=True)
class Lateness:
    """Whether a paper is late, and by how many working days; none when only days off lie between."""

    is_late: bool = False
    days: int = 0

    @property
    def words(self) -> str:
        """Say by how much; put after 逾期 or 晚到."""
        return f" {self.days} 个工作日" if self.days else "不足一个工作日"


def lateness(due: date | None, came: date | None, calendar: WorkingCalendar) -> Lateness:
    """Compare the last day of a limit with the day on which a paper came, or is still missing."""
    if due is None or came is None or came <= due:
        return Lateness()
    return Lateness(is_late=True, days=calendar.late_days(due, came))


_MEANT = {
    "职务变动": ChangeReason.TRANSFER,
    "职务变更": ChangeReason.TRANSFER,
    "到龄退休": ChangeReason.RETIREMENT,
    "已退休": ChangeReason.RETIREMENT,
    "调出": ChangeReason.LEFT,
    "调离本单位": ChangeReason.LEFT,
    "其它": ChangeReason.OTHER,
}


def change_reason(typed: object) -> str:
    """Return a 变更原因 in the form's own word where one means the same, else as it was typed."""
    text = clean_text(typed)
    if is_none_word(narrow(text)) or text == "不适用":
        return ""
    return _MEANT.get(text, text)


def overlaps(since: date, until: date | None, others: Iterable[tuple[date, date | None]]) -> bool:
    """Tell whether [since, until) shares a day with one of the other periods; None is open."""
    return any(
        other_since < (until or date.max) and since < (other_until or date.max)
        for other_since, other_until in others
    )
