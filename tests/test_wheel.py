"""What is installed from a wheel carries its resources."""

import shutil
import subprocess
import sys
from pathlib import Path


def test_resources_travel_inside_the_package(repo_root: Path, tmp_path: Path) -> None:
    for name in ("pyproject.toml", "setup.py", "README.md", "LICENSE"):
        shutil.copy(repo_root / name, tmp_path)
    icon = tmp_path / "resources" / "icons" / "licence" / "plus.svg"
    for file in (
        tmp_path / "cdo_desktop" / "__init__.py",
        tmp_path / "cdo_desktop" / "rules" / "__init__.py",
        icon,
    ):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()

    command = [sys.executable, "setup.py", "--quiet", "build_py", "--build-lib", "built"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)

    built = {file.relative_to(tmp_path / "built").as_posix() for file in tmp_path.glob("built/**/*.*")}
    assert built == {
        "cdo_desktop/__init__.py",
        "cdo_desktop/rules/__init__.py",
        "cdo_desktop/resources/icons/licence/plus.svg",
    }
