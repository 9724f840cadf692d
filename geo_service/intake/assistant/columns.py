"""Assign a column of the file to each of our fields: the name of the column decides first, and its values must agree."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from geo_service.intake.assistant.dates import is_any_day
from geo_service.intake.mapping.column_words import PLACES, Fit, column_fit, fit
from geo_service.intake.mapping.coordinates import coordinate_of, coordinate_pair, number_of
from geo_service.intake.mapping.house_numbers import numbers_of
from geo_service.intake.mapping.record_fields import plain

ENOUGH = 0.8
"""The share of the non-empty values that must fit a field."""

SOME = 0.4
"""The share that is enough of coordinates, whose columns have names of their own."""
DIVIDES = 1.1
"""The most pairs per word of the finer column; a few rows may have errors."""

_BRACKETS = re.compile(r"[\[(].*?[\])]")
HOUSE_NUMBERS = ("huisn*", "hausn*", "housen*")
"""Names of columns with house numbers and nothing else; `nr` may be any number."""
_TIME = re.compile(r"(?<!\d)(\d{1,2}:\d{2})(?::\d{2}(?:\.\d+)?)?(?: ?([ap])\.?m)?\b", re.IGNORECASE)

_MIDNIGHT = (("00:00", ""), ("0:00", ""), ("12:00", "a"))
Rows = Sequence[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the examined rows."""

    name: str
    values: tuple[str, ...]

    @property
    def filled(self) -> tuple[str, ...]:
        return tuple(value for value in self.values if value)

    def share(self, fits: Callable[[str], bool]) -> float:
        """The share of the non-empty values that fit."""
        return sum(map(fits, self.filled)) / len(self.filled) if self.filled else 0


def columns_of(rows: Rows) -> list[Column]:
    """Every column of any row; the name of a nested value is its path with dots."""
    flat = [dict(_flat(row)) for row in rows]
    names = dict.fromkeys(name for row in flat for name in row)
    return [Column(name, tuple(plain(row.get(name)) for row in flat)) for name in names]


@dataclass(frozen=True, slots=True)
class Choice:
    """The column for one of our fields: whether its name is certain, and which other columns would fit."""

    column: Column
    sure: bool
    others: tuple[str, ...]


def choose(columns: Sequence[Column], fields: Sequence[str]) -> dict[str, Choice]:
    """For each of our fields the column with the best name and fitting values. A house number is no id."""
    choices: dict[str, Choice] = {}
    house_number = place_of(columns).get("house_number")
    for field in fields:
        ranked = [
            (column_fit(column.name.rstrip(".").rpartition(".")[2], field), column) for column in columns
        ]
        fitting = [(fits, one) for fits, one in ranked if fits and one.filled]
        candidates = [(fits, one) for fits, one in fitting if FITS.get(field, _anything)(one)]
        if not candidates and FITS.get(field) is _days:
            candidates = [(fits, one) for fits, one in fitting if fits.sure and one.share(is_any_day)]
        if field == "id":
            candidates = [
                (fits, one)
                for fits, one in candidates
                if one.name != house_number and (fits.sure or not _repeats(one))
            ]
        if candidates:
            best, column = min(candidates, key=lambda pair: _rank(field, *pair))
            if field == "type":
                best, column = _finest((best, column), candidates)
            others = tuple(one.name for _, one in candidates if one is not column)
            choices[field] = Choice(column, best.sure, others)
    return choices


def _rank(field: str, fits: Fit, column: Column) -> tuple[bool, int]:
    """The rank by name; of certain ids, a unique column precedes one with repeats."""
    return field == "id" and fits.sure and _repeats(column), fits.place


def _repeats(column: Column) -> bool:
    return len(set(column.filled)) < len(column.values)


def _finest(coarse: tuple[Fit, Column], others: Sequence[tuple[Fit, Column]]) -> tuple[Fit, Column]:
    """Of two columns with types the finer one, if it is still a vocabulary."""
    for fine in others:
        pairs = {pair for pair in zip(fine[1].values, coarse[1].values, strict=True) if all(pair)}
        words = {word for word, _ in pairs}
        if len(words) > len({word for _, word in pairs}) and len(pairs) <= DIVIDES * len(words):
            coarse = fine
    return coarse


def misfits(columns: Sequence[Column], fields: Sequence[str]) -> dict[str, Column]:
    """Columns with the certain name of a field and unfitting values."""
    pairs = ((field, one) for field in fields for one in columns if one.filled and _is_called(one, field))
    return {field: one for field, one in pairs if not FITS.get(field, _anything)(one)}


def _is_called(column: Column, field: str) -> bool:
    fits = column_fit(column.name, field)
    return fits is not None and fits.sure


def place_of(columns: Sequence[Column]) -> dict[str, str]:
    """The columns with the location of a row: coordinates, WKT or an address; empty without any."""
    columns_by_part: dict[str, str] = {}
    for part, words in PLACES.items():
        ranked = [(_place_fit(one, part, words, columns), one) for one in columns]
        enough = SOME if part in ("x", "y") else ENOUGH
        fitting = [
            (fits.place, one) for fits, one in ranked if fits and one.share(PLACE_FITS[part]) >= enough
        ]
        if fitting:
            columns_by_part[part] = min(fitting, key=lambda pair: pair[0])[1].name
    complete = [way for way in WAYS if all(part in columns_by_part for part in way)]
    if not complete:
        return {}
    by_name = {one.name: one for one in columns}
    first = complete[0]
    has_gaps = any(
        not all(row) for row in zip(*(by_name[columns_by_part[part]].values for part in first), strict=True)
    )
    or_else = (
        next((way for way in complete[1:] if way in ADDRESSES), ())
        if first not in ADDRESSES and has_gaps
        else ()
    )
    return {part: columns_by_part[part] for part in (*first, *or_else)}


def _place_fit(column: Column, part: str, words: Sequence[str], columns: Sequence[Column]) -> Fit | None:
    """How well a column fits a part of a place, with or without a note in brackets. A running number is no house number where no other
    column names the rows.
    """
    if part == "house_number" and not fit(column.name, HOUSE_NUMBERS) and _runs(column):
        others = (one for one in columns if one is not column and _is_called(one, "id"))
        if not any(_names_rows(one) for one in others):
            return None
    last = column.name.rstrip(".").rpartition(".")[2]
    return fit(column.name, words) or fit(_BRACKETS.sub("", column.name), words) or fit(last, words)


def _runs(column: Column) -> bool:
    """Whether a column numbers its rows: 1, 2, 3 …"""
    return (
        list(column.values) == [str(number) for number in range(1, len(column.values) + 1)]
        and len(column.values) > 1
    )


def has_times(column: Column | None) -> bool:
    """Whether a column holds moments, so that a period that ends at 00:00 excludes that day. 00:00 in every
    row means dates.
    """
    times = (_TIME.search(value) for value in column.filled) if column else ()
    return any(match and (match[1], (match[2] or "").lower()) not in _MIDNIGHT for match in times)


def _is_number(value: str) -> bool:
    return number_of(value) is not None


def _is_coordinate(value: str) -> bool:
    return coordinate_of(value) is not None


def _anything(column: Column) -> bool:
    return True


def _days(column: Column) -> bool:
    return column.share(is_any_day) >= ENOUGH


def _names_rows(column: Column) -> bool:
    return len(column.filled) >= ENOUGH * len(column.values) and len(set(column.filled)) >= 0.95 * len(
        column.filled
    )


def _few(column: Column) -> bool:
    """Whether a column is a vocabulary, with far fewer words than rows."""
    return len(set(column.filled)) <= max(40, len(column.filled) // 10)


_GROUND = re.compile(
    r"\{.*\}$|(?:SRID=\d+;)?\s*(?:POINT|LINESTRING|POLYGON|MULTI|GEOMETRYCOLLECTION)|(?:00|01)[0-9A-F]{16,}$",
    re.IGNORECASE,
)
"""GeoJSON, WKT with or without a SRID, or WKB in hexadecimal signs."""
ADDRESSES = (("street", "house_number"), ("address",))
WAYS = (("x", "y"), ("wkt",), *ADDRESSES)
FITS: dict[str, Callable[[Column], bool]] = {
    "id": _names_rows, "starts_on": _days, "ends_on": _days, "reported_at": _days, "finished_on": _days, "status": _few, "type": _few,
    "category": _few, "urgency": _few, "owner": lambda column: not _days(column),
}  # fmt: skip
PLACE_FITS: dict[str, Callable[[str], bool]] = {
    "x": _is_coordinate,
    "y": _is_coordinate,
    "wkt": lambda value: bool(_GROUND.match(value) or coordinate_pair(value)),
    "street": lambda value: not _is_number(value),
    "house_number": lambda value: (
        bool(numbers_of(value).houses or numbers_of(value).span) and len(value) < 20
    ),
    "address": lambda value: any(sign.isdigit() for sign in value) and any(sign.isalpha() for sign in value),
}


def _flat(value: dict[str, Any], before: str = "") -> Any:
    for name, one in value.items():
        if isinstance(one, dict):
            yield from _flat(one, f"{before}{name}.")
        else:
            yield f"{before}{name}", one
