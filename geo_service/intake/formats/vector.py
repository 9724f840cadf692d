"""Read what GDAL reads (GeoPackage, Shapefile, KML, GML, FlatGeobuf) in batches, so memory does not grow with the file."""

from __future__ import annotations

import re
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError, FieldError, GeometryError

from geo_service.domain.errors import InvalidInput, SourceUnreachable
from geo_service.intake.formats import dbf, encodings, integrity, json_files, kml_days, signature, truncation
from geo_service.intake.formats.damage import damaged, not_understood
from geo_service.intake.formats.raw_record import ReadOptions, Remarks, Row, epsg_of, plain, row_of

ROWS_AT_ONCE = 2000
GDAL_OPTIONS = {"GML_DOWNLOAD_WFS_SCHEMA": "NO", "OGR_FLATGEOBUF_STREAM_BASE_IMPL": "YES"}
"""No network request while a file is read; and GDAL 3.12's own stream of FlatGeobuf breaks at a record without a geometry."""
FOLDERS = (".kml", ".kmz")
FOLDER = "folder"
GPX_LAYERS = ("waypoints", "routes", "tracks")
"""The points of routes and tracks, which GDAL lists beside them, are no records."""
MOST_DBF = 64 << 20
ANSI_PAGES = (0x03, 0x57)
"""The code pages of a `.dbf` that mean ANSI; GDAL takes the second for ISO 8859-1, in which no quote or euro is."""
DOS_ACCENT = re.compile(rb"[A-Za-z][\x81-\x84\x88\x89\x8b-\x8d](?=[A-Za-z ])")
"""Accents of cp850 (ü é â ä ê ë ï î ì) inside or behind a word, where cp1252 has signs that stand nowhere in one."""


def read(path: Path, how: ReadOptions, remarks: Remarks) -> Iterator[Row]:
    """The records of a file. Raises SourceUnreachable when GDAL cannot read it to its end, InvalidInput
    about `layer`, `crs` and `encoding`.
    """
    with _alone(path) as file:
        yield from _records(file, how, remarks)


def _records(path: Path, how: ReadOptions, remarks: Remarks) -> Iterator[Row]:
    signature.check(path)
    integrity.check(path)
    try:
        names = _layer_names(path)
        chosen = _layer_named(path, how, names)
        for name in chosen:
            yield from _layer(path, name, how, remarks, by_name=len(chosen) > 1)
        for name in names:
            if name not in chosen:
                remarks.left_behind[name] = _count(path, name)
    except UnicodeDecodeError as error:
        raise _undecodable(path, error) from error
    except (
        DataSourceError,
        DataLayerError,
        FieldError,
        OSError,
        RuntimeError,
        SystemError,
        ValueError,
    ) as error:
        if isinstance(error, SourceUnreachable | InvalidInput):
            raise
        is_sound = isinstance(error, GeometryError) or integrity.is_complete(path)
        raise (not_understood if is_sound else damaged)(path, error) from error


def _layer(path: Path, layer: str, how: ReadOptions, remarks: Remarks, *, by_name: bool) -> Iterator[Row]:
    """The records of a layer; with `by_name`, `folder` holds the name of the layer."""
    encoding = _encoding(path, how, remarks)
    read = 0
    with ExitStack() as stack:
        reading = pyogrio.open_arrow(
            path,
            layer=layer,
            encoding=encoding,
            batch_size=ROWS_AT_ONCE,
            use_pyarrow=True,
            datetime_as_string=True,  # Arrow's own moments lose or invent the zone that GDAL read
        )
        with _quietly():
            meta, batches = stack.enter_context(reading)
        crs = epsg_of(meta["crs"], path.name, how.crs) or signature.crs_of(path)
        place = meta["geometry_name"] or "wkb_geometry"
        for batch in batches:
            read += batch.num_rows
            yield from _rows(batch, place, crs, {FOLDER: layer} if by_name else {})
    integrity.check_count(path, _count(path, layer), read)
    _note_partial(path, read, remarks)


def _count(path: Path, layer: str) -> int:
    with _quietly():
        return int(pyogrio.read_info(path, layer=layer, force_feature_count=True)["features"])


def _note_partial(path: Path, read: int, remarks: Remarks) -> None:
    if path.suffix.lower() == ".gml":
        truncation.note_xml(path, read, remarks)
    elif path.suffix.lower() in (".json", ".geojson"):
        json_files.note_partial(path, read, remarks)


def layers(path: Path) -> list[str]:
    """The layers with geometry, in the order of the file. Raises SourceUnreachable."""
    with _alone(path) as file:
        return _layer_names(file)


def _layer_names(path: Path) -> list[str]:
    signature.check(path)
    pyogrio.set_gdal_config_options(GDAL_OPTIONS)
    try:
        with _quietly():
            return [str(name) for name, shape in pyogrio.list_layers(path) if shape is not None]
    except (DataSourceError, OSError) as error:
        raise damaged(path, error) from error


@contextmanager
def _alone(path: Path) -> Iterator[Path]:
    """A GML in a temporary folder, with the schemas beside it and without `.gfs`: GDAL writes that cache beside
    the file that it reads, and believes it when another file has the same name.
    """
    suffix = path.suffix.lower()
    if suffix in FOLDERS:
        with _in_full(path) as file:
            yield file
        return
    if suffix != ".gml":
        yield path
        return
    with tempfile.TemporaryDirectory() as folder:
        for one in (path, *path.parent.glob("*.xsd")):
            Path(folder, one.name).symlink_to(one.resolve())
        yield Path(folder, path.name)


@contextmanager
def _in_full(path: Path) -> Iterator[Path]:
    """A KML with its months and years written out in a temporary copy, where it has any."""
    text = kml_days.text_of(path)
    if text is None or (written := kml_days.in_full(text)) == text:
        yield path
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, path.with_suffix(".kml").name)
        copy.write_bytes(written)
        yield copy


@contextmanager
def _quietly() -> Iterator[None]:
    """Suppress GDAL's warnings (dropped measures and the like); its errors are raised."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _layer_named(path: Path, how: ReadOptions, names: list[str]) -> list[str]:
    """The layer that `layer` names, or the only one. The folders of a KML are read as one list, because they
    only group by colour.

    Raises InvalidInput about `layer`, SourceUnreachable when there is none.
    """
    if how.layer is None and path.suffix.lower() == ".gpx":
        names = [name for name in names if name in GPX_LAYERS and _count(path, name)]
    if how.layer is None and names and (len(names) == 1 or path.suffix.lower() in FOLDERS):
        return names
    match = next((name for name in names if how.layer and name.lower() == how.layer.lower()), None)
    if match is not None:
        return [match]
    if not names:
        raise SourceUnreachable("no_layer", file=path.name)
    if path.suffix.lower() == ".shp":
        return names[:1]
    raise InvalidInput.one("layer", "layer_unknown", file=path.name, known=names)


def _rows(batch: Any, place: str, crs: int | None, more: Mapping[str, str]) -> Iterator[Row]:
    columns = {name: batch.column(name) for name in batch.schema.names if name != place}
    values = {name: column.to_pylist() for name, column in columns.items()}
    shapes = batch.column(place).to_pylist() if place in batch.schema.names else [None] * batch.num_rows
    for number in range(batch.num_rows):
        properties = {name: plain(column[number]) for name, column in values.items()}
        yield row_of({**properties, **more} if more else properties, shapes[number], crs)


def _encoding(path: Path, how: ReadOptions, remarks: Remarks) -> str | None:
    """The encoding of a shapefile: UTF-8 if its table is that, whatever else is named; of another file, the one
    of the mapping.
    """
    table = path.with_suffix(".dbf")
    if path.suffix.lower() != ".shp" or not table.is_file():
        return how.encoding
    content = table.read_bytes()[:MOST_DBF]
    code_page = content[29]  # 0 for none
    texts = dbf.texts(content)
    if not encodings.is_utf_8([texts]):
        named = how.encoding or _encoding_beside(path)
        return _windows(texts, table.name) if named is None and code_page in ANSI_PAGES else named
    if how.encoding and not encodings.is_utf_8_name(how.encoding):
        remarks.encoding = how.encoding
    elif how.encoding is None and code_page and _encoding_beside(path) != "utf-8":
        remarks.encoding = f"LDID {code_page:#x}"
    return "utf-8"


def _windows(texts: bytes, name: str) -> str:
    """The encoding of a table that says ANSI: what Windows means by that in Belgium. Raises InvalidInput about
    `encoding` when accents of DOS stand in its words.
    """
    if accent := DOS_ACCENT.search(texts):
        near = texts[max(0, accent.start() - 12) : accent.end() + 6].decode("cp1252", "replace")
        raise InvalidInput.one("encoding", "encoding_unknown.dos", file=name, near=near)
    return "cp1252"


def _encoding_beside(path: Path) -> str | None:
    """The encoding in the `.cpg`; without one and without a code page, UTF-8 if the table is valid UTF-8.

    Raises InvalidInput about `encoding` otherwise.
    """
    table = path.with_suffix(".dbf")
    beside = (path.with_suffix(end) for end in (".cpg", ".CPG", ".cst", ".CST"))
    if (code_page := next((one for one in beside if one.is_file()), None)) is not None:
        return encodings.of_page(code_page)
    content = table.read_bytes()[:MOST_DBF]
    if len(content) < dbf.HEADER or content[29]:  # byte 29 names the code page
        return None
    try:
        # A name that fills its field may be cut inside a character; what is left is no error of the encoding.
        dbf.texts(content).decode("utf-8")
    except UnicodeDecodeError as error:
        raise _undecodable(table, error) from error
    return "utf-8"


def _undecodable(path: Path, error: UnicodeDecodeError) -> InvalidInput:
    excerpt = bytes(error.object[max(0, error.start - 12) : error.start + 6]).decode("latin-1")
    return InvalidInput.one("encoding", "encoding_unknown.file", file=path.name, near=excerpt)
