"""Places by the houses along them, as people name them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import sqlalchemy as sa
from shapely.geometry.base import BaseGeometry

from geo_service.store import rules, surroundings

HOUSES = ("street", "side", "number_from", "number_to")


def along(
    conn: sa.Connection, grounds: Sequence[BaseGeometry], reach_m: float | None = None
) -> list[dict[str, str] | None]:
    """Return the houses that each piece of ground (storage CRS) lies in front of, or within `reach_m` the nearest; None where there are none."""
    parameters = rules.load_parameters(conn)
    if reach_m is not None:
        parameters = replace(parameters, frontage_reach_m=reach_m)
    fronts = surroundings.frontages(conn, grounds, parameters)
    return [{name: str(front[0][name]) for name in HOUSES} if front else None for front in fronts]
