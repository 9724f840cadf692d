"""Dates in words: *8 maart 2027*, *1 feb. 2027*, *week 7*, *eind mei 2027*, *2e kwartaal 2027*; in Dutch, French, German and English."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from typing import TypeAlias

from geo_service.intake.formats.raw_record import folded
from geo_service.intake.mapping.date_words import PREPOSITIONS, WEEKDAYS

Span: TypeAlias = tuple[date, date]
"""The first and the last day."""

_MONTHS = (
    ("januari", "jan", "janv", "janvier", "januar", "january"),
    ("februari", "feb", "febr", "fev", "fevr", "fevrier", "februar", "february"),
    ("maart", "mrt", "mar", "mars", "marz", "maerz", "march"),
    ("april", "apr", "avr", "avril"),
    ("mei", "mai", "may"),
    ("juni", "jun", "juin", "june"),
    ("juli", "jul", "juil", "juillet", "july"),
    ("augustus", "aug", "aout", "august"),
    ("september", "sep", "sept", "septembre"),
    ("oktober", "okt", "oct", "octobre", "october"),
    ("november", "nov", "novembre"),
    ("december", "dec", "decembre", "dezember", "dez"),
)
MONTHS = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names}
_MONTH = "(?P<month>" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\b"
_YEAR = r"(?P<year>\d{4}|\d{2})"
_WEEK = "(?:week|weken|wk|kw|semaines?|sem|kalenderwoche)"
_WEEKS = re.compile(
    rf"({_WEEK} ?\d{{1,2}}) ?(?:-|/|t/m|t\.?e\.?m\.?|tot en met|tot|bis|au?|to|en) ?(\d{{1,2}})(?!\d)"
)
_SHORT_YEAR = re.compile(r"(?:(?<=[a-z.]) ?['/-] ?|(?<=[1-4]) ?')(\d{2})$")
"""A year behind a month or a quarter: `dec-26` is how spreadsheets show December 2026."""
NEAR_YEARS = range(20, 41)
"""Two digits that are a year and no week or day: works lie between 2020 and 2040."""
_ORDINALS = "eerste|tweede|derde|vierde|premier|deuxieme|first|second"
_WEEKDAY = re.compile(rf"^(?:{WEEKDAYS}) ")
_WEEK_OR_QUARTER = re.compile(r"kw\.? ?[1-4](?!\d)(?! ?- ?(?:[5-9]|\d\d))")
"""*KW 1* is the first week to one and the first quarter to another; *KW 1-4* also, but *KW 1-8* are weeks."""
_GLUED = re.compile(r"^(\d{1,2})([a-z]{3,})(\d{4})$")
_PREPOSITIONS = re.compile(rf"^(?:{PREPOSITIONS}|t m|~) ")
_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"(?P<day>\d{{1,2}})(?:e|ste|de|er|st|nd|rd|th)? ?(?:of )?{_MONTH}(?: ?{_YEAR})?",
        rf"{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: (?P<year>\d{{4}}))?",
        rf"(?:(?P<part>begin|midden|medio|half|eind|einde|debut|mi|fin|anfang|mitte|ende|early|mid|late|end) )?(?:de |of |van )?{_MONTH}(?: (?P<year>\d{{4}}))?",
        rf"(?P<year>\d{{4}}) {_MONTH}(?: (?P<day>\d{{1,2}}))?",
        r"(?P<year>20\d\d) (?P<number>0[1-9]|1[0-2])",
        r"(?P<number>0?[1-9]|1[0-2]) (?P<year>20\d\d)",
        rf"(?:(?:begin|start|midden|half|eind|einde) (?:van )?)?{_WEEK} ?(?P<week>\d{{1,2}})(?: (?:van )?{_YEAR})?",
        rf"{_WEEK} ?(?P<week>\d{{1,2}}) & (?P<last_week>\d{{1,2}})(?: (?:van )?(?P<year>\d{{4}}))?",
        rf"w ?(?P<week>\d{{1,2}}) {_YEAR}",
        r"(?P<year>\d{4}) ?(?:week|wk|w|kw|semaine|sem) ?(?P<week>\d{1,2})",
        r"(?:q|kwartaal) ?(?P<quarter>[1-4])(?: (?P<year>\d{4}))?",
        r"(?:k|t|trimestre|quartal|quarter) ?(?P<quarter>[1-4]) (?P<year>\d{4})",
        rf"(?P<quarter>[1-4]|{_ORDINALS})(?:e|ste|de|er|eme)? (?:kwartaal|kw|trimestre|trim|quartal|quarter) (?:van )?(?P<year>\d{{4}})",
        r"(?P<year>\d{4}) ?[qkt](?P<quarter>[1-4])",
        r"(?:h|hj) ?(?P<half>[12]) (?P<year>\d{4})",
        rf"(?P<half>[12]|{_ORDINALS})(?:e|ste|de|er|eme)? (?:semester|semestre|halfjaar|jaarhelft|helft(?: van)?|half of) (?P<year>\d{{4}})",
        rf"{_WEEK} ?(?:nummer|nr) (?P<week>\d{{1,2}})(?: {_YEAR})?",
        r"(?P<week>\d{1,2})(?:e|ste|de) week (?:van )?(?P<year>\d{4})",
        r"(?:in|loop van|de loop van) (?P<year>\d{4})",
        r"(?P<year>(?:19[7-9]|20\d)\d)",
    )
)
_NUMBERS = {
    "eerste": 1,
    "tweede": 2,
    "derde": 3,
    "vierde": 4,
    "premier": 1,
    "deuxieme": 2,
    "first": 1,
    "second": 2,
}
_CLOCK = re.compile(r" (?:om |a |um |at )?\d{1,2}(?: ?[hu] ?(?:\d{2})?| \d{2}(?: \d{2})?)(?: uur| uhr)?$")
_ISO_WEEK = re.compile(r"(\d{4})-?W(\d{2})")
_PARTS = {
    "begin": (1, 10), "debut": (1, 10), "anfang": (1, 10), "early": (1, 10), "midden": (11, 20), "medio": (11, 20), "half": (11, 20), "mi": (11, 20),
    "mitte": (11, 20), "mid": (11, 20),
}  # fmt: skip


def span(text: str, year: int | None = None) -> Span | None:
    """The days of a phrase; `year` applies where it names none. None when it is no date. Raises ValueError
    for 30 February.
    """
    match = _match(text)
    if match is None:
        return None
    parts = match.groupdict()
    number_of_year = _year(parts.get("year")) or year
    if number_of_year is None:
        return None
    if week := parts.get("week"):
        if int(parts.get("last_week") or week) < int(week):
            return None  # over new year it does not say of which year
        return week_of(number_of_year, int(week))[0], week_of(
            number_of_year, int(parts.get("last_week") or week)
        )[1]
    for length, months in (("quarter", 3), ("half", 6)):
        if number := parts.get(length):
            closing = months * int(_NUMBERS.get(number, number))
            return date(number_of_year, closing - months + 1, 1), month_end(date(number_of_year, closing, 1))
    if not (month := MONTHS.get(parts.get("month") or "") or int(parts.get("number") or 0)):
        return date(number_of_year, 1, 1), date(number_of_year, 12, 31)
    if day := parts.get("day"):
        return (date(number_of_year, month, int(day)),) * 2
    first, last = date(number_of_year, month, 1), month_end(date(number_of_year, month, 1))
    if part := parts.get("part"):
        begins, ends = _PARTS.get(part, (21, last.day))
        return first.replace(day=begins), first.replace(day=ends)
    return first, last


def lacks_year(text: str) -> bool:
    """Whether a text would be a date with a year."""
    match = _match(text)
    return match is not None and match.groupdict().get("year") is None


def iso_week(text: str) -> Span | None:
    """The days of `2027-W09`. Raises ValueError when its year has no such week."""
    match = _ISO_WEEK.fullmatch(text)
    return week_of(int(match[1]), int(match[2])) if match else None


def week_of(year: int, week: int) -> Span:
    """Monday and Sunday of an ISO 8601 week. Raises ValueError when the year has no such week."""
    monday = date.fromisocalendar(year, week, 1)
    return monday, monday + timedelta(days=6)


def month_end(day: date) -> date:
    """The last day of the month of `day`."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _match(text: str) -> re.Match[str] | None:
    plain = _separate(folded(text).encode("ascii", "ignore").decode())
    if plain is None:
        return None
    plain = re.sub(r"[\s.,:;/'()-]+", " ", plain).strip()
    for prefix in (_PREPOSITIONS, _WEEKDAY):
        plain = prefix.sub("", plain)
    match = next((one for form in _FORMS if (one := form.fullmatch(plain))), None)
    if match is None and not plain.replace(" ", "").isdigit():
        plain = _CLOCK.sub("", plain)
        match = next((one for form in _FORMS if (one := form.fullmatch(plain))), None)
    return match


def _separate(text: str) -> str | None:
    """The text with what its separators say: `week 10-12` is three weeks, `dec-26` and `mei '27` name a year. None where
    it may mean two things: `week 10-26`.
    """
    if _WEEK_OR_QUARTER.match(text):
        return None
    text = _GLUED.sub(r"\1 \2 \3", text)
    if weeks := _WEEKS.search(text):
        if int(weeks[2]) in NEAR_YEARS:
            return None
        text = f"{text[: weeks.start()]}{weeks[1]} & {weeks[2]}{text[weeks.end() :]}"
    short = _SHORT_YEAR.search(text)
    return f"{text[: short.start()]} 20{short[1]}" if short and int(short[1]) in NEAR_YEARS else text


def _year(text: str | None) -> int | None:
    """A year; two digits are of this century, because works lie in the future."""
    return None if text is None else int(text) + (2000 if len(text) == 2 else 0)
