"""The import contracts of pyproject.toml: each of them breaks when what it forbids is done."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

LAYERS = "Imports point one way through the layers"
QT = "Qt lives in ui, app and __main__"
DATABASE = "SQLAlchemy and alembic live in store, models and services"
FILES = "Libraries for files live in documents"
TABS = "Tabs do not import one another, and what they share knows none of them"


def copy_of_the_package(repo_root: Path, target: Path) -> Path:
    """Copy the package and its contracts, and return the folder of the copied package."""
    shutil.copy(repo_root / "pyproject.toml", target)
    package = target / "cdo_desktop"
    unneeded = shutil.ignore_patterns("__pycache__")
    shutil.copytree(repo_root / "cdo_desktop", package, ignore=unneeded, copy_function=shutil.copyfile)
    return package


def broken_contracts(folder: Path) -> tuple[int, list[str]]:
    """Check the contracts of a folder; return the exit status and the names of the broken ones."""
    program = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", program, "--no-cache", "--no-logo"],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    marked = [line for line in done.stdout.splitlines() if " BROKEN" in line]
    return done.returncode, [line.partition(" BROKEN")[0] for line in marked]


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        pytest.param("rules/breach.py", "import cdo_desktop.services", LAYERS, id="upwards"),
        pytest.param("documents/breach.py", "import cdo_desktop.store", LAYERS, id="sideways"),
        pytest.param("breach.py", "", LAYERS, id="module outside the layers"),
        pytest.param("services/breach.py", "import PySide6.QtCore", QT, id="Qt in a service"),
        pytest.param("ui/registry/breach.py", "import sqlalchemy", DATABASE, id="SQL in a tab"),
        pytest.param("services/breach.py", "import openpyxl", FILES, id="Excel in a service"),
        pytest.param("services/breach.py", "def f():\n    import docx", FILES, id="Word, lazily"),
        pytest.param("ui/common/breach.py", "import cdo_desktop.ui.registry", TABS, id="common knows a tab"),
        pytest.param("ui/breach.py", "", TABS, id="tab that no contract names"),
    ],
)
def test_a_forbidden_import_breaks_its_contract(
    repo_root: Path, tmp_path: Path, module: str, line: str, contract: str
) -> None:
    package = copy_of_the_package(repo_root, tmp_path)
    (package / module).write_text(f'"""A module that breaks a rule."""\n\n{line}\n', encoding="utf-8")

    status, broken = broken_contracts(tmp_path)

    assert status == 1
    assert broken == [contract]


def test_the_package_itself_keeps_every_contract(repo_root: Path, tmp_path: Path) -> None:
    copy_of_the_package(repo_root, tmp_path)

    assert broken_contracts(tmp_path) == (0, [])
