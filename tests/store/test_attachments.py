"""Contents on the disk: there before any row, whole or not there, gone only when nobody refers to them."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from cdo_desktop.errors import FileInUseError, StorageError
from cdo_desktop.store import Database
from cdo_desktop.store.attachments import (
    ATTACHMENTS_FOLDER,
    AttachmentFolder,
    StoredFile,
    delete_contents,
    references_of,
)
from cdo_desktop.store.backup_attachments import attachment_check, trees_of
from cdo_desktop.store.integrity import Finding, check_database
from tests.store.attached import add_row, attach

PDF = b"%PDF-1.4 content"


@pytest.fixture
def folder(tmp_path: Path) -> AttachmentFolder:
    return AttachmentFolder(tmp_path)


def files_in(folder: AttachmentFolder) -> list[str]:
    return sorted(
        path.relative_to(folder.path).as_posix() for path in folder.path.rglob("*") if path.is_file()
    )


def test_content_lies_under_its_digest_and_is_kept_once(folder: AttachmentFolder) -> None:
    stored = folder.put(PDF, "pdf")
    assert folder.put(PDF, "pdf") == stored
    assert files_in(folder) == [f"{stored.sha256[:2]}/{stored.sha256}.pdf"]
    assert folder.read(stored) == PDF
    assert folder.is_whole(stored)
    assert stored.is_named_right


def test_path_stays_short_enough_for_windows(folder: AttachmentFolder) -> None:
    stored = folder.put(PDF, "docx")
    assert len(f"backups/{ATTACHMENTS_FOLDER}/{stored.name}") < 100


def test_content_kept_again_counts_as_new(folder: AttachmentFolder) -> None:
    stored = folder.put(PDF, "pdf")
    os.utime(folder.path_of(stored), (0, 0))
    folder.put(PDF, "pdf")
    assert folder.path_of(stored).stat().st_mtime > 0


def test_damaged_content_is_mended_when_it_is_added_again(folder: AttachmentFolder) -> None:
    stored = folder.put(PDF, "pdf")
    folder.path_of(stored).write_bytes(bytes(len(PDF)))
    assert folder.read(stored) is None
    assert folder.has(stored)
    assert not folder.is_whole(stored)
    folder.put(PDF, "pdf")
    assert folder.read(stored) == PDF


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        (OSError(28, "No space left on device"), StorageError, "磁盘空间不足"),
        (PermissionError(13, "denied"), FileInUseError, "不允许写入"),
    ],
)
def test_disk_that_refuses_leaves_nothing_half_written(
    error: OSError,
    kind: type[Exception],
    words: str,
    folder: AttachmentFolder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder.put(PDF, "pdf")
    before = files_in(folder)

    def refuse(_handle: int) -> None:
        raise error

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(kind, match=f"{words}.*已有的数据没有改动"):
        folder.put(b"%PDF another", "pdf")
    assert files_in(folder) == before


def test_content_that_reads_back_differently_is_not_kept(
    folder: AttachmentFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cdo_desktop.store.attachments.file_digest", lambda _path: "0" * 64)
    with pytest.raises(StorageError, match="读回的内容不一致"):
        folder.put(PDF, "pdf")
    assert files_in(folder) == []


def test_copy_takes_only_what_is_whole(folder: AttachmentFolder, tmp_path: Path) -> None:
    other = AttachmentFolder(tmp_path / "backups")
    stored = folder.put(PDF, "pdf")
    assert other.copy_from(folder, stored)
    assert other.read(stored) == PDF
    folder.path_of(stored).write_bytes(b"changed")
    absent = StoredFile("0" * 64, "pdf", 3)
    third = AttachmentFolder(tmp_path / "third")
    assert not third.copy_from(folder, stored)
    assert not third.copy_from(folder, absent)
    assert files_in(third) == []


def test_orphans_are_old_unnamed_contents_and_nothing_else(folder: AttachmentFolder) -> None:
    old, named, fresh = (folder.put(PDF + bytes([n]), "pdf") for n in range(3))
    for stored in (old, named):
        os.utime(folder.path_of(stored), (1000, 1000))
    strangers = [folder.path / "readme.txt", folder.path / old.sha256[:2] / "readme.pdf"]
    for stranger in strangers:
        stranger.write_text("x", encoding="utf-8")
        os.utime(stranger, (1000, 1000))
    orphans = folder.orphans({named.name}, before=2000)
    assert orphans == [folder.path_of(old)]
    assert delete_contents(orphans) == 1
    assert delete_contents(orphans) == 0
    assert folder.has(named)
    assert folder.has(fresh)
    assert all(stranger.exists() for stranger in strangers)


def test_references_are_those_of_the_rows(database: Database) -> None:
    first, second = attach(database, PDF, "一.pdf"), attach(database, PDF + b"2", "二.pdf")
    add_row(database, first, "又一.pdf")
    with closing(sqlite3.connect(database.path)) as connection:
        references = references_of(connection)
    assert references.files == {first: "一.pdf", second: "二.pdf"}
    assert references.names == {first.name, second.name}
    with closing(sqlite3.connect(":memory:")) as connection:
        assert references_of(connection).files == {}


def run_check(database: Database, *, thorough: bool) -> tuple[Finding, ...]:
    extra = [attachment_check(database.path.parent, thorough=thorough)]
    return check_database(database.path, extra=extra).findings


def test_whole_attachments_pass_the_check(database: Database) -> None:
    attach(database, PDF)
    assert run_check(database, thorough=True) == ()
    report = check_database(database.path, extra=[attachment_check(database.path.parent, thorough=False)])
    assert "附件" in report.passed


def test_missing_content_is_told_and_the_rest_can_be_worked_with(database: Database) -> None:
    stored = attach(database, PDF, "任免文件.pdf")
    trees_of(database.path.parent).own.path_of(stored).unlink()
    (finding,) = run_check(database, thorough=False)
    assert not finding.warning
    assert not finding.stops_work
    assert finding.sentence.startswith("有 1 个附件的文件缺失或被改动（任免文件.pdf），没有完好的副本。")
    assert finding.details == (f"attachments/{stored.name}",)


def test_changed_content_of_the_same_size_is_found_by_the_thorough_check(database: Database) -> None:
    stored = attach(database, PDF)
    trees_of(database.path.parent).own.path_of(stored).write_bytes(bytes(len(PDF)))
    assert run_check(database, thorough=False) == ()
    assert len(run_check(database, thorough=True)) == 1


@pytest.mark.parametrize("broken", ["own", "beside"])
@pytest.mark.parametrize("missing", [True, False])
def test_check_mends_one_copy_by_the_other(broken: str, missing: bool, database: Database) -> None:
    stored = attach(database, PDF)
    trees = trees_of(database.path.parent)
    trees.beside.copy_from(trees.own, stored)
    tree: AttachmentFolder = getattr(trees, broken)
    if missing:
        tree.path_of(stored).unlink()
    else:
        tree.path_of(stored).write_bytes(bytes(len(PDF)))
    found = run_check(database, thorough=True)
    if missing and broken == "beside":
        assert found == ()  # the next backup brings it there
        return
    assert [finding.sentence for finding in found] == [
        "有 1 个附件的文件缺失或被改动（扫描件.pdf），已用另一份完好的补回。"
    ]
    assert run_check(database, thorough=True) == ()
    assert tree.is_whole(stored)


def test_row_that_names_no_content_is_told(database: Database) -> None:
    attach(database, PDF)
    with database.write() as session:
        session.execute(text("UPDATE attachments SET sha256 = '../../cdo'"))
    (finding,) = run_check(database, thorough=False)
    assert "1 个附件的登记内容不对" in finding.sentence
    assert not finding.stops_work
