"""The office's own form texts: which files it has, what is wrong with them, and a first copy to change."""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cdo_desktop.documents.atomic import atomic_target
from cdo_desktop.documents.pdf.form_texts import FORM_FILES, form_texts
from cdo_desktop.errors import AppError, InvalidInputError, StorageError, system_reason
from cdo_desktop.paths import make_folder, resource

_TITLES = {
    "filing_form": "两种备案表共用的文字",
    "filing_cdo": "首席数据官备案表",
    "filing_specialist": "数据专员备案表",
    "contact_list": "通讯录",
    "filing_receipt": "备案回执",
    "reminder_letter": "提醒函",
    "ledgers": "备案登记册、收文登记册、归档文件目录",
    "seal_list": "用印清单",
    "handover_sheet": "工作交接单",
}


@dataclass(frozen=True)
class FormTextFile:
    """One of the files; ``own`` is the office's, if it has one, ``problem`` why it cannot be used."""

    name: str
    title: str
    own: Path | None
    problem: str = ""


class FormTextService:
    """Looks after the folder with the office's form texts. ``told`` is called with each file it copies."""

    def __init__(self, folder: Path, told: Callable[[Path], None] = lambda _copied: None) -> None:
        self.folder = folder
        self._told = told

    def files(self) -> tuple[FormTextFile, ...]:
        """Return the files in the order of their use, each checked by itself."""
        return tuple(self._look_at(name) for name in FORM_FILES)

    def open_folder(self) -> Path:
        """Make sure the folder is there and return it; raises StorageError."""
        return make_folder(self.folder)

    def copy_shipped(self, name: str) -> Path:
        """Put the shipped file into the folder, to be changed there, and return it.

        Raises InvalidInputError when the office has one already, StorageError when it cannot be written.
        """
        target = self.open_folder() / f"{name}.toml"
        if target.exists():
            raise InvalidInputError(
                f"文件夹里已有“{target.name}”，没有覆盖。要从出厂文字重新开始，请先把它改名或删除。"
            )
        with atomic_target(target) as fresh:
            fresh.write_bytes(resource("forms", f"{name}.toml").read_bytes())
        self._told(target)
        return target

    def _look_at(self, name: str) -> FormTextFile:
        path = self.folder / f"{name}.toml"
        if not path.is_file():
            return FormTextFile(name, _TITLES[name], None)
        return FormTextFile(name, _TITLES[name], path, _problem_of(path))


def _problem_of(path: Path) -> str:
    """Return what the program says of one file alone, or nothing."""
    with tempfile.TemporaryDirectory(prefix="cdo-", ignore_cleanup_errors=True) as folder:
        try:
            shutil.copyfile(path, Path(folder) / path.name)
        except OSError as error:
            return f"打不开“{path.name}”：{system_reason(error)}。请检查它是否被别的程序占用。"
        try:
            form_texts(Path(folder))
        except StorageError:
            raise
        except AppError as error:
            return str(error).replace("；没有打印任何内容", "")
    return ""
