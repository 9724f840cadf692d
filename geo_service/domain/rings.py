"""The rings of a GeoJSON geometry, as they were written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any


def open_at(value: Mapping[str, Any]) -> Sequence[float] | None:
    """Where the first ring begins that does not end there (RFC 7946 §3.1.6); None when all are closed. `value` is a geometry that could be
    read.
    """
    return next((ring[0] for ring in _rings(value) if list(ring[0]) != list(ring[-1])), None)


def _rings(value: Mapping[str, Any]) -> Iterator[Sequence[Sequence[float]]]:
    if value["type"] == "Polygon":
        yield from (ring for ring in value["coordinates"] if ring)
    elif value["type"] == "MultiPolygon":
        yield from (ring for part in value["coordinates"] for ring in part if ring)
    else:
        for part in value.get("geometries") or ():
            yield from _rings(part)
