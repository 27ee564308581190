"""The office's own form texts: listed, copied once, checked one by one; and what the page 关于 tells."""

from pathlib import Path

import pytest

from cdo_desktop import __version__
from cdo_desktop.errors import InvalidInputError
from cdo_desktop.services.form_text_files import FormTextService
from cdo_desktop.services.program_facts import AboutService
from cdo_desktop.store import Database, open_database


@pytest.fixture
def texts(tmp_path: Path) -> FormTextService:
    return FormTextService(tmp_path / "数据" / "forms")


def test_new_office_has_none_of_the_files(texts: FormTextService, repo_root: Path) -> None:
    files = texts.files()
    shipped = {path.stem for path in (repo_root / "resources" / "forms").glob("*.toml")}
    assert [file.name for file in files[:4]] == [
        "filing_form",
        "filing_cdo",
        "filing_specialist",
        "contact_list",
    ]
    assert {file.name for file in files} == shipped
    assert all(file.title for file in files)
    assert {(file.own, file.problem) for file in files} == {(None, "")}
    assert not texts.folder.exists()


def test_copied_file_is_the_shipped_one_and_without_fault(texts: FormTextService, repo_root: Path) -> None:
    for name in ("filing_form", "contact_list"):
        copy = texts.copy_shipped(name)
        assert copy.read_bytes() == (repo_root / "resources" / "forms" / f"{name}.toml").read_bytes()
    own = {file.name for file in texts.files() if file.own is not None}
    assert own == {"filing_form", "contact_list"}
    assert {file.problem for file in texts.files()} == {""}


def test_changed_file_is_not_overwritten(texts: FormTextService) -> None:
    path = texts.copy_shipped("contact_list")
    path.write_text("# 我的改动\n", encoding="utf-8")
    with pytest.raises(InvalidInputError, match="没有覆盖"):
        texts.copy_shipped("contact_list")
    assert path.read_text(encoding="utf-8") == "# 我的改动\n"


def test_each_wrong_file_is_named_with_its_line_and_the_others_stay_good(texts: FormTextService) -> None:
    texts.copy_shipped("filing_cdo")
    (texts.folder / "filing_form.toml").write_text("[labels]\nname = 姓名\n", encoding="utf-8")
    (texts.folder / "contact_list.toml").write_text('titel = "通讯录"\n', encoding="utf-8")
    common, cdo, specialist, contact, *_others = texts.files()
    assert "第 2 行写错了" in common.problem
    assert "没有打印" not in common.problem
    assert (cdo.problem, specialist.problem) == ("", "")
    assert "第 1 行：这里没有名为“titel”的文字" in contact.problem


def test_a_name_in_braces_that_nothing_replaces_is_told(texts: FormTextService) -> None:
    letter = texts.copy_shipped("reminder_letter")
    words = letter.read_text(encoding="utf-8")
    letter.write_text(words.replace("你单位{post}于", "{unit}的{psot}于"), encoding="utf-8")
    (texts.folder / "filing_cdo.toml").write_text(
        '[labels]\nnumber = "{receiving_body}编号"\n', encoding="utf-8"
    )
    problems = {file.name: file.problem for file in texts.files() if file.problem}
    assert list(problems) == ["reminder_letter"]
    assert "{psot}不会换成内容" in problems["reminder_letter"]
    assert "“running”" in problems["reminder_letter"]


def test_about_tells_what_runs_on_which_data(migrated: Database) -> None:
    facts = AboutService(migrated, migrated.path.parent).facts()
    told = dict(facts.facts)
    assert told["程序"] == f"首席数据官工作台 {__version__}"
    assert told["数据文件夹"] == str(migrated.path.parent)
    assert told["SQLite"].count(".") == 2
    assert f"数据文件夹：{migrated.path.parent}" in facts.as_text().splitlines()


def test_every_font_and_icon_has_its_licence_and_every_library_its_version(migrated: Database) -> None:
    licences = AboutService(migrated, migrated.path.parent).facts().licences
    with_text = [licence for licence in licences if licence.text is not None]
    assert len(with_text) == 6
    assert all(licence.text.stat().st_size > 500 for licence in with_text if licence.text)
    assert [licence.name for licence in licences if licence.text is None and not licence.version] == []


@pytest.fixture
def migrated(tmp_path: Path) -> Database:
    return open_database(tmp_path / "cdo.sqlite3")
