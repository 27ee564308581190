"""Command line: the window by default, and the same work without a window.

Results go to standard output, problems to standard error. Exit status: 0 all done, 1 not (all) done,
2 wrongly called, 130 interrupted.
"""

import argparse
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cdo_desktop import __version__, paths, settings
from cdo_desktop.arguments import CommandParser
from cdo_desktop.console import allow_any_character, has_terminal, write_nowhere
from cdo_desktop.errors import AppError, InvalidInputError, StorageError
from cdo_desktop.rules.vocabulary import FILED_POSTS, PostKind

if TYPE_CHECKING:
    from cdo_desktop.documents.readers.roster_sheet import RosterProblem
    from cdo_desktop.office import Office
    from cdo_desktop.services.forms import FormBatch
    from cdo_desktop.services.roster_plan import RosterPlan
    from cdo_desktop.services.safety import BackupService
    from cdo_desktop.services.sign_in import OperatorChoice

DONE, NOT_ALL_DONE, INTERRUPTED = 0, 1, 130
_PIN_VARIABLE = "CDO_PIN"
_CHILD_TASKS = ("_read", "_mark")  # hidden: bounded work on files from outside


def main(arguments: list[str] | None = None) -> int:
    """Run the program and return its exit status."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments and arguments[0] in _CHILD_TASKS:
        from cdo_desktop.documents.readers.child import run_child

        return run_child(arguments)
    allow_any_character()
    logging.getLogger("cdo_desktop").addHandler(logging.NullHandler())  # the log is the window's
    options = _parser().parse_args(arguments)
    options.pin = os.environ.pop(_PIN_VARIABLE, None)  # not for the children that read files
    try:
        status = int(options.command(options))
        if sys.stdout is not None:  # the program without a console has none
            sys.stdout.flush()
        return status
    except BrokenPipeError:
        write_nowhere()
        return NOT_ALL_DONE
    except AppError as error:
        print(error, file=sys.stderr)
        return NOT_ALL_DONE
    except KeyboardInterrupt:
        print("已中断。没有做完的一步没有写入数据库。", file=sys.stderr)
        return INTERRUPTED


def _parser() -> CommandParser:
    parser = CommandParser(prog="cdo_desktop", description=f"{settings.PROGRAM_NAME} {__version__}")
    parser.add_argument("--data", type=Path, metavar="DIR", help="数据文件夹（缺省为本用户的数据文件夹）")
    parser.add_argument(
        "--operator", metavar="NAME", help=f"由谁经办；需要 PIN 时从提示或环境变量 {_PIN_VARIABLE} 读取"
    )
    parser.add_argument("--version", action="version", version=__version__, help="显示版本号后退出")
    parser.set_defaults(command=_window)
    commands = parser.add_subparsers(title="不开窗口的命令", metavar="COMMAND")
    due = commands.add_parser("due", help="变更之日起三个工作日的备案截止日")
    due.add_argument("dates", nargs="+", metavar="DATE", help="变更日期，例如 2026-02-13")
    due.set_defaults(command=_due)
    forms = commands.add_parser("forms", help="生成备案表（PDF）")
    forms.add_argument("out_dir", type=Path, metavar="OUT_DIR")
    forms.add_argument("--unit", metavar="NAME", help="只做一个单位（全称或简称）")
    forms.add_argument("--post", choices=[str(post) for post in FILED_POSTS], help="只做一种岗位")
    forms.add_argument("--one-file", action="store_true", help="全部放进一个文件，双面打印时每表另起一张")
    forms.set_defaults(command=_forms)
    filings = commands.add_parser("filings", help="备案一览：截止日、剩余和逾期的工作日（用制表符分隔）")
    filings.add_argument("--overdue", action="store_true", help="只列逾期未收到的")
    filings.add_argument("--on", metavar="DATE", help="截至哪一天（缺省为今天）")
    filings.set_defaults(command=_filings)
    sample = commands.add_parser("sample", help="在空的数据文件夹里建一个示例区")
    sample.set_defaults(command=_sample)
    _add_safety(commands)
    operator = commands.add_parser("operator", help="经办人：忘记 PIN 时清除")
    actions = operator.add_subparsers(required=True, metavar="reset")
    reset = actions.add_parser("reset", help="清除一位经办人的 PIN 并解除锁定；历史记录会写明")
    reset.add_argument("name", metavar="NAME")
    reset.set_defaults(command=_reset_operator)
    picture = commands.add_parser("picture", help="打开窗口，存一张它的图片就退出，用来检查安装")
    picture.add_argument("file", type=Path, metavar="OUT.png")
    picture.set_defaults(command=_picture)
    roster = commands.add_parser("roster", help="名册：导入、导出、模板")
    _add_roster(roster)
    return parser


def _add_safety(commands: "argparse._SubParsersAction[CommandParser]") -> None:
    check = commands.add_parser("check", help="检查数据库是否完好")
    check.set_defaults(command=_check)
    backup = commands.add_parser("backup", help="备份数据（数据库、附件、表格文字）")
    backup.add_argument("out", type=Path, metavar="OUT", help="备份文件，或要放进去的文件夹")
    backup.set_defaults(command=_backup)
    restore = commands.add_parser("restore", help="从备份恢复；现有数据另存在旁边")
    restore.add_argument("file", type=Path, metavar="FILE")
    restore.set_defaults(command=_restore)


def _add_roster(roster: CommandParser) -> None:
    actions = roster.add_subparsers(required=True, metavar="import|export|template")
    load = actions.add_parser("import", help="从 Excel 名册导入（.xlsx .xls .et）")
    load.add_argument("file", type=Path, metavar="FILE")
    load.add_argument("--dry-run", action="store_true", help="只预览，不写入")
    load.add_argument("--skip-problems", action="store_true", help="跳过问题行，导入其余各行")
    load.add_argument("--marked", type=Path, metavar="OUT.xlsx", help="把问题标在原表的副本上")
    load.add_argument("--confirm-replacements", action="store_true", help="换了人的岗位一律按更换办理")
    load.set_defaults(command=_roster_import)
    export = actions.add_parser("export", help="导出名册")
    export.add_argument("out", type=Path, metavar="OUT.xlsx")
    export.add_argument("--on", metavar="DATE", help="截至哪一天（缺省为今天）")
    export.add_argument("--full", action="store_true", help="全部字段，手机号不隐去")
    export.set_defaults(command=_roster_export)
    template = actions.add_parser("template", help="生成空白导入模板")
    template.add_argument("out", type=Path, metavar="OUT.xlsx")
    template.set_defaults(command=_roster_template)


def _folder(options: argparse.Namespace) -> Path:
    folder: Path | None = options.data
    return folder if folder is not None else paths.default_data_folder()


@contextmanager
def _office(options: argparse.Namespace) -> "Iterator[Office]":
    """Open the data for an operator who has shown who they are; where nothing is to be asked, nothing is."""
    from cdo_desktop.office import Office

    with Office(_folder(options)) as office:
        chosen = _operator(office.choices, options.operator)
        if chosen.has_pin or not office.journal.actor:
            pin = _pin(chosen, options) if chosen.has_pin else ""
            who = office.operators.sign_in(chosen.operator_id, pin)
            if who.failures:
                print(f"提示：“{who.name}”上次登录以后，PIN 输错过 {who.failures} 次。", file=sys.stderr)
        yield office


def _operator(choices: "tuple[OperatorChoice, ...]", name: str | None) -> "OperatorChoice":
    from cdo_desktop.rules.text import clean_name

    names = "、".join(choice.name for choice in choices)
    if name is None:
        if len(choices) == 1:
            return choices[0]
        raise InvalidInputError(f"请用 --operator 写明由谁经办（{names}）。没有执行任何操作。")
    wanted = clean_name(name)
    chosen = next((choice for choice in choices if choice.name == wanted), None)
    if chosen is None:
        raise InvalidInputError(f"没有名叫“{name}”的在用经办人，没有执行任何操作。可以写：{names}。")
    return chosen


def _pin(chosen: "OperatorChoice", options: argparse.Namespace) -> str:
    if options.pin is not None:
        return str(options.pin)
    if not has_terminal():
        raise InvalidInputError(
            f"“{chosen.name}”需要 PIN，没有执行任何操作。"
            f"请在可以输入的窗口里执行，或设置环境变量 {_PIN_VARIABLE}。"
        )
    from getpass import getpass

    try:
        return getpass(f"“{chosen.name}”的 PIN（输入时不显示）：")
    except EOFError as error:
        raise InvalidInputError("没有输入 PIN，没有执行任何操作。") from error


def _window(options: argparse.Namespace) -> int:
    from cdo_desktop.app import run_window

    return run_window(_folder(options))


def _picture(options: argparse.Namespace) -> int:
    from cdo_desktop.app import run_window

    return run_window(_folder(options), options.file)


def _due(options: argparse.Namespace) -> int:
    from cdo_desktop.office import office_calendar
    from cdo_desktop.rules.dates import parse_date

    changed = [parse_date(text) for text in options.dates]
    calendar = office_calendar(_folder(options))
    for day in changed:
        print(calendar.due_date(day))
    return DONE


def _roster_import(options: argparse.Namespace) -> int:
    from cdo_desktop.services.roster_import import RosterImportService
    from cdo_desktop.services.roster_plan import ImportChoices

    choices = ImportChoices(all_replacements=options.confirm_replacements)
    sheet = RosterImportService.read(options.file)  # before the database: a broken file makes none
    with _office(options) as office:
        service = office.roster_import
        plan = service.preview(sheet, choices)
        for problem in plan.problems:
            print(_problem_line(problem), file=sys.stderr)
        if options.marked is not None:
            service.write_marked_copy(options.file, plan, options.marked)
        if not options.dry_run:
            if plan.is_clean or options.skip_problems:
                service.apply(sheet, choices, skip_problems=options.skip_problems)
            else:
                print(
                    "有问题行，没有导入任何内容。改正后再导入，或加 --skip-problems 跳过问题行。",
                    file=sys.stderr,
                )
    _print_counts(plan)
    return DONE if plan.is_clean else NOT_ALL_DONE


def _print_counts(plan: "RosterPlan") -> None:
    from cdo_desktop.services.roster_plan import LineKind

    for kind in LineKind:
        print(f"{kind} {plan.count(kind)}")


def _problem_line(problem: "RosterProblem") -> str:
    column = f"（{problem.field}）" if problem.field else ""
    return f"{'问题' if problem.blocking else '提示'} {problem.ref.label}{column}：{problem.message}"


def _roster_export(options: argparse.Namespace) -> int:
    with _office(options) as office:
        result = office.roster_export.write(options.out, as_of=_date(options.on), full=options.full)
    print(f"岗位 {result.posts}\n空缺 {result.empty}")
    return DONE


def _date(text: str | None) -> date | None:
    from cdo_desktop.rules.dates import parse_date

    return parse_date(text) if text else None


def _roster_template(options: argparse.Namespace) -> int:
    from cdo_desktop.documents.excel.template import write_template

    write_template(options.out)
    return DONE


def _forms(options: argparse.Namespace) -> int:
    post = PostKind(options.post) if options.post else None
    with _office(options) as office:
        batch = office.forms.compose(unit=options.unit, post=post)
        _print_notices(batch)
        if not batch.sheets:
            print("没有可以出表的岗位，没有生成文件。", file=sys.stderr)
            return NOT_ALL_DONE
        if options.one_file:
            pages = office.forms.write_one_file(batch, options.out_dir / "备案表.pdf")
            print(f"备案表 {len(batch.sheets)}\n页数 {pages}")
        else:
            written = office.forms.write_folder(batch, options.out_dir)
            print(f"备案表 {len(written)}")
    return DONE


def _print_notices(batch: "FormBatch") -> None:
    titles: dict[str, list[str]] = {}
    for warning in batch.warnings:  # what holds for both forms of a unit is said once
        titles.setdefault(warning.message, []).append(warning.title)
    for name in batch.empty_posts:
        print(f"空缺，没有出表：{name}", file=sys.stderr)
    for message, forms in titles.items():
        print(f"{'、'.join(forms)}：{message}", file=sys.stderr)


_FILING_HEADS = (
    *("单位", "岗位", "姓名", "备案类型", "状态", "备案编号", "变更日期", "截止日期", "暂定", "收件日期"),
    *("提示", "剩余工作日", "逾期工作日"),
)


def _filings(options: argparse.Namespace) -> int:
    with _office(options) as office:
        rows = office.filing_list.rows(_date(options.on), overdue=options.overdue)
    print(*_FILING_HEADS, sep="\t")
    for row in rows:
        left = "" if row.working_days_left is None else row.working_days_left
        print(
            *(row.unit, row.post, row.name, row.kind, row.state, row.number),
            *(row.change_date or "", row.due_date or "", "暂定" if row.due_provisional else ""),
            *(row.received_on or "", row.lamp, left, row.late_days or ""),
            sep="\t",
        )
    return DONE


def _backups(options: argparse.Namespace, actor: str = settings.DEFAULT_ACTOR) -> "BackupService":
    from cdo_desktop.services.journal import Journal
    from cdo_desktop.services.safety import BackupService

    return BackupService(_folder(options), Journal(datetime.now, actor))


def _check(options: argparse.Namespace) -> int:
    report = _backups(options).check(thorough=True)
    print(*report.lines, *report.details, sep="\n")
    return DONE if report.ok else NOT_ALL_DONE


def _backup(options: argparse.Namespace) -> int:
    from cdo_desktop.services.journal import Journal
    from cdo_desktop.services.safety import note_backup

    made = _backups(options).back_up(target=options.out)
    note_backup(_folder(options), Journal(datetime.now), made.path)
    print(f"备份 {made.path}\n字节 {made.size}")
    if made.missing:
        print(f"有 {made.missing} 个附件的文件已经缺失或被改动，没有备进去。", file=sys.stderr)
    return DONE


def _restore(options: argparse.Namespace) -> int:
    from cdo_desktop.ui.common.single_instance import window_is_open

    if window_is_open(_folder(options)):
        raise StorageError("这个数据文件夹正在窗口中打开，没有恢复。请先关闭窗口，再执行一次。")
    restored = _backups(options, _who_restores(options)).restore(options.file)
    made_at = restored.manifest.made_at.isoformat(sep=" ")
    print(f"已恢复到 {made_at}", *(f"原有数据 {kept}" for kept in [restored.kept] if kept), sep="\n")
    if restored.missing:
        print(f"有 {restored.missing} 个附件的内容找不到，打不开；其他数据不受影响。", file=sys.stderr)
    return DONE


def _who_restores(options: argparse.Namespace) -> str:
    """Ask for an operator of the present data; data that cannot be opened has none to ask for."""
    if not (_folder(options) / paths.DATABASE_NAME).exists():
        return settings.DEFAULT_ACTOR
    try:
        with _office(options) as office:
            return office.journal.actor
    except StorageError:
        return settings.DEFAULT_ACTOR


def _reset_operator(options: argparse.Namespace) -> int:
    from cdo_desktop.office import Office

    if not (_folder(options) / paths.DATABASE_NAME).exists():
        raise StorageError(f"数据文件夹“{_folder(options)}”里没有数据，没有改动。请用 --data 写明文件夹。")
    with Office(_folder(options)) as office:
        office.operators.reset(options.name)
    print(f"已清除“{options.name}”的 PIN 并解除锁定，历史记录已写明。请尽快登录，重新设置 PIN。")
    return DONE


def _sample(options: argparse.Namespace) -> int:
    with _office(options) as office:
        print(f"岗位 {office.sample.create()}")
    return DONE


if __name__ == "__main__":
    sys.exit(main())
