"""Parse WKB of ISO 13249-3 and of PostGIS (EWKB) with all kinds of curves and surfaces. Heights and measures are dropped."""

from __future__ import annotations

import struct

from geo_service.intake.formats.arcs import Point, Tree

KINDS = {
    1: "POINT", 2: "LINESTRING", 3: "POLYGON", 4: "MULTIPOINT", 5: "MULTILINESTRING", 6: "MULTIPOLYGON", 7: "GEOMETRYCOLLECTION", 8: "CIRCULARSTRING",
    9: "COMPOUNDCURVE", 10: "CURVEPOLYGON", 11: "MULTICURVE", 12: "MULTISURFACE", 15: "POLYHEDRALSURFACE", 16: "TIN", 17: "TRIANGLE",
}  # fmt: skip
HEIGHT, MEASURE, SRID = 0x80000000, 0x40000000, 0x20000000
"""The flags of EWKB."""
MOST_NESTED = 64


def parse(wkb: bytes) -> tuple[Tree, int | None]:
    """The geometry and its SRID, if it has one. Raises ValueError for other or truncated bytes."""
    reader = _Reader(wkb)
    try:
        return reader.geometry(), reader.srid or None
    except struct.error as error:
        raise ValueError("ends too early") from error


class _Reader:
    def __init__(self, wkb: bytes) -> None:
        self._wkb, self._at = wkb, 0
        self.srid = 0

    def geometry(self, depth: int = 0) -> Tree:
        if depth > MOST_NESTED:
            raise ValueError("nested without end")
        order = "<" if self._take("<B") else ">"
        code = self._take(f"{order}I")
        if code & SRID:
            self.srid = self._take(f"{order}I")
        dimensions = 2 + bool(code & HEIGHT) + bool(code & MEASURE)
        plain = code & 0x0FFFFFFF
        dimensions += {0: 0, 1: 1, 2: 1, 3: 2}.get(plain // 1000, 0)
        kind = KINDS.get(plain % 1000)
        if kind is None:
            raise ValueError(f"{plain} is no kind of geometry")
        if kind == "POINT":
            [point] = self._points(order, dimensions, 1)
            return Tree(kind, () if point[0] != point[0] else point)
        count = self._take(f"{order}I")
        if kind in ("LINESTRING", "CIRCULARSTRING"):
            return Tree(kind, self._points(order, dimensions, count))
        if kind in ("POLYGON", "TRIANGLE"):
            rings = (self._points(order, dimensions, self._take(f"{order}I")) for _ in range(count))
            return Tree(kind, [Tree("LINESTRING", ring) for ring in rings])
        return Tree(kind, [self.geometry(depth + 1) for _ in range(count)])

    def _points(self, order: str, dimensions: int, count: int) -> list[Point]:
        if count * dimensions * 8 > len(self._wkb) - self._at:
            raise ValueError("ends too early")
        numbers = struct.unpack_from(f"{order}{count * dimensions}d", self._wkb, self._at)
        self._at += count * dimensions * 8
        return list(zip(numbers[::dimensions], numbers[1::dimensions], strict=True))

    def _take(self, form: str) -> int:
        [value] = struct.unpack_from(form, self._wkb, self._at)
        self._at += struct.calcsize(form)
        return int(value)
