"""A reference map in a file, read as its mapping says: buildings, pavement, streets, parcels or addresses."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from shapely.geometry.base import BaseGeometry

from geo_service.domain.errors import InvalidInput
from geo_service.domain.geometry import Bbox
from geo_service.intake.formats import files
from geo_service.intake.formats.geometries import read_many
from geo_service.intake.mapping.column_check import fitting, taken
from geo_service.intake.mapping.definition import FIELDS, Mapping
from geo_service.intake.mapping.places import GeometryReader, UnknownCrs
from geo_service.intake.mapping.record_fields import RecordFields, SkippedRow, skip
from geo_service.intake.records import Rejection, Remarks, name_of

GROUND_IS_ID = "@geometry"
ROWS_AT_ONCE = 1000
AREAS = ("Polygon", "MultiPolygon")
LINES = ("LineString", "MultiLineString")
SIDES = {"even": "even", "pair": "even", "odd": "odd", "oneven": "odd", "impair": "odd"}


@dataclass(frozen=True, slots=True)
class MapFeature:
    """One shape as it goes on the stage: its id, what it says by our names, its ground (storage CRS)."""

    row: int
    key: str
    data: dict[str, str]
    geom: BaseGeometry
    line: int | None = None


class _Row(NamedTuple):
    """A row before its ground is looked at: `place` is its GeoJSON and CRS."""

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
    remarks: Remarks = field(default_factory=Remarks, init=False)
    read: int = field(default=0, init=False)

    @property
    def name(self) -> str:
        """As the mapping names the source."""
        return self.mapping.source

    @property
    def target(self) -> str:
        return self.mapping.target

    def batches(self) -> Iterator[list[MapFeature | Rejection]]:
        """Every row once, in order, a thousand at a time. Raises SourceUnreachable and InvalidInput as readers do."""
        how = self.mapping.how()
        grounds = GeometryReader(self.mapping, self.origin, self.region, files.form_at(self.origin, how))
        fitted = fitting(
            files.read(self.origin, how, self.remarks), self.mapping, Path(self.origin).name, self.remarks
        )
        came = enumerate(fitted, start=1)
        while some := list(islice(came, ROWS_AT_ONCE)):
            self.read += len(some)
            yield self._batch(some, grounds)

    def _batch(
        self, some: Sequence[tuple[int, files.Row]], grounds: GeometryReader
    ) -> list[MapFeature | Rejection]:
        rows = [self._row(row, given, grounds) for row, given in some]
        placed = [one for one in rows if not isinstance(one, Rejection)]
        ground: dict[int, BaseGeometry | InvalidInput] = {}
        for crs in {one.place["crs"] for one in placed}:
            mine = [one for one in placed if one.place["crs"] == crs]
            drawn = [one.place["geometry"] for one in mine]
            read = read_many(
                drawn, field="geometry", crs=crs, region=self.region, repair=True, notes=self.remarks
            )
            ground.update(zip((one.row for one in mine), read, strict=True))
        return [one if isinstance(one, Rejection) else self._shape(one, ground[one.row]) for one in rows]

    def _row(self, row: int, given: files.Row, grounds: GeometryReader) -> _Row | Rejection:
        found = taken(row, given, self.mapping)
        if isinstance(found, Rejection):
            return found
        record, known = found
        told = RecordFields(self.mapping, known)
        key: str | None = None
        try:
            key = self._key(told, record)
            skip(self.mapping, known)
            return _Row(row, record.line, key, self._data(told), grounds.read(record, known))
        except UnknownCrs:
            raise
        except InvalidInput as refused:
            left_out = Rejection.of(row, key, refused, record.line)
            return replace(left_out, on_purpose=isinstance(refused, SkippedRow))

    def _key(self, told: RecordFields, given: files.RawRecord) -> str:
        """The row's id; a map without ids names its shapes after their ground, so that the same shape is found again."""
        if self.mapping.fields["id"].from_ == (GROUND_IS_ID,):
            drawn = json.dumps(given.record.get(self.mapping.geometry), sort_keys=True)
            return hashlib.sha256(drawn.encode()).hexdigest()[:24]
        return name_of("id", told.text("id"))

    def _data(self, told: RecordFields) -> dict[str, str]:
        """What the row says, by our names; words translated."""
        said = {name: told.text(name) for name in FIELDS[self.mapping.target] if name != "id"}
        if self.mapping.target == "pavements":
            given = said["kind"]
            said["kind"] = self.mapping.kinds.get(given or "") or self.mapping.kind_default
            if said["kind"] is None:
                raise InvalidInput.one(
                    "kind", "kind_unknown", f"the kind {given!r} is not in the mapping", given=given
                )
            said["side"] = SIDES.get((said["side"] or "").lower())
            said["name"] = said.pop("street")
        if self.mapping.target == "buildings":
            words = self.mapping.functions
            said["function"] = words.get(said["function"] or "") if words.words else said["function"]
        if self.mapping.target == "addresses" and not (said["street"] and said["house_number"]):
            raise InvalidInput.one(
                "house_number", "address_missing", "there is no street with a house number"
            )
        if self.mapping.target == "streets" and not (said["name"] or said["name_right"]):
            raise InvalidInput.one("name", "name_missing", "the street has no name")
        return {name: value for name, value in said.items() if value is not None}

    def _shape(self, read: _Row, ground: BaseGeometry | InvalidInput) -> MapFeature | Rejection:
        row, line, key, data = read.row, read.line, read.key, read.data
        if isinstance(ground, InvalidInput):
            return Rejection.of(row, key, ground, line)
        target, kind, strip_m = self.mapping.target, data.get("kind"), self.mapping.strip_m
        if strip_m and ground.geom_type in LINES:
            ground, data = ground.buffer(strip_m / 2, cap_style="flat"), {**data, "derived": "true"}
        wanted = (
            ("Point",) if target == "addresses" else LINES if target == "streets" or kind == "kerb" else AREAS
        )
        if ground.geom_type not in wanted:
            message = f"{target} are drawn as {wanted[0]}, not as {ground.geom_type}"
            return Rejection(
                row,
                key,
                "geometry_kind",
                "geometry",
                message,
                {"given": ground.geom_type, "wanted": wanted[0]},
                line,
            )
        return MapFeature(row, key, data, ground, line)
