"""How good the ground is that a worksite without an extent gets: measured on those that have both."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import geopandas as gpd
from shapely.geometry import shape

from geo_service.domain import crs
from scripts.real import osiris, runs

RENEWALS = "SCHAERBEEK TROTTOIRS"
CLEARANCE_M = 2.0
POINT_M = 0.75

Meetings = set[tuple[int, int]]


def measured(shared: Path) -> list[tuple[str, int, int, int]]:
    """For each guess: its name, the meetings of extents with footpath renewals it finds, those it misses, those it adds."""
    [week] = [one for one in osiris.snapshots(shared) if one.day == osiris.PUBLISHED[-1]]
    last = {one["properties"]["Chantier"]: one for one in _features(osiris.published(shared)[-1].path)}
    both = [number for number in last.keys() & week.worksites.keys() if not _finding(week.worksites[number])]
    told = [week.worksites[number] for number in both]
    renewals = [
        one["geometry"]
        for one in _features(shared / runs.PROGRAMME)
        if one["properties"]["NomImpetrant"] == RENEWALS
    ]
    streets = _metres(renewals)
    points = _metres([{"type": "Point", "coordinates": [one["lon"], one["lat"]]} for one in told])
    true = _meetings(_metres([last[number]["geometry"] for number in both]), streets)
    guesses = {
        "circle of its surface": _metres(
            [osiris.circle(one["lon"], one["lat"], one["Surface"]) for one in told]
        ),
        "point, 1.5 m wide": points.buffer(POINT_M),
    }
    found = {name: _meetings(ground, streets) for name, ground in guesses.items()}
    return [(name, len(got & true), len(true - got), len(got - true)) for name, got in found.items()]


def _meetings(ground: gpd.GeoSeries, streets: gpd.GeoSeries) -> Meetings:
    one, other = streets.sindex.query(ground, predicate="dwithin", distance=CLEARANCE_M)
    return set(zip(one.tolist(), other.tolist(), strict=True))


def _metres(geometries: list[dict[str, Any]]) -> gpd.GeoSeries:
    ground = gpd.GeoSeries([shape(one) for one in geometries], crs=crs.WGS84)
    return ground.to_crs(crs.STORAGE).make_valid()


def _finding(told: dict[str, Any]) -> bool:
    return bool(told["Nature"].startswith("Constat"))


def _features(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        features: list[dict[str, Any]] = json.load(file)["features"]
    return features
