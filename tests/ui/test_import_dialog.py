"""A roster comes in through the window: preview, decisions, all or nothing."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from cdo_desktop.errors import FileInUseError
from cdo_desktop.office import Office
from cdo_desktop.services.roster_import import ImportResult, RosterImportService
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.progress import Progress
from cdo_desktop.ui.registry import import_session
from cdo_desktop.ui.registry.import_dialog import ImportDialog
from cdo_desktop.ui.registry.import_session import Preview
from cdo_desktop.ui.registry.services import RegistryServices
from tests.ui.drops import drop_files
from tests.ui.fakes import FakeFiles, FakeNotices, make_ui
from tests.ui.small_district import (
    HOLDERS,
    changed,
    post_of,
    register_rows,
    services_of,
    tab_round,
    write_roster,
)

NEW_MAN = {"姓名": "钱立", "任职日期": "2026-11-20", "委任依据": "宝委〔2026〕8号"}
NEW_WOMAN = {"姓名": "孟雪", "任职日期": "2026-11-23", "委任依据": "宝委〔2026〕9号"}


class Desk:
    """The dialog with everything around it."""

    def __init__(self, office: Office, folder: Path, qtbot: QtBot) -> None:
        self.office = office
        self.folder = folder
        self.notices = FakeNotices()
        self.files = FakeFiles()
        self.ui: UiContext = make_ui(self.notices, self.files)
        self.dialog = ImportDialog(services_of(office), self.ui)
        self.results: list[ImportResult] = []
        self.dialog.imported.connect(self.results.append)
        self._qtbot = qtbot
        qtbot.addWidget(self.dialog)
        self.dialog.show()

    def settle(self) -> None:
        """Wait until nothing runs."""
        self._qtbot.waitUntil(lambda: not self.ui.tasks.busy, timeout=20_000)

    def load(self, *lines: tuple[str, ...], name: str = "名册.xlsx") -> None:
        """Read a workbook with these lines."""
        self.dialog.load(write_roster(self.folder / name, lines))
        self.settle()
        self.dialog.activateWindow()  # a slow machine has shown the progress, which was active then
        self._qtbot.waitUntil(self.dialog.isActiveWindow)

    def select(self, row: str) -> None:
        """Put the keyboard on a row of the workbook."""
        table = self.dialog.view.table
        keys = [key for key in range(table.model.key_count) if self.texts(key)[0] == row]
        assert table.select_key(table.model.key_at(keys[0]))

    def texts(self, number: int) -> tuple[str, ...]:
        """Return the cells of a table line."""
        return self.dialog.view.table.model.line(number).texts

    def kinds(self) -> list[str]:
        """Return what the table says would happen, line by line."""
        return [self.texts(number)[1] for number in range(self.dialog.view.table.model.key_count)]

    def press(self, text: str) -> None:
        """Click the decision that reads so, below the table."""
        buttons = {button.accessibleName(): button for button in self.dialog.view.detail.buttons}
        buttons[text].click()
        self.settle()

    def names(self) -> list[str]:
        """Return who holds the posts, in register order, those of the units alone."""
        return [row.name for row in register_rows(self.office)]


@pytest.fixture
def desk(district_office: Office, tmp_path: Path, qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(district_office, tmp_path, qtbot)
    yield made
    made.ui.tasks.wait_all()


def test_window_begins_with_the_choice_of_a_file(desk: Desk) -> None:
    assert desk.dialog.focusWidget() is desk.dialog.start.buttons[0]
    assert not desk.dialog.import_button.isVisible()


def test_preview_counts_new_changed_same_and_problems(desk: Desk) -> None:
    desk.load(
        HOLDERS[0],
        changed(1, 手机="13911112222"),
        ("区财政局", "数据专员", "施敏", "女", "科员", "2026-11-02", "宝财〔2026〕2号", "13922223333"),
        changed(3, 任职日期="明年"),
    )
    assert desk.kinds() == ["相同", "变更", "新增", "问题"]
    chips = {button.text() for button in desk.dialog.view.chips.findChildren(QAbstractButton)}
    assert chips == {"全部 4", "新增 1", "变更 1", "相同 1", "问题 1"}
    assert desk.texts(1)[5] == "手机：13900000002 → 13911112222"
    assert "F5" in desk.texts(3)[6]


def test_chip_shows_only_its_kind(desk: Desk) -> None:
    desk.load(HOLDERS[0], changed(1, 手机="13911112222"), changed(2, 手机="13911113333"))
    for button in desk.dialog.view.chips.findChildren(QAbstractButton):
        if button.text() == "变更 2":
            button.click()
    assert desk.kinds() == ["变更", "变更"]


def test_clean_roster_goes_in_and_the_window_closes(desk: Desk) -> None:
    desk.load(HOLDERS[0], changed(1, 手机="13911112222"))
    assert desk.dialog.import_button.isEnabled()
    desk.dialog.import_button.click()
    desk.settle()
    assert desk.results == [ImportResult(new=0, changed=1, same=1, skipped=0)]
    assert post_of(desk.office, "罗店镇", "数据专员").mobile == "13911112222"
    assert not desk.dialog.isVisible()
    assert desk.notices.infos == ["已导入：新增 0 行，变更 1 行，相同 1 行"]


def test_same_roster_again_has_nothing_to_import(desk: Desk) -> None:
    desk.load(*HOLDERS)
    assert desk.kinds() == ["相同"] * 5
    assert not desk.dialog.import_button.isEnabled()
    assert "完全相同" in desk.dialog.import_button.toolTip()


def test_disabled_import_says_why(desk: Desk) -> None:
    desk.load(changed(0, 任职日期="明年"))
    assert not desk.dialog.import_button.isEnabled()
    assert "还有 1 处问题" in desk.dialog.import_button.toolTip()


def test_space_confirms_one_replacement_after_the_other(desk: Desk) -> None:
    desk.load(changed(0, **NEW_MAN), HOLDERS[1], changed(2, **NEW_WOMAN))
    assert desk.kinds() == ["待确认", "相同", "待确认"]
    grid = desk.dialog.view.table.grid
    assert desk.dialog.view.table.current_key() == 0  # the first line that asks for something
    QTest.keyClick(grid, Qt.Key.Key_Space)
    QTest.keyClick(grid, Qt.Key.Key_Space)
    desk.settle()
    assert desk.kinds() == ["更换", "相同", "更换"]
    desk.dialog.import_button.click()
    desk.settle()
    assert post_of(desk.office, "罗店镇", "首席数据官").name == "钱立"
    assert post_of(desk.office, "区教育局", "首席数据官").name == "孟雪"


def test_space_again_takes_the_decision_back(desk: Desk) -> None:
    desk.load(changed(0, **NEW_MAN))
    grid = desk.dialog.view.table.grid
    QTest.keyClick(grid, Qt.Key.Key_Space)
    desk.settle()
    assert desk.kinds() == ["更换"]
    QTest.keyClick(grid, Qt.Key.Key_Space)
    desk.settle()
    assert desk.kinds() == ["待确认"]
    assert not desk.dialog.import_button.isEnabled()


def test_decision_keeps_the_selected_line(desk: Desk) -> None:
    desk.load(HOLDERS[0], HOLDERS[1], changed(2, **NEW_WOMAN), HOLDERS[3])
    desk.select("4")
    desk.press("确认更换")
    assert desk.dialog.view.table.current_key() == 2
    assert "已确认更换" in desk.dialog.view.detail.text.toPlainText()
    assert desk.dialog.focusWidget() is desk.dialog.view.table.grid


def test_all_replacements_are_confirmed_at_once(desk: Desk) -> None:
    desk.load(changed(0, **NEW_MAN), changed(2, **NEW_WOMAN))
    assert desk.dialog.view.replace_all_button.text() == "全部确认更换 2 人(&A)"
    desk.dialog.view.replace_all_button.click()
    desk.settle()
    assert desk.kinds() == ["更换", "更换"]
    assert not desk.dialog.view.replace_all_button.isVisible()


def test_wrongly_registered_person_is_corrected_not_replaced(desk: Desk) -> None:
    desk.load(changed(0, 姓名="陈思源"))
    offered = [button.accessibleName() for button in desk.dialog.view.detail.buttons]
    assert offered == ["登记更正"]  # the same day: nobody can have followed
    desk.press("登记更正")
    assert desk.kinds() == ["登记更正"]
    tenure = post_of(desk.office, "罗店镇", "首席数据官").tenure_id
    desk.dialog.import_button.click()
    desk.settle()
    after = post_of(desk.office, "罗店镇", "首席数据官")
    assert (after.name, after.tenure_id) == ("陈思源", tenure)


def test_decision_is_taken_back_by_its_button(desk: Desk) -> None:
    desk.load(changed(0, 姓名="陈思源"))
    desk.press("登记更正")
    desk.press("撤销决定")
    assert desk.kinds() == ["待确认"]


def test_near_miss_of_a_unit_is_decided_to_be_that_unit(desk: Desk) -> None:
    desk.load(changed(2, 单位简称="教育局", 手机="13911114444"))
    assert desk.kinds() == ["问题"]
    desk.press("就是：区教育局")
    assert desk.kinds() == ["变更"]
    desk.dialog.import_button.click()
    desk.settle()
    assert post_of(desk.office, "区教育局", "首席数据官").mobile == "13911114444"
    assert len(desk.office.units.rows()) == 3


def test_near_miss_of_a_unit_is_decided_to_be_a_new_one(desk: Desk) -> None:
    desk.load(changed(2, 单位简称="教育局", 姓名="柯南星"))
    desk.press("是新单位")
    assert desk.kinds() == ["新增"]
    assert desk.texts(0)[5].startswith("新单位")
    desk.press("撤销决定")
    assert desk.kinds() == ["问题"]


def test_problem_lines_are_skipped_only_after_a_question(desk: Desk) -> None:
    desk.load(changed(0, 任职日期="明年"), changed(1, 手机="13911112222"))
    desk.notices.answer = False
    desk.dialog.skip_button.click()
    desk.settle()
    assert desk.notices.questions[0].startswith(
        "将导入 1 行（新增 0，变更 1；另有 0 行相同），跳过 1 行问题行。"
    )
    assert desk.results == []
    assert post_of(desk.office, "罗店镇", "数据专员").mobile == "13900000002"


def test_skipped_lines_stay_to_be_seen(desk: Desk) -> None:
    desk.load(changed(0, 任职日期="明年"), changed(1, 手机="13911112222"))
    desk.dialog.skip_button.click()
    desk.settle()
    assert desk.results == [ImportResult(new=0, changed=1, same=0, skipped=1)]
    assert desk.dialog.isVisible()
    assert desk.kinds() == ["问题"]
    assert "跳过 1 行" in desk.dialog.banner.text


def test_file_that_is_no_workbook_leaves_the_preview(desk: Desk) -> None:
    desk.load(HOLDERS[0], changed(1, 手机="13911112222"))
    broken = desk.folder / "坏.xlsx"
    broken.write_bytes(b"no workbook at all")
    desk.dialog.load(broken)
    desk.settle()
    assert "坏.xlsx" in desk.dialog.banner.text
    assert desk.kinds() == ["相同", "变更"]
    assert desk.dialog.file_name.text() == "名册.xlsx"
    assert desk.dialog.import_button.isEnabled()


def test_cancelled_import_writes_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.load(changed(0, 手机="13911110000"), changed(1, 手机="13911112222"))
    original = import_session.write

    def cancelled(
        services: RegistryServices, preview: Preview, progress: Progress, *, skip_problems: bool
    ) -> ImportResult:
        progress.cancel()  # the user is quicker than the first line
        return original(services, preview, progress, skip_problems=skip_problems)

    monkeypatch.setattr(import_session, "write", cancelled)
    desk.dialog.import_button.click()
    desk.settle()
    assert desk.results == []
    assert desk.dialog.isVisible()
    assert post_of(desk.office, "罗店镇", "首席数据官").mobile == "13900000001"
    assert desk.notices.infos[-1].startswith("已取消")
    assert desk.dialog.import_button.isEnabled()


def test_marked_copy_may_take_another_name_when_the_first_is_open(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.load(changed(0, 任职日期="明年"))
    original = RosterImportService.write_marked_copy
    targets: list[Path] = []

    def held_once(service: RosterImportService, source: Path, plan: object, target: Path) -> None:
        targets.append(target)
        if len(targets) == 1:
            desk.files.path = desk.folder / "第二个.xlsx"
            raise FileInUseError("“第一个.xlsx” 正被 Excel 或 WPS 打开，没有写入。")
        original(service, source, plan, target)  # type: ignore[arg-type]

    monkeypatch.setattr(RosterImportService, "write_marked_copy", held_once)
    desk.files.path = desk.folder / "第一个.xlsx"
    desk.notices.choice = 0
    desk.dialog.marked_button.click()
    desk.settle()
    assert [target.name for target in targets] == ["第一个.xlsx", "第二个.xlsx"]
    assert desk.files.names[0] == "名册_问题标注_20261124.xlsx"
    sheet = load_workbook(targets[1]).worksheets[0]
    assert "明年" in str(sheet["F2"].value)
    assert sheet["F2"].comment is not None
    assert desk.dialog.result_line.isVisible()


def test_template_is_saved_from_the_first_page(desk: Desk) -> None:
    desk.files.path = desk.folder / "模板.xlsx"
    desk.dialog.start.buttons[1].click()
    desk.settle()
    assert desk.files.names == ["名册导入模板.xlsx"]
    assert load_workbook(desk.folder / "模板.xlsx").worksheets


def test_workbook_read_again_keeps_only_decisions_about_unchanged_lines(desk: Desk) -> None:
    desk.load(changed(0, **NEW_MAN), changed(2, **NEW_WOMAN))
    desk.dialog.view.replace_all_button.click()
    desk.settle()
    write_roster(
        desk.folder / "名册.xlsx", [changed(0, **NEW_MAN), changed(2, **NEW_WOMAN | {"姓名": "孟雪梅"})]
    )
    desk.dialog.read_again_action.trigger()
    desk.settle()
    assert desk.kinds() == ["更换", "待确认"]
    assert "1 行" in desk.dialog.banner.text


def test_another_workbook_starts_without_decisions(desk: Desk) -> None:
    desk.load(changed(0, **NEW_MAN))
    desk.press("确认更换")
    desk.load(changed(0, **NEW_MAN), name="另一份.xlsx")
    assert desk.kinds() == ["待确认"]


def test_dropped_workbook_is_read(desk: Desk) -> None:
    path = write_roster(desk.folder / "拖来的.xlsx", HOLDERS)
    assert drop_files(desk.dialog, QUrl.fromLocalFile(str(path)))
    desk.settle()
    assert desk.dialog.file_name.text() == "拖来的.xlsx"


def test_notice_about_a_whole_column_has_a_line_of_its_own(desk: Desk) -> None:
    path = desk.folder / "多一列.xlsx"
    heads = ("单位简称", "岗位", "姓名", "性别", "现任职务", "任职日期", "委任依据", "手机", "身份证号")
    desk.dialog.load(write_roster(path, [(*HOLDERS[0], "")], heads))
    desk.settle()
    assert desk.kinds() == ["提示", "相同"]
    assert desk.texts(0)[2] == "（整张表）"
    desk.dialog.view.hint_chip.click()
    assert desk.kinds() == ["提示"]


def test_every_control_has_a_name(desk: Desk) -> None:
    desk.load(changed(0, **NEW_MAN))
    kinds = (QPushButton, QToolButton, QLineEdit)
    controls = [control for kind in kinds for control in desk.dialog.findChildren(kind)]
    nameless = [control for control in controls if control.isVisible() and not control.accessibleName()]
    assert nameless == []


def test_preview_table_is_a_proper_model(desk: Desk, qtmodeltester: Any) -> None:
    desk.load(*HOLDERS)
    qtmodeltester.check(desk.dialog.view.table.model)


def test_tab_reaches_chips_decisions_and_buttons(desk: Desk) -> None:
    desk.load(changed(0, **NEW_MAN), changed(1, 手机="13911112222"), changed(2, **NEW_WOMAN))
    reached = tab_round(desk.dialog)
    wanted = [
        "导入预览",
        "确认更换",
        "登记更正",
        "跳过问题行导入",
        "关闭",
        "重新读取",
        "显示：全部",
        "全部确认更换 2 人",
    ]
    assert [name for name in reached if name in wanted] == wanted
