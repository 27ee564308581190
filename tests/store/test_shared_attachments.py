"""Backups in the data folder share the attachments beside them; those elsewhere hold them all."""

import json
import os
import shutil
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import delete

from cdo_desktop.errors import UnreadableFileError
from cdo_desktop.models import Attachment
from cdo_desktop.store import Database
from cdo_desktop.store import backup as backup_module
from cdo_desktop.store.attachments import AttachmentFolder
from cdo_desktop.store.backup import (
    delete_unshared,
    read_manifest,
    source_size,
    verify_backup,
    write_backup,
)
from cdo_desktop.store.backup_attachments import trees_of
from cdo_desktop.store.manifest import MANIFEST_NAME, BackupKind, Manifest
from cdo_desktop.store.restore import restore_backup, unpacked
from cdo_desktop.store.sealed_file import add_zip
from tests.store.attached import attach

AT = datetime(2026, 11, 24, 9)
PDF = b"%PDF-1.4 a scan"


def no_tick(_done: int) -> None: ...


def shared_backup(database: Database, name: str = "20261124-090000-启动.cdobak") -> Path:
    """Write a backup as the ladder has them."""
    folder = database.path.parent / "backups"
    folder.mkdir(exist_ok=True)
    write_backup(database.path, folder / name, BackupKind.START, AT, share=True)
    return folder / name


def packed_names(backup: Path) -> list[str]:
    with zipfile.ZipFile(backup) as archive:
        return archive.namelist()


def contents(folder: Path) -> list[bytes]:
    """Return the contents of the attachments of a data folder."""
    files = (path for path in AttachmentFolder(folder).path.rglob("*.pdf"))
    return sorted(path.read_bytes() for path in files)


def test_backup_of_the_data_folder_names_what_lies_beside_it(database: Database) -> None:
    stored = attach(database, PDF)
    backup = shared_backup(database)
    manifest = verify_backup(backup)
    assert (manifest.shared, manifest.missing) == ((stored,), ())
    assert packed_names(backup) == [MANIFEST_NAME]
    assert trees_of(database.path.parent).beside.read(stored) == PDF


def test_next_backup_copies_only_what_is_new(database: Database) -> None:
    beside = trees_of(database.path.parent).beside
    first = attach(database, PDF)
    shared_backup(database)
    os.utime(beside.path_of(first), (1000, 1000))
    second = attach(database, PDF + b"2")
    assert source_size(database.path, share=True) == database.path.stat().st_size + second.size
    assert source_size(database.path, share=False) == database.path.stat().st_size + first.size + second.size
    manifest = read_manifest(shared_backup(database, "20261124-100000-启动.cdobak"))
    assert manifest.shared == (first, second)
    assert beside.path_of(first).stat().st_mtime == 1000
    assert beside.read(second) == PDF + b"2"


def test_contents_without_a_row_are_in_no_backup(database: Database, tmp_path: Path) -> None:
    attach(database, PDF)
    trees_of(database.path.parent).own.put(b"%PDF orphan", "pdf")
    manifest = write_backup(database.path, tmp_path / "x.cdobak", BackupKind.MANUAL, AT)
    assert len(manifest.files) == 2
    assert len(read_manifest(shared_backup(database)).shared) == 1


@pytest.mark.parametrize("share", [True, False])
def test_backup_has_the_content_of_every_row_it_copied(
    share: bool, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = attach(database, PDF)
    copy = backup_module._copy_database

    def copy_and_remove(path: Path, target: Path) -> str:
        state = copy(path, target)
        with database.write() as session:
            session.execute(delete(Attachment))
        attach(database, b"%PDF later")
        return state

    monkeypatch.setattr(backup_module, "_copy_database", copy_and_remove)
    folder = database.path.parent / "backups"
    folder.mkdir()
    manifest = write_backup(database.path, folder / "x.cdobak", BackupKind.MANUAL, AT, share=share)
    assert (manifest.counts["attachments"], manifest.missing) == (1, ())
    names = [packed.name for packed in manifest.files[1:]] + [one.packed.name for one in manifest.shared]
    assert names == [stored.packed.name]


def test_restore_takes_attachments_from_beside_the_backup(database: Database, tmp_path: Path) -> None:
    attach(database, PDF)
    backup = shared_backup(database)
    moved = shutil.copytree(backup.parent, tmp_path / "抢救出来的备份")
    fresh = tmp_path / "新电脑"
    fresh.mkdir()
    restored = restore_backup(moved / backup.name, fresh / "cdo.sqlite3", AT)
    assert (restored.files_added, restored.missing) == (1, 0)
    assert contents(fresh) == [PDF]


def test_restore_leaves_whole_attachments_and_replaces_changed_ones(database: Database) -> None:
    kept, changed = attach(database, PDF), attach(database, PDF + b"2")
    backup = shared_backup(database)
    own = trees_of(database.path.parent).own
    os.utime(own.path_of(kept), (1000, 1000))
    own.path_of(changed).write_bytes(bytes(changed.size))
    restored = restore_backup(backup, database.path, AT)
    assert (restored.files_added, restored.files_replaced, restored.missing) == (0, 1, 0)
    assert own.path_of(kept).stat().st_mtime == 1000
    assert own.is_whole(changed)


def test_backup_alone_brings_the_rows_back_and_tells_how_many_contents_are_missing(
    database: Database, tmp_path: Path
) -> None:
    attach(database, PDF)
    attach(database, PDF + b"2")
    (tmp_path / "U盘").mkdir()
    alone = Path(shutil.copy(shared_backup(database), tmp_path / "U盘"))
    fresh = tmp_path / "新电脑"
    fresh.mkdir()
    with unpacked(alone, fresh) as content:
        assert content.missing == 2
    restored = restore_backup(alone, fresh / "cdo.sqlite3", AT)
    assert restored.missing == 2
    assert contents(fresh) == []


def test_backup_alone_is_enough_where_the_data_still_has_the_contents(
    database: Database, tmp_path: Path
) -> None:
    attach(database, PDF)
    alone = Path(shutil.copy(shared_backup(database), tmp_path / "x.cdobak"))
    shutil.rmtree(database.path.parent / "backups")
    assert restore_backup(alone, database.path, AT).missing == 0


def test_lost_content_is_named_and_stops_no_backup(database: Database, tmp_path: Path) -> None:
    attach(database, PDF, "在.pdf")
    lost = attach(database, PDF + b"2", "丢了.pdf")
    trees_of(database.path.parent).own.path_of(lost).unlink()
    manifest = write_backup(database.path, tmp_path / "x.cdobak", BackupKind.MANUAL, AT)
    assert manifest.missing == ("丢了.pdf",)
    assert len(manifest.files) == 2
    assert read_manifest(shared_backup(database)).missing == ("丢了.pdf",)


def test_whole_copy_beside_the_backups_stands_in_for_a_changed_one(
    database: Database, tmp_path: Path
) -> None:
    stored = attach(database, PDF)
    shared_backup(database)
    trees_of(database.path.parent).own.path_of(stored).write_bytes(bytes(len(PDF)))
    manifest = write_backup(database.path, tmp_path / "x.cdobak", BackupKind.MANUAL, AT)
    assert manifest.missing == ()
    with zipfile.ZipFile(tmp_path / "x.cdobak") as archive:
        assert archive.read(stored.packed.name) == PDF


# Contents that no backup needs any more


def test_content_goes_with_the_last_backup_that_needs_it(database: Database) -> None:
    beside = trees_of(database.path.parent).beside
    first = attach(database, PDF)
    old = shared_backup(database, "20261101-090000-启动.cdobak")
    with database.write() as session:
        session.execute(delete(Attachment))
    second = attach(database, PDF + b"2")
    shared_backup(database)
    for stored in (first, second):
        os.utime(beside.path_of(stored), (AT.timestamp() - 90_000,) * 2)
    assert delete_unshared(old.parent, AT, 86_400) == 0
    renamed = old.rename(old.with_name("重要，不要删.cdobak"))
    assert delete_unshared(old.parent, AT, 86_400) == 0
    renamed.unlink()
    assert delete_unshared(old.parent, AT, 100_000) == 0
    assert delete_unshared(old.parent, AT, 86_400) == 1
    assert (beside.has(first), beside.has(second)) == (False, True)


def test_unreadable_backup_keeps_every_content(database: Database) -> None:
    stored = attach(database, PDF)
    backup = shared_backup(database)
    backup.write_bytes(b"damaged")
    beside = trees_of(database.path.parent).beside
    os.utime(beside.path_of(stored), (1000, 1000))
    assert delete_unshared(backup.parent, AT, 86_400) == 0
    assert beside.has(stored)


# Manifests


def rewritten(backup: Path, **values: object) -> Path:
    """Return a backup whose manifest says something else, with a good seal."""
    manifest = verify_backup(backup)
    with zipfile.ZipFile(backup) as archive:
        content = json.loads(archive.read(MANIFEST_NAME))
    content.update(values)
    other = backup.with_name("other.cdobak")
    other.write_bytes(backup.read_bytes()[: manifest.files[0].size])
    with add_zip(other, "cdo.sqlite3", no_tick) as (archive, _packed):
        archive.writestr(MANIFEST_NAME, json.dumps(content))
    return other


@pytest.mark.parametrize(
    "lie",
    [
        {"sha256": "../../../etc/passwd"},
        {"sha256": "0" * 63},
        {"suffix": "exe"},
        {"suffix": "pdf/../../x.pdf"},
        {"size": -1},
        {"size": "1"},
    ],
)
def test_shared_name_that_leads_elsewhere_is_refused(lie: dict[str, object], database: Database) -> None:
    stored = attach(database, PDF)
    good = {"sha256": stored.sha256, "suffix": "pdf", "size": stored.size}
    backup = shared_backup(database)
    assert verify_backup(rewritten(backup, shared=[good])).shared == (stored,)
    with pytest.raises(UnreadableFileError):
        verify_backup(rewritten(backup, shared=[{**good, **lie}]))


def test_manifest_of_the_first_format_is_read(database: Database) -> None:
    backup = shared_backup(database)
    old = rewritten(backup, format=1)
    manifest: Manifest = verify_backup(old)
    assert (manifest.shared, manifest.missing) == ((), ())
    assert restore_backup(old, database.path, AT).missing == 0
