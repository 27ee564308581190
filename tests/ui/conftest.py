"""Databases for tests of the window, built once and copied for every test."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cdo_desktop import paths
from cdo_desktop.office import Office
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.style import FUSION
from tests.ui.fakes import FakeNotices, make_ui
from tests.ui.register_desk import RegisterDesk, copied_folder, copied_office
from tests.ui.small_district import NOW, small_office


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    """Draw as the program does, also on Windows."""
    return ["pytest", *FUSION]


@pytest.fixture(autouse=True)
def nothing_left_of_the_test_before() -> Iterator[None]:
    """Let go of earlier widgets: whatever is left is polished again by every change of the style.

    pytest-qt leaves its own to the next event loop, and few tests run one. Garbage is collected here and
    nowhere else, for a widget that a worker thread destroys leaves its timers behind; modules are passed by.
    """
    if QCoreApplication.instance() is not None:
        for window in QApplication.topLevelWidgets():
            if window.parent() is None:
                window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    gc.freeze()
    gc.disable()
    yield
    gc.enable()


@pytest.fixture
def notices() -> FakeNotices:
    return FakeNotices()


@pytest.fixture
def ui(qtbot: QtBot, notices: FakeNotices) -> Iterator[UiContext]:
    context = make_ui(notices)
    yield context
    context.tasks.wait_all()


@pytest.fixture(scope="session")
def district_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the database of three units: one empty post, one unit whose full name is not confirmed."""
    with small_office(tmp_path_factory.mktemp("district")) as office:
        return office.data_folder / paths.DATABASE_NAME


@pytest.fixture
def district(district_file: Path, tmp_path: Path) -> Path:
    """Return a data folder of its own with the three units."""
    return copied_folder(district_file, tmp_path / "data")


@pytest.fixture
def district_office(district: Path) -> Iterator[Office]:
    """Return the open office of the three units."""
    with Office(district, clock=lambda: NOW) as office:
        yield office


@pytest.fixture(scope="session")
def sample_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the database of the sample district."""
    folder = tmp_path_factory.mktemp("sample")
    with Office(folder, clock=lambda: NOW) as office:
        office.sample.create()
    return folder / paths.DATABASE_NAME


@pytest.fixture
def desk(district_file: Path, tmp_path: Path, qtbot: QtBot) -> Iterator[RegisterDesk]:
    """Return the register of three units."""
    with copied_office(district_file, tmp_path / "data") as office:
        made = RegisterDesk(office, qtbot)
        yield made
        made.close()


@pytest.fixture
def sample_desk(sample_file: Path, tmp_path: Path, qtbot: QtBot) -> Iterator[RegisterDesk]:
    """Return the register of the sample district."""
    with copied_office(sample_file, tmp_path / "sample") as office:
        made = RegisterDesk(office, qtbot)
        yield made
        made.close()
