"""任命, 信息更新, 更换 and 离任 through their dialogs, looked at in the database afterwards."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from PySide6.QtGui import Qt
from PySide6.QtTest import QTest
from sqlalchemy import Engine, event

from cdo_desktop.services.appointments import FilingDraft
from cdo_desktop.services.departures import LeaveDraft
from cdo_desktop.ui.common import drafts
from cdo_desktop.ui.common.draft_files import DraftFiles
from cdo_desktop.ui.common.fields import FieldValue
from cdo_desktop.ui.common.form_dialog import FormDialog
from cdo_desktop.ui.common.notices import ConflictChoice
from cdo_desktop.ui.registry.forms_dialog import FormsDialog
from tests.ui.register_desk import WAIT, RegisterDesk
from tests.ui.small_district import HOLDERS, post_of

TENURES = "SELECT p.name, t.title, t.since, t.until FROM tenures t JOIN persons p ON p.id = t.person_id"
OF_POST = f"{TENURES} WHERE t.post_id = ? ORDER BY t.since"
FILINGS = "SELECT kind, state, change_date, due_date, change_reason FROM filings ORDER BY id"


def open_dialog(desk: RegisterDesk, action: str, unit: str, post: str) -> FormDialog:
    """Select a post and open one of its dialogs."""
    desk.select(unit, post)
    desk.actions[action].trigger()
    return desk.dialog(FormDialog)


def fill(dialog: FormDialog, **values: FieldValue) -> None:
    """Type into fields."""
    for key, value in values.items():
        dialog.form.editor(key).set_value(value)


def save(desk: RegisterDesk, dialog: FormDialog) -> None:
    """Press the button and wait for the outcome."""
    dialog.save_button.click()
    desk.settle()


def change_elsewhere(desk: RegisterDesk, unit: str, post: str, **values: str) -> None:
    """Save other values for a holder past the window."""
    opened = desk.office.holders.get(post_of(desk.office, unit, post).tenure_id or 0)
    desk.office.holders.update(opened, replace(opened, **values))  # type: ignore[arg-type]


# 任命


def test_appointing_to_an_empty_post(desk: RegisterDesk) -> None:
    dialog = open_dialog(desk, "appoint", "区财政局", "数据专员")
    assert dialog.windowTitle() == "任命：区财政局 数据专员[*]"
    fill(dialog, name="周　明", since=date(2026, 11, 20), mobile="139 0000 0077", section="信息中心")
    save(desk, dialog)
    assert desk.no_dialog()
    row = post_of(desk.office, "区财政局", "数据专员")
    assert desk.sql(OF_POST, row.post_id) == [("周明", "", "2026-11-20", None)]
    assert (row.mobile, row.section) == ("13900000077", "信息中心")
    assert desk.sql(f"{FILINGS} DESC LIMIT 1")[0][0] == "首次备案"
    assert desk.shown()[5] == "区财政局 数据专员 周明"
    assert desk.tab.table.selected_keys() == [(row.post_id, row.tenure_id)]
    assert desk.notices.infos == ["已任命：区财政局 数据专员"]


def test_double_enter_and_double_click_make_one_record(desk: RegisterDesk) -> None:
    dialog = open_dialog(desk, "appoint", "区财政局", "数据专员")
    fill(dialog, name="周明", since=date(2026, 11, 20))
    name = dialog.form.editor("name").focus
    for _time in range(2):
        QTest.keyClick(name, Qt.Key.Key_Return)
    QTest.mouseDClick(dialog.save_button, Qt.MouseButton.LeftButton)
    dialog.save()
    desk.settle()
    assert desk.no_dialog()
    assert desk.sql("SELECT count(*) FROM persons WHERE name = '周明'") == [(1,)]
    assert desk.sql("SELECT count(*) FROM history WHERE action = '任命' AND entity = 'tenures'")[0] == (
        len(HOLDERS) + 1,
    )


def test_what_is_wrong_stands_at_its_field_and_nothing_is_saved(desk: RegisterDesk) -> None:
    dialog = open_dialog(desk, "appoint", "区财政局", "数据专员")
    save(desk, dialog)
    assert set(dialog.form.messages()) == {"name", "since"}
    assert dialog.focusWidget() is dialog.form.editor("name").focus
    fill(dialog, name="周明2", since=date(2026, 11, 20), section="信息中心")
    save(desk, dialog)
    assert "数字" in dialog.form.messages()["name"]
    assert dialog.isVisible()
    assert dialog.form.editor("section").value() == "信息中心"
    assert post_of(desk.office, "区财政局", "数据专员").tenure_id is None


def test_a_number_that_looks_mistyped_is_saved_and_pointed_out(desk: RegisterDesk) -> None:
    dialog = open_dialog(desk, "update", "罗店镇", "数据专员")
    fill(dialog, mobile="1390000", email="a@b")
    save(desk, dialog)
    assert post_of(desk.office, "罗店镇", "数据专员").mobile == "1390000"
    assert any("“1390000”不像手机号" in text for text in desk.notices.warnings)
    dialog = open_dialog(desk, "update", "罗店镇", "数据专员")
    desk.notices.warnings.clear()
    fill(dialog, mobile="13900000002", email="")
    save(desk, dialog)
    assert not desk.notices.warnings


def test_a_mistyped_number_is_pointed_out_when_the_filter_hides_the_row(desk: RegisterDesk) -> None:
    desk.tab.table.set_text("陈思远")
    dialog = open_dialog(desk, "replace", "罗店镇", "首席数据官")
    fill(dialog, name="周明", since=date(2026, 11, 20), change_reason="退休", mobile="1390000")
    save(desk, dialog)
    assert "周明" not in str(desk.shown())
    assert any("“1390000”不像手机号" in text for text in desk.notices.warnings)


def test_appointing_after_a_vacancy_takes_over_why_the_last_one_left(desk: RegisterDesk) -> None:
    dialog = open_dialog(desk, "leave", "罗店镇", "首席数据官")
    fill(dialog, left_on=date(2026, 11, 2), reason="退休", handover="已完成")
    save(desk, dialog)
    desk.dialog(FormsDialog).reject()
    dialog = open_dialog(desk, "appoint", "罗店镇", "首席数据官")
    assert dialog.form.values()["change_reason"] == "退休"
    assert dialog.form.values()["handover"] == "已完成"
    fill(dialog, name="周明", since=date(2026, 11, 20))
    save(desk, dialog)
    kind, _state, change_date, due_date, reason = desk.sql(FILINGS)[-1]
    assert (kind, change_date, due_date, reason) == ("变更备案", "2026-11-20", "2026-11-25", "退休")
    desk.dialog(FormsDialog).reject()


def test_a_post_that_was_filled_meanwhile_is_not_filled_twice(desk: RegisterDesk) -> None:
    dialog = open_dialog(desk, "appoint", "区财政局", "数据专员")
    post_id = post_of(desk.office, "区财政局", "数据专员").post_id
    empty = desk.office.holders.empty_draft(post_id)
    desk.office.holders.appoint(replace(empty, name="孙强", since=date(2026, 10, 1)))
    fill(dialog, name="周明", since=date(2026, 11, 20))
    save(desk, dialog)
    assert "已经有人任职" in dialog.form.messages()["since"]
    assert [row[0] for row in desk.sql(OF_POST, post_id)] == ["孙强"]


# 信息更新


def test_updating_changes_the_person_and_keeps_the_tenure(desk: RegisterDesk) -> None:
    dialog = open_dialog(desk, "update", "罗店镇", "数据专员")
    assert dialog.form.editor("name").value() == "欧阳静"
    assert not dialog.form.has_field("change_reason")
    before = len(desk.sql(FILINGS))
    fill(dialog, mobile="13900009999", title="四级主任科员")
    save(desk, dialog)
    row = post_of(desk.office, "罗店镇", "数据专员")
    assert (row.mobile, row.title, row.since) == ("13900009999", "四级主任科员", date(2024, 3, 1))
    assert len(desk.sql(OF_POST, row.post_id)) == 1
    assert len(desk.sql(FILINGS)) == before  # 信息更新 files nothing
    assert desk.sql("SELECT action FROM history ORDER BY id DESC LIMIT 1") == [("信息更新",)]
    assert desk.notices.infos == ["已保存：罗店镇 数据专员"]
    assert "13900009999" in desk.tab.contact.text()


def test_a_correction_is_recorded_as_one(desk: RegisterDesk) -> None:
    unit, post, *_rest = HOLDERS[0]
    dialog = open_dialog(desk, "update", unit, post)
    fill(dialog, title="调研员", correction=True)
    save(desk, dialog)
    assert desk.sql("SELECT action FROM history ORDER BY id DESC LIMIT 1") == [("登记更正",)]


def test_a_form_that_nobody_changed_closes_without_a_word(desk: RegisterDesk) -> None:
    dialog = open_dialog(desk, "update", "罗店镇", "首席数据官")
    dialog.cancel_button.click()
    assert desk.no_dialog()
    assert not desk.notices.questions


@contextmanager
def locked(database: Path) -> Iterator[None]:
    """Let another program hold the database."""

    def be_impatient(connection: sqlite3.Connection, _entry: object) -> None:
        connection.execute("PRAGMA busy_timeout = 100")

    event.listen(Engine, "connect", be_impatient)
    try:
        with closing(sqlite3.connect(database, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            yield
    finally:
        event.remove(Engine, "connect", be_impatient)


@contextmanager
def full(_database: Path) -> Iterator[None]:
    """Let the disk be full when the change is written."""

    def refuse(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if statement.startswith("UPDATE"):
            error = sqlite3.OperationalError("database or disk is full")
            error.sqlite_errorcode = sqlite3.SQLITE_FULL
            raise error

    event.listen(Engine, "before_cursor_execute", refuse)
    try:
        yield
    finally:
        event.remove(Engine, "before_cursor_execute", refuse)


@pytest.mark.parametrize(("refusing", "told"), [(locked, "正被另一个程序使用"), (full, "磁盘已满")])
def test_what_a_database_refuses_stays_in_the_form_and_is_saved_later(
    desk: RegisterDesk, refusing: Callable[[Path], AbstractContextManager[None]], told: str
) -> None:
    dialog = open_dialog(desk, "update", "罗店镇", "数据专员")
    typed = {"mobile": "13900009999", "title": "四级主任科员", "note": "述" * 400}
    fill(dialog, **typed)
    with refusing(desk.office.data_folder / "cdo.sqlite3"):
        save(desk, dialog)
        assert dialog.isVisible()
        assert told in dialog.banner.text
        assert {key: dialog.form.editor(key).value() for key in typed} == typed
    assert post_of(desk.office, "罗店镇", "数据专员").title == "科员"
    save(desk, dialog)
    assert desk.no_dialog()
    assert post_of(desk.office, "罗店镇", "数据专员").title == "四级主任科员"


def test_a_stale_form_shows_both_versions_and_keeps_mine_by_choice(desk: RegisterDesk) -> None:
    dialog = open_dialog(desk, "update", "罗店镇", "数据专员")
    fill(dialog, mobile="13900008888", title="我写的职务")
    change_elsewhere(desk, "罗店镇", "数据专员", title="对方的职务", section="对方的科室")
    desk.notices.conflict_choice = ConflictChoice.KEEP_MINE
    save(desk, dialog)
    (conflict,) = desk.notices.conflicts
    shown = {field.label: (field.original, field.mine, field.theirs) for field in conflict.fields}
    assert shown["现任职务"] == ("科员", "我写的职务", "对方的职务")
    assert post_of(desk.office, "罗店镇", "数据专员").title == "对方的职务"  # nothing is saved by choosing
    assert dialog.form.editor("title").value() == "我写的职务"
    assert dialog.form.editor("section").value() == "对方的科室"
    save(desk, dialog)
    row = post_of(desk.office, "罗店镇", "数据专员")
    assert (row.title, row.section, row.mobile) == ("我写的职务", "对方的科室", "13900008888")


def test_a_stale_form_takes_theirs_by_choice(desk: RegisterDesk) -> None:
    dialog = open_dialog(desk, "update", "罗店镇", "数据专员")
    fill(dialog, title="我写的职务")
    change_elsewhere(desk, "罗店镇", "数据专员", title="对方的职务")
    desk.notices.conflict_choice = ConflictChoice.TAKE_THEIRS
    save(desk, dialog)
    assert dialog.form.editor("title").value() == "对方的职务"
    assert not dialog.form.is_dirty()
    save(desk, dialog)
    assert post_of(desk.office, "罗店镇", "数据专员").title == "对方的职务"


def test_a_stale_form_goes_back_without_a_change(desk: RegisterDesk) -> None:
    dialog = open_dialog(desk, "update", "罗店镇", "数据专员")
    fill(dialog, title="我写的职务")
    change_elsewhere(desk, "罗店镇", "数据专员", title="对方的职务")
    save(desk, dialog)  # the fake goes back
    assert dialog.isVisible()
    assert dialog.form.editor("title").value() == "我写的职务"


# 更换


def test_replacing_ends_the_holder_files_the_change_and_opens_the_form(desk: RegisterDesk) -> None:
    dialog = open_dialog(desk, "replace", "区教育局", "数据专员")
    assert dialog.form.editor("name").value() == ""  # a new person, not the old one edited
    fill(dialog, name="周明", since=date(2026, 11, 24), change_reason="职务调整", title="一级科员")
    save(desk, dialog)
    row = post_of(desk.office, "区教育局", "数据专员")
    assert desk.sql(OF_POST, row.post_id) == [
        ("吕晓雯", "主任科员", "2023-09-10", "2026-11-24"),
        ("周明", "一级科员", "2026-11-24", None),
    ]
    assert desk.sql(FILINGS)[-1] == ("变更备案", "草稿", "2026-11-24", "2026-11-27", "职务调整")
    assert desk.shown("name", "state")[3] == "周明 待备案，剩 3 个工作日"
    forms = desk.dialog(FormsDialog)
    assert forms.print_action.isEnabled()
    assert forms.focusWidget() is forms.print_button  # Enter prints, once the window is the active one
    assert desk.notices.infos[0] == "已登记更换：区教育局 数据专员"


def test_a_successor_must_begin_later_than_the_holder_did(desk: RegisterDesk) -> None:
    dialog = open_dialog(desk, "replace", "区教育局", "数据专员")
    fill(dialog, name="周明", since=date(2023, 9, 10), change_reason="退休")
    save(desk, dialog)
    assert "2023-09-10" in dialog.form.messages()["since"]
    assert len(desk.sql(OF_POST, post_of(desk.office, "区教育局", "数据专员").post_id)) == 1


def test_a_replacement_asks_for_its_reason(desk: RegisterDesk) -> None:
    dialog = open_dialog(desk, "replace", "区教育局", "数据专员")
    fill(dialog, name="周明", since=date(2026, 11, 24))
    save(desk, dialog)
    assert set(dialog.form.messages()) == {"change_reason"}


def test_a_post_that_changed_hands_meanwhile_is_not_replaced_again(desk: RegisterDesk) -> None:
    dialog = open_dialog(desk, "replace", "区教育局", "数据专员")
    fill(dialog, name="周明", since=date(2026, 11, 24), change_reason="退休")
    opened = desk.office.holders.get(post_of(desk.office, "区教育局", "数据专员").tenure_id or 0)
    desk.office.holders.leave(opened, LeaveDraft(left_on=date(2026, 11, 23), reason="调离"))
    save(desk, dialog)
    assert desk.notices.conflicts
    assert dialog.isVisible()
    assert dialog.banner.text
    assert [row[0] for row in desk.sql(OF_POST, opened.post_id)] == ["吕晓雯"]


# 离任


def test_leaving_empties_the_post_and_opens_its_form(desk: RegisterDesk) -> None:
    dialog = open_dialog(desk, "leave", "区教育局", "首席数据官")
    fill(dialog, left_on=date(2026, 11, 20), reason="退休", handover="已完成")
    save(desk, dialog)
    row = post_of(desk.office, "区教育局", "首席数据官")
    assert row.tenure_id is None
    assert desk.sql(OF_POST, row.post_id) == [("单学文", "局长", "2023-09-10", "2026-11-20")]
    assert desk.sql(FILINGS)[-1] == ("离任备案", "草稿", "2026-11-20", None, "退休")
    assert desk.shown("name", "state")[2] == "空缺 4 天"
    assert desk.dialog(FormsDialog).print_action.isEnabled()


@pytest.mark.parametrize(
    ("action", "values"),
    [
        ("leave", {"left_on": date(2026, 11, 20), "reason": "退休"}),
        ("replace", {"name": "周明", "since": date(2026, 11, 20), "change_reason": "退休"}),
    ],
)
def test_when_the_office_learnt_of_a_change_and_from_whom_is_asked(
    desk: RegisterDesk, action: str, values: dict[str, str | date]
) -> None:
    dialog = open_dialog(desk, action, "区教育局", "首席数据官")
    fill(dialog, **values, known_on=date(2026, 11, 23), told_by="组织科王五")
    save(desk, dialog)
    told = "SELECT known_on, told_by FROM filings ORDER BY id DESC LIMIT 1"
    assert desk.sql(told) == [("2026-11-23", "组织科王五")]
    desk.dialog(FormsDialog).reject()


def test_another_day_of_a_departure_leaves_the_rest_of_its_paper_as_it_was(desk: RegisterDesk) -> None:
    texts = {"reason": "退休", "told_by": "组织科王五", "handover": "已完成", "filler": "李四"}
    dialog = open_dialog(desk, "leave", "区教育局", "首席数据官")
    fill(dialog, left_on=date(2026, 12, 1), known_on=date(2026, 11, 20), filler_phone="56691234", **texts)
    save(desk, dialog)
    desk.dialog(FormsDialog).reject()
    dialog = open_dialog(desk, "leave", "区教育局", "首席数据官")
    fill(dialog, left_on=date(2026, 12, 10))
    save(desk, dialog)
    desk.dialog(FormsDialog).reject()
    columns = "change_date, change_reason, known_on, told_by, handover, filler, filler_phone"
    assert desk.sql(f"SELECT {columns} FROM filings WHERE kind = '离任备案'") == [
        ("2026-12-10", "退休", "2026-11-20", "组织科王五", "已完成", "李四", "56691234")
    ]


@pytest.mark.parametrize("choice", [ConflictChoice.KEEP_MINE, ConflictChoice.TAKE_THEIRS])
def test_a_departure_whose_paper_was_mended_meanwhile_shows_both_and_is_saved_then(
    desk: RegisterDesk, choice: ConflictChoice
) -> None:
    dialog = open_dialog(desk, "leave", "区教育局", "数据专员")
    fill(dialog, left_on=date(2026, 12, 20), reason="退休", handover="未交接")
    save(desk, dialog)
    desk.dialog(FormsDialog).reject()
    dialog = open_dialog(desk, "leave", "区教育局", "数据专员")
    fill(dialog, left_on=date(2026, 12, 10))
    paper = desk.office.filing_edits.get(int(str(desk.sql("SELECT max(id) FROM filings")[0][0])))
    desk.office.filing_edits.save(paper, replace(paper, handover="已交接", change_reason="调离"))
    desk.notices.conflict_choice = choice
    save(desk, dialog)
    (conflict,) = desk.notices.conflicts
    assert [field.label for field in conflict.fields] == ["离任日期", "离任原因", "工作交接"]
    assert dialog.isVisible()
    values = dialog.form.values()
    mine = choice is ConflictChoice.KEEP_MINE
    assert values["left_on"] == (date(2026, 12, 10) if mine else date(2026, 12, 20))
    assert (values["reason"], values["handover"]) == ("调离", "已交接")
    save(desk, dialog)
    assert len(desk.notices.conflicts) == 1
    stored = "SELECT change_date, change_reason, handover FROM filings ORDER BY id DESC LIMIT 1"
    assert desk.sql(stored) == [("2026-12-10" if mine else "2026-12-20", "调离", "已交接")]


def test_a_holder_replaced_meanwhile_does_not_leave_once_more(desk: RegisterDesk) -> None:
    dialog = open_dialog(desk, "leave", "区教育局", "数据专员")
    fill(dialog, left_on=date(2026, 11, 20), reason="退休")
    opened = desk.office.holders.get(post_of(desk.office, "区教育局", "数据专员").tenure_id or 0)
    new = replace(opened, tenure_id=None, person_id=None, name="周明", mobile="", since=date(2026, 11, 23))
    desk.office.holders.replace(opened, new, FilingDraft(change_reason="调离"))
    desk.notices.conflict_choice = ConflictChoice.KEEP_MINE
    before = desk.sql(FILINGS)
    for _again in range(2):
        save(desk, dialog)
        assert dialog.isVisible()
    assert len(desk.notices.conflicts) == 2
    assert desk.sql(FILINGS) == before


def test_another_day_of_a_departure_without_a_paper_keeps_its_reason(sample_desk: RegisterDesk) -> None:
    for day in (date(2026, 12, 1), date(2026, 12, 10)):
        dialog = open_dialog(sample_desk, "leave", "区级", "办公室副主任")
        fill(dialog, left_on=day, **({"reason": "退休"} if day.day == 1 else {}))
        save(sample_desk, dialog)
    left = "SELECT until, leave_reason FROM tenures ORDER BY until DESC LIMIT 1"
    assert sample_desk.sql(left) == [("2026-12-10", "退休")]


def test_leaving_before_the_tenure_began_is_refused_at_its_field(desk: RegisterDesk) -> None:
    dialog = open_dialog(desk, "leave", "区教育局", "首席数据官")
    fill(dialog, left_on=date(2023, 9, 1), reason="退休")
    save(desk, dialog)
    assert "2023-09-10" in dialog.form.messages()["left_on"]
    assert post_of(desk.office, "区教育局", "首席数据官").name == "单学文"


def test_leaving_a_district_post_files_nothing(sample_desk: RegisterDesk) -> None:
    before = len(sample_desk.sql(FILINGS))
    dialog = open_dialog(sample_desk, "leave", "区级", "办公室副主任")
    assert not any(dialog.form.has_field(key) for key in ("handover", "filler", "known_on", "told_by"))
    fill(dialog, left_on=date(2026, 11, 20), reason="退休")
    save(sample_desk, dialog)
    assert len(sample_desk.sql(FILINGS)) == before
    assert sample_desk.no_dialog()


# The forms themselves


@pytest.mark.parametrize(
    ("post", "own", "other"),
    [
        pytest.param("首席数据官", {"head_status", "head_note", "work_scope"}, "section", id="CDO"),
        pytest.param("数据专员", {"section", "rank", "duties", "backup_name"}, "work_scope", id="specialist"),
    ],
)
def test_each_post_asks_for_what_its_paper_has(
    desk: RegisterDesk, post: str, own: set[str], other: str
) -> None:
    dialog = open_dialog(desk, "update", "罗店镇", post)
    assert all(dialog.form.has_field(key) for key in own)
    assert not dialog.form.has_field(other)


def test_the_fields_that_a_form_leaves_out_keep_what_they_hold(desk: RegisterDesk) -> None:
    change_elsewhere(desk, "罗店镇", "首席数据官", political_status="中共党员", birth_month="1975.03")
    desk.tab.reload()
    dialog = open_dialog(desk, "update", "罗店镇", "首席数据官")
    fill(dialog, title="党委副书记、镇长")
    save(desk, dialog)
    stored = desk.office.holders.get(post_of(desk.office, "罗店镇", "首席数据官").tenure_id or 0)
    assert (stored.political_status, stored.birth_month) == ("中共党员", "1975.03")
    assert stored.title == "党委副书记、镇长"


# Drafts


@pytest.mark.parametrize(
    ("action", "post"),
    [("appoint", "数据专员"), ("update", "首席数据官"), ("replace", "首席数据官"), ("leave", "首席数据官")],
)
def test_what_was_typed_outlives_a_crash(
    desk: RegisterDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, action: str, post: str
) -> None:
    monkeypatch.setattr(drafts, "SOON_MS", 1)
    files = DraftFiles(tmp_path, lambda: datetime(2026, 11, 24, 9))
    desk.tab._flow._ui = replace(desk.ui, drafts=files)
    field = "reason" if action == "leave" else "title"
    dialog = open_dialog(desk, action, "区财政局", post)
    desk.settle()
    fill(dialog, **{field: "没有保存的内容"})
    desk.qtbot.waitUntil(lambda: len(list(tmp_path.rglob("*.json"))) == 1, timeout=WAIT)
    desk.settle()
    dialog.form.mark_clean()  # what a crash leaves: the file, and no window
    left = {path: path.read_bytes() for path in tmp_path.rglob("*.json")}
    dialog.reject()
    desk.settle()
    for path, content in left.items():
        path.write_bytes(content)
    again = open_dialog(desk, action, "区财政局", post)
    desk.settle()
    next(button for button in again.banner.action_buttons if button.text() == "继续").click()
    assert again.form.editor(field).value() == "没有保存的内容"
    again.form.mark_clean()
    again.reject()
