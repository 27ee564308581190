"""The history says who held a post, what a person did before, and what was changed when."""

from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtWidgets import QLabel, QTreeWidget

from cdo_desktop.errors import StorageError
from cdo_desktop.services.appointments import FilingDraft
from cdo_desktop.services.holder_draft import HolderDraft
from cdo_desktop.ui.registry.history_dialog import HistoryDialog
from tests.ui.register_desk import RegisterDesk
from tests.ui.small_district import post_of


def open_history(desk: RegisterDesk, unit: str, post: str) -> HistoryDialog:
    """Open the history of a post and wait until it is filled."""
    desk.select(unit, post)
    desk.actions["history"].trigger()
    return desk.dialog(HistoryDialog)


def titles(dialog: HistoryDialog) -> list[str]:
    """Return the titles of the pages."""
    return [dialog.tabs.tabText(place) for place in range(dialog.tabs.count())]


def lines(dialog: HistoryDialog, title: str) -> list[list[str]]:
    """Return the cells of a page."""
    tree = dialog.tabs.widget(titles(dialog).index(title))
    assert isinstance(tree, QTreeWidget)
    items = [tree.topLevelItem(row) for row in range(tree.topLevelItemCount())]
    return [[item.text(column) for column in range(tree.columnCount())] for item in items if item]


def test_it_shows_former_holders_newest_first(desk: RegisterDesk) -> None:
    opened = desk.office.holders.get(post_of(desk.office, "区教育局", "数据专员").tenure_id or 0)
    new = replace(HolderDraft(opened.post_id, opened.post), name="周明", since=date(2026, 11, 20))
    desk.office.holders.replace(opened, new, FilingDraft(change_reason="退休"))
    desk.tab.reload()
    dialog = open_history(desk, "区教育局", "数据专员")
    assert dialog.windowTitle() == "历史：区教育局 数据专员"
    assert lines(dialog, "数据专员历任") == [
        ["周明", "", "2026-11-20", "现任"],
        ["吕晓雯", "主任科员", "2023-09-10", "2026-11-20"],
    ]
    assert lines(dialog, "周明的任职") == [["区教育局 数据专员", "", "2026-11-20", "现任"]]


def test_it_shows_every_change_with_before_and_after(desk: RegisterDesk) -> None:
    opened = desk.office.holders.get(post_of(desk.office, "罗店镇", "数据专员").tenure_id or 0)
    desk.office.holders.update(opened, replace(opened, title="副科长", mobile="13900009999"))
    dialog = open_history(desk, "罗店镇", "数据专员")
    when, who, what, *change = lines(dialog, "欧阳静的修改记录")[0]
    assert (when, what) == ("2026-11-24 09:30", "信息更新")
    assert who
    assert change == ["罗店镇 数据专员", "手机", "13900000002", "13900009999"]
    assert lines(dialog, "欧阳静的修改记录")[1] == ["", "", "", "", "现任职务", "科员", "副科长"]
    of_the_unit = lines(dialog, "罗店镇的修改记录")
    assert of_the_unit[0][3:5] == ["欧阳静 数据专员", "手机"]
    assert {line[3] for line in of_the_unit if line[2] == "新建单位"} == {"单位"}
    assert "欧阳静 数据专员 备案" in {line[3] for line in of_the_unit}


def test_it_shows_the_former_names_of_the_unit(desk: RegisterDesk) -> None:
    opened = desk.office.units.get(post_of(desk.office, "区教育局", "首席数据官").unit_id)
    renamed = replace(opened, full_name="上海市宝山区教育和体育局")
    desk.office.units.save(renamed, opened, date(2026, 11, 1))
    dialog = open_history(desk, "区教育局", "首席数据官")
    assert lines(dialog, "单位曾用名") == [["上海市宝山区教育局", "区教育局", "2026-11-01"]]


def test_an_empty_post_has_pages_of_post_and_unit_alone_and_says_so(desk: RegisterDesk) -> None:
    dialog = open_history(desk, "区财政局", "数据专员")
    assert titles(dialog) == ["数据专员历任", "区财政局的修改记录", "单位曾用名"]
    nothing = dialog.tabs.widget(0)
    assert isinstance(nothing, QLabel)
    assert nothing.text() == "这个岗位还没有人任职。"


def test_it_closes_when_the_history_cannot_be_read(
    desk: RegisterDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_post_id: int) -> None:
        raise StorageError("数据正被另一个程序使用，请稍后再试。")

    monkeypatch.setattr(desk.office.holders, "holders_of", refuse)
    desk.select("罗店镇", "数据专员")
    desk.actions["history"].trigger()
    desk.settle()
    assert desk.no_dialog()
    assert [str(error) for error in desk.notices.errors] == ["数据正被另一个程序使用，请稍后再试。"]


def test_the_keyboard_is_in_the_list_of_holders(desk: RegisterDesk) -> None:
    dialog = open_history(desk, "罗店镇", "数据专员")
    assert dialog.focusWidget() is dialog.tabs.widget(0)
