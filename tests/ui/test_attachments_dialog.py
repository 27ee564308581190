"""Attachments are dropped, chosen, opened, saved, removed and put back in one dialog of the register."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtTest import QTest

from benchmarks.reliability.attachment_names import DOCX, PDF, PROGRAM
from cdo_desktop.errors import StorageError
from cdo_desktop.services.attachment_rows import of_tenure, of_unit
from cdo_desktop.ui.registry.attachments_dialog import AttachmentsDialog
from tests.ui.drops import drop_files
from tests.ui.register_desk import RegisterDesk
from tests.ui.small_district import post_of

UNIT, POST = "区教育局", "数据专员"


@pytest.fixture
def incoming(tmp_path: Path) -> Path:
    """Return a folder with files as they arrive."""
    folder = tmp_path / "收到的文件"
    folder.mkdir()
    for name, content in (("任免文件.pdf", PDF), ("登记表.docx", DOCX), ("程序.pdf.exe", PROGRAM)):
        (folder / name).write_bytes(content)
    return folder


def opened(desk: RegisterDesk, unit: str = UNIT, post: str = POST) -> AttachmentsDialog:
    """Open the attachments of a post and wait until they are listed."""
    desk.select(unit, post)
    desk.actions["attachments"].trigger()
    dialog = desk.dialog(AttachmentsDialog)
    desk.settle()
    return dialog


def names(dialog: AttachmentsDialog) -> list[str]:
    model = dialog.table.model
    return [model.line(row).texts[0] for row in range(model.key_count)]


def tabs(dialog: AttachmentsDialog) -> list[str]:
    return [dialog.tabs.tabText(place) for place in range(dialog.tabs.count())]


def add(desk: RegisterDesk, dialog: AttachmentsDialog, *files: Path) -> None:
    desk.files.paths = list(files)
    dialog.add_action.trigger()
    desk.settle()


def test_dropped_files_are_taken_and_refused_ones_named(desk: RegisterDesk, incoming: Path) -> None:
    dialog = opened(desk)
    assert dialog.windowTitle() == "附件：区教育局 数据专员 吕晓雯"
    assert tabs(dialog) == ["吕晓雯的任职（0）", "单位 区教育局（0）"]
    assert drop_files(dialog, *(QUrl.fromLocalFile(str(path)) for path in sorted(incoming.iterdir())))
    desk.settle()
    assert sorted(names(dialog)) == ["任免文件.pdf", "登记表.docx"]
    assert tabs(dialog)[0] == "吕晓雯的任职（2）"
    first, second = dialog.notice.text.splitlines()
    assert first == "有 1 个文件没有添加，其余 2 个已添加："
    assert "程序.pdf.exe" in second
    assert "能够运行" in second
    dialog.notice.action_buttons[0].click()
    assert QGuiApplication.clipboard().text() == second
    assert desk.notices.infos[-1] == "已添加 2 个附件"


def test_links_to_elsewhere_are_not_taken(desk: RegisterDesk) -> None:
    dialog = opened(desk)
    assert not drop_files(dialog, QUrl("https://example.org/a.pdf"))
    assert not drop_files(dialog)


def test_files_belong_to_the_record_whose_tab_is_open(desk: RegisterDesk, incoming: Path) -> None:
    dialog = opened(desk)
    dialog.tabs.setCurrentIndex(1)
    desk.settle()
    add(desk, dialog, incoming / "任免文件.pdf")
    assert tabs(dialog) == ["吕晓雯的任职（0）", "单位 区教育局（1）"]
    row = post_of(desk.office, UNIT, POST)
    assert desk.office.attachments.count_of(of_unit(row.unit_id)) == 1
    assert desk.office.attachments.count_of(of_tenure(row.tenure_id or 0)) == 0
    dialog.tabs.setCurrentIndex(0)
    desk.settle()
    assert names(dialog) == []


def test_empty_post_has_the_files_of_its_unit(desk: RegisterDesk) -> None:
    dialog = opened(desk, "区财政局")
    assert tabs(dialog) == ["单位 区财政局（0）"]
    assert not dialog.open_action.isEnabled()
    assert "请先选中附件" in dialog.open_action.toolTip()


def test_enter_opens_a_read_only_copy(
    desk: RegisterDesk, incoming: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    launched: list[Path] = []

    def launch(url: QUrl) -> bool:
        launched.append(Path(url.toLocalFile()))
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", launch)
    dialog = opened(desk)
    add(desk, dialog, incoming / "任免文件.pdf")
    QTest.keyClick(dialog.table.grid, Qt.Key.Key_Return)
    desk.settle()
    (copy,) = launched
    assert copy.read_bytes() == PDF
    assert copy.is_relative_to(desk.office.data_folder / "opened")


def test_file_that_no_program_opens_is_told(
    desk: RegisterDesk, incoming: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _url: False)
    dialog = opened(desk)
    add(desk, dialog, incoming / "任免文件.pdf")
    dialog.open_action.trigger()
    desk.settle()
    assert dialog.notice.text.startswith("系统里没有能打开 .pdf 的程序。")


def test_one_file_is_saved_under_its_name_and_several_into_a_folder(
    desk: RegisterDesk, incoming: Path, tmp_path: Path
) -> None:
    dialog = opened(desk)
    add(desk, dialog, incoming / "任免文件.pdf", incoming / "登记表.docx")
    dialog.table.select_key(dialog.table.model.key_at(0))
    desk.files.path = tmp_path / "存出来.pdf"
    dialog.save_action.trigger()
    desk.settle()
    assert desk.files.names == ["任免文件.pdf"]
    assert desk.files.path.read_bytes() == PDF
    assert dialog.result_line.isVisible()
    dialog.table.select_all_action.trigger()
    folder = tmp_path / "存到这里"
    folder.mkdir()
    desk.files.path = folder
    dialog.save_action.trigger()
    desk.settle()
    # Where a filesystem has no streams, Wine puts the mark of a foreign origin beside the file.
    saved = [path.name for path in folder.iterdir() if not path.name.endswith(":Zone.Identifier")]
    assert sorted(saved) == ["任免文件.pdf", "登记表.docx"]


def test_removed_file_can_be_put_back_at_once(desk: RegisterDesk, incoming: Path) -> None:
    dialog = opened(desk)
    add(desk, dialog, incoming / "任免文件.pdf")
    QTest.keyClick(dialog.table.grid, Qt.Key.Key_Delete)
    desk.settle()
    assert names(dialog) == []
    assert dialog.notice.text == "已移除“任免文件.pdf”。"
    dialog.notice.action_buttons[0].click()
    desk.settle()
    assert names(dialog) == ["任免文件.pdf"]


def test_past_day_can_be_looked_at_and_not_changed(desk: RegisterDesk, incoming: Path) -> None:
    dialog = opened(desk)
    add(desk, dialog, incoming / "任免文件.pdf")
    dialog.close()
    desk.tab.bar.day.set_day(post_of(desk.office, UNIT, POST).since)
    desk.settle()
    desk.tab.table.select_key(desk.tab.table.model.key_at(0))
    desk.actions["attachments"].trigger()
    dialog = desk.dialog(AttachmentsDialog)
    desk.settle()
    assert not dialog.acceptDrops()
    assert not dialog.add_action.isEnabled()
    assert not dialog.remove_action.isEnabled()


def test_storage_that_refuses_is_told_in_the_dialog(
    desk: RegisterDesk, incoming: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = opened(desk)

    def refuse(*_arguments: object) -> None:
        raise StorageError("空间不够，附件没有保存。")

    monkeypatch.setattr(desk.office.attachments, "add", refuse)
    add(desk, dialog, incoming / "任免文件.pdf")
    assert dialog.notice.text == "空间不够，附件没有保存。"
    assert dialog.add_action.isEnabled()


def test_many_refusals_are_counted_and_can_be_copied(desk: RegisterDesk, incoming: Path) -> None:
    dialog = opened(desk)
    for number in range(8):
        (incoming / f"{number}.exe").write_bytes(PROGRAM)
    add(desk, dialog, *sorted(incoming.glob("?.exe")))
    lines = dialog.notice.text.splitlines()
    assert (len(lines), lines[-1]) == (7, "另有 3 个，点“复制全部原因”查看。")
    dialog.notice.action_buttons[0].click()
    assert len(QGuiApplication.clipboard().text().splitlines()) == 8
