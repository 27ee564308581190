"""备案: the papers of an appointment or a departure."""

from datetime import date

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cdo_desktop.models.base import LASTING_IDS, Base, Versioned


class Filing(Versioned, Base):
    """One 备案 of one tenure; immutable once 已备案."""

    __tablename__ = "filings"
    __table_args__ = (UniqueConstraint("number"), LASTING_IDS)

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str] = mapped_column(unique=True)  # the record id in the QR code
    tenure_id: Mapped[int] = mapped_column(ForeignKey("tenures.id"), index=True)
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(index=True)
    number: Mapped[str | None]  # given by the receiving body, never reused
    filled_on: Mapped[date | None]
    change_date: Mapped[date | None]
    known_on: Mapped[date | None]
    change_reason: Mapped[str] = mapped_column(default="")
    predecessor_name: Mapped[str] = mapped_column(default="")
    predecessor_title: Mapped[str] = mapped_column(default="")
    handover: Mapped[str] = mapped_column(default="")
    filler: Mapped[str] = mapped_column(default="")
    filler_phone: Mapped[str] = mapped_column(default="")
    due_date: Mapped[date | None] = mapped_column(index=True)  # only a 变更备案 has one
    due_provisional: Mapped[bool] = mapped_column(default=False)
    received_on: Mapped[date | None]
    late_reason: Mapped[str] = mapped_column(default="")
    void_reason: Mapped[str] = mapped_column(default="")
    content: Mapped[str] = mapped_column(default="")  # canonical JSON of the form as printed
    digest: Mapped[str] = mapped_column(default="")
