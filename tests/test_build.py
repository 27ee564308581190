"""What build.spec puts into the built program; `packaging/check_build.py` builds it and uses it."""

import ast
import runpy
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest


@pytest.fixture(scope="module")
def spec(repo_root: Path) -> dict[str, Any]:
    """Return the names of build.spec after it ran without PyInstaller's part of the work."""

    def analysis(scripts: list[str], **options: Any) -> SimpleNamespace:
        return SimpleNamespace(scripts=scripts, pure=[], binaries=[], options=options, **{"datas": []})

    def nothing(*_parts: Any, **_options: Any) -> None:
        return None

    names = {"SPECPATH": str(repo_root), "Analysis": analysis}
    return runpy.run_path(
        str(repo_root / "build.spec"), {**names, "PYZ": nothing, "EXE": nothing, "COLLECT": nothing}
    )


@pytest.fixture(scope="module")
def imported(repo_root: Path) -> set[str]:
    """Return every module that the program imports anywhere, late imports included."""
    return {name for file in (repo_root / "cdo_desktop").rglob("*.py") for name in imports_of(file)}


def imports_of(file: Path) -> Iterator[str]:
    """Yield the modules that one file imports, and what it takes from them: it may be a module too."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_nothing_is_left_out_that_the_program_imports(spec: dict[str, Any], imported: set[str]) -> None:
    left_out = spec["program"].options["excludes"]
    assert "numpy" in left_out
    assert [
        name for name in left_out if any(f"{module}.".startswith(f"{name}.") for module in imported)
    ] == []


def test_every_module_of_qt_that_the_program_imports_is_kept(
    spec: dict[str, Any], imported: set[str]
) -> None:
    used = {name.split(".")[1].removeprefix("Qt") for name in imported if name.startswith("PySide6.Qt")}
    assert {"Core", "Widgets"} <= used <= spec["QT_MODULES"]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        (r"PySide6\Qt6Widgets.dll", True),
        (r"PySide6\QtPrintSupport.pyd", True),
        (r"PySide6\plugins\platforms\qwindows.dll", True),
        (r"PySide6\plugins\platforms\qoffscreen.dll", True),
        (r"PySide6\plugins\iconengines\qsvgicon.dll", True),
        (r"PySide6\plugins\imageformats\qjpeg.dll", True),  # pictures of scans
        (r"PySide6\translations\qtbase_zh_CN.qm", True),
        (r"PySide6\MSVCP140.dll", True),
        ("python312.dll", True),
        (r"PySide6\opengl32sw.dll", False),
        (r"PySide6\Qt6Qml.dll", False),
        (r"PySide6\QtQml.pyd", False),
        (r"PySide6\plugins\tls\qschannelbackend.dll", False),
        (r"PySide6\plugins\imageformats\qwebp.dll", False),
        (r"PySide6\translations\qtbase_de.qm", False),
        ("PySide6/Qt/lib/libQt6XcbQpa.so.6", True),
        ("PySide6/Qt/plugins/platforms/libqxcb.so", True),
        ("PySide6/Qt/plugins/platformthemes/libqgtk3.so", False),
        ("libQt6WaylandClient.so.6", False),
    ],
)
def test_only_the_used_parts_of_qt_are_kept(spec: dict[str, Any], name: str, kept: bool) -> None:
    is_needed: Callable[[tuple[str, str, str]], bool] = spec["is_needed"]
    assert is_needed((name, "", "BINARY")) is kept


def test_resources_licence_and_migrations_travel_as_files(spec: dict[str, Any], repo_root: Path) -> None:
    datas = {target: Path(source) for source, target in spec["program"].options["datas"]}
    assert datas["resources"] == repo_root / "resources"
    assert datas["."] == repo_root / "LICENSE"
    migrations = datas["cdo_desktop/store/migrations"]
    assert (migrations / "env.py").is_file()
    assert list(migrations.glob("versions/v0001_*.py"))
