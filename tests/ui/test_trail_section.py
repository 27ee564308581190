"""系统 → 操作记录: found, looked into, checked and exported."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from cdo_desktop.ui.system.system_tab import TRAIL
from cdo_desktop.ui.system.trail_section import TrailSection
from tests.ui.small_district import post_of
from tests.ui.system_desk import SystemDesk, system_desk


@pytest.fixture
def desk(district: Path, qtbot: QtBot) -> Iterator[SystemDesk]:
    with system_desk(district, qtbot) as opened:
        holder = opened.office.holders.get(post_of(opened.office, "罗店镇", "数据专员").tenure_id or 0)
        opened.office.holders.update(holder, replace(holder, title="副科长", mobile="13900009999"))
        yield opened


def section_of(desk: SystemDesk) -> TrailSection:
    page = desk.page(TRAIL)
    assert isinstance(page, TrailSection)
    return page


def shown(section: TrailSection) -> list[tuple[str, str, str]]:
    """Return operation, person and content of every line."""
    model = section.table.model
    rows = model.rows_of(model.keys)
    return [(row.action, row.person, row.summary) for row in rows]


def test_newest_line_is_first_and_its_fields_are_shown(desk: SystemDesk, qtmodeltester: ModelTester) -> None:
    section = section_of(desk)
    qtmodeltester.check(section.table.model)  # type: ignore[no-untyped-call]
    assert shown(section)[0][:2] == ("信息更新", "欧阳静")
    section.table.select_key(section.table.model.key_at(0))
    assert "欧阳静" in section.about.text()
    items = [section.details.topLevelItem(row) for row in range(section.details.topLevelItemCount())]
    cells = [[item.text(column) for column in range(3)] for item in items if item]
    assert cells == [["手机", "13900000002", "13900009999"], ["现任职务", "科员", "副科长"]]


def test_search_and_days_narrow_the_lines(desk: SystemDesk) -> None:
    section = section_of(desk)
    everything = section.table.model.key_count
    section.search.setText("13900009999")
    assert [line[0] for line in shown(section)] == ["信息更新"]
    assert section.counts.text() == f"显示 1 / 共 {everything}"
    section.table.clear_filters_action.trigger()
    assert section.search.text() == ""
    assert section.table.model.key_count == everything
    section.since.line.setText("2026-11-25")
    assert section.table.model.key_count == 0
    section.since.line.setText("")
    section.until.line.setText("2026-11-24")
    assert section.table.model.key_count == everything


def test_whole_trail_is_confirmed(desk: SystemDesk) -> None:
    section = section_of(desk)
    section.check_action.trigger()
    desk.settle()
    assert section.result.text().startswith("操作记录完整")
    assert section.check_action.isEnabled()


def test_forged_trail_is_told(desk: SystemDesk) -> None:
    import sqlite3
    from contextlib import closing

    section = section_of(desk)
    with closing(sqlite3.connect(desk.office.data_folder / "cdo.sqlite3")) as connection:
        connection.execute("DROP TRIGGER audit_links_is_append_only_delete")
        connection.execute("DELETE FROM audit_links WHERE id = 2")
        connection.commit()
    section.check_action.trigger()
    desk.settle()
    assert section.result.text().startswith("操作记录第")
    assert section.result.property("role") == "message"


def test_export_writes_what_is_shown(desk: SystemDesk, tmp_path: Path) -> None:
    section = section_of(desk)
    section.search.setText("13900009999")
    desk.files.path = tmp_path / "记录.xlsx"
    section.export_action.trigger()
    desk.settle()
    sheet = load_workbook(tmp_path / "记录.xlsx").active
    assert sheet is not None
    assert sheet.max_row == 4
    assert "已导出 1 条操作记录" in section.line.label.text()
