"""Who works with the program, the chain over what they did, and what was erased from it on request."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from cdo_desktop.models.base import Base, Versioned


class Operator(Versioned, Base):
    """A named member of the office; disabled instead of deleted, for the history names them."""

    __tablename__ = "operators"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    pin_hash: Mapped[str] = mapped_column(default="")  # "": no PIN
    is_active: Mapped[bool] = mapped_column(default=True)
    failures: Mapped[int] = mapped_column(default=0)  # wrong PINs since the last right one
    locked_until: Mapped[datetime | None]


class AuditLink(Base):
    """One writing transaction: its digest covers the link before and every history row since."""

    __tablename__ = "audit_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    operator_id: Mapped[int | None] = mapped_column(ForeignKey("operators.id"))
    last_history_id: Mapped[int]
    last_redaction_id: Mapped[int] = mapped_column(default=0)
    digest: Mapped[str]


class HistoryRedaction(Base):
    """What a history row said of a person was taken out on request; digests of the row before and after."""

    __tablename__ = "history_redactions"

    id: Mapped[int] = mapped_column(primary_key=True)
    history_id: Mapped[int] = mapped_column(ForeignKey("history.id"), index=True)
    digest_before: Mapped[str]
    digest_after: Mapped[str]


class PersonErasure(Base):
    """A person was anonymised on request (个人信息保护法 第47条); their row stays without what it said."""

    __tablename__ = "person_erasures"

    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    reason: Mapped[str]
