"""经办人: who may work with this data, and what each is recognised by (decision 011)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cdo_desktop.errors import ConflictError, InvalidInputError, NotFoundError, StorageError
from cdo_desktop.models import Operator
from cdo_desktop.rules.pins import check_pin, clean_pin
from cdo_desktop.rules.text import clean_name
from cdo_desktop.services.journal import AUTOMATIC, NOBODY, Journal, Values
from cdo_desktop.services.pin_hash import hash_pin
from cdo_desktop.services.pin_trials import PinError, Trial, look_at_pin, time_locked, try_pin
from cdo_desktop.services.versions import refuse_stale
from cdo_desktop.store import Database

NAME_LENGTH: Final = 20
MAINTENANCE_ACTOR: Final = "命令行维护"
"""Named in the history by `OperatorService.reset`, which nobody signs in for."""
OPERATOR_LABELS: Final = {
    "name": "姓名",
    "pin": "PIN",
    "state": "状态",
    "failures": "连续输错次数",
    "locked_until": "锁定至",
}
_SET, _NOT_SET = "已设置", "未设置"
_ACTIVE, _DISABLED = "在用", "停用"
_PATIENCE: Final = 20.0  # seconds that signing in waits for the check at start to end


@dataclass(frozen=True)
class OperatorRow:
    """One operator; ``locked_until`` only while they wait."""

    operator_id: int
    name: str
    has_pin: bool
    is_active: bool
    locked_until: datetime | None
    version: int


@dataclass(frozen=True)
class SignedIn:
    """Who works from now on. ``failures``: wrong PINs before; ``unrecorded``: why the history lacks it."""

    operator_id: int
    name: str
    failures: int
    unrecorded: str = ""


class OperatorService:
    """Signs operators in and keeps their list; whoever is disabled stays, for the history names them."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    @property
    def signed_in_id(self) -> int | None:
        """Who works now."""
        return self._journal.operator_id

    def rows(self) -> tuple[OperatorRow, ...]:
        """Return all operators, those in use first, each in the order they came."""
        now = self._journal.clock()
        query = select(Operator).order_by(Operator.is_active.desc(), Operator.id)
        with self._database.read() as session:
            return tuple(_as_row(operator, now) for operator in session.scalars(query))

    def get(self, operator_id: int) -> OperatorRow:
        """Return one operator as they are now. Raises NotFoundError."""
        with self._database.read() as session:
            return _as_row(_find(session, operator_id), self._journal.clock())

    # Signing in

    def sign_in(self, operator_id: int, pin: str = "") -> SignedIn:
        """Check the PIN and name this operator in the history from now on.

        Raises PinError when it is wrong or they are locked, InvalidInputError when they are disabled. A
        database that cannot be written can still be looked at: then nothing is counted nor recorded.
        """
        self._database.gate.wait(_PATIENCE)
        unrecorded = ""
        try:
            operator, trial = self._sign_in_and_record(operator_id, pin)
        except StorageError as error:
            operator, trial = self._sign_in_reading(operator_id, pin)
            unrecorded = str(error)
        if trial.refused is not None:
            raise trial.refused
        self._journal.act_as(operator.operator_id, operator.name)
        return SignedIn(operator.operator_id, operator.name, trial.failures, unrecorded)

    def _sign_in_and_record(self, operator_id: int, pin: str) -> tuple[OperatorRow, Trial]:
        with self._database.write() as session:
            operator = _find_active(session, operator_id)
            trial = try_pin(session, operator, pin, Journal(self._journal.clock, operator.name, operator.id))
            if trial.refused is None:
                self._journal.act_as(operator.id, operator.name)
                self._record(session, "登录", operator, {}, {"name": operator.name})
            return _as_row(operator, self._journal.clock()), trial

    def _sign_in_reading(self, operator_id: int, pin: str) -> tuple[OperatorRow, Trial]:
        now = self._journal.clock()
        with self._database.read() as session:
            operator = _find_active(session, operator_id)
            return _as_row(operator, now), look_at_pin(operator, pin, now)

    # The list

    def add(self, name: str, pin: str = "") -> int:
        """Add an operator, with or without a PIN, and return their id."""
        name = _check_name(name)
        pin_hash = hash_pin(_check_new_pin(pin)) if clean_pin(pin) else ""
        with self._database.write() as session:
            _refuse_taken(session, name, None)
            operator = Operator(name=name, pin_hash=pin_hash)
            session.add(operator)
            session.flush()
            told = {"name": name, "pin": _pin_word(operator), "state": _ACTIVE}
            self._record(session, "新增经办人", operator, {}, told)
            return operator.id

    def rename(self, opened: OperatorRow, name: str) -> None:
        """Give an operator another name; earlier rows of the history keep the old one."""
        name = _check_name(name)
        with self._database.write() as session:
            operator = _find_unchanged(session, opened, name)
            if operator.name == name:
                return
            _refuse_taken(session, name, operator.id)
            before, operator.name = operator.name, name
            operator.version += 1
            self._record(session, "经办人改名", operator, {"name": before}, {"name": name})
        if opened.operator_id == self._journal.operator_id:
            self._journal.act_as(opened.operator_id, name)

    def set_pin(self, opened: OperatorRow, pin: str, proof: str = "") -> None:
        """Give an operator a PIN, or another one, and end their lock.

        ``proof`` is the present PIN of whoever is signed in, who may be the same one. Without a PIN of their
        own nobody sets another's. Raises PinError, InvalidInputError or ConflictError.
        """
        pin_hash = hash_pin(_check_new_pin(pin))
        self._change_pin(opened, pin_hash, proof)

    def clear_pin(self, opened: OperatorRow, proof: str) -> None:
        """Let an operator be chosen without a PIN; ``proof`` and errors as for `set_pin`."""
        self._change_pin(opened, "", proof)

    def _change_pin(self, opened: OperatorRow, pin_hash: str, proof: str) -> None:
        with self._database.write() as session:
            operator = _find_unchanged(session, opened)
            refused = self._prove(session, operator, proof)
            if refused is None:
                own = operator.id == self._journal.operator_id
                action = "清除 PIN" if not pin_hash else "修改 PIN" if own else "重设 PIN"
                self._put_pin(session, operator, pin_hash, action)
        if refused is not None:
            raise refused

    def _prove(self, session: Session, other: Operator, proof: str) -> PinError | None:
        """Ask whoever is signed in for their own PIN; a wrong one counts as it does at the start."""
        if self._journal.operator_id is None:
            raise StorageError(NOBODY)
        own = _find(session, self._journal.operator_id)
        if not own.pin_hash:
            if own.id != other.id:
                raise InvalidInputError("您自己还没有 PIN，不能改别人的 PIN。请先给自己设置 PIN，再来重设。")
            return None
        if not clean_pin(proof):
            raise PinError("请输入您现在的 PIN，确认是您本人。")
        return try_pin(session, own, proof, self._journal).refused

    def _put_pin(self, session: Session, operator: Operator, pin_hash: str, action: str) -> None:
        before = _pin_word(operator)
        operator.pin_hash, operator.failures, operator.locked_until = pin_hash, 0, None
        operator.version += 1
        after = _pin_word(operator)
        self._record(session, action, operator, {"pin": before} if before != after else {}, {"pin": after})

    def disable(self, opened: OperatorRow) -> None:
        """Keep an operator from being chosen; never oneself, and never the last one."""
        with self._database.write() as session:
            operator = _find_unchanged(session, opened)
            if operator.id == self._journal.operator_id:
                raise InvalidInputError("不能停用您自己。请由另一位经办人登录后停用。")
            others = select(func.count()).where(Operator.is_active, Operator.id != operator.id)
            if not session.scalar(others):
                raise InvalidInputError(f"“{operator.name}”是最后一位在用的经办人，不能停用。请先新增一位。")
            self._set_active(session, operator, active=False)

    def enable(self, opened: OperatorRow) -> None:
        """Let an operator be chosen again."""
        with self._database.write() as session:
            self._set_active(session, _find_unchanged(session, opened), active=True)

    def _set_active(self, session: Session, operator: Operator, *, active: bool) -> None:
        if operator.is_active == active:
            return
        before = _state_word(operator)
        operator.is_active = active
        operator.version += 1
        action = "启用经办人" if active else "停用经办人"
        self._record(session, action, operator, {"state": before}, {"state": _state_word(operator)})

    def reset(self, name: str) -> None:
        """Take a forgotten PIN away, for whoever may write into the data folder; the history shows that.

        Raises NotFoundError, or InvalidInputError when there is no PIN.
        """
        maintenance = OperatorService(self._database, Journal(self._journal.clock, MAINTENANCE_ACTOR))
        with self._database.write() as session:
            operator = session.scalar(select(Operator).where(Operator.name == clean_name(name)))
            if operator is None:
                raise NotFoundError(f"没有名叫“{name}”的经办人，没有改动。请核对姓名。")
            if not operator.pin_hash:
                raise InvalidInputError(f"“{operator.name}”没有设置 PIN，不需要重设。")
            maintenance._put_pin(session, operator, "", "命令行重设 PIN")

    def _record(
        self,
        session: Session,
        action: str,
        operator: Operator,
        before: Values,
        after: Values,
    ) -> None:
        self._journal.record(session, action, "operators", operator.id, before=before, after=after)


def _find(session: Session, operator_id: int) -> Operator:
    operator = session.get(Operator, operator_id)
    if operator is None:
        raise NotFoundError("这位经办人已不在名单里。没有保存，请刷新后再试。")
    return operator


def _find_active(session: Session, operator_id: int) -> Operator:
    operator = _find(session, operator_id)
    if not operator.is_active:
        raise InvalidInputError(f"“{operator.name}”已停用，请选择其他经办人。")
    return operator


def _find_unchanged(session: Session, opened: OperatorRow, new_name: str | None = None) -> Operator:
    operator = _find(session, opened.operator_id)
    if operator.version == opened.version:
        return operator
    if new_name is None:
        raise ConflictError(f"“{operator.name}”在您打开之后已被修改。没有保存，请刷新后再试。")
    raise refuse_stale(
        f"“{operator.name}”",
        {"name": opened.name},
        {"name": new_name},
        {"name": operator.name},
        OPERATOR_LABELS,
    )


def _refuse_taken(session: Session, name: str, own_id: int | None) -> None:
    taken = select(Operator).where(func.lower(Operator.name) == name.lower(), Operator.id != (own_id or 0))
    other = session.scalar(taken)
    if other is not None:
        state = "" if other.is_active else "（已停用，可以重新启用）"
        raise InvalidInputError(f"已有名叫“{other.name}”的经办人{state}，请用可以区分的姓名。", "name")


def _check_name(typed: str) -> str:
    name = clean_name(typed)
    if not name:
        raise InvalidInputError("请填写经办人的姓名。", "name")
    if len(name) > NAME_LENGTH:
        raise InvalidInputError(f"姓名有 {len(name)} 个字，最多 {NAME_LENGTH} 个字，请缩短。", "name")
    if name in (MAINTENANCE_ACTOR, clean_name(AUTOMATIC)):
        raise InvalidInputError(f"“{name}”是程序在记录里用的名称，请用经办人自己的姓名。", "name")
    return name


def _check_new_pin(pin: str) -> str:
    try:
        return check_pin(pin)
    except InvalidInputError as error:
        raise InvalidInputError(str(error), "pin") from error


def _pin_word(operator: Operator) -> str:
    return _SET if operator.pin_hash else _NOT_SET


def _state_word(operator: Operator) -> str:
    return _ACTIVE if operator.is_active else _DISABLED


def _as_row(operator: Operator, now: datetime) -> OperatorRow:
    left = time_locked(operator.locked_until, now)
    return OperatorRow(
        operator.id,
        operator.name,
        bool(operator.pin_hash),
        operator.is_active,
        now + left if left else None,
        operator.version,
    )
