"""The line after 备案编号: what got which number, with the papers that follow."""

from collections.abc import Callable

from PySide6.QtWidgets import QPushButton, QWidget

from cdo_desktop.ui.common.done_line import DoneLine


class NumberedLine(DoneLine):
    """Stays until it is closed or the next numbers are given; nothing has to be selected for its buttons."""

    def __init__(
        self,
        receipts: Callable[[list[int]], object],
        seal_list: Callable[[list[int]], object],
        parent: QWidget | None = None,
    ) -> None:
        self._ids: list[int] = []
        self.receipts_button = QPushButton("备案回执…")
        self.seal_button = QPushButton("用印清单…")
        for button, write in ((self.receipts_button, receipts), (self.seal_button, seal_list)):
            button.setAutoDefault(False)
            button.setAccessibleName(f"刚编号的{button.text().rstrip('…')}")
            button.clicked.connect(lambda _checked=False, write=write: write(list(self._ids)))
        super().__init__((self.receipts_button, self.seal_button), "收起编号这一行", parent)

    def show_numbered(self, text: str, filing_ids: list[int]) -> None:
        """Tell what got its number."""
        self._ids = filing_ids
        self.tell(text)
