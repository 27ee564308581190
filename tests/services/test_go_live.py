"""Past filings brought in at go-live: what becomes of their days and states, and how their numbers go on."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from cdo_desktop.errors import InvalidInputError
from cdo_desktop.rules.filing import OPEN_STATES, CountedReceipt
from cdo_desktop.rules.filing_steps import FilingStep
from cdo_desktop.rules.roster_columns import RosterField
from cdo_desktop.rules.vocabulary import FilingState, PaperForm, PostKind
from cdo_desktop.services.filing_list import FilingQuery, FilingRow
from cdo_desktop.services.filing_receipts import ReceiptDraft
from cdo_desktop.services.filing_sql import FilingView
from cdo_desktop.services.roster_lines import LineKind, PlannedLine
from tests.services.conftest import ORIGINAL, SCAN, TODAY, Desk, Line
from tests.services.test_roster_import import OTHER_TOWN, TOWN, Importer, labels, past_filing, predecessor

F = RosterField
CAME = date(2026, 3, 4)  # the limit of a change on 2026-03-02 is 2026-03-05


@pytest.fixture
def importer(desk: Desk, tmp_path: Path) -> Importer:
    return Importer(desk, tmp_path)


def received_filing(state: FilingState | None, **more: str | date | None) -> Line:
    """Return a line about a paper that was received in time and has no number yet."""
    words: dict[str, str | date | None] = {"FILING_STATE": state, "FILING_NUMBER": None, "RECEIVED_ON": CAME}
    return past_filing(TOWN, "", **(words | more))


def the_filing(desk: Desk) -> FilingRow:
    (found,) = [row for row in desk.office.filing_list.rows() if row.unit == TOWN]
    return found


# The day on which it was received


@pytest.mark.parametrize("rule", CountedReceipt)
@pytest.mark.parametrize(
    ("state", "later"),
    [(FilingState.SCANNED, ORIGINAL), (FilingState.RECEIVED, SCAN), (FilingState.SCANNED, SCAN)],
)
def test_what_comes_later_leaves_the_imported_day(
    importer: Importer, state: FilingState, later: ReceiptDraft, rule: CountedReceipt
) -> None:
    office_settings = importer.desk.office.system.settings
    opened = office_settings.get()
    office_settings.save(replace(opened, counted_receipt=rule), opened)
    importer.bring_in(received_filing(state))
    importer.desk.receive(later, the_filing(importer.desk).filing_id)
    now = the_filing(importer.desk)
    assert (now.received_on, now.late.is_late) == (CAME, False)
    days = {PaperForm.SCAN: now.scan_on, PaperForm.ORIGINAL: now.original_on}
    if later.form is not (PaperForm.SCAN if state is FilingState.SCANNED else PaperForm.ORIGINAL):
        assert sorted(filter(None, days.values())) == [CAME, TODAY]


def test_imported_paper_is_a_scan_or_an_original_from_the_beginning(importer: Importer) -> None:
    importer.bring_in(received_filing(FilingState.SCANNED))
    now = the_filing(importer.desk)
    assert (now.scan_on, now.original_on) == (CAME, None)
    lists = importer.desk.office.filing_list.counts(FilingQuery())
    assert (lists[FilingView.TO_NUMBER], lists[FilingView.TO_ORIGINAL]) == (1, 1)


def test_a_draft_that_an_import_receives_has_the_day_of_its_form(importer: Importer) -> None:
    importer.bring_in(past_filing(TOWN, "", FILING_STATE=None, FILING_NUMBER=None, RECEIVED_ON=None))
    importer.bring_in(received_filing(FilingState.RECEIVED))
    now = the_filing(importer.desk)
    assert (now.scan_on, now.original_on) == (None, CAME)


def test_the_day_of_a_database_that_knows_no_forms_stays(importer: Importer) -> None:
    importer.bring_in(received_filing(FilingState.SCANNED))
    with importer.desk.office._database.write() as session:
        session.connection().exec_driver_sql("UPDATE filings SET scan_on = NULL")
    importer.desk.receive(ORIGINAL, the_filing(importer.desk).filing_id)
    now = the_filing(importer.desk)
    assert (now.received_on, now.scan_on, now.original_on) == (CAME, CAME, TODAY)


def test_a_paper_that_came_before_the_imported_day_counts(importer: Importer) -> None:
    importer.bring_in(received_filing(FilingState.SCANNED))
    earlier = date(2026, 3, 3)
    importer.desk.receive(replace(ORIGINAL, received_on=earlier), the_filing(importer.desk).filing_id)
    assert importer.desk.stored("SELECT received_on FROM filings") == [(earlier.isoformat(),)]


# What the office knows of the filing that is there


def told(line: PlannedLine, column: RosterField) -> list[tuple[str, bool]]:
    return [(problem.message, problem.blocking) for problem in line.problems if problem.field is column]


def test_a_day_without_a_state_is_that_of_an_original_and_is_pointed_out(importer: Importer) -> None:
    line = received_filing(None)
    planned = importer.only(line)
    message = "填了收到日期 2026-03-04，没有填备案状态：按“已收原件”导入；只收到扫描件的，请填“已收扫描件”。"
    assert told(planned, F.FILING_STATE) == [(message, False)]
    importer.bring_in(line)
    now = the_filing(importer.desk)
    assert (now.state, now.received_on, now.original_on) == (FilingState.RECEIVED, CAME, CAME)
    assert importer.desk.office.filing_list.counts(FilingQuery())[FilingView.TO_NUMBER] == 1
    assert importer.only(line).kind is LineKind.SAME


@pytest.mark.parametrize("state", [None, FilingState.SCANNED])
def test_a_draft_that_has_a_day_from_before_is_brought_back_by_its_line(
    importer: Importer, state: FilingState | None
) -> None:
    importer.bring_in(received_filing(None, RECEIVED_ON=None))
    with importer.desk.office._database.write() as session:
        session.connection().exec_driver_sql("UPDATE filings SET received_on = ?", (CAME.isoformat(),))
    assert not importer.desk.listed(FilingView.WAITING)
    importer.bring_in(received_filing(state))
    now = the_filing(importer.desk)
    assert importer.desk.listed(FilingView.TO_NUMBER) == [now.filing_id]
    assert CAME in (now.scan_on, now.original_on)


@pytest.mark.parametrize("state", OPEN_STATES)
def test_a_day_of_what_is_said_not_to_be_here_is_a_problem(importer: Importer, state: FilingState) -> None:
    message = (
        f"备案状态是“{state}”（没有收到），却填了收到日期 2026-03-04："
        "收到了请改备案状态，没有收到请清空收到日期。"
    )
    assert told(importer.only(received_filing(state)), F.RECEIVED_ON) == [(message, True)]


def test_a_roster_of_before_does_not_revive_what_was_sent_back(importer: Importer) -> None:
    office = importer.desk.office
    importer.bring_in(received_filing(FilingState.SCANNED))
    filings = office.filings
    sent_back = filings.plan(FilingStep.RETURN, [the_filing(importer.desk).filing_id])
    filings.send_back(sent_back, "没有盖章")
    planned = importer.only(received_filing(FilingState.SCANNED))
    assert planned.kind is LineKind.SAME
    message = (
        "这次备案现在是“退回”，表中的备案状态“已收扫描件”、收到日期“2026-03-04”没有采用；"
        "收到、编号请在备案办理里登记。"
    )
    assert told(planned, F.FILING_STATE) == [(message, False)]
    importer.bring_in(received_filing(FilingState.SCANNED))
    assert (the_filing(importer.desk).state, the_filing(importer.desk).received_on) == (
        FilingState.RETURNED,
        None,
    )


@pytest.mark.parametrize(
    "line", [received_filing(FilingState.DRAFT, RECEIVED_ON=None), past_filing(TOWN, "2026-012")]
)
def test_what_was_handed_out_stays_so_and_its_other_columns_are_taken(importer: Importer, line: Line) -> None:
    importer.bring_in(received_filing(FilingState.DRAFT, RECEIVED_ON=None))
    forms = importer.desk.office.forms
    forms.mark_issued(forms.compose(unit=TOWN, post=PostKind.SPECIALIST))
    planned = importer.only(line | {F.FILLER: "王五"})
    assert labels(planned) == {"填表人": ("", "王五")}
    importer.bring_in(line | {F.FILLER: "王五"})
    now = the_filing(importer.desk)
    assert (now.state, now.number, now.received_on) == (FilingState.ISSUED, "", None)


def test_what_was_done_again_does_not_take_what_became_of_the_void_one(importer: Importer) -> None:
    importer.bring_in(received_filing(FilingState.SCANNED))
    filings = importer.desk.office.filings
    filings.void(filings.plan(FilingStep.VOID, [the_filing(importer.desk).filing_id]), "姓名写错", anew=True)
    importer.bring_in(received_filing(FilingState.SCANNED))
    (again,) = [row for row in importer.desk.office.filing_list.rows() if row.state != FilingState.VOID]
    assert (again.state, again.received_on) == (FilingState.DRAFT, None)


def test_the_full_roster_of_a_day_before_changes_no_state(importer: Importer, tmp_path: Path) -> None:
    office = importer.desk.office
    importer.bring_in(past_filing(TOWN, "", FILING_STATE=None, FILING_NUMBER=None, RECEIVED_ON=None))
    filing = the_filing(importer.desk).filing_id
    importer.path = tmp_path / "全部字段.xlsx"
    office.roster_export.write(importer.path, full=True)
    importer.desk.receive(SCAN, filing)
    office.filings.send_back(office.filings.plan(FilingStep.RETURN, [filing]), "没有盖章")
    before = importer.desk.stored("SELECT * FROM filings")
    office.roster_import.apply(importer.read_again())
    assert importer.desk.stored("SELECT * FROM filings") == before


# Numbers


@pytest.mark.parametrize(
    "number", ["〔2026〕12号", "宝数官备〔2026〕012号", "２０２６－０１２", "第12号(2026)"]
)
def test_numbers_go_on_after_those_that_came_written_another_way(importer: Importer, number: str) -> None:
    importer.bring_in(past_filing(TOWN, number))
    office = importer.desk.office
    assert (office.numbers.next_number(2026), office.numbers.next_number(2025)) == ("2026-013", "2025-001")
    filing = importer.desk.change(OTHER_TOWN)
    importer.desk.receive(ORIGINAL, filing)
    assert importer.desk.file(filing) == ["2026-013"]
    with pytest.raises(InvalidInputError, match="已经编到第 13 号"):
        office.numbers.set_first(2026, 12)


def test_a_start_beyond_the_next_number_is_refused_once_a_number_was_given(desk: Desk) -> None:
    numbers = desk.office.numbers
    numbers.set_first(2026, 100)
    numbers.set_first(2026, 1)
    filing = desk.change()
    desk.receive(ORIGINAL, filing)
    assert desk.file(filing) == ["2026-001"]
    message = (
        "2026 年已经编到第 1 号，下一个是第 2 号；起始号改为 100 会缺号，只能在编第一个号以前改。没有保存。"
    )
    with pytest.raises(InvalidInputError) as caught:
        numbers.set_first(2026, 100)
    assert (str(caught.value), caught.value.field) == (message, "first")
    assert numbers.next_number(2026) == "2026-002"
    numbers.set_first(2026, 2)
    numbers.set_first(2027, 100)
    assert (numbers.next_number(2026), numbers.next_number(2027)) == ("2026-002", "2027-100")


def test_a_start_beyond_what_was_imported_is_taken(importer: Importer) -> None:
    importer.bring_in(past_filing(TOWN, "2026-012"))  # not all past filings need be brought in
    importer.desk.office.numbers.set_first(2026, 58)
    assert importer.desk.office.numbers.next_number(2026) == "2026-058"


def number_problems(importer: Importer, *numbers: str | int) -> list[list[tuple[str, bool]]]:
    """Plan a past filing of another unit for each number, and return what is told at the numbers."""
    lines = []
    for unit, name, number in zip(
        (TOWN, OTHER_TOWN, "顾村镇"), ("甲甲", "乙乙", "丙丙"), numbers, strict=False
    ):
        lines.append(past_filing(unit, "", NAME=name) | {F.FILING_NUMBER: number})
    return [told(line, F.FILING_NUMBER) for line in importer.plan(*lines).lines]


@pytest.mark.parametrize(
    ("one", "other", "third"),
    [
        ("2026-012", "２０２６－０１２", "2026—12"),
        ("〔2026〕12号", "2026-012", "2026年第12号"),
        (12, "12.0", "012号"),
        ("旧-9", "旧－09", "旧 - 9"),
    ],
)
def test_a_number_is_the_same_however_it_is_written(
    importer: Importer, one: str | int, other: str, third: str
) -> None:
    first, *others = number_problems(importer, one, other, third)
    assert first == []
    written = other.replace(" ", "")
    assert others[0] == [(f"备案编号“{written}”与第 2 行的“{one}”是同一个编号，不能重复，请核对。", True)]
    assert [blocking for _message, blocking in others[1]] == [True]


def test_a_number_that_is_stored_is_the_same_however_it_is_written(importer: Importer) -> None:
    importer.bring_in(past_filing(TOWN, "2026-012"))
    (_own, *others) = number_problems(importer, "2026-020", "２０２６－０１２", "2026-13")
    message = "备案编号“２０２６－０１２”名册中已经用过（写作“2026-012”），编号不能重复，请核对。"
    assert others == [[(message, True)], []]


@pytest.mark.parametrize(
    "numbers", [("2026-012", "2025-012", "2026-013"), ("旧-9", "新-9", "9"), (1, 10, 100)]
)
def test_other_numbers_are_other_numbers(importer: Importer, numbers: tuple[str | int, ...]) -> None:
    assert number_problems(importer, *numbers) == [[], [], []]


def test_two_series_of_a_year_are_pointed_out_and_come_in(importer: Importer) -> None:
    message = "备案编号“数专〔2026〕1号”与第 2 行的“数官〔2026〕1号”年份、序号相同，请核对是不是同一个编号。"
    assert number_problems(importer, "数官〔2026〕1号", "数专〔2026〕1号") == [[], [(message, False)]]


# Departures


def test_a_past_departure_has_the_day_on_which_its_holder_left(importer: Importer) -> None:
    left = date(2026, 3, 2)
    line = predecessor("乙乙", date(2025, 1, 6), left, "2026-002") | {F.FILING_KIND: "离任备案"}
    importer.bring_in(line)
    assert (the_filing(importer.desk).change_date, the_filing(importer.desk).due_date) == (left, None)
    (ledger,) = importer.desk.office.filing_papers.filing_ledger(2026).rows
    assert ledger.change_date == left
    assert importer.only(line).kind is LineKind.SAME


def test_the_day_that_a_line_says_of_a_past_departure_stays(importer: Importer) -> None:
    line = predecessor("乙乙", date(2025, 1, 6), date(2026, 3, 2), "2026-002")
    importer.bring_in(line | {F.FILING_KIND: "离任备案", F.CHANGE_DATE: date(2026, 3, 1)})
    assert the_filing(importer.desk).change_date == date(2026, 3, 1)
