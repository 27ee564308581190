"""The office's own choices: receiving bodies by date, number pattern, which receipt counts."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from cdo_desktop import paths
from cdo_desktop.errors import ConflictError, InvalidFormError, InvalidInputError, NotFoundError
from cdo_desktop.models import HistoryEntry
from cdo_desktop.rules.filing import CountedReceipt
from cdo_desktop.rules.number_pattern import BRACKETED, DASHED
from cdo_desktop.services.office_settings import (
    OfficeSettings,
    OfficeSettingsService,
    ReceivingBodyDraft,
)
from cdo_desktop.store import Database, open_database

from .conftest import Desk

COMMITTEE = ReceivingBodyDraft(name="区信息委", since=date(2023, 1, 30))
BUREAU = ReceivingBodyDraft(name="区数据局", since=date(2024, 5, 1), note="机构改革")


@pytest.fixture
def database(empty_desk: Desk) -> Iterator[Database]:
    opened = open_database(empty_desk.office.data_folder / paths.DATABASE_NAME)
    yield opened
    opened.close()


@pytest.fixture
def settings(empty_desk: Desk, database: Database) -> OfficeSettingsService:
    return OfficeSettingsService(database, empty_desk.office.journal)


def actions_of(database: Database) -> list[str]:
    with database.read() as session:
        return list(session.scalars(select(HistoryEntry.action).order_by(HistoryEntry.id)))


def test_new_office_has_the_usual_settings(settings: OfficeSettingsService) -> None:
    assert settings.get() == OfficeSettings(DASHED, CountedReceipt.EARLIER, refile_updates=False)


def test_saved_settings_come_back_with_one_line_of_history(
    settings: OfficeSettingsService, database: Database
) -> None:
    wanted = OfficeSettings(BRACKETED, CountedReceipt.ORIGINAL, refile_updates=True)
    settings.save(wanted, OfficeSettings())
    assert settings.get() == wanted
    assert settings.number_pattern().number(2026, 12) == "〔2026〕12号"
    assert actions_of(database) == ["修改设置"]
    settings.save(replace(wanted, refile_updates=False), wanted)
    assert settings.get().refile_updates is False


def test_saving_what_is_there_writes_nothing(settings: OfficeSettingsService, database: Database) -> None:
    settings.save(OfficeSettings(), OfficeSettings())
    assert actions_of(database) == []


def test_wrong_pattern_is_refused_at_its_field(settings: OfficeSettingsService) -> None:
    with pytest.raises(InvalidInputError) as caught:
        settings.save(OfficeSettings(number_pattern="2026-1"), OfficeSettings())
    assert caught.value.field == "number_pattern"
    assert settings.get() == OfficeSettings()


def test_stale_settings_are_refused_field_by_field(settings: OfficeSettingsService) -> None:
    settings.save(OfficeSettings(number_pattern=BRACKETED), OfficeSettings())
    with pytest.raises(ConflictError) as caught:
        settings.save(OfficeSettings(counted_receipt=CountedReceipt.SCAN), OfficeSettings())
    assert [(field.label, field.theirs) for field in caught.value.fields] == [
        ("备案编号格式", BRACKETED),
        ("按时与否以哪一次收到为准", "先收到的一件"),
    ]
    assert settings.get().counted_receipt is CountedReceipt.EARLIER


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2023, 1, 29), ""),
        (date(2023, 1, 30), "区信息委"),
        (date(2024, 4, 30), "区信息委"),
        (date(2024, 5, 1), "区数据局"),
        (date(2030, 1, 1), "区数据局"),
    ],
)
def test_receiving_body_is_the_one_of_the_day(day: date, name: str, settings: OfficeSettingsService) -> None:
    settings.save_receiving_body(BUREAU)
    settings.save_receiving_body(COMMITTEE)
    assert settings.receiving_body_on(day) == name
    assert [body.name for body in settings.receiving_bodies()] == ["区信息委", "区数据局"]


def test_receiving_body_is_changed_and_removed_with_its_history(
    settings: OfficeSettingsService, database: Database
) -> None:
    settings.save_receiving_body(COMMITTEE)
    (opened,) = settings.receiving_bodies()
    settings.save_receiving_body(replace(opened, name="　区 信息委 "), opened)
    (changed,) = settings.receiving_bodies()
    assert (changed.name, changed.version) == ("区 信息委", 2)
    settings.remove_receiving_body(changed)
    assert settings.receiving_bodies() == ()
    assert actions_of(database) == ["登记备案机关", "修改备案机关", "删除备案机关"]


def test_stale_line_is_neither_overwritten_nor_removed(settings: OfficeSettingsService) -> None:
    settings.save_receiving_body(COMMITTEE)
    (opened,) = settings.receiving_bodies()
    settings.save_receiving_body(replace(opened, note="依据实施方案"), opened)
    with pytest.raises(ConflictError):
        settings.save_receiving_body(replace(opened, name="区大数据中心"), opened)
    with pytest.raises(ConflictError):
        settings.remove_receiving_body(opened)
    assert settings.receiving_bodies()[0].note == "依据实施方案"


def test_line_that_is_gone_says_so(settings: OfficeSettingsService) -> None:
    settings.save_receiving_body(COMMITTEE)
    (opened,) = settings.receiving_bodies()
    settings.remove_receiving_body(opened)
    with pytest.raises(NotFoundError, match="已被别人删除"):
        settings.save_receiving_body(opened, opened)
    with pytest.raises(NotFoundError, match="已被别人删除"):
        settings.remove_receiving_body(opened)


def test_two_bodies_cannot_begin_on_one_day(settings: OfficeSettingsService) -> None:
    settings.save_receiving_body(COMMITTEE)
    settings.save_receiving_body(BUREAU)
    bureau = settings.receiving_bodies()[1]
    for draft, opened in (
        (replace(BUREAU, since=COMMITTEE.since), None),
        (replace(bureau, since=COMMITTEE.since), bureau),
    ):
        with pytest.raises(InvalidFormError) as caught:
            settings.save_receiving_body(draft, opened)
        assert caught.value.messages == {"since": "这一天起已登记为“区信息委”，请改日期，或修改那一条。"}
    settings.save_receiving_body(replace(bureau, note="同一天可以改"), bureau)


def test_every_wrong_field_is_named(settings: OfficeSettingsService) -> None:
    with pytest.raises(InvalidFormError) as caught:
        settings.save_receiving_body(ReceivingBodyDraft(name="局" * 51))
    assert set(caught.value.messages) == {"name", "since"}
    with pytest.raises(InvalidFormError, match="有内容需要改正"):
        settings.save_receiving_body(ReceivingBodyDraft(since=date(2024, 1, 1)))
