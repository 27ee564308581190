"""Arguments of the command line, explained in Chinese where argparse itself speaks English."""

import argparse
import re
from collections.abc import Iterable
from typing import Any, NoReturn

_HEADINGS = {"options": "选项", "positional arguments": "参数"}
_COMPLAINTS = (  # what argparse says, and the same in Chinese
    (re.compile(r"the following arguments are required: (.+)"), r"缺少 \1"),
    (re.compile(r"unrecognized arguments: (.+)"), r"不认识 \1"),
    (re.compile(r"argument (.+): invalid choice: (.+) \(choose from (.+)\)"), r"\1 不能是 \2，只能是 \3"),
    (re.compile(r"argument (.+): expected (?:one|at least one) argument"), r"\1 后面缺少内容"),
    (re.compile(r"argument (.+): ignored explicit argument (.+)"), r"\1 后面不能有 \2"),
    (re.compile(r"ambiguous option: (.+) could match (.+)"), r"\1 可能是 \2，请写全"),
)


class CommandParser(argparse.ArgumentParser):
    """An ArgumentParser whose help and complaints a clerk can read; its commands are made likewise."""

    def __init__(self, **options: Any) -> None:
        super().__init__(add_help=False, formatter_class=_Help, **options)
        self.add_argument("-h", "--help", action="help", help="显示这段说明后退出")

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and how it is written, and leave with status 2."""
        self.exit(2, f"{self.format_usage()}写法不对，没有做任何事：{in_chinese(message)}。\n")


class _Help(argparse.HelpFormatter):
    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[Any],
        prefix: str | None = None,
    ) -> None:
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)

    def start_section(self, heading: str | None) -> None:
        super().start_section(_HEADINGS.get(heading or "", heading))


def in_chinese(complaint: str) -> str:
    """Return what argparse complains of in Chinese; one that is not known stays as it is."""
    for pattern, words in _COMPLAINTS:
        if pattern.fullmatch(complaint):
            return pattern.sub(words, complaint)
    return complaint
