"""When a reader wants nothing: quiet hours of each day, and a snooze until an instant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Quiet:
    """`begin` to `end` are hours of the city's clock, over midnight where `end` is the earlier one; equal ones are no hours at all."""

    snoozed_until: datetime | None = None
    begin: time | None = None
    end: time | None = None

    def rest_s(self, now: datetime, zone: ZoneInfo) -> float:
        """How long nothing may be sent from `now` on (s); 0 when it may."""
        ends = [self._end_of_hours(now.astimezone(zone)), self.snoozed_until]
        return max(0.0, *((one - now).total_seconds() for one in ends if one is not None), 0.0)

    def _end_of_hours(self, local: datetime) -> datetime | None:
        """The instant at which the quiet hours that last at `local` end; None outside of them."""
        if self.begin is None or self.end is None or self.begin == self.end:
            return None
        clock = local.time()
        over_midnight = self.end < self.begin
        if not (
            self.begin <= clock < self.end or (over_midnight and (clock >= self.begin or clock < self.end))
        ):
            return None
        day = local.date() + timedelta(days=over_midnight and clock >= self.begin)
        return datetime.combine(day, self.end, local.tzinfo).astimezone(UTC)
