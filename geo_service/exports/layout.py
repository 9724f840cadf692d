"""What every format needs to know of the rows it writes, and the rows themselves."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely
import sqlalchemy as sa

from geo_service.domain import crs as crs_codes
from geo_service.domain import geometry
from geo_service.domain.errors import InvalidInput
from geo_service.i18n import Translator
from geo_service.store import exports, partners
from geo_service.store.collections import Collection, Fields
from geo_service.store.exports import ExportQuery

BATCH = 2000  # rows in memory at once; also a row group of the Parquet file
CHUNK = 1 << 18
"""The bytes of a finished file that are sent at once."""

Rows = Generator[list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Layout:
    """The collection, its fields, the EPSG code of the geometries, the words for people and the city's time zone."""

    collection: str
    fields: Fields
    crs: int
    translator: Translator
    timezone: str


Write = Callable[[Rows, Layout], Generator[bytes]]


@dataclass(frozen=True, slots=True)
class Format:
    """How rows become a file. `most_rows` is what its readers can hold; `metric` means a drawing in metres, never in degrees."""

    media_type: str
    write: Write
    most_rows: int | None = None
    by_place: bool = False
    metric: bool = False

    def crs(self, requested_crs: int) -> int:
        """Return the EPSG code of the file for a client that requests `requested_crs`."""
        return crs_codes.STORAGE if self.metric and requested_crs == crs_codes.WGS84 else requested_crs


def content(
    engine: sa.Engine,
    collection: Collection,
    query: ExportQuery,
    format: Format,
    layout: Layout,
    tell: Callable[[int], None] = lambda rows: None,
) -> Generator[bytes]:
    """The bytes of a file, of which each piece may be empty. Closing it also ends its transaction. `tell` hears of each batch how many
    rows it has.

    Raises InvalidInput when there are more rows than the format holds.
    """
    if format.most_rows is not None:
        _check_size(engine, collection, query, format.most_rows)
    select = exports.rows(collection, query, by_place=format.by_place)
    with closing(_batches(engine, select, layout.crs, query.party)) as rows:
        yield from format.write(_count_rows(rows, tell), layout)


def pieces(path: Path) -> Generator[bytes]:
    """The content of a file, piece by piece."""
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            yield piece


def _count_rows(rows: Rows, tell: Callable[[int], None]) -> Rows:
    for batch in rows:
        tell(len(batch))
        yield batch


def _check_size(engine: sa.Engine, collection: Collection, query: ExportQuery, most_rows: int) -> None:
    with partners.read(engine, query.party) as conn:
        count = conn.scalar(exports.count(collection, query)) or 0
    if count > most_rows:
        raise InvalidInput.one("format", "export_too_large", count=count, limit=most_rows)


def _batches(engine: sa.Engine, select: sa.Select[Any], crs: int, party: str | None) -> Rows:
    """Batches of rows; `geom` becomes `geometry`, a shapely geometry in `crs`."""
    with (
        partners.read(engine, party) as conn,
        conn.execution_options(yield_per=BATCH).execute(select) as result,
    ):
        names = tuple(result.keys())
        for batch in result.partitions():
            rows = [dict(zip(names, row, strict=True)) for row in batch]
            shapes: Any = shapely.from_wkb([bytes(row.pop("geom")) for row in rows])
            moved: Any = geometry.transform(shapes, crs_codes.STORAGE, crs)
            for row, shape in zip(rows, moved, strict=True):
                row["geometry"] = shape
            yield rows
