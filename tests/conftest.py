"""What every test starts with: no screen, the bundled fonts only, and the checkout's folder.

Properties draw the same examples on every run, so that a verdict is one on the code alone; what no run has
drawn yet is searched for by ``python3 dev.py trials properties``, which draws anew.
"""

import importlib
import os
import pkgutil
from pathlib import Path

import pytest
from hypothesis import settings

import cdo_desktop
from cdo_desktop.services import pin_hash

ROOT = Path(__file__).resolve().parent.parent

# Before Qt is imported, and not through the caller's environment: Wine drops every QT_ variable.
os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["QT_QPA_FONTDIR"] = str(ROOT / "resources" / "fonts")
os.environ["CDO_BUNDLED_FONTS"] = "1"

settings.register_profile("suite", derandomize=True)
settings.register_profile("trials", derandomize=False, print_blob=True)
settings.load_profile("suite")


def pytest_collection_finish(session: pytest.Session) -> None:
    """Import all of the program: hypothesis also draws words that it finds in the modules imported so far.

    Which those are would otherwise depend on the order in which the tests are shared out.
    """
    if any(item.get_closest_marker("hypothesis") for item in session.items):
        for module in pkgutil.walk_packages(cdo_desktop.__path__, "cdo_desktop."):
            if module.name != "cdo_desktop.__main__" and ".migrations." not in module.name:
                importlib.import_module(module.name)


@pytest.fixture
def quick_pins(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a PIN cost nothing where something else is looked at; the real cost has tests of its own."""
    monkeypatch.setattr(pin_hash, "_LOG_COST", 1)


@pytest.fixture(scope="session")
def repo_root() -> Path:
    """Return the folder of the checkout."""
    return ROOT
