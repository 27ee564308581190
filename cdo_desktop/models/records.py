"""Calendar days, settings and the history of every change."""

from datetime import date, datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from cdo_desktop.models.base import Base

DATABASE_ID = "database_id"  # key of the setting that identifies this database on paper


class CalendarDay(Base):
    """An off day or a make-up work day of a State Council notice."""

    __tablename__ = "calendar_days"

    day: Mapped[date] = mapped_column(primary_key=True)
    is_off: Mapped[bool]
    name: Mapped[str]
    notice: Mapped[str] = mapped_column(default="")


class CalendarYear(Base):
    """A year whose notice is known; a year without a row is 未发布."""

    __tablename__ = "calendar_years"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    source: Mapped[str]


class Setting(Base):
    """One named value of this database."""

    __tablename__ = "settings"

    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class HistoryEntry(Base):
    """Who changed what when: one row a record and action, never overwritten."""

    __tablename__ = "history"
    __table_args__ = (
        Index("ix_history_entity_entity_id", "entity", "entity_id"),
        Index("ix_history_person_id", "person_id"),
        Index("ix_history_unit_id", "unit_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str]
    action: Mapped[str]  # the office's word: 任命, 更换, 信息更新, 离任, 导入, …
    entity: Mapped[str]  # table name
    entity_id: Mapped[int]
    unit_id: Mapped[int | None]
    person_id: Mapped[int | None]
    before: Mapped[str] = mapped_column("before_values", default="")  # JSON of the changed fields
    after: Mapped[str] = mapped_column("after_values", default="")
