"""The steps of a filing's way through the office, and when each may be taken (office.md §1)."""

from collections.abc import Collection, Mapping
from datetime import date
from enum import StrEnum
from typing import Final

from cdo_desktop.errors import InvalidInputError
from cdo_desktop.rules.filing import FINAL_STATES, OPEN_STATES, RECEIVED_STATES
from cdo_desktop.rules.vocabulary import FilingKind, FilingState


class FilingStep(StrEnum):
    """What an office does with a filing that was handed out."""

    RECEIVE = "收件"
    RETURN = "退回"
    FILE = "备案"
    STORE = "入库"
    VOID = "作废"
    MOVE = "更正存放位置"  # of what is stored: it lies elsewhere
    ANEW = "重新办理"  # another one in the place of a void one


_ALLOWED: Final[Mapping[FilingStep, frozenset[FilingState]]] = {
    FilingStep.RECEIVE: frozenset(FilingState) - {FilingState.VOID},
    FilingStep.RETURN: frozenset(RECEIVED_STATES),
    FilingStep.FILE: frozenset(RECEIVED_STATES),
    FilingStep.STORE: frozenset({FilingState.FILED}),
    FilingStep.VOID: frozenset(FilingState) - {FilingState.VOID},
    FilingStep.MOVE: frozenset({FilingState.STORED}),
    FilingStep.ANEW: frozenset({FilingState.VOID}),
}


def refusal(step: FilingStep, state: FilingState) -> str:
    """Say why a step cannot be taken in a state; "" when it can."""
    if state in _ALLOWED[step]:
        return ""
    if step is FilingStep.ANEW:
        return "没有作废，不用重新办理"
    if state is FilingState.VOID:
        return "已经作废"
    if step is FilingStep.MOVE:
        return "还没有入库，没有存放位置可以更正"
    if state in FINAL_STATES and step is FilingStep.STORE:
        return "已经入库，单独选中再入库可以更正存放位置"
    if state in FINAL_STATES:
        return f"{state}，不能再{step}；确有错误时作废"
    if state in OPEN_STATES or step is FilingStep.STORE:
        return "还没有收到" if step is not FilingStep.STORE else "还没有备案编号"
    return f"{state}，不能{step}"


def print_refusal(state: FilingState) -> str:
    """Say why the form of a filing in a state is not printed; "" when it is."""
    if state is FilingState.VOID:
        return "已经作废，不再出表；重新办理以后另有一份"
    return "已经备案，签过字的表在“附件”里" if state in FINAL_STATES else ""


def meant_step(step: FilingStep, states: Collection[FilingState]) -> FilingStep:
    """Return what is meant by a step for filings of these states: 入库 of what is stored mends its place."""
    all_stored = bool(states) and all(state is FilingState.STORED for state in states)
    return FilingStep.MOVE if step is FilingStep.STORE and all_stored else step


def check_received_day(day: date | None, today: date) -> date:
    """Return the day on which a paper came: it may be entered late, but lies in no future.

    Raises InvalidInputError.
    """
    if day is None:
        raise InvalidInputError("请填写收到日期。", field="received_on")
    if day > today:
        raise InvalidInputError(f"收到日期不能晚于今天 {today.isoformat()}。", field="received_on")
    return day


def early_day(
    step: FilingStep, kind: FilingKind, change: date | None, received: date | None, day: date
) -> str:
    """Point out a day before the change that the paper is about, nearly always a typing error; "" if none is.

    It stops nothing: a unit may send its paper before a change that was decided already.
    """
    days = {
        FilingStep.RECEIVE: (("收到日期", day),),
        FilingStep.FILE: (("收到日期", received), ("备案日期", day)),
    }.get(step, ())
    word = "离任日期" if kind is FilingKind.LEAVE else "变更日期"
    for name, given in days:
        if change is not None and given is not None and given < change:
            return f"{name} {given.isoformat()} 早于{word} {change.isoformat()}，请核对"
    return ""


def check_filed_day(day: date | None, received: date | None, today: date) -> str:
    """Say what is wrong with the day on which a filing is recorded; "" when nothing is."""
    if day is None:
        return "请填写备案日期。"
    if day > today:
        return f"备案日期不能晚于今天 {today.isoformat()}。"
    if received is not None and day < received:
        return f"备案日期早于收到日期 {received.isoformat()}"
    return ""
