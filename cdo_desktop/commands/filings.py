"""Commands about filings: their due dates, forms, list and scans."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from cdo_desktop.arguments import CommandParser
from cdo_desktop.commands.office import DONE, NOT_ALL_DONE, data_folder, day_of, open_office
from cdo_desktop.rules.vocabulary import FILED_POSTS, PaperForm, PaperWay, PostKind

if TYPE_CHECKING:
    from cdo_desktop.services.forms import FormBatch


_OF_A_PAST_DAY = (
    "过去的某一天按出表、收件、退回、备案、入库和作废的日期还原；职务、截止日和放假安排按现在的算，"
    "没有记下作废日期的作废备案不列，导入的旧备案只按收到日期还原"
)


def add_commands(commands: "argparse._SubParsersAction[CommandParser]") -> None:
    """Add due, forms and filings."""
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
    filings.add_argument("--on", metavar="DATE", help=f"截至哪一天（缺省为今天）。{_OF_A_PAST_DAY}")
    filings.set_defaults(command=_filings)
    scans = commands.add_parser("scans", help="归入扫描件：按二维码找到备案，认不出的放进“待认扫描件”")
    scans.add_argument("files", nargs="+", type=Path, metavar="FILE")
    scans.add_argument("--received", metavar="DATE", help="收到日期（缺省为今天）")
    ways = [str(way) for way in PaperWay]
    scans.add_argument("--way", choices=ways, default=ways[0], help=f"收到方式（缺省为 {ways[0]}）")
    scans.add_argument("--original", action="store_true", help="扫的是收到的原件（缺省按扫描件登记）")
    scans.set_defaults(command=_scans)


def _due(options: argparse.Namespace) -> int:
    from cdo_desktop.office import office_calendar
    from cdo_desktop.rules.dates import parse_date

    changed = [parse_date(text) for text in options.dates]
    calendar = office_calendar(data_folder(options))
    for day in changed:
        print(calendar.due_date(day))
    return DONE


def _forms(options: argparse.Namespace) -> int:
    post = PostKind(options.post) if options.post else None
    with open_office(options) as office:
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
    for form in batch.void:
        print(f"备案已经作废，没有出表：{form.unit} {form.post} {form.name}", file=sys.stderr)
    for message, forms in titles.items():
        print(f"{'、'.join(forms)}：{message}", file=sys.stderr)


_FILING_HEADS = (
    *("单位", "岗位", "姓名", "备案类型", "状态", "备案编号", "变更日期", "截止日期", "暂定", "收件日期"),
    *("提示", "剩余工作日", "逾期工作日"),
)


def _filings(options: argparse.Namespace) -> int:
    with open_office(options) as office:
        rows = office.filing_list.rows(day_of(options.on), overdue=options.overdue)
    print(*_FILING_HEADS, sep="\t")
    for row in rows:
        left = "" if row.working_days_left is None else row.working_days_left
        print(
            *(row.unit, row.post, row.name, row.kind, row.state, row.number),
            *(row.change_date or "", row.due_date or "", "暂定" if row.due_provisional else ""),
            *(row.received_on or "", row.lamp, left, row.late.days if row.late.is_late else ""),
            sep="\t",
        )
    return DONE


_SCAN_HEADS = ("文件", "页", "结果", "备案", "内容", "说明")


def _scans(options: argparse.Namespace) -> int:
    from cdo_desktop.services.filing_receipts import ReceiptDraft
    from cdo_desktop.services.scan_intake import ScanFate

    form = PaperForm.ORIGINAL if options.original else PaperForm.SCAN
    with open_office(options) as office:
        day = day_of(options.received) or office.journal.today
        lines = office.scans.take_in(options.files, ReceiptDraft(form, day, PaperWay(options.way)))
    print(*_SCAN_HEADS, sep="\t")
    for line in lines:
        print(line.file, line.page_words, line.fate, line.title, line.shows, line.said, sep="\t")
    settled = (ScanFate.FILED, ScanFate.KNOWN)
    return DONE if all(line.fate in settled for line in lines) else NOT_ALL_DONE
