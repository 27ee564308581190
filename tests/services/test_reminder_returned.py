"""提醒函 of a filing that was sent back."""

from tests.services.conftest import SCAN, Desk


def test_letter_knows_why_a_paper_was_sent_back(desk: Desk) -> None:
    filing = desk.change()
    desk.receive(SCAN, filing)
    desk.send_back(filing, "缺单位公章")
    (letter,) = desk.office.filing_papers.reminders([filing])
    (item,) = letter.items
    assert (item.returned, item.return_reason) == (True, "缺单位公章")
    desk.receive(SCAN, filing)
    assert desk.filing(filing).return_reason == "缺单位公章"  # it stays with the filing


def test_paper_that_never_came_was_not_sent_back(desk: Desk) -> None:
    (letter,) = desk.office.filing_papers.reminders([desk.change()])
    assert not letter.items[0].returned
