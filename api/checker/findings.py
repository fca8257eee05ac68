"""What the checker counts and tells."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Findings:
    """How many questions each check asked, what failed, and what cannot be decided from here."""

    asked: Counter[str] = field(default_factory=Counter)
    failed: list[str] = field(default_factory=list)
    undecided: list[str] = field(default_factory=list)

    def expect(self, check: str, holds: object, told: str) -> bool:
        """Count one question of `check`; where it does not hold, `told` says what was seen."""
        self.asked[check] += 1
        if not holds:
            self.failed.append(f"{check}: {told}")
        return bool(holds)

    def leave(self, check: str, told: str) -> None:
        """Note what only somebody else's registry or network can decide."""
        self.undecided.append(f"{check}: {told}")
