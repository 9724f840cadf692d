"""What people write around and between the numbers of a date: *t.e.m. 10/03/2027 (o.v.)*, *3/1/2027 7:00 AM*, *1 - 10 maart 2027*."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import time as clock_time
from datetime import timedelta, timezone
from typing import NamedTuple

from geo_service.intake.formats.raw_record import folded
from geo_service.intake.mapping.date_words import PREPOSITIONS, WEEKDAYS

_WORD = rf"(?:(?:{PREPOSITIONS}|t\.? ?e\.? ?m|t/m|{WEEKDAYS})(?![a-z])|±|\+/-|~)"
_BEFORE = re.compile(rf"^'?(?:{_WORD}[., ]*)*(?=\d)")
_RESERVED = (
    r"o\.? ?v\.?|onder voorbehoud|sous réserve|vermoedelijk|indicatief|voorlopig|onzeker|te bevestigen|ca\.?|tbc|\?"
    r"|[a-z]+dag|[a-z]+di|[a-z]+tag|[a-z]+day|ces?t|mes?z|utc|gmt|[^()]*(?:time|tijd|zeit)|heure[^()]*"
)
_BEHIND = re.compile(rf"(?:\s{{0,9}}\((?:{_RESERVED})\)|\s{{0,9}}[?*!])+$", re.IGNORECASE)
"""Other words in brackets may change the day, or say that there is none: *(geannuleerd)*, *(tot 15/3)*."""
_THREE = re.compile(r"(\d{1,4})\s*[-/.,\s]\s*(\d{1,2})\s*[-/.,\s]\s*(\d{1,4})\.?")
_SHORT = re.compile(r"(\d{1,2})\s?([-/.])\s?(\d{1,2})\.?")
_CLOCK = re.compile(
    r"(?P<day>.*?\d.*?)(?:\s*,\s*|\s+|T)(?:om |a |um |at )?(?P<hour>\d{1,2})"
    r"(?:[:.hu](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:\.\d+)?)?|(?=\s?(?:[ap]\.?m|uur|uhr|[hu]\b)))"
    r"\s?(?:(?P<half>[ap])\.?m\.?|uur|uhr|[hu])?\s?(?P<zone>(?:gmt|utc|z)(?:[+-]\d{2}:?\d{2})?|(?<=:\d\d[.:]\d\d)[+-]\d{2}:?\d{2}|\+\d{2}:?\d{2})?",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"\s+(?:-|tot en met|tot|t/m|t\.? ?e\.? ?m\.?|tem|au|bis|to|until|->|→)\s+|(?<=[a-z\d])\s?[-/]\s?(?=[a-z])|(?<=\d{4}-\d{2}-\d{2})/(?=\d{4}-)|(?<=^\d{4})-(?=\d{4}$)"
    r"|(?<=\d{4})\s?-\s?(?=\d{1,2}[-/.]\d{1,2}[-/.]\d{4}$)|^(?P<day>\d{1,2})\s?-\s?(?=\d{1,2} [a-z])",
    re.IGNORECASE,
)


class Clock(NamedTuple):
    """A date and the time of day behind it; `zone` where it names one."""

    day: str
    time: clock_time
    zone: timezone | None


def bare(text: str) -> str:
    """The text without what stands around the numbers of a date."""
    return _BEHIND.sub("", _BEFORE.sub("", _BEHIND.sub("", text.strip()).casefold())).strip()


def slashed(text: str) -> str | None:
    """Three numbers with slashes between them, whatever stood there; None for another text or a year of two digits."""
    match = _THREE.fullmatch(text)
    return "/".join(match.groups()) if match and max(len(match[1]), len(match[3])) == 4 else None


def in_year(text: str, year: int) -> str | None:
    """`01/03` as a date of this year; None for another text."""
    match = _SHORT.fullmatch(text)
    return f"{match[1]}{match[2]}{match[3]}{match[2]}{year}" if match else None


def clock(text: str) -> Clock | None:
    """The date and the time of day of a text; None without a time. Raises ValueError for a time that is none."""
    match = _CLOCK.fullmatch(text)
    if match is None:
        return None
    hour = int(match["hour"])
    if match["half"]:
        if not 1 <= hour <= 12:
            raise ValueError(text)
        hour = hour % 12 + 12 * (match["half"].casefold() == "p")
    time = clock_time(hour, int(match["minute"] or 0), int(match["second"] or 0))
    return Clock(match["day"].rstrip(" ,"), time, _zone(match["zone"]) if match["zone"] else None)


def _zone(text: str) -> timezone:
    figures = re.sub(r"[a-z:]", "", text.casefold()) or "+0000"
    distance = timedelta(hours=int(figures[1:3]), minutes=int(figures[3:]))
    return timezone(-distance if figures.startswith("-") else distance)


def halves(text: str) -> Iterator[tuple[str, str]]:
    """The beginning and the end that a text may name: `1/3/2027 - 10/3/2027`, `maart-april 2027`, `1-10 maart 2027`."""
    plain = folded(text)
    for match in _BETWEEN.finditer(plain):
        first, last = plain[: match.start()] + (match["day"] or ""), plain[match.end() :]
        if first.strip() and last.strip():
            yield bare(first) if first[-1:].isdigit() else first.strip(), last.strip()
