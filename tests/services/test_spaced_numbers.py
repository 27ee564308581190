"""Imported numbers with a blank between year and place go on in turn and stand once in the ledger."""

from pathlib import Path

from tests.services.conftest import ORIGINAL, TOWN, Desk
from tests.services.test_roster_import import OTHER_TOWN, Importer, past_filing

THIRD = "顾村镇"


def test_numbers_go_on_after_one_with_a_blank(desk: Desk, tmp_path: Path) -> None:
    importer = Importer(desk, tmp_path)
    importer.bring_in(past_filing(TOWN, "〔2026〕12号"), past_filing(OTHER_TOWN, "2026 13", NAME="乙乙"))
    assert desk.office.numbers.next_number(2026) == "2026-014"
    filing = desk.change(THIRD)
    desk.receive(ORIGINAL, filing)
    assert desk.file(filing) == ["2026-014"]
    ledger = desk.office.filing_papers.filing_ledger(2026)
    assert [row.number for row in ledger.rows] == ["〔2026〕12号", "2026 13", "2026-014"]


def test_a_number_with_a_blank_is_that_with_a_dash(desk: Desk, tmp_path: Path) -> None:
    importer = Importer(desk, tmp_path)
    importer.bring_in(past_filing(TOWN, "2026-013"))
    said = [one.message for one in importer.only(past_filing(OTHER_TOWN, "2026 13", NAME="乙乙")).problems]
    assert "备案编号“2026 13”名册中已经用过（写作“2026-013”），编号不能重复，请核对。" in said
