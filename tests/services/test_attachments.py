"""Files of tenures, filings and units: taken in, listed, opened as copies, taken away and put back."""

import logging
import os
import shutil
import stat
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from benchmarks.reliability import attachments as trials
from benchmarks.reliability.attachment_names import DOCX, GOOD, PDF, PROGRAM
from cdo_desktop import paths
from cdo_desktop.errors import CancelledError, ConflictError, NotFoundError, StorageError
from cdo_desktop.rules.vocabulary import PostKind
from cdo_desktop.services.attachment_care import AttachmentCare
from cdo_desktop.services.attachment_rows import Owner, of_filing, of_tenure, of_unit
from cdo_desktop.services.attachments import AttachmentService
from cdo_desktop.store.attachments import AttachmentFolder
from cdo_desktop.store.backup import state_of
from cdo_desktop.store.opened_copies import mark_as_from_outside
from tests.services.conftest import Desk

UNIT = of_unit(2)


@pytest.fixture
def service(desk: Desk) -> AttachmentService:
    return desk.office.attachments


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes a file as it arrives, and returns it."""
    folder = tmp_path / "收到的文件"
    folder.mkdir()

    def write_file(name: str = "任免文件.pdf", content: bytes = PDF) -> Path:
        path = folder / name
        path.write_bytes(content)
        return path

    return write_file


def names(service: AttachmentService, owner: Owner = UNIT) -> list[str]:
    return [row.name for row in service.list_of(owner)]


def contents(desk: Desk) -> list[Path]:
    folder = AttachmentFolder(desk.office.data_folder).path
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_file_is_listed_with_what_the_office_wants_to_know(
    desk: Desk, service: AttachmentService, write: Callable[..., Path]
) -> None:
    added = service.add(UNIT, [write()], note="原件")
    (row,) = service.list_of(UNIT)
    assert added.ids == (row.attachment_id,)
    assert (row.name, row.kind, row.size, row.note) == ("任免文件.pdf", "PDF 文件", len(PDF), "原件")
    assert (row.added_at.date(), row.added_by) == (desk.clock.now.date(), desk.office.journal.actor)
    assert service.count_of(UNIT) == 1
    assert service.count_of(of_unit(3)) == 0


def test_refused_files_are_named_and_the_good_ones_are_taken(
    desk: Desk, service: AttachmentService, write: Callable[..., Path], tmp_path: Path
) -> None:
    files = [
        write("好.pdf"),
        write("程序.exe", PROGRAM),
        write("伪装.pdf", PROGRAM),
        write("空.pdf", b""),
        tmp_path / "没有.pdf",
        tmp_path,
        write("表.docx", DOCX),
    ]
    (tmp_path / "文件夹.pdf").mkdir()
    files.append(tmp_path / "文件夹.pdf")
    added = service.add(UNIT, files)
    assert names(service) == ["好.pdf", "表.docx"]
    reasons = {one.name: one.reason for one in added.refused}
    assert list(reasons) == ["程序.exe", "伪装.pdf", "空.pdf", "没有.pdf", tmp_path.name, "文件夹.pdf"]
    for words in ("能够运行", "Windows 程序", "空文件", "找不到", "没有扩展名", "文件夹"):
        assert any(words in reason for reason in reasons.values())
    assert len(contents(desk)) == 2


@pytest.mark.parametrize("name", GOOD)
def test_every_allowed_kind_comes_back_as_it_was(
    name: str, service: AttachmentService, write: Callable[..., Path]
) -> None:
    (number,) = service.add(UNIT, [write(name, GOOD[name])]).ids
    copy = service.open_copy(number)
    assert copy.read_bytes() == GOOD[name]
    assert copy.suffix[1:] in ("pdf", "jpg", "png", "tif", "ofd", "doc", "docx", "xls", "xlsx", "wps", "et")


def test_equal_content_is_kept_once_and_not_doubled_in_one_record(
    desk: Desk, service: AttachmentService, write: Callable[..., Path]
) -> None:
    first = service.add(UNIT, [write("一.pdf"), write("二.pdf")])
    assert len(first.ids) == 1
    assert [one.reason for one in first.refused] == ["“二.pdf”的内容与已有的“一.pdf”相同，没有重复添加。"]
    assert service.add(of_unit(3), [write("三.pdf")]).refused == ()
    assert len(contents(desk)) == 1
    service.remove(first.ids)
    assert service.open_copy(service.list_of(of_unit(3))[0].attachment_id).read_bytes() == PDF


def test_other_content_of_the_same_name_gets_a_number(
    service: AttachmentService, write: Callable[..., Path]
) -> None:
    service.add(UNIT, [write("任免文件.pdf")])
    for name, content in (("任免文件.PDF", PDF + b"2"), ("任免文件.pdf", PDF + b"3")):
        service.add(UNIT, [write(name, content)])  # one by one: to Windows they are one file
    assert names(service) == ["任免文件.pdf", "任免文件 (2).PDF", "任免文件 (3).pdf"]


def test_history_tells_of_adding_and_removing_at_person_and_unit(
    desk: Desk, service: AttachmentService, write: Callable[..., Path]
) -> None:
    opened = desk.appoint("区教育局", PostKind.CDO)
    owner = of_tenure(opened.tenure_id or 0)
    added = service.add(owner, [write()])
    removed = service.remove(added.ids)
    service.put_back(removed)
    lines = desk.office.holders.person_history(opened.person_id or 0)
    told = [(line.action, line.details) for line in lines][:3]
    assert told == [
        ("放回附件", (("附件", "", "任免文件.pdf"),)),
        ("移除附件", (("附件", "任免文件.pdf", ""),)),
        ("添加附件", (("附件", "", "任免文件.pdf"),)),
    ]
    unit = desk.office.holders.unit_history(desk.row("区教育局").unit_id)
    assert [line.action for line in unit][:3] == ["放回附件", "移除附件", "添加附件"]


def test_files_of_a_filing_belong_to_its_person(
    desk: Desk, service: AttachmentService, write: Callable[..., Path]
) -> None:
    opened = desk.appoint("区教育局", PostKind.CDO)
    with desk.office._database.read() as session:
        filing_id = session.execute(text("SELECT max(id) FROM filings")).scalar_one()
    service.add(of_tenure(opened.tenure_id or 0), [write("任免文件.pdf")])
    service.add(of_filing(filing_id), [write("扫描件.pdf", PDF + b"scan")])
    service.add(UNIT, [write("别的.pdf", PDF + b"other")])
    rows = service.list_of_person(opened.person_id or 0)
    assert [row.name for row in rows] == ["任免文件.pdf", "扫描件.pdf"]


@pytest.mark.parametrize("owner", [of_unit(99_999), of_tenure(99_999), of_filing(99_999)])
def test_record_that_is_gone_gets_no_file(
    owner: Owner, service: AttachmentService, write: Callable[..., Path]
) -> None:
    with pytest.raises(NotFoundError, match="已经不在了，没有添加"):
        service.add(owner, [write()])
    assert service.count_of(owner) == 0


def test_removed_file_can_be_put_back_as_it_was(
    service: AttachmentService, write: Callable[..., Path]
) -> None:
    added = service.add(UNIT, [write("一.pdf"), write("二.pdf", PDF + b"2")])
    before = service.list_of(UNIT)
    removed = service.remove(added.ids)
    assert service.list_of(UNIT) == ()
    service.put_back(removed)
    after = service.list_of(UNIT)
    assert [replace(row, attachment_id=0) for row in after] == [
        replace(row, attachment_id=0) for row in before
    ]


def test_removing_what_is_gone_changes_nothing(
    service: AttachmentService, write: Callable[..., Path]
) -> None:
    added = service.add(UNIT, [write("一.pdf"), write("二.pdf", PDF + b"2")])
    service.remove(added.ids[:1])
    with pytest.raises(NotFoundError, match="已经被移除"):
        service.remove((added.ids[1], added.ids[0]))
    assert names(service) == ["二.pdf"]


def test_opened_copy_is_read_only_and_gone_after_closing(
    desk: Desk, service: AttachmentService, write: Callable[..., Path]
) -> None:
    (number,) = service.add(UNIT, [write("任免 文件.pdf")]).ids
    first, second = service.open_copy(number), service.open_copy(number)
    assert first != second
    assert first.name == "任免-文件.pdf"
    assert not first.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH)
    assert first.is_relative_to(desk.office.data_folder)
    desk.office.close()
    assert not first.exists()
    assert not second.exists()
    assert service.count_of(UNIT) == 1


def test_mark_of_the_web_is_that_of_the_internet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(PDF)
    monkeypatch.setattr("cdo_desktop.store.opened_copies._HAS_STREAMS", True)
    mark_as_from_outside(path)
    mark = Path(f"{path}:Zone.Identifier").read_bytes()
    assert mark == b"[ZoneTransfer]\r\nZoneId=3\r\n"


def test_saving_keeps_the_original_name_and_overwrites_nothing_in_a_folder(
    service: AttachmentService, write: Callable[..., Path], tmp_path: Path
) -> None:
    ids = service.add(UNIT, [write("一.pdf"), write("二.pdf", PDF + b"2")]).ids
    target = tmp_path / "保存"
    target.mkdir()
    (target / "一.pdf").write_bytes(b"mine")
    saved = service.save_all(ids, target)
    assert [path.name for path in saved] == ["一 (2).pdf", "二.pdf"]
    assert (target / "一.pdf").read_bytes() == b"mine"
    service.save_as(ids[1], target / "一.pdf")
    assert (target / "一.pdf").read_bytes() == PDF + b"2"


def test_damaged_content_is_not_opened(
    desk: Desk, service: AttachmentService, write: Callable[..., Path]
) -> None:
    (number,) = service.add(UNIT, [write()]).ids
    (path,) = contents(desk)
    path.write_bytes(PROGRAM)
    with pytest.raises(StorageError, match="缺失或被改动，没有打开"):
        service.open_copy(number)


def test_damaged_content_is_mended_from_the_backups_when_it_is_opened(
    desk: Desk, service: AttachmentService, write: Callable[..., Path]
) -> None:
    (number,) = service.add(UNIT, [write()]).ids
    desk.office.backups.back_up_if_due()
    (path,) = contents(desk)
    path.write_bytes(bytes(len(PDF)))
    assert service.open_copy(number).read_bytes() == PDF
    assert path.read_bytes() == PDF


def test_cancelling_adds_nothing(desk: Desk, service: AttachmentService, write: Callable[..., Path]) -> None:
    def stop(done: int, _total: int, _name: str) -> None:
        if done == 1:
            raise CancelledError("已取消。")

    with pytest.raises(CancelledError):
        service.add(UNIT, [write("一.pdf"), write("二.pdf", PDF + b"2")], stop)
    assert names(service) == []


def test_content_that_vanishes_before_its_row_is_not_named(
    service: AttachmentService, write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AttachmentFolder, "has", lambda _self, _stored: False)
    with pytest.raises(StorageError, match="没有添加.*请再添加一次"):
        service.add(UNIT, [write()])
    assert names(service) == []


# Tidying


def tidy(desk: Desk, days: int = 0) -> int:
    desk.clock.now += timedelta(days=days)
    return AttachmentCare(desk.office._database, desk.office.journal, desk.office.data_folder).tidy()


def make_old(desk: Desk) -> None:
    """Give every content the time that the test's clock shows."""
    for path in contents(desk):
        os.utime(path, (desk.clock.now.timestamp(), desk.clock.now.timestamp()))


def test_content_without_a_row_goes_after_a_day(
    desk: Desk, service: AttachmentService, write: Callable[..., Path]
) -> None:
    added = service.add(UNIT, [write("一.pdf"), write("二.pdf", PDF + b"2")])
    service.remove(added.ids[:1])
    make_old(desk)
    assert tidy(desk) == 0
    assert len(contents(desk)) == 2
    before = state_of(desk.office.data_folder / paths.DATABASE_NAME)
    assert tidy(desk, days=2) == 1
    assert tidy(desk, days=2) == 0
    assert len(contents(desk)) == 1
    assert state_of(desk.office.data_folder / paths.DATABASE_NAME) == before
    assert service.open_copy(added.ids[1]).read_bytes() == PDF + b"2"


def test_content_gone_by_then_is_not_put_back(
    desk: Desk, service: AttachmentService, write: Callable[..., Path]
) -> None:
    removed = service.remove(service.add(UNIT, [write()]).ids)
    make_old(desk)
    tidy(desk, days=2)
    with pytest.raises(NotFoundError, match="已经清理，没有放回"):
        service.put_back(removed)
    assert names(service) == []


def test_removing_lets_the_day_begin_anew(
    desk: Desk, service: AttachmentService, write: Callable[..., Path]
) -> None:
    added = service.add(UNIT, [write()])
    (path,) = contents(desk)
    os.utime(path, (0, 0))
    service.remove(added.ids)
    assert path.stat().st_mtime > 0


def test_content_stays_while_a_database_put_aside_refers_to_it(
    desk: Desk, service: AttachmentService, write: Callable[..., Path]
) -> None:
    added = service.add(UNIT, [write()])
    database = desk.office.data_folder / paths.DATABASE_NAME
    kept = shutil.copy(database, f"{database}.before-restore-20261124-090001")
    service.remove(added.ids)
    make_old(desk)
    assert tidy(desk, days=2) == 0
    Path(kept).write_bytes(b"damaged" * 1000)
    assert tidy(desk, days=2) == 0
    Path(kept).unlink()
    assert tidy(desk, days=2) == 1


def test_copies_left_open_by_a_crash_go_at_the_next_start(
    desk: Desk, service: AttachmentService, write: Callable[..., Path]
) -> None:
    (number,) = service.add(UNIT, [write()]).ids
    left = service.open_copy(number)
    tidy(desk)
    assert not left.exists()


def test_appointment_with_files_is_not_undone(
    desk: Desk, service: AttachmentService, write: Callable[..., Path]
) -> None:
    undo = desk.office.undo
    opened = desk.appoint("区教育局", PostKind.CDO)
    owner = of_tenure(opened.tenure_id or 0)
    service.add(owner, [write()])
    with pytest.raises(ConflictError, match="不能再撤销"):
        undo.undo(undo.state.undo.number)
    assert names(service, owner) == ["任免文件.pdf"]


def test_nothing_dangerous_is_taken_or_handed_out(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)
    found = trials.run_refusals(tmp_path)
    assert found.names >= 60
    assert (found.taken, found.handed_out, found.good_refused) == ([], [], [])
    assert found.tampered >= 9


def test_killed_adding_and_tidying_leaves_no_row_without_its_content(tmp_path: Path) -> None:
    for losses in trials.run_kills(5, tmp_path):
        assert losses.trials >= 10
        assert losses.unfinished
        assert losses.lost == []
