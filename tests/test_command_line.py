"""The work without a window, as a user types it: what is printed where, and the exit status."""

import errno
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import date
from io import StringIO
from pathlib import Path

import pypdfium2
import pytest
from openpyxl import Workbook, load_workbook

from cdo_desktop import __version__, paths
from cdo_desktop.__main__ import main
from cdo_desktop.console import reader_is_gone
from cdo_desktop.office import Office
from cdo_desktop.rules.filing_steps import FilingStep

HEAD = (
    *("单位简称", "岗位", "姓名", "性别", "现任职务", "是否行政主要负责人", "任职日期", "委任依据"),
    *("办公电话", "手机"),
)
ROSTER = paths.resource("sample", "roster.xlsx")


@dataclass(frozen=True)
class Said:
    """What a command printed, and its exit status."""

    status: int
    out: list[str]
    err: str


def command_line(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-X", "utf8", "-m", "cdo_desktop", *map(str, arguments)]


def run_process(*arguments: str | Path, cwd: Path | None = None) -> Said:
    """Run the command as a user does, in a process of its own."""
    done = subprocess.run(
        command_line(*arguments),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
        cwd=cwd,
    )
    assert "Traceback" not in done.stderr
    return Said(done.returncode, done.stdout.splitlines(), done.stderr)


def run(*arguments: str | Path) -> Said:
    """Run the command in this process, which saves its start."""
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            status = main([str(argument) for argument in arguments])
        except SystemExit as ended:
            status = int(ended.code or 0)
    return Said(status, out.getvalue().splitlines(), err.getvalue())


def roster(path: Path, *lines: tuple[object, ...]) -> Path:
    book = Workbook()
    book.active.append(HEAD)
    for line in lines:
        book.active.append(line)
    book.save(path)
    return path


def line(
    unit: str, name: str = "张三", since: object = date(2026, 3, 2), number: int = 1
) -> tuple[object, ...]:
    return (unit, "数据专员", name, "男", "科长", "否", since, "宝委〔2026〕1号", "", f"138{number:08d}")


@pytest.fixture(scope="module")
def registered(tmp_path_factory: pytest.TempPathFactory, repo_root: Path) -> Path:
    """Return a data folder into which the sample roster was brought by the command itself."""
    folder = tmp_path_factory.mktemp("cli") / "数据 文件夹（宝山）"
    assert run_process("--data", folder, "roster", "import", ROSTER, cwd=repo_root).status == 0
    return folder


@pytest.fixture
def data(registered: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, repo_root: Path) -> Path:
    """Return a copy of it in a folder with blanks in its name."""
    monkeypatch.chdir(repo_root)
    folder = tmp_path / "我的 数据"
    shutil.copytree(registered, folder)
    return folder


def count(folder: Path, table: str) -> int:
    with closing(sqlite3.connect(folder / paths.DATABASE_NAME)) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


# Import


def test_import_counts_every_kind_and_is_the_same_the_second_time(data: Path) -> None:
    said = run_process("--data", data, "roster", "import", ROSTER)
    assert (said.status, said.out) == (0, ["新增 0", "变更 0", "相同 117", "问题 0"])
    assert said.err == ""


def test_dry_run_says_what_would_go_in_and_writes_nothing(data: Path, tmp_path: Path) -> None:
    source = roster(tmp_path / "新 名册.xlsx", line("区测绘局"), line("区园林局", number=2))
    before = (data / paths.DATABASE_NAME).read_bytes()
    said = run("--data", data, "roster", "import", source, "--dry-run")
    assert (said.status, said.out) == (0, ["新增 2", "变更 0", "相同 0", "问题 0"])
    assert (data / paths.DATABASE_NAME).read_bytes() == before


def test_problem_stops_everything_and_is_named_with_its_cell(data: Path, tmp_path: Path) -> None:
    source = roster(tmp_path / "名册.xlsx", line("区测绘局"), line("罗店", since="二月三十日", number=2))
    before = count(data, "units")
    marked = tmp_path / "标注 副本.xlsx"
    said = run_process("--data", data, "roster", "import", source, "--marked", marked)
    assert (said.status, said.out) == (1, ["新增 1", "变更 0", "相同 0", "问题 1"])
    assert "问题 G3（任职日期）：" in said.err
    assert "问题 A3" in said.err
    assert "没有导入任何内容" in said.err
    assert count(data, "units") == before
    assert load_workbook(marked).worksheets[0]["G3"].comment is not None
    said = run("--data", data, "roster", "import", source, "--dry-run")
    assert said.status == 1


def test_problem_lines_can_be_skipped_and_the_status_still_tells(data: Path, tmp_path: Path) -> None:
    source = roster(tmp_path / "名册.xlsx", line("区测绘局"), line("罗店", number=2))
    before = count(data, "units")
    said = run("--data", data, "roster", "import", source, "--skip-problems")
    assert (said.status, said.out) == (1, ["新增 1", "变更 0", "相同 0", "问题 1"])
    assert count(data, "units") == before + 1


def test_replacements_wait_for_their_confirmation(data: Path, tmp_path: Path) -> None:
    source = roster(tmp_path / "名册.xlsx", line("罗店镇", "新来", since=date(2026, 11, 20)))
    said = run("--data", data, "roster", "import", source)
    assert said.status == 1
    assert "请确认是否更换" in said.err
    said = run("--data", data, "roster", "import", source, "--confirm-replacements")
    assert (said.status, said.out[1]) == (0, "变更 1")


def test_broken_workbook_is_one_sentence_and_makes_no_database(tmp_path: Path) -> None:
    broken = tmp_path / "坏 名册.xlsx"
    broken.write_bytes(b"PK\x03\x04 not a workbook")
    said = run_process("--data", tmp_path / "新", "roster", "import", broken)
    assert (said.status, said.out) == (1, [])
    assert "坏 名册.xlsx" in said.err
    assert len(said.err.splitlines()) == 1
    assert not (tmp_path / "新").exists()


def test_missing_workbook_is_one_sentence(tmp_path: Path) -> None:
    said = run("--data", tmp_path, "roster", "import", tmp_path / "没有.xlsx")
    assert said.status == 1
    assert "找不到文件" in said.err


def test_marked_copy_never_replaces_the_workbook(data: Path, tmp_path: Path) -> None:
    source = roster(tmp_path / "名册.xlsx", line("罗店"))
    before = source.read_bytes()
    said = run("--data", data, "roster", "import", source, "--marked", source)
    assert said.status == 1
    assert "不能覆盖原文件" in said.err
    assert source.read_bytes() == before


def test_killed_import_leaves_nothing_or_everything(tmp_path: Path, data: Path) -> None:
    units = 150
    source = roster(tmp_path / "大 名册.xlsx", *(line(f"第{n}中心", number=n) for n in range(units)))
    told = (
        "history WHERE entity <> 'backups'"  # the backup before it is told of, whatever becomes of the import
    )
    tables = ("units", "tenures", "filings", told)
    before = {table: count(data, table) for table in tables}
    everything = {"units": units, "tenures": units, "filings": units, told: 3 * units}

    def grown(folder: Path) -> dict[str, int]:
        with closing(sqlite3.connect(folder / paths.DATABASE_NAME)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return {table: count(folder, table) - before[table] for table in tables}

    seconds = import_and_kill(data, source, tmp_path / "whole", after=None)
    assert grown(tmp_path / "whole") == everything
    outcomes = []
    for number, share in enumerate((0.0, 0.0, 0.0, 0.0, 0.5, 1.0)):
        folder = tmp_path / f"killed {number}"
        import_and_kill(data, source, folder, after=seconds * share)
        left = grown(folder)
        assert left in (dict.fromkeys(tables, 0), everything)
        outcomes.append(left["units"])
    assert 0 in outcomes
    sys.stdout.write(f"units after each kill: {outcomes}\n")


def import_and_kill(data: Path, source: Path, folder: Path, after: float | None) -> float:
    """Import into a copy and kill the command ``after`` seconds of writing; return how long it wrote."""
    shutil.copytree(data, folder)
    process = subprocess.Popen(
        command_line("--data", folder, "roster", "import", source, "--skip-problems"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    journal = folder / f"{paths.DATABASE_NAME}-journal"
    while process.poll() is None and not journal.exists():
        time.sleep(0.0005)  # the journal lives for milliseconds only
    begun = time.monotonic()
    if after is not None:
        time.sleep(after)
        process.kill()
    process.wait()
    return time.monotonic() - begun


# Export


def test_export_writes_the_roster_of_a_day(data: Path, tmp_path: Path) -> None:
    target = tmp_path / "花 名册.xlsx"
    said = run("--data", data, "roster", "export", target)
    assert (said.status, said.out) == (0, ["岗位 117", "空缺 2"])
    said = run("--data", data, "roster", "export", target, "--on", "2020年1月1日", "--full")
    assert (said.status, said.out) == (0, ["岗位 115", "空缺 115"])
    said = run("--data", data, "roster", "export", target, "--on", "昨天")
    assert said.status == 1
    assert "昨天" in said.err


def test_full_export_comes_back_whole(data: Path, tmp_path: Path) -> None:
    one, two = tmp_path / "一.xlsx", tmp_path / "二.xlsx"
    assert run("--data", data, "roster", "export", one, "--full").status == 0
    assert run("--data", tmp_path / "空", "roster", "import", one).status == 0
    assert run("--data", tmp_path / "空", "roster", "export", two, "--full").status == 0

    def cells(path: Path) -> list[tuple[object, ...]]:
        return list(load_workbook(path).worksheets[0].iter_rows(values_only=True))

    assert cells(one) == cells(two)


def test_template_is_written(tmp_path: Path) -> None:
    said = run("--data", tmp_path, "roster", "template", tmp_path / "模板.xlsx")
    assert (said.status, said.err) == (0, "")
    assert load_workbook(tmp_path / "模板.xlsx").worksheets


# Forms


def test_forms_are_written_one_by_one_and_the_empty_posts_named(data: Path, tmp_path: Path) -> None:
    said = run_process("--data", data, "forms", tmp_path / "备案 表")
    files = sorted(path.name for path in (tmp_path / "备案 表").iterdir())
    assert (said.status, said.out, len(files)) == (0, ["备案表 108"], 108)
    assert sorted(line for line in said.err.splitlines() if line.startswith("空缺")) == [
        "空缺，没有出表：区民防办 首席数据官",
        "空缺，没有出表：庙行镇 数据专员",
    ]
    unconfirmed = [line for line in said.err.splitlines() if "还没有与公章核对确认" in line]
    assert len(unconfirmed) == 55  # once a unit, not once a form
    assert unconfirmed[0].startswith("友谊路街道 首席数据官 田慧、友谊路街道 数据专员 李勇：单位全称")
    assert files[0].startswith("0010-1_友谊路街道_首席数据官_")


def test_forms_of_one_unit_one_post_and_in_one_file(data: Path, tmp_path: Path) -> None:
    assert run("--data", data, "forms", tmp_path / "a", "--unit", "宝山区罗店镇人民政府").out == ["备案表 2"]
    said = run("--data", data, "forms", tmp_path / "b", "--unit", "罗店镇", "--post", "数据专员")
    assert said.out == ["备案表 1"]
    (file,) = (tmp_path / "b").iterdir()
    assert "罗店镇_数据专员" in file.name
    said = run("--data", data, "forms", tmp_path / "c", "--one-file", "--post", "首席数据官")
    assert said.out == ["备案表 54", "页数 108"]
    document = pypdfium2.PdfDocument(tmp_path / "c" / "备案表.pdf")
    assert len(document) == 108
    document.close()


def test_a_void_form_is_not_called_an_empty_post(data: Path, tmp_path: Path) -> None:
    with Office(data) as office:
        rows = office.filing_list.rows()
        ids = [row.filing_id for row in rows if (row.unit, row.post) == ("罗店镇", "数据专员")]
        office.filings.void(office.filings.plan(FilingStep.VOID, ids), "登记有误")
        (name,) = {row.name for row in rows if row.filing_id in ids}
    said = run("--data", data, "forms", tmp_path / "b", "--unit", "罗店镇", "--post", "数据专员")
    assert (said.status, said.out) == (1, [])
    assert said.err.splitlines()[0] == f"备案已经作废，没有出表：罗店镇 数据专员 {name}"


def test_form_that_cannot_be_made_is_a_sentence(data: Path, tmp_path: Path) -> None:
    said = run("--data", data, "forms", tmp_path / "a", "--unit", "罗店")
    assert (said.status, said.out) == (1, [])
    assert "名称相近的有：罗店镇" in said.err
    said = run("--data", data, "forms", tmp_path / "a", "--unit", "区民防办", "--post", "首席数据官")
    assert (said.status, said.out) == (1, [])
    assert "没有可以出表的岗位" in said.err
    assert not (tmp_path / "a").exists()
    assert run("--data", data, "forms", tmp_path / "a", "--post", "局长").status == 2


# The rest


def test_due_dates_come_one_a_line_in_the_order_asked(tmp_path: Path) -> None:
    said = run_process("--data", tmp_path, "due", "2026-02-13", "20260930", "2026-12-29", "2026年11月23日")
    assert (said.status, said.out) == (0, ["2026-02-25", "2026-10-10", "2027-01-04 暂定", "2026-11-26"])
    assert list(tmp_path.iterdir()) == []


def test_due_date_of_no_date_is_a_sentence(tmp_path: Path) -> None:
    said = run("--data", tmp_path, "due", "2026-02-13", "2026-02-30")
    assert (said.status, said.out) == (1, [])
    assert "2026年2月没有30日" in said.err


def test_due_dates_follow_the_calendar_of_the_data_folder(data: Path) -> None:
    with closing(sqlite3.connect(data / paths.DATABASE_NAME)) as connection, connection:
        connection.execute("INSERT INTO calendar_days VALUES ('2026-11-25', 1, '测试', '')")
    assert run("--data", data, "due", "2026-11-23").out == ["2026-11-27"]


def test_sample_district_is_made_once(tmp_path: Path) -> None:
    said = run("--data", tmp_path / "示例", "sample")
    assert (said.status, said.out) == (0, ["岗位 115"])
    said = run("--data", tmp_path / "示例", "sample")
    assert (said.status, said.out) == (1, [])
    assert "只能建在空的数据文件夹里" in said.err


def test_data_folder_that_is_a_file_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "数据").write_text("x", encoding="utf-8")
    said = run("--data", tmp_path / "数据", "roster", "export", tmp_path / "a.xlsx")
    assert said.status == 1
    assert "不能建立文件夹" in said.err


def test_damaged_database_is_a_sentence(data: Path, tmp_path: Path) -> None:
    (data / paths.DATABASE_NAME).write_bytes(b"not a database" * 100)
    said = run("--data", data, "roster", "export", tmp_path / "a.xlsx")
    assert (said.status, said.out) == (1, [])
    assert "已损坏或不是本程序的数据库" in said.err


def test_wrong_call_and_version_end_as_usual(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments, status in ((["roster"], 2), (["no-such"], 2), (["--version"], 0), (["forms"], 2)):
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        assert ended.value.code == status
    assert __version__ in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["forms"], "缺少 OUT_DIR"),
        (["roster"], "缺少 import|export|template"),
        (["due", "2026-03-05", "--no-such"], "不认识 --no-such"),
        (["forms", "a", "--unit"], "--unit 后面缺少内容"),
        (["forms", "a", "--one-file=1"], "--one-file 后面不能有 '1'"),
        (["forms", "a", "--post", "专员"], "--post 不能是 '专员'，只能是 "),
        (["no-such"], "COMMAND 不能是 'no-such'，只能是 "),
    ],
)
def test_wrong_call_is_explained_in_chinese(arguments: list[str], complaint: str) -> None:
    said = run(*arguments)
    assert said.status == 2
    assert said.err.startswith("用法：cdo_desktop")
    assert f"写法不对，没有做任何事：{complaint}" in said.err
    assert not re.search("usage|error|argument", said.err)


@pytest.mark.parametrize(
    "command", [(), ("due",), ("forms",), ("roster",), ("roster", "import"), ("backup",)]
)
def test_help_is_chinese(command: tuple[str, ...]) -> None:
    said = run(*command, "--help")
    text = "\n".join(said.out)
    assert said.status == 0
    assert text.startswith("用法：cdo_desktop")
    assert not re.search("usage|options|positional|show |exit", text)


def test_nothing_of_the_log_is_told_to_a_user(tmp_path: Path, repo_root: Path) -> None:
    folder = tmp_path / "old"
    folder.mkdir()
    old = repo_root / "tests" / "data" / "databases" / "v0001.sqlite3"
    shutil.copyfile(old, folder / paths.DATABASE_NAME)
    said = run_process(
        "--data", folder, "roster", "export", tmp_path / "a.xlsx"
    )  # upgrades, and backs up first
    assert (said.status, said.err) == (0, "")


@pytest.mark.skipif(os.name == "nt", reason="a console signal of Windows ends the whole group")
def test_interrupted_command_says_so_without_a_traceback(data: Path, tmp_path: Path) -> None:
    process = subprocess.Popen(
        command_line("--data", data, "forms", tmp_path / "a"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        # A shell that put the tests behind it has them ignore the signal, and so would the program.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    while process.poll() is None and not (tmp_path / "a").exists():
        time.sleep(0.005)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "已中断" in err
    assert "Traceback" not in err


def test_a_reader_that_has_enough_ends_a_command_quietly(tmp_path: Path) -> None:
    assert run("--data", tmp_path, "sample").status == 0
    reading, writing = os.pipe()
    with subprocess.Popen(
        command_line("--data", tmp_path, "filings"),
        stdin=subprocess.DEVNULL,
        stdout=writing,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        os.close(writing)
        os.close(reading)
        assert process.stderr is not None
        said = process.stderr.read()
    assert (process.returncode, said) == (1, "")


def test_scans_are_filed_and_told_of_page_by_page(tmp_path: Path) -> None:
    assert run("--data", tmp_path / "data", "sample").status == 0
    assert run("--data", tmp_path / "data", "forms", tmp_path / "out", "--unit", "区教育局").status == 0
    form, scan = min((tmp_path / "out").glob("*.pdf")), tmp_path / "扫描.png"
    with pypdfium2.PdfDocument(form) as document:
        document[0].render(scale=2).to_pil().save(scan)
    filed = run("--data", tmp_path / "data", "scans", scan, "--received", "2026-11-24", "--way", "现场")
    assert filed.status == 0
    heads, line = (text.split("\t") for text in filed.out)
    told = dict(zip(heads, line, strict=True))
    assert (told["页"], told["结果"], told["内容"]) == ("1", "已归入", "现内容")
    assert told["备案"].startswith("区教育局 首席数据官")
    again = run("--data", tmp_path / "data", "scans", scan, form, tmp_path / "没有.pdf")
    assert again.status == 1
    assert [text.split("\t")[2] for text in again.out[1:]] == ["已有", "未收", "未收"]
    assert "不是签字盖章后的扫描件" in again.out[2]


def test_filings_are_printed_as_a_table(tmp_path: Path) -> None:
    assert run("--data", tmp_path, "sample").status == 0
    every, late = run("--data", tmp_path, "filings"), run("--data", tmp_path, "filings", "--overdue")
    heads = every.out[0].split("\t")
    assert (heads[:3], heads[-1]) == (["单位", "岗位", "姓名"], "逾期工作日")
    lines = [dict(zip(heads, line.split("\t"), strict=True)) for line in every.out[1:]]
    overdue = [line for line in lines if line["提示"] == "逾期"]
    assert overdue
    assert all(int(line["逾期工作日"]) > 0 and not line["收件日期"] for line in overdue)
    assert late.out[1:] == [text for text in every.out[1:] if "\t逾期\t" in text]
    assert run("--data", tmp_path, "filings", "--on", "昨儿").status == 1


@pytest.mark.parametrize(
    ("error", "system", "gone"),
    [
        (BrokenPipeError(errno.EPIPE, "x"), "posix", True),
        (BrokenPipeError(errno.EPIPE, "x"), "nt", True),
        (OSError(errno.EINVAL, "x"), "nt", True),  # what Windows says, seen under Wine
        (OSError(errno.EINVAL, "x"), "posix", False),
        (OSError(errno.ENOSPC, "x"), "nt", False),
    ],
)
def test_reader_that_is_gone_is_known_on_every_system(error: OSError, system: str, gone: bool) -> None:
    assert reader_is_gone(error, system) is gone
