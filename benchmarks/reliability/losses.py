"""What a trial must not find, and how its end is told."""

import time
from dataclasses import dataclass, field


@dataclass
class Losses:
    """Everything that must not have happened, each in words; a trial adds its own counts."""

    lost: list[str] = field(default_factory=list, kw_only=True)

    @property
    def total(self) -> int:
        """How many there are."""
        return len(self.lost)

    def tell(self, begun: float) -> int:
        """Print the counts and what was lost; return the exit status. ``begun`` is of `time.monotonic`."""
        print(f"{self} in {time.monotonic() - begun:.0f} s")
        print(*self.lost, sep="\n", end="\n" if self.lost else "")
        return 1 if self.total else 0
