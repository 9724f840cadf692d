"""What every reader yields, and the read options that a mapping gives it."""

from __future__ import annotations

import dataclasses
import math
import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Literal

from pyproj import CRS
from pyproj.exceptions import CRSError

from geo_service.domain.crs import ESRI_TWINS, WGS84
from geo_service.domain.errors import InvalidInput
from geo_service.intake.formats import wkt_wkb
from geo_service.intake.remarks import Remarks

__all__ = [
    "Form",
    "InvalidRow",
    "RawRecord",
    "ReadOptions",
    "Remarks",
    "Row",
    "UnreadableValue",
    "epsg_of",
    "folded",
    "plain",
    "row_of",
    "tidy",
]

Form = Literal["features", "lines", "records", "vector", "geoparquet", "csv", "xlsx", "dxf", "osm"]


@dataclasses.dataclass(frozen=True, slots=True)
class ReadOptions:
    """What a mapping says of the file itself; readers detect what it omits."""

    form: Form | None = None
    layer: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    header_row: int = 1
    items: str = "records"
    crs: int | None = None
    """The CRS (EPSG code) for a file whose own CRS has no EPSG code."""
    sheet_or_only: bool = False
    """Whether the only visible sheet will do where none is called `sheet`."""


@dataclasses.dataclass(frozen=True, slots=True)
class RawRecord:
    """One record as the file holds it. `geometry` is GeoJSON in `crs` (EPSG code), if the file names one;
    `line` is the line of a text, or the row of a sheet.
    """

    record: Any
    crs: int | None = None
    line: int | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class InvalidRow:
    """An unreadable row; reading continues after it. `record` is the readable part of it: None if there is
    none, empty if the row is no record at all.
    """

    reason: str
    field: str | None = None
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    line: int | None = None
    record: Any = None


Row = RawRecord | InvalidRow


@dataclasses.dataclass(frozen=True, slots=True)
class UnreadableValue:
    """A value that is present but unreadable: its row is rejected if the mapping reads it, and it never
    counts as empty.
    """

    reason: str
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    def __str__(self) -> str:
        return ""

    def as_row(self, column: str, line: int | None) -> InvalidRow:
        """The rejection of the row."""
        return InvalidRow(self.reason, column, {**self.params, "column": column}, line)


_NO_SIGN = dict.fromkeys(
    [0xAD, 0x61C, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF]
) | dict.fromkeys([0xA0, 0x2007, 0x202F, *range(0x2000, 0x2007), *range(0x2008, 0x200B)], " ")
"""Invisible characters that programs insert into texts; spaces of all widths become one kind."""


_ESCAPED = re.compile(r"\s*_x000[9AaDd]_\s*")
"""A line end or tab as Excel writes it into its file."""


def tidy(text: str) -> str:
    """The text without invisible characters and surrounding space, with accents in one form."""
    if "_x" in text:
        text = _ESCAPED.sub(" ", text)
    if not text.isascii():
        text = unicodedata.normalize("NFC", text.translate(_NO_SIGN))
    return text.strip()


QUOTES = str.maketrans(
    dict.fromkeys("‘’‚‛ʼ´`′", "'") | dict.fromkeys("“”„‟″«»", '"') | dict.fromkeys("–—‐‑‒―−", "-")
)
"""Typographic quotes and dashes, and those of the keyboard."""


def folded(word: str) -> str:
    """A word in the form for comparison: one kind of quotes and dashes, no accents, no capitals, single
    spaces.
    """
    plain = unicodedata.normalize("NFKD", tidy(word).translate(QUOTES))
    return " ".join("".join(sign for sign in plain if not unicodedata.combining(sign)).casefold().split())


def plain(value: Any) -> Any:
    """A cell as JSON holds it: dates in ISO form, integers without `.0`, None for an empty cell."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    if isinstance(value, Decimal):
        return plain(float(value))
    if isinstance(value, datetime):
        midnight = value.timetz() == time() and value.tzinfo is None
        return value.date().isoformat() if midnight else value.isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return None if isinstance(value, bytes) else str(value)


def epsg_of(crs: Any, file: str, fallback: int | None = None) -> int | None:
    """The EPSG code of the CRS of a file; None when the file names none.

    A CRS without a code counts as `fallback`, the code of the mapping; without one, InvalidInput about `crs`
    is raised.
    """
    if crs in (None, ""):
        return None
    if isinstance(crs, str) and re.fullmatch(r"(?:.*[:/])?CRS84h?", crs):
        return WGS84
    try:
        entire = CRS.from_user_input(crs)
        system = (entire.sub_crs_list or [entire])[0].to_2d()  # the part for the ground, without a height
        code = system.to_epsg() or _by_name(system)
    except CRSError:
        code, system = None, None
    if code is None and system is not None and "CRS84" in system.name:
        return WGS84
    if code is None and fallback is not None:
        return None
    if code is None:
        name = system.name if system else str(crs)[:60]
        raise InvalidInput.one("crs", "crs_unknown", given=name, file=file)
    return ESRI_TWINS.get(code, code)


def _by_name(crs: CRS) -> int | None:
    """The code of a CRS with the name of an EPSG one and nearly its figures, as ESRI's `Belge_Lambert_1972`;
    figures alone are no proof.
    """
    near = crs.to_epsg(min_confidence=20)
    return near if near is not None and CRS.from_epsg(near).name == crs.name else None


def row_of(properties: dict[str, Any], wkb: bytes | None, crs: int | None) -> Row:
    """A record with its geometry as GeoJSON. Curves become lines."""
    without_place = {"properties": properties, "geometry": None}
    if not wkb:
        return RawRecord(without_place, crs)
    try:
        geometry = wkt_wkb.geojson_of(wkb)
    except wkt_wkb.InvalidGeometry as error:
        return InvalidRow(
            "geometry_malformed.library", "geometry", {"error": str(error)}, record=without_place
        )
    return RawRecord({"properties": properties, "geometry": geometry}, crs)
