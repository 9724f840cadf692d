"""Recognise the date formats of a file, the year that its dates omit, and dates with two possible readings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from geo_service.intake.mapping import date_phrases, days

FORMS = (
    "iso", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y%m%d", "%d/%m/%Y %H:%M", "%d-%m-%Y %H:%M", "%d.%m.%Y %H:%M", "%d/%m/%Y %H:%M:%S",
    "%d/%m/%y", "%d-%m-%y", "%d.%m.%y", "%Y/%m/%d", "%m/%d/%Y", "%m/%d/%Y %H:%M", "%y-%m-%d", "excel", "epoch_s", "%d%m%Y",
)  # fmt: skip
TWINS = {
    "%d/%m/%Y": "%m/%d/%Y",
    "%d/%m/%y": "%m/%d/%y",
    "%d/%m/%Y %H:%M": "%m/%d/%Y %H:%M",
    "%d%m%Y": "%m%d%Y",
}
"""The same formats with month and day exchanged."""
YEARS = range(1990, 2061)
"""The years of a number that counts as a date."""
_HALF_DAY = re.compile(r"\d ?[AP]M$", re.IGNORECASE)
ANY_YEAR = 2000
"""The year of a date without one, where only its order counts."""
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")


@dataclass(frozen=True, slots=True)
class DateFormats:
    """`forms` of a mapping, and the `year` of dates without one. `either_way`: day and month are
    interchangeable; `yearless`: some dates have no year, and nothing in the file gives it.
    """

    forms: list[str]
    year: int | None = None
    either_way: bool = False
    yearless: bool = False


def forms_of(values: Sequence[str], names: Iterable[str] = ()) -> DateFormats:
    """The formats of these values. `names` are texts that may hold the year, such as the file name."""
    forms: list[str] = []
    unread = [value for value in values if not _is_written(value)]
    candidates = sorted(FORMS, key=lambda form: _has_half_days(values) and form not in TWINS.values())
    while unread:
        best = max(
            (
                form
                for form in candidates
                if form not in map(TWINS.get, forms) and TWINS.get(form) not in forms
            ),
            key=lambda form: _worth(unread, form),
        )
        rest = [value for value in unread if not is_day(value, best)]
        if len(rest) == len(unread):
            break
        forms.append(best)
        unread = rest
    yearless = any(days.lacks_year(value) for value in values)
    year = _year(values, forms, names) if yearless else None
    ordered = [
        (value, twin)
        for form, twin in TWINS.items()
        if form in forms
        for value in values
        if is_day(value, form)
    ]
    either_way = bool(ordered) and all(is_day(value, twin) for value, twin in ordered)
    return DateFormats(forms or ["iso"], year, either_way, yearless and year is None)


def is_day(value: str, form: str) -> bool:
    """Whether the text is a date or a moment in this format."""
    if form == "iso":
        try:
            datetime.fromisoformat(value)
        except ValueError:
            return False
        return "-" in value
    if form in ("excel", "epoch_s"):
        if not value.isdigit() or len(value) != (5 if form == "excel" else 10):
            return False
        span = days.read_by(value, (form,))
        return span is not None and span.first.year in YEARS
    try:
        moment = datetime.strptime(value, form)
    except ValueError:
        span = days.read_by(value, (form,), ANY_YEAR)
        return span is not None and not _is_written(value) and not date_phrases.lacks_year(value)
    return moment.year in YEARS or not value.isdigit()


def is_any_day(value: str) -> bool:
    """Whether the text is a date in any format."""
    return any(is_day(value, form) for form in FORMS) or _is_written(value) or days.lacks_year(value)


def first_days(values: Iterable[str], forms: DateFormats) -> list[date]:
    """The first day of each readable value."""
    spans = (days.read_by(value, tuple(forms.forms), forms.year) for value in values)
    return [one.first.date() for one in spans if one is not None]


def _is_written(value: str) -> bool:
    """Whether a value needs no format: words, weeks, milliseconds."""
    return (not value.replace("-", "").isdigit() and days.read_by(value, ()) is not None) or (
        len(value) == 13 and value.isdigit()
    )


def _has_half_days(values: Sequence[str]) -> bool:
    """Whether the times are in AM and PM, as programs write them that put the month first."""
    return any(_HALF_DAY.search(value) for value in values)


def _worth(values: Sequence[str], form: str) -> tuple[int, int]:
    """The number of readable values; of equal formats, the one with the closest dates wins."""
    read = [value for value in values if is_day(value, form)]
    years = {span.first.year for value in read if (span := days.read_by(value, (form,)))}
    return len(read), -len(years)


def _year(values: Sequence[str], forms: Sequence[str], names: Iterable[str]) -> int | None:
    years = {span.first.year for value in values if (span := days.read_by(value, tuple(forms)))}
    if not years:
        years = {int(year) for name in names for year in _YEAR.findall(name)}
    return years.pop() if len(years) == 1 else None
