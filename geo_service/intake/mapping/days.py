"""Dates as people and programs write them: the span that a text covers, from its first moment to its last day.

A text may name a moment, a day, or a longer span (a week, a month, a quarter, a year). A beginning is the first day of the span, an end
is the last day: after a hold until "week 11", works may start on the Monday of week 12.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from geo_service.domain.errors import InvalidInput
from geo_service.intake.formats.raw_record import QUOTES
from geo_service.intake.mapping import date_notation, date_phrases
from geo_service.intake.mapping.tables import Dates

EARLIEST = date(1971, 1, 1)
"""Earlier dates are zeros of programs: 0001-01-01, 1601-01-01, 1899-12-30, 1900-01-01, 1970-01-01."""
EXCEL_ZERO = datetime(1899, 12, 30)
MOST_EXCEL = 73_415
"""Excel's number of 31 December 2100."""
UTC_ZONE = ZoneInfo("UTC")
DAY_OVER = time(23, 59)
"""The end of a day in words, which always includes the whole day."""
LONGEST = 80
"""The longest text that is looked through for a date (characters)."""
REMEMBERED = 8192
"""The size of the cache; a file repeats its dates."""

_ZONED_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:Z|[+-]\d{2}:\d{2})")
_YEAR_FIRST = re.compile(
    r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})((?:[T ]\d{2}:\d{2}[\d:.]*(?:[+-]\d{2}:?(?:\d{2})?| UTC| GMT)?)?)"
)
_DAY_OVER = re.compile(r"(.+)[T ]24:00(?::00(?:\.0+)?)?(?:Z|[+-]\d{2}:?\d{2})?")
_ISO = re.compile(r"\d{4}-?(?:\d{2}-?\d{2}|W\d{2}-?\d)(?:[T ].+)?")
"""Python also takes any other sign before a time: in `2026-12-01/05` it would be five o'clock."""
_GLUED = re.compile(r"(?:%[dmYyHMS]){2,}")
_CLOCK = ("%H", "%I", "%M", "%S", "%p", "%X", "%c", "%f")
_MILLISECONDS = re.compile(r"(\d{13})(?:\.0+)?|/Date\((\d{1,14})(?:[+-]\d{4})?\)/")
"""Thirteen digits are a moment between 2001 and 2286."""
_FOURTEEN = re.compile(r"20\d{12}")
_COARSE = (("%d", "%j", "%x", "%c", "%a", "%A", "%u", "%w"), ("%m", "%b", "%B"), ("%V", "%U", "%W"))


_WORKING_DAYS = re.compile(
    r"(\d+)(?:[.,]0+)? ?(?:(d|wd|dagen|dag|werkdagen|werkdag|days?|working days?|jours?|jours ouvrables|arbeitstage?|tage?)"
    r"|(w|weken|week|weeks?|semaines?|wochen?))?\.?",
    re.IGNORECASE,
)
_CLOCK_FORM = re.compile(r"[ T,]*%[HI].*")
_WEEK_WORDS = ("week", "wk", "kw", "sem")
DAYS_OF_WEEK = 5
"""The working days of a week."""


@dataclass(frozen=True, slots=True)
class DaySpan:
    """The span of a text, from `first` to the day of `last`, both in the zone of the city.

    `exact`: the text names a moment or a day. `timed`: it names a moment.
    """

    first: datetime
    last: datetime
    exact: bool = True
    timed: bool = False


def working_days_of(text: str) -> int | None:
    """Working days as people write them: `5`, `5,0`, `5 dagen`, `2 weken`; None when it is no such number."""
    match = _WORKING_DAYS.fullmatch(text.strip())
    return int(match[1]) * (DAYS_OF_WEEK if match[3] else 1) if match and len(match[1]) < 6 else None


def read(name: str, text: str | None, dates: Dates, zone: ZoneInfo) -> DaySpan:
    """The span of the text of field `name`. Raises InvalidInput about it."""
    if text is None:
        raise InvalidInput.one(name, "date_missing", name=name)
    span = _read(text, dates.formats, dates.year, zone)
    if span is None:
        if lacks_year(text):
            raise InvalidInput.one(name, "date_without_year", given=text, name=name)
        raise InvalidInput.one(
            name, "date_invalid.formats", given=text, name=name, formats=" or ".join(dates.formats)
        )
    if span.first.year < EARLIEST.year:
        raise InvalidInput.one(name, "date_too_early", given=text, earliest=str(EARLIEST), name=name)
    return span


@functools.lru_cache(REMEMBERED)
def _read(text: str, formats: tuple[str, ...], year: int | None, zone: ZoneInfo) -> DaySpan | None:
    """The span by the formats of the mapping, or by an unambiguous one; None when the text is no date."""
    text = text.translate(QUOTES)
    if over := _DAY_OVER.fullmatch(text):
        try:
            return _day_until_midnight(_read(over[1], formats, year, zone))
        except OverflowError:
            return None
    for form in formats:
        try:
            return _in_zone(_as(text, form), zone)
        except (ValueError, OverflowError):
            continue
    try:
        read = next((_in_zone(one, zone) for one in _plain(text, year)), None)
        return read or _loosely(text, formats, year, zone)
    except (ValueError, OverflowError):
        return None


def _loosely(text: str, formats: tuple[str, ...], year: int | None, zone: ZoneInfo) -> DaySpan | None:
    """The span of a date with words around it, a time of day, other separators or no year, or of a range of two. Raises ValueError."""
    if len(text) > LONGEST:
        return None
    bare = date_notation.bare(text)
    if bare != text.casefold():
        return _read(bare, formats, year, zone)
    if (slashed := date_notation.slashed(text)) and slashed != text:
        return _read(
            slashed, tuple(re.sub("[-.]", "/", form) for form in formats if "%Y" in form), year, zone
        )
    if year and (dated := date_notation.in_year(text, year)):
        day_or_month_first = (form for form in formats if form.startswith(("%d", "%m")))
        return _read(dated, tuple(form.replace("%y", "%Y") for form in day_or_month_first), None, zone)
    if clock := date_notation.clock(text):
        return _at_clock(clock, formats, year, zone)
    return next(
        (
            span
            for first, last in date_notation.halves(text)
            if (span := _range(first, last, formats, year, zone))
        ),
        None,
    )


def _at_clock(
    clock: date_notation.Clock, formats: tuple[str, ...], year: int | None, zone: ZoneInfo
) -> DaySpan | None:
    """The moment of a day and a time."""
    day = _read(clock.day, tuple(_CLOCK_FORM.sub("", form) for form in formats), year, zone)
    if day is None or day.timed or day.first.date() != day.last.date():
        return None
    moment = datetime.combine(day.first.date(), clock.time, clock.zone or zone).astimezone(zone)
    return DaySpan(moment, moment, timed=True)


def _range(
    first: str, last: str, formats: tuple[str, ...], year: int | None, zone: ZoneInfo
) -> DaySpan | None:
    """The span from one date to another; the first may omit the year and the month of the last."""
    ends = _read(last, formats, year, zone)
    if ends is None:
        return None
    if first.isdigit() and len(first) < 3 and ends.exact:  # 1-10 maart 2027
        first = f"{first}/{ends.first:%m/%Y}"
        formats = ("%d/%m/%Y",)
    elif first.startswith(_WEEK_WORDS) != last.startswith(_WEEK_WORDS) and last[:1].isdigit():
        return None
    begins = _read(first, formats, ends.last.year, zone)
    if begins is not None and begins.first > ends.last and lacks_year(first):
        begins = _read(first, formats, ends.last.year - 1, zone)
    if begins is None or begins.first > ends.last:
        return None
    return DaySpan(begins.first, ends.last, ends.exact, begins.timed and ends.timed)


def _day_until_midnight(day: DaySpan | None) -> DaySpan | None:
    """A day until 24:00: as an end it includes the day, as a beginning it is the next day."""
    if day is None:
        return None
    return DaySpan(
        day.first + timedelta(days=1), datetime.combine(day.last, DAY_OVER, day.last.tzinfo), exact=False
    )


def _as(text: str, form: str) -> DaySpan:
    """The span by one format of the mapping. Raises ValueError."""
    if form == "iso":
        return _iso(text)
    if form == "epoch_s":
        return _moment(datetime.fromtimestamp(float(text), UTC), timed=True)
    if form == "epoch_ms":
        return _moment(datetime.fromtimestamp(float(text) / 1000, UTC), timed=True)
    if form == "excel":
        return _moment(_from_excel(float(text)), timed=not float(text).is_integer())
    return _covers(_by_format(text, form), form)


def _by_format(text: str, form: str) -> datetime:
    """The moment by a format of `strptime`. Raises ValueError, also where digits without separators are too few: `202612` is no day.

    One zero that a spreadsheet took from the beginning is put back: `1122026` is 1 December.
    """
    moment = datetime.strptime(text, form)
    if not _GLUED.fullmatch(form) or moment.strftime(form) == text:
        return moment
    padded = f"0{text}"
    if (
        not form.startswith(("%d", "%m"))
        or (moment := datetime.strptime(padded, form)).strftime(form) != padded
    ):
        raise ValueError(text)
    return moment


def read_by(text: str, formats: tuple[str, ...], year: int | None = None) -> DaySpan | None:
    """The span by these formats, or by an unambiguous one; None when the text is no date, or before EARLIEST."""
    span = _read(text, formats, year, UTC_ZONE)
    return span if span is None or span.first.date() >= EARLIEST else None


@functools.lru_cache(REMEMBERED)
def lacks_year(text: str) -> bool:
    """Whether a text would be a date with a year."""
    return (
        len(text) <= LONGEST
        and not text[-4:].isdigit()
        and (
            date_phrases.lacks_year(text) or date_notation.in_year(date_notation.bare(text), 2000) is not None
        )
    )


def _plain(text: str, year: int | None) -> Iterator[DaySpan]:
    """The spans by the formats that need no mapping."""
    if match := _ZONED_DAY.fullmatch(text):  # xs:date with its zone, as servers of maps write a day
        yield _moment(datetime.fromisoformat(match[1]))
    if match := _YEAR_FIRST.fullmatch(text):  # as GDAL writes a moment into a text, and as databases do
        year_, _, month, day, rest = match.groups()
        zone = "+00:00" if rest.endswith((" UTC", " GMT")) else ""
        plain = rest.removesuffix(" UTC").removesuffix(" GMT")
        yield _moment(
            datetime.fromisoformat(f"{year_}-{month:0>2}-{day:0>2}{plain}{zone}"), timed=bool(plain)
        )
    if match := _FOURTEEN.fullmatch(text):
        yield _moment(datetime.strptime(match[0], "%Y%m%d%H%M%S"), timed=True)
    if match := _MILLISECONDS.fullmatch(text):
        yield _moment(datetime.fromtimestamp(int(match[1] or match[2]) / 1000, UTC), timed=True)
    if span := date_phrases.span(text, year):
        first, last = span
        yield DaySpan(
            datetime.combine(first, time.min), datetime.combine(last, DAY_OVER), exact=first == last
        )


def _iso(text: str) -> DaySpan:
    if week := date_phrases.iso_week(text):
        first, last = (datetime.combine(day, time.min) for day in week)
        return DaySpan(first, last, exact=False)
    if not _ISO.fullmatch(text):
        raise ValueError(text)
    return _moment(datetime.fromisoformat(text), timed="T" in text or " " in text)


def _moment(moment: datetime, *, timed: bool = False) -> DaySpan:
    return DaySpan(moment, moment, timed=timed)


def _from_excel(days: float) -> datetime:
    """The moment of an Excel number. Raises ValueError outside its range."""
    if not 0 < days < MOST_EXCEL:
        raise ValueError(days)
    return EXCEL_ZERO + timedelta(seconds=round(days * 86_400))


def _covers(first: datetime, form: str) -> DaySpan:
    """The span of a date; a format without a day gives a month or a year."""
    says_day, says_month, says_week = (any(sign in form for sign in signs) for signs in _COARSE)
    if says_day:
        return _moment(first, timed=any(sign in form for sign in _CLOCK))
    if says_week:
        raise ValueError(form)  # strptime leaves the week out where no weekday stands
    last = date_phrases.month_end(first.date()) if says_month else date(first.year, 12, 31)
    return DaySpan(first, datetime.combine(last, time.min), exact=False)


def _in_zone(span: DaySpan, zone: ZoneInfo) -> DaySpan:
    """The span in the zone of the city; a moment without a zone is in it."""
    first, last = (
        one.astimezone(zone) if one.tzinfo else one.replace(tzinfo=zone) for one in (span.first, span.last)
    )
    return replace(span, first=first, last=last)
