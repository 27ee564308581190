"""The sample district: invented people in the units of Baoshan, in a database of its own."""

import csv
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cdo_desktop.errors import InvalidInputError
from cdo_desktop.models import Filing, Post, Tenure, Unit
from cdo_desktop.rules.number_pattern import DASHED, NumberPattern
from cdo_desktop.rules.roster_columns import RosterField
from cdo_desktop.rules.vocabulary import FilingState
from cdo_desktop.rules.working_days import WorkingCalendar
from cdo_desktop.services.appointments import FilingDraft, PostInfo, add_appointment, find_post
from cdo_desktop.services.calendar import stored_calendar
from cdo_desktop.services.holder_draft import HOLDER_COLUMNS, HolderDraft, checked_holder
from cdo_desktop.services.journal import Journal
from cdo_desktop.services.units import create_unit, district_draft, read_shipped_units
from cdo_desktop.store import Database

_ON_THE_DESK = timedelta(days=60)  # what was filed since has not been put away yet
SINCE, LEFT, FILED = "任职距今天数", "离任距今天数", "备案距今天数"


class SampleService:
    """Fills an empty database with the sample district."""

    def __init__(self, database: Database, journal: Journal, units: Path, holders: Path) -> None:
        self._database = database
        self._journal = journal
        self._units = units
        self._holders = holders

    def create(self, start: date | None = None) -> int:
        """Create units and holders with dates counted back from a day; return how many posts there are.

        Raises InvalidInputError when the database holds units already.
        """
        day = start or self._journal.today
        with self._database.write() as session:
            if session.scalar(select(func.count()).select_from(Unit)):
                raise InvalidInputError(
                    "这个数据文件夹里已有单位，示例区只能建在空的数据文件夹里。没有改动。"
                )
            create_unit(session, self._journal, district_draft())
            for draft in read_shipped_units(self._units):
                create_unit(session, self._journal, replace(draft, full_name_confirmed=True))
            _Holders(session, self._journal, stored_calendar(session), day).add_all(self._holders)
            return session.scalar(select(func.count()).select_from(Post)) or 0


class _Holders:
    """Writes the lines of the sample file, earlier holders first."""

    def __init__(self, session: Session, journal: Journal, calendar: WorkingCalendar, start: date) -> None:
        self._session = session
        self._journal = journal
        self._calendar = calendar
        self._start = start
        self._numbers: dict[int, int] = {}

    def add_all(self, source: Path) -> None:
        posts = {
            (row.short_name, row.kind): row.id
            for row in self._session.execute(
                select(Unit.short_name, Post.kind, Post.id).join(Post, Post.unit_id == Unit.id)
            )
        }
        with source.open(encoding="utf-8", newline="") as file:
            lines = sorted(csv.DictReader(file), key=lambda line: -int(line[SINCE]))
        for line in lines:
            post_id = posts[line[RosterField.UNIT_SHORT_NAME], line[RosterField.POST]]
            self._add(line, find_post(self._session, post_id))

    def _add(self, line: dict[str, str], post: PostInfo) -> None:
        texts = {
            name: line[column]
            for column, name in HOLDER_COLUMNS.items()
            if column in line and column is not RosterField.SINCE
        }
        empty = HolderDraft(post_id=post.post_id, post=post.kind, since=self._day(line[SINCE]))
        draft = replace(empty, **texts)  # type: ignore[arg-type]
        reason = line[RosterField.CHANGE_REASON]  # why who is there came, or why who is gone left
        filing = FilingDraft(change_reason="" if line[LEFT] else reason)
        tenure = add_appointment(
            self._session, self._journal, self._calendar, checked_holder(draft), filing, post, "任命"
        )
        if line[LEFT]:
            tenure.until, tenure.leave_reason = self._day(line[LEFT]), reason
        if line[FILED]:
            self._file(tenure, self._day(line[FILED]))
        self._session.flush()

    def _file(self, tenure: Tenure, received: date) -> None:
        filing = self._session.scalars(select(Filing).where(Filing.tenure_id == tenure.id)).one()
        serial = self._numbers.get(received.year, 0) + 1
        self._numbers[received.year] = serial
        filing.scan_on = filing.original_on = filing.received_on = filing.filed_on = received
        filing.number_year, filing.number_count = received.year, serial
        filing.number = NumberPattern(DASHED).number(received.year, serial)
        filing.filed_by = self._journal.actor
        filing.state = FilingState.FILED
        if received < self._start - _ON_THE_DESK:
            filing.state, filing.stored_on = FilingState.STORED, received
            filing.stored_place = f"{received.year}年第1盒"

    def _day(self, days_ago: str) -> date:
        return self._start - timedelta(days=int(days_ago))
