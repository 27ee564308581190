"""Command line: the window by default, and the same work without a window.

Results go to standard output, problems to standard error. Exit status: 0 all done, 1 not (all) done,
2 wrongly called, 130 interrupted.
"""

import argparse
import logging
import os
import sys
from pathlib import Path

from cdo_desktop import __version__, settings
from cdo_desktop.arguments import CommandParser
from cdo_desktop.commands import filings, roster, safety
from cdo_desktop.commands.office import NOT_ALL_DONE, PIN_VARIABLE, data_folder
from cdo_desktop.console import allow_any_character, reader_is_gone, write_nowhere
from cdo_desktop.errors import AppError

INTERRUPTED = 130
_CHILD_TASKS = ("_read", "_mark", "_scan", "_split")  # hidden: bounded work on files from outside


def main(arguments: list[str] | None = None) -> int:
    """Run the program and return its exit status."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments and arguments[0] in _CHILD_TASKS:
        from cdo_desktop.documents.readers.child import run_child

        return run_child(arguments)
    allow_any_character()
    logging.getLogger("cdo_desktop").addHandler(logging.NullHandler())  # the log is the window's
    options = _parser().parse_args(arguments)
    options.pin = os.environ.pop(PIN_VARIABLE, None)  # not for the children that read files
    try:
        status = int(options.command(options))
        if sys.stdout is not None:  # the program without a console has none
            sys.stdout.flush()
        return status
    except OSError as error:
        if not reader_is_gone(error):
            raise
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
        "--operator", metavar="NAME", help=f"由谁经办；需要 PIN 时从提示或环境变量 {PIN_VARIABLE} 读取"
    )
    parser.add_argument("--version", action="version", version=__version__, help="显示版本号后退出")
    parser.set_defaults(command=_window)
    commands = parser.add_subparsers(title="不开窗口的命令", metavar="COMMAND")
    filings.add_commands(commands)
    roster.add_commands(commands)
    safety.add_commands(commands)
    picture = commands.add_parser("picture", help="打开窗口，存一张它的图片就退出，用来检查安装")
    picture.add_argument("file", type=Path, metavar="OUT.png")
    picture.set_defaults(command=_picture)
    return parser


def _window(options: argparse.Namespace) -> int:
    from cdo_desktop.app import run_window

    return run_window(data_folder(options))


def _picture(options: argparse.Namespace) -> int:
    from cdo_desktop.app import run_window

    return run_window(data_folder(options), options.file)


if __name__ == "__main__":
    sys.exit(main())
