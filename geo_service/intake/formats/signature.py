"""Check that the content of a file matches its name before GDAL opens it.

GDAL chooses its driver by the content. Some of its formats only refer to data elsewhere: other files of this machine, or a server.
An uploaded file must not make the service read either of them.
"""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path
from xml.parsers import expat

from geo_service.domain.crs import WGS84
from geo_service.domain.errors import SourceUnreachable
from geo_service.intake.formats.origin import start_of

BEGINS = {".gpkg": b"SQLite format 3\x00", ".shp": b"\x00\x00\x27\x0a", ".fgb": b"fgb\x03"}
ROOTS = {
    ".kml": re.compile(r"(\w+:)?kml"),
    ".gpx": re.compile(r"(\w+:)?gpx"),
    ".gml": re.compile(r"(?!OGR|GDAL|VRT|WMT?S)(\w+:)?\w+"),
}
"""The first element of each XML format. GML has as many as there are schemas; GDAL's own reference formats
are omitted.
"""
XML_HEAD = 1 << 16
ESRI_JSON = re.compile(
    rb'"esri(?:geometry|fieldtype)|"features"\s*:\s*\[\s*\{\s*"attributes"\s*:', re.IGNORECASE
)
"""The start of ArcGIS answers in JSON that is no GeoJSON."""
TOPOLOGY = re.compile(rb'"type"\s*:\s*"Topology"')
JSON_FG = re.compile(rb'"conformsTo"\s*:\s*\[[^\]]*json-fg|"coordRefSys"\s*:', re.IGNORECASE)
"""Members of the document, so before its features."""


def is_json_of_gdal(start: bytes) -> bool:
    """Whether JSON with this start is for GDAL: that of ArcGIS, TopoJSON, JSON-FG."""
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    members = text.partition(b'"features"')[0]
    return text.startswith(b"{") and bool(
        ESRI_JSON.search(text) or TOPOLOGY.search(members) or JSON_FG.search(members)
    )


def ending_of(start: bytes) -> str:
    """Return the ending that a file without a name should have, by its first bytes (`XML_HEAD` of them); `.csv` when nothing else fits."""
    for ending, beginning in {**BEGINS, ".parquet": b"PAR1"}.items():
        if start.startswith(beginning):
            return ending
    if start.startswith(b"PK"):
        return ".xlsx" if b"[Content_Types].xml" in start else ".zip"
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"<"):
        return ".kml" if ROOTS[".kml"].fullmatch(_root(start) or "") else ".gml"
    return ".json" if text.startswith((b"{", b"[")) else ".csv"


def check(path: Path) -> None:
    """Raises SourceUnreachable when the content does not match the name."""
    ending = path.suffix.lower()
    start = start_of(path, XML_HEAD)
    if start.startswith(BEGINS[".gpkg"]):
        return  # databases go by their content, see files.form_of
    if ending in BEGINS:
        sound = start.startswith(BEGINS[ending])
    elif ending in ROOTS:
        root = _root(start)
        sound = root is not None and ROOTS[ending].fullmatch(root) is not None
    else:
        sound = is_json_of_gdal(start)
    if not sound:
        reason = "file_not_as_named.ending" if ending else "file_not_as_named"
        raise SourceUnreachable(reason, file=path.name, ending=ending)


def crs_of(path: Path) -> int | None:
    """The CRS that a format has where its file names none: TopoJSON is in WGS84."""
    return WGS84 if TOPOLOGY.search(start_of(path, XML_HEAD)) else None


def _root(start: bytes) -> str | None:
    """The name of the first element, if it is within the first bytes."""
    names: list[str] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, _: names.append(name)
    with suppress(expat.ExpatError, LookupError, ValueError):
        parser.Parse(start)
    return names[0] if names else None
