"""How cases are ordered: points for money, time, certainty and severity, at most a hundred together (`store/cases.sql` adds them up).

Our own choice, to be argued with: 10,000 € and more count 40 points, each tenth of it ten less; what must be decided today counts 30, in half
a year nothing; a sure thing counts 10; the worst severity 20. So the fire station of tomorrow (30 + 10 + 20) comes before any sum in spring.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Weights:
    """The most points of each part, and after how many days (`time_days`) time presses no more."""

    money_points: float = 40
    time_points: float = 30
    time_days: float = 183
    certainty_points: float = 10
    severity_points: float = 20

    def params(self) -> dict[str, Any]:
        """The weights as parameters of a statement."""
        return asdict(self)
