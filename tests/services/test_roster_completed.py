"""A later roster completes what only an earlier one told of a filing, never what the office did itself."""

from datetime import date
from pathlib import Path

import pytest

from cdo_desktop.rules.roster_columns import RosterField
from cdo_desktop.rules.vocabulary import FilingState, PostKind
from cdo_desktop.services.filing_list import FilingRow
from cdo_desktop.services.roster_lines import LineKind
from tests.services.conftest import ORIGINAL, Desk, Line
from tests.services.test_roster_import import TOWN, Importer, labels, past_filing, predecessor

F = RosterField
LATER = past_filing(TOWN, "2026-009")
TOLD = {"FILING_NUMBER": None, "RECEIVED_ON": None}
AFTER_IMPORT = (FilingState.ISSUED, FilingState.RETURNED)


@pytest.fixture
def importer(desk: Desk, tmp_path: Path) -> Importer:
    return Importer(desk, tmp_path)


def with_state(state: FilingState) -> Line:
    return past_filing(TOWN, "", FILING_STATE=state, **TOLD)


def the_filing(desk: Desk) -> FilingRow:
    (found,) = [row for row in desk.office.filing_list.rows() if row.unit == TOWN]
    return found


def not_taken(importer: Importer, line: Line) -> list[str]:
    return [one.message for one in importer.only(line).problems if "没有采用" in one.message]


@pytest.mark.parametrize("state", AFTER_IMPORT)
def test_a_number_follows_a_state_that_came_by_import(importer: Importer, state: FilingState) -> None:
    importer.bring_in(with_state(state))
    assert not_taken(importer, LATER) == []
    importer.bring_in(LATER)
    now = the_filing(importer.desk)
    assert (now.state, now.number) == (FilingState.FILED, "2026-009")
    assert importer.desk.office.numbers.next_number(2026) == "2026-010"
    assert importer.only(LATER).kind is LineKind.SAME


@pytest.mark.parametrize("state", AFTER_IMPORT)
def test_a_number_follows_for_who_is_gone(importer: Importer, state: FilingState) -> None:
    later = predecessor("乙乙", date(2025, 1, 6), date(2026, 3, 2), "2026-009")
    importer.bring_in(later | {F.FILING_STATE: state, F.FILING_NUMBER: None, F.RECEIVED_ON: None})
    importer.bring_in(later)
    now = the_filing(importer.desk)
    assert (now.state, now.number) == (FilingState.FILED, "2026-009")


@pytest.mark.parametrize("more", [{}, {F.FILING_KIND: "离任备案"}])
def test_what_is_recorded_or_about_another_paper_of_who_is_gone_stays(importer: Importer, more: Line) -> None:
    line = predecessor("乙乙", date(2025, 1, 6), date(2026, 3, 2), "2026-009")
    open_line = line | {F.FILING_STATE: FilingState.ISSUED, F.FILING_NUMBER: None, F.RECEIVED_ON: None}
    importer.bring_in(open_line if more else line)
    before = importer.desk.stored("SELECT * FROM filings")
    planned = importer.only((line if more else open_line) | more)
    assert (planned.kind, planned.problems) == (LineKind.SAME, ())
    importer.bring_in(line | more)
    assert importer.desk.stored("SELECT * FROM filings") == before


def test_a_roster_says_that_what_was_sent_back_went_out_anew(importer: Importer) -> None:
    importer.bring_in(with_state(FilingState.RETURNED))
    importer.bring_in(with_state(FilingState.ISSUED))
    assert the_filing(importer.desk).state == FilingState.ISSUED


@pytest.mark.parametrize("state", AFTER_IMPORT)
def test_a_roster_of_before_makes_no_draft_of_it(importer: Importer, state: FilingState) -> None:
    importer.bring_in(with_state(state))
    assert len(not_taken(importer, with_state(FilingState.DRAFT))) == 1
    importer.bring_in(with_state(FilingState.DRAFT) | {F.FILLER: "王五"})
    assert the_filing(importer.desk).state == state


@pytest.mark.parametrize("state", [FilingState.DRAFT, *AFTER_IMPORT])
def test_what_the_office_handed_out_keeps_its_state(importer: Importer, state: FilingState) -> None:
    importer.bring_in(with_state(state))
    forms = importer.desk.office.forms
    forms.mark_issued(forms.compose(unit=TOWN, post=PostKind.SPECIALIST))
    for line in (with_state(FilingState.DRAFT), with_state(FilingState.RETURNED), LATER):
        assert len(not_taken(importer, line)) == 1
        assert "备案状态" not in labels(importer.only(line))
        importer.bring_in(line)
        now = the_filing(importer.desk)
        assert (now.state, now.number, now.received_on) == (FilingState.ISSUED, "", None)


@pytest.mark.parametrize("state", AFTER_IMPORT)
def test_what_the_office_received_and_sent_back_keeps_its_state(
    importer: Importer, state: FilingState
) -> None:
    importer.bring_in(with_state(state))
    filing = the_filing(importer.desk).filing_id
    importer.desk.receive(ORIGINAL, filing)
    importer.desk.send_back(filing)
    for line in (with_state(FilingState.ISSUED), LATER):
        assert len(not_taken(importer, line)) == 1
        importer.bring_in(line)
        assert the_filing(importer.desk).state == FilingState.RETURNED


def test_what_an_older_program_handed_out_keeps_its_state(importer: Importer) -> None:
    importer.bring_in(with_state(FilingState.DRAFT))
    forms = importer.desk.office.forms
    forms.mark_issued(forms.compose(unit=TOWN, post=PostKind.SPECIALIST))
    with importer.desk.office._database.write() as session:  # it kept the content, and no day
        session.connection().exec_driver_sql("UPDATE filings SET issued_on = NULL")
    assert len(not_taken(importer, LATER)) == 1
