"""Half-open periods of days: the Python twin of PostgreSQL's daterange, for display and validation.

Overlap is `&&`, never containment. `tests/store/test_period_twin.py` holds this file to PostgreSQL.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)
DAYS_PER_YEAR = 365.25
EARLIEST, LATEST = date(1950, 1, 1), date(2200, 1, 1)  # what a person may mean; the second is excluded


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `starts_on` (included) to `ends_on` (excluded); no end means for good."""

    starts_on: date
    ends_on: date | None = None

    def __post_init__(self) -> None:
        if self.ends_on is not None and self.ends_on <= self.starts_on:
            raise ValueError(f"a period must end after it starts: {self.starts_on} … {self.ends_on}")

    @property
    def days(self) -> int | None:
        """Length in days; None when it has no end."""
        return None if self.ends_on is None else (self.ends_on - self.starts_on).days

    def overlaps(self, other: Period) -> bool:
        """Whether the two share at least one day (`&&`); touching ends do not."""
        return (other.ends_on is None or self.starts_on < other.ends_on) and (
            self.ends_on is None or other.starts_on < self.ends_on
        )

    def contains(self, day: date) -> bool:
        """Whether `day` lies in the period (`@>`)."""
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)

    def gap_days(self, other: Period) -> int:
        """Days between the two; 0 when they overlap or touch."""
        first, second = sorted((self, other), key=lambda p: p.starts_on)
        if first.ends_on is None:
            return 0
        return max(0, (second.starts_on - first.ends_on).days)

    def widened(self, before_days: int, after_days: int) -> Period:
        """The period with slack on both sides."""
        ends_on = None if self.ends_on is None else self.ends_on + timedelta(days=after_days)
        return Period(self.starts_on - timedelta(days=before_days), ends_on)
