"""Words and days as clients may send them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, model_validator

from geo_service.domain.period import Period

EARLIEST, LATEST = date(1950, 1, 1), date(2200, 1, 1)


def _storable(text: str) -> str:
    """PostgreSQL keeps no NUL, and UTF-8 no half of a surrogate pair."""
    if "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ValueError("contains a character that cannot be stored (NUL or half a surrogate pair)")
    return text


def _believable(day: date) -> date:
    if not EARLIEST <= day < LATEST:
        raise ValueError(f"must lie between {EARLIEST} and {LATEST}")
    return day


Text = Annotated[str, AfterValidator(_storable)]
Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300), AfterValidator(_storable)
]
Words = Annotated[str, StringConstraints(max_length=10_000), AfterValidator(_storable)]
Day = Annotated[date, AfterValidator(_believable)]
GeoJson = dict[str, Any]


class Body(BaseModel):
    """Unknown fields are refused, so that a typing error is not silently ignored."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class Days(Body):
    """A half-open period of days."""

    starts_on: Day
    ends_on: Day

    @model_validator(mode="after")
    def _forward(self) -> Days:
        if self.ends_on <= self.starts_on:
            raise ValueError("ends_on must be after starts_on (it is the first day that is free again)")
        return self

    def period(self) -> Period:
        """As the domain knows it."""
        return Period(self.starts_on, self.ends_on)
