"""The fields of one record as its mapping names them, and its dates."""

from __future__ import annotations

import re
from collections.abc import Mapping as Dict
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from geo_service.domain.errors import InvalidInput
from geo_service.domain.period import Period
from geo_service.intake.formats import raw_record
from geo_service.intake.formats.raw_record import tidy
from geo_service.intake.mapping import days
from geo_service.intake.mapping.days import DaySpan
from geo_service.intake.mapping.definition import FieldRule, Mapping
from geo_service.privacy import without_contacts


@dataclass(frozen=True, slots=True)
class RecordFields:
    """The values of one record by the names of our fields."""

    mapping: Mapping
    properties: Dict[str, Any]

    def text(self, name: str) -> str | None:
        """The first value that is not empty, or the constant of the mapping."""
        rule = self.mapping.fields.get(name)
        value = self._value(rule) if rule else None
        return self.mapping.constants.get(name) if value is None else value

    def several(self, name: str) -> tuple[str, ...]:
        """A list of values, split at the separator of the mapping."""
        rule = self.mapping.fields.get(name)
        parts = (self.text(name) or "").split(rule.separator if rule and rule.separator else ";")
        return tuple(part.strip() for part in parts if part.strip())

    def days(self, zone: ZoneInfo) -> Period:
        """The period from `starts_on` to `ends_on`. Raises InvalidInput."""
        dates = self.mapping.dates
        start_span = self._day_span("starts_on", zone, beside="ends_on")
        starts = start_span.first
        end_span = self._day_span("ends_on", zone, beside="starts_on")
        ends = end_span.last
        if ends.date() >= dates.open_from:
            raise InvalidInput.one("ends_on", "end_open", end=f"{ends:%Y-%m-%d}")
        midnight = ends.time() == time.min  # of the day on which the period begins, it means the day
        by_hour = start_span.timed and end_span.timed and not (midnight and ends.date() == starts.date())
        if ends < starts if by_hour else ends.date() < starts.date():
            figures = {"starts": f"{starts:%Y-%m-%d %H:%M}", "ends": f"{ends:%Y-%m-%d %H:%M}"}
            raise InvalidInput.one("ends_on", "ends_before_start.starts", **figures)
        last_is_free = end_span.exact and (
            dates.end == "excluded" or (dates.end == "instant" and end_span.timed and ends.time() == time.min)
        )
        free = ends.date() + timedelta(days=0 if last_is_free else 1)
        return Period(starts.date(), max(free, starts.date() + timedelta(days=1)))

    def moment(self, name: str, zone: ZoneInfo) -> DaySpan | None:
        """The span of the date `name`; None without a value. Raises InvalidInput about it."""
        return self._day_span(name, zone) if self._has_value(name) else None

    def _has_value(self, name: str) -> bool:
        rule = self.mapping.fields.get(name)
        return self.text(name) is not None or (rule is not None and self._raw(rule) is not None)

    def _day_span(self, name: str, zone: ZoneInfo, beside: str | None = None) -> DaySpan:
        """The span of a date; one without a year takes the year of the date `beside` it."""
        dates, text = self.mapping.dates, self.text(name)
        if text is None and (rule := self.mapping.fields.get(name)) and (raw := self._raw(rule)):
            raise InvalidInput.one(name, "date_invalid.pattern", given=raw, name=name)
        if text and beside and days.lacks_year(text):
            return self._in_year_of(beside, name, text, zone)
        return days.read(name, text, dates, zone)

    def _in_year_of(self, beside: str, name: str, text: str, zone: ZoneInfo) -> DaySpan:
        """`8 maart` beside `19 maart 2027`. Over new year, a beginning is in the year before, an end in the
        year after; where neither names a year, the beginning is in the year of the mapping.
        """
        dates, other_text = self.mapping.dates, self.text(beside)
        if other_text is None or (
            days.lacks_year(other_text) and (dates.year is None or name == "starts_on")
        ):
            return days.read(name, text, dates, zone)
        other = days.read(beside, other_text, dates, zone)
        span = days.read(name, text, dates.model_copy(update={"year": other.last.year}), zone)
        step = -1 if name == "starts_on" and span.first > other.last else 0
        step = 1 if name == "ends_on" and span.last < other.first else step
        return (
            days.read(name, text, dates.model_copy(update={"year": other.last.year + step}), zone)
            if step
            else span
        )

    def _raw(self, rule: FieldRule) -> str | None:
        """The first value, whether or not it matches the pattern."""
        values = (plain(self.properties.get(name)) for name in rule.from_)
        return next((value for value in values if value not in self.mapping.dates.empty), None)

    def _value(self, rule: FieldRule) -> str | None:
        if rule.join is not None:
            return self._join_columns(rule, rule.join)
        for name in rule.from_:
            value = plain(self.properties.get(name))
            if value in self.mapping.dates.empty:
                continue
            if rule.pattern is None:
                return value
            if match := re.search(rule.pattern, value):
                return match[1]
        return None

    def _join_columns(self, rule: FieldRule, between: str) -> str | None:
        """The values of all columns, each once."""
        values = dict.fromkeys(plain(self.properties.get(name)) for name in rule.from_)
        text = between.join(value for value in values if value not in self.mapping.dates.empty)
        match = re.search(rule.pattern, text) if rule.pattern else None
        return match[1] if match else None if rule.pattern else text or None


class SkippedRow(InvalidInput):
    """The mapping skips this row on purpose."""


def select_properties(mapping: Mapping, properties: Dict[str, Any]) -> dict[str, Any]:
    """The properties that the mapping reads or keeps, without contact details in free texts."""
    values = {}
    for name in mapping.read_properties:
        value = at(properties, name)
        is_free = name in mapping.free_texts and isinstance(value, str)
        values[name] = without_contacts(value) if is_free else value
    return values


def skip(mapping: Mapping, properties: Dict[str, Any]) -> None:
    """Raise InvalidInput for a row that the mapping skips on purpose."""
    for rule in mapping.skip:
        if rule.matches(plain(properties.get(rule.field))):
            raise SkippedRow.one(rule.field, rule.code, words=rule.message)


def at(value: Any, path: str) -> Any:
    """The value at a path such as `location.geometry`, or under that very name; None when there is none."""
    if isinstance(value, dict) and path in value:
        return value[path]
    for name in path.split(".") if path else ():
        value = value.get(name) if isinstance(value, dict) else None
    return value


def plain(value: Any) -> str:
    """The value as text: lists joined, integers without `.0`, an empty text for None."""
    if value is None:
        return ""
    if isinstance(value, list):
        return ";".join(plain(one) for one in value)
    text = str(raw_record.plain(value) if isinstance(value, float) else value)
    return text.strip() if text.isascii() and "_x" not in text else tidy(text)
