"""The values of GIPOD's records in our words: kinds of works, statuses, moments, days and lists."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from geo_service.domain.errors import InvalidInput
from geo_service.domain.period import Period
from geo_service.domain.works import Certainty, WorksKind
from geo_service.intake.mapping.days import EARLIEST
from geo_service.intake.mapping.tables import OPEN_FROM
from geo_service.intake.mapping.vocabulary import Vocabulary
from geo_service.intake.remarks import Remarks
from geo_service.intake.sources.works_of_records import UNKNOWN_KIND, UNKNOWN_STATUS

KINDS: Vocabulary[WorksKind] = Vocabulary({
    "Grondwerk": "groundworks",
    "Werk": "works",
    "Evenement": "event",
    "Grondwerken": "groundworks",
    "Groundwork": "groundworks",
    "Work": "works",
    "Event": "event",
    "Parkeerverbod": "works",
})  # fmt: skip
"""The three types of GIPOD, their names in the event stream, and the type that GIPOD has planned."""
KINDS_OF_PATH: Mapping[str, WorksKind] = {"groundworks": "groundworks", "works": "works", "events": "event"}
"""The part of `Uri` that names the type."""
CERTAINTIES: Vocabulary[Certainty] = Vocabulary({
    "Niet-concreet gepland": "indicative",
    "Concreet gepland": "planned",
    "In uitvoering": "in_progress",
    "Lopende": "in_progress",
    "Uitgevoerd": "done",
    "Afgelopen": "done",
    "Niet uitgevoerd": "cancelled",
    "Geannuleerd": "cancelled",
    "Niet concreet gepland": "indicative",
    "Opgeschort": "indicative",
    "Uitgesteld": "indicative",
    "Vergund": "confirmed",
    "Stopgezet": "cancelled",
    "Ingetrokken": "cancelled",
})  # fmt: skip
"""The statuses of GIPOD, and the words that Flemish registers use beside them."""
TITLE_LENGTH = 200
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_LINE_TAG = re.compile(r"\s*<(?:br|/p|/div|/li)\b[^<>]*>\s*", re.IGNORECASE)


def certainty_of(status: Any, remarks: Remarks) -> tuple[str, Certainty]:
    """A status in GIPOD's words, and its certainty. A new word counts as planned, with a remark: rejected works would give no warning.
    Raises InvalidInput without a word.
    """
    word = text(status)
    if word is None:
        raise InvalidInput.one("Status", "status_unknown.gipod", given="", known=list(CERTAINTIES.words))
    certainty = CERTAINTIES.get(word)
    if certainty is None:
        remarks.unknown("status", word)
    return word, certainty or UNKNOWN_STATUS


def kind_of(properties: Mapping[str, Any], remarks: Remarks) -> WorksKind:
    """The kind of works: by its type, or else by the path of its `Uri`. A new word opens the surface, with a remark.
    Raises InvalidInput without a word.
    """
    word = text(properties.get("Type"))
    if word and (kind := KINDS.get(word)):
        return kind
    folders = (text(properties.get("Uri")) or "").split("/")
    if kind := next((KINDS_OF_PATH[one] for one in folders if one in KINDS_OF_PATH), None):
        return kind
    if word is None:
        raise InvalidInput.one("Type", "type_unknown.gipod", given="", known=list(KINDS.words))
    remarks.unknown("type", word)
    return UNKNOWN_KIND


def period_of(starts_at: datetime, ends_at: datetime, zone: ZoneInfo) -> Period:
    """The days of an occurrence in the zone of the city.

    An end at 23:59 or later includes its day; an end at midnight does not. The shortest works take one day. Raises InvalidInput, also
    about the moments that programs write for a day that nobody knows.
    """
    for name, moment in (("Start", starts_at), ("End", ends_at)):
        check_year(name, moment)
    starts, ends = starts_at.astimezone(zone), ends_at.astimezone(zone)
    if ends_at < starts_at:
        figures = {"starts": f"{starts:%Y-%m-%d %H:%M}", "ends": f"{ends:%Y-%m-%d %H:%M}"}
        raise InvalidInput.one("End", "ends_before_start.starts", **figures)
    midnight = ends.time() == datetime.min.time()
    last: date = ends.date() - timedelta(days=1) if midnight else ends.date()
    return Period(starts.date(), max(last, starts.date()) + timedelta(days=1))


def check_year(name: str, moment: datetime) -> None:
    """Refuse the moments that programs write for an unknown one. Raises InvalidInput about `name`."""
    day = moment.date().isoformat()
    if moment.year < EARLIEST.year:
        raise InvalidInput.one(name, "date_too_early", given=day, earliest=str(EARLIEST), name=name)
    if moment.date() >= OPEN_FROM:
        raise InvalidInput.one(name, "end_open", end=day)


def instant(properties: Mapping[str, Any], name: str) -> datetime:
    """A moment of GIPOD, which is in UTC with or without a Z. Raises InvalidInput."""
    stamp = text(properties.get(name))
    if stamp is None:
        raise InvalidInput.one(name, "date_missing", name=name)
    if (moment := moment_of(stamp)) is None:
        raise InvalidInput.one(name, "date_invalid", given=stamp, name=name)
    return moment


def moment_of(stamp: str | None) -> datetime | None:
    """The moment of a stamp; None when it is none. At the ends of the calendar, the zone does not count."""
    try:
        moment = datetime.fromisoformat(stamp or "")
    except ValueError:
        return None
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        return moment.replace(tzinfo=UTC)


def several(value: Any) -> tuple[str, ...]:
    """A list of GIPOD, or a text with one, split at `;`, because names contain commas."""
    some: Sequence[Any] = value if isinstance(value, list) else [value]
    parts = (part.strip() for one in some for part in (text(one) or "").split(";"))
    return tuple(part for part in parts if part)


def free_text(value: Any) -> str | None:
    """A text of a person, without the marks of HTML: each paragraph is a line."""
    words = text(value)
    if words is None or not _TAG.search(words):
        return words
    return text(html.unescape(_TAG.sub("", _LINE_TAG.sub("\n", words))))


def text(value: Any) -> str | None:
    """Text without surrounding space, a list (of lists, however deep) as its lines; None when it is empty."""
    lines: list[str] = []
    rest = [value]
    while rest:
        one = rest.pop()
        if isinstance(one, list):
            rest.extend(reversed(one))
        elif one is not None and not isinstance(one, bool | dict) and (line := str(one).strip()):
            lines.append(line)
    return "\n".join(lines) or None
