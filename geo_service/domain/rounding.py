"""Ground rounded to the digits that it is published with, so that it is still the ground that somebody drew."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

FINER = (0, 2, 5)
"""Digits more, one after the other, where ground is so small that nothing would be left of it."""


def rounded(shapes: NDArray[np.object_], digits: int) -> NDArray[np.object_]:
    """Geometries with coordinates of `digits` decimals: valid as far as they were, without repeated points, outer rings
    counter-clockwise (RFC 7946 §3.1.6). Decimals are moved, never added; what would vanish keeps more of them.
    """
    result = shapes.copy()
    left = np.ones(len(shapes), dtype=bool)
    for more in FINER:
        result[left] = _on_grid(shapes[left], digits + more)
        left = shapely.is_empty(result) & ~shapely.is_empty(shapes)
        if not left.any():
            break
    result[left] = shapes[left]
    return np.asarray(shapely.orient_polygons(result), dtype=object)


def rounded_one(shape: Any, digits: int) -> Any:
    """The same of one geometry."""
    return rounded(np.array([shape], dtype=object), digits)[0]


def _on_grid(shapes: NDArray[np.object_], digits: int) -> NDArray[np.object_]:
    """Point by point; where that spoils a shape, parts that collapse are left out and rings that would touch or cross are joined or cut."""
    grid = 10.0**-digits
    moved = np.asarray(shapely.set_precision(shapes, grid, mode="pointwise"), dtype=object)
    spoilt = ~shapely.is_valid(moved)
    spoilt[~spoilt] = _repeats(moved[~spoilt])
    spoilt &= shapely.is_valid(shapes)
    moved[spoilt] = shapely.set_precision(shapes[spoilt], grid, mode="valid_output")
    # Without its grid, which the next operation on it would keep to.
    return np.asarray(shapely.set_precision(moved, 0, mode="pointwise"), dtype=object)


def _repeats(shapes: NDArray[np.object_]) -> NDArray[np.bool_]:
    plain = shapely.remove_repeated_points(shapes)
    return np.asarray(shapely.get_num_coordinates(plain) < shapely.get_num_coordinates(shapes))
