"""One town or a province of them: towns side by side, made one by one, so that memory stays bounded."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import chain
from typing import TypeVar

from shapely import Point
from shapely.affinity import translate
from shapely.geometry.base import BaseGeometry

from .city import SEED, build_town
from .diary import Diary
from .golden import stage_golden
from .model import Building, City, Ground, PavementSection
from .repairs import ordinary_repairs
from .sites import Sites
from .skeleton import CENTRE
from .works import ordinary_works

TILE_M = (5200.0, 7200.0)
VARIANTS = 3
FULL_RADIUS_M = 1350.0
CODES_PER_TILE = 20_000
G = TypeVar("G", bound=BaseGeometry)
T = TypeVar("T", Building, PavementSection, Ground)


def generate_city(seed: int = SEED, today: date | None = None, scale: float = 1.0) -> City:
    """The demo city as seen on `today` (default: the computer's day), in EPSG:31370.

    Scale 1 is one town of about 12,000 buildings; 0.25 its inner quarter; 40 a province in one object (for bounded
    memory use `generate_tiles`). Same seed, day and scale: same city to the byte.
    """
    tiles = list(generate_tiles(seed, today, scale))
    if len(tiles) == 1:
        return tiles[0]
    corners = [tile.bounds for tile in tiles]
    return replace(
        tiles[0],
        bounds=(
            min(c[0] for c in corners),
            min(c[1] for c in corners),
            max(c[2] for c in corners),
            max(c[3] for c in corners),
        ),
        streets=tuple(chain.from_iterable(tile.streets for tile in tiles)),
        pavements=tuple(chain.from_iterable(tile.pavements for tile in tiles)),
        buildings=tuple(chain.from_iterable(tile.buildings for tile in tiles)),
        grounds=tuple(chain.from_iterable(tile.grounds for tile in tiles)),
        works=tuple(chain.from_iterable(tile.works for tile in tiles)),
        repairs=tuple(chain.from_iterable(tile.repairs for tile in tiles)),
    )


def generate_tiles(seed: int = SEED, today: date | None = None, scale: float = 1.0) -> Iterator[City]:
    """Town after town. The first holds the golden places; the others repeat three variants at other places."""
    day = today or date.today()
    towns = max(1, round(scale))
    town = build_town(seed, day)
    yield _living(town if scale >= 1 else _inner(town, max(scale, 0.2)), day, seed, min(scale, 1.0))
    variant = cache(lambda number: build_town(seed + number, day) if number else town)
    columns = math.ceil(math.sqrt(towns))
    for tile in range(1, towns):
        shift = (TILE_M[0] * (tile % columns), -TILE_M[1] * (tile // columns))
        yield _filler(_elsewhere(variant(tile % VARIANTS), tile, shift), day, seed + tile, tile)


def _living(town: City, today: date, seed: int, share: float) -> City:
    """The town with its works, repairs and golden places."""
    rng = random.Random(seed * 31 + 7)  # nosec B311 # chance, never a secret
    sites, diary = Sites(town.streets, town.pavements), Diary(today)
    stage = stage_golden(sites, town.buildings, diary, FULL_RADIUS_M * math.sqrt(max(share, 0.2)), rng)
    used = ordinary_works(sites, diary, stage.streets, stage.ground, share, rng)
    ordinary_repairs(sites, diary, stage.streets, stage.ground, used, share, rng)
    return replace(town, works=tuple(diary.works), repairs=tuple(diary.repairs), golden=tuple(stage.places))


def _filler(town: City, today: date, seed: int, tile: int) -> City:
    rng = random.Random(seed * 31 + 7)  # nosec B311 # chance, never a secret
    sites, diary = Sites(town.streets, town.pavements), Diary(today, gipod_id=20100400 + tile * 40_000)
    used = ordinary_works(sites, diary, set(), [], 1.0, rng)
    ordinary_repairs(sites, diary, set(), [], used, 1.0, rng)
    repairs = tuple(replace(repair, ref=f"{repair.ref}-{tile}") for repair in diary.repairs)
    return replace(town, works=tuple(diary.works), repairs=repairs)


def _inner(town: City, share: float) -> City:
    """The part of the town nearest to the market, with about this share of its buildings."""
    market = Point(CENTRE)
    away = {b.source_id: b.geometry.distance(market) for b in town.buildings}
    reach = sorted(away.values())[int(len(away) * share) - 1]
    station = next(b for b in town.buildings if b.function == "fire_station").geometry
    keep = market.buffer(reach).union(station.buffer(150))

    def near(things: tuple[T, ...]) -> tuple[T, ...]:
        return tuple(thing for thing in things if thing.geometry.intersects(keep))

    pavements = near(town.pavements)
    names = {section.street for section in pavements}
    return replace(
        town,
        streets=tuple(street for street in town.streets if street.name in names),
        pavements=pavements,
        buildings=tuple(b for b in near(town.buildings) if b.street in names),
        grounds=near(town.grounds),
    )


def _elsewhere(town: City, tile: int, shift: tuple[float, float]) -> City:
    """The same town elsewhere, with numbers and a municipality of its own."""

    def shift_by(geometry: G) -> G:
        there: G = translate(geometry, *shift)
        return there

    x0, y0, x1, y1 = town.bounds
    return replace(
        town,
        name=f"Izegem {tile + 1}",
        bounds=(x0 + shift[0], y0 + shift[1], x1 + shift[0], y1 + shift[1]),
        streets=tuple(
            replace(s, centreline=shift_by(s.centreline), municipality=f"Izegem {tile + 1}")
            for s in town.streets
        ),
        pavements=tuple(
            replace(
                s,
                code=f"V-{CODES_PER_TILE * tile + int(s.code[2:])}",
                geometry=shift_by(s.geometry),
                axis=None if s.axis is None else shift_by(s.axis),
            )
            for s in town.pavements
        ),
        buildings=tuple(
            replace(
                b, source_id=f"GRB-{int(b.source_id[4:]) + 100_000 * tile}", geometry=shift_by(b.geometry)
            )
            for b in town.buildings
        ),
        grounds=tuple(replace(g, geometry=shift_by(g.geometry)) for g in town.grounds),
    )
