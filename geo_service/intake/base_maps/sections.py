"""Cut surveyed pavement into sections by the zones of the streets, name them, and add footpaths where no survey has them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo_service.intake.base_maps.shapes import (
    FACADE_M,
    GRID_M,
    LEAST_M2,
    LEAST_STRIP_M,
    REACH_M,
    STRIP_M,
    Neighbours,
    Section,
    Surface,
    areas,
)
from geo_service.intake.base_maps.sides import Sides
from geo_service.intake.base_maps.stretches import Zone, zones

AXIS_INSIDE_M = 5.0
"""The length of an axis inside a face of a road from which the face is the carriageway (m)."""
TOUCH_M = 2.0
"""The length of its border with a kerb from which a face is a footpath (m)."""
COVERED = 0.2
"""The share of a derived strip that surveyed footpath may cover before the survey counts instead."""


def sections(surfaces: Sequence[Surface], near: Neighbours) -> list[Section]:
    """Every section of these surfaces, whatever their order."""
    ground = zones(sorted(near.axes, key=lambda axis: axis.id), near.houses)
    sides = Sides(ground, near.houses)
    pieces = [face for one in surfaces for face in (_faces(one, near) if one.kind == "corridor" else [one])]
    surveyed = [*near.footpaths, *(one.geom for one in pieces if one.kind == "footpath")]
    results = [section for one in pieces for section in _cut(one, ground, sides)]
    roads = [one for one in pieces if one.kind == "carriageway" and not one.derived]
    for road in roads:
        for strip, zone in _strips(road, ground, near, surveyed):
            results += _name_sections(strip, [(strip.geom, zone)], sides)
    return _number_sections(results)


def _faces(road: Surface, near: Neighbours) -> Iterator[Surface]:
    """The parts into which kerbs divide a road: the carriageway has an axis, and a footpath lies behind a
    kerb.

    GRB draws the road as a whole, and the limit of the zone for slow traffic as lines; it has no footpaths.
    The zone may hold a cycle path too, so these footpaths are marked as derived. A road without kerbs gives
    none.
    """
    inside = [kerb.intersection(road.geom) for kerb in near.kerbs if kerb.intersects(road.geom)]
    lines = shapely.union_all([*(shapely.boundary(road.geom),), *inside])
    faces = [
        face
        for face in shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
        if road.geom.covers(face.representative_point())
    ]
    if not inside or len(faces) < 2:
        return
    axis = shapely.union_all([one.geom for one in near.axes if one.geom.intersects(road.geom)])
    kerb = shapely.union_all(inside)
    for number, face in enumerate(sorted(faces, key=lambda one: one.bounds)):
        driven = axis.intersection(face.buffer(-0.2)).length >= AXIS_INSIDE_M
        limited = kerb.intersection(face.boundary).length >= TOUCH_M
        if driven or limited:
            kind = "carriageway" if driven else "footpath"
            yield replace(road, source_id=f"{road.source_id}-{number}", kind=kind, geom=face, derived=True)


def _cut(surface: Surface, ground: Sequence[Zone], sides: Sides) -> list[Section]:
    """Cut a footpath by stretch and hand, and a carriageway by stretch only."""
    touched = _touching(ground, surface.geom)
    if surface.kind == "carriageway":
        touched = _both_hands(touched)
    pieces: list[tuple[BaseGeometry, Zone | None]] = []
    for zone in touched:
        pieces += [(part, zone) for part in areas(surface.geom.intersection(zone.geom, grid_size=GRID_M))]
    rest = (
        surface.geom.difference(
            shapely.union_all([zone.geom for zone in touched], grid_size=GRID_M), grid_size=GRID_M
        )
        if touched
        else surface.geom
    )
    pieces += [(part, None) for part in areas(rest)]
    return _name_sections(surface, _without_slivers(pieces), sides)


def _touching(ground: Sequence[Zone], shape: BaseGeometry) -> list[Zone]:
    if not ground:
        return []
    shapely.prepare(shape)
    hits = shapely.intersects(shape, np.array([zone.geom for zone in ground], object))
    return [zone for zone, is_met in zip(ground, hits, strict=True) if is_met]


def _both_hands(touched: Sequence[Zone]) -> list[Zone]:
    by_stretch: dict[tuple[int, int], list[Zone]] = {}
    for zone in touched:
        by_stretch.setdefault((zone.axis.id, zone.number), []).append(zone)
    return [
        replace(same[0], geom=shapely.union_all([zone.geom for zone in same], grid_size=GRID_M))
        for same in by_stretch.values()
    ]


def _without_slivers(
    pieces: list[tuple[BaseGeometry, Zone | None]],
) -> list[tuple[BaseGeometry, Zone | None]]:
    """Merge each sliver into the largest piece that it touches."""
    large = sorted((piece for piece in pieces if piece[0].area >= LEAST_M2), key=lambda piece: -piece[0].area)
    for sliver, zone in pieces:
        if sliver.area >= LEAST_M2:
            continue
        near = next((place for place, (part, _) in enumerate(large) if part.distance(sliver) < 0.01), None)
        if near is None:
            large.append((sliver, zone))
        else:
            joined = shapely.union(large[near][0], sliver, grid_size=GRID_M)
            large[near] = (joined, large[near][1])
    return large


def _name_sections(
    surface: Surface, pieces: Sequence[tuple[BaseGeometry, Zone | None]], sides: Sides
) -> list[Section]:
    """Name the pieces: values of the survey count first, then those of the street and the houses."""
    results = []
    for part, zone in pieces:
        side, lowest, highest = (
            sides.of(zone) if zone and surface.kind != "carriageway" else (None, None, None)
        )
        where = f"{zone.axis.id}.{zone.number}{zone.hand[0]}" if zone else "x"
        results.append(
            Section(
                base_id=surface.id,
                source=surface.source,
                code=f"{surface.source_id}/{where}",
                kind=surface.kind,
                geom=shapely.set_precision(part, GRID_M),
                street=surface.street or (zone.street if zone else None),
                side=surface.side or side,
                number_from=surface.number_from or _text(lowest),
                number_to=surface.number_to or _text(highest),
                material=surface.material,
                laid_on=surface.laid_on,
                derived=surface.derived,
            )
        )
    return [one for one in results if not one.geom.is_empty]


def _strips(
    road: Surface,
    ground: Sequence[Zone],
    near: Neighbours,
    surveyed: Sequence[BaseGeometry],
) -> Iterator[tuple[Surface, Zone]]:
    """Derived footpaths between the carriageway and the façades, at most STRIP_M wide, where houses stand
    and no survey has one.
    """
    beside = road.geom.buffer(STRIP_M, join_style="mitre", mitre_limit=2)
    shapely.prepare(road.geom)
    walls = [house.geom for house in near.houses if shapely.dwithin(road.geom, house.geom, FACADE_M)]
    occupied = shapely.union_all(
        [road.geom, *walls, *(one for one in near.parcels if one.intersects(beside))], grid_size=GRID_M
    )
    pavement = shapely.union_all([one for one in surveyed if one.intersects(beside)], grid_size=GRID_M)
    free = beside.difference(occupied, grid_size=GRID_M)
    for zone in _touching(ground, road.geom):
        if not any(wall.intersects(zone.geom) for wall in walls):
            continue
        driven = zone.axis.geom.intersection(road.geom)  # where the road ends, no footpath goes round its end
        along = zone.geom.intersection(driven.buffer(REACH_M, cap_style="flat"))
        strip = shapely.union_all(areas(free.intersection(along)))
        if strip.is_empty or pavement.intersection(strip).area > COVERED * strip.area:
            continue
        smoothed = (
            strip.difference(pavement)
            .buffer(-LEAST_STRIP_M / 2)
            .buffer(LEAST_STRIP_M / 2, join_style="mitre")
            .intersection(strip)
        )
        for part in areas(smoothed):
            if part.area >= LEAST_M2:
                source_id = f"{road.source_id}-strip"
                plain = replace(
                    road,
                    source_id=source_id,
                    kind="footpath",
                    geom=part,
                    derived=True,
                    material=None,
                    laid_on=None,
                )
                yield replace(plain, street=None, side=None, number_from=None, number_to=None), zone


def _number_sections(results: Sequence[Section]) -> list[Section]:
    """Number the pieces with one code by their place, so that the same pieces get the same codes."""
    by_code: dict[tuple[str, str], list[Section]] = {}
    for one in results:
        by_code.setdefault((one.source, one.code), []).append(one)
    numbered = []
    for same in by_code.values():
        same.sort(key=lambda one: tuple(np.round(one.geom.bounds, 2)))
        numbered += (
            same
            if len(same) == 1
            else [replace(one, code=f"{one.code}.{n}") for n, one in enumerate(same, start=1)]
        )
    return numbered


def _text(number: int | None) -> str | None:
    return None if number is None else str(number)
