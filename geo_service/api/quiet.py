"""Quiet hours and snoozes as people send and read them."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from geo_service.api.schemas.subscriptions import QuietHoursIn
from geo_service.domain.errors import InvalidInput

LONGEST_SNOOZE = timedelta(days=30)
NO_HOURS = (None, None)


def ends(hours: QuietHoursIn | None) -> tuple[time, time] | tuple[None, None]:
    """Return the begin and the end of quiet hours on the city's clock."""
    return NO_HOURS if hours is None else (time.fromisoformat(hours.from_), time.fromisoformat(hours.until))


def check_snooze(until: datetime | None) -> None:
    """Raise InvalidInput for a snooze that is too long: what waits for it would be forgotten."""
    if until is not None and until > datetime.now(UTC) + LONGEST_SNOOZE:
        raise InvalidInput.one("snoozed_until", "snooze_too_long", days=LONGEST_SNOOZE.days)


def view(begin: time | None, end: time | None) -> dict[str, str] | None:
    """Return quiet hours as an answer holds them; None where there are none."""
    if begin is None or end is None:
        return None
    return {"from": begin.strftime("%H:%M"), "until": end.strftime("%H:%M")}
