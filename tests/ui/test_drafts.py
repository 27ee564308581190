"""What was typed and not saved outlives a crash, and never comes back unasked."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from cdo_desktop.errors import ConflictError, FieldConflict, StorageError
from cdo_desktop.ui.common import drafts as drafts_module
from cdo_desktop.ui.common.conflict_dialog import ConflictDialog
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.draft_files import Draft, DraftConflictError, DraftField, DraftFiles
from cdo_desktop.ui.common.drafts import time_text
from cdo_desktop.ui.common.fields import Field, FieldKind, FieldValue
from cdo_desktop.ui.common.form_dialog import FormDialog
from cdo_desktop.ui.common.input_guard import install_input_guard, is_composing
from cdo_desktop.ui.common.notices import ConflictChoice
from tests.ui.fakes import FakeNotices, make_ui

NOW = datetime(2026, 11, 24, 14, 3, 9)
KEY = "holder/12/update"
TITLE = "信息更新"
FIELDS = (
    Field("name", "姓名", required=True),
    Field("sex", "性别", FieldKind.CHOICE, choices=("男", "女")),
    Field("from", "任职日期", FieldKind.DATE),
    Field("month", "月份", FieldKind.MONTH),
    Field("score", "得分", FieldKind.NUMBER),
    Field("note", "备注", FieldKind.MULTILINE),
    Field("head", "主要负责人", FieldKind.CHECK),
)
STORED: dict[str, FieldValue] = {
    "name": "张三",
    "sex": "男",
    "from": date(2026, 3, 5),
    "month": "2026-03",
    "score": "80",
    "note": "甲",
    "head": True,
}
TYPED = {
    "name": "李四",
    "sex": "女",
    "from": "2026年13月",  # not readable, and still not lost
    "month": "13月",
    "score": "八十",
    "note": "甲\n乙𬀩",
    "head": "False",
}


@pytest.fixture(autouse=True)
def guard(qapp: QApplication) -> None:
    install_input_guard(qapp)


@pytest.fixture
def files(tmp_path: Path) -> DraftFiles:
    return DraftFiles(tmp_path, lambda: NOW)


@pytest.fixture
def ui(qtbot: QtBot, notices: FakeNotices, files: DraftFiles) -> Iterator[UiContext]:
    context = replace(make_ui(notices), drafts=files)
    yield context
    context.tasks.wait_all()


def forget_input(dialog: FormDialog) -> None:
    dialog.form.mark_clean()


Open = Callable[..., FormDialog]


@pytest.fixture
def open_form(qtbot: QtBot, ui: UiContext) -> Open:
    """Return what opens the form of one record, as it is stored, with every draft looked up."""

    def open_form(
        stored: dict[str, FieldValue] | None = None,
        version: int = 3,
        save: Callable[[dict[str, FieldValue]], object] = lambda _values: None,
        key: str = KEY,
    ) -> FormDialog:
        dialog = FormDialog(TITLE, ui, save, draft_key=key, draft_version=lambda: version)
        qtbot.addWidget(dialog, before_close_func=forget_input)
        dialog.form.add(*FIELDS)
        dialog.form.set_values(STORED if stored is None else stored)
        dialog.fit()
        dialog.open()
        ui.tasks.wait_all()
        return dialog

    return open_form


def line(dialog: FormDialog, key: str) -> QLineEdit:
    widget = dialog.form.editor(key).focus
    assert isinstance(widget, QLineEdit)
    return widget


def kept(files: DraftFiles) -> list[Path]:
    return sorted(files.folder.iterdir()) if files.folder.exists() else []


RENAMED = {"name": DraftField("张三", "李四")}


def put(files: DraftFiles, fields: dict[str, DraftField] = RENAMED, title: str = TITLE) -> None:
    """Leave a draft behind as a program that was killed does."""
    slot = files.look_up(KEY).free
    slot.keep(Draft(KEY, 3, title, NOW - timedelta(hours=2), fields))
    slot.carry_out()


def write_now(ui: UiContext, dialog: FormDialog) -> None:
    assert dialog._draft_keeper is not None
    dialog._draft_keeper.keep()
    ui.tasks.wait_all()


def press(dialog: FormDialog, text: str) -> None:
    next(button for button in dialog.banner.action_buttons if button.text() == text).click()


def die(dialog: FormDialog) -> None:
    """Drop a dialog as a crash does: without any of its closing code."""
    dialog.form.mark_clean()
    dialog._draft_keeper = None
    dialog.deleteLater()


# Writing


def test_pause_after_typing_writes_a_draft(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, open_form: Open, files: DraftFiles
) -> None:
    assert drafts_module.SOON_MS == 2_000
    monkeypatch.setattr(drafts_module, "SOON_MS", 20)
    dialog = open_form()
    line(dialog, "name").setText("李")
    line(dialog, "name").setText("李四")
    qtbot.waitUntil(lambda: bool(kept(files)))
    (draft, _slot), *others = files.look_up(KEY).drafts
    assert not others
    assert draft == Draft(KEY, 3, TITLE, NOW, {"name": DraftField("张三", "李四")})


def test_typing_without_a_pause_is_written_too(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, open_form: Open, files: DraftFiles
) -> None:
    monkeypatch.setattr(drafts_module, "LATEST_MS", 30)
    dialog = open_form()
    line(dialog, "name").setText("李四")
    qtbot.waitUntil(lambda: bool(kept(files)), timeout=1000)


def test_leaving_a_field_writes_a_draft(qtbot: QtBot, open_form: Open, files: DraftFiles) -> None:
    dialog = open_form()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    line(dialog, "name").setFocus()
    line(dialog, "name").setText("李四")
    assert not kept(files)
    line(dialog, "score").setFocus()
    qtbot.waitUntil(lambda: bool(kept(files)), timeout=1000)


def test_opening_and_leaving_a_form_writes_nothing(open_form: Open, ui: UiContext, files: DraftFiles) -> None:
    dialog = open_form()
    write_now(ui, dialog)
    dialog.reject()
    ui.tasks.wait_all()
    assert not kept(files)


def test_draft_is_gone_once_the_input_is_taken_back(
    open_form: Open, ui: UiContext, files: DraftFiles
) -> None:
    dialog = open_form()
    line(dialog, "name").setText("李四")
    write_now(ui, dialog)
    assert kept(files)
    line(dialog, "name").setText("张三")
    write_now(ui, dialog)
    assert not kept(files)


def test_writing_a_draft_leaves_a_composition_alone(qtbot: QtBot, open_form: Open, ui: UiContext) -> None:
    dialog = open_form()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    name = line(dialog, "name")
    name.setFocus()
    name.deselect()
    QApplication.sendEvent(name, QInputMethodEvent("zhang", []))
    write_now(ui, dialog)
    assert is_composing()
    assert name.text() == "张三"


def test_saving_removes_the_draft(qtbot: QtBot, open_form: Open, ui: UiContext, files: DraftFiles) -> None:
    dialog = open_form()
    line(dialog, "name").setText("李四")
    write_now(ui, dialog)
    dialog.save_button.click()
    ui.tasks.wait_all()
    assert not dialog.isVisible()
    assert not kept(files)


def test_not_saving_by_choice_removes_the_draft(
    open_form: Open, ui: UiContext, notices: FakeNotices, files: DraftFiles
) -> None:
    dialog = open_form()
    line(dialog, "name").setText("李四")
    write_now(ui, dialog)
    notices.choice = 2
    dialog.reject()
    assert kept(files)
    notices.choice = 1
    dialog.reject()
    ui.tasks.wait_all()
    assert not kept(files)


def test_database_that_refuses_leaves_a_draft_at_once(
    open_form: Open, ui: UiContext, files: DraftFiles
) -> None:
    def save(_values: dict[str, FieldValue]) -> None:
        raise StorageError("数据库已满，没有保存，您填写的内容仍在窗口中。")

    dialog = open_form(save=save)
    line(dialog, "name").setText("李四")
    dialog.save()
    ui.tasks.wait_all()
    assert len(kept(files)) == 1
    assert dialog.isVisible()


def test_window_torn_away_with_input_keeps_the_draft(
    open_form: Open, ui: UiContext, files: DraftFiles
) -> None:
    dialog = open_form()
    line(dialog, "name").setText("李四")
    dialog.done(0)  # as the closing of the program does
    ui.tasks.wait_all()
    assert len(kept(files)) == 1


def test_late_write_cannot_bring_back_a_removed_draft(files: DraftFiles) -> None:
    slot = files.look_up(KEY).free
    draft = Draft(KEY, 3, TITLE, NOW, {"name": DraftField("张三", "李四")})
    slot.keep(draft)
    slot.remove()
    slot.carry_out()
    slot.carry_out()
    assert not kept(files)


def test_forms_without_a_key_write_nothing(open_form: Open, ui: UiContext, files: DraftFiles) -> None:
    dialog = open_form(key="")
    line(dialog, "name").setText("李四")
    dialog.done(0)
    ui.tasks.wait_all()
    assert dialog._draft_keeper is None
    assert not kept(files)


# Offering


def test_every_kind_of_field_comes_back_as_it_was_typed(open_form: Open, ui: UiContext) -> None:
    dialog = open_form()
    dialog.form.set_states(TYPED)
    write_now(ui, dialog)
    assert {key: dialog.form.state(key) for key in TYPED} == TYPED
    die(dialog)
    again = open_form()
    assert not again.form.changed_keys()
    assert again.banner.text.startswith(
        "继续上次没保存的内容（11-24 14:03）？填写过：姓名、性别、任职日期、月份等 7 项"
    )
    press(again, "继续")
    assert {key: again.form.state(key) for key in TYPED} == TYPED
    assert again.isWindowModified()
    assert not again.banner.text
    note = again.form.editor("note").focus
    assert isinstance(note, QPlainTextEdit)
    assert note.toPlainText() == "甲\n乙𬀩"


def test_continued_draft_is_one_draft_and_gone_after_saving(
    open_form: Open, ui: UiContext, files: DraftFiles
) -> None:
    put(files)
    dialog = open_form()
    press(dialog, "继续")
    line(dialog, "score").setText("90")
    write_now(ui, dialog)
    (draft, _slot), *others = files.look_up(KEY).drafts
    assert not others
    assert set(draft.fields) == {"name", "score"}
    dialog.save()
    ui.tasks.wait_all()
    assert not kept(files)


def test_discarded_draft_can_be_fetched_back_until_the_form_closes(
    open_form: Open, ui: UiContext, files: DraftFiles
) -> None:
    put(files)
    dialog = open_form()
    press(dialog, "丢弃")
    assert dialog.banner.text == "已丢弃上次没保存的内容（11-24 12:03）。"
    press(dialog, "恢复")
    assert dialog.banner.text.startswith("继续上次没保存的内容")
    press(dialog, "丢弃")
    assert kept(files)
    dialog.reject()
    ui.tasks.wait_all()
    assert not kept(files)


def test_offer_left_open_is_made_again_and_not_overwritten(
    open_form: Open, ui: UiContext, files: DraftFiles
) -> None:
    put(files)
    dialog = open_form()
    line(dialog, "score").setText("90")
    write_now(ui, dialog)
    assert len(kept(files)) == 2
    die(dialog)
    again = open_form()
    assert again.banner.text == "继续上次没保存的内容（11-24 14:03）？填写过：得分。"
    assert again.banner.more.text() == "还有 1 条"
    press(again, "继续")
    press(again, "继续")
    assert set(again.form.changed_keys()) == {"name", "score"}
    again.save()
    ui.tasks.wait_all()
    assert not kept(files)


def test_failed_save_does_not_take_the_offer_away(open_form: Open, ui: UiContext, files: DraftFiles) -> None:
    put(files)

    def save(_values: dict[str, FieldValue]) -> None:
        raise StorageError("数据库被占用。")

    dialog = open_form(save=save)
    dialog.save()
    ui.tasks.wait_all()
    dialog.banner.close_newest()
    assert dialog.banner.text.startswith("继续上次没保存的内容")


def test_draft_of_an_older_version_says_so_and_shows_both(
    open_form: Open, notices: FakeNotices, ui: UiContext, files: DraftFiles
) -> None:
    put(files, fields={"name": DraftField("张三", "李四"), "head": DraftField("True", "False")})
    dialog = open_form(STORED | {"name": "张五"}, version=4)
    assert "又保存过" in dialog.banner.text
    notices.conflict_choice = ConflictChoice.BACK
    press(dialog, "继续")
    (conflict,) = notices.conflicts
    assert isinstance(conflict, DraftConflictError)
    assert conflict.fields == (FieldConflict("姓名", "张三", "李四", "张五"),)
    assert dialog.form.state("name") == "张五"
    assert kept(files)
    notices.conflict_choice = ConflictChoice.TAKE_THEIRS
    press(dialog, "继续")
    assert dialog.form.changed_keys() == ("head",)
    assert dialog.form.state("name") == "张五"


def test_older_draft_can_win_by_choice(open_form: Open, notices: FakeNotices, files: DraftFiles) -> None:
    put(files)
    dialog = open_form(STORED | {"name": "张五"}, version=4)
    notices.conflict_choice = ConflictChoice.KEEP_MINE
    press(dialog, "继续")
    assert dialog.form.state("name") == "李四"
    assert dialog.form.changes() == {"name": ("张五", "李四")}


def test_what_was_typed_meanwhile_is_not_overwritten_unasked(
    open_form: Open, notices: FakeNotices, files: DraftFiles
) -> None:
    put(files)
    dialog = open_form()
    line(dialog, "name").setText("王五")
    press(dialog, "继续")
    assert notices.conflicts[0].fields == (FieldConflict("姓名", "张三", "李四", "王五"),)
    assert dialog.form.state("name") == "王五"


def test_draft_that_was_saved_after_all_is_not_offered(
    open_form: Open, ui: UiContext, files: DraftFiles
) -> None:
    put(files)
    dialog = open_form(STORED | {"name": "李四"}, version=4)
    ui.tasks.wait_all()
    assert not dialog.banner.text
    assert not kept(files)


def test_draft_of_another_window_title_says_whose_it_was(open_form: Open, files: DraftFiles) -> None:
    put(files, title="信息更新：区教育局 张三")
    assert "当时的窗口是“信息更新：区教育局 张三”" in open_form().banner.text


def test_other_forms_are_not_offered_the_draft(open_form: Open, files: DraftFiles) -> None:
    put(files)
    assert not open_form(key="holder/13/update").banner.text


def test_draft_of_another_year_names_it() -> None:
    assert time_text(datetime(2025, 12, 31, 9, 0), NOW) == "2025-12-31 09:00"


def test_conflict_dialog_speaks_of_the_draft(qtbot: QtBot) -> None:
    fields = (FieldConflict("姓名", "张三", "李四", "张五"),)
    for error, head, label in (
        (DraftConflictError("不一样。", fields), "上次填写的", "用上次填写的"),
        (ConflictError("不一样。", fields), "我的", "用我的内容"),
    ):
        dialog = ConflictDialog(error)
        qtbot.addWidget(dialog)
        assert dialog.mine_button.text() == label
        item = dialog.table.horizontalHeaderItem(2)
        assert item is not None
        assert item.text() == head


# Files


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"{", b"\xff\xfe", b"[]", b"[" * 100_000, b'{"format": 2}', b'{"format":1,"fields":[]}'),
        b'{"format":1,"version":0,"key":"x","title":"","written":"2026-11-24","fields":{"name":[""]}}',
    ],
)
def test_damaged_draft_is_left_alone_and_not_overwritten(
    open_form: Open, ui: UiContext, files: DraftFiles, content: bytes
) -> None:
    put(files)
    (path,) = kept(files)
    path.write_bytes(content)
    dialog = open_form()
    assert not dialog.banner.text
    line(dialog, "name").setText("王五")
    write_now(ui, dialog)
    assert len(kept(files)) == 2
    assert path.read_bytes() == content


def test_drafts_are_deleted_after_thirty_days(files: DraftFiles) -> None:
    for key, days in (("old", 31), ("new", 29)):
        slot = files.look_up(key).free
        slot.keep(Draft(key, 0, TITLE, NOW, {"name": DraftField("", "李四")}))
        slot.carry_out()
        (path,) = [path for path in kept(files) if json.loads(path.read_bytes())["key"] == key]
        moment = (NOW - timedelta(days=days)).timestamp()
        os.utime(path, (moment, moment))
    half_written = files.folder / ".cdo-1a2b3c4d.json"
    half_written.write_text("{", encoding="utf-8")
    os.utime(half_written, ((NOW - timedelta(hours=1)).timestamp(),) * 2)
    assert files.remove_old() == 2
    assert files.look_up("new").drafts
    assert not files.look_up("old").drafts
    assert len(kept(files)) == 1


def test_no_folder_means_no_drafts(tmp_path: Path) -> None:
    files = DraftFiles(tmp_path / "nowhere", lambda: NOW)
    assert files.remove_old() == 0
    assert files.look_up(KEY).drafts == ()


@pytest.mark.skipif(
    sys.platform == "win32", reason="Windows keeps the user's folder to the user by its own rights"
)
def test_drafts_are_for_their_user_only(files: DraftFiles) -> None:
    put(files)
    assert files.folder.stat().st_mode & 0o077 == 0


def test_disk_that_refuses_is_told_once_and_stops_nothing(
    open_form: Open, ui: UiContext, notices: FakeNotices, tmp_path: Path, files: DraftFiles
) -> None:
    (tmp_path / "drafts").write_text("a file where the folder should be", encoding="utf-8")
    saved: list[object] = []
    dialog = open_form(save=saved.append)
    line(dialog, "name").setText("李四")
    write_now(ui, dialog)
    assert "不能在磁盘上另存草稿" in dialog.banner.text
    dialog.banner.clear()
    line(dialog, "name").setText("李五")
    write_now(ui, dialog)
    assert not dialog.banner.text
    dialog.save()
    ui.tasks.wait_all()
    assert len(saved) == 1
    assert not notices.errors


def test_draft_is_written_again_once_the_disk_takes_it(
    open_form: Open, ui: UiContext, tmp_path: Path, files: DraftFiles
) -> None:
    blocker = tmp_path / "drafts"
    blocker.write_text("", encoding="utf-8")
    dialog = open_form()
    line(dialog, "name").setText("李四")
    write_now(ui, dialog)
    blocker.unlink()
    write_now(ui, dialog)
    assert len(files.look_up(KEY).drafts) == 1


def test_endless_text_is_not_written(open_form: Open, ui: UiContext, files: DraftFiles) -> None:
    dialog = open_form()
    dialog.form.set_states({"note": "好" * 400_000})
    write_now(ui, dialog)
    assert "太长" in dialog.banner.text
    assert not kept(files)


# Crashes

CHILD = """
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from cdo_desktop.ui.common import drafts
from cdo_desktop.ui.common.draft_files import DraftFiles
from cdo_desktop.ui.common.fields import Field
from cdo_desktop.ui.common.form_dialog import FormDialog
from tests.ui.fakes import make_ui

drafts.SOON_MS = drafts.LATEST_MS = 1
app = QApplication([])
ui = replace(make_ui(), drafts=DraftFiles(Path(sys.argv[1]), datetime.now))
dialog = FormDialog("信息更新", ui, lambda values: None, draft_key=sys.argv[2])
dialog.form.add(Field("name", "姓名"))
dialog.open()
count = 0

def type_on():
    global count
    count += 1
    dialog.form.set_states({"name": f"李四{count}"})

timer = QTimer()
timer.timeout.connect(type_on)
timer.start(3)
app.exec()
"""


@pytest.mark.skipif(
    sys.platform == "win32", reason="Windows has no SIGKILL; terminate is tried there by hand"
)
def test_killed_program_leaves_a_whole_draft(open_form: Open, tmp_path: Path, files: DraftFiles) -> None:
    for pause in (0.0, 0.011, 0.023):
        command = [sys.executable, "-c", CHILD, str(tmp_path), KEY]
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
        with subprocess.Popen(command, env=environment) as child:
            until = time.monotonic() + 30
            while not any(not path.name.startswith(".") for path in kept(files)):
                assert child.poll() is None
                assert time.monotonic() < until
                time.sleep(0.005)
            time.sleep(pause)
            child.send_signal(signal.SIGKILL)
        (draft, _slot) = files.look_up(KEY).drafts[0]
        assert draft.fields["name"].typed.startswith("李四")
        dialog = open_form({"name": ""}, version=0)
        press(dialog, "继续")
        assert dialog.form.state("name") == draft.fields["name"].typed
        dialog._ui.tasks.wait_all()
        for path in kept(files):
            path.unlink()
