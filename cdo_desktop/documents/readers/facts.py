"""What is found out about a sheet before its values are read."""

from dataclasses import dataclass, field

NO_RESULT = "公式没有结果"
"""Stands in a formula cell that was written by a program and never calculated."""


@dataclass
class SheetFacts:
    """The extent of the values of one sheet, and its cells that hold no ordinary value; rows from 1."""

    last_row: int = 0
    last_column: int = 0
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    """(row, column) → #N/A, #REF!, … or NO_RESULT."""
    formulas: dict[tuple[int, int], tuple[str, str]] = field(default_factory=dict)
    """(row, column) → type and text of the result as stored; .xlsx only."""

    @property
    def area(self) -> int:
        """Cells from A1 to the last value."""
        return self.last_row * self.last_column

    def include(self, row: int, column: int) -> None:
        """Count a cell that holds something."""
        self.last_row = max(self.last_row, row)
        self.last_column = max(self.last_column, column)
