"""A desk with filings in every state."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.scans_in_process import read_scans_here
from tests.ui.filings_desk import FilingsDesk, replaced
from tests.ui.register_desk import copied_office


@pytest.fixture
def filings(
    district_file: Path, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> Iterator[FilingsDesk]:
    """Return the tab with five 首次备案 and two 变更备案: 周明 overdue since 11-17, 郑爽 due on 11-26."""
    read_scans_here(monkeypatch)
    with copied_office(district_file, tmp_path / "data") as office:
        replaced(office, "罗店镇", "数据专员", date(2026, 11, 12))
        replaced(office, "区教育局", "首席数据官", date(2026, 11, 23), "郑爽")
        made = FilingsDesk(office, qtbot)
        yield made
        made.close()
