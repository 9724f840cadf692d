"""The latest day of a repair from the words of a programme: "niet uit te stellen", "avant avril"."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, model_validator

from geo_service import i18n
from geo_service.domain.period import Period

FRENCH = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre")  # fmt: skip
QUOTES = str.maketrans("’‘`´ʼ‐‑‒–—", "'''''-----")


class LatestRule(BaseModel):
    """Words that say until when: until the last planned day, or until the end of the month before the one they name.

    `pattern` is compared without regard to capitals, accents, kinds of quotes, dashes and spaces. Of `before_month` it has the
    group `month` (its Dutch, French or English name, or its number) and may have the group `year`; without one it is the one nearest to the
    first planned day.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    pattern: str
    day: Literal["planned_end", "before_month"]

    @model_validator(mode="after")
    def _readable(self) -> Self:
        try:
            groups = self.compiled.groupindex
        except re.error as error:
            raise i18n.finding("pattern_invalid", given=self.pattern, why=str(error)) from error
        if self.day == "before_month" and "month" not in groups:
            raise i18n.finding("latest_month")
        return self

    @functools.cached_property
    def compiled(self) -> re.Pattern[str]:
        """The compiled pattern, for texts in the form of `plainly`."""
        return re.compile(plainly(self.pattern), re.IGNORECASE)

    def days(self, text: str, planned: Period | None) -> Iterator[date | None]:
        """For each match the last day, included, or None where it depends on missing planned days."""
        last = planned.ends_on - timedelta(days=1) if planned and planned.ends_on else None
        first = planned.starts_on if planned else None
        for match in self.compiled.finditer(plainly(text)):
            if self.day == "planned_end":
                yield last
            elif month := _months().get(match["month"].casefold().lstrip("0")):
                year_text = match["year"] if "year" in self.compiled.groupindex else None
                years = (int(year_text),) if year_text else (first.year, first.year + 1) if first else ()
                ends = [date(year, month, 1) - timedelta(days=1) for year in years if 1 < year <= 9999]
                yield min(ends, key=lambda end: abs(end - (first or end)), default=None)


def words_of(rules: Iterable[LatestRule], text: str, planned: Period | None) -> list[date | None]:
    """The results of all rules for a text, in their order; empty without a match."""
    return [day for rule in rules for day in rule.days(text, planned)]


def plainly(text: str) -> str:
    """A text without accents, with one kind of quotes, dashes and spaces."""
    bare = "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
    return re.sub(r"\s+", " ", bare.translate(QUOTES))


@functools.cache
def _months() -> dict[str, int]:
    """The number of each month, by its number and its names in lower case, without accents."""
    months = [
        (plainly(name).casefold(), number)
        for names in (*map(i18n.month_names, i18n.LANGUAGES), FRENCH)
        for number, name in enumerate(names, 1)
    ]
    return dict(months) | {str(number): number for number in range(1, 13)}
