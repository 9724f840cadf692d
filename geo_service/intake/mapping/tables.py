"""The tables of a mapping file: fields, dates, places, vocabularies, and rules that skip rows."""

from __future__ import annotations

import functools
import re
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from geo_service import i18n
from geo_service.domain.repairs import RepairCategory, Scope, Urgency
from geo_service.domain.works import WorksKind
from geo_service.intake.mapping.vocabulary import Vocabulary

OPEN_FROM = date(2099, 1, 1)
"""From this day on an end is one that nobody knows: programs write 31 December 2099 or 9999."""


class Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FieldRule(Table):
    """The columns of a field: the first of `from` that is not empty, or with `join` all of them, joined;
    `pattern` extracts its first group.
    """

    from_: tuple[str, ...] = Field(alias="from")
    pattern: str | None = None
    separator: str | None = None
    join: str | None = None

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if not self.from_:
            raise i18n.finding("from_empty")
        try:
            groups = re.compile(self.pattern or "()").groups
        except re.error as error:
            raise i18n.finding("pattern_invalid", given=self.pattern, why=str(error)) from error
        if groups == 0:
            raise i18n.finding("pattern_without_group", given=self.pattern)
        return self


class Dates(Table):
    """The formats of dates. With an `end` that is `included`, the next day is free; with `instant`, also the
    day of an end at 00:00.
    """

    formats: tuple[str, ...] = ("iso",)
    empty: tuple[str, ...] = ("",)
    end: Literal["included", "instant", "excluded"] = "included"
    open_from: date = OPEN_FROM
    """An end from this day on means an unknown end."""
    year: Annotated[int | None, Field(ge=1971, le=2200)] = None
    """The year of dates that name none: `week 7`, `8 maart`."""


class Place(Table):
    """Where a record without a geometry lies: columns with coordinates, with WKT, or with an address. The
    first option with a value counts: its own `geometry`, `wkt`, `x` and `y`, an address.
    """

    x: str | None = None
    y: str | None = None
    wkt: str | None = None
    street: str | None = None
    house_number: str | None = None
    address: str | None = None
    """Street and number in one column."""
    building: str | None = None
    """A stored building by its own id, its name or its address; its outline is the place."""
    geometry: bool = False
    """Whether its own geometry counts where it has one."""
    nowhere: tuple[tuple[float, float], ...] = ()
    """Coordinates that the source writes for an unknown place; they are rejected."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        addresses = (self.address, self.building, self.street)
        halves = bool(self.x) != bool(self.y) or bool(self.street) != bool(self.house_number)
        if not self.ways or halves or sum(map(bool, addresses)) > 1:
            raise i18n.finding("place_ways")
        return self

    @property
    def ways(self) -> int:
        """The number of options with a column."""
        return sum(map(bool, (self.x, self.wkt, self.address, self.building, self.street)))

    def columns(self) -> tuple[str, ...]:
        """The columns that it reads."""
        options = (self.x, self.y, self.wkt, self.street, self.house_number, self.address, self.building)
        return tuple(name for name in options if name)


class TypeRule(Table):
    """The meaning of one type of works of the source."""

    kind: WorksKind
    opens_surface: bool


class SkipRule(Table):
    """Rows to skip: those whose `field` is one of `is`, or none of `is_not`. `*` matches any text."""

    field: str
    is_: tuple[str, ...] = Field((), alias="is")
    is_not: tuple[str, ...] = ()
    code: str
    message: str

    @model_validator(mode="after")
    def _one_side(self) -> Self:
        if bool(self.is_) == bool(self.is_not):
            raise i18n.finding("skip_sides")
        return self

    def matches(self, value: str) -> bool:
        """Whether a row with this value is skipped."""
        is_listed = self._vocabulary.get(value) is not None
        return is_listed if self.is_ else not is_listed

    @functools.cached_property
    def _vocabulary(self) -> Vocabulary[bool]:
        return Vocabulary(dict.fromkeys(self.is_ or self.is_not, True))


class RepairDefaults(Table):
    """The defaults of every repair of the source, unless `[category]` or `[urgency]` has its word."""

    category: RepairCategory = "other"
    scope: Scope = "section"
    urgency: Urgency = "normal"
