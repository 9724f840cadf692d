"""The working days of a Belgian town hall: Monday to Friday without the ten legal holidays (law of 4 January 1974)."""

from __future__ import annotations

from datetime import date, timedelta

from dateutil.easter import easter

FIXED = ((1, 1), (5, 1), (7, 21), (8, 15), (11, 1), (11, 11), (12, 25))
"""Month and day."""
AFTER_EASTER = (1, 39, 50)
"""Easter Monday, Ascension and Whit Monday, in days after Easter."""


def is_working_day(day: date) -> bool:
    """Return whether people are at work."""
    sunday = easter(day.year)
    moving = {sunday + timedelta(days=days) for days in AFTER_EASTER}
    return day.weekday() < 5 and (day.month, day.day) not in FIXED and day not in moving
