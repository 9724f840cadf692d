"""`/works.parquet`, `/conflicts.geojson` …: whole lists as files, streamed batch by batch."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Generator
from contextlib import closing
from datetime import date
from typing import Annotated, Any, Literal

import numpy as np
import pyarrow as pa
import shapely
import sqlalchemy as sa
from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import Response, StreamingResponse
from pyarrow import parquet
from pyproj import CRS
from sqlalchemy.dialects import postgresql as pg

from geo_service import db
from geo_service.api import serializers
from geo_service.api.concurrency import FileStream
from geo_service.api.context import ContextDep
from geo_service.api.deps import Crs, RepairReader, confined_to, window
from geo_service.api.identity import SignedIn
from geo_service.api.schemas.common import CalendarDay
from geo_service.domain import crs as crs_codes
from geo_service.domain import geometry
from geo_service.domain.buildings import PavementKind
from geo_service.domain.conflicts import Severity, Status
from geo_service.domain.errors import NotFound
from geo_service.domain.repairs import RepairCategory, RepairStatus, Scope, Urgency
from geo_service.domain.rounding import rounded
from geo_service.domain.works import Certainty, WorksKind
from geo_service.store import exports, listing, partners, vocabulary
from geo_service.store.collections import COLLECTIONS, Fields

EXPORT_S = 900.0
"""The time limit for sending a file (s)."""


async def turn(ctx: ContextDep, who: SignedIn) -> AsyncIterator[None]:
    """A file is made in its turn, until its client has it."""
    async with ctx.file_limit.slot(who.id):
        yield


router = APIRouter(tags=["exports"], dependencies=[Depends(turn)])

BATCH = 2000  # rows in memory at once; also a row group of the Parquet file

ARROW_TYPES: tuple[tuple[type[Any], pa.DataType], ...] = (
    (pg.ARRAY, pa.list_(pa.string())),
    (sa.Boolean, pa.bool_()),
    (sa.Date, pa.date32()),
    (sa.DateTime, pa.timestamp("us", tz="UTC")),
    (sa.Integer, pa.int64()),
    (sa.Float, pa.float64()),
    (sa.Numeric, pa.float64()),
)
"""The first matching type counts; the default is text."""

Rows = Generator[list[dict[str, Any]]]
Text = Annotated[str | None, Query(max_length=300)]
FORMAT_NAMES = ("geojson", "parquet")
FormatName = Annotated[str, Path(json_schema_extra={"enum": list(FORMAT_NAMES)})]
"""Another one is answered with 404."""


async def export_window(
    crs: Crs,
    bbox: Annotated[str | None, Query(description="west,south,east,north in the CRS of `crs`")] = None,
    active_on: Annotated[CalendarDay | None, Query()] = None,
    from_: Annotated[CalendarDay | None, Query(alias="from")] = None,
    to: Annotated[CalendarDay | None, Query()] = None,
) -> listing.Window:
    """The filters on ground and days that lists have; a file has no pages."""
    return await window(crs, bbox, active_on, from_, to, limit=1, cursor=None)


ExportWindow = Annotated[listing.Window, Depends(export_window)]


@router.get("/works.{format}", response_class=StreamingResponse)
def works(
    format: FormatName, ctx: ContextDep, who: SignedIn, window: ExportWindow, crs: Crs,
    owner: Text = None, status: Certainty | None = None, kind: WorksKind | None = None, source: Text = None,
) -> Response:  # fmt: skip
    """Works, one row per phase."""
    equal = {"owner": owner, "status": status, "kind": kind, "source": source}
    _check(ctx.read_engine, party=owner)
    return _file("works", format, exports.ExportQuery(window, equal, confined_to(who)), ctx.file_engine, crs)


@router.get("/repairs.{format}", response_class=StreamingResponse)
def repairs(
    format: FormatName, ctx: ContextDep, who: RepairReader, window: ExportWindow, crs: Crs,
    owner: Text = None, status: RepairStatus | None = None, category: RepairCategory | None = None, scope: Scope | None = None, urgency: Urgency | None = None,
) -> Response:  # fmt: skip
    """Repairs, without who reported them."""
    equal = {"owner": owner, "status": status, "category": category, "scope": scope, "urgency": urgency}
    _check(ctx.read_engine, party=owner)
    return _file("repairs", format, exports.ExportQuery(window, equal), ctx.file_engine, crs)


@router.get("/conflicts.{format}", response_class=StreamingResponse)
def conflicts(
    format: FormatName, ctx: ContextDep, who: SignedIn, window: ExportWindow, crs: Crs,
    owner: Text = None, status: Status | None = None, rule: Text = None, severity: Severity | None = None, opportunity: bool | None = None,
) -> Response:  # fmt: skip
    """Conflicts with both sides and their figures; without `status`, those that are not gone."""
    equal = {"owner": owner, "status": status, "rule": rule, "severity": severity, "opportunity": opportunity}
    _check(ctx.read_engine, rule=rule, party=owner)
    return _file(
        "conflicts", format, exports.ExportQuery(window, equal, confined_to(who)), ctx.file_engine, crs
    )


@router.get("/buildings.{format}", response_class=StreamingResponse)
def buildings(
    format: FormatName, ctx: ContextDep, who: SignedIn, window: ExportWindow, crs: Crs, function: Text = None, street: Text = None
) -> Response:  # fmt: skip
    """Building footprints."""
    request = exports.ExportQuery(window, {"function": function, "street": street})
    _check(ctx.read_engine, function=function)
    return _file("buildings", format, request, ctx.file_engine, crs)


@router.get("/protections.{format}", response_class=StreamingResponse)
def protections(
    format: FormatName, ctx: ContextDep, who: SignedIn, window: ExportWindow, crs: Crs,
    owner: Text = None, kind: Literal["repair", "works"] | None = None, counts: bool | None = None, street: Text = None,
) -> Response:  # fmt: skip
    """The protection register: ground that was laid anew."""
    equal = {"owner": owner, "kind": kind, "counts": counts, "street": street}
    return _file(
        "protections", format, exports.ExportQuery(window, equal, confined_to(who)), ctx.file_engine, crs
    )


@router.get("/pavements.{format}", response_class=StreamingResponse)
def pavements(
    format: FormatName, ctx: ContextDep, who: SignedIn, window: ExportWindow, crs: Crs, kind: PavementKind | None = None, street: Text = None
) -> Response:  # fmt: skip
    """Pavement sections."""
    request = exports.ExportQuery(window, {"kind": kind, "street": street})
    return _file("pavements", format, request, ctx.file_engine, crs)


def _check(engine: sa.Engine, **words: str | None) -> None:
    """Refuse an unknown word before the file begins."""
    if any(words.values()):
        with db.read(engine) as conn:
            vocabulary.check(conn, **words)


def _file(name: str, format: str, request: exports.ExportQuery, engine: sa.Engine, crs: int) -> Response:
    if format not in FORMATS:
        raise NotFound("no_export", given=format[:20], known=list(FORMATS))
    media_type, write = FORMATS[format]
    collection = COLLECTIONS[name]
    rows = _rows(engine, exports.rows(collection, request), crs, request.party)
    chunks = _encode(write, rows, collection.fields, crs)
    try:
        first = next(chunks)  # what fails at once is answered as a problem, not as a broken file
    except BaseException:
        chunks.close()
        raise
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.{format}"',
        "Content-Crs": f"<http://www.opengis.net/def/crs/EPSG/0/{crs}>",
    }
    return FileStream(first, chunks, media_type=media_type, headers=headers, longest_s=EXPORT_S)


def _encode(write: Writer, rows: Rows, fields: Fields, crs: int) -> Generator[bytes]:
    """The bytes that `write` makes of the rows. Closing it also closes the rows and their transaction."""
    with closing(rows):
        yield from write(rows, fields, crs)


def _rows(engine: sa.Engine, select: sa.Select[Any], crs: int, party: str | None) -> Rows:
    """Batches of rows; `geom` becomes `geometry`, a shapely geometry in `crs`."""
    with (
        partners.read(engine, party) as conn,
        conn.execution_options(yield_per=BATCH).execute(select) as result,
    ):
        for batch in result.mappings().partitions():
            shapes: Any = shapely.from_wkb([bytes(row["geom"]) for row in batch])
            moved: Any = geometry.transform(shapes, crs_codes.STORAGE, crs)
            columns = [name for name in batch[0] if name != "geom"]
            yield [
                {**{name: row[name] for name in columns}, "geometry": shape}
                for row, shape in zip(batch, moved, strict=True)
            ]


def _geojson(rows: Rows, fields: Fields, crs: int) -> Generator[bytes]:
    """RFC 7946; longitude first. Another CRS is outside that standard: x first, and a `crs` member as
    programs read it (GeoJSON 2008 §3).
    """
    digits = geometry.DIGITS.get(crs, geometry.METRE_DIGITS)
    crs_member = {"crs": {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{crs}"}}}
    kind = {"type": "FeatureCollection"} | ({} if crs == crs_codes.WGS84 else crs_member)
    text = json.dumps(kind, separators=(",", ":"))
    start, between = b'%b,"features":[' % text.encode()[:-1], b""
    for batch in rows:
        outlines = rounded(np.array([row.pop("geometry") for row in batch], dtype=object), digits)
        features = [_feature(row, outline) for row, outline in zip(batch, outlines, strict=True)]
        yield start + between + b",\n".join(features)
        start, between = b"", b",\n"
    yield start + b"]}\n"


def _feature(row: dict[str, Any], outline: Any) -> bytes:
    properties = bytes(serializers.answer(row).body)
    id_text = json.dumps(str(row["id"])).encode()
    geometry = shapely.to_geojson(outline).encode()
    return b'{"type":"Feature","id":%b,"geometry":%b,"properties":%b}' % (id_text, geometry, properties)


def _parquet(rows: Rows, fields: Fields, crs: int) -> Generator[bytes]:
    """GeoParquet 1.1, a row group per batch."""
    schema = _arrow_schema(fields, crs)
    sink = _Sink()
    with parquet.ParquetWriter(pa.PythonFile(sink, mode="w"), schema, compression="zstd") as writer:
        for batch in rows:
            columns = {name: [_arrow_value(row[name]) for row in batch] for name in schema.names}
            writer.write_table(pa.table(columns, schema=schema))
            yield sink.take()
    yield sink.take()


class _Sink:
    """A write-only file whose content is removed as it is taken."""

    closed = False

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._size = 0

    def write(self, data: bytes) -> int:
        self._parts.append(bytes(data))
        self._size += len(data)
        return len(data)

    def tell(self) -> int:
        return self._size

    def flush(self) -> None:
        """Do nothing: all content is available at once."""

    def close(self) -> None:
        """Do nothing."""

    def take(self) -> bytes:
        content, self._parts = b"".join(self._parts), []
        return content


def _arrow_schema(fields: Fields, crs: int) -> pa.Schema:
    columns = [pa.field(name, _arrow_type(type_)) for name, type_ in fields.items()]
    column = {"encoding": "WKB", "geometry_types": [], "crs": CRS.from_epsg(crs).to_json_dict()}
    geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}
    return pa.schema([*columns, pa.field("geometry", pa.binary())], metadata={"geo": json.dumps(geo)})


def _arrow_type(type_: sa.types.TypeEngine[Any]) -> pa.DataType:
    return next((arrow for kind, arrow in ARROW_TYPES if isinstance(type_, kind)), pa.string())


def _arrow_value(value: Any) -> Any:
    if isinstance(value, shapely.Geometry):
        return shapely.to_wkb(value, output_dimension=2)
    return value if value is None or isinstance(value, bool | int | float | str | list | date) else str(value)


Writer = Callable[[Rows, Fields, int], Generator[bytes]]
FORMATS: dict[str, tuple[str, Writer]] = {
    "geojson": ("application/geo+json", _geojson),
    "parquet": ("application/vnd.apache.parquet", _parquet),
}
