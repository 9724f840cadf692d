"""Check that a file is complete before GDAL reads it. GDAL reads a part of such a file, or nothing, without an error."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from xml.parsers import expat

from geo_service.domain.errors import SourceUnreachable
from geo_service.intake.formats import nesting
from geo_service.intake.formats.damage import damaged
from geo_service.intake.formats.origin import start_of, unreadable

CHUNK = 1 << 20
XML = (".gml", ".kml", ".gpx")


def check(path: Path) -> None:
    """Check a file before it is read. Raises SourceUnreachable."""
    ending = path.suffix.lower()
    if ending in XML:
        _check_xml(path)
    if ending == ".shp":
        _check_shapefile(path)


def check_count(path: Path, announced: int, read: int) -> None:
    """Compare the number of records with the announced one, after reading. A damaged GeoPackage and a
    truncated FlatGeobuf end early. The count of a GeoPackage may be outdated, so its pages are checked
    first. Raises SourceUnreachable.
    """
    if read < announced and path.suffix.lower() == ".fgb":
        raise _records_lost(path, read, announced)
    if read >= announced or path.suffix.lower() != ".gpkg":
        return
    if not _sound_database(path):
        raise _records_lost(path, read, announced)


def is_complete(path: Path) -> bool:
    """Whether a refused file is complete as far as a check can tell: `check` has read it to its end, or all
    pages of its database are sound.
    """
    return path.suffix.lower() in (*XML, ".shp") or (path.suffix.lower() == ".gpkg" and _sound_database(path))


def _sound_database(path: Path) -> bool:
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as inside:
        try:
            return bool(inside.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))
        except sqlite3.DatabaseError:
            return False


def _check_xml(path: Path) -> None:
    """Refuse truncated XML, in which GDAL finds no records, and XML with its own entities, which only XML
    bombs use.
    """
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = lambda *_: _refuse_entities(path)
    try:
        with path.open("rb") as file:
            nesting.check_xml(iter(lambda: file.read(CHUNK), b""), parser)
    except nesting.TooDeep:
        raise nesting.too_deep(path.name) from None
    except expat.ExpatError as error:
        raise damaged(path, error) from error
    except (LookupError, ValueError) as error:  # an unknown encoding
        raise damaged(path, error) from error
    except OSError as error:
        raise unreadable(path, error) from error


def _refuse_entities(path: Path) -> None:
    raise SourceUnreachable("xml_entities", file=path.name)


def _check_shapefile(path: Path) -> None:
    """Check that all parts are present, and that the outlines and the table have their announced size."""
    for ending in (".shx", ".dbf"):
        if not any(path.with_suffix(end).is_file() for end in (ending, ending.upper())):
            raise SourceUnreachable("shapefile_part_missing", file=path.name, part=ending)
    words = int.from_bytes(start_of(path, 28)[24:28], "big")  # file length in 16-bit words
    if 2 * words > path.stat().st_size:
        raise SourceUnreachable("file_too_short", file=path.name, bytes=2 * words)
    table = next((one for one in (path.with_suffix(".dbf"), path.with_suffix(".DBF")) if one.is_file()), None)
    if table is not None:
        head = start_of(table, 12)
        rows, first, width = (int.from_bytes(head[a:b], "little") for a, b in ((4, 8), (8, 10), (10, 12)))
        present = max(table.stat().st_size - first, 0) // width if width else 0
        if present < rows:
            raise SourceUnreachable("table_too_short", file=table.name, rows=rows, there=present)


def _records_lost(path: Path, read: int, announced: int) -> SourceUnreachable:
    return SourceUnreachable("records_lost", file=path.name, read=read, announced=announced)
