"""Commands about the roster: import, export, template."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from cdo_desktop.arguments import CommandParser
from cdo_desktop.commands.office import DONE, NOT_ALL_DONE, day_of, open_office

if TYPE_CHECKING:
    from cdo_desktop.documents.readers.roster_sheet import RosterProblem
    from cdo_desktop.services.roster_plan import RosterPlan


def add_commands(commands: "argparse._SubParsersAction[CommandParser]") -> None:
    """Add roster with what can be done to it."""
    roster = commands.add_parser("roster", help="名册：导入、导出、模板")
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


def _roster_import(options: argparse.Namespace) -> int:
    from cdo_desktop.services.roster_import import RosterImportService
    from cdo_desktop.services.roster_plan import ImportChoices

    choices = ImportChoices(all_replacements=options.confirm_replacements)
    sheet = RosterImportService.read(options.file)  # before the database: a broken file makes none
    with open_office(options) as office:
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
    with open_office(options) as office:
        result = office.roster_export.write(options.out, as_of=day_of(options.on), full=options.full)
    print(f"岗位 {result.posts}\n空缺 {result.empty}")
    return DONE


def _roster_template(options: argparse.Namespace) -> int:
    from cdo_desktop.documents.excel.template import write_template

    write_template(options.out)
    return DONE
