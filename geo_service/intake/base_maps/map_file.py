"""Read a base map from a file by its mapping: buildings, pavements, streets, parcels or addresses."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from shapely.geometry.base import BaseGeometry

from geo_service.domain.errors import InvalidInput
from geo_service.domain.geometry import Bbox
from geo_service.intake.formats import files
from geo_service.intake.formats.geometries import read_many
from geo_service.intake.mapping.column_check import check_columns, read_row
from geo_service.intake.mapping.definition import FIELDS, Mapping
from geo_service.intake.mapping.places import GeometryReader, UnknownCrs
from geo_service.intake.mapping.record_fields import RecordFields, SkippedRow, skip
from geo_service.intake.records import Rejection, Remarks, name_of

GEOMETRY_IS_ID = "@geometry"
ROWS_AT_ONCE = 1000
AREAS = ("Polygon", "MultiPolygon")
LINES = ("LineString", "MultiLineString")
SIDES = {"even": "even", "pair": "even", "odd": "odd", "oneven": "odd", "impair": "odd"}


@dataclass(frozen=True, slots=True)
class MapFeature:
    """One shape of the stage: its id, its values by our names, its geometry (storage CRS)."""

    row: int
    key: str
    data: dict[str, str]
    geom: BaseGeometry
    line: int | None = None


class _Row(NamedTuple):
    """A row before its geometry is checked: `place` is its GeoJSON and CRS."""

    row: int
    line: int | None
    key: str
    data: dict[str, str]
    place: dict[str, Any]


@dataclass
class BaseMapFile:
    """The shapes of the file or address `origin`."""

    mapping: Mapping
    origin: str
    region: Bbox
    timezone: str = "Europe/Brussels"
    remarks: Remarks = field(default_factory=Remarks, init=False)
    read: int = field(default=0, init=False)

    @property
    def name(self) -> str:
        """The source name of the mapping."""
        return self.mapping.source

    @property
    def target(self) -> str:
        return self.mapping.target

    def batches(self) -> Iterator[list[MapFeature | Rejection]]:
        """Every row once, in order, a thousand at a time. Raises the errors of the readers."""
        how = self.mapping.how()
        reader = GeometryReader(self.mapping, self.origin, self.region, files.form_at(self.origin, how))
        rows = check_columns(
            files.read(self.origin, how, self.remarks), self.mapping, Path(self.origin).name, self.remarks
        )
        numbered = enumerate(rows, start=1)
        while some := list(islice(numbered, ROWS_AT_ONCE)):
            self.read += len(some)
            yield self._batch(some, reader)

    def _batch(
        self, some: Sequence[tuple[int, files.Row]], reader: GeometryReader
    ) -> list[MapFeature | Rejection]:
        rows = [self._row(row, raw, reader) for row, raw in some]
        placed = [one for one in rows if not isinstance(one, Rejection)]
        ground: dict[int, BaseGeometry | InvalidInput] = {}
        for crs in {one.place["crs"] for one in placed}:
            group = [one for one in placed if one.place["crs"] == crs]
            geometries = [one.place["geometry"] for one in group]
            read = read_many(
                geometries, field="geometry", crs=crs, region=self.region, repair=True, notes=self.remarks
            )
            ground.update(zip((one.row for one in group), read, strict=True))
        return [one if isinstance(one, Rejection) else self._shape(one, ground[one.row]) for one in rows]

    def _row(self, row: int, raw: files.Row, reader: GeometryReader) -> _Row | Rejection:
        outcome = read_row(row, raw, self.mapping)
        if isinstance(outcome, Rejection):
            return outcome
        record, values = outcome
        fields = RecordFields(self.mapping, values)
        key: str | None = None
        try:
            key = self._key(fields, record)
            skip(self.mapping, values)
            return _Row(row, record.line, key, self._data(fields), reader.read(record, values))
        except UnknownCrs:
            raise
        except InvalidInput as refused:
            left_out = Rejection.of(row, key, refused, record.line)
            return replace(left_out, on_purpose=isinstance(refused, SkippedRow))

    def _key(self, fields: RecordFields, raw: files.RawRecord) -> str:
        """The id of a row; in a map without ids, a hash of its geometry, so that the same shape keeps it."""
        if self.mapping.fields["id"].from_ == (GEOMETRY_IS_ID,):
            text = json.dumps(raw.record.get(self.mapping.geometry), sort_keys=True)
            return hashlib.sha256(text.encode()).hexdigest()[:24]
        return name_of("id", fields.text("id"))

    def _data(self, fields: RecordFields) -> dict[str, str]:
        """The values of a row by our names, with translated words."""
        values = {name: fields.text(name) for name in FIELDS[self.mapping.target] if name != "id"}
        if self.mapping.target == "pavements":
            word = values["kind"]
            values["kind"] = self.mapping.kinds.get(word or "") or self.mapping.kind_default
            if values["kind"] is None:
                raise InvalidInput.one("kind", "kind_unknown", given=word)
            values["side"] = SIDES.get((values["side"] or "").lower())
            values["name"] = values.pop("street")
            values["laid_on"] = self._laid_on(fields)
        if self.mapping.target == "buildings":
            words = self.mapping.functions
            values["function"] = words.get(values["function"] or "") if words.words else values["function"]
        if self.mapping.target == "addresses" and not (values["street"] and values["house_number"]):
            raise InvalidInput.one("house_number", "address_missing")
        if self.mapping.target == "streets" and not (values["name"] or values["name_right"]):
            raise InvalidInput.one("name", "name_missing")
        return {name: value for name, value in values.items() if value is not None}

    def _laid_on(self, fields: RecordFields) -> str | None:
        """The last day of the date in ISO form; an unreadable date becomes a remark."""
        try:
            laid = fields.moment("laid_on", ZoneInfo(self.timezone))
        except InvalidInput:
            self.remarks.unknown("laid_on", fields.text("laid_on") or "")
            return None
        return laid.last.date().isoformat() if laid else None

    def _shape(self, read: _Row, ground: BaseGeometry | InvalidInput) -> MapFeature | Rejection:
        row, line, key, data = read.row, read.line, read.key, read.data
        if isinstance(ground, InvalidInput):
            return Rejection.of(row, key, ground, line)
        target, kind, strip_m = self.mapping.target, data.get("kind"), self.mapping.strip_m
        if strip_m and ground.geom_type in LINES:
            ground, data = ground.buffer(strip_m / 2, cap_style="flat"), {**data, "derived": "true"}
        geometry_types = (
            ("Point",) if target == "addresses" else LINES if target == "streets" or kind == "kerb" else AREAS
        )
        if ground.geom_type not in geometry_types:
            return Rejection(
                row,
                key,
                "geometry_kind",
                "geometry",
                {"given": ground.geom_type, "wanted": geometry_types[0], "target": target},
                line,
            )
        return MapFeature(row, key, data, ground, line)
