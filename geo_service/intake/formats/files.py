"""Read the records of a file or an address in any format, one after the other, in bounded memory."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import httpx

from geo_service.domain.errors import InvalidInput, SourceUnreachable
from geo_service.intake.formats import json_files, truncation
from geo_service.intake.formats.damage import incomplete
from geo_service.intake.formats.ogc_features import Pages
from geo_service.intake.formats.origin import (
    GZIP,
    IN_ARCHIVES,
    WITHOUT_ROWS,
    ZIP,
    local,
    open_bytes,
    start_of,
    unpacked,
    unzipped,
)
from geo_service.intake.formats.raw_record import (
    Form,
    InvalidRow,
    RawRecord,
    ReadOptions,
    Remarks,
    Row,
)
from geo_service.intake.formats.signature import is_json_of_gdal

__all__ = ["InvalidRow", "RawRecord", "ReadOptions", "Row", "form_at", "form_of", "layers", "read"]

BY_ENDING: dict[str, Form] = {
    ".geojson": "features", ".json": "features", ".jsonl": "lines", ".ndjson": "lines", ".geojsonl": "lines", ".geojsons": "lines", ".topojson": "vector", ".gpx": "vector", ".gpkg": "vector",
    ".shp": "vector", ".kml": "vector", ".kmz": "vector", ".gml": "vector", ".fgb": "vector", ".parquet": "geoparquet",
    ".geoparquet": "geoparquet", ".csv": "csv", ".tsv": "csv", ".txt": "csv", ".xls": "csv", ".xlsx": "xlsx", ".dxf": "dxf", ".pbf": "osm", ".osm": "osm",
}  # fmt: skip
TABLES = ("text/csv", "text/tab-separated-values")
PAGE_SIZE = 1000
HEAD = 4096
OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""The container of Excel until 2003, and of encrypted workbooks since (MS-CFB)."""


def read(origin: str, how: ReadOptions, remarks: Remarks | None = None) -> Iterator[Row]:
    """Each record of the file or address. An unreadable row is an InvalidRow; `remarks` receives what
    concerns the whole file.

    Raises SourceUnreachable when there is no such file, or when it has another form, and InvalidInput about
    `layer`, `sheet`, `encoding` and the like when the mapping must name one.
    """
    notes = Remarks() if remarks is None else remarks
    if "://" in origin and "/collections/" in origin:
        yield from _pages(origin, notes)
        return
    headers: dict[str, str] = {}
    with local(origin, headers=headers) as path:
        read = 0
        form = how.form or _form_in(headers, path)
        for row in _rows(path, dataclasses.replace(how, form=form), notes):
            read += 1
            yield row
        truncation.note_headers(headers, read, notes)


def _form_in(headers: Mapping[str, str], path: Path) -> Form | None:
    """The form of an answer whose address has no known ending, by its headers; None when they name none."""
    if path.name.lower().removesuffix(".gz").endswith(tuple(BY_ENDING)):
        return None
    if headers.get("content-type", "").partition(";")[0].strip().lower() in TABLES:
        return "csv"
    name = re.search(r"filename=\"?[^\";]*(\.\w+)", headers.get("content-disposition", ""))
    return BY_ENDING.get(name[1].lower()) if name else None


def _rows(path: Path, how: ReadOptions, remarks: Remarks) -> Iterator[Row]:
    """The records of a file, or of the data file in a zip file."""
    form = how.form or form_of(path)
    if start_of(path, 4) == ZIP and form != "xlsx":
        with unzipped(path) as members:
            chosen = _member(path, members, how)
            for other in members:
                if other != chosen and other.suffix.lower() not in WITHOUT_ROWS:
                    remarks.left_behind[other.name] = None
            inside = dataclasses.replace(how, form=how.form or form_of(chosen))
            yield from _reader(inside.form or "vector")(chosen, inside, remarks)
    elif form in ("features", "lines", "records", "csv"):
        yield from _reader(form)(path, dataclasses.replace(how, form=form), remarks)
    else:
        with unpacked(path) as plain:
            yield from _reader(form)(plain, dataclasses.replace(how, form=form), remarks)


def layers(origin: str) -> list[str]:
    """The layers of a file, or the readable members of a zip file. Raises SourceUnreachable."""
    with local(origin) as path:
        if start_of(path, 4) == ZIP:
            with unzipped(path) as members:
                candidates = [one for one in members if one.suffix.lower() in IN_ARCHIVES]
                return [name for one in candidates for name in _layers(one)]
        return _layers(path)


def _layers(path: Path) -> list[str]:
    if form_of(path) != "vector" or path.suffix.lower() == ".shp":
        return [path.stem]
    from geo_service.intake.formats import vector

    return vector.layers(path)


def _pages(origin: str, remarks: Remarks) -> Iterator[Row]:
    """All features of an OGC API – Features collection, or of its items with a query; a feature that two pages
    repeat counts once. They are in WGS84 unless the server names another CRS.
    """
    url = httpx.URL(origin)
    if not url.path.endswith("/items"):
        url = url.copy_with(path=url.path.rstrip("/") + "/items")
    if "limit" not in url.params:
        url = url.copy_merge_params({"limit": str(PAGE_SIZE)})
    pages = Pages(url)
    ids: set[str] = set()
    contents: set[bytes] = set()
    nameless = 0
    for feature in pages.features():
        if isinstance(feature, dict) and feature.get("id") is not None:
            content = hashlib.sha256(json.dumps(feature, sort_keys=True).encode()).digest()
            if content in contents:
                continue
            contents.add(content)
            ids.add(str(feature["id"]))
        else:
            nameless += 1
        yield RawRecord(feature, pages.crs)
    shown = len(ids) + nameless
    if pages.total is not None and shown < pages.total:
        remarks.cut("numberMatched", shown, pages.total)


def _reader(form: Form) -> Callable[[Path, ReadOptions, Remarks], Iterator[Row]]:
    """The reader of a format. It is imported late: most of their libraries take a second, and few runs need
    one.
    """
    if form == "vector":
        from geo_service.intake.formats import vector

        return vector.read
    if form == "geoparquet":
        from geo_service.intake.formats import geoparquet

        return geoparquet.read
    if form == "csv":
        from geo_service.intake.formats import text_table

        return text_table.read
    if form == "xlsx":
        from geo_service.intake.formats import workbook

        return workbook.read
    if form == "dxf":
        from geo_service.intake.formats import dxf

        return dxf.read
    if form == "osm":
        from geo_service.intake.formats import osm

        return osm.read
    return json_files.read


def form_at(origin: str, how: ReadOptions) -> Form | None:
    """The form of a local file; for an address, only the one of the mapping."""
    return how.form or (form_of(Path(origin)) if "://" not in origin else None)


def form_of(path: Path) -> Form:
    """The form of a file by its first bytes, then by its name. Raises SourceUnreachable."""
    start = start_of(path, HEAD)
    if not start:
        raise SourceUnreachable("file_empty", file=path.name)
    name = path.name.lower()
    if start.startswith(GZIP):
        name = name.removesuffix(".gz")
        with open_bytes(path) as file:
            start = file.read(HEAD)
    if start.startswith(ZIP):
        return _form_of_zip(path)
    head = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    _check_is_data(path, start, head)
    if start.startswith(b"SQLite format 3\x00"):
        return "vector"
    if start.startswith(b"PAR1"):
        return "geoparquet"
    if is_json_of_gdal(start):
        return "vector"
    ending = next((end for end in BY_ENDING if name.endswith(end)), None)
    if ending is not None:
        return BY_ENDING[ending]
    if head.startswith((b"{", b"[")):
        return "features"
    raise SourceUnreachable("file_kind_unknown", file=path.name, known=sorted(BY_ENDING.keys() - {".xls"}))


def _check_is_data(path: Path, start: bytes, head: bytes) -> None:
    """Raises SourceUnreachable for files that are not data: old workbooks, web pages, and other content
    called `.xlsx`.
    """
    if start.startswith(OLD_EXCEL):
        raise SourceUnreachable("file_old_excel", file=path.name)
    if head.startswith(b"<") and (
        path.suffix.lower() == ".xls" or b"schemas-microsoft-com:office:spreadsheet" in head
    ):
        raise SourceUnreachable("file_old_excel.page", file=path.name)
    if head.startswith((b"<!doctype html", b"<html")):
        raise SourceUnreachable("file_is_page", file=path.name)
    if path.suffix.lower() == ".xlsx":  # which is a zip file
        raise SourceUnreachable("file_not_as_named", file=path.name, ending=".xlsx")


def _form_of_zip(path: Path) -> Form:
    try:
        with zipfile.ZipFile(path) as archive:
            return "xlsx" if "xl/workbook.xml" in archive.namelist() else "vector"
    except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError) as error:
        raise incomplete(path, "zip", error) from error


def _member(path: Path, members: list[Path], how: ReadOptions) -> Path:
    """The member of an archive with the records: the one that `layer` names, or the only one."""
    for ending in IN_ARCHIVES:
        candidates = [one for one in members if one.suffix.lower() == ending]
        matches = [one for one in candidates if how.layer and one.stem.lower() == how.layer.lower()]
        if matches:
            return matches[0]
        if len(candidates) == 1 and (how.layer is None or ending not in (".shp", ".csv")):
            return candidates[0]
        if candidates:
            names = ", ".join(one.stem for one in candidates)
            raise InvalidInput.one("layer", "layer_unknown.archive", file=path.name, known=names)
    raise SourceUnreachable("archive_without_data", file=path.name, known=IN_ARCHIVES)
