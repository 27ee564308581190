"""Who works with an open database before anybody was asked."""

import pytest

from cdo_desktop import settings
from cdo_desktop.errors import StorageError
from cdo_desktop.services.journal import Journal
from tests.services.conftest import TODAY, Clock, Desk


def test_the_only_operator_without_a_pin_works_unasked(empty_desk: Desk) -> None:
    (only,) = empty_desk.office.choices
    assert only.name == settings.DEFAULT_ACTOR
    assert (empty_desk.office.journal.operator_id, empty_desk.office.journal.actor) == (
        only.operator_id,
        settings.DEFAULT_ACTOR,
    )


def test_a_journal_writes_nothing_before_an_operator_is_chosen() -> None:
    journal = Journal(Clock())
    with pytest.raises(StorageError, match="还没有选定经办人"):
        journal.entry("修改", "persons", 1)
    journal.act_as(3, "王芳")
    assert journal.entry("修改", "persons", 1)["actor"] == "王芳"
    assert journal.today == TODAY
