"""Files of a small made-up town as a desk would hand them over: footpaths, a list of works and a list of renewals, in Belgian Lambert 72."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from random import Random

import geopandas as gpd
from shapely.geometry import box
from shapely.geometry.base import BaseGeometry

STREETS = ("Molenstraat", "Kerkdreef", "Stationslaan", "Vaartkaai")
CORNER = (95_000.0, 175_000.0)  # m, in the fields south of Ghent
BLOCK_M, BLOCKS, WIDE_M, FOOTPATH_M = 40.0, 6, 12.0, 2.0
JOBS = (("Fluvius", "Gas vernieuwen"), ("Proximus", "Glasvezel"), ("De Watergroep", "Waterleiding"), ("Aquafin", "Riool"))  # fmt: skip


def write(folder: Path, day: date, seed: int = 7) -> dict[str, Path]:
    """Write `pavements`, `works` and `repairs` and return their paths. Days are in the two years after `day`."""
    chance = Random(seed)
    blocks = [(street, block) for street in range(len(STREETS)) for block in range(BLOCKS)]
    frames = {
        "pavements": [_pavement(street, block, side) for street, block in blocks for side in (0, 1)],
        "works": [_works(number, day, chance) for number in range(18)],
        "repairs": [
            _renewal(number, street, block, day, chance)
            for number, (street, block) in enumerate(chance.sample(blocks, 14))
        ],
    }
    paths = {name: folder / f"{name}.geojson" for name in frames}
    for name, rows in frames.items():
        gpd.GeoDataFrame(rows, crs=31370).to_crs(4326).to_file(paths[name], driver="GeoJSON")
    return paths


def _strip(street: int, block: int, side: int, width_m: float, length: float = 1.0) -> BaseGeometry:
    """Part of the footpath on one side of a street, from its block's beginning."""
    west = CORNER[0] + BLOCK_M * block
    south = CORNER[1] + 100 * street + (WIDE_M - width_m) * side
    return box(west, south, west + BLOCK_M * length, south + width_m)


def _pavement(street: int, block: int, side: int) -> dict[str, object]:
    return {
        "Vak": f"V{street}{block}{side}",
        "Straat": STREETS[street],
        "Kant": ("even", "oneven")[side],
        "Materiaal": "betonstraatsteen",
        "geometry": _strip(street, block, side, FOOTPATH_M),
    }


def _works(number: int, day: date, chance: Random) -> dict[str, object]:
    owner, nature = JOBS[number % len(JOBS)]
    starts = day + timedelta(days=chance.randrange(20, 700))
    street, block = chance.randrange(len(STREETS)), chance.randrange(BLOCKS - 1)
    return {
        "Dossier": f"W-{number:03}",
        "Bouwheer": owner,
        "Straat": STREETS[street],
        "Aard": nature,
        "Aanvang": starts.isoformat(),
        "Einde": (starts + timedelta(days=chance.randrange(10, 60))).isoformat(),
        "Stand": chance.choice(("In studie", "Vergund", "Vergund")),
        "geometry": _strip(street, block, chance.randrange(2), 1.2, chance.choice((1, 2))),
    }


def _renewal(number: int, street: int, block: int, day: date, chance: Random) -> dict[str, object]:
    """A footpath that the town wants to renew, on the days that its own planner chose."""
    starts = day + timedelta(days=chance.randrange(10, 500))
    return {
        "Nr": f"H-{number:03}",
        "Straat": STREETS[street],
        "Begin": starts.isoformat(),
        "Einde": (starts + timedelta(days=14)).isoformat(),
        "geometry": _strip(street, block, chance.randrange(2), FOOTPATH_M),
    }
