"""What happens to units as a whole (机构改革), the names on their second plates, and who receives filings."""

from datetime import date

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cdo_desktop.models.base import LASTING_IDS, Base, Versioned


class UnitChange(Base):
    """One 机构改革: units merged, split, succeeded or abolished on a day."""

    __tablename__ = "unit_changes"
    __table_args__ = LASTING_IDS

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]  # 合并, 拆分, 承继, 撤销
    day: Mapped[date]  # first day of the new order
    paper: Mapped[str] = mapped_column(default="")  # 文号 of the reform
    note: Mapped[str] = mapped_column(default="")


class UnitChangePart(Base):
    """A unit that took part in a change, and how it went on."""

    __tablename__ = "unit_change_parts"
    __table_args__ = (UniqueConstraint("change_id", "unit_id"), LASTING_IDS)

    id: Mapped[int] = mapped_column(primary_key=True)
    change_id: Mapped[int] = mapped_column(ForeignKey("unit_changes.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    part: Mapped[str]  # 撤销, 新设, 保留


class SecondName(Versioned, Base):
    """Another name on the same unit's door (一个机构两块牌子) over [since, until); None is open."""

    __tablename__ = "unit_second_names"
    __table_args__ = LASTING_IDS

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    full_name: Mapped[str]
    short_name: Mapped[str]
    pinyin: Mapped[str] = mapped_column(default="")
    initials: Mapped[str] = mapped_column(default="")
    since: Mapped[date | None]
    until: Mapped[date | None]  # first day without the plate
    paper: Mapped[str] = mapped_column(default="")


class ReceivingBody(Versioned, Base):
    """Who receives the filings from a day on, until the next one (policy 二（三）: 区信息委)."""

    __tablename__ = "receiving_bodies"

    id: Mapped[int] = mapped_column(primary_key=True)
    since: Mapped[date] = mapped_column(unique=True)
    name: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
