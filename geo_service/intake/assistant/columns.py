"""Which column is which: by its name first, and only if its values agree."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from geo_service.intake.assistant.words import PLACES, column_fit, fit
from geo_service.intake.sources.told import plain

DATE_FORMS = (
    "iso", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y%m%d", "%d/%m/%Y %H:%M", "%d-%m-%Y %H:%M", "%d.%m.%Y %H:%M", "%d/%m/%Y %H:%M:%S",
    "%d/%m/%y", "%d-%m-%y", "%d.%m.%y", "%Y/%m/%d", "%m/%d/%Y", "%m/%d/%Y %H:%M",
)  # fmt: skip
ENOUGH = 0.8
"""Share of the values that are there which must be what the column should hold."""

_TIME = re.compile(r"\d{2}:\d{2}")

Rows = Sequence[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the looked-at rows."""

    name: str
    values: tuple[str, ...]

    @property
    def filled(self) -> tuple[str, ...]:
        return tuple(value for value in self.values if value)

    def share(self, fits: Callable[[str], bool]) -> float:
        """Of the values that are there, how many fit."""
        return sum(map(fits, self.filled)) / len(self.filled) if self.filled else 0


def columns_of(rows: Rows) -> list[Column]:
    """Every column that some row has, flat: nested objects by their path with dots."""
    flat = [dict(_flat(row)) for row in rows]
    names = dict.fromkeys(name for row in flat for name in row)
    return [Column(name, tuple(plain(row.get(name)) for row in flat)) for name in names]


@dataclass(frozen=True, slots=True)
class Choice:
    """The column for one of our fields: whether its name says so for sure, and which others would fit too."""

    column: Column
    sure: bool
    others: tuple[str, ...]


def choose(columns: Sequence[Column], fields: Sequence[str]) -> dict[str, Choice]:
    """For each of our fields the column whose name fits best and whose values agree."""
    found: dict[str, Choice] = {}
    for field in fields:
        ranked = [
            (column_fit(column.name.rstrip(".").rpartition(".")[2], field), column) for column in columns
        ]
        good = [
            (fits, one) for fits, one in ranked if fits and one.filled and FITS.get(field, _anything)(one)
        ]
        if good:
            best, column = min(good, key=lambda pair: pair[0].place)
            others = tuple(one.name for _, one in good if one is not column)
            found[field] = Choice(column, best.sure, others)
    return found


def misfits(columns: Sequence[Column], fields: Sequence[str]) -> dict[str, Column]:
    """The columns that are called as one of these fields for sure, and whose values are something else."""
    named = ((field, one) for field in fields for one in columns if one.filled and _is_called(one, field))
    return {field: one for field, one in named if not FITS.get(field, _anything)(one)}


def _is_called(column: Column, field: str) -> bool:
    fits = column_fit(column.name, field)
    return fits is not None and fits.sure


def place_of(columns: Sequence[Column]) -> dict[str, str]:
    """The columns that say where a row is: coordinates, WKT or an address; empty when there are none."""
    named: dict[str, str] = {}
    for part, words in PLACES.items():
        ranked = [(fit(one.name, words), one) for one in columns]
        fitting = [
            (fits.place, one) for fits, one in ranked if fits and one.share(PLACE_FITS[part]) >= ENOUGH
        ]
        if fitting:
            named[part] = min(fitting, key=lambda pair: pair[0])[1].name
    for way in (("x", "y"), ("wkt",), ("street", "house_number"), ("address",)):
        if all(part in named for part in way):
            return {part: named[part] for part in way}
    return {}


def date_forms(*columns: Column | None) -> tuple[list[str], bool]:
    """The forms in which these columns write days, and whether day and month could be the other way round."""
    values = [value for column in columns if column for value in column.filled]
    forms: list[str] = []
    left = values
    while left:
        best = max(DATE_FORMS, key=lambda form: sum(is_day(value, form) for value in left))
        rest = [value for value in left if not is_day(value, best)]
        if len(rest) == len(left):
            break
        forms.append(best)
        left = rest
    doubtful = any(
        form in forms and all(is_day(value, twin) for value in values if is_day(value, form))
        for form, twin in (("%d/%m/%Y", "%m/%d/%Y"), ("%d/%m/%y", "%m/%d/%y"))
    )
    return forms or ["iso"], doubtful


def has_times(column: Column | None) -> bool:
    """Whether it tells moments and not days: then a period that ends at 00:00 does not take that day. 00:00 everywhere is only how days were
    written out.
    """
    times = (_TIME.search(value) for value in column.filled) if column else ()
    return any(found and found[0] != "00:00" for found in times)


def is_day(value: str, form: str) -> bool:
    """Whether the text is a day or a moment written in this form."""
    try:
        if form == "iso":
            datetime.fromisoformat(value)
            return "-" in value
        datetime.strptime(value, form)
    except ValueError:
        return False
    return True


def _any_day(value: str) -> bool:
    return any(is_day(value, form) for form in DATE_FORMS)


def _number(value: str) -> bool:
    try:
        float(value.replace(",", "."))
    except ValueError:
        return False
    return True


def _anything(column: Column) -> bool:
    return True


def _days(column: Column) -> bool:
    return column.share(_any_day) >= ENOUGH


def _names_rows(column: Column) -> bool:
    return len(column.filled) >= ENOUGH * len(column.values) and len(set(column.filled)) >= 0.95 * len(
        column.filled
    )


def _few(column: Column) -> bool:
    """A vocabulary: far fewer words than rows."""
    return len(set(column.filled)) <= max(40, len(column.filled) // 10)


FITS: dict[str, Callable[[Column], bool]] = {
    "id": _names_rows, "starts_on": _days, "ends_on": _days, "reported_at": _days, "finished_on": _days, "status": _few, "type": _few,
    "category": _few, "owner": lambda column: not _days(column),
}  # fmt: skip
PLACE_FITS: dict[str, Callable[[str], bool]] = {
    "x": _number,
    "y": _number,
    "wkt": lambda value: value.upper().startswith(
        ("POINT", "LINESTRING", "POLYGON", "MULTI", "GEOMETRYCOLLECTION")
    ),
    "street": lambda value: not _number(value),
    "house_number": lambda value: value[:1].isdigit() and len(value) < 12,
    "address": lambda value: any(sign.isdigit() for sign in value) and any(sign.isalpha() for sign in value),
}


def _flat(value: dict[str, Any], before: str = "") -> Any:
    for name, one in value.items():
        if isinstance(one, dict):
            yield from _flat(one, f"{before}{name}.")
        else:
            yield f"{before}{name}", one
