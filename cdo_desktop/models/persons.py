"""人员 and their 任职."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from cdo_desktop.models.base import LASTING_IDS, Base, Versioned


class Person(Versioned, Base):
    """A human; only what the office needs (个人信息保护法 第6条)."""

    __tablename__ = "persons"
    __table_args__ = LASTING_IDS

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(index=True)
    pinyin: Mapped[str] = mapped_column(default="")
    initials: Mapped[str] = mapped_column(default="")
    sort_key: Mapped[str] = mapped_column(default="", index=True)
    sex: Mapped[str] = mapped_column(default="")
    birth_month: Mapped[str] = mapped_column(default="")
    political_status: Mapped[str] = mapped_column(default="")
    office_phone: Mapped[str] = mapped_column(default="")
    mobile: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")


class Tenure(Versioned, Base):
    """A person in a post over [since, until). Triggers of the migration refuse a second holder."""

    __tablename__ = "tenures"
    __table_args__ = (
        CheckConstraint("until IS NULL OR until > since", name="period"),
        Index("ix_tenures_post_id_since_until", "post_id", "since", "until"),  # all that the register asks
        LASTING_IDS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), index=True)
    since: Mapped[date]
    until: Mapped[date | None]  # first day no longer in post
    title: Mapped[str] = mapped_column(default="")
    head_status: Mapped[str] = mapped_column(default="")
    head_note: Mapped[str] = mapped_column(default="")
    basis: Mapped[str] = mapped_column(default="")
    basis_kind: Mapped[str] = mapped_column(default="")
    work_scope: Mapped[str] = mapped_column(default="")
    section: Mapped[str] = mapped_column(default="")
    rank: Mapped[str] = mapped_column(default="")
    duties: Mapped[str] = mapped_column(default="")
    digital_years: Mapped[str] = mapped_column(default="")
    education: Mapped[str] = mapped_column(default="")
    training: Mapped[str] = mapped_column(default="")
    platform_account: Mapped[str] = mapped_column(default="")
    backup_name: Mapped[str] = mapped_column(default="")
    backup_phone: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    leave_reason: Mapped[str] = mapped_column(default="")
