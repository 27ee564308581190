"""What every test starts with: no screen, the bundled fonts only, and the checkout's folder."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# Before Qt is imported, and not through the caller's environment: Wine drops every QT_ variable.
os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["QT_QPA_FONTDIR"] = str(ROOT / "resources" / "fonts")
os.environ["CDO_BUNDLED_FONTS"] = "1"


@pytest.fixture(scope="session")
def repo_root() -> Path:
    """Return the folder of the checkout."""
    return ROOT
