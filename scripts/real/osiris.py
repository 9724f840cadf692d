"""The weeks of Osiris in Schaerbeek: four published with extents, then eight out of a change log of points.

A worksite of the change log keeps the extent that was last published for its number. One that never had an extent gets a
circle of its published surface around its point. Measured on the worksites that had both on 22 December 2025 (`guesses.py`), of 463 meetings
with footpath renewals it finds 146 and adds 1; a bare point finds 116. Without a largest radius it would find 226 and add 3.
"""

from __future__ import annotations

import gzip
import json
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from shapely import Point

from geo_service.domain import crs, geometry

FOLDER = Path("data") / "real" / "osiris-schaerbeek-2025-2026"
PUBLISHED = tuple(date(2025, 12, day) for day in (1, 8, 15, 22))
# Wider than a street a circle says nothing about which street is meant.
MOST_RADIUS_M = 20.0

State = dict[int, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Week:
    """What Osiris showed on a day: a file for the mapping `osiris`."""

    day: date
    path: Path


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All worksites of one week of the change log by number, and the operations that led here from the week before."""

    day: date
    worksites: State
    operations: Counter[str]


def published(shared: Path) -> list[Week]:
    """The four weeks with extents, as they were published."""
    return [Week(day, shared / FOLDER / f"works_polygons_{day:%Y-%m-%d}.geojson.gz") for day in PUBLISHED]


def snapshots(shared: Path) -> Iterator[Snapshot]:
    """The change log week by week. A change names only the properties that differ."""
    worksites: State = {}
    operations: Counter[str] = Counter()
    day: date | None = None
    with gzip.open(shared / FOLDER / "works_points_history.jsonl.gz", "rt", encoding="utf-8") as log:
        for line in log:
            told = json.loads(line)
            of = date.fromisoformat(told["snapshot"])
            if day is not None and of != day:
                yield Snapshot(day, dict(worksites), operations)
                operations = Counter()
            day = of
            operations[told["op"]] += 1
            if told["op"] == "remove":
                del worksites[told["Chantier"]]
            else:
                worksites[told["Chantier"]] = {**worksites.get(told["Chantier"], {}), **told["record"]}
    if day is not None:
        yield Snapshot(day, worksites, operations)


def carried_on(shared: Path, into: Path) -> Iterator[Week]:
    """The weeks after those published with extents, each written to a file in the folder `into`."""
    extents = extents_of(shared)
    for snapshot in snapshots(shared):
        if snapshot.day > PUBLISHED[-1]:
            features = [
                feature(number, told, extents.get(number)) for number, told in snapshot.worksites.items()
            ]
            path = into / f"osiris_{snapshot.day}.geojson"
            path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
            yield Week(snapshot.day, path)


def feature(number: int, told: dict[str, Any], extent: dict[str, Any] | None) -> dict[str, Any]:
    """A worksite of the change log as the weekly files show them."""
    properties = {name: value for name, value in told.items() if name not in ("lon", "lat")}
    return {
        "type": "Feature",
        "geometry": extent or circle(told["lon"], told["lat"], told.get("Surface", "")),
        "properties": {**properties, "Chantier": number, "Etendue": "publiée" if extent else "cercle"},
    }


def circle(lon: float, lat: float, surface: str) -> dict[str, Any]:
    """Ground of as many m² as the text says (`457,6`) around a point; the point itself when it says nothing. GeoJSON, WGS84."""
    point = geometry.transform(Point(lon, lat), crs.WGS84, crs.STORAGE)
    square_metres = float("".join(surface.split()).replace(",", ".") or 0)
    radius = min(math.sqrt(square_metres / math.pi), MOST_RADIUS_M)
    return geometry.to_geojson(point.buffer(radius) if radius else point)


def extents_of(shared: Path) -> dict[int, dict[str, Any]]:
    """The extent last published for each worksite."""
    found: dict[int, dict[str, Any]] = {}
    for week in published(shared):
        with gzip.open(week.path, "rt", encoding="utf-8") as file:
            for one in json.load(file)["features"]:
                found[one["properties"]["Chantier"]] = one["geometry"]
    return found
