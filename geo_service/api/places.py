"""Places by the houses along them, as people name them."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from shapely.geometry.base import BaseGeometry

from geo_service.store import rules, surroundings

HOUSES = ("street", "side", "number_from", "number_to")


def along(conn: sa.Connection, grounds: Sequence[BaseGeometry]) -> list[dict[str, str] | None]:
    """Return the houses that each piece of ground (storage CRS) lies in front of; None where there are none."""
    fronts = surroundings.frontages(conn, grounds, rules.load_parameters(conn))
    return [{name: str(front[0][name]) for name in HOUSES} if front else None for front in fronts]
