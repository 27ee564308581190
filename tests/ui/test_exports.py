"""Every file that leaves the register ends in one line that opens it, and never in a question."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from cdo_desktop.errors import FileInUseError
from cdo_desktop.rules.vocabulary import PostKind
from cdo_desktop.services.roster_export import RosterExportService
from cdo_desktop.ui.registry import exports
from tests.ui.register_desk import RegisterDesk
from tests.ui.small_district import post_of

EXPORTS = {
    "export_roster": ("名册20261124.xlsx", "已导出名册："),
    "export_full_roster": ("名册（全部字段）20261124.xlsx", "已导出名册（全部字段）："),
    "export_contact_list": ("通讯录20261124.pdf", "已导出通讯录："),
    "export_template": ("名册导入模板20261124.xlsx", "已导出名册导入模板："),
}


@pytest.mark.parametrize("export", EXPORTS)
def test_an_export_says_in_a_line_where_it_is_and_opens_it(
    desk: RegisterDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, export: str
) -> None:
    opened: list[str] = []

    def open_url(url: QUrl) -> bool:
        opened.append(url.toLocalFile())
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    name, told = EXPORTS[export]
    target = tmp_path / name
    desk.files.path = target
    act: Callable[[], None] = getattr(desk.tab.exports, export)
    act()
    desk.settle()
    assert desk.files.names == [name]
    assert target.stat().st_size > 1000
    line = desk.tab.result_line
    assert line.isVisible()
    assert line.label.text() == f"{told}{name}"
    assert len(desk.notices.questions) == (export == "export_full_roster")  # what it holds is asked before
    line.open_button.click()
    line.folder_button.click()
    assert [Path(one) for one in opened] == [target, tmp_path]
    line.close_button.click()
    assert line.isHidden()


def test_an_export_that_is_open_elsewhere_can_be_tried_again(
    desk: RegisterDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = RosterExportService.write_template
    tries: list[Path] = []

    def held_once(service: RosterExportService, target: Path) -> None:
        tries.append(target)
        if len(tries) == 1:
            raise FileInUseError("“模板.xlsx”正被 Excel 或 WPS 打开，没有写入。")
        really(service, target)

    monkeypatch.setattr(RosterExportService, "write_template", held_once)
    desk.files.path = tmp_path / "模板.xlsx"
    desk.notices.choice = 1  # 已关闭，重试
    desk.tab.exports.export_template()
    desk.settle()
    assert desk.notices.labels == [("换个名字…", "已关闭，重试", "取消")]
    assert len(tries) == 2
    assert desk.files.path.exists()


@pytest.mark.parametrize(("most", "more"), [(3, 0), (1, 2)])
def test_contact_list_tells_what_no_font_can_show(
    desk: RegisterDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int, more: int
) -> None:
    monkeypatch.setattr(exports, "_MOST_PROBLEMS", most)
    for unit in ("罗店镇", "区教育局", "区财政局"):
        opened = desk.office.holders.get(post_of(desk.office, unit, PostKind.CDO).tenure_id or 0)
        desk.office.holders.update(opened, replace(opened, name="张\U00030edd"))
    desk.files.path = tmp_path / "通讯录.pdf"
    desk.tab.exports.export_contact_list()
    desk.settle()
    told, *problems = desk.tab.result_line.label.text().split("\n")
    assert told == "已导出通讯录：通讯录.pdf"
    assert [("U+30EDD" in problem) for problem in problems] == [True] * most + [False] * bool(more)
    assert not more or problems[-1].startswith(f"另有 {more} 行")
