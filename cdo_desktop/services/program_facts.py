"""What the page 关于 says: versions, places, and whose work is in the program."""

import platform
import sqlite3
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from sqlalchemy import select

from cdo_desktop import __version__
from cdo_desktop.models import DATABASE_ID, Setting
from cdo_desktop.paths import resource
from cdo_desktop.settings import PROGRAM_NAME
from cdo_desktop.store import Database
from cdo_desktop.store.schema import HEAD

# Distribution, what it does here, licence.
_LIBRARIES = (
    ("PySide6-Essentials", "窗口界面（Qt）", "LGPL-3.0"),
    ("SQLAlchemy", "数据库访问", "MIT"),
    ("alembic", "数据库升级", "MIT"),
    ("reportlab", "生成 PDF", "BSD-3-Clause"),
    ("pillow", "图像", "MIT-CMU"),
    ("pypdfium2", "显示 PDF", "Apache-2.0 / BSD-3-Clause"),
    ("zxing-cpp", "识别二维码", "Apache-2.0"),
    ("openpyxl", "写 Excel", "MIT"),
    ("python-calamine", "读 Excel", "MIT"),
    ("defusedxml", "安全读取 XML", "PSF-2.0"),
    ("pypinyin", "拼音", "MIT"),
    ("borax", "农历与节气", "MIT"),
    ("platformdirs", "系统文件夹", "MIT"),
)
# Name, licence, file of its text below the resources.
_TEXTS = (
    ("思源宋体 Noto Serif SC", "SIL OFL 1.1", ("fonts", "licenses", "NotoSerifSC.txt")),
    ("思源黑体 Noto Sans SC", "SIL OFL 1.1", ("fonts", "licenses", "NotoSansSC.txt")),
    ("霞鹜文楷 LXGW WenKai", "SIL OFL 1.1", ("fonts", "licenses", "LXGWWenKai.txt")),
    ("花园明朝 HanaMinB", "SIL OFL 1.1", ("fonts", "licenses", "HanaMinB.txt")),
    ("Fandol 仿宋", "GPL 3（字体例外）", ("fonts", "licenses", "FandolFang-COPYING.txt")),
    ("图标 Tabler Icons", "MIT", ("icons", "LICENSE-tabler-icons.txt")),
)


@dataclass(frozen=True)
class Licence:
    """A part of the program that others made. ``text`` is the file of its licence, if it is shipped."""

    name: str
    purpose: str
    version: str
    licence: str
    text: Path | None = None


@dataclass(frozen=True)
class ProgramFacts:
    """Labels with their values, in the order they are shown, and whose work is in the program."""

    facts: tuple[tuple[str, str], ...]
    licences: tuple[Licence, ...]

    def as_text(self) -> str:
        """Return the facts as lines, to be pasted into a message to whoever maintains the program."""
        return "\n".join(f"{label}：{value}" for label, value in self.facts)


class AboutService:
    """Tells what runs here, on which data."""

    def __init__(self, database: Database, data_folder: Path) -> None:
        self._database = database
        self._data_folder = data_folder

    def facts(self) -> ProgramFacts:
        """Return everything the page shows."""
        with self._database.read() as session:
            query = select(Setting.value).where(Setting.key == DATABASE_ID)
            database_id = session.scalar(query) or ""
        size = self._database.path.stat().st_size
        facts = (
            ("程序", f"{PROGRAM_NAME} {__version__}"),
            ("数据文件夹", str(self._data_folder)),
            ("数据库文件", f"{self._database.path.name}（{size / 1024 / 1024:.1f} MB）"),
            ("数据库编号", database_id),
            ("数据版本", HEAD),
            ("SQLite", sqlite3.sqlite_version),
            ("Python", platform.python_version()),
            ("系统", platform.platform(terse=True)),
        )
        libraries = (Licence(name, purpose, _version(name), kind) for name, purpose, kind in _LIBRARIES)
        texts = (Licence(name, "字体或图标", "", kind, resource(*parts)) for name, kind, parts in _TEXTS)
        return ProgramFacts(facts, (*texts, *libraries))


def _version(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return ""  # the frozen program carries no metadata of some of them
