"""备案: the papers of an appointment or a departure."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cdo_desktop.models.base import LASTING_IDS, Base, Versioned


class Filing(Versioned, Base):
    """One 备案 of one tenure; immutable once 已备案."""

    __tablename__ = "filings"
    __table_args__ = (
        UniqueConstraint("number"),
        Index("ix_filings_number_year_number_count", "number_year", "number_count", unique=True),
        LASTING_IDS,
    )

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
    received_on: Mapped[date | None]  # the receipt that counts for punctuality, see CountedReceipt
    late_reason: Mapped[str] = mapped_column(default="")
    void_reason: Mapped[str] = mapped_column(default="")
    content: Mapped[str] = mapped_column(default="")  # canonical JSON of the form as printed
    digest: Mapped[str] = mapped_column(default="")
    issued_on: Mapped[date | None]
    scan_on: Mapped[date | None]
    original_on: Mapped[date | None]
    returned_on: Mapped[date | None]
    return_reason: Mapped[str] = mapped_column(default="", server_default="")
    number_year: Mapped[int | None]  # with the count: the place of the number in its year
    number_count: Mapped[int | None]
    filed_on: Mapped[date | None]
    filed_by: Mapped[str] = mapped_column(default="", server_default="")
    stored_on: Mapped[date | None]
    stored_place: Mapped[str] = mapped_column(default="", server_default="")
    voided_on: Mapped[date | None]
    told_by: Mapped[str] = mapped_column(default="", server_default="")  # who told the office, on known_on


class NumberYear(Versioned, Base):
    """Where the numbers of a year begin; a year without a row begins with 1."""

    __tablename__ = "number_years"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    first: Mapped[int]


class FilingPrint(Base):
    """A form as it was printed: what came back may be any of them."""

    __tablename__ = "filing_prints"
    __table_args__ = LASTING_IDS

    id: Mapped[int] = mapped_column(primary_key=True)
    filing_id: Mapped[int] = mapped_column(ForeignKey("filings.id"), index=True)
    printed_on: Mapped[date]
    digest: Mapped[str]  # of the content, as in the QR code
    content: Mapped[str]  # canonical JSON
    filled_on: Mapped[date | None]
    sha256: Mapped[str]  # of the PDF, which is an attachment of the filing


class ReceivedPaper(Versioned, Base):
    """收文登记: one paper of a filing that was received, also when it was sent back later."""

    __tablename__ = "papers"
    __table_args__ = (UniqueConstraint("year", "count"), LASTING_IDS)

    id: Mapped[int] = mapped_column(primary_key=True)
    filing_id: Mapped[int] = mapped_column(ForeignKey("filings.id"), index=True)
    year: Mapped[int]
    count: Mapped[int]  # running within the year
    entry_no: Mapped[str]  # 收文号
    form: Mapped[str]  # 扫描件 or 原件
    way: Mapped[str]
    copies: Mapped[int]
    received_on: Mapped[date] = mapped_column(index=True)
    received_by: Mapped[str]
    shows: Mapped[str]  # whether its code says the present content
    digest: Mapped[str] = mapped_column(default="")  # what its code says; empty without one
    sha256: Mapped[str] = mapped_column(default="")  # of its scan, which is an attachment of the filing
    returned_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(default="")


class WaitingScan(Versioned, Base):
    """A scan that no code assigned to a filing; its file is its attachment. With a paper it is settled."""

    __tablename__ = "waiting_scans"
    __table_args__ = LASTING_IDS

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]  # of the file it came in
    pages: Mapped[str]  # of that file: 3 or 3-4
    reason: Mapped[str]
    received_on: Mapped[date]
    paper_id: Mapped[int | None] = mapped_column(ForeignKey("papers.id"))
    dropped: Mapped[bool] = mapped_column(default=False)


class Contact(Versioned, Base):
    """催办: one call or message to a unit about a filing, and what was said."""

    __tablename__ = "contacts"
    __table_args__ = LASTING_IDS

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    filing_id: Mapped[int | None] = mapped_column(ForeignKey("filings.id"), index=True)
    at: Mapped[datetime]
    way: Mapped[str]
    answered_by: Mapped[str] = mapped_column(default="")
    said: Mapped[str] = mapped_column(default="")
    promised_on: Mapped[date | None]
    made_by: Mapped[str]
