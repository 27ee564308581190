"""单位, their former names, and the posts they have to fill."""

from datetime import date

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cdo_desktop.models.base import LASTING_IDS, Base, Versioned


class Unit(Versioned, Base):
    """A department, town, street or park, or the district level itself (区级)."""

    __tablename__ = "units"
    __table_args__ = LASTING_IDS

    id: Mapped[int] = mapped_column(primary_key=True)
    full_name: Mapped[str]  # as on the seal
    full_name_confirmed: Mapped[bool] = mapped_column(default=False)
    short_name: Mapped[str] = mapped_column(index=True)
    pinyin: Mapped[str] = mapped_column(default="")
    initials: Mapped[str] = mapped_column(default="")
    category: Mapped[str]
    group: Mapped[str] = mapped_column("unit_group", index=True)
    sort_order: Mapped[int] = mapped_column(index=True)
    code: Mapped[str] = mapped_column(default="")  # 行政区划代码
    address: Mapped[str] = mapped_column(default="")
    postcode: Mapped[str] = mapped_column(default="")
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]  # first day it no longer exists
    note: Mapped[str] = mapped_column(default="")


class UnitName(Base):
    """A name that a unit carried until a day (exclusive); its present name stands in the unit itself."""

    __tablename__ = "unit_names"
    __table_args__ = LASTING_IDS

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    full_name: Mapped[str]
    short_name: Mapped[str]
    until: Mapped[date]


class Post(Base):
    """One office of one unit, held or empty."""

    __tablename__ = "posts"
    __table_args__ = (UniqueConstraint("unit_id", "kind"), LASTING_IDS)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    kind: Mapped[str]
    rank: Mapped[int]  # order of the kinds within a unit
    empty_since: Mapped[date]  # when it began to wait for its first holder
