"""Months and years in the time stamps of KML. GDAL makes each a moment, its first, before the text can be read; so their last day is written out."""

from __future__ import annotations

import calendar
import re
import zipfile
from pathlib import Path

from geo_service.intake.formats.origin import check_zip

MOST_BYTES = 256 << 20
"""The largest KML whose months are written out (bytes); GDAL holds it in memory as well."""
_PREFIX = rb"(?:\w+:)?"
_COARSE = rb"\s*(\d{4})(?:-(\d{2}))?\s*"
_STAMP = re.compile(
    rb"<"
    + _PREFIX
    + rb"TimeStamp[^>]*>\s*<"
    + _PREFIX
    + rb"when>"
    + _COARSE
    + rb"</"
    + _PREFIX
    + rb"when>\s*</"
    + _PREFIX
    + rb"TimeStamp>"
)
_BEGIN = re.compile(rb"(<" + _PREFIX + rb"begin>)" + _COARSE + rb"(?=</)")
_END = re.compile(rb"(<" + _PREFIX + rb"end>)" + _COARSE + rb"(?=</)")


def text_of(path: Path) -> bytes | None:
    """The text of a KML or of the KML in a KMZ; None where it is too large or there is none."""
    if path.suffix.lower() != ".kmz":
        return path.read_bytes() if path.stat().st_size <= MOST_BYTES else None
    if not zipfile.is_zipfile(path):
        return None
    with zipfile.ZipFile(path) as archive:
        check_zip(path, archive.infolist())
        name = next((one for one in archive.namelist() if one.lower().endswith(".kml")), None)
        if name is None or archive.getinfo(name).file_size > MOST_BYTES:
            return None
        return archive.read(name)


def in_full(text: bytes) -> bytes:
    """The text with months and years as their first and last day. A stamp of a month becomes the span of its days."""
    spanned = _STAMP.sub(lambda one: _span(one[1], one[2]), text)
    begun = _BEGIN.sub(lambda one: one[1] + _first(one[2], one[3]), spanned)
    return _END.sub(lambda one: one[1] + _last(one[2], one[3]), begun)


def _span(year: bytes, month: bytes | None) -> bytes:
    return b"<TimeSpan><begin>%s</begin><end>%s</end></TimeSpan>" % (_first(year, month), _last(year, month))


def _first(year: bytes, month: bytes | None) -> bytes:
    return b"%s-%s-01" % (year, month or b"01")


def _last(year: bytes, month: bytes | None) -> bytes:
    """The last moment of the month or year, so that the day counts however the mapping reads an end."""
    number = int(month or b"12")
    day = calendar.monthrange(int(year), number)[1] if 1 <= number <= 12 and int(year) else 1
    return b"%s-%02d-%02dT23:59:59" % (year, number, day)
