"""A filing with all that is said of it in a list, a message or a line of the history."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdo_desktop.errors import NotFoundError
from cdo_desktop.models import Filing, Person, Post, Tenure, Unit
from cdo_desktop.rules.filing import FINAL_STATES, UNDERWAY_STATES
from cdo_desktop.rules.vocabulary import FilingState
from cdo_desktop.services.journal import Journal, Values


@dataclass(frozen=True)
class FilingRecord:
    """One filing, within an open transaction."""

    filing: Filing
    tenure: Tenure
    person: Person
    post: Post
    unit: Unit

    @property
    def state(self) -> FilingState:
        """Where its paper is."""
        return FilingState(self.filing.state)

    @property
    def title(self) -> str:
        """Name it as the office would: unit, post, person."""
        return f"{self.unit.short_name} {self.post.kind} {self.person.name}"

    @property
    def signed_digest(self) -> str:
        """What the code on the signed paper says; "" until the filing is final, or where nothing was kept."""
        return self.filing.digest if self.state in FINAL_STATES else ""

    def as_signed(self, field: str) -> str:
        """Return a text of the form as it was signed; "" while nothing is filed."""
        if self.state in UNDERWAY_STATES or not self.filing.content:
            return ""
        signed: Mapping[str, object] = json.loads(self.filing.content)
        return str(signed.get(field) or "")


def find_filings(session: Session, filing_ids: Sequence[int]) -> list[FilingRecord]:
    """Return filings in the order of the register; raises NotFoundError when one is gone."""
    wanted = set(filing_ids)
    query = (
        select(Filing, Tenure, Person, Post, Unit)
        .join(Tenure, Tenure.id == Filing.tenure_id)
        .join(Person, Person.id == Tenure.person_id)
        .join(Post, Post.id == Tenure.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .where(Filing.id.in_(wanted))
        .order_by(Unit.sort_order, Unit.id, Post.rank, Filing.id)
    )
    found = [FilingRecord(*row) for row in session.execute(query)]
    if len(found) != len(wanted):
        raise NotFoundError("选中的备案有的已不存在，没有改动任何内容。请刷新后再试。")
    return found


def find_filing(session: Session, filing_id: int) -> FilingRecord:
    """Return one filing; raises NotFoundError."""
    return find_filings(session, [filing_id])[0]


def write_filing(
    session: Session, journal: Journal, record: FilingRecord, action: str, values: Values
) -> None:
    """Set some columns of a filing, with its line of the history."""
    filing = record.filing
    before = {name: getattr(filing, name) for name in values}
    for name, value in values.items():
        setattr(filing, name, value)
    filing.version += 1
    session.flush()
    journal.record(
        session,
        action,
        Filing.__tablename__,
        filing.id,
        before=before,
        after=values,
        unit_id=record.unit.id,
        person_id=record.person.id,
    )


def by_id(records: Iterable[FilingRecord]) -> Mapping[int, FilingRecord]:
    """Return the records by the id of their filing."""
    return {record.filing.id: record for record in records}
