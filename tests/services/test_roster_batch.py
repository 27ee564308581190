"""What an import collects and inserts at once is what it would have written line by line."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cdo_desktop import paths
from cdo_desktop.errors import AppError, CancelledError, InvalidInputError
from cdo_desktop.rules.vocabulary import PostKind
from cdo_desktop.services.roster_batch import RosterBatch
from cdo_desktop.services.roster_import import ImportResult
from cdo_desktop.services.roster_lines import ImportChoices, LineKind

from .conftest import TODAY, Desk, a_line, write_roster

TABLES = ("units", "posts", "persons", "tenures", "filings", "history", "search")
CHOICES = ImportChoices(all_replacements=True)
# A known unit, new ones, one person in two posts, one holder replaced, a second member of a team.
LINES = [
    a_line("罗店镇", NAME="单雄信", MOBILE="13800000001"),
    a_line("测绘中心", NAME="𬀩明", MOBILE="13800000002", UNIT_CATEGORY="其他", SINCE=date(2025, 5, 6)),
    a_line("测绘中心", PostKind.CDO, NAME="王平", MOBILE="", UNIT_CATEGORY="其他"),
    a_line("友谊路街道", NAME="秦琼", MOBILE="13800000009", SINCE=TODAY),
    a_line("档案中心", NAME="单雄信", MOBILE="13800000001", UNIT_CATEGORY="其他", TITLE="主任"),
    a_line("区级", PostKind.OFFICE_MEMBER, NAME="赵一", MOBILE="13800000011"),
    a_line("区级", PostKind.OFFICE_MEMBER, NAME="钱二", MOBILE="13800000012"),
    a_line("张庙街道", NAME="程咬金", MOBILE="13800000014", FILING_STATE="已备案", FILING_NUMBER="2026-007"),
    a_line("吴淞街道", NAME="尉迟恭", MOBILE="13800000013", CHANGE_REASON="退休", FILING_KIND="变更备案"),
]


def content(desk: Desk) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of the tables an import writes, without what differs from run to run."""
    with closing(sqlite3.connect(desk.office.data_folder / paths.DATABASE_NAME)) as connection:
        found = {}
        for table in TABLES:
            cursor = connection.execute(f"SELECT * FROM {table} ORDER BY rowid")
            names = [column[0] for column in cursor.description]
            kept = [place for place, name in enumerate(names) if name not in ("uuid", "at")]
            told = [dict(zip(names, row, strict=True)) for row in cursor]
            # The backup before an import is made, and told of, whatever becomes of the import.
            rows = [row for row in told if row.get("entity") != "backups"]
            found[table] = [tuple(row[names[place]] for place in kept) for row in rows]
    return found


def bring_in(desk: Desk, folder: Path) -> ImportResult:
    """Appoint somebody who will be replaced, then import."""
    desk.appoint("友谊路街道", name="解学敏", since=date(2024, 1, 2), mobile="13800000008")
    service = desk.office.roster_import
    return service.apply(service.read(write_roster(folder / "名册.xlsx", LINES)), CHOICES)


def test_batch_writes_what_line_by_line_writes(
    open_desk: Callable[[Path], Desk], units_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    together, singly = open_desk(units_file), open_desk(units_file)
    counts = bring_in(together, tmp_path)
    monkeypatch.setattr(RosterBatch, "takes", lambda *_: False)
    assert bring_in(singly, tmp_path) == counts
    ours, theirs = content(together), content(singly)
    for table in TABLES:
        assert ours[table] == theirs[table], table
    assert len(ours["tenures"]) == len(LINES) + 1


def test_person_who_comes_twice_in_one_roster_is_one_person(desk: Desk, tmp_path: Path) -> None:
    bring_in(desk, tmp_path)
    first, second = desk.row("罗店镇"), desk.row("档案中心")
    assert first.person_id == second.person_id
    assert {hit.title for hit in desk.office.search.find("单雄信").hits} == {"单雄信"}


def test_preview_is_made_anew_when_the_register_has_changed_since(desk: Desk, tmp_path: Path) -> None:
    service = desk.office.roster_import
    sheet = service.read(write_roster(tmp_path / "名册.xlsx", [a_line("罗店镇", NAME="单雄信")]))
    assert service.preview(sheet).count(LineKind.NEW) == 1
    assert service.preview(sheet) is service.preview(sheet)
    desk.appoint("罗店镇", name="秦琼", since=date(2024, 1, 2))
    assert service.preview(sheet).count(LineKind.PROBLEM) == 1
    with pytest.raises(InvalidInputError):
        service.apply(sheet)
    assert desk.row("罗店镇").name == "秦琼"


def test_cancelled_import_leaves_nothing(desk: Desk, tmp_path: Path) -> None:
    service = desk.office.roster_import
    sheet = service.read(write_roster(tmp_path / "名册.xlsx", LINES))
    before = content(desk)

    def cancel(done: int, _total: int) -> None:
        if done == len(LINES):
            raise CancelledError("已取消。")

    with pytest.raises(AppError):
        service.apply(sheet, CHOICES, progress=cancel)
    assert content(desk) == before
