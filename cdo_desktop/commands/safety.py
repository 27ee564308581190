"""Commands about the data as a whole: check, backup, restore, the sample district, a forgotten PIN."""

import argparse
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cdo_desktop import paths, settings
from cdo_desktop.arguments import CommandParser
from cdo_desktop.commands.office import DONE, NOT_ALL_DONE, data_folder, open_office
from cdo_desktop.errors import StorageError

if TYPE_CHECKING:
    from cdo_desktop.services.safety import BackupService


def add_commands(commands: "argparse._SubParsersAction[CommandParser]") -> None:
    """Add sample, check, backup, restore and operator."""
    sample = commands.add_parser("sample", help="在空的数据文件夹里建一个示例区")
    sample.set_defaults(command=_sample)
    check = commands.add_parser("check", help="检查数据库是否完好")
    check.set_defaults(command=_check)
    backup = commands.add_parser("backup", help="备份数据（数据库、附件、表格文字）")
    backup.add_argument("out", type=Path, metavar="OUT", help="备份文件，或要放进去的文件夹")
    backup.set_defaults(command=_backup)
    restore = commands.add_parser("restore", help="从备份恢复；现有数据另存在旁边")
    restore.add_argument("file", type=Path, metavar="FILE")
    restore.set_defaults(command=_restore)
    operator = commands.add_parser("operator", help="经办人：忘记 PIN 时清除")
    actions = operator.add_subparsers(required=True, metavar="reset")
    reset = actions.add_parser("reset", help="清除一位经办人的 PIN 并解除锁定；历史记录会写明")
    reset.add_argument("name", metavar="NAME")
    reset.set_defaults(command=_reset_operator)


def _backups(options: argparse.Namespace, actor: str = settings.DEFAULT_ACTOR) -> "BackupService":
    from cdo_desktop.services.journal import Journal
    from cdo_desktop.services.safety import BackupService

    return BackupService(data_folder(options), Journal(datetime.now, actor))


def _check(options: argparse.Namespace) -> int:
    report = _backups(options).check(thorough=True)
    print(*report.lines, *report.details, sep="\n")
    return DONE if report.ok else NOT_ALL_DONE


def _backup(options: argparse.Namespace) -> int:
    from cdo_desktop.services.journal import Journal
    from cdo_desktop.services.safety import note_backup

    made = _backups(options).back_up(target=options.out)
    note_backup(data_folder(options), Journal(datetime.now), made.path)
    print(f"备份 {made.path}\n字节 {made.size}")
    if made.missing:
        print(f"有 {made.missing} 个附件的文件已经缺失或被改动，没有备进去。", file=sys.stderr)
    return DONE


def _restore(options: argparse.Namespace) -> int:
    from cdo_desktop.ui.common.single_instance import window_is_open

    if window_is_open(data_folder(options)):
        raise StorageError("这个数据文件夹正在窗口中打开，没有恢复。请先关闭窗口，再执行一次。")
    restored = _backups(options, _who_restores(options)).restore(options.file)
    made_at = restored.manifest.made_at.isoformat(sep=" ")
    print(f"已恢复到 {made_at}", *(f"原有数据 {kept}" for kept in [restored.kept] if kept), sep="\n")
    if restored.missing:
        print(f"有 {restored.missing} 个附件的内容找不到，打不开；其他数据不受影响。", file=sys.stderr)
    return DONE


def _who_restores(options: argparse.Namespace) -> str:
    """Ask for an operator of the present data; data that cannot be opened has none to ask for."""
    if not (data_folder(options) / paths.DATABASE_NAME).exists():
        return settings.DEFAULT_ACTOR
    try:
        with open_office(options) as office:
            return office.journal.actor
    except StorageError:
        return settings.DEFAULT_ACTOR


def _reset_operator(options: argparse.Namespace) -> int:
    from cdo_desktop.office import Office

    if not (data_folder(options) / paths.DATABASE_NAME).exists():
        raise StorageError(
            f"数据文件夹“{data_folder(options)}”里没有数据，没有改动。请用 --data 写明文件夹。"
        )
    with Office(data_folder(options)) as office:
        office.operators.reset(options.name)
    print(f"已清除“{options.name}”的 PIN 并解除锁定，历史记录已写明。请尽快登录，重新设置 PIN。")
    return DONE


def _sample(options: argparse.Namespace) -> int:
    with open_office(options) as office:
        print(f"岗位 {office.sample.create()}")
    return DONE
